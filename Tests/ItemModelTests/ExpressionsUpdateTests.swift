// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import Testing

@Suite("Updates of an item")
struct ExpressionsUpdateTests {
  static let item = """
    {"pk": {"S": "k"}, "n": {"N": "10"}, "s": {"S": "old"}, "ss": {"SS": ["a", "b", "c"]},
     "ns": {"NS": ["1", "2"]}, "l": {"L": [{"S": "x"}, {"S": "y"}, {"S": "z"}]},
     "m": {"M": {"k": {"N": "1"}, "box": {"M": {"deep": {"SS": ["q"]}}}, "l": {"L": [{"N": "7"}]}}}}
    """

  /// An update, what it leaves of the item above, and what UPDATED_OLD and UPDATED_NEW answer.
  struct Row: CustomTestStringConvertible, Sendable {
    let text: String
    var changes: String
    var removes: [String] = []
    var old = "{}"
    var new: String?
    var testDescription: String { text }
  }

  @Test(
    "an update changes what it names and nothing else",
    arguments: [
      Row(text: "SET s = :s", changes: #"{"s":{"S":"str"}}"#, old: #"{"s":{"S":"old"}}"#),
      Row(text: "SET fresh = :m", changes: #"{"fresh":{"M":{"k":{"N":"1"}}}}"#),
      Row(text: "SET n = n + :5", changes: #"{"n":{"N":"15"}}"#, old: #"{"n":{"N":"10"}}"#),
      Row(text: "SET n = :5 - n", changes: #"{"n":{"N":"-5"}}"#, old: #"{"n":{"N":"10"}}"#),
      Row(text: "SET q = n + m.k", changes: #"{"q":{"N":"11"}}"#),
      Row(
        text: "SET n = if_not_exists(n, :0) + :1", changes: #"{"n":{"N":"11"}}"#,
        old: #"{"n":{"N":"10"}}"#),
      Row(text: "SET q = if_not_exists(q, :0) + :1", changes: #"{"q":{"N":"1"}}"#),
      Row(text: "SET q = if_not_exists(m.zz, s)", changes: #"{"q":{"S":"old"}}"#),
      Row(text: "SET q = if_not_exists(x1, if_not_exists(x2, :2))", changes: #"{"q":{"N":"2"}}"#),
      Row(
        text: "SET l = list_append(l, :l)",
        changes: #"{"l":{"L":[{"S":"x"},{"S":"y"},{"S":"z"},{"S":"x"}]}}"#,
        old: #"{"l":{"L":[{"S":"x"},{"S":"y"},{"S":"z"}]}}"#),
      Row(
        text: "SET m.l = list_append(:l, m.l)",
        changes:
          #"{"m":{"M":{"k":{"N":"1"},"box":{"M":{"deep":{"SS":["q"]}}},"l":{"L":[{"S":"x"},{"N":"7"}]}}}}"#,
        old: #"{"m":{"M":{"l":{"L":[{"N":"7"}]}}}}"#,
        new: #"{"m":{"M":{"l":{"L":[{"S":"x"},{"N":"7"}]}}}}"#),
      // Right-hand sides see the item before.
      Row(
        text: "SET n = m.k, m.k = n",
        changes:
          #"{"n":{"N":"1"},"m":{"M":{"k":{"N":"10"},"box":{"M":{"deep":{"SS":["q"]}}},"l":{"L":[{"N":"7"}]}}}}"#,
        old: #"{"n":{"N":"10"},"m":{"M":{"k":{"N":"1"}}}}"#,
        new: #"{"n":{"N":"1"},"m":{"M":{"k":{"N":"10"}}}}"#),
      Row(
        text: "SET q = s REMOVE s", changes: #"{"q":{"S":"old"}}"#, removes: ["s"],
        old: #"{"s":{"S":"old"}}"#, new: #"{"q":{"S":"old"}}"#),
      // List indexes: replaced inside, appended beyond, in the order of the indexes; removals shift.
      Row(
        text: "SET l[1] = :1", changes: #"{"l":{"L":[{"S":"x"},{"N":"1"},{"S":"z"}]}}"#,
        old: #"{"l":{"L":[{"S":"y"}]}}"#, new: #"{"l":{"L":[{"N":"1"}]}}"#),
      Row(
        text: "SET l[99] = :2, l[50] = :1",
        changes: #"{"l":{"L":[{"S":"x"},{"S":"y"},{"S":"z"},{"N":"1"},{"N":"2"}]}}"#,
        new: #"{"l":{"L":[{"N":"1"},{"N":"2"}]}}"#),
      Row(
        text: "REMOVE l[0], l[2]", changes: #"{"l":{"L":[{"S":"y"}]}}"#,
        old: #"{"l":{"L":[{"S":"x"},{"S":"z"}]}}"#, new: "{}"),
      Row(
        text: "SET l[2] = :1, l[7] = :2 REMOVE l[0]",
        changes: #"{"l":{"L":[{"S":"y"},{"N":"1"},{"N":"2"}]}}"#,
        old: #"{"l":{"L":[{"S":"x"},{"S":"z"}]}}"#, new: #"{"l":{"L":[{"N":"1"},{"N":"2"}]}}"#),
      Row(text: "REMOVE l[3]", changes: "{}", new: "{}"),
      Row(text: "REMOVE zz, m.zz", changes: "{}", new: "{}"),
      Row(
        text: "REMOVE m.box.deep",
        changes: #"{"m":{"M":{"k":{"N":"1"},"box":{"M":{}},"l":{"L":[{"N":"7"}]}}}}"#,
        old: #"{"m":{"M":{"box":{"M":{"deep":{"SS":["q"]}}}}}}"#, new: "{}"),
      Row(text: "ADD n :5", changes: #"{"n":{"N":"15"}}"#, old: #"{"n":{"N":"10"}}"#),
      Row(text: "ADD q :5", changes: #"{"q":{"N":"5"}}"#),
      Row(text: "ADD q :ss", changes: #"{"q":{"SS":["a","b"]}}"#),
      Row(
        text: "ADD ns :ns", changes: "{}", old: #"{"ns":{"NS":["1","2"]}}"#,
        new: #"{"ns":{"NS":["1","2"]}}"#),
      Row(
        text: "ADD m.box.deep :ss",
        changes:
          #"{"m":{"M":{"k":{"N":"1"},"box":{"M":{"deep":{"SS":["a","b","q"]}}},"l":{"L":[{"N":"7"}]}}}}"#,
        old: #"{"m":{"M":{"box":{"M":{"deep":{"SS":["q"]}}}}}}"#,
        new: #"{"m":{"M":{"box":{"M":{"deep":{"SS":["a","b","q"]}}}}}}"#),
      Row(
        text: "ADD m.l[0] :5",
        changes:
          #"{"m":{"M":{"k":{"N":"1"},"box":{"M":{"deep":{"SS":["q"]}}},"l":{"L":[{"N":"12"}]}}}}"#,
        old: #"{"m":{"M":{"l":{"L":[{"N":"7"}]}}}}"#, new: #"{"m":{"M":{"l":{"L":[{"N":"12"}]}}}}"#),
      Row(
        text: "DELETE ss :ss", changes: #"{"ss":{"SS":["c"]}}"#,
        old: #"{"ss":{"SS":["a","b","c"]}}"#),
      Row(
        text: "DELETE ns :ns", changes: "{}", removes: ["ns"], old: #"{"ns":{"NS":["1","2"]}}"#,
        new: "{}"),
      Row(text: "DELETE zz :ss", changes: "{}", new: "{}"),
      Row(
        text: "SET s = :a ADD n :1 REMOVE ns DELETE ss :ss",
        changes: #"{"s":{"S":"a"},"n":{"N":"11"},"ss":{"SS":["c"]}}"#, removes: ["ns"],
        old: #"{"s":{"S":"old"},"n":{"N":"10"},"ns":{"NS":["1","2"]},"ss":{"SS":["a","b","c"]}}"#,
        new: #"{"s":{"S":"a"},"n":{"N":"11"},"ss":{"SS":["c"]}}"#),
      Row(text: "SET pk = pk", changes: "{}", old: #"{"pk":{"S":"k"}}"#, new: #"{"pk":{"S":"k"}}"#),
    ])
  func changes(row: Row) throws {
    let before = try ItemModelTests.item(Self.item)
    let changes = try ItemModelTests.item(row.changes)
    var expected = before
    for (name, value) in changes { expected[name] = value }
    for name in row.removes { expected[name] = nil }
    var context = try Placeholders.context()
    let outcome = try UpdateExpression(row.text, context: &context).apply(to: before)
    #expect(outcome.item == expected)
    #expect(outcome.updatedOld == (try ItemModelTests.item(row.old)))
    let new = try row.new.map(ItemModelTests.item) ?? changes
    #expect(outcome.updatedNew == new)
  }

  private static let path =
    "The document path provided in the update expression is invalid for update"
  private static let missing =
    "The provided expression refers to an attribute that does not exist in the item"
  private static let type = "An operand in the update expression has an incorrect data type"

  @Test(
    "an update that meets an item it cannot work on is refused in the service's words",
    arguments: [
      ("SET zz.a = :1", path), ("SET zz[0] = :1", path), ("SET s.a = :1", path),
      ("SET l.a = :1", path),
      ("SET m[0] = :1", path), ("SET m.zz.a = :1", path), ("SET l[9].a = :1", path),
      ("REMOVE zz.a", path), ("REMOVE m[0]", path), ("REMOVE l[3].a", path), ("REMOVE s[0]", path),
      ("ADD zz.a :1", path), ("DELETE zz.a :ss", path), ("ADD m.zz.a :1", path),
      ("SET q = zz", missing), ("SET q = m.zz", missing), ("SET q = l[3]", missing),
      ("SET q = n + zz", missing), ("SET q = list_append(zz, :l)", missing),
      ("SET q = if_not_exists(zz, yy)", missing), ("SET zz.a = yy", missing),
      ("SET q = n + s", type), ("SET q = if_not_exists(s, :1) + :1", type),
      ("SET q = list_append(s, :l)", type), ("SET q = list_append(l, n)", type),
      ("ADD s :1", type), ("ADD n :ss", type), ("ADD ss :ns", type), ("ADD l :1", type),
      ("DELETE ss :ns", type), ("DELETE n :ss", type), ("DELETE m :ss", type),
    ])
  func refusals(text: String, words: String) throws {
    let before = try ItemModelTests.item(Self.item)
    var context = try Placeholders.context()
    let update = try UpdateExpression(text, context: &context)
    #expect(refusal { _ = try update.apply(to: before) } == words, "\(text)")
  }

  @Test("a sum outside the numbers' range is refused as a number is")
  func sums() throws {
    let huge: Document = ["N": "9.9999999999999999999999999999999999999e125"]
    var context = try ExpressionContext(names: nil, values: [":h": huge, ":e": ["N": "1e-100"]])
    let item = AttributeMap(dictionaryLiteral: ("h", try AttributeValue(json: huge)))
    let double = try UpdateExpression("SET h = h + :h", context: &context)
    #expect(
      refusal { _ = try double.apply(to: item) }
        == "Number overflow. Attempting to store a number with magnitude larger than supported range"
    )
    let precise = try UpdateExpression("ADD h :e", context: &context)
    #expect(
      refusal { _ = try precise.apply(to: item) }
        == "Attempting to store more than 38 significant digits in a Number")
  }

  @Test("an item may nest 32 levels and not one more")
  func levels() throws {
    var value = AttributeValue.null
    for _ in 1..<31 { value = .list([value]) }
    var context = try ExpressionContext(names: nil, values: [":v": value.json])
    let item: AttributeMap = ["m": .map([:])]
    let inside = try UpdateExpression("SET m.a = :v", context: &context)
    #expect(try inside.apply(to: item).item["m"]?.levelCount == 32)
    let deeper: AttributeMap = ["m": .map(["b": .map([:])])]
    let beyond = try UpdateExpression("SET m.b.a = :v", context: &context)
    #expect(
      refusal { _ = try beyond.apply(to: deeper) }
        == "Nesting Levels have exceeded supported limits")
  }

  @Test("targets are what an update changes, paths also what it reads")
  func namedPaths() throws {
    var context = try Placeholders.context()
    let update = try UpdateExpression(
      "SET x1 = if_not_exists(pk, y.z), #a = x1 ADD l[0] :1 REMOVE m.k", context: &context)
    #expect(update.targets.all.map(\.description) == ["[x1]", "[a]", "[l, [0]]", "[m, k]"])
    #expect(update.targets.attributes == ["x1", "a", "l", "m"])
    #expect(update.paths.attributes == ["x1", "pk", "y", "a", "l", "m"])
    let schema = KeySchema(partition: KeyAttribute(name: "l", type: .string))
    #expect(
      refusal { try update.targets.requireKeyUntouched(schema) }
        == "One or more parameter values were invalid: Cannot update attribute l. "
        + "This attribute is part of the key")
    let key =
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
    #expect(refusal { try update.paths.requireScalarKeys(schema) } == key + "Key: l")
    #expect(
      refusal { try update.paths.requireScalarKeys(schema, isIndex: true) } == key + "IndexKey: l")
    let other = KeySchema(partition: KeyAttribute(name: "pk", type: .string))
    #expect(refusal { try update.targets.requireKeyUntouched(other) } == "accepted")
    #expect(refusal { try update.paths.requireScalarKeys(other) } == "accepted")
  }
}
