// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import Scenarios
import Simulation
import Testing

@Suite("A result")
struct LabAttemptTests {
  /// An attempt with refusals, names, waiting, a way back and a hint.
  private static func sample() throws -> LabAttempt {
    var learner = Learner(try Sample.run())
    try learner.type("aws dynamodb create-backup --table-name order --backup-name safe")
    try learner.type(
      "ARN=$(aws dynamodb create-backup --table-name notes --backup-name early "
        + "--query BackupDetails.BackupArn --output text)"
    )
    try learner.check()
    learner.reset()
    learner.lab.apply(try #require(learner.lab.nextHint()).event)
    try learner.type("time +5m")
    try learner.type(.backUpOrders)
    try learner.check()
    try learner.type("export AWS_REGION=us-east-1")
    try learner.type("T=orders")
    try learner.type("aws dynamodb create-backup --table-name $T --backup-name again")
    learner.lab.apply(learner.lab.answering(learner.lab.text("<name>")))
    try learner.check()
    try learner.finish()
    return learner.attempt()
  }

  @Test("is read back as it was written")
  func roundTrip() throws {
    let attempt = try Self.sample()
    let text = attempt.document.json(.indented(2))
    let read = try #require(LabAttempt(try Document.parse(text)))
    #expect(read == attempt)
    #expect(attempt.id == "two-7-1")
    #expect(attempt.score.points == 30)
  }

  @Test("plays again to the same score")
  func same() throws {
    let attempt = try Self.sample()
    #expect(LabVerification.verify(attempt, file: Sample.file()) == .same(attempt.score))
  }

  @Test("plays again though the world wrote between the learner's requests")
  func traffic() throws {
    var attempt = try Self.sample()
    for index in attempt.log.indices {
      attempt.log[index].outcomes.insert(String(repeating: "a", count: 64), at: 0)
      attempt.log[index].outcomes.append(String(repeating: "b", count: 64))
    }
    #expect(LabVerification.verify(attempt, file: Sample.file()) == .same(attempt.score))
  }

  @Test("names what differs when it was changed")
  func changed() throws {
    let attempt = try Self.sample()
    var points = attempt
    points.score.points += 1
    #expect(step(points) == "the score")
    var answer = attempt
    answer.log[3].outcomes = [String(repeating: "0", count: 64)]
    #expect(step(answer)?.hasPrefix("line 4") == true)
    var instant = attempt
    instant.log[6].at = instant.log[6].at + .seconds(1)
    #expect(step(instant)?.hasPrefix("line 7") == true)
    var status = attempt
    status.log[0].status = 0
    #expect(step(status)?.hasPrefix("line 1") == true)
    var command = attempt
    command.log.remove(at: 6)
    command.log.append(attempt.log[6])
    command.log[command.log.count - 1].command = "aws dynamodb list-backups"
    #expect(step(command) != nil)
  }

  @Test("names the check that comes out otherwise")
  func changedCheck() throws {
    var attempt = try Self.sample()
    guard case .check(var record) = attempt.events[0] else {
      Issue.record("the first event is no check")
      return
    }
    record.tasks[0].checks[0].earned = 7
    attempt.events[0] = .check(record)
    #expect(step(attempt) == "check 1, orders-backup")
  }

  @Test("cannot be verified with another scenario, or after requests without a command")
  func impossible() throws {
    var attempt = try Self.sample()
    let other = Sample.file(Sample.two + "\n# changed\n")
    guard case .impossible = LabVerification.verify(attempt, file: other) else {
      Issue.record("another digest was accepted")
      return
    }
    attempt.log[0].door = "endpoint"
    guard case .impossible(let why) = LabVerification.verify(attempt, file: Sample.file()) else {
      Issue.record("a request without a command was accepted")
      return
    }
    #expect(why.contains("line 1"))
  }

  @Test("is no result when a part is missing", arguments: ["format", "seed", "score", "log"])
  func incomplete(member: String) throws {
    #expect(LabAttempt(try Self.sample().document.without(member)) == nil)
  }

  private func step(_ attempt: LabAttempt) -> String? {
    guard case .differs(let step, _, _) = LabVerification.verify(attempt, file: Sample.file())
    else { return nil }
    return step
  }
}
