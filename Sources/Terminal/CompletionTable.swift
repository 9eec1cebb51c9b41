// SPDX-License-Identifier: GPL-3.0-or-later

/// The list below a line after Tab.
package enum CompletionTable {
  /// More candidates than these are counted, not listed.
  package static let maximumRows = 40

  /// One line for each candidate with its description, or columns where none has one.
  package static func lines(_ candidates: [CompletionCandidate], columns: Int) -> [String] {
    let texts = candidates.map { TerminalText.escaped($0.text) }
    let widest = texts.map(TerminalText.width).max() ?? 0
    var lines: [String] = []
    if candidates.allSatisfy({ $0.description.isEmpty }) {
      let perLine = max(1, columns / (widest + 2))
      for start in stride(from: 0, to: texts.count, by: perLine) {
        let row = texts[start..<min(start + perLine, texts.count)]
        let last = row.last ?? ""
        lines.append(
          row.dropLast().map { TerminalText.padded($0, to: widest + 2) }.joined() + last)
      }
    } else {
      let room = min(widest, columns / 2)
      lines = zip(texts, candidates).map { text, candidate in
        let line =
          TerminalText.padded(text, to: room) + "  " + TerminalText.escaped(candidate.description)
        return TerminalText.cut(line, to: columns - 1)
      }
    }
    guard lines.count > maximumRows else { return lines }
    return lines.prefix(maximumRows) + ["... \(lines.count - maximumRows) more lines; type on"]
  }
}
