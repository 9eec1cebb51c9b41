// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import PersistentCollections

/// How the key of a tree's entry is read off its item.
final class EntryKeys: Sendable {
  let schema: KeySchema
  /// The table's key, where the tree is an index's.
  let table: KeySchema?

  init(_ schema: KeySchema, inIndexOf table: KeySchema? = nil) {
    self.schema = schema
    self.table = table
  }

  /// The key of an item that is in the tree.
  ///
  /// - Complexity: O(k) in the item's attributes.
  func key(of item: Item) -> ItemKey {
    do throws(KeyError) {
      guard let table else { return try schema.key(of: item) }
      return try schema.key(of: item, followedBy: try table.key(of: item))
    } catch {
      preconditionFailure("Every item in a tree has a key of it.")
    }
  }

  func isKey(_ key: ItemKey, of item: Item) -> Bool {
    schema.isKey(key, of: item, inIndexOf: table)
  }
}

/// Items in the order of their keys, as a table or an index holds them.
///
/// The tree is ordered by the hash of the partition key alone. Most hashes belong to one item, whose
/// key is read off it when it is asked for: a leaf then holds a number and a reference for an item,
/// and looking for one touches the item that is found and no other. The items of a partition with
/// several stand in a tree of their own, by their keys. So the order is that of the keys throughout.
struct ItemTree: Sendable {
  /// What stands under one hash.
  enum Place: Sendable {
    case one(Item)
    /// Two items or more.
    case many(Partition)
    /// Nothing: only while a place is being changed.
    case none
  }

  /// The items of one hash, by key.
  final class Partition: @unchecked Sendable {
    // Changed only while one place of one tree refers to the object.
    var items: OrderedMap<ItemKey, Item>

    init(_ items: OrderedMap<ItemKey, Item>) { self.items = items }
  }

  let keys: EntryKeys
  private(set) var places: OrderedMap<UInt64, Place> = [:]
  /// The number of items.
  private(set) var count = 0

  init(_ keys: EntryKeys) { self.keys = keys }

  /// Builds a tree from items in strictly ascending order of their keys.
  ///
  /// - Complexity: O(n), and O(k) in the attributes of an item that shares its hash.
  init(_ keys: EntryKeys, ascending items: some Sequence<(hash: UInt64, item: Item)>) {
    self.init(keys)
    var built: [(key: UInt64, value: Place)] = []
    built.reserveCapacity(items.underestimatedCount)
    var run: [Item] = []
    var runHash: UInt64 = 0
    func close() {
      guard let first = run.first else { return }
      if run.count == 1 {
        built.append((runHash, .one(first)))
      } else {
        let entries = run.lazy.map { (key: keys.key(of: $0), value: $0) }
        built.append((runHash, .many(Partition(OrderedMap(sortedUnique: entries)))))
      }
      run.removeAll(keepingCapacity: true)
    }
    for (hash, item) in items {
      if hash != runHash { close() }
      runHash = hash
      run.append(item)
      count += 1
    }
    close()
    places = OrderedMap(sortedUnique: built)
  }

  /// The item of a key.
  ///
  /// - Complexity: O(log n).
  subscript(key: ItemKey) -> Item? {
    switch places[key.partitionHash] {
    case .one(let item): keys.isKey(key, of: item) ? item : nil
    case .many(let partition): partition.items[key]
    default: nil
    }
  }
}

// MARK: Changing

extension ItemTree {
  /// Stores an item under its key.
  ///
  /// - Returns: The item it replaces.
  /// - Complexity: O(log n).
  mutating func update(_ item: Item, forKey key: ItemKey) -> Item? {
    let keys = keys
    let old = places.update(forKey: key.partitionHash, inserting: .one(item)) { place -> Item? in
      switch place {
      case .one(let old):
        if keys.isKey(key, of: old) {
          place = .one(item)
          return old
        }
        place = .many(Partition([keys.key(of: old): old, key: item]))
        return nil
      case .many(var partition):
        // The place gives its reference up, so that a partition of its own is not copied.
        place = .none
        if !isKnownUniquelyReferenced(&partition) { partition = Partition(partition.items) }
        let old = partition.items.update(item, forKey: key)
        place = .many(partition)
        return old
      case .none:
        place = .one(item)
        return nil
      }
    }
    if let old, let replaced = old { return replaced }
    count += 1
    return nil
  }

  /// Removes the item of a key; where there is none nothing is copied.
  ///
  /// - Complexity: O(log n).
  mutating func removeValue(forKey key: ItemKey) -> Item? {
    guard let old = self[key] else { return nil }
    count -= 1
    let isEmpty = places[existing: key.partitionHash].remove(key)
    if isEmpty { places.removeValue(forKey: key.partitionHash) }
    return old
  }
}

extension ItemTree.Place {
  /// Removes the item of a key that is there; says whether nothing is left.
  fileprivate mutating func remove(_ key: ItemKey) -> Bool {
    guard case .many(var partition) = self else { return true }
    self = .none
    if !isKnownUniquelyReferenced(&partition) {
      partition = ItemTree.Partition(partition.items)
    }
    partition.items.removeValue(forKey: key)
    if partition.items.count == 1, let last = partition.items.first {
      self = .one(last.value)
    } else {
      self = .many(partition)
    }
    return false
  }

  /// The items under the hash, by key.
  func items(_ keys: EntryKeys) -> OrderedMap<ItemKey, Item> {
    switch self {
    case .one(let item): [keys.key(of: item): item]
    case .many(let partition): partition.items
    case .none: [:]
    }
  }
}

// MARK: Comparing

extension ItemTree.Place: Equatable {
  static func == (left: ItemTree.Place, right: ItemTree.Place) -> Bool {
    switch (left, right) {
    case (.one(let first), .one(let second)): first == second
    case (.many(let first), .many(let second)):
      first === second || first.items == second.items
    case (.none, .none): true
    default: false
    }
  }
}

extension ItemTree: Equatable {
  static func == (left: ItemTree, right: ItemTree) -> Bool {
    left.count == right.count && left.places == right.places
  }
}

extension ItemTree {
  /// Calls `body` for each key whose item differs between an older tree and this one, in key order.
  ///
  /// - Complexity: O(d log n) for d items written since the trees were the same; O(n) at most.
  func forEachDifference(
    from older: ItemTree, _ body: (_ key: ItemKey, _ old: Item?, _ new: Item?) -> Void
  ) {
    places.forEachDifference(from: older.places) { _, old, new in
      switch (old, new) {
      case (nil, .one(let item)): body(keys.key(of: item), nil, item)
      case (.one(let item), nil): body(keys.key(of: item), item, nil)
      default:
        let before = old?.items(keys) ?? [:]
        let after = new?.items(keys) ?? [:]
        after.forEachDifference(from: before, body)
      }
    }
  }

  /// Nodes that this tree does not share with another; for measurements and tests.
  ///
  /// - Complexity: O(n).
  func countNodes(notSharedWith other: ItemTree) -> Int {
    var number = places.countNodes(notSharedWith: other.places)
    for (hash, place) in places {
      guard case .many(let partition) = place else { continue }
      number += partition.items.countNodes(
        notSharedWith: other.places[hash]?.items(other.keys) ?? [:])
    }
    return number
  }
}
