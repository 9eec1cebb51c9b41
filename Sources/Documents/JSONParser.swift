// SPDX-License-Identifier: GPL-3.0-or-later

import OrderedCollections

extension Document {
  /// The nesting of arrays and objects a parse accepts.
  package static let depthLimit = 512

  /// Reads one JSON text, strictly by RFC 8259.
  ///
  /// Refused beyond the grammar: duplicate keys, lone surrogates, invalid UTF-8, a byte order mark,
  /// nesting deeper than 512, numbers no double can hold. Integers beyond 64 bits become doubles.
  ///
  /// - Throws: The first mistake, with its place.
  /// - Complexity: O(n) in the length of the text.
  package static func parse(_ bytes: [UInt8]) throws(JSONError) -> Document {
    try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) -> Document in
      var parser = JSONParser(bytes: buffer)
      return try parser.parse()
    }
  }

  /// Reads one JSON text, strictly by RFC 8259; see `parse(_: [UInt8])`.
  ///
  /// - Throws: The first mistake, with its place.
  /// - Complexity: O(n) in the length of the text.
  package static func parse(_ text: String) throws(JSONError) -> Document {
    try parse(Array(text.utf8))
  }
}

/// A JSON parser without recursion: open containers are frames over two shared stacks.
///
/// Finished members wait on `values` and `keys`; closing a container takes its slice off the top, so
/// each array is allocated once, at its size, and depth costs no call stack.
struct JSONParser: ~Copyable {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  private var values = MoveStack<Document>()
  private var keys = MoveStack<String>()
  /// Where each of `keys` begins.
  private var keyOffsets: [Int] = []
  private var frames: [Frame] = []
  private var shapes = ShapeCache()

  private struct Frame {
    var isObject: Bool
    /// Where this container's elements begin on the stacks.
    var valuesStart: Int
    var keysStart: Int
  }

  init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    // A usual request has so many open containers and names waiting at once.
    keyOffsets.reserveCapacity(16)
    frames.reserveCapacity(8)
  }

  func error(_ reason: JSONError.Reason, at offset: Int) -> JSONError {
    JSONError(reason, at: offset, in: bytes)
  }

  mutating func parse() throws(JSONError) -> Document {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw error(.byteOrderMark, at: 0) }
    skipWhitespace()
    while true {
      if let value = try parseValueOrOpen() {
        guard let whole = try place(value) else { continue }
        skipWhitespace()
        guard position == bytes.count else { throw error(.extraData, at: position) }
        return whole
      }
    }
  }

  @inline(__always)
  mutating func skipWhitespace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  /// The byte at the cursor, or 0 (which no grammar position accepts) at the end.
  @inline(__always)
  var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

  // MARK: Values

  /// A scalar or an empty container, or nil when a container was opened and its first value is next.
  private mutating func parseValueOrOpen() throws(JSONError) -> Document? {
    switch current {
    case UInt8(ascii: "\""):
      return .string(try parseString())
    case UInt8(ascii: "{"):
      return try openObject()
    case UInt8(ascii: "["):
      try open(isObject: false)
      skipWhitespace()
      guard current == UInt8(ascii: "]") else { return nil }
      position += 1
      frames.removeLast()
      return .array([])
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return try parseNumber()
    case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    default: throw error(.expectedValue, at: position)
    }
  }

  private mutating func parseWord(
    _ word: StaticString, _ value: Document
  ) throws(JSONError) -> Document {
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count else { throw error(.expectedValue, at: position) }
    for index in position..<end where bytes[index] != word.utf8Start[index - position] {
      throw error(.expectedValue, at: position)
    }
    position = end
    return value
  }

  private mutating func open(isObject: Bool) throws(JSONError) {
    guard frames.count < Document.depthLimit else {
      throw error(.tooDeep(limit: Document.depthLimit), at: position)
    }
    frames.append(Frame(isObject: isObject, valuesStart: values.count, keysStart: keys.count))
    position += 1
  }

  private mutating func openObject() throws(JSONError) -> Document? {
    try open(isObject: true)
    skipWhitespace()
    if current == UInt8(ascii: "}") {
      position += 1
      frames.removeLast()
      return .object([:])
    }
    try parseKey()
    return nil
  }

  private mutating func parseKey() throws(JSONError) {
    let offset = position
    guard current == UInt8(ascii: "\"") else { throw error(.expectedPropertyName, at: position) }
    keys.push(try parseString())
    keyOffsets.append(offset)
    skipWhitespace()
    guard current == UInt8(ascii: ":") else { throw error(.expectedColon, at: position) }
    position += 1
    skipWhitespace()
  }

  // MARK: Containers

  /// Puts a finished value into the innermost container and closes every container that ends here.
  ///
  /// - Returns: The whole text's value, or nil when another value is next.
  private mutating func place(_ finished: consuming Document) throws(JSONError) -> Document? {
    var value = finished
    while let frame = frames.last {
      values.push(value)
      skipWhitespace()
      switch (current, frame.isObject) {
      case (UInt8(ascii: ","), true):
        position += 1
        skipWhitespace()
        try parseKey()
        return nil
      case (UInt8(ascii: ","), false):
        position += 1
        skipWhitespace()
        return nil
      case (UInt8(ascii: "}"), true): value = try closeObject(frame)
      case (UInt8(ascii: "]"), false): value = closeArray(frame)
      default: throw error(.expectedComma, at: position)
      }
      position += 1
      frames.removeLast()
    }
    return value
  }

  private mutating func closeArray(_ frame: Frame) -> Document {
    .array(values.popArray(from: frame.valuesStart))
  }

  private mutating func closeObject(_ frame: Frame) throws(JSONError) -> Document {
    let names = keys.elements(from: frame.keysStart)
    if let shape = shapes.shape(of: names, depth: frames.count) {
      keys.drop(from: frame.keysStart)
      keyOffsets.removeLast(keyOffsets.count - frame.keysStart)
      return .object(
        OrderedDictionary(
          uncheckedUniqueKeys: shape, values: values.pop(from: frame.valuesStart)))
    }
    if let place = Self.repeated(names) {
      throw error(.duplicateKey(names[place]), at: keyOffsets[frame.keysStart + place])
    }
    let shape = keys.pop(from: frame.keysStart)
    keyOffsets.removeLast(keyOffsets.count - frame.keysStart)
    shapes.remember(shape, depth: frames.count)
    return .object(
      OrderedDictionary(uncheckedUniqueKeys: shape, values: values.pop(from: frame.valuesStart)))
  }
}

extension JSONParser {
  /// The place of the first name that stands before it already.
  private static func repeated(_ names: UnsafeBufferPointer<String>) -> Int? {
    guard names.count > 8 else {
      // For a few names looking at each pair is cheaper than hashing them.
      return names.indices.first { place in names[..<place].contains(names[place]) }
    }
    var unique: Set<String> = []
    return names.indices.first { !unique.insert(names[$0]).inserted }
  }
}

/// The keys of objects seen lately, so that those of the next one with the same keys share their storage
/// and need no search for duplicates.
///
/// Only ASCII keys are shared: for them Swift's canonical equality and equal length mean equal bytes.
private struct ShapeCache {
  /// Keys of the last object of several members at each depth.
  private var byDepth: [ContiguousArray<String>] = []
  /// Objects of one member with a name of one letter, as item JSON has everywhere.
  private static let byLetter: [ContiguousArray<String>] = (0..<128).map { letter in
    [String(Unicode.Scalar(UInt8(letter)))]
  }

  private static func letter(_ name: String) -> Int? {
    var bytes = name.utf8.makeIterator()
    guard let byte = bytes.next(), byte < 0x80, bytes.next() == nil else { return nil }
    return Int(byte)
  }

  func shape(
    of names: UnsafeBufferPointer<String>, depth: Int
  ) -> ContiguousArray<String>? {
    if names.count == 1, let letter = Self.letter(names[0]) {
      return Self.byLetter[letter]
    }
    // The text's outermost object has nobody to share with.
    guard depth > 1, depth < byDepth.count, byDepth[depth].count == names.count else { return nil }
    let shape = byDepth[depth]
    for index in names.indices {
      let (known, name) = (shape[index], names[index])
      guard known == name, known.utf8.count == name.utf8.count else { return nil }
    }
    return shape
  }

  mutating func remember(_ shape: ContiguousArray<String>, depth: Int) {
    guard depth > 1, shape.allSatisfy(Self.isASCII) else { return }
    while byDepth.count <= depth { byDepth.append([]) }
    byDepth[depth] = shape
  }

  private static func isASCII(_ name: String) -> Bool {
    name.utf8.withContiguousStorageIfAvailable { bytes in bytes.allSatisfy { $0 < 0x80 } } ?? false
  }
}
