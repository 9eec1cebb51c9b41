// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import JMESPath
import Testing

/// A row of a table: what an expression selects from a document, both as JSON.
struct Case: Sendable, CustomTestStringConvertible {
  let expression: String
  let result: String
  let document: String

  init(_ expression: String, _ result: String, in document: String = "null") {
    self.expression = expression
    self.result = result
    self.document = document
  }

  var testDescription: String { expression }

  func check(_ location: SourceLocation = #_sourceLocation) throws {
    let query = try JMESPathExpression(parsing: expression)
    let value = try query.search(in: try Document.parse(document))
    #expect(value.json(.spaced) == result, "\(expression)", sourceLocation: location)
  }
}

@Suite("The grammar of JMESPath")
struct GrammarTests {
  static let orders = """
    {"orders": [
      {"id": "o1", "total": 10, "tags": ["a", "b"], "to": {"city": "Rome", "zip": null}},
      {"id": "o2", "total": 25, "tags": [], "to": {"city": "Oslo"}},
      {"id": "o3", "total": 7.5, "tags": ["c"]}
    ], "a b": {"c-d": 1}, "m": {"x": {"v": 1}, "y": {"v": 2}, "z": {}}, "nested": [[1, 2], [3, [4]], 5]}
    """

  @Test(
    "identifiers select members",
    arguments: [
      Case("m.x.v", "1", in: orders),
      Case("m.nothing", "null", in: orders),
      Case("m.x.v.w", "null", in: orders),
      Case("\"a b\".\"c-d\"", "1", in: orders),
      Case(#""\u0061 b"."c-d""#, "1", in: orders),
      Case("_x1", "true", in: #"{"_x1": true}"#),
      Case("\"\"", "0", in: #"{"": 0}"#),
      Case(" m \n.\t x\r. v ", "1", in: orders),
      Case("@", "[1]", in: "[1]"),
      Case("@.a", "2", in: #"{"a": 2}"#),
      Case("a", "null", in: "[1]"),
      Case("length", "3", in: #"{"length": 3}"#),
    ])
  func identifiers(_ row: Case) throws { try row.check() }

  @Test(
    "indexes and slices select elements",
    arguments: [
      Case("[0]", "1", in: "[1, 2, 3]"), Case("[-1]", "3", in: "[1, 2, 3]"),
      Case("[3]", "null", in: "[1, 2, 3]"), Case("[-4]", "null", in: "[1, 2, 3]"),
      Case("[0]", "null", in: "{}"), Case("a[0][1]", "2", in: #"{"a": [[1, 2]]}"#),
      Case("[99999999999999999999]", "null", in: "[1]"),
      Case("[-99999999999999999999]", "null", in: "[1]"),
      Case("[1:3]", "[2, 3]", in: "[1, 2, 3, 4]"), Case("[:2]", "[1, 2]", in: "[1, 2, 3]"),
      Case("[1:]", "[2, 3]", in: "[1, 2, 3]"), Case("[:]", "[1, 2]", in: "[1, 2]"),
      Case("[::2]", "[1, 3]", in: "[1, 2, 3]"), Case("[::-1]", "[3, 2, 1]", in: "[1, 2, 3]"),
      Case("[-2:]", "[2, 3]", in: "[1, 2, 3]"), Case("[:-1]", "[1, 2]", in: "[1, 2, 3]"),
      Case("[10:]", "[]", in: "[1]"), Case("[2:1]", "[]", in: "[1, 2, 3]"),
      Case("[-10:10]", "[1, 2]", in: "[1, 2]"), Case("[3:0:-2]", "[4, 2]", in: "[1, 2, 3, 4]"),
      Case("[:0:-1]", "[3, 2]", in: "[1, 2, 3]"),
      Case("[::9223372036854775807]", "[1]", in: "[1, 2]"),
      Case("[::-9223372036854775808]", "[2]", in: "[1, 2]"),
      Case("[9223372036854775807:-9223372036854775808:-1]", "[2, 1]", in: "[1, 2]"),
      Case("[::1]", "[]", in: "[]"), Case("[::-1]", "[]", in: "[]"),
      Case("[0:1]", "null", in: "\"text\""),
      Case("orders[:2].id", "[\"o1\", \"o2\"]", in: orders),
    ])
  func elements(_ row: Case) throws { try row.check() }

  @Test(
    "projections apply the rest to each element and leave out nulls",
    arguments: [
      Case("orders[*].id", "[\"o1\", \"o2\", \"o3\"]", in: orders),
      Case("orders[*].to.zip", "[]", in: orders),
      Case("orders[*].to.city", "[\"Rome\", \"Oslo\"]", in: orders),
      Case("orders[*].tags[0]", "[\"a\", \"c\"]", in: orders),
      Case("orders[*].tags[*]", "[[\"a\", \"b\"], [], [\"c\"]]", in: orders),
      Case("orders[*].tags | [0]", "[\"a\", \"b\"]", in: orders),
      Case("m.*.v", "[1, 2]", in: orders), Case("*.v", "[]", in: orders),
      Case("*", "[1, 2]", in: #"{"b": 1, "a": 2}"#), Case("*", "null", in: "[1]"),
      Case("[*]", "null", in: "{}"), Case("a[*]", "null", in: "{}"), Case("a.*", "null", in: "{}"),
      Case("[*]", "[1, 2]", in: "[1, null, 2]"), Case("*.*", "[[1]]", in: #"{"a": {"b": 1}}"#),
      Case("[*].*", "[[1], [2]]", in: #"[{"a": 1}, {"b": 2}]"#),
      Case("orders[].tags[]", "[\"a\", \"b\", \"c\"]", in: orders),
      Case("nested[]", "[1, 2, 3, [4], 5]", in: orders),
      Case("nested[][]", "[1, 2, 3, 4, 5]", in: orders),
      Case("[]", "null", in: "{}"), Case("m[]", "null", in: orders),
      Case("orders[*].[id, total] | [1]", "[\"o2\", 25]", in: orders),
    ])
  func projections(_ row: Case) throws { try row.check() }

  @Test(
    "filters keep the elements for which the condition is true",
    arguments: [
      Case("orders[?total > `9`].id", "[\"o1\", \"o2\"]", in: orders),
      Case("orders[?total>=`10`&&total<`25`].id", "[\"o1\"]", in: orders),
      Case("orders[?tags].id", "[\"o1\", \"o3\"]", in: orders),
      Case("orders[?!to].id", "[\"o3\"]", in: orders),
      Case("orders[?to.city == 'Oslo'] | [0].id", "\"o2\"", in: orders),
      Case("orders[?contains(tags, 'c')].id", "[\"o3\"]", in: orders),
      Case("orders[?id<'o2'].id", "[\"o1\"]", in: orders),
      Case("[?@ > `1`]", "[2, 3]", in: "[1, 2, 3]"), Case("[?a]", "null", in: "{}"),
      Case("[?a].a[]", "[1, 2]", in: #"[{"a": [1]}, {"a": [2]}, {"b": 1}]"#),
      Case("[?`0`]", "[1]", in: "[1]"), Case("[?'']", "[]", in: "[1]"),
    ])
  func filters(_ row: Case) throws { try row.check() }

  @Test(
    "comparisons follow the types",
    arguments: [
      Case("`1` == `1.0`", "true"), Case("`1` == '1'", "false"), Case("`1` == `true`", "false"),
      Case("`0` == `false`", "false"), Case("`null` == a", "true", in: "{}"),
      Case("'a' != 'b'", "true"), Case("`[1, 2]` == `[1, 2]`", "true"),
      Case(#"`{"a": 1, "b": 2}` == `{"b": 2, "a": 1}`"#, "true"),
      Case("'\u{E9}' == 'e\u{301}'", "false"),
      Case("`1` < `2`", "true"), Case("`2` <= `2`", "true"), Case("`2.5` > `2`", "true"),
      Case("`2` >= `3`", "false"), Case("'a' < 'b'", "true"), Case("'b' >= 'a'", "true"),
      Case("'a' < 'B'", "false"), Case("'\u{FFFD}' < '😀'", "true"),
      Case("`true` < `false`", "null"), Case("`null` < `1`", "null"), Case("`[1]` < `[2]`", "null"),
      Case("a > `1`", "null", in: "{}"), Case("`1` < `2` == `true`", "true"),
    ])
  func comparisons(_ row: Case) throws { try row.check() }

  @Test(
    "and, or and not go by truth: empty and null are false, zero is true",
    arguments: [
      Case("`1` && `2`", "2"), Case("'' && `2`", "\"\""), Case("`[]` || `{}` || 'x'", "\"x\""),
      Case("`false` || `null`", "null"), Case("`0` || `1`", "0"), Case("!`0`", "false"),
      Case("!`0.0`", "false"), Case("!''", "true"), Case("!`[]`", "true"), Case("!`{}`", "true"),
      Case("!`null`", "true"), Case("!'a'", "false"), Case("!!`[0]`", "true"),
      Case("`true` || `false` && `false`", "true"), Case("(`true` || `true`) && `false`", "false"),
      Case("!a || b", "true", in: #"{"b": 3}"#), Case("!(a || b)", "false", in: #"{"b": 3}"#),
      Case("!a == b", "false", in: #"{"b": 3}"#), Case("a || b | c", "1", in: #"{"b": {"c": 1}}"#),
    ])
  func logic(_ row: Case) throws { try row.check() }

  @Test(
    "multi-selects build arrays and objects, and nothing from null",
    arguments: [
      Case("[a, b]", "[1, null]", in: #"{"a": 1}"#), Case("[a]", "null"), Case("{x: a}", "null"),
      Case("{x: a, \"y z\": b}", #"{"x": 1, "y z": null}"#, in: #"{"a": 1}"#),
      Case("{x: a, x: b}", #"{"x": 2}"#, in: #"{"a": 1, "b": 2}"#),
      Case("m.{one: x.v, all: *.v}", #"{"one": 1, "all": [1, 2]}"#, in: orders),
      Case("m.x.[v, @]", #"[1, {"v": 1}]"#, in: orders),
      Case(
        "orders[1].{id: id, cities: [to.city]}", #"{"id": "o2", "cities": ["Oslo"]}"#, in: orders),
      Case("[[a], [[a]]]", "[[1], [[1]]]", in: #"{"a": 1}"#),
    ])
  func multiSelects(_ row: Case) throws { try row.check() }

  @Test(
    "literals are JSON between backticks or text between single quotes",
    arguments: [
      Case("`1`", "1"), Case("`-1.50`", "-1.5"), Case("`\"a\"`", "\"a\""), Case("`null`", "null"),
      Case(#"`{"a": [true]}`"#, #"{"a": [true]}"#), Case("` [1] `", "[1]"),
      Case(#"`"\`"`"#, "\"`\""), Case(#"`"\u00e9"`"#, "\"é\""), Case("'a b'", "\"a b\""),
      Case(#"'it\'s'"#, "\"it's\""), Case(#"'a\\b'"#, #""a\\\\b""#), Case("'`\"'", #""`\"""#),
      Case("'\n'", #""\n""#), Case("''", "\"\""), Case("`{\"a\": 1}`.a", "1"),
      // What is no JSON is text, as in the library.
      Case("`text`", "\"text\""), Case("``", "\"\""), Case("`01`", "\"01\""),
    ])
  func literals(_ row: Case) throws { try row.check() }

  @Test(
    "a pipe and parentheses end a projection",
    arguments: [
      Case("orders[*].tags[0] | [0]", "\"a\"", in: orders),
      Case("(orders[*].id)[0]", "\"o1\"", in: orders),
      Case("orders[*].id[0]", "[]", in: orders),
      Case("a | b | c", "1", in: #"{"a": {"b": {"c": 1}}}"#),
      Case("(a.b).c", "1", in: #"{"a": {"b": {"c": 1}}}"#),
      Case("`[1]` | [0] | @", "1"),
    ])
  func pipes(_ row: Case) throws { try row.check() }
}
