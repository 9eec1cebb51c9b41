// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import Testing

/// Placeholders for most tests: one name for each letter, one value for each type.
enum Placeholders {
  static let names: Document = ["#a": "a", "#b": "b", "#c": "c", "#d": "[3]", "#dot": "a.b"]
  static let values: Document = [
    ":a": ["S": "a"], ":b": ["S": "b"], ":s": ["S": "str"], ":0": ["N": "0"], ":1": ["N": "1"],
    ":2": ["N": "2"], ":5": ["N": "5"], ":bin": ["B": "YWI="], ":t": ["BOOL": true],
    ":null": ["NULL": true], ":ss": ["SS": ["a", "b"]], ":ns": ["NS": ["1", "2"]],
    ":bs": ["BS": ["YQ=="]], ":l": ["L": [["S": "x"]]], ":m": ["M": ["k": ["N": "1"]]],
    ":S": ["S": "S"], ":bad": ["S": "X"], ":empty": ["S": ""],
  ]
  private static let fresh = Result { try ExpressionContext(names: names, values: values) }
  static func context() throws -> ExpressionContext { try fresh.get() }
}

/// Reads an item written as the service's JSON.
func item(_ json: String) throws -> AttributeMap {
  try AttributeMap(json: try Document.parse(json))
}

/// What an expression's reader refuses with, or "accepted".
func refusal(_ read: () throws -> Void) -> String {
  do {
    try read()
    return "accepted"
  } catch let error as ExpressionError {
    return error.message
  } catch {
    return "another error: \(error)"
  }
}

/// What reading a condition answers, without "Invalid ConditionExpression: ".
func conditionRefusal(_ text: String) throws -> String {
  var context = try Placeholders.context()
  let answer = refusal { _ = try ConditionExpression(text, as: .condition, context: &context) }
  return bare(answer, .condition)
}

/// What reading an update answers, without "Invalid UpdateExpression: ".
func updateRefusal(_ text: String) throws -> String {
  var context = try Placeholders.context()
  return bare(refusal { _ = try UpdateExpression(text, context: &context) }, .update)
}

/// What reading a projection answers, without "Invalid ProjectionExpression: ".
func projectionRefusal(_ text: String) throws -> String {
  var context = try Placeholders.context()
  return bare(refusal { _ = try ProjectionExpression(text, context: &context) }, .projection)
}

private func bare(_ message: String, _ parameter: ExpressionParameter) -> String {
  let prefix = "Invalid \(parameter.rawValue): "
  guard message != "accepted" else { return message }
  #expect(message.hasPrefix(prefix), "every refusal names its parameter: \(message)")
  return message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message
}
