// SPDX-License-Identifier: GPL-3.0-or-later

import Documents

/// An attribute of a message as a request gives it. [SNS.publish]
struct MessageAttribute: Decodable, Sendable {
  let dataType: String
  let stringValue: String?
  let binaryValue: String?

  static let array = "String.Array"

  /// What stands before the first dot; what comes behind is the sender's own.
  private static func base(of type: String) -> String {
    String(type.prefix { $0 != "." })
  }

  /// The value as text: of bytes their Base64.
  ///
  /// - Parameter name: What the attribute is called.
  /// - Returns: A text that its type can be read from.
  /// - Throws: ParameterValueInvalid for a type that there is not and for a value that is none of it.
  func value(named name: String) throws(ServiceError) -> String {
    let base = Self.base(of: dataType)
    guard ["Binary", "Number", "String"].contains(base) else {
      throw .invalidAttribute(
        "The message attribute '\(name)' has an invalid message attribute type, the set of "
          + "supported type prefixes is Binary, Number, and String.")
    }
    guard let value = base == "Binary" ? binaryValue : stringValue, !value.isEmpty else {
      throw .invalidAttribute(
        "The message attribute '\(name)' must contain non-empty message attribute value for "
          + "message attribute type '\(dataType)'.")
    }
    guard base != "Number" || Self.number(value) != nil else {
      throw .invalidAttribute("Could not cast message attribute '\(name)' value to number.")
    }
    guard dataType != Self.array || (try? Document.parse(value))?.array != nil else {
      throw .invalidAttribute(
        "The message attribute '\(name)' with type 'String.Array' must be a valid JSON array.")
    }
    return value
  }

  /// What a filter sees of a value; nil for bytes, which it does not see. [SNS.filter]
  static func filtered(_ text: String, type: String?) -> Document? {
    guard let type, type != "String" else { return .string(text) }
    switch base(of: type) {
    case "Binary": return nil
    case "Number": return number(text)
    default: return type == array ? (try? Document.parse(text)) : .string(text)
    }
  }

  private static func number(_ text: String) -> Document? {
    switch try? Document.parse(text) {
    case .integer(let number)?: .integer(number)
    case .double(let number)?: .double(number)
    default: nil
    }
  }
}

extension ServiceError {
  fileprivate static func invalidAttribute(_ message: String) -> ServiceError {
    ServiceError(code: "ParameterValueInvalid", message: message)
  }
}
