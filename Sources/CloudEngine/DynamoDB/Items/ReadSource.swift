// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import PersistentCollections
import TableStore

/// What a query or scan reads: a table's items or the entries of one of its indexes.
struct ReadSource {
  let settings: TableSettings
  let image: TableImage
  let index: TableIndex?

  /// - Throws: A validation error for an index that does not exist, is still being made, or cannot
  ///   be read consistently.
  init(_ table: Table, index name: String?, consistentRead: Bool) throws(ServiceError) {
    settings = table.settings
    image = table.store.image
    guard let name else {
      index = nil
      return
    }
    guard let found = image.indexes.first(where: { $0.definition.name == name }) else {
      throw .validation("The table does not have the specified index: \(name)")
    }
    if let position = settings.globalIndex(named: name) {
      guard !consistentRead else {
        throw .validation("Consistent reads are not supported on global secondary indexes")
      }
      guard settings.globalIndexes[position].status != .backfilling else {
        throw .validation("Cannot read from backfilling global secondary index: \(name)")
      }
    }
    index = found
  }

  var keySchema: KeySchema { index?.definition.keySchema ?? image.keySchema }

  /// The entries of a range, without those up to and including `start`.
  func entries(
    in range: Range<ItemKey>?, after start: ItemKey?, forward: Bool
  ) -> TableImage.Entries {
    index?.entries(in: range, after: start, reversed: !forward)
      ?? image.entries(in: range, after: start, reversed: !forward)
  }

  /// The position a start key names: the key of the table, and for an index that of its entry.
  /// [DDB.query.startKey]
  func position(of attributes: AttributeMap, inScan: Bool) throws(ServiceError) -> ItemKey {
    let invalid = ServiceError.invalidStartKey()
    let mismatch = ServiceError.invalidStartKey(ServiceError.keyDoesNotMatchSchema.message)
    let names = Set(
      (image.keySchema.attributes + (index?.definition.keySchema.attributes ?? [])).map(\.name))
    guard attributes.count == names.count, attributes.names.allSatisfy(names.contains) else {
      throw inScan && index == nil ? mismatch : invalid
    }
    if !inScan || index != nil {
      guard
        keySchema.attributes.allSatisfy({
          attributes[$0.name]?.type == $0.type.attributeType
        })
      else { throw .keyDoesNotMatchSchema }
    }
    do throws(KeyError) {
      let tableKey = try image.keySchema.key(of: attributes)
      guard let index else { return tableKey }
      return try index.definition.keySchema.key(of: attributes).appending(tableKey: tableKey)
    } catch {
      throw mismatch
    }
  }

  /// The key attributes by which a reader can go on after an item.
  func startKey(after item: Item) -> AttributeMap {
    var result = image.keySchema.keyAttributes(of: item)
    guard let index else { return result }
    for (name, value) in index.definition.keySchema.keyAttributes(of: item) {
      result[name] = value
    }
    return result
  }
}

/// What a query or scan shows of its items, as the request words it. [DDB.query.select]
struct Selection {
  let select: String?
  let hasIndex: Bool
  let hasProjection: Bool
  let hasAttributesToGet: Bool

  /// Checks what needs no table.
  func check() throws(ServiceError) {
    let named =
      hasProjection ? "ProjectionExpression" : hasAttributesToGet ? "AttributesToGet" : nil
    if let named, let select, select != "SPECIFIC_ATTRIBUTES" {
      throw .validation(
        "Cannot specify the \(named) when choosing to get "
          + (select == "COUNT" ? "only the Count" : select))
    }
    if select == "SPECIFIC_ATTRIBUTES", named == nil {
      throw .validation(
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
          + "SPECIFIC_ATTRIBUTES")
    }
    if select == "ALL_PROJECTED_ATTRIBUTES", !hasIndex {
      throw .validation(
        "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
    }
  }

  /// Checks whether the index can show what is asked for.
  func check(in source: ReadSource) throws(ServiceError) {
    guard select == "ALL_ATTRIBUTES", let index = source.index, index.definition.kind == .global,
      index.definition.projection != .all
    else { return }
    throw .validation(
      "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported "
        + "for global secondary index \(index.definition.name) because its projection type is "
        + "not ALL")
  }
}

/// One page of a query or scan while it is being filled.
struct ReadPage {
  /// A page holds at most so many bytes of items, before the filter. [DDB.limits]
  static let maximumByteCount = 1024 * 1024

  let limit: Int?
  let filter: ConditionExpression?
  private(set) var items: [Item] = []
  private(set) var scannedCount = 0
  private(set) var byteCount = 0
  private(set) var lastEvaluated: Item?

  init(limit: Int?, filter: ConditionExpression?) {
    self.limit = limit
    self.filter = filter
  }

  /// Reads on until the page is full or nothing is left; `visit` sees each item before the filter.
  ///
  /// - Complexity: O(k) for the k items evaluated, independent of the table's size.
  mutating func fill(
    from entries: TableImage.Entries, of source: ReadSource, visit: (Item) -> Void = { _ in }
  ) {
    var iterator = entries.makeIterator()
    while let item = iterator.next()?.value {
      visit(item)
      scannedCount += 1
      byteCount += item.byteCount
      if filter?.evaluate(item.attributes) ?? true { items.append(item) }
      let isFull = scannedCount == limit || byteCount >= Self.maximumByteCount
      if isFull {
        // A page that stops exactly at its limit names a key even if nothing follows.
        let more = scannedCount == limit || iterator.next() != nil
        lastEvaluated = more ? item : nil
        return
      }
    }
  }

  /// What reading the page took of a table or one of its indexes.
  ///
  /// - Throws: The refusal of a read that its throughput does not admit.
  func consume(
    from source: ReadSource, of id: TableID, consistentRead: Bool, in cloud: inout Cloud
  ) throws(ServiceError) {
    var meter = CapacityMeter(asked: nil, isLimited: cloud.isLimited(id))
    meter.add(
      Capacity.read(byteCount: byteCount, consistent: consistentRead),
      toIndex: source.index?.definition.name)
    try cloud.consume(meter, of: id, as: .read)
  }

  func output(
    _ source: ReadSource, select: String?, projection: ProjectionExpression?, tableName: String,
    consistentRead: Bool, capacity: String?
  ) -> ReadPageOutput {
    var meter = CapacityMeter(asked: capacity)
    meter.add(
      Capacity.read(byteCount: byteCount, consistent: consistentRead),
      toIndex: source.index?.definition.name)
    var shown = items
    if source.mustFetch(select, projection) {
      shown = items.map(source.whole)
      for item in shown {
        meter.add(Capacity.read(byteCount: item.byteCount, consistent: consistentRead))
      }
    }
    return ReadPageOutput(
      items: select == "COUNT" ? nil : Self.documents(of: shown, projection),
      count: items.count, scannedCount: scannedCount,
      lastEvaluatedKey: lastEvaluated.map { source.startKey(after: $0).json },
      consumedCapacity: meter.report(capacity, table: tableName, settings: source.settings))
  }

  private static func documents(
    of items: [Item], _ projection: ProjectionExpression?
  ) -> [Document] {
    if let projection { return items.map { projection.project($0.attributes).json } }
    var documents = ItemDocuments()
    return items.map { documents.document(of: $0) }
  }
}

extension ReadSource {
  /// Whether what is to be shown is not all in the index, and has to come from the table, item by
  /// item; only a local index does that. [DDB.query.fetch]
  fileprivate func mustFetch(_ select: String?, _ projection: ProjectionExpression?) -> Bool {
    guard let index, index.definition.kind == .local,
      let held = index.definition.projectedNames(with: image.keySchema)
    else { return false }
    if let projection { return !projection.paths.attributes.allSatisfy(held.contains) }
    return select == "ALL_ATTRIBUTES"
  }

  /// The table's item of an index entry.
  fileprivate func whole(_ entry: Item) -> Item {
    guard let key = try? image.keySchema.key(of: entry) else { return entry }
    return image.item(key) ?? entry
  }
}
