// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import ServiceModel
import TableStore

/// Puts and deletes up to 25 items in one call, each by itself: there is no all-or-nothing.
/// [DDB.items.batch]
package struct BatchWriteItem: DynamoDBOperation {
  static let maximumRequests = 25

  let requestItems: OrderedEntries<[WriteRequest]>
  let returnConsumedCapacity: String?
  let returnItemCollectionMetrics: String?

  package static var isManagementEvent: Bool { false }

  /// The writes of a batch that throughput did not admit, as they were asked for.
  private struct HeldWrites {
    let total: Int
    private var count = 0
    private var tables: OrderedDictionary<String, [Document]> = [:]

    init(total: Int) { self.total = total }

    /// - Throws: The refusal itself when it is that of the last of all writes.
    mutating func hold(
      _ request: WriteRequest, of table: String, for refusal: ServiceError
    ) throws(ServiceError) {
      count += 1
      guard count < total else { throw refusal }
      tables[table, default: []].append(request.document)
    }

    var document: Document { .object(tables.mapValues(Document.array)) }
  }

  struct WriteRequest: Decodable, Sendable {
    let putRequest: Put?
    let deleteRequest: Delete?
    struct Put: Decodable, Sendable { let item: Document }
    struct Delete: Decodable, Sendable { let key: Document }

    /// The request as it was given.
    fileprivate var document: Document {
      if let putRequest { return ["PutRequest": ["Item": putRequest.item]] }
      return deleteRequest.map { ["DeleteRequest": ["Key": $0.key]] } ?? .emptyObject
    }
  }

  package struct Output: Encodable, Sendable {
    let unprocessedItems: Document
    let itemCollectionMetrics: OrderedEntries<[ItemCollectionMetrics]>?
    let consumedCapacity: [ConsumedCapacity]?
  }

  private struct Write {
    let table: TableID
    let key: ItemKey
    let item: Item?
    let shown: Item
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let total = requestItems.elements.reduce(0) { $0 + $1.value.count }
    guard total <= Self.maximumRequests else {
      throw .validation("Too many items requested for the BatchWriteItem call")
    }
    var writes: [(reference: TableReference, writes: [Write])] = []
    for (name, requests) in requestItems.elements {
      let reference = TableReference(name)
      let id = try cloud.itemTable(reference, for: caller)
      writes.append((reference, try checked(requests, for: id, in: cloud)))
    }
    // Every refusal is above this line, but that of a batch of which nothing could be taken.
    var capacity: [ConsumedCapacity] = []
    var metrics: [(name: String, value: [ItemCollectionMetrics])] = []
    var held = HeldWrites(total: total)
    for (position, (reference, writes)) in writes.enumerated() {
      guard let id = writes.first?.table else { continue }
      let isLimited = cloud.isLimited(id)
      var meter = CapacityMeter(asked: returnConsumedCapacity)
      var collections: [ItemCollectionMetrics] = []
      for (number, write) in writes.enumerated() {
        let image = cloud[caller.place][write.table].store.image
        let old = image.item(write.key)
        if isLimited {
          var own = CapacityMeter(asked: nil, isLimited: true)
          own.addWrite(old: old, new: write.item, in: image)
          do throws(ServiceError) {
            try cloud.consume(own, of: id, as: .write)
          } catch {
            try held.hold(
              requestItems.elements[position].value[number], of: reference.text, for: error)
            continue
          }
        }
        meter.addWrite(old: old, new: write.item, in: image)
        // An image held beyond this line would make the write copy nodes.
        _ = consume image
        if write.item != nil || old != nil {
          cloud.write(write.item, at: write.key, of: write.table)
        }
        if let asked = returnItemCollectionMetrics,
          let collection = cloud[caller.place][write.table].collectionMetrics(
            asked, of: write.shown)
        {
          collections.append(collection)
        }
      }
      let settings = cloud[caller.place][id].settings
      if let report = meter.report(
        returnConsumedCapacity, table: reference.text, settings: settings)
      {
        capacity.append(report)
      }
      if !collections.isEmpty { metrics.append((reference.text, collections)) }
    }
    return Output(
      unprocessedItems: held.document,
      itemCollectionMetrics: metrics.isEmpty ? nil : OrderedEntries(metrics),
      consumedCapacity: capacity.isEmpty ? nil : capacity)
  }

  private func checked(
    _ requests: [WriteRequest], for id: TableID, in cloud: Cloud
  ) throws(ServiceError) -> [Write] {
    let rules = ItemRules(image: cloud[id.place][id].store.image)
    var result: [Write] = []
    var keys: Set<ItemKey> = []
    for request in requests {
      let write: Write
      switch (request.putRequest, request.deleteRequest) {
      case (let put?, nil):
        let attributes = try AttributeMap.requested(put.item)
        let item = Item(attributes)
        // A batch words a faulty key like a Key parameter. [DDB.items.batch]
        _ = try rules.key(rules.image.keySchema.keyAttributes(of: attributes))
        write = Write(table: id, key: try rules.checkPut(item), item: item, shown: item)
      case (nil, let delete?):
        let attributes = try AttributeMap.requested(delete.key)
        write = Write(
          table: id, key: try rules.key(attributes), item: nil, shown: Item(attributes))
      default:
        throw .validation(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of "
            + "the supported datatypes")
      }
      guard keys.insert(write.key).inserted else { throw .duplicateKeys }
      result.append(write)
    }
    return result
  }
}

/// Returns up to 100 items by their keys; those beyond 16 MB come back as unprocessed.
/// [DDB.items.batch]
package struct BatchGetItem: DynamoDBOperation {
  static let maximumKeys = 100
  static let maximumResponseByteCount = 16 * 1024 * 1024

  let requestItems: OrderedEntries<KeysAndAttributes>
  let returnConsumedCapacity: String?

  package static var isReadOnly: Bool { true }
  package static var isManagementEvent: Bool { false }

  struct KeysAndAttributes: Decodable, Sendable {
    let keys: [Document]
    let consistentRead: Bool?
    let projectionExpression: String?
    let expressionAttributeNames: Document?
    let attributesToGet: Document?
  }

  package struct Output: Encodable, Sendable {
    let responses: OrderedEntries<[Document]>
    let unprocessedKeys: OrderedEntries<Unprocessed>
    let consumedCapacity: [ConsumedCapacity]?
  }

  package struct Unprocessed: Encodable, Sendable {
    let keys: [Document]
    let expressionAttributeNames: Document?
    let projectionExpression: String?
    let attributesToGet: Document?
    let consistentRead: Bool?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let total = requestItems.elements.reduce(0) { $0 + $1.value.keys.count }
    guard total <= Self.maximumKeys else {
      throw .validation("Too many items requested for the BatchGetItem call")
    }
    var bound: [BoundExpressions] = []
    for (_, asked) in requestItems.elements { bound.append(try asked.expressions.bound()) }
    try checkOneForm()
    var responses: [(name: String, value: [Document])] = []
    var unprocessed: [(name: String, value: Unprocessed)] = []
    var capacity: [ConsumedCapacity] = []
    var byteCount = 0
    // Keys that throughput did not admit: a batch of nothing else is refused.
    var heldCount = 0
    for ((name, asked), expressions) in zip(requestItems.elements, bound) {
      let id = try cloud.itemTable(TableReference(name), for: caller)
      let table = cloud[caller.place][id]
      let keys = try positions(asked.keys, in: ItemRules(image: table.store.image))
      let isLimited = cloud.isLimited(id)
      var meter = CapacityMeter(asked: returnConsumedCapacity)
      var found: [Document] = []
      var rest: [Document] = []
      for (position, key) in keys.enumerated() {
        let item = table.store.image.item(key)
        guard byteCount + (item?.byteCount ?? 0) <= Self.maximumResponseByteCount else {
          rest.append(asked.keys[position])
          continue
        }
        let units = Capacity.read(
          byteCount: item?.byteCount ?? 0, consistent: asked.consistentRead ?? false)
        if isLimited {
          var own = CapacityMeter(asked: nil, isLimited: true)
          own.add(units)
          do throws(ServiceError) {
            try cloud.consume(own, of: id, as: .read)
          } catch {
            heldCount += 1
            guard heldCount < total else { throw error }
            rest.append(asked.keys[position])
            continue
          }
        }
        byteCount += item?.byteCount ?? 0
        meter.add(units)
        guard let item else { continue }
        let attributes = item.attributes
        found.append((expressions.projection?.project(attributes) ?? attributes).json)
      }
      responses.append((name, found))
      if !isLimited { cloud.measure(meter, of: id, as: .read) }
      if !rest.isEmpty { unprocessed.append((name, Unprocessed(asked, keys: rest))) }
      if let report = meter.report(
        returnConsumedCapacity, table: name, settings: table.settings)
      {
        capacity.append(report)
      }
    }
    return Output(
      responses: OrderedEntries(responses), unprocessedKeys: OrderedEntries(unprocessed),
      consumedCapacity: capacity.isEmpty ? nil : capacity)
  }

  /// One table's projection may not be of the older kind where another's is an expression.
  private func checkOneForm() throws(ServiceError) {
    let asked = requestItems.elements.map(\.value)
    try ExpressionRequest(
      accepting: ExpressionRequest.getItem,
      texts: [ExpressionParameter: String](
        given: [.projection: asked.compactMap(\.projectionExpression).first]),
      legacy: [LegacyParameter: Document](
        given: [.attributesToGet: asked.compactMap(\.attributesToGet).first])
    ).checkParameters()
  }

  private func positions(
    _ keys: [Document], in rules: ItemRules
  ) throws(ServiceError) -> [ItemKey] {
    var result: [ItemKey] = []
    var seen: Set<ItemKey> = []
    for key in keys {
      let position = try rules.key(try AttributeMap.requested(key))
      guard seen.insert(position).inserted else { throw .duplicateKeys }
      result.append(position)
    }
    return result
  }
}

extension BatchGetItem.KeysAndAttributes {
  fileprivate var expressions: ExpressionRequest {
    ExpressionRequest(
      accepting: ExpressionRequest.getItem,
      texts: [ExpressionParameter: String](given: [.projection: projectionExpression]),
      names: expressionAttributeNames,
      legacy: [LegacyParameter: Document](given: [.attributesToGet: attributesToGet]))
  }
}

extension BatchGetItem.Unprocessed {
  fileprivate init(_ asked: BatchGetItem.KeysAndAttributes, keys: [Document]) {
    self.init(
      keys: keys, expressionAttributeNames: asked.expressionAttributeNames,
      projectionExpression: asked.projectionExpression,
      attributesToGet: asked.attributesToGet, consistentRead: asked.consistentRead)
  }
}
