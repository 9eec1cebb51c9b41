// SPDX-License-Identifier: GPL-3.0-or-later

/// An item of a table, immutable, as one run of bytes: equal items have equal bytes, and the
/// reverse.
///
/// An item is one heap object; copies share it. It costs its encoding, 20 bytes beside it and what
/// the allocator adds and rounds up: 272 bytes for a key of 24 and a value of 200. Reading one
/// attribute steps over the others without decoding them.
///
/// The encoding, version 1 (counts are little-endian base-128, "word" is 4 bytes little-endian):
///
/// ```
/// item    word byteCount (what the service counts) · map
/// map     count · (count name bytes · name · value) in order of the names' bytes
/// value   01 count bytes              S        07 word length · map                  M
///         02 number                   N        08 word length · count · values       L
///         03 count bytes              B        09                                    NULL
///         04 word length · count · (count bytes)…   SS      0A                       BOOL false
///         05 word length · count · numbers…         NS      0B                       BOOL true
///         06 word length · count · (count bytes)…   BS      number: see `NumberEncoding`
/// ```
///
/// So an attribute costs its name and value, 2 bytes more for a scalar's tag and name length, 1 for
/// a string's length, 6 for a container; an item 5 bytes beside its attributes.
///
/// ```swift
/// let item = Item(["pk": .string("a"), "total": .number(12)])
/// item["total"]     // .number(12)
/// item.byteCount    // 10
/// ```
///
/// `@unchecked Sendable`: nobody changes the bytes.
package struct Item: @unchecked Sendable {
  private let storage: ItemBytes

  /// The canonical encoding.
  ///
  /// - Complexity: O(n): it is copied.
  package var encoded: [UInt8] { storage.withBytes { Array($0) } }

  /// The most bytes an item may have as the service counts them: 400 KB. [DDB.item.size]
  package static let maximumByteCount = 409_600

  /// Encodes attributes.
  ///
  /// Sets must be sorted and unique, as every `AttributeValue` keeps them. The size is not checked
  /// here: compare `byteCount` with `maximumByteCount`.
  ///
  /// - Complexity: O(n) in the number of bytes.
  package init(_ attributes: AttributeMap) {
    let byteCount = attributes.byteCount
    var writer = ItemWriter(capacity: 8 + byteCount + 4 * attributes.count)
    writer.append(word: byteCount)
    writer.append(attributes)
    storage = .make(writer.bytes)
  }

  private init(unchecked encoded: [UInt8]) { storage = .make(encoded) }

  /// Takes bytes that another session encoded, or nil when they are not exactly what encoding would
  /// produce.
  ///
  /// - Complexity: O(n) in the number of bytes.
  package init?(decoding bytes: [UInt8]) {
    let attributes = bytes.withUnsafeBufferPointer { buffer -> AttributeMap? in
      var reader = ItemReader(buffer, at: Self.headerLength)
      guard let map = reader.map(levels: AttributeValue.maximumLevels),
        reader.position == buffer.count
      else { return nil }
      return map
    }
    // Order, uniqueness, valid UTF-8, shortest counts and the stored size are all one comparison.
    guard let attributes, Item(attributes.rebuilt).encoded == bytes else { return nil }
    self.init(unchecked: bytes)
  }

  /// Takes bytes that a digest vouches for: only their outermost shape is looked at.
  ///
  /// - Returns: Nil when attributes do not fill the bytes exactly.
  /// - Complexity: O(k) in the number of attributes.
  package init?(vouchedFor bytes: [UInt8]) {
    self.init(unchecked: bytes)
    let fits =
      bytes.count > Self.headerLength
      && withReader { reader in
        guard let total = reader.count() else { return false }
        for _ in 0..<total {
          guard reader.run() != nil, reader.skipValue() else { return false }
        }
        return reader.position == bytes.count
      }
    guard fits else { return nil }
  }

  private static let headerLength = 4
}

extension Item {
  /// The bytes the service counts for this item: its names and values. [DDB.item.size]
  ///
  /// - Complexity: O(1).
  package var byteCount: Int {
    storage.withBytes { bytes in
      let word = UnsafeRawBufferPointer(bytes).loadUnaligned(as: UInt32.self)
      return Int(UInt32(littleEndian: word))
    }
  }

  /// How many attributes the item has.
  ///
  /// - Complexity: O(1).
  package var count: Int {
    withReader { $0.count() } ?? 0
  }

  /// All attributes, decoded.
  ///
  /// - Complexity: O(n) in the number of bytes.
  package var attributes: AttributeMap {
    guard let map = withReader({ $0.map(levels: Int.max) }) else {
      preconditionFailure("An item's bytes are an encoding since it was made.")
    }
    return map
  }

  /// The value of one attribute, decoded alone, or nil when there is none of this name.
  ///
  /// - Complexity: O(k) in the number of attributes, plus the bytes of the value.
  package subscript(name: String) -> AttributeValue? {
    var name = name
    return name.withUTF8 { target in
      withReader { reader in
        reader.find(target) ? reader.value(levels: Int.max) : nil
      }
    }
  }

  /// The type of one attribute, or nil when there is none of this name.
  ///
  /// - Complexity: O(k) in the number of attributes.
  package func type(of name: String) -> AttributeType? {
    var name = name
    return name.withUTF8 { target in
      withReader { reader in
        reader.find(target) ? reader.byte().flatMap(ValueTag.type(of:)) : nil
      }
    }
  }

  /// The item with only those of its attributes that have one of these names: what an index
  /// projects.
  ///
  /// - Complexity: O(k · m) for k attributes and m names, plus the bytes kept.
  package func projected(onto names: [String]) -> Item {
    projected(onto: names.map { Array($0.utf8) })
  }

  /// The item with only those of its attributes whose names have one of these bytes; the bytes of
  /// what is kept are copied as they are.
  ///
  /// - Complexity: O(k · m) for k attributes and m names, plus the bytes kept.
  package func projected(onto names: [[UInt8]]) -> Item {
    storage.withBytes { buffer in
      var reader = ItemReader(buffer, at: Self.headerLength)
      var (runs, count, byteCount, length) = ([Range<Int>](), 0, 0, 0)
      for _ in 0..<(reader.count() ?? 0) {
        let start = reader.position
        guard let name = reader.run() else { break }
        let isKept = names.contains { $0.count == name.count && $0.elementsEqual(name) }
        guard isKept else {
          guard reader.skipValue() else { break }
          continue
        }
        guard let size = reader.valueByteCount() else { break }
        count += 1
        byteCount += name.count + size
        length += reader.position - start
        runs.append(start..<reader.position)
      }
      var writer = ItemWriter(capacity: 9 + length)
      writer.append(word: byteCount)
      writer.append(count: count)
      for run in runs { writer.append(encoded: UnsafeBufferPointer(rebasing: buffer[run])) }
      return Item(unchecked: writer.bytes)
    }
  }

  /// Calls a function with the canonical encoding where it lies.
  ///
  /// - Complexity: O(1).
  package func withEncoded<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    storage.withBytes(body)
  }

  /// A reader that stands at the item's map.
  func withReader<Result, Failure: Error>(
    _ body: (inout ItemReader) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try storage.withBytes { buffer throws(Failure) in
      var reader = ItemReader(buffer, at: Self.headerLength)
      return try body(&reader)
    }
  }
}

extension ItemReader {
  /// Goes from the start of an item's map to the value with this name; false when there is none.
  ///
  /// - Complexity: O(k) in the number of attributes.
  mutating func find(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let total = count() else { return false }
    for _ in 0..<total {
      guard let candidate = run() else { return false }
      let order = ByteOrder.compare(candidate, name)
      if order == 0 { return true }
      // Names are in order: beyond the place there is nothing to find.
      if order > 0 || !skipValue() { return false }
    }
    return false
  }
}

extension Item: Hashable {
  package static func == (left: Item, right: Item) -> Bool {
    if left.storage === right.storage { return true }
    return left.storage.withBytes { a in
      right.storage.withBytes { b in a.count == b.count && ByteOrder.compare(a, b) == 0 }
    }
  }

  package func hash(into hasher: inout Hasher) {
    storage.withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension AttributeMap {
  /// The same values with order and uniqueness established anew, nested ones included.
  fileprivate var rebuilt: AttributeMap {
    AttributeMap(lazy.map { (name: $0.name, value: $0.value.rebuilt) })
  }
}

extension AttributeValue {
  fileprivate var rebuilt: AttributeValue {
    switch self {
    case .stringSet(let elements): .strings(elements)
    case .numberSet(let elements): .numbers(elements)
    case .binarySet(let elements): .binaries(elements)
    case .map(let map): .map(map.rebuilt)
    case .list(let values): .list(values.map(\.rebuilt))
    default: self
    }
  }
}
