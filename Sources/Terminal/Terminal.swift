// SPDX-License-Identifier: GPL-3.0-or-later

internal import Glibc

/// What a process can show and to whom.
package struct TerminalProfile: Hashable, Sendable {
  /// True if a person types: standard input and output are both a terminal.
  package var isInteractive: Bool
  /// True if standard output is a terminal, so that text on it has to be harmless.
  package var showsOnTerminal: Bool
  package var hasColour: Bool
  /// True if lines and marks beyond ASCII will be drawn as they should.
  package var hasUnicode: Bool
  /// Columns that our own text is wrapped to.
  package var columns: Int

  /// No terminal: what tests, pipes and scripts see.
  package static let plain = TerminalProfile(
    isInteractive: false, showsOnTerminal: false, hasColour: false, hasUnicode: false, columns: 80)

  /// Fewer columns are treated as these.
  package static let leastColumns = 40

  package init(
    isInteractive: Bool, showsOnTerminal: Bool, hasColour: Bool, hasUnicode: Bool, columns: Int
  ) {
    self.isInteractive = isInteractive
    self.showsOnTerminal = showsOnTerminal
    self.hasColour = hasColour
    self.hasUnicode = hasUnicode
    self.columns = columns
  }

  /// What this process has: its descriptors, `TERM`, `NO_COLOR`, the locale's character set.
  ///
  /// - Parameters:
  ///   - environment: The process's environment.
  ///   - allowsColour: False after `--no-color`.
  /// - Returns: `plain` unless standard output is a terminal.
  package static func current(
    environment: [String: String], allowsColour: Bool
  ) -> TerminalProfile {
    guard isatty(STDOUT_FILENO) == 1 else { return plain }
    let isDumb = environment["TERM"].map { $0.isEmpty || $0 == "dumb" } ?? true
    let noColour = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    return TerminalProfile(
      isInteractive: isatty(STDIN_FILENO) == 1, showsOnTerminal: true,
      hasColour: allowsColour && !noColour && !isDumb,
      hasUnicode: !isDumb && usesUTF8(environment), columns: columnsNow() ?? 80)
  }

  private static func usesUTF8(_ environment: [String: String]) -> Bool {
    for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
      guard let locale = environment[name], !locale.isEmpty else { continue }
      let folded = locale.lowercased()
      return folded.hasSuffix("utf-8") || folded.hasSuffix("utf8")
    }
    return false
  }

  /// The terminal's present columns; nil where there is no terminal.
  package static func columnsNow() -> Int? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return max(leastColumns, Int(size.ws_col))
  }
}

/// How a piece of our own text is set off.
package enum TextStyle: String, Hashable, Sendable {
  case bold = "1"
  case dim = "2"
  case good = "32"
  case bad = "31"
  case note = "33"
}

extension TerminalProfile {
  /// The text in a style, or as it is where there is no colour.
  package func styled(_ text: String, _ style: TextStyle) -> String {
    hasColour && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}
