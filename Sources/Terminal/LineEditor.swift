// SPDX-License-Identifier: GPL-3.0-or-later

/// What came of asking for a line.
package enum LineReading: Hashable, Sendable {
  /// A line without its end; a pasted block is one line with line ends in it.
  case line(String)
  /// Ctrl-C: what was typed is gone.
  case interrupted
  /// Ctrl-D, the end of the input, or a signal that ends the process.
  case endOfInput
}

/// Where typed lines come from: a person at a terminal, a pipe, a test.
package protocol LineEditor: AnyObject {
  /// Reads one line.
  ///
  /// - Parameters:
  ///   - prompt: Shown where a person types.
  ///   - isCommand: Whether completion and history apply.
  /// - Returns: The line, or why there is none.
  func readLine(prompt: String, isCommand: Bool) -> LineReading

  /// Adds a line to the history, if there is one.
  func remember(_ line: String)
}

/// One way to go on from what was typed.
package struct CompletionCandidate: Hashable, Sendable {
  /// What takes the place of the completed word.
  package let text: String
  /// One line for the list, or empty.
  package let description: String
  /// Whether a blank may follow.
  package let isFinal: Bool

  package init(text: String, description: String, isFinal: Bool = true) {
    self.text = text
    self.description = description
    self.isFinal = isFinal
  }
}

/// The ways to go on, and which part of the line they replace.
package struct CompletionList: Hashable, Sendable {
  /// The byte of the line where the completed word begins; it ends at the cursor.
  package let start: Int
  package let candidates: [CompletionCandidate]

  package init(start: Int, candidates: [CompletionCandidate]) {
    self.start = start
    self.candidates = candidates
  }
}

/// Lines kept in memory, for tests.
package final class ScriptedLines: LineEditor {
  private var lines: [String]

  package init(_ lines: [String]) { self.lines = lines.reversed() }

  package func readLine(prompt: String, isCommand: Bool) -> LineReading {
    lines.popLast().map(LineReading.line) ?? .endOfInput
  }

  package func remember(_ line: String) {}
}
