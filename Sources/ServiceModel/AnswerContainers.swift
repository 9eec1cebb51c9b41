// SPDX-License-Identifier: GPL-3.0-or-later

internal import Documents

/// The members of a structure, or the entries of a map, while a type encodes them.
struct AnswerMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: AnswerNode

  var codingPath: [any CodingKey] { [] }

  /// Leaves the member out, as the services do; the name must be the model's all the same.
  func encodeNil(forKey key: Key) { _ = node.place(of: key) }

  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    let (place, shape) = node.place(of: key)
    node.put(try encodedDocument(value, shape), at: place)
  }

  func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
    try member(value, key)
  }

  private func member<Value: Encodable>(_ value: Value?, _ key: Key) throws {
    let (place, shape) = node.place(of: key)
    guard let value else { return }
    node.put(try encodedDocument(value, shape), at: place)
  }

  private func nested(_ key: Key) -> AnswerNode {
    let (place, shape) = node.place(of: key)
    return node.nest(shape, at: place)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    nested(key).container(keyedBy: keyType)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    nested(key).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { node }
  func superEncoder(forKey key: Key) -> any Encoder { nested(key) }
}

// The standard library's own versions for these types never look at the name of a member that is
// nil, so that a wrong one would come to light only with the first value.
extension AnswerMembers {
  func encodeIfPresent(_ value: String?, forKey key: Key) throws { try member(value, key) }
  func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try member(value, key) }
  func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try member(value, key) }
  func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { try member(value, key) }
  func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try member(value, key) }
}

/// The elements of a list while a type encodes them.
struct AnswerElements: UnkeyedEncodingContainer {
  let node: AnswerNode

  var codingPath: [any CodingKey] { [] }
  var count: Int { node.elements.count }

  func encodeNil() { node.append(.null) }

  func encode<Value: Encodable>(_ value: Value) throws {
    node.append(try encodedDocument(value, node.shape?.element) ?? .null)
  }

  private func nested() -> AnswerNode {
    node.append(.null)
    return node.nest(node.shape?.element, at: .element(count - 1))
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> {
    nested().container(keyedBy: keyType)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }

  func superEncoder() -> any Encoder { nested() }
}

/// A value that a type encodes in one piece.
struct AnswerValue: SingleValueEncodingContainer {
  let node: AnswerNode

  var codingPath: [any CodingKey] { [] }

  func encodeNil() { node.put(.null, at: .whole) }

  func encode<Value: Encodable>(_ value: Value) throws {
    node.put(try encodedDocument(value, node.shape) ?? .null, at: .whole)
  }
}
