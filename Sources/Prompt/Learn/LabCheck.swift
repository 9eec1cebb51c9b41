// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Documents
import Scenarios
import Simulation
import StateStore
import Terminal
import Worlds

extension Console {
  /// `check`: the outcome so far, graded; ends the lab when everything has passed.
  func labCheck(_ call: Call) throws -> Int32 {
    try call.takesNothing()
    let (session, run) = try openLab()
    let record = try content {
      () throws(ContentProblem) in
      try run.check(labDesk.world(session, run), entries: session.entriesInEffect)
    }
    try labDesk.record(.check(record), in: session)
    let (_, after) = try openLab()
    let passes = record.tasks.allSatisfy(\.passes)
    if settings.printsJSON { answer(LabEvent.check(record).document) } else { show(record, after) }
    if after.isComplete, after.finish == nil {
      try finishLab()
    } else if !settings.printsJSON, passes, after.finish == nil, !record.tasks.isEmpty {
      say()
      _ = try runCommand(["task"], settings: [], typed: "task")
    }
    return passes && record.guards.allSatisfy(\.passes) ? 0 : 1
  }

  /// Runs something that content may make impossible.
  private func content<Value>(_ body: () throws(ContentProblem) -> Value) throws -> Value {
    do {
      return try body()
    } catch {
      throw PromptRefusal(error, status: 3)
    }
  }

  // MARK: Verdicts

  private func show(_ record: CheckRecord, _ run: LabRun) {
    guard run.scenario.feedback != .end || run.finish != nil else {
      say("Noted. This lab tells at its end how it went.")
      return
    }
    if record.tasks.isEmpty { say("Every task is done.") }
    for verdict in record.tasks {
      if run.tasks.count > 1 { say("Task \(verdict.task + 1)") }
      let checks = run.scenario.tasks[verdict.task].checks
      for (check, result) in zip(checks, verdict.checks) { show(result, check, run) }
    }
    for (check, result) in zip(run.scenario.guards, record.guards) where !result.passes {
      show(result, check, run)
    }
    if let trap = record.trap, let words = run.words(ofTrap: trap),
      run.scenario.feedback == .full
    {
      say()
      tell(plain(words, keepsLines: true), first: "  ")
    }
  }

  private func show(_ result: CheckVerdict, _ check: Check, _ run: LabRun) {
    let mark =
      result.passes ? profile.styled("[yes]", .good) : profile.styled("[no] ", .bad)
    let points = TerminalText.aligned("\(result.earned)/\(check.points)", to: 5)
    tell(plain(run.text(check.goal)), first: "  \(mark) \(points)  ", rest: Self.checkIndent)
    guard !result.passes, run.scenario.feedback == .full else { return }
    tell(
      "expected \(plain(result.expected)), found \(plain(result.actual))", first: Self.checkIndent)
    if let nearest = result.nearest { tell("nearest: \(plain(nearest))", first: Self.checkIndent) }
    if let why = check.why { tell(plain(run.text(why)), first: Self.checkIndent) }
  }

  private static let checkIndent = String(repeating: " ", count: 15)

  // MARK: News

  /// Says what the world said while time passed, and notices a recovery or an end.
  func noticeLab() throws {
    guard let session, let run = try labDesk.run(session) else { return }
    let news = labDesk.takeNews()
    for message in news.messages {
      tell(plain(message, keepsLines: true), first: profile.styled("** ", .note), rest: "   ")
    }
    guard run.finish == nil else { return }
    if run.recoveredAt == nil, run.scenario.targets.recoveryTime != nil {
      let event = try content { () throws(ContentProblem) in
        try run.noticeRecovery(labDesk.world(session, run), entries: session.entriesInEffect)
      }
      if let event { try labDesk.record(event, in: session) }
    }
    if news.isEnd { try finishLab() }
  }

  // MARK: The end

  /// Ends the lab: targets are looked at, the result is written once, the learner hears how it went.
  func finishLab() throws {
    let (session, run) = try openLab()
    let changes = session.log.filter { $0.standing == .inEffect && $0.isLearnersChange }.count
    let record = try content { () throws(ContentProblem) in
      try run.finishing(
        labDesk.world(session, run), entries: session.entriesInEffect, changes: changes)
    }
    try labDesk.record(.finish(record), in: session)
    let (_, after) = try openLab()
    let attempt = try store(after, session)
    guard !settings.printsJSON else { return answer(attempt.document) }
    showEnd(after, record, changes: changes, attempt)
  }

  private func store(_ run: LabRun, _ session: Session) throws -> LabAttempt {
    let store = try progress()
    let now = try settings.hostNow()
    let state = try store.value(.lab, run.scenario.id)
    let startedAt = state?["startedAt"]?.integer.map { Instant(milliseconds: $0) } ?? now
    let earlier = try store.labResults().filter {
      $0.scenario == run.scenario.id && $0.contentDigest == run.source.digest && $0.seed == run.seed
    }
    let attempt = LabAttempt(
      run, log: session.attemptLog, engine: EngineVersion.current, learner: learner.name,
      ordinal: (earlier.map(\.ordinal).max() ?? 0) + 1,
      keyboardSeconds: Int(max(0, (now - startedAt).wholeMilliseconds / 1000)))
    let bytes = Array((attempt.document.json(.indented(2)) + "\n").utf8)
    try learner.writeResult(bytes, id: attempt.id)
    try store.add(
      LabResult(
        id: attempt.id, scenario: attempt.lab, contentDigest: attempt.digest, seed: attempt.seed,
        ordinal: attempt.ordinal, points: attempt.score.points, outOf: attempt.score.outOf,
        hasPassed: attempt.score.hasPassed, mode: attempt.mode, finishedAt: now,
        fileDigest: ResultFile.digest(bytes)))
    try store.setValue(
      .lab, run.scenario.id,
      to: [
        "state": attempt.score.isSeen ? "seen" : "done", "world": .string(session.folder.id),
        "startedAt": .integer(startedAt.milliseconds),
      ])
    return attempt
  }

  private func showEnd(
    _ run: LabRun, _ record: FinishRecord, changes: Int, _ attempt: LabAttempt
  ) {
    for (check, result) in zip(run.scenario.guards, record.guards) { show(result, check, run) }
    for target in record.targets {
      say(
        "  \(target.kind.rawValue.uppercased())  \(target.earned)/\(target.points)  "
          + "expected \(plain(target.expected)), found \(plain(target.actual))")
    }
    let shown = run.tasks.reduce(0) { $0 + $1.hints }
    let hints = shown == 0 ? "no hints" : counted(shown, "hint")
    let seen = run.isSeen ? ", solution seen" : ""
    tell(
      "Lab done: \(scoreText(run)), \(counted(changes, "command")) (best known: "
        + "\(run.scenario.par)), \(hints)\(seen).")
    if let debrief = run.scenario.debrief {
      say()
      tell(plain(run.text(debrief.value), keepsLines: true), first: "  ")
    }
    say()
    tell("Result \(attempt.id) is stored. \"lab leave\" goes back to the sandbox.")
  }

  /// `lab result`: what was finished.
  func showResults() throws -> Int32 {
    let results = try labResultsIfAny()
    if settings.printsJSON {
      answer(
        .array(
          results.map {
            [
              "id": .string($0.id), "lab": .string($0.scenario),
              "points": .integer(Int64($0.points)), "outOf": .integer(Int64($0.outOf)),
              "passed": .bool($0.hasPassed), "finishedAt": .string($0.finishedAt.rfc3339),
            ]
          }))
      return 0
    }
    guard !results.isEmpty else {
      say("No lab was finished yet.")
      return 0
    }
    table(
      results.map {
        [
          $0.finishedAt.rfc3339, plain($0.id), "\($0.points) of \($0.outOf)",
          $0.hasPassed ? "passed" : "not passed",
        ]
      })
    return 0
  }
}
