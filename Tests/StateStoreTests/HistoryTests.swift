// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@testable import StateStore

@Suite("Undo, redo, marks and what-ifs")
struct HistoryTests {
  let playground: Playground

  init() throws { playground = try Playground() }

  /// A session with tables a, b and c, each made by a command of one second.
  func abc() throws -> Session {
    let session = try open(try playground.world())
    for name in ["a", "b", "c"] { try session.create(name) }
    return session
  }

  @Test("undo brings back clock and identifiers")
  func undo() throws {
    let session = try abc()
    let before = session.cloud.fullFingerprint()
    try session.create("d")
    try session.advance(by: .days(35))
    try session.undo()
    #expect(session.cloud.fullFingerprint() == before)
    #expect(session.now == dawn + .seconds(3))
  }

  @Test("undo counts accepted changes alone; a jump in time counts if it is a step")
  func counts() throws {
    let session = try abc()
    try session.type("list", listTables)
    try session.create("a")
    try session.advance(by: .hours(1))
    #expect(session.status.undoable == 3)
    try session.advance(by: .hours(1), isStep: true)
    #expect(session.status.undoable == 4)
    try session.undo()
    #expect(try tables(in: session.cloud) == ["a", "b", "c"])
    try session.undo(2)
    #expect(try tables(in: session.cloud) == ["a"])
  }

  @Test("redo brings back what undo took, after reads and time too, but not after a change")
  func redo() throws {
    let session = try abc()
    let before = session.cloud.fullFingerprint()
    try session.undo(2)
    try session.type("list", listTables)
    try session.advance(by: .hours(1))
    try session.redo()
    #expect(try tables(in: session.cloud) == ["a", "b"])
    try session.redo()
    #expect(session.cloud.fullFingerprint() == before)
    try session.undo()
    try session.create("z")
    #expect(throws: HistoryRefusal.nothingToRedo(asked: 1, available: 0)) { try session.redo() }
  }

  @Test("what was read between an undo and a redo is of a state that was left")
  func readBetween() throws {
    let session = try abc()
    try session.undo(2)
    try session.type("list 1", listTables)
    try session.redo()
    #expect(session.log.map(\.standing) == [.inEffect, .inEffect, .undone, .undone])
    try session.type("list 2", listTables)
    try session.fork()
    try session.type("list 3", listTables)
    try session.discard()
    try session.redo()
    #expect(
      session.log.map { "\($0.text) \($0.standing.rawValue)" } == [
        "create a in effect", "create b in effect", "create c in effect", "list 1 undone",
        "list 2 undone", "list 3 discarded",
      ])
    // A read before the second undo comes back with what that undo took.
    try session.undo()
    try session.type("list 4", listTables)
    try session.undo()
    try session.redo()
    #expect(session.log.map(\.standing).suffix(2) == [.discarded, .inEffect])
  }

  @Test("a mark is a state to go back to, from before and from beside it")
  func marks() throws {
    let session = try abc()
    try session.mark("abc")
    let marked = session.cloud.fullFingerprint()
    try session.create("d")
    try session.undo(to: "abc")
    #expect(session.cloud.fullFingerprint() == marked)
    try session.redo()
    #expect(try tables(in: session.cloud) == ["a", "b", "c", "d"])
    try session.undo(3)
    try session.create("x")
    try session.undo(to: "abc")
    #expect(session.cloud.fullFingerprint() == marked)
    #expect(
      session.log.map { "\($0.text) \($0.standing.rawValue)" } == [
        "create a in effect", "create b in effect", "create c in effect", "create d undone",
        "create x undone",
      ])
    try session.redo()
    #expect(try tables(in: session.cloud) == ["a", "x"])
    #expect(session.log.map(\.standing) == [.inEffect, .undone, .undone, .undone, .inEffect])
    #expect(throws: HistoryRefusal.noSuchMark("abd", known: ["abc"])) {
      try session.undo(to: "abd")
    }
  }

  @Test("a reset goes to the start and can be undone")
  func reset() throws {
    let session = try abc()
    try session.reset()
    #expect(session.cloud.fullFingerprint() == session.startCloud.fullFingerprint())
    try session.undo()
    #expect(try tables(in: session.cloud) == ["a", "b", "c"])
  }

  @Test("a what-if is left without a trace, or kept")
  func fork() throws {
    let session = try abc()
    let before = session.cloud.fullFingerprint()
    try session.mark("out")
    try session.fork()
    #expect(session.isFork)
    try session.create("d")
    #expect(throws: HistoryRefusal.nothingToUndo(asked: 2, available: 1, inFork: true)) {
      try session.undo(2)
    }
    #expect(throws: HistoryRefusal.markOutsideFork("out")) { try session.undo(to: "out") }
    #expect(throws: HistoryRefusal.alreadyForked) { try session.fork() }
    try session.discard()
    #expect(session.cloud.fullFingerprint() == before)
    #expect(session.log.last?.standing == .discarded)
    #expect(throws: HistoryRefusal.notForked) { try session.discard() }
    #expect(throws: HistoryRefusal.notForked) { try session.keep() }

    try session.fork()
    try session.create("e")
    try session.keep()
    #expect(!session.isFork)
    #expect(try tables(in: session.cloud) == ["a", "b", "c", "e"])
    try session.undo(2)
    #expect(try tables(in: session.cloud) == ["a", "b"])
  }

  @Test("a what-if is still one after a kill")
  func forkSurvives() throws {
    let session = try abc()
    try session.fork()
    try session.create("d")
    let copy = try playground.world("copy")
    try restore(try files(of: session.folder), to: copy)
    let again = try open(copy)
    #expect(again.isFork)
    #expect(again.everything == session.everything)
    try again.discard()
    #expect(try tables(in: again.cloud) == ["a", "b", "c"])
  }

  @Test("undo reaches further back than the snapshots that are kept")
  func deepUndo() throws {
    let world = try playground.world()
    let session = try open(world)
    try session.beginCommand("load")
    let count = Timeline.keptSnapshots + 40
    for number in 0..<count { _ = session.answer(createTable("t\(number)")) }
    try session.endCommand(status: 0)
    let before = session.everything
    try session.undo(count - 10)
    #expect(try tables(in: session.cloud) == (0..<10).map { "t\($0)" }.sorted())
    try session.redo(20)
    #expect(try tables(in: session.cloud).count == 30)
    try session.redo(count - 30)
    #expect(session.cloud.fullFingerprint() == before[0])
    try session.undo(count - 3)
    let left = session.everything
    try session.close()
    #expect(try open(world).everything == left)
  }

  // MARK: The twin

  @Test("agree with a naive twin, also after reopening at every point", arguments: 0..<12)
  func twin(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let world = try playground.world()
    var session = try open(world)
    var twin = Twin(cloud: session.cloud)
    for step in 0..<50 {
      let word = Twin.Word.random(using: &random)
      let expected = twin.apply(word)
      let accepted = try Self.apply(word, to: session)
      #expect(accepted == expected, "seed \(seed), step \(step), \(word)")
      #expect(
        session.cloud.fullFingerprint() == twin.cloud.fullFingerprint(),
        "seed \(seed), step \(step), \(word)")
      #expect(session.status.undoable == twin.undoable, "seed \(seed), step \(step), \(word)")
      #expect(session.status.redoable == twin.redos.count, "seed \(seed), step \(step), \(word)")
      #expect(session.isFork == (twin.fork != nil))
      let before = session.everything
      try session.close()
      session = try open(world)
      #expect(session.everything == before, "seed \(seed), reopened after step \(step), \(word)")
    }
  }

  private static func apply(_ word: Twin.Word, to session: Session) throws -> Bool {
    do {
      switch word {
      case .create(let name): return try session.create(name)
      case .list: try session.type("list", listTables)
      case .advance(let seconds): try session.advance(by: .seconds(seconds))
      case .undo(let count): try session.undo(count)
      case .undoTo(let name): try session.undo(to: name)
      case .redo(let count): try session.redo(count)
      case .mark(let name): try session.mark(name)
      case .reset: try session.reset()
      case .fork: try session.fork()
      case .keep: try session.keep()
      case .discard: try session.discard()
      }
      return true
    } catch is HistoryRefusal {
      return false
    }
  }
}

/// What a session does, with full copies and nothing clever.
struct Twin {
  enum Word {
    case create(String), list, advance(Int64), undo(Int), undoTo(String), redo(Int), mark(String)
    case reset, fork, keep, discard

    static func random(using random: inout SplitMix64) -> Word {
      switch Int.random(in: 0..<20, using: &random) {
      case 0..<7: .create("t\(Int.random(in: 0..<9, using: &random))")
      case 7: .list
      case 8: .advance(Int64.random(in: 1..<4000, using: &random))
      case 9..<12: .undo(Int.random(in: 1..<4, using: &random))
      case 12, 13: .redo(Int.random(in: 1..<3, using: &random))
      case 14: .mark("m\(Int.random(in: 0..<3, using: &random))")
      case 15: .undoTo("m\(Int.random(in: 0..<3, using: &random))")
      case 16: Int.random(in: 0..<3, using: &random) == 0 ? .reset : .list
      case 17: .fork
      case 18: .keep
      default: .discard
      }
    }
  }

  struct Line {
    var cloud: Cloud
    var undos: [Cloud]
  }

  struct Whole {
    var line: Line
    var redos: [Line]
    var marks: [String: Line]
  }

  let start: Cloud
  var line: Line
  var redos: [Line] = []
  var marks: [String: Line] = [:]
  var fork: Whole?
  var marksInFork: Set<String> = []
  var cloud: Cloud { line.cloud }
  var undoable: Int { line.undos.count - (fork?.line.undos.count ?? 0) }

  init(cloud: Cloud) {
    start = cloud
    line = Line(cloud: cloud, undos: [])
  }

  mutating func apply(_ word: Word) -> Bool {
    switch word {
    case .create(let name):
      let before = cloud
      guard (try? line.cloud.perform(createTable(name))) != nil else { return false }
      line.undos.append(before)
      line.cloud.advance(by: .seconds(1))
      redos = []
    case .list:
      _ = try? line.cloud.perform(listTables)
      line.cloud.advance(by: .seconds(1))
    case .advance(let seconds): line.cloud.advance(by: .seconds(seconds))
    case .undo(let count):
      guard count <= undoable else { return false }
      for _ in 0..<count {
        redos.append(line)
        line = Line(cloud: line.undos[line.undos.count - 1], undos: line.undos.dropLast())
      }
    case .undoTo(let name):
      guard let mark = marks[name], fork == nil || marksInFork.contains(name) else { return false }
      redos = [line]
      line = mark
    case .redo(let count):
      guard count <= redos.count else { return false }
      for _ in 0..<count { line = redos.removeLast() }
    case .mark(let name):
      marks[name] = line
      marksInFork.insert(name)
    case .reset:
      line.undos.append(cloud)
      line.cloud = start
      redos = []
    case .fork:
      guard fork == nil else { return false }
      fork = Whole(line: line, redos: redos, marks: marks)
      redos = []
      marksInFork = []
    case .keep:
      guard fork != nil else { return false }
      fork = nil
    case .discard:
      guard let before = fork else { return false }
      line = before.line
      redos = before.redos
      marks = before.marks
      fork = nil
    }
    return true
  }
}
