// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel

/// A small seeded generator, so that a failure can be repeated.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }

  /// A number below `bound`.
  mutating func roll(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  /// Text that often shares prefixes with others and holds zeros, accents in both forms, and high
  /// scalars.
  mutating func text(upTo length: Int = 6) -> String {
    let pieces = ["a", "b", "\0", "é", "e\u{301}", "\u{1}", "\u{7F}", "\u{FFFF}", "😀", "z"]
    return (0..<roll(length + 1)).map { _ in pieces[roll(pieces.count)] }.joined()
  }

  /// Bytes that often are 0x00, 0x01, 0xFE or 0xFF.
  mutating func bytes(upTo length: Int = 6) -> [UInt8] {
    let pieces: [UInt8] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF]
    return (0..<roll(length + 1)).map { _ in pieces[roll(pieces.count)] }
  }

  /// A number of any length and magnitude, near zero and one another more often than chance has it.
  mutating func number() -> DecimalNumber {
    let digits = 1 + roll(roll(4) == 0 ? 38 : 4)
    let text = (0..<digits).map { _ in String(roll(10)) }.joined()
    let place = roll(3) == 0 ? roll(200) - 120 : roll(5) - 2
    let sign = roll(2) == 0 ? "-" : ""
    return (try? DecimalNumber(parsing: "\(sign)\(text)e\(place - digits)")) ?? .zero
  }

  /// A value of any type, maps and lists a few levels deep.
  mutating func value(levels: Int = 4) -> AttributeValue {
    switch roll(levels > 1 ? 10 : 8) {
    case 0: .string(text(upTo: 20))
    case 1: .number(number())
    case 2: .binary(bytes(upTo: 20))
    case 3: .strings((0...roll(4)).map { _ in text() })
    case 4: .numbers((0...roll(4)).map { _ in number() })
    case 5: .binaries((0...roll(4)).map { _ in bytes() })
    case 6: .null
    case 7: .bool(roll(2) == 0)
    case 8: .list((0..<roll(4)).map { _ in value(levels: levels - 1) })
    default: .map(map(levels: levels - 1))
    }
  }

  /// Up to six values under short names.
  mutating func map(levels: Int = 4) -> AttributeMap {
    var map = AttributeMap()
    for _ in 0..<roll(7) { map[text(upTo: 3)] = value(levels: levels) }
    return map
  }
}

/// A value inside this many lists.
func nested(_ wraps: Int, around value: AttributeValue) -> AttributeValue {
  (0..<wraps).reduce(value) { inner, _ in .list([inner]) }
}
