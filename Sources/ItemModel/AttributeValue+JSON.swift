// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents

extension AttributeValue {
  /// Reads a value from the service's JSON, such as `{"S": "a"}`.
  ///
  /// Unknown members and null ones count as absent, as they do for the service. Problems of shape
  /// anywhere in the value come before problems of content, because the service reads a request
  /// whole before it looks at values.
  ///
  /// - Throws: `.serialization` or `.validation` with the service's words. [DDB.value.errors]
  /// - Complexity: O(n log n) in the size of the value.
  package init(json: Document) throws(ItemError) {
    do {
      self = try ValueReader.value(json, level: 1)
    } catch {
      try WireShape.checkValue(json)
      throw error
    }
  }

  /// The value in the service's JSON; binary values as base64, numbers as text.
  ///
  /// - Complexity: O(n) in the size of the value.
  package var json: Document {
    let content: Document =
      switch self {
      case .string(let text): .string(text)
      case .number(let number): .string(number.description)
      case .binary(let bytes): .string(Base64.text(of: bytes))
      case .stringSet(let elements): .array(elements.map(Document.string))
      case .numberSet(let elements): .array(elements.map { .string($0.description) })
      case .binarySet(let elements): .array(elements.map { .string(Base64.text(of: $0)) })
      case .map(let map): map.json
      case .list(let values): .array(values.map(\.json))
      case .null: true
      case .bool(let value): .bool(value)
      }
    return TypeNames.value(content, of: type)
  }
}

extension AttributeMap {
  /// Reads values by name from the service's JSON, such as an Item or a Key.
  ///
  /// - Throws: `.serialization` or `.validation` of the first value at fault, in the order written.
  /// - Complexity: O(n log n) in the size of the values.
  package init(json: Document) throws(ItemError) {
    do {
      self = try ValueReader.map(json, level: 1)
    } catch {
      try WireShape.checkMap(json)
      throw error
    }
  }

  /// Reads ExpressionAttributeValues: the error of a value names its placeholder.
  ///
  /// - Parameter json: An object whose member names are placeholders with their colons.
  /// - Returns: The values by placeholder, colons included.
  /// - Throws: `.serialization` or `.validation` of the first value at fault, in the order written.
  /// - Complexity: O(n log n) in the size of the values.
  package static func expressionAttributeValues(
    json: Document
  ) throws(ItemError) -> AttributeMap {
    try WireShape.checkMap(json)
    var values = AttributeMap()
    guard case .object(let members) = json else { return values }
    for (key, member) in members {
      do {
        values[key] = try ValueReader.value(member, level: 1)
      } catch {
        throw error.inExpressionAttributeValues(key: key)
      }
    }
    return values
  }

  /// The values by name in the service's JSON, in order of the names' bytes.
  ///
  /// A document's members are told apart as Swift strings: of two names that differ only in Unicode
  /// normal form the later one is shown.
  ///
  /// - Complexity: O(n) in the size of the values.
  package var json: Document {
    var members: OrderedDictionary<String, Document> = [:]
    members.reserveCapacity(count)
    for (name, value) in self { members[name] = value.json }
    return .object(members)
  }
}

/// Reads values; the shape of what it meets may be wrong, then `WireShape` finds the words.
private enum ValueReader {
  static func map(_ json: Document, level: Int) throws(ItemError) -> AttributeMap {
    guard case .object(let members) = json else { throw WireShape.mismatch(json, as: .map) }
    var map = AttributeMap(capacity: members.count)
    for (name, member) in members {
      if name.utf8.count > 65_535 {
        throw .validation(
          "1 validation error detected: Attribute name is too large, "
            + "must be less than 65536 bytes")
      }
      map[name] = try value(member, level: level)
    }
    return map
  }

  static func value(_ json: Document, level: Int) throws(ItemError) -> AttributeValue {
    if level > AttributeValue.maximumLevels {
      throw .validation(
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
          + "beyond supported limit")
    }
    var found: AttributeValue?
    var typeCount = 0
    switch json {
    case .null: break
    case .object(let members) where members.count == 1:
      let (name, content) = members.elements[0]
      if !content.isNull, let type = AttributeType(key: name) {
        return try value(type, content, level: level)
      }
    case .object(let members):
      // Each type's own problems come before that of having two types.
      for type in AttributeType.allCases {
        guard let content = members[type.rawValue], !content.isNull else { continue }
        found = try value(type, content, level: level)
        typeCount += 1
      }
    default: throw WireShape.mismatch(json, as: .value)
    }
    guard let found else {
      throw .validation(
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
    }
    if typeCount > 1 {
      throw .validation(
        "Supplied AttributeValue has more than one datatypes set, "
          + "must contain exactly one of the supported datatypes")
    }
    return found
  }

  private static func value(
    _ type: AttributeType, _ json: Document, level: Int
  ) throws(ItemError) -> AttributeValue {
    switch type {
    case .string: return .string(try WireShape.text(json))
    case .number: return .number(try number(json))
    case .binary: return .binary(try WireShape.bytes(json))
    case .stringSet: return try stringSet(json)
    case .numberSet: return try numberSet(json)
    case .binarySet: return try binarySet(json)
    case .map: return .map(try map(json, level: level + 1))
    case .list:
      var values: [AttributeValue] = []
      for element in try WireShape.list(json) {
        values.append(try value(element, level: level + 1))
      }
      return .list(values)
    case .null:
      guard try WireShape.bool(json) else {
        throw .validation(
          invalid + "Null attribute value types must have the value of true")
      }
      return .null
    case .bool: return .bool(try WireShape.bool(json))
    }
  }

  private static let invalid = "One or more parameter values were invalid: "

  private static func number(_ json: Document) throws(ItemError) -> DecimalNumber {
    do {
      return try DecimalNumber(parsing: WireShape.text(json))
    } catch let error as NumberError {
      throw ItemError(error)
    } catch let error as ItemError {
      throw error
    } catch {
      throw WireShape.mismatch(json, as: .text)
    }
  }

  private static func stringSet(_ json: Document) throws(ItemError) -> AttributeValue {
    var elements: [String] = []
    for element in try WireShape.list(json) {
      if element.isNull {
        throw .validation(
          invalid + "An string set may not have a null string as a member")
      }
      elements.append(try WireShape.text(element))
    }
    if elements.isEmpty { throw .validation(invalid + "An string set  may not be empty") }
    let set = AttributeValue.strings(elements)
    if case .stringSet(let unique) = set, unique.count < elements.count {
      let list = elements.joined(separator: ", ")
      throw .validation(invalid + "Input collection [\(list)] contains duplicates.")
    }
    return set
  }

  private static func numberSet(_ json: Document) throws(ItemError) -> AttributeValue {
    var elements: [DecimalNumber] = []
    for element in try WireShape.list(json) {
      if element.isNull { throw ItemError(.notANumber("")) }
      elements.append(try number(element))
    }
    if elements.isEmpty { throw .validation(invalid + "An number set  may not be empty") }
    let set = AttributeValue.numbers(elements)
    if case .numberSet(let unique) = set, unique.count < elements.count {
      throw .validation("Input collection contains duplicates")
    }
    return set
  }

  private static func binarySet(_ json: Document) throws(ItemError) -> AttributeValue {
    var elements: [[UInt8]] = []
    for element in try WireShape.list(json) {
      if element.isNull {
        throw .validation(invalid + "Binary sets may not contain null or empty values")
      }
      elements.append(try WireShape.bytes(element))
    }
    if elements.isEmpty { throw .validation(invalid + "Binary sets should not be empty") }
    let set = AttributeValue.binaries(elements)
    if case .binarySet(let unique) = set, unique.count < elements.count {
      let list = elements.map { Base64.text(of: $0) }.joined(separator: ", ")
      throw .validation(invalid + "Input collection [\(list)]of type BS contains duplicates.")
    }
    return set
  }
}
