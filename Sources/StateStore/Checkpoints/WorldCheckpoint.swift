// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests

/// The state of a world after one row of its journal.
///
/// It is the root of a checkpoint file (`docs/CHECKPOINTS.md`).
struct WorldCheckpoint: Codable {
  /// The row, and its chain digest: a checkpoint is of the one journal that has it.
  let row: Int64
  let chain: SHA256Digest
  /// The engine whose outcomes the journal held then.
  let engineVersion: String
  /// The row of the last adoption that began from a checkpoint; 0 without one.
  let base: Int64
  let timeline: Timeline.Record
}

/// The checkpoints of one world: files beside its journal, each written whole, the newest two kept.
///
/// The journal stays the truth. A checkpoint that is missing or damaged costs time; the one that an
/// adoption began from is kept, because rows before it cannot be replayed to the same state.
struct CheckpointFiles {
  let folder: WorldFolder

  /// The most bytes of a checkpoint that is read.
  static let readLimitBytes = 4 << 30
  /// How many are kept.
  static let kept = 2

  var path: String { folder.path + "/checkpoints" }

  func path(of row: Int64) -> String { "\(path)/\(row).checkpoint" }

  /// The rows of the checkpoints there are, the newest first.
  func rows() throws(StateError) -> [Int64] {
    try DurableFile.names(in: path).compactMap { name in
      guard name.hasSuffix(".checkpoint"), let row = Int64(name.dropLast(11)),
        name == "\(row).checkpoint", row > 0
      else { return nil }
      return row
    }.sorted(by: >)
  }

  /// The bytes of one; nil if it is not there.
  ///
  /// - Throws: `.unusable`.
  func bytes(_ row: Int64) throws(StateError) -> [UInt8]? {
    try DurableFile.read(path(of: row), limit: Self.readLimitBytes)
  }

  /// Reads one.
  ///
  /// - Returns: Nil if it is not there.
  /// - Throws: `.damaged` for any changed byte, `.newerFormat`, `.unusable`.
  func read(_ row: Int64, checksItems: Bool = false) throws(StateError) -> WorldCheckpoint? {
    let file = path(of: row)
    guard let bytes = try bytes(row) else { return nil }
    let checkpoint = try Self.decode(bytes, path: file, checksItems: checksItems)
    guard checkpoint.row == row else {
      throw .damaged(path: file, what: "it is the checkpoint of entry \(checkpoint.row)")
    }
    return checkpoint
  }

  /// The row that a checkpoint's bytes are of; nil if they cannot be decoded.
  static func row(of bytes: [UInt8]) -> Int64? {
    try? decode(bytes, path: "", checksItems: false).row
  }

  /// Makes a checkpoint of its bytes.
  static func decode(
    _ bytes: [UInt8], path: String, checksItems: Bool
  ) throws(StateError) -> WorldCheckpoint {
    do throws(CheckpointError) {
      return try Checkpoint.decode(WorldCheckpoint.self, from: bytes, checksItems: checksItems)
    } catch {
      throw StateError(error, path: path)
    }
  }

  /// Writes one, and removes those that are not needed any more.
  ///
  /// - Parameters:
  ///   - checkpoint: What to write.
  ///   - base: The row of one that is kept whatever its age.
  /// - Returns: How many bytes it has.
  /// - Throws: `.diskFull` or `.failedWrite`: what was there before is still there.
  func write(_ checkpoint: WorldCheckpoint, keeping base: Int64) throws -> Int {
    let bytes = try Checkpoint.encode(checkpoint)
    try DurableFile.makeFolder(path)
    try DurableFile.write(bytes, to: path(of: checkpoint.row))
    for row in try rows().filter({ $0 <= checkpoint.row }).dropFirst(Self.kept) where row != base {
      DurableFile.remove(path(of: row))
    }
    return bytes.count
  }
}

extension StateError {
  /// What cannot be opened, in words for the one who keeps the files.
  init(_ error: CheckpointError, path: String) {
    switch error {
    case .notACheckpoint: self = .damaged(path: path, what: "it is no checkpoint")
    case .damaged: self = .damaged(path: path, what: "its bytes are not as they were written")
    case .newerFormat(let found):
      self = .newerFormat(path: path, found: found, known: CheckpointFormat.current.number)
    case .unreadable(let what): self = .damaged(path: path, what: "it cannot be decoded (\(what))")
    }
  }
}
