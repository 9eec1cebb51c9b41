// SPDX-License-Identifier: GPL-3.0-or-later

extension Duration {
  private static let units: [(suffix: String, milliseconds: Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
  ]

  /// Reads a length as content and the prompt write it: `2d`, `3h`, `90m`, `45s`, `500ms`.
  ///
  /// A whole number and one unit, nothing else; a day is 86,400 seconds.
  ///
  /// - Throws: `.malformed`, or `.outOfRange` for a length above the 8,030 years of the clock.
  public init(short text: String) throws(TimeError) {
    let digits = text.utf8.prefix { $0 &- UInt8(ascii: "0") < 10 }
    let suffix = String(text.utf8.dropFirst(digits.count)) ?? ""
    guard !digits.isEmpty, let unit = Self.units.first(where: { $0.suffix == suffix }) else {
      throw .malformed
    }
    var count: Int64 = 0
    for digit in digits {
      // Cut off long before the multiplication could overflow.
      guard count <= Instant.latest.milliseconds else { throw .outOfRange }
      count = count * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    guard count <= Instant.latest.milliseconds / unit.milliseconds else { throw .outOfRange }
    self = .milliseconds(count * unit.milliseconds)
  }

  /// This length in the largest unit that divides it: `2d`, `36h`, `90m`, `500ms`; zero is `0s`.
  ///
  /// Below a millisecond nothing is written; a negative length has a minus sign.
  public var shortText: String {
    let total = wholeMilliseconds
    guard total != 0 else { return "0s" }
    for unit in Self.units where total.isMultiple(of: unit.milliseconds) {
      return "\(total / unit.milliseconds)\(unit.suffix)"
    }
    return "\(total)ms"
  }
}
