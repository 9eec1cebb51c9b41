// SPDX-License-Identifier: GPL-3.0-or-later

package import ItemModel
import PersistentCollections

/// The entries of one secondary index, kept in agreement with the items by the image it is part of.
///
/// The index is sparse: an item without a usable index key has no entry. An entry's position is
/// the index key followed by the table key, and its value is the item as the index projects it.
/// [DDB.index.sparse]
package struct TableIndex: Sendable {
  /// What the index is made of.
  package let definition: IndexDefinition
  /// The bytes of the entries as the service counts items.
  ///
  /// - Complexity: O(1).
  package private(set) var byteCount = 0

  /// The names of the attributes an entry holds, in bytes; nil for all.
  private let projectedNames: [[UInt8]]?
  private var storage: ItemTree

  /// Creates an empty index of a table with this key.
  init(_ definition: IndexDefinition, ofTable keySchema: KeySchema) {
    self.definition = definition
    projectedNames = definition.projectedNames(with: keySchema)?.map { Array($0.utf8) }
    storage = ItemTree(EntryKeys(definition.keySchema, inIndexOf: keySchema))
  }

  /// Builds an index over items.
  ///
  /// - Complexity: O(n log n) in the number of items.
  init(
    _ definition: IndexDefinition, ofTable keySchema: KeySchema, over items: ItemTree
  ) {
    self.init(definition, ofTable: keySchema)
    var entries: [(hash: UInt64, item: Item)] = []
    entries.reserveCapacity(items.count)
    for entry in items.entries() {
      guard let hash = definition.keySchema.keyHash(of: entry.value) else { continue }
      let item = projected(entry.value)
      byteCount += item.byteCount
      entries.append((hash, item))
    }
    storage = ItemTree(storage.keys, ascending: KeyOrder.ascending(entries, storage.keys))
  }

  /// The number of entries.
  ///
  /// - Complexity: O(1).
  package var count: Int { storage.count }

  /// The entries in the order of the index key, or a part of them.
  ///
  /// - Parameters:
  ///   - range: Positions to read, from `definition.keySchema`'s ranges; nil for all.
  ///   - start: The position of an entry already read: the next one in the direction of reading
  ///     comes first. It need not be there any more.
  ///   - reversed: From the greatest position down.
  /// - Returns: Positions and projected items.
  /// - Complexity: O(log n), and O(1) for each entry read.
  package func entries(
    in range: Range<ItemKey>? = nil, after start: ItemKey? = nil, reversed: Bool = false
  ) -> TableEntries {
    storage.entries(in: range, after: start, reversed: reversed)
  }

  /// The position of an item's entry, nil where the item has none.
  ///
  /// - Complexity: O(k) in the item's attributes.
  package func entryKey(of item: Item, tableKey: ItemKey) -> ItemKey? {
    try? definition.keySchema.key(of: item, followedBy: tableKey)
  }

  /// The item as the index holds it.
  ///
  /// - Complexity: O(1) for a projection of all, otherwise O(k) in the item's attributes.
  package func projected(_ item: Item) -> Item {
    projectedNames.map { item.projected(onto: $0) } ?? item
  }

  /// Brings the index from one image of an item to the next.
  ///
  /// An entry that stays as it is is not written: it would copy nodes that snapshots share.
  mutating func replace(_ old: Item?, with new: Item?, tableKey: ItemKey) {
    let oldKey = old.flatMap { entryKey(of: $0, tableKey: tableKey) }
    let newKey = new.flatMap { entryKey(of: $0, tableKey: tableKey) }
    if let oldKey, oldKey != newKey, let gone = storage.removeValue(forKey: oldKey) {
      byteCount -= gone.byteCount
    }
    guard let newKey, let new else { return }
    let entry = projected(new)
    if oldKey == newKey, projectedNames != nil, storage[newKey] == entry { return }
    byteCount += entry.byteCount - (storage.update(entry, forKey: newKey)?.byteCount ?? 0)
  }
}

extension TableIndex: Equatable {
  /// Whether both are made of the same and hold equal entries; shared nodes are not read.
  ///
  /// - Complexity: O(d log n) for d entries written since both were the same; O(n) at most.
  package static func == (left: TableIndex, right: TableIndex) -> Bool {
    left.definition == right.definition && left.byteCount == right.byteCount
      && left.storage == right.storage
  }
}

extension TableIndex {
  /// Nodes that this index does not share with another; for measurements and tests.
  ///
  /// - Complexity: O(n).
  package func countNodes(notSharedWith other: TableIndex) -> Int {
    storage.countNodes(notSharedWith: other.storage)
  }
}
