// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation
import Terminal

/// What a timeline shows of one table.
struct TimelineFacts {
  /// Something at one instant: a letter on the line and a row in the list below.
  struct Mark {
    let at: Instant
    let letter: Character
    /// What happened, escaped.
    let text: String
    /// When it happened, where that is not where its letter stands: a restore's request.
    var done: Instant?
  }

  let table: String
  let place: String
  let from: Instant
  let until: Instant
  /// The restorable seconds; nil while PITR is off.
  let window: ClosedRange<Instant>?
  let periodDays: Int
  /// Writes after one instant and up to another; nil where no history is kept.
  let writes: ((_ after: Instant, _ through: Instant) -> Int)?
  let backups: [Mark]
  let restores: [Mark]
  let changes: [Mark]
  let incidents: [Mark]
}

/// A table's time drawn as lines of text: the window, the writes, and what happened when.
///
/// Plain ASCII unless the terminal is known to show more.
struct TimelineChart {
  let facts: TimelineFacts
  let columns: Int
  let usesUnicode: Bool

  private static let labelWidth = 10

  /// Columns of the axis; at least 20, however narrow the terminal.
  var axisWidth: Int { max(20, columns - Self.labelWidth - 2) }

  private var span: Int64 { max(1000, (facts.until - facts.from).wholeMilliseconds) }

  /// The column an instant falls into; nil outside the axis.
  private func column(_ instant: Instant) -> Int? {
    guard instant >= facts.from, instant <= facts.until else { return nil }
    let offset = (instant - facts.from).wholeMilliseconds
    return min(axisWidth - 1, Int(offset * Int64(axisWidth) / span))
  }

  /// The instant at which a column begins.
  private func start(of column: Int) -> Instant {
    facts.from + .milliseconds(span * Int64(column) / Int64(axisWidth))
  }

  /// The whole drawing.
  func lines() -> [String] {
    var result = [label("") + edges()]
    result.append(label("window") + windowLine())
    let (writes, note) = writesLine()
    result.append(label("writes") + writes)
    for (name, marks) in [
      ("incidents", facts.incidents), ("changes", facts.changes), ("backups", facts.backups),
      ("restores", facts.restores),
    ] where marks.contains(where: { column($0.at) != nil }) {
      result.append(label(name) + markLine(marks))
    }
    return result.map(Self.trimmed) + [""] + note + windowNotes() + list()
  }

  private func label(_ text: String) -> String { TerminalText.padded(text, to: Self.labelWidth) }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }

  /// The first and the last instant above the ends of the axis.
  private func edges() -> String {
    let left = facts.from.promptText
    let right = facts.until.promptText
    let gap = axisWidth - left.count - right.count
    return gap < 1 ? left : left + String(repeating: " ", count: gap) + right
  }

  private func windowLine() -> String {
    guard let window = facts.window else {
      return String(repeating: usesUnicode ? "┈" : ".", count: axisWidth)
    }
    let (inside, outside) = usesUnicode ? ("━", "┈") : ("=", ".")
    let first = column(window.lowerBound) ?? (window.lowerBound < facts.from ? 0 : axisWidth)
    let last = column(window.upperBound) ?? (window.upperBound > facts.until ? axisWidth - 1 : -1)
    return (0..<axisWidth).map { $0 >= first && $0 <= last ? inside : outside }.joined()
  }

  private static let asciiLevels = Array(" .:-=+*#")
  private static let unicodeLevels = Array(" ▁▂▃▄▅▆▇█")

  /// One glyph for the writes of each column, and what the glyphs mean.
  private func writesLine() -> (line: String, note: [String]) {
    guard let writes = facts.writes else {
      return ("", ["Writes are kept while PITR is on; it is off."])
    }
    let counts = (0..<axisWidth).map { index in
      // An interval holds what came after its beginning, as a restore to that beginning leaves out.
      writes(start(of: index), index == axisWidth - 1 ? facts.until : start(of: index + 1))
    }
    let most = counts.max() ?? 0
    let total = counts.reduce(0, +)
    let levels = usesUnicode ? Self.unicodeLevels : Self.asciiLevels
    let line = counts.map { count -> Character in
      guard count > 0 else { return levels[0] }
      // Rounded up, so that a single write shows, and the fullest column is full.
      return levels[(count * (levels.count - 1) + most - 1) / most]
    }
    let each = Duration.milliseconds(span / Int64(axisWidth)).spoken
    let note =
      total == 0
      ? "No writes in this time."
      : "\(counted(total, "write")); a column is \(each), the fullest holds \(grouped(Int64(most)))."
    return (String(line), [note])
  }

  private func markLine(_ marks: [TimelineFacts.Mark]) -> String {
    var line = Array(repeating: Character(" "), count: axisWidth)
    for mark in marks {
      guard let column = column(mark.at) else { continue }
      // Two in one column: the list below tells them apart.
      line[column] = line[column] == " " || line[column] == mark.letter ? mark.letter : "*"
    }
    return String(line)
  }

  private func windowNotes() -> [String] {
    guard let window = facts.window else {
      return wrapped("PITR is off: nothing between the backups can be restored.")
    }
    return wrapped(
      "PITR is on, \(counted(facts.periodDays, "day")): any second from "
        + "\(window.lowerBound.rfc3339) to \(window.upperBound.rfc3339).")
  }

  private func wrapped(_ text: String) -> [String] { TerminalText.wrapped(text, to: columns) }

  private func list() -> [String] {
    let marks = (facts.incidents + facts.changes + facts.backups + facts.restores).sorted {
      ($0.done ?? $0.at, String($0.letter), $0.text) < (
        $1.done ?? $1.at, String($1.letter), $1.text
      )
    }
    guard !marks.isEmpty else { return [] }
    let shown = marks.suffix(40)
    var lines = [""]
    if shown.count < marks.count {
      lines.append("  … \(counted(marks.count - shown.count, "earlier entry", "earlier entries"))")
    }
    for mark in shown {
      let head = "  \(mark.letter)  \((mark.done ?? mark.at).rfc3339)  "
      lines += TerminalText.wrapped(mark.text, to: columns, first: head)
    }
    return lines
  }
}
