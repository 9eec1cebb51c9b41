// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import Testing

@Suite("The conditions that expressions replaced")
struct LegacyConditionTests {
  private static let item: AttributeMap = [
    "s": .string("hello"), "n": .number(7), "b": .binary([1, 2, 3]), "t": .bool(true),
    "ss": .strings(["a", "b"]), "ns": .numbers([2, 4]), "bs": .binaries([[1], [2]]),
    "l": .list([.number(2), .string("x")]), "m": .map(["x": .number(1)]), "nothing": .null,
    "a.b": .string("dotted"),
  ]

  /// An attribute, an operator, its operands, and whether the item fulfils it.
  private static let cases: [(String, String, Document, Bool)] = [
    ("s", "EQ", [["S": "hello"]], true), ("s", "EQ", [["S": "Hello"]], false),
    ("s", "EQ", [["N": "7"]], false), ("x", "EQ", [["N": "7"]], false),
    ("ss", "EQ", [["SS": ["b", "a"]]], true), ("ss", "EQ", [["SS": ["a"]]], false),
    ("m", "EQ", [["M": ["x": ["N": "1.0"]]]], true), ("l", "EQ", [["L": []]], false),
    ("a.b", "EQ", [["S": "dotted"]], true),
    ("n", "NE", [["N": "8"]], true), ("n", "NE", [["N": "7.0"]], false),
    ("n", "NE", [["S": "7"]], true), ("x", "NE", [["N": "1"]], true),
    ("n", "LE", [["N": "7"]], true), ("n", "LE", [["N": "6"]], false),
    ("n", "LT", [["N": "7"]], false), ("n", "LT", [["N": "8"]], true),
    ("n", "GE", [["N": "7"]], true), ("n", "GE", [["N": "8"]], false),
    ("n", "GT", [["N": "7"]], false), ("n", "GT", [["N": "6"]], true),
    ("s", "GT", [["N": "6"]], false), ("x", "LT", [["N": "6"]], false),
    ("b", "LT", [["B": "AQIE"]], true), ("b", "GT", [["B": "AQIE"]], false),
    ("nothing", "NOT_NULL", [], true), ("x", "NOT_NULL", [], false),
    ("x", "NULL", [], true), ("nothing", "NULL", [], false),
    ("s", "CONTAINS", [["S": "ell"]], true), ("s", "CONTAINS", [["S": "elk"]], false),
    ("b", "CONTAINS", [["B": "AgM="]], true), ("ns", "CONTAINS", [["N": "4"]], true),
    ("ns", "CONTAINS", [["N": "5"]], false), ("bs", "CONTAINS", [["B": "Ag=="]], true),
    ("l", "CONTAINS", [["N": "2"]], true), ("x", "CONTAINS", [["N": "2"]], false),
    ("n", "CONTAINS", [["N": "7"]], false),
    ("s", "NOT_CONTAINS", [["S": "elk"]], true), ("s", "NOT_CONTAINS", [["S": "ell"]], false),
    ("s", "NOT_CONTAINS", [["N": "1"]], true), ("ss", "NOT_CONTAINS", [["S": "c"]], true),
    // Unlike NE, an attribute that is not there does not fulfil it.
    ("x", "NOT_CONTAINS", [["S": "c"]], false),
    ("s", "BEGINS_WITH", [["S": "he"]], true), ("s", "BEGINS_WITH", [["S": "el"]], false),
    ("n", "BEGINS_WITH", [["S": "7"]], false), ("b", "BEGINS_WITH", [["B": "AQ=="]], true),
    ("n", "IN", [["N": "1"], ["N": "7"]], true), ("n", "IN", [["N": "1"]], false),
    ("ns", "IN", [["N": "2"], ["N": "4"]], false), ("x", "IN", [["N": "2"]], false),
    ("n", "BETWEEN", [["N": "7"], ["N": "9"]], true),
    ("n", "BETWEEN", [["N": "1"], ["N": "7"]], true),
    ("n", "BETWEEN", [["N": "8"], ["N": "9"]], false),
    ("s", "BETWEEN", [["N": "8"], ["N": "9"]], false),
    ("x", "BETWEEN", [["N": "0"], ["N": "9"]], false),
  ]

  private static func filter(
    _ conditions: Document, _ joining: Document? = nil
  ) throws -> ConditionExpression? {
    try ExpressionRequest(
      accepting: ExpressionRequest.scan, texts: [:],
      legacy: [LegacyParameter: Document](
        given: [.scanFilter: conditions, .conditionalOperator: joining])
    ).bind().filter
  }

  private static func condition(_ name: String, _ operands: Document) -> Document {
    ["ComparisonOperator": .string(name), "AttributeValueList": operands]
  }

  @Test("each operator finds what it says", arguments: Self.cases.indices)
  func operators(row: Int) throws {
    let (attribute, name, operands, holds) = Self.cases[row]
    let filter = try Self.filter(.object([attribute: Self.condition(name, operands)]))
    #expect(filter?.evaluate(Self.item) == holds, "\(attribute) \(name) \(operands)")
  }

  @Test("conditions are joined by AND unless the request says OR, and none is none")
  func joined() throws {
    let conditions: Document = [
      "s": Self.condition("NULL", []), "n": Self.condition("NOT_NULL", []),
    ]
    #expect(try Self.filter(conditions)?.evaluate(Self.item) == false)
    #expect(try Self.filter(conditions, "AND")?.evaluate(Self.item) == false)
    #expect(try Self.filter(conditions, "OR")?.evaluate(Self.item) == true)
    #expect(try Self.filter([:]) == nil)
  }

  private static let all: [Document] = [
    ["S": "a"], ["N": "1"], ["B": "AQ=="], ["SS": ["a"]], ["NS": ["1"]], ["BS": ["AQ=="]],
    ["BOOL": true], ["NULL": true], ["L": []], ["M": [:]],
  ]

  @Test(
    "an operator takes operands of its types alone",
    arguments: [
      ("EQ", "S N B SS NS BS BOOL NULL L M"), ("NE", "S N B SS NS BS BOOL NULL L M"),
      ("LE", "S N B"), ("LT", "S N B"), ("GE", "S N B"), ("GT", "S N B"), ("IN", "S N B"),
      ("CONTAINS", "S N B BOOL NULL"), ("NOT_CONTAINS", "S N B BOOL NULL"), ("BEGINS_WITH", "S B"),
      ("BETWEEN", "S N B"),
    ])
  func types(name: String, accepted: String) {
    for value in Self.all {
      let type = value.members[0].name
      let operands: [Document] = name == "BETWEEN" ? [value, value] : [value]
      let words =
        accepted.split(separator: " ").contains(Substring(type))
        ? "accepted"
        : "One or more parameter values were invalid: ComparisonOperator \(name) is not valid for "
          + "\(type) AttributeValue type"
      #expect(
        refusal { _ = try Self.filter(["a": Self.condition(name, .array(operands))]) } == words)
    }
  }

  @Test(
    "an operator takes as many operands as it says",
    arguments: [
      ("EQ", 1...1), ("NE", 1...1), ("LE", 1...1), ("LT", 1...1), ("GE", 1...1), ("GT", 1...1),
      ("NOT_NULL", 0...0), ("NULL", 0...0), ("CONTAINS", 1...1), ("NOT_CONTAINS", 1...1),
      ("BEGINS_WITH", 1...1), ("IN", 1...3), ("BETWEEN", 2...2),
    ] as [(String, ClosedRange<Int>)])
  func counts(name: String, accepted: ClosedRange<Int>) {
    for count in 0...3 {
      let operands = Document.array(Array(repeating: ["S": "a"], count: count))
      let words =
        accepted.contains(count)
        ? "accepted"
        : "One or more parameter values were invalid: Invalid number of argument(s) for the "
          + "\(name) ComparisonOperator"
      #expect(refusal { _ = try Self.filter(["a": Self.condition(name, operands)]) } == words)
    }
  }
}
