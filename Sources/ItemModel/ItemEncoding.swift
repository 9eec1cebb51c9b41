// SPDX-License-Identifier: GPL-3.0-or-later

/// The tag bytes before values in an encoded item; the format is described at `Item`.
enum ValueTag {
  static let string: UInt8 = 1
  static let number: UInt8 = 2
  static let binary: UInt8 = 3
  static let stringSet: UInt8 = 4
  static let numberSet: UInt8 = 5
  static let binarySet: UInt8 = 6
  static let map: UInt8 = 7
  static let list: UInt8 = 8
  static let null: UInt8 = 9
  static let no: UInt8 = 10
  static let yes: UInt8 = 11

  /// The type that a tag stands for, or nil for a byte that is no tag.
  static func type(of tag: UInt8) -> AttributeType? {
    switch tag {
    case string: .string
    case number: .number
    case binary: .binary
    case stringSet: .stringSet
    case numberSet: .numberSet
    case binarySet: .binarySet
    case map: .map
    case list: .list
    case null: .null
    case no, yes: .bool
    default: nil
    }
  }
}

/// Writes the parts of an encoded item.
struct ItemWriter {
  private(set) var bytes: [UInt8] = []

  /// Starts an item that will take about this many bytes.
  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  /// Four bytes, the least significant first.
  mutating func append(word value: Int) {
    let word = UInt32(truncatingIfNeeded: value)
    for shift in stride(from: 0, to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift)))
    }
  }

  /// Seven bits a byte, the least significant first, the top bit set but in the last byte.
  mutating func append(count: Int) {
    var rest = UInt(count)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Bytes that are an encoding already.
  mutating func append(encoded run: UnsafeBufferPointer<UInt8>) { bytes.append(contentsOf: run) }

  mutating func append(text: String) {
    let utf8 = text.utf8
    append(count: utf8.count)
    // A run in memory is appended at once; a sequence would go byte by byte.
    let done: Void? = utf8.withContiguousStorageIfAvailable { bytes.append(contentsOf: $0) }
    if done == nil { bytes.append(contentsOf: utf8) }
  }

  mutating func append(_ map: AttributeMap) {
    append(count: map.count)
    for (name, value) in map {
      append(text: name)
      append(value)
    }
  }

  mutating func append(_ value: AttributeValue) {
    switch value {
    case .string(let text):
      bytes.append(ValueTag.string)
      append(text: text)
    case .number(let number):
      bytes.append(ValueTag.number)
      NumberEncoding.append(number, to: &bytes)
    case .binary(let run):
      bytes.append(ValueTag.binary)
      append(count: run.count)
      bytes += run
    case .stringSet(let elements):
      appendContainer(ValueTag.stringSet, elements) { $0.append(text: $1) }
    case .numberSet(let elements):
      appendContainer(ValueTag.numberSet, elements) { NumberEncoding.append($1, to: &$0.bytes) }
    case .binarySet(let elements):
      appendContainer(ValueTag.binarySet, elements) {
        $0.append(count: $1.count)
        $0.bytes += $1
      }
    case .map(let map):
      appendContainer(ValueTag.map, map) {
        $0.append(text: $1.name)
        $0.append($1.value)
      }
    case .list(let values):
      appendContainer(ValueTag.list, values) { $0.append($1) }
    case .null: bytes.append(ValueTag.null)
    case .bool(let value): bytes.append(value ? ValueTag.yes : ValueTag.no)
    }
  }

  /// Tag, byte count of what follows, element count, elements: so that a reader can step over the
  /// whole.
  private mutating func appendContainer<Elements: Collection>(
    _ tag: UInt8, _ elements: Elements, each: (inout ItemWriter, Elements.Element) -> Void
  ) {
    bytes.append(tag)
    let start = bytes.count
    append(word: 0)
    append(count: elements.count)
    for element in elements { each(&self, element) }
    let length = UInt32(truncatingIfNeeded: bytes.count - start - 4)
    for index in 0..<4 {
      bytes[start + index] = UInt8(truncatingIfNeeded: length >> UInt32(8 * index))
    }
  }
}

/// Reads an encoded item from `position` on; nil from any step means that the bytes are not an
/// encoding.
struct ItemReader {
  let bytes: UnsafeBufferPointer<UInt8>
  var position: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  mutating func byte() -> UInt8? {
    guard position < bytes.count else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func word() -> Int? {
    guard bytes.count - position >= 4 else { return nil }
    defer { position += 4 }
    return (0..<4).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
  }

  mutating func count() -> Int? {
    var (value, shift) = (0, 0)
    while let next = byte() {
      value |= Int(next & 0x7F) << shift
      if next < 0x80 { return value }
      shift += 7
      // No count reaches 2^35; a longer one is damage and must not overflow.
      if shift > 28 { return nil }
    }
    return nil
  }

  /// The next run of bytes, as long as the count before it says.
  mutating func run() -> UnsafeBufferPointer<UInt8>? {
    guard let length = count(), length <= bytes.count - position else { return nil }
    defer { position += length }
    return UnsafeBufferPointer(rebasing: bytes[position..<position + length])
  }

  mutating func text() -> String? { run().map { String(decoding: $0, as: UTF8.self) } }

  mutating func number() -> DecimalNumber? {
    guard let length = NumberEncoding.length(bytes, at: position) else { return nil }
    defer { position += length }
    return NumberEncoding.decode(bytes, at: position, length: length)
  }

  /// Steps over one value; false when there is none.
  mutating func skipValue() -> Bool {
    switch byte() {
    case ValueTag.string, ValueTag.binary: return run() != nil
    case ValueTag.number:
      guard let length = NumberEncoding.length(bytes, at: position) else { return false }
      position += length
      return true
    case ValueTag.null, ValueTag.no, ValueTag.yes: return true
    case ValueTag.stringSet, ValueTag.numberSet, ValueTag.binarySet, ValueTag.map, ValueTag.list:
      guard let length = word(), length <= bytes.count - position else { return false }
      position += length
      return true
    default: return false
    }
  }

  /// Steps over one value and says what it counts in an item, without its name.
  mutating func valueByteCount() -> Int? {
    let start = position
    switch byte() {
    case ValueTag.string, ValueTag.binary: return run()?.count
    case ValueTag.number: return number()?.byteCount
    case ValueTag.null, ValueTag.no, ValueTag.yes: return 1
    default:
      position = start
      return value(levels: Int.max)?.byteCount
    }
  }

  /// Reads names and values, at most `levels` deep.
  mutating func map(levels: Int) -> AttributeMap? {
    guard levels > 0, let count = count(), count <= bytes.count - position else { return nil }
    var entries: [AttributeMap.Element] = []
    entries.reserveCapacity(count)
    for _ in 0..<count {
      guard let name = text(), let value = value(levels: levels) else { return nil }
      entries.append((name, value))
    }
    return AttributeMap(sortedUnique: entries)
  }

  mutating func value(levels: Int) -> AttributeValue? {
    guard levels > 0, let tag = byte() else { return nil }
    switch tag {
    case ValueTag.string: return text().map(AttributeValue.string)
    case ValueTag.number: return number().map(AttributeValue.number)
    case ValueTag.binary: return run().map { .binary(Array($0)) }
    case ValueTag.null: return .null
    case ValueTag.no: return .bool(false)
    case ValueTag.yes: return .bool(true)
    default: break
    }
    guard word() != nil else { return nil }
    switch tag {
    case ValueTag.stringSet: return elements { $0.text() }.map(AttributeValue.stringSet)
    case ValueTag.numberSet: return elements { $0.number() }.map(AttributeValue.numberSet)
    case ValueTag.binarySet:
      return elements { $0.run().map(Array.init) }.map(AttributeValue.binarySet)
    case ValueTag.map: return map(levels: levels - 1).map(AttributeValue.map)
    case ValueTag.list:
      return elements { $0.value(levels: levels - 1) }.map(AttributeValue.list)
    default: return nil
    }
  }

  private mutating func elements<Value>(_ next: (inout ItemReader) -> Value?) -> [Value]? {
    guard let count = count(), count <= bytes.count - position else { return nil }
    var values: [Value] = []
    values.reserveCapacity(count)
    for _ in 0..<count {
      guard let value = next(&self) else { return nil }
      values.append(value)
    }
    return values
  }
}
