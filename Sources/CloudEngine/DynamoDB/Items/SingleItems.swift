// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import TableStore

/// Writes a whole item, replacing the one with the same key. [DDB.items.put]
package struct PutItem: DynamoDBOperation {
  let tableName: TableReference
  let item: Document
  let returnValues: String?
  let returnConsumedCapacity: String?
  let returnItemCollectionMetrics: String?
  let conditionExpression: String?
  let expressionAttributeNames: Document?
  let expressionAttributeValues: Document?
  let returnValuesOnConditionCheckFailure: String?
  let expected: Document?
  let conditionalOperator: Document?

  package static var isManagementEvent: Bool { false }
  package typealias Output = ItemWriteOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let request = ExpressionRequest(
      accepting: ExpressionRequest.putItem,
      texts: [ExpressionParameter: String](given: [.condition: conditionExpression]),
      names: expressionAttributeNames, values: expressionAttributeValues,
      legacy: [LegacyParameter: Document](
        given: [.expected: expected, .conditionalOperator: conditionalOperator]))
    try request.checkParameters()
    let new = Item(try AttributeMap.requested(item))
    try ItemWriteOutput.checkReturnValues(returnValues)
    guard new.byteCount <= Item.maximumByteCount else { throw .itemTooLarge }
    let expressions = try request.boundChecked()
    let id = try cloud.itemTable(tableName, for: caller)
    let image = cloud[caller.place][id].store.image
    let key = try ItemRules(image: image).checkPut(new)
    var meter = CapacityMeter(asked: returnConsumedCapacity, isLimited: cloud.isLimited(id))
    // The write finds the old item anyway; it is looked for twice only where it decides something.
    if expressions.condition != nil || meter.isCounting {
      let old = image.item(key)
      try expressions.check(old, showing: returnValuesOnConditionCheckFailure)
      meter.addWrite(old: old, new: new, in: image)
      try cloud.consume(meter, of: id, as: .write)
    }
    // Every refusal is above this line. An image held beyond it would make the write copy nodes.
    _ = consume image
    let old = cloud.write(new, at: key, of: id)
    return Output(
      attributes: returnValues == "ALL_OLD" ? old?.attributes.json : nil,
      consumedCapacity: meter.report(
        returnConsumedCapacity, table: tableName.text, settings: cloud[caller.place][id].settings),
      itemCollectionMetrics: returnItemCollectionMetrics.flatMap {
        cloud[caller.place][id].collectionMetrics($0, of: new)
      })
  }
}

/// Deletes the item with a key; one that is not there is no error. [DDB.items.delete]
package struct DeleteItem: DynamoDBOperation {
  let tableName: TableReference
  let key: Document
  let returnValues: String?
  let returnConsumedCapacity: String?
  let returnItemCollectionMetrics: String?
  let conditionExpression: String?
  let expressionAttributeNames: Document?
  let expressionAttributeValues: Document?
  let returnValuesOnConditionCheckFailure: String?
  let expected: Document?
  let conditionalOperator: Document?

  package static var isManagementEvent: Bool { false }
  package typealias Output = ItemWriteOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let request = ExpressionRequest(
      accepting: ExpressionRequest.deleteItem,
      texts: [ExpressionParameter: String](given: [.condition: conditionExpression]),
      names: expressionAttributeNames, values: expressionAttributeValues,
      legacy: [LegacyParameter: Document](
        given: [.expected: expected, .conditionalOperator: conditionalOperator]))
    try request.checkParameters()
    let keyAttributes = try AttributeMap.requested(key)
    try ItemWriteOutput.checkReturnValues(returnValues)
    let expressions = try request.boundChecked()
    let id = try cloud.itemTable(tableName, for: caller)
    let image = cloud[caller.place][id].store.image
    let key = try ItemRules(image: image).key(keyAttributes)
    let old = image.item(key)
    try expressions.check(old, showing: returnValuesOnConditionCheckFailure)
    var meter = CapacityMeter(asked: returnConsumedCapacity, isLimited: cloud.isLimited(id))
    meter.addWrite(old: old, new: nil, in: image)
    try cloud.consume(meter, of: id, as: .write)
    // Every refusal is above this line. An image held beyond it would make the write copy nodes.
    _ = consume image
    if old != nil { cloud.write(nil, at: key, of: id) }
    return Output(
      attributes: returnValues == "ALL_OLD" ? old?.attributes.json : nil,
      consumedCapacity: meter.report(
        returnConsumedCapacity, table: tableName.text, settings: cloud[caller.place][id].settings),
      itemCollectionMetrics: returnItemCollectionMetrics.flatMap {
        cloud[caller.place][id].collectionMetrics($0, of: Item(keyAttributes))
      })
  }
}

/// Changes attributes of the item with a key, creating the item if it is not there.
/// [DDB.items.update]
package struct UpdateItem: DynamoDBOperation {
  let tableName: TableReference
  let key: Document
  let returnValues: String?
  let returnConsumedCapacity: String?
  let returnItemCollectionMetrics: String?
  let attributeUpdates: Document?
  let updateExpression: String?
  let conditionExpression: String?
  let expressionAttributeNames: Document?
  let expressionAttributeValues: Document?
  let returnValuesOnConditionCheckFailure: String?
  let expected: Document?
  let conditionalOperator: Document?

  package static var isManagementEvent: Bool { false }
  package typealias Output = ItemWriteOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let request = expressionRequest
    try request.checkParameters()
    let keyAttributes = try AttributeMap.requested(key)
    let expressions = try request.boundChecked()
    let id = try cloud.itemTable(tableName, for: caller)
    let image = cloud[caller.place][id].store.image
    let rules = ItemRules(image: image)
    let key = try rules.key(keyAttributes)
    try expressions.requireUpdatable(in: image)
    let old = image.item(key)
    try expressions.check(old, showing: returnValuesOnConditionCheckFailure)
    let (new, outcome) = try expressions.updated(old, at: keyAttributes)
    if let new { try rules.checkUpdate(new) }
    var meter = CapacityMeter(asked: returnConsumedCapacity, isLimited: cloud.isLimited(id))
    meter.addWrite(old: old, new: new, in: image)
    try cloud.consume(meter, of: id, as: .write)
    // Every refusal is above this line. An image held beyond it would make the write copy nodes.
    _ = consume rules
    _ = consume image
    if new != nil { cloud.write(new, at: key, of: id) }
    return Output(
      attributes: returned(old: old, new: new, outcome: outcome),
      consumedCapacity: meter.report(
        returnConsumedCapacity, table: tableName.text, settings: cloud[caller.place][id].settings),
      itemCollectionMetrics: returnItemCollectionMetrics.flatMap {
        cloud[caller.place][id].collectionMetrics($0, of: Item(keyAttributes))
      })
  }

  private var expressionRequest: ExpressionRequest {
    ExpressionRequest(
      accepting: ExpressionRequest.updateItem,
      texts: [ExpressionParameter: String](
        given: [.update: updateExpression, .condition: conditionExpression]),
      names: expressionAttributeNames, values: expressionAttributeValues,
      legacy: [LegacyParameter: Document](
        given: [
          .attributeUpdates: attributeUpdates, .expected: expected,
          .conditionalOperator: conditionalOperator,
        ]))
  }

  private func returned(old: Item?, new: Item?, outcome: UpdateOutcome?) -> Document? {
    let attributes: AttributeMap? =
      switch returnValues {
      case "ALL_OLD": old?.attributes
      case "ALL_NEW": new?.attributes
      case "UPDATED_OLD": old == nil ? nil : outcome?.updatedOld
      case "UPDATED_NEW": outcome?.updatedNew
      default: nil
      }
    guard let attributes, !attributes.isEmpty else { return nil }
    return attributes.json
  }
}

/// Returns the item with a key; nothing at all if there is none. [DDB.items.get]
package struct GetItem: DynamoDBOperation {
  let tableName: TableReference
  let key: Document
  let consistentRead: Bool?
  let returnConsumedCapacity: String?
  let projectionExpression: String?
  let expressionAttributeNames: Document?
  let attributesToGet: Document?

  package static var isReadOnly: Bool { true }
  package static var isManagementEvent: Bool { false }

  package struct Output: Encodable, Sendable {
    let item: Document?
    let consumedCapacity: ConsumedCapacity?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let request = ExpressionRequest(
      accepting: ExpressionRequest.getItem,
      texts: [ExpressionParameter: String](given: [.projection: projectionExpression]),
      names: expressionAttributeNames,
      legacy: [LegacyParameter: Document](given: [.attributesToGet: attributesToGet]))
    try request.checkParameters()
    let keyAttributes = try AttributeMap.requested(key)
    let expressions = try request.boundChecked()
    let id = try cloud.itemTable(tableName, for: caller)
    let image = cloud[caller.place][id].store.image
    let key = try ItemRules(image: image).key(keyAttributes)
    let item = image.item(key)
    var meter = CapacityMeter(asked: returnConsumedCapacity, isLimited: cloud.isLimited(id))
    meter.add(
      Capacity.read(byteCount: item?.byteCount ?? 0, consistent: consistentRead ?? false))
    try cloud.consume(meter, of: id, as: .read)
    let shown = item.map { expressions.projection?.project($0.attributes).json ?? $0.json }
    return Output(
      item: shown,
      consumedCapacity: meter.report(
        returnConsumedCapacity, table: tableName.text, settings: cloud[caller.place][id].settings))
  }
}

/// What every write of one item answers; each member is absent where there is nothing to say.
package struct ItemWriteOutput: Encodable, Sendable {
  let attributes: Document?
  let consumedCapacity: ConsumedCapacity?
  let itemCollectionMetrics: ItemCollectionMetrics?

  /// A put and a delete can return the old item, nothing else.
  static func checkReturnValues(_ asked: String?) throws(ServiceError) {
    guard let asked, asked != "NONE", asked != "ALL_OLD" else { return }
    throw .validation("ReturnValues can only be ALL_OLD or NONE")
  }
}

extension Table {
  /// The metrics of an item's collection, for a table with local secondary indexes.
  func collectionMetrics(_ asked: String, of item: Item) -> ItemCollectionMetrics? {
    guard asked == "SIZE", !settings.localIndexes.isEmpty,
      let partition = settings.storedKeySchema.partition.first,
      let value = item[partition.name]
    else { return nil }
    return ItemCollectionMetrics(
      itemCollectionKey: AttributeMap([(partition.name, value)]).json,
      sizeEstimateRangeGB: [0, 1])
  }
}
