// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import Testing

@Suite("Expressions of one request")
struct ExpressionsRequestTests {
  struct Row: CustomTestStringConvertible, Sendable {
    var accepting: [ExpressionParameter]
    var texts: [ExpressionParameter: String] = [:]
    var names: Document?
    var values: Document?
    var legacy: [LegacyParameter: Document] = [:]
    let words: String
    var testDescription: String { words }
  }

  private static let valuesWithout =
    "ExpressionAttributeValues can only be specified when using expressions: "
  private static let mixed =
    "Can not use both expression and non-expression parameters in the same request: "
  private static let invalidKey = "contains invalid key: Syntax error; key: "
  private static let value: Document = [":v": ["S": "x"]]
  private static let name: Document = ["#n": "x"]

  @Test(
    "placeholders and parameters that do not belong together are refused",
    arguments: [
      Row(
        accepting: ExpressionRequest.putItem, names: name,
        words: "ExpressionAttributeNames can only be specified when using expressions"),
      Row(
        accepting: ExpressionRequest.putItem, names: [:],
        words: "ExpressionAttributeNames can only be specified when using expressions"),
      Row(
        accepting: ExpressionRequest.putItem, values: value,
        words: valuesWithout + "ConditionExpression is null"),
      Row(
        accepting: ExpressionRequest.updateItem, values: value,
        words: valuesWithout + "UpdateExpression and ConditionExpression are null"),
      Row(
        accepting: ExpressionRequest.query, texts: [.projection: "a"], values: value,
        words: valuesWithout + "FilterExpression and KeyConditionExpression are null"),
      Row(
        accepting: ExpressionRequest.scan, texts: [.projection: "a"], values: value,
        words: valuesWithout + "FilterExpression is null"),
      Row(
        accepting: ExpressionRequest.putItem, texts: [.condition: "a = :v"], values: value,
        legacy: [.expected: [:]],
        words: mixed
          + "Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}"),
      Row(
        accepting: ExpressionRequest.updateItem, texts: [.condition: "", .update: ""],
        legacy: [.expected: [:], .attributeUpdates: [:]],
        words: mixed + "Non-expression parameters: {AttributeUpdates, Expected} "
          + "Expression parameters: {UpdateExpression, ConditionExpression}"),
      Row(
        accepting: ExpressionRequest.query, texts: [.keyCondition: "a = :v", .projection: "b"],
        values: value, legacy: [.keyConditions: [:]],
        words: mixed + "Non-expression parameters: {KeyConditions} "
          + "Expression parameters: {ProjectionExpression, KeyConditionExpression}"),
      Row(
        accepting: ExpressionRequest.query, texts: [.filter: "a = :v"], values: value,
        legacy: [
          .keyConditions: ["k": ["ComparisonOperator": "EQ", "AttributeValueList": [["S": "x"]]]]
        ], words: "accepted"),
      Row(
        accepting: ExpressionRequest.putItem, texts: [.condition: ""], names: [:], values: [:],
        words: "ExpressionAttributeNames must not be empty"),
      Row(
        accepting: ExpressionRequest.putItem, texts: [.condition: ""], values: [:],
        words: "ExpressionAttributeValues must not be empty"),
      Row(
        accepting: ExpressionRequest.putItem, texts: [.condition: ""], names: ["a": "a"],
        values: [:], words: "ExpressionAttributeNames " + invalidKey + "\"a\""),
      Row(
        accepting: ExpressionRequest.putItem, texts: [.condition: ""],
        values: [":b": ["a": ""], "b": ["S": "a"]],
        words: "ExpressionAttributeValues " + invalidKey + "\"b\""),
      Row(
        accepting: ExpressionRequest.putItem, texts: [.condition: ""], names: ["#a-b": "a"],
        words: "ExpressionAttributeNames " + invalidKey + "\"#a-b\""),
      Row(
        accepting: ExpressionRequest.putItem, texts: [.condition: ""], names: ["#": "a"],
        words: "ExpressionAttributeNames " + invalidKey + "\"#\""),
      Row(
        accepting: ExpressionRequest.putItem, texts: [.condition: ""], values: [":b": [:]],
        words:
          "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, "
          + "must contain exactly one of the supported datatypes for key :b"),
      Row(
        accepting: ExpressionRequest.putItem, texts: [.condition: ""], values: [":b": ["N": "x"]],
        words: "ExpressionAttributeValues contains invalid value: "
          + "The parameter cannot be converted to a numeric value: x for key :b"),
      Row(
        accepting: ExpressionRequest.putItem, texts: [.condition: "a = b"],
        names: ["#z": "q", "#b": "b", "#a": "a"],
        words:
          "Value provided in ExpressionAttributeNames unused in expressions: keys: {#z, #b, #a}"),
      Row(
        accepting: ExpressionRequest.updateItem,
        texts: [.update: "SET a = :1", .condition: "#x = :2"], names: ["#x": "x"],
        values: [":1": ["N": "1"], ":3": ["N": "1"], ":2": ["N": "1"], ":0": ["N": "1"]],
        words: "Value provided in ExpressionAttributeValues unused in expressions: keys: {:3, :0}"),
      Row(
        accepting: ExpressionRequest.query,
        texts: [.keyCondition: "attribute_type(a, :s)", .filter: "", .projection: ""],
        values: [":s": ["S": "S"]],
        words: "Invalid FilterExpression: The expression can not be empty;"),
      Row(
        accepting: ExpressionRequest.query,
        texts: [.keyCondition: "attribute_type(a, :s)", .filter: "a > b", .projection: ""],
        values: [":s": ["S": "S"]],
        words: "Invalid ProjectionExpression: The expression can not be empty;"),
      Row(
        accepting: ExpressionRequest.query, texts: [.keyCondition: "contains(a, :s)"],
        values: [":s": ["S": "S"], ":t": ["S": "S"]],
        words: "Value provided in ExpressionAttributeValues unused in expressions: keys: {:t}"),
      Row(
        accepting: ExpressionRequest.query, texts: [.keyCondition: "contains(a, :s)"],
        values: [":s": ["S": "S"]],
        words: "Invalid operator used in KeyConditionExpression: contains"),
      Row(
        accepting: ExpressionRequest.updateItem, texts: [.update: "", .condition: ""],
        words: "Invalid UpdateExpression: The expression can not be empty;"),
      Row(
        accepting: ExpressionRequest.putItem, names: nil, values: .null, words: "accepted"),
    ])
  func requests(row: Row) {
    let request = ExpressionRequest(
      accepting: row.accepting, texts: row.texts, names: row.names, values: row.values,
      legacy: row.legacy)
    #expect(refusal { _ = try request.bind() } == row.words)
  }

  @Test("a placeholder used by any of a request's expressions is used")
  func sharedUse() throws {
    let request = ExpressionRequest(
      accepting: ExpressionRequest.query,
      texts: [.keyCondition: "#k = :k", .filter: "x1 = :f", .projection: "#p, #k"],
      names: ["#k": "pk", "#p": "size"], values: [":k": ["S": "1"], ":f": ["S": "2"]])
    let bound = try request.bind()
    #expect(bound.projection?.paths.attributes == ["size", "pk"])
    #expect(bound.filter?.evaluate(["x1": .string("2")]) == true)
    #expect(bound.update == nil && bound.condition == nil)
    let schema = KeySchema(partition: KeyAttribute(name: "pk", type: .string))
    #expect(
      try bound.keyCondition?.condition(on: schema) == KeyCondition(partition: [.string("1")]))
  }

  @Test("values of the wrong JSON shape are a SerializationException, before anything else")
  func shape() {
    let row = ExpressionRequest(
      accepting: ExpressionRequest.putItem, texts: [.condition: ""], names: ["#n": 1])
    #expect(throws: ExpressionError.serialization("NUMBER_VALUE cannot be converted to String")) {
      _ = try row.bind()
    }
    let values = ExpressionRequest(
      accepting: ExpressionRequest.putItem, texts: [.condition: ""],
      values: ["bad key": [:], ":b": ["S": true]])
    #expect(throws: ExpressionError.serialization("TRUE_VALUE cannot be converted to String")) {
      _ = try values.bind()
    }
  }

  // MARK: - Limits

  @Test("an expression has at most 4,096 bytes", arguments: [4_095, 4_096, 4_097, 409_600])
  func size(bytes: Int) throws {
    let text = String(repeating: "a", count: bytes - 1) + "b"
    let expected =
      bytes <= 4_096
      ? "accepted"
      : "Expression size has exceeded the maximum allowed size; expression size: \(bytes)"
    #expect(try projectionRefusal(text) == expected)
  }

  @Test("IN takes at most 100 operands", arguments: [1, 100, 101])
  func inOperands(count: Int) throws {
    let list = Array(repeating: ":a", count: count).joined(separator: ",")
    let expected =
      count <= 100
      ? "accepted" : "The IN operator is provided with too many operands; number of operands: 101"
    #expect(try conditionRefusal("a IN (\(list))") == expected)
  }

  @Test("an expression has at most 300 operators and functions", arguments: [149, 150, 151])
  func operators(comparisons: Int) throws {
    let text = Array(repeating: "a=b", count: comparisons).joined(separator: " OR ")
    let count = 2 * comparisons - 1
    let expected =
      count <= 300
      ? "accepted" : "The expression contains too many operators; operator count: \(count)"
    #expect(try conditionRefusal(text) == expected)
  }

  @Test("a placeholder has at most 255 bytes", arguments: [255, 256])
  func placeholder(bytes: Int) {
    let key = "#" + String(repeating: "n", count: bytes - 1)
    let request = ExpressionRequest(
      accepting: ExpressionRequest.getItem, texts: [.projection: key],
      names: .object([key: "a"]))
    let expected =
      bytes == 255
      ? "accepted" : "ExpressionAttributeNames contains invalid key: Syntax error; key: \"\(key)\""
    #expect(refusal { _ = try request.bind() } == expected)
  }

  @Test("however deep parentheses nest, the answer is a refusal")
  func depth() throws {
    let open = String(repeating: "(", count: 2_000)
    #expect(try conditionRefusal(open) == "The expression has redundant parentheses;")
    let close = String(repeating: ")", count: 2_000)
    #expect(try conditionRefusal(open + "a" + close) == "The expression has redundant parentheses;")
    let groups =
      String(repeating: "(", count: 1) + String(repeating: "NOT (", count: 700) + "a = :a"
    #expect(try conditionRefusal(groups).hasPrefix("The expression is nested too deeply;"))
    let calls = String(repeating: "size(", count: 700) + "a"
    #expect(try conditionRefusal(calls).hasPrefix("The expression is nested too deeply;"))
    #expect(try updateRefusal("SET a = " + open).hasPrefix("The expression is nested too deeply;"))
    let fits = String(repeating: "NOT (", count: 299) + "a=:a" + String(repeating: ")", count: 299)
    #expect(try conditionRefusal(fits) == "accepted")
  }
}
