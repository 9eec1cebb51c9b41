// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import PersistentCollections
import Simulation

/// A table of a place, by its name: metrics outlive the table.
struct TableKey: Hashable, Comparable, Sendable, Codable {
  let place: Place
  let name: String

  static func < (left: TableKey, right: TableKey) -> Bool {
    (left.name, left.place) < (right.name, right.place)
  }
}

/// What was asked of a table in a minute, for its metrics. [CW.dynamodb]
///
/// Consumption of global indexes is known where their throughput is limited; on demand only the
/// table's own is.
struct TableUsage: MetricBucket {
  var minute: Int64
  private(set) var reads: MetricPoint
  private(set) var writes: MetricPoint
  private(set) var readThrottles = 0
  private(set) var writeThrottles = 0
  private(set) var failedConditions = 0
  private(set) var expiredItems = 0
  /// What indexes consumed, by kind and name, and refused requests by operation; nil for none.
  private var details: OrderedMap<Detail, MetricPoint>?

  enum Detail: Hashable, Sendable, Codable {
    case reads(index: String)
    case writes(index: String)
    case throttled(operation: String)
  }

  init(minute: Int64) {
    self.minute = minute
    reads = MetricPoint(minute: minute)
    writes = MetricPoint(minute: minute)
  }

  mutating func merge(_ later: TableUsage) {
    reads.merge(later.reads)
    writes.merge(later.writes)
    readThrottles += later.readThrottles
    writeThrottles += later.writeThrottles
    failedConditions += later.failedConditions
    expiredItems += later.expiredItems
    for (detail, point) in later.details ?? OrderedMap() { note(detail) { $0.merge(point) } }
  }

  mutating func consume(
    _ units: Double, as use: ThroughputLimit.Use, indexes: [String: Double] = [:]
  ) {
    switch use {
    case .read: reads.add(units)
    case .write: writes.add(units)
    }
    for (index, units) in indexes where units > 0 {
      note(use == .read ? .reads(index: index) : .writes(index: index)) { $0.add(units) }
    }
  }

  mutating func throttle(as use: ThroughputLimit.Use) {
    switch use {
    case .read: readThrottles += 1
    case .write: writeThrottles += 1
    }
  }

  mutating func expireItem() { expiredItems += 1 }
  mutating func failCondition() { failedConditions += 1 }
  mutating func throttle(operation: String) { note(.throttled(operation: operation)) { $0.add(1) } }

  private mutating func note(_ detail: Detail, _ change: (inout MetricPoint) -> Void) {
    var all = details.take() ?? OrderedMap()
    change(&all[detail, default: MetricPoint(minute: minute)])
    details = all
  }

  /// What else was measured.
  var others: OrderedMap<Detail, MetricPoint> { details ?? OrderedMap() }
}

extension TableUsage.Detail: Comparable {
  private var order: (Int, String) {
    switch self {
    case .reads(let index): (0, index)
    case .writes(let index): (1, index)
    case .throttled(let operation): (2, operation)
    }
  }

  static func < (left: TableUsage.Detail, right: TableUsage.Detail) -> Bool {
    left.order < right.order
  }
}

/// The metrics of a table that are measured. [CW.dynamodb]
enum TableMetric: String, CaseIterable {
  case consumedReads = "ConsumedReadCapacityUnits"
  case consumedWrites = "ConsumedWriteCapacityUnits"
  case readThrottles = "ReadThrottleEvents"
  case writeThrottles = "WriteThrottleEvents"
  case failedConditions = "ConditionalCheckFailedRequests"
  case expiredItems = "TimeToLiveDeletedItemCount"

  /// What a minute says of it; nil where it says nothing.
  func point(in usage: TableUsage) -> MetricPoint? {
    func count(_ number: Int) -> MetricPoint? {
      guard number > 0 else { return nil }
      return MetricPoint(
        minute: usage.minute, count: Double(number), sum: Double(number), minimum: 1, maximum: 1)
    }
    func units(_ point: MetricPoint) -> MetricPoint? { point.count > 0 ? point : nil }
    return switch self {
    case .consumedReads: units(usage.reads)
    case .consumedWrites: units(usage.writes)
    case .readThrottles: count(usage.readThrottles)
    case .writeThrottles: count(usage.writeThrottles)
    case .failedConditions: count(usage.failedConditions)
    case .expiredItems: count(usage.expiredItems)
    }
  }
}

// MARK: - What is measured where

extension Cloud {
  /// Notes what a request took of a table that was metered.
  mutating func measure(_ meter: CapacityMeter, of id: TableID, as use: ThroughputLimit.Use) {
    guard meter.tableUnits > 0 || !meter.indexUnits.isEmpty else { return }
    observations.metrics.change(TableKey(place: id.place, name: id.name), at: now) {
      $0.consume(meter.tableUnits, as: use, indexes: meter.indexUnits)
    }
  }

  /// Notes what a write took of a table of which not everything is metered.
  mutating func measureWrite(_ units: Double, of id: TableID) {
    observations.metrics.change(TableKey(place: id.place, name: id.name), at: now) {
      $0.consume(units, as: .write)
    }
  }

  mutating func measureExpiry(of id: TableID) {
    observations.metrics.change(TableKey(place: id.place, name: id.name), at: now) {
      $0.expireItem()
    }
  }

  mutating func measureThrottle(of id: TableID, as use: ThroughputLimit.Use) {
    observations.metrics.change(TableKey(place: id.place, name: id.name), at: now) {
      $0.throttle(as: use)
    }
  }

  /// Notes what was refused, of what somebody asked of items. [CW.dynamodb]
  mutating func measureRefusal(_ error: ServiceError, of request: ServiceRequest) {
    guard request.service == "dynamodb", error.code != ServiceError.notSimulatedCode,
      error.status == 400
    else { return }
    let place = request.caller.place
    let named =
      request.input["TableName"]?.string
      ?? request.input["Statement"]?.string.flatMap { PartiQLStatement.target(of: $0)?.table }
    let table = named.map { TableKey(place: place, name: ARN($0)?.tableName ?? $0) }
    switch error.code {
    case "ProvisionedThroughputExceededException", "ThrottlingException":
      guard let table else { return }
      observations.metrics.change(table, at: now) { $0.throttle(operation: request.operation) }
    case "ConditionalCheckFailedException":
      guard let table else { return }
      observations.metrics.change(table, at: now) { $0.failCondition() }
    default: observations.metrics.countUserError(in: place, at: now)
    }
  }
}
