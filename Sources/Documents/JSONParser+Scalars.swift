// SPDX-License-Identifier: GPL-3.0-or-later

// MARK: Numbers

extension JSONParser {
  /// Powers of ten that a double holds exactly.
  private static let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  /// Reads the longest number at the cursor; what cannot belong to it is left for the caller to refuse.
  mutating func parseNumber() throws(JSONError) -> Document {
    let start = position
    let negative = bytes[position] == UInt8(ascii: "-")
    if negative { position += 1 }
    guard Self.isDigit(current) else { throw error(.expectedValue, at: start) }

    var magnitude: UInt64 = 0
    var isExact = true
    if current == UInt8(ascii: "0") {
      position += 1
    } else {
      scanDigits(into: &magnitude, isExact: &isExact)
    }
    let wholeEnd = position
    let fractionDigits = scanFraction(into: &magnitude, isExact: &isExact)
    let exponent = scanExponent()

    if position == wholeEnd {
      if isExact, magnitude <= UInt64(Int64.max) {
        return .integer(negative ? -Int64(magnitude) : Int64(magnitude))
      }
      if isExact, negative, magnitude == UInt64(Int64.max) + 1 { return .integer(.min) }
    }
    // Both factors exact: one correctly rounded operation gives the nearest double.
    let power = exponent - fractionDigits
    if isExact, magnitude < 1 << 53, abs(power) <= 22 {
      let whole = Double(magnitude)
      let value =
        power < 0 ? whole / Self.exactPowers[-power] : whole * Self.exactPowers[power]
      return .double(negative ? -value : value)
    }
    let text = String(
      decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw error(.numberOutOfRange, at: start)
    }
    return .double(value)
  }

  private mutating func scanDigits(into magnitude: inout UInt64, isExact: inout Bool) {
    while Self.isDigit(current) {
      let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(current - UInt8(ascii: "0")))
      if overflow || carry { isExact = false }
      magnitude = sum
      position += 1
    }
  }

  /// Digits after a point, or 0 with the cursor unmoved when there is no fraction.
  private mutating func scanFraction(into magnitude: inout UInt64, isExact: inout Bool) -> Int {
    guard current == UInt8(ascii: "."), position + 1 < bytes.count,
      Self.isDigit(bytes[position + 1])
    else { return 0 }
    position += 1
    let start = position
    scanDigits(into: &magnitude, isExact: &isExact)
    return position - start
  }

  /// The power of ten after an `e`, or 0 with the cursor unmoved when there is none.
  private mutating func scanExponent() -> Int {
    guard current | 0x20 == UInt8(ascii: "e") else { return 0 }
    var index = position + 1
    var negative = false
    if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      negative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    guard index < bytes.count, Self.isDigit(bytes[index]) else { return 0 }
    var value = 0
    while index < bytes.count, Self.isDigit(bytes[index]) {
      // Past any double's range the exact figure no longer matters, only that it does not overflow.
      if value < 100_000 { value = value * 10 + Int(bytes[index] - UInt8(ascii: "0")) }
      index += 1
    }
    position = index
    return negative ? -value : value
  }
}

// MARK: Strings

extension JSONParser {
  /// Reads the string whose opening quote is at the cursor.
  mutating func parseString() throws(JSONError) -> String {
    let quote = position
    let start = quote + 1
    var index = start
    var seen: UInt8 = 0
    while index < bytes.count {
      if index + 8 <= bytes.count {
        let word = ByteWord(loading: bytes, at: index)
        if word.isPlain {
          seen |= word.isBeyondASCII ? 0x80 : 0
          index += 8
          continue
        }
      }
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") {
        let text = UnsafeBufferPointer(rebasing: bytes[start..<index])
        position = index + 1
        if seen < 0x80 { return String(decoding: text, as: UTF8.self) }
        return try validated(text, at: start)
      }
      if byte == UInt8(ascii: "\\") {
        position = index
        return try parseEscapedString(from: start, quote: quote)
      }
      if byte < 0x20 { throw error(.invalidControlCharacter, at: index) }
      seen |= byte
      index += 1
    }
    throw error(.unterminatedString, at: quote)
  }

  private func validated(
    _ text: UnsafeBufferPointer<UInt8>, at start: Int
  ) throws(JSONError) -> String {
    guard let string = String(validating: text, as: UTF8.self) else {
      throw error(.invalidUTF8, at: start)
    }
    return string
  }

  /// Goes on from the first backslash of a string, collecting its bytes.
  private mutating func parseEscapedString(
    from start: Int, quote: Int
  ) throws(JSONError) -> String {
    var text = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return try text.withUnsafeBufferPointer { (buffer) throws(JSONError) -> String in
          try validated(buffer, at: start)
        }
      case UInt8(ascii: "\\"):
        try parseEscape(into: &text, quote: quote)
      case 0..<0x20:
        throw error(.invalidControlCharacter, at: position)
      default:
        text.append(byte)
        position += 1
      }
    }
    throw error(.unterminatedString, at: quote)
  }

  private mutating func parseEscape(into text: inout [UInt8], quote: Int) throws(JSONError) {
    guard position + 1 < bytes.count else { throw error(.unterminatedString, at: quote) }
    let plain: UInt8
    switch bytes[position + 1] {
    case UInt8(ascii: "\""): plain = UInt8(ascii: "\"")
    case UInt8(ascii: "\\"): plain = UInt8(ascii: "\\")
    case UInt8(ascii: "/"): plain = UInt8(ascii: "/")
    case UInt8(ascii: "b"): plain = 0x08
    case UInt8(ascii: "f"): plain = 0x0C
    case UInt8(ascii: "n"): plain = 0x0A
    case UInt8(ascii: "r"): plain = 0x0D
    case UInt8(ascii: "t"): plain = 0x09
    case UInt8(ascii: "u"): return try parseUnicodeEscape(into: &text)
    default: throw error(.invalidEscape, at: position)
    }
    text.append(plain)
    position += 2
  }

  private mutating func parseUnicodeEscape(into text: inout [UInt8]) throws(JSONError) {
    let start = position
    var value = try parseHex()
    if value & 0xFC00 == 0xD800 {
      guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      else { throw error(.loneSurrogate, at: start) }
      let low = try parseHex()
      guard low & 0xFC00 == 0xDC00 else { throw error(.loneSurrogate, at: start) }
      value = 0x10000 + (value & 0x3FF) << 10 + low & 0x3FF
    }
    // Only a surrogate's value is no scalar.
    guard let scalar = Unicode.Scalar(value) else { throw error(.loneSurrogate, at: start) }
    text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  /// Reads the four digits after the `\u` at the cursor.
  private mutating func parseHex() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for index in position + 2..<position + 6 {
      // Python looks for a byte after the digits first, so a text that ends in them has this error too.
      guard index + 1 < bytes.count || index < position + 5 && index < bytes.count,
        let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue, bytes[index] < 0x80
      else { throw error(.invalidUnicodeEscape, at: position + 1) }
      value = value << 4 | UInt32(digit)
    }
    position += 6
    return value
  }
}
