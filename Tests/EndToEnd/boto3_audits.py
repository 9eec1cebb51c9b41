#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs with boto3 against the endpoint: what audits backups, watches them and rules over them.

    Tests/EndToEnd/boto3_audits.py PROGRAM
"""

import datetime
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Harness"))
from boto3_bench import ACCOUNT, TABLE_ARN, client, let_pass, main, orders, refused, scenario

ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/AWSBackupDefaultServiceRole"
GUEST = "210987654321"


def now():
    """The endpoint's time, as an answer has it."""
    made = client("backup").create_backup_vault(BackupVaultName="clock")["CreationDate"]
    client("backup").delete_backup_vault(BackupVaultName="clock")
    return made


def vault_with_point():
    """AWS Backup, and a recovery point of the table `orders` in `vault-a`."""
    service = client("backup")
    service.create_backup_vault(BackupVaultName="vault-a")
    orders().put_item(TableName="orders", Item={"id": {"S": "1"}})
    job = service.start_backup_job(
        BackupVaultName="vault-a", ResourceArn=TABLE_ARN, IamRoleArn=ROLE)["BackupJobId"]
    let_pass("20m")
    return service, service.describe_backup_job(BackupJobId=job)["RecoveryPointArn"]


@scenario
def legal_holds():
    service, arn = vault_with_point()
    dates = {"FromDate": now() - datetime.timedelta(days=2), "ToDate": now()}
    made = service.create_legal_hold(
        Title="case", Description="a lawsuit",
        RecoveryPointSelection={"VaultNames": ["vault-a"], "DateRange": dates})
    hold = made["LegalHoldId"]
    assert [h["LegalHoldId"] for h in service.list_legal_holds()["LegalHolds"]] == [hold]
    told = service.get_legal_hold(LegalHoldId=hold)
    assert told["RecoveryPointSelection"]["VaultNames"] == ["vault-a"], told
    let_pass("1h")
    points = service.list_recovery_points_by_legal_hold(LegalHoldId=hold)["RecoveryPoints"]
    assert [point["RecoveryPointArn"] for point in points] == [arn], points
    refused("InvalidRequestException", service.delete_recovery_point,
            BackupVaultName="vault-a", RecoveryPointArn=arn)
    service.cancel_legal_hold(LegalHoldId=hold, CancelDescription="settled")
    let_pass("1h")
    assert service.get_legal_hold(LegalHoldId=hold)["Status"] == "CANCELED"
    service.delete_recovery_point(BackupVaultName="vault-a", RecoveryPointArn=arn)
    refused("ResourceNotFoundException", service.get_legal_hold, LegalHoldId="none")


@scenario
def an_air_gapped_vault():
    service = client("backup")
    service.create_logically_air_gapped_backup_vault(
        BackupVaultName="gap", MinRetentionDays=7, MaxRetentionDays=30)
    told = service.describe_backup_vault(BackupVaultName="gap")
    assert told["VaultType"] == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" and told["Locked"], told
    refused("InvalidParameterValueException", service.create_logically_air_gapped_backup_vault,
            BackupVaultName="gap2", MinRetentionDays=30, MaxRetentionDays=7)


@scenario
def restore_tests():
    service, arn = vault_with_point()
    inferred = service.get_restore_testing_inferred_metadata(
        BackupVaultName="vault-a", RecoveryPointArn=arn)["InferredMetadata"]
    assert inferred, inferred
    plan = service.create_restore_testing_plan(RestoreTestingPlan={
        "RestoreTestingPlanName": "daily", "ScheduleExpression": "cron(0 8 * * ? *)",
        "StartWindowHours": 1, "RecoveryPointSelection": {
            "Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": ["*"],
            "RecoveryPointTypes": ["SNAPSHOT"]}})["RestoreTestingPlanArn"]
    service.create_restore_testing_selection(
        RestoreTestingPlanName="daily", RestoreTestingSelection={
            "RestoreTestingSelectionName": "tables", "ProtectedResourceType": "DynamoDB",
            "ProtectedResourceArns": ["*"], "IamRoleArn": ROLE, "ValidationWindowHours": 2})
    service.update_restore_testing_plan(
        RestoreTestingPlanName="daily", RestoreTestingPlan={"StartWindowHours": 2})
    service.update_restore_testing_selection(
        RestoreTestingPlanName="daily", RestoreTestingSelectionName="tables",
        RestoreTestingSelection={"ValidationWindowHours": 3})
    told = service.get_restore_testing_plan(RestoreTestingPlanName="daily")["RestoreTestingPlan"]
    assert told["StartWindowHours"] == 2, told
    told = service.get_restore_testing_selection(
        RestoreTestingPlanName="daily", RestoreTestingSelectionName="tables")
    assert told["RestoreTestingSelection"]["ValidationWindowHours"] == 3, told
    assert len(service.list_restore_testing_plans()["RestoreTestingPlans"]) == 1
    assert len(service.list_restore_testing_selections(
        RestoreTestingPlanName="daily")["RestoreTestingSelections"]) == 1
    job = None
    for _ in range(30):
        let_pass("1h")
        jobs = service.list_restore_jobs(ByRestoreTestingPlanArn=plan)["RestoreJobs"]
        if jobs and jobs[0]["Status"] == "COMPLETED":
            job = jobs[0]["RestoreJobId"]
            break
    assert job, "no restore test in 30 hours"
    service.put_restore_validation_result(
        RestoreJobId=job, ValidationStatus="SUCCESSFUL", ValidationStatusMessage="one item")
    assert service.describe_restore_job(RestoreJobId=job)["ValidationStatus"] == "SUCCESSFUL"
    service.delete_restore_testing_selection(
        RestoreTestingPlanName="daily", RestoreTestingSelectionName="tables")
    service.delete_restore_testing_plan(RestoreTestingPlanName="daily")
    refused("ResourceNotFoundException", service.get_restore_testing_plan,
            RestoreTestingPlanName="daily")


@scenario
def reports():
    service, arn = vault_with_point()
    store = client("s3")
    store.create_bucket(Bucket="shelf-of-reports")
    channel = {"S3BucketName": "shelf-of-reports", "Formats": ["CSV"]}
    service.create_report_plan(
        ReportPlanName="jobs", ReportDeliveryChannel=channel,
        ReportSetting={"ReportTemplate": "BACKUP_JOB_REPORT"})
    let_pass("10m")
    service.update_report_plan(ReportPlanName="jobs", ReportPlanDescription="every job")
    let_pass("10m")
    told = service.describe_report_plan(ReportPlanName="jobs")["ReportPlan"]
    assert told["ReportPlanDescription"] == "every job", told
    job = service.start_report_job(ReportPlanName="jobs")["ReportJobId"]
    let_pass("2h")
    told = service.describe_report_job(ReportJobId=job)["ReportJob"]
    assert told["Status"] == "COMPLETED", told
    assert job in [j["ReportJobId"] for j in service.list_report_jobs()["ReportJobs"]]
    texts = [
        store.get_object(Bucket="shelf-of-reports", Key=key)["Body"].read().decode()
        for key in told["ReportDestination"]["S3Keys"]]
    assert texts and all(arn in text for text in texts), texts
    assert len(service.list_report_plans()["ReportPlans"]) == 1
    service.delete_report_plan(ReportPlanName="jobs")
    refused("ResourceNotFoundException", service.describe_report_plan, ReportPlanName="jobs")


@scenario
def frameworks():
    service = client("backup")
    service.create_framework(
        FrameworkName="kept", FrameworkControls=[{"ControlName": "BACKUP_RECOVERY_POINT_ENCRYPTED"}])
    let_pass("1h")
    service.update_framework(FrameworkName="kept", FrameworkDescription="for an auditor")
    let_pass("1h")
    told = service.describe_framework(FrameworkName="kept")
    assert told["FrameworkDescription"] == "for an auditor", told
    assert [f["FrameworkName"] for f in service.list_frameworks()["Frameworks"]] == ["kept"]
    service.delete_framework(FrameworkName="kept")
    let_pass("1h")
    assert service.list_frameworks()["Frameworks"] == []


@scenario
def summaries_and_templates():
    service, arn = vault_with_point()
    service.start_restore_job(
        RecoveryPointArn=arn, Metadata={"targetTableName": "again"}, IamRoleArn=ROLE)
    let_pass("2d")
    for call, name in [
        (service.list_backup_job_summaries, "BackupJobSummaries"),
        (service.list_restore_job_summaries, "RestoreJobSummaries"),
    ]:
        told = call(AggregationPeriod="FOURTEEN_DAYS", State="COMPLETED")[name]
        assert sum(one["Count"] for one in told) == 1, told
    assert service.list_copy_job_summaries(AggregationPeriod="FOURTEEN_DAYS")["CopyJobSummaries"] == []
    templates = service.list_backup_plan_templates()["BackupPlanTemplatesList"]
    plan = service.get_backup_plan_from_template(
        BackupPlanTemplateId=templates[0]["BackupPlanTemplateId"])["BackupPlanDocument"]
    assert plan["Rules"], plan
    made = service.create_backup_plan(BackupPlan={
        "BackupPlanName": "daily", "Rules": [{"RuleName": "night", "TargetBackupVaultName": "vault-a"}]})
    text = service.export_backup_plan_template(BackupPlanId=made["BackupPlanId"])["BackupPlanTemplateJson"]
    told = service.get_backup_plan_from_json(BackupPlanTemplateJson=text)["BackupPlan"]
    assert told["BackupPlanName"] == "daily", told
    assert "DynamoDB" in service.get_supported_resource_types()["ResourceTypes"]


@scenario
def an_organization():
    service = client("organizations")
    refused("AWSOrganizationsNotInUseException", service.describe_organization)
    service.create_organization(FeatureSet="ALL")
    assert service.describe_organization()["Organization"]["MasterAccountId"] == ACCOUNT
    root = service.list_roots()["Roots"][0]["Id"]
    assert service.list_parents(ChildId=ACCOUNT)["Parents"] == [{"Id": root, "Type": "ROOT"}]
    assert service.describe_account(AccountId=ACCOUNT)["Account"]["Status"] == "ACTIVE"
    invited = service.invite_account_to_organization(Target={"Id": GUEST, "Type": "ACCOUNT"})
    guest = client("organizations", aws_access_key_id=GUEST)
    asked = guest.list_handshakes_for_account()["Handshakes"]
    assert [h["Id"] for h in asked] == [invited["Handshake"]["Id"]], asked
    guest.accept_handshake(HandshakeId=asked[0]["Id"])
    assert len(service.list_accounts()["Accounts"]) == 2
    principal = "backup.amazonaws.com"
    service.enable_aws_service_access(ServicePrincipal=principal)
    enabled = service.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    assert principal in [one["ServicePrincipal"] for one in enabled], enabled
    service.register_delegated_administrator(AccountId=GUEST, ServicePrincipal=principal)
    told = service.list_delegated_administrators()["DelegatedAdministrators"]
    assert [one["Id"] for one in told] == [GUEST], told
    service.deregister_delegated_administrator(AccountId=GUEST, ServicePrincipal=principal)
    service.disable_aws_service_access(ServicePrincipal=principal)
    backup = client("backup")
    backup.update_global_settings(GlobalSettings={"isCrossAccountBackupEnabled": "true"})
    told = backup.describe_global_settings()["GlobalSettings"]
    assert told["isCrossAccountBackupEnabled"] == "true", told
    guest.leave_organization()
    again = service.invite_account_to_organization(Target={"Id": GUEST, "Type": "ACCOUNT"})
    guest.accept_handshake(HandshakeId=again["Handshake"]["Id"])
    service.remove_account_from_organization(AccountId=GUEST)
    assert len(service.list_accounts()["Accounts"]) == 1


@scenario
def policies_of_an_organization():
    service, (vaults, arn) = client("organizations"), vault_with_point()
    service.create_organization(FeatureSet="ALL")
    root, kind = service.list_roots()["Roots"][0]["Id"], "SERVICE_CONTROL_POLICY"
    if not service.list_roots()["Roots"][0]["PolicyTypes"]:
        service.enable_policy_type(RootId=root, PolicyType=kind)
    content = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Action": "backup:DeleteRecoveryPoint", "Resource": "*"}]}
    policy = service.create_policy(
        Name="keep", Description="nobody deletes", Type=kind,
        Content=json.dumps(content))["Policy"]["PolicySummary"]["Id"]
    assert json.loads(service.describe_policy(PolicyId=policy)["Policy"]["Content"]) == content
    service.attach_policy(PolicyId=policy, TargetId=root)
    targets = service.list_targets_for_policy(PolicyId=policy)["Targets"]
    assert [target["TargetId"] for target in targets] == [root], targets
    for told in [
        service.list_policies(Filter=kind), service.list_policies_for_target(TargetId=root, Filter=kind)]:
        assert policy in [one["Id"] for one in told["Policies"]], told
    # No such policy holds the management account itself.
    vaults.delete_recovery_point(BackupVaultName="vault-a", RecoveryPointArn=arn)
    service.detach_policy(PolicyId=policy, TargetId=root)
    service.delete_policy(PolicyId=policy)
    service.enable_policy_type(RootId=root, PolicyType="BACKUP_POLICY")
    service.disable_policy_type(RootId=root, PolicyType="BACKUP_POLICY")


@scenario
def metrics_and_alarms():
    vault_with_point()
    let_pass("1h")
    service, end = client("cloudwatch"), now() + datetime.timedelta(hours=1)
    names = {m["MetricName"] for m in service.list_metrics(Namespace="AWS/Backup")["Metrics"]}
    assert "NumberOfBackupJobsCompleted" in names, names
    span = {"StartTime": end - datetime.timedelta(days=1), "EndTime": end}
    told = service.get_metric_statistics(
        Namespace="AWS/Backup", MetricName="NumberOfBackupJobsCompleted", Period=86400,
        Dimensions=[{"Name": "BackupVaultName", "Value": "vault-a"},
                    {"Name": "ResourceType", "Value": "DynamoDB"}], Statistics=["Sum"], **span)
    assert sum(point["Sum"] for point in told["Datapoints"]) == 1, told
    service.put_metric_data(Namespace="Orders", MetricData=[
        {"MetricName": "Lost", "Value": 3, "Unit": "Count", "Timestamp": end - datetime.timedelta(hours=2)}])
    told = service.get_metric_data(MetricDataQueries=[{"Id": "lost", "MetricStat": {
        "Metric": {"Namespace": "Orders", "MetricName": "Lost"}, "Period": 3600, "Stat": "Sum"}}], **span)
    assert told["MetricDataResults"][0]["Values"] == [3.0], told
    service.put_metric_alarm(
        AlarmName="lost", Namespace="Orders", MetricName="Lost", Statistic="Sum", Period=3600,
        EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanOrEqualToThreshold",
        Tags=[{"Key": "team", "Value": "pay"}])
    arn = service.describe_alarms(AlarmNames=["lost"])["MetricAlarms"][0]["AlarmArn"]
    service.tag_resource(ResourceARN=arn, Tags=[{"Key": "drill", "Value": "yes"}])
    service.untag_resource(ResourceARN=arn, TagKeys=["team"])
    told = service.list_tags_for_resource(ResourceARN=arn)["Tags"]
    assert told == [{"Key": "drill", "Value": "yes"}], told
    service.set_alarm_state(AlarmName="lost", StateValue="ALARM", StateReason="drill")
    told = service.describe_alarms(AlarmNames=["lost"])["MetricAlarms"]
    assert [alarm["StateReason"] for alarm in told] == ["drill"], told
    history = service.describe_alarm_history(AlarmName="lost")["AlarmHistoryItems"]
    assert {"StateUpdate", "ConfigurationUpdate"} <= {one["HistoryItemType"] for one in history}, history
    service.delete_alarms(AlarmNames=["lost"])
    assert service.describe_alarms()["MetricAlarms"] == []


@scenario
def costs():
    tables, service = orders(Tags=[{"Key": "team", "Value": "pay"}]), client("ce")
    tables.update_continuous_backups(
        TableName="orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    day = now().date()
    let_pass("3d")
    period = {"Start": str(day), "End": str(day + datetime.timedelta(days=2))}
    told = service.get_cost_and_usage(
        TimePeriod=period, Granularity="DAILY", Metrics=["UnblendedCost"],
        GroupBy=[{"Type": "DIMENSION", "Key": "SERVICE"}])["ResultsByTime"]
    assert len(told) == 2 and told[0]["TimePeriod"]["Start"] == str(day), told
    refused("ValidationException", service.get_cost_and_usage,
            TimePeriod=period, Granularity="DAILY", Metrics=["Bananas"])
    told = service.list_cost_allocation_tags()["CostAllocationTags"]
    assert [(tag["TagKey"], tag["Status"]) for tag in told] == [("team", "Inactive")], told
    errors = service.update_cost_allocation_tags_status(
        CostAllocationTagsStatus=[{"TagKey": "team", "Status": "Active"}])["Errors"]
    assert errors == [], errors
    told = service.list_cost_allocation_tags(Status="Active")["CostAllocationTags"]
    assert [tag["TagKey"] for tag in told] == ["team"], told


@scenario
def the_trail_of_an_auditor():
    service = client("backup")
    refused("ResourceNotFoundException", service.delete_report_plan, ReportPlanName="none")
    let_pass("20m")
    events = client("cloudtrail").lookup_events(LookupAttributes=[
        {"AttributeKey": "EventName", "AttributeValue": "DeleteReportPlan"}])["Events"]
    assert json.loads(events[0]["CloudTrailEvent"])["errorCode"], events


if __name__ == "__main__":
    main(__file__, services=["ce", "cloudtrail", "cloudwatch", "organizations"], told=["backup"])
