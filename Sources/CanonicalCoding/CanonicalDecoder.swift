// SPDX-License-Identifier: GPL-3.0-or-later

public import Documents

/// Reads values that `CanonicalEncoder` wrote; any other bytes throw, none trap.
public enum CanonicalDecoder {
  /// Decodes a value.
  ///
  /// - Parameters:
  ///   - type: The type to read.
  ///   - bytes: What `CanonicalEncoder` wrote.
  ///   - userInfo: Handed to every type that decodes itself.
  /// - Returns: The value.
  /// - Throws: `TreeError` or a `DecodingError` for bytes that are no such value.
  /// - Complexity: O(n) in the number of bytes.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from bytes: [UInt8], userInfo: [CodingUserInfoKey: Any] = [:]
  ) throws -> Value {
    let tree = try TreeReader(bytes, userInfo: userInfo)
    let value = try tree.read(type, at: tree.root)
    guard try tree.end(of: tree.root) == bytes.count else { throw TreeError.malformed }
    return value
  }

  /// Reads any value as a document: 64-bit numbers without a sign as those of the same bits.
  ///
  /// - Throws: `TreeError`.
  /// - Complexity: O(n) in the number of bytes.
  public static func document(from bytes: [UInt8]) throws -> Document {
    let tree = try TreeReader(bytes, userInfo: [:])
    let document = try tree.document(at: tree.root)
    guard try tree.end(of: tree.root) == bytes.count else { throw TreeError.malformed }
    return document
  }
}

/// Why bytes are not a canonical value.
public enum TreeError: Error, Hashable, Sendable {
  /// A length, a number or a tag that is not written so.
  case malformed
  /// The value is of another kind than the type wants.
  case mismatch
  /// A member that the type wants is missing.
  case missing(String)
}

/// The bytes of a value with the strings they refer to.
final class TreeReader {
  let bytes: [UInt8]
  let userInfo: [CodingUserInfoKey: Any]
  private(set) var strings: [String] = []
  /// Where the value begins.
  private(set) var root = 0

  init(_ bytes: [UInt8], userInfo: [CodingUserInfoKey: Any]) throws(TreeError) {
    self.bytes = bytes
    self.userInfo = userInfo
    var position = 0
    let count = try number(&position)
    // Each string takes a byte at least.
    guard count <= UInt64(bytes.count) else { throw .malformed }
    strings.reserveCapacity(Int(count))
    for _ in 0..<count {
      let length = try number(&position)
      guard length <= UInt64(bytes.count - position) else { throw .malformed }
      let end = position + Int(length)
      guard let text = String(validating: bytes[position..<end], as: UTF8.self) else {
        throw .malformed
      }
      strings.append(text)
      position = end
    }
    root = position
  }

  // MARK: Parts

  /// A number of seven bits a byte, the least significant first.
  func number(_ position: inout Int) throws(TreeError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      let part = UInt64(byte & 0x7F)
      guard shift < 63 || part <= 1, shift < 64 else { throw .malformed }
      value |= part << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw .malformed
  }

  func tag(at position: Int) throws(TreeError) -> UInt8 {
    guard position < bytes.count else { throw .malformed }
    return bytes[position]
  }

  /// The string of the number at a position.
  func text(_ position: inout Int) throws(TreeError) -> String {
    let number = try number(&position)
    guard number < UInt64(strings.count) else { throw .malformed }
    return strings[Int(number)]
  }

  /// What lies inside the container at a position.
  func inside(_ tag: UInt8, at position: Int) throws(TreeError) -> Range<Int> {
    guard try self.tag(at: position) == tag else { throw .mismatch }
    let start = position + 1 + Tag.lengthBytes
    guard start <= bytes.count else { throw .malformed }
    var length = 0
    for index in 0..<Tag.lengthBytes { length |= Int(bytes[position + 1 + index]) << (8 * index) }
    guard length <= bytes.count - start else { throw .malformed }
    return start..<start + length
  }

  /// The position after the value at a position.
  func end(of position: Int) throws(TreeError) -> Int {
    var next = position + 1
    switch try tag(at: position) {
    case Tag.null, Tag.no, Tag.yes: return next
    case Tag.integer, Tag.string:
      _ = try number(&next)
      return next
    case Tag.double:
      guard next + 8 <= bytes.count else { throw .malformed }
      return next + 8
    case Tag.array: return try inside(Tag.array, at: position).upperBound
    case Tag.object: return try inside(Tag.object, at: position).upperBound
    default: throw .malformed
    }
  }

  // MARK: Values

  func bool(at position: Int) throws(TreeError) -> Bool {
    switch try tag(at: position) {
    case Tag.no: return false
    case Tag.yes: return true
    default: throw .mismatch
    }
  }

  func integer(at position: Int) throws(TreeError) -> Int64 {
    guard try tag(at: position) == Tag.integer else { throw .mismatch }
    var next = position + 1
    let coded = try number(&next)
    return Int64(bitPattern: coded >> 1) ^ -Int64(bitPattern: coded & 1)
  }

  func integer<Integer: FixedWidthInteger>(
    _ type: Integer.Type, at position: Int
  ) throws(TreeError) -> Integer {
    let value = try integer(at: position)
    if Integer.bitWidth == 64, !Integer.isSigned { return Integer(truncatingIfNeeded: value) }
    guard let exact = Integer(exactly: value) else { throw .mismatch }
    return exact
  }

  func double(at position: Int) throws(TreeError) -> Double {
    guard try tag(at: position) == Tag.double else { throw .mismatch }
    guard position + 9 <= bytes.count else { throw .malformed }
    var bits: UInt64 = 0
    for index in 0..<8 { bits |= UInt64(bytes[position + 1 + index]) << UInt64(8 * index) }
    return Double(bitPattern: bits)
  }

  func string(at position: Int) throws(TreeError) -> String {
    guard try tag(at: position) == Tag.string else { throw .mismatch }
    var next = position + 1
    return try text(&next)
  }

  func read<Value: Decodable>(_ type: Value.Type, at position: Int) throws -> Value {
    func cast<Known>(_ known: Known) -> Value { unsafeBitCast(known, to: Value.self) }
    if type == String.self { return cast(try string(at: position)) }
    if type == Document.self { return cast(try document(at: position)) }
    if type == Int64.self { return cast(try integer(at: position)) }
    if type == Int.self { return cast(try integer(Int.self, at: position)) }
    if type == Bool.self { return cast(try bool(at: position)) }
    return try Value(from: ValueReader(tree: self, position: position))
  }

  /// How deep a document may nest.
  static let documentDepth = 512

  func document(at position: Int, depth: Int = 0) throws(TreeError) -> Document {
    guard depth <= Self.documentDepth else { throw .malformed }
    switch try tag(at: position) {
    case Tag.null: return .null
    case Tag.no: return .bool(false)
    case Tag.yes: return .bool(true)
    case Tag.integer: return .integer(try integer(at: position))
    case Tag.double: return .double(try double(at: position))
    case Tag.string: return .string(try string(at: position))
    case Tag.array:
      let range = try inside(Tag.array, at: position)
      var elements: [Document] = []
      var next = range.lowerBound
      while next < range.upperBound {
        elements.append(try document(at: next, depth: depth + 1))
        next = try end(of: next)
      }
      guard next == range.upperBound else { throw .malformed }
      return .array(elements)
    case Tag.object:
      let range = try inside(Tag.object, at: position)
      var members: OrderedDictionary<String, Document> = [:]
      var next = range.lowerBound
      while next < range.upperBound {
        let name = try text(&next)
        let value = try document(at: next, depth: depth + 1)
        guard members.updateValue(value, forKey: name) == nil else { throw .malformed }
        next = try end(of: next)
      }
      guard next == range.upperBound else { throw .malformed }
      return .object(members)
    default: throw .malformed
    }
  }
}

/// The decoder that a value sees: a place in the bytes.
struct ValueReader: Decoder {
  let tree: TreeReader
  let position: Int
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { tree.userInfo }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(
      KeyedReader<Key>(tree: tree, range: try tree.inside(Tag.object, at: position)))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    UnkeyedReader(tree: tree, range: try tree.inside(Tag.array, at: position))
  }

  func singleValueContainer() -> any SingleValueDecodingContainer {
    SingleReader(tree: tree, position: position)
  }
}
