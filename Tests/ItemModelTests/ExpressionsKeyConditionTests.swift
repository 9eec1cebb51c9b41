// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import Testing

@Suite("Key conditions")
struct ExpressionsKeyConditionTests {
  static let table = KeySchema(
    partition: KeyAttribute(name: "a", type: .string), sort: KeyAttribute(name: "b", type: .number))
  static let one = AttributeValue.number(1)
  static let hashOnly = KeySchema(partition: KeyAttribute(name: "a", type: .string))
  static let wide = KeySchema(
    partition: [KeyAttribute(name: "a", type: .string), KeyAttribute(name: "b", type: .number)],
    sort: [
      KeyAttribute(name: "c", type: .string), KeyAttribute(name: "d", type: .string),
      KeyAttribute(name: "e", type: .number),
    ])

  @Test(
    "a key condition gives the partition and what the sort key must fulfil",
    arguments: [
      ("a = :a", nil), (":a = a", nil), ("(a = :a)", nil), ("#a = :a", nil),
      ("a = :a AND b = :1", .equal(one)), ("b < :1 AND a = :a", .less(one)),
      ("a = :a AND b <= :1", .lessOrEqual(one)), ("a = :a AND :1 < b", .greater(one)),
      ("a = :a AND :1 <= b", .greaterOrEqual(one)), ("a = :a AND :1 > b", .less(one)),
      ("a = :a AND :1 >= b", .lessOrEqual(one)), ("a = :a AND b >= :1", .greaterOrEqual(one)),
      ("(a = :a) AND (b > :1)", .greater(one)),
      ("a = :a AND b BETWEEN :1 AND :2", .between(one, .number(2))),
    ] as [(String, SortCondition?)])
  func conditions(text: String, sort: SortCondition?) throws {
    var context = try Placeholders.context()
    let found = try KeyConditionExpression(text, context: &context).condition(on: Self.table)
    #expect(found == KeyCondition(partition: [.string("a")], leading: [], last: sort), "\(text)")
  }

  @Test("several key attributes: equality first, anything on the last one named")
  func severalAttributes() throws {
    func condition(_ text: String) throws -> KeyCondition {
      var context = try Placeholders.context()
      return try KeyConditionExpression(text, context: &context).condition(on: Self.wide)
    }
    let partition: [AttributeValue] = [.string("a"), Self.one]
    #expect(
      try condition("b = :1 AND a = :a")
        == KeyCondition(partition: partition, leading: [], last: nil))
    #expect(
      try condition("b = :1 AND a = :a AND begins_with(c, :s)")
        == KeyCondition(partition: partition, leading: [], last: .beginsWith(.string("str"))))
    #expect(
      try condition("b = :1 AND a = :a AND e > :2 AND d = :b AND c = :s")
        == KeyCondition(
          partition: partition, leading: [.string("str"), .string("b")], last: .greater(.number(2)))
    )
  }

  private static let typeMismatch =
    "One or more parameter values were invalid: Condition parameter type does not match schema type"
  private static let unsupported = "Query key condition not supported"
  private static let nested = "KeyConditionExpressions cannot contain nested operations"
  private static let twoNames =
    "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"
  private static let nestedName =
    "KeyConditionExpressions cannot have conditions on nested attributes"
  private static let noKey =
    "Invalid condition in KeyConditionExpression: No key attribute specified"
  private static let twice =
    "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key"
  private static func invalidOperator(_ name: String) -> String {
    "Invalid operator used in KeyConditionExpression: \(name)"
  }
  private static func missed(_ name: String) -> String {
    "Query condition missed key schema element: \(name)"
  }
  private static func notFirst(_ name: String) -> String {
    "Invalid condition in KeyConditionExpression: \(name) operator must have the key attribute "
      + "as its first operand"
  }

  @Test(
    "what is a condition but no key condition is refused in the service's words",
    arguments: [
      ("a > b and size(b) > c or a > c", invalidOperator("OR")),
      ("a in (b, size(c), d)", invalidOperator("IN")),
      ("attribute_exists(a)", invalidOperator("attribute_exists")),
      ("attribute_not_exists(a)", invalidOperator("attribute_not_exists")),
      ("attribute_type(a, :S)", invalidOperator("attribute_type")),
      ("contains(a.d, b)", invalidOperator("contains")), ("not a > b", invalidOperator("NOT")),
      ("a <> b", invalidOperator("<>")), ("a = :a AND (b = :1 OR b = :2)", invalidOperator("OR")),
      (":a between size(b) and size(a) and b > :b", notFirst("BETWEEN")),
      ("begins_with(:a, b) and a > :b", notFirst("begins_with")),
      ("size(b) > a AND a.b > b AND b > c", nested), ("a > size(b.d)", nested),
      ("a between size(b) and size(a)", nested),
      ("b > a.b", twoNames), ("b between c[1] and d", nestedNameOrTwo),
      ("a between b and size(a)", twoNames),
      ("begins_with(a, b)", twoNames),
      ("b.d > a AND c.d > e.f", nestedName), ("a.d > c", nestedName), ("b[0] > a", nestedName),
      (":b > :a AND a < :b", noKey), (":a > b AND :a < :b", noKey),
      ("b > :a AND b < :a and c = :a and d = :a", twice),
      ("(a > :a and b > :a) and (b > :a and c > :a)", twice),
      ("a = :a AND #a = :b", twice),
    ])
  func form(text: String, words: String) throws {
    var context = try Placeholders.context()
    let expression = try KeyConditionExpression(text, context: &context)
    #expect(refusal { try expression.requireKeyConditions() } == words, "\(text)")
    #expect(refusal { _ = try expression.condition(on: Self.table) } == words, "\(text)")
  }

  /// "b between c[1] and d" names two attributes before anything else is looked at.
  private static var nestedNameOrTwo: String { twoNames }

  @Test(
    "a key condition must fit the key",
    arguments: [
      ("b = :1", table, missed("a")), ("c between :1 and :2", table, missed("a")),
      ("a = :a AND c = :1", table, missed("b")),
      (
        "a = :a AND b = :1", hashOnly,
        "The number of query conditions (2) exceeds the number of key attributes defined in the "
          + "schema (1)"
      ),
      ("a > :a", table, unsupported), ("a BETWEEN :a AND :b", hashOnly, unsupported),
      ("begins_with(a, :a) AND b = :1", table, unsupported),
      ("a = :1", table, typeMismatch), ("a = :a AND b = :s", table, typeMismatch),
      ("a = :a AND begins_with(b, :s)", table, typeMismatch), ("a = :ss", table, typeMismatch),
      ("a = :a AND b BETWEEN :a AND :b", table, typeMismatch),
      (
        "a = :a AND b = :1 AND c = :1", table,
        "The number of query conditions (3) exceeds the number of key attributes defined in the "
          + "schema (2)"
      ),
      (
        "a = :empty", table,
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
          + "contain an empty string value. Key: a"
      ),
      ("a = :a AND b > :1", wide, unsupported), ("a = :a AND c = :s", wide, missed("b")),
      (
        "a = :a AND b = :1 AND d = :s", wide,
        "RANGE key attributes c must have equality conditions specified in the query because a "
          + "condition is present on key attribute d"
      ),
      (
        "a = :a AND b = :1 AND c > :s AND d = :s", wide,
        "RANGE key attributes c must have equality conditions specified in the query because a "
          + "condition is present on key attribute d"
      ),
      ("a = :a AND b = :1 AND zz = :s", wide, missed("c")),
    ] as [(String, KeySchema, String)])
  func key(text: String, schema: KeySchema, words: String) throws {
    var context = try Placeholders.context()
    let expression = try KeyConditionExpression(text, context: &context)
    #expect(refusal { _ = try expression.condition(on: schema) } == words, "\(text)")
  }

  @Test(
    "faults of the condition itself come with the parameter's name",
    arguments: [
      ("", "The expression can not be empty;"),
      ("a > 4", "Syntax error; token: \"4\", near: \"> 4\""),
      ("zone = :a", "Attribute name is a reserved keyword; reserved keyword: zone"),
      (
        "a = :a AND b BETWEEN :b AND :a",
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
          + "lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}"
      ),
    ])
  func conditionFaults(text: String, words: String) throws {
    var context = try Placeholders.context()
    #expect(
      refusal { _ = try KeyConditionExpression(text, context: &context) }
        == "Invalid KeyConditionExpression: \(words)")
  }

  @Test("a query's filter may not name the key it queries")
  func filter() throws {
    var context = try Placeholders.context()
    let filter = try ConditionExpression("c = :a AND size(b) > :1", as: .filter, context: &context)
    #expect(
      refusal { try filter.paths.requireNoKeyAttributes(Self.table) }
        == "Filter Expression can only contain non-primary key attributes: Primary key attribute: b"
    )
    #expect(refusal { try filter.paths.requireNoKeyAttributes(Self.hashOnly) } == "accepted")
  }
}
