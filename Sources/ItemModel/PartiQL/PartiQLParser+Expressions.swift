// SPDX-License-Identifier: GPL-3.0-or-later

/// How tightly operators bind; the higher ones bind first.
private enum BindingPower {
  static let or = 1
  static let and = 2
  static let not = 3
  static let equality = 4
  static let order = 5
  static let sum = 6
  static let product = 7
}

extension PartiQLParser {
  /// Reads a term with all operators that join it to others.
  mutating func parseExpression() throws(ExpressionError) -> PartiQLNode {
    try parseExpression(above: 0)
  }

  private mutating func parseExpression(above power: Int) throws(ExpressionError) -> PartiQLNode {
    try nested { (parser) throws(ExpressionError) in
      var left = try parser.parsePrefix()
      var chain = 0
      while let (symbol, bound) = parser.infix, bound > power {
        // A chain of comparisons or sums nests to the left.
        if bound > BindingPower.not { chain += 1 }
        guard chain <= Self.maximumDepth else { throw .malformed() }
        left = try parser.parseInfix(symbol, after: left, bound: bound)
      }
      return left
    }
  }

  /// The operator at which the parser stands, and how tightly it binds.
  private var infix: (symbol: String, power: Int)? {
    switch token.kind {
    case .keyword("or"): ("or", BindingPower.or)
    case .keyword("and"): ("and", BindingPower.and)
    case .keyword("is"): ("is", BindingPower.equality)
    case .keyword("in"): ("in", BindingPower.equality)
    case .keyword("between"): ("between", BindingPower.order)
    case .keyword("like"): ("like", BindingPower.order)
    case .keyword("not"): ("not", BindingPower.equality)
    case .symbol(let symbol):
      switch symbol {
      case "=", "<>", "!=": (symbol, BindingPower.equality)
      case "<", "<=", ">", ">=": (symbol, BindingPower.order)
      case "+", "-", "||": (symbol, BindingPower.sum)
      case "*", "/", "%": (symbol, BindingPower.product)
      default: nil
      }
    default: nil
    }
  }

  private mutating func parsePrefix() throws(ExpressionError) -> PartiQLNode {
    let place = token.place
    if take(keyword: "not") {
      let part = try parseExpression(above: BindingPower.not)
      return PartiQLNode(term: .not(part), place: place)
    }
    if token.kind == .symbol("-") || token.kind == .symbol("+") { return try parseSigned() }
    return try parseTerm()
  }

  private mutating func parseSigned() throws(ExpressionError) -> PartiQLNode {
    let place = token.place
    var isNegative = false
    var sign = "-"
    while case .symbol(let symbol) = token.kind, symbol == "-" || symbol == "+" {
      if symbol == "-" { isNegative.toggle() }
      sign = symbol
      advance()
    }
    if case .number(let digits) = token.kind {
      let at = token.place
      advance()
      return PartiQLNode(term: .number((isNegative ? "-" : "") + digits), place: at)
    }
    return PartiQLNode(term: .signed(sign, try parseTerm()), place: place)
  }

  private mutating func parseInfix(
    _ symbol: String, after left: PartiQLNode, bound: Int
  ) throws(ExpressionError) -> PartiQLNode {
    let place = token.place
    advance()
    switch symbol {
    case "is": return try parseType(of: left, at: place)
    case "not": return try parseNegated(after: left, at: place)
    case "between": return try parseBetween(left, at: place)
    default: break
    }
    if isAtEnd { throw .malformed("Missing right-hand side expression of infix operator") }
    let right = try parseExpression(above: bound)
    let term: PartiQLTerm
    switch (symbol, left.term) {
    case ("or", .or(let parts)): term = .or(parts + [right])
    case ("or", _): term = .or([left, right])
    case ("and", .and(let parts)): term = .and(parts + [right])
    case ("and", _): term = .and([left, right])
    default: term = .infix(left, symbol == "!=" ? "<>" : symbol, right)
    }
    return PartiQLNode(term: term, place: place)
  }

  /// Reads what follows NOT behind a term: IN, BETWEEN or LIKE.
  private mutating func parseNegated(
    after left: PartiQLNode, at place: PartiQLPlace
  ) throws(ExpressionError) -> PartiQLNode {
    guard let (symbol, power) = infix, symbol == "in" || symbol == "between" || symbol == "like"
    else { throw .malformed("Unexpected token after expression") }
    let positive = try parseInfix(symbol, after: left, bound: power)
    return PartiQLNode(term: .not(positive), place: place)
  }

  private mutating func parseBetween(
    _ left: PartiQLNode, at place: PartiQLPlace
  ) throws(ExpressionError) -> PartiQLNode {
    if isAtEnd { throw .malformed("Missing right-hand side expression of infix operator") }
    let low = try parseExpression(above: BindingPower.order)
    guard take(keyword: "and") else { throw .malformed("Expected AND after BETWEEN") }
    if isAtEnd { throw .malformed("Missing right-hand side expression of infix operator") }
    let high = try parseExpression(above: BindingPower.order)
    return PartiQLNode(term: .between(left, low, high), place: place)
  }

  private mutating func parseType(
    of left: PartiQLNode, at place: PartiQLPlace
  ) throws(ExpressionError) -> PartiQLNode {
    let isNegated = take(keyword: "not")
    let word: String
    switch token.kind {
    case .keyword(let keyword): word = keyword
    case .name(let name, isQuoted: false): word = name.lowercased()
    default: throw .malformed("Expected type name")
    }
    guard Self.typeNames.contains(word) else { throw .malformed("Expected type name") }
    advance()
    if word == "double", !take(keyword: "precision") { throw .malformed("Expected type name") }
    if word == "character" { _ = take(keyword: "varying") }
    let test = PartiQLNode(term: .isType(left, word), place: place)
    return isNegated ? PartiQLNode(term: .not(test), place: place) : test
  }

  /// PartiQL's names of types; few of them are types of the service.
  private static let typeNames: Set<String> = [
    "missing", "null", "bool", "boolean", "smallint", "int4", "int8", "integer", "int", "float",
    "real", "double", "decimal", "dec", "numeric", "date", "time", "timestamp", "character", "char",
    "varchar", "string", "symbol", "clob", "blob", "struct", "tuple", "list", "sexp", "bag", "any",
  ]
}

// MARK: - Terms

extension PartiQLParser {
  /// Reads a literal, a path, a call, a collection, a statement, or an expression in parentheses.
  mutating func parseTerm() throws(ExpressionError) -> PartiQLNode {
    let place = token.place
    let kind = token.kind
    switch kind {
    case .end: throw .malformed("Unexpected term")
    case .keyword(let word): return try parseKeyword(word, at: place)
    case .symbol(let symbol): return try parseSymbol(symbol, at: place)
    case .name(let name, let isQuoted):
      advance()
      if !isQuoted, take(symbol: "(") { return try parseCall(name, at: place) }
      return PartiQLNode(term: .path(try parseSteps(of: name)), place: place)
    case .string(let text):
      advance()
      return PartiQLNode(term: .literal(.string(text)), place: place)
    case .number(let digits):
      advance()
      return PartiQLNode(term: .number(digits), place: place)
    case .parameter:
      advance()
      return PartiQLNode(term: .parameter(nextParameter()), place: place)
    }
  }

  private mutating func parseKeyword(
    _ word: String, at place: PartiQLPlace
  ) throws(ExpressionError) -> PartiQLNode {
    if PartiQLKeywords.operators.contains(word) { throw .malformed("Unexpected operator") }
    advance()
    let term: PartiQLTerm? =
      switch word {
      case "true": .literal(.bool(true))
      case "false": .literal(.bool(false))
      case "null": .literal(.null)
      case "missing": .missing
      case "select": .select(try parseSelect())
      case "insert": .change(try parseInsert())
      case "update": .change(try parseUpdate())
      case "delete": .change(try parseDelete())
      case "from": .change(try parseUpdateFrom())
      default: nil
      }
    if let term { return PartiQLNode(term: term, place: place) }
    guard Self.functionKeywords.contains(word), take(symbol: "(") else {
      throw .malformed("Unexpected keyword")
    }
    return try parseCall(word, at: place)
  }

  /// Keywords that name functions.
  private static let functionKeywords: Set<String> = [
    "avg", "bit_length", "char_length", "character_length", "coalesce", "count", "exists", "lower",
    "max", "min", "nullif", "octet_length", "size", "sum", "upper",
  ]

  private mutating func parseCall(
    _ name: String, at place: PartiQLPlace
  ) throws(ExpressionError) -> PartiQLNode {
    var arguments: [PartiQLNode] = []
    if !take(symbol: ")") {
      repeat {
        let at = token.place
        if take(symbol: "*") {
          arguments.append(PartiQLNode(term: .star, place: at))
        } else {
          arguments.append(try parseExpression())
        }
      } while take(symbol: ",")
      guard take(symbol: ")") else { throw .malformed("Expected ')' for function call") }
    }
    return PartiQLNode(term: .call(name.lowercased(), arguments), place: place)
  }

  private mutating func parseSymbol(
    _ symbol: String, at place: PartiQLPlace
  ) throws(ExpressionError) -> PartiQLNode {
    switch symbol {
    case "(": return try parseParentheses(at: place)
    case "[":
      advance()
      return PartiQLNode(term: .list(try parseElements(until: "]")), place: place)
    case "<<":
      advance()
      return PartiQLNode(term: .bag(try parseElements(until: ">>")), place: place)
    case "{":
      advance()
      return PartiQLNode(term: .tuple(try parseMembers()), place: place)
    case "=", "<>", "!=", "<", "<=", ">", ">=", "||", "/", "%":
      throw .malformed("Unexpected operator")
    default: throw .malformed("Unexpected term")
    }
  }

  /// Reads an expression in parentheses, or a list, which may be written in them too.
  private mutating func parseParentheses(
    at place: PartiQLPlace
  ) throws(ExpressionError) -> PartiQLNode {
    advance()
    let first = try parseExpression()
    guard token.kind == .symbol(",") else {
      guard take(symbol: ")") else { throw .malformed("Expected ')'") }
      return first
    }
    var elements = [first]
    while take(symbol: ",") { elements.append(try parseExpression()) }
    guard take(symbol: ")") else { throw .malformed("Expected ')'") }
    return PartiQLNode(term: .list(elements), place: place)
  }

  private mutating func parseElements(
    until end: String
  ) throws(ExpressionError) -> [PartiQLNode] {
    var elements: [PartiQLNode] = []
    if take(symbol: end) { return elements }
    repeat { elements.append(try parseExpression()) } while take(symbol: ",")
    guard take(symbol: end) else { throw .malformed("Expected '\(end)'") }
    return elements
  }

  private mutating func parseMembers() throws(ExpressionError) -> [PartiQLMember] {
    var members: [PartiQLMember] = []
    if take(symbol: "}") { return members }
    repeat {
      let key = try parseExpression()
      guard take(symbol: ":") else { throw .malformed("Expected ':'") }
      members.append(PartiQLMember(key: key, value: try parseExpression()))
    } while take(symbol: ",")
    guard take(symbol: "}") else { throw .malformed("Expected '}'") }
    return members
  }

  /// Reads the steps of a path from behind its first name.
  mutating func parseSteps(of head: String) throws(ExpressionError) -> PartiQLPath {
    var path = PartiQLPath(head: head)
    while true {
      if take(symbol: ".") {
        if case .name(let name, _) = token.kind {
          path.steps.append(.name(name))
        } else if token.kind == .symbol("*") {
          path.steps.append(.other(token.place))
        } else {
          throw .malformed("Invalid path dot component")
        }
        advance()
      } else if take(symbol: "[") {
        path.steps.append(try parseBracket())
        guard take(symbol: "]") else { throw .malformed("Expected ']'") }
      } else {
        return path
      }
    }
  }

  private mutating func parseBracket() throws(ExpressionError) -> PartiQLPath.Step {
    let place = token.place
    if take(symbol: "*") { return .other(place) }
    let node = try parseExpression()
    switch node.term {
    case .number(let digits): return .index(digits, node.place)
    case .literal(.string(let name)): return .name(name)
    default: return .other(node.place)
    }
  }
}
