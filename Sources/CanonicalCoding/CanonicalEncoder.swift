// SPDX-License-Identifier: GPL-3.0-or-later

public import Documents

/// Writes any `Encodable` value as canonical bytes: equal values give equal bytes.
///
/// The bytes describe themselves (`docs/CHECKPOINTS.md`), so they can be read as a `Document` too, which is
/// how an older form is brought up to date. Hashed collections are written in the order of
/// their keys' bytes. What a value writes into `userInfo` objects is its own affair.
///
/// ```swift
/// let bytes = try CanonicalEncoder.encode(cloud)
/// let same = try CanonicalDecoder.decode(Cloud.self, from: bytes)
/// ```
public enum CanonicalEncoder {
  /// Encodes a value.
  ///
  /// - Parameters:
  ///   - value: What to write.
  ///   - userInfo: Handed to every type that encodes itself.
  /// - Returns: The canonical bytes.
  /// - Throws: What the value throws; an error for a tree of 4 GiB or more.
  /// - Complexity: O(n) in the number of bytes.
  public static func encode(
    _ value: some Encodable, userInfo: [CodingUserInfoKey: Any] = [:]
  ) throws -> [UInt8] {
    let writer = TreeWriter(userInfo: userInfo)
    try writer.write(value)
    return try writer.finish()
  }

  /// Encodes a document, as `CanonicalDecoder.document` reads it.
  ///
  /// - Throws: An error for a tree of 4 GiB or more.
  /// - Complexity: O(n) in the number of bytes.
  public static func encode(document: Document) throws -> [UInt8] {
    let writer = TreeWriter(userInfo: [:])
    writer.write(document: document)
    return try writer.finish()
  }
}

/// The tag bytes before values.
enum Tag {
  static let null: UInt8 = 0
  static let no: UInt8 = 1
  static let yes: UInt8 = 2
  static let integer: UInt8 = 3
  static let double: UInt8 = 4
  static let string: UInt8 = 5
  static let array: UInt8 = 6
  static let object: UInt8 = 7

  /// Bytes of a container's length.
  static let lengthBytes = 4
}

/// A text that is told apart by its bytes: `String` takes two spellings of a letter for one.
struct ExactText: Hashable {
  let text: String

  static func == (left: ExactText, right: ExactText) -> Bool {
    // The bytes as they lie in memory compare several times faster than a view of them.
    let fast = left.text.utf8.withContiguousStorageIfAvailable { first in
      right.text.utf8.withContiguousStorageIfAvailable { second in
        first.count == second.count
          && (first.isEmpty || UnsafeRawBufferPointer(first).elementsEqual(second))
      }
    }
    return (fast ?? nil) ?? left.text.utf8.elementsEqual(right.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// The bytes under way, and the encoder that values see.
///
/// Containers have no end of their own in `Codable`: one ends when something is written outside of
/// it, so the writer keeps the open ones on a stack and closes those deeper than the one written to.
final class TreeWriter: Encoder {
  let userInfo: [CodingUserInfoKey: Any]
  var codingPath: [any CodingKey] { [] }

  private var bytes: [UInt8] = []
  private var stringBytes: [UInt8] = []
  private var strings: [ExactText: Int] = [:]
  /// Where the lengths of the open containers stand.
  private var open: [Int] = []
  private var isTooLong = false

  init(userInfo: [CodingUserInfoKey: Any]) {
    self.userInfo = userInfo
  }

  /// The strings, then the value.
  func finish() throws -> [UInt8] {
    close(to: 0)
    if isTooLong {
      throw EncodingError.invalidValue(
        bytes.count, .init(codingPath: [], debugDescription: "The value takes 4 GiB or more."))
    }
    var all: [UInt8] = []
    all.reserveCapacity(bytes.count + stringBytes.count + 8)
    Self.append(UInt64(strings.count), to: &all)
    all += stringBytes
    all += bytes
    return all
  }

  // MARK: Scalars

  static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  func writeNull() { bytes.append(Tag.null) }

  func write(_ value: Bool) { bytes.append(value ? Tag.yes : Tag.no) }

  func write(integer value: Int64) {
    bytes.append(Tag.integer)
    Self.append(UInt64(bitPattern: (value << 1) ^ (value >> 63)), to: &bytes)
  }

  func write(double value: Double) {
    bytes.append(Tag.double)
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(shift)))
    }
  }

  func write(_ value: String) {
    bytes.append(Tag.string)
    Self.append(UInt64(number(of: value)), to: &bytes)
  }

  func write(key: String) { Self.append(UInt64(number(of: key)), to: &bytes) }

  private func number(of text: String) -> Int {
    let exact = ExactText(text: text)
    if let known = strings[exact] { return known }
    let number = strings.count
    strings[exact] = number
    Self.append(UInt64(text.utf8.count), to: &stringBytes)
    stringBytes += text.utf8
    return number
  }

  // MARK: Containers

  /// Begins a container; the depth it stands at is what it is written to by.
  func begin(_ tag: UInt8) -> Int {
    bytes.append(tag)
    open.append(bytes.count)
    bytes.append(contentsOf: [0, 0, 0, 0])
    return open.count
  }

  /// Ends the containers deeper than a depth.
  func close(to depth: Int) {
    while open.count > depth {
      let start = open.removeLast()
      let length = bytes.count - start - Tag.lengthBytes
      if length > UInt32.max { isTooLong = true }
      for index in 0..<Tag.lengthBytes {
        bytes[start + index] = UInt8(truncatingIfNeeded: length >> (8 * index))
      }
    }
  }

  // MARK: Values

  func write<Value: Encodable>(_ value: Value) throws {
    let type = Value.self
    // The two types are one, which a cast would find out again, slowly.
    func cast<Known>(_: Known.Type) -> Known { unsafeBitCast(value, to: Known.self) }
    if type == String.self { return write(cast(String.self)) }
    if type == Document.self { return write(document: cast(Document.self)) }
    if type == Int64.self { return write(integer: cast(Int64.self)) }
    if type == Int.self { return write(integer: Int64(cast(Int.self))) }
    if type == Bool.self { return write(cast(Bool.self)) }
    let depth = open.count
    let start = bytes.count
    if let hashed = value as? any HashedCollection {
      try hashed.encodeSorted(to: self)
    } else {
      try value.encode(to: self)
      // A value without anything to say.
      if bytes.count == start { _ = begin(Tag.object) }
    }
    close(to: depth)
  }

  func write(document: Document) {
    switch document {
    case .null: writeNull()
    case .bool(let value): write(value)
    case .integer(let value): write(integer: value)
    case .double(let value): write(double: value)
    case .string(let value): write(value)
    case .array(let elements):
      let depth = begin(Tag.array)
      for element in elements { write(document: element) }
      close(to: depth - 1)
    case .object(let members):
      let depth = begin(Tag.object)
      for (name, value) in members {
        write(key: name)
        write(document: value)
      }
      close(to: depth - 1)
    }
  }

  // MARK: Encoder

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(KeyedWriter<Key>(writer: self, depth: begin(Tag.object)))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    UnkeyedWriter(writer: self, depth: begin(Tag.array))
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { SingleWriter(writer: self) }
}

/// A collection whose order differs from run to run, which is written in an order of its own.
protocol HashedCollection {
  func encodeSorted(to writer: TreeWriter) throws
}

extension Dictionary: HashedCollection {
  /// As the standard library writes them: an object where keys are names or integers, else an array of key,
  /// value, key, value.
  func encodeSorted(to writer: TreeWriter) throws {
    var entries: [(order: [UInt8], name: String?, key: any Encodable, value: any Encodable)] = []
    for (key, value) in self {
      guard let key = key as? any Encodable, let value = value as? any Encodable else { continue }
      let name = Self.name(of: key)
      let order = try name.map { Array($0.utf8) } ?? CanonicalEncoder.encode(key)
      entries.append((order, name, key, value))
    }
    entries.sort { $0.order.lexicographicallyPrecedes($1.order) }
    let isObject =
      Key.self == String.self || Key.self == Int.self || Key.self is any CodingKeyRepresentable.Type
    _ = writer.begin(isObject ? Tag.object : Tag.array)
    for entry in entries {
      if let name = entry.name { writer.write(key: name) } else { try writer.write(entry.key) }
      try writer.write(entry.value)
    }
  }

  private static func name(of key: any Encodable) -> String? {
    if let text = key as? String { return text }
    if let number = key as? Int { return String(number) }
    return (key as? any CodingKeyRepresentable)?.codingKey.stringValue
  }
}

extension Set: HashedCollection {
  func encodeSorted(to writer: TreeWriter) throws {
    var entries: [(bytes: [UInt8], element: any Encodable)] = []
    for element in self {
      guard let element = element as? any Encodable else { continue }
      entries.append((try CanonicalEncoder.encode(element), element))
    }
    entries.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    _ = writer.begin(Tag.array)
    for entry in entries { try writer.write(entry.element) }
  }
}
