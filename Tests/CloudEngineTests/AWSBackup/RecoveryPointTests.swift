// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Lifecycles, locks and restores of recovery points")
struct RecoveryPointTests {
  @Test(
    "a recovery point goes cold in the hour of its day and is deleted within 8 hours of its end")
  func lifecycle() throws {
    var bench = try Bench.withVault()
    let began = bench.now + .seconds(60)
    let arn = try bench.recoveryPoint(
      "prod", "'Lifecycle':{'MoveToColdStorageAfterDays':10,'DeleteAfterDays':100}")
    let shown = try bench.point(arn)
    #expect(try shown.instant("CreationDate") == began)
    #expect(try shown.instant("CalculatedLifecycle.MoveToColdStorageAt") == began + .days(10))
    #expect(try shown.instant("CalculatedLifecycle.DeleteAt") == began + .days(100))
    bench.cloud.advance(to: began + .days(10) - .milliseconds(1))
    #expect(try bench.point(arn).show("StorageClass") == "'WARM'")
    bench.wait(.hours(1))
    #expect(try bench.point(arn).show("StorageClass") == "'COLD'")
    #expect(
      bench.backupRefusal(
        "UpdateRecoveryPointLifecycle",
        "{'BackupVaultName':'prod','RecoveryPointArn':'\(arn)',"
          + "'Lifecycle':{'MoveToColdStorageAfterDays':11,'DeleteAfterDays':101}}")
        == "InvalidParameterValueException: Invalid lifecycle. MoveToColdStorageAfterDays cannot be "
        + "changed after a backup has been transitioned to cold")
    bench.cloud.advance(to: began + .days(100) - .milliseconds(1))
    #expect(try bench.point(arn).show("Status") == "'COMPLETED'")
    bench.wait(.hours(8) + .seconds(11))
    #expect(
      bench.backupRefusal(
        "DescribeRecoveryPoint", "{'BackupVaultName':'prod','RecoveryPointArn':'\(arn)'}")
        == "ResourceNotFoundException: Cannot find recovery point.")
    try bench.backup("DeleteBackupVault", "{'BackupVaultName':'prod'}")
  }

  @Test("a new lifecycle replaces the old one, must not end today, and members left out are never")
  func update() throws {
    var bench = try Bench.withVault()
    let arn = try bench.recoveryPoint("prod", "'Lifecycle':{'DeleteAfterDays':5}")
    bench.wait(.days(3))
    func update(_ lifecycle: String) -> String {
      "{'BackupVaultName':'prod','RecoveryPointArn':'\(arn)','Lifecycle':{\(lifecycle)}}"
    }
    #expect(
      bench.backupRefusal("UpdateRecoveryPointLifecycle", update("'DeleteAfterDays':3"))
        == "InvalidParameterValueException: Invalid lifecycle. DeleteAfterDays must be at least 4 for a "
        + "recovery point that is 3 days old")
    try bench.backup("UpdateRecoveryPointLifecycle", update("'DeleteAfterDays':4"))
    try bench.backup("UpdateRecoveryPointLifecycle", update("'MoveToColdStorageAfterDays':20"))
    bench.wait(.days(30))
    #expect(try bench.point(arn).show("StorageClass") == "'COLD'")
    bench.wait(.days(3_650))
    #expect(try bench.point(arn).show("Status") == "'COMPLETED'")
  }

  /// What changes a locked vault or what is in it, and in which of the states it is refused.
  static let changes: [(name: String, input: String, refusedIn: [String])] = [
    (
      "DeleteRecoveryPoint", "{'BackupVaultName':'prod','RecoveryPointArn':'$POINT'}",
      ["governance", "grace", "locked"]
    ),
    (
      "UpdateRecoveryPointLifecycle",
      "{'BackupVaultName':'prod','RecoveryPointArn':'$POINT','Lifecycle':{'DeleteAfterDays':400}}",
      ["governance", "grace", "locked"]
    ),
    ("PutBackupVaultLockConfiguration", "{'BackupVaultName':'prod'}", ["locked"]),
    ("DeleteBackupVaultLockConfiguration", "{'BackupVaultName':'prod'}", ["locked"]),
    ("DeleteBackupVaultNotifications", "{'BackupVaultName':'prod'}", []),
    ("DeleteBackupVaultAccessPolicy", "{'BackupVaultName':'prod'}", []),
    ("TagResource", "{'ResourceArn':'$POINT','Tags':{'a':'b'}}", []),
    ("DeleteBackupVault", "{'BackupVaultName':'prod'}", ["open", "governance", "grace", "locked"]),
  ]

  @Test(
    "a lock refuses the same to the administrator and to root, in each of its states",
    arguments: ["open", "governance", "grace", "locked"])
  func lock(state: String) throws {
    var bench = try Bench.withVault()
    let point = try bench.recoveryPoint("prod", "'Lifecycle':{'DeleteAfterDays':30}")
    let days = ["grace": ",'ChangeableForDays':3", "locked": ",'ChangeableForDays':3"][state] ?? ""
    if state != "open" {
      try bench.backup("PutBackupVaultLockConfiguration", "{'BackupVaultName':'prod'\(days)}")
      bench.wait(state == "locked" ? .days(3) : .days(3) - .milliseconds(1))
    }
    let shown = try bench.backup("DescribeBackupVault", "{'BackupVaultName':'prod'}")
    #expect(shown.show("Locked") == (state == "open" ? "false" : "true"))
    #expect((shown.at("LockDate") != nil) == !days.isEmpty)
    let root = Caller(
      account: bench.caller.account, region: bench.caller.region,
      principal: Principal(kind: .root, name: ""))
    for caller in [bench.caller, root] {
      for change in Self.changes {
        var tried = bench
        let before = tried.cloud.fingerprint()
        let input = change.input.replacing("$POINT", with: point)
        let answer = tried.backupRefusal(change.name, input, as: caller)
        let isRefused = !answer.hasPrefix("accepted: ")
        #expect(isRefused == change.refusedIn.contains(state), "\(change.name): \(answer)")
        #expect(!isRefused || tried.cloud.fingerprint() == before)
      }
    }
    // What is locked in expires all the same.
    bench.wait(.days(31))
    let emptied = try bench.backup("DescribeBackupVault", "{'BackupVaultName':'prod'}")
    #expect(emptied.show("NumberOfRecoveryPoints") == "0")
    try bench.backup("DeleteBackupVault", "{'BackupVaultName':'prod'}")
  }

  @Test(
    "a restored table is under the key that metadata and recovery point say",
    arguments: [
      (true, "", "$TABLE"), (false, "", "absent"),
      (true, ",'encryptionType':'Default'", "absent"),
      (true, ",'ENCRYPTIONTYPE':'KMS','kmsMasterKeyArn':'$OTHER'", "$OTHER"),
    ] as [(Bool, String, String)])
  func encryption(isAdvanced: Bool, metadata: String, expected: String) throws {
    var bench = Bench()
    let key = try bench.makeKeyedTable()
    let other = try bench.makeKey()
    try bench.put("a", 1)
    try bench.backup("CreateBackupVault", "{'BackupVaultName':'prod'}")
    try bench.backup(
      "UpdateRegionSettings",
      "{'ResourceTypeManagementPreference':{'DynamoDB':\(isAdvanced)}}")
    let arn = try bench.recoveryPoint()
    let job = try bench.restoreJob(
      arn, "'targetTableName':'copy'" + metadata.replacing("$OTHER", with: other))
    #expect(job.show("Status") == "'COMPLETED'")
    let table = try bench.call("DescribeTable", "{'TableName':'copy'}")
    let shown = table.show("Table.SSEDescription.KMSMasterKeyArn").replacing("'", with: "")
    let names = [("$TABLE", key), ("$OTHER", other)]
    #expect(shown == names.reduce(expected) { $0.replacing($1.0, with: $1.1) })
    #expect(try bench.keys(of: "copy") == ["a"])
  }

  @Test("the table's key being gone does not matter to what lies under the vault's key")
  func independence() throws {
    var bench = Bench()
    let key = try bench.makeKeyedTable()
    try bench.put("a", 1)
    let vaultKey = try bench.makeKey()
    try bench.backup(
      "CreateBackupVault", "{'BackupVaultName':'prod','EncryptionKeyArn':'\(vaultKey)'}")
    let own = try bench.recoveryPoint()
    try bench.backup(
      "UpdateRegionSettings", "{'ResourceTypeManagementPreference':{'DynamoDB':false}}")
    let plain = try bench.recoveryPoint()
    try bench.call("DisableKey", "{'KeyId':'\(key)'}", service: "kms")
    let target = ",'encryptionType':'Default'"
    #expect(
      try bench.restoreJob(own, "'targetTableName':'one'" + target).show("Status") == "'COMPLETED'")
    let failed = try bench.restoreJob(plain, "'targetTableName':'two'" + target)
    #expect(failed.show("Status") == "'FAILED'")
    #expect(
      failed.show("StatusMessage")
        == "'KMS key is either disabled or pending deletion or access to KMS key is denied'")
    try bench.call("DisableKey", "{'KeyId':'\(vaultKey)'}", service: "kms")
    #expect(
      try bench.restoreJob(own, "'targetTableName':'three'" + target).show("Status") == "'FAILED'")
  }

  @Test("a restore fails, and makes nothing, where a table has the name or tags are to be copied")
  func failures() throws {
    var bench = try Bench.withVault()
    let arn = try bench.recoveryPoint()
    #expect(
      try bench.restoreJob(arn, "'targetTableName':'orders'").show("StatusMessage")
        == "'Table already exists: orders'")
    let tagged = try bench.restoreJob(
      arn, "'targetTableName':'copy'", ",'CopySourceTagsToRestoredResource':true")
    #expect(tagged.show("Status") == "'FAILED'")
    #expect(bench.cloud[bench.place].tableNames == ["orders"])
  }

  @Test("a recovery point outlives its table, and brings it back as it was")
  func survival() throws {
    var bench = try Bench.withVault()
    let arn = try bench.recoveryPoint()
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.days(400))
    let job = try bench.restoreJob(arn, "'targetTableName':'orders'")
    #expect(job.show("CreatedResourceArn") == "'\(Bench.ordersARN)'")
    #expect(try bench.keys(of: "orders") == ["a"])
    let resource = try bench.backup(
      "DescribeProtectedResource", "{'ResourceArn':'\(Bench.ordersARN)'}")
    #expect(resource.show("LastRecoveryPointArn") == "'\(arn)'")
    #expect(resource.show("LatestRestoreExecutionTimeMinutes") == "10")
  }

  @Test("warm and cold storage are metered by the hour, each at its own price")
  func bill() throws {
    var bench = try Bench.withVault()
    try bench.cloud.declareSize(500 << 30, ofTable: "orders", in: bench.place)
    let began = bench.now + .seconds(60)
    _ = try bench.startBackup(
      "prod", "'Lifecycle':{'MoveToColdStorageAfterDays':30,'DeleteAfterDays':120}")
    bench.wait(.days(121))
    let charges = bench.cloud.ledger.charges(from: began, until: bench.now)
    let warm = charges.filter { $0.line == .warmBackup }
    let cold = charges.filter { $0.line == .coldBackup }
    // Metered from the job's end, 55 minutes after it began, until the hour after the 30th day.
    #expect(warm.map(\.from) == [began + .minutes(55)])
    #expect(warm.map(\.until) == cold.map(\.from))
    let turn = try #require(cold.first).from
    #expect(turn >= began + .days(30) && turn < began + .days(30) + .hours(1))
    let end = try #require(cold.first).until
    #expect(end >= began + .days(120) && end < began + .days(120) + .hours(9))
    // Two days of July, which has 744 hours.
    for (line, price, start) in [
      (BillLine.warmBackup, 0.10, turn - .days(1)), (.coldBackup, 0.03, turn),
    ] {
      let cost = bench.cloud.ledger.charges(from: start, until: start + .hours(6))
        .filter { $0.line == line }.reduce(0) { $0 + $1.cost }
      let month = start < Instant(seconds: 1_782_864_000) ? 720.0 : 744.0
      #expect(abs(cost - 500 * price * 6 / month) < 0.000_001)
    }
  }

  @Test("what leaves cold storage early is paid for the rest of its 90 days, nothing after them")
  func earlyDeletion() throws {
    for (days, owed) in [(20, 35.0), (90, 0.0)] as [(Int64, Double)] {
      var bench = try Bench.withVault()
      try bench.cloud.declareSize(500 << 30, ofTable: "orders", in: bench.place)
      _ = try bench.startBackup(
        "prod", "'Lifecycle':{'MoveToColdStorageAfterDays':1,'DeleteAfterDays':400}")
      bench.wait(.days(2))
      let charges = bench.cloud.ledger.charges(from: Bench.start, until: bench.now)
      let cooled = try #require(charges.first { $0.line == .coldBackup }).from
      // It is gone ten seconds after the request.
      bench.cloud.advance(to: cooled + .days(days) - .seconds(10))
      let arn = try #require(bench.cloud[bench.place].recoveryPointARNs.first)
      try bench.backup(
        "DeleteRecoveryPoint", "{'BackupVaultName':'prod','RecoveryPointArn':'\(arn)'}")
      bench.wait(.minutes(1))
      let cost = bench.cloud.ledger.charges(from: Bench.start, until: bench.now)
        .filter { $0.line == .earlyDeletion }.reduce(0) { $0 + $1.cost }
      #expect(abs(cost - owed) < 0.000_001)
    }
  }
}
