// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

/// What DescribeContinuousBackups says of `orders` while recovery is on.
struct Window: Equatable {
  let days: Int64
  let earliest: Instant
  let latest: Instant
}

extension Bench {
  mutating func window() throws -> Window {
    let path = "ContinuousBackupsDescription.PointInTimeRecoveryDescription."
    let answer = try call("DescribeContinuousBackups", "{'TableName':'orders'}")
    return Window(
      days: try #require(answer.at(path + "RecoveryPeriodInDays")?.integer),
      earliest: try answer.instant(path + "EarliestRestorableDateTime"),
      latest: try answer.instant(path + "LatestRestorableDateTime"))
  }

  /// Whether `orders` can be restored as of an instant; nothing changes.
  func canRestore(to instant: Instant) -> Bool {
    var fork = self
    return fork.refusal(
      "RestoreTableToPointInTime",
      "{'SourceTableName':'orders','TargetTableName':'probe','RestoreDateTime':"
        + "\(instant.epochSeconds)}"
    ).hasPrefix("accepted")
  }
}

@Suite("Point-in-time recovery")
struct RecoveryTests {
  /// `orders` with recovery switched on at the instant that comes back.
  private static func enabled(days: Int? = nil) throws -> (Bench, at: Instant) {
    var bench = try Bench.withOrders()
    try bench.recovery(true, days: days)
    return (bench, bench.now)
  }

  @Test("before recovery is ever on, continuous backups are ENABLED and recovery DISABLED")
  func off() throws {
    var bench = try Bench.withOrders()
    let off =
      "{'ContinuousBackupsDescription':{'ContinuousBackupsStatus':'ENABLED',"
      + "'PointInTimeRecoveryDescription':{'PointInTimeRecoveryStatus':'DISABLED'}}}"
    #expect(try bench.show("DescribeContinuousBackups", "{'TableName':'orders'}") == off)
    try bench.recovery(false)
    try bench.recovery(true)
    try bench.recovery(false)
    #expect(try bench.show("DescribeContinuousBackups", "{'TableName':'orders'}") == off)
  }

  @Test("switching on answers at once with 35 days and both ends at this instant")
  func enabling() throws {
    var bench = try Bench.withOrders()
    #expect(
      try bench.show(
        "UpdateContinuousBackups",
        "{'TableName':'orders','PointInTimeRecoverySpecification':"
          + "{'PointInTimeRecoveryEnabled':true}}")
        == "{'ContinuousBackupsDescription':{'ContinuousBackupsStatus':'ENABLED',"
        + "'PointInTimeRecoveryDescription':{'PointInTimeRecoveryStatus':'ENABLED',"
        + "'RecoveryPeriodInDays':35,'EarliestRestorableDateTime':1780315210.0,"
        + "'LatestRestorableDateTime':1780315210.0}}}")
    #expect(bench.status(of: "orders") == "ACTIVE")
  }

  @Test("the latest instant stays for 300 s, then trails the present by 300 s")
  func lag() throws {
    var (bench, on) = try Self.enabled()
    bench.wait(.milliseconds(300_999))
    #expect(try bench.window() == Window(days: 35, earliest: on, latest: on))
    bench.wait(.milliseconds(1))
    #expect(try bench.window().latest == on + .seconds(1))
    bench.wait(.hours(5))
    #expect(try bench.window().latest == bench.now - .seconds(300))
  }

  @Test("both ends can be restored, a second beyond either cannot")
  func edges() throws {
    var (bench, on) = try Self.enabled()
    bench.wait(.hours(1))
    let latest = bench.now - .seconds(300)
    #expect(!bench.canRestore(to: on - .seconds(1)))
    #expect(bench.canRestore(to: on))
    #expect(bench.canRestore(to: latest))
    #expect(!bench.canRestore(to: latest + .seconds(1)))
    // The fraction of a second is dropped before the check.
    #expect(!bench.canRestore(to: on - .milliseconds(1)))
    #expect(bench.canRestore(to: latest + .milliseconds(999)))
  }

  @Test("the earliest instant moves from the end of the period on", arguments: [1, 2, 34, 35])
  func period(days: Int) throws {
    var (bench, on) = try Self.enabled(days: days)
    let length = Duration.days(Int64(days))
    bench.cloud.advance(to: on + length)
    #expect(try bench.window().earliest == on)
    bench.wait(.milliseconds(1))
    #expect(try bench.window().earliest == on + .seconds(1))
    bench.wait(.seconds(59))
    #expect(try bench.window().earliest == bench.now.ceiledToSecond - length)
    #expect(!bench.canRestore(to: on + .seconds(59)))
    #expect(bench.canRestore(to: on + .seconds(60)))
  }

  @Test("switched on within a second, the window begins at the next whole one")
  func fraction() throws {
    var bench = try Bench.withOrders(start: Bench.start + .milliseconds(400))
    try bench.recovery(true)
    let second = Bench.start + .seconds(11)
    #expect(try bench.window() == Window(days: 35, earliest: second, latest: second))
    bench.wait(.milliseconds(600) + .seconds(300))
    #expect(try bench.window().latest == second)
    bench.wait(.seconds(1))
    #expect(try bench.window().latest == second + .seconds(1))
  }

  @Test("a restore to a second holds the write at its very start and not the one just after")
  func subSeconds() throws {
    var bench = try Bench.withOrders()
    try bench.recovery(true)
    bench.cloud.advance(to: Bench.start + .seconds(60))
    try bench.put("on", 1)
    bench.wait(.milliseconds(1))
    try bench.put("after", 2)
    bench.wait(.milliseconds(999))
    try bench.put("next", 3)
    bench.wait(.hours(1))
    let minute = Bench.start + .seconds(60)
    #expect(try bench.contents(at: minute - .seconds(1)) == [])
    #expect(try bench.contents(at: minute) == ["on=1"])
    #expect(try bench.contents(at: minute + .milliseconds(999)) == ["on=1"])
    #expect(try bench.contents(at: minute + .seconds(1)) == ["after=2", "next=3", "on=1"])
  }

  @Test("a shorter period forgets at once, and a longer one does not bring back")
  func shrinkAndGrow() throws {
    var (bench, on) = try Self.enabled()
    bench.cloud.advance(to: on + .days(20))
    try bench.recovery(true, days: 7)
    let shrunk = on + .days(13)
    #expect(
      try bench.window() == Window(days: 7, earliest: shrunk, latest: bench.now - .minutes(5)))
    try bench.recovery(true, days: 35)
    #expect(try bench.window().earliest == shrunk)
    #expect(!bench.canRestore(to: shrunk - .seconds(1)))
    bench.wait(.days(10))
    #expect(try bench.window().earliest == shrunk)
    bench.cloud.advance(to: shrunk + .days(35) + .seconds(1))
    #expect(try bench.window().earliest == shrunk + .seconds(1))
  }

  @Test("switching on what is on keeps the window, and the period unless one is given")
  func idempotence() throws {
    var (bench, on) = try Self.enabled(days: 9)
    bench.wait(.hours(1))
    try bench.recovery(true)
    #expect(try bench.window() == Window(days: 9, earliest: on, latest: bench.now - .minutes(5)))
    let before = bench.cloud.fingerprint()
    try bench.recovery(true, days: 9)
    #expect(bench.cloud.fingerprint() == before)
  }

  @Test("off and on again, even at once, begins a new window of 35 days")
  func reset() throws {
    var (bench, _) = try Self.enabled(days: 9)
    bench.wait(.hours(1))
    try bench.put("a", 1)
    try bench.recovery(false)
    try bench.recovery(true)
    let again = bench.now
    #expect(try bench.window() == Window(days: 35, earliest: again, latest: again))
    #expect(!bench.canRestore(to: again - .seconds(1)))
    #expect(try bench.contents(at: again) == ["a=1"])
  }

  @Test("the past stays exact on the last day of the period, writes in between or not")
  func dayThirtyFive() throws {
    var (bench, on) = try Self.enabled()
    for day in 0..<40 {
      bench.cloud.advance(to: on + .days(Int64(day)) + .hours(1))
      try bench.put("a", day)
    }
    let earliest = try bench.window().earliest
    #expect(earliest == bench.now - .days(35))
    #expect(try bench.contents(at: earliest) == ["a=4"])
    #expect(try bench.contents(at: earliest + .days(1) - .seconds(1)) == ["a=4"])
    #expect(try bench.contents(at: earliest + .days(1)) == ["a=5"])
    #expect(!bench.canRestore(to: earliest - .seconds(1)))
  }
}

@Suite("The system backup of a deleted table")
struct SystemBackupTests {
  private static func list(_ bench: inout Bench, _ type: String = "SYSTEM") throws -> [Document] {
    try bench.call("ListBackups", "{'BackupType':'\(type)'}").at("BackupSummaries")?.array ?? []
  }

  private static func deleted(days: Int? = nil) throws -> Bench {
    var bench = try Bench.withOrders()
    try bench.recovery(true, days: days)
    try bench.put("a", 1)
    bench.wait(.seconds(50))
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    return bench
  }

  @Test("it is listed from 8 s after the deletion on, under its own name, for 35 days")
  func listing() throws {
    var bench = try Self.deleted()
    let id = try bench.table("orders").id
    let deletion = bench.now
    bench.wait(.milliseconds(7_999))
    #expect(try Self.list(&bench) == [])
    bench.wait(.milliseconds(1))
    let arn =
      "arn:aws:dynamodb:us-east-1:123456789012:table/orders/backup/01780315260000-00000000"
    let summaries = try Self.list(&bench)
    #expect(
      summaries.map { $0.show() } == [
        "{'TableName':'orders','TableId':'\(id)',"
          + "'TableArn':'arn:aws:dynamodb:us-east-1:123456789012:table/orders',"
          + "'BackupArn':'\(arn)','BackupName':'orders$DeletedTableBackup',"
          + "'BackupCreationDateTime':1780315260.0,'BackupExpiryDateTime':1783339260.0,"
          + "'BackupStatus':'AVAILABLE','BackupType':'SYSTEM','BackupSizeBytes':0}"
      ])
    #expect(try Self.list(&bench, "ALL") == summaries)
    #expect(try Self.list(&bench, "USER") == [])
    #expect(try bench.show("ListBackups", "{}") == "{'BackupSummaries':[]}")
    #expect(
      try bench.show(
        "DescribeBackup", "{'BackupArn':'\(arn)'}",
        "BackupDescription.SourceTableFeatureDetails") == "{}")
    bench.cloud.advance(to: deletion + .days(35) - .milliseconds(1))
    #expect(try Self.list(&bench) == summaries)
    bench.wait(.milliseconds(1))
    #expect(try Self.list(&bench) == [])
    #expect(
      bench.refusal("DescribeBackup", "{'BackupArn':'\(arn)'}")
        == "BackupNotFoundException: Backup not found: \(arn)")
  }

  @Test("it lives 35 days whatever the recovery period was")
  func life() throws {
    var bench = try Self.deleted(days: 1)
    bench.wait(.days(35) - .milliseconds(1))
    #expect(try Self.list(&bench).count == 1)
    bench.wait(.milliseconds(1))
    #expect(try Self.list(&bench).count == 0)
  }

  @Test("it brings the last state back, under the old name too, and no other second")
  func restore() throws {
    var bench = try Self.deleted()
    bench.wait(.seconds(10))
    let arn = try #require(try Self.list(&bench).first).text("BackupArn")
    #expect(
      bench.refusal(
        "RestoreTableToPointInTime",
        "{'SourceTableName':'orders','TargetTableName':'back','UseLatestRestorableTime':true}")
        == "TableNotFoundException: Table not found: orders")
    try bench.restore(arn, to: "orders")
    bench.wait(.seconds(240))
    #expect(try bench.contents() == ["a=1"])
  }

  @Test("recovery off before the deletion, or less than 1 s after it, leaves none")
  func suppression() throws {
    for delay in [nil, 0, 999] as [Int64?] {
      var bench = try Bench.withOrders()
      try bench.recovery(true)
      if delay == nil { try bench.recovery(false) }
      try bench.call("DeleteTable", "{'TableName':'orders'}")
      if let delay {
        bench.wait(.milliseconds(delay))
        try bench.recovery(false)
      }
      bench.wait(.minutes(1))
      #expect(try Self.list(&bench, "ALL") == [], "after \(delay ?? -1) ms")
    }
  }

  @Test("recovery switched on less than 1 s after the deletion makes one")
  func lateRecovery() throws {
    var bench = try Bench.withOrders()
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.milliseconds(999))
    try bench.recovery(true)
    bench.wait(.minutes(1))
    #expect(try Self.list(&bench).count == 1)
  }

  @Test("two tables deleted in the same millisecond leave two backups, each with its own items")
  func sameMillisecond() throws {
    var bench = Bench()
    for (value, name) in ["one", "two"].enumerated() {
      try bench.makeTable(name)
      try bench.recovery(true, of: name)
      try bench.put("a", value + 1, into: name)
    }
    for name in ["one", "two"] { try bench.call("DeleteTable", "{'TableName':'\(name)'}") }
    bench.wait(.seconds(10))
    let arns = try Self.list(&bench).map { try $0.text("BackupArn") }
    #expect(Set(arns).count == 2)
    for (value, arn) in arns.enumerated() {
      try bench.restore(arn, to: "copy-\(value + 1)")
      bench.wait(.seconds(240))
      #expect(try bench.contents(of: "copy-\(value + 1)") == ["a=\(value + 1)"])
    }
  }

  @Test("on-demand backups of a deleted table stay as they are")
  func userBackups() throws {
    var bench = try Bench.withOrders()
    try bench.recovery(true)
    let arn = try bench.backup()
    let before = try bench.show("DescribeBackup", "{'BackupArn':'\(arn)'}")
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.days(400))
    #expect(try bench.show("DescribeBackup", "{'BackupArn':'\(arn)'}") == before)
  }
}
