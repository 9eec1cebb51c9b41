// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

/// Two accounts, each with a vault under a key of its own, and a recovery point of `orders` to copy.
struct CopyBench {
  var bench: Bench
  let point: String
  /// Another account's vault in another Region, and one in the same account.
  static let foreign = Caller(account: "444455556666", region: "eu-west-1")
  static let manager = Caller(account: "999999999999", region: "us-east-1")

  static func vault(_ account: String, _ region: String, _ name: String = "dr") -> String {
    "arn:aws:backup:\(region):\(account):backup-vault:\(name)"
  }

  init(isAdvanced: Bool = true, lifecycle: String = "'DeleteAfterDays':35") throws {
    bench = try Bench.withVault()
    for caller in [bench.inRegion("eu-west-1"), Self.foreign] {
      let key = try bench.call("CreateKey", "{}", service: "kms", as: caller)
      let arn = try key.text("KeyMetadata.Arn")
      try bench.backup(
        "CreateBackupVault", "{'BackupVaultName':'dr','EncryptionKeyArn':'\(arn)'}", as: caller)
    }
    if !isAdvanced {
      try bench.backup(
        "UpdateRegionSettings", "{'ResourceTypeManagementPreference':{'DynamoDB':false}}")
    }
    point = try bench.recoveryPoint(
      "prod", "'RecoveryPointTags':{'a':'b'},'Lifecycle':{\(lifecycle)}")
  }

  func input(to vault: String, _ more: String = "") -> String {
    "{'RecoveryPointArn':'\(point)','SourceBackupVaultName':'prod','DestinationBackupVaultArn':"
      + "'\(vault)','IamRoleArn':'\(Bench.role)'\(more)}"
  }

  /// Copies and waits; the job as it is then.
  mutating func copy(to vault: String, _ more: String = "") throws -> Document {
    let started = try bench.backup("StartCopyJob", input(to: vault, more))
    let id = try started.text("CopyJobId")
    bench.wait(.minutes(10))
    let answer = try bench.backup("DescribeCopyJob", "{'CopyJobId':'\(id)'}")
    return try #require(answer.at("CopyJob"))
  }

  /// Everything that a copy to the other account needs.
  mutating func allow(_ isOn: Bool = true) throws {
    bench.cloud.form(
      Organization(
        id: "o-example1234", managementAccount: Self.manager.account,
        members: [bench.caller.account, Self.foreign.account]))
    try bench.backup(
      "UpdateGlobalSettings", "{'GlobalSettings':{'isCrossAccountBackupEnabled':'true'}}",
      as: Self.manager)
    let request = Document(members: [
      ("BackupVaultName", "dr"),
      (
        "Policy",
        .string(
          Self.statement(principal: "arn:aws:iam::123456789012:root").replacing("'", with: "\""))
      ),
    ])
    _ = try bench.cloud.perform(
      ServiceRequest(
        service: "backup", operation: "PutBackupVaultAccessPolicy", input: request,
        caller: Self.foreign))
  }

  static func statement(principal: String, effect: String = "Allow") -> String {
    "{'Statement':{'Effect':'\(effect)','Principal':{'AWS':'\(principal)'},"
      + "'Action':'backup:CopyIntoBackupVault'}}"
  }
}

@Suite("Copies of recovery points")
struct CopyTests {
  static let foreignVault = CopyBench.vault("444455556666", "eu-west-1")
  static let ownVault = CopyBench.vault("123456789012", "eu-west-1")

  @Test(
    "a copy in another Region is as old as its source, under its vault's key, and restored there")
  func crossRegion() throws {
    var world = try CopyBench()
    let job = try world.copy(to: Self.ownVault)
    #expect(job.show("State") == "'COMPLETED'")
    let there = world.bench.inRegion("eu-west-1")
    let arn = try job.text("DestinationRecoveryPointArn")
    #expect(arn.hasPrefix("arn:aws:backup:eu-west-1:123456789012:recovery-point:"))
    let copy = try world.bench.backup(
      "DescribeRecoveryPoint", "{'BackupVaultName':'dr','RecoveryPointArn':'\(arn)'}", as: there)
    let source = try world.bench.point(world.point)
    let vault = try world.bench.backup(
      "DescribeBackupVault", "{'BackupVaultName':'dr'}", as: there)
    #expect(copy.show("CreationDate") == source.show("CreationDate"))
    #expect(copy.show("CalculatedLifecycle") == source.show("CalculatedLifecycle"))
    #expect(copy.show("SourceBackupVaultArn") == source.show("BackupVaultArn"))
    #expect(copy.show("EncryptionKeyArn") == vault.show("EncryptionKeyArn"))
    #expect(
      try world.bench.backup("ListTags", "{'ResourceArn':'\(arn)'}", as: there).show("Tags")
        == "{'a':'b'}")
    // A restore there must say how; the source's Region does not know the copy.
    func restore(_ metadata: String) throws -> Document {
      let started = try world.bench.backup(
        "StartRestoreJob",
        "{'RecoveryPointArn':'\(arn)','IamRoleArn':'\(Bench.role)',"
          + "'Metadata':{'targetTableName':'orders'\(metadata)}}", as: there)
      world.bench.wait(.hours(1))
      return try world.bench.backup(
        "DescribeRestoreJob", "{'RestoreJobId':'\(try started.text("RestoreJobId"))'}", as: there)
    }
    #expect(try restore("").show("Status") == "'FAILED'")
    #expect(try restore(",'encryptionType':'Default'").show("Status") == "'COMPLETED'")
    let items = try world.bench.call("Scan", "{'TableName':'orders'}", as: there)
    #expect(items.show("Count") == "1")
    #expect(
      world.bench.backupRefusal(
        "StartRestoreJob",
        "{'RecoveryPointArn':'\(arn)','IamRoleArn':'\(Bench.role)','Metadata':{}}")
        == "ResourceNotFoundException: Cannot find recovery point.")
  }

  @Test("what leaves the Region is paid there, and the copy where it lies")
  func bill() throws {
    var world = try CopyBench()
    _ = try world.copy(to: Self.ownVault)
    _ = try world.copy(to: CopyBench.vault("123456789012", "us-east-1", "prod2"))
    let charges = world.bench.cloud.ledger.charges(
      from: Bench.start, until: world.bench.now)
    let transfers = charges.filter { $0.line == .copyTransfer }
    #expect(transfers.map(\.place.region) == ["us-east-1"])
    #expect(
      charges.filter { $0.line == .warmBackup }.map(\.place.region) == ["eu-west-1", "us-east-1"])
  }

  @Test("to another account each thing that is missing fails the copy in its own words")
  func prerequisites() throws {
    let ready = try { () throws in
      var world = try CopyBench()
      try world.allow()
      return world
    }()
    func message(_ change: (inout CopyBench) throws -> Void) throws -> String {
      var world = ready
      try change(&world)
      return try world.copy(to: Self.foreignVault).show("StatusMessage")
    }
    #expect(try message { _ in } == "absent")
    #expect(
      try message {
        $0.bench.cloud.form(
          Organization(
            id: "o-example1234", managementAccount: CopyBench.manager.account,
            members: [CopyBench.foreign.account]))
      }
        == "'Copy job failed. Both source and destination account must be a member of the same "
        + "organization.'")
    #expect(
      try message {
        try $0.bench.backup(
          "UpdateGlobalSettings", "{'GlobalSettings':{'isCrossAccountBackupEnabled':'false'}}",
          as: CopyBench.manager)
      }
        == "'Copy job failed. Cross-account copy feature is not enabled for the current "
        + "organization.'")
    let denied = "'Access Denied trying to call AWS Backup service'"
    #expect(
      try message {
        try $0.bench.backup(
          "DeleteBackupVaultAccessPolicy", "{'BackupVaultName':'dr'}", as: CopyBench.foreign)
      } == denied)
    #expect(
      try message {
        let vault = try $0.bench.backup(
          "DescribeBackupVault", "{'BackupVaultName':'dr'}", as: CopyBench.foreign)
        try $0.bench.call(
          "DisableKey", "{'KeyId':'\(try vault.text("EncryptionKeyArn"))'}", service: "kms",
          as: CopyBench.foreign)
      } == "'KMS key is either disabled or pending deletion or access to KMS key is denied'")
    #expect(
      try message {
        try $0.bench.backup(
          "PutBackupVaultLockConfiguration", "{'BackupVaultName':'dr','MinRetentionDays':36}",
          as: CopyBench.foreign)
      }
        == "'Copy job failed. The retention specified in the job is not within the range specified "
        + "for the target Backup Vault.'")
  }

  @Test("a vault under the key that AWS manages takes no copy from another account")
  func managedKey() throws {
    var world = try CopyBench()
    try world.allow()
    try world.bench.backup("DeleteBackupVault", "{'BackupVaultName':'dr'}", as: CopyBench.foreign)
    try world.bench.backup("CreateBackupVault", "{'BackupVaultName':'dr'}", as: CopyBench.foreign)
    try world.allow()
    let job = try world.copy(to: Self.foreignVault)
    #expect(job.show("State") == "'FAILED'")
    #expect(
      try job.text("StatusMessage").hasPrefix(
        "Copy job failed because the destination Backup vault is encrypted with the default"))
  }

  @Test("without advanced features nothing is copied")
  func plain() throws {
    var world = try CopyBench(isAdvanced: false)
    #expect(
      try world.copy(to: Self.ownVault).show("StatusMessage")
        == "'Copy job from us-east-1 to eu-west-1 cannot be initiated for DynamoDB resources. Feature "
        + "is not supported for provided resource type.'")
  }

  @Test("a plan copies each recovery point it makes, with the copy's own lifecycle")
  func plan() throws {
    var world = try CopyBench()
    let plan = try world.bench.makePlan(
      Bench.rule(
        "daily", "0 5 ? * * *",
        "'Lifecycle':{'DeleteAfterDays':35},'CopyActions':[{'DestinationBackupVaultArn':"
          + "'\(Self.ownVault)','Lifecycle':{'DeleteAfterDays':100}}]"))
    try world.bench.select(plan, "'Resources':['*']")
    world.bench.wait(.days(1))
    let jobs = try world.bench.backup("ListCopyJobs", "{'ByState':'COMPLETED'}")
    #expect(jobs.at("CopyJobs")?.array?.count == 1)
    #expect(jobs.show("CopyJobs.0.CreatedBy.BackupPlanId") == "'\(plan)'")
    let there = try world.bench.backup(
      "ListRecoveryPointsByBackupVault", "{'BackupVaultName':'dr'}",
      as: world.bench.inRegion("eu-west-1"))
    #expect(there.show("RecoveryPoints.0.Lifecycle") == "{'DeleteAfterDays':100}")
  }

  @Test("a copy without an end takes its source's")
  func endless() throws {
    var world = try CopyBench()
    let job = try world.copy(to: Self.ownVault, ",'Lifecycle':{'DeleteAfterDays':-1}")
    let copy = try world.bench.backup(
      "DescribeRecoveryPoint",
      "{'BackupVaultName':'dr','RecoveryPointArn':'\(try job.text("DestinationRecoveryPointArn"))'}",
      as: world.bench.inRegion("eu-west-1"))
    #expect(copy.show("Lifecycle") == "{'DeleteAfterDays':35}")
  }

  @Test("what cannot be asked for is refused and changes nothing")
  func refusals() throws {
    var world = try CopyBench(
      lifecycle: "'MoveToColdStorageAfterDays':1,'DeleteAfterDays':400")
    let invalid = "InvalidParameterValueException: "
    var rows: [(String, String)] = [
      (
        world.input(to: "arn:aws:backup:us-east-1:123456789012:backup-vault:prod"),
        invalid + "Source and destination backup vault must not be the same"
      ),
      (
        world.input(to: "arn:aws-cn:backup:cn-north-1:123456789012:backup-vault:dr"),
        invalid
          + "Invalid destination backup vault ARN: arn:aws-cn:backup:cn-north-1:123456789012:"
          + "backup-vault:dr"
      ),
      (
        world.input(to: "arn:aws:backup:eu-moon-1:123456789012:backup-vault:dr"),
        invalid
          + "Invalid destination backup vault ARN: arn:aws:backup:eu-moon-1:123456789012:"
          + "backup-vault:dr"
      ),
      (
        world.input(to: Self.ownVault, ",'Lifecycle':{'DeleteAfterDays':0}"),
        invalid
          + "Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days"
      ),
      (
        world.input(to: Self.ownVault).replacing("'prod'", with: "'none'"),
        "ResourceNotFoundException: Backup vault with the specified name does not exist"
      ),
    ]
    for isCold in [false, true] {
      if isCold {
        world.bench.wait(.days(2))
        rows = [
          (
            world.input(to: Self.ownVault),
            "InvalidRequestException: Recovery points in cold storage cannot be copied."
          )
        ]
      }
      let fingerprint = world.bench.cloud.fingerprint()
      for (input, words) in rows {
        #expect(world.bench.backupRefusal("StartCopyJob", input) == words)
      }
      #expect(world.bench.cloud.fingerprint() == fingerprint)
    }
  }

  @Test("only the management account changes what holds for the organization")
  func organization() throws {
    var world = try CopyBench()
    let alone = "InvalidRequestException: Your account is not a member of an organization."
    #expect(world.bench.backupRefusal("DescribeGlobalSettings", "{}") == alone)
    try world.allow()
    #expect(
      try world.bench.backup("DescribeGlobalSettings", "{}").show("GlobalSettings")
        == "{'isCrossAccountBackupEnabled':'true','isDelegatedAdministratorEnabled':'false',"
        + "'isMpaEnabled':'false'}")
    #expect(
      world.bench.backupRefusal(
        "UpdateGlobalSettings", "{'GlobalSettings':{'isCrossAccountBackupEnabled':'false'}}")
        == "InvalidRequestException: The account is not the management account of an organization")
    #expect(
      world.bench.backupRefusal(
        "UpdateGlobalSettings", "{'GlobalSettings':{'colour':'true'}}", as: CopyBench.manager)
        == "InvalidParameterValueException: Invalid global setting: colour")
  }
}
