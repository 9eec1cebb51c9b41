// SPDX-License-Identifier: GPL-3.0-or-later

/// The members of an object.
///
/// Types ask for their members in the order in which they wrote them, so a search goes on from where
/// the last one ended.
final class KeyedReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
  private let tree: TreeReader
  private let range: Range<Int>
  private var cursor: Int
  var codingPath: [any CodingKey] { [] }

  init(tree: TreeReader, range: Range<Int>) {
    self.tree = tree
    self.range = range
    cursor = range.lowerBound
  }

  /// Where the value of a member stands; nil if there is none.
  private func find(_ name: String) throws(TreeError) -> Int? {
    let start = cursor
    if let found = try find(name, from: start, until: range.upperBound) { return found }
    return try find(name, from: range.lowerBound, until: start)
  }

  private func find(_ name: String, from start: Int, until end: Int) throws(TreeError) -> Int? {
    var entry = start
    while entry < end {
      var next = entry
      let found = try tree.text(&next)
      if found == name {
        cursor = entry
        return next
      }
      entry = try tree.end(of: next)
      guard entry <= range.upperBound else { throw .malformed }
    }
    return nil
  }

  private func place(_ key: Key) throws(TreeError) -> Int {
    guard let place = try find(key.stringValue) else { throw .missing(key.stringValue) }
    return place
  }

  var allKeys: [Key] {
    var keys: [Key] = []
    var entry = range.lowerBound
    while entry < range.upperBound {
      guard let name = try? tree.text(&entry), let end = try? tree.end(of: entry) else { break }
      if let key = Key(stringValue: name) { keys.append(key) }
      entry = end
    }
    return keys
  }

  func contains(_ key: Key) -> Bool {
    guard let place = try? find(key.stringValue) else { return false }
    return place < range.upperBound
  }

  func decodeNil(forKey key: Key) throws -> Bool { try tree.tag(at: place(key)) == Tag.null }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try tree.read(type, at: place(key))
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try ValueReader(tree: tree, position: place(key)).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try ValueReader(tree: tree, position: place(key)).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    guard let place = try find("super") else { throw TreeError.missing("super") }
    return ValueReader(tree: tree, position: place)
  }

  func superDecoder(forKey key: Key) throws -> any Decoder {
    ValueReader(tree: tree, position: try place(key))
  }
}

/// The elements of an array.
struct UnkeyedReader: UnkeyedDecodingContainer {
  private let tree: TreeReader
  private let range: Range<Int>
  private var cursor: Int
  private(set) var currentIndex = 0
  var codingPath: [any CodingKey] { [] }
  var count: Int? { nil }
  var isAtEnd: Bool { cursor >= range.upperBound }

  init(tree: TreeReader, range: Range<Int>) {
    self.tree = tree
    self.range = range
    cursor = range.lowerBound
  }

  /// The place of the next element, which then is read.
  private mutating func take() throws(TreeError) -> Int {
    guard !isAtEnd else { throw .missing("element \(currentIndex)") }
    let place = cursor
    let end = try tree.end(of: place)
    guard end <= range.upperBound else { throw .malformed }
    cursor = end
    currentIndex += 1
    return place
  }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, try tree.tag(at: cursor) == Tag.null else { return false }
    _ = try take()
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try tree.read(type, at: take())
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try ValueReader(tree: tree, position: take()).container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try ValueReader(tree: tree, position: take()).unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder {
    ValueReader(tree: tree, position: try take())
  }
}

/// One value by itself.
struct SingleReader: SingleValueDecodingContainer {
  let tree: TreeReader
  let position: Int
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { (try? tree.tag(at: position)) == Tag.null }
  func decode(_ type: Bool.Type) throws -> Bool { try tree.bool(at: position) }
  func decode(_ type: String.Type) throws -> String { try tree.string(at: position) }
  func decode(_ type: Double.Type) throws -> Double { try tree.double(at: position) }
  func decode(_ type: Float.Type) throws -> Float { Float(try tree.double(at: position)) }
  func decode(_ type: Int.Type) throws -> Int { try tree.integer(type, at: position) }
  func decode(_ type: Int8.Type) throws -> Int8 { try tree.integer(type, at: position) }
  func decode(_ type: Int16.Type) throws -> Int16 { try tree.integer(type, at: position) }
  func decode(_ type: Int32.Type) throws -> Int32 { try tree.integer(type, at: position) }
  func decode(_ type: Int64.Type) throws -> Int64 { try tree.integer(at: position) }
  func decode(_ type: UInt.Type) throws -> UInt { try tree.integer(type, at: position) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try tree.integer(type, at: position) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try tree.integer(type, at: position) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try tree.integer(type, at: position) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try tree.integer(type, at: position) }
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try tree.read(type, at: position)
  }
}
