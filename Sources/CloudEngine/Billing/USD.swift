// SPDX-License-Identifier: GPL-3.0-or-later

/// An amount of money, exact to a ten-billionth of a dollar: what Cost Explorer shows at the finest.
package struct USD: Hashable, Comparable, Sendable {
  package static let perDollar: Int128 = 10_000_000_000
  package static let zero = USD(0)

  package let tenBillionths: Int128

  package init(_ tenBillionths: Int128) { self.tenBillionths = tenBillionths }

  /// What a quantity costs, rounded once, half up.
  ///
  /// - Parameters:
  ///   - amount: How much, in parts of which `parts` make one priced unit; not negative.
  ///   - millionths: The price of one unit in millionths of a dollar.
  ///   - parts: How many parts a unit has; more than 0.
  package init(of amount: Int128, at millionths: Int64, per parts: Int128) {
    // Whole units first: the product of a large amount and a price would not fit.
    let (units, rest) = amount.quotientAndRemainder(dividingBy: parts)
    let price = Int128(millionths) * (Self.perDollar / 1_000_000)
    tenBillionths = units * price + (rest * price + parts / 2) / parts
  }

  /// Dollars, for a chart or a comparison with something that is not exact itself.
  package var dollars: Double { Double(tenBillionths) / Double(Self.perDollar) }

  /// Dollars with so many decimals, from 0 to 10, rounded half away from zero.
  package func text(places: Int) -> String {
    ScaledNumber.text(tenBillionths, digits: 10, places: places)
  }

  package static func + (left: USD, right: USD) -> USD {
    USD(left.tenBillionths + right.tenBillionths)
  }

  package static func - (left: USD, right: USD) -> USD {
    USD(left.tenBillionths - right.tenBillionths)
  }

  package static func += (left: inout USD, right: USD) { left = left + right }

  package static func < (left: USD, right: USD) -> Bool {
    left.tenBillionths < right.tenBillionths
  }
}

/// Decimal numbers kept as whole ones.
package enum ScaledNumber {
  /// A number of ten-to-the-minus-`digits`ths with so many decimals, rounded half away from zero.
  package static func text(_ value: Int128, digits: Int, places: Int) -> String {
    let scale = power(max(0, digits - places))
    let rounded = (value.magnitude + UInt128(scale) / 2) / UInt128(scale)
    let whole = rounded / UInt128(power(places))
    let sign = value < 0 && rounded > 0 ? "-" : ""
    guard places > 0 else { return sign + String(whole) }
    let decimals = String(rounded % UInt128(power(places)))
    return "\(sign)\(whole)." + String(repeating: "0", count: places - decimals.utf8.count)
      + decimals
  }

  private static func power(_ exponent: Int) -> Int128 {
    (0..<exponent).reduce(1) { product, _ in product * 10 }
  }
}
