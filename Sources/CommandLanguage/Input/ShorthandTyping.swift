// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import OrderedCollections
import ServiceModel

/// Fits what shorthand gives, all texts, to the types of a shape.
///
/// Numbers and booleans are read from their texts and a lone value becomes a list of one. Members
/// that the shape does not know stay as they are: the check of the whole request names them.
enum ShorthandTyping {
  /// The value with the shape's types.
  ///
  /// - Throws: `.general` for a text that is not a number, in the CLI's own odd words.
  /// - Complexity: O(n).
  static func fit(_ value: ParameterValue, to shape: Shape) throws(CommandError) -> ParameterValue {
    switch (shape.kind, value) {
    case (.structure, .map(var members)):
      for member in shape.members {
        if let written = members[member.name] {
          members[member.name] = try fit(written, to: member.shape)
        }
      }
      return .map(members)
    case (.map, .map(let members)):
      guard let held = shape.value else { return value }
      var result: OrderedDictionary<String, ParameterValue> = [:]
      for (key, written) in members { result[key] = try fit(written, to: held) }
      return .map(result)
    case (.list, .list(let elements)):
      guard let held = shape.element else { return value }
      var result: [ParameterValue] = []
      for element in elements { result.append(try fit(element, to: held)) }
      return .list(result)
    case (.list, _):
      return .list([value])
    case (.structure, _), (.map, _):
      return value
    default:
      return try scalar(value, kind: shape.kind)
    }
  }

  private static func scalar(
    _ value: ParameterValue, kind: Shape.Kind
  ) throws(CommandError) -> ParameterValue {
    switch kind {
    case .integer, .long: return try PythonNumber.integer(value)
    case .float, .double: return try PythonNumber.real(value)
    case .boolean:
      guard case .string(let text) = value else {
        throw .general("'\(value.pythonType)' object has no attribute 'lower'")
      }
      switch text.lowercased() {
      case "true": return .bool(true)
      case "false": return .bool(false)
      default: return value
      }
    default: return value
    }
  }
}

/// Numbers from texts as the CLI's runtime reads them: blanks around and `_` between digits
/// allowed.
enum PythonNumber {
  /// A whole number, or the CLI's complaint.
  static func integer(_ value: ParameterValue) throws(CommandError) -> ParameterValue {
    switch value {
    case .integer: return value
    case .double(let number):
      return Int64(exactly: number.rounded(.towardZero)).map { .integer($0) } ?? value
    case .bool(let flag): return .integer(flag ? 1 : 0)
    case .string(let text):
      guard let digits = cleaned(text), isWhole(digits) else {
        throw .general("invalid literal for int() with base 10: \(text.pythonRepr)")
      }
      return Int64(digits).map { .integer($0) } ?? .double(Double(digits) ?? .infinity)
    default:
      throw .general(
        "int() argument must be a string, a bytes-like object or a real number, "
          + "not '\(value.pythonType)'")
    }
  }

  /// A real number, or the CLI's complaint.
  static func real(_ value: ParameterValue) throws(CommandError) -> ParameterValue {
    switch value {
    case .double: return value
    case .integer(let number): return .double(Double(number))
    case .bool(let flag): return .double(flag ? 1 : 0)
    case .string(let text):
      guard let number = real(text) else {
        throw .general("could not convert string to float: \(text.pythonRepr)")
      }
      return .double(number)
    default:
      throw .general(
        "float() argument must be a string or a real number, not '\(value.pythonType)'")
    }
  }

  /// The number of a text such as `1_000.5` or ` inf `, nil for anything else.
  static func real(_ text: String) -> Double? {
    guard let digits = cleaned(text) else { return nil }
    let unsigned = digits.drop { $0 == "+" || $0 == "-" }.lowercased()
    let sign = digits.hasPrefix("-") ? -1.0 : 1.0
    if ["inf", "infinity"].contains(unsigned) { return sign * .infinity }
    if unsigned == "nan" { return .nan }
    guard digits.utf8.allSatisfy({ $0.isDigit || "+-.eE".utf8.contains($0) }) else { return nil }
    // Python takes `5.`, `.5` and `5.e3`; Swift wants a digit on both sides.
    var padded: [UInt8] = []
    for byte in digits.utf8 {
      if byte | 0x20 == UInt8(ascii: "e"), padded.last == UInt8(ascii: ".") {
        padded.append(UInt8(ascii: "0"))
      }
      padded.append(byte)
    }
    if padded.last == UInt8(ascii: ".") { padded.append(UInt8(ascii: "0")) }
    return Double(String(decoding: padded, as: UTF8.self))
  }

  /// The whole number of a text, nil for anything else or beyond 64 bits.
  static func integer(_ text: String) -> Int64? {
    cleaned(text).flatMap { isWhole($0) ? Int64($0) : nil }
  }

  private static func isWhole(_ text: String) -> Bool {
    let digits = text.hasPrefix("+") || text.hasPrefix("-") ? text.dropFirst() : text[...]
    return !digits.isEmpty && digits.utf8.allSatisfy(\.isDigit)
  }

  /// The text without blanks around it and without single underscores between digits.
  private static func cleaned(_ text: String) -> String? {
    let bytes = Array(PythonText.stripped(text).utf8)
    var result: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      guard byte == UInt8(ascii: "_") else {
        result.append(byte)
        continue
      }
      guard index > 0, index + 1 < bytes.count, bytes[index - 1].isDigit, bytes[index + 1].isDigit
      else { return nil }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// Text as the CLI's runtime trims and sorts it.
enum PythonText {
  /// The text without white space at both ends.
  static func stripped(_ text: String) -> String {
    var scalars = text.unicodeScalars[...]
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(scalars)
  }

  /// Whether one text comes before another by code points, the order of Python's `sorted`.
  static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}
