// SPDX-License-Identifier: GPL-3.0-or-later

internal import ContentFormat
internal import Digests
internal import Simulation
internal import Worlds

/// What playing a result again came to.
package enum LabVerification: Hashable, Sendable {
  /// The same score.
  case same(LabScore)
  /// The first thing that differs: a line of the log counted from 1, or a `check`.
  case differs(step: String, recorded: String, replayed: String)
  /// It cannot be played again, and why.
  case impossible(String)

  /// Plays a result again in the world of its seed.
  ///
  /// - Parameters:
  ///   - attempt: The result.
  ///   - file: The scenario it was made with; another digest cannot be verified.
  /// - Returns: The same score, or the first step that differs.
  /// - Complexity: O(k · n) for k checks after n commands at most; commands that two checks share
  ///   are played once where the later check follows the earlier one.
  package static func verify(_ attempt: LabAttempt, file: ScenarioFile) -> LabVerification {
    guard file.digest.hex == attempt.digest else {
      return .impossible(
        "\(file.name) is not what the result was made with (SHA-256 \(attempt.digest.prefix(12))…)")
    }
    do throws(ContentProblem) {
      var replay = LabReplay(
        attempt, run: try LabRun(file, seed: attempt.seed, variant: attempt.variant))
      return try replay.verify()
    } catch {
      return .impossible(error.message)
    }
  }
}

/// One replay of a result.
private struct LabReplay {
  let attempt: LabAttempt
  var run: LabRun
  private var player: LabPlayer
  private var played: [Int] = []

  init(_ attempt: LabAttempt, run: LabRun) {
    self.attempt = attempt
    self.run = run
    player = LabPlayer(run.opening)
  }

  /// A difference, thrown up through the steps.
  private typealias Difference = LabVerification

  mutating func verify() throws(ContentProblem) -> LabVerification {
    for (index, line) in attempt.log.enumerated() where line.door != nil {
      return .impossible(
        "line \(index + 1) came in by the \(line.door ?? "") and holds no command to play again")
    }
    var number = 0
    for event in attempt.events {
      if case .check = event { number += 1 }
      if let difference = try verify(event, checkNumber: number) { return difference }
      run.apply(event)
    }
    guard run.score == attempt.score else {
      return .differs(
        step: "the score", recorded: "\(attempt.score.points) of \(attempt.score.outOf)",
        replayed: "\(run.score.points) of \(run.score.outOf)")
    }
    return .same(run.score)
  }

  private mutating func verify(
    _ event: LabEvent, checkNumber: Int
  ) throws(ContentProblem) -> LabVerification? {
    switch event {
    case .check(let record):
      if let difference = try play(record.entries) { return difference }
      // A check of one named task is told by its one verdict and is looked at as such.
      let task = record.tasks.first.flatMap { $0.task == run.currentTask ? nil : $0.task }
      let again = try run.check(player.world, task: task, entries: record.entries)
      return compare(record.tasks, again.tasks, "check \(checkNumber)")
        ?? compare(
          [TaskVerdict(task: -1, checks: record.guards)],
          [TaskVerdict(task: -1, checks: again.guards)], "check \(checkNumber), guards")
    case .recovered(let at, let entries):
      if let difference = try play(entries) { return difference }
      let again = try run.noticeRecovery(player.world, entries: entries)
      guard case .recovered(let found, _)? = again, found == at else {
        return .differs(
          step: "the recovery", recorded: at.rfc3339Milliseconds, replayed: "not at that instant")
      }
      return nil
    case .finish(let record):
      if let difference = try play(record.entries) { return difference }
      let changes = run.changes(in: attempt.log)
      let again = try run.finishing(player.world, entries: record.entries, changes: changes)
      if let difference = compare(record.tasks, again.tasks, "the end") { return difference }
      for (old, new) in zip(record.targets, again.targets) where old != new {
        return .differs(
          step: "the target \(old.kind.rawValue)", recorded: "\(old.earned), \(old.actual)",
          replayed: "\(new.earned), \(new.actual)")
      }
      return nil
    case .hint, .solution, .skip, .answer: return nil
    }
  }

  private func compare(
    _ recorded: [TaskVerdict], _ replayed: [TaskVerdict], _ step: String
  ) -> LabVerification? {
    let old = recorded.flatMap(\.checks)
    let new = replayed.flatMap(\.checks)
    guard old.map(\.id) == new.map(\.id) else {
      return .differs(
        step: step, recorded: old.map(\.id).joined(separator: ", "),
        replayed: new.map(\.id).joined(separator: ", "))
    }
    for (old, new) in zip(old, new) where old != new {
      return .differs(
        step: "\(step), \(old.id)", recorded: "\(old.earned) points, \(old.actual)",
        replayed: "\(new.earned) points, \(new.actual)")
    }
    return nil
  }

  /// Plays the lines that were in effect, from where the last ones left off if they begin alike.
  private mutating func play(_ entries: [Int]) throws(ContentProblem) -> LabVerification? {
    guard entries.allSatisfy(attempt.log.indices.contains) else {
      return .impossible("an event names a line that the log does not have")
    }
    var rest = entries[...]
    if entries.starts(with: played) {
      rest = entries[played.count...]
    } else {
      player = LabPlayer(run.opening)
      played = []
    }
    for index in rest {
      let line = attempt.log[index]
      let step = "line \(index + 1), \(line.command.shortened(to: 60))"
      let outcome: LabPlayer.Outcome
      do throws(ContentProblem) {
        outcome = try player.play(line.command)
      } catch {
        return .impossible("\(step): \(error.message)")
      }
      played.append(index)
      if outcome.at != line.at {
        return .differs(
          step: step, recorded: "at \(line.at.rfc3339Milliseconds)",
          replayed: "at \(outcome.at.rfc3339Milliseconds)")
      }
      if Int(outcome.result.status) != line.status {
        return .differs(
          step: step, recorded: "status \(line.status)",
          replayed: "status \(outcome.result.status)")
      }
      // The log may hold the world's own writes between the learner's requests.
      var recorded = line.outcomes[...]
      for digest in outcome.digests {
        guard let found = recorded.firstIndex(of: digest) else {
          return .differs(
            step: step, recorded: "another answer", replayed: "answer \(digest.prefix(12))…")
        }
        recorded = recorded[(found + 1)...]
      }
    }
    return nil
  }
}

extension String {
  /// The text itself, or its first characters and an ellipsis.
  fileprivate func shortened(to limit: Int) -> String {
    count <= limit ? self : String(prefix(limit - 1)) + "…"
  }
}
