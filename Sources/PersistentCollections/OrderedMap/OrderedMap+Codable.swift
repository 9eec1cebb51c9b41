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
  /// Reads what `encode` wrote.
  ///
  /// - Throws: `DecodingError.dataCorrupted` for keys that are not in ascending order; what the
  ///   decoder throws.
  /// - Complexity: O(n).
  @inlinable
  public init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    var entries: [Element] = []
    while !container.isAtEnd {
      let key = try container.decode(Key.self)
      if let last = entries.last, !(last.key < key) {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "Keys ascend.")
      }
      entries.append((key, try container.decode(Value.self)))
    }
    self.init(sortedUnique: entries)
  }
}
