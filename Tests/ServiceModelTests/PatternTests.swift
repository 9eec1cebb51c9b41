// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import ServiceModel

@Suite("Patterns")
struct PatternTests {
  @Test("every pattern of every model is understood", arguments: Service.names)
  func understood(service: String) throws {
    for shape in try #require(Service.named(service)).shapes {
      guard let pattern = shape.pattern else { continue }
      #expect(Pattern(pattern) != nil, "\(shape.name): \(pattern)")
    }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let pattern: String
    let met: [String]
    let unmet: [String]
    var testDescription: String { pattern }
  }

  static let rows: [Row] = [
    Row(
      pattern: "[a-zA-Z0-9_.-]+", met: ["a", "a-b_c.9", "-"],
      unmet: ["", "a b", "é", "a\n", "a/b"]),
    Row(
      pattern: #"^[a-zA-Z0-9\-\_]{2,50}$"#,
      met: ["ab", String(repeating: "x", count: 50)],
      unmet: ["a", String(repeating: "x", count: 51), "a.b"]),
    Row(
      pattern: #"^(\*|[a-zA-Z0-9\-\_]{2,50})$"#, met: ["*", "ab"], unmet: ["**", "a", ""]),
    Row(
      pattern: "([0-9a-f]{16})+",
      met: ["0123456789abcdef", "0123456789abcdef0123456789abcdef"],
      unmet: ["", "0123456789abcde", "0123456789abcdef0"]),
    Row(
      pattern: #"[\x20-\x21\x23-\x2B\x2D-\x7E]*"#, met: ["", "a b!"], unmet: ["\"", ",", "\u{7F}"]),
    Row(pattern: #"[,;:|\t ]"#, met: [",", "\t", " ", "|"], unmet: ["", ",,", "t"]),
    Row(pattern: #".*\S.*"#, met: ["x", "  x  "], unmet: ["", "   ", "x\ny"]),
    Row(pattern: #"^[^\$]+$"#, met: ["abc"], unmet: ["", "a$b"]),
    Row(
      pattern: #"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"#, met: ["Straße 9", "日本", "a-b"],
      unmet: ["a#b", "!"]),
    Row(pattern: #"\p{Print}+"#, met: ["a b~"], unmet: ["", "\t", "é"]),
    Row(
      pattern:
        #"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*"#,
      met: ["", "a\t", "😀"], unmet: ["\u{1}", "\u{FFFE}"]),
    Row(pattern: #"^(?! )[\p{L}-_]*(?<! )$"#, met: ["a", "", "a-b_"], unmet: [" a", "a "]),
    Row(pattern: "a|bc|", met: ["a", "bc", ""], unmet: ["ab", "b"]),
    Row(pattern: "(a*)*b", met: ["b", "aab"], unmet: ["a", "", "ba"]),
    Row(pattern: "(a|ab)(c|bcd)?d?", met: ["a", "abcd", "ab", "acd", "abcdd"], unmet: ["abbcdc"]),
    Row(pattern: "a{2}b{1,}c{0,1}", met: ["aab", "aabbc"], unmet: ["ab", "aac", "aabcc"]),
    Row(pattern: "a{2,3}?", met: ["aa", "aaa"], unmet: ["a", "aaaa"]),
    Row(pattern: #"[0-9a-]+[^\d]"#, met: ["1-x", "a-"], unmet: ["1", "-9"]),
  ]

  @Test("a whole text satisfies a pattern or not", arguments: rows)
  func matching(row: Row) throws {
    let pattern = try #require(Pattern(row.pattern))
    for text in row.met { #expect(pattern.matches(text), "\(text.debugDescription)") }
    for text in row.unmet { #expect(!pattern.matches(text), "\(text.debugDescription)") }
  }

  @Test(
    "what is no pattern is not read",
    arguments: ["(", "[", "[a", "a{", "a{2,1}", "*", #"\"#, #"\q"#, #"\p{Han}"#, ")", "[z-a]"])
  func unreadable(text: String) {
    #expect(Pattern(text) == nil)
  }

  @Test("a text that could be tried for ever counts as not matching")
  func stepLimit() throws {
    let pattern = try #require(Pattern(#"([ \t]+[\x20-\x7E]+)*"#))
    #expect(!pattern.matches(String(repeating: " a", count: 200) + "\u{1}"))
    let long = try #require(Pattern("[a-z]+"))
    #expect(long.matches(String(repeating: "a", count: 1_000_000)))
    let deep = try #require(Pattern("(ab)+"))
    #expect(deep.matches(String(repeating: "ab", count: 500)))
    #expect(!deep.matches(String(repeating: "ab", count: 1_000_000)))
  }
}
