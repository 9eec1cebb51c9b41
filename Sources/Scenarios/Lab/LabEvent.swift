// SPDX-License-Identifier: GPL-3.0-or-later

package import Simulation

/// What happened in a lab besides the commands: the journal keeps each as a note.
///
/// A lab's whole standing follows from its scenario, its seed and these in order.
package enum LabEvent: Hashable, Sendable {
  /// A `check` and what came of it.
  case check(CheckRecord)
  /// A hint was shown; both counted from 0.
  case hint(task: Int, hint: Int)
  /// A reference solution was shown.
  case solution(String)
  /// A task was left out.
  case skip(task: Int)
  /// The learner said something.
  case answer(task: Int, value: String)
  /// The check that ends the recovery passed for the first time.
  case recovered(at: Instant, entries: [Int])
  /// The lab is over; the targets as they were then.
  case finish(FinishRecord)

  /// The kind of note that holds one.
  package static let noteKind = "lab"
}

/// What one `check` found.
package struct CheckRecord: Hashable, Sendable {
  /// Virtual time.
  package var at: Instant
  /// The places in the log, counted from 0, of the commands that were in effect.
  package var entries: [Int]
  /// The tasks that were looked at, in order.
  package var tasks: [TaskVerdict]
  package var guards: [CheckVerdict]
  /// The id of the trap that was recognised.
  package var trap: String?
}

/// What a check found of one task.
package struct TaskVerdict: Hashable, Sendable {
  /// Counted from 0.
  package var task: Int
  package var checks: [CheckVerdict]

  package var passes: Bool { checks.allSatisfy(\.passes) }
}

/// What became of one check.
package struct CheckVerdict: Hashable, Sendable {
  package var id: String
  package var passes: Bool
  /// Points earned, before hints.
  package var earned: Int
  package var expected: String
  package var actual: String
  /// The nearest thing that exists.
  package var nearest: String?
}

/// How a lab ended.
package struct FinishRecord: Hashable, Sendable {
  package var at: Instant
  package var entries: [Int]
  /// The open tasks as they were at the end.
  package var tasks: [TaskVerdict]
  package var guards: [CheckVerdict]
  package var targets: [TargetVerdict]
}

/// How a target was met.
package struct TargetVerdict: Hashable, Sendable {
  package enum Kind: String, Sendable, CaseIterable { case rto, rpo, cost, commands }

  package var kind: Kind
  package var earned: Int
  package var points: Int
  package var expected: String
  package var actual: String
}
