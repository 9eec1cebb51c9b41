// SPDX-License-Identifier: GPL-3.0-or-later

extension ExpressionParser {
  /// The words that are not names in a condition.
  static let conditionKeywords: Set<String> = ["AND", "OR", "NOT", "IN", "BETWEEN"]

  /// What one pair of parentheses may hold: a condition, or one side of a comparison still to come.
  private struct Term {
    enum Content {
      case condition(ConditionSyntax)
      case operand(OperandSyntax)
    }
    var content: Content
    var isParenthesized = false
  }

  /// Reads a whole condition.
  ///
  /// - Throws: Syntax faults, `.tooDeep`, `.tooManyOperators`, `.listIndexOutOfRange`.
  mutating func parseCondition() throws(ExpressionFault) -> ConditionSyntax {
    refusesRedundantParentheses = true
    let term = try parseOr()
    let condition = try condition(of: term)
    try finish()
    return condition
  }

  /// What a term says where a condition is needed: a call may stand there, a path or a value may not.
  ///
  /// Read the term first: a refusal points at the token after it.
  private func condition(of term: Term) throws(ExpressionFault) -> ConditionSyntax {
    switch term.content {
    case .condition(let condition): return condition
    case .operand(.call(let call)): return .call(call)
    case .operand: throw syntaxError()
    }
  }

  private mutating func parseOr() throws(ExpressionFault) -> Term {
    let first = try parseAnd()
    guard keyword == "OR" else { return first }
    var parts = [try condition(of: first)]
    while accept(keyword: "OR") {
      operatorCount += 1
      let next = try parseAnd()
      parts.append(try condition(of: next))
    }
    return Term(content: .condition(.or(parts)))
  }

  private mutating func parseAnd() throws(ExpressionFault) -> Term {
    let first = try parseNot()
    guard keyword == "AND" else { return first }
    var parts = [try condition(of: first)]
    while accept(keyword: "AND") {
      operatorCount += 1
      let next = try parseNot()
      parts.append(try condition(of: next))
    }
    return Term(content: .condition(.and(parts)))
  }

  private mutating func parseNot() throws(ExpressionFault) -> Term {
    guard accept(keyword: "NOT") else { return try parseComparison() }
    operatorCount += 1
    let term = try parseComparison()
    return Term(content: .condition(.not(try condition(of: term))))
  }

  /// Reads one comparison, call or parenthesis; also a bare operand, which only a parenthesis may hold.
  private mutating func parseComparison() throws(ExpressionFault) -> Term {
    let term = try parseGroup()
    guard case .operand(let operand) = term.content else { return term }
    let condition: ConditionSyntax
    if let comparator = acceptComparator() {
      condition = .comparison(operand, comparator, try parseOperand())
    } else if accept(keyword: "BETWEEN") {
      let low = try parseOperand()
      guard accept(keyword: "AND") else { throw syntaxError() }
      condition = .between(operand, low, try parseOperand())
    } else if accept(keyword: "IN") {
      try expect(.openParenthesis)
      var choices = [try parseOperand()]
      while accept(.comma) { choices.append(try parseOperand()) }
      try expect(.closeParenthesis)
      condition = .isIn(operand, choices)
    } else {
      return term
    }
    operatorCount += 1
    return Term(content: .condition(condition))
  }

  private mutating func parseGroup() throws(ExpressionFault) -> Term {
    guard accept(.openParenthesis) else {
      return Term(content: .operand(try parseBareConditionOperand()))
    }
    let inner = try nested { parser throws(ExpressionFault) in try parser.parseOr() }
    try expect(.closeParenthesis)
    if inner.isParenthesized { hasRedundantParentheses = true }
    guard case .operand(let operand) = inner.content else {
      return Term(content: inner.content, isParenthesized: true)
    }
    let (extended, wasExtended) = try parseSteps(after: operand)
    return Term(content: .operand(extended), isParenthesized: !wasExtended)
  }

  /// Reads an operand where no condition may stand.
  private mutating func parseOperand() throws(ExpressionFault) -> OperandSyntax {
    try parseParenthesizedOperand().operand
  }

  private mutating func parseParenthesizedOperand() throws(ExpressionFault) -> (
    operand: OperandSyntax, isParenthesized: Bool
  ) {
    guard accept(.openParenthesis) else { return (try parseBareConditionOperand(), false) }
    let inner = try nested { parser throws(ExpressionFault) in
      try parser.parseParenthesizedOperand()
    }
    try expect(.closeParenthesis)
    if inner.isParenthesized { hasRedundantParentheses = true }
    let (extended, wasExtended) = try parseSteps(after: inner.operand)
    return (extended, !wasExtended)
  }

  private mutating func parseBareConditionOperand() throws(ExpressionFault) -> OperandSyntax {
    try parseBareOperand { parser throws(ExpressionFault) in try parser.parseOperand() }
  }

  /// Reads what follows the parentheses around a path: `(a).b` is `a.b`.
  private mutating func parseSteps(
    after operand: OperandSyntax
  ) throws(ExpressionFault) -> (OperandSyntax, wasExtended: Bool) {
    guard case .path(var path) = operand, isAt(.dot) || isAt(.openBracket) else {
      return (operand, false)
    }
    try parseSteps(into: &path)
    return (.path(path), true)
  }
}
