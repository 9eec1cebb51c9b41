// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
package import PersistentCollections
package import Simulation

/// A table's change records in the order of their sequence numbers.
///
/// A position is the number of records before it since the log began; it stays what it is when old
/// records are dropped.
package struct ChangeLog: Sendable {
  private var records = AppendLog<ChangeRecord>()
  /// The bytes of the new images the records hold, as the service counts items.
  ///
  /// - Complexity: O(1).
  package private(set) var byteCount = 0

  /// Creates an empty log.
  package init() {}

  /// Creates an empty log whose first record gets a position.
  ///
  /// - Precondition: The position is not negative.
  init(startingAt position: Int) { records = AppendLog(startingAt: position) }

  /// The number of records kept.
  ///
  /// - Complexity: O(1).
  package var count: Int { records.count }

  /// The position of the oldest record kept.
  ///
  /// - Complexity: O(1).
  package var startPosition: Int { records.startIndex }

  /// The position after the newest record.
  ///
  /// - Complexity: O(1).
  package var endPosition: Int { records.endIndex }

  /// The record at a position.
  ///
  /// - Precondition: The position is in `startPosition..<endPosition`.
  /// - Complexity: O(log n).
  package subscript(position: Int) -> ChangeRecord { records[position] }

  /// Adds a record.
  ///
  /// - Precondition: It is not earlier than the newest one, and follows it in sequence.
  /// - Complexity: O(1) amortised.
  package mutating func append(_ record: ChangeRecord) {
    if let newest = records.last {
      precondition(
        newest.instant <= record.instant && newest.sequence < record.sequence,
        "Commit instants never decrease along the sequence of a table's writes.")
    }
    byteCount += record.new?.byteCount ?? 0
    records.append(record)
  }

  /// The position after the last record committed at or before an instant.
  ///
  /// - Complexity: O(log² n).
  package func position(after instant: Instant) -> Int {
    records.partitioningIndex { $0.instant <= instant }
  }

  /// The records between two positions, oldest first.
  ///
  /// - Precondition: The positions are in `startPosition...endPosition`.
  /// - Complexity: O(log n), and O(1) for each record read.
  package func records(in positions: Range<Int>) -> some Sequence<ChangeRecord> {
    records.elements(from: positions.lowerBound).prefix(positions.count)
  }

  /// The records committed after one instant and at or before another, oldest first.
  ///
  /// - Complexity: O(log² n), and O(1) for each record read.
  package func records(
    after earlier: Instant, through later: Instant
  ) -> some Sequence<ChangeRecord> {
    let lower = position(after: earlier)
    return records(in: lower..<Swift.max(lower, position(after: later)))
  }

  /// Drops the records before a position.
  ///
  /// - Precondition: The position is in `startPosition...endPosition`.
  /// - Complexity: O(m) for m records dropped.
  package mutating func drop(before position: Int) {
    for record in records(in: startPosition..<position) {
      byteCount -= record.new?.byteCount ?? 0
    }
    records.removeFirst(position - startPosition)
  }
}

extension ChangeLog: Sequence {
  /// Reads the records, oldest first.
  ///
  /// - Complexity: O(log n), and O(1) for each record read.
  package func makeIterator() -> AppendLog<ChangeRecord>.Iterator { records.makeIterator() }
}
