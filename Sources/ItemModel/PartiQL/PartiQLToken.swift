// SPDX-License-Identifier: GPL-3.0-or-later

/// Where a token stands in a statement, counted in characters from 1; printed as the service does.
struct PartiQLPlace: Hashable, Sendable, CustomStringConvertible {
  let line: Int
  let column: Int
  let length: Int

  var description: String { "\(line):\(column):\(length)" }
}

/// A word, a literal or a sign of a statement.
struct PartiQLToken: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// A reserved word, in lower case.
    case keyword(String)
    case name(String, isQuoted: Bool)
    case string(String)
    /// Digits without a sign.
    case number(String)
    case symbol(String)
    case parameter
    case end
  }

  let kind: Kind
  let place: PartiQLPlace
}

extension ExpressionError {
  /// A statement that cannot be read; what is wrong may be left unsaid. [DDB.partiql.errors]
  static func malformed(_ detail: String = "") -> ExpressionError {
    .validation("Statement wasn't well formed, can't be processed: \(detail)")
  }
}

/// Cuts a statement into tokens; comments and spaces are left out.
struct PartiQLTokenizer {
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var line = 1
  private var column = 1

  /// The tokens of a statement, the last one its end.
  ///
  /// - Throws: `.validation` for what no token begins with and for what is not closed.
  /// - Complexity: O(n) in the length of the text.
  static func tokens(_ text: String) throws(ExpressionError) -> [PartiQLToken] {
    var tokenizer = PartiQLTokenizer(scalars: Array(text.unicodeScalars))
    var tokens: [PartiQLToken] = []
    while let token = try tokenizer.next() { tokens.append(token) }
    tokens.append(
      PartiQLToken(
        kind: .end,
        place: PartiQLPlace(line: tokenizer.line, column: tokenizer.column, length: 0)))
    return tokens
  }

  private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
    scalars.indices.contains(position + distance) ? scalars[position + distance] : nil
  }

  private mutating func advance(_ count: Int = 1) {
    for _ in 0..<count {
      if scalars[position] == "\n" { (line, column) = (line + 1, 1) } else { column += 1 }
      position += 1
    }
  }

  private mutating func next() throws(ExpressionError) -> PartiQLToken? {
    try skipBlanks()
    guard let scalar = peek() else { return nil }
    let (start, line, column) = (position, line, column)
    let kind: PartiQLToken.Kind =
      switch scalar {
      case "'": .string(try quoted(by: "'"))
      case "\"": .name(try quoted(by: "\""), isQuoted: true)
      case "?": parameter()
      case _ where Self.isDigit(scalar) || (scalar == "." && peek(1).map(Self.isDigit) == true):
        try number()
      case _ where Self.isNameStart(scalar): word()
      default: .symbol(try symbol())
      }
    return PartiQLToken(
      kind: kind, place: PartiQLPlace(line: line, column: column, length: position - start))
  }

  private mutating func skipBlanks() throws(ExpressionError) {
    while let scalar = peek() {
      if scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" {
        advance()
      } else if scalar == "-", peek(1) == "-" {
        while let scalar = peek(), scalar != "\n" { advance() }
      } else if scalar == "/", peek(1) == "*" {
        advance(2)
        while peek() != "*" || peek(1) != "/" {
          guard peek() != nil else { throw .malformed() }
          advance()
        }
        advance(2)
      } else {
        return
      }
    }
  }

  /// The text between quotes, of which a doubled one stands for itself.
  private mutating func quoted(by quote: Unicode.Scalar) throws(ExpressionError) -> String {
    advance()
    var text = String.UnicodeScalarView()
    while let scalar = peek() {
      advance()
      if scalar == quote {
        guard peek() == quote else { return String(text) }
        advance()
      }
      text.append(scalar)
    }
    throw .malformed()
  }

  private mutating func parameter() -> PartiQLToken.Kind {
    advance()
    return .parameter
  }

  private mutating func number() throws(ExpressionError) -> PartiQLToken.Kind {
    let start = position
    while let scalar = peek(), Self.isDigit(scalar) { advance() }
    var fraction = 0
    if peek() == "." {
      advance()
      while let scalar = peek(), Self.isDigit(scalar) {
        advance()
        fraction += 1
      }
    }
    var exponent = 0
    if peek() == "e" || peek() == "E" { exponent = try self.exponent() }
    if let scalar = peek(), Self.isNameStart(scalar) { throw .malformed() }
    // The service keeps digits and a scale of 32 bits, and cannot read what does not fit. [DDB.partiql.literals]
    guard Int32(exactly: exponent) != nil, Int32(exactly: fraction - exponent) != nil else {
      throw .malformed()
    }
    return .number(String(String.UnicodeScalarView(scalars[start..<position])))
  }

  private mutating func exponent() throws(ExpressionError) -> Int {
    advance()
    let isNegative = peek() == "-"
    if peek() == "-" || peek() == "+" { advance() }
    guard peek().map(Self.isDigit) == true else { throw .malformed() }
    var exponent = 0
    while let scalar = peek(), Self.isDigit(scalar) {
      exponent = min(exponent * 10 + Int(scalar.value - 48), 1 << 40)
      advance()
    }
    return isNegative ? -exponent : exponent
  }

  private mutating func word() -> PartiQLToken.Kind {
    let start = position
    while let scalar = peek(), Self.isNameStart(scalar) || Self.isDigit(scalar) { advance() }
    let text = String(String.UnicodeScalarView(scalars[start..<position]))
    let lowered = text.lowercased()
    return PartiQLKeywords.all.contains(lowered)
      ? .keyword(lowered) : .name(text, isQuoted: false)
  }

  private mutating func symbol() throws(ExpressionError) -> String {
    for symbol in ["<<", ">>", "<=", ">=", "<>", "!=", "||"] {
      let pair = Array(symbol.unicodeScalars)
      if peek() == pair[0], peek(1) == pair[1] {
        advance(2)
        return symbol
      }
    }
    guard let scalar = peek(), "=<>+-*/%()[]{},:.;".unicodeScalars.contains(scalar) else {
      throw .malformed()
    }
    advance()
    return String(scalar)
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_" || scalar == "$"
  }
}

/// The words that stand for themselves only in double quotes: those of SQL-92 and PartiQL's own.
enum PartiQLKeywords {
  /// Words that join or compare terms: none of them can begin one.
  static let operators: Set<String> = [
    "and", "or", "not", "in", "is", "like", "between", "union", "intersect", "except",
  ]

  static let all: Set<String> = Set(
    text.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)
  ).union(operators)

  private static let text = """
    absolute action add all allocate alter any are as asc assertion at authorization avg begin bit \
    bit_length by cascade cascaded case cast catalog char character character_length char_length \
    check close coalesce collate collation column commit connect connection constraint constraints \
    continue convert corresponding count create cross current current_date current_time \
    current_timestamp current_user cursor date deallocate dec decimal declare default deferrable \
    deferred delete desc describe descriptor diagnostics disconnect distinct domain double drop else \
    end escape exception exec execute exists external extract false fetch first float for \
    foreign found from full get global go goto grant group having identity immediate indicator \
    initially inner input insensitive insert int integer interval into isolation join key \
    language last left level local lower match max min module names national natural nchar next no \
    null nullif numeric octet_length of on only open option order outer output overlaps pad \
    partial position precision prepare preserve primary prior privileges procedure public read real \
    references relative restrict revoke right rollback rows schema scroll section select session \
    session_user set size smallint some space sql sqlcode sqlerror sqlstate substring sum \
    system_user table temporary then time timestamp to transaction translate translation trim \
    true unique unknown update upper usage user using value values varchar varying view \
    when whenever where with work write zone missing pivot unpivot limit remove
    """
}
