// SPDX-License-Identifier: GPL-3.0-or-later

/// One token of an expression and the bytes it was read from.
struct ExpressionToken: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// A bare name, a keyword or a function's name: which one the parser decides.
    case word
    /// `#name`
    case namePlaceholder
    /// `:value`
    case valuePlaceholder
    case digits
    case symbol(Symbol)
    /// A character no expression may hold.
    case unknown
    case end
  }

  enum Symbol: String, Hashable, Sendable {
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case plus = "+"
    case minus = "-"
    case comma = ","
    case dot = "."
    case openParenthesis = "("
    case closeParenthesis = ")"
    case openBracket = "["
    case closeBracket = "]"
  }

  let kind: Kind
  /// Offsets into the expression's UTF-8 bytes; empty at the end.
  let range: Range<Int>
}

/// Cuts an expression into tokens; never fails, what it does not know becomes a token of kind `unknown`.
struct ExpressionTokenizer {
  private let bytes: [UInt8]
  private var offset = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The tokens of an expression, the last one of kind `end`.
  ///
  /// - Complexity: O(n).
  static func tokens(of bytes: [UInt8]) -> [ExpressionToken] {
    var tokenizer = ExpressionTokenizer(bytes)
    var tokens: [ExpressionToken] = []
    while true {
      let token = tokenizer.next()
      tokens.append(token)
      if token.kind == .end { return tokens }
    }
  }

  private mutating func next() -> ExpressionToken {
    while offset < bytes.count, Self.isBlank(bytes[offset]) { offset += 1 }
    let start = offset
    let kind = readKind()
    return ExpressionToken(kind: kind, range: start..<offset)
  }

  private mutating func readKind() -> ExpressionToken.Kind {
    guard offset < bytes.count else { return .end }
    let first = bytes[offset]
    offset += 1
    switch first {
    case UInt8(ascii: "#"): return skipWordBytes() ? .namePlaceholder : .unknown
    case UInt8(ascii: ":"): return skipWordBytes() ? .valuePlaceholder : .unknown
    case _ where Self.isDigit(first):
      while offset < bytes.count, Self.isDigit(bytes[offset]) { offset += 1 }
      return .digits
    case _ where Self.isWordByte(first):
      _ = skipWordBytes()
      return .word
    default: break
    }
    if first >= 0x80 {
      // One token per character: its continuation bytes belong to it.
      while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      return .unknown
    }
    let second = offset < bytes.count ? bytes[offset] : 0
    guard let symbol = Self.symbol(first, second) else { return .unknown }
    offset += symbol.rawValue.utf8.count - 1
    return .symbol(symbol)
  }

  /// Skips letters, digits and underscores; false if there was none.
  private mutating func skipWordBytes() -> Bool {
    let start = offset
    while offset < bytes.count, Self.isWordByte(bytes[offset]) { offset += 1 }
    return offset > start
  }

  /// The longest symbol that starts with these two bytes.
  private static func symbol(_ first: UInt8, _ second: UInt8) -> ExpressionToken.Symbol? {
    switch (first, second) {
    case (UInt8(ascii: "<"), UInt8(ascii: ">")): .notEqual
    case (UInt8(ascii: "<"), UInt8(ascii: "=")): .lessOrEqual
    case (UInt8(ascii: ">"), UInt8(ascii: "=")): .greaterOrEqual
    default: ExpressionToken.Symbol(rawValue: String(UnicodeScalar(first)))
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "_"): true
    default: isDigit(byte)
    }
  }
}
