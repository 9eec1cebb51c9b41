// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

extension Bench {
  static let role = "arn:aws:iam::123456789012:role/service-role/AWSBackupDefaultServiceRole"
  static let ordersARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"

  /// An accepted request of AWS Backup.
  @discardableResult
  mutating func backup(_ operation: String, _ input: String, as other: Caller? = nil) throws
    -> Document
  {
    try call(operation, input, service: "backup", as: other)
  }

  mutating func backupRefusal(
    _ operation: String, _ input: String, as other: Caller? = nil
  ) -> String {
    refusal(operation, input, service: "backup", as: other)
  }

  /// A bench with the table `orders`, the item `a` and the vault `prod`.
  static func withVault(_ vault: String = "prod") throws -> Bench {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    try bench.backup("CreateBackupVault", "{'BackupVaultName':'\(vault)'}")
    return bench
  }

  /// Asks for a recovery point of `orders`; `more` are further members.
  mutating func startBackup(_ vault: String = "prod", _ more: String = "") throws -> String {
    let members = more.isEmpty ? "" : "," + more
    return try backup(
      "StartBackupJob",
      "{'BackupVaultName':'\(vault)','ResourceArn':'\(Self.ordersARN)','IamRoleArn':'\(Self.role)'"
        + "\(members)}"
    ).text("BackupJobId")
  }

  /// Uses everything there is of AWS Backup on `orders`; much of it is under way afterwards.
  mutating func useAWSBackup() throws {
    try backup("CreateBackupVault", "{'BackupVaultName':'prod'}")
    try backup("CreateLogicallyAirGappedBackupVault", AirGappedVaultTests.create(7, 30))
    try select(try makePlan(Self.rule("r", "0 5 ? * * *")), "'Resources':['*']")
    let point = try recoveryPoint("prod", "'IdempotencyToken':'once'")
    _ = try hold("h")
    try testingPlan()
    try testingSelection(RestoreTestingTests.all)
    try report("BACKUP_JOB_REPORT")
    try backup("StartReportJob", "{'ReportPlanName':'daily'}")
    try backup(
      "CreateFramework",
      "{'FrameworkName':'all','FrameworkControls':"
        + "[{'ControlName':'BACKUP_RECOVERY_POINT_ENCRYPTED'}]}")
    try backup(
      "StartCopyJob",
      "{'RecoveryPointArn':'\(point)','SourceBackupVaultName':'prod','IamRoleArn':'\(Self.role)',"
        + "'DestinationBackupVaultArn':'arn:aws:backup:us-east-1:\(caller.account):backup-vault:gap'}"
    )
    try backup(
      "StartRestoreJob",
      "{'RecoveryPointArn':'\(point)','Metadata':{'targetTableName':'brought-back'},"
        + "'IamRoleArn':'\(Self.role)'}")
  }

  mutating func job(_ id: String) throws -> Document {
    try backup("DescribeBackupJob", "{'BackupJobId':'\(id)'}")
  }

  /// Takes a recovery point of `orders`, waits until it is done, and returns its ARN.
  mutating func recoveryPoint(_ vault: String = "prod", _ more: String = "") throws -> String {
    let id = try startBackup(vault, more)
    wait(.minutes(10))
    let job = try job(id)
    try #require(job.show("State") == "'COMPLETED'", "\(job.show())")
    return try job.text("RecoveryPointArn")
  }

  mutating func point(_ arn: String, in vault: String = "prod") throws -> Document {
    try backup(
      "DescribeRecoveryPoint", "{'BackupVaultName':'\(vault)','RecoveryPointArn':'\(arn)'}")
  }
}
