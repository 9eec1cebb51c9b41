// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests
import Glibc
import Simulation
import Testing

@testable import StateStore

@Suite("Worlds by name, and in one file")
struct WorldTests {
  let playground: Playground
  let learner: LearnerFolder

  init() throws {
    playground = try Playground()
    learner = try playground.learner()
  }

  private var file: String { playground.path + "/one.world" }

  /// A world of so many rows; from 512 on it leaves a checkpoint.
  private func make(_ name: String, rows: Int = 0) throws -> [String] {
    let session = try open(learner.world(name))
    try session.create("orders")
    for number in 0..<rows / 2 { _ = try session.type("list \(number)", listTables) }
    try session.mark("here")
    defer { try? session.close() }
    return session.everything
  }

  private func look(_ name: String) throws -> [String] {
    let session = try open(learner.world(name), start: nil)
    defer { try? session.close() }
    return session.everything
  }

  private func importFile(as name: String, into other: LearnerFolder? = nil) throws {
    try (other ?? learner).importWorld(
      from: file, as: name, engineVersion: engine, makeCloud: makeCloud)
  }

  @Test("a world goes to another machine in one file", arguments: [0, 600])
  func file(rows: Int) throws {
    let all = try make("sandbox", rows: rows)
    let count = try learner.exportWorld("sandbox", to: file)
    #expect(try contents(file).count == count && mode(file) == 0o600)
    #expect(throws: WorldRefusal.fileExists(file)) {
      try learner.exportWorld("sandbox", to: file)
    }
    let elsewhere = try playground.home.learner("elsewhere")
    try importFile(as: "from-there", into: elsewhere)
    let session = try open(elsewhere.world("from-there"), start: nil)
    #expect(session.everything == all)
    #expect((session.opening.checkpoint > 0) == (rows > 512))
    try session.create("more")
    try session.close()
    #expect(playground.home.findings(engineVersion: engine, makeCloud: makeCloud).isEmpty)
    #expect(throws: WorldRefusal.nameTaken("from-there")) {
      try importFile(as: "from-there", into: elsewhere)
    }
  }

  @Test("a changed, missing or added byte of the file is refused, and nothing is made")
  func damage() throws {
    _ = try make("sandbox")
    _ = try learner.exportWorld("sandbox", to: file)
    let bytes = try contents(file)
    for position in stride(from: 0, to: bytes.count, by: 7) {
      var damaged = bytes
      damaged[position] ^= UInt8(1 << (position % 8))
      try put(damaged, file)
      #expect(throws: StateError.self) { try importFile(as: "copy") }
      try put(Array(bytes[..<position]), file)
      #expect(throws: StateError.self) { try importFile(as: "copy") }
    }
    try put(bytes + [0], file)
    #expect(throws: StateError.self) { try importFile(as: "copy") }
    #expect(try DurableFile.names(in: learner.path + "/worlds") == ["sandbox"])
  }

  @Test("a file that does not replay as it says, or is newer, is refused")
  func wrong() throws {
    _ = try make("sandbox")
    let store = try WorldStore(learner.world("sandbox"), firstRow: nil)
    var rows: [JournalRow] = []
    try store.read { rows.append($0) }
    try store.close()
    // The second row claims another outcome; all digests are right.
    let forged = rows.reduce(into: [JournalRow]()) { made, row in
      made.append(
        JournalRow(
          after: made.last.map { ($0.sequence, $0.chain) } ?? (0, JournalRow.root),
          kind: row.kind, payload: row.payload, body: row.body,
          outcome: row.sequence == 2 ? Fingerprints.none : row.outcome))
    }
    try put(WorldArchive(rows: forged, checkpoint: []).bytes, file)
    #expect(throws: StateError.self) { try importFile(as: "forged") }
    var newer = Array(WorldArchive(rows: rows, checkpoint: []).bytes.dropLast(32))
    newer[8] = 2
    try put(newer + Fingerprints.digest(of: newer).bytes, file)
    #expect(throws: StateError.newerFormat(path: file, found: 2, known: 1)) {
      try importFile(as: "newer")
    }
    #expect(try learner.worlds() == ["sandbox"])
  }

  @Test("worlds are listed, copied and removed by their names")
  func names() throws {
    let all = try make("sandbox", rows: 600)
    try learner.copyWorld("sandbox", to: "before-lunch")
    #expect(try look("before-lunch") == all)
    let summaries = try learner.worldSummaries()
    #expect(summaries.map(\.name) == ["before-lunch", "sandbox"])
    #expect(summaries.map(\.isCurrent) == [false, true])
    #expect(summaries.allSatisfy { $0.entries > 600 && $0.byteCount > 10_000 })
    // They are apart from then on.
    let session = try open(learner.world("before-lunch"), start: nil)
    try session.create("mine")
    #expect(throws: StateError.self) { try learner.removeWorld("before-lunch") }
    try session.close()
    #expect(try look("sandbox") == all)
    try learner.removeWorld("before-lunch")
    #expect(try DurableFile.names(in: learner.path + "/worlds") == ["sandbox"])
  }

  @Test("what is not there, is taken or is in use is refused by name")
  func refusals() throws {
    _ = try make("sandbox")
    #expect(throws: WorldRefusal.noSuchWorld("none", known: ["sandbox"])) {
      try learner.copyWorld("none", to: "x")
    }
    #expect(throws: WorldRefusal.nameTaken("sandbox")) {
      try learner.copyWorld("sandbox", to: "sandbox")
    }
    #expect(throws: WorldRefusal.inUse("sandbox")) { try learner.removeWorld("sandbox") }
    #expect(throws: WorldRefusal.noSuchFile(file)) { try importFile(as: "x") }
    for name in ["", "A", "a/b", "..", ".new-x", String(repeating: "a", count: 65)] {
      #expect(throws: StateError.invalidName(name)) {
        try learner.copyWorld("sandbox", to: name)
      }
    }
  }

  @Test("what a kill left of a copy or a removal is no world, and is swept away")
  func leftovers() throws {
    _ = try make("sandbox")
    for name in [".new-x", ".gone-y"] {
      try DurableFile.makeFolder(learner.path + "/worlds/\(name)")
      try put([1], learner.path + "/worlds/\(name)/world.sqlite")
    }
    #expect(try learner.worlds() == ["sandbox"])
    try learner.copyWorld("sandbox", to: "x")
    #expect(try DurableFile.names(in: learner.path + "/worlds") == ["sandbox", "x"])
  }
}
