// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests
import Dispatch
import Synchronization

/// Decides when a checkpoint is due, and writes it.
///
/// That of an open world is written beside the commands that follow, from a copy of its state: answers do
/// not wait for it, since the journal has all that is in it.
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
  /// The write beside the commands; nil while there is none.
  private var underWay: Write?

  /// A write on a thread of its own.
  private final class Write: Sendable {
    let done = DispatchSemaphore(value: 0)
    let outcome = Mutex<(row: Int64, written: Result<Int, any Error>)?>(nil)
  }

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
    take(waits: isEnd)
    guard underWay == nil else { return }
    let due = isEnd ? Self.tail : max(Self.interval, Int64(lastBytes / Self.bytesPerRow))
    guard last.sequence - newest >= due else { return }
    if isEnd { write(timeline, at: last) } else { begin(timeline, at: last) }
  }

  /// Writes one of a timeline whose rows are all on the disk.
  mutating func write(_ timeline: Timeline, at last: (sequence: Int64, chain: SHA256Digest)) {
    take(waits: true)
    guard failure == nil, last.sequence > newest else { return }
    let checkpoint = checkpoint(of: timeline, at: last)
    note(last.sequence, Result { try files.write(checkpoint, keeping: base) })
  }

  private mutating func begin(
    _ timeline: Timeline, at last: (sequence: Int64, chain: SHA256Digest)
  ) {
    guard failure == nil else { return }
    let (files, base, write) = (files, base, Write())
    let checkpoint = checkpoint(of: timeline, at: last)
    underWay = write
    DispatchQueue.global(qos: .utility).async {
      let written = Result { try files.write(checkpoint, keeping: base) }
      write.outcome.withLock { $0 = (checkpoint.row, written) }
      write.done.signal()
    }
  }

  /// Takes in what has become of the write beside the commands, if it has ended or is waited for.
  private mutating func take(waits: Bool) {
    guard let write = underWay else { return }
    if waits { write.done.wait() }
    guard let (row, written) = write.outcome.withLock({ $0 }) else { return }
    underWay = nil
    note(row, written)
  }

  private mutating func note(_ row: Int64, _ written: Result<Int, any Error>) {
    do {
      lastBytes = try written.get()
      newest = row
    } catch {
      failure = SQLiteFile.failure(error, at: files.path)
    }
  }

  private func checkpoint(
    of timeline: Timeline, at last: (sequence: Int64, chain: SHA256Digest)
  ) -> WorldCheckpoint {
    WorldCheckpoint(
      row: last.sequence, chain: last.chain, engineVersion: engineVersion, base: base,
      timeline: timeline.record)
  }
}
