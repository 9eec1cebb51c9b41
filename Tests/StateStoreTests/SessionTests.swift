// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Glibc
import Simulation
import Testing

@testable import StateStore

@Suite("A session")
struct SessionTests {
  let playground: Playground

  init() throws { playground = try Playground() }

  @Test("comes back as it was left")
  func reopens() throws {
    let world = try playground.world()
    let session = try open(world)
    try session.create("orders")
    try session.create("orders")
    try session.create("carts")
    try session.setVariable("ARN", to: "arn:aws:x")
    try session.note("check", ["task": 1, "points": 10])
    try session.mark("two")
    try session.advance(by: .hours(3))
    try session.create("users")
    try session.undo()
    let before = session.everything
    try session.close()

    let again = try open(world)
    #expect(again.everything == before)
    #expect(try tables(in: again.cloud) == ["carts", "orders"])
    #expect(again.opening.start == start)
    #expect(again.opening.differences == 0)
  }

  @Test("saves a change before its call returns, and reads with the next change")
  func commits() throws {
    let world = try playground.world()
    let session = try open(world)
    try session.create("orders")
    let saved = try files(of: world)
    try session.type("list", listTables)
    #expect(try files(of: world) == saved)

    let copy = try playground.world("copy")
    try restore(saved, to: copy)
    let other = try open(copy, start: nil)
    #expect(try tables(in: other.cloud) == ["orders"])
    #expect(other.log.map(\.text) == ["create orders"])

    try session.flush()
    #expect(try files(of: world) != saved)
    #expect(session.log.map(\.text) == ["create orders", "list"])
  }

  @Test("saves a clock that a command moves, though no request changes anything")
  func movedClock() throws {
    let world = try playground.world()
    let session = try open(world)
    try session.beginCommand("time +1h")
    session.commandMovesClock()
    session.pass(.hours(1))
    try session.endCommand(status: 0)

    let copy = try playground.world("copy")
    try restore(try files(of: world), to: copy)
    #expect(try open(copy, start: nil).now == session.now)
  }

  @Test("makes one transaction of a command: time, text and requests together")
  func oneTransaction() throws {
    let world = try playground.world()
    let session = try open(world)
    try session.beginCommand("create both")
    _ = session.answer(createTable("a"))
    _ = session.answer(createTable("b"))
    session.pass(.seconds(1))
    let saved = try files(of: world)
    try session.endCommand(status: 0)
    #expect(session.now == dawn + .seconds(1))
    #expect(session.log.count == 1)
    #expect(session.log[0].requests.count == 2)
    #expect(session.status.undoable == 2)

    // What a kill in the middle leaves.
    let copy = try playground.world("copy")
    try restore(saved, to: copy)
    #expect(try tables(in: try open(copy).cloud) == [])
  }

  @Test("gives a command up without a trace")
  func abandons() throws {
    let session = try open(try playground.world())
    try session.create("orders")
    try session.undo()
    let before = session.everything
    try session.beginCommand("wait")
    _ = session.answer(createTable("other"))
    try session.advance(by: .days(1))
    try session.setVariable("X", to: "1")
    session.abandonCommand()
    #expect(session.everything == before)
    try session.redo()
    #expect(try tables(in: session.cloud) == ["orders"])
  }

  @Test("logs refusals, other doors and what was undone")
  func logs() throws {
    let session = try open(try playground.world())
    try session.create("orders")
    #expect(try !session.create("orders"))
    _ = try session.perform(createTable("carts"))
    _ = try session.perform(createTable("carts"))
    try session.undo(2)
    try session.create("users")
    #expect(
      session.log.map { "\($0.text) \($0.status) \($0.standing.rawValue) \($0.door ?? "-")" } == [
        "create orders 0 undone -", "create orders 254 undone -",
        "dynamodb CreateTable 0 undone endpoint", "dynamodb CreateTable 254 undone endpoint",
        "create users 0 in effect -",
      ])
    #expect(session.log[1].requests[0].refusal == "ResourceInUseException")
    #expect(session.log[0].instant == dawn)
  }

  @Test("refuses a request nested too deeply to be read back")
  func refusesDepth() throws {
    let world = try playground.world()
    let session = try open(world)
    var deep: Document = "x"
    for _ in 0..<600 { deep = [deep] }
    let outcome = try session.perform(
      ServiceRequest(
        service: "dynamodb", operation: "ListTables", input: ["TableName": deep], caller: caller))
    guard case .failure(let error) = outcome else {
      Issue.record("accepted")
      return
    }
    #expect(error.code == "SerializationException")
    var wide: Document = "x"
    for _ in 0..<510 { wide = [wide] }
    _ = try session.perform(
      ServiceRequest(
        service: "dynamodb", operation: "ListTables", input: ["TableName": wide], caller: caller))
    try session.close()
    #expect(try open(world).status.rows == 2)
  }

  // MARK: Owners and versions

  @Test("has one owner; the second is told who within two seconds")
  func oneOwner() throws {
    let world = try playground.world()
    let session = try open(world)
    let clock = ContinuousClock()
    let begin = clock.now
    let error = #expect(throws: StateError.self) { _ = try open(world) }
    #expect(clock.now - begin < .seconds(2))
    #expect(error == .heldByAnother(path: world.lockPath, owner: "process \(getpid())"))
    // The doctor cannot look at it, and does not call it damaged.
    let findings = world.findings(engineVersion: engine, makeCloud: makeCloud)
    #expect(findings.map(\.isDamage) == [false])
    try session.close()
    _ = try open(world)
  }

  @Test("leaves a newer format untouched")
  func newerFormat() throws {
    let world = try playground.world()
    try open(world).close()
    var bytes = try contents(world.databasePath)
    bytes[63] = 2
    try put(bytes, world.databasePath)
    #expect(throws: StateError.newerFormat(path: world.databasePath, found: 2, known: 1)) {
      _ = try open(world)
    }
    #expect(try contents(world.databasePath) == bytes)
  }

  @Test("does not make a world unless told to")
  func noWorld() throws {
    let world = try playground.world()
    #expect(throws: StateError.noWorld(path: world.path)) { _ = try open(world, start: nil) }
    #expect(!DurableFile.exists(world.path))
  }

  @Test("names the row whose outcome differs under the same engine")
  func differingOutcome() throws {
    let world = try playground.world()
    let session = try open(world)
    try session.create("orders")
    try session.close()
    let error = #expect(throws: StateError.self) {
      _ = try Session(world, engineVersion: engine) { start in
        Cloud(seed: start.seed + 1, clock: start.clock)
      }
    }
    guard case .damaged(_, let what) = error else {
      Issue.record("not damage: \(String(describing: error))")
      return
    }
    #expect(what == "entry 2 (dynamodb CreateTable) does not come out as it was recorded")
  }

  @Test("accepts what another engine makes of it, says so once, then is strict again")
  func otherEngine() throws {
    let world = try playground.world()
    let session = try open(world)
    try session.create("orders")
    try session.create("carts")
    try session.close()
    func reopen(_ version: String, seed: UInt64) throws -> Session {
      try Session(world, engineVersion: version) { start in Cloud(seed: seed, clock: start.clock) }
    }
    let newer = try reopen("test-2", seed: 8)
    #expect(newer.opening.differences == 2)
    #expect(newer.opening.firstDifference == "entry 2 (dynamodb CreateTable)")
    #expect(newer.opening.recordedEngine == engine)
    try newer.create("users")
    let before = newer.everything
    try newer.close()

    let again = try reopen("test-2", seed: 8)
    #expect(again.opening.differences == 0)
    #expect(again.opening.recordedEngine == "test-2")
    #expect(again.everything == before)
    try again.close()
    // It opens from the checkpoint of the adoption; a replay of all rows is what tells.
    func findings(seed: UInt64) -> [Finding] {
      world.findings(engineVersion: "test-2") { Cloud(seed: seed, clock: $0.clock) }
    }
    #expect(findings(seed: 8).isEmpty)
    #expect(findings(seed: 9).count == 1)
  }
}
