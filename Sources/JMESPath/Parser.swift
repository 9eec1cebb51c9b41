// SPDX-License-Identifier: GPL-3.0-or-later

import Documents

/// A top-down operator precedence parser: each kind of token has a power with which it binds to its left.
struct Parser {
  private let expression: String
  private let tokens: [Token]
  private var index = 0
  private var depth = 0
  private var tree = Tree()

  init(_ expression: String) throws(JMESPathError) {
    self.expression = expression
    var lexer = Lexer(expression)
    tokens = try lexer.tokenize()
  }

  /// How strongly a token binds to what stands left of it; those not listed end an expression.
  private static func bindingPower(_ kind: Token.Kind) -> Int {
    switch kind {
    case .pipe: 1
    case .or: 2
    case .and: 3
    case .eq, .ne, .lt, .lte, .gt, .gte: 5
    case .flatten: 9
    // Everything weaker than this ends a projection.
    case .star: 20
    case .filter: 21
    case .dot: 40
    case .not: 45
    case .lbrace: 50
    case .lbracket: 55
    case .lparen: 60
    default: 0
    }
  }

  private static let projectionStop = 10

  mutating func parse() throws(JMESPathError) -> Tree {
    tree.root = try parseExpression(0)
    guard current.kind == .eof else {
      throw error("Unexpected token: \(current.text)", at: current)
    }
    return tree
  }

  private mutating func parseExpression(_ power: Int) throws(JMESPathError) -> Node.Place {
    depth += 1
    defer { depth -= 1 }
    guard depth <= JMESPathExpression.depthLimit else { throw .nestedTooDeep }
    let token = current
    index += 1
    var left = try parsePrefix(token)
    while power < Self.bindingPower(current.kind) {
      let token = current
      index += 1
      left = try parseInfix(token, left)
    }
    return left
  }

  // MARK: Prefixes

  private mutating func parsePrefix(_ token: Token) throws(JMESPathError) -> Node.Place {
    switch token.kind {
    case .literal: return try add(.literal(token.value))
    case .unquotedIdentifier: return try add(.field(token.text))
    case .quotedIdentifier:
      if current.kind == .lparen {
        throw .parse(
          "Quoted identifier not allowed for function names.", at: 0, token: current, in: expression
        )
      }
      return try add(.field(token.text))
    case .star:
      let base = try add(.identity)
      let each =
        current.kind == .rbracket
        ? try add(.identity) : try parseProjected(Self.bindingPower(.star))
      return try add(.valueProjection(base, each: each))
    case .filter: return try parseFilter(try add(.identity))
    case .flatten: return try parseFlatten(try add(.identity))
    case .lbrace: return try parseMultiSelectHash()
    case .lbracket: return try parseLeadingBracket()
    case .lparen:
      let inner = try parseExpression(0)
      try match(.rparen)
      return inner
    case .not: return try add(.not(try parseExpression(Self.bindingPower(.not))))
    case .current: return try add(.current)
    case .expref: return try add(.expressionReference(try parseExpression(0)))
    case .eof: throw .incomplete(expression)
    default: throw error("invalid token", at: token)
    }
  }

  private mutating func parseLeadingBracket() throws(JMESPathError) -> Node.Place {
    switch current.kind {
    case .number, .colon:
      let base = try add(.identity)
      return try projectIfSlice(base, try parseIndex())
    case .star where ahead(1).kind == .rbracket:
      index += 2
      let base = try add(.identity)
      return try add(.projection(base, each: try parseProjected(Self.bindingPower(.star))))
    default:
      return try parseMultiSelectList()
    }
  }

  // MARK: Infixes

  private mutating func parseInfix(
    _ token: Token, _ left: Node.Place
  ) throws(JMESPathError) -> Node.Place {
    switch token.kind {
    case .dot: return try parseDot(left)
    case .pipe:
      let right = try parseExpression(Self.bindingPower(.pipe))
      if case .pipe(let parts) = tree[left] { return try replace(left, .pipe(parts + [right])) }
      return try add(.pipe([left, right]))
    case .or:
      let right = try parseExpression(Self.bindingPower(.or))
      if case .or(let parts) = tree[left] { return try replace(left, .or(parts + [right])) }
      return try add(.or([left, right]))
    case .and:
      let right = try parseExpression(Self.bindingPower(.and))
      if case .and(let parts) = tree[left] { return try replace(left, .and(parts + [right])) }
      return try add(.and([left, right]))
    case .eq: return try parseComparison(.equal, left)
    case .ne: return try parseComparison(.unequal, left)
    case .lt: return try parseComparison(.less, left)
    case .lte: return try parseComparison(.lessOrEqual, left)
    case .gt: return try parseComparison(.greater, left)
    case .gte: return try parseComparison(.greaterOrEqual, left)
    case .flatten: return try parseFlatten(left)
    case .filter: return try parseFilter(left)
    case .lbracket: return try parseBracket(left)
    case .lparen: return try parseCall(left)
    default: throw error("invalid token", at: token)
    }
  }

  private mutating func parseComparison(
    _ comparator: Node.Comparator, _ left: Node.Place
  ) throws(JMESPathError) -> Node.Place {
    let right = try parseExpression(Self.bindingPower(.eq))
    return try add(.comparison(comparator, left, right))
  }

  private mutating func parseDot(_ left: Node.Place) throws(JMESPathError) -> Node.Place {
    if current.kind == .star {
      index += 1
      return try add(.valueProjection(left, each: try parseProjected(Self.bindingPower(.dot))))
    }
    let right = try parseDotRight(Self.bindingPower(.dot))
    if case .subexpression(let parts) = tree[left] {
      return try replace(left, .subexpression(parts + [right]))
    }
    return try add(.subexpression([left, right]))
  }

  /// What may follow a dot; also after a projection.
  private mutating func parseDotRight(_ power: Int) throws(JMESPathError) -> Node.Place {
    switch current.kind {
    case .quotedIdentifier, .unquotedIdentifier, .star:
      return try parseExpression(power)
    case .lbracket:
      index += 1
      return try parseMultiSelectList()
    case .lbrace:
      index += 1
      return try parseMultiSelectHash()
    default:
      throw error(
        "Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: "
          + current.kind.rawValue, at: current)
    }
  }

  private mutating func parseBracket(_ left: Node.Place) throws(JMESPathError) -> Node.Place {
    if current.kind == .number || current.kind == .colon {
      let right = try parseIndex()
      // As the library: a slice straight after an index makes no projection.
      if case .indexExpression(let parts) = tree[left] {
        return try replace(left, .indexExpression(parts + [right]))
      }
      return try projectIfSlice(left, right)
    }
    try match(.star)
    try match(.rbracket)
    return try add(.projection(left, each: try parseProjected(Self.bindingPower(.star))))
  }

  private mutating func parseFlatten(_ left: Node.Place) throws(JMESPathError) -> Node.Place {
    let base = try add(.flatten(left))
    return try add(.projection(base, each: try parseProjected(Self.bindingPower(.flatten))))
  }

  private mutating func parseFilter(_ left: Node.Place) throws(JMESPathError) -> Node.Place {
    let condition = try parseExpression(0)
    try match(.rbracket)
    let each =
      current.kind == .flatten
      ? try add(.identity) : try parseProjected(Self.bindingPower(.filter))
    return try add(.filterProjection(left, each: each, condition: condition))
  }

  private mutating func parseCall(_ left: Node.Place) throws(JMESPathError) -> Node.Place {
    guard case .field(let name) = tree[left] else {
      let name = ahead(-2)
      throw error("Invalid function name '\(name.text)'", at: name)
    }
    var arguments: [Node.Place] = []
    while current.kind != .rparen {
      arguments.append(try parseExpression(0))
      // The library does not insist on commas.
      if current.kind == .comma { index += 1 }
    }
    index += 1
    return try add(.function(name, arguments))
  }

  /// What a projection applies to each element: the rest of the expression up to what ends it.
  private mutating func parseProjected(_ power: Int) throws(JMESPathError) -> Node.Place {
    if Self.bindingPower(current.kind) < Self.projectionStop { return try add(.identity) }
    switch current.kind {
    case .lbracket, .filter:
      return try parseExpression(power)
    case .dot:
      index += 1
      return try parseDotRight(power)
    default:
      throw error("syntax error", at: current)
    }
  }

  // MARK: Brackets and braces

  private mutating func parseIndex() throws(JMESPathError) -> Node.Place {
    if current.kind == .colon || ahead(1).kind == .colon { return try parseSlice() }
    let number = Int(current.value.integer ?? 0)
    index += 1
    try match(.rbracket)
    return try add(.index(number))
  }

  private mutating func parseSlice() throws(JMESPathError) -> Node.Place {
    var parts: [Int?] = [nil, nil, nil]
    var part = 0
    while current.kind != .rbracket {
      if current.kind == .colon, part < 2 {
        part += 1
      } else if current.kind == .number {
        parts[part] = Int(current.value.integer ?? 0)
      } else {
        throw error("syntax error", at: current)
      }
      index += 1
    }
    index += 1
    return try add(.slice(start: parts[0], stop: parts[1], step: parts[2]))
  }

  private mutating func projectIfSlice(
    _ left: Node.Place, _ right: Node.Place
  ) throws(JMESPathError) -> Node.Place {
    let indexed = try add(.indexExpression([left, right]))
    guard case .slice = tree[right] else { return indexed }
    return try add(.projection(indexed, each: try parseProjected(Self.bindingPower(.star))))
  }

  private mutating func parseMultiSelectList() throws(JMESPathError) -> Node.Place {
    var elements: [Node.Place] = []
    while true {
      elements.append(try parseExpression(0))
      if current.kind == .rbracket { break }
      try match(.comma)
    }
    index += 1
    return try add(.multiSelectList(elements))
  }

  private mutating func parseMultiSelectHash() throws(JMESPathError) -> Node.Place {
    var pairs: [(name: String, value: Node.Place)] = []
    while true {
      let name = current
      guard name.kind == .quotedIdentifier || name.kind == .unquotedIdentifier else {
        throw unexpected("['quoted_identifier', 'unquoted_identifier']")
      }
      index += 1
      try match(.colon)
      pairs.append((name.text, try parseExpression(0)))
      if current.kind == .comma {
        index += 1
      } else if current.kind == .rbrace {
        index += 1
        return try add(.multiSelectHash(pairs))
      }
    }
  }

  // MARK: Tokens and nodes

  private var current: Token { ahead(0) }

  /// The token so many places on; the end-of-text token for places outside.
  private func ahead(_ distance: Int) -> Token {
    let place = index + distance
    return tokens[tokens.indices.contains(place) ? place : tokens.count - 1]
  }

  private mutating func match(_ kind: Token.Kind) throws(JMESPathError) {
    guard current.kind == kind else { throw unexpected(kind.rawValue) }
    index += 1
  }

  private func unexpected(_ expected: String) -> JMESPathError {
    current.kind == .eof
      ? .incomplete(expression)
      : error("Expecting: \(expected), got: \(current.kind.rawValue)", at: current)
  }

  private func error(_ problem: String, at token: Token) -> JMESPathError {
    .parse(problem, at: token.start, token: token, in: expression)
  }

  private mutating func add(_ node: Node) throws(JMESPathError) -> Node.Place {
    guard let place = tree.add(node, depthLimit: JMESPathExpression.depthLimit) else {
      throw .nestedTooDeep
    }
    return place
  }

  private mutating func replace(
    _ place: Node.Place, _ node: Node
  ) throws(JMESPathError) -> Node.Place {
    guard
      let place = tree.replace(place, by: node, depthLimit: JMESPathExpression.depthLimit)
    else { throw .nestedTooDeep }
    return place
  }
}

extension JMESPathError {
  static let nestedTooDeep = JMESPathError(
    .limit, "The expression is nested deeper than \(JMESPathExpression.depthLimit) levels.")
}
