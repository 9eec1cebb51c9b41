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
  let attributesToGet: Document?
  let queryFilter: Document?
  let conditionalOperator: Document?
  let keyConditions: Document?

  package static var isReadOnly: Bool { true }
  package static var isManagementEvent: Bool { false }
  package typealias Output = ReadPageOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let request = expressionRequest
    try request.checkParameters()
    try selection.check()
    var startAttributes: AttributeMap?
    let expressions = try request.boundChecked { () throws(ServiceError) in
      startAttributes = try exclusiveStartKey.map(AttributeMap.startKey)
      guard keyConditionExpression != nil || keyConditions != nil else {
        throw .validation(
          "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
            + "request.")
      }
    }
    let id = try cloud.itemTable(tableName, for: caller)
    let table = cloud[caller.place][id]
    let source = try ReadSource(table, index: indexName, consistentRead: consistentRead ?? false)
    let start = try startAttributes.map { attributes throws(ServiceError) in
      try source.position(of: attributes, inScan: false)
    }
    let (condition, range) = try range(of: expressions, in: source)
    if let start, let startAttributes {
      try check(start, startAttributes, in: source, condition: condition, range: range)
    }
    try checkFilter(expressions, in: source)
    try selection.check(in: source)
    let isForward = scanIndexForward ?? true
    var page = ReadPage(limit: limit, filter: expressions.filter)
    page.fill(from: source.entries(in: range, after: start, forward: isForward), of: source)
    try page.consume(
      from: source, of: id, consistentRead: consistentRead ?? false, in: &cloud)
    return page.output(
      source, select: select, projection: expressions.projection, tableName: tableName.text,
      consistentRead: consistentRead ?? false, capacity: returnConsumedCapacity)
  }

  private var selection: Selection {
    Selection(
      select: select, hasIndex: indexName != nil, hasProjection: projectionExpression != nil,
      hasAttributesToGet: attributesToGet != nil)
  }

  private var expressionRequest: ExpressionRequest {
    ExpressionRequest(
      accepting: ExpressionRequest.query,
      texts: [ExpressionParameter: String](given: [
        .projection: projectionExpression, .filter: filterExpression,
        .keyCondition: keyConditionExpression,
      ]),
      names: expressionAttributeNames, values: expressionAttributeValues,
      legacy: [LegacyParameter: Document](given: [
        .attributesToGet: attributesToGet, .queryFilter: queryFilter,
        .conditionalOperator: conditionalOperator, .keyConditions: keyConditions,
      ]))
  }

  private func checkFilter(
    _ expressions: BoundExpressions, in source: ReadSource
  ) throws(ServiceError) {
    guard let paths = expressions.filter?.paths else { return }
    try refusingExpressions { () throws(ExpressionError) in
      try paths.requireNoKeyAttributes(
        source.keySchema, in: queryFilter == nil ? "Filter Expression" : "QueryFilter")
    }
  }

  private func range(
    of expressions: BoundExpressions, in source: ReadSource
  ) throws(ServiceError) -> (condition: KeyCondition?, range: Range<ItemKey>?) {
    let schema = source.keySchema
    let sought = try wording(ServiceError.init) { () throws(ExpressionError) in
      try expressions.keyCondition(on: schema)
    }
    guard let condition = sought else { return (nil, nil) }
    do throws(KeyError) {
      let range = try schema.range(
        partition: condition.partition, equalTo: condition.leading, condition: condition.last)
      return (condition, range)
    } catch .unsupportedCondition {
      throw .validation("Query key condition not supported")
    } catch {
      throw .inKey(error)
    }
  }

  /// Refuses a start key that the query could not have given. [DDB.query.startKey]
  private func check(
    _ start: ItemKey, _ attributes: AttributeMap, in source: ReadSource,
    condition: KeyCondition?, range: Range<ItemKey>?
  ) throws(ServiceError) {
    guard let condition, let range, !range.contains(start) else { return }
    guard let last = condition.last else {
      throw .validation(
        "The provided starting key is outside query boundaries based on provided conditions")
    }
    // The same sort keys in the partition that the start key names.
    let schema = source.keySchema
    let partition = schema.partition.compactMap { attributes[$0.name] }
    let there = try? schema.range(
      partition: partition, equalTo: condition.leading, condition: last)
    throw .validation(
      there?.contains(start) == true
        ? "The query can return at most one row and cannot be restarted"
        : "The provided starting key does not match the range key predicate")
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
  let attributesToGet: Document?
  let scanFilter: Document?
  let conditionalOperator: Document?

  package static var isReadOnly: Bool { true }
  package static var isManagementEvent: Bool { false }
  package typealias Output = ReadPageOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let request = expressionRequest
    try request.checkParameters()
    try selection.check()
    var startAttributes: AttributeMap?
    let expressions = try request.boundChecked { () throws(ServiceError) in
      startAttributes = try exclusiveStartKey.map(AttributeMap.startKey)
      try checkSegments()
    }
    let id = try cloud.itemTable(tableName, for: caller)
    let table = cloud[caller.place][id]
    let source = try ReadSource(table, index: indexName, consistentRead: consistentRead ?? false)
    let range = segmentRange
    try selection.check(in: source)
    let start = try startAttributes.map { attributes throws(ServiceError) in
      try startKey(attributes, in: source, range: range)
    }
    var page = ReadPage(limit: limit, filter: expressions.filter)
    page.fill(from: source.entries(in: range, after: start, forward: true), of: source)
    try page.consume(
      from: source, of: id, consistentRead: consistentRead ?? false, in: &cloud)
    return page.output(
      source, select: select, projection: expressions.projection, tableName: tableName.text,
      consistentRead: consistentRead ?? false, capacity: returnConsumedCapacity)
  }

  private var selection: Selection {
    Selection(
      select: select, hasIndex: indexName != nil, hasProjection: projectionExpression != nil,
      hasAttributesToGet: attributesToGet != nil)
  }

  private var expressionRequest: ExpressionRequest {
    ExpressionRequest(
      accepting: ExpressionRequest.scan,
      texts: [ExpressionParameter: String](given: [
        .projection: projectionExpression, .filter: filterExpression,
      ]),
      names: expressionAttributeNames, values: expressionAttributeValues,
      legacy: [LegacyParameter: Document](given: [
        .attributesToGet: attributesToGet, .scanFilter: scanFilter,
        .conditionalOperator: conditionalOperator,
      ]))
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
    _ attributes: AttributeMap, in source: ReadSource, range: Range<ItemKey>?
  ) throws(ServiceError) -> ItemKey {
    let key = try source.position(of: attributes, inScan: true)
    guard range?.contains(key) ?? true else {
      throw .invalidStartKey(
        "Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. "
          + "TotalSegments: \(totalSegments ?? 1) Segment: \(segment ?? 0)")
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
