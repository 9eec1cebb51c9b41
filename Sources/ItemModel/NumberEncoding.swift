// SPDX-License-Identifier: GPL-3.0-or-later

/// The bytes of a number in keys and items: unsigned byte order is numeric order, and the end can
/// be told.
///
/// - byte 0: 1 below zero, 2 zero (and nothing follows), 3 above zero;
/// - byte 1: the power of ten of the first digit plus 130;
/// - then the digits in pairs from the first, an odd last one padded with 0: each byte is twice the
///   pair, plus 1 when another follows.
///
/// Below zero, byte 1 and the pairs are complemented. A number of d digits takes 2 + ⌈d / 2⌉ bytes,
/// zero 1.
enum NumberEncoding {
  /// Appends the encoding of a number.
  static func append(_ number: DecimalNumber, to bytes: inout [UInt8]) {
    guard !number.isZero else {
      bytes.append(2)
      return
    }
    let mask: UInt8 = number.isNegative ? 0xFF : 0
    bytes.append(number.isNegative ? 1 : 3)
    let digits = number.digitCount
    bytes.append(UInt8(number.firstDigitExponent + 130) ^ mask)
    let pairs = (digits + 1) / 2
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: pairs))
    var rest = number.coefficient
    var index = pairs - 1
    if !digits.isMultiple(of: 2) {
      bytes[start + index] = UInt8(truncatingIfNeeded: rest % 10) * 20
      rest /= 10
      index -= 1
    }
    while index >= 0, rest > UInt128(UInt64.max) {
      bytes[start + index] = UInt8(truncatingIfNeeded: rest % 100) * 2
      rest /= 100
      index -= 1
    }
    var word = UInt64(truncatingIfNeeded: rest)
    while index >= 0 {
      bytes[start + index] = UInt8(truncatingIfNeeded: word % 100) * 2
      word /= 100
      index -= 1
    }
    for position in start..<start + pairs {
      let more: UInt8 = position < start + pairs - 1 ? 1 : 0
      bytes[position] = (bytes[position] + more) ^ mask
    }
  }

  /// How many bytes the number that begins here takes, or nil when the bytes end within it.
  static func length(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    guard start < bytes.count else { return nil }
    if bytes[start] == 2 { return 1 }
    let mask: UInt8 = bytes[start] == 1 ? 0xFF : 0
    var end = start + 2
    while end < bytes.count {
      let more = (bytes[end] ^ mask) & 1
      end += 1
      if more == 0 { return end - start }
    }
    return nil
  }

  /// The number written in `length` bytes, or nil when they are not an encoding that `append`
  /// makes.
  static func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, length: Int
  ) -> DecimalNumber? {
    let sign = bytes[start]
    if sign == 2 { return .zero }
    guard sign == 1 || sign == 3, (3...21).contains(length) else { return nil }
    let mask: UInt8 = sign == 1 ? 0xFF : 0
    for index in start + 2..<start + length where (bytes[index] ^ mask) >> 1 > 99 { return nil }
    let firstDigitExponent = Int(bytes[start + 1] ^ mask) - 130
    var coefficient: UInt128 = 0
    var word: UInt64 = 0
    let pairs = length - 2
    // Nine pairs fit one word; wider arithmetic is only for what does not.
    for index in 0..<min(pairs, 9) {
      word = word * 100 + UInt64((bytes[start + 2 + index] ^ mask) >> 1)
    }
    coefficient = UInt128(word)
    for index in min(pairs, 9)..<pairs {
      coefficient = coefficient * 100 + UInt128((bytes[start + 2 + index] ^ mask) >> 1)
    }
    var digits = pairs * 2
    if ((bytes[start + 1 + pairs] ^ mask) >> 1) % 10 == 0 {
      coefficient /= 10
      digits -= 1
    }
    let number = DecimalNumber(
      trimmed: coefficient, exponent: firstDigitExponent - digits + 1, isNegative: sign == 1)
    return number.isCanonical(digits: digits) ? number : nil
  }
}

extension DecimalNumber {
  /// Whether the value read back has the digits its encoding claims and no trailing zero.
  fileprivate func isCanonical(digits: Int) -> Bool {
    digitCount == digits && digits <= Self.maximumDigits && coefficient % 10 != 0
  }
}
