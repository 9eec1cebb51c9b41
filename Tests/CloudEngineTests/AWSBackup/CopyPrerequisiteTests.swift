// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

/// A recovery point to copy to another account, with everything missing that such a copy needs.
private struct UnpreparedCopy {
  static let denied = "Access Denied trying to call AWS Backup service"
  static let home = Caller(account: "123456789012", region: "us-east-1")
  static let foreignVault = CopyBench.vault("444455556666", "eu-west-1")

  var bench: Bench
  var point: String

  init() throws {
    bench = try Bench.withVault()
    try bench.backup(
      "UpdateRegionSettings", "{'ResourceTypeManagementPreference':{'DynamoDB':false}}")
    point = try bench.recoveryPoint("prod", "'Lifecycle':{'DeleteAfterDays':35}")
    try bench.backup("CreateBackupVault", "{'BackupVaultName':'dr'}", as: CopyBench.foreign)
    try bench.backup(
      "PutBackupVaultLockConfiguration", "{'BackupVaultName':'dr','MinRetentionDays':36}",
      as: CopyBench.foreign)
    bench.cloud.declare(Role(account: "123456789012", name: "other"))
  }

  mutating func copy() throws -> String {
    let started = try bench.backup(
      "StartCopyJob",
      "{'RecoveryPointArn':'\(point)','SourceBackupVaultName':'prod','IamRoleArn':'\(Bench.copier)',"
        + "'DestinationBackupVaultArn':'\(Self.foreignVault)'}")
    bench.wait(.minutes(10))
    let job = try bench.backup(
      "DescribeCopyJob", "{'CopyJobId':'\(try started.text("CopyJobId"))'}")
    return try job.at("CopyJob.StatusMessage")?.string ?? job.text("CopyJob.State")
  }

  mutating func form(attaching policies: [AccessPolicy] = []) {
    var organization =
      bench.cloud.organization
      ?? Organization(
        id: "o-example1234", managementAccount: CopyBench.manager.account,
        members: [Self.home.account, CopyBench.foreign.account])
    organization.withdrawPolicies()
    for policy in policies { organization.attach(policy, named: "p", to: Self.home.account) }
    bench.cloud.form(organization)
  }

  mutating func setPolicy() throws {
    try bench.backup(
      "PutBackupVaultAccessPolicy",
      "{'BackupVaultName':'dr','Policy':'{\\\"Statement\\\":{\\\"Effect\\\":\\\"Allow\\\","
        + "\\\"Principal\\\":{\\\"AWS\\\":\\\"arn:aws:iam::123456789012:root\\\"},"
        + "\\\"Action\\\":\\\"backup:CopyIntoBackupVault\\\"}}'}", as: CopyBench.foreign)
  }

  static func policy(_ text: String, _ kind: PolicyKind) throws -> AccessPolicy {
    try AccessPolicy(reading: text.replacing("'", with: "\""), as: kind)
  }

}

@Suite("What a copy to another account needs")
struct CopyPrerequisiteTests {
  @Test("each thing that is missing fails the copy in its own words, in the service's order")
  func order() throws {
    var world = try UnpreparedCopy()
    #expect(
      try world.copy()
        == "Copy job failed. Both source and destination account must be a member of the same "
        + "organization.")
    world.form()
    #expect(
      try world.copy()
        == "Copy job failed. Cross-account copy feature is not enabled for the current organization."
    )
    try world.bench.backup(
      "UpdateGlobalSettings", "{'GlobalSettings':{'isCrossAccountBackupEnabled':'true'}}",
      as: CopyBench.manager)
    #expect(try world.copy() == UnpreparedCopy.denied)
    try world.setPolicy()
    #expect(
      try world.copy().hasPrefix(
        "Copy job failed because the destination Backup vault is encrypted with the default Backup")
    )
    // The key of a vault can never be changed: another vault takes its place.
    let key = try world.bench.call("CreateKey", "{}", service: "kms", as: CopyBench.foreign)
      .text("KeyMetadata.Arn")
    try world.bench.backup("DeleteBackupVault", "{'BackupVaultName':'dr'}", as: CopyBench.foreign)
    try world.bench.backup(
      "CreateBackupVault", "{'BackupVaultName':'dr','EncryptionKeyArn':'\(key)'}",
      as: CopyBench.foreign)
    try world.setPolicy()
    try world.bench.backup(
      "PutBackupVaultLockConfiguration", "{'BackupVaultName':'dr','MinRetentionDays':36}",
      as: CopyBench.foreign)
    try world.bench.call("DisableKey", "{'KeyId':'\(key)'}", service: "kms", as: CopyBench.foreign)
    #expect(
      try world.copy()
        == "KMS key is either disabled or pending deletion or access to KMS key is denied")
    try world.bench.call("EnableKey", "{'KeyId':'\(key)'}", service: "kms", as: CopyBench.foreign)
    #expect(
      try world.copy()
        == "Copy job from us-east-1 to eu-west-1 cannot be initiated for DynamoDB resources. Feature "
        + "is not supported for provided resource type.")
    try world.bench.backup(
      "UpdateRegionSettings", "{'ResourceTypeManagementPreference':{'DynamoDB':true}}")
    world.point = try world.bench.recoveryPoint("prod", "'Lifecycle':{'DeleteAfterDays':35}")
    #expect(
      try world.copy() == "The provided role \(Bench.copier) cannot be assumed by AWS Backup.")
    world.bench.cloud.declare(
      Role(
        account: "123456789012", name: "copier",
        policies: [
          try UnpreparedCopy.policy(
            "{'Statement':{'Effect':'Allow','Action':'backup:CopyFrom*','Resource':'*'}}",
            .identity)
        ]))
    #expect(try world.copy() == UnpreparedCopy.denied)
    world.bench.cloud.declare(
      Role(
        account: "123456789012", name: "copier",
        policies: [
          try UnpreparedCopy.policy(
            "{'Statement':{'Effect':'Allow','Action':'backup:Copy*BackupVault','Resource':'*'}}",
            .identity)
        ]))
    world.form(attaching: [
      try UnpreparedCopy.policy(
        "{'Statement':{'Effect':'Deny','Action':'backup:CopyIntoBackupVault','Resource':'*'}}",
        .control)
    ])
    #expect(try world.copy() == UnpreparedCopy.denied)
    world.form()
    #expect(
      try world.copy()
        == "Copy job failed. The retention specified in the job is not within the range specified "
        + "for the target Backup Vault.")
    try world.bench.backup(
      "DeleteBackupVaultLockConfiguration", "{'BackupVaultName':'dr'}", as: CopyBench.foreign)
    #expect(try world.copy() == "COMPLETED")
  }

  @Test("a policy of the organization says where copies may go, and who asks is told at once")
  func targets() throws {
    let world = try UnpreparedCopy()
    let elsewhere =
      "{'Statement':{'Effect':'Deny','Action':'backup:CopyFromBackupVault','Resource':'*',"
      + "'Condition':{'ForAllValues:ArnNotLike':{'backup:CopyTargets':"
      + "'arn:aws:backup:*:$ACCOUNT:backup-vault:*'}}}}"
    func refusal(allowing account: String) throws -> String {
      var other = world
      other.form(attaching: [
        try UnpreparedCopy.policy(elsewhere.replacing("$ACCOUNT", with: account), .control)
      ])
      return other.bench.backupRefusal(
        "StartCopyJob",
        "{'RecoveryPointArn':'\(other.point)','SourceBackupVaultName':'prod',"
          + "'IamRoleArn':'\(Bench.copier)','DestinationBackupVaultArn':'\(UnpreparedCopy.foreignVault)'}"
      )
    }
    #expect(try refusal(allowing: "444455556666").hasPrefix("accepted"))
    #expect(
      try refusal(allowing: "555555555555")
        == "AccessDeniedException: User: arn:aws:iam::123456789012:user/admin is not authorized to "
        + "perform: backup:CopyFromBackupVault on resource: "
        + "arn:aws:backup:us-east-1:123456789012:backup-vault:prod with an explicit deny in a "
        + "service control policy")
  }
}

extension Bench {
  /// A role that the world of these tests declares late.
  fileprivate static let copier = "arn:aws:iam::123456789012:role/copier"
}
