// SPDX-License-Identifier: GPL-3.0-or-later

extension DecimalNumber {
  /// The exact sum.
  ///
  /// - Throws: `.overflow`, `.underflow` or `.precision` when the exact sum is not a number of the
  ///   service; nothing is ever rounded.
  /// - Complexity: O(1).
  package static func + (
    left: DecimalNumber, right: DecimalNumber
  ) throws(NumberError) -> DecimalNumber {
    if left.isZero { return right }
    if right.isZero { return left }
    let exponent = min(Int(left.exponent), Int(right.exponent))
    let (a, b) = (
      try left.coefficient(atExponent: exponent), try right.coefficient(atExponent: exponent)
    )
    if left.isNegative != right.isNegative {
      return try DecimalNumber(
        coefficient: a > b ? a - b : b - a, exponent: exponent,
        isNegative: a > b ? left.isNegative : right.isNegative)
    }
    let (sum, overflow) = a.addingReportingOverflow(b)
    if overflow { throw .precision }
    return try DecimalNumber(coefficient: sum, exponent: exponent, isNegative: left.isNegative)
  }

  /// The exact difference.
  ///
  /// - Throws: As `+` does.
  /// - Complexity: O(1).
  package static func - (
    left: DecimalNumber, right: DecimalNumber
  ) throws(NumberError) -> DecimalNumber {
    try left + right.negated
  }

  /// The coefficient scaled down to a lower power of ten, which the other operand's last digit
  /// stands for.
  ///
  /// Where it does not fit 128 bits the exact result has more than 38 digits: this operand is above
  /// 3.4E38 units of that last digit, the other one has at most 38 digits and does not end in zero.
  private func coefficient(atExponent target: Int) throws(NumberError) -> UInt128 {
    let scale = Int(exponent) - target
    guard scale < Self.powersOfTen.count else { throw .precision }
    let (scaled, overflow) = coefficient.multipliedReportingOverflow(by: Self.powersOfTen[scale])
    if overflow { throw .precision }
    return scaled
  }
}
