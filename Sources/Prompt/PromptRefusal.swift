// SPDX-License-Identifier: GPL-3.0-or-later

internal import StateStore
internal import Terminal

/// Why a word did nothing, and what to do next.
package struct PromptRefusal: Error, Hashable, Sendable {
  /// What is wrong, one sentence.
  package let message: String
  /// What to do next, or empty.
  package let advice: String
  /// The exit status: 1 not passed, 2 usage, 3 content, 4 cannot verify, 5 machine or state.
  package let status: Int32

  package init(_ message: String, advice: String = "", status: Int32 = 1) {
    self.message = message
    self.advice = advice
    self.status = status
  }

  /// A word used in a way it does not take.
  static func usage(_ usage: String, because message: String = "") -> PromptRefusal {
    PromptRefusal(message, advice: "Write: \(usage)", status: 2)
  }

  /// The line a person reads.
  package var line: String {
    [message, advice].filter { !$0.isEmpty }.joined(separator: " ")
  }
}

extension PromptRefusal {
  /// Any error as a refusal, so that nothing ever ends the process with a stack trace.
  package init(_ error: any Error) {
    switch error {
    case let refusal as PromptRefusal: self = refusal
    case let refusal as HistoryRefusal: self.init(refusal.message, status: 1)
    case let refusal as WorldRefusal: self.init(refusal)
    case let held as HeldElsewhere:
      self.init(
        "The world \(held.world) is open in \(held.owner).",
        advice: "Type this there, or leave rewind there first.", status: StateError.exitStatus)
    case let failure as StateError:
      self.init(failure.message, advice: failure.advice, status: StateError.exitStatus)
    case let failure as OutputFailure: self.init(failure.message, status: 5)
    default: self.init("\(error)", status: 5)
    }
  }
}
