// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Synchronization
import Testing

@testable import StateStore

@Suite("How time goes with clients that cannot move it")
struct PaceTests {
  private static func describe(_ name: String) -> ServiceRequest {
    ServiceRequest(
      service: "dynamodb", operation: "DescribeTable", input: ["TableName": .string(prefix + name)],
      caller: caller)
  }

  private static let listBackups = ServiceRequest(
    service: "dynamodb", operation: "ListBackups", input: [:], caller: caller)

  @Test("a request takes a millisecond, a refused one nothing, and a look ends what is under way")
  func looks() throws {
    let playground = try Playground()
    let folder = try playground.world()
    let session = try open(folder)
    func ask(_ request: ServiceRequest) throws -> Result<Document, ServiceError> {
      try session.perform(together: [request], door: "endpoint", pace: .ofPolling)[0]
    }
    func status(_ name: String) throws -> String? {
      try ask(Self.describe(name)).get()["Table"]?["TableStatus"]?.string
    }
    let begun = session.now
    _ = try ask(createTable("a")).get()
    #expect(session.now == begun + .milliseconds(1))
    #expect(throws: ServiceError.self) { try ask(createTable("a")).get() }
    #expect(session.now == begun + .milliseconds(1))
    #expect(try status("a") == "CREATING")
    let ended = session.now
    #expect(ended > begun + .seconds(1))
    #expect(try status("a") == "ACTIVE")
    // Another table's transitions are nobody's business here.
    _ = try ask(createTable("b")).get()
    let before = session.now
    _ = try ask(listTables).get()
    #expect(session.now == before + .milliseconds(1))
    // All of it is in the journal.
    let now = session.now
    _ = try ask(createTable("c")).get()
    // A row each, with the time it takes in it, after the first.
    #expect(session.status.rows == 8)
    let all = session.everything
    try session.close()
    let again = try open(folder, start: nil)
    #expect(again.now == now + .milliseconds(1) && again.everything == all)
  }

  @Test("who is told to ask less often has waited when it asks again")
  func throttled() throws {
    let playground = try Playground()
    let session = try open(try playground.world())
    var refused = 0
    var accepted = 0
    for _ in 0..<30 {
      switch try session.perform(
        together: [Self.listBackups], door: "endpoint", pace: .ofPolling)[0]
      {
      case .success: accepted += 1
      case .failure(let error):
        #expect(error.code == "ThrottlingException")
        refused += 1
      }
    }
    #expect(refused > 0 && accepted > 10)
  }
}

/// A clock that is moved by hand.
private final class HandClock: Sendable {
  private let now = Mutex(Duration.zero)
  var ticks: @Sendable () -> Duration { { self.now.withLock { $0 } } }
  func pass(_ duration: Duration) { now.withLock { $0 += duration } }
}

@Suite("Other ways that time can go")
struct OtherPaceTests {
  private static let describe = ServiceRequest(
    service: "dynamodb", operation: "DescribeTable", input: ["TableName": "table-a"],
    caller: caller)

  @Test("instant: what a request began has ended before the next one, what follows from it too")
  func instant() throws {
    let playground = try Playground()
    let session = try open(try playground.world())
    let created = try session.perform(
      together: [createTable("a")], door: "endpoint", pace: .instant)[0].get()
    #expect(created["TableDescription"]?["TableStatus"] == "CREATING")
    #expect(session.pendingTransitions.isEmpty)
    let seen = try session.perform(
      together: [Self.describe], door: "endpoint", pace: .instant)[0].get()
    #expect(seen["Table"]?["TableStatus"] == "ACTIVE")
    // Where nothing is under way a request takes its millisecond.
    let before = session.now
    _ = try session.perform(together: [listTables], door: "endpoint", pace: .instant)
    #expect(session.now == before + .milliseconds(1))
  }

  @Test("a driven clock goes in whole virtual seconds, none of them lost or given twice")
  func drive() {
    let hand = HandClock()
    var drive = ClockDrive(speed: 60, ticks: hand.ticks)
    #expect(drive.takeDue() == .zero)
    hand.pass(.milliseconds(16))
    #expect(drive.takeDue() == .zero)
    hand.pass(.milliseconds(1))
    #expect(drive.takeDue() == .seconds(1))
    #expect(drive.takeDue() == .zero)
    hand.pass(.seconds(10))
    #expect(drive.takeDue() == .seconds(600))
  }

  @Test("the wall clock moves a served world by journal entries; requests take no time of theirs")
  func wallClock() throws {
    let playground = try Playground()
    let folder = try playground.world()
    let hand = HandClock()
    let shared = SharedSession(try open(folder))
    shared.drive(by: ClockDrive(speed: 1, ticks: hand.ticks))
    func perform(_ request: ServiceRequest) throws -> Document {
      try shared.perform(request, door: "endpoint", pace: .ofWallClock).get()
    }
    _ = try perform(createTable("a"))
    func status() throws -> Document? {
      try perform(Self.describe)["Table"]?["TableStatus"]
    }
    for _ in 0..<3 { #expect(try status() == "CREATING") }
    hand.pass(.milliseconds(60_999))
    #expect(try status() == "ACTIVE")
    #expect(shared.exclusively { $0.now } == dawn + .seconds(60))
    try shared.exclusively { try $0.close() }
    #expect(try open(folder, start: nil).now == dawn + .seconds(60))
  }

  @Test("a world in memory answers as a journalled one does, and goes back to its start")
  func memory() throws {
    let playground = try Playground()
    let session = try open(try playground.world())
    let memory = MemoryWorld(start: makeCloud(start), pace: .ofPolling)
    let requests = [
      createTable("a"), Self.describe, listTables, createTable("a"), Self.describe,
    ]
    for request in requests {
      let kept = try session.perform(together: [request], door: "endpoint", pace: .ofPolling)[0]
      #expect(memory.perform(request) == kept)
    }
    #expect(memory.cloud.fullFingerprint() == session.cloud.fullFingerprint())
    #expect(memory.advance(by: .minutes(5), unless: { _ in false }) == session.now + .minutes(5))
    memory.reset()
    #expect(memory.cloud.fullFingerprint() == makeCloud(start).fullFingerprint())
    let deep = (0..<600).reduce(Document.emptyObject) { inner, _ in ["a": inner] }
    let refused = memory.perform(
      ServiceRequest(service: "dynamodb", operation: "ListTables", input: deep, caller: caller))
    #expect(throws: ServiceError.self) { try refused.get() }
  }
}
