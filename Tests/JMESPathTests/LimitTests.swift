// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import JMESPath
import Testing

@Suite("The limits of JMESPath")
struct LimitTests {
  private func parseError(_ expression: String) -> JMESPathError.Kind? {
    do {
      _ = try JMESPathExpression(parsing: expression)
      return nil
    } catch { return error.kind }
  }

  private func searchError(_ expression: String, in document: Document) throws
    -> JMESPathError.Kind?
  {
    let query = try JMESPathExpression(parsing: expression)
    do {
      _ = try query.search(in: document)
      return nil
    } catch { return error.kind }
  }

  @Test("an expression has at most 4,096 bytes")
  func length() {
    #expect(parseError(String(repeating: "a", count: 4096)) == nil)
    #expect(parseError(String(repeating: "a", count: 4097)) == .limit)
    #expect(parseError("'" + String(repeating: "é", count: 2048) + "'") == .limit)
    #expect(parseError(String(repeating: "a", count: 400_000)) == .limit)
  }

  @Test(
    "nesting is accepted to its limit and refused beyond, whatever nests",
    arguments: [
      ("(", "a", ")"), ("[", "a", "]"), ("{a: ", "a", "}"), ("!", "a", ""), ("abs(", "a", ")"),
      ("a[?", "a", "]"), ("& ", "a", ""), ("", "a", "[*].b"), ("", "a", "[]"), ("", "a", "==a"),
    ])
  func depth(_ open: String, _ inner: String, _ close: String) {
    func nested(_ count: Int) -> String {
      String(repeating: open, count: count) + inner + String(repeating: close, count: count)
    }
    #expect(parseError(nested(20)) == nil)
    let first = (1...200).first { parseError(nested($0)) != nil } ?? 0
    #expect((30...64).contains(first))
    #expect(parseError(nested(first)) == .limit)
    #expect(parseError(nested(400)) == .limit)
  }

  @Test("chains are long, not deep", arguments: [".a", "[0]", " | a", " || a", " && a"])
  func chains(_ link: String) throws {
    let expression = "a" + String(repeating: link, count: 4000 / link.utf8.count)
    #expect(try searchError(expression, in: ["a": 1]) == nil)
  }

  @Test("an evaluation takes at most a million steps")
  func steps() throws {
    let numbers = Document.array((0..<1000).map { .integer($0) })
    #expect(try searchError("[*].[@]", in: numbers) == nil)
    #expect(try searchError("map(&sum(`[]`), @)", in: numbers) == nil)
    #expect(try searchError("{all: @} | map(&a, all)", in: numbers) == nil)
    let cubic = "[@,@,@,@,@,@,@,@,@,@][]"
    let expression = Array(repeating: cubic, count: 8).joined(separator: " | ")
    #expect(try searchError(expression, in: 1) == .limit)
  }

  @Test(
    "values that grow by sharing are refused where their size would show",
    arguments: ["", " | to_string(@)", " | @ == @", " | contains([@], @)", " | abs(@)"])
  func sharing(_ end: String) throws {
    let doubling = Array(repeating: "[@,@]", count: 300).joined(separator: "|")
    #expect(try searchError(doubling + end, in: 1) == .limit)
    let threshold = Array(repeating: "[@,@]", count: 10).joined(separator: "|")
    let expected: JMESPathError.Kind? = end.contains("abs") ? .invalidType : nil
    #expect(try searchError(threshold + end, in: 1) == expected)
  }

  @Test("a large document is searched and returned whole")
  func large() throws {
    let item: Document = ["id": ["S": "x"], "n": ["N": "1"]]
    let items: Document = ["Items": .array(Array(repeating: item, count: 300_000))]
    let query = try JMESPathExpression(parsing: "Items")
    #expect(try query.search(in: items).array?.count == 300_000)
  }

  @Test("whatever is typed, the answer is a value or a named error")
  func noise() throws {
    let pieces = [
      "a", "[", "]", "[]", "[?", "*", ".", "(", ")", "{", "}", ":", ",", "|", "||", "&", "&&", "!",
      "==", "<", "`1`", "`", "'x'", "'", "\"q\"", "\"", "\\", "@", "-1", "0", " ", "length",
      "sort_by",
      "to_string", "é", "😀", "#", "\n",
    ]
    let document: Document = ["a": [1, ["a": "x"], nil], "q": ["a": 2.5]]
    var generator = Generator(state: 5)
    var accepted = 0
    for _ in 0..<5_000 {
      let count = Int.random(in: 1...12, using: &generator)
      let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      guard let query = try? JMESPathExpression(parsing: text) else { continue }
      accepted += 1
      _ = try? query.search(in: document)
    }
    #expect(accepted > 100)
  }

  /// A linear congruential generator: the same noise in every run.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 33)
    }
  }
}
