// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
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
