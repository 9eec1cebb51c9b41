// SPDX-License-Identifier: GPL-3.0-or-later

/// What the service refuses about the parameters that expressions replaced.
extension Refusals {
  static let olderParameters: [Refusal] = mixtures + joined + expectations + changes + olderReads

  private static let put = "'TableName':'plain','Item':{'id':{'S':'a'}}"
  private static let key = "'TableName':'plain','Key':{'id':{'S':'a'}}"
  private static let x = "'n':{'ComparisonOperator':'EQ','AttributeValueList':[{'N':'9'}]}"
  private static let two = "\(x),'s':{'ComparisonOperator':'NULL'}"
  private static let c =
    "'KeyConditions':{'customer':{'ComparisonOperator':'EQ','AttributeValueList':[{'S':'c'}]}}"

  private static func mixed(_ older: String, _ newer: String) -> String {
    Words.validation + "Can not use both expression and non-expression parameters in the same "
      + "request: Non-expression parameters: {\(older)} Expression parameters: {\(newer)}"
  }

  private static let mixtures: [Refusal] = [
    Refusal(
      "PutItem",
      "{\(put),'Expected':{\(x)},'ConditionalOperator':'AND','ConditionExpression':''}",
      mixed("Expected, ConditionalOperator", "ConditionExpression")),
    // Before the item is looked at, and the placeholders.
    Refusal(
      "PutItem",
      "{'TableName':'plain','Item':{'id':{}},'Expected':{},'ConditionExpression':'',"
        + "'ExpressionAttributeNames':{}}",
      mixed("Expected", "ConditionExpression")),
    Refusal(
      "DeleteItem", "{\(key),'Expected':{},'ConditionExpression':'x'}",
      mixed("Expected", "ConditionExpression")),
    Refusal(
      "UpdateItem",
      "{\(key),'UpdateExpression':'','ConditionExpression':'','ConditionalOperator':'OR',"
        + "'Expected':{\(x)},'AttributeUpdates':{}}",
      mixed(
        "AttributeUpdates, Expected, ConditionalOperator", "UpdateExpression, ConditionExpression")),
    Refusal(
      "GetItem", "{\(key),'AttributesToGet':['n','n'],'ProjectionExpression':'n'}",
      mixed("AttributesToGet", "ProjectionExpression")),
    Refusal(
      "BatchGetItem",
      "{'RequestItems':{'plain':{'Keys':[{'id':{'S':'a'}}],'AttributesToGet':['n'],"
        + "'ProjectionExpression':'n'}}}",
      mixed("AttributesToGet", "ProjectionExpression")),
    Refusal(
      "BatchGetItem",
      "{'RequestItems':{'plain':{'Keys':[{'id':{'S':'a'}}],'AttributesToGet':['n']},"
        + "'orders':{'Keys':[{'id':{'S':'a'}}],'ProjectionExpression':'n'}}}",
      mixed("AttributesToGet", "ProjectionExpression")),
    Refusal(
      "Query",
      "{'TableName':'sales',\(c),'QueryFilter':{\(x)},'ConditionalOperator':'AND',"
        + "'KeyConditionExpression':'','FilterExpression':'','ProjectionExpression':''}",
      mixed(
        "QueryFilter, ConditionalOperator, KeyConditions",
        "ProjectionExpression, FilterExpression, KeyConditionExpression")),
    // KeyConditions alone may go with the other expressions.
    Refusal(
      "Query",
      "{'TableName':'sales',\(c),'AttributesToGet':['n'],'FilterExpression':'n = n2'}",
      mixed("AttributesToGet", "FilterExpression")),
    Refusal(
      "Scan",
      "{'TableName':'sales','AttributesToGet':['a'],'ScanFilter':{\(x)},"
        + "'ConditionalOperator':'AND','FilterExpression':'','ProjectionExpression':''}",
      mixed(
        "AttributesToGet, ScanFilter, ConditionalOperator",
        "ProjectionExpression, FilterExpression")),
    Refusal(
      "DeleteItem", "{\(key),'Expected':{},'ExpressionAttributeNames':{'#a':'a'}}",
      Words.validation + "ExpressionAttributeNames can only be specified when using expressions"),
  ]

  private static let without =
    Words.validation + "ConditionalOperator cannot be used without Filter or Expected"
  private static let withOne =
    Words.validation
    + "ConditionalOperator can only be used when Filter or Expected has two or more elements"

  private static let joined: [Refusal] = [
    Refusal("PutItem", "{\(put),'ConditionalOperator':'AND'}", without),
    Refusal("PutItem", "{\(put),'ConditionalOperator':'AND','Expected':{\(x)}}", withOne),
    Refusal("DeleteItem", "{\(key),'ConditionalOperator':'OR'}", without),
    Refusal("DeleteItem", "{\(key),'ConditionalOperator':'OR','Expected':{\(x)}}", withOne),
    Refusal("UpdateItem", "{\(key),'ConditionalOperator':'OR','Expected':{}}", without),
    Refusal("UpdateItem", "{\(key),'ConditionalOperator':'OR','Expected':{\(x)}}", withOne),
    // Before the missing key conditions.
    Refusal("Query", "{'TableName':'sales','ConditionalOperator':'AND'}", without),
    Refusal(
      "Query", "{'TableName':'sales',\(c),'ConditionalOperator':'AND','QueryFilter':{\(x)}}",
      withOne),
    Refusal("Scan", "{'TableName':'sales','ConditionalOperator':'AND'}", without),
    Refusal(
      "Scan", "{'TableName':'sales','ConditionalOperator':'AND','ScanFilter':{\(x)}}", withOne),
    Refusal(
      "Scan", "{'TableName':'sales','ConditionalOperator':'XOR','ScanFilter':{\(two)}}",
      Words.one + "'XOR' at 'conditionalOperator' failed to satisfy constraint: Member must "
        + "satisfy enum value set: [OR, AND]"),
  ]

  private static func expecting(_ condition: String, _ words: String) -> Refusal {
    Refusal("DeleteItem", "{\(key),'Expected':{'a':{\(condition)}}}", words)
  }

  private static let failed = "ConditionalCheckFailedException: The conditional request failed"

  private static let expectations: [Refusal] = [
    expecting("", Words.values + "Value must be provided when Exists is null for Attribute: a"),
    expecting(
      "'Exists':true",
      Words.values + "Value must be provided when Exists is true for Attribute: a"),
    expecting(
      "'Exists':false,'Value':{'S':'x'}",
      Words.values + "Value cannot be used when Exists is false for Attribute: a"),
    expecting(
      "'Value':{'S':'x'},'ComparisonOperator':'EQ','AttributeValueList':[{'S':'x'}]",
      Words.values + "Value and AttributeValueList cannot be used together for Attribute: a"),
    expecting(
      "'ComparisonOperator':'EQ'",
      Words.values
        + "Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: a"),
    expecting(
      "'ComparisonOperator':'BETWEEN','AttributeValueList':[{'S':'x'}]",
      Words.values + "Invalid number of argument(s) for the BETWEEN ComparisonOperator"),
    expecting(
      "'ComparisonOperator':'BETWEEN','AttributeValueList':[{'S':'b'},{'S':'a'}]",
      Words.validation + "The BETWEEN condition was provided a range where the lower bound is "
        + "greater than the upper bound"),
    expecting(
      "'ComparisonOperator':'IN','AttributeValueList':[{'S':'b'},{'N':'1'}]",
      Words.values + "AttributeValues inside AttributeValueList must be of same type"),
    expecting(
      "'ComparisonOperator':'BEGINS_WITH','AttributeValueList':[{'N':'3'}]",
      Words.values + "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type"),
    expecting(
      "'Exists':false,'ComparisonOperator':'EQ','AttributeValueList':[{'S':'x'}]",
      Words.values + "Exists and ComparisonOperator cannot be used together for Attribute: a"),
    expecting(
      "'AttributeValueList':[{'S':'x'}]",
      Words.values
        + "AttributeValueList can only be used with a ComparisonOperator for Attribute: a"),
    expecting(
      "'Value':{'N':'abc'}",
      Words.validation + "The parameter cannot be converted to a numeric value: abc"),
    expecting(
      "'ComparisonOperator':'LIKE'",
      Words.one + "'LIKE' at 'expected.a.member.comparisonOperator' failed to satisfy constraint: "
        + "Member must satisfy enum value set: [IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, "
        + "NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS]"),
    // Conditions that are in order, and false.
    expecting("'Value':{'S':'x'}", failed),
    expecting("'ComparisonOperator':'EQ','Value':{'S':'x'}", failed),
    Refusal("PutItem", "{\(put),'Expected':{'n':{'Exists':false}}}", failed),
    Refusal("UpdateItem", "{\(key),'Expected':{'n':{'ComparisonOperator':'NULL'}}}", failed),
    Refusal(
      "PutItem", "{\(put),'Expected':{\(two)},'ConditionalOperator':'OR'}", failed),
  ]

  private static func changing(
    _ update: String, _ words: String, of table: String = "plain"
  ) -> Refusal {
    let key =
      table == "plain" ? key : "'TableName':'sales','Key':{'customer':{'S':'c'},'at':{'N':'1'}}"
    return Refusal("UpdateItem", "{\(key),'AttributeUpdates':{\(update)}}", words)
  }

  private static let changes: [Refusal] = [
    changing(
      "'a':{}", Words.values + "Only DELETE action is allowed when no attribute value is specified"),
    changing(
      "'a':{'Action':'ADD'}",
      Words.values + "Only DELETE action is allowed when no attribute value is specified"),
    changing(
      "'a':{'Action':'DELETE','Value':{'L':[]}}",
      Words.values + "DELETE action with value is not supported for the type L"),
    changing(
      "'a':{'Action':'ADD','Value':{'S':'x'}}",
      Words.values + "ADD action is not supported for the type S"),
    changing(
      "'a':{'Action':'PUT','Value':{'SS':[]}}",
      Words.values + "An string set  may not be empty"),
    changing(
      "'n':{'Action':'DELETE','Value':{'NS':['1']}}",
      Words.validation + "Type mismatch for attribute to update"),
    changing(
      "'s':{'Action':'ADD','Value':{'N':'1'}}",
      Words.validation + "Type mismatch for attribute to update"),
    changing(
      "'id':{'Value':{'S':'b'}}",
      Words.values + "Cannot update attribute id. This attribute is part of the key"),
    changing(
      "'d':{'Value':{'N':'1'}},'state':{'Value':{'N':'1'}}",
      Words.values + "Type mismatch for Index Key state Expected: S Actual: N IndexName: by-state",
      of: "sales"),
    changing(
      "'a':{'Action':'SET'}",
      Words.one + "'SET' at 'attributeUpdates.a.member.action' failed to satisfy constraint: "
        + "Member must satisfy enum value set: [ADD, PUT, DELETE]"),
    // AttributeUpdates come before Expected.
    Refusal(
      "UpdateItem", "{\(key),'Expected':{'a':{}},'AttributeUpdates':{'a':{'Action':'PUT'}}}",
      Words.values + "Only DELETE action is allowed when no attribute value is specified"),
  ]

  private static func asking(
    _ conditions: String, _ words: String, _ more: String = "", of table: String = "sales"
  ) -> Refusal {
    Refusal("Query", "{'TableName':'\(table)','KeyConditions':{\(conditions)}\(more)}", words)
  }

  private static func on(_ name: String, _ comparison: String, _ values: String = "") -> String {
    "'\(name)':{'ComparisonOperator':'\(comparison)','AttributeValueList':[\(values)]}"
  }

  private static let ofC = on("customer", "EQ", "{'S':'c'}")
  private static let unsupported = Words.validation + "Query key condition not supported"
  private static let notIndexable =
    Words.validation + "Attempted conditional constraint is not an indexable operation"
  private static let outOfCount = Words.validation + "Conditions can be of length 1 or 2 only"

  private static let olderReads: [Refusal] = [
    Refusal(
      "GetItem", "{\(key),'AttributesToGet':['n','s','n']}",
      Words.values + "Duplicate value in attribute name: n"),
    Refusal(
      "Scan",
      "{'TableName':'sales','AttributesToGet':['a','a'],'ScanFilter':{'a':{'ComparisonOperator':"
        + "'EQ'}}}",
      Words.values + "Duplicate value in attribute name: a"),
    // In a query the filter comes first.
    asking(
      ofC, Words.values + "Invalid number of argument(s) for the EQ ComparisonOperator",
      ",'AttributesToGet':['a','a'],'QueryFilter':{'a':{'ComparisonOperator':'EQ'}}"),
    asking(
      ofC,
      Words.validation + "Supplied AttributeValue is empty, must contain exactly one of the "
        + "supported datatypes",
      ",'QueryFilter':{'a':{'ComparisonOperator':'EQ','AttributeValueList':[{},{'S':''}]}}"),
    asking(
      ofC,
      Words.validation + "QueryFilter can only contain non-primary key attributes: Primary "
        + "key attribute: at",
      ",'QueryFilter':{'at':{'ComparisonOperator':'NOT_NULL'}}"),
    asking("", outOfCount),
    asking("\(ofC),\(on("at", "NULL")),\(on("x", "NULL"))", outOfCount),
    asking(
      on("customer", "EQ"),
      Words.values + "Invalid number of argument(s) for the EQ ComparisonOperator"),
    asking(
      "\(ofC),\(on("note", "NULL"))",
      Words.validation + "Query condition missed key schema element: at"),
    asking(
      on("at", "EQ", "{'N':'1'}"),
      Words.validation + "Query condition missed key schema element: customer"),
    asking(
      on("customer", "EQ", "{'N':'1'}"),
      Words.values + "Condition parameter type does not match schema type"),
    asking(on("customer", "GE", "{'S':'c'}"), unsupported),
    asking(
      "\(on("id", "EQ", "{'S':'a'}")),\(on("x", "EQ", "{'S':'a'}"))", unsupported, of: "plain"),
    asking(on("customer", "NULL"), notIndexable),
    asking(on("customer", "NE", "{'S':'c'}"), notIndexable),
    asking("\(ofC),\(on("at", "IN", "{'N':'1'}"))", notIndexable),
    asking("\(ofC),\(on("at", "CONTAINS", "{'N':'1'}"))", notIndexable),
    asking(
      ofC,
      Words.validation + "Cannot specify the AttributesToGet when choosing to get only the "
        + "Count", ",'AttributesToGet':['note'],'Select':'COUNT'"),
  ]
}
