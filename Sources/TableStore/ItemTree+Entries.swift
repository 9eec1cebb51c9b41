// SPDX-License-Identifier: GPL-3.0-or-later

package import ItemModel
import PersistentCollections

/// One entry of a table or an index as it is read.
package struct TableEntry: Sendable {
  /// The item, in an index as it is projected.
  package let value: Item
  let keys: EntryKeys

  /// The position of the entry.
  ///
  /// - Complexity: O(k) in the item's attributes: it is read off the item.
  package var key: ItemKey { keys.key(of: value) }
}

/// The entries of a table or an index between two positions, in either direction.
///
/// A value: it keeps the contents it was taken from, whatever is written meanwhile.
package struct TableEntries: Sequence, Sendable {
  let tree: ItemTree
  let lower: OrderedBound<ItemKey>
  let upper: OrderedBound<ItemKey>
  let isReversed: Bool

  /// Starts at the first entry in the chosen direction.
  ///
  /// - Complexity: O(log n); each step is O(1) amortised.
  package func makeIterator() -> Iterator { Iterator(self) }

  /// Reads entry after entry.
  package struct Iterator: IteratorProtocol, Sendable {
    private let entries: TableEntries
    private let keys: EntryKeys
    private let lowest: UInt64?
    private let highest: UInt64?
    private var places: OrderedMap<UInt64, ItemTree.Place>.Iterator
    /// What is left of a partition of several items.
    private var partition: OrderedMap<ItemKey, Item>.Iterator?

    init(_ entries: TableEntries) {
      self.entries = entries
      keys = entries.tree.keys
      lowest = entries.lower.key?.partitionHash
      highest = entries.upper.key?.partitionHash
      places =
        entries.tree.places.entries(
          lower: lowest.map { .including($0) } ?? .unbounded,
          upper: highest.map { .including($0) } ?? .unbounded, reversed: entries.isReversed
        ).makeIterator()
    }

    /// The next entry in the direction of reading.
    ///
    /// - Complexity: O(1) amortised.
    package mutating func next() -> TableEntry? {
      while true {
        if partition != nil {
          if let entry = partition?.next() { return TableEntry(value: entry.value, keys: keys) }
          partition = nil
        }
        guard let (hash, place) = places.next() else { return nil }
        let isAtEdge = hash == lowest || hash == highest
        switch place {
        case .one(let item):
          if isAtEdge, !entries.contains(keys.key(of: item)) { continue }
          return TableEntry(value: item, keys: keys)
        case .many(let found):
          let part =
            isAtEdge
            ? found.items.entries(
              lower: entries.lower, upper: entries.upper, reversed: entries.isReversed)
            : found.items.entries(reversed: entries.isReversed)
          partition = part.makeIterator()
        case .none: continue
        }
      }
    }
  }

  private func contains(_ key: ItemKey) -> Bool {
    switch lower {
    case .unbounded: break
    case .including(let bound): if key < bound { return false }
    case .excluding(let bound): if !(bound < key) { return false }
    }
    switch upper {
    case .unbounded: return true
    case .including(let bound): return !(bound < key)
    case .excluding(let bound): return key < bound
    }
  }
}

extension OrderedBound {
  /// The key of the bound, nil where there is none.
  fileprivate var key: Key? {
    switch self {
    case .unbounded: nil
    case .including(let key), .excluding(let key): key
    }
  }
}

extension ItemTree {
  /// The entries of a range that come after a position in the direction of reading.
  func entries(
    in range: Range<ItemKey>? = nil, after start: ItemKey? = nil, reversed: Bool = false
  ) -> TableEntries {
    var lower = range.map { OrderedBound.including($0.lowerBound) } ?? .unbounded
    var upper = range.map { OrderedBound.excluding($0.upperBound) } ?? .unbounded
    if let start {
      // A start outside of the range must not widen it.
      if reversed {
        if range.map({ start < $0.upperBound }) ?? true { upper = .excluding(start) }
      } else {
        if range.map({ $0.lowerBound <= start }) ?? true { lower = .excluding(start) }
      }
    }
    return TableEntries(tree: self, lower: lower, upper: upper, isReversed: reversed)
  }

  /// All items in key order.
  var items: LazyMapSequence<TableEntries, Item> { entries().lazy.map(\.value) }
}
