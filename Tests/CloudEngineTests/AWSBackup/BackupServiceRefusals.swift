// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

/// Requests that AWS Backup refuses in a world with the vaults `prod` (with the recovery point
/// `$POINT`), `empty`, `locked` (with `$KEPT`), and the table `orders`.
@Suite("Requests that AWS Backup refuses")
struct BackupServiceRefusalTests {
  static let invalid = "InvalidParameterValueException: "
  static let missing =
    "ResourceNotFoundException: Backup vault with the specified name does not exist"
  static let locked =
    "InvalidRequestException: RecoveryPoint cannot be deleted or updated (Backup vault configured "
    + "with Lock)"
  static let role = "'IamRoleArn':'\(Bench.role)'"
  static let orders = "'ResourceArn':'\(Bench.ordersARN)'"

  static func start(_ vault: String, _ more: String = "", resource: String = orders) -> String {
    "{'BackupVaultName':'\(vault)',\(resource),\(role)\(more)}"
  }

  static func restore(_ metadata: String, _ more: String = ",\(role)") -> String {
    "{'RecoveryPointArn':'$POINT','Metadata':{\(metadata)}\(more)}"
  }

  static let vaults: [BackupRefusal] = [
    .init("CreateBackupVault", "{'BackupVaultName':'a'}", invalid + "Invalid backup vault name"),
    .init("CreateBackupVault", "{'BackupVaultName':'a.b'}", invalid + "Invalid backup vault name"),
    .init(
      "CreateBackupVault", "{'BackupVaultName':'\(String(repeating: "a", count: 51))'}",
      invalid + "Invalid backup vault name"),
    .init(
      "CreateBackupVault", "{}",
      "MissingParameterValueException: Missing required parameter: BackupVaultName"),
    .init(
      "CreateBackupVault", "{'BackupVaultName':'prod'}",
      "AlreadyExistsException: Backup vault with the same name already exists"),
    .init(
      "CreateBackupVault", "{'BackupVaultName':'new','EncryptionKeyArn':'alias/held'}",
      invalid + "EncryptionKeyArn must be the ARN of a KMS key: alias/held"),
    .init(
      "CreateBackupVault",
      "{'BackupVaultName':'new','EncryptionKeyArn':"
        + "'arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012'}",
      invalid + "Given key ID is not accessible"),
    .init(
      "CreateBackupVault", "{'BackupVaultName':'new','EncryptionKeyArn':'$DISABLED'}",
      invalid + "KMS key is either disabled or pending deletion or access to KMS key is denied"),
    .init(
      "CreateBackupVault", "{'BackupVaultName':'new','BackupVaultTags':{'aws:a':'b'}}",
      invalid + "Tag keys cannot begin with aws: aws:a"),
    .init(
      "DeleteBackupVault", "{'BackupVaultName':'prod'}",
      "InvalidRequestException: Backup vault cannot be deleted because it contains recovery points."
    ),
    .init("DeleteBackupVault", "{'BackupVaultName':'none'}", missing),
    .init("GetBackupVaultAccessPolicy", "{'BackupVaultName':'none'}", missing),
    .init(
      "ListBackupVaults", "{'NextToken':'x'}", invalid + "Invalid NextToken"),
    .init(
      "PutBackupVaultAccessPolicy", "{'BackupVaultName':'prod','Policy':'none'}",
      invalid + "The policy document is invalid: it is no JSON object"),
    .init(
      "PutBackupVaultNotifications",
      "{'BackupVaultName':'prod','SNSTopicArn':'arn:aws:sns:us-east-1:123456789012:a.fifo',"
        + "'BackupVaultEvents':['BACKUP_JOB_COMPLETED']}",
      invalid + "FIFO topics are not supported."),
    .init(
      "PutBackupVaultNotifications",
      "{'BackupVaultName':'prod','SNSTopicArn':'arn:aws:sns:us-east-1:111122223333:a',"
        + "'BackupVaultEvents':['BACKUP_JOB_COMPLETED']}",
      invalid + "The SNS topic must be in the account of the backup vault."),
    .init(
      "TagResource", "{'ResourceArn':'$PLAIN','Tags':{'a':'b'}}",
      invalid + "Invalid resource ARN: $PLAIN"),
    .init(
      "UpdateRegionSettings", "{'ResourceTypeOptInPreference':{'Oracle':true}}",
      invalid + "Invalid resource type: Oracle"),
    .init(
      "UpdateRegionSettings", "{'ResourceTypeManagementPreference':{'EFS':false}}",
      invalid + "The management preference of EFS cannot be changed"),
  ]

  static let locks: [BackupRefusal] = [
    .init(
      "PutBackupVaultLockConfiguration", "{'BackupVaultName':'prod','MinRetentionDays':0}",
      invalid + "MinRetentionDays must be at least 1 day"),
    .init(
      "PutBackupVaultLockConfiguration", "{'BackupVaultName':'prod','MaxRetentionDays':36501}",
      invalid + "MaxRetentionDays cannot exceed 36500 days"),
    .init(
      "PutBackupVaultLockConfiguration",
      "{'BackupVaultName':'prod','MinRetentionDays':8,'MaxRetentionDays':7}",
      invalid + "MinRetentionDays cannot be greater than MaxRetentionDays"),
    .init(
      "PutBackupVaultLockConfiguration", "{'BackupVaultName':'prod','ChangeableForDays':2}",
      invalid + "ChangeableForDays must be at least 3 days"),
    .init("PutBackupVaultLockConfiguration", "{'BackupVaultName':'none'}", missing),
    .init(
      "DeleteRecoveryPoint", "{'BackupVaultName':'locked','RecoveryPointArn':'$KEPT'}", locked),
    .init(
      "UpdateRecoveryPointLifecycle",
      "{'BackupVaultName':'locked','RecoveryPointArn':'$KEPT','Lifecycle':{'DeleteAfterDays':900}}",
      locked),
    .init(
      "DeleteBackupVault", "{'BackupVaultName':'locked'}",
      "InvalidRequestException: Backup vault cannot be deleted because it contains recovery points."
    ),
  ]

  static let jobs: [BackupRefusal] = [
    .init("StartBackupJob", start("none"), missing),
    .init(
      "StartBackupJob", start("prod", ",'StartWindowMinutes':59"),
      invalid + "Invalid StartWindowMinutes. The minimum value is 60."),
    .init(
      "StartBackupJob", start("prod", ",'StartWindowMinutes':60,'CompleteWindowMinutes':119"),
      invalid
        + "Invalid CompleteWindowMinutes. It must be at least 60 minutes longer than the start window."
    ),
    .init(
      "StartBackupJob", start("prod", ",'Lifecycle':{'DeleteAfterDays':0}"),
      invalid + "Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days"),
    .init(
      "StartBackupJob", start("prod", ",'Lifecycle':{'DeleteAfterDays':36501}"),
      invalid + "Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days"),
    .init(
      "StartBackupJob",
      start("prod", ",'Lifecycle':{'MoveToColdStorageAfterDays':30,'DeleteAfterDays':119}"),
      invalid
        + "Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from "
        + "MoveToColdStorageAfterDays"),
    .init(
      "StartBackupJob", start("prod", resource: "'ResourceArn':'arn:aws:s3:::bucket'"),
      invalid + "Invalid ARN: arn:aws:s3:::bucket. Resource type is not supported"),
    .init(
      "StartBackupJob",
      "{'BackupVaultName':'prod',\(orders),'IamRoleArn':'arn:aws:iam::111122223333:role/r'}",
      invalid + "IAM Role arn:aws:iam::111122223333:role/r cannot be assumed by AWS Backup"),
    .init(
      "StartBackupJob", "{'BackupVaultName':'prod',\(orders)}",
      "MissingParameterValueException: Missing required parameter: IamRoleArn"),
    .init(
      "StopBackupJob", "{'BackupJobId':'$DONE'}",
      "InvalidRequestException: Backup job cannot be stopped in state COMPLETED"),
    .init(
      "DescribeBackupJob", "{'BackupJobId':'none'}",
      "ResourceNotFoundException: Cannot find backup job with ID none"),
  ]

  static let points: [BackupRefusal] = [
    .init(
      "DescribeRecoveryPoint", "{'BackupVaultName':'empty','RecoveryPointArn':'$POINT'}",
      "ResourceNotFoundException: Cannot find recovery point."),
    .init(
      "DisassociateRecoveryPoint", "{'BackupVaultName':'prod','RecoveryPointArn':'$POINT'}",
      "InvalidRequestException: Only continuous recovery points can be disassociated; this one is a "
        + "snapshot."),
    .init(
      "DescribeProtectedResource", "{'ResourceArn':'arn:aws:dynamodb:us-east-1:1:table/x'}",
      "ResourceNotFoundException: Resource arn:aws:dynamodb:us-east-1:1:table/x is not protected."),
    .init(
      "StartRestoreJob", restore("'targetTableName':'copy'", ""),
      invalid + "IAM role is required"),
    .init(
      "StartRestoreJob", restore(""),
      invalid + "Invalid restore metadata. You must specify targetTableName"),
    .init(
      "StartRestoreJob", restore("'targetTableName':'copy','encryptionType':'AES'"),
      invalid + "Invalid restore metadata. Unknown encryptionType: AES"),
    .init(
      "StartRestoreJob", restore("'targetTableName':'copy','size':'big'"),
      invalid + "Invalid restore metadata. Unknown key: size"),
    .init(
      "StartRestoreJob", restore("'targetTableName':'x'"),
      invalid + "TableName must be at least 3 characters long and at most 255 characters long"),
    .init(
      "StartRestoreJob", "{'RecoveryPointArn':'none','Metadata':{},\(role)}",
      "ResourceNotFoundException: Cannot find recovery point."),
    .init(
      "DescribeRestoreJob", "{'RestoreJobId':'none'}",
      "ResourceNotFoundException: Cannot find restore job with ID none"),
  ]

  /// Requests that name what is not there.
  static let absent: [BackupRefusal] =
    rows(
      [
        "DeleteBackupVaultAccessPolicy", "DeleteBackupVaultLockConfiguration",
        "DeleteBackupVaultNotifications", "GetBackupVaultNotifications",
        "ListProtectedResourcesByBackupVault", "ListRecoveryPointsByBackupVault",
      ], "{'BackupVaultName':'none'}", missing)
    + rows(
      ["GetBackupPlan", "DeleteBackupPlan", "ListBackupPlanVersions", "ListBackupSelections"],
      "{'BackupPlanId':'none'}", noPlan)
    + rows(
      ["GetBackupSelection", "DeleteBackupSelection"],
      "{'BackupPlanId':'none','SelectionId':'none'}", noPlan)
    + rows(
      [
        "ListBackupJobs", "ListBackupPlans", "ListCopyJobs", "ListProtectedResources",
        "ListRestoreJobs",
      ], "{'NextToken':'x'}", invalid + "Invalid NextToken")
    + rows(
      ["ListRecoveryPointsByResource", "ListRestoreJobsByProtectedResource"],
      "{\(orders),'NextToken':'x'}", invalid + "Invalid NextToken")
    + rows(
      ["DescribeGlobalSettings", "UpdateGlobalSettings"], "{}",
      "InvalidRequestException: Your account is not a member of an organization.")

  private static func rows(
    _ operations: [String], _ input: String, _ words: String
  ) -> [BackupRefusal] {
    operations.map { BackupRefusal($0, input, words) }
  }

  static let noPlan =
    "ResourceNotFoundException: Failed reading Backup plan with provided version"
  static let rule = Bench.rule("r", "0 5 ? * * *")

  static let others: [BackupRefusal] = [
    .init(
      "DescribeBackupVault", "{'BackupVaultName':'none'}",
      "AccessDeniedException: Insufficient privileges to perform this action."),
    .init(
      "CreateBackupPlan", "{'BackupPlan':{'BackupPlanName':'a b','Rules':[\(rule)]}}",
      invalid + "Invalid backup plan name: a b"),
    .init(
      "UpdateBackupPlan",
      "{'BackupPlanId':'none','BackupPlan':{'BackupPlanName':'a','Rules':[\(rule)]}}", noPlan),
    .init(
      "CreateBackupSelection",
      "{'BackupPlanId':'none','BackupSelection':{'SelectionName':'a',\(role)}}", noPlan),
    .init(
      "DescribeCopyJob", "{'CopyJobId':'none'}",
      "ResourceNotFoundException: Cannot find copy job with ID none"),
    .init(
      "StartCopyJob",
      "{'RecoveryPointArn':'none','SourceBackupVaultName':'prod',\(role),"
        + "'DestinationBackupVaultArn':'arn:aws:backup:us-east-1:123456789012:backup-vault:empty'}",
      "ResourceNotFoundException: Cannot find recovery point."),
    .init(
      "GetRecoveryPointRestoreMetadata", "{'BackupVaultName':'prod','RecoveryPointArn':'none'}",
      "ResourceNotFoundException: Cannot find recovery point."),
    .init(
      "GetRestoreJobMetadata", "{'RestoreJobId':'none'}",
      "ResourceNotFoundException: Cannot find restore job with ID none"),
    .init("ListTags", "{'ResourceArn':'none'}", invalid + "Invalid resource ARN: none"),
    .init(
      "UntagResource", "{'ResourceArn':'$POINT.','TagKeyList':[]}",
      "ResourceNotFoundException: Resource not found: $POINT."),
  ]

  static let all = vaults + locks + jobs + points + absent + others + audit

  /// The world, and what stands for `$NAME` in rows.
  static let world = Result { () throws -> (bench: Bench, names: [(String, String)]) in
    var bench = try Bench.withVault()
    let disabled = try bench.makeKey(alias: "alias/off")
    try bench.call("DisableKey", "{'KeyId':'\(disabled)'}", service: "kms")
    for name in ["empty", "locked"] {
      try bench.backup("CreateBackupVault", "{'BackupVaultName':'\(name)'}")
    }
    let done = try bench.startBackup()
    bench.wait(.minutes(10))
    let point = try bench.job(done).text("RecoveryPointArn")
    let kept = try bench.recoveryPoint("locked")
    try bench.backup("PutBackupVaultLockConfiguration", "{'BackupVaultName':'locked'}")
    try bench.backup(
      "UpdateRegionSettings", "{'ResourceTypeManagementPreference':{'DynamoDB':false}}")
    let plain = try bench.recoveryPoint()
    return (
      bench,
      [
        ("$POINT", point), ("$KEPT", kept), ("$PLAIN", plain), ("$DONE", done),
        ("$DISABLED", disabled),
      ]
    )
  }
  static let fingerprint = Result { try world.get().bench.cloud.fingerprint() }

  @Test(
    "are refused in its words and change nothing",
    arguments: all)
  func refused(_ row: BackupRefusal) throws {
    let (world, names) = try Self.world.get()
    var bench = world
    func filled(_ text: String) -> String {
      names.reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
    #expect(bench.backupRefusal(row.operation, filled(row.input)) == filled(row.words))
    #expect(try bench.cloud.fingerprint() == Self.fingerprint.get())
  }
}
