// SPDX-License-Identifier: GPL-3.0-or-later

import Documents

/// A lexical unit of an expression.
struct Token {
  /// Raw values are the names that messages show.
  enum Kind: String {
    case eof, literal, number
    case unquotedIdentifier = "unquoted_identifier"
    case quotedIdentifier = "quoted_identifier"
    case dot, star, comma, colon, current, expref, pipe, or, and, not, flatten, filter
    case lbracket, rbracket, lparen, rparen, lbrace, rbrace
    case eq, ne, lt, lte, gt, gte
  }

  var kind: Kind
  /// A literal's value, an identifier's name, a number, or the characters themselves.
  var value: Document
  /// Scalars before it in the expression.
  var start: Int

  /// The value as messages show it.
  var text: String { value.pythonText }
}

/// Cuts an expression into tokens.
struct Lexer {
  private let expression: String
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var tokens: [Token] = []

  init(_ expression: String) {
    self.expression = expression
    scalars = Array(expression.unicodeScalars)
  }

  private static let simple: [Unicode.Scalar: Token.Kind] = [
    ".": .dot, "*": .star, "]": .rbracket, ",": .comma, ":": .colon, "@": .current, "(": .lparen,
    ")": .rparen, "{": .lbrace, "}": .rbrace,
  ]

  /// Tokens whose kind depends on the next character: the second character, the kind with, the kind without.
  private static let pairs: [Unicode.Scalar: (Unicode.Scalar, Token.Kind, Token.Kind)] = [
    "|": ("|", .or, .pipe), "&": ("&", .and, .expref), "<": ("=", .lte, .lt),
    ">": ("=", .gte, .gt), "!": ("=", .ne, .not),
  ]

  /// All tokens, the last of kind `.eof`.
  mutating func tokenize() throws(JMESPathError) -> [Token] {
    while let scalar = peek {
      let start = position
      if let kind = Self.simple[scalar] {
        position += 1
        add(kind, from: start)
      } else if let (second, with, without) = Self.pairs[scalar] {
        position += 1
        add(skip(second) ? with : without, from: start)
      } else if Self.isIdentifierStart(scalar) {
        while let next = peek, Self.isIdentifierStart(next) || Self.isDigit(next) { position += 1 }
        add(.unquotedIdentifier, from: start)
      } else if Self.isSpace(scalar) {
        position += 1
      } else {
        try scanOther(scalar, start)
      }
    }
    tokens.append(Token(kind: .eof, value: "", start: scalars.count))
    return tokens
  }

  private mutating func scanOther(_ scalar: Unicode.Scalar, _ start: Int) throws(JMESPathError) {
    switch scalar {
    case "[":
      position += 1
      add(skip("]") ? .flatten : skip("?") ? .filter : .lbracket, from: start)
    case "=":
      position += 1
      guard skip("=") else { throw error("Unknown token '='", at: start) }
      add(.eq, from: start)
    case "-", "0"..."9":
      try scanNumber(start)
    case "'":
      let text = try scanDelimited("'").replacing("\\'", with: "'")
      tokens.append(Token(kind: .literal, value: .string(text), start: start))
    case "\"":
      try scanQuotedIdentifier(start)
    case "`":
      try scanLiteral(start)
    default:
      throw error("Unknown token \(scalar)", at: start)
    }
  }

  // MARK: Kinds of token

  private mutating func scanNumber(_ start: Int) throws(JMESPathError) {
    position += 1
    while let next = peek, Self.isDigit(next) { position += 1 }
    let text = characters(from: start)
    if text == "-" { throw error("Unknown token '-'", at: start) }
    // An index beyond 64 bits is beyond every array: the nearest number does as well.
    let value = Int64(text) ?? (text.hasPrefix("-") ? .min : .max)
    tokens.append(Token(kind: .number, value: .integer(value), start: start))
  }

  private mutating func scanQuotedIdentifier(_ start: Int) throws(JMESPathError) {
    let lexeme = "\"" + (try scanDelimited("\"")) + "\""
    do {
      let name = try Document.parse(lexeme)
      tokens.append(Token(kind: .quotedIdentifier, value: name, start: start))
    } catch {
      throw self.error(error.message, at: start)
    }
  }

  /// A JSON value between backticks; what is no JSON is taken as the text of a string, as the library does.
  private mutating func scanLiteral(_ start: Int) throws(JMESPathError) {
    let lexeme = try scanDelimited("`").replacing("\\`", with: "`")
    if let value = try? Document.parse(lexeme) {
      tokens.append(Token(kind: .literal, value: value, start: start))
      return
    }
    let text = String(lexeme.unicodeScalars.drop { $0.properties.isWhitespace })
    guard let value = try? Document.parse("\"\(text)\"") else {
      throw error("Bad token \(lexeme)", at: start)
    }
    tokens.append(Token(kind: .literal, value: value, start: start))
  }

  /// The text between two delimiters, where a backslash keeps itself and the next character.
  private mutating func scanDelimited(_ delimiter: Unicode.Scalar) throws(JMESPathError) -> String {
    let start = position
    position += 1
    while let scalar = peek, scalar != delimiter {
      position += scalar == "\\" ? 2 : 1
    }
    guard position < scalars.count else {
      throw error("Unclosed \(delimiter) delimiter", at: start)
    }
    position += 1
    return characters(from: start + 1, to: position - 1)
  }

  // MARK: Characters

  private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == scalar else { return false }
    position += 1
    return true
  }

  private func characters(from start: Int, to end: Int? = nil) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[start..<(end ?? position)])
    return String(view)
  }

  private mutating func add(_ kind: Token.Kind, from start: Int) {
    tokens.append(Token(kind: kind, value: .string(characters(from: start)), start: start))
  }

  private func error(_ problem: String, at position: Int) -> JMESPathError {
    .lexical(problem, at: position, in: expression)
  }

  private static func isIdentifierStart(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
  }
  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
  }
}

extension String {
  /// This text with every occurrence of two scalars replaced, from the left.
  fileprivate func replacing(_ pair: String, with replacement: Unicode.Scalar) -> String {
    let pair = Array(pair.unicodeScalars)
    let scalars = Array(unicodeScalars)
    var result = String.UnicodeScalarView()
    var index = 0
    while index < scalars.count {
      if scalars[index] == pair[0], index + 1 < scalars.count, scalars[index + 1] == pair[1] {
        result.append(replacement)
        index += 2
      } else {
        result.append(scalars[index])
        index += 1
      }
    }
    return String(result)
  }
}
