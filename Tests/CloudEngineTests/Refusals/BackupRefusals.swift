// SPDX-License-Identifier: GPL-3.0-or-later

/// What the service refuses about backups, recovery and restores.
extension Refusals {
  private static func backUp(_ table: String, _ name: String = "name") -> String {
    "{'TableName':'\(table)','BackupName':'\(name)'}"
  }

  private static let notReady =
    "ContinuousBackupsUnavailableException: Backups are being enabled for the table: "
  private static let enumeration =
    " at 'backupType' failed to satisfy constraint: Member must satisfy enum value set: "
    + "[SYSTEM, USER, AWS_BACKUP, ALL]"
  private static let unknown =
    "arn:aws:dynamodb:us-east-1:123456789012:table/orders/backup/01489602797149-73d8d5bc"

  static let backups: [Refusal] = [
    Refusal("CreateBackup", backUp("none"), "TableNotFoundException: Table not found: none"),
    Refusal("CreateBackup", backUp("young"), "TableNotFoundException: Table not found: young"),
    Refusal("CreateBackup", backUp("target"), "TableNotFoundException: Table not found: target"),
    Refusal("CreateBackup", backUp("leaving"), "TableNotFoundException: Table not found: leaving"),
    Refusal("CreateBackup", backUp("middling"), notReady + "middling. Please retry later"),
    Refusal("CreateBackup", backUp("fresh"), notReady + "fresh. Please retry later"),
    Refusal(
      "CreateBackup", backUp("orders", "a b c"),
      Words.one + "'a b c' at 'backupName' failed to satisfy constraint: Member must satisfy "
        + "regular expression pattern: [a-zA-Z0-9_.-]+"),
    Refusal(
      "CreateBackup", backUp("orders", "ab"),
      Words.one + "'ab' at 'backupName' failed to satisfy constraint: Member must have length "
        + "greater than or equal to 3"),
    Refusal(
      "CreateBackup", backUp("orders", String(repeating: "x", count: 256)),
      Words.one + "'\(String(repeating: "x", count: 256))' at 'backupName' failed to satisfy "
        + "constraint: Member must have length less than or equal to 255"),
    Refusal(
      "DescribeBackup", "{'BackupArn':'\(unknown)'}",
      "BackupNotFoundException: Backup not found: \(unknown)"),
    Refusal(
      "DescribeBackup", "{'BackupArn':'$ORDERS'}", Words.validation + "Invalid Backup ARN"),
    Refusal(
      "DescribeBackup", "{'BackupArn':'\(String(repeating: "x", count: 40))'}",
      Words.validation + "Invalid Backup ARN"),
    Refusal(
      "DescribeBackup",
      "{'BackupArn':'\(unknown.replacing("us-east-1", with: "us-east-9"))'}",
      Words.request + "BackupArn is not valid"),
    Refusal(
      "DescribeBackup", "{'BackupArn':'\(unknown.replacing("arn:aws:", with: "arn:aws-cn:"))'}",
      Words.request + "BackupArn is not valid"),
    Refusal(
      "DescribeBackup", "{'BackupArn':'\(unknown.replacing(":dynamodb:", with: ":s3:"))'}",
      Words.request + "BackupArn is not valid"),
    Refusal(
      "DescribeBackup",
      "{'BackupArn':'\(unknown.replacing("123456789012", with: "111122223333"))'}",
      "AccessDeniedException: Access is denied"),
    Refusal(
      "DescribeBackup", "{'BackupArn':'\(unknown.replacing("us-east-1", with: ""))'}",
      "AccessDeniedException: Access is denied"),
    Refusal(
      "DeleteBackup", "{'BackupArn':'\(unknown)'}",
      "BackupNotFoundException: Backup not found: \(unknown)"),
    Refusal(
      "DeleteBackup", "{'BackupArn':'$USED'}",
      "BackupInUseException: Backup is being used to restore table: $USED"),
    Refusal(
      "DeleteBackup", "{'BackupArn':'$SYSTEM'}",
      Words.request + "User is not allowed to delete the system backup with arn $SYSTEM. It will "
        + "automatically expire on 2026-07-06T12:11:20Z"),
    Refusal(
      "ListBackups", "{'TimeRangeLowerBound':2,'TimeRangeUpperBound':1}",
      Words.values + "Time range lower bound must be less than or equal to upper bound"),
    Refusal("ListBackups", "{'BackupType':'BOGUS'}", Words.one + "'BOGUS'" + enumeration),
    Refusal("ListBackups", "{'BackupType':'user'}", Words.one + "'user'" + enumeration),
    Refusal(
      "ListBackups", "{'Limit':101}",
      Words.one + "'101' at 'limit' failed to satisfy constraint: Member must have value less "
        + "than or equal to 100"),
    Refusal(
      "ListBackups",
      "{'ExclusiveStartBackupArn':'\(unknown.replacing("us-east-1", with: "eu-west-1"))'}",
      Words.request + "The supplied ExclusiveStartBackupArn does not match the region"),
  ]

  private static func recover(_ table: String, _ specification: String) -> String {
    "{'TableName':'\(table)','PointInTimeRecoverySpecification':{\(specification)}}"
  }

  private static let on = "'PointInTimeRecoveryEnabled':true"
  private static let period =
    " at 'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint: "
    + "Member must have value "

  static let recovery: [Refusal] = [
    Refusal(
      "UpdateContinuousBackups", recover("none", on),
      "TableNotFoundException: Table not found: none"),
    Refusal(
      "UpdateContinuousBackups", recover("young", on),
      "TableNotFoundException: Table not found: young"),
    Refusal(
      "UpdateContinuousBackups", recover("target", on),
      "TableNotFoundException: Table not found: target"),
    Refusal(
      "UpdateContinuousBackups", recover("leaving", on),
      "TableNotFoundException: Table not found: leaving"),
    Refusal(
      "UpdateContinuousBackups", recover("middling", on),
      notReady + "middling. Please retry later"),
    Refusal(
      "UpdateContinuousBackups", recover("fresh", on), notReady + "fresh. Please retry later"),
    Refusal(
      "UpdateContinuousBackups", recover("orders", on + ",'RecoveryPeriodInDays':36"),
      Words.one + "'36'" + period + "less than or equal to 35"),
    Refusal(
      "UpdateContinuousBackups", recover("orders", on + ",'RecoveryPeriodInDays':0"),
      Words.one + "'0'" + period + "greater than or equal to 1"),
    Refusal(
      "UpdateContinuousBackups",
      recover("orders", "'PointInTimeRecoveryEnabled':false,'RecoveryPeriodInDays':7"),
      Words.request
        + "Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery."),
    Refusal(
      "UpdateContinuousBackups", recover("orders", ""),
      Words.validation + "1 validation error detected: Value null at "
        + "'pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled' failed to satisfy "
        + "constraint: Member must not be null"),
    Refusal(
      "DescribeContinuousBackups", "{'TableName':'none'}",
      "TableNotFoundException: Table not found: none"),
    Refusal(
      "DescribeContinuousBackups", "{'TableName':'young'}",
      "TableNotFoundException: Table not found: young"),
    Refusal(
      "DescribeContinuousBackups", "{'TableName':'target'}",
      "TableNotFoundException: Table not found: target"),
  ]

  private static func restore(
    _ more: String = "", from backup: String = "$FREE", to target: String = "fine"
  ) -> String {
    "{'TargetTableName':'\(target)','BackupArn':'\(backup)'\(more.isEmpty ? "" : ",")\(more)}"
  }

  private static func recoverTo(
    _ more: String, source: String = "'SourceTableName':'orders'", to target: String = "fine"
  ) -> String {
    "{\(source)\(source.isEmpty ? "" : ",")'TargetTableName':'\(target)'"
      + "\(more.isEmpty ? "" : ",")\(more)}"
  }

  private static let latest = "'UseLatestRestorableTime':true"
  private static let units =
    "'ProvisionedThroughputOverride':{'ReadCapacityUnits':1,'WriteCapacityUnits':1}"
  private static let window =
    " must be within EarliestRestorableDateTime '2026-06-01T12:01:20Z' and "
    + "LatestRestorableDateTime '2026-06-01T12:08:27Z'"

  static let restores: [Refusal] = fromBackup + overrides + toPointInTime

  private static let fromBackup: [Refusal] = [
    Refusal(
      "RestoreTableFromBackup", restore(to: "orders"),
      "TableAlreadyExistsException: Table already exists: orders"),
    Refusal(
      "RestoreTableFromBackup", restore(to: "leaving"),
      "TableAlreadyExistsException: Table already exists: leaving"),
    Refusal(
      "RestoreTableFromBackup", restore(to: "target"),
      "TableInUseException: Table: target is already being restored from backup: $USED"),
    Refusal(
      "RestoreTableFromBackup", restore(from: unknown),
      "BackupNotFoundException: Backup not found: \(unknown)"),
    Refusal(
      "RestoreTableFromBackup", restore(from: "$ORDERS"), Words.validation + "Invalid Backup ARN"),
    Refusal(
      "RestoreTableFromBackup",
      restore(from: unknown.replacing("123456789012", with: "111122223333")),
      "AccessDeniedException: Access is denied"),
    Refusal(
      "RestoreTableFromBackup", restore(from: "$USED"),
      "BackupInUseException: Backup is being used to restore another table: $USED"),
    Refusal(
      "RestoreTableFromBackup", restore(from: unknown.replacing("us-east-1", with: "eu-west-1")),
      Words.request + "sseSpecificationOverride must be provided for cross-region restores"),
    Refusal(
      "RestoreTableFromBackup",
      restore(
        from: unknown.replacing("us-east-1", with: "cn-north-1")
          .replacing("arn:aws:", with: "arn:aws-cn:")),
      Words.request + "BackupArn is not valid"),
    Refusal(
      "RestoreTableFromBackup", restore(to: "bad name"),
      Words.one + "'bad name' at 'targetTableName' failed to satisfy constraint: Member must "
        + "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
    Refusal(
      "RestoreTableFromBackup", restore(to: ""),
      Words.validation
        + "TableName must be at least 3 characters long and at most 255 characters long"),
  ]

  private static let sameKeys = "'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}]"

  private static let overrides: [Refusal] = [
    Refusal(
      "RestoreTableFromBackup", restore(units),
      Words.request
        + "Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED"),
    Refusal(
      "RestoreTableFromBackup", restore("'BillingModeOverride':'PROVISIONED'"),
      Words.request
        + "Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED"),
    Refusal(
      "RestoreTableFromBackup", restore("'BillingModeOverride':'PAY_PER_REQUEST',\(units)"),
      Words.request + "Cannot override ProvisionedThroughput if BillingMode is overridden to "
        + "PAY_PER_REQUEST"),
    Refusal(
      "RestoreTableFromBackup",
      restore(
        "'BillingModeOverride':'PROVISIONED',\(units),"
          + "'OnDemandThroughputOverride':{'MaxReadRequestUnits':5}"),
      Words.request + "Cannot override MaxReadRequestUnits for OnDemandThroughput unless "
        + "BillingModeOverride is PAY_PER_REQUEST"),
    Refusal(
      "RestoreTableFromBackup", restore("'OnDemandThroughputOverride':{'MaxReadRequestUnits':0}"),
      Words.request
        + "Requested MaxReadRequestUnits for OnDemandThroughput is outside of valid range"),
    Refusal(
      "RestoreTableFromBackup",
      restore(
        "'GlobalSecondaryIndexOverride':[{'IndexName':'new',\(sameKeys),"
          + "'Projection':{'ProjectionType':'ALL'}}]"),
      Words.request + "Index new does not match a secondary index that existed in the source "
        + "table and cannot be created during the restore operation"),
    Refusal(
      "RestoreTableFromBackup",
      restore(
        "'LocalSecondaryIndexOverride':[{'IndexName':'new',\(sameKeys),"
          + "'Projection':{'ProjectionType':'ALL'}}]"),
      Words.request + "Index new does not match a secondary index that existed in the source "
        + "table and cannot be created during the restore operation"),
    Refusal(
      "RestoreTableToPointInTime",
      recoverTo(
        "\(latest),'GlobalSecondaryIndexOverride':[{'IndexName':'new',"
          + "'KeySchema':[{'AttributeName':'state','KeyType':'HASH'},"
          + "{'AttributeName':'at','KeyType':'RANGE'}],'Projection':"
          + "{'ProjectionType':'INCLUDE','NonKeyAttributes':['note']}}]",
        source: "'SourceTableName':'sales'"),
      Words.request + "Must specify provisioned throughput for index new"),
    Refusal(
      "RestoreTableToPointInTime",
      recoverTo(
        "\(latest),'BillingModeOverride':'PAY_PER_REQUEST',"
          + "'GlobalSecondaryIndexOverride':[\(Bench.gsi)]", source: "'SourceTableName':'sales'"),
      Words.request + "Cannot override ProvisionedThroughput if BillingMode is overridden to "
        + "PAY_PER_REQUEST for index by-state"),
    Refusal(
      "RestoreTableToPointInTime",
      recoverTo(
        "\(latest),'GlobalSecondaryIndexOverride':[\(Bench.gsi),\(Bench.gsi)]",
        source: "'SourceTableName':'sales'"),
      Words.values + "Duplicate index name: by-state"),
    Refusal(
      "RestoreTableFromBackup",
      restore(
        "'SSESpecificationOverride':{'Enabled':true,'SSEType':'KMS',"
          + "'KMSMasterKeyId':'alias/mine'}"),
      Words.validation + "KMS validation error: "
        + "com.amazonaws.services.kms.model.NotFoundException: Alias "
        + "arn:aws:kms:us-east-1:123456789012:alias/mine is not found. (Service: AWSKMS; "
        + "Status Code: 400; Error Code: NotFoundException; Request ID: …; Proxy: null)"),
  ]

  private static let toPointInTime: [Refusal] = [
    Refusal(
      "RestoreTableToPointInTime",
      recoverTo(latest, source: "'SourceTableName':'orders','SourceTableArn':'$ORDERS'"),
      Words.validation + "Must provide exactly one of: sourceTableArn, sourceTableName"),
    Refusal(
      "RestoreTableToPointInTime", recoverTo(latest, source: ""),
      Words.validation
        + "The parameter 'TableName' is required but was not present in the request"),
    Refusal(
      "RestoreTableToPointInTime", recoverTo(latest + ",'RestoreDateTime':1"),
      Words.request + "Both RestoreDateTime and UseLatestRestorableTime cannot be set for "
        + "point-in-time restore request. Please specify either RestoreDateTime time or "
        + "UseLatestRestorableTime"),
    Refusal(
      "RestoreTableToPointInTime", recoverTo("'UseLatestRestorableTime':false"),
      Words.request + "Either one of RestoreDateTime or UseLatestRestorableTime must be "
        + "specified, but not both"),
    Refusal(
      "RestoreTableToPointInTime", recoverTo(""),
      Words.request + "Either one of RestoreDateTime or UseLatestRestorableTime must be "
        + "specified, but not both"),
    Refusal(
      "RestoreTableToPointInTime", recoverTo(latest, source: "'SourceTableArn':'arn:nonsense'"),
      Words.values + "sourceTableArn is not a valid ARN"),
    Refusal(
      "RestoreTableToPointInTime",
      recoverTo(
        latest, source: "'SourceTableArn':'arn:aws:dynamodb:us-east-1:111122223333:table/orders'"),
      Words.validation
        + "This action is only supported by accounts that match the resource owner’s account."),
    Refusal(
      "RestoreTableToPointInTime", recoverTo(latest, source: "'SourceTableName':'none'"),
      "TableNotFoundException: Table not found: none"),
    Refusal(
      "RestoreTableToPointInTime", recoverTo(latest, source: "'SourceTableName':'lost'"),
      "TableNotFoundException: Table not found: lost"),
    Refusal(
      "RestoreTableToPointInTime", recoverTo(latest, source: "'SourceTableName':'plain'"),
      "PointInTimeRecoveryUnavailableException: Point in time recovery is not enabled for table "
        + "'plain'"),
    Refusal(
      "RestoreTableToPointInTime", recoverTo("'RestoreDateTime':0"),
      "InvalidRestoreTimeException: RestoreDateTime '1970-01-01T00:00:00Z'" + window),
    Refusal(
      "RestoreTableToPointInTime", recoverTo("'RestoreDateTime':1780315279"),
      "InvalidRestoreTimeException: RestoreDateTime '2026-06-01T12:01:19Z'" + window),
    Refusal(
      "RestoreTableToPointInTime", recoverTo("'RestoreDateTime':1780315708"),
      "InvalidRestoreTimeException: RestoreDateTime '2026-06-01T12:08:28Z'" + window),
    Refusal(
      "RestoreTableToPointInTime", recoverTo(latest, to: "orders"),
      "TableAlreadyExistsException: Table already exists: orders"),
    Refusal(
      "RestoreTableToPointInTime", recoverTo(latest, to: "going"),
      "TableAlreadyExistsException: Table already exists: going"),
    Refusal(
      "RestoreTableToPointInTime", recoverTo(latest, to: "target"),
      "TableInUseException: Table: target is already being restored from backup: $USED"),
    Refusal(
      "RestoreTableToPointInTime", recoverTo(latest, to: "bad name!"),
      Words.one + "'bad name!' at 'targetTableName' failed to satisfy constraint: Member must "
        + "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
    Refusal(
      "RestoreTableToPointInTime",
      recoverTo(
        latest, source: "'SourceTableArn':'arn:aws:dynamodb:eu-west-1:123456789012:table/orders'"),
      Words.request + "sseSpecificationOverride must be provided for cross-region restores"),
    Refusal(
      "RestoreTableToPointInTime",
      recoverTo(
        latest,
        source: "'SourceTableArn':'arn:aws-cn:dynamodb:cn-north-1:123456789012:table/orders'"),
      Words.values + "sourceTableArn is not a valid ARN"),
  ]
}
