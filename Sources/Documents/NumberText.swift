// SPDX-License-Identifier: GPL-3.0-or-later

extension Double {
  /// The shortest decimal text that reads back as this number, laid out as Python's `repr` does.
  ///
  /// Plain from 0.0001 up to below 1e16, with `.0` on whole numbers; otherwise with an exponent of at
  /// least two digits: `1e+16`, `1.5e-05`. Not a number and infinities: `nan`, `inf`, `-inf`.
  package var shortestText: String {
    guard isFinite else { return isNaN ? "nan" : self < 0 ? "-inf" : "inf" }
    let sign = self.sign == .minus ? "-" : ""
    guard self != 0 else { return sign + "0.0" }
    let (digits, point) = magnitude.shortestDigits
    // As Python: `point` is where the decimal point stands, counted from before the first digit.
    if point > 16 || point < -3 {
      let exponent = point - 1
      let magnitude = String(abs(exponent))
      let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
      return sign + digits.prefix(1) + fraction + (exponent < 0 ? "e-" : "e+")
        + (magnitude.count < 2 ? "0" : "") + magnitude
    }
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
    if digits.count <= point {
      return sign + digits + String(repeating: "0", count: point - digits.count) + ".0"
    }
    return sign + digits.prefix(point) + "." + digits.dropFirst(point)
  }

  /// The significant digits without outer zeros, and the place of the point relative to their start.
  private var shortestDigits: (digits: Substring, point: Int) {
    // Swift's description has the same digits as Python's, in another layout.
    let parts = description.split(separator: "e")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let halves = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let all = halves[0] + (halves.count > 1 ? halves[1] : "")
    let leading = all.prefix { $0 == "0" }.count
    var digits = Substring(all).dropFirst(leading)
    while digits.last == "0" { digits.removeLast() }
    return (digits, halves[0].count + exponent - leading)
  }
}
