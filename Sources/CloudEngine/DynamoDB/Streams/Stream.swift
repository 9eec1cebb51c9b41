// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import PersistentCollections
import Simulation

/// What tells the streams of one place apart, in the order in which they are listed.
struct StreamKey: Hashable, Comparable, Sendable, Codable {
  let table: String
  let label: String

  static func < (left: StreamKey, right: StreamKey) -> Bool {
    (left.table, left.label) < (right.table, right.label)
  }
}

/// One change of one item, as a stream remembers it.
///
/// It shares both items with the table, its backups and its history: what it costs is this struct.
struct StreamRecord: Hashable, Sendable, Codable {
  let position: StreamPosition
  /// The item before; nil if the write created it.
  let old: Item?
  /// The item after; nil if the write removed it.
  let new: Item?
  let origin: WriteOrigin
}

/// The stream of a table: its changes of the last 24 hours, in order. [STREAM.describe]
///
/// Each time a table's stream is switched on it is a new one, with a label of its own; the old one
/// can be read for 24 hours after it was switched off or its table deleted.
struct Stream: Hashable, Sendable, Codable {
  let table: TableID
  /// The instant it was switched on, which is its name.
  let label: String
  let viewType: String
  let keySchema: [KeySchemaElement]
  let createdAt: Instant
  /// When it is ENABLED; until then it is ENABLING and takes changes already.
  let enabledFrom: Instant
  /// When it was switched off, or its table deleted.
  private(set) var disabledAt: Instant?
  /// When it is DISABLED; until then it is DISABLING.
  private(set) var disabledFrom: Instant?
  /// The stream's own policy, which the table's says nothing about. [DDB.policy]
  var resourcePolicy: ResourcePolicy?
  private(set) var records: AppendLog<StreamRecord> = AppendLog()
  /// The newest record that was dropped for its age.
  private var lastTrimmed: StreamPosition?

  /// How long a record can be read, and a stream that is off. [STREAM.retention]
  static let retention: Duration = .hours(24)

  init(
    of table: TableID, label: String, viewType: String, keySchema: [KeySchemaElement],
    createdAt: Instant, enabledFrom: Instant
  ) {
    self.table = table
    self.label = label
    self.viewType = viewType
    self.keySchema = keySchema
    self.createdAt = createdAt
    self.enabledFrom = enabledFrom
  }

  var key: StreamKey { StreamKey(table: table.name, label: label) }
  var arn: String { ARN.stream(label, of: table.name, in: table.place) }

  /// The stream's status. [STREAM.describe]
  func status(at now: Instant) -> String {
    if let disabledFrom { return now < disabledFrom ? "DISABLING" : "DISABLED" }
    return now < enabledFrom ? "ENABLING" : "ENABLED"
  }

  /// Takes a change in, and drops what is too old.
  ///
  /// - Complexity: O(log² n) in the number of records, O(m) for m records dropped.
  mutating func append(old: Item?, new: Item?, by origin: WriteOrigin, at now: Instant) {
    records.append(
      StreamRecord(position: nextPosition(at: now), old: old, new: new, origin: origin))
    let kept = records.partitioningIndex { $0.position < horizon(at: now) }
    guard kept > records.startIndex else { return }
    lastTrimmed = records[kept - 1].position
    records.removeFirst(kept - records.startIndex)
  }

  mutating func disable(at now: Instant, doneAfter delay: Duration) {
    guard disabledAt == nil else { return }
    disabledAt = now
    disabledFrom = now + delay
  }

  /// The oldest place that can be read: a record of exactly 24 hours is still there.
  func horizon(at now: Instant) -> StreamPosition { .start(of: now - Self.retention) }

  /// The place of the next record.
  func nextPosition(at now: Instant) -> StreamPosition {
    let first = StreamPosition.start(of: now).next
    return records.last.map { max($0.position.next, first) } ?? first
  }

  /// Whether a record at or after a place has left the stream for its age.
  ///
  /// It does not matter whether memory still holds it.
  func isTrimmed(from position: StreamPosition, at now: Instant) -> Bool {
    if let lastTrimmed, lastTrimmed >= position { return true }
    let first = records.partitioningIndex { $0.position < position }
    return first < records.endIndex && records[first].position < horizon(at: now)
  }

  /// The index of the first record at or after a place.
  func firstIndex(from position: StreamPosition) -> Int {
    records.partitioningIndex { $0.position < position }
  }
}

// MARK: - Shards

/// A stretch of a stream's time that is read by itself.
struct StreamShard: Hashable, Sendable {
  let id: String
  let parentID: String?
  let opensAt: Instant
  /// When it takes no more records; nil while it is open.
  let closedAt: Instant?

  var start: StreamPosition { .start(of: opensAt) }
  /// The last place in it; nil while it is open.
  var end: StreamPosition? { closedAt.map(StreamPosition.end(before:)) }

  func contains(_ position: StreamPosition) -> Bool {
    position >= start && (end.map { position <= $0 } ?? true)
  }
}

extension Stream {
  /// How long a shard takes records before the next one follows it. [STREAM.shards]
  static let shardLife: Duration = .hours(4)

  /// The shards that can be read: the open one, and those in which a record may be left.
  ///
  /// They follow from the clock alone, so a stream that nobody writes to changes nothing.
  ///
  /// - Complexity: O(1): there are seven of them at most.
  func shards(at now: Instant) -> [StreamShard] {
    let life = Self.shardLife.wholeMilliseconds
    let end = disabledAt ?? now
    let age = (end - createdAt).wholeMilliseconds
    let last = max(0, age) / life
    let oldest = (now - Self.retention - createdAt).wholeMilliseconds
    let first = min(last, max(0, oldest) / life)
    return (first...last).map { shard($0, isLast: $0 == last) }
  }

  private func shard(_ number: Int64, isLast: Bool) -> StreamShard {
    StreamShard(
      id: shardID(number), parentID: number == 0 ? nil : shardID(number - 1),
      opensAt: opening(of: number), closedAt: isLast ? closing : opening(of: number + 1))
  }

  /// The millisecond in which a stream is switched off is its last: writes may have preceded.
  private var closing: Instant? { disabledAt.map { $0 + .milliseconds(1) } }

  private func opening(of number: Int64) -> Instant {
    createdAt + .milliseconds(number * Self.shardLife.wholeMilliseconds)
  }

  /// `shardId-`, twenty digits of the opening's milliseconds, and eight hexadecimal digits.
  private func shardID(_ number: Int64) -> String {
    let digits = String(max(0, opening(of: number).milliseconds))
    return "shardId-" + String(repeating: "0", count: 20 - digits.utf8.count) + digits + "-"
      + stableHex("\(table.id) \(label) \(number)", digits: 8)
  }
}

/// Hexadecimal digits that follow from a text alone; for ids that nothing is drawn for.
func stableHex(_ text: String, digits: Int) -> String {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
  var source = SplitMix64(seed: hash)
  var result = ""
  while result.utf8.count < digits {
    let word = String(source.next(), radix: 16)
    result += String(repeating: "0", count: 16 - word.utf8.count) + word
  }
  return String(result.prefix(digits))
}
