// SPDX-License-Identifier: GPL-3.0-or-later

package import ItemModel
package import Simulation

/// One table through time: its contents now and, while point-in-time recovery is on, its past.
///
/// Every write goes through `put` or `remove`, which keep image, indexes and history together.
///
/// ```swift
/// var table = StoredTable(keySchema: schema)
/// table.startHistory(at: clock.now)
/// try table.put(item, at: clock.now)
/// let yesterday = table.image(at: clock.now - .days(1))
/// ```
package struct StoredTable: Sendable, Codable {
  /// The contents now; copying it is O(1).
  package private(set) var image: TableImage
  /// The past; nil while point-in-time recovery is off.
  package private(set) var history: History?
  /// The sequence number of the last write; 0 before the first.
  package private(set) var lastSequence: UInt64 = 0

  /// Creates an empty table without history.
  package init(keySchema: KeySchema, indexes: [IndexDefinition] = []) {
    image = TableImage(keySchema: keySchema, indexes: indexes)
  }

  /// Creates a table that holds an image, without history: what a restore makes.
  ///
  /// - Complexity: O(1).
  package init(image: TableImage) { self.image = image }

  /// The table's key.
  package var keySchema: KeySchema { image.keySchema }

  /// The item of a key.
  ///
  /// - Complexity: O(log n).
  package func item(_ key: ItemKey) -> Item? { image.item(key) }
}

// MARK: Writing

extension StoredTable {
  /// Stores an item.
  ///
  /// - Parameters:
  ///   - item: An item with a key of this table.
  ///   - instant: The commit instant, not before that of the last write.
  /// - Returns: The item it replaces.
  /// - Throws: A `KeyError` if the item has no key of this table; then nothing is changed.
  /// - Complexity: O(log n) for the table and each index.
  @discardableResult
  package mutating func put(_ item: Item, at instant: Instant) throws(KeyError) -> Item? {
    put(item, forKey: try keySchema.key(of: item), at: instant)
  }

  /// Stores an item whose key is known already.
  ///
  /// - Precondition: `key` is the item's key in this table.
  /// - Parameters:
  ///   - item: The item.
  ///   - key: Its key.
  ///   - instant: The commit instant, not before that of the last write.
  /// - Returns: The item it replaces.
  /// - Complexity: O(log n) for the table and each index.
  @discardableResult
  package mutating func put(_ item: Item, forKey key: ItemKey, at instant: Instant) -> Item? {
    let old = image.put(item, forKey: key)
    record(old: old, new: item, at: instant)
    return old
  }

  /// Removes an item; where there is none nothing happens, and nothing is recorded.
  ///
  /// - Parameters:
  ///   - key: The key of the item.
  ///   - instant: The commit instant, not before that of the last write.
  /// - Returns: The item removed.
  /// - Complexity: O(log n) for the table and each index.
  @discardableResult
  package mutating func remove(_ key: ItemKey, at instant: Instant) -> Item? {
    guard let old = image.remove(key) else { return nil }
    record(old: old, new: nil, at: instant)
    return old
  }

  private mutating func record(old: Item?, new: Item?, at instant: Instant) {
    lastSequence += 1
    history?.record(
      at: instant, sequence: lastSequence, old: old, new: new, imageAfter: image)
  }

  /// Adds a secondary index and fills it from the items; items do not change, so nothing is recorded.
  ///
  /// - Precondition: The table has no index of this name.
  /// - Complexity: O(n log n) in the number of items.
  package mutating func addIndex(_ definition: IndexDefinition) { image.addIndex(definition) }

  /// Drops the secondary index of a name, if there is one.
  ///
  /// - Complexity: O(1) while a snapshot shares the index, otherwise O(n) to free it.
  package mutating func removeIndex(named name: String) { image.removeIndex(named: name) }
}

// MARK: The past

extension StoredTable {
  /// Begins to keep history; one that is kept already goes on as it is.
  ///
  /// - Complexity: O(1).
  package mutating func startHistory(
    at instant: Instant, checkpointInterval: Int = History.defaultCheckpointInterval
  ) {
    guard history == nil else { return }
    history = History(
      of: keySchema, startingAt: instant, checkpointInterval: checkpointInterval)
  }

  /// Forgets all history and keeps none from now on.
  ///
  /// - Complexity: O(1) while a snapshot shares the history, otherwise O(n) to free it.
  package mutating func stopHistory() { history = nil }

  /// Drops what only instants before this one need; does nothing without history.
  ///
  /// - Complexity: O(m + log n) for m records dropped.
  package mutating func trimHistory(before instant: Instant) { history?.trim(before: instant) }

  /// The table's image at an instant: every write committed at or before it and no later one, with
  /// the secondary indexes the table has now. [DDB.PITR.restore]
  ///
  /// - Precondition: The table keeps history, and the instant is not before `history.start`.
  /// - Complexity: O(k log n) for k records replayed, see `History`; an index that was added after the
  ///   instant is built anew, in O(n log n).
  package func image(at instant: Instant) -> TableImage {
    guard let history else { preconditionFailure("A table without history has no past image.") }
    var restored = history.image(at: instant, present: image)
    let definitions = image.indexes.map(\.definition)
    if restored.indexes.map(\.definition) != definitions {
      restored.reconcileIndexes(with: definitions)
    }
    return restored
  }
}
