// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Documents
import Simulation
import Testing

@Suite("Placeholders")
struct PlaceholderTests {
  static let release = Instant(seconds: 1_772_820_000)  // 2026-03-06T18:00:00Z
  static let bindings = Bindings([
    "release": .time(release),
    "table": .text("orders"),
    "odd": .text("<table> two words"),
    "late": .time(Instant(milliseconds: 1_772_820_000_050)),
    "before": .thing(
      text: "arn:b", parts: ["arn": .text("arn:b"), "id": .text("b1"), "first": .time(release)]),
  ])

  @Test(
    "replaces names, parts, arithmetic and renderings",
    arguments: [
      ("<table>", "orders"), ("a <table> b <table>", "a orders b orders"),
      ("<release>", "2026-03-06T18:00:00Z"), ("<release - 1s>", "2026-03-06T17:59:59Z"),
      ("<release + 6d>", "2026-03-12T18:00:00Z"), ("<release.epoch>", "1772820000"),
      ("<release.date>", "2026-03-06"), ("<release.date - 1d>", "2026-03-05"),
      ("<release - 1ms>", "2026-03-06T17:59:59.999Z"), ("<late>", "2026-03-06T18:00:00.050Z"),
      ("<late.epoch>", "1772820000.050"), ("<before>", "arn:b"), ("<before.id>", "b1"),
      ("<before.first + 1s>", "2026-03-06T18:00:01Z"),
      ("<before.first.epoch>", "<before.first.epoch>"),
      ("<odd>", "<table> two words"), ("x<table>y", "xordersy"), ("", ""),
    ])
  func replaces(_ text: String, _ expected: String) throws {
    #expect(try Self.bindings.substitute(text) == expected)
  }

  @Test(
    "anything else between angle brackets is literal",
    arguments: [
      "<", ">", "<>", "a<b", "a < b > c", "<Table>", "<1x>", "<-x>", "<table", "table>", "< table>",
      "<table >", "<table.>", "<table.ID>", "<release -1s>", "<release - 1>", "<release - 1w>",
      "<release - s>", "<release  - 1s>", "<release - 1s >", "<release - 1s - 1s>",
      "<release -  1s>",
      "<a_b>", "<é>", "<<",
    ])
  func literal(_ text: String) throws {
    #expect(Placeholder.occurrences(in: text) == [])
    #expect(try Self.bindings.substitute(text) == text)
  }

  @Test("a placeholder inside literal brackets is found")
  func inner() throws {
    #expect(try Self.bindings.substitute("<<table>>") == "<orders>")
  }

  @Test(
    "what is undeclared is an error with a suggestion",
    arguments: [
      ("<tabel>", "nothing is called <tabel> (did you mean table?)"),
      ("<before.arm>", "before has no arm (did you mean arn?)"),
      ("<table.arn>", "table has no arn"), ("<table - 1s>", "<table - 1s>: table is no time"),
      ("<release.id>", "release has no id"),
      ("<zzzzzzz>", "nothing is called <zzzzzzz> (one of: before, late, odd, release, table)"),
    ])
  func undeclared(_ text: String, _ expected: String) {
    #expect {
      try Self.bindings.substitute("x \(text)")
    } throws: { error in
      guard let problem = error as? ContentProblem else { return false }
      return problem.message + (problem.fix.map { " (\($0))" } ?? "") == expected
    }
    #expect(Self.bindings.problems(in: text + text).count == 2)
  }

  @Test("the longest name and both edges of a text are found")
  func places() {
    let name = "a" + String(repeating: "-", count: 63)
    let found = Placeholder.occurrences(in: "<\(name)> <b.c + 5ms>")
    #expect(found.map(\.name) == [name, "b"])
    #expect(found.map(\.part) == [nil, "c"])
    #expect(found.map(\.shift) == [nil, .milliseconds(5)])
    #expect(found.map(\.range) == [0..<66, 67..<78])
  }

  @Test(
    "field times count from the clock",
    arguments: [
      ("-40d", -40 * 86_400), ("+3h", 10_800), ("+0s", 0), ("2026-03-06T18:00:00Z", nil),
      ("<release>", nil),
    ] as [(String, Int64?)])
  func fieldTimes(_ text: String, _ offset: Int64?) throws {
    let clock = Instant(seconds: 1_000_000_000)
    let time = try #require(FieldTime(text))
    let expected = offset.map { clock + .seconds($0) } ?? Self.release
    #expect(try time.instant(from: clock, Self.bindings) == expected)
  }

  @Test(
    "what is no time is refused",
    arguments: [
      "", "40d", "+", "-1", "+1w", "+1.5h", "2026-03-06", "2026-03-06T18:00:00",
      "2026-02-29T00:00:00Z",
      "2026-03-06T24:00:00Z", "2026-03-06T18:00:00+01:00", "<release> ", "<X>", "+999999999999999d",
    ])
  func noTime(_ text: String) { #expect(FieldTime(text) == nil) }

  @Test("a placeholder that is no time is refused where a time is wanted")
  func notATime() throws {
    let time = try #require(FieldTime("<table>"))
    #expect(throws: ContentProblem.self) {
      try time.instant(from: Self.release, Self.bindings)
    }
  }
}

@Suite("Comparisons")
struct ComparisonTests {
  static func comparison(_ text: String) throws -> Comparison {
    let file = ContentFile(bytes: Array(text.utf8), file: "f", as: Comparison.format)
    return try #require(file.value, "\(file.errors)")
  }

  @Test(
    "compares numbers, text, lists, mappings and instants",
    arguments: [
      ("is: 5", "5", true), ("is: 5", "5.0", true), ("is: 5", "\"5\"", true),
      ("is: '5'", "5", false),
      ("is: '5'", "\"5\"", true), ("is: 05", "5", false), ("is: a", "\"a\"", true),
      ("is: a", "\"A\"", false), ("is: true", "true", true), ("is: true", "\"true\"", false),
      ("is: null", "null", true), ("is: null", "0", false), ("is: [1, 2]", "[1,2]", true),
      ("is: [1, 2]", "[2,1]", false), ("is: [1]", "[\"1\"]", true),
      ("is: {a: 1}", "{\"a\":1}", true),
      ("is: {a: 1}", "{\"a\":1,\"b\":2}", false),
      ("is: 2026-03-06T18:00:00Z", "\"2026-03-06T18:00:00+00:00\"", true),
      ("is: 2026-03-06T18:00:00Z", "\"2026-03-06T18:00:01+00:00\"", false),
      ("min: 1", "1", true), ("min: 1", "0", false), ("min: 1", "\"2\"", true),
      ("min: 1", "\"x\"", false), ("min: 1", "null", false), ("min: 1", "[1,2]", false),
      ("max: 5", "5", true), ("max: 5", "5.1", false), ("{min: 1, max: 5}", "3", true),
      ("{min: 1, max: 5}", "6", false),
      ("min: 2026-03-06T18:00:00Z", "\"2026-03-06T18:00:00.500000+00:00\"", true),
      ("max: 2026-03-06T18:00:00Z", "\"2026-03-06T18:00:00.500000+00:00\"", false),
      ("max: 2026-03-06T18:00:00Z", "5", false), ("has: a", "[\"b\",\"a\"]", true),
      ("has: a", "[\"ab\"]", false), ("has: [a, b]", "[\"b\",\"a\",\"c\"]", true),
      ("has: [a, z]", "[\"b\",\"a\"]", false), ("has: bc", "\"abcd\"", true),
      ("has: x", "\"abcd\"", false),
      ("has: k", "{\"k\":1}", true), ("has: {k: 1}", "{\"k\":1,\"l\":2}", true),
      ("has: {k: 2}", "{\"k\":1}", false), ("has: 1", "[\"1\"]", true), ("has: a", "null", false),
      ("lacks: a", "[\"b\"]", true), ("lacks: [a, b]", "[\"b\"]", false), ("lacks: a", "[]", true),
      ("{is: 10, within: 2}", "12", true), ("{is: 10, within: 2}", "12.01", false),
      ("{is: 10, within: 2}", "\"8\"", true),
      ("{is: 2026-03-06T18:00:00Z, within: 5m}", "\"2026-03-06T18:05:00+00:00\"", true),
      ("{is: 2026-03-06T18:00:00Z, within: 5m}", "\"2026-03-06T17:54:59+00:00\"", false),
      ("{is: 2026-03-06T18:00:00Z, within: 60}", "\"2026-03-06T18:01:00+00:00\"", true),
      ("within: [1, 5]", "1", true), ("within: [1, 5]", "5.5", false),
      ("one-of: [a, 5]", "5", true), ("one-of: [a, 5]", "\"a\"", true),
      ("one-of: [a, 5]", "\"b\"", false),
    ])
  func compares(_ comparison: String, _ actual: String, _ passes: Bool) throws {
    let outcome = try Self.comparison(comparison).evaluate(Document.parse(actual))
    #expect(outcome.passes == passes)
  }

  @Test(
    "says what was expected and what was found",
    arguments: [
      ("min: 1", "0", "at least 1", "0"),
      ("{min: 1, max: 5}", "[]", "at least 1 and at most 5", "[]"),
      ("is: a", "\"\"", "a", "\"\""), ("is: 5", "null", "5", "nothing"),
      ("has: [a, b]", "[\"c\"]", "holding [\"a\",\"b\"]", "[\"c\"]"),
      ("{is: 10, within: 2}", "5", "10, give or take 2", "5"),
      ("one-of: [a, b]", "3", "one of a, b", "3"),
    ])
  func words(_ comparison: String, _ actual: String, _ expected: String, _ found: String) throws {
    let outcome = try Self.comparison(comparison).evaluate(Document.parse(actual))
    #expect(outcome.expected == expected && outcome.actual == found)
  }

  @Test("a long value is cut in what is shown")
  func long() throws {
    let outcome = try Self.comparison("is: a").evaluate(.string(String(repeating: "x", count: 500)))
    #expect(outcome.actual.count == 200)
  }

  @Test(
    "a comparison that nothing could meet is refused",
    arguments: [
      "{}", "within: 5", "{is: 1, within: [1, 2]}", "{is: 1, within: x}", "within: [a, b]",
      "within: [1]",
      "min: [1]", "one-of: 5", "one-of: []",
    ])
  func refused(_ text: String) {
    let file = ContentFile(bytes: Array(text.utf8), file: "f", as: Comparison.format)
    #expect(file.value == nil && file.errors.count == 1)
  }

  @Test("placeholders in a comparison are replaced")
  func placeholders() throws {
    let comparison = try Self.comparison("{is: <release>, one-of: [<table>, {a: x<table>}]}")
    let replaced = try comparison.substituting(PlaceholderTests.bindings)
    #expect(replaced.equal == "2026-03-06T18:00:00Z")
    #expect(replaced.oneOf == ["orders", ["a": "xorders"]])
    #expect(comparison.texts == ["<release>", "<table>", "x<table>"])
  }
}
