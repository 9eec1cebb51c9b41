// SPDX-License-Identifier: GPL-3.0-or-later

extension DecimalNumber {
  /// Reads a number as the service does: digits with an optional sign, point and exponent, and
  /// nothing else.
  ///
  /// - Parameter text: Such as "42", "-1.50", ".5", "1E2", "+3e-4".
  /// - Throws: `.notANumber`, else `.overflow`, `.underflow`, `.precision`, looked at in this
  ///   order.
  /// - Complexity: O(n) in the length of the text.
  package init(parsing text: String) throws(NumberError) {
    var scan = NumberScan()
    for byte in text.utf8 where !scan.accept(byte) { throw .notANumber(text) }
    guard scan.isComplete else { throw .notANumber(text) }
    guard scan.significant > 0 else {
      self = .zero
      return
    }
    try Self.check(firstDigitExponent: scan.firstDigitExponent, digits: scan.significant)
    self.init(
      trimmed: scan.coefficient, exponent: scan.firstDigitExponent - scan.significant + 1,
      isNegative: scan.isNegative)
  }
}

/// The state of reading a number's text, byte by byte.
private struct NumberScan {
  private enum Part { case start, integer, fraction, exponentStart, exponent }

  private var part = Part.start
  private(set) var isNegative = false
  private(set) var coefficient: UInt128 = 0
  /// Digits from the first that is not zero to the last that is not zero.
  private(set) var significant = 0
  /// Digits from the first that is not zero to the one just read.
  private var span = 0
  private var digits = 0
  /// Digits before the point, from the first that is not zero; or, negative, the zeros after the
  /// point.
  private var integerSpan = 0
  private var leadingFractionZeros = 0
  private var writtenExponent = 0
  private var exponentDigits = 0
  private var exponentIsNegative = false

  var isComplete: Bool {
    digits > 0
      && (part == .integer || part == .fraction || (part == .exponent && exponentDigits > 0))
  }

  var firstDigitExponent: Int {
    (integerSpan > 0 ? integerSpan - 1 : -leadingFractionZeros - 1)
      + (exponentIsNegative ? -writtenExponent : writtenExponent)
  }

  /// Takes the next byte; false when it cannot stand here.
  mutating func accept(_ byte: UInt8) -> Bool {
    switch (byte, part) {
    case (UInt8(ascii: "0")...UInt8(ascii: "9"), _):
      acceptDigit(Int(byte - UInt8(ascii: "0")))
    case (UInt8(ascii: "+"), .start), (UInt8(ascii: "-"), .start):
      isNegative = byte == UInt8(ascii: "-")
      part = .integer
    case (UInt8(ascii: "+"), .exponentStart), (UInt8(ascii: "-"), .exponentStart):
      exponentIsNegative = byte == UInt8(ascii: "-")
      part = .exponent
    case (UInt8(ascii: "."), .start), (UInt8(ascii: "."), .integer):
      part = .fraction
    case (UInt8(ascii: "e"), .integer), (UInt8(ascii: "E"), .integer),
      (UInt8(ascii: "e"), .fraction), (UInt8(ascii: "E"), .fraction):
      guard digits > 0 else { return false }
      part = .exponentStart
    default:
      return false
    }
    return true
  }

  private mutating func acceptDigit(_ digit: Int) {
    switch part {
    case .exponentStart, .exponent:
      part = .exponent
      exponentDigits += 1
      // Far out of range stays far out of range; the sum with the digits' own place cannot
      // overflow.
      writtenExponent = min(writtenExponent * 10 + digit, 1 << 40)
      return
    case .start, .integer:
      part = .integer
      if span > 0 || digit != 0 { integerSpan += 1 }
    case .fraction:
      if span == 0, digit == 0 { leadingFractionZeros += 1 }
    }
    digits += 1
    guard span > 0 || digit != 0 else { return }
    span += 1
    guard digit != 0 else { return }
    if span <= DecimalNumber.maximumDigits {
      let gap = span - significant
      coefficient = coefficient * DecimalNumber.powersOfTen[gap] + UInt128(digit)
    }
    significant = span
  }
}

extension DecimalNumber: CustomStringConvertible {
  /// The service's normal form: no exponent, no needless zeros, "0" for zero, a leading "0." for
  /// fractions.
  ///
  /// - Complexity: O(n) in the length of the text, at most 170 bytes.
  package var description: String {
    if isZero { return "0" }
    // Nearly every number is a small whole one, which the standard library writes at once.
    if exponent == 0, let small = Int(exactly: coefficient) {
      return String(isNegative ? -small : small)
    }
    let digits = digitBytes
    let exponent = Int(self.exponent)
    var text: [UInt8] = []
    text.reserveCapacity(digits.count + abs(exponent) + 3)
    if isNegative { text.append(UInt8(ascii: "-")) }
    let integerDigits = digits.count + exponent
    if exponent >= 0 {
      text += digits
      text += repeatElement(UInt8(ascii: "0"), count: exponent)
    } else if integerDigits > 0 {
      text += digits[..<integerDigits]
      text.append(UInt8(ascii: "."))
      text += digits[integerDigits...]
    } else {
      text += [UInt8(ascii: "0"), UInt8(ascii: ".")]
      text += repeatElement(UInt8(ascii: "0"), count: -integerDigits)
      text += digits
    }
    return String(decoding: text, as: UTF8.self)
  }

  private var digitBytes: [UInt8] {
    var digits: [UInt8] = []
    var rest = coefficient
    // Words are far cheaper to divide than 128 bits, and most numbers are one word.
    while rest > UInt128(UInt64.max) {
      digits.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    }
    var word = UInt64(truncatingIfNeeded: rest)
    while word != 0 {
      digits.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: word % 10))
      word /= 10
    }
    digits.reverse()
    return digits
  }
}
