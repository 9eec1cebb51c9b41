// SPDX-License-Identifier: GPL-3.0-or-later

/// The index of the oldest element, then the elements.
extension AppendLog: Encodable where Element: Encodable {
  /// Writes the start index and the elements kept.
  ///
  /// - Throws: What an element or the encoder throws.
  /// - Complexity: O(n).
  @inlinable
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(startIndex)
    for element in self { try container.encode(element) }
  }
}

extension AppendLog: Decodable where Element: Decodable {
  /// Reads what `encode` wrote; every element gets its index back.
  ///
  /// - Throws: `DecodingError.dataCorrupted` for a negative index; what the decoder throws.
  /// - Complexity: O(n).
  @inlinable
  public init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    let start = try container.decode(Int.self)
    guard start >= 0, start < Int.max / 2 else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "Indices start at 0.")
    }
    self.init(startingAt: start)
    while !container.isAtEnd { append(try container.decode(Element.self)) }
  }
}
