// SPDX-License-Identifier: GPL-3.0-or-later

import Documents

extension Builtin {
  /// `abs`, `ceil` or `floor` of a number; whole results are integers where 64 bits hold them.
  func round(_ number: Document) -> Document {
    switch (self, number) {
    case (.abs, .integer(let value)):
      value == .min ? .double(-Double(value)) : .integer(Swift.abs(value))
    case (.abs, .double(let value)): .double(value.magnitude)
    case (.ceil, .double(let value)): Self.whole(value.rounded(.up))
    case (.floor, .double(let value)): Self.whole(value.rounded(.down))
    default: number
    }
  }

  private static func whole(_ value: Double) -> Document {
    Int64(exactly: value).map { .integer($0) } ?? .double(value)
  }

  /// `sum` or `avg` of numbers: a sum of integers stays one, an average is a double and null of nothing.
  func total(_ numbers: [Document]) -> Document {
    var whole: Int64 = 0
    var total = 0.0
    var isWhole = true
    for number in numbers {
      // As Python: integers add up exactly until the first double comes.
      if isWhole, case .integer(let value) = number {
        let (sum, overflow) = whole.addingReportingOverflow(value)
        if !overflow {
          whole = sum
          continue
        }
      }
      if isWhole {
        total = Double(whole)
        isWhole = false
      }
      total += number.number ?? 0
    }
    if self == .sum { return isWhole ? .integer(whole) : .double(total) }
    guard !numbers.isEmpty else { return .null }
    return .double((isWhole ? Double(whole) : total) / Double(numbers.count))
  }
}

extension Document {
  /// What `to_number` makes of a value: a number itself, a string that Python reads as a finite number,
  /// else null.
  var convertedToNumber: Document {
    switch self {
    case .integer, .double: return self
    case .string(let text): return Self.number(readingPython: text)
    default: return .null
    }
  }

  private static func number(readingPython text: String) -> Document {
    let isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
    var scalars = Array(text.unicodeScalars)[...]
    scalars = scalars.drop(while: isSpace)
    while let last = scalars.last, isSpace(last) { scalars.removeLast() }

    var digits = String.UnicodeScalarView()
    var previous: Unicode.Scalar = " "
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "0"..."9", ".", "e", "E", "+", "-": digits.append(scalar)
      case "_":
        // Python lets single underscores part digits.
        let next = scalars.dropFirst(index + 1).first ?? " "
        guard isDigit(previous), isDigit(next) else { return .null }
      default: return .null
      }
      previous = scalar
    }
    let plain = String(digits)
    guard plain.unicodeScalars.contains(where: isDigit) else { return .null }
    if let whole = Int64(plain) { return .integer(whole) }
    guard let value = Double(completed(plain)), value.isFinite else { return .null }
    return .double(value)
  }

  /// Puts a zero where Python, not Swift, lets digits be missing beside the point: `1.`, `.5`, `1.e3`.
  private static func completed(_ text: String) -> String {
    var result = ""
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      if previous == ".", !isDigit(scalar) { result += "0" }
      if scalar == ".", !isDigit(previous) { result += "0" }
      result.unicodeScalars.append(scalar)
      previous = scalar
    }
    return previous == "." ? result + "0" : result
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}
