// SPDX-License-Identifier: GPL-3.0-or-later

import Terminal
import Testing

@Suite("Terminal text")
struct TerminalTextTests {
  @Test(
    "a control is written out, so that it does nothing",
    arguments: [
      ("", ""), ("orders", "orders"), ("Größe 表 ✓", "Größe 表 ✓"),
      ("a\u{0}b", "a\\u{0}b"), ("\u{1B}[31mred\u{1B}[0m", "\\u{1b}[31mred\\u{1b}[0m"),
      ("a\rb", "a\\u{d}b"), ("a\nb\tc", "a\\u{a}b\\u{9}c"), ("\u{7F}", "\\u{7f}"),
      ("\u{80}\u{9B}31m\u{9F}", "\\u{80}\\u{9b}31m\\u{9f}"), ("\u{A0}", "\u{A0}"),
      ("\u{85}", "\\u{85}"), ("\u{202E}gpj", "\\u{202e}gpj"),
      ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
      ("\u{200E}\u{200F}\u{61C}", "\\u{200e}\\u{200f}\\u{61c}"),
      ("a\u{2028}b\u{2029}c", "a\\u{2028}b\\u{2029}c"), ("\u{FEFF}x", "\\u{feff}x"),
      ("\u{E0041}", "\\u{e0041}"), ("👩\u{200D}💻", "👩\u{200D}💻"),
    ])
  func escapes(text: String, expected: String) {
    #expect(TerminalText.escaped(text) == expected)
  }

  @Test("line ends and tabs stay where lines are kept, and nothing else does")
  func keepsLines() {
    #expect(TerminalText.escaped("a\n\tb\u{1B}c\r", keepsLines: true) == "a\n\tb\\u{1b}c\\u{d}")
  }

  @Test("nothing that a terminal acts on is left of any scalar")
  func everyScalar() {
    for value in UInt32(0)...0x2FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let result = TerminalText.escaped(String(Character(scalar)))
      let category = scalar.properties.generalCategory
      if category == .control || category == .lineSeparator || category == .paragraphSeparator
        || scalar.properties.isBidiControl
      {
        #expect(result == "\\u{\(String(value, radix: 16))}")
      }
    }
  }

  @Test(
    "a width counts columns",
    arguments: [
      ("", 0), ("orders", 6), ("表", 2), ("e\u{301}", 1), ("日本語", 6), ("é", 1), ("👍", 2),
      ("\u{0}", 0), ("가", 2), ("ﾃ", 1), ("a\u{200B}b", 2),
    ])
  func widths(text: String, expected: Int) {
    #expect(TerminalText.width(text) == expected)
  }

  @Test(
    "text is cut at a column and says so",
    arguments: [
      ("orders", 6, "orders"), ("orders", 5, "orde~"), ("日本語", 5, "日本~"), ("日本語", 4, "日~"),
      ("x", 0, ""), ("xy", 1, "~"),
    ])
  func cuts(text: String, width: Int, expected: String) {
    #expect(TerminalText.cut(text, to: width) == expected)
    #expect(TerminalText.width(TerminalText.cut(text, to: width)) <= max(width, 0))
  }

  @Test("running text breaks at blanks, keeps its paragraphs, and never breaks a word")
  func wraps() {
    #expect(TerminalText.wrapped("one two three", to: 8) == ["one two", "three"])
    #expect(TerminalText.wrapped("one two three", to: 7) == ["one two", "three"])
    #expect(TerminalText.wrapped("one two three", to: 6) == ["one", "two", "three"])
    #expect(TerminalText.wrapped("", to: 10) == [""])
    #expect(TerminalText.wrapped("a\n\nb", to: 10, first: "- ") == ["- a", "", "  b"])
    #expect(
      TerminalText.wrapped("see arn:aws:dynamodb:us-east-1 now", to: 12)
        == ["see", "arn:aws:dynamodb:us-east-1", "now"])
    #expect(TerminalText.wrapped("日本 語", to: 5) == ["日本", "語"])
    #expect(TerminalText.wrapped("x y", to: 1, first: "  ") == ["  x", "  y"])
  }

  @Test("padding and alignment fill up to a column and never cut")
  func pads() {
    #expect(TerminalText.padded("表", to: 4) == "表  ")
    #expect(TerminalText.aligned("12", to: 4) == "  12")
    #expect(TerminalText.padded("orders", to: 2) == "orders")
    #expect(TerminalText.aligned("orders", to: 2) == "orders")
  }
}

@Suite("Completion table")
struct CompletionTableTests {
  @Test("descriptions stand in a column and lines never pass the edge")
  func described() {
    let lines = CompletionTable.lines(
      [
        CompletionCandidate(text: "--table-name", description: "required. The table"),
        CompletionCandidate(text: "--query", description: String(repeating: "long ", count: 30)),
      ], columns: 60)
    #expect(lines.first == "--table-name  required. The table")
    #expect(lines.last?.hasPrefix("--query       long long") == true)
    #expect(lines.allSatisfy { TerminalText.width($0) < 60 })
  }

  @Test("bare names fill columns, and a long list is counted")
  func bare() {
    let names = (1...200).map { CompletionCandidate(text: "t\($0)", description: "") }
    #expect(CompletionTable.lines(Array(names.prefix(3)), columns: 60) == ["t1  t2  t3"])
    let many = CompletionTable.lines(names, columns: 20)
    #expect(many.count == CompletionTable.maximumRows + 1)
    #expect(many.last == "... 27 more lines; type on")
  }

  @Test("a name with controls cannot act on the terminal")
  func hostile() {
    let lines = CompletionTable.lines(
      [CompletionCandidate(text: "\u{1B}[2J", description: "\u{9B}1m")], columns: 60)
    #expect(lines == ["\\u{1b}[2J  \\u{9b}1m"])
  }
}
