// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Documents
import Simulation
import Testing

// A small format that uses every builder once.

enum Tense: String, ContentChoice { case now, ever, never, no }

struct Claim: Sendable, Hashable {
  var least: Int?
  var most: Int?
  static let format = Format.record(
    "claim", "Bounds.", Claim(),
    [
      .optional("least", \.least, .integer(0...100), "At least."),
      .optional("most", \.most, .integer(0...100), "At most."),
    ])
}

enum Way: Sendable, Hashable {
  case name(String)
  case numbers([Int])
  case claim(Claim)
}

struct Sample: Sendable, Hashable {
  var id = ""
  var text = ""
  var count = 10
  var ratio: Double?
  var isOn: Bool?
  var tense = Tense.now
  var wait: Duration?
  var at: FieldTime?
  var value: Document?
  var anything: Document?
  var tags: [String] = []
  var words: [String] = []
  var claims: [Named<Claim>] = []
  var way: Way?
  var flexible: Way?
  var comparison = Comparison()
  var children: [Sample] = []
  var mark = Mark.start

  static let format: Format<Sample> = .record(
    "sample", "A sample.", Sample(),
    [
      .required("id", \.id, .identifier, "Its id."),
      .defaulted("text", \.text, .text, "Some text."),
      .defaulted("count", \.count, .integer(1...50), "How many.", default: 10),
      .optional("ratio", \.ratio, .number(0...1), "A share."),
      .optional("on", \.isOn, .boolean, "Whether."),
      .defaulted("tense", \.tense, .choice, "When.", default: "now"),
      .optional("wait", \.wait, .length, "How long."),
      .optional("at", \.at, .time, "At what time."),
      .optional("value", \.value, .scalar, "Text or a number."),
      .optional("anything", \.anything, .document, "Anything."),
      .defaulted("tags", \.tags, .list(.text, count: 1...3), "Tags."),
      .defaulted("words", \.words, .oneOrMany(.text), "A word or several."),
      .defaulted("claims", \.claims, .named(.identifier, Claim.format), "Claims by name."),
      .oneOf(
        \.way, isRequired: false,
        [
          Alternative("name", Format.text.map(Way.name), "By name."),
          Alternative("claim", Claim.format.map(Way.claim), "By claim."),
        ]),
      .optional(
        "flexible", \.flexible,
        .either(
          text: Format.text.map(Way.name),
          list: Format<[Int]>.list(.integer(0...9)).map(Way.numbers),
          mapping: Claim.format.map(Way.claim)), "In three shapes."),
      Field<Comparison>.optional("is", \.equal, .document, "Equal.").inside(\.comparison),
      .defaulted("children", \.children, .list(.deferred("sample") { Sample.format }), "More."),
      .mark(\.mark),
    ],
    needs: [(field: "is", other: "value")])
}

func load(_ text: String) -> ContentFile<Sample> {
  ContentFile(bytes: Array(text.utf8), file: "f.yaml", as: Sample.format)
}

@Suite("Decoding by a format")
struct FormatDecodingTests {
  @Test("fields keep what was written, by the schema's types")
  func typing() throws {
    let file = load(
      """
      id: 0007
      text: no
      count: 50
      ratio: 0.5
      on: false
      tense: no
      wait: 90m
      at: -40d
      value: 1.10
      anything: {a: [1, "1", 0007, 1:30, true, null, 1e2]}
      tags: [off, 1.10, true]
      words: 1:30
      claims:
        b: {least: 1}
        a: {}
      claim: {most: 3}
      flexible: [1, 2]
      is: "5"
      children:
        - id: x
      """)
    let sample = try #require(file.value, "\(file.errors)")
    #expect(sample.id == "0007")
    #expect(sample.text == "no")
    #expect(sample.count == 50)
    #expect(sample.isOn == false)
    #expect(sample.tense == .no)
    #expect(sample.wait == .minutes(90))
    #expect(sample.at == .offset(.days(-40)))
    #expect(sample.value == .double(1.1))
    #expect(sample.anything?["a"] == [1, "1", "0007", "1:30", true, nil, 100.0])
    #expect(sample.tags == ["off", "1.10", "true"])
    #expect(sample.words == ["1:30"])
    #expect(sample.claims.map(\.name) == ["b", "a"])
    #expect(sample.claims.map(\.mark.line) == [14, 15])
    #expect(sample.way == .claim(Claim(least: nil, most: 3)))
    #expect(sample.flexible == .numbers([1, 2]))
    #expect(sample.comparison.equal == "5")
    #expect(sample.children.map(\.id) == ["x"])
    #expect(sample.children.map(\.mark) == [Mark(line: 20, column: 5)])
  }

  @Test("what is left out keeps its default")
  func defaults() throws {
    let sample = try #require(load("id: a").value)
    #expect(sample.count == 10 && sample.tense == .now && sample.ratio == nil)
  }

  @Test(
    "a value that may be text or number follows JSON's rules",
    arguments: [
      ("5", Document.integer(5)), ("-5", -5), ("5.0", .double(5)), ("1e2", .double(100)),
      ("05", "05"), ("+5", "+5"), (".5", ".5"), ("5.", "5."), ("1_0", "1_0"), ("0x5", "0x5"),
      ("'5'", "5"), ("true", true), ("True", "True"), ("yes", "yes"), ("1:30", "1:30"),
      ("-0", 0), ("9223372036854775807", .integer(.max)), ("9223372036854775808", .double(0x1p63)),
      ("1e999", "1e999"), ("-", "-"),
    ])
  func scalar(_ written: String, _ expected: Document) throws {
    #expect(try #require(load("{id: a, value: \(written)}").value).value == expected)
  }

  @Test(
    "each mistake has its place, code, words and fix",
    arguments: [
      ("{}", "f.yaml:1:1: error missing-field: the field id is missing"),
      (
        "[]",
        "f.yaml:1:1: error wrong-type: expected a mapping with id, text, count, ratio, found a list"
      ),
      (
        "{id: a, cuont: 3}",
        "f.yaml:1:9: error unknown-field: there is no field cuont here (did you mean count?)"
      ),
      ("{id: A}", "f.yaml:1:6: error bad-value: \"A\" is no id (1 to 64 of a-z, 0-9 and -)"),
      (
        "{id: }",
        "f.yaml:1:6: error wrong-type: expected an id, found nothing (write it, or leave the field out)"
      ),
      ("{id: a, count: 51}", "f.yaml:1:16: error bad-value: 51 is out of range (1 to 50)"),
      (
        "{id: a, count: '5'}", "f.yaml:1:16: error wrong-type: expected a whole number, found \"5\""
      ),
      (
        "{id: a, count: 007}",
        "f.yaml:1:16: error wrong-type: expected a whole number, found \"007\""
      ),
      ("{id: a, on: yes}", "f.yaml:1:13: error wrong-type: expected true or false, found \"yes\""),
      (
        "{id: a, tense: nevre}",
        "f.yaml:1:16: error bad-value: \"nevre\" is not known here (did you mean never?)"
      ),
      (
        "{id: a, tense: always}",
        "f.yaml:1:16: error bad-value: \"always\" is not known here (one of: now, ever, never, no)"
      ),
      (
        "{id: a, wait: 90}",
        "f.yaml:1:15: error bad-value: \"90\" is no length of time (a number and ms, s, m, h or d, such as 90m)"
      ),
      (
        "{id: a, at: 2026-02-29T00:00:00Z}",
        "f.yaml:1:13: error bad-value: \"2026-02-29T00:00:00Z\" is no time (-40d, +3h, 2026-03-06T17:40:00Z or <name>)"
      ),
      (
        "{id: a, value: [1]}",
        "f.yaml:1:16: error wrong-type: expected text or a number, found a list"
      ),
      ("{id: a, tags: [a, b, c, d]}", "f.yaml:1:15: error bad-value: a list of 4 (1 to 3 entries)"),
      ("{id: a, tags: []}", "f.yaml:1:15: error bad-value: a list of 0 (1 to 3 entries)"),
      (
        "{id: a, claims: {X: {}}}",
        "f.yaml:1:18: error bad-value: \"X\" is not allowed as a name (1 to 64 of a-z, 0-9 and -)"
      ),
      (
        "{id: a, name: x, claim: {}}",
        "f.yaml:1:18: error conflict: name and claim cannot stand together (keep one of them)"
      ),
      ("{id: a, is: 5}", "f.yaml:1:9: error conflict: is has a meaning only beside value"),
      (
        "{id: a, flexible: }",
        "f.yaml:1:19: error wrong-type: expected text or a list or a mapping, found nothing"
      ),
      ("{id: a, text: ' '}", "f.yaml:1:15: error bad-value: the text is empty"),
    ])
  func mistakes(_ text: String, _ expected: String) {
    let file = load(text)
    #expect(file.value == nil)
    #expect(file.errors.map(\.description) == [expected])
  }

  @Test("all mistakes of a file are told, in its order")
  func collected() {
    let file = load("count: 0\nid: X\nzzz: 1\nchildren:\n  - id: a\n    on: 1\n  - {}\n")
    #expect(file.errors.map(\.line) == [1, 2, 3, 6, 7])
  }

  @Test("ids are 1 to 64 characters", arguments: [(0, false), (1, true), (64, true), (65, false)])
  func idLength(_ length: Int, _ isValid: Bool) {
    #expect(Identifier.isValid(String(repeating: "a", count: length)) == isValid)
  }

  @Test("a digest follows the bytes")
  func digest() {
    #expect(load("id: a").digest == load("id: a").digest)
    #expect(load("id: a").digest != load("id: a ").digest)
  }
}

@Suite("Printed schema and decoding agree")
struct SchemaTests {
  static let documents: [String] = [
    "{id: a}", "{}", "[]", "text", "{id: 0007}", "{id: 7}", "{id: X}", "{id: true}", "{id: [a]}",
    "{id: null}",
    "{id: a, text: 5}", "{id: a, text: true}", "{id: a, text: null}", "{id: a, text: ''}",
    "{id: a, text: [x]}", "{id: a, count: 1}", "{id: a, count: 50}", "{id: a, count: 0}",
    "{id: a, count: 51}", "{id: a, count: 1.5}", "{id: a, count: '5'}", "{id: a, count: x}",
    "{id: a, count: 5.0}", "{id: a, ratio: 0}", "{id: a, ratio: 1}", "{id: a, ratio: 1.01}",
    "{id: a, ratio: -0.1}", "{id: a, ratio: '1'}", "{id: a, on: true}", "{id: a, on: yes}",
    "{id: a, on: 'true'}", "{id: a, tense: no}", "{id: a, tense: now}", "{id: a, tense: x}",
    "{id: a, tense: [now]}", "{id: a, wait: 5m}", "{id: a, wait: 5}", "{id: a, wait: 5w}",
    "{id: a, wait: m}", "{id: a, at: +3h}", "{id: a, at: 3h}", "{id: a, at: 2026-03-06T17:40:00Z}",
    "{id: a, at: 2026-03-06}", "{id: a, at: <x - 1s>}", "{id: a, at: '<x -1s>'}",
    "{id: a, at: <X>}",
    "{id: a, value: 5}", "{id: a, value: x}", "{id: a, value: true}", "{id: a, value: null}",
    "{id: a, value: {}}", "{id: a, anything: null}", "{id: a, anything: {x: [1]}}",
    "{id: a, tags: [a]}", "{id: a, tags: [a, b, c]}", "{id: a, tags: [a, b, c, d]}",
    "{id: a, tags: []}", "{id: a, tags: a}", "{id: a, tags: [[a]]}", "{id: a, words: a}",
    "{id: a, words: [a, b]}", "{id: a, words: {a: b}}", "{id: a, words: []}",
    "{id: a, claims: {x: {least: 1}}}", "{id: a, claims: {}}", "{id: a, claims: {X: {}}}",
    "{id: a, claims: {x: 1}}", "{id: a, claims: {x: {leest: 1}}}", "{id: a, name: x}",
    "{id: a, claim: {}}", "{id: a, name: x, claim: {}}", "{id: a, flexible: x}",
    "{id: a, flexible: [1]}", "{id: a, flexible: [10]}", "{id: a, flexible: {most: 1}}",
    "{id: a, flexible: null}", "{id: a, value: 5, is: 5}", "{id: a, is: 5}", "{id: a, other: 1}",
    "{id: a, children: [{id: b, children: [{id: c}]}]}",
    "{id: a, children: [{id: b, children: [{}]}]}",
  ]

  @Test("the schema accepts exactly what the decoder accepts", arguments: documents)
  func agrees(_ text: String) throws {
    let schema = Sample.format.schema.file(id: "sample-1.schema.json", title: "Sample")
    let node = try #require(YAMLReader.read(Array(text.utf8), file: "f").root)
    let accepts = SchemaChecker(schema).accepts(node.document)
    #expect(accepts == (load(text).value != nil), "\(load(text).errors)")
  }

  @Test("the table holds accepted and refused documents")
  func tableIsMixed() {
    let accepted = Self.documents.filter { load($0).value != nil }.count
    #expect(accepted > 30 && Self.documents.count - accepted > 35)
  }

  @Test("every field of the schema says what it is")
  func descriptions() throws {
    let schema = Sample.format.schema.file(id: "x", title: "y")
    #expect(schema["$schema"] == "http://json-schema.org/draft-07/schema#")
    let definitions = try #require(schema["definitions"]?.object)
    #expect(Array(definitions.keys) == ["claim", "sample"])
    let properties = try #require(definitions["sample"]?["properties"]?.object)
    for (name, property) in properties { #expect(property["description"] != nil, "\(name)") }
    #expect(properties["count"]?["default"] == 10)
  }
}

/// The keywords of draft-07 that our schemas use, read naively; anything else fails the test.
struct SchemaChecker {
  let root: Document
  init(_ root: Document) { self.root = root }

  func accepts(_ value: Document) -> Bool { accepts(value, root) }

  private func accepts(_ value: Document, _ schema: Document) -> Bool {
    guard let members = schema.object else { return schema.bool ?? false }
    if let reference = members["$ref"]?.string {
      let name = reference.split(separator: "/").last.map(String.init) ?? ""
      guard let definition = root["definitions"]?[name] else { return false }
      return accepts(value, definition)
    }
    return members.allSatisfy { holds($0.key, $0.value, value, members["properties"]) }
  }

  private func holds(
    _ keyword: String, _ rule: Document, _ value: Document, _ properties: Document?
  ) -> Bool {
    switch keyword {
    case "$schema", "$id", "title", "description", "default", "definitions", "examples": return true
    case "type":
      return (rule.array ?? [rule]).contains { Self.isA($0.string ?? "", value) }
    case "enum": return rule.array?.contains(value) ?? false
    case "const": return rule == value
    case "pattern":
      guard let text = value.string, let pattern = rule.string else { return true }
      guard let regex = try? Regex(pattern) else { return false }
      return text.firstMatch(of: regex) != nil
    case "minLength":
      return value.string.map { $0.unicodeScalars.count >= rule.integer ?? 0 } ?? true
    case "minimum": return value.number.map { $0 >= rule.number ?? 0 } ?? true
    case "maximum": return value.number.map { $0 <= rule.number ?? 0 } ?? true
    case "items": return value.array?.allSatisfy { accepts($0, rule) } ?? true
    case "minItems": return value.array.map { $0.count >= rule.integer ?? 0 } ?? true
    case "maxItems": return value.array.map { $0.count <= rule.integer ?? 0 } ?? true
    case "minProperties": return value.object.map { $0.count >= rule.integer ?? 0 } ?? true
    case "maxProperties": return value.object.map { $0.count <= rule.integer ?? 0 } ?? true
    case "properties":
      return value.object?.allSatisfy { member in
        rule[member.key].map { accepts(member.value, $0) } ?? true
      } ?? true
    case "propertyNames":
      return value.object?.allSatisfy { accepts(.string($0.key), rule) } ?? true
    case "additionalProperties":
      return value.object?.allSatisfy { member in
        properties?[member.key] != nil || accepts(member.value, rule)
      } ?? true
    case "required":
      guard case .object = value else { return true }
      return rule.array?.allSatisfy { value[$0.string ?? ""] != nil } ?? false
    case "dependencies":
      return rule.object?.allSatisfy { member in
        value[member.key] == nil
          || member.value.array?.allSatisfy { value[$0.string ?? ""] != nil } ?? false
      } ?? false
    case "allOf": return rule.array?.allSatisfy { accepts(value, $0) } ?? false
    case "anyOf": return rule.array?.contains { accepts(value, $0) } ?? false
    case "oneOf": return rule.array?.filter { accepts(value, $0) }.count == 1
    case "not": return !accepts(value, rule)
    default:
      Issue.record("the checker does not know the keyword \(keyword)")
      return false
    }
  }

  private static func isA(_ type: String, _ value: Document) -> Bool {
    switch (type, value) {
    case ("string", .string), ("boolean", .bool), ("object", .object), ("array", .array),
      ("null", .null), ("number", .integer), ("number", .double), ("integer", .integer):
      true
    case ("integer", .double(let number)): number.rounded() == number
    default: false
    }
  }
}
