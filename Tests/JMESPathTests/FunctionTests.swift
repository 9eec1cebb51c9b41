// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import JMESPath
import Testing

@Suite("The functions of JMESPath")
struct FunctionTests {
  static let people = """
    [{"name": "b", "age": 30}, {"name": "a", "age": 5.5}, {"name": "c", "age": 30}]
    """

  @Test(
    "numbers",
    arguments: [
      Case("abs(`-3`)", "3"), Case("abs(`-1.5`)", "1.5"), Case("abs(`3`)", "3"),
      Case("abs(`-9223372036854775808`)", "9.223372036854776e+18"),
      Case("ceil(`1.2`)", "2"), Case("ceil(`-1.2`)", "-1"), Case("ceil(`4`)", "4"),
      Case("floor(`1.8`)", "1"), Case("floor(`-1.2`)", "-2"), Case("floor(`1e300`)", "1e+300"),
      Case("sum(`[1, 2]`)", "3"), Case("sum(`[1, 2.5]`)", "3.5"), Case("sum(`[]`)", "0"),
      Case("sum(`[9223372036854775807, 1]`)", "9.223372036854776e+18"),
      Case("avg(`[1, 2]`)", "1.5"), Case("avg(`[2]`)", "2.0"), Case("avg(`[]`)", "null"),
      Case("max(`[1, 3, 2]`)", "3"), Case("min(`[1.5, 1, 2]`)", "1"), Case("max(`[]`)", "null"),
      Case("max(`[1, 1.0]`)", "1"), Case("min(`[]`)", "null"),
      Case("max(`[\"a\", \"c\", \"b\"]`)", "\"c\""), Case("min(`[\"b\", \"B\"]`)", "\"B\""),
    ])
  func numbers(_ row: Case) throws { try row.check() }

  @Test(
    "texts",
    arguments: [
      Case("starts_with('abc', 'ab')", "true"), Case("starts_with('abc', 'b')", "false"),
      Case("starts_with('a', '')", "true"), Case("ends_with('abc', 'bc')", "true"),
      Case("ends_with('abc', 'b')", "false"), Case("ends_with('c', 'abc')", "false"),
      Case("ends_with('e\u{301}', '\u{301}')", "true"),
      Case("contains('foobar', 'oba')", "true"), Case("contains('foobar', 'x')", "false"),
      Case("contains('aaab', 'aab')", "true"), Case("contains('ababac', 'abac')", "true"),
      Case("contains('', '')", "true"), Case("contains(`[1, \"a\"]`, 'a')", "true"),
      Case("contains(`[1]`, `1.0`)", "true"), Case("contains(`[\"abc\"]`, 'b')", "false"),
      Case("contains(`[[1]]`, `[1]`)", "true"), Case("contains(`[]`, `null`)", "false"),
      Case("join(', ', `[\"a\", \"b\"]`)", "\"a, b\""), Case("join('', `[]`)", "\"\""),
      Case("length('é😀')", "2"), Case("length(`[1, 2]`)", "2"), Case("length(`{\"a\": 1}`)", "1"),
      Case("length('')", "0"), Case("reverse('ab😀')", "\"😀ba\""),
      Case("reverse(`[1, 2]`)", "[2, 1]"), Case("reverse(`[]`)", "[]"),
    ])
  func texts(_ row: Case) throws { try row.check() }

  @Test(
    "conversions",
    arguments: [
      Case("to_array('a')", "[\"a\"]"), Case("to_array(`[1]`)", "[1]"),
      Case("to_array(`null`)", "[null]"), Case("to_string('a')", "\"a\""),
      Case("to_string(`1.0`)", "\"1.0\""),
      Case(
        "to_string(`{\"a\": [1, \"é\"]}`)",
        #""{\"a\":[1,\"\\u00e9\"]}""#), Case("to_string(`null`)", "\"null\""),
      Case("to_number('12')", "12"), Case("to_number('-1.5')", "-1.5"),
      Case("to_number('1e3')", "1000.0"), Case("to_number(' 7 ')", "7"),
      Case("to_number('+7')", "7"), Case("to_number('1_000')", "1000"),
      Case("to_number('1.')", "1.0"), Case("to_number('.5')", "0.5"),
      Case("to_number('1__0')", "null"), Case("to_number('_1')", "null"),
      Case("to_number('1_')", "null"), Case("to_number('.')", "null"),
      Case("to_number('')", "null"), Case("to_number('0x10')", "null"),
      Case("to_number('nan')", "null"), Case("to_number('inf')", "null"),
      Case("to_number('1e999')", "null"), Case("to_number('1 2')", "null"),
      Case("to_number(`3`)", "3"), Case("to_number(`true`)", "null"),
      Case("to_number(`[1]`)", "null"), Case("to_number(`{}`)", "null"),
      Case("to_number(`null`)", "null"), Case("type('a')", "\"string\""),
      Case("type(`1`)", "\"number\""), Case("type(`1.5`)", "\"number\""),
      Case("type(`true`)", "\"boolean\""), Case("type(`[]`)", "\"array\""),
      Case("type(`{}`)", "\"object\""), Case("type(`null`)", "\"null\""),
    ])
  func conversions(_ row: Case) throws { try row.check() }

  @Test(
    "collections",
    arguments: [
      Case("keys(@)", "[\"b\", \"a\"]", in: #"{"b": 1, "a": 2}"#),
      Case("values(@)", "[1, 2]", in: #"{"b": 1, "a": 2}"#), Case("keys(`{}`)", "[]"),
      Case("merge(`{\"a\": 1, \"b\": 2}`, `{\"a\": 3}`, `{}`)", #"{"a": 3, "b": 2}"#),
      Case("merge(`{\"a\": 1}`)", #"{"a": 1}"#), Case("not_null(a, b)", "2", in: #"{"b": 2}"#),
      Case("not_null(`null`)", "null"), Case("not_null(`false`, `1`)", "false"),
      Case("sort(`[3, 1.5, 2]`)", "[1.5, 2, 3]"), Case("sort(`[]`)", "[]"),
      Case("sort(`[\"b\", \"a\", \"B\", \"é\"]`)", "[\"B\", \"a\", \"b\", \"é\"]"),
      Case("sort_by(@, &age)[*].name", "[\"a\", \"b\", \"c\"]", in: people),
      Case("sort_by(@, &name)[*].age", "[5.5, 30, 30]", in: people),
      Case("sort_by(`[]`, &nope(@))", "[]"),
      Case("max_by(@, &age).name", "\"b\"", in: people),
      Case("min_by(@, &age).name", "\"a\"", in: people), Case("max_by(`[]`, &a)", "null"),
      Case("min_by(@, &name).age", "5.5", in: people),
      Case("map(&name, @)", "[\"b\", \"a\", \"c\"]", in: people),
      Case("map(&nothing, @)", "[null, null, null]", in: people),
      Case("[?age > `6`] | length(@)", "2", in: people),
      Case("a.length(@)", "2", in: #"{"a": "xy"}"#),
      Case("[*].length(name)", "[1, 1, 1]", in: people),
    ])
  func collections(_ row: Case) throws { try row.check() }

  @Test("every function of the specification is known, and refuses no arguments")
  func arity() throws {
    let names = [
      "abs", "avg", "ceil", "contains", "ends_with", "floor", "join", "keys", "length", "map",
      "max",
      "max_by", "merge", "min", "min_by", "not_null", "reverse", "sort", "sort_by", "starts_with",
      "sum", "to_array", "to_number", "to_string", "type", "values",
    ]
    for name in names {
      let query = try JMESPathExpression(parsing: "\(name)()")
      let error = #expect(throws: JMESPathError.self) { try query.search(in: nil) }
      #expect(error?.kind == .invalidArity, "\(name)")
    }
  }
}
