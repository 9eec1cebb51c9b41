// SPDX-License-Identifier: GPL-3.0-or-later

internal import Documents
internal import Terminal

extension Console {
  /// Columns that our own text is wrapped to.
  var columns: Int {
    profile.showsOnTerminal
      ? min(TerminalProfile.columnsNow() ?? profile.columns, 100)
      : profile.columns
  }

  /// One line of an answer, as it stands.
  func say(_ line: String = "") { out.write(line + "\n") }

  /// Running text of an answer, wrapped.
  func tell(_ text: String, first: String = "", rest: String? = nil) {
    for line in TerminalText.wrapped(text, to: columns, first: first, rest: rest) { say(line) }
  }

  /// Talk beside the answer: to standard error, wrapped.
  func talk(_ text: String) {
    try? out.flush()
    for line in TerminalText.wrapped(TerminalText.escaped(text, keepsLines: true), to: columns) {
      err.write(line + "\n")
    }
  }

  /// A document as the answer: one object, on one line unless a person reads it.
  func answer(_ document: Document) {
    out.write(document.json(profile.showsOnTerminal ? .indented(2) : .compact) + "\n")
  }

  /// A refusal's line.
  func complain(_ refusal: PromptRefusal) { talk(refusal.line) }

  /// Sends everything written on its way.
  ///
  /// - Throws: `OutputFailure` if standard output does not take it; a failing standard error is
  ///   nobody's to hear.
  package func flush() throws {
    try? err.flush()
    try out.flush()
  }

  /// AWS text: never edited, but harmless on a terminal.
  func passOn(_ text: String, to channel: OutputChannel) {
    channel.write(
      profile.showsOnTerminal ? TerminalText.escaped(text, keepsLines: true) : text)
  }
}

extension Console {
  /// Rows as columns two blanks apart, or one where the last column's longest word would not fit; the
  /// last column is not padded, and wrapped where the terminal ends.
  ///
  /// - Parameters:
  ///   - rows: Equally long rows of escaped text.
  ///   - right: Columns that are aligned to the right.
  ///   - indent: Blanks before each line.
  func table(_ rows: [[String]], right: Set<Int> = [], indent: Int = 2) {
    guard let count = rows.map(\.count).max() else { return }
    let widths = (0..<count).map { column in
      rows.map { column < $0.count ? TerminalText.width($0[column]) : 0 }.max() ?? 0
    }
    let longest =
      rows.compactMap(\.last).flatMap { $0.split(separator: " ") }
      .map { TerminalText.width(String($0)) }.max() ?? 0
    let before = indent + widths.dropLast().reduce(0) { $0 + $1 + 2 }
    let gap = before + longest > columns ? " " : "  "
    for row in rows {
      var line = String(repeating: " ", count: indent)
      for (column, cell) in row.enumerated() {
        let isLast = column == row.count - 1
        let text =
          right.contains(column)
          ? TerminalText.aligned(cell, to: widths[column])
          : isLast ? cell : TerminalText.padded(cell, to: widths[column])
        line += text + (isLast ? "" : gap)
      }
      while line.hasSuffix(" ") { line.removeLast() }
      guard let last = row.last, !right.contains(row.count - 1), !last.isEmpty,
        TerminalText.width(line) > columns
      else {
        say(line)
        continue
      }
      tell(last, first: String(line.dropLast(last.count)))
    }
  }
}

/// Text from the world, a file or an argument, made fit for a terminal.
///
/// - Parameters:
///   - text: Any text.
///   - keepsLines: Keeps line ends, for running text that will be wrapped.
/// - Returns: The text with its controls written out.
func plain(_ text: String, keepsLines: Bool = false) -> String {
  TerminalText.escaped(text, keepsLines: keepsLines)
}

/// `1 backup`, `3 backups`.
func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  "\(grouped(Int64(count))) \(count == 1 ? one : many ?? one + "s")"
}

/// `1,234,567`.
func grouped(_ number: Int64) -> String {
  var digits = Array(String(number.magnitude))
  var index = digits.count - 3
  while index > 0 {
    digits.insert(",", at: index)
    index -= 3
  }
  return (number < 0 ? "-" : "") + String(digits)
}

/// A number with exactly so many decimals, rounded half up, as `String(format:)` would without
/// Foundation and the locale.
func decimal(_ value: Double, _ places: Int) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  var scale = 1.0
  for _ in 0..<places { scale *= 10 }
  let scaled = Int64((abs(value) * scale).rounded())
  let whole = scaled / Int64(scale)
  let sign = value < 0 && scaled > 0 ? "-" : ""
  guard places > 0 else { return sign + grouped(whole) }
  var fraction = String(scaled % Int64(scale))
  fraction = String(repeating: "0", count: places - fraction.count) + fraction
  return sign + grouped(whole) + "." + fraction
}
