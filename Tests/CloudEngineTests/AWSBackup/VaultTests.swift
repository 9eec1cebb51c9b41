// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Backup vaults")
struct VaultTests {
  static let arn = "arn:aws:backup:us-east-1:123456789012:backup-vault:prod"

  @Test("a vault is made under the key that AWS manages, shown, listed and deleted")
  func life() throws {
    var bench = Bench()
    let made = try bench.backup(
      "CreateBackupVault",
      "{'BackupVaultName':'prod','CreatorRequestId':'one','BackupVaultTags':{'team':'pay'}}")
    #expect(
      made.show()
        == "{'BackupVaultName':'prod','BackupVaultArn':'\(Self.arn)','CreationDate':1780315200.0}")
    try bench.backup("CreateBackupVault", "{'BackupVaultName':'a_2'}")
    let shown = try bench.backup("DescribeBackupVault", "{'BackupVaultName':'prod'}")
    let key = try shown.text("EncryptionKeyArn")
    #expect(
      shown.show()
        == "{'BackupVaultName':'prod','BackupVaultArn':'\(Self.arn)','VaultType':'BACKUP_VAULT',"
        + "'VaultState':'AVAILABLE','EncryptionKeyArn':'\(key)','CreationDate':1780315200.0,"
        + "'CreatorRequestId':'one','NumberOfRecoveryPoints':0,'Locked':false}")
    #expect(
      try bench.show(
        "DescribeKey", "{'KeyId':'alias/aws/backup'}", "KeyMetadata.Arn", service: "kms")
        == "'\(key)'")
    #expect(
      try bench.backup("ListTags", "{'ResourceArn':'\(Self.arn)'}").show()
        == "{'Tags':{'team':'pay'}}")
    let first = try bench.backup("ListBackupVaults", "{'MaxResults':1}")
    #expect(first.show("BackupVaultList.0.BackupVaultName") == "'a_2'")
    let token = try first.text("NextToken")
    let second = try bench.backup("ListBackupVaults", "{'MaxResults':1,'NextToken':'\(token)'}")
    #expect(second.show("BackupVaultList.0.BackupVaultName") == "'prod'")
    #expect(second.show("NextToken") == "absent")
    try bench.backup("DeleteBackupVault", "{'BackupVaultName':'prod'}")
    #expect(
      bench.backupRefusal("DescribeBackupVault", "{'BackupVaultName':'prod'}")
        == "AccessDeniedException: Insufficient privileges to perform this action.")
  }

  @Test("the same request with the same token is the same vault; anything else is refused")
  func idempotency() throws {
    var bench = Bench()
    let input = "{'BackupVaultName':'prod','CreatorRequestId':'one'}"
    try bench.backup("CreateBackupVault", input)
    bench.wait(.hours(1))
    #expect(try bench.backup("CreateBackupVault", input).show("CreationDate") == "1780315200.0")
    #expect(
      bench.backupRefusal("CreateBackupVault", "{'BackupVaultName':'prod'}")
        == "AlreadyExistsException: Backup vault with the same name already exists")
  }

  @Test("tags are added, replaced and taken away")
  func tags() throws {
    var bench = try Bench.withVault()
    func tags() throws -> String {
      var bench = bench
      return try bench.backup("ListTags", "{'ResourceArn':'\(Self.arn)'}").show("Tags")
    }
    try bench.backup("TagResource", "{'ResourceArn':'\(Self.arn)','Tags':{'b':'1','a':'2'}}")
    try bench.backup("TagResource", "{'ResourceArn':'\(Self.arn)','Tags':{'b':'3'}}")
    #expect(try tags() == "{'a':'2','b':'3'}")
    try bench.backup("UntagResource", "{'ResourceArn':'\(Self.arn)','TagKeyList':['a','none']}")
    #expect(try tags() == "{'b':'3'}")
  }

  @Test("policy and notifications are kept, told and taken away")
  func policyAndNotifications() throws {
    var bench = try Bench.withVault()
    let vault = "{'BackupVaultName':'prod'}"
    try bench.policy(
      "{'Statement':[{'Effect':'Allow','Principal':'*','Action':'backup:CopyIntoBackupVault'}]}")
    let told = try bench.backup("GetBackupVaultAccessPolicy", vault)
    #expect(try told.text("Policy").contains("CopyIntoBackupVault"))
    #expect(try told.text("BackupVaultArn") == Self.arn)
    try bench.backup("DeleteBackupVaultAccessPolicy", vault)
    #expect(
      bench.backupRefusal("GetBackupVaultAccessPolicy", vault)
        == "ResourceNotFoundException: The backup vault does not have an access policy.")
    let topic = "arn:aws:sns:us-east-1:123456789012:alerts"
    try bench.backup(
      "PutBackupVaultNotifications",
      "{'BackupVaultName':'prod','SNSTopicArn':'\(topic)','BackupVaultEvents':['BACKUP_JOB_COMPLETED']}"
    )
    #expect(
      try bench.backup("GetBackupVaultNotifications", vault).show()
        == "{'BackupVaultName':'prod','BackupVaultArn':'\(Self.arn)','SNSTopicArn':'\(topic)',"
        + "'BackupVaultEvents':['BACKUP_JOB_COMPLETED']}")
    try bench.backup("DeleteBackupVaultNotifications", vault)
    #expect(
      bench.backupRefusal("GetBackupVaultNotifications", vault).hasPrefix(
        "ResourceNotFoundException: "))
  }

  @Test(
    "what a policy denies is refused, to the root user too; the condition lets one role through")
  func deny() throws {
    var bench = try Bench.withVault()
    let arn = try bench.recoveryPoint()
    let deleter = Caller(
      account: bench.caller.account, region: bench.caller.region,
      principal: Principal(kind: .role, name: "janitor"))
    try bench.policy(
      "{'Version':'2012-10-17','Statement':[{'Effect':'Deny','Principal':'*',"
        + "'Action':['backup:DeleteRecoveryPoint'],'Condition':{'StringNotLike':"
        + "{'aws:userId':'\(deleter.userID.prefix(20))*'}}}]}")
    let input = "{'BackupVaultName':'prod','RecoveryPointArn':'\(arn)'}"
    let root = Caller(
      account: bench.caller.account, region: bench.caller.region,
      principal: Principal(kind: .root, name: ""))
    for caller in [bench.caller, root] {
      #expect(
        bench.backupRefusal("DeleteRecoveryPoint", input, as: caller)
          == "AccessDeniedException: User: \(caller.arn) is not authorized to perform: "
          + "backup:DeleteRecoveryPoint on resource: \(Self.arn) with an explicit deny in a "
          + "resource-based policy")
    }
    try bench.backup("DeleteRecoveryPoint", input, as: deleter)
  }
}

extension Bench {
  /// Gives the vault `prod` a policy, written with single quotes.
  mutating func policy(_ text: String, on vault: String = "prod") throws {
    let request = Document(members: [
      ("BackupVaultName", .string(vault)),
      ("Policy", .string(text.replacing("'", with: "\""))),
    ])
    _ = try cloud.perform(
      ServiceRequest(
        service: "backup", operation: "PutBackupVaultAccessPolicy", input: request, caller: caller))
  }
}

/// One request of AWS Backup that is refused, with the service's words.
struct BackupRefusal: Sendable, CustomTestStringConvertible {
  let operation: String
  let input: String
  let words: String

  init(_ operation: String, _ input: String, _ words: String) {
    (self.operation, self.input, self.words) = (operation, input, words)
  }

  var testDescription: String { "\(operation) \(input)" }
}
