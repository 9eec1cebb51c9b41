// SPDX-License-Identifier: GPL-3.0-or-later

internal import Documents
internal import OrderedCollections

/// The members of a structure, or the entries of a map, while a type reads them.
struct RequestMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
  private let node: RequestNode
  private let members: OrderedDictionary<String, Document>

  init(node: RequestNode) throws {
    guard case .object(let members) = node.document else {
      throw node.mismatch([String: Document].self)
    }
    self.node = node
    self.members = members
  }

  var codingPath: [any CodingKey] { node.codingPath }
  var allKeys: [Key] { members.keys.compactMap(Key.init(stringValue:)) }

  /// The value under a key, its shape, and the way to it; the value is nil when absent or null.
  private func look(_ key: Key) -> (value: Document?, shape: Shape?, step: RequestNode.Step) {
    if let member = node.member(for: key) {
      return (present(members[member.name]), member.shape, .member(member.name))
    }
    let name = key.stringValue
    return (present(members[name]), node.shape?.value, .entry(name))
  }

  private func present(_ value: Document?) -> Document? {
    if case .null? = value { nil } else { value }
  }

  private func missing(_ key: Key) -> DecodingError {
    DecodingError.keyNotFound(
      key,
      .init(codingPath: codingPath, debugDescription: "The request lacks “\(key.stringValue)”."))
  }

  func contains(_ key: Key) -> Bool { look(key).value != nil }

  func decodeNil(forKey key: Key) -> Bool { look(key).value == nil }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    let (value, shape, step) = look(key)
    guard let value else { throw missing(key) }
    return try read(type, value, shape, step)
  }

  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    try readIfPresent(type, key)
  }

  @inline(__always)
  private func readIfPresent<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value? {
    let (value, shape, step) = look(key)
    guard let value else { return nil }
    return try read(type, value, shape, step)
  }

  @inline(__always)
  private func read<Value: Decodable>(
    _ type: Value.Type, _ value: Document, _ shape: Shape?, _ step: RequestNode.Step
  ) throws -> Value {
    if case .value(let scalar) = readScalar(type, from: value) { return scalar }
    let child = node.child(value, shape, step)
    let result = try child.value(type)
    child.finish()
    return result
  }

  private func nested(_ key: Key) throws -> RequestNode {
    let (value, shape, step) = look(key)
    guard let value else { throw missing(key) }
    return node.keep(node.child(value, shape, step))
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try nested(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try nested(key).unkeyedContainer()
  }

  func superDecoder() -> any Decoder { node }
  func superDecoder(forKey key: Key) throws -> any Decoder { try nested(key) }
}

// The standard library's own versions for these types look three times for each member.
extension RequestMembers {
  func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
    try readIfPresent(type, key)
  }
  func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
    try readIfPresent(type, key)
  }
  func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
    try readIfPresent(type, key)
  }
  func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? {
    try readIfPresent(type, key)
  }
  func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
    try readIfPresent(type, key)
  }
}

/// The elements of a list while a type reads them.
struct RequestElements: UnkeyedDecodingContainer {
  private let node: RequestNode
  private let elements: [Document]
  private(set) var currentIndex = 0

  init(node: RequestNode) throws {
    guard case .array(let elements) = node.document else { throw node.mismatch([Document].self) }
    self.node = node
    self.elements = elements
  }

  var codingPath: [any CodingKey] { node.codingPath }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex == elements.count }

  private func current(_ type: Any.Type) throws -> Document {
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        type, .init(codingPath: codingPath, debugDescription: "The list has no more elements."))
    }
    return elements[currentIndex]
  }

  mutating func decodeNil() throws -> Bool {
    guard try current(Document.self).isNull else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let element = try current(type)
    let value: Value
    if case .value(let scalar) = readScalar(type, from: element) {
      value = scalar
    } else {
      let child = node.child(element, node.shape?.element, .element(currentIndex))
      value = try child.value(type)
      child.finish()
    }
    currentIndex += 1
    return value
  }

  private mutating func nested(_ type: Any.Type) throws -> RequestNode {
    let element = try current(type)
    let child = node.child(element, node.shape?.element, .element(currentIndex))
    currentIndex += 1
    return node.keep(child)
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try nested([String: Document].self).container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try nested([Document].self).unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder { try nested(Document.self) }
}

/// A value that a type reads in one piece.
struct RequestValue: SingleValueDecodingContainer {
  let node: RequestNode

  var codingPath: [any CodingKey] { node.codingPath }

  func decodeNil() -> Bool { node.document.isNull }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try node.value(type) }
}
