// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Claims about point-in-time recovery")
struct RecoveryClaimTests {
  /// `orders` with recovery, a write `k=second` in each of 20 seconds, and an hour gone by.
  private static func written() throws -> (Bench, first: Instant) {
    var bench = try Bench.withOrders()
    try bench.recovery(true)
    bench.wait(.seconds(50))
    let first = bench.now
    for second in 0..<20 {
      bench.cloud.advance(to: first + .seconds(Int64(second)))
      try bench.put("k", second)
    }
    bench.wait(.hours(1))
    return (bench, first)
  }

  @Test("PITR-1: recovery keeps every second, without another request")
  func everySecond() throws {
    let (bench, first) = try Self.written()
    for second in 0..<20 {
      #expect(try bench.contents(at: first + .seconds(Int64(second))) == ["k=\(second)"])
    }
  }

  @Test("PITR-2: recovery is one switch; nothing is pending afterwards")
  func managed() throws {
    var bench = try Bench.withOrders()
    let before = bench.cloud.pendingTransitions.count
    try bench.recovery(true)
    #expect(bench.cloud.pendingTransitions.count == before)
  }

  @Test("PITR-3: what was overwritten or deleted by mistake comes back")
  func accidents() throws {
    var bench = try Bench.withOrders()
    try bench.recovery(true)
    for id in ["a", "b"] { try bench.put(id, 1) }
    bench.wait(.minutes(10))
    let good = bench.now
    bench.wait(.seconds(1))
    try bench.put("a", 666)
    try bench.call("DeleteItem", "{'TableName':'orders','Key':{'id':{'S':'b'}}}")
    bench.wait(.minutes(10))
    #expect(try bench.contents() == ["a=666"])
    #expect(try bench.contents(at: good) == ["a=1", "b=1"])
  }

  @Test("PITR-4: recovery of hundreds of TB is switched on while the table serves requests")
  func size() throws {
    var bench = try Bench.withOrders()
    try bench.cloud.declareSize(300 << 40, ofTable: "orders", in: bench.place)
    try bench.recovery(true)
    #expect(bench.status(of: "orders") == "ACTIVE")
    try bench.put("a", 1)
  }

  @Test("PITR-5: each table has its own period of 1 to 35 days")
  func period() throws {
    var bench = try Bench.withOrders()
    try bench.makeTable("other")
    try bench.recovery(true, days: 1)
    try bench.recovery(true, days: 35, of: "other")
    #expect(try bench.window().days == 1)
    for days in [0, 36] {
      #expect(
        bench.refusal(
          "UpdateContinuousBackups",
          "{'TableName':'orders','PointInTimeRecoverySpecification':"
            + "{'PointInTimeRecoveryEnabled':true,'RecoveryPeriodInDays':\(days)}}"
        )
        .hasPrefix("ValidationException: 1 validation error detected: Value '\(days)'"))
    }
  }

  @Test("PITR-6: the period is 35 days unless another is given")
  func defaultPeriod() throws {
    var bench = try Bench.withOrders()
    try bench.recovery(true)
    #expect(try bench.window().days == 35)
  }

  @Test("PITR-7: any second of the period can be restored, its ends included")
  func anySecond() throws {
    var bench = try Bench.withOrders()
    try bench.recovery(true, days: 2)
    bench.wait(.days(5))
    let window = try bench.window()
    #expect(window.latest - window.earliest == .days(2) - .seconds(300))
    for step in stride(from: 0, through: 172_500, by: 8_625) {
      #expect(bench.canRestore(to: window.earliest + .seconds(Int64(step))))
    }
  }

  @Test("PITR-8: the price is that of table and local indexes; the period changes nothing")
  func price() throws {
    var costs: [Double] = []
    for days in [1, 14, 35] {
      var bench = try Bench.withSales()
      try bench.recovery(true, days: days, of: "sales")
      try bench.call(
        "PutItem",
        "{'TableName':'sales','Item':{'customer':{'S':'c'},'at':{'N':'1'},'amount':{'N':'5'},"
          + "'state':{'S':'open'}}}")
      bench.wait(.days(10))
      let charges = bench.cloud.ledger.charges(from: Bench.start, until: bench.now)
        .filter { $0.line == .pitr }
      // 30 bytes of item and 21 of its local index; the global index costs nothing here.
      #expect(charges.last?.bytes == 51)
      costs.append(charges.reduce(0) { $0 + $1.cost })
    }
    #expect(Set(costs).count == 1 && costs.allSatisfy { $0 > 0 })
  }

  @Test("PITR-9: a restore beyond either end of the window is refused and names both")
  func window() throws {
    var bench = try Bench.withOrders()
    try bench.recovery(true)
    bench.wait(.hours(1))
    let window = try bench.window()
    for wrong in [window.earliest - .seconds(1), window.latest + .seconds(1)] {
      #expect(
        bench.refusal(
          "RestoreTableToPointInTime",
          "{'SourceTableName':'orders','TargetTableName':'copy',"
            + "'RestoreDateTime':\(wrong.epochSeconds)}")
          == "InvalidRestoreTimeException: RestoreDateTime '\(wrong.rfc3339)' must be within "
          + "EarliestRestorableDateTime '\(window.earliest.rfc3339)' and "
          + "LatestRestorableDateTime '\(window.latest.rfc3339)'")
    }
  }

  @Test("PITR-10: the latest instant is five minutes ago")
  func latest() throws {
    var bench = try Bench.withOrders()
    try bench.recovery(true)
    bench.wait(.days(3))
    #expect(try bench.window().latest == bench.now - .minutes(5))
  }

  @Test("PITR-11: a deleted table comes back as it was just before, for 35 days")
  func deletedTable() throws {
    var bench = try Bench.withOrders()
    try bench.recovery(true, days: 7)
    try bench.put("a", 1)
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.days(35) - .seconds(1))
    let list = "{'BackupType':'SYSTEM'}"
    let arn = try bench.call("ListBackups", list).text("BackupSummaries.0.BackupArn")
    try bench.restore(arn, to: "orders")
    bench.wait(.seconds(240))
    #expect(try bench.contents() == ["a=1"])
    #expect(try bench.show("ListBackups", list) == "{'BackupSummaries':[]}")
  }

  @Test("PITR-12: the restored table is a new one, with its own id, and independent")
  func newTable() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    _ = try bench.restore("orders", by: .pointInTime)
    bench.wait(.seconds(240))
    try bench.put("a", 2, into: "target")
    #expect(try bench.contents() == ["a=1"])
    #expect(try bench.table("target").id != bench.table("orders").id)
    #expect(try bench.table("target").restoreWindow(at: bench.now) == nil)
  }

  @Test("PITR-13: off and on again resets the start of the window")
  func reset() throws {
    var bench = try Bench.withOrders()
    try bench.recovery(true)
    let first = bench.now
    bench.wait(.days(3))
    #expect(bench.canRestore(to: first))
    try bench.recovery(false)
    try bench.recovery(true)
    #expect(try bench.window().earliest == bench.now)
    #expect(!bench.canRestore(to: first))
  }

  @Test("PITR-14: right after switching on again only the latest restorable time is left")
  func onlyLatest() throws {
    var bench = try Bench.withOrders()
    try bench.recovery(true)
    bench.wait(.days(1))
    try bench.recovery(false)
    try bench.recovery(true)
    let window = try bench.window()
    #expect(window.earliest == window.latest)
    #expect(!bench.canRestore(to: window.latest - .seconds(1)))
    #expect(!bench.canRestore(to: window.latest + .seconds(1)))
    try bench.call(
      "RestoreTableToPointInTime",
      "{'SourceTableName':'orders','TargetTableName':'copy','UseLatestRestorableTime':true}")
  }

  @Test("PITR-15: the audit trail holds each request on recovery, refused ones too")
  func trail() throws {
    var bench = try Bench.withOrders()
    try bench.recovery(true)
    _ = bench.refusal(
      "RestoreTableToPointInTime",
      "{'SourceTableName':'orders','TargetTableName':'copy','RestoreDateTime':0}")
    bench.wait(.minutes(3))
    let events = try bench.call("LookupEvents", "{}", service: "cloudtrail")
    #expect(events.show("Events.0.EventName") == "'RestoreTableToPointInTime'")
    #expect(events.show("Events.1.EventName") == "'UpdateContinuousBackups'")
  }

  @Test("PITR-16: recovery is switched at any time, and the table stays ACTIVE and takes writes")
  func anyTime() throws {
    var bench = try Bench.withOrders()
    for isOn in [true, false, true] {
      try bench.recovery(isOn)
      #expect(bench.status(of: "orders") == "ACTIVE")
      try bench.put("a", 1)
    }
  }

  @Test("PITR-17: a shorter period forgets what is older, and costs the same")
  func shorter() throws {
    var bench = try Bench.withOrders()
    try bench.cloud.declareSize(1 << 40, ofTable: "orders", in: bench.place)
    try bench.recovery(true)
    bench.wait(.days(10))
    let before = bench.cloud.ledger.charges(from: bench.now - .days(1), until: bench.now)
    try bench.recovery(true, days: 1)
    #expect(!bench.canRestore(to: bench.now - .days(1) - .seconds(1)))
    bench.wait(.days(1))
    let after = bench.cloud.ledger.charges(from: bench.now - .days(1), until: bench.now)
    #expect(before.map(\.cost) == after.map(\.cost))
  }
}
