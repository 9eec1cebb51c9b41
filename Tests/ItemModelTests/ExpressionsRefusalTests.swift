// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import Testing

@Suite("Refused expressions")
struct ExpressionsRefusalTests {
  @Test(
    "a syntax fault names the token and its neighbours as written",
    arguments: [
      ("a-b", "-", "a-b"), ("a > 4", "4", "> 4"), ("size()", ")", "()"),
      ("x:abc-y = :a", ":abc", "x:abc-"), ("attribute_exists(a) AND NOT #a", "<EOF>", "#a"),
      ("a", "<EOF>", "a"), ("a =", "<EOF>", "="), ("a = \"x\"", "\"", "= \"x"),
      ("(a = :a", "<EOF>", ":a"),
      ("a = :a)", ")", ":a)"), ("a = :a b = :b", "b", ":a b ="),
      ("things are not", "are", "things are not"),
      ("(size(a))[0] > a", "[", ")[0"), ("a = :a AND", "<EOF>", "AND"),
      ("NOT NOT a = :a", "NOT", "NOT NOT a"),
      ("a BETWEEN :1 OR :2", "OR", ":1 OR :2"), ("a IN :1", ":1", "IN :1"),
      ("a IN (:1", "<EOF>", ":1"),
      ("a IN ()", ")", "()"), ("a..b = :a", ".", "..b"), ("a[x] = :a", "x", "[x]"),
      ("a[] = :a", "]", "[] ="),
      ("a[-1] = :a", "-", "[-1"), (":a.b = :a", ".", ":a.b"), ("1a = :a", "1", "1a"),
      ("# = :a", "#", "# ="),
      ("a = : b", ":", "= : b"), ("é = :a", "é", "é ="), ("a == :a", "=", "== :a"),
      ("a != :a", "!", "a !="),
      ("(a) AND b = :b", "AND", ") AND b"), ("(a = :a) = :b", "=", ") = :b"),
      ("and = :a", "and", "and ="),
      ("a = :a OR (b)", "<EOF>", ")"), ("a.in = :a", "in", ".in ="), ("a,b", ",", "a,b"),
      (" ", "<EOF>", ""),
    ])
  func syntax(text: String, token: String, near: String) throws {
    #expect(
      try conditionRefusal(text) == "Syntax error; token: \"\(token)\", near: \"\(near)\"",
      "\(text)")
  }

  @Test(
    "each fault of a condition has the service's words",
    arguments: [
      ("", "The expression can not be empty;"),
      ("abort = :a", "Attribute name is a reserved keyword; reserved keyword: abort"),
      ("a.b.Size = :a", "Attribute name is a reserved keyword; reserved keyword: Size"),
      (
        "#x = :a",
        "An expression attribute name used in the document path is not defined; attribute name: #x"
      ),
      (
        "a = :x",
        "An expression attribute value used in expression is not defined; attribute value: :x"
      ),
      ("foo(a)", "Invalid function name; function: foo"),
      ("SIZE(a) = :1", "Invalid function name; function: SIZE"),
      (
        "if_not_exists(a, :a) = :a",
        "The function is not allowed in a condition expression; function: if_not_exists"
      ),
      ("size(a)", misuse("size")), ("NOT size(a)", misuse("size")),
      ("(size(a)) OR a = :a", misuse("size")),
      ("attribute_exists(a) = :a", misuse("attribute_exists")),
      ("a IN (contains(a, b))", misuse("contains")),
      ("begins_with(a, contains(a, b))", misuse("contains")),
      ("size(a, b) = :1", count("size", 2)),
      ("attribute_exists(a, b)", count("attribute_exists", 2)),
      ("begins_with(a)", count("begins_with", 1)), ("contains(a, b, c)", count("contains", 3)),
      (
        "attribute_exists(:a)",
        "Operator or function requires a document path; operator or function: attribute_exists"
      ),
      (
        "attribute_not_exists(size(a))",
        "Operator or function requires a document path; operator or function: attribute_not_exists"
      ),
      ("begins_with(a, :1)", type("begins_with", "N")),
      ("begins_with(:ss, a)", type("begins_with", "SS")),
      ("begins_with(a, size(b))", type("begins_with", "N")),
      ("attribute_type(a, :1)", type("attribute_type", "N")),
      ("attribute_type(a, b)", type("attribute_type", "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")),
      (
        "attribute_type(a, :bad)",
        "Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"
      ),
      ("size(:1) = :1", type("size", "N")), ("size(:t) = :1", type("size", "BOOL")),
      ("size(:null) = :1", type("size", "NULL")), ("size(size(a)) = :1", type("size", "N")),
      ("a < :t", type("<", "BOOL")), (":ss >= a", type(">=", "SS")),
      ("a BETWEEN :l AND :l", type("BETWEEN", "L")),
      ("contains(a, #a)", distinct("contains", "[a]")),
      ("a.b[0] = #a.#b[0]", distinct("=", "[a, b, [0]]")),
      ("a <> a", distinct("<>", "[a]")), ("begins_with(a, a)", distinct("begins_with", "[a]")),
      (
        "a BETWEEN :1 AND :s",
        "The BETWEEN operator requires same data type for lower and upper bounds; "
          + "lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:str}"
      ),
      (
        "a BETWEEN :5 AND :1",
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
          + "lower bound operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: {N:1}"
      ),
      ("((a = :a))", redundant), ("((a)) = :a", redundant), ("a = ((:a))", redundant),
      ("(((a = :a) AND b = :b))", redundant), ("a IN (((:a)))", redundant),
      ("size(((a))) = :1", redundant),
      ("((a)).b = :a", redundant),
      (
        "a[2147483648] = :a",
        "List index is not within the allowable range; index: [2147483648]"
      ),
      (
        "a[99999999999999999999] = :a",
        "List index is not within the allowable range; index: [99999999999999999999]"
      ),
      ("a[2147483647] = :a", "accepted"), ("a BETWEEN :1 AND :1", "accepted"),
      ("size(:ss) > :1", "accepted"), ("a = b", "accepted"), ("a < size(a)", "accepted"),
    ])
  func conditions(text: String, words: String) throws {
    #expect(try conditionRefusal(text) == words, "\(text)")
  }

  @Test(
    "of several faults in a condition the service names the first in its order",
    arguments: [
      // Parentheses, unknown function, misuse, reserved word.
      ("((foo(a))) AND size(b) AND abort = :x", redundant),
      ("size(b) AND abort = :x AND foo(a)", "Invalid function name; function: foo"),
      ("abort = :x AND size(b)", misuse("size")),
      ("#x = :x AND abort = :a", "Attribute name is a reserved keyword; reserved keyword: abort"),
      // Then per comparison, from the left: placeholders, operand count, distinct, types.
      ("a BETWEEN :5 AND :1 AND #x = :a", orderOfFiveAndOne),
      ("contains(a, a) AND #x = :a", distinct("contains", "[a]")),
      (
        "size(a, a) = #x",
        "An expression attribute name used in the document path is not defined; attribute name: #x"
      ),
      (
        "size(a, :1) = :x",
        "An expression attribute value used in expression is not defined; attribute value: :x"
      ),
      (
        ":x = #x",
        "An expression attribute value used in expression is not defined; attribute value: :x"
      ),
      ("size(a, b) = size(:1)", count("size", 2)),
      ("begins_with(size(a, b), :1)", count("size", 2)),
    ])
  func conditionPriority(text: String, words: String) throws {
    #expect(try conditionRefusal(text) == words, "\(text)")
  }

  @Test(
    "each fault of an update has the service's words",
    arguments: [
      ("", "The expression can not be empty;"),
      ("SET abort = :a", "Attribute name is a reserved keyword; reserved keyword: abort"),
      (" remove Absolute ", "Attribute name is a reserved keyword; reserved keyword: Absolute"),
      ("SET a = foo(a)", "Invalid function name; function: foo"),
      ("SET a = IF_NOT_EXISTS(a, :1)", "Invalid function name; function: IF_NOT_EXISTS"),
      ("SET a = size(b)", "The function is not allowed in an update expression; function: size"),
      ("SET a = :a SET b = :b", section("SET")), ("REMOVE a REMOVE b", section("REMOVE")),
      ("ADD a :1 ADD b :1", section("ADD")), ("delete a :ss delete b :ss", section("DELETE")),
      (
        "SET #x = :a",
        "An expression attribute name used in the document path is not defined; attribute name: #x"
      ),
      (
        "ADD a :x",
        "An expression attribute value used in expression is not defined; attribute value: :x"
      ),
      ("SET a.b = :a, a = :b", overlap("[a, b]", "[a]")),
      ("SET a = :a, a = :b", overlap("[a]", "[a]")),
      ("SET #c[3].#d = a, #c[3] = a", overlap("[c, [3], [3]]", "[c, [3]]")),
      ("SET d[1] = a, d.b = a, c[1].a = a, #c = a", overlap("[c, [1], a]", "[c]")),
      ("REMOVE a.#c SET a[1] = #d", conflict("[a, c]", "[a, [1]]")),
      ("SET a.b = :a, a[0] = :a", conflict("[a, b]", "[a, [0]]")),
      ("ADD a :s", action("ADD", "STRING")), ("ADD a :bin", action("ADD", "BINARY")),
      ("ADD a :null", action("ADD", "NULL")), ("ADD a :t", action("ADD", "BOOLEAN")),
      ("ADD a :l", action("ADD", "LIST")), ("ADD a :m", action("ADD", "MAP")),
      ("DELETE a :1", action("DELETE", "NUMBER")), ("DELETE a :s", action("DELETE", "STRING")),
      ("SET a = if_not_exists(c)", count("if_not_exists", 1)),
      ("SET a = list_append(a, b, c)", count("list_append", 3)),
      ("SET a = if_not_exists(:a, c)", needsPath("if_not_exists")),
      ("SET a = if_not_exists(if_not_exists(a, b), c)", needsPath("if_not_exists")),
      ("SET a = list_append(:s, a)", type("list_append", "S")),
      ("SET a = list_append(a, :ss)", type("list_append", "SS")),
      ("SET a = a + :s", type("+", "S")), ("SET a = :l - a", type("-", "L")),
      ("SET a = :t + :bs", type("+", "BOOL")),
      ("SET a = if_not_exists(a, :s) + :1", "accepted"), ("SET a = ((b.c.d)+(e))", "accepted"),
      ("SET a = (b + :1)", "accepted"), ("ADD a :1 DELETE b :ss REMOVE c SET d = :1", "accepted"),
      ("SET a = list_append(if_not_exists(a, :l), :l)", "accepted"),
      ("SET a[1] = b, a[2] = c, d.e = :1", "accepted"),
    ])
  func updates(text: String, words: String) throws {
    #expect(try updateRefusal(text) == words, "\(text)")
  }

  @Test(
    "what is no update is a syntax fault",
    arguments: [
      "whatever", "set a", "add a", "delete a", "set a=set", "remove a = b", "add a = b",
      "delete a b",
      "delete a if_not_exist(b)", "add abort b", "remove a b", "set a b", "set :a = b", "add :a b",
      "remove :a", "set a = b / c", "set a = b * c", "set a[1] = \"eight\"", "set a[1] = 1",
      "SET a = if_not_exist(a, 100)", "SET if_not_exist(a, b) = a", "set (a = (b + c))",
      "set a = (b.c).d + e", "set a = (b.c)[0] + e", "set a = b + c + d", "set a = (b + c) + d",
      "SET",
      "set a = :a,", "set a = list_append(b + c, d)",
    ])
  func updateSyntax(text: String) throws {
    #expect(try updateRefusal(text).hasPrefix("Syntax error; token: \""), "\(text)")
  }

  @Test(
    "of several faults in an update the service names the first in its order",
    arguments: [
      (
        "SET abort = foo(a) SET #x = :x",
        "Attribute name is a reserved keyword; reserved keyword: abort"
      ),
      ("SET #x = foo(:x) SET c = d", "Invalid function name; function: foo"),
      ("SET a = #x SET c = :x", section("SET")),
      (
        "SET a = :x, b = #x",
        "An expression attribute name used in the document path is not defined; attribute name: #x"
      ),
      (
        "SET a = :a, a = :x",
        "An expression attribute value used in expression is not defined; attribute value: :x"
      ),
      ("SET a.b = :a, a[0] = :b, c = :1 ADD c :s", overlap("[c]", "[c]")),
      ("SET a.b = :a ADD a[0] :s", conflict("[a, b]", "[a, [0]]")),
      ("SET b = list_append(:a, a), c = if_not_exists(a) ADD d :s", action("ADD", "STRING")),
      ("SET b = list_append(:a, a), c = if_not_exists(a)", type("list_append", "S")),
    ])
  func updatePriority(text: String, words: String) throws {
    #expect(try updateRefusal(text) == words, "\(text)")
  }

  @Test(
    "each fault of a projection has the service's words",
    arguments: [
      ("", "The expression can not be empty;"),
      ("a, zone", "Attribute name is a reserved keyword; reserved keyword: zone"),
      (
        "a, #x",
        "An expression attribute name used in the document path is not defined; attribute name: #x"
      ),
      ("a, a", overlap("[a]", "[a]")), ("a.b[0], a.b", overlap("[a, b, [0]]", "[a, b]")),
      ("a.b, a[0]", conflict("[a, b]", "[a, [0]]")),
      ("a,", "Syntax error; token: \"<EOF>\", near: \",\""),
      ("a b", "Syntax error; token: \"b\", near: \"a b\""),
      ("a, :a", "Syntax error; token: \":a\", near: \", :a\""),
      ("a[0", "Syntax error; token: \"<EOF>\", near: \"0\""),
      ("a[0], a[1], a[0 ] . b", overlap("[a, [0]]", "[a, [0], b]")),
      ("a.b, #dot", "accepted"), ("a[0].b, a[1].b", "accepted"),
    ])
  func projections(text: String, words: String) throws {
    #expect(try projectionRefusal(text) == words, "\(text)")
  }

  @Test("573 words are reserved, in any case, and no others")
  func reservedWords() throws {
    #expect(ReservedWords.all.count == 573)
    for word in ReservedWords.all {
      #expect(ReservedWords.contains(word) && ReservedWords.contains(word.lowercased()), "\(word)")
      #expect(!ReservedWords.contains(word + "_"), "\(word)_")
      #expect(
        try projectionRefusal(word.lowercased())
          == "Attribute name is a reserved keyword; reserved keyword: \(word.lowercased())")
    }
    for word in ["", "a", "attribute_exists", "ZONES", "ABOR", "id", "pk"] {
      #expect(!ReservedWords.contains(word), "\(word)")
    }
  }
}

// MARK: - The service's words

private let redundant = "The expression has redundant parentheses;"
private let orderOfFiveAndOne =
  "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
  + "lower bound operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: {N:1}"

private func misuse(_ name: String) -> String {
  "The function is not allowed to be used this way in an expression; function: \(name)"
}

private func count(_ name: String, _ number: Int) -> String {
  "Incorrect number of operands for operator or function; operator or function: \(name), "
    + "number of operands: \(number)"
}

private func type(_ name: String, _ type: String) -> String {
  "Incorrect operand type for operator or function; operator or function: \(name), operand type: \(type)"
}

private func action(_ name: String, _ type: String) -> String {
  "Incorrect operand type for operator or function; operator: \(name), operand type: \(type)"
}

private func needsPath(_ name: String) -> String {
  "Operator or function requires a document path; operator or function: \(name)"
}

private func distinct(_ name: String, _ path: String) -> String {
  "The first operand must be distinct from the remaining operands for this operator or function; "
    + "operator: \(name), first operand: \(path)"
}

private func section(_ name: String) -> String {
  "The \"\(name)\" section can only be used once in an update expression;"
}

private func overlap(_ one: String, _ two: String) -> String {
  "Two document paths overlap with each other; must remove or rewrite one of these paths; "
    + "path one: \(one), path two: \(two)"
}

private func conflict(_ one: String, _ two: String) -> String {
  "Two document paths conflict with each other; must remove or rewrite one of these paths; "
    + "path one: \(one), path two: \(two)"
}
