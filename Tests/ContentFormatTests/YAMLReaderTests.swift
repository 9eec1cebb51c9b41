// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Testing

/// One file and the errors it must give, as `line:column code`.
struct Refusal: Sendable, CustomTestStringConvertible {
  var name: String
  var text: String
  var errors: [String]

  init(_ name: String, _ text: String, _ errors: [String]) {
    self.name = name
    self.text = text
    self.errors = errors
  }

  var testDescription: String { name }
}

func errors(of text: String) -> [String] {
  YAMLReader.read(Array(text.utf8), file: "f").errors
    .map { "\($0.line):\($0.column) \($0.code.rawValue)" }
}

@Suite("Strict YAML")
struct YAMLReaderTests {
  static let refusals: [Refusal] = [
    .init("anchor on a scalar", "a: &x 1\nb: 2\n", ["1:4 yaml-anchor"]),
    .init("anchor on a mapping", "a: &x\n  b: 1\n", ["1:4 yaml-anchor"]),
    .init("anchor in a flow list", "a: [1, &x 2]\n", ["1:8 yaml-anchor"]),
    .init("alias as a value", "a: *x\n", ["1:4 yaml-alias"]),
    .init("alias in a list", "a:\n  - *x\n", ["2:5 yaml-alias"]),
    .init("alias as a key", "*x : 1\n", ["1:1 yaml-alias"]),
    .init(
      "anchor and alias, both told", "a: &x 1\nb: *x\n", ["1:4 yaml-anchor", "2:4 yaml-alias"]),
    .init("tag", "a: !!str 1\n", ["1:4 yaml-tag"]),
    .init("local tag on a mapping", "a: !thing\n  b: 1\n", ["1:4 yaml-tag"]),
    .init("verbatim tag", "a: !<tag:yaml.org,2002:int> 1\n", ["1:4 yaml-tag"]),
    .init("merge key", "a:\n  <<: {b: 1}\n", ["2:3 yaml-merge-key"]),
    .init("two documents", "a: 1\n---\nb: 2\n", ["2:1 yaml-documents"]),
    .init("duplicate key", "a: 1\nb: 2\na: 3\n", ["3:1 duplicate-key"]),
    .init("duplicate key below", "x:\n  a: 1\n  'a': 3\n", ["3:3 duplicate-key"]),
    .init("duplicate key in a flow mapping", "x: {a: 1, a: 3}\n", ["1:11 duplicate-key"]),
    .init("no key", "a: 1\n: 2\n", ["2:1 null-key"]),
    .init("null as a key", "~: 2\nnull: 3\n", ["1:1 null-key", "2:1 null-key"]),
    .init("a list as a key", "a: {[1, 2]: x}\n", ["1:5 complex-key"]),
    .init("a mapping as a key", "? {a: 1}\n: x\n", ["1:3 complex-key"]),
    .init("tab as indentation", "a:\n\tb: 1\n", ["2:1 yaml-syntax"]),
    .init("a colon in a plain scalar", "do: take: it\n", ["1:9 yaml-syntax"]),
    .init("an open quote", "a: \"b\n", ["2:1 yaml-syntax"]),
    .init("escape character", "a: x\u{1B}[2J\n", ["1:5 control-character"]),
    .init("escape character as an escape", "a: \"x\\e[2J\"\n", ["1:4 control-character"]),
    .init("nul as an escape", "a: \"\\0\"\n", ["1:4 control-character"]),
    .init("right-to-left override", "a: 1\nb: x\u{202E}y\n", ["2:5 control-character"]),
    .init("bidi isolate as an escape", "a: \"\\u2066\"\n", ["1:4 control-character"]),
    .init("line separator", "a: x\u{2028}y\n", ["1:5 control-character"]),
    .init("C1 control", "a: x\u{85}y\n", ["1:5 control-character"]),
    .init("delete", "a: \u{7F}\n", ["1:4 control-character"]),
    .init("carriage return alone", "a: 1\rb: 2\n", ["1:6 control-character"]),
    .init("a second byte order mark", "\u{FEFF}a: \u{FEFF}1\n", ["1:4 control-character"]),
    .init("a masked character", "a: \u{E0F1}x\n", ["1:4 control-character"]),
    .init("empty", "", ["1:1 missing-field"]),
    .init("only a comment", "# nothing\n", ["1:1 missing-field"]),
    .init(
      "every error is told", "a: *x\nb: !t 1\n<<: 1\n",
      [
        "1:4 yaml-alias", "2:4 yaml-tag", "3:1 yaml-merge-key",
      ]),
  ]

  @Test("refuses what content may not hold, at its place", arguments: refusals)
  func refuses(_ refusal: Refusal) {
    #expect(errors(of: refusal.text) == refusal.errors)
  }

  @Test("a refused file has no root")
  func refusedHasNoRoot() {
    #expect(YAMLReader.read(Array("a: *x".utf8), file: "f").root == nil)
  }

  @Test("bytes that are not UTF-8 are refused at their place")
  func encoding() {
    let read = YAMLReader.read(Array("a: 1\nbc".utf8) + [0xFF, 0xFE], file: "f")
    #expect(
      read.errors.map(\.description) == [
        "f:2:3: error encoding: the file is not UTF-8 (save it as UTF-8)"
      ])
  }

  @Test(
    "indicators inside text are text",
    arguments: [
      "a*b", "a & b", "x!", "'*x'", "\"&y\"", "'!t'", "arn:aws:*:x", "<a> && <b>",
    ])
  func indicatorsInText(_ written: String) throws {
    let root = try #require(YAMLReader.read(Array("a: \(written)".utf8), file: "f").root)
    let bare = written.trimmingPrefix { $0 == "'" || $0 == "\"" }
    let text = try #require(root["a"]?.scalar?.text)
    #expect(bare.hasPrefix(text))
    #expect(text.count >= written.count - 2)
  }

  @Test("indicators that begin lines of a block are text")
  func indicatorsInBlocks() throws {
    let text = "run: |\n  *a\n  &b\n  !c\n  - *d\n"
    let root = try #require(YAMLReader.read(Array(text.utf8), file: "f").root)
    #expect(root["run"]?.scalar?.text == "*a\n&b\n!c\n- *d\n")
    #expect(root["run"]?.scalar?.style == .literal)
  }

  @Test(
    "scalars stay what was written",
    arguments: [
      "no", "off", "0007", "1:30", "1.10", "0x1F", "1_000", "2026-03-06", "NaN", "+1", ".5", "Yes",
    ])
  func raw(_ written: String) throws {
    let root = try #require(YAMLReader.read(Array("a: \(written)".utf8), file: "f").root)
    #expect(root["a"]?.scalar == .init(text: written, style: .plain))
  }

  @Test("keys keep their order and values their places")
  func order() throws {
    let root = try #require(
      YAMLReader.read(Array("b: 1\na:\n  - x\n  - {c: y}\n".utf8), file: "f").root)
    #expect(root.mapping?.map(\.name) == ["b", "a"])
    #expect(
      root["a"]?.sequence?.map(\.mark) == [Mark(line: 3, column: 5), Mark(line: 4, column: 5)])
    #expect(root["a"]?.sequence?[1]["c"]?.mark == Mark(line: 4, column: 9))
  }

  @Test("columns count characters, not bytes")
  func columns() {
    #expect(errors(of: "é: [ü, *x]\n") == ["1:8 yaml-alias"])
  }

  @Test("CRLF line ends and a byte order mark are fine")
  func lineEnds() throws {
    let root = try #require(YAMLReader.read(Array("\u{FEFF}a: 1\r\nb: 2\r\n".utf8), file: "f").root)
    #expect(root["b"]?.scalar?.text == "2")
    #expect(root["b"]?.mark == Mark(line: 2, column: 4))
  }

  @Test(
    "a comment after a plain scalar is noticed",
    arguments: [
      ("a: x # y", true), ("a: x#y", false), ("a: x\n  y # z", true), ("a: x\n  y", false),
      ("a: 'x' # y", false), ("a: x\n# y\nb: 2", false), ("a: [x, y] # z", false),
      ("a: x  y\t# z", true), ("a: xé # z", true),
    ])
  func comment(_ text: String, _ expected: Bool) throws {
    let root = try #require(YAMLReader.read(Array(text.utf8), file: "f").root)
    #expect((root["a"]?.scalar?.cutByComment ?? false) == expected)
  }
}

@Suite("Limits of content files")
struct YAMLLimitTests {
  private func nested(_ depth: Int) -> String {
    String(repeating: "[", count: depth - 1) + "x" + String(repeating: "]", count: depth - 1)
  }

  @Test("depth 64 passes, 65 does not, and absurd depth is refused before it is read")
  func depth() {
    #expect(errors(of: nested(64)) == [])
    #expect(errors(of: nested(65)) == ["1:65 limit"])
    #expect(errors(of: nested(6400)) == ["1:1 limit"])
    #expect(errors(of: String(repeating: "[", count: 1_000_000)) == ["1:1 limit"])
    #expect(errors(of: String(repeating: "- ", count: 500_000) + "x") == ["1:1 limit"])
    #expect(errors(of: String(repeating: "? ", count: 500_000) + "x") == ["1:1 limit"])
    #expect(errors(of: String(repeating: "{a: ", count: 200_000)) == ["1:1 limit"])
  }

  @Test("nesting by indentation is bounded too")
  func indentation() {
    var text = ""
    for depth in 0..<1_000 { text += String(repeating: " ", count: depth) + "a:\n" }
    let found = errors(of: text)
    #expect(found.count == 1)
    #expect(found.first?.hasSuffix("limit") == true)
  }

  @Test("50,000 values pass, one more does not")
  func nodes() {
    func list(_ count: Int) -> String {
      "[" + Array(repeating: "a", count: count).joined(separator: ",") + "]"
    }
    #expect(errors(of: list(49_999)) == [])
    #expect(errors(of: list(50_000)) == ["1:100000 limit"])
    #expect(errors(of: list(500_000)) == ["1:100000 limit"])
  }

  @Test("a text of 64 KiB passes, one byte more does not")
  func strings() {
    let longest = String(repeating: "x", count: 65_536)
    #expect(errors(of: "a: \(longest)") == [])
    #expect(errors(of: "a: \(longest)x") == ["1:4 limit"])
    #expect(errors(of: "? '\(longest)x'\n: 1") == ["1:3 limit"])
  }

  @Test("a file of 1 MiB passes, one byte more does not")
  func fileSize() {
    let line = String(repeating: "#", count: 1 << 20)
    #expect(errors(of: "a: 1\n" + line.dropLast(5)) == [])
    #expect(errors(of: "a: 1\n" + line.dropLast(4)) == ["1:1 limit"])
  }

  @Test("an alias bomb costs nothing, as values and as keys")
  func bomb() {
    var text = "a0: &a0 [x, x]\n"
    for level in 1...60 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    #expect(errors(of: text).first == "1:5 yaml-anchor")
    #expect(errors(of: text + "*a60 : x\n").first == "1:5 yaml-anchor")
    #expect(errors(of: "a: &a\n  <<: *a\n  b: *a\n").first == "1:4 yaml-anchor")
  }

  @Test("a hundred thousand control characters give twenty errors")
  func manyErrors() {
    #expect(errors(of: String(repeating: "\u{1}", count: 100_000)).count == 20)
  }

  @Test("a key nested as deep as may be costs no more than its size", .timeLimit(.minutes(1)))
  func nestedKeys() {
    let depth = 250
    let filler = Array(repeating: "a", count: 100_000).joined(separator: ",")
    let text =
      String(repeating: "{", count: depth) + "[\(filler)]" + String(repeating: ": x}", count: depth)
    #expect(!errors(of: text).isEmpty)
  }
}
