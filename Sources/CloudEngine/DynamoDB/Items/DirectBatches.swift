// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
import ServiceModel

// Batches and transactions read and write their members themselves too: by `Decodable` an item of a
// transaction costs four times what it costs in a put of its own.

extension TransactWriteItems {
  package static func direct(_ members: inout RequestMembersReader) -> TransactWriteItems? {
    guard let elements = members.list("TransactItems", Element.init(direct:)) else { return nil }
    return TransactWriteItems(
      transactItems: elements,
      returnConsumedCapacity: members.text("ReturnConsumedCapacity"),
      returnItemCollectionMetrics: members.text("ReturnItemCollectionMetrics"),
      clientRequestToken: members.text("ClientRequestToken"))
  }

  /// Nil where the capacity or the metrics are asked for, which is seldom.
  package static func direct(_ output: Output) -> Document? {
    output.consumedCapacity == nil && output.itemCollectionMetrics == nil ? .emptyObject : nil
  }
}

extension TransactWriteItems.Element {
  fileprivate init?(direct members: inout RequestMembersReader) {
    conditionCheck = members.nested("ConditionCheck", TransactWriteItems.AtKey.init(direct:))
    put = members.nested("Put", TransactWriteItems.Put.init(direct:))
    delete = members.nested("Delete", TransactWriteItems.AtKey.init(direct:))
    update = members.nested("Update", TransactWriteItems.Update.init(direct:))
  }
}

extension TransactWriteItems.Put {
  fileprivate init?(direct members: inout RequestMembersReader) {
    guard let item = members.document("Item"), let table = members.text("TableName") else {
      return nil
    }
    self.item = item
    tableName = TableReference(table)
    conditionExpression = members.text("ConditionExpression")
    expressionAttributeNames = members.document("ExpressionAttributeNames")
    expressionAttributeValues = members.document("ExpressionAttributeValues")
    returnValuesOnConditionCheckFailure = members.text("ReturnValuesOnConditionCheckFailure")
  }
}

extension TransactWriteItems.AtKey {
  fileprivate init?(direct members: inout RequestMembersReader) {
    guard let key = members.document("Key"), let table = members.text("TableName") else {
      return nil
    }
    self.key = key
    tableName = TableReference(table)
    conditionExpression = members.text("ConditionExpression")
    expressionAttributeNames = members.document("ExpressionAttributeNames")
    expressionAttributeValues = members.document("ExpressionAttributeValues")
    returnValuesOnConditionCheckFailure = members.text("ReturnValuesOnConditionCheckFailure")
  }
}

extension TransactWriteItems.Update {
  fileprivate init?(direct members: inout RequestMembersReader) {
    guard let key = members.document("Key"), let table = members.text("TableName"),
      let expression = members.text("UpdateExpression")
    else { return nil }
    self.key = key
    updateExpression = expression
    tableName = TableReference(table)
    conditionExpression = members.text("ConditionExpression")
    expressionAttributeNames = members.document("ExpressionAttributeNames")
    expressionAttributeValues = members.document("ExpressionAttributeValues")
    returnValuesOnConditionCheckFailure = members.text("ReturnValuesOnConditionCheckFailure")
  }
}

extension TransactGetItems {
  package static func direct(_ members: inout RequestMembersReader) -> TransactGetItems? {
    guard let elements = members.list("TransactItems", Element.init(direct:)) else { return nil }
    return TransactGetItems(
      transactItems: elements, returnConsumedCapacity: members.text("ReturnConsumedCapacity"))
  }

  package static func direct(_ output: Output) -> Document? {
    guard output.consumedCapacity == nil else { return nil }
    let responses = output.responses.map { response -> Document in
      response.item.map { ["Item": $0] } ?? .emptyObject
    }
    return ["Responses": .array(responses)]
  }
}

extension TransactGetItems.Element {
  fileprivate init?(direct members: inout RequestMembersReader) {
    guard let get = members.nested("Get", TransactGetItems.Get.init(direct:)) else { return nil }
    self.get = get
  }
}

extension TransactGetItems.Get {
  fileprivate init?(direct members: inout RequestMembersReader) {
    guard let key = members.document("Key"), let table = members.text("TableName") else {
      return nil
    }
    self.key = key
    tableName = TableReference(table)
    projectionExpression = members.text("ProjectionExpression")
    expressionAttributeNames = members.document("ExpressionAttributeNames")
  }
}

extension BatchWriteItem {
  package static func direct(_ members: inout RequestMembersReader) -> BatchWriteItem? {
    guard let tables = members.listsByName("RequestItems", WriteRequest.init(direct:)) else {
      return nil
    }
    return BatchWriteItem(
      requestItems: tables, returnConsumedCapacity: members.text("ReturnConsumedCapacity"),
      returnItemCollectionMetrics: members.text("ReturnItemCollectionMetrics"))
  }

  package static func direct(_ output: Output) -> Document? {
    guard output.consumedCapacity == nil, output.itemCollectionMetrics == nil else { return nil }
    return ["UnprocessedItems": output.unprocessedItems]
  }
}

extension BatchWriteItem.WriteRequest {
  fileprivate init?(direct members: inout RequestMembersReader) {
    putRequest = members.nested("PutRequest") { inner in
      inner.document("Item").map(BatchWriteItem.WriteRequest.Put.init(item:))
    }
    deleteRequest = members.nested("DeleteRequest") { inner in
      inner.document("Key").map(BatchWriteItem.WriteRequest.Delete.init(key:))
    }
  }
}
