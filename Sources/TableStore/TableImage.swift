// SPDX-License-Identifier: GPL-3.0-or-later

package import ItemModel
package import PersistentCollections

/// A table's contents at one instant: its items, and secondary indexes that agree with them.
///
/// A value: copying it is O(1) and keeps the contents as they are, whatever is written later. An
/// on-demand backup is such a copy, a checkpoint is another.
///
/// An item costs its bytes and 32 of array header, its key's bytes and as much, 34 of its leaf, and
/// what the allocator rounds up: about 400 bytes for a key of 24 and a value of 200.
///
/// ```swift
/// var image = TableImage(keySchema: schema, indexes: [byStatus])
/// let backup = image                          // O(1), for ever
/// try image.put(Item(["pk": .string("order-1"), "status": .string("open")]))
/// image.index(named: "by-status")?.count      // 1
/// backup.count                                // 0
/// ```
package struct TableImage: Sendable {
  /// Keys and items (or index entries) in key order, read without copying.
  package typealias Entries = OrderedMap<ItemKey, Item>.Entries

  /// The table's key.
  package let keySchema: KeySchema
  /// The bytes of all items as the service counts them, without indexes.
  ///
  /// - Complexity: O(1).
  package private(set) var byteCount = 0
  /// The secondary indexes in the order in which they were added; a table has 25 at most.
  package private(set) var indexes: [TableIndex]

  private var storage: OrderedMap<ItemKey, Item>

  /// Creates an empty table.
  package init(keySchema: KeySchema, indexes: [IndexDefinition] = []) {
    self.keySchema = keySchema
    self.indexes = indexes.map { TableIndex($0, ofTable: keySchema) }
    storage = OrderedMap()
  }

  /// Builds a table from items; of items with the same key the last one stays.
  ///
  /// - Throws: The `KeyError` of the first item that has no key.
  /// - Complexity: O(n log n), several times faster than n writes.
  package init(
    keySchema: KeySchema, indexes: [IndexDefinition] = [], items: some Sequence<Item>
  ) throws(KeyError) {
    var entries: [(key: ItemKey, value: Item)] = []
    entries.reserveCapacity(items.underestimatedCount)
    for item in items { entries.append((try keySchema.key(of: item), item)) }
    self.init(keySchema: keySchema)
    storage = OrderedMap(sortedUnique: Self.sortedUnique(entries))
    byteCount = storage.reduce(0) { $0 + $1.value.byteCount }
    for definition in indexes { addIndex(definition) }
  }

  /// Builds a table from entries in strictly ascending key order.
  ///
  /// - Precondition: Each key is its item's, and after the one before it.
  /// - Complexity: O(n), and O(n log n) for each index.
  init(
    keySchema: KeySchema, indexes: [IndexDefinition], ascending: [(key: ItemKey, value: Item)]
  ) {
    self.init(keySchema: keySchema)
    storage = OrderedMap(sortedUnique: ascending)
    byteCount = ascending.reduce(0) { $0 + $1.value.byteCount }
    for definition in indexes { addIndex(definition) }
  }

  /// Sorts by key; of equal keys the last entry stays.
  private static func sortedUnique(
    _ entries: [(key: ItemKey, value: Item)]
  ) -> [(key: ItemKey, value: Item)] {
    var unique: [(key: ItemKey, value: Item)] = []
    unique.reserveCapacity(entries.count)
    for position in KeyOrder.ascending(entries, key: { $0.key }) {
      let entry = entries[position]
      if unique.last?.key == entry.key { unique.removeLast() }
      unique.append(entry)
    }
    return unique
  }
}

// MARK: Writing

extension TableImage {
  /// Stores an item under its key, in the indexes too.
  ///
  /// - Returns: The item it replaces.
  /// - Throws: A `KeyError` if the item has no key of this table; then nothing is changed.
  /// - Complexity: O(log n) for the table and each index.
  @discardableResult
  package mutating func put(_ item: Item) throws(KeyError) -> Item? {
    put(item, forKey: try keySchema.key(of: item))
  }

  /// Stores an item whose key is known already, in the indexes too.
  ///
  /// - Precondition: `key` is the item's key in this table.
  /// - Returns: The item it replaces.
  /// - Complexity: O(log n) for the table and each index.
  @discardableResult
  package mutating func put(_ item: Item, forKey key: ItemKey) -> Item? {
    let old = storage.update(item, forKey: key)
    byteCount += item.byteCount - (old?.byteCount ?? 0)
    for position in indexes.indices {
      indexes[position].replace(old, with: item, tableKey: key)
    }
    return old
  }

  /// Removes an item, from the indexes too.
  ///
  /// - Returns: The item removed; nil if there is none of this key, and then nothing is changed.
  /// - Complexity: O(log n) for the table and each index.
  @discardableResult
  package mutating func remove(_ key: ItemKey) -> Item? {
    guard let old = storage.removeValue(forKey: key) else { return nil }
    byteCount -= old.byteCount
    for position in indexes.indices {
      indexes[position].replace(old, with: nil, tableKey: key)
    }
    return old
  }

  /// Stores or removes: makes `item` what the table holds under a key.
  ///
  /// - Complexity: O(log n) for the table and each index.
  mutating func set(_ item: Item?, forKey key: ItemKey) {
    if let item { put(item, forKey: key) } else { remove(key) }
  }

  /// What an item is to become: another item, or none.
  typealias Change = (key: ItemKey, item: Item?)

  /// Stores and removes items; of several changes of one item the last one counts.
  ///
  /// Sorting them first costs less than it saves: a node is then copied and filled in one go, and an
  /// item that was written often is set once.
  ///
  /// - Complexity: O(m log n) for m changes, for the table and each index.
  mutating func apply(_ changes: [Change]) {
    let order = KeyOrder.ascending(changes) { $0.key }
    for (step, position) in order.enumerated() {
      let change = changes[position]
      if step + 1 < order.count, changes[order[step + 1]].key == change.key { continue }
      set(change.item, forKey: change.key)
    }
  }

  /// Adds a secondary index and fills it from the items.
  ///
  /// - Precondition: The table has no index of this name.
  /// - Complexity: O(n log n) in the number of items.
  package mutating func addIndex(_ definition: IndexDefinition) {
    precondition(index(named: definition.name) == nil, "An index name is unique in its table.")
    indexes.append(TableIndex(definition, ofTable: keySchema, over: storage))
  }

  /// Drops the secondary index of a name, if there is one.
  ///
  /// - Complexity: O(1) while a snapshot shares the index, otherwise O(n) to free it.
  package mutating func removeIndex(named name: String) {
    indexes.removeAll { $0.definition.name.utf8.elementsEqual(name.utf8) }
  }

  /// Makes the secondary indexes exactly these, in this order.
  ///
  /// Indexes of an equal definition are kept as they are.
  ///
  /// - Complexity: O(1) for an index that is kept, O(n log n) for one that is built.
  package mutating func reconcileIndexes(with definitions: [IndexDefinition]) {
    indexes = definitions.map { definition in
      indexes.first { $0.definition == definition }
        ?? TableIndex(definition, ofTable: keySchema, over: storage)
    }
  }
}

// MARK: Reading

extension TableImage {
  /// The number of items.
  ///
  /// - Complexity: O(1).
  package var count: Int { storage.count }

  /// Whether the table holds no item.
  ///
  /// - Complexity: O(1).
  package var isEmpty: Bool { storage.isEmpty }

  /// The item of a key.
  ///
  /// - Complexity: O(log n).
  package func item(_ key: ItemKey) -> Item? { storage[key] }

  /// All items in key order, which is the order of a Scan.
  ///
  /// - Complexity: O(1); nothing is copied.
  package var items: LazyMapSequence<OrderedMap<ItemKey, Item>, Item> { storage.values }

  /// Keys and items in key order, or a part of them.
  ///
  /// - Parameters:
  ///   - range: Positions to read, from `keySchema`'s ranges or `ItemKey.segmentBounds`; nil for all.
  ///   - start: The key of an item already read: the next one in the direction of reading comes
  ///     first. It need not be there any more.
  ///   - reversed: From the greatest key down.
  /// - Returns: A sequence that reads the image as it is now.
  /// - Complexity: O(log n), and O(1) for each item read.
  package func entries(
    in range: Range<ItemKey>? = nil, after start: ItemKey? = nil, reversed: Bool = false
  ) -> Entries {
    storage.entries(in: range, after: start, reversed: reversed)
  }

  /// The secondary index of a name.
  ///
  /// - Complexity: O(1): a table has 25 indexes at most.
  package func index(named name: String) -> TableIndex? {
    indexes.first { $0.definition.name.utf8.elementsEqual(name.utf8) }
  }

  /// Calls `body` for each key whose item differs between an older image and this one, in key order.
  ///
  /// - Complexity: O(d log n) for d items written since the images were the same; O(n) at most.
  package func forEachDifference(
    from older: TableImage, _ body: (_ key: ItemKey, _ old: Item?, _ new: Item?) -> Void
  ) {
    storage.forEachDifference(from: older.storage, body)
  }

  /// Nodes that this image does not share with another, indexes included; what it costs to keep both.
  ///
  /// - Complexity: O(n); for measurements and tests.
  package func countNodes(notSharedWith other: TableImage) -> Int {
    storage.countNodes(notSharedWith: other.storage)
      + indexes.reduce(0) { total, index in
        let twin = other.index(named: index.definition.name)
        return total
          + index.countNodes(
            notSharedWith: twin ?? TableIndex(index.definition, ofTable: keySchema))
      }
  }
}

extension TableImage: Equatable {
  /// Whether both hold equal items and equal indexes; shared nodes are not read.
  ///
  /// - Complexity: O(d log n) for d items written since the images were the same; O(n) at most.
  package static func == (left: TableImage, right: TableImage) -> Bool {
    left.keySchema == right.keySchema && left.byteCount == right.byteCount
      && left.storage == right.storage && left.indexes == right.indexes
  }
}
