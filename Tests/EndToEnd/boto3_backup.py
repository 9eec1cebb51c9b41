#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs with boto3 against the endpoint: AWS Backup, and what stands around a backup.

    Tests/EndToEnd/boto3_backup.py PROGRAM

botocore builds and checks the requests, reads the answers and raises the services' own exceptions.
"""

import datetime
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Harness"))
from boto3_bench import (
    ACCOUNT, TABLE_ARN, client, let_pass, main, orders, refused, scenario)

from botocore.exceptions import ClientError, ParamValidationError

ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/AWSBackupDefaultServiceRole"
RULE = {"RuleName": "night", "TargetBackupVaultName": "vault-a", "ScheduleExpression": "cron(0 5 * * ? *)"}


def vault(name="vault-a", **more):
    service = client("backup", **more)
    service.create_backup_vault(BackupVaultName=name)
    return service


def raised(exception, call, **named):
    """The answer of a refusal that botocore gives as that exception."""
    try:
        call(**named)
    except exception as error:
        return error.response
    raise AssertionError(f"{exception.__name__} was expected")


def unsent(call, **named):
    """A request that botocore itself does not send."""
    try:
        call(**named)
    except ParamValidationError:
        return
    raise AssertionError("it was sent")


def recovery_point(service, **more):
    """The recovery point of a finished job for the table `orders`."""
    job = service.start_backup_job(
        BackupVaultName="vault-a", ResourceArn=TABLE_ARN, IamRoleArn=ROLE, **more)
    let_pass("20m")
    told = service.describe_backup_job(BackupJobId=job["BackupJobId"])
    assert told["State"] == "COMPLETED", told
    return told["RecoveryPointArn"]


@scenario
def a_vaults_life():
    service = client("backup")
    made = service.create_backup_vault(BackupVaultName="vault-a", BackupVaultTags={"team": "orders"})
    assert made["BackupVaultArn"].endswith(":backup-vault:vault-a"), made
    assert isinstance(made["CreationDate"], datetime.datetime) and made["CreationDate"].tzinfo
    raised(service.exceptions.AlreadyExistsException, service.create_backup_vault, BackupVaultName="vault-a")
    raised(service.exceptions.InvalidParameterValueException, service.create_backup_vault, BackupVaultName="v")
    refused("AccessDeniedException", service.describe_backup_vault, status=403, BackupVaultName="none")
    unsent(service.create_backup_vault)
    unsent(service.create_backup_vault, BackupVaultName=7)
    told = service.describe_backup_vault(BackupVaultName="vault-a")
    assert told["NumberOfRecoveryPoints"] == 0 and told["Locked"] is False, told
    arn = made["BackupVaultArn"]
    assert service.list_tags(ResourceArn=arn)["Tags"] == {"team": "orders"}
    service.tag_resource(ResourceArn=arn, Tags={"stage": "test"})
    service.untag_resource(ResourceArn=arn, TagKeyList=["team"])
    assert service.list_tags(ResourceArn=arn)["Tags"] == {"stage": "test"}
    raised(service.exceptions.ResourceNotFoundException, service.list_tags, ResourceArn=arn + "x")
    for number in range(5):
        service.create_backup_vault(BackupVaultName=f"more-{number}")
    names = [
        vault["BackupVaultName"]
        for page in service.get_paginator("list_backup_vaults").paginate(PaginationConfig={"PageSize": 2})
        for vault in page["BackupVaultList"]]
    assert names == sorted(names) and len(names) == 6, names
    service.delete_backup_vault(BackupVaultName="vault-a")
    raised(service.exceptions.ResourceNotFoundException, service.delete_backup_vault, BackupVaultName="vault-a")


@scenario
def policies_and_notifications():
    service = vault()
    missing = service.exceptions.ResourceNotFoundException
    raised(missing, service.get_backup_vault_access_policy, BackupVaultName="vault-a")
    policy = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint", "Resource": "*"}]}
    service.put_backup_vault_access_policy(BackupVaultName="vault-a", Policy=json.dumps(policy))
    told = service.get_backup_vault_access_policy(BackupVaultName="vault-a")
    assert json.loads(told["Policy"]) == policy, told
    orders()
    arn = recovery_point(service)
    refused("AccessDeniedException", service.delete_recovery_point, status=403,
            BackupVaultName="vault-a", RecoveryPointArn=arn)
    service.delete_backup_vault_access_policy(BackupVaultName="vault-a")
    service.delete_recovery_point(BackupVaultName="vault-a", RecoveryPointArn=arn)
    topic = client("sns").create_topic(Name="ops")["TopicArn"]
    service.put_backup_vault_notifications(
        BackupVaultName="vault-a", SNSTopicArn=topic, BackupVaultEvents=["BACKUP_JOB_COMPLETED"])
    assert service.get_backup_vault_notifications(BackupVaultName="vault-a")["SNSTopicArn"] == topic
    service.delete_backup_vault_notifications(BackupVaultName="vault-a")
    raised(missing, service.get_backup_vault_notifications, BackupVaultName="vault-a")


@scenario
def a_locked_vault():
    service = vault()
    orders()
    service.put_backup_vault_lock_configuration(
        BackupVaultName="vault-a", MinRetentionDays=7, MaxRetentionDays=30)
    raised(service.exceptions.InvalidParameterValueException, service.put_backup_vault_lock_configuration,
           BackupVaultName="vault-a", MinRetentionDays=31, MaxRetentionDays=30)
    service.delete_backup_vault_lock_configuration(BackupVaultName="vault-a")
    service.put_backup_vault_lock_configuration(
        BackupVaultName="vault-a", MinRetentionDays=7, ChangeableForDays=3)
    told = service.describe_backup_vault(BackupVaultName="vault-a")
    assert told["Locked"] and isinstance(told["LockDate"], datetime.datetime), told
    arn = recovery_point(service, Lifecycle={"DeleteAfterDays": 10})
    let_pass("4d")
    for call, more in [
        (service.delete_backup_vault_lock_configuration, {}),
        (service.put_backup_vault_lock_configuration, {"MinRetentionDays": 1}),
        (service.delete_recovery_point, {"RecoveryPointArn": arn}),
    ]:
        try:
            call(BackupVaultName="vault-a", **more)
            raise AssertionError("a locked vault gave way")
        except ClientError as error:
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 403), error.response


@scenario
def plans_and_selections():
    service = vault()
    made = service.create_backup_plan(BackupPlan={"BackupPlanName": "daily", "Rules": [RULE]})
    plan = made["BackupPlanId"]
    raised(service.exceptions.AlreadyExistsException, service.create_backup_plan,
           BackupPlan={"BackupPlanName": "daily", "Rules": [RULE]})
    raised(service.exceptions.InvalidParameterValueException, service.create_backup_plan,
           BackupPlan={"BackupPlanName": "bad", "Rules": [{**RULE, "ScheduleExpression": "now and then"}]})
    unsent(service.create_backup_plan, BackupPlan={"BackupPlanName": "bad", "Rules": "none"})
    told = service.get_backup_plan(BackupPlanId=plan)
    assert told["BackupPlan"]["Rules"][0]["RuleName"] == "night", told
    changed = service.update_backup_plan(
        BackupPlanId=plan, BackupPlan={"BackupPlanName": "daily", "Rules": [{**RULE, "StartWindowMinutes": 60}]})
    assert changed["VersionId"] != made["VersionId"]
    versions = service.list_backup_plan_versions(BackupPlanId=plan)["BackupPlanVersionsList"]
    assert {v["VersionId"] for v in versions} == {made["VersionId"], changed["VersionId"]}, versions
    selection = service.create_backup_selection(BackupPlanId=plan, BackupSelection={
        "SelectionName": "all", "IamRoleArn": ROLE, "Resources": ["arn:aws:dynamodb:*:*:table/*"]})["SelectionId"]
    told = service.get_backup_selection(BackupPlanId=plan, SelectionId=selection)
    assert told["BackupSelection"]["Resources"] == ["arn:aws:dynamodb:*:*:table/*"], told
    assert len(service.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]) == 1
    assert [p["BackupPlanName"] for p in service.list_backup_plans()["BackupPlansList"]] == ["daily"]
    orders()
    let_pass("1d")
    jobs = service.list_backup_jobs()["BackupJobs"]
    assert [job["State"] for job in jobs] == ["COMPLETED"], jobs
    assert jobs[0]["CreatedBy"]["BackupPlanId"] == plan, jobs
    raised(service.exceptions.InvalidRequestException, service.delete_backup_plan, BackupPlanId=plan)
    service.delete_backup_selection(BackupPlanId=plan, SelectionId=selection)
    service.delete_backup_plan(BackupPlanId=plan)
    raised(service.exceptions.ResourceNotFoundException, service.get_backup_plan, BackupPlanId="none")


@scenario
def jobs_and_recovery_points():
    service = vault()
    orders().put_item(TableName="orders", Item={"id": {"S": "1"}})
    arn = recovery_point(service, RecoveryPointTags={"made": "by hand"}, Lifecycle={"DeleteAfterDays": 35})
    missing = service.exceptions.ResourceNotFoundException
    raised(missing, service.describe_backup_job, BackupJobId="none")
    raised(missing, service.start_backup_job, BackupVaultName="none", ResourceArn=TABLE_ARN, IamRoleArn=ROLE)
    told = service.describe_recovery_point(BackupVaultName="vault-a", RecoveryPointArn=arn)
    assert told["Status"] == "COMPLETED" and told["ResourceType"] == "DynamoDB", told
    assert isinstance(told["CalculatedLifecycle"]["DeleteAt"], datetime.datetime), told
    assert service.list_tags(ResourceArn=arn)["Tags"] == {"made": "by hand"}
    for answer, name in [
        (service.list_recovery_points_by_backup_vault(BackupVaultName="vault-a"), "RecoveryPoints"),
        (service.list_recovery_points_by_resource(ResourceArn=TABLE_ARN), "RecoveryPoints"),
    ]:
        assert [point["RecoveryPointArn"] for point in answer[name]] == [arn], answer
    for answer in [
        service.list_protected_resources(),
        service.list_protected_resources_by_backup_vault(BackupVaultName="vault-a"),
    ]:
        assert [result["ResourceArn"] for result in answer["Results"]] == [TABLE_ARN], answer
    assert service.describe_protected_resource(ResourceArn=TABLE_ARN)["ResourceType"] == "DynamoDB"
    service.update_recovery_point_lifecycle(
        BackupVaultName="vault-a", RecoveryPointArn=arn, Lifecycle={"DeleteAfterDays": 7})
    told = service.describe_recovery_point(BackupVaultName="vault-a", RecoveryPointArn=arn)
    assert told["Lifecycle"]["DeleteAfterDays"] == 7, told
    raised(service.exceptions.InvalidRequestException, service.delete_backup_vault, BackupVaultName="vault-a")
    job = service.start_backup_job(BackupVaultName="vault-a", ResourceArn=TABLE_ARN, IamRoleArn=ROLE)
    try:
        service.stop_backup_job(BackupJobId=job["BackupJobId"])
    except service.exceptions.InvalidRequestException:
        pass
    let_pass("8d")
    raised(missing, service.describe_recovery_point, BackupVaultName="vault-a", RecoveryPointArn=arn)
    pages = service.get_paginator("list_backup_jobs").paginate(PaginationConfig={"PageSize": 1})
    assert len([job for page in pages for job in page["BackupJobs"]]) == 2


@scenario
def a_restore():
    service, tables = vault(), orders()
    for number in range(20):
        tables.put_item(TableName="orders", Item={"id": {"S": str(number)}, "b": {"B": bytes([number])}})
    arn = recovery_point(service)
    metadata = service.get_recovery_point_restore_metadata(
        BackupVaultName="vault-a", RecoveryPointArn=arn)["RestoreMetadata"]
    assert isinstance(metadata, dict), metadata
    job = service.start_restore_job(
        RecoveryPointArn=arn, Metadata={"targetTableName": "again"}, IamRoleArn=ROLE)["RestoreJobId"]
    unsent(service.start_restore_job, RecoveryPointArn=arn, Metadata={"targetTableName": 1})
    raised(service.exceptions.ResourceNotFoundException, service.start_restore_job,
           RecoveryPointArn="nonsense", Metadata={"targetTableName": "third"}, IamRoleArn=ROLE)
    let_pass("2h")
    told = service.describe_restore_job(RestoreJobId=job)
    assert told["Status"] == "COMPLETED" and told["CreatedResourceArn"].endswith("/again"), told
    items = tables.scan(TableName="again", ConsistentRead=True)["Items"]
    assert sorted(int(item["id"]["S"]) for item in items) == list(range(20))
    assert all(item["b"]["B"] == bytes([int(item["id"]["S"])]) for item in items)
    assert [j["RestoreJobId"] for j in service.list_restore_jobs()["RestoreJobs"]] == [job]
    told = service.list_restore_jobs_by_protected_resource(ResourceArn=TABLE_ARN)["RestoreJobs"]
    assert [j["RestoreJobId"] for j in told] == [job], told
    assert service.get_restore_job_metadata(RestoreJobId=job)["Metadata"]["targetTableName"] == "again"
    raised(service.exceptions.ResourceNotFoundException, service.describe_restore_job, RestoreJobId="none")


@scenario
def copies():
    service = vault()
    service.update_region_settings(ResourceTypeManagementPreference={"DynamoDB": True})
    far = vault("far", region_name="eu-west-1")
    orders()
    arn = recovery_point(service)
    job = service.start_copy_job(
        RecoveryPointArn=arn, SourceBackupVaultName="vault-a", IamRoleArn=ROLE,
        DestinationBackupVaultArn=f"arn:aws:backup:eu-west-1:{ACCOUNT}:backup-vault:far")["CopyJobId"]
    let_pass("2h")
    told = service.describe_copy_job(CopyJobId=job)["CopyJob"]
    assert told["State"] == "COMPLETED", told
    assert [j["CopyJobId"] for j in service.list_copy_jobs()["CopyJobs"]] == [job]
    points = far.list_recovery_points_by_backup_vault(BackupVaultName="far")["RecoveryPoints"]
    assert [point["RecoveryPointArn"] for point in points] == [told["DestinationRecoveryPointArn"]], points
    raised(service.exceptions.ResourceNotFoundException, service.describe_copy_job, CopyJobId="none")
    # For continuous recovery points only.
    raised(service.exceptions.InvalidRequestException, service.disassociate_recovery_point,
           BackupVaultName="vault-a", RecoveryPointArn=arn)


@scenario
def settings():
    service = client("backup")
    preferences = service.describe_region_settings()["ResourceTypeOptInPreference"]
    assert preferences["DynamoDB"] in (True, False), preferences
    service.update_region_settings(ResourceTypeOptInPreference={"DynamoDB": False})
    assert service.describe_region_settings()["ResourceTypeOptInPreference"]["DynamoDB"] is False
    unsent(service.update_region_settings, ResourceTypeOptInPreference={"DynamoDB": "no"})
    # A world without an organization has no settings across accounts.
    raised(service.exceptions.InvalidRequestException, service.describe_global_settings)
    raised(service.exceptions.InvalidRequestException, service.update_global_settings,
           GlobalSettings={"isCrossAccountBackupEnabled": "true"})


@scenario
def buckets():
    store = client("s3")
    store.create_bucket(Bucket="shelf")
    store.head_bucket(Bucket="shelf")
    assert store.get_bucket_location(Bucket="shelf")["LocationConstraint"] is None
    body = bytes(range(256)) * 300
    put = store.put_object(Bucket="shelf", Key="a/b", Body=body)
    assert store.head_object(Bucket="shelf", Key="a/b")["ETag"] == put["ETag"]
    assert store.get_object(Bucket="shelf", Key="a/b")["Body"].read() == body
    refused("NoSuchKey", store.get_object, status=404, Bucket="shelf", Key="none")
    refused("NoSuchBucket", store.get_object, status=404, Bucket="shelf-of-none", Key="a")
    for number in range(5):
        store.put_object(Bucket="shelf", Key=f"n{number}", Body=b"")
    pages = store.get_paginator("list_objects_v2").paginate(Bucket="shelf", PaginationConfig={"PageSize": 2})
    assert [o["Key"] for page in pages for o in page["Contents"]] == ["a/b"] + [f"n{n}" for n in range(5)]
    refused("BucketNotEmpty", store.delete_bucket, status=409, Bucket="shelf")
    for name in ["a/b"] + [f"n{number}" for number in range(5)]:
        store.delete_object(Bucket="shelf", Key=name)
    store.delete_bucket(Bucket="shelf")
    assert store.list_buckets()["Buckets"] == []


@scenario
def rules_and_topics():
    topics, rules = client("sns"), client("events")
    topic = topics.create_topic(Name="ops")["TopicArn"]
    topics.subscribe(TopicArn=topic, Protocol="email", Endpoint="on-call@example.com")
    queue = topics.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:us-east-1:{ACCOUNT}:jobs",
        ReturnSubscriptionArn=True)["SubscriptionArn"]
    assert len(topics.list_subscriptions()["Subscriptions"]) == 2
    topics.unsubscribe(SubscriptionArn=queue)
    assert topics.publish(
        TopicArn=topic, Message="hello", MessageAttributes={
            "kind": {"DataType": "String", "StringValue": "drill"},
            "bytes": {"DataType": "Binary", "BinaryValue": b"ab"}})["MessageId"]
    topics.set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="On call")
    assert topics.get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"] == "On call"
    topics.tag_resource(
        ResourceArn=topic, Tags=[{"Key": "team", "Value": "pay"}, {"Key": "drill", "Value": "yes"}])
    topics.untag_resource(ResourceArn=topic, TagKeys=["team"])
    assert topics.list_tags_for_resource(ResourceArn=topic)["Tags"] == [
        {"Key": "drill", "Value": "yes"}]
    assert topics.get_topic_attributes(TopicArn=topic)["Attributes"]["TopicArn"] == topic
    refused("NotFound", topics.get_topic_attributes, status=404, TopicArn=topic + "x")
    rules.put_rule(Name="tick", ScheduleExpression="rate(1 hour)")
    assert rules.put_targets(
        Rule="tick", Targets=[{"Id": "1", "Arn": topic}])["FailedEntryCount"] == 0
    assert rules.list_targets_by_rule(Rule="tick")["Targets"] == [{"Id": "1", "Arn": topic}]
    rules.disable_rule(Name="tick")
    assert rules.describe_rule(Name="tick")["State"] == "DISABLED"
    rules.enable_rule(Name="tick")
    raised(rules.exceptions.ResourceNotFoundException, rules.describe_rule, Name="none")
    refused("ValidationException", rules.put_rule, Name="bad", ScheduleExpression="rate(1 fortnight)")
    rules.remove_targets(Rule="tick", Ids=["1"])
    rules.delete_rule(Name="tick")
    assert rules.list_rules()["Rules"] == []
    topics.delete_topic(TopicArn=topic)
    assert topics.list_topics()["Topics"] == []


@scenario
def what_happened():
    service = vault()
    raised(service.exceptions.ResourceNotFoundException, service.delete_backup_vault, BackupVaultName="none")
    let_pass("20m")
    events = client("cloudtrail").lookup_events(LookupAttributes=[
        {"AttributeKey": "EventSource", "AttributeValue": "backup.amazonaws.com"}])["Events"]
    assert [event["EventName"] for event in events] == ["DeleteBackupVault", "CreateBackupVault"], events
    told = [json.loads(event["CloudTrailEvent"]) for event in events]
    assert told[0]["errorCode"] and "errorCode" not in told[1], told


if __name__ == "__main__":
    main(__file__, told=["backup", "s3api", "sns", "events"])
