// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import JMESPath
import Testing

@Suite("The errors of JMESPath")
struct ErrorTests {
  @Test(
    "a syntax error shows the expression and the place in the library's words",
    arguments: [
      ("", "Invalid JMESPath expression: cannot be empty.", 0),
      (
        "foo bar",
        """
        Unexpected token: bar: Parse error at column 4, token "bar" (UNQUOTED_IDENTIFIER), for expression:
        "foo bar"
             ^
        """, 4
      ),
      (
        "foo.",
        """
        Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: eof: \
        Parse error at column 4, token "" (EOF), for expression:
        "foo."
             ^
        """, 4
      ),
      (
        "foo.`1`",
        """
        Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: literal: \
        Parse error at column 4, token "1" (LITERAL), for expression:
        "foo.`1`"
             ^
        """, 4
      ),
      (
        "é😀",
        """
        Bad jmespath expression: Unknown token é:
        é😀
        ^
        """, 0
      ),
      (
        "foo[?a",
        """
        Invalid jmespath expression: Incomplete expression:
        "foo[?a"
               ^
        """, 6
      ),
      (
        "a = b",
        """
        Bad jmespath expression: Unknown token '=':
        a = b
          ^
        """, 2
      ),
      (
        "a -",
        """
        Bad jmespath expression: Unknown token '-':
        a -
          ^
        """, 2
      ),
      (
        "'😀",
        """
        Bad jmespath expression: Unclosed ' delimiter:
        '😀
        ^
        """, 0
      ),
      (
        "a.\"b",
        """
        Bad jmespath expression: Unclosed " delimiter:
        a."b
          ^
        """, 2
      ),
      (
        "`a",
        """
        Bad jmespath expression: Unclosed ` delimiter:
        `a
        ^
        """, 0
      ),
      (
        #""a\x""#,
        #"""
        Bad jmespath expression: Invalid \escape:
        "a\x"
        ^
        """#, 0
      ),
      (
        "`\"a`",
        """
        Bad jmespath expression: Bad token "a:
        `"a`
        ^
        """, 0
      ),
      (
        "{a}",
        """
        Expecting: colon, got: rbrace: Parse error at column 2, token "}" (RBRACE), for expression:
        "{a}"
           ^
        """, 2
      ),
      (
        "{1: a}",
        """
        Expecting: ['quoted_identifier', 'unquoted_identifier'], got: number: \
        Parse error at column 1, token "1" (NUMBER), for expression:
        "{1: a}"
          ^
        """, 1
      ),
      (
        "\"foo\"(a)",
        """
        Quoted identifier not allowed for function names.: Parse error at column 0, token "(" \
        (LPAREN), for expression:
        ""foo"(a)"
         ^
        """, 0
      ),
      (
        "a[0](b)",
        """
        Invalid function name ']': Parse error at column 3, token "]" (RBRACKET), for expression:
        "a[0](b)"
            ^
        """, 3
      ),
      (
        "a[1:2:3:4]",
        """
        syntax error: Parse error at column 7, token ":" (COLON), for expression:
        "a[1:2:3:4]"
                ^
        """, 7
      ),
      (
        "a b",
        """
        Unexpected token: b: Parse error at column 2, token "b" (UNQUOTED_IDENTIFIER), for expression:
        "a b"
           ^
        """, 2
      ),
      (
        "a[*]{b: c}",
        """
        syntax error: Parse error at column 4, token "{" (LBRACE), for expression:
        "a[*]{b: c}"
             ^
        """, 4
      ),
      (
        "a*",
        """
        invalid token: Parse error at column 1, token "*" (STAR), for expression:
        "a*"
          ^
        """, 1
      ),
      (
        "[a,]",
        """
        invalid token: Parse error at column 3, token "]" (RBRACKET), for expression:
        "[a,]"
            ^
        """, 3
      ),
    ] as [(String, String, Int)])
  func syntax(_ expression: String, _ message: String, _ position: Int) {
    let error = #expect(throws: JMESPathError.self) { try JMESPathExpression(parsing: expression) }
    #expect(error?.message == message)
    #expect(error?.kind == .syntax)
    #expect(error?.position == position)
  }

  @Test(
    "incomplete expressions are said to be so",
    arguments: [
      " ", "a ||", "a &&", "a |", "!", "(", "(a", "[", "[a", "a[0", "a[*", "{", "{a", "{a:",
      "{a: b",
      "f(", "f(a", "a ==", "&", "a[?", "[?a == b",
    ])
  func incomplete(_ expression: String) {
    let error = #expect(throws: JMESPathError.self) { try JMESPathExpression(parsing: expression) }
    #expect(
      error?.message.hasPrefix("Invalid jmespath expression: Incomplete expression:\n") == true)
    #expect(error?.position == expression.unicodeScalars.count)
  }

  @Test(
    "an evaluation's error is in the library's words",
    arguments: [
      ("nope(@)", .unknownFunction, "Unknown function: nope()"),
      ("Length(@)", .unknownFunction, "Unknown function: Length()"),
      (
        "abs(`1`, `2`)", .invalidArity, "Expected 1 argument for function abs(), received 2"
      ),
      ("join(',')", .invalidArity, "Expected 2 arguments for function join(), received 1"),
      (
        "not_null()", .invalidArity,
        "Expected at least 1 argument for function not_null(), received 0"
      ),
      ("merge()", .invalidArity, "Expected at least 1 argument for function merge(), received 0"),
      (
        "abs('foo')", .invalidType,
        "In function abs(), invalid type for value: foo, expected one of: ['number'], received: \"string\""
      ),
      (
        "abs(`[1, {\"a\": \"it's\"}]`)", .invalidType,
        "In function abs(), invalid type for value: [1, {'a': \"it's\"}], expected one of: ['number'], "
          + "received: \"array\""
      ),
      (
        "length(a)", .invalidType,
        "In function length(), invalid type for value: None, expected one of: "
          + "['string', 'array', 'object'], received: \"null\""
      ),
      (
        "avg(`[1, true]`)", .invalidType,
        "In function avg(), invalid type for value: True, expected one of: ['array-number'], "
          + "received: \"bool\""
      ),
      (
        "join(',', `[\"a\", null]`)", .invalidType,
        "In function join(), invalid type for value: None, expected one of: ['array-string'], "
          + "received: \"NoneType\""
      ),
      (
        "sort(`[1, \"a\"]`)", .invalidType,
        "In function sort(), invalid type for value: a, expected one of: "
          + "['array-string', 'array-number'], received: \"str\""
      ),
      (
        "max(`[[1]]`)", .invalidType,
        "In function max(), invalid type for value: [1], expected one of: "
          + "['array-number', 'array-string'], received: \"list\""
      ),
      (
        "abs(&a)", .invalidType,
        "In function abs(), invalid type for value: <jmespath.visitor._Expression object>, "
          + "expected one of: ['number'], received: \"expref\""
      ),
      (
        "map(`1`, `[]`)", .invalidType,
        "In function map(), invalid type for value: 1, expected one of: ['expref'], received: \"number\""
      ),
      (
        "sort_by(`[{\"a\": true}]`, &a)", .invalidType,
        "In function sort_by(), invalid type for value: {'a': True}, expected one of: "
          + "['string', 'number'], received: \"boolean\""
      ),
      (
        "sort_by(`[{\"a\": 1}, {\"a\": \"x\"}]`, &a)", .invalidType,
        "In function sort_by(), invalid type for value: x, expected one of: ['number'], "
          + "received: \"string\""
      ),
      (
        "max_by(`[{}]`, &a)", .invalidType,
        "In function max_by(), invalid type for value: None, expected one of: ['number', 'string'], "
          + "received: \"null\""
      ),
      (
        "min_by(`[{\"a\": 1}, {\"a\": \"x\"}]`, &a)", .invalidType,
        "'<' not supported between instances of 'str' and 'int'"
      ),
      ("`1` < 'a'", .invalidType, "'<' not supported between instances of 'int' and 'str'"),
      ("'a' >= `1.5`", .invalidType, "'>=' not supported between instances of 'str' and 'float'"),
      (
        "contains('a', `1`)", .invalidType,
        "'in <string>' requires string as left operand, not int"
      ),
      ("`[1]`[::0]", .invalidValue, "slice step cannot be zero"),
      (
        "merge(`{}`, `1`)", .invalidType,
        "In function merge(), invalid type for value: 1, expected one of: ['object'], "
          + "received: \"number\""
      ),
    ] as [(String, JMESPathError.Kind, String)])
  func evaluation(_ expression: String, _ kind: JMESPathError.Kind, _ message: String) throws {
    let query = try JMESPathExpression(parsing: expression)
    let error = #expect(throws: JMESPathError.self) { try query.search(in: [:]) }
    #expect(error?.kind == kind)
    #expect(error?.description == message)
    #expect(error?.position == nil)
  }

  @Test(
    "an expression reference is a value for functions alone",
    arguments: ["&a", "[&a]", "to_array(&a)", "not_null(&a)", "!&a"])
  func expressionReference(_ expression: String) throws {
    let query = try JMESPathExpression(parsing: expression)
    let error = #expect(throws: JMESPathError.self) { try query.search(in: ["a": 1]) }
    #expect(error?.kind == .invalidType)
  }

  @Test("an error that is not reached is not raised")
  func unreached() throws {
    try Case("a[?nope(@)]", "null", in: "{}").check()
    try Case("`1` || nope(@)", "1").check()
    try Case("`[]`[*].abs('x')", "[]").check()
  }
}
