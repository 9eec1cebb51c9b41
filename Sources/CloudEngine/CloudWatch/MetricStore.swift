// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// What was measured, for the metrics that CloudWatch shows. [CW.metrics]
///
/// It is an observation, no part of the state. What can be worked out from the state is not kept.
struct MetricStore: Sendable, Codable {
  /// AWS Backup's counts, by vault.
  private var backup: OrderedMap<VaultKey, MetricLog<BackupCounts>> = OrderedMap()
  /// What was asked of tables.
  private var tables: OrderedMap<TableKey, MetricLog<TableUsage>> = OrderedMap()
  /// Requests of DynamoDB that were refused for what they said, by place.
  private var userErrors: OrderedMap<Place, MetricLog<MetricPoint>> = OrderedMap()
  /// What somebody put, by place and metric.
  private var own: OrderedMap<OwnKey, OwnMetric> = OrderedMap()

  struct OwnKey: Hashable, Comparable, Sendable, Codable {
    let place: Place
    let metric: MetricName

    static func < (left: OwnKey, right: OwnKey) -> Bool {
      (left.place, left.metric) < (right.place, right.metric)
    }
  }

  // MARK: Measuring

  mutating func count(_ count: BackupCount, for vault: VaultKey, at now: Instant) {
    backup[vault, default: MetricLog(finestMinutes: 5)].change(
      at: now, BackupCounts.init(minute:)
    ) { $0.add(count) }
  }

  mutating func change(_ table: TableKey, at now: Instant, _ change: (inout TableUsage) -> Void) {
    tables[table, default: MetricLog(finestMinutes: 1)].change(
      at: now, TableUsage.init(minute:), change)
  }

  mutating func countUserError(in place: Place, at now: Instant) {
    userErrors[place, default: MetricLog(finestMinutes: 1)].change(
      at: now, MetricPoint.init(minute:)
    ) { $0.add(1) }
  }

  mutating func put(_ point: MetricPoint, unit: String, of key: OwnKey, at now: Instant) {
    own[key, default: OwnMetric(unit: unit)].put(point, at: now)
  }

  // MARK: Looking

  /// What was measured of a metric, in stretches that begin in some minutes, oldest first.
  ///
  /// AWS Backup's counts are there once their five minutes are over.
  func points(
    of metric: MetricName, in place: Place, _ range: Range<Int64>, at now: Instant
  ) -> [MetricPoint] {
    switch metric.namespace {
    case MetricName.backup: backupPoints(of: metric, in: place, range, at: now)
    case MetricName.dynamoDB: tablePoints(of: metric, in: place, range)
    default: own[OwnKey(place: place, metric: metric)]?.points(in: range) ?? []
    }
  }

  /// The unit that a metric's values have; nil for one that nobody knows.
  func unit(of metric: MetricName, in place: Place) -> String? {
    switch metric.namespace {
    case MetricName.backup, MetricName.dynamoDB: "Count"
    default: own[OwnKey(place: place, metric: metric)]?.unit
    }
  }

  private func backupPoints(
    of metric: MetricName, in place: Place, _ range: Range<Int64>, at now: Instant
  ) -> [MetricPoint] {
    guard metric.has(["BackupVaultName", "ResourceType"]),
      metric[dimension: "ResourceType"] == BackupSettings.dynamoDB,
      let vault = metric[dimension: "BackupVaultName"],
      let count = BackupCount.allCases.first(where: { $0.metricName == metric.name }),
      let log = backup[VaultKey(place: place, vault: vault)]
    else { return [] }
    let published = now.minuteOfEpoch / 5 * 5
    return log.buckets(in: range).compactMap { bucket in
      let number = Double(bucket[count])
      guard number > 0, bucket.minute < published else { return nil }
      return MetricPoint(
        minute: bucket.minute, count: 1, sum: number, minimum: number, maximum: number)
    }
  }

  private func tablePoints(
    of metric: MetricName, in place: Place, _ range: Range<Int64>
  ) -> [MetricPoint] {
    if metric.name == Self.userErrorsName, metric.dimensions.isEmpty {
      return userErrors[place]?.buckets(in: range) ?? []
    }
    guard let table = metric[dimension: "TableName"],
      let log = tables[TableKey(place: place, name: table)]
    else { return [] }
    if metric.has(["TableName"]) {
      guard let known = TableMetric(rawValue: metric.name) else { return [] }
      return log.buckets(in: range).compactMap(known.point)
    }
    guard let detail = TableUsage.Detail(metric) else { return [] }
    return log.buckets(in: range).compactMap { $0.others[detail] }
  }

  fileprivate static let userErrorsName = "UserErrors"

  /// The metrics of a place for which anything was measured since an instant, in order.
  func metrics(in place: Place, since instant: Instant, at now: Instant) -> [MetricName] {
    let range = instant.minuteOfEpoch..<now.minuteOfEpoch + 1
    var found: Set<MetricName> = []
    for (vault, log) in backup where vault.place == place {
      for count in BackupCount.allCases
      where log.buckets(in: range).contains(where: { $0[count] > 0 }) {
        found.insert(
          MetricName(
            namespace: MetricName.backup, name: count.metricName,
            dimensions: [
              MetricDimension("BackupVaultName", vault.vault),
              MetricDimension("ResourceType", BackupSettings.dynamoDB),
            ]))
      }
    }
    for (table, log) in tables where table.place == place {
      for usage in log.buckets(in: range) {
        for metric in TableMetric.allCases where metric.point(in: usage) != nil {
          found.insert(
            MetricName(
              namespace: MetricName.dynamoDB, name: metric.rawValue,
              dimensions: [MetricDimension("TableName", table.name)]))
        }
        for (detail, _) in usage.others { found.insert(detail.metric(of: table.name)) }
      }
    }
    if userErrors[place]?.buckets(in: range).isEmpty == false {
      found.insert(
        MetricName(namespace: MetricName.dynamoDB, name: Self.userErrorsName, dimensions: []))
    }
    for (key, metric) in own where key.place == place && !metric.points(in: range).isEmpty {
      found.insert(key.metric)
    }
    return found.sorted()
  }
}

extension TableUsage.Detail {
  /// What a metric with two dimensions measures; nil if it is none that is.
  fileprivate init?(_ metric: MetricName) {
    if metric.has(["TableName", "GlobalSecondaryIndexName"]),
      let index = metric[dimension: "GlobalSecondaryIndexName"]
    {
      switch TableMetric(rawValue: metric.name) {
      case .consumedReads?: self = .reads(index: index)
      case .consumedWrites?: self = .writes(index: index)
      default: return nil
      }
    } else if metric.name == Self.throttledName, metric.has(["TableName", "Operation"]),
      let operation = metric[dimension: "Operation"]
    {
      self = .throttled(operation: operation)
    } else {
      return nil
    }
  }

  fileprivate static let throttledName = "ThrottledRequests"

  fileprivate func metric(of table: String) -> MetricName {
    let own = MetricDimension("TableName", table)
    let (name, other) =
      switch self {
      case .reads(let index):
        (
          TableMetric.consumedReads.rawValue,
          MetricDimension("GlobalSecondaryIndexName", index)
        )
      case .writes(let index):
        (
          TableMetric.consumedWrites.rawValue,
          MetricDimension("GlobalSecondaryIndexName", index)
        )
      case .throttled(let operation):
        (Self.throttledName, MetricDimension("Operation", operation))
      }
    return MetricName(namespace: MetricName.dynamoDB, name: name, dimensions: [own, other])
  }
}

/// A metric that somebody puts values of, which may come late. [CW.put]
///
/// It is kept by the minute for 15 days and then by the hour for 455.
struct OwnMetric: Sendable, Codable {
  /// The unit of the first value: a metric has one here.
  let unit: String
  private var minutes: OrderedMap<Int64, MetricPoint> = OrderedMap()
  private var hours: OrderedMap<Int64, MetricPoint> = OrderedMap()

  init(unit: String) { self.unit = unit }

  mutating func put(_ point: MetricPoint, at now: Instant) {
    minutes[point.minute, default: MetricPoint(minute: point.minute)].merge(point)
    let present = now.minuteOfEpoch
    while let oldest = minutes.first, oldest.key < present - 15 * 1_440 {
      minutes[oldest.key] = nil
      let hour = oldest.key / 60 * 60
      hours[hour, default: MetricPoint(minute: hour)].merge(oldest.value)
    }
    while let oldest = hours.first, oldest.key < present - 455 * 1_440 { hours[oldest.key] = nil }
  }

  func points(in range: Range<Int64>) -> [MetricPoint] {
    [hours, minutes].flatMap { log in
      log.lazy.filter { range.contains($0.key) }.map(\.value)
    }
  }
}
