// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests
import Documents
import Glibc
import Simulation
import Testing

@testable import StateStore

@Suite("Checkpoints beside the journal")
struct CheckpointTests {
  /// Enough rows that closing leaves a checkpoint: steps, marks, undone ones, notes and names.
  private static func makeLongWorld(_ folder: WorldFolder, engine version: String = engine) throws {
    let session = try open(folder, engine: version)
    try session.create("first")
    try session.mark("early")
    for number in 0..<220 {
      _ = try session.type("list \(number)", listTables)
      if number % 20 == 0 { try session.create("n\(number)") }
    }
    try session.undo(2)
    try session.setVariable("ARN", to: "arn:x")
    try session.note("lab", ["event": "started", "n": 1])
    try session.fork()
    try session.create("what-if")
    try session.close()
  }

  private static func checkpoints(_ folder: WorldFolder) throws -> [Int64] {
    try CheckpointFiles(folder: folder).rows()
  }

  /// The same world without its checkpoints.
  private static func copyWithoutCheckpoints(
    _ folder: WorldFolder, to other: WorldFolder
  ) throws {
    try DurableFile.makeFolder(other.path)
    for name in try DurableFile.names(in: folder.path) where name.hasPrefix("world.") {
      guard name != "world.lock" else { continue }
      try put(try contents("\(folder.path)/\(name)"), "\(other.path)/\(name)")
    }
  }

  @Test("a world opens from its checkpoint as it opens from its journal, and goes on the same")
  func opening() throws {
    let playground = try Playground()
    let (folder, plain) = (try playground.world("a"), try playground.world("b"))
    try Self.makeLongWorld(folder)
    #expect(try Self.checkpoints(folder).count == 1)
    try Self.copyWithoutCheckpoints(folder, to: plain)
    let fast = try open(folder, start: nil)
    let slow = try open(plain, start: nil)
    #expect(fast.opening.checkpoint > 500 && slow.opening.checkpoint == 0)
    #expect(fast.everything == slow.everything)
    #expect(fast.states.map(\.row) == slow.states.map(\.row))
    #expect(
      fast.states.map { $0.cloud.fullFingerprint() }
        == slow.states.map { $0.cloud.fullFingerprint() })
    let moves: [(Session) throws -> Void] = [
      { try $0.create("more") }, { try $0.undo() }, { try $0.redo() }, { try $0.discard() },
      { try $0.redo(2) }, { try $0.undo(5) }, { try $0.undo(to: "early") }, { try $0.redo() },
      { try $0.reset() }, { try $0.undo() }, { try $0.advance(by: .days(2), isStep: true) },
    ]
    for (index, move) in moves.enumerated() {
      try move(fast)
      try move(slow)
      #expect(fast.everything == slow.everything, "after move \(index)")
      #expect(fast.journalDigest == slow.journalDigest)
    }
    try fast.close()
    try slow.close()
    #expect(folder.findings(engineVersion: engine, makeCloud: makeCloud).isEmpty)
  }

  @Test("an open world's checkpoint is written beside its commands, and is that of its row")
  func beside() throws {
    let playground = try Playground()
    let folder = try playground.world()
    let session = try open(folder)
    try session.create("first")
    for _ in 0..<Checkpointer.interval { session.pass(.milliseconds(1)) }
    try session.create("second")
    let row = session.status.rows
    // What follows at once is not in it, and does not wait for it.
    try session.create("third")
    for _ in 0..<2_000 where try Self.checkpoints(folder).isEmpty { usleep(10_000) }
    #expect(try Self.checkpoints(folder) == [row])
    try session.create("fourth")
    let fingerprint = session.cloud.fullFingerprint()
    try session.close()
    #expect(folder.findings(engineVersion: engine, makeCloud: makeCloud).isEmpty)
    let again = try open(folder, start: nil)
    #expect(again.opening.checkpoint == row)
    #expect(again.cloud.fullFingerprint() == fingerprint)
    try again.close()
  }

  @Test("a short tail leaves no checkpoint, a long one does, and two are kept")
  func policy() throws {
    let playground = try Playground()
    let folder = try playground.world()
    let session = try open(folder)
    try session.create("a")
    try session.close()
    #expect(try Self.checkpoints(folder).isEmpty)
    for _ in 0..<3 { try Self.makeMoreRows(folder) }
    let rows = try Self.checkpoints(folder)
    #expect(rows.count == 2)
    #expect(mode(CheckpointFiles(folder: folder).path(of: rows[0])) == 0o600)
  }

  private static func makeMoreRows(_ folder: WorldFolder) throws {
    let session = try open(folder)
    for number in 0..<260 { _ = try session.type("list \(number)", listTables) }
    try session.close()
  }

  @Test("a damaged checkpoint is passed over for the one before, and named")
  func damage() throws {
    let playground = try Playground()
    let folder = try playground.world()
    for _ in 0..<2 { try Self.makeMoreRows(folder) }
    let rows = try Self.checkpoints(folder)
    let files = CheckpointFiles(folder: folder)
    let before = try open(folder, start: nil)
    let all = before.everything
    #expect(before.opening.checkpoint == rows[0])
    try before.close()
    var bytes = try contents(files.path(of: rows[0]))
    bytes[bytes.count / 2] ^= 1
    try put(bytes, files.path(of: rows[0]))
    let findings = folder.findings(engineVersion: engine, makeCloud: makeCloud)
    #expect(findings.map(\.path) == [files.path(of: rows[0])])
    let older = try open(folder, start: nil)
    #expect(older.opening.checkpoint == rows[1])
    #expect(older.everything == all)
    // Closing leaves a good one in its place.
    try older.close()
    #expect(folder.findings(engineVersion: engine, makeCloud: makeCloud).isEmpty)
    for row in rows { unlink(files.path(of: row)) }
    let none = try open(folder, start: nil)
    #expect(none.opening.checkpoint == 0 && none.everything == all)
  }

  @Test("a checkpoint that is sound but not what the journal comes to is named")
  func unlike() throws {
    let playground = try Playground()
    let folder = try playground.world()
    try Self.makeMoreRows(folder)
    let files = CheckpointFiles(folder: folder)
    let row = try #require(try files.rows().first)
    let saved = try #require(try files.read(row))
    var other = Timeline(start: makeCloud(start), from: saved.timeline)
    other.setVariable("x", to: "y")
    _ = try files.write(
      WorldCheckpoint(
        row: row, chain: saved.chain, engineVersion: engine, base: 0, timeline: other.record),
      keeping: 0)
    let findings = folder.findings(engineVersion: engine, makeCloud: makeCloud)
    #expect(findings.count == 1 && findings[0].what.contains("not what the journal comes to"))
  }

  @Test("a checkpoint of another journal, or of rows that are lost, is not used")
  func foreign() throws {
    let playground = try Playground()
    let (folder, other) = (try playground.world("a"), try playground.world("b"))
    try Self.makeMoreRows(folder)
    let row = try #require(try Self.checkpoints(folder).first)
    let session = try open(other)
    for number in 0..<260 { _ = try session.type("other \(number)", listTables) }
    try session.create("mine")
    try session.close()
    let files = CheckpointFiles(folder: other)
    try put(try contents(CheckpointFiles(folder: folder).path(of: row)), files.path(of: row))
    for row in try files.rows().dropFirst() { unlink(files.path(of: row)) }
    let opened = try open(other, start: nil)
    #expect(try tables(in: opened.cloud) == ["mine"])
  }

  @Test("a checkpoint in a newer format is refused, and nothing is touched")
  func newer() throws {
    let playground = try Playground()
    let folder = try playground.world()
    try Self.makeMoreRows(folder)
    let files = CheckpointFiles(folder: folder)
    let row = try #require(try files.rows().first)
    let saved = try #require(try files.read(row))
    let known = CheckpointFormat.current
    let next = CheckpointFormat(migrations: known.migrations + [{ $0 }])
    try put(try Checkpoint.encode(saved, format: next), files.path(of: row))
    let before = try worldFiles(of: folder)
    #expect(
      throws: StateError.newerFormat(
        path: files.path(of: row), found: next.number, known: known.number)
    ) {
      try open(folder, start: nil)
    }
    #expect(try worldFiles(of: folder) == before)
  }

  @Test("another engine goes on from the checkpoint, and what it adopted stays")
  func adoption() throws {
    let playground = try Playground()
    let folder = try playground.world()
    try Self.makeLongWorld(folder)
    let newer = try open(folder, engine: "test-2", start: nil)
    let all = newer.everything
    #expect(newer.opening.recordedEngine == engine && newer.opening.checkpoint > 500)
    try newer.create("newer")
    try newer.close()
    let base = try #require(try Self.checkpoints(folder).first)
    for _ in 0..<3 {
      let session = try open(folder, engine: "test-2", start: nil)
      for number in 0..<260 { _ = try session.type("list \(number)", listTables) }
      try session.close()
    }
    // Rows before the adoption cannot be replayed to the same state by everyone: it is kept.
    #expect(try Self.checkpoints(folder).contains(base))
    #expect(folder.findings(engineVersion: "test-2", makeCloud: makeCloud).isEmpty)
    let again = try open(folder, engine: "test-2", start: nil)
    #expect(again.opening.recordedEngine == "test-2" && again.opening.differences == 0)
    #expect(all[0] != again.everything[0])
  }

  @Test("a checkpoint that cannot be written loses nothing, and stops nothing")
  func failedWrite() throws {
    let playground = try Playground()
    let folder = try playground.world()
    let session = try open(folder)
    // A file where the folder should be.
    try put([1], CheckpointFiles(folder: folder).path)
    for number in 0..<260 { _ = try session.type("list \(number)", listTables) }
    try session.create("kept")
    try session.close()
    let again = try open(folder, start: nil)
    #expect(try tables(in: again.cloud) == ["kept"])
  }
}

/// The world's files without its checkpoints, by name.
private func worldFiles(of folder: WorldFolder) throws -> [String: [UInt8]] {
  var files: [String: [UInt8]] = [:]
  for file in try DurableFile.names(in: folder.path)
  where file != "checkpoints" && file != "world.lock" {
    files[file] = try contents("\(folder.path)/\(file)")
  }
  return files
}
