// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import Testing

@Suite("Projections of an item")
struct ExpressionsProjectionTests {
  static let item = """
    {"pk": {"S": "k"}, "a": {"M": {"b": {"M": {"c": {"N": "1"}, "d": {"N": "2"}}}, "e": {"S": "e"}}},
     "l": {"L": [{"N": "0"}, {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}, {"N": "2"}, {"L": [{"S": "in"}]}]},
     "a.b": {"S": "dotted"}, "[3]": {"BOOL": true}}
    """

  @Test(
    "a projection keeps nesting, closes gaps in lists, and drops what holds nothing it names",
    arguments: [
      ("pk", #"{"pk":{"S":"k"}}"#), ("pk, zz", #"{"pk":{"S":"k"}}"#), ("zz", "{}"),
      ("a.b.c", #"{"a":{"M":{"b":{"M":{"c":{"N":"1"}}}}}}"#),
      ("a.e, a.b.d", #"{"a":{"M":{"b":{"M":{"d":{"N":"2"}}},"e":{"S":"e"}}}}"#),
      ("l[2], l[0]", #"{"l":{"L":[{"N":"0"},{"N":"2"}]}}"#),
      ("l[1].y, l[3][0]", #"{"l":{"L":[{"M":{"y":{"N":"2"}}},{"L":[{"S":"in"}]}]}}"#),
      ("l[1].x, l[1].y", #"{"l":{"L":[{"M":{"x":{"N":"1"},"y":{"N":"2"}}}]}}"#),
      ("l[4]", "{}"), ("l[0].x", "{}"), ("a.b.zz", "{}"), ("a[0]", "{}"), ("l.x", "{}"),
      ("pk.x", "{}"),
      ("a.b.zz, a.e", #"{"a":{"M":{"e":{"S":"e"}}}}"#), ("#dot", #"{"a.b":{"S":"dotted"}}"#),
      ("#d", #"{"[3]":{"BOOL":true}}"#), ("l[1].zz, l[2]", #"{"l":{"L":[{"N":"2"}]}}"#),
    ])
  func projections(text: String, expected: String) throws {
    var context = try Placeholders.context()
    let projection = try ProjectionExpression(text, context: &context)
    let projected = projection.project(try ItemModelTests.item(Self.item))
    #expect(projected == (try ItemModelTests.item(expected)), "\(text)")
  }

  @Test("a path longer than items nest selects nothing")
  func longPath() throws {
    var context = ExpressionContext()
    let text = Array(repeating: "a", count: 2_000).joined(separator: ".")
    let projection = try ProjectionExpression("\(text), b", context: &context)
    #expect(projection.project(["a": .null, "b": .bool(true)]) == ["b": .bool(true)])
  }
}
