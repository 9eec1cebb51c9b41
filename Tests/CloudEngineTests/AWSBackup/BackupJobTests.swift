// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Backup jobs and recovery points")
struct BackupJobTests {
  @Test("a job is CREATED, PENDING, RUNNING and COMPLETED at its instants, and says how far it is")
  func states() throws {
    var bench = try Bench.withVault()
    let id = try bench.startBackup()
    var seen: [String] = []
    for seconds: Int64 in [0, 29, 30, 59, 60, 180, 359, 360] {
      var then = bench
      then.wait(.seconds(seconds))
      let job = try then.job(id)
      seen.append("\(seconds) \(try job.text("State")) \(try job.text("PercentDone"))")
    }
    #expect(
      seen == [
        "0 CREATED 0.0", "29 CREATED 0.0", "30 PENDING 0.0", "59 PENDING 0.0", "60 RUNNING 0.0",
        "180 RUNNING 40.0", "359 RUNNING 99.6", "360 COMPLETED 100.0",
      ])
  }

  @Test("a copy of a world finds its own jobs, and not those that the other made since")
  func copies() throws {
    var bench = try Bench.withVault()
    let first = try bench.startBackup()
    #expect(try bench.job(first).show("State") == "'CREATED'")
    var other = bench
    let ids = try [other.startBackup(), other.startBackup()]
    #expect(try bench.startBackup() == ids[0])
    for id in [first] + ids { #expect(try other.job(id).show("State") == "'CREATED'") }
    for id in [first, ids[0]] { #expect(try bench.job(id).show("State") == "'CREATED'") }
    #expect(
      bench.backupRefusal("DescribeBackupJob", "{'BackupJobId':'\(ids[1])'}")
        == "ResourceNotFoundException: Cannot find backup job with ID \(ids[1])")
    // What is forgotten in one is still known in the other.
    bench.wait(.days(40))
    _ = try bench.startBackup()
    #expect(
      bench.backupRefusal("DescribeBackupJob", "{'BackupJobId':'\(first)'}")
        == "ResourceNotFoundException: Cannot find backup job with ID \(first)")
    #expect(try other.job(first).show("State") == "'CREATED'")
  }

  @Test("the recovery point holds what the table held when the job began")
  func instant() throws {
    var bench = try Bench.withVault()
    _ = try bench.startBackup()
    bench.wait(.seconds(59))
    try bench.put("b", 2)
    bench.wait(.seconds(1))
    try bench.put("c", 3)
    bench.wait(.minutes(10))
    let listed = try bench.backup(
      "ListRecoveryPointsByBackupVault", "{'BackupVaultName':'prod'}")
    let arn = try listed.text("RecoveryPoints.0.RecoveryPointArn")
    let job = try bench.restoreJob(arn, "'targetTableName':'copy'")
    #expect(job.show("Status") == "'COMPLETED'")
    #expect(try bench.keys(of: "copy") == ["a", "b"])
  }

  @Test("without advanced features it is a backup of DynamoDB's, with them it is AWS Backup's own")
  func advanced() throws {
    var bench = try Bench.withVault()
    try bench.call(
      "TagResource", "{'ResourceArn':'\(Bench.ordersARN)','Tags':[{'Key':'team','Value':'a'}]}")
    let own = try bench.recoveryPoint(
      "prod",
      "'RecoveryPointTags':{'kind':'x'},'Lifecycle':{'MoveToColdStorageAfterDays':1,'DeleteAfterDays':91}"
    )
    try bench.backup(
      "UpdateRegionSettings", "{'ResourceTypeManagementPreference':{'DynamoDB':false}}")
    let plain = try bench.recoveryPoint(
      "prod", "'Lifecycle':{'MoveToColdStorageAfterDays':1,'DeleteAfterDays':91}")
    #expect(own.hasPrefix("arn:aws:backup:us-east-1:123456789012:recovery-point:"))
    #expect(plain.hasPrefix("arn:aws:dynamodb:us-east-1:123456789012:table/orders/backup/0"))
    // What each is under, and whether it can go cold.
    let vault = try bench.backup("DescribeBackupVault", "{'BackupVaultName':'prod'}")
    #expect(try bench.point(own).show("EncryptionKeyArn") == vault.show("EncryptionKeyArn"))
    #expect(try bench.point(plain).show("EncryptionKeyArn") == "absent")
    #expect(try bench.point(own).at("CalculatedLifecycle.MoveToColdStorageAt") != nil)
    #expect(try bench.point(plain).at("CalculatedLifecycle.MoveToColdStorageAt") == nil)
    #expect(vault.show("NumberOfRecoveryPoints") == "2")
    #expect(
      try bench.backup("ListTags", "{'ResourceArn':'\(own)'}").show("Tags")
        == "{'kind':'x','team':'a'}")
    // DynamoDB lists only its own, and only when asked.
    for (type, count) in [("USER", 0), ("AWS_BACKUP", 1), ("ALL", 1)] {
      let listed = try bench.call("ListBackups", "{'BackupType':'\(type)'}")
      #expect(listed.at("BackupSummaries")?.array?.count == count, "\(type)")
    }
    #expect(
      bench.refusal("DeleteBackup", "{'BackupArn':'\(plain)'}").hasPrefix("AccessDeniedException: ")
    )
    // Its end in AWS Backup is its end in DynamoDB.
    try bench.backup(
      "DeleteRecoveryPoint", "{'BackupVaultName':'prod','RecoveryPointArn':'\(plain)'}")
    #expect(try bench.point(plain).show("Status") == "'DELETING'")
    bench.wait(.seconds(10))
    #expect(
      bench.refusal("DescribeBackup", "{'BackupArn':'\(plain)'}")
        == "BackupNotFoundException: Backup not found: \(plain)")
  }

  @Test("one job at a time works on a table; the next waits, and expires when its window ends")
  func oneAtATime() throws {
    var bench = try Bench.withVault()
    try bench.cloud.declareSize(800 << 30, ofTable: "orders", in: bench.place)
    let first = try bench.startBackup()
    bench.wait(.minutes(2))
    let second = try bench.startBackup("prod", "'StartWindowMinutes':60")
    let third = try bench.startBackup("prod", "'StartWindowMinutes':120")
    // 5 minutes and one for each 10 GB.
    bench.wait(.minutes(60))
    #expect(try bench.job(first).show("State") == "'RUNNING'")
    bench.wait(.minutes(2))
    #expect(try bench.job(second).show("State") == "'EXPIRED'")
    #expect(
      try bench.job(second).show("StatusMessage")
        == "'Backup job failed because there was a running job for the same resource.'")
    #expect(
      bench.refusal("DeleteTable", "{'TableName':'orders'}")
        == "ResourceInUseException: Attempt to change a resource which is still in use: "
        + "Table is being backed up: orders")
    bench.wait(.minutes(40))
    #expect(try bench.job(first).show("State") == "'COMPLETED'")
    #expect(try bench.job(third).show("State") == "'RUNNING'")
  }

  @Test("a job that has not begun can be stopped, and nothing is made")
  func stop() throws {
    var bench = try Bench.withVault()
    let id = try bench.startBackup()
    try bench.backup("StopBackupJob", "{'BackupJobId':'\(id)'}")
    #expect(try bench.job(id).show("State") == "'ABORTING'")
    bench.wait(.minutes(10))
    #expect(try bench.job(id).show("State") == "'ABORTED'")
    #expect(try bench.job(id).show("StatusMessage") == "'Backup job was stopped by user.'")
    #expect(
      try bench.backup("ListRecoveryPointsByBackupVault", "{'BackupVaultName':'prod'}").show()
        == "{'RecoveryPoints':[]}")
  }

  @Test(
    "a job fails when its time comes, in the words for what is wrong",
    arguments: [
      ("DeleteBackupVault", "{'BackupVaultName':'prod'}", "backup", "prod' does not exist."),
      ("DeleteTable", "{'TableName':'orders'}", "dynamodb", "Table not found."),
      (
        "DisableKey", "{'KeyId':'$KEY'}", "kms",
        "KMS key is either disabled or pending deletion or access to KMS key is denied"
      ),
      (
        "PutBackupVaultLockConfiguration", "{'BackupVaultName':'prod','MinRetentionDays':8}",
        "backup",
        "Backup job failed because the lifecycle is outside the valid range for backup vault."
      ),
      (
        "PutBackupVaultLockConfiguration", "{'BackupVaultName':'prod','MaxRetentionDays':6}",
        "backup",
        "Backup job failed because the lifecycle is outside the valid range for backup vault."
      ),
    ] as [(String, String, String, String)])
  func failures(operation: String, input: String, service: String, words: String) throws {
    var bench = try Bench.withOrders()
    let key = try bench.makeKey()
    try bench.backup(
      "CreateBackupVault", "{'BackupVaultName':'prod','EncryptionKeyArn':'\(key)'}")
    let id = try bench.startBackup("prod", "'Lifecycle':{'DeleteAfterDays':7}")
    try bench.call(operation, input.replacing("$KEY", with: key), service: service)
    bench.wait(.minutes(10))
    let job = try bench.job(id)
    #expect(job.show("State") == "'FAILED'")
    let expected = words.replacing(
      "prod' does", with: "backup-vault:prod does")
    #expect(try job.text("StatusMessage").hasSuffix(expected), "\(job.show("StatusMessage"))")
  }

  @Test("who looks at a job learns when it goes on, and nothing of another's")
  func lookedAt() throws {
    var bench = try Bench.withVault()
    let id = try bench.startBackup()
    func next(_ id: String, as caller: Caller) throws -> Instant? {
      bench.cloud.nextTransition(
        lookedAtBy: ServiceRequest(
          service: "backup", operation: "DescribeBackupJob",
          input: try json("{'BackupJobId':'\(id)'}"), caller: caller))
    }
    #expect(try next(id, as: bench.caller) == bench.now + .seconds(60))
    #expect(try next("other", as: bench.caller) == nil)
    #expect(try next(id, as: Caller(account: "111122223333", region: "us-east-1")) == nil)
    bench.wait(.minutes(10))
    #expect(try next(id, as: bench.caller) == nil)
  }

  @Test("jobs are listed by what is asked, newest first, for 30 days")
  func listing() throws {
    var bench = try Bench.withVault()
    let first = try bench.startBackup()
    bench.wait(.minutes(10))
    let second = try bench.startBackup()
    func ids(_ input: String) throws -> [String] {
      var bench = bench
      let answer = try bench.backup("ListBackupJobs", input)
      return answer.at("BackupJobs")?.array?.compactMap { $0["BackupJobId"]?.string } ?? []
    }
    #expect(try ids("{}") == [second, first])
    #expect(try ids("{'ByState':'COMPLETED'}") == [first])
    #expect(try ids("{'ByBackupVaultName':'none'}") == [])
    #expect(
      try ids("{'ByResourceArn':'\(Bench.ordersARN)','ByAccountId':'123456789012'}") == [
        second, first,
      ])
    #expect(try ids("{'ByMessageCategory':'SUCCESS'}") == [first])
    bench.wait(.days(30) + .milliseconds(1))
    #expect(try ids("{}") == [])
  }
}

extension Bench {
  /// Restores a recovery point and waits until the job is over.
  mutating func restoreJob(_ arn: String, _ metadata: String, _ more: String = "") throws
    -> Document
  {
    let answer = try backup(
      "StartRestoreJob",
      "{'RecoveryPointArn':'\(arn)','Metadata':{\(metadata)},'IamRoleArn':'\(Self.role)'\(more)}")
    wait(.hours(6))
    return try backup("DescribeRestoreJob", "{'RestoreJobId':'\(try answer.text("RestoreJobId"))'}")
  }

  /// The keys of a table's items, in order.
  mutating func keys(of table: String) throws -> [String] {
    let answer = try call("Scan", "{'TableName':'\(table)'}")
    return (answer.at("Items")?.array ?? []).compactMap { $0.at("id.S")?.string }.sorted()
  }
}
