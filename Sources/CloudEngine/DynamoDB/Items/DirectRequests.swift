// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents

// The item operations that programs ask for all the time read and write their members themselves. A
// test holds each to what `Decodable` and `Encodable` make of the same.

extension PutItem {
  package static func direct(_ members: inout RequestMembersReader) -> PutItem? {
    guard let table = members.text("TableName"), let item = members.document("Item") else {
      return nil
    }
    return PutItem(
      tableName: TableReference(table), item: item,
      returnValues: members.text("ReturnValues"),
      returnConsumedCapacity: members.text("ReturnConsumedCapacity"),
      returnItemCollectionMetrics: members.text("ReturnItemCollectionMetrics"),
      conditionExpression: members.text("ConditionExpression"),
      expressionAttributeNames: members.document("ExpressionAttributeNames"),
      expressionAttributeValues: members.document("ExpressionAttributeValues"),
      returnValuesOnConditionCheckFailure: members.text("ReturnValuesOnConditionCheckFailure"),
      expected: members.document("Expected"),
      conditionalOperator: members.document("ConditionalOperator"))
  }

  package static func direct(_ output: ItemWriteOutput) -> Document? { output.direct }
}

extension DeleteItem {
  package static func direct(_ members: inout RequestMembersReader) -> DeleteItem? {
    guard let table = members.text("TableName"), let key = members.document("Key") else {
      return nil
    }
    return DeleteItem(
      tableName: TableReference(table), key: key,
      returnValues: members.text("ReturnValues"),
      returnConsumedCapacity: members.text("ReturnConsumedCapacity"),
      returnItemCollectionMetrics: members.text("ReturnItemCollectionMetrics"),
      conditionExpression: members.text("ConditionExpression"),
      expressionAttributeNames: members.document("ExpressionAttributeNames"),
      expressionAttributeValues: members.document("ExpressionAttributeValues"),
      returnValuesOnConditionCheckFailure: members.text("ReturnValuesOnConditionCheckFailure"),
      expected: members.document("Expected"),
      conditionalOperator: members.document("ConditionalOperator"))
  }

  package static func direct(_ output: ItemWriteOutput) -> Document? { output.direct }
}

extension UpdateItem {
  package static func direct(_ members: inout RequestMembersReader) -> UpdateItem? {
    guard let table = members.text("TableName"), let key = members.document("Key") else {
      return nil
    }
    return UpdateItem(
      tableName: TableReference(table), key: key,
      returnValues: members.text("ReturnValues"),
      returnConsumedCapacity: members.text("ReturnConsumedCapacity"),
      returnItemCollectionMetrics: members.text("ReturnItemCollectionMetrics"),
      attributeUpdates: members.document("AttributeUpdates"),
      updateExpression: members.text("UpdateExpression"),
      conditionExpression: members.text("ConditionExpression"),
      expressionAttributeNames: members.document("ExpressionAttributeNames"),
      expressionAttributeValues: members.document("ExpressionAttributeValues"),
      returnValuesOnConditionCheckFailure: members.text("ReturnValuesOnConditionCheckFailure"),
      expected: members.document("Expected"),
      conditionalOperator: members.document("ConditionalOperator"))
  }

  package static func direct(_ output: ItemWriteOutput) -> Document? { output.direct }
}

extension ItemWriteOutput {
  /// Nil where the capacity or the metrics are asked for, which is seldom.
  fileprivate var direct: Document? {
    guard consumedCapacity == nil, itemCollectionMetrics == nil else { return nil }
    guard let attributes else { return .emptyObject }
    return .object(["Attributes": attributes])
  }
}

extension GetItem {
  package static func direct(_ members: inout RequestMembersReader) -> GetItem? {
    guard let table = members.text("TableName"), let key = members.document("Key") else {
      return nil
    }
    return GetItem(
      tableName: TableReference(table), key: key, consistentRead: members.truth("ConsistentRead"),
      returnConsumedCapacity: members.text("ReturnConsumedCapacity"),
      projectionExpression: members.text("ProjectionExpression"),
      expressionAttributeNames: members.document("ExpressionAttributeNames"),
      attributesToGet: members.document("AttributesToGet"))
  }

  package static func direct(_ output: Output) -> Document? {
    guard output.consumedCapacity == nil else { return nil }
    guard let item = output.item else { return .emptyObject }
    return .object(["Item": item])
  }
}

extension Query {
  package static func direct(_ members: inout RequestMembersReader) -> Query? {
    guard let table = members.text("TableName") else { return nil }
    return Query(
      tableName: TableReference(table), indexName: members.text("IndexName"),
      select: members.text("Select"), limit: members.integer("Limit"),
      consistentRead: members.truth("ConsistentRead"),
      scanIndexForward: members.truth("ScanIndexForward"),
      exclusiveStartKey: members.document("ExclusiveStartKey"),
      returnConsumedCapacity: members.text("ReturnConsumedCapacity"),
      projectionExpression: members.text("ProjectionExpression"),
      filterExpression: members.text("FilterExpression"),
      keyConditionExpression: members.text("KeyConditionExpression"),
      expressionAttributeNames: members.document("ExpressionAttributeNames"),
      expressionAttributeValues: members.document("ExpressionAttributeValues"),
      attributesToGet: members.document("AttributesToGet"),
      queryFilter: members.document("QueryFilter"),
      conditionalOperator: members.document("ConditionalOperator"),
      keyConditions: members.document("KeyConditions"))
  }

  package static func direct(_ output: ReadPageOutput) -> Document? { output.direct }
}

extension Scan {
  package static func direct(_ members: inout RequestMembersReader) -> Scan? {
    guard let table = members.text("TableName") else { return nil }
    return Scan(
      tableName: TableReference(table), indexName: members.text("IndexName"),
      select: members.text("Select"), limit: members.integer("Limit"),
      consistentRead: members.truth("ConsistentRead"),
      exclusiveStartKey: members.document("ExclusiveStartKey"),
      returnConsumedCapacity: members.text("ReturnConsumedCapacity"),
      totalSegments: members.integer("TotalSegments"), segment: members.integer("Segment"),
      projectionExpression: members.text("ProjectionExpression"),
      filterExpression: members.text("FilterExpression"),
      expressionAttributeNames: members.document("ExpressionAttributeNames"),
      expressionAttributeValues: members.document("ExpressionAttributeValues"),
      attributesToGet: members.document("AttributesToGet"),
      scanFilter: members.document("ScanFilter"),
      conditionalOperator: members.document("ConditionalOperator"))
  }

  package static func direct(_ output: ReadPageOutput) -> Document? { output.direct }
}

extension ReadPageOutput {
  /// The members in the model's order; nil where the capacity is asked for.
  fileprivate var direct: Document? {
    guard consumedCapacity == nil else { return nil }
    var members: OrderedDictionary<String, Document> = [:]
    if let items { members["Items"] = .array(items) }
    members["Count"] = .integer(Int64(count))
    members["ScannedCount"] = .integer(Int64(scannedCount))
    if let lastEvaluatedKey { members["LastEvaluatedKey"] = lastEvaluatedKey }
    return .object(members)
  }
}
