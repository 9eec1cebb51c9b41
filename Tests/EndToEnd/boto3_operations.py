#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs with boto3 against the endpoint: every simulated operation of DynamoDB and its neighbours.

    Tests/EndToEnd/boto3_operations.py PROGRAM

botocore builds and checks the requests and reads the answers; the resource level, waiters, paginators
and exceptions are used as programs use them. At the end every operation that `rewind fidelity` calls
simulated must have been answered, and every other one of DynamoDB and its Streams must have refused
by name. AWS Backup has a file of its own.
"""

import datetime
import decimal
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Harness"))
from boto3_bench import (
    ACCOUNT, ORDERS, TABLE_ARN, answered, client, if_simulated, let_pass, main, not_simulated, orders,
    refused, resource, scenario)

from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError, ParamValidationError


# Tables

@scenario
def a_tables_life():
    tables = client("dynamodb")
    made = tables.create_table(**ORDERS)["TableDescription"]
    assert made["TableStatus"] == "CREATING" and made["TableArn"] == TABLE_ARN, made
    tables.get_waiter("table_exists").wait(
        TableName="orders", WaiterConfig={"Delay": 1, "MaxAttempts": 3})
    refused("ResourceInUseException", tables.create_table, **ORDERS)
    assert tables.list_tables()["TableNames"] == ["orders"]
    tables.update_table(TableName="orders", DeletionProtectionEnabled=True)
    refused("ValidationException", tables.delete_table, TableName="orders")
    let_pass("1m")
    tables.update_table(TableName="orders", DeletionProtectionEnabled=False)
    let_pass("1m")
    assert tables.delete_table(TableName="orders")["TableDescription"]["TableStatus"] == "DELETING"
    tables.get_waiter("table_not_exists").wait(
        TableName="orders", WaiterConfig={"Delay": 1, "MaxAttempts": 3})
    try:
        tables.describe_table(TableName="orders")
        raise AssertionError("a deleted table was described")
    except tables.exceptions.ResourceNotFoundException as error:
        assert "orders not found" in str(error), error


@scenario
def many_tables_in_pages():
    tables = client("dynamodb")
    for number in range(7):
        tables.create_table(**{**ORDERS, "TableName": f"t-{number}"})
    pages = list(tables.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 3}))
    assert [len(page["TableNames"]) for page in pages] == [3, 3, 1], pages
    assert tables.describe_limits()["TableMaxReadCapacityUnits"] == 40000
    assert tables.describe_endpoints()["Endpoints"][0]["CachePeriodInMinutes"] == 1440


@scenario
def tags_expiry_and_policies():
    tables = orders(Tags=[{"Key": "team", "Value": "shop"}])
    tables.tag_resource(ResourceArn=TABLE_ARN, Tags=[{"Key": "stage", "Value": "test"}])
    tables.untag_resource(ResourceArn=TABLE_ARN, TagKeys=["team"])
    listed = tables.list_tags_of_resource(ResourceArn=TABLE_ARN)["Tags"]
    assert listed == [{"Key": "stage", "Value": "test"}], listed
    tables.update_time_to_live(
        TableName="orders", TimeToLiveSpecification={"Enabled": True, "AttributeName": "ends"})
    let_pass("2h")
    expiry = tables.describe_time_to_live(TableName="orders")["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ends"}, expiry
    policy = json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Action": "dynamodb:GetItem", "Resource": TABLE_ARN}]})
    revision = tables.put_resource_policy(ResourceArn=TABLE_ARN, Policy=policy)["RevisionId"]
    let_pass("1m")
    got = tables.get_resource_policy(ResourceArn=TABLE_ARN)
    assert json.loads(got["Policy"]) == json.loads(policy) and got["RevisionId"] == revision, got
    tables.delete_resource_policy(ResourceArn=TABLE_ARN)
    let_pass("1m")
    try:
        tables.get_resource_policy(ResourceArn=TABLE_ARN)
        raise AssertionError("a deleted policy was answered")
    except tables.exceptions.PolicyNotFoundException:
        pass


@scenario
def replicas():
    tables = orders(
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    tables.update_table(
        TableName="orders", ReplicaUpdates=[{"Create": {"RegionName": "eu-west-1"}}])
    let_pass("20m")
    replica = tables.describe_table(TableName="orders")["Table"]["Replicas"][0]
    assert replica["RegionName"] == "eu-west-1" and replica["ReplicaStatus"] == "ACTIVE", replica
    tables.put_item(TableName="orders", Item={"id": {"S": "1"}})
    let_pass("5s")
    far = client("dynamodb", region_name="eu-west-1")
    assert far.scan(TableName="orders")["Count"] == 1
    assert tables.list_global_tables()["GlobalTables"] == []
    refused("GlobalTableNotFoundException", tables.describe_global_table, GlobalTableName="orders")


@scenario
def global_tables_of_the_first_version():
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    for region in ("us-east-1", "eu-west-1"):
        client("dynamodb", region_name=region).create_table(**ORDERS, StreamSpecification=stream)
    let_pass("1m")
    tables = client("dynamodb")
    group = [{"RegionName": "us-east-1"}, {"RegionName": "eu-west-1"}]
    # The service refuses new tables of this version; that is what it answers.
    calls = [
        ("CreateGlobalTable", tables.create_global_table, "ValidationException", dict(
            ReplicationGroup=[{"RegionName": "us-east-1"}, {"RegionName": "eu-west-1"}])),
        ("UpdateGlobalTable", tables.update_global_table, "ValidationException", dict(
            ReplicaUpdates=[{"Create": {"RegionName": "eu-north-1"}}])),
        ("DescribeGlobalTable", tables.describe_global_table, "GlobalTableNotFoundException", {}),
        ("DescribeGlobalTableSettings", tables.describe_global_table_settings,
            "GlobalTableNotFoundException", {}),
        ("UpdateGlobalTableSettings", tables.update_global_table_settings,
            "GlobalTableNotFoundException", {}),
    ]
    for operation, call, code, input in calls:
        if not if_simulated(operation):
            not_simulated(call, GlobalTableName="orders", **input)
            continue
        told = refused(code, call, GlobalTableName="orders", **input)["Error"]["Message"]
        assert "lobal table" in told, told
        answered["dynamodb"].add(operation)


# Items

@scenario
def items_one_at_a_time():
    tables = orders()
    item = {
        "id": {"S": "a"}, "n": {"N": "1.50"}, "b": {"B": b"\x00\xff"}, "t": {"BOOL": True},
        "z": {"NULL": True}, "ss": {"SS": ["x", "y"]}, "ns": {"NS": ["1", "2"]}, "bs": {"BS": [b"q"]},
        "l": {"L": [{"S": "ü🚀"}]}, "m": {"M": {"k": {"N": "1E+2"}}}}
    tables.put_item(TableName="orders", Item=item)
    got = tables.get_item(TableName="orders", Key={"id": {"S": "a"}}, ReturnConsumedCapacity="TOTAL")
    assert got["Item"] == {**item, "n": {"N": "1.5"}, "m": {"M": {"k": {"N": "100"}}}}, got
    assert got["ConsumedCapacity"] == {"TableName": "orders", "CapacityUnits": 0.5}, got
    changed = tables.update_item(
        TableName="orders", Key={"id": {"S": "a"}}, UpdateExpression="ADD n :one REMOVE b",
        ExpressionAttributeValues={":one": {"N": "1"}}, ReturnValues="UPDATED_NEW")
    assert changed["Attributes"] == {"n": {"N": "2.5"}}, changed
    try:
        tables.put_item(
            TableName="orders", Item={"id": {"S": "a"}},
            ConditionExpression="attribute_not_exists(id)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD")
        raise AssertionError("a false condition let a write through")
    except tables.exceptions.ConditionalCheckFailedException as error:
        assert error.response["Item"]["n"] == {"N": "2.5"}, error.response
    gone = tables.delete_item(TableName="orders", Key={"id": {"S": "a"}}, ReturnValues="ALL_OLD")
    assert gone["Attributes"]["t"] == {"BOOL": True}, gone
    assert "Item" not in tables.get_item(TableName="orders", Key={"id": {"S": "a"}})
    for bad in [{"TableName": "orders"}, {"TableName": "orders", "Item": {"id": "a"}}]:
        try:
            tables.put_item(**bad)
            raise AssertionError("botocore let a bad request through")
        except ParamValidationError:
            pass
    answer = refused(
        "ValidationException", tables.put_item, TableName="orders", Item={"id": {"N": "1"}})
    assert answer["Error"]["Message"].startswith("One or more parameter values were invalid"), answer


@scenario
def the_resource_level():
    dynamodb = resource()
    table = dynamodb.create_table(
        TableName="songs", BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind} for name, kind in [("artist", "S"), ("year", "N")]],
        KeySchema=[
            {"AttributeName": "artist", "KeyType": "HASH"}, {"AttributeName": "year", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[{
            "IndexName": "byYear", "KeySchema": [{"AttributeName": "year", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"}}])
    assert table.table_status == "CREATING"
    let_pass("1m")
    table.reload()
    assert table.table_status == "ACTIVE" and table.item_count == 0
    with table.batch_writer(overwrite_by_pkeys=["artist", "year"]) as batch:
        for year in range(1960, 2000):
            batch.put_item(Item={"artist": "band", "year": year, "stars": decimal.Decimal("4.5")})
        batch.put_item(Item={"artist": "band", "year": 1999, "stars": 5})
        batch.delete_item(Key={"artist": "band", "year": 1960})
    found = table.query(
        KeyConditionExpression=Key("artist").eq("band") & Key("year").between(1990, 1999),
        FilterExpression=Attr("stars").gt(decimal.Decimal("4.75")) | Attr("none").exists(),
        ScanIndexForward=False)
    assert [song["year"] for song in found["Items"]] == [1999] and found["ScannedCount"] == 10, found
    assert table.query(IndexName="byYear", KeyConditionExpression=Key("year").eq(1970))["Count"] == 1
    assert table.scan(FilterExpression=Attr("stars").is_in([5]) & ~Attr("artist").contains("x"))["Count"] == 1
    years = [
        int(song["year"])
        for page in dynamodb.meta.client.get_paginator("scan").paginate(
            TableName="songs", PaginationConfig={"PageSize": 7})
        for song in page["Items"]]
    assert years == list(range(1961, 2000)), years
    table.update_item(
        Key={"artist": "band", "year": 1961}, UpdateExpression="SET #t = :t",
        ExpressionAttributeNames={"#t": "tags"}, ExpressionAttributeValues={":t": {"a", "b"}},
        ConditionExpression=Attr("artist").begins_with("b") & Attr("tags").not_exists())
    assert table.get_item(Key={"artist": "band", "year": 1961})["Item"]["tags"] == {"a", "b"}
    got = dynamodb.batch_get_item(
        RequestItems={"songs": {"Keys": [{"artist": "band", "year": year} for year in (1961, 1960)]}})
    assert len(got["Responses"]["songs"]) == 1 and got["UnprocessedKeys"] == {}, got
    table.delete()
    dynamodb.meta.client.get_waiter("table_not_exists").wait(
        TableName="songs", WaiterConfig={"Delay": 1, "MaxAttempts": 3})


@scenario
def batches_and_transactions():
    tables = orders()
    written = tables.batch_write_item(
        RequestItems={"orders": [
            {"PutRequest": {"Item": {"id": {"S": str(number)}}}} for number in range(25)]})
    assert written["UnprocessedItems"] == {}, written
    got = tables.batch_get_item(
        RequestItems={"orders": {"Keys": [{"id": {"S": str(number)}} for number in range(30)]}})
    assert len(got["Responses"]["orders"]) == 25, got
    tables.transact_write_items(
        ClientRequestToken="once",
        TransactItems=[
            {"Put": {"TableName": "orders", "Item": {"id": {"S": "new"}}}},
            {"Delete": {"TableName": "orders", "Key": {"id": {"S": "0"}}}},
            {"ConditionCheck": {
                "TableName": "orders", "Key": {"id": {"S": "1"}},
                "ConditionExpression": "attribute_exists(id)"}}])
    try:
        tables.transact_write_items(TransactItems=[
            {"Put": {"TableName": "orders", "Item": {"id": {"S": "never"}}}},
            {"Update": {
                "TableName": "orders", "Key": {"id": {"S": "0"}}, "UpdateExpression": "SET a = :a",
                "ExpressionAttributeValues": {":a": {"N": "1"}},
                "ConditionExpression": "attribute_exists(id)"}}])
        raise AssertionError("a transaction with a false condition was carried out")
    except tables.exceptions.TransactionCanceledException as error:
        reasons = [reason["Code"] for reason in error.response["CancellationReasons"]]
        assert reasons == ["None", "ConditionalCheckFailed"], reasons
    got = tables.transact_get_items(TransactItems=[
        {"Get": {"TableName": "orders", "Key": {"id": {"S": name}}}} for name in ("new", "never")])
    assert got["Responses"] == [{"Item": {"id": {"S": "new"}}}, {}], got


@scenario
def statements():
    tables = orders()
    calls = [
        ("ExecuteStatement", tables.execute_statement, dict(
            Statement="INSERT INTO orders VALUE {'id': ?, 'v': ?}", Parameters=[{"S": "a"}, {"N": "1"}])),
        ("BatchExecuteStatement", tables.batch_execute_statement, dict(
            Statements=[{"Statement": "SELECT v FROM orders WHERE id = 'a'"}])),
        ("ExecuteTransaction", tables.execute_transaction, dict(
            TransactStatements=[{"Statement": "UPDATE orders SET v = 2 WHERE id = 'a'"}])),
    ]
    for operation, call, input in calls:
        if not if_simulated(operation):
            not_simulated(call, **input)
            continue
        answer = call(**input)
        if operation == "BatchExecuteStatement":
            assert answer["Responses"][0]["Item"] == {"v": {"N": "1"}}, answer
    if if_simulated("ExecuteStatement") and if_simulated("ExecuteTransaction"):
        found = tables.execute_statement(Statement="SELECT * FROM \"orders\" WHERE id = 'a'")["Items"]
        assert found == [{"id": {"S": "a"}, "v": {"N": "2"}}], found
        refused("ValidationException", tables.execute_statement, Statement="SELEC")


@scenario
def parameters_of_old():
    tables = orders()
    tables.put_item(TableName="orders", Item={"id": {"S": "a"}, "v": {"N": "1"}})
    try:
        tables.put_item(
            TableName="orders", Item={"id": {"S": "a"}}, Expected={"id": {"Exists": False}})
        raise AssertionError("a false expectation let a write through")
    except ClientError as error:
        assert error.response["Error"]["Code"] in (
            "ConditionalCheckFailedException", "NotSimulated"), error.response
        if error.response["Error"]["Code"] == "NotSimulated":
            return
    tables.update_item(
        TableName="orders", Key={"id": {"S": "a"}},
        AttributeUpdates={"v": {"Action": "ADD", "Value": {"N": "2"}}})
    found = tables.query(
        TableName="orders", AttributesToGet=["v"],
        KeyConditions={"id": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]}})
    assert found["Items"] == [{"v": {"N": "3"}}], found
    assert tables.scan(
        TableName="orders", ScanFilter={"v": {
            "ComparisonOperator": "LT", "AttributeValueList": [{"N": "3"}]}})["Count"] == 0


# Backup and recovery

@scenario
def backups():
    tables = orders()
    tables.put_item(TableName="orders", Item={"id": {"S": "1"}})
    made = tables.create_backup(TableName="orders", BackupName="before")["BackupDetails"]
    assert made["BackupStatus"] == "CREATING" and made["BackupType"] == "USER", made
    let_pass("1s")
    arn = made["BackupArn"]
    told = tables.describe_backup(BackupArn=arn)["BackupDescription"]
    assert told["BackupDetails"]["BackupStatus"] == "AVAILABLE", told
    assert told["BackupDetails"]["BackupCreationDateTime"].tzinfo is not None, told
    assert [b["BackupName"] for b in tables.list_backups()["BackupSummaries"]] == ["before"]
    tables.delete_item(TableName="orders", Key={"id": {"S": "1"}})
    tables.restore_table_from_backup(TargetTableName="again", BackupArn=arn)
    refused("BackupInUseException", tables.delete_backup, BackupArn=arn)
    tables.get_waiter("table_exists").wait(
        TableName="again", WaiterConfig={"Delay": 1, "MaxAttempts": 3})
    assert tables.scan(TableName="again")["Items"] == [{"id": {"S": "1"}}]
    assert tables.delete_backup(BackupArn=arn)["BackupDescription"]["BackupDetails"]["BackupStatus"] == "DELETED"
    try:
        tables.describe_backup(BackupArn=arn)
        raise AssertionError("a deleted backup was described")
    except tables.exceptions.BackupNotFoundException as error:
        assert arn in str(error), error


@scenario
def recovery():
    tables = orders()
    off = tables.describe_continuous_backups(TableName="orders")["ContinuousBackupsDescription"]
    assert off["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "DISABLED", off
    tables.update_continuous_backups(
        TableName="orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    tables.put_item(TableName="orders", Item={"id": {"S": "1"}, "v": {"N": "1"}})
    let_pass("10m")
    tables.put_item(TableName="orders", Item={"id": {"S": "1"}, "v": {"N": "2"}})
    let_pass("10m")
    window = tables.describe_continuous_backups(TableName="orders")[
        "ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    first, last = window["EarliestRestorableDateTime"], window["LatestRestorableDateTime"]
    assert first < last, window
    for name, moment in [("then", {"RestoreDateTime": first + (last - first) / 3}), ("now", {"UseLatestRestorableTime": True})]:
        tables.restore_table_to_point_in_time(
            SourceTableName="orders", TargetTableName=f"at-{name}", **moment)
    let_pass("20m")
    assert [tables.scan(TableName=f"at-{name}")["Items"][0]["v"]["N"] for name in ("then", "now")] == ["1", "2"]
    refused(
        "InvalidRestoreTimeException", tables.restore_table_to_point_in_time,
        SourceTableName="orders", TargetTableName="never",
        RestoreDateTime=first - datetime.timedelta(seconds=1))


@scenario
def exports_and_imports():
    tables = orders()
    tables.update_continuous_backups(
        TableName="orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    made = tables.export_table_to_point_in_time(TableArn=TABLE_ARN, S3Bucket="shelf")["ExportDescription"]
    assert made["ExportStatus"] == "IN_PROGRESS", made
    let_pass("20m")
    told = tables.describe_export(ExportArn=made["ExportArn"])["ExportDescription"]
    # No such bucket stands in this world.
    assert told["ExportStatus"] == "FAILED" and told["FailureCode"], told
    assert tables.list_exports()["ExportSummaries"][0]["ExportArn"] == made["ExportArn"]
    parameters = {key: value for key, value in ORDERS.items() if key != "TableName"}
    started = tables.import_table(
        S3BucketSource={"S3Bucket": "shelf"}, InputFormat="DYNAMODB_JSON",
        TableCreationParameters={"TableName": "imported", **parameters})["ImportTableDescription"]
    assert started["ImportStatus"] == "IN_PROGRESS", started
    let_pass("20m")
    told = tables.describe_import(ImportArn=started["ImportArn"])["ImportTableDescription"]
    assert told["ImportStatus"] == "FAILED", told
    assert len(tables.list_imports()["ImportSummaryList"]) == 1


# Settings

@scenario
def settings_beside_the_tables():
    tables = orders()
    kinesis = dict(
        TableName="orders", StreamArn=f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/changes")
    calls = [
        ("DescribeContributorInsights", tables.describe_contributor_insights, dict(TableName="orders")),
        ("UpdateContributorInsights", tables.update_contributor_insights, dict(
            TableName="orders", ContributorInsightsAction="ENABLE")),
        ("ListContributorInsights", tables.list_contributor_insights, dict(TableName="orders")),
        ("EnableKinesisStreamingDestination", tables.enable_kinesis_streaming_destination, kinesis),
        ("DescribeKinesisStreamingDestination", tables.describe_kinesis_streaming_destination, dict(TableName="orders")),
        ("UpdateKinesisStreamingDestination", tables.update_kinesis_streaming_destination, dict(
            **kinesis, UpdateKinesisStreamingConfiguration={"ApproximateCreationDateTimePrecision": "MICROSECOND"})),
        ("DisableKinesisStreamingDestination", tables.disable_kinesis_streaming_destination, kinesis),
    ]
    for operation, call, input in calls:
        if not if_simulated(operation):
            not_simulated(call, **input)
            continue
        assert "orders" in json.dumps(call(**input), default=str), operation
        let_pass("5m")
    # Only a table of several Regions has replicas to scale, and on demand nothing is set.
    refused("ResourceNotFoundException", tables.describe_table_replica_auto_scaling, TableName="orders")
    tables.update_table(TableName="orders", ReplicaUpdates=[{"Create": {"RegionName": "eu-west-1"}}])
    let_pass("15m")
    off = dict(ProvisionedWriteCapacityAutoScalingUpdate={"AutoScalingDisabled": True})
    for answer in (
            tables.describe_table_replica_auto_scaling(TableName="orders"),
            tables.update_table_replica_auto_scaling(TableName="orders", **off)):
        regions = [each["RegionName"] for each in answer["TableAutoScalingDescription"]["Replicas"]]
        assert regions == ["eu-west-1", "us-east-1"], answer


@scenario
def throughput():
    tables = orders(BillingMode="PROVISIONED", ProvisionedThroughput={
        "ReadCapacityUnits": 1, "WriteCapacityUnits": 1})
    let_pass("5m")
    taken = 0
    try:
        while taken < 400:
            tables.put_item(TableName="orders", Item={"id": {"S": str(taken)}})
            taken += 1
    except tables.exceptions.ProvisionedThroughputExceededException as error:
        reason = error.response["ThrottlingReasons"][0]
        assert reason == {
            "reason": "TableWriteProvisionedThroughputExceeded", "resource": TABLE_ARN}, reason
    # Five minutes' units, and what came back while they were used.
    assert 300 <= taken <= 310, taken
    let_pass("10s")
    left = tables.batch_write_item(RequestItems={"orders": [
        {"PutRequest": {"Item": {"id": {"S": f"batch{number}"}}}} for number in range(25)]})
    assert len(left["UnprocessedItems"]["orders"]) >= 10, left


# Streams

@scenario
def streams():
    tables = orders(
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    for number in ("1", "2"):
        tables.put_item(TableName="orders", Item={"id": {"S": "a"}, "v": {"N": number}})
    tables.delete_item(TableName="orders", Key={"id": {"S": "a"}})
    streams = client("dynamodbstreams")
    arn = streams.list_streams(TableName="orders")["Streams"][0]["StreamArn"]
    told = streams.describe_stream(StreamArn=arn)["StreamDescription"]
    assert told["StreamStatus"] == "ENABLED", told
    records = []
    for shard in told["Shards"]:
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        records += streams.get_records(ShardIterator=iterator)["Records"]
    assert [record["eventName"] for record in records] == ["INSERT", "MODIFY", "REMOVE"], records
    assert records[1]["dynamodb"]["OldImage"]["v"] == {"N": "1"}, records[1]
    try:
        streams.get_shard_iterator(StreamArn=arn, ShardId="shardId-" + "0" * 20 + "-00000000", ShardIteratorType="LATEST")
        raise AssertionError("a shard that is not there was answered")
    except streams.exceptions.ResourceNotFoundException:
        pass


# The neighbours

@scenario
def keys():
    keys = client("kms")
    key = keys.create_key(Description="orders")["KeyMetadata"]
    keys.create_alias(AliasName="alias/orders", TargetKeyId=key["KeyId"])
    assert keys.describe_key(KeyId="alias/orders")["KeyMetadata"]["Arn"] == key["Arn"]
    other = keys.create_key()["KeyMetadata"]["KeyId"]
    keys.update_alias(AliasName="alias/orders", TargetKeyId=other)
    assert keys.describe_key(KeyId="alias/orders")["KeyMetadata"]["KeyId"] == other
    assert len(keys.list_keys()["Keys"]) == 2
    assert [a["AliasName"] for a in keys.list_aliases(KeyId=other)["Aliases"]] == ["alias/orders"]
    keys.delete_alias(AliasName="alias/orders")
    keys.disable_key(KeyId=other)
    assert keys.describe_key(KeyId=other)["KeyMetadata"]["Enabled"] is False
    keys.enable_key(KeyId=other)
    ends = keys.schedule_key_deletion(KeyId=other, PendingWindowInDays=7)["DeletionDate"]
    assert ends.tzinfo is not None
    try:
        keys.enable_key(KeyId=other)
        raise AssertionError("a key that is to be deleted was enabled")
    except keys.exceptions.KMSInvalidStateException:
        pass
    keys.cancel_key_deletion(KeyId=other)
    refused("NotFoundException", keys.describe_key, KeyId="alias/none")


@scenario
def who_and_what_happened():
    who = client("sts").get_caller_identity()
    assert who["Account"] == ACCOUNT and who["Arn"].startswith(f"arn:aws:"), who
    if if_simulated("AssumeRole", "sts"):
        try:
            answer = client("sts").assume_role(
                RoleArn=f"arn:aws:iam::{ACCOUNT}:role/restorer", RoleSessionName="tonight")
            assert answer["Credentials"]["AccessKeyId"].startswith("ASIA"), answer
        except ClientError as error:
            # A world without that role denies it.
            assert error.response["Error"]["Code"] == "AccessDenied", error.response
            answered["sts"].add("AssumeRole")
    orders()
    let_pass("20m")
    events = client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateTable"}])["Events"]
    assert len(events) == 1 and json.loads(events[0]["CloudTrailEvent"])["eventName"] == "CreateTable", events


@scenario
def other_accounts():
    tables = orders()
    other = client("dynamodb", aws_access_key_id="111122223333")
    assert other.list_tables()["TableNames"] == [] and tables.list_tables()["TableNames"] == ["orders"]
    refused(
        "UnrecognizedClientException",
        client("dynamodb", aws_access_key_id="AKIAIOSFODNN7EXAMPLE").list_tables)


if __name__ == "__main__":
    main(
        __file__, ["dynamodb", "dynamodbstreams", "kms", "sts", "cloudtrail"],
        whole=["dynamodb", "dynamodbstreams"])
