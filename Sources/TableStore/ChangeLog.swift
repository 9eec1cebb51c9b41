// SPDX-License-Identifier: GPL-3.0-or-later

package import ItemModel
import PersistentCollections
package import Simulation

/// A table's change records in the order of their sequence numbers.
///
/// A position is the number of records before it since the log began; it stays what it is when old
/// records are dropped.
///
/// A record costs 25 bytes beside the images that it alone holds: the commit instant and two
/// references, and its share of the chunk's overhead. The key is derived from an image when a record
/// is read, the sequence number from the position; an image is one object for the record that wrote
/// it, the one that replaced it, and every table image that holds it.
package struct ChangeLog: Sendable {
  /// What is kept of a record.
  struct Entry: Sendable {
    let milliseconds: Int64
    let old: Item?
    let new: Item?
  }

  /// The table's key, which tells the key of a record from its images.
  let keySchema: KeySchema
  private var entries: AppendLog<Entry>
  /// What makes a sequence number of a position; known from the first record on.
  private var firstSequence: UInt64 = 0
  /// The bytes of the new images the records hold, as the service counts items.
  ///
  /// - Complexity: O(1).
  package private(set) var byteCount = 0

  /// Creates an empty log of a table with this key, whose first record gets a position.
  ///
  /// - Precondition: The position is not negative.
  package init(keySchema: KeySchema, startingAt position: Int = 0) {
    self.keySchema = keySchema
    entries = AppendLog(startingAt: position)
  }

  /// The number of records kept.
  ///
  /// - Complexity: O(1).
  package var count: Int { entries.count }

  /// The position of the oldest record kept.
  ///
  /// - Complexity: O(1).
  package var startPosition: Int { entries.startIndex }

  /// The position after the newest record.
  ///
  /// - Complexity: O(1).
  package var endPosition: Int { entries.endIndex }

  /// Adds a record of a write of an item, whose key is that of its images.
  ///
  /// - Precondition: It is not earlier than the newest one, its sequence number is the next one, and
  ///   it has an image that its key is the key of.
  /// - Complexity: O(1) amortised.
  mutating func append(_ instant: Instant, _ sequence: UInt64, old: Item?, new: Item?) {
    precondition(old != nil || new != nil, "A write of an item leaves or replaces an image.")
    let milliseconds = instant.milliseconds
    if let newest = entries.last {
      precondition(
        newest.milliseconds <= milliseconds && self.sequence(at: endPosition) == sequence,
        "Commit instants never decrease along the sequence of a table's writes.")
    } else {
      firstSequence = sequence &- UInt64(endPosition)
    }
    byteCount += new?.byteCount ?? 0
    entries.append(Entry(milliseconds: milliseconds, old: old, new: new))
  }

  /// The position after the last record committed at or before an instant.
  ///
  /// - Complexity: O(log² n); O(log n) if no record or every one is.
  package func position(after instant: Instant) -> Int {
    let milliseconds = instant.milliseconds
    guard let newest = entries.last, newest.milliseconds > milliseconds else { return endPosition }
    guard let oldest = entries.first, oldest.milliseconds <= milliseconds else {
      return startPosition
    }
    return entries.partitioningIndex { $0.milliseconds <= milliseconds }
  }

  /// The records between two positions, oldest first.
  ///
  /// - Precondition: The positions are in `startPosition...endPosition`.
  /// - Complexity: O(log n), and O(k) in the item's attributes for each record read.
  package func records(in positions: Range<Int>) -> some Sequence<ChangeRecord> {
    Records(log: self, from: positions.lowerBound).prefix(positions.count)
  }

  /// The records committed after one instant and at or before another, oldest first.
  ///
  /// - Complexity: O(log² n), and as `records(in:)`.
  package func records(
    after earlier: Instant, through later: Instant
  ) -> some Sequence<ChangeRecord> {
    let lower = position(after: earlier)
    return records(in: lower..<Swift.max(lower, position(after: later)))
  }

  /// What is kept of the records between two positions, oldest first.
  func entries(in positions: Range<Int>) -> some Sequence<Entry> {
    entries.elements(from: positions.lowerBound).prefix(positions.count)
  }

  /// Drops the records before a position.
  ///
  /// - Precondition: The position is in `startPosition...endPosition`.
  /// - Complexity: O(m) for m records dropped.
  package mutating func drop(before position: Int) {
    for entry in entries(in: startPosition..<position) { byteCount -= entry.new?.byteCount ?? 0 }
    entries.removeFirst(position - startPosition)
  }

  private func sequence(at position: Int) -> UInt64 { firstSequence &+ UInt64(position) }

  private func record(_ entry: Entry, at position: Int) -> ChangeRecord {
    ChangeRecord(
      instant: Instant(milliseconds: entry.milliseconds), sequence: sequence(at: position),
      key: key(of: entry), old: entry.old, new: entry.new)
  }

  /// The key that both images of an entry have.
  ///
  /// - Complexity: O(k) in the item's attributes.
  func key(of entry: Entry) -> ItemKey {
    guard let item = entry.new ?? entry.old, let key = try? keySchema.key(of: item) else {
      preconditionFailure("Every image in a log has a key of its table.")
    }
    return key
  }
}

extension ChangeLog: Sequence {
  /// Reads records in the order of their positions.
  package struct Records: Sequence, IteratorProtocol {
    private let log: ChangeLog
    private var entries: IteratorSequence<AppendLog<Entry>.Iterator>
    private var position: Int

    init(log: ChangeLog, from position: Int) {
      self.log = log
      self.position = position
      entries = log.entries.elements(from: position)
    }

    /// The next record.
    ///
    /// - Complexity: O(k) in the item's attributes.
    package mutating func next() -> ChangeRecord? {
      guard let entry = entries.next() else { return nil }
      defer { position += 1 }
      return log.record(entry, at: position)
    }
  }

  /// Reads the records, oldest first.
  ///
  /// - Complexity: O(log n), and O(k) in the item's attributes for each record read.
  package func makeIterator() -> Records { Records(log: self, from: startPosition) }
}
