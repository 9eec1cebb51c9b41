// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests

/// Decides when a checkpoint is due, and writes it.
///
/// One that cannot be written is not tried again in this process: nothing is lost, the journal has it all.
struct Checkpointer {
  let files: CheckpointFiles
  let engineVersion: String

  /// The row of the newest checkpoint that is good; 0 without one.
  private(set) var newest: Int64
  /// The row of the adoption that earlier rows cannot be replayed across; 0 without one.
  var base: Int64
  /// Why the last write failed.
  private(set) var failure: StateError?
  private var lastBytes = 0

  /// Rows after which an open world gets a checkpoint.
  static let interval: Int64 = 8_192
  /// Bytes of the last checkpoint that cost as much as replaying a row.
  static let bytesPerRow = 1_024
  /// Rows that are left to be replayed when a world is closed.
  static let tail: Int64 = 512

  init(files: CheckpointFiles, engineVersion: String, newest: Int64, base: Int64) {
    self.files = files
    self.engineVersion = engineVersion
    self.newest = newest
    self.base = base
  }

  /// Writes one if so many rows came since the last one.
  ///
  /// - Parameters:
  ///   - timeline: What the journal comes to; its rows are all on the disk.
  ///   - last: The last row.
  ///   - isEnd: The world is being closed.
  mutating func writeIfDue(
    _ timeline: Timeline, at last: (sequence: Int64, chain: SHA256Digest), isEnd: Bool
  ) {
    let due = isEnd ? Self.tail : max(Self.interval, Int64(lastBytes / Self.bytesPerRow))
    if last.sequence - newest >= due { write(timeline, at: last) }
  }

  /// Writes one of a timeline whose rows are all on the disk.
  mutating func write(_ timeline: Timeline, at last: (sequence: Int64, chain: SHA256Digest)) {
    guard failure == nil, last.sequence > newest else { return }
    let checkpoint = WorldCheckpoint(
      row: last.sequence, chain: last.chain, engineVersion: engineVersion, base: base,
      timeline: timeline.record)
    do {
      lastBytes = try files.write(checkpoint, keeping: base)
      newest = last.sequence
    } catch {
      failure = SQLiteFile.failure(error, at: files.path)
    }
  }
}
