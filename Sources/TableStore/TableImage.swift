// SPDX-License-Identifier: GPL-3.0-or-later

package import ItemModel
import PersistentCollections

/// A table's contents at one instant: its items, and secondary indexes that agree with them.
///
/// A value: copying it is O(1) and keeps the contents as they are, whatever is written later. An
/// on-demand backup is such a copy, a checkpoint is another.
///
/// An item costs its bytes and 20 beside them, 26 of its leaf, and what the allocator rounds up: about
/// 300 bytes for a key of 24 and a value of 200. Items of partitions that hold several cost their
/// key's bytes, 32 of array header and 8 more of the leaf.
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
  package typealias Entries = TableEntries

  /// The table's key.
  package var keySchema: KeySchema { storage.keys.schema }
  /// The bytes of all items as the service counts them, without indexes.
  ///
  /// - Complexity: O(1).
  package private(set) var byteCount = 0
  /// The secondary indexes in the order in which they were added; a table has 25 at most.
  package private(set) var indexes: [TableIndex]

  private var storage: ItemTree

  /// Creates an empty table.
  package init(keySchema: KeySchema, indexes: [IndexDefinition] = []) {
    self.indexes = indexes.map { TableIndex($0, ofTable: keySchema) }
    storage = ItemTree(EntryKeys(keySchema))
  }

  /// Builds a table from items; of items with the same key the last one stays.
  ///
  /// - Throws: The `KeyError` of the first item that has no key.
  /// - Complexity: O(n log n), several times faster than n writes.
  package init(
    keySchema: KeySchema, indexes: [IndexDefinition] = [], items: some Sequence<Item>
  ) throws(KeyError) {
    var entries: [KeyOrder.Entry] = []
    entries.reserveCapacity(items.underestimatedCount)
    for item in items {
      guard let hash = keySchema.keyHash(of: item) else {
        // Making the key says what is wrong with it.
        entries.append((try keySchema.key(of: item).partitionHash, item))
        continue
      }
      entries.append((hash, item))
    }
    self.init(keySchema: keySchema)
    let unique = KeyOrder.lastOfEach(entries, storage.keys, item: \.item, hash: \.hash)
    self.init(keySchema: keySchema, indexes: indexes, ascending: unique)
  }

  /// Builds a table from items in strictly ascending key order.
  ///
  /// - Precondition: Each item's key is after that of the one before it.
  /// - Complexity: O(n), and O(n log n) for each index.
  init(
    keySchema: KeySchema, indexes: [IndexDefinition],
    ascending items: [(hash: UInt64, item: Item)]
  ) {
    self.init(keySchema: keySchema)
    storage = ItemTree(storage.keys, ascending: items)
    byteCount = items.reduce(0) { $0 + $1.item.byteCount }
    for definition in indexes { addIndex(definition) }
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

  /// What is to become of an item: it is stored, or the one of its key is removed.
  struct Change {
    let item: Item
    let isStored: Bool
    let hash: UInt64
  }

  /// Stores and removes items; of several changes of one item the last one counts.
  ///
  /// Sorting them first costs less than it saves: a node is then copied and filled in one go, and an
  /// item that was written often is set once.
  ///
  /// - Complexity: O(m log n) for m changes, for the table and each index.
  mutating func apply(_ changes: [Change]) {
    let last = KeyOrder.lastOfEach(changes, storage.keys, item: \.item, hash: \.hash)
    for change in last {
      set(change.isStored ? change.item : nil, forKey: storage.keys.key(of: change.item))
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
  package var isEmpty: Bool { storage.count == 0 }

  /// The item of a key.
  ///
  /// - Complexity: O(log n).
  package func item(_ key: ItemKey) -> Item? { storage[key] }

  /// All items in key order, which is the order of a Scan.
  ///
  /// - Complexity: O(1); nothing is copied.
  package var items: LazyMapSequence<TableEntries, Item> { storage.items }

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
