// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Glibc
import Simulation
import Testing

@testable import StateStore

/// A changed, missing or added byte alters nothing that can be read, or is named.
@Suite("Damage")
struct DamageTests {
  let playground: Playground

  init() throws { playground = try Playground() }

  private func fill(_ session: Session) throws {
    for name in ["orders", "carts", "users"] { try session.create(name) }
    try session.create("orders")
    try session.undo()
    try session.mark("here")
    try session.setVariable("NAME", to: "value")
    try session.note("check", ["points": 10])
    try session.fork()
    try session.create("what-if")
    try session.flush()
  }

  private static func damage(_ bytes: inout [UInt8], _ random: inout SplitMix64) -> String {
    let at = bytes.isEmpty ? 0 : Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0, 1, 2:
      guard !bytes.isEmpty else { return "nothing" }
      bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      return "bit of byte \(at) flipped"
    case 3:
      bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
      return "byte put in at \(at)"
    case 4:
      guard !bytes.isEmpty else { return "nothing" }
      bytes.remove(at: at)
      return "byte \(at) taken out"
    default:
      bytes.removeSubrange(at...)
      return "cut at \(at)"
    }
  }

  @Test("of a world is named or alters nothing", arguments: [true, false])
  func worlds(isClosed: Bool) throws {
    let session = try open(try playground.world())
    try fill(session)
    let state = session.everything
    if isClosed { try session.close() }
    let sound = try files(of: session.folder)
    #expect(sound.keys.contains("world.sqlite-wal") == !isClosed)

    var random = SplitMix64(seed: isClosed ? 1 : 2)
    let copy = try playground.world("copy")
    let names = sound.keys.sorted()
    var named = 0
    for round in 0..<250 {
      var damaged = sound
      let name = names[round % names.count]
      let what = Self.damage(&damaged[name, default: []], &random)
      try restore(damaged, to: copy)
      let findings = copy.findings(engineVersion: engine, makeCloud: makeCloud)
      try restore(damaged, to: copy)
      do {
        let opened = try open(copy, start: nil)
        #expect(opened.everything == state, "\(name): \(what): \(findings)")
        if name == "world.sqlite", findings.isEmpty { continue }
      } catch is StateError {
        named += 1
        #expect(!findings.isEmpty, "\(name): \(what)")
      }
    }
    #expect(named > 50)
  }

  @Test("is not a slot of the head file whose write was cut short", arguments: [0, 1])
  func tornSlot(slot: Int) throws {
    let session = try open(try playground.world())
    try fill(session)
    var torn = try files(of: session.folder)
    for place in 64..<128 { torn["world.head"]?[slot * 128 + place] = 0 }
    let copy = try playground.world("copy")
    try restore(torn, to: copy)
    #expect(copy.findings(engineVersion: engine, makeCloud: makeCloud).isEmpty)
    #expect(try open(copy, start: nil).everything == session.everything)
  }

  @Test("of whole files is named")
  func missingFiles() throws {
    let session = try open(try playground.world())
    try fill(session)
    let sound = try files(of: session.folder)
    let copy = try playground.world("copy")
    for name in ["world.sqlite", "world.sqlite-wal", "world.head"] {
      var damaged = sound
      damaged[name] = nil
      try restore(damaged, to: copy)
      #expect(
        !copy.findings(engineVersion: engine, makeCloud: makeCloud).isEmpty, "\(name) is gone")
    }
  }

  @Test("is not a world whose making was cut short: it is made anew")
  func unfinished() throws {
    let folder = try playground.world()
    try DurableFile.makeFolder(folder.path)
    try HeadFile(path: folder.headPath, writable: true)
      .restart(HeadRecord(sequence: 0, digest: JournalRow.root))
    #expect(folder.findings(engineVersion: engine, makeCloud: makeCloud) == [])
    let session = try open(folder)
    #expect(session.log.isEmpty)
  }

  @Test(
    "by somebody who knows SQLite is named too",
    arguments: [
      (
        "UPDATE journal SET payload = replace(payload, 'us-east-1', 'us-west-1') WHERE sequence = 2",
        2
      ),
      (
        "UPDATE journal SET body = replace(body, 'table-orders', 'table-order2') WHERE sequence = 2",
        2
      ),
      ("DELETE FROM journal WHERE sequence = 3", 3),
      ("DELETE FROM journal WHERE sequence > 5", 0),
      (
        """
        INSERT INTO journal SELECT sequence + 100, kind, payload, body, outcome, chain
        FROM journal WHERE sequence = 2
        """, 0
      ),
      ("CREATE TABLE extra (a)", 0),
      ("CREATE TRIGGER t AFTER INSERT ON journal BEGIN DELETE FROM journal; END", 0),
      ("CREATE VIEW v AS SELECT 1", 0),
      ("CREATE INDEX i ON journal (kind)", 0),
      ("DROP TABLE journal", 0),
    ])
  func statements(sql: String, row: Int) throws {
    let world = try playground.world()
    let session = try open(world)
    try fill(session)
    try session.close()
    let file = try SQLiteFile(
      path: world.databasePath, layout: WorldStore.layout, isExclusive: true)
    try file.execute(sql)
    try file.close()
    let findings = world.findings(engineVersion: engine, makeCloud: makeCloud)
    try #require(findings.count == 1)
    #expect(findings[0].path == world.databasePath)
    if row > 0 { #expect(findings[0].what.contains("entry \(row) ")) }
    #expect(throws: StateError.self) { _ = try open(world) }
  }

  @Test("of progress is named or alters nothing, and never reaches a world")
  func progress() throws {
    let learner = try playground.learner()
    let session = try open(try learner.world("sandbox"))
    try session.create("orders")
    try session.close()
    let world = try contents(try learner.world("sandbox").databasePath)
    var state: [QuestionAttempt] = []
    do {
      let store = try ProgressStore(learner)
      for number in 0..<20 { try store.add(ProgressTests.attempt("doc-\(number % 7 + 1)")) }
      try store.setAim(Aim(exam: "SOA-C03", date: "2026-12-20", minutesPerDay: 25))
      state = try store.attempts()
    }
    let names = ["progress.sqlite", "progress.head"]
    let sound = try names.map { try contents("\(learner.path)/\($0)") }
    var random = SplitMix64(seed: 3)
    var named = 0
    for round in 0..<200 {
      var damaged = sound
      let what = Self.damage(&damaged[round % 2], &random)
      for (name, bytes) in zip(names, damaged) { try put(bytes, "\(learner.path)/\(name)") }
      unlink(learner.progressPath + "-wal")
      unlink(learner.progressPath + "-shm")
      let findings = learner.progressFindings()
      for (name, bytes) in zip(names, damaged) { try put(bytes, "\(learner.path)/\(name)") }
      do {
        let store = try ProgressStore(learner)
        #expect(try store.attempts() == state, "\(names[round % 2]): \(what)")
        #expect(try store.aim()?.exam == "SOA-C03")
      } catch {
        named += 1
        #expect(!findings.isEmpty, "\(names[round % 2]): \(what)")
      }
    }
    #expect(named > 30)
    #expect(try contents(try learner.world("sandbox").databasePath) == world)
  }

  @Test("of a world never reaches progress")
  func apart() throws {
    let learner = try playground.learner()
    let world = try learner.world("sandbox")
    try open(world).close()
    try ProgressStore(learner).add(ProgressTests.attempt("doc-1"))
    try put([0, 1, 2], world.databasePath)
    #expect(throws: StateError.self) { _ = try open(world) }
    #expect(try ProgressStore(learner).attempts().count == 1)
    let findings = playground.home.findings(engineVersion: engine, makeCloud: makeCloud)
    #expect(findings.map(\.path) == [world.databasePath])
  }

  @Test("of the pointer to the current world is named")
  func current() throws {
    let learner = try playground.learner()
    #expect(try learner.currentWorld() == "sandbox")
    try learner.setCurrentWorld("first-backup-1")
    let sound = try contents(learner.path + "/current")
    var random = SplitMix64(seed: 4)
    for _ in 0..<100 {
      var damaged = sound
      let what = Self.damage(&damaged, &random)
      try put(damaged, learner.path + "/current")
      if damaged == sound { continue }
      #expect(throws: StateError.self, "\(what)") { _ = try learner.currentWorld() }
    }
  }
}
