// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents

/// The JSON shape of attribute values: what the service's deserialiser accepts before anything is
/// validated.
package enum WireShape {
  enum Expected { case text, bytes, bool, list, map, value }

  /// Checks the shape of one value and of all it holds.
  ///
  /// - Throws: `.serialization` alone, for the first member at fault.
  /// - Complexity: O(n) in the size of the value.
  package static func checkValue(_ json: Document) throws(ItemError) {
    switch json {
    case .null: return
    case .object(let members):
      for (name, content) in members where !content.isNull {
        guard let type = AttributeType(key: name) else { continue }
        try check(type, content)
      }
    default: throw mismatch(json, as: .value)
    }
  }

  /// Checks the shape of values by name: an Item, a Key, ExpressionAttributeValues.
  ///
  /// - Throws: `.serialization` alone, for the first member at fault.
  /// - Complexity: O(n) in the size of the values.
  package static func checkMap(_ json: Document) throws(ItemError) {
    guard case .object(let members) = json else { throw mismatch(json, as: .map) }
    for (_, value) in members { try checkValue(value) }
  }

  private static func check(_ type: AttributeType, _ json: Document) throws(ItemError) {
    switch type {
    case .string, .number: _ = try text(json)
    case .binary: _ = try bytes(json)
    case .null, .bool: _ = try bool(json)
    case .map: try checkMap(json)
    case .list: for element in try list(json) { try checkValue(element) }
    case .stringSet, .numberSet:
      for element in try list(json) where !element.isNull { _ = try text(element) }
    case .binarySet:
      for element in try list(json) where !element.isNull { _ = try bytes(element) }
    }
  }

  static func text(_ json: Document) throws(ItemError) -> String {
    guard case .string(let text) = json else { throw mismatch(json, as: .text) }
    return text
  }

  static func bytes(_ json: Document) throws(ItemError) -> [UInt8] {
    guard case .string(let text) = json else { throw mismatch(json, as: .bytes) }
    return try Base64.bytes(of: text)
  }

  static func list(_ json: Document) throws(ItemError) -> [Document] {
    guard case .array(let elements) = json else { throw mismatch(json, as: .list) }
    return elements
  }

  /// A boolean, or one of the texts the deserialiser takes for one.
  static func bool(_ json: Document) throws(ItemError) -> Bool {
    switch json {
    case .bool(let value): return value
    case .string("true"), .string("yes"): return true
    case .string("false"), .string("no"): return false
    default: throw mismatch(json, as: .bool)
    }
  }

  /// The service's words for JSON of the wrong kind. [DDB.value.errors]
  static func mismatch(_ json: Document, as expected: Expected) -> ItemError {
    let package = "com.amazonaws.dynamodb.v20120810"
    let text =
      switch (json, expected) {
      case (.array, .text): "Unrecognized collection type class java.lang.String"
      case (.array, .bool): "Unrecognized collection type class java.lang.Boolean"
      case (.array, .bytes): "Unrecognized collection type class java.nio.ByteBuffer"
      case (.array, .map):
        "Unrecognized collection type java.util.Map<java.lang.String, \(package).AttributeValue>"
      case (.array, .value): "Unrecognized collection type class \(package).AttributeValue"
      case (.object, _): "Start of structure or map found where not expected"
      case (_, .text): "\(token(json)) cannot be converted to String"
      case (.string, .bool): "Unexpected token received from parser"
      case (_, .bool): "\(token(json)) cannot be converted to Boolean"
      case (_, .bytes): "only base-64-encoded strings are convertible to bytes"
      case (_, .list), (_, .map): "Unexpected field type"
      case (_, .value): "Unexpected value type in payload"
      }
    return .serialization(text)
  }

  /// The parser's name for a scalar.
  private static func token(_ json: Document) -> String {
    switch json {
    case .bool(let value): value ? "TRUE_VALUE" : "FALSE_VALUE"
    case .integer: "NUMBER_VALUE"
    case .double: "DECIMAL_VALUE"
    case .null: "NULL_VALUE"
    case .string, .array, .object: "STRING_VALUE"
    }
  }
}
