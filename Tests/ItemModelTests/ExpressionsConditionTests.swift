// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import Testing

@Suite("Conditions on an item")
struct ExpressionsConditionTests {
  static let item = """
    {"a": {"S": "str"}, "b": {"N": "1"}, "c": {"B": "YWI="}, "t": {"BOOL": true},
     "n": {"NULL": true}, "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "2"]}, "bs": {"BS": ["YQ=="]},
     "l": {"L": [{"S": "x"}, {"N": "1"}, {"L": [{"S": "deep"}]}]},
     "m": {"M": {"k": {"N": "1"}, "l": {"L": [{"M": {"z": {"S": "str"}}}]}}},
     "a.b": {"N": "5"}, "twin": {"S": "str"}, "x2": {"N": "2"}, "word": {"S": "é"}}
    """

  @Test(
    "a comparison holds for equal types alone; missing attributes fail all but <>",
    arguments: [
      ("a = :s", true), ("a = :a", false), ("a <> :a", true), ("a <> :s", false),
      ("b = :1", true), ("b = :s", false), ("b <> :s", true), ("b < :2", true), ("b > :2", false),
      ("b <= :1", true), ("b >= :1", true), ("b < :1", false), ("b > :0", true),
      ("b < :s", false), ("b > :s", false), ("b <= :s", false), ("b >= :s", false),
      ("c = :bin", true), ("c >= :bin", true), ("c < :bin", false), ("t = :t", true),
      ("n = :null", true), ("ss = :ss", true), ("ns = :ns", true), ("ss = :ns", false),
      ("l = :l", false), ("m = :m", false), ("m.k = :1", true), ("a = twin", true),
      ("b < x2", true),
      ("a < b", false), ("ss < x2", false),
      ("zz = :s", false), ("zz <> :s", true), ("zz < :1", false), ("zz >= :1", false),
      ("zz = yy", false), ("zz <> yy", true), ("zz <> a", true),
      (":1 = b", true), (":1 < :2", true), (":s = :s", true), ("#dot = :5", true),
      ("l[0] = a", false), ("l[1] = :1", true), ("l[9] = :1", false), ("l.k = :1", false),
      ("m[0] = :1", false), ("m.l[0].z = :s", true), ("l[2][0] <> :s", true),
    ])
  func comparisons(text: String, holds: Bool) throws {
    try check(text, holds)
  }

  @Test(
    "BETWEEN includes both ends, IN looks for one equal value",
    arguments: [
      ("b BETWEEN :1 AND :2", true), ("b BETWEEN :2 AND :5", false), ("b between :0 and :1", true),
      ("a BETWEEN :0 AND :5", false), ("zz BETWEEN :0 AND :5", false),
      ("a BETWEEN :a AND zz", false),
      ("a BETWEEN :a AND twin", true), ("x2 BETWEEN b AND :5", true),
      ("a IN (:a, :s)", true), ("a IN (:a, :b)", false), ("zz IN (:a, zz)", false),
      ("b in (x2, :1)", true),
      ("ss IN (:s, :ss)", true), ("b IN (:1)", true),
      ("size(ss) BETWEEN :1 AND :2", true), ("size(a) IN (:1, :2, size(twin))", true),
    ])
  func rangesAndLists(text: String, holds: Bool) throws {
    try check(text, holds)
  }

  @Test(
    "functions answer by type, and false for a missing attribute",
    arguments: [
      ("attribute_exists(a)", true), ("attribute_exists(zz)", false),
      ("attribute_exists(m.k)", true),
      ("attribute_exists(m.q)", false), ("attribute_exists(l[2][0])", true),
      ("attribute_exists(l[3])", false), ("attribute_exists(n)", true),
      ("attribute_not_exists(zz)", true), ("attribute_not_exists(a)", false),
      ("attribute_not_exists(m.q)", true), ("attribute_not_exists(a.b)", true),
      ("attribute_type(a, :S)", true), ("attribute_type(b, :S)", false),
      ("attribute_type(zz, :S)", false),
      ("begins_with(a, :empty)", true), ("begins_with(a, :s)", true), ("begins_with(a, :a)", false),
      ("begins_with(c, :bin)", true), ("begins_with(c, :s)", false), ("begins_with(b, :s)", false),
      ("begins_with(zz, :s)", false), ("begins_with(a, zz)", false), ("begins_with(:s, a)", true),
      ("contains(a, :empty)", true), ("contains(a, :s)", true), ("contains(a, :b)", false),
      ("contains(c, :bin)", true), ("contains(ss, :a)", true), ("contains(ss, :s)", false),
      ("contains(ns, :2)", true), ("contains(ns, :s)", false), ("contains(bs, :bin)", false),
      ("contains(l, :1)", true), ("contains(l, :2)", false), ("contains(l, :s)", false),
      ("contains(m, :1)", false), ("contains(b, :1)", false), ("contains(zz, :1)", false),
      ("contains(:ss, word)", false), ("contains(ns, b)", true),
      ("size(a) = size(twin)", true), ("size(c) = :2", true), ("size(ss) = :2", true),
      ("size(ns) = :2", true), ("size(bs) = :1", true), ("size(m) = :2", true),
      ("size(l) > :2", true),
      ("size(b) = :1", false), ("size(b) <> :1", true), ("size(zz) < :5", false),
      ("size(:ss) = :2", true), ("size(word) = :2", true),
    ])
  func functions(text: String, holds: Bool) throws {
    try check(text, holds)
  }

  @Test(
    "NOT binds tighter than AND, AND tighter than OR; keywords have no case",
    arguments: [
      ("a = :s OR a = :a AND b = :2", true), ("(a = :s OR a = :a) AND b = :2", false),
      ("NOT a = :a", true), ("NOT a = :s OR b = :1", true), ("NOT (a = :s OR b = :1)", false),
      ("not a = :a and not b = :2", true), ("NOT zz = :a", true), ("NOT zz <> :a", false),
      ("NOT attribute_exists(a) Or attribute_exists(b)", true),
      ("a = :a OR b = :2 OR t = :t", true), ("a = :s AND b = :1 AND n = :t", false),
      ("a = :s AND b BETWEEN :0 AND :2 AND t = :t", true), ("(a) = (:s)", true), ("(a = :s)", true),
      ("(m).k = :1", true), ("(m.l)[0].z = (:s)", true), ("(attribute_exists(a))", true),
      ("(size(ss)) > :1", true), ("(a = :s) AND (b = :1)", true), ("((a = :s) AND b = :1)", true),
      ("  a\t=\n:s\r ", true), ("m . k = :1", true), ("l [ 1 ] = :1", true),
    ])
  func structure(text: String, holds: Bool) throws {
    try check(text, holds)
  }

  @Test("names compare by bytes: a composed é is not a decomposed one")
  func namesCompareByBytes() throws {
    var context = try ExpressionContext(names: ["#e": "e\u{301}"], values: nil)
    let condition = try ConditionExpression(
      "attribute_exists(#e)", as: .condition, context: &context)
    #expect(!condition.evaluate(["\u{E9}": .null]))
    #expect(condition.evaluate(["e\u{301}": .null]))
  }

  @Test("contains finds a run anywhere and nothing that only looks like it")
  func runsOfBytes() throws {
    var dice = Dice(seed: 11)
    for _ in 0..<2_000 {
      let text = (0..<dice.roll(12)).map { _ in UInt8(dice.roll(2)) }
      let part = (0..<dice.roll(5)).map { _ in UInt8(dice.roll(2)) }
      let expected =
        part.isEmpty
        || text.indices.contains { Array(text[$0...].prefix(part.count)) == part }
      var context = try ExpressionContext(
        names: nil, values: [":p": AttributeValue.binary(part).json])
      let condition = try ConditionExpression("contains(a, :p)", as: .filter, context: &context)
      #expect(condition.evaluate(["a": .binary(text)]) == expected, "\(text) \(part)")
    }
  }

  private func check(_ text: String, _ holds: Bool) throws {
    var context = try Placeholders.context()
    let condition = try ConditionExpression(text, as: .condition, context: &context)
    #expect(condition.evaluate(try ItemModelTests.item(Self.item)) == holds, "\(text)")
  }
}
