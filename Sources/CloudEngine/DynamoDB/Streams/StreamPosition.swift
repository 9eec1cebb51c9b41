// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// A place in the order of a stream: that of a record, or of a shard's first or last possible one.
///
/// As text it is a sequence number: the milliseconds since the epoch, then eight digits for the
/// records of one millisecond; 21 digits and more, and greater for what comes later. [STREAM.sequence]
struct StreamPosition: Hashable, Comparable, Sendable, Codable {
  let instant: Instant
  /// From 1 among the records of its millisecond; 0 is before all of them.
  let ordinal: Int64

  private static let ordinals: Int64 = 100_000_000
  private static let shortest = 21

  /// The place before every record of an instant.
  static func start(of instant: Instant) -> StreamPosition {
    StreamPosition(instant: instant, ordinal: 0)
  }

  /// The last place before an instant: where a shard ends that the next one follows.
  static func end(before instant: Instant) -> StreamPosition {
    StreamPosition(instant: instant - .milliseconds(1), ordinal: ordinals - 1)
  }

  init(instant: Instant, ordinal: Int64) {
    self.instant = instant
    self.ordinal = ordinal
  }

  /// Reads a sequence number; nil for what is none.
  init?(_ text: String) {
    let digits = Array(text.utf8)
    guard digits.count >= Self.shortest, digits.count <= 24,
      digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
      let milliseconds = Int64(text.dropLast(8)), let ordinal = Int64(text.suffix(8))
    else { return nil }
    self.init(instant: Instant(milliseconds: milliseconds), ordinal: ordinal)
  }

  /// The sequence number.
  var text: String {
    let ordinal = String(self.ordinal)
    let digits =
      String(max(0, instant.milliseconds)) + String(repeating: "0", count: 8 - ordinal.utf8.count)
      + ordinal
    return String(repeating: "0", count: max(0, Self.shortest - digits.utf8.count)) + digits
  }

  /// The place right after this one.
  var next: StreamPosition {
    ordinal + 1 < Self.ordinals
      ? StreamPosition(instant: instant, ordinal: ordinal + 1)
      : .start(of: instant + .milliseconds(1))
  }

  static func < (left: StreamPosition, right: StreamPosition) -> Bool {
    (left.instant, left.ordinal) < (right.instant, right.ordinal)
  }
}
