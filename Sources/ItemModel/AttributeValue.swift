// SPDX-License-Identifier: GPL-3.0-or-later

/// One value of an item, of one of the service's ten types.
///
/// Sets are kept sorted (strings and binaries by bytes, numbers by value) and without duplicates:
/// make them with `strings(_:)`, `numbers(_:)` and `binaries(_:)` unless the elements already are.
/// Equality and hashing go by bytes, not by Unicode equivalence.
///
/// ```swift
/// let tags = AttributeValue.strings(["b", "a", "b"])   // .stringSet(["a", "b"])
/// ```
package enum AttributeValue: Sendable {
  case string(String)
  case number(DecimalNumber)
  case binary([UInt8])
  /// Sorted by UTF-8 bytes, unique, never empty in a valid item.
  case stringSet([String])
  /// Sorted by value, unique, never empty in a valid item.
  case numberSet([DecimalNumber])
  /// Sorted by unsigned bytes, unique, never empty in a valid item.
  case binarySet([[UInt8]])
  case map(AttributeMap)
  case list([AttributeValue])
  case null
  case bool(Bool)

  /// How deep values may nest: a top-level attribute is level 1, what a map or list there holds is
  /// level 2.
  package static let maximumLevels = 32

  /// The type of this value.
  package var type: AttributeType {
    switch self {
    case .string: .string
    case .number: .number
    case .binary: .binary
    case .stringSet: .stringSet
    case .numberSet: .numberSet
    case .binarySet: .binarySet
    case .map: .map
    case .list: .list
    case .null: .null
    case .bool: .bool
    }
  }

  /// The set of these strings, duplicates dropped.
  ///
  /// - Complexity: O(n log n).
  package static func strings(_ elements: some Sequence<String>) -> AttributeValue {
    .stringSet(
      elements.sorted(by: ByteOrder.precedes).droppingRepeats { ByteOrder.equal($0, $1) })
  }

  /// The set of these numbers, duplicates dropped.
  ///
  /// - Complexity: O(n log n).
  package static func numbers(_ elements: some Sequence<DecimalNumber>) -> AttributeValue {
    .numberSet(elements.sorted().droppingRepeats(==))
  }

  /// The set of these binary values, duplicates dropped.
  ///
  /// - Complexity: O(n log n).
  package static func binaries(_ elements: some Sequence<[UInt8]>) -> AttributeValue {
    .binarySet(elements.sorted(by: ByteOrder.precedes).droppingRepeats(==))
  }
}

extension Array {
  /// The elements without those that repeat the one before.
  fileprivate func droppingRepeats(_ same: (Element, Element) -> Bool) -> [Element] {
    var kept: [Element] = []
    kept.reserveCapacity(count)
    for element in self {
      if let last = kept.last, same(last, element) { continue }
      kept.append(element)
    }
    return kept
  }
}

extension AttributeValue {
  /// The levels this value nests: 1 for a scalar or an empty container, 1 more than the deepest
  /// element otherwise.
  ///
  /// - Complexity: O(n) in the number of values held.
  package var levelCount: Int {
    switch self {
    case .map(let map): 1 + (map.lazy.map(\.value.levelCount).max() ?? 0)
    case .list(let values): 1 + (values.lazy.map(\.levelCount).max() ?? 0)
    default: 1
    }
  }

  /// The bytes the service counts for this value in an item, without its name. [DDB.item.size]
  ///
  /// - Complexity: O(n) in the number of values held.
  package var byteCount: Int {
    switch self {
    case .string(let text): text.utf8.count
    case .number(let number): number.byteCount
    case .binary(let bytes): bytes.count
    case .stringSet(let elements): elements.reduce(0) { $0 + $1.utf8.count }
    case .numberSet(let elements): elements.reduce(0) { $0 + $1.byteCount }
    case .binarySet(let elements): elements.reduce(0) { $0 + $1.count }
    case .map(let map): 3 + map.count + map.byteCount
    case .list(let values): values.reduce(3) { $0 + 1 + $1.byteCount }
    case .null, .bool: 1
    }
  }
}

extension AttributeValue: Hashable {
  /// Whether two values have the same type and the same bytes.
  ///
  /// - Complexity: O(n) in the number of bytes held.
  package static func == (left: AttributeValue, right: AttributeValue) -> Bool {
    switch (left, right) {
    case (.string(let a), .string(let b)): ByteOrder.equal(a, b)
    case (.number(let a), .number(let b)): a == b
    case (.binary(let a), .binary(let b)): a == b
    case (.stringSet(let a), .stringSet(let b)):
      a.count == b.count && zip(a, b).allSatisfy { ByteOrder.equal($0, $1) }
    case (.numberSet(let a), .numberSet(let b)): a == b
    case (.binarySet(let a), .binarySet(let b)): a == b
    case (.map(let a), .map(let b)): a == b
    case (.list(let a), .list(let b)): a == b
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(type)
    switch self {
    case .string(let text): text.hashBytes(into: &hasher)
    case .number(let number): hasher.combine(number)
    case .binary(let bytes): hasher.combine(bytes)
    case .stringSet(let elements):
      hasher.combine(elements.count)
      for element in elements { element.hashBytes(into: &hasher) }
    case .numberSet(let elements): hasher.combine(elements)
    case .binarySet(let elements): hasher.combine(elements)
    case .map(let map): hasher.combine(map)
    case .list(let values): hasher.combine(values)
    case .null: break
    case .bool(let value): hasher.combine(value)
    }
  }
}

extension String {
  /// Feeds the UTF-8 bytes, so that strings that differ only in normal form hash apart.
  func hashBytes(into hasher: inout Hasher) {
    hasher.combine(utf8.count)
    for byte in utf8 { hasher.combine(byte) }
  }
}
