// SPDX-License-Identifier: GPL-3.0-or-later

/// What is refused of holds, restore testing, reports and frameworks, in the world of
/// `BackupServiceRefusalTests`.
extension BackupServiceRefusalTests {
  static let noTesting =
    "ResourceNotFoundException: Restore testing plan none does not exist."
  static let noReport = "ResourceNotFoundException: Report plan none does not exist."
  static let noFramework = "ResourceNotFoundException: Framework none does not exist."

  static let audit: [BackupRefusal] = holds + testing + reports

  private static func hold(_ members: String) -> String {
    "{'Title':'t','Description':'d','RecoveryPointSelection':{\(members)}}"
  }

  private static let holds: [BackupRefusal] = [
    .init(
      "CreateLegalHold", "{'Title':'t'}",
      "MissingParameterValueException: Missing required parameter: Description"),
    .init(
      "CreateLegalHold",
      "{'Title':'\(String(repeating: "t", count: 281))','Description':'d'}",
      invalid + "Title must have 1 to 280 characters."),
    .init(
      "CreateLegalHold", hold("'VaultNames':['none']"),
      invalid + "Backup vault does not exist: none"),
    .init("CreateLegalHold", hold("'ResourceIdentifiers':['x']"), invalid + "Invalid ARN: x"),
    .init(
      "CreateLegalHold", hold("'DateRange':{'FromDate':2,'ToDate':1}"),
      invalid + "FromDate must not be later than ToDate."),
    .init(
      "CreateLegalHold", hold("'DateRange':{'FromDate':2,'ToDate':9999999999}"),
      invalid + "The date range of a legal hold must not lie in the future."),
    .init(
      "GetLegalHold", "{'LegalHoldId':'none'}",
      "ResourceNotFoundException: Cannot find legal hold with ID none"),
    .init(
      "CancelLegalHold", "{'LegalHoldId':'none','CancelDescription':'d'}",
      "ResourceNotFoundException: Cannot find legal hold with ID none"),
    .init(
      "ListRecoveryPointsByLegalHold", "{'LegalHoldId':'none'}",
      invalid + "Cannot find legal hold with ID none"),
    .init("ListLegalHolds", "{'NextToken':'x'}", invalid + "Invalid NextToken"),
    .init(
      "DisassociateRecoveryPointFromParent",
      "{'BackupVaultName':'prod','RecoveryPointArn':'$POINT'}",
      "InvalidRequestException: The recovery point is not part of a composite recovery point."),
    .init(
      "PutRestoreValidationResult", "{'RestoreJobId':'none','ValidationStatus':'FAILED'}",
      "ResourceNotFoundException: Cannot find restore job with ID none"),
    .init(
      "ListBackupJobSummaries", "{'NextToken':'x'}", invalid + "Invalid NextToken"),
    .init("ListCopyJobSummaries", "{'NextToken':'x'}", invalid + "Invalid NextToken"),
    .init("ListRestoreJobSummaries", "{'NextToken':'x'}", invalid + "Invalid NextToken"),
    .init(
      "GetBackupPlanFromTemplate", "{'BackupPlanTemplateId':'x'}",
      "ResourceNotFoundException: Cannot find backup plan template with ID x"),
    .init("ExportBackupPlanTemplate", "{'BackupPlanId':'x'}", noPlan),
    .init(
      "GetBackupPlanFromJSON", "{'BackupPlanTemplateJson':'no json'}",
      invalid + "The backup plan template is invalid: it is no JSON of a backup plan"),
    .init("ListBackupPlanTemplates", "{'NextToken':'x'}", invalid + "Invalid NextToken"),
  ]

  private static func plan(
    _ name: String = "tests", _ schedule: String = "cron(0 5 ? * * *)", _ more: String = "",
    points: String = "'Algorithm':'LATEST_WITHIN_WINDOW','IncludeVaults':['*'],"
      + "'RecoveryPointTypes':['SNAPSHOT']"
  ) -> String {
    "{'RestoreTestingPlan':{'RestoreTestingPlanName':'\(name)','ScheduleExpression':'\(schedule)',"
      + "'RecoveryPointSelection':{\(points)}\(more)}}"
  }

  private static let testing: [BackupRefusal] = [
    .init(
      "CreateRestoreTestingPlan", plan("a-b"),
      invalid + "Invalid restore testing plan name: a-b"),
    .init(
      "CreateRestoreTestingPlan", plan("a", "rate(1 day)"),
      invalid + "Invalid schedule expression: rate(1 day)"),
    .init(
      "CreateRestoreTestingPlan", plan("a", "cron(* 5 ? * * *)"),
      invalid + "Schedule expression must not run more often than once an hour"),
    .init(
      "CreateRestoreTestingPlan",
      plan("a", "cron(0 5 ? * * *)", ",'ScheduleExpressionTimezone':'Mars/Base'"),
      invalid + "Invalid schedule expression timezone: Mars/Base"),
    .init(
      "CreateRestoreTestingPlan", plan("a", "cron(0 5 ? * * *)", ",'StartWindowHours':169"),
      invalid + "StartWindowHours must be from 1 to 168."),
    .init(
      "CreateRestoreTestingPlan",
      plan(points: "'IncludeVaults':['*'],'RecoveryPointTypes':['SNAPSHOT']"),
      "MissingParameterValueException: Missing required parameter: Algorithm"),
    .init(
      "CreateRestoreTestingPlan",
      plan(
        points: "'Algorithm':'LATEST_WITHIN_WINDOW','IncludeVaults':['prod'],"
          + "'RecoveryPointTypes':['SNAPSHOT']"),
      invalid + "Invalid backup vault ARN: prod"),
    .init("GetRestoreTestingPlan", "{'RestoreTestingPlanName':'none'}", noTesting),
    .init(
      "UpdateRestoreTestingPlan", "{'RestoreTestingPlanName':'none','RestoreTestingPlan':{}}",
      noTesting),
    .init(
      "DeleteRestoreTestingPlan", "{'RestoreTestingPlanName':'none'}",
      "InvalidRequestException: Restore testing plan none does not exist."),
    .init("ListRestoreTestingPlans", "{'NextToken':'x'}", invalid + "Invalid NextToken"),
    .init("ListRestoreTestingSelections", "{'RestoreTestingPlanName':'none'}", noTesting),
    .init(
      "CreateRestoreTestingSelection",
      "{'RestoreTestingPlanName':'none','RestoreTestingSelection':{\(role),"
        + "'ProtectedResourceType':'DynamoDB','RestoreTestingSelectionName':'s'}}", noTesting),
    .init(
      "UpdateRestoreTestingSelection",
      "{'RestoreTestingPlanName':'none','RestoreTestingSelectionName':'s',"
        + "'RestoreTestingSelection':{}}", noTesting),
    .init(
      "GetRestoreTestingSelection",
      "{'RestoreTestingPlanName':'none','RestoreTestingSelectionName':'s'}", noTesting),
    .init(
      "DeleteRestoreTestingSelection",
      "{'RestoreTestingPlanName':'none','RestoreTestingSelectionName':'s'}", noTesting),
    .init(
      "GetRestoreTestingInferredMetadata",
      "{'BackupVaultName':'prod','RecoveryPointArn':'none'}",
      "ResourceNotFoundException: Cannot find recovery point."),
  ]

  private static func report(_ template: String, _ channel: String = "", _ more: String = "")
    -> String
  {
    "{'ReportPlanName':'daily','ReportDeliveryChannel':{'S3BucketName':'b'\(channel)},"
      + "'ReportSetting':{'ReportTemplate':'\(template)'\(more)}}"
  }

  private static let reports: [BackupRefusal] = [
    .init("CreateReportPlan", report("X"), invalid + "Invalid report template: X"),
    .init(
      "CreateReportPlan", report("BACKUP_JOB_REPORT", ",'Formats':['PDF']"),
      invalid + "Invalid report format: PDF"),
    .init(
      "CreateReportPlan", report("RESOURCE_COMPLIANCE_REPORT"),
      "NotSimulated: RESOURCE_COMPLIANCE_REPORT of AWS Backup is not simulated by Rewind. Nothing "
        + "was changed."),
    .init(
      "CreateReportPlan", report("BACKUP_JOB_REPORT", "", ",'Regions':['cn-north-1']"),
      invalid + "Invalid Region: cn-north-1"),
    .init("UpdateReportPlan", "{'ReportPlanName':'none'}", noReport),
    .init("DescribeReportPlan", "{'ReportPlanName':'none'}", noReport),
    .init("DeleteReportPlan", "{'ReportPlanName':'none'}", noReport),
    .init("StartReportJob", "{'ReportPlanName':'none'}", noReport),
    .init("ListReportPlans", "{'NextToken':'x'}", invalid + "Invalid NextToken"),
    .init("ListReportJobs", "{'NextToken':'x'}", invalid + "Invalid NextToken"),
    .init(
      "DescribeReportJob", "{'ReportJobId':'none'}",
      "ResourceNotFoundException: Cannot find report job with ID none"),
    .init(
      "CreateFramework", "{'FrameworkName':'f','FrameworkControls':[{'ControlName':'X'}]}",
      invalid + "Invalid control name: X"),
    .init(
      "CreateFramework", "{'FrameworkName':'f','FrameworkControls':[]}",
      invalid + "A framework must have at least one control."),
    .init("UpdateFramework", "{'FrameworkName':'none'}", noFramework),
    .init("DescribeFramework", "{'FrameworkName':'none'}", noFramework),
    .init("DeleteFramework", "{'FrameworkName':'none'}", noFramework),
    .init("ListFrameworks", "{'NextToken':'x'}", invalid + "Invalid NextToken"),
    .init(
      "CreateLogicallyAirGappedBackupVault",
      "{'BackupVaultName':'prod','MinRetentionDays':7,'MaxRetentionDays':30}",
      "AlreadyExistsException: Backup vault with the same name already exists"),
  ]
}
