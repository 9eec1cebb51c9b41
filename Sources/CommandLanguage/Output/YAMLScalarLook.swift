// SPDX-License-Identifier: GPL-3.0-or-later

/// How a text may be written in YAML: plain, in single quotes, or only in double quotes.
struct YAMLScalarLook {
  private(set) var isMultiline = false
  private(set) var allowsPlain = true
  private(set) var allowsSingleQuoted = true

  /// Looks at the text once, as a YAML emitter in block style does.
  ///
  /// - Complexity: O(n).
  init(_ text: String) {
    let scalars = Array(text.unicodeScalars)
    guard let first = scalars.first, let last = scalars.last else {
      allowsPlain = false
      return
    }
    var hasIndicators = text.hasPrefix("---") || text.hasPrefix("...")
    var hasSpecial = false
    var blanksMeetBreak = false
    var breakThenBlank = false
    var previous: Unicode.Scalar?
    for (index, scalar) in scalars.enumerated() {
      let next = index + 1 < scalars.count ? scalars[index + 1] : nil
      let isBeforeSpace = next.map(Self.isSpace) ?? true
      let isAfterSpace = previous.map(Self.isSpace) ?? true
      if index == 0 {
        if "#,[]{}&*!|>'\"%@`".unicodeScalars.contains(scalar) { hasIndicators = true }
        if scalar == "?" || scalar == ":" || scalar == "-", isBeforeSpace { hasIndicators = true }
      } else if (scalar == ":" && isBeforeSpace) || (scalar == "#" && isAfterSpace) {
        hasIndicators = true
      }
      if Self.isBreak(scalar) { isMultiline = true }
      if !Self.isPrintable(scalar) { hasSpecial = true }
      if previous == " ", Self.isBreak(scalar) { blanksMeetBreak = true }
      if scalar == " ", previous.map(Self.isBreak) == true { breakThenBlank = true }
      previous = scalar
    }
    let hasOuterBlanks = first == " " || last == " " || Self.isBreak(first) || Self.isBreak(last)
    if hasOuterBlanks || isMultiline || hasIndicators { allowsPlain = false }
    if blanksMeetBreak || breakThenBlank || hasSpecial {
      allowsPlain = false
      allowsSingleQuoted = false
    }
  }

  /// Whether a plain text would be read as a number, a boolean, nothing or a date.
  ///
  /// The rules are YAML 1.2's as the CLI's writer has them: `yes` and `on` are texts, dates are
  /// not.
  static func isResolvedOtherwise(_ text: String) -> Bool {
    switch text {
    case "", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE",
      "=", "<<":
      return true
    default: break
    }
    guard let first = text.utf8.first,
      first.isDigit || first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
        || first == UInt8(ascii: ".")
    else { return false }
    return isInteger(text) || isFloat(text) || isTimestamp(text)
  }

  private static func isInteger(_ text: String) -> Bool {
    var digits = Array(text.utf8)[...]
    if digits.first == UInt8(ascii: "-") || digits.first == UInt8(ascii: "+") {
      digits.removeFirst()
    }
    if digits.starts(with: "0b".utf8) {
      let rest = digits.dropFirst(2)
      return !rest.isEmpty
        && rest.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "1") || $0.isUnderscore }
    }
    if digits.starts(with: "0o".utf8) {
      let rest = digits.dropFirst(2)
      return !rest.isEmpty
        && rest.allSatisfy {
          (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) || $0.isUnderscore
        }
    }
    if digits.starts(with: "0x".utf8) {
      let rest = digits.dropFirst(2)
      return !rest.isEmpty
        && rest.allSatisfy {
          $0.isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0 | 0x20)
            || $0.isUnderscore
        }
    }
    return !digits.isEmpty && digits.allSatisfy { $0.isDigit || $0.isUnderscore }
  }

  private static func isFloat(_ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    let tail = String(decoding: rest, as: UTF8.self)
    if [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(tail) { return true }
    let whole = rest.prefix { $0.isDigit || $0.isUnderscore }
    rest = rest.dropFirst(whole.count)
    var fraction: ArraySlice<UInt8> = []
    let hasPoint = rest.first == UInt8(ascii: ".")
    if hasPoint {
      rest.removeFirst()
      fraction = rest.prefix { $0.isDigit || $0.isUnderscore }
      rest = rest.dropFirst(fraction.count)
    }
    guard whole.first?.isDigit == true || (whole.isEmpty && !fraction.isEmpty) else { return false }
    if rest.isEmpty { return hasPoint }
    guard rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") else { return false }
    rest.removeFirst()
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    return !rest.isEmpty && rest.allSatisfy(\.isDigit)
  }

  /// `2026-03-06`, or with a time after `T` or blanks.
  private static func isTimestamp(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count >= 8, bytes[..<4].allSatisfy(\.isDigit), bytes[4] == UInt8(ascii: "-") else {
      return false
    }
    let parts = text.utf8.split(
      maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: isTimeSeparator)
    guard let day = parts.first else { return false }
    let fields = day.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard fields.count == 3, fields.allSatisfy({ $0.allSatisfy(\.isDigit) }) else { return false }
    if parts.count == 1 {
      return fields[0].count == 4 && fields[1].count == 2 && fields[2].count == 2
    }
    guard fields[0].count == 4, (1...2).contains(fields[1].count), (1...2).contains(fields[2].count)
    else { return false }
    let time = parts[1].drop { $0 == .space || $0 == .tab }
    let clock = time.prefix { $0.isDigit || $0 == UInt8(ascii: ":") }
    let units = clock.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    return units.count == 3 && (1...2).contains(units[0].count) && units[1].count == 2
      && units[2].count == 2
  }

  private static func isTimeSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "T") || byte == UInt8(ascii: "t") || byte == .space || byte == .tab
  }

  private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\n" || scalar == "\u{85}" || scalar == "\u{2028}" || scalar == "\u{2029}"
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    isBreak(scalar) || scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\0"
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\n" || (0x20...0x7E).contains(scalar.value) || scalar == "\u{85}"
      || (0xA0...0xD7FF).contains(scalar.value)
      || ((0xE000...0xFFFD).contains(scalar.value) && scalar != "\u{FEFF}")
  }
}

extension UInt8 {
  fileprivate var isUnderscore: Bool { self == UInt8(ascii: "_") }
}
