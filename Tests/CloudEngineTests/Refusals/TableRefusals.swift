// SPDX-License-Identifier: GPL-3.0-or-later

/// What the service refuses about tables and their indexes.
extension Refusals {
  private static func create(_ more: String, _ key: String = key, _ define: String = "id:S")
    -> String
  {
    let definitions = define.split(separator: " ").map { pair in
      let parts = pair.split(separator: ":")
      return "{'AttributeName':'\(parts[0])','AttributeType':'\(parts[1])'}"
    }
    return "{'TableName':'other','AttributeDefinitions':[\(definitions.joined(separator: ","))],"
      + "'KeySchema':[\(key)]\(more.isEmpty ? "" : ",")\(more)}"
  }

  private static let key = "{'AttributeName':'id','KeyType':'HASH'}"
  private static let both = key + ",{'AttributeName':'n','KeyType':'RANGE'}"
  private static let onDemand = "'BillingMode':'PAY_PER_REQUEST'"
  private static let projectAll = "'Projection':{'ProjectionType':'ALL'}"

  private static func global(
    _ name: String, _ keys: String = key, _ projection: String = projectAll, _ more: String = ""
  ) -> String {
    "{'IndexName':'\(name)','KeySchema':[\(keys)],\(projection)\(more)}"
  }

  private static func many(_ count: Int) -> String {
    (1...count).map { global("ix\($0)", both) }.joined(separator: ",")
  }

  private static func globals(_ index: String) -> String {
    "\(onDemand),'GlobalSecondaryIndexes':[\(index)]"
  }

  private static let swapped =
    "{'AttributeName':'n','KeyType':'HASH'},{'AttributeName':'id','KeyType':'RANGE'}"
  private static let stream =
    "'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'KEYS_ONLY'}"

  private static func units(_ read: Int, _ write: Int) -> String {
    "'ProvisionedThroughput':{'ReadCapacityUnits':\(read),'WriteCapacityUnits':\(write)}"
  }

  static let tables: [Refusal] = creation + updates + deletion

  private static let creation: [Refusal] = [
    Refusal(
      "CreateTable", create("\(onDemand)").replacing("'other'", with: "'orders'"),
      "ResourceInUseException: Table already exists: orders"),
    Refusal(
      "CreateTable", create("\(onDemand)").replacing("'other'", with: "'leaving'"),
      "ResourceInUseException: Table already exists: leaving"),
    Refusal(
      "CreateTable", create("\(onDemand)").replacing("'other'", with: "'young'"),
      Words.inUse + "Table is being created: young"),
    Refusal(
      "CreateTable", create("\(onDemand)").replacing("'other'", with: "'target'"),
      Words.inUse + "Table is being used: target"),
    Refusal(
      "CreateTable", create("\(onDemand)").replacing("'other'", with: "'ab'"),
      Words.validation
        + "TableName must be at least 3 characters long and at most 255 characters long"),
    Refusal(
      "CreateTable", create("\(onDemand)").replacing("'other'", with: "'a b c'"),
      Words.one + "'a b c' at 'tableName' failed to satisfy constraint: Member must satisfy "
        + "regular expression pattern: [a-zA-Z0-9_.-]+"),
    Refusal(
      "CreateTable", create(onDemand, "{'AttributeName':'id','KeyType':'RANGE'}"),
      Words.validation + "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"),
    Refusal(
      "CreateTable", create(onDemand, key + ",{'AttributeName':'n','KeyType':'HASH'}", "id:S n:S"),
      Words.validation + "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"),
    Refusal(
      "CreateTable", create(onDemand, key + ",{'AttributeName':'id','KeyType':'RANGE'}"),
      Words.validation
        + "Both the Hash Key and the Range Key element in the KeySchema have the same name"),
    Refusal(
      "CreateTable", create(onDemand, key, "name:S"),
      Words.values + "Some index key attributes are not defined in AttributeDefinitions. "
        + "Keys: [id], AttributeDefinitions: [name]"),
    Refusal(
      "CreateTable", create(onDemand, key, "id:S n:S"),
      Words.values + "Number of attributes in KeySchema does not exactly match number of "
        + "attributes defined in AttributeDefinitions"),
    Refusal(
      "CreateTable",
      create("\(onDemand),'GlobalSecondaryIndexes':[\(global("ix1"))]", key, "x:S"),
      Words.validation + "Invalid KeySchema: Some index key attribute have no definition"),
    Refusal(
      "CreateTable",
      create("\(onDemand),'GlobalSecondaryIndexes':[\(global("ix1"))]", key, "id:S x:S"),
      Words.values + "Some AttributeDefinitions are not used. AttributeDefinitions: [id, x], "
        + "keys used: [id]"),
    Refusal(
      "CreateTable", create(onDemand, "{'AttributeName':'id','KeyType':'SORT'}"),
      Words.one + "'SORT' at 'keySchema.1.member.keyType' failed to satisfy constraint: Member "
        + "must satisfy enum value set: [HASH, RANGE]"),
    Refusal(
      "CreateTable", create(""),
      Words.values + "ReadCapacityUnits and WriteCapacityUnits must both be specified when "
        + "BillingMode is PROVISIONED"),
    Refusal(
      "CreateTable", create("\(onDemand),\(units(1, 1))"),
      Words.values + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
        + "BillingMode is PAY_PER_REQUEST"),
    Refusal(
      "CreateTable", create(units(0, 1)),
      Words.one + "'0' at 'provisionedThroughput.readCapacityUnits' failed to satisfy "
        + "constraint: Member must have value greater than or equal to 1"),
    Refusal(
      "CreateTable", create(units(40_001, 1)),
      "LimitExceededException: The requested ReadCapacityUnits, 40001, is above the per table "
        + "maximum for the account in us-east-1. Per table maximum: 40000. Refer to the Amazon "
        + "DynamoDB Developer Guide for current limits and how to request higher limits."),
    Refusal(
      "CreateTable", create("\(units(1, 1)),'GlobalSecondaryIndexes':[\(global("ix1"))]"),
      Words.values + "ProvisionedThroughput is not specified for index: ix1"),
    Refusal(
      "CreateTable",
      create(
        globals(global("ix1", key, projectAll, "," + units(1, 1)))
      ),
      Words.values + "ProvisionedThroughput should not be specified for index: ix1 when "
        + "BillingMode is PAY_PER_REQUEST"),
    Refusal(
      "CreateTable", create("\(onDemand),'GlobalSecondaryIndexes':[]"),
      Words.values + "List of GlobalSecondaryIndexes is empty"),
    Refusal(
      "CreateTable", create("\(onDemand),'LocalSecondaryIndexes':[]", both, "id:S n:S"),
      Words.values + "List of LocalSecondaryIndexes is empty"),
    Refusal(
      "CreateTable", create("\(onDemand),'GlobalSecondaryIndexes':[\(many(21))]", both, "id:S n:S"),
      Words.values + "GlobalSecondaryIndex count exceeds the per-table limit of 20"),
    Refusal(
      "CreateTable", create("\(onDemand),'LocalSecondaryIndexes':[\(many(6))]", both, "id:S n:S"),
      Words.values + "Number of LocalSecondaryIndexes exceeds per-table limit of 5"),
    Refusal(
      "CreateTable",
      create("\(onDemand),'GlobalSecondaryIndexes':[\(global("ix1")),\(global("ix1"))]"),
      Words.values + "Duplicate index name: ix1"),
    Refusal(
      "CreateTable", create("\(onDemand),'LocalSecondaryIndexes':[\(many(1))]", key, "id:S n:S"),
      Words.values + "Table KeySchema does not have a range key, which is required when "
        + "specifying a LocalSecondaryIndex"),
    Refusal(
      "CreateTable",
      create("\(onDemand),'LocalSecondaryIndexes':[\(global("ix1"))]", both, "id:S n:S"),
      Words.values + "Index KeySchema does not have a range key for index: ix1"),
    Refusal(
      "CreateTable",
      create(
        "\(onDemand),'LocalSecondaryIndexes':[\(global("ix1", swapped))]",
        both, "id:S n:S"),
      Words.values + "Index KeySchema does not have the same leading hash key as table KeySchema "
        + "for index: ix1. index hash key: n, table hash key: id"),
    Refusal(
      "CreateTable",
      create("\(onDemand),'GlobalSecondaryIndexes':[\(global("ix1", key, "'Projection':{}"))]"),
      Words.values + "Unknown ProjectionType: null"),
    Refusal(
      "CreateTable",
      create(
        globals(global("ix1", key, "'Projection':{'ProjectionType':'INCLUDE'}"))
      ),
      Words.values + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"),
    Refusal(
      "CreateTable",
      create(
        globals(
          global("ix1", key, "'Projection':{'ProjectionType':'ALL','NonKeyAttributes':['x']}"))
      ),
      Words.values + "ProjectionType is ALL, but NonKeyAttributes is specified"),
    Refusal(
      "CreateTable", create("\(onDemand),'StreamSpecification':{'StreamEnabled':true}"),
      Words.values + "Table is being created with a stream enabled, UpdateViewType is required"),
    Refusal(
      "CreateTable",
      create(
        "\(onDemand),'StreamSpecification':{'StreamEnabled':false,'StreamViewType':'KEYS_ONLY'}"),
      Words.values
        + "Table is being created with a stream disabled, UpdateViewType should not be specified"),
    Refusal(
      "CreateTable", create("\(onDemand),'SSESpecification':{'Enabled':true,'KMSMasterKeyId':'k'}"),
      Words.values + "SSEType KMS is required if KMSMasterKeyId is specified"),
    Refusal(
      "CreateTable", create("\(onDemand),'SSESpecification':{'Enabled':false,'SSEType':'KMS'}"),
      Words.values + "SSEType can not be specified if Enabled is false"),
    Refusal(
      "CreateTable", create("\(onDemand),'SSESpecification':{'Enabled':true,'SSEType':'AES256'}"),
      Words.values + "SSEType AES256 is not supported"),
    Refusal(
      "CreateTable", create("\(onDemand),'TableClass':'GLACIER'"),
      Words.validation + "Invalid table-class parameter provided. Please try again with a valid "
        + "table-class value: [STANDARD, STANDARD_INFREQUENT_ACCESS]."),
    Refusal(
      "CreateTable", create("\(onDemand),'Tags':[{'Key':'aws:a','Value':''}]"),
      Words.validation + "Tag Key cannot be prefixed with aws:, Key: aws:a"),
  ]

  private static func update(_ more: String, of table: String = "plain") -> String {
    "{'TableName':'\(table)',\(more)}"
  }

  private static func indexes(_ updates: String) -> String {
    "'GlobalSecondaryIndexUpdates':[\(updates)]"
  }

  private static let createExtra =
    "{'Create':{'IndexName':'ix1','KeySchema':[\(key)],\(projectAll),\(units(1, 1))}}"
  private static let protect = "'DeletionProtectionEnabled':true"
  private static let guide =
    "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher "
    + "limits."

  private static let updates: [Refusal] = [
    Refusal(
      "UpdateTable", "{'TableName':'plain'}",
      Words.validation + "At least one of ProvisionedThroughput, BillingMode, "
        + "UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, "
        + "MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, "
        + "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is "
        + "required"),
    Refusal(
      "UpdateTable", update(protect, of: "none"), Words.missing + ": Table: none not found"),
    Refusal(
      "UpdateTable", update(protect, of: "target"), Words.missing + ": Table: target not found"),
    Refusal(
      "UpdateTable", update(protect, of: "young"), Words.inUse + "Table is being created: young"),
    Refusal(
      "UpdateTable", update(protect, of: "going"), Words.inUse + "Table is being deleted: going"),
    Refusal(
      "UpdateTable", update(units(1, 1), of: "busy"),
      Words.inUse + "Table IOPS are currently being updated. Table: busy"),
    Refusal(
      "UpdateTable",
      update(
        "'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'KEYS_ONLY'}", of: "busy"),
      Words.inUse + "Can't enable or disable stream while table IOPS are being updated. "
        + "Table: busy"),
    Refusal(
      "UpdateTable", update("\(protect),\(units(1, 1))"),
      Words.values + "DeletionProtection modification must be the only operation in the request"),
    Refusal(
      "UpdateTable", update("'TableClass':'STANDARD',\(units(1, 1))"),
      Words.values + "TableClass modification must be the only operation in the request"),
    Refusal(
      "UpdateTable", update("'SSESpecification':{'Enabled':true},\(units(1, 1))"),
      Words.values
        + "Server-Side Encryption modification must be the only operation in the request"),
    Refusal(
      "UpdateTable",
      update(
        "'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'KEYS_ONLY'},\(units(1, 1))"),
      Words.values + "You cannot modify stream status while updating table IOPS"),
    Refusal(
      "UpdateTable", update("\(indexes(createExtra)),\(units(1, 1))"),
      Words.values + "You cannot create or delete index while updating table IOPS"),
    Refusal(
      "UpdateTable",
      update(
        "\(indexes(createExtra)),\(stream)"
      ),
      Words.values + "You cannot create or delete index while changing stream status"),
    Refusal(
      "UpdateTable", update(units(5, 5)),
      Words.validation + "The provisioned throughput for the table will not change. The requested "
        + "value equals the current value. Current ReadCapacityUnits provisioned for the table: "
        + "5. Requested ReadCapacityUnits: 5. Current WriteCapacityUnits provisioned for the "
        + "table: 5. Requested WriteCapacityUnits: 5. \(guide)"),
    Refusal(
      "UpdateTable", update(units(1, 40_001)),
      "LimitExceededException: The requested WriteCapacityUnits, 40001, is above the per table "
        + "maximum for the account in us-east-1. Per table maximum: 40000. \(guide)"),
    Refusal(
      "UpdateTable", update("'BillingMode':'PROVISIONED'", of: "orders"),
      Words.values + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED"),
    Refusal(
      "UpdateTable", update("\(onDemand),\(units(1, 1))", of: "orders"),
      Words.values + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
        + "BillingMode is PAY_PER_REQUEST"),
    Refusal(
      "UpdateTable",
      update(
        "'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'KEYS_ONLY'}", of: "sales"),
      Words.validation + "Table already has an enabled stream: TableName: sales"),
    Refusal(
      "UpdateTable", update("'StreamSpecification':{'StreamEnabled':false}"),
      Words.validation + "Table has no stream to disable: TableName: plain"),
    Refusal(
      "UpdateTable", update("'StreamSpecification':{'StreamEnabled':true}"),
      Words.values + "If stream is being enabled then UpdateViewType is required"),
    Refusal(
      "UpdateTable", update("'SSESpecification':{'Enabled':false}"),
      Words.values + "Table is already encrypted by default"),
    Refusal(
      "UpdateTable",
      update(
        "'SSESpecification':{'Enabled':true,'SSEType':'KMS','KMSMasterKeyId':'$MANAGED'}",
        of: "sales"),
      Words.values + "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId "
        + "parameter if you want to change Master Key"),
    Refusal(
      "UpdateTable", update("'TableClass':'GLACIER'"),
      Words.validation + "Invalid table-class parameter provided. Please try again with a valid "
        + "table-class value: [STANDARD, STANDARD_INFREQUENT_ACCESS]."),
    Refusal(
      "UpdateTable",
      update(
        indexes("{'Create':{'IndexName':'by-state','KeySchema':[\(key)],\(projectAll)}}"),
        of: "sales"),
      Words.validation + "Attempting to create an index which already exists"),
    Refusal(
      "UpdateTable", update(indexes("{'Delete':{'IndexName':'none'}}")),
      Words.missing + ": Index none for table plain"),
    Refusal(
      "UpdateTable", update(indexes("{'Update':{'IndexName':'none',\(units(1, 1))}}")),
      Words.missing + ": Index none for table plain"),
    Refusal(
      "UpdateTable", update(indexes("{'Delete':{'IndexName':'by-amount'}}"), of: "sales"),
      Words.validation + "Cannot delete an index that is not a GlobalSecondaryIndex: by-amount"),
    Refusal(
      "UpdateTable",
      update(indexes("{'Update':{'IndexName':'by-amount',\(units(1, 1))}}"), of: "sales"),
      Words.validation + "Cannot update an index that is not a GlobalSecondaryIndex: by-amount"),
    Refusal(
      "UpdateTable",
      update(
        indexes(
          "{'Update':{'IndexName':'by-state',\(units(1, 1))}},"
            + "{'Update':{'IndexName':'by-state',\(units(2, 2))}}"), of: "sales"),
      Words.values + "Only one global secondary index update per index is allowed simultaneously. "
        + "Index: by-state"),
    Refusal(
      "UpdateTable",
      update(indexes("{'Create':{'IndexName':'ix1','KeySchema':[\(key)],\(projectAll)}}")),
      Words.values + "ProvisionedThroughput is not specified for index: ix1"),
    Refusal(
      "UpdateTable", update(indexes(createExtra), of: "orders"),
      Words.values + "ProvisionedThroughput should not be specified for index: ix1 when "
        + "BillingMode is PAY_PER_REQUEST"),
    Refusal(
      "UpdateTable",
      update(
        indexes("{'Create':{'IndexName':'ix1','KeySchema':[\(key)],\(projectAll)}}"),
        of: "growing"),
      Words.limit + "Only 1 online index can be created or deleted simultaneously per table"),
    Refusal(
      "UpdateTable", update("'BillingMode':'PROVISIONED',\(units(1, 1))", of: "growing"),
      Words.inUse
        + "Can't change table IOPS when an index is being created. Table: growing Indexes: [extra]"
    ),
  ]

  private static let deletion: [Refusal] = [
    Refusal(
      "DeleteTable", "{'TableName':'none'}", Words.missing + ": Table: none not found"),
    Refusal(
      "DeleteTable", "{'TableName':'sales'}",
      Words.validation + "Resource cannot be deleted as it is currently protected against "
        + "deletion. Disable deletion protection first."),
    Refusal(
      "DeleteTable", "{'TableName':'young'}", Words.inUse + "Table is being created: young"),
    Refusal(
      "DeleteTable", "{'TableName':'target'}", Words.inUse + "Table is being created: target"),
    Refusal(
      "DeleteTable", "{'TableName':'busy'}",
      Words.inUse + "Table: busy is in the process of being updated."),
    Refusal(
      "DeleteTable", "{'TableName':'going'}", Words.inUse + "Table is being deleted: going"),
    Refusal(
      "DeleteTable", "{'TableName':'growing'}",
      Words.inUse + "Cannot delete table while indexes are being created, updated, or deleted."),
    Refusal(
      "DescribeTable", "{'TableName':'none'}", Words.missing + ": Table: none not found"),
    Refusal(
      "DescribeTable", "{'TableName':'lost'}", Words.missing + ": Table: lost not found"),
    Refusal(
      "DescribeTable", "{'TableName':'arn:aws:dynamodb:eu-west-1:123456789012:table/orders'}",
      Words.validation + "1 validation error detected: Invalid AWS region in "
        + "'arn:aws:dynamodb:eu-west-1:123456789012:table/orders'"),
    Refusal(
      "DescribeTable", "{'TableName':'arn:aws:dynamodb:us-east-1:111122223333:table/orders'}",
      "AccessDeniedException: Access is denied"),
    Refusal(
      "DescribeTable", "{}",
      Words.validation + "1 validation error detected: Value null at 'tableName' failed to "
        + "satisfy constraint: Member must not be null"),
    Refusal(
      "DescribeTable", "{'TableName':7}",
      "SerializationException: NUMBER_VALUE cannot be converted to String"),
    Refusal(
      "ListTables", "{'Limit':101}",
      Words.one + "'101' at 'limit' failed to satisfy constraint: Member must have value less "
        + "than or equal to 100"),
  ]
}
