// SPDX-License-Identifier: GPL-3.0-or-later

/// Keys and values in turn, in key order.
extension OrderedMap: Encodable where Key: Encodable, Value: Encodable {
  /// Writes key, value, key, value and so on.
  ///
  /// - Throws: What a key, a value or the encoder throws.
  /// - Complexity: O(n).
  @inlinable
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    for (key, value) in self {
      try container.encode(key)
      try container.encode(value)
    }
  }
}

extension OrderedMap: Decodable where Key: Decodable, Value: Decodable {
  /// Reads what `encode` wrote, by this version of the key's type or by one with another order.
  ///
  /// - Throws: `DecodingError.dataCorrupted` for a key that is there twice; what the decoder throws.
  /// - Complexity: O(n), and O(n log n) for keys in another order.
  @inlinable
  public init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    var entries: [Element] = []
    var isAscending = true
    while !container.isAtEnd {
      let key = try container.decode(Key.self)
      if let last = entries.last, !(last.key < key) { isAscending = false }
      entries.append((key, try container.decode(Value.self)))
    }
    if !isAscending { entries.sort { $0.key < $1.key } }
    guard isAscending || zip(entries, entries.dropFirst()).allSatisfy({ $0.key < $1.key }) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "Every key is there once.")
    }
    self.init(sortedUnique: entries)
  }
}
