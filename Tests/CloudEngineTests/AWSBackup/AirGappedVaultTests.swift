// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Logically air-gapped vaults")
struct AirGappedVaultTests {
  static func create(_ least: Int, _ most: Int, _ more: String = "") -> String {
    "{'BackupVaultName':'gap','MinRetentionDays':\(least),'MaxRetentionDays':\(most)\(more)}"
  }

  static let gap = "{'BackupVaultName':'gap'}"

  @Test("it is made in two minutes, locked from its first instant, under a key that AWS owns")
  func life() throws {
    var bench = try Bench.withVault()
    let made = bench.now
    let answer = try bench.backup("CreateLogicallyAirGappedBackupVault", Self.create(7, 30))
    #expect(answer.show("VaultState") == "'CREATING'")
    bench.wait(.minutes(2))
    let shown = try bench.backup("DescribeBackupVault", Self.gap)
    #expect(
      [
        "VaultType", "VaultState", "Locked", "MinRetentionDays", "MaxRetentionDays",
        "EncryptionKeyArn", "EncryptionKeyType",
      ].map { shown.show($0) } == [
        "'LOGICALLY_AIR_GAPPED_BACKUP_VAULT'", "'AVAILABLE'", "true", "7", "30", "absent",
        "'AWS_OWNED_KMS_KEY'",
      ])
    #expect(try shown.instant("LockDate") == made)
    for (type, count) in [
      ("LOGICALLY_AIR_GAPPED_BACKUP_VAULT", 1), ("BACKUP_VAULT", 1),
      ("RESTORE_ACCESS_BACKUP_VAULT", 0),
    ] {
      let list = try bench.backup("ListBackupVaults", "{'ByVaultType':'\(type)'}")
      #expect(list.at("BackupVaultList")?.array?.count == count)
    }
    #expect(
      bench.backupRefusal("DeleteBackupVaultLockConfiguration", Self.gap)
        == "InvalidRequestException: Vault Lock configuration is immutable and cannot be deleted")
    #expect(
      bench.backupRefusal("PutBackupVaultLockConfiguration", Self.gap)
        == "InvalidRequestException: Vault Lock configuration is immutable and cannot be modified")
    #expect(
      bench.backupRefusal(
        "StartBackupJob",
        "{'BackupVaultName':'gap','ResourceArn':'\(Bench.ordersARN)','IamRoleArn':'\(Bench.role)'}")
        == "InvalidParameterValueException: A logically air-gapped vault cannot be the target of a "
        + "backup job: gap")
    try bench.backup("DeleteBackupVault", Self.gap)
  }

  @Test("copies within its retention come in, stay until their end, and can be restored")
  func copies() throws {
    var world = try CopyBench()
    try world.bench.backup("CreateLogicallyAirGappedBackupVault", Self.create(7, 30))
    let vault = CopyBench.vault("123456789012", "us-east-1", "gap")
    let early = try world.copy(to: vault, ",'Lifecycle':{'DeleteAfterDays':7}")
    #expect(
      early.show("StatusMessage")
        == "'Copy job failed because backup vault \(vault) is not available.'")
    for (days, state) in [(6, "FAILED"), (7, "COMPLETED"), (30, "COMPLETED"), (31, "FAILED")] {
      let job = try world.copy(to: vault, ",'Lifecycle':{'DeleteAfterDays':\(days)}")
      #expect(job.show("State") == "'\(state)'", "\(days)")
      #expect(job.show("DestinationVaultType") == "'LOGICALLY_AIR_GAPPED_BACKUP_VAULT'")
    }
    var bench = world.bench
    let list = try bench.backup("ListRecoveryPointsByBackupVault", Self.gap)
    #expect(list.show("RecoveryPoints.0.VaultType") == "'LOGICALLY_AIR_GAPPED_BACKUP_VAULT'")
    let arn = try list.text("RecoveryPoints.0.RecoveryPointArn")
    #expect(
      bench.backupRefusal(
        "DeleteRecoveryPoint", "{'BackupVaultName':'gap','RecoveryPointArn':'\(arn)'}")
        == BackupServiceRefusalTests.locked)
    #expect(
      try bench.restoreJob(arn, "'targetTableName':'back'").show("Status") == "'COMPLETED'")
    bench.wait(.days(31))
    try bench.backup("DeleteBackupVault", Self.gap)
  }

  @Test("it is its own answer to the same request, and to no other")
  func idempotency() throws {
    var bench = Bench()
    let token = ",'CreatorRequestId':'one'"
    let first = try bench.backup(
      "CreateLogicallyAirGappedBackupVault", Self.create(7, 30, token))
    let again = try bench.backup(
      "CreateLogicallyAirGappedBackupVault", Self.create(7, 30, token))
    #expect(first == again)
    let fingerprint = bench.cloud.fingerprint()
    for input in [Self.create(8, 30, token), Self.create(7, 30)] {
      #expect(
        bench.backupRefusal("CreateLogicallyAirGappedBackupVault", input)
          == "AlreadyExistsException: Backup vault with the same name already exists")
    }
    for (least, most, words) in [
      (6, 30, "MinRetentionDays must be at least 7 days"),
      (7, 36_501, "MaxRetentionDays cannot exceed 36500 days"),
      (9, 8, "MinRetentionDays cannot be greater than MaxRetentionDays"),
    ] {
      #expect(
        bench.backupRefusal("CreateLogicallyAirGappedBackupVault", Self.create(least, most))
          == "InvalidParameterValueException: \(words)")
    }
    #expect(
      bench.backupRefusal(
        "CreateLogicallyAirGappedBackupVault", Self.create(7, 30),
        as: bench.inRegion("cn-north-1"))
        == "InvalidRequestException: Logically air-gapped vaults are not supported in Region "
        + "cn-north-1")
    #expect(bench.cloud.fingerprint() == fingerprint)
  }
}
