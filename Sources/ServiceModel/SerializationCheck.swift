// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents

/// The message of the `SerializationException` that a service answers to JSON of the wrong kind, or
/// nil.
///
/// The first wrong value in the order of the input decides. Members that the model does not know
/// are passed over, and so is what stands inside an `AttributeValue`, which the item model reads. A
/// text that is neither `true` nor `false` but stands for one is still no truth; a number with a
/// fraction is a whole number that loses it. [DDB.5.2]
///
/// - Parameters:
///   - input: The input of a request as it came.
///   - shape: The operation's input in the model.
/// - Returns: The service's words, or nil when every value is of its member's kind.
/// - Complexity: O(n) in the number of values.
package func serializationError(of input: Document, as shape: Shape) -> String? {
  kindProblem(input, shape, isMember: false)
}

/// What is wrong with a value, of which `isMember` says that it is a structure's, not an element or
/// an entry.
private func kindProblem(_ value: Document, _ shape: Shape, isMember: Bool) -> String? {
  switch (value, shape.kind) {
  case (.null, _): return nil
  case (.object(let members), .structure):
    guard !shape.isAttributeValue else { return nil }
    for (name, value) in members {
      guard let member = shape.member(named: name) else { continue }
      if let problem = kindProblem(value, member.shape, isMember: true) { return problem }
    }
    return nil
  case (.object(let entries), .map):
    guard let contents = shape.value else { return nil }
    return entries.values.lazy.compactMap { kindProblem($0, contents, isMember: false) }.first
  case (.array(let elements), .list):
    guard let contents = shape.element else { return nil }
    return elements.lazy.compactMap { kindProblem($0, contents, isMember: false) }.first
  case (.object, _): return "Start of structure or map found where not expected"
  case (.array, _): return "Unrecognized collection type \(shape.reflectedTypeName)"
  case (_, .structure):
    return isMember ? "Unexpected field type" : "Unexpected value type in payload"
  case (_, .list), (_, .map): return isMember ? "Unexpected field type" : reflectionFailure
  case (.string(let text), .blob): return base64Problem(text)
  case (_, .blob): return "only base-64-encoded strings are convertible to bytes"
  case (.string, .boolean): return "Unexpected token received from parser"
  case (.string, .string), (.bool, .boolean): return nil
  case (.integer, .integer), (.integer, .long), (.integer, .float), (.integer, .double),
    (.integer, .timestamp):
    return nil
  case (.double, .integer), (.double, .long), (.double, .float), (.double, .double),
    (.double, .timestamp):
    return nil
  case (let value, let kind):
    return "\(tokenName(of: value)) cannot be converted to \(javaWords(for: kind))"
  }
}

/// What the service answers to a scalar where an element or an entry should be a list or a map.
private let reflectionFailure =
  "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class "
  + "java.lang.Class (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and "
  + "java.lang.Class are in module java.base of loader 'bootstrap')"

/// The service's reader's name for a scalar.
private func tokenName(of value: Document) -> String {
  switch value {
  case .string: "STRING_VALUE"
  case .integer: "NUMBER_VALUE"
  case .double: "DECIMAL_VALUE"
  case .bool(let value): value ? "TRUE_VALUE" : "FALSE_VALUE"
  case .null, .array, .object: preconditionFailure("Only scalars have the name of a token.")
  }
}

/// What the service says a scalar cannot be converted to.
private func javaWords(for kind: Shape.Kind) -> String {
  kind == .timestamp ? "milliseconds since epoch" : javaName(of: kind)
}

private func javaName(of kind: Shape.Kind) -> String {
  let name = kind.rawValue
  return name.prefix(1).uppercased() + name.dropFirst()
}

extension Shape {
  /// The type's name in messages about a list where there should be none.
  fileprivate var reflectedTypeName: String {
    switch kind {
    case .map, .list: typeName
    default: "class \(typeName)"
    }
  }

  private var typeName: String {
    switch kind {
    case .structure: "\(namespace).\(name)"
    case .map: "java.util.Map<java.lang.String, \(value?.typeName ?? "?")>"
    case .list: "java.util.List<\(element?.typeName ?? "?")>"
    case .blob: "java.nio.ByteBuffer"
    case .timestamp: "java.util.Date"
    default: "java.lang.\(javaName(of: kind))"
    }
  }
}

/// What is wrong with a text that should be bytes in base64; the last wording is the service's own.
private func base64Problem(_ text: String) -> String? {
  let bytes = Array(text.utf8)
  guard bytes.count.isMultiple(of: 4) else {
    return "Base64 encoded length is expected a multiple of 4 bytes but found: \(bytes.count)"
  }
  let padding = bytes.reversed().prefix(2).prefix { $0 == UInt8(ascii: "=") }.count
  let digits = bytes.dropLast(padding)
  for (byte, scalar) in zip(bytes, text.unicodeScalars)
  where sextet(byte) == nil && byte != UInt8(ascii: "=") {
    return "Invalid Base64 character: '\(scalar)'"
  }
  let last = digits.last.flatMap(sextet) ?? 0
  let spare: UInt8 = padding == 0 ? 0 : padding == 1 ? 0b11 : 0b1111
  guard digits.allSatisfy({ sextet($0) != nil }), last & spare == 0 else {
    return "Invalid last non-pad Base64 character dectected"
  }
  return nil
}

private func sextet(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
  case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
  case UInt8(ascii: "+"): 62
  case UInt8(ascii: "/"): 63
  default: nil
  }
}
