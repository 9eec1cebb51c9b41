// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import PersistentCollections
import Simulation
import TableStore
import Testing

@Suite("A table whose key is lost")
struct KeyLossTests {
  private static let get = "{'TableName':'orders','Key':{'id':{'S':'a'}}}"
  private static let inaccessible = "INACCESSIBLE_ENCRYPTION_CREDENTIALS"

  /// `orders` under a key, with one item; the key is made unusable at the instant that comes back.
  private static func lost(
    by operation: String = "DisableKey", recovery: Bool = false
  ) throws -> (Bench, key: String, at: Instant) {
    var (bench, key) = try Bench.withKeyedOrders()
    try bench.put("a", 1)
    if recovery { try bench.recovery(true) }
    bench.wait(.minutes(20))
    try bench.key(operation, key)
    return (bench, key, bench.now)
  }

  @Test(
    "items can be read for five minutes more; the status follows after thirty, with its instant")
  func timeline() throws {
    var (bench, key, at) = try Self.lost()
    bench.cloud.advance(to: at + .minutes(5) - .milliseconds(1))
    #expect(try bench.contents() == ["a=1"])
    bench.wait(.milliseconds(1))
    for (operation, input) in [
      ("GetItem", Self.get), ("DeleteItem", Self.get), ("Scan", "{'TableName':'orders'}"),
      ("PutItem", "{'TableName':'orders','Item':{'id':{'S':'b'}}}"),
      ("BatchGetItem", "{'RequestItems':{'orders':{'Keys':[{'id':{'S':'a'}}]}}}"),
    ] {
      let before = bench.cloud.fingerprint()
      #expect(
        withoutRequestID(bench.refusal(operation, input)) == disabledWords(key), "\(operation)")
      #expect(bench.cloud.fingerprint() == before)
    }
    bench.cloud.advance(to: at + .minutes(30) - .milliseconds(1))
    #expect(bench.status(of: "orders") == "ACTIVE")
    bench.wait(.milliseconds(1))
    #expect(bench.status(of: "orders") == Self.inaccessible)
    let noticed = (at + .minutes(30)).epochSeconds
    #expect(
      try bench.encryption()
        == "{'Status':'ENABLED','SSEType':'KMS','KMSMasterKeyArn':'\(key)',"
        + "'InaccessibleEncryptionDateTime':\(noticed)}")
  }

  @Test("a key pending deletion is lost with words of its own, and a deleted one is not there")
  func otherLosses() throws {
    var (bench, key, _) = try Self.lost(by: "ScheduleKeyDeletion")
    bench.wait(.minutes(5))
    #expect(
      withoutRequestID(bench.refusal("GetItem", Self.get))
        == Words.validation
        + keyWords(
          "KMS validation error", "KMSInvalidStateException", "\(key) is pending deletion."))
    bench.wait(.hours(1))
    #expect(bench.status(of: "orders") == Self.inaccessible)
    try bench.key("CancelKeyDeletion", key)
    bench.wait(.hours(1))
    #expect(bench.status(of: "orders") == Self.inaccessible, "the key is Disabled still")
    #expect(withoutRequestID(bench.refusal("GetItem", Self.get)) == disabledWords(key))
    try bench.key("EnableKey", key)
    bench.wait(.hours(1))
    #expect(bench.status(of: "orders") == "ACTIVE")
  }

  @Test("what an inaccessible table refuses at once, and what it goes on doing")
  func matrix() throws {
    var (bench, key, _) = try Self.lost(recovery: true)
    let another = try bench.makeKey()
    let refused = [
      ("CreateBackup", "{'TableName':'orders','BackupName':'late'}"),
      (
        "UpdateTimeToLive",
        "{'TableName':'orders','TimeToLiveSpecification':{'Enabled':true,'AttributeName':'t'}}"
      ),
      ("UpdateTable", Bench.keyChange("'Enabled':false")),
      ("UpdateTable", Bench.keyChange("'Enabled':true")),
      ("UpdateTable", Bench.keyChange(Bench.under(another))),
      (
        "RestoreTableToPointInTime",
        "{'SourceTableName':'orders','TargetTableName':'copy','UseLatestRestorableTime':true}"
      ),
    ]
    for pause in [Duration.zero, .hours(1)] {
      bench.wait(pause)
      let before = bench.cloud.fingerprint()
      for (operation, input) in refused {
        #expect(
          withoutRequestID(bench.refusal(operation, input)) == disabledWords(key), "\(operation)")
        #expect(bench.cloud.fingerprint() == before)
      }
    }
    #expect(try bench.show("ListTables", "{}") == "{'TableNames':['orders']}")
    try bench.recovery(true, days: 7)
    #expect(try bench.window().latest == bench.now.flooredToSecond - .minutes(5))
    try bench.call("UpdateTable", "{'TableName':'orders','DeletionProtectionEnabled':true}")
    let arn = try bench.table("orders").arn
    try bench.call("TagResource", "{'ResourceArn':'\(arn)','Tags':[{'Key':'k','Value':'v'}]}")
    try bench.call(
      "UpdateTable",
      "{'TableName':'orders','StreamSpecification':{'StreamEnabled':true,"
        + "'StreamViewType':'KEYS_ONLY'}}")
    #expect(bench.status(of: "orders") == "UPDATING")
    bench.wait(.seconds(5))
    #expect(bench.status(of: "orders") == Self.inaccessible, "not ACTIVE")
    bench.wait(.seconds(10))
    try bench.call("UpdateTable", "{'TableName':'orders','DeletionProtectionEnabled':false}")
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.minutes(1))
    #expect(bench.status(of: "orders") == "gone")
    let left = try bench.call("ListBackups", "{'BackupType':'SYSTEM'}")
      .text("BackupSummaries.0.BackupArn")
    #expect(
      withoutRequestID(
        bench.refusal(
          "RestoreTableFromBackup", "{'TargetTableName':'copy','BackupArn':'\(left)'}"))
        == disabledWords(key))
  }

  @Test("the key back: items at once, ACTIVE after thirty minutes, and no trace remains")
  func recovery() throws {
    var (bench, key, _) = try Self.lost()
    bench.wait(.hours(1))
    try bench.key("EnableKey", key)
    let back = bench.now
    #expect(try bench.contents() == ["a=1"])
    bench.cloud.advance(to: back + .minutes(30) - .milliseconds(1))
    #expect(bench.status(of: "orders") == Self.inaccessible)
    bench.wait(.milliseconds(1))
    #expect(bench.status(of: "orders") == "ACTIVE")
    #expect(
      try bench.encryption()
        == "{'Status':'ENABLED','SSEType':'KMS','KMSMasterKeyArn':'\(key)'}")
    bench.wait(.days(30))
    #expect(bench.status(of: "orders") == "ACTIVE")
  }

  @Test("a key that is back within half an hour was never missed; one lost again counts anew")
  func flapping() throws {
    var (bench, key, at) = try Self.lost()
    bench.wait(.minutes(29))
    try bench.key("EnableKey", key)
    bench.wait(.hours(2))
    #expect(bench.status(of: "orders") == "ACTIVE")
    try bench.key("DisableKey", key)
    bench.wait(.hours(1))
    try bench.key("EnableKey", key)
    bench.wait(.minutes(29))
    try bench.key("DisableKey", key)
    let again = bench.now
    bench.wait(.hours(3))
    #expect(bench.status(of: "orders") == Self.inaccessible)
    #expect(again > at)
    bench.cloud.advance(to: again + .days(7) - .milliseconds(1))
    #expect(bench.status(of: "orders") == Self.inaccessible)
    bench.wait(.milliseconds(1))
    #expect(bench.status(of: "orders") == "ARCHIVING")
  }

  @Test("once the old key is back, a change to another one makes the table ACTIVE with it")
  func change() throws {
    var (bench, key, _) = try Self.lost()
    bench.wait(.hours(1))
    try bench.key("EnableKey", key)
    let another = try bench.makeKey()
    try bench.changeKey(Bench.under(another))
    bench.wait(.seconds(22))
    #expect(bench.status(of: "orders") == "ACTIVE")
    try bench.key("DisableKey", key)
    bench.wait(.hours(2))
    #expect(bench.status(of: "orders") == "ACTIVE")
    #expect(try bench.contents() == ["a=1"])
  }

  @Test("after seven days the table is archived: its items are in a backup, which needs the key")
  func archival() throws {
    var (bench, key, at) = try Self.lost(recovery: true)
    bench.cloud.advance(to: at + .days(7) - .milliseconds(1))
    #expect(bench.status(of: "orders") == Self.inaccessible)
    bench.wait(.milliseconds(1))
    #expect(bench.status(of: "orders") == "ARCHIVING")
    #expect(
      bench.refusal("DeleteTable", "{'TableName':'orders'}")
        == Words.inUse + "Table is being archived: orders")
    bench.wait(.minutes(10))
    #expect(bench.status(of: "orders") == "ARCHIVED")
    let table = try bench.call("DescribeTable", "{'TableName':'orders'}")
    let backup = try table.text("Table.ArchivalSummary.ArchivalBackupArn")
    #expect(
      table.show("Table.ArchivalSummary")
        == "{'ArchivalDateTime':\((at + .days(7)).epochSeconds),"
        + "'ArchivalReason':'\(Self.inaccessible)','ArchivalBackupArn':'\(backup)'}")
    let description = try bench.call("DescribeBackup", "{'BackupArn':'\(backup)'}")
      .at("BackupDescription")
    #expect(description?.show("BackupDetails.BackupStatus") == "'AVAILABLE'")
    #expect(description?.show("BackupDetails.BackupType") == "'USER'")
    #expect(try bench.table("orders").image.isEmpty)
    #expect(bench.refusal("GetItem", Self.get) == Words.missing)
    #expect(
      bench.refusal("UpdateTable", "{'TableName':'orders','DeletionProtectionEnabled':true}")
        == Words.inUse + "Table is archived: orders")
    let restore = "{'TargetTableName':'orders','BackupArn':'\(backup)'}"
    try bench.key("EnableKey", key)
    bench.wait(.hours(2))
    #expect(bench.status(of: "orders") == "ARCHIVED", "the key back does not bring it back")
    #expect(
      bench.refusal("RestoreTableFromBackup", restore)
        == "TableAlreadyExistsException: Table already exists: orders")
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.minutes(1))
    try bench.key("DisableKey", key)
    #expect(
      withoutRequestID(bench.refusal("RestoreTableFromBackup", restore)) == disabledWords(key))
    try bench.key("EnableKey", key)
    try bench.call("RestoreTableFromBackup", restore)
    bench.wait(.minutes(10))
    #expect(try bench.contents() == ["a=1"])
    #expect(bench.status(of: "orders") == "ACTIVE")
  }

  @Test("a table deleted just before its archiving is gone, and no backup of it remains")
  func deletedInTime() throws {
    var (bench, _, at) = try Self.lost()
    bench.cloud.advance(to: at + .days(7) - .seconds(1))
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.seconds(2))
    #expect(bench.status(of: "orders") == "DELETING")
    bench.wait(.hours(1))
    #expect(bench.status(of: "orders") == "gone")
    #expect(try bench.show("ListBackups", "{'BackupType':'ALL'}", "BackupSummaries") == "[]")
  }

  @Test("an archived table still tells its indexes")
  func archivedIndexes() throws {
    var bench = Bench()
    let key = try bench.makeKey()
    try bench.call(
      "CreateTable",
      Bench.salesInput.replacing(
        "'SSESpecification':{'Enabled':true}", with: "'SSESpecification':{\(Bench.under(key))}"))
    bench.wait(.hours(1))
    try bench.key("DisableKey", key)
    bench.wait(.days(8))
    #expect(bench.status(of: "sales") == "ARCHIVED")
    let table = try bench.call("DescribeTable", "{'TableName':'sales'}")
    #expect(table.show("Table.GlobalSecondaryIndexes.0.IndexName") == "'by-state'")
    #expect(table.show("Table.LocalSecondaryIndexes.0.IndexName") == "'by-amount'")
  }

  @Test("a backup whose key is deleted cannot be restored")
  func deletedKey() throws {
    var (bench, key) = try Bench.withKeyedOrders()
    let backup = try bench.backup()
    try bench.key("ScheduleKeyDeletion", key, ",'PendingWindowInDays':7")
    bench.wait(.days(8))
    #expect(
      withoutRequestID(
        bench.refusal(
          "RestoreTableFromBackup", "{'TargetTableName':'copy','BackupArn':'\(backup)'}"))
        == Words.validation
        + keyWords("KMS validation error", "NotFoundException", "Key '\(key)' does not exist"))
  }

  @Test("a table whose key is lost while it is made stays CREATING for an hour and is gone")
  func creating() throws {
    var bench = Bench()
    let key = try bench.makeKey()
    try bench.call(
      "CreateTable", Bench.ordersInput.dropLast() + ",'SSESpecification':{\(Bench.under(key))}}")
    try bench.key("DisableKey", key)
    bench.wait(.minutes(59) - .milliseconds(1))
    #expect(bench.status(of: "orders") == "CREATING")
    bench.wait(.milliseconds(1))
    #expect(bench.status(of: "orders") == "gone")
  }

  @Test("what expires under a lost key goes when the key is back")
  func expiry() throws {
    var (bench, key) = try Bench.withKeyedOrders()
    try bench.call(
      "UpdateTimeToLive",
      "{'TableName':'orders','TimeToLiveSpecification':{'Enabled':true,'AttributeName':'v'}}")
    try bench.put("a", Int(bench.now.milliseconds / 1_000))
    bench.wait(.hours(1))
    try bench.key("DisableKey", key)
    bench.wait(.days(3))
    #expect(try bench.table("orders").image.count == 1)
    try bench.key("EnableKey", key)
    bench.wait(.hours(1))
    #expect(try bench.table("orders").image.isEmpty)
  }

  @Test("other tables, and other Regions, know nothing of it")
  func others() throws {
    var (bench, key, _) = try Self.lost()
    let other = try bench.makeKey()
    try bench.key("EnableKey", key)
    try bench.makeTable("plain")
    try bench.call(
      "CreateTable",
      Bench.ordersInput.replacing("'orders'", with: "'other'").dropLast()
        + ",'SSESpecification':{\(Bench.under(other))}}")
    bench.wait(.minutes(1))
    try bench.key("DisableKey", key)
    bench.wait(.days(8))
    #expect(bench.status(of: "plain") == "ACTIVE")
    #expect(bench.status(of: "other") == "ACTIVE")
    #expect(bench.status(of: "orders") == "ARCHIVED")
  }
}
