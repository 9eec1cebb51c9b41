// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import TableStore

/// Returns the items of one partition, of a table or an index, in sort key order. [DDB.query]
///
/// A page holds at most 1 MB of items, or `Limit` of them, counted before the filter.
package struct Query: DynamoDBOperation {
  let tableName: TableReference
  let indexName: String?
  let select: String?
  let limit: Int?
  let consistentRead: Bool?
  let scanIndexForward: Bool?
  let exclusiveStartKey: Document?
  let returnConsumedCapacity: String?
  let projectionExpression: String?
  let filterExpression: String?
  let keyConditionExpression: String?
  let expressionAttributeNames: Document?
  let expressionAttributeValues: Document?

  package static var isReadOnly: Bool { true }
  package static var isManagementEvent: Bool { false }
  package typealias Output = ReadPageOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard keyConditionExpression != nil else {
      throw .validation(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
          + "request.")
    }
    let expressions = try ExpressionRequest(
      accepting: ExpressionRequest.query,
      texts: [ExpressionParameter: String](given: [
        .projection: projectionExpression, .filter: filterExpression,
        .keyCondition: keyConditionExpression,
      ]),
      names: expressionAttributeNames, values: expressionAttributeValues
    ).bound()
    let id = try cloud.itemTable(tableName, for: caller)
    let table = cloud[caller.place][id]
    let source = try ReadSource(table, index: indexName, consistentRead: consistentRead ?? false)
    try source.check(select, projection: expressions.projection)
    let range = try range(of: expressions, in: source)
    let isForward = scanIndexForward ?? true
    let start = try startKey(in: source, range: range)
    var page = ReadPage(limit: limit, filter: expressions.filter)
    page.fill(from: source.entries(in: range, after: start, forward: isForward), of: source)
    return page.output(
      source, select: select, projection: expressions.projection, tableName: tableName.text,
      consistentRead: consistentRead ?? false, capacity: returnConsumedCapacity)
  }

  private func range(
    of expressions: BoundExpressions, in source: ReadSource
  ) throws(ServiceError) -> Range<ItemKey>? {
    let schema = source.keySchema
    guard let keyCondition = expressions.keyCondition else { return nil }
    let condition = try wording(ServiceError.init) { () throws(ExpressionError) in
      let condition = try keyCondition.condition(on: schema)
      try expressions.filter?.paths.requireNoKeyAttributes(schema)
      return condition
    }
    do throws(KeyError) {
      return try schema.range(
        partition: condition.partition, equalTo: condition.leading, condition: condition.last)
    } catch .unsupportedCondition {
      throw .validation("Query key condition not supported")
    } catch {
      throw .inKey(error)
    }
  }

  private func startKey(
    in source: ReadSource, range: Range<ItemKey>?
  ) throws(ServiceError) -> ItemKey? {
    guard let exclusiveStartKey else { return nil }
    let key = try source.position(
      of: try AttributeMap.requested(exclusiveStartKey),
      mismatch: "The provided starting key is invalid")
    guard range?.contains(key) ?? true else {
      throw .validation(
        "The provided starting key is outside query boundaries based on provided conditions")
    }
    return key
  }
}

/// Returns the items of a whole table or index, page by page, in the service's own order.
///
/// The order is by a hash of the partition key, and stable. [DDB.scan]
package struct Scan: DynamoDBOperation {
  let tableName: TableReference
  let indexName: String?
  let select: String?
  let limit: Int?
  let consistentRead: Bool?
  let exclusiveStartKey: Document?
  let returnConsumedCapacity: String?
  let totalSegments: Int?
  let segment: Int?
  let projectionExpression: String?
  let filterExpression: String?
  let expressionAttributeNames: Document?
  let expressionAttributeValues: Document?

  package static var isReadOnly: Bool { true }
  package static var isManagementEvent: Bool { false }
  package typealias Output = ReadPageOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    try checkSegments()
    let expressions = try ExpressionRequest(
      accepting: ExpressionRequest.scan,
      texts: [ExpressionParameter: String](given: [
        .projection: projectionExpression, .filter: filterExpression,
      ]),
      names: expressionAttributeNames, values: expressionAttributeValues
    ).bound()
    let id = try cloud.itemTable(tableName, for: caller)
    let table = cloud[caller.place][id]
    let source = try ReadSource(table, index: indexName, consistentRead: consistentRead ?? false)
    try source.check(select, projection: expressions.projection)
    let range = segmentRange
    let start = try startKey(in: source, range: range)
    var page = ReadPage(limit: limit, filter: expressions.filter)
    page.fill(from: source.entries(in: range, after: start, forward: true), of: source)
    return page.output(
      source, select: select, projection: expressions.projection, tableName: tableName.text,
      consistentRead: consistentRead ?? false, capacity: returnConsumedCapacity)
  }

  private func checkSegments() throws(ServiceError) {
    switch (totalSegments, segment) {
    case (nil, _?):
      throw .validation(
        "The TotalSegments parameter is required but was not present in the request when Segment "
          + "parameter is present")
    case (_?, nil):
      throw .validation(
        "The Segment parameter is required but was not present in the request when parameter "
          + "TotalSegments is present")
    case (let total?, let segment?) where segment >= total:
      throw .validation(
        "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
          + "Segment: \(segment) is not less than TotalSegments: \(total)")
    default: break
    }
  }

  private var segmentRange: Range<ItemKey>? {
    guard let totalSegments, let segment else { return nil }
    let (lower, upper) = ItemKey.segmentBounds(segment, of: totalSegments)
    return lower..<(upper ?? Self.beyondEveryKey)
  }

  /// A position after that of every item: an encoded key always holds a byte below 0xFF.
  private static let beyondEveryKey = ItemKey(partitionHash: .max, bytes: [0xff, 0xff])

  private func startKey(
    in source: ReadSource, range: Range<ItemKey>?
  ) throws(ServiceError) -> ItemKey? {
    guard let exclusiveStartKey else { return nil }
    let key = try source.position(
      of: try AttributeMap.requested(exclusiveStartKey),
      mismatch: "The provided starting key is invalid: The provided key element does not match "
        + "the schema")
    guard range?.contains(key) ?? true else {
      throw .validation("The provided starting key is invalid")
    }
    return key
  }
}

/// A page of items and where the next one begins.
package struct ReadPageOutput: Encodable, Sendable {
  let items: [Document]?
  let count: Int
  let scannedCount: Int
  let lastEvaluatedKey: Document?
  let consumedCapacity: ConsumedCapacity?
}
