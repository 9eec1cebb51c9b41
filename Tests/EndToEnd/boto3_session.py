# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program does with boto3 against the endpoint, each answer checked."""

import boto3
from botocore.exceptions import ClientError

tables = boto3.client("dynamodb")
tables.create_table(
    TableName="orders", BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
exists = tables.get_waiter("table_exists")
exists.wait(TableName="orders", WaiterConfig={"Delay": 1, "MaxAttempts": 3})
# Backups learn of a table a little later than the table's own clients.
tables.describe_table(TableName="orders")
for number in range(20):
    tables.put_item(TableName="orders", Item={"id": {"S": str(number)}, "v": {"N": str(number)}})

arn = tables.create_backup(TableName="orders", BackupName="before")["BackupDetails"]["BackupArn"]
tables.describe_backup(BackupArn=arn)
details = tables.describe_backup(BackupArn=arn)["BackupDescription"]["BackupDetails"]
assert details["BackupStatus"] == "AVAILABLE", details

for number in range(20):
    tables.delete_item(TableName="orders", Key={"id": {"S": str(number)}})
assert tables.scan(TableName="orders")["Count"] == 0
tables.restore_table_from_backup(TargetTableName="restored", BackupArn=arn)
exists.wait(TableName="restored", WaiterConfig={"Delay": 1, "MaxAttempts": 3})
assert tables.scan(TableName="restored")["Count"] == 20
assert boto3.resource("dynamodb").Table("restored").get_item(Key={"id": "3"})["Item"]["v"] == 3

try:
    tables.transact_write_items(TransactItems=[
        {"Put": {"TableName": "restored", "Item": {"id": {"S": "new"}}}},
        {"Put": {"TableName": "restored", "Item": {"id": {"S": "3"}},
                 "ConditionExpression": "attribute_not_exists(id)"}}])
    raise AssertionError("a transaction with a false condition was carried out")
except ClientError as refused:
    assert [reason["Code"] for reason in refused.response["CancellationReasons"]] == [
        "None", "ConditionalCheckFailed"], refused.response
assert boto3.client("kms").create_key()["KeyMetadata"]["KeyState"] == "Enabled"
assert boto3.client("dynamodbstreams").list_streams()["Streams"] == []
assert boto3.client("cloudtrail").lookup_events()["Events"]
assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"
for name, call in [("s3", "list_buckets"), ("backup", "list_backup_vaults")]:
    try:
        getattr(boto3.client(name), call)()
        raise AssertionError(f"{name} was answered")
    except ClientError as refused:
        assert refused.response["Error"]["Code"] == "NotSimulated", refused.response
