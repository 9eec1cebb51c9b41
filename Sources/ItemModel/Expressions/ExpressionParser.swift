// SPDX-License-Identifier: GPL-3.0-or-later

/// Reads the tokens of one expression; what the grammars of all five parameters share.
///
/// The grammars themselves are in the extensions `+Condition` and `+Update`. Recursion happens only inside
/// parentheses, through `nested(_:)`, which bounds it.
struct ExpressionParser {
  private let bytes: [UInt8]
  private let tokens: [ExpressionToken]
  private var position = 0
  private var depth = 0
  /// For each token the keyword it is, in capitals.
  private let keywords: [String?]

  /// Operators and functions met so far.
  var operatorCount = 0
  /// Whether parentheses stood directly around parentheses.
  var hasRedundantParentheses = false
  /// Whether this expression may not have such parentheses.
  var refusesRedundantParentheses = false

  /// Prepares to read an expression.
  ///
  /// - Throws: `.empty` and `.tooLong`.
  init(_ text: String, keywords: Set<String>) throws(ExpressionFault) {
    let bytes = Array(text.utf8)
    if bytes.isEmpty { throw .empty }
    if bytes.count > ExpressionLimits.sizeBytes { throw .tooLong(bytes: bytes.count) }
    self.bytes = bytes
    tokens = ExpressionTokenizer.tokens(of: bytes)
    let longest = keywords.lazy.map(\.utf8.count).max() ?? 0
    self.keywords = tokens.map { token in
      guard token.kind == .word, token.range.count <= longest else { return nil }
      let word = String(decoding: bytes[token.range], as: UTF8.self).uppercased()
      return keywords.contains(word) ? word : nil
    }
  }

  /// Requires that everything was read and the expression is not too large.
  func finish() throws(ExpressionFault) {
    guard current.kind == .end else { throw syntaxError() }
    if operatorCount > ExpressionLimits.operators { throw .tooManyOperators(operatorCount) }
  }
}

// MARK: - Tokens

extension ExpressionParser {
  private var current: ExpressionToken { tokens[position] }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The refusal of the current token, with its neighbours as they stand in the expression.
  func syntaxError() -> ExpressionFault {
    let start = position > 0 ? tokens[position - 1].range.lowerBound : current.range.lowerBound
    let next = position + 1 < tokens.count ? tokens[position + 1] : current
    let end = next.kind == .end ? current.range.upperBound : next.range.upperBound
    let token = current.kind == .end ? "<EOF>" : text(current.range)
    // At the end the current token has no bytes; blanks before it are not part of what is near.
    let last = current.kind == .end && position > 0 ? tokens[position - 1].range.upperBound : end
    return .syntax(token: token, near: text(start..<last))
  }

  private mutating func advance() -> String {
    let token = current
    if token.kind != .end { position += 1 }
    return text(token.range)
  }

  func isAt(_ symbol: ExpressionToken.Symbol) -> Bool { current.kind == .symbol(symbol) }

  /// Takes the symbol if it is next.
  mutating func accept(_ symbol: ExpressionToken.Symbol) -> Bool {
    guard isAt(symbol) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ symbol: ExpressionToken.Symbol) throws(ExpressionFault) {
    guard accept(symbol) else { throw syntaxError() }
  }

  /// The current word in capitals if it is a keyword here.
  var keyword: String? { keywords[position] }

  /// Takes the keyword, in whatever case, if it is next.
  mutating func accept(keyword word: String) -> Bool {
    guard keyword == word else { return false }
    position += 1
    return true
  }

  /// Takes a comparison if one is next.
  mutating func acceptComparator() -> Comparator? {
    guard case .symbol(let symbol) = current.kind,
      let comparator = Comparator(rawValue: symbol.rawValue)
    else { return nil }
    position += 1
    return comparator
  }

  /// Reads what stands in parentheses, one level deeper.
  ///
  /// - Throws: `.tooDeep`, or the redundant parentheses that led there.
  mutating func nested<Result>(
    _ read: (inout ExpressionParser) throws(ExpressionFault) -> Result
  ) throws(ExpressionFault) -> Result {
    guard depth < ExpressionLimits.depth else {
      throw refusesRedundantParentheses && hasTwinParentheses ? .redundantParentheses : .tooDeep
    }
    depth += 1
    let result = try read(&self)
    depth -= 1
    return result
  }

  /// Whether somewhere before here one parenthesis opens directly after another.
  private var hasTwinParentheses: Bool {
    zip(tokens[..<position], tokens[..<position].dropFirst()).contains {
      $0.kind == .symbol(.openParenthesis) && $1.kind == .symbol(.openParenthesis)
    }
  }
}

// MARK: - Names, paths, operands

extension ExpressionParser {
  /// Reads a bare name or a name's placeholder.
  mutating func parseName() throws(ExpressionFault) -> NameSyntax {
    switch current.kind {
    case .namePlaceholder: return .placeholder(advance())
    case .word where keyword == nil: return .bare(advance())
    default: throw syntaxError()
    }
  }

  /// Reads `name { '.' name | '[' digits ']' }`.
  mutating func parsePath() throws(ExpressionFault) -> PathSyntax {
    var path = PathSyntax(head: try parseName())
    try parseSteps(into: &path)
    return path
  }

  /// Reads the steps that follow a path's name.
  mutating func parseSteps(into path: inout PathSyntax) throws(ExpressionFault) {
    while true {
      if accept(.dot) {
        path.steps.append(.name(try parseName()))
      } else if accept(.openBracket) {
        guard current.kind == .digits else { throw syntaxError() }
        let digits = advance()
        guard let index = Int(digits), index <= ExpressionLimits.listIndex else {
          throw .listIndexOutOfRange(digits)
        }
        try expect(.closeBracket)
        path.steps.append(.index(index))
      } else {
        return
      }
    }
  }

  /// Reads `path {',' path}`.
  mutating func parsePaths() throws(ExpressionFault) -> [PathSyntax] {
    var paths = [try parsePath()]
    while accept(.comma) { paths.append(try parsePath()) }
    return paths
  }

  /// Reads a value's placeholder.
  mutating func parseValuePlaceholder() throws(ExpressionFault) -> String {
    guard current.kind == .valuePlaceholder else { throw syntaxError() }
    return advance()
  }

  /// Reads a path, a value or a call, with arguments as the closure reads them.
  mutating func parseBareOperand(
    argument: (inout ExpressionParser) throws(ExpressionFault) -> OperandSyntax
  ) throws(ExpressionFault) -> OperandSyntax {
    if current.kind == .valuePlaceholder { return .value(advance()) }
    guard current.kind == .word, keyword == nil,
      tokens[position + 1].kind == .symbol(.openParenthesis)
    else { return .path(try parsePath()) }
    let function = advance()
    try expect(.openParenthesis)
    operatorCount += 1
    let arguments = try nested { parser throws(ExpressionFault) in
      var arguments = [try argument(&parser)]
      while parser.accept(.comma) { arguments.append(try argument(&parser)) }
      return arguments
    }
    try expect(.closeParenthesis)
    return .call(CallSyntax(function: function, arguments: arguments))
  }
}
