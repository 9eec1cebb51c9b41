// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
package import Simulation

/// One command that a proof ran, and what it answered.
package struct ProvedCommand: Hashable, Sendable {
  /// The line with placeholders bound, as a learner would type it.
  package let line: String
  /// Virtual time before it ran.
  package let at: Instant
  package let stdout: String
  package let stderr: String
  /// The AWS CLI's status; 0 for a word such as `wait`.
  package let status: Int32

  package var isAccepted: Bool { status == 0 }
}

/// One thing a proof looked at.
package struct ProofFinding: Hashable, Sendable {
  /// The check's goal, or the choice's claim in words.
  package let goal: String
  package let expected: String
  package let actual: String
  package let passes: Bool
}

/// What one choice, order or command came to, each on a fork of its own.
package struct ProofTrial: Sendable {
  package enum Subject: Hashable, Sendable {
    /// A choice, by its place in the file.
    case choice(Int)
    /// The steps in this order.
    case order([Int])
    /// A command that the author wrote down.
    case command
    /// The measure itself, for a prediction.
    case measure
  }

  package let subject: Subject
  /// The choice's text, the order in numbers, or the command.
  package let text: String
  /// Whether the key says that it must succeed.
  package let isKeyedRight: Bool
  package var commands: [ProvedCommand] = []
  package var findings: [ProofFinding] = []
  /// Sources, for a choice that the engine does not decide; it was then not run.
  package var cite: [Citation] = []

  package var isExecuted: Bool { cite.isEmpty }
  /// Whether all that was looked at holds.
  package var isMet: Bool { isExecuted && !findings.isEmpty && findings.allSatisfy(\.passes) }
  /// Whether it came out as the key says.
  package var agreesWithKey: Bool { !isExecuted || isMet == isKeyedRight }
}

/// What proving one question came to.
package struct ProofReport: Sendable {
  package let question: String
  package let seed: UInt64
  /// What was done once, before any choice.
  package internal(set) var preparation: [ProvedCommand] = []
  package internal(set) var trials: [ProofTrial] = []
  /// What is wrong, as errors of the bank's file; empty exactly where the proof holds.
  package internal(set) var problems: [ContentError] = []

  /// Whether every executed choice came out as the key says, and at least one was executed.
  package var holds: Bool { problems.isEmpty && trials.contains(where: \.isExecuted) }

  /// What came out, in one line: `proved: 4 of 4 choices executed`.
  package var summary: String {
    let executed = trials.count(where: \.isExecuted)
    if executed == 0, problems.isEmpty { return "cited, not executed" }
    return holds
      ? "proved: \(executed) of \(trials.count) executed"
      : "not proved: \(problems.count) contradiction\(problems.count == 1 ? "" : "s")"
  }
}
