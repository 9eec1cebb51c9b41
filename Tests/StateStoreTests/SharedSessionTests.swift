// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Dispatch
import Documents
import StateStore
import Synchronization
import Testing

@Suite("A session that many callers share")
struct SharedSessionTests {
  private static func put(_ number: Int) -> ServiceRequest {
    ServiceRequest(
      service: "dynamodb", operation: "PutItem",
      input: [
        "TableName": .string(prefix + "busy"), "ReturnConsumedCapacity": "TOTAL",
        "Item": ["id": ["S": .string("k\(number)")]],
      ], caller: caller)
  }

  /// A world with the ACTIVE table `busy`.
  private static func busy(_ folder: WorldFolder) throws -> Session {
    let session = try open(folder)
    _ = try session.perform(createTable("busy"))
    try session.advance(by: .seconds(60))
    return session
  }

  private static func count(_ session: Session) throws -> Int64? {
    let scan = ServiceRequest(
      service: "dynamodb", operation: "Scan",
      input: ["TableName": .string(prefix + "busy"), "Select": "COUNT"], caller: caller)
    return try session.perform(scan).get()["Count"]?.integer
  }

  @Test("requests performed together are saved by one commit, refused ones among them")
  func together() throws {
    let playground = try Playground()
    let session = try Self.busy(try playground.world())
    let before = session.commits
    let requests = (0..<20).map(Self.put) + [createTable("busy"), listTables] + [Self.put(20)]
    let answers = try session.perform(together: requests, door: "endpoint")
    #expect(session.commits == before + 1)
    #expect(answers.count == 23)
    #expect(throws: ServiceError.self) { try answers[20].get() }
    #expect(try answers[21].get()["TableNames"]?.array?.count == 1)
    try session.close()
    #expect(try Self.count(try open(try playground.world())) == 21)
  }

  @Test("reads together are answered without a commit")
  func reads() throws {
    let playground = try Playground()
    let session = try Self.busy(try playground.world())
    let before = session.commits
    _ = try session.perform(together: [listTables, listTables], door: "endpoint")
    #expect(session.commits == before)
  }

  @Test("sixteen callers at once each get their own answer, and all that was answered is saved")
  func many() throws {
    let playground = try Playground()
    let shared = SharedSession(try Self.busy(try playground.world()))
    let answered = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 16) { thread in
      for number in 0..<40 {
        // Every fourth request is refused; its caller must get the refusal, and nobody else.
        let request = number % 4 == 3 ? createTable("busy") : Self.put(thread * 100 + number)
        guard let answer = try? shared.perform(request, door: "endpoint") else { continue }
        let isRight: Bool =
          switch answer {
          case .success(let output):
            number % 4 != 3 && output["ConsumedCapacity"]?["TableName"]?.string == prefix + "busy"
          case .failure(let error): number % 4 == 3 && error.code == "ResourceInUseException"
          }
        if isRight { answered.withLock { $0 += 1 } }
      }
    }
    #expect(answered.withLock { $0 } == 640)
    try shared.exclusively { try $0.close() }
    #expect(try Self.count(try open(try playground.world())) == 480)
  }

  @Test("who wants the session alone waits for its turn and no longer, among many requests")
  func alone() throws {
    let playground = try Playground()
    let shared = SharedSession(try Self.busy(try playground.world()))
    let inside = Mutex(0)
    let seen = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for number in 0..<20 {
        if thread.isMultiple(of: 2) {
          _ = try? shared.perform(Self.put(thread * 100 + number), door: "endpoint")
        } else {
          try? shared.exclusively { session in
            let count = inside.withLock { count in
              count += 1
              return count
            }
            if count == 1 { seen.withLock { $0 += 1 } }
            try session.advance(by: .seconds(1), isStep: true)
            inside.withLock { $0 -= 1 }
          }
        }
      }
    }
    #expect(seen.withLock { $0 } == 80)
    try shared.exclusively { try $0.close() }
    #expect(try Self.count(try open(try playground.world())) == 80)
  }
}
