// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// What a table or index can take at once, as a request asks for it; a member left out stays.
struct WarmThroughput: Codable, Hashable, Sendable {
  let readUnitsPerSecond: Int64?
  let writeUnitsPerSecond: Int64?

  /// What an on-demand table can take from its first second. [DDB.table.warm]
  static let onDemand = Throughput(readUnits: 12_000, writeUnits: 4_000)

  private static let subject = "WarmThroughput for table is lower than"

  /// Refuses a value below what a new table can take anyway.
  func checkInitial(mode: BillingMode, throughput: Throughput) throws(ServiceError) {
    let least = mode == .payPerRequest ? Self.onDemand : throughput
    let initial =
      "initial throughput for OnDemand. See: https://docs.aws.amazon.com/amazondynamodb/latest/"
      + "developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial"
    try check(
      least,
      read: mode == .payPerRequest ? initial : "ReadCapacityUnits of ProvisionedThroughput",
      write: mode == .payPerRequest ? initial : "WriteCapacityUnits of ProvisionedThroughput")
  }

  /// Refuses to lower what a table can take, which the service never does.
  func checkRaise(of current: Throughput) throws(ServiceError) {
    let words = "current WarmThroughput, decreasing WarmThroughput is not supported"
    try check(current, read: words, write: words)
  }

  /// The throughput this asks for on top of a present one.
  func applied(to current: Throughput) -> Throughput {
    Throughput(
      readUnits: readUnitsPerSecond ?? current.readUnits,
      writeUnits: writeUnitsPerSecond ?? current.writeUnits)
  }

  private func check(
    _ least: Throughput, read: String, write: String
  ) throws(ServiceError) {
    if let readUnitsPerSecond, readUnitsPerSecond < least.readUnits {
      throw .invalidValues("Requested ReadUnitsPerSecond for \(Self.subject) \(read)")
    }
    if let writeUnitsPerSecond, writeUnitsPerSecond < least.writeUnits {
      throw .invalidValues("Requested WriteUnitsPerSecond for \(Self.subject) \(write)")
    }
  }
}

extension TableSettings {
  /// What the table can take at once: its billing's own, or more if it ever had more.
  /// [DDB.table.warm]
  var warmThroughput: Throughput {
    let own = billingMode == .payPerRequest ? WarmThroughput.onDemand : throughput
    guard let raised = raisedWarmThroughput else { return own }
    return Throughput(
      readUnits: max(own.readUnits, raised.readUnits),
      writeUnits: max(own.writeUnits, raised.writeUnits))
  }
}

extension TableChange {
  /// Begins to raise what the table can take at once; it stays ACTIVE meanwhile.
  mutating func setWarmThroughput(_ asked: WarmThroughput) throws(ServiceError) {
    guard asked.readUnitsPerSecond != nil || asked.writeUnitsPerSecond != nil else {
      throw .invalidValues(
        "WarmThroughput must have at least one of ReadUnitsPerSecond or WriteUnitsPerSecond "
          + "specified")
    }
    try asked.checkRaise(of: settings.warmThroughput)
    settings.warmThroughputTarget = asked.applied(to: settings.warmThroughput)
  }
}

extension Cloud {
  /// The last request counts: an earlier one's end does nothing.
  mutating func warmThroughputRaised(_ id: TableID, to target: Throughput) {
    changeTable(id) { table in
      guard table.settings.warmThroughputTarget == target else { return }
      table.settings.raisedWarmThroughput = target
      table.settings.warmThroughputTarget = nil
    }
  }
}

/// The rules for on-demand maxima, of which -1 is none. [DDB.table.onDemand]
extension OnDemandThroughput {
  /// Refuses maxima that a table's billing or their range does not admit.
  ///
  /// `index` names the global index they are meant for. [DDB.table.onDemand]
  func check(mode: BillingMode, index: String? = nil) throws(ServiceError) {
    for (name, value) in [
      ("MaxReadRequestUnits", maxReadRequestUnits),
      ("MaxWriteRequestUnits", maxWriteRequestUnits),
    ] {
      guard let value else { continue }
      guard mode == .payPerRequest else {
        throw .invalidValues(
          "\(name) for OnDemandThroughput cannot be specified when the table BillingMode is "
            + "PROVISIONED")
      }
      guard value == -1 || value >= 1 else {
        throw .invalidValues(
          "Requested \(name) for OnDemandThroughput for \(index.map { "index \($0)" } ?? "table") is "
            + "outside of valid range")
      }
    }
  }

  /// These maxima on top of present ones: what is left out stays, -1 takes a maximum away.
  func merged(into current: OnDemandThroughput?) -> OnDemandThroughput? {
    func value(_ asked: Int64?, _ present: Int64?) -> Int64? {
      guard let asked else { return present }
      return asked == -1 ? nil : asked
    }
    let read = value(maxReadRequestUnits, current?.maxReadRequestUnits)
    let write = value(maxWriteRequestUnits, current?.maxWriteRequestUnits)
    guard read != nil || write != nil else { return nil }
    return OnDemandThroughput(maxReadRequestUnits: read, maxWriteRequestUnits: write)
  }
}
