// SPDX-License-Identifier: GPL-3.0-or-later

/// A number as the service stores it: exact, up to 38 significant digits, 1E-130 to 9.99…E+125 in
/// magnitude, or zero.
///
/// Equal numbers have one representation, so "1.50" and "15E-1" are the same value and hash alike.
///
/// ```swift
/// try DecimalNumber(parsing: "1E2").description    // "100"
/// try DecimalNumber(parsing: "-0") == .zero        // true
/// ```
package struct DecimalNumber: Hashable, Sendable {
  // The coefficient is two words rather than a `UInt128`, whose 16-byte alignment would make every
  // `AttributeValue` twice as large.
  private let high: UInt64
  private let low: UInt64
  /// The power of ten that the coefficient is multiplied by; 0 for zero.
  let exponent: Int16
  /// Whether the number is below zero; never true of zero.
  package let isNegative: Bool

  /// The largest number of significant digits.
  package static let maximumDigits = 38
  /// The least and the greatest power of ten that the first significant digit may stand for.
  package static let exponentRange = -130...125
  /// The number nought.
  package static let zero = DecimalNumber(
    trimmed: 0, exponent: 0, isNegative: false)

  /// Keeps a coefficient that has no trailing zero and is known to be in range.
  init(trimmed coefficient: UInt128, exponent: Int, isNegative: Bool) {
    high = UInt64(truncatingIfNeeded: coefficient >> 64)
    low = UInt64(truncatingIfNeeded: coefficient)
    self.exponent = Int16(truncatingIfNeeded: exponent)
    self.isNegative = isNegative
  }

  /// Creates the number `±coefficient × 10^exponent`.
  ///
  /// - Throws: `.overflow`, `.underflow` or `.precision`, looked at in this order, as the service
  ///   does.
  init(coefficient: UInt128, exponent: Int, isNegative: Bool) throws(NumberError) {
    guard coefficient != 0 else {
      self = .zero
      return
    }
    var (coefficient, exponent) = (coefficient, exponent)
    while coefficient % 10 == 0 {
      coefficient /= 10
      exponent += 1
    }
    let digits = Self.digitCount(coefficient)
    try Self.check(firstDigitExponent: exponent + digits - 1, digits: digits)
    self.init(trimmed: coefficient, exponent: exponent, isNegative: isNegative)
  }

  /// Creates the number with the value of an integer.
  package init(_ value: Int) {
    var (magnitude, exponent) = (value.magnitude, 0)
    while magnitude != 0, magnitude % 10 == 0 {
      magnitude /= 10
      exponent += 1
    }
    self.init(trimmed: UInt128(magnitude), exponent: exponent, isNegative: value < 0)
  }

  static func check(firstDigitExponent: Int, digits: Int) throws(NumberError) {
    if firstDigitExponent > exponentRange.upperBound { throw .overflow }
    if firstDigitExponent < exponentRange.lowerBound { throw .underflow }
    if digits > maximumDigits { throw .precision }
  }
}

extension DecimalNumber {
  /// Whether the number is nought.
  package var isZero: Bool { high == 0 && low == 0 }

  /// The significant digits as an integer without trailing zeros.
  var coefficient: UInt128 { UInt128(high) << 64 | UInt128(low) }

  /// How many significant digits the number has; 0 for zero.
  package var digitCount: Int { Self.digitCount(coefficient) }

  /// The power of ten that the first significant digit stands for; 0 for zero.
  package var firstDigitExponent: Int { isZero ? 0 : Int(exponent) + digitCount - 1 }

  /// The bytes the service counts for this number in an item. [DDB.item.size]
  ///
  /// Zero counts 1. Otherwise 1, half the digits rounded up, 1 more when the digits and the
  /// exponent of the first digit are both even (the digits then straddle one more base-100 byte),
  /// and 1 more when negative.
  package var byteCount: Int {
    if isZero { return 1 }
    let digits = digitCount
    let straddles = digits.isMultiple(of: 2) && firstDigitExponent.isMultiple(of: 2)
    return 1 + (digits + 1) / 2 + (straddles ? 1 : 0) + (isNegative ? 1 : 0)
  }

  /// The integer with this value, or nil when there is a fraction or it does not fit.
  package var integer: Int? {
    guard exponent >= 0, firstDigitExponent < 19 else { return nil }
    let magnitude = coefficient * Self.powersOfTen[Int(exponent)]
    return isNegative ? Int(exactly: -Int128(magnitude)) : Int(exactly: magnitude)
  }

  /// The number with the opposite sign.
  package var negated: DecimalNumber {
    isZero
      ? self : DecimalNumber(trimmed: coefficient, exponent: Int(exponent), isNegative: !isNegative)
  }

  /// 10 to the powers 0 to 38: all that fit 128 bits.
  static let powersOfTen: [UInt128] = (0..<38).reduce(into: [1]) { powers, last in
    powers.append(powers[last] * 10)
  }

  static func digitCount(_ coefficient: UInt128) -> Int {
    guard coefficient != 0 else { return 0 }
    // 1233/4096 is just under log10(2), close enough for 128 bits.
    let estimate = ((128 - coefficient.leadingZeroBitCount) * 1233) >> 12
    return coefficient >= powersOfTen[estimate] ? estimate + 1 : estimate
  }
}

extension DecimalNumber: Comparable {
  /// Whether the value on the left is less than the value on the right.
  ///
  /// - Complexity: O(1).
  package static func < (left: DecimalNumber, right: DecimalNumber) -> Bool {
    if left.isNegative != right.isNegative { return left.isNegative }
    let order = compareMagnitudes(left, right)
    return left.isNegative ? order > 0 : order < 0
  }

  private static func compareMagnitudes(_ left: DecimalNumber, _ right: DecimalNumber) -> Int {
    if left.isZero || right.isZero { return left.isZero ? (right.isZero ? 0 : -1) : 1 }
    let (leftDigits, rightDigits) = (left.digitCount, right.digitCount)
    let difference =
      Int(left.exponent) + leftDigits - Int(right.exponent) - rightDigits
    if difference != 0 { return difference }
    // The first digits stand for the same power: pad the shorter coefficient to the longer one.
    let width = max(leftDigits, rightDigits)
    let a = left.coefficient * powersOfTen[width - leftDigits]
    let b = right.coefficient * powersOfTen[width - rightDigits]
    return a == b ? 0 : (a < b ? -1 : 1)
  }
}

extension DecimalNumber: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int) { self.init(value) }
}
