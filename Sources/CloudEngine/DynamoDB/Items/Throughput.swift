// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
import Simulation

/// What reads or writes a table or a global index takes, where there is a limit. [DDB.throughput]
struct ThroughputLimit {
  /// What a request wants of a table.
  enum Use: String, Hashable, Sendable, Codable { case read, write }

  let table: TableID
  /// The global index; nil for the table itself, whose limit its local indexes share.
  let index: String?
  let use: Use
  let unitsPerSecond: Int64
  /// How many seconds' units are kept when nobody uses them.
  let seconds: Int64
  let isOnDemand: Bool
  /// Since when units were there to be kept.
  let since: Instant

  /// Five minutes of provisioned units that were not used are kept for a burst.
  static let burstSeconds: Int64 = 300

  fileprivate var key: ThroughputBuckets.Key {
    ThroughputBuckets.Key(place: table.place, table: table.name, index: index, use: use)
  }

  /// How the service names the limit when it was exceeded.
  fileprivate var reason: Document {
    let subject = index == nil ? "Table" : "Index"
    let verb = use == .read ? "Read" : "Write"
    let kind = isOnDemand ? "MaxOnDemandThroughputExceeded" : "ProvisionedThroughputExceeded"
    let arn = ARN.table(table.name, in: table.place) + (index.map { "/index/\($0)" } ?? "")
    return ["reason": .string(subject + verb + kind), "resource": .string(arn)]
  }
}

/// What is left of limited throughput, for every table and index that has a limit and was used.
///
/// It fills evenly in virtual time. It is an observation, no part of the state: what a request finds
/// too little is as it was.
struct ThroughputBuckets: Sendable, Codable {
  struct Key: Hashable, Comparable, Sendable, Codable {
    let place: Place
    let table: String
    let index: String?
    let use: ThroughputLimit.Use

    static func < (left: Key, right: Key) -> Bool {
      (left.place, left.table, left.index ?? "", left.use.rawValue)
        < (right.place, right.table, right.index ?? "", right.use.rawValue)
    }
  }

  /// The units left at an instant, in thousandths, so that halves and milliseconds are exact.
  struct Bucket: Sendable, Codable {
    let table: TableID
    var left: Int64
    var at: Instant
  }

  private var buckets: OrderedMap<Key, Bucket> = OrderedMap()

  /// The limits that leave too little for some units.
  ///
  /// What takes more than a second's units is let through with these, and has to be made good.
  func exceeded(
    by demands: [(limit: ThroughputLimit, units: Double)], at now: Instant
  ) -> [ThroughputLimit] {
    demands.filter { demand in
      let needed = min(demand.units, Double(demand.limit.unitsPerSecond))
      return Double(left(of: demand.limit, at: now)) < needed * 1000
    }.map(\.limit)
  }

  mutating func take(_ demands: [(limit: ThroughputLimit, units: Double)], at now: Instant) {
    for (limit, units) in demands {
      let rest = left(of: limit, at: now) - Int64((units * 1000).rounded())
      buckets[limit.key] = Bucket(table: limit.table, left: rest, at: now)
    }
  }

  /// Thousandths of units; less than nothing after a large request.
  private func left(of limit: ThroughputLimit, at now: Instant) -> Int64 {
    let full = limit.unitsPerSecond * limit.seconds * 1000
    let known = buckets[limit.key].flatMap { $0.table == limit.table ? $0 : nil }
    // Longer than it takes to make the largest debt good and to fill up, and no overflow.
    let elapsed = min((now - (known?.at ?? limit.since)).wholeMilliseconds, 1 << 40)
    let (gain, isTooMuch) = elapsed.multipliedReportingOverflow(by: limit.unitsPerSecond)
    guard !isTooMuch else { return full }
    return min(full, (known?.left ?? limit.unitsPerSecond * 1000) + gain)
  }
}

extension Table {
  /// Whether anything limits what the table or an index of it takes.
  ///
  /// On demand nothing does but maxima: the service's own grow with use, and are not simulated.
  var isLimited: Bool {
    settings.billingMode == .provisioned || settings.onDemandThroughput != nil
      || settings.globalIndexes.contains { $0.onDemandThroughput != nil }
  }

  /// What limits a use of the table, or of a global index.
  fileprivate func limit(
    of use: ThroughputLimit.Use, index: GlobalIndex?
  ) -> ThroughputLimit? {
    func limit(_ units: Int64?, isOnDemand: Bool) -> ThroughputLimit? {
      guard let units, units > 0 else { return nil }
      return ThroughputLimit(
        table: identity, index: index?.name, use: use, unitsPerSecond: units,
        seconds: isOnDemand ? 1 : ThroughputLimit.burstSeconds, isOnDemand: isOnDemand,
        since: createdAt)
    }
    if settings.billingMode == .provisioned {
      let own = index?.throughput ?? settings.throughput
      return limit(use == .read ? own.readUnits : own.writeUnits, isOnDemand: false)
    }
    let own = index == nil ? settings.onDemandThroughput : index?.onDemandThroughput
    return limit(
      use == .read ? own?.maxReadRequestUnits : own?.maxWriteRequestUnits, isOnDemand: true)
  }

  /// What a metered use demands of each limit: the table's first, then its indexes'.
  func demands(
    of meter: CapacityMeter, as use: ThroughputLimit.Use
  ) -> [(limit: ThroughputLimit, units: Double)] {
    let global = settings.globalIndexes
    let names = Set(global.map(\.name))
    let local = meter.indexUnits.reduce(0.0) { names.contains($1.key) ? $0 : $0 + $1.value }
    var result: [(ThroughputLimit, Double)] = []
    let own = meter.tableUnits + local
    if own > 0, let limit = limit(of: use, index: nil) { result.append((limit, own)) }
    for index in global {
      guard let units = meter.indexUnits[index.name], units > 0,
        let limit = limit(of: use, index: index)
      else { continue }
      result.append((limit, units))
    }
    return result
  }
}

extension Cloud {
  /// True for a table of which every use must be metered.
  func isLimited(_ id: TableID) -> Bool { self[id.place][id].isLimited }

  /// Takes what a request uses out of the throughput of its table and indexes.
  ///
  /// A write is held up by an index that cannot follow as by the table itself.
  ///
  /// - Throws: ProvisionedThroughputExceeded, or a throttling error under on-demand maxima; nothing
  ///   is taken then.
  mutating func consume(
    _ meter: CapacityMeter, of id: TableID, as use: ThroughputLimit.Use
  ) throws(ServiceError) {
    guard meter.isLimited else {
      // A write on demand is measured as it is made.
      if use == .read { measure(meter, of: id, as: use) }
      return
    }
    let demands = self[id.place][id].demands(of: meter, as: use)
    guard !demands.isEmpty else { return measure(meter, of: id, as: use) }
    var buckets = observations.throughput ?? ThroughputBuckets()
    let exceeded = buckets.exceeded(by: demands, at: now)
    guard exceeded.isEmpty else {
      measureThrottle(of: id, as: use)
      throw .exceeded(exceeded)
    }
    buckets.take(demands, at: now)
    observations.throughput = buckets
    measure(meter, of: id, as: use)
  }
}

extension ServiceError {
  /// What is said of units that are used up; on-demand maxima have words of their own.
  fileprivate static func exceeded(_ limits: [ThroughputLimit]) -> ServiceError {
    let reasons = Document.array(limits.map(\.reason))
    guard let first = limits.first, !first.isOnDemand else {
      return ServiceError(
        code: "ThrottlingException",
        message: "Throughput exceeds the maximum OnDemandThroughput configured on table or index",
        members: ["throttlingReasons": reasons])
    }
    let message =
      first.index == nil
      ? "The level of configured provisioned throughput for the table was exceeded. Consider "
        + "increasing your provisioning level with the UpdateTable API."
      : "The level of configured provisioned throughput for one or more global secondary indexes of "
        + "the table was exceeded. Consider increasing your provisioning level for the "
        + "under-provisioned global secondary indexes with the UpdateTable API."
    return ServiceError(
      code: "ProvisionedThroughputExceededException", message: message,
      members: ["ThrottlingReasons": reasons])
  }
}
