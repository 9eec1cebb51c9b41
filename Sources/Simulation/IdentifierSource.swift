// SPDX-License-Identifier: GPL-3.0-or-later

/// The SplitMix64 generator: small, fast, and the same numbers everywhere for the same seed.
///
/// Not for secrets.
public struct SplitMix64: RandomNumberGenerator, Hashable, Sendable, Codable {
  /// The whole state; equal states give equal futures.
  public private(set) var state: UInt64

  /// A generator that gives the same numbers for the same seed.
  @inlinable
  public init(seed: UInt64) { self.init(state: seed) }

  @usableFromInline
  init(state: UInt64) { self.state = state }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// A number spread over all 64 bits, one to one.
  static func mix(_ value: UInt64) -> UInt64 {
    var value = value
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

/// Draws identifiers from a seed, one stream for each kind of thing.
///
/// A draw depends on the seed, the kind and how many of that kind came before, so one more table does not
/// rename the backups that follow it.
///
/// ```swift
/// var source = IdentifierSource(seed: 7)
/// source.uuid("table")           // the same text on every machine
/// ```
public struct IdentifierSource: Hashable, Sendable {
  /// What all draws follow from.
  public let seed: UInt64
  /// How many draws of each kind there were, by name; there are a few dozen kinds at most.
  private var drawn: [Kind] = []

  private struct Kind: Hashable, Sendable {
    let name: String
    /// What keeps its draws apart from those of others.
    let start: UInt64
    var count: UInt64
  }

  /// A source with no draws yet.
  public init(seed: UInt64) { self.seed = seed }

  /// The next 64 bits of a kind.
  ///
  /// - Complexity: O(k) in the kinds.
  public mutating func draw(_ kind: String) -> UInt64 {
    let (ordinal, start) = take(1, of: kind)
    return number(ordinal, from: start)
  }

  /// Counts draws of a kind; the number of the first of them, and what they follow from.
  private mutating func take(
    _ count: UInt64, of name: String
  ) -> (ordinal: UInt64, start: UInt64) {
    let place = drawn.firstIndex { $0.name == name } ?? add(name, count: 0)
    defer { drawn[place].count += count }
    return (drawn[place].count, drawn[place].start)
  }

  private mutating func add(_ name: String, count: UInt64) -> Int {
    let place = drawn.firstIndex { name < $0.name } ?? drawn.count
    drawn.insert(Kind(name: name, start: start(of: name), count: count), at: place)
    return place
  }

  /// What keeps the draws of a kind apart from those of others: FNV-1a.
  private func start(of kind: String) -> UInt64 {
    var kind = kind
    let hash = kind.withUTF8 { bytes in
      bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
    return SplitMix64.mix(seed ^ hash)
  }

  /// Mixing keeps the draws of one kind apart.
  private func number(_ ordinal: UInt64, from start: UInt64) -> UInt64 {
    SplitMix64.mix(start &+ ordinal &* 0x9E37_79B9_7F4A_7C15)
  }

  /// The next identifier of a kind as lowercase hexadecimal digits.
  ///
  /// - Parameters:
  ///   - kind: The stream to draw from.
  ///   - digits: The length of the text; every sixteen digits take one draw.
  /// - Returns: The digits.
  /// - Complexity: O(digits).
  public mutating func hex(_ kind: String, digits: Int) -> String {
    String(unsafeUninitializedCapacity: digits) { text in
      var word: UInt64 = 0
      for digit in 0..<digits {
        if digit % 16 == 0 { word = draw(kind) }
        text[digit] = Self.hexadecimal(word, digit % 16)
      }
      return digits
    }
  }

  /// The next identifier of a kind as a version 4 UUID; takes two draws.
  ///
  /// - Parameters:
  ///   - kind: The stream to draw from.
  ///   - prefix: What stands before it.
  ///   - isUppercase: Whether its letters are upper case.
  /// - Returns: The prefix and 36 characters.
  public mutating func uuid(
    _ kind: String, after prefix: String = "", isUppercase: Bool = false
  ) -> String {
    let (ordinal, start) = take(2, of: kind)
    let high = number(ordinal, from: start) & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
    let low = number(ordinal + 1, from: start) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    return String(unsafeUninitializedCapacity: prefix.utf8.count + 36) { text in
      var place = text.initialize(fromContentsOf: prefix.utf8)
      for digit in 0..<32 {
        if digit & 3 == 0, 8...20 ~= digit {
          text[place] = UInt8(ascii: "-")
          place += 1
        }
        let character = Self.hexadecimal(digit < 16 ? high : low, digit & 15)
        text[place] = isUppercase && character >= 0x61 ? character & 0xDF : character
        place += 1
      }
      return place
    }
  }

  /// One of the sixteen hexadecimal digits of a number, the first being the most significant.
  private static func hexadecimal(_ word: UInt64, _ digit: Int) -> UInt8 {
    let nibble = UInt8(truncatingIfNeeded: word &>> UInt64(60 &- digit &* 4)) & 15
    return nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &+ nibble &- 10
  }

  /// How many draws of a kind were made.
  public func count(of kind: String) -> UInt64 { drawn.first { $0.name == kind }?.count ?? 0 }

  /// The kinds drawn from, with their counts, in the order of their names.
  public var counts: [(kind: String, count: UInt64)] {
    drawn.map { (kind: $0.name, count: $0.count) }
  }
}

extension IdentifierSource: Codable {
  private enum CodingKeys: CodingKey { case seed, drawn }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    seed = try container.decode(UInt64.self, forKey: .seed)
    for (name, count) in try container.decode([String: UInt64].self, forKey: .drawn) {
      _ = add(name, count: count)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(seed, forKey: .seed)
    try container.encode(
      Dictionary(uniqueKeysWithValues: drawn.map { ($0.name, $0.count) }), forKey: .drawn)
  }
}
