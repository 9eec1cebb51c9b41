// SPDX-License-Identifier: GPL-3.0-or-later

package import Digests
package import Documents
package import Simulation

/// One line of a session's log: a typed command, or a request that came in by another door.
package struct LogEntry: Hashable, Sendable {
  /// Whether what the entry did is part of the present state.
  package enum Standing: String, Hashable, Sendable, Codable {
    case inEffect = "in effect"
    case undone
    case discarded
  }

  /// One request the entry made, in the order made.
  package struct Request: Hashable, Sendable {
    package let service: String
    package let operation: String
    /// The refusal's code; nil if accepted.
    package let refusal: String?
    /// True if accepted and of an operation that changes resources.
    package let isChange: Bool
    /// The digest of the answer.
    package let outcome: SHA256Digest
  }

  /// The journal rows the entry covers.
  package let rows: ClosedRange<Int64>
  /// Virtual time when it began.
  package let instant: Instant
  /// What was typed; for a request from another door, the service and operation.
  package let text: String
  /// Where it came in: nil for the prompt, else such as `endpoint`.
  package let door: String?
  /// The command's exit status; 0 or 254 for a request from another door.
  package let status: Int32
  package let requests: [Request]
  package internal(set) var standing: Standing

  /// True if it changed a resource.
  package var isChange: Bool { requests.contains { $0.isChange } }
}

/// A document that a lab or a quiz left in the journal.
package struct SessionNote: Hashable, Sendable, Codable {
  package let row: Int64
  /// Virtual time when it was left.
  package let instant: Instant
  package let kind: String
  package let document: Document
}

/// Where a session stands, for `status` and the prompt.
package struct SessionStatus: Hashable, Sendable {
  package let now: Instant
  /// True inside a what-if.
  package let isFork: Bool
  /// When the what-if began, in virtual time.
  package let forkedAt: Instant?
  /// How many steps `undo` can take back; inside a what-if, down to its beginning.
  package let undoable: Int
  package let redoable: Int
  /// Names of marked states, oldest first.
  package let marks: [String]
  /// Commands and requests in the log.
  package let logged: Int
  /// Journal rows, saved or waiting for the next commit.
  package internal(set) var rows: Int64
}

/// Why a word that moves between states was refused; nothing was changed.
package enum HistoryRefusal: Error, Hashable, Sendable {
  /// Fewer steps than asked for can be taken back.
  case nothingToUndo(asked: Int, available: Int, inFork: Bool)
  case nothingToRedo(asked: Int, available: Int)
  case noSuchMark(String, known: [String])
  /// The mark lies before the what-if began.
  case markOutsideFork(String)
  case alreadyForked
  case notForked

  /// What is wrong and what to do, one line without a line end.
  package var message: String {
    switch self {
    case .nothingToUndo(_, 0, true):
      "Nothing to undo since this what-if began; \"discard\" leaves it."
    case .nothingToUndo(_, 0, false): "Nothing to undo: no command has changed anything."
    case .nothingToUndo(let asked, let available, _):
      "Only \(available) of \(asked) can be undone; \"undo \(available)\" undoes all."
    case .nothingToRedo(_, 0): "Nothing to redo."
    case .nothingToRedo(let asked, let available):
      "Only \(available) of \(asked) can be redone; \"redo \(available)\" does all."
    case .noSuchMark(let name, let known):
      known.isEmpty
        ? "There is no mark \(name); \"mark NAME\" sets one."
        : "There is no mark \(name); there is \(known.joined(separator: ", "))."
    case .markOutsideFork(let name):
      "The mark \(name) lies before this what-if; \"discard\" first."
    case .alreadyForked: "This is a what-if already; \"keep\" or \"discard\" it first."
    case .notForked: "There is no what-if to leave; \"what-if\" begins one."
    }
  }
}
