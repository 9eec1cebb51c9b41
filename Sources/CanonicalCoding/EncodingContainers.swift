// SPDX-License-Identifier: GPL-3.0-or-later

/// The members of an object under way.
struct KeyedWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let writer: TreeWriter
  let depth: Int
  var codingPath: [any CodingKey] { [] }

  private func begin(_ key: Key) {
    writer.close(to: depth)
    writer.write(key: key.stringValue)
  }

  mutating func encodeNil(forKey key: Key) {
    begin(key)
    writer.writeNull()
  }

  mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    begin(key)
    try writer.write(value)
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    begin(key)
    return writer.container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    begin(key)
    return writer.unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder {
    writer.close(to: depth)
    writer.write(key: "super")
    return writer
  }

  mutating func superEncoder(forKey key: Key) -> any Encoder {
    begin(key)
    return writer
  }
}

/// The elements of an array under way.
struct UnkeyedWriter: UnkeyedEncodingContainer {
  let writer: TreeWriter
  let depth: Int
  var codingPath: [any CodingKey] { [] }
  private(set) var count = 0

  init(writer: TreeWriter, depth: Int) {
    self.writer = writer
    self.depth = depth
  }

  private mutating func begin() {
    writer.close(to: depth)
    count += 1
  }

  mutating func encodeNil() {
    begin()
    writer.writeNull()
  }

  mutating func encode<Value: Encodable>(_ value: Value) throws {
    begin()
    try writer.write(value)
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> {
    begin()
    return writer.container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    begin()
    return writer.unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder {
    begin()
    return writer
  }
}

/// One value by itself; the numbers of the standard library arrive here.
struct SingleWriter: SingleValueEncodingContainer {
  let writer: TreeWriter
  var codingPath: [any CodingKey] { [] }

  mutating func encodeNil() { writer.writeNull() }
  mutating func encode(_ value: Bool) { writer.write(value) }
  mutating func encode(_ value: String) { writer.write(value) }
  mutating func encode(_ value: Double) { writer.write(double: value) }
  mutating func encode(_ value: Float) { writer.write(double: Double(value)) }
  mutating func encode(_ value: Int) { writer.write(integer: Int64(value)) }
  mutating func encode(_ value: Int8) { writer.write(integer: Int64(value)) }
  mutating func encode(_ value: Int16) { writer.write(integer: Int64(value)) }
  mutating func encode(_ value: Int32) { writer.write(integer: Int64(value)) }
  mutating func encode(_ value: Int64) { writer.write(integer: value) }
  // A document has integers with a sign; the 64 bits are what counts.
  mutating func encode(_ value: UInt) { writer.write(integer: Int64(bitPattern: UInt64(value))) }
  mutating func encode(_ value: UInt8) { writer.write(integer: Int64(value)) }
  mutating func encode(_ value: UInt16) { writer.write(integer: Int64(value)) }
  mutating func encode(_ value: UInt32) { writer.write(integer: Int64(value)) }
  mutating func encode(_ value: UInt64) { writer.write(integer: Int64(bitPattern: value)) }
  mutating func encode<Value: Encodable>(_ value: Value) throws { try writer.write(value) }
}
