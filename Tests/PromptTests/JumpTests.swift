// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Simulation
import StateStore
import Testing

@testable import Prompt

@Suite("Jumps of the clock")
struct JumpTests {
  /// A rule that runs each minute.
  private static let ticking = """
    aws sns create-topic --name ops
    aws events put-rule --name tick --schedule-expression 'rate(1 minute)'
    aws events put-targets --rule tick --targets Id=1,Arn=arn:aws:sns:us-east-1:123456789012:ops
    """

  private func world(_ bench: Bench) throws -> (Console, Session) {
    let console = try bench.console()
    #expect(console.runBlock(Self.ticking, previous: 0) == 0)
    return (console, try console.world())
  }

  /// Jumps in a command that is given up if the jump is refused.
  private func jump(
    _ duration: Duration, in session: Session, limit: Int = Jump.limit,
    _ interruption: Interruption = Interruption(isRaised: { false }, take: { false })
  ) throws -> PromptRefusal? {
    var jump = Jump(interruption, limit: limit)
    try session.beginCommand("time")
    do {
      try jump.pass(duration, in: session)
    } catch let refusal as PromptRefusal {
      session.abandonCommand()
      return refusal
    }
    try session.endCommand(status: 0)
    return nil
  }

  @Test("as much may happen on the way as the limit says and no more; then nothing has happened")
  func limit() throws {
    let bench = Bench()
    let (console, session) = try world(bench)
    let before = session.cloud.fullFingerprint()
    let refused = try jump(.seconds(600), in: session, limit: 9)
    #expect(refused?.status == 2)
    #expect(refused?.message.hasPrefix("More than 9 things would happen by themselves") == true)
    #expect(session.cloud.fullFingerprint() == before)
    let start = session.now
    #expect(try jump(.seconds(600), in: session, limit: 10) == nil)
    #expect(session.now == start + .seconds(600))
    try console.closeWorld()
  }

  @Test("Ctrl-C stops a jump, and leaves the world as it was before")
  func interrupted() throws {
    let bench = Bench()
    let (console, session) = try world(bench)
    let before = session.cloud.fullFingerprint()
    let raised = Interruption(isRaised: { true }, take: { true })
    let refused = try jump(.seconds(3_600_000), in: session, raised)
    #expect(refused?.status == 130)
    #expect(session.cloud.fullFingerprint() == before)
    #expect(session.now < Instant(seconds: 1_777_700_000))
    try console.closeWorld()
  }

  @Test("a client that moves the clock has the same limit, journalled or not")
  func step() throws {
    let bench = Bench()
    let (console, session) = try world(bench)
    let before = (session.cloud.fullFingerprint(), session.status.undoable, session.now)
    #expect(try !session.advance(by: .seconds(600), isStep: true, unless: { $0 > 9 }))
    #expect(session.cloud.fullFingerprint() == before.0)
    #expect(session.status.undoable == before.1)
    let memory = MemoryWorld(start: session.cloud)
    #expect(memory.advance(by: .seconds(600), unless: { $0 > 9 }) == nil)
    #expect(memory.cloud.fullFingerprint() == before.0)
    #expect(memory.advance(by: .seconds(600), unless: { $0 > 10 }) == before.2 + .seconds(600))
    #expect(try session.advance(by: .seconds(600), isStep: true, unless: { $0 > 10 }))
    #expect(session.status.undoable == before.1 + 1)
    try console.closeWorld()
  }
}
