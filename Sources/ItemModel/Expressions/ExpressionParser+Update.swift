// SPDX-License-Identifier: GPL-3.0-or-later

extension ExpressionParser {
  /// The words that are not names in an update.
  static let updateKeywords = Set(UpdateSection.allCases.map(\.rawValue))

  /// Reads a whole update expression.
  ///
  /// - Throws: Syntax faults, `.tooDeep`, `.tooManyOperators`, `.listIndexOutOfRange`.
  mutating func parseUpdate() throws(ExpressionFault) -> [(
    section: UpdateSection, actions: [UpdateActionSyntax]
  )] {
    var sections = [try parseSection()]
    while keyword != nil { sections.append(try parseSection()) }
    try finish()
    return sections
  }

  private mutating func parseSection() throws(ExpressionFault) -> (
    section: UpdateSection, actions: [UpdateActionSyntax]
  ) {
    guard let word = keyword, let section = UpdateSection(rawValue: word),
      accept(keyword: word)
    else { throw syntaxError() }
    var actions = [try parseAction(section)]
    while accept(.comma) { actions.append(try parseAction(section)) }
    return (section, actions)
  }

  private mutating func parseAction(
    _ section: UpdateSection
  ) throws(ExpressionFault) -> UpdateActionSyntax {
    let path = try parsePath()
    switch section {
    case .set:
      try expect(.equal)
      return UpdateActionSyntax(path: path, change: .set(try parseSetValue()))
    case .remove: return UpdateActionSyntax(path: path, change: .remove)
    case .add:
      return UpdateActionSyntax(path: path, change: .add(value: try parseValuePlaceholder()))
    case .delete:
      return UpdateActionSyntax(path: path, change: .delete(value: try parseValuePlaceholder()))
    }
  }

  /// Reads an operand, or two with one `+` or `-` between them: sums do not chain.
  private mutating func parseSetValue() throws(ExpressionFault) -> SetValueSyntax {
    let left = try parseSetGroup()
    guard case .operand(let first) = left, isAt(.plus) || isAt(.minus) else { return left }
    let subtracts = isAt(.minus)
    _ = accept(.plus) || accept(.minus)
    operatorCount += 1
    return .arithmetic(first, subtracts: subtracts, try parseSetOperand())
  }

  /// Reads an operand, or what parentheses hold.
  private mutating func parseSetGroup() throws(ExpressionFault) -> SetValueSyntax {
    guard accept(.openParenthesis) else {
      return .operand(
        try parseBareOperand { parser throws(ExpressionFault) in try parser.parseSetOperand() })
    }
    let inner = try nested { parser throws(ExpressionFault) in try parser.parseSetValue() }
    try expect(.closeParenthesis)
    return inner
  }

  /// Reads an operand where no sum may stand.
  private mutating func parseSetOperand() throws(ExpressionFault) -> OperandSyntax {
    guard accept(.openParenthesis) else {
      return try parseBareOperand { parser throws(ExpressionFault) in
        try parser.parseSetOperand()
      }
    }
    let inner = try nested { parser throws(ExpressionFault) in try parser.parseSetOperand() }
    try expect(.closeParenthesis)
    return inner
  }
}
