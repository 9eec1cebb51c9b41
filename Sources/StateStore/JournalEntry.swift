// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests
import Documents
import Simulation

/// What one row of the journal says.
///
/// Each case lists the members of its payload. `JournalEntry+Coding` turns rows into entries and
/// back; a row that does not decode is damage.
enum JournalEntry {
  /// `seed, clock, engine`, body: origin. Row 1 and no other.
  case start(StartDescription)
  /// `service, operation, account, region, kind, name, session, door, key, ms`, body: input.
  ///
  /// `door` is null for a part of a typed command, else where the request came in. `key` and `ms` are left
  /// out where there is none: the access key id that was issued, and how much time passes after the
  /// answer.
  case request(ServiceRequest, door: String?, takes: Duration)
  /// `ms, step`. Time passed; `step` makes it something `undo` counts.
  case advance(Duration, isStep: Bool)
  /// `to, mark`. Back to the state before row `to`; `mark` if it was asked for by name.
  case undo(to: Int64, mark: String?)
  /// `count`. Undone steps done again.
  case redo(count: Int)
  /// `name`. A name for the present state.
  case mark(String)
  /// Back to the start state, as a step that can be undone.
  case reset
  /// A what-if begins.
  case fork
  /// The what-if becomes the state.
  case keep
  /// The what-if is given up.
  case discard
  /// `name, value`. A name set at the prompt; a null value takes it away.
  case variable(name: String, value: String?)
  /// `kind`, body: document. For labs and quizzes.
  case note(kind: String, Document)
  /// `text, status, from, at`. Rows `from` up to this one were one typed command.
  case command(text: String, status: Int32, from: Int64, at: Instant)
  /// `engine, from`, body: `[[row, digest], …]`. Another engine replayed the rows after `from`, the row of
  /// a checkpoint or 0; these differed.
  case adoption(engineVersion: String, from: Int64, outcomes: [(row: Int64, outcome: SHA256Digest)])
}

extension JournalEntry {
  var kind: String {
    switch self {
    case .start: "start"
    case .request: "request"
    case .advance: "advance"
    case .undo: "undo"
    case .redo: "redo"
    case .mark: "mark"
    case .reset: "reset"
    case .fork: "fork"
    case .keep: "keep"
    case .discard: "discard"
    case .variable: "variable"
    case .note: "note"
    case .command: "command"
    case .adoption: "adoption"
    }
  }
}
