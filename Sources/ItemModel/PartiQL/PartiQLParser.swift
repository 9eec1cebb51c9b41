// SPDX-License-Identifier: GPL-3.0-or-later

/// Reads a statement by recursive descent; what nests too deep is refused.
///
/// The faults of the grammar come first. What the grammar allows and the service does not is kept in `objection`, the
/// first one counting.
struct PartiQLParser {
  private let tokens: [PartiQLToken]
  private var position = 0
  private(set) var parameterCount = 0
  private(set) var objection: ExpressionError?
  private var depth = 0

  /// How deep terms may nest: far more than a value may have levels, far less than a stack holds.
  static let maximumDepth = 64

  init(_ text: String) throws(ExpressionError) { tokens = try PartiQLTokenizer.tokens(text) }

  var token: PartiQLToken { tokens[position] }

  var isAtEnd: Bool { token.kind == .end }

  mutating func advance() { if !isAtEnd { position += 1 } }

  mutating func object(_ text: String) { objection = objection ?? .validation(text) }

  /// The number of the `?` that has just been read.
  mutating func nextParameter() -> Int {
    parameterCount += 1
    return parameterCount - 1
  }

  /// Whether the next token is a keyword, and takes it if so.
  mutating func take(keyword: String) -> Bool {
    guard token.kind == .keyword(keyword) else { return false }
    advance()
    return true
  }

  /// Whether the next token is a sign, and takes it if so.
  mutating func take(symbol: String) -> Bool {
    guard token.kind == .symbol(symbol) else { return false }
    advance()
    return true
  }

  /// Whether the next token is a word that is no keyword everywhere, and takes it if so.
  mutating func take(word: String) -> Bool {
    switch token.kind {
    case .name(let name, isQuoted: false) where name.lowercased() == word: break
    case .keyword(word): break
    default: return false
    }
    advance()
    return true
  }

  mutating func nested<T>(
    _ body: (inout PartiQLParser) throws(ExpressionError) -> T
  ) throws(ExpressionError) -> T {
    guard depth < Self.maximumDepth else { throw .malformed() }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }
}

// MARK: - Statements

extension PartiQLParser {
  /// Reads the whole statement.
  mutating func parseStatement() throws(ExpressionError) -> PartiQLNode {
    let node = try parseExpression()
    _ = take(symbol: ";")
    guard isAtEnd else { throw .malformed("Unexpected token after expression") }
    return node
  }

  /// Reads a SELECT from behind the word.
  mutating func parseSelect() throws(ExpressionError) -> PartiQLSelect {
    var columns: [PartiQLNode]?
    if !take(symbol: "*") {
      var list: [PartiQLNode] = []
      repeat {
        list.append(try parseExpression())
        parseAlias()
      } while take(symbol: ",")
      columns = list
    }
    guard take(keyword: "from") else { throw .malformed("Expected FROM after SELECT list") }
    let source = try nested { (parser) throws(ExpressionError) in try parser.parseTerm() }
    parseAlias()
    if take(symbol: ",") {
      _ = try parseExpression()
      object("A SELECT reads one table or one index.")
    }
    var condition: PartiQLNode?
    if take(keyword: "where") { condition = try parseExpression() }
    if take(keyword: "group") {
      guard take(keyword: "by") else { throw .malformed("Expected BY after GROUP") }
      try refuseClause("GROUP BY")
    }
    if take(keyword: "having") { try refuseClause("HAVING") }
    let order = try parseOrder()
    if take(keyword: "limit") { try refuseClause("LIMIT") }
    return PartiQLSelect(columns: columns, source: source, condition: condition, order: order)
  }

  private mutating func refuseClause(_ name: String) throws(ExpressionError) {
    let node = try parseExpression()
    while take(symbol: ",") { _ = try parseExpression() }
    object("Unsupported clause: \(name) at \(node.place)")
  }

  private mutating func parseOrder() throws(ExpressionError) -> [PartiQLSelect.Order] {
    guard take(keyword: "order") else { return [] }
    guard take(keyword: "by") else { throw .malformed("Expected BY after ORDER") }
    var order: [PartiQLSelect.Order] = []
    repeat {
      let key = try parseExpression()
      let isDescending = take(keyword: "desc")
      if !isDescending { _ = take(keyword: "asc") }
      order.append(PartiQLSelect.Order(key: key, isDescending: isDescending))
    } while take(symbol: ",")
    return order
  }

  /// Takes an alias, which the grammar has and the service does not.
  private mutating func parseAlias() {
    if take(keyword: "as") {
      if case .name = token.kind { advance() }
      object("Aliasing is not supported")
    } else if case .name(let name, let isQuoted) = token.kind,
      isQuoted || name.lowercased() != "returning"
    {
      advance()
      object("Aliasing is not supported")
    }
  }

  /// Reads an INSERT from behind the word.
  mutating func parseInsert() throws(ExpressionError) -> PartiQLChange {
    guard take(keyword: "into") else { throw .malformed("Expected INTO after INSERT") }
    let place = token.place
    let target = try parseSimplePath()
    guard take(keyword: "value") else {
      // Without the word a bag of values would follow; the service has no use for one.
      if isAtEnd { throw .malformed("Unexpected term") }
      throw .malformed("Unexpected token after expression")
    }
    if !target.steps.isEmpty {
      object(
        "FROM clause may only contain a single table name in data manipulation statements at "
          + "\(place)")
    }
    let value = try parseExpression()
    return PartiQLChange(kind: .insert(value), target: target, condition: nil, returning: nil)
  }

  /// Reads an UPDATE from behind the word.
  mutating func parseUpdate() throws(ExpressionError) -> PartiQLChange {
    let target = try parseSimplePath()
    parseAlias()
    let assignments = try parseAssignments()
    let condition = try parseWhere()
    return PartiQLChange(
      kind: .update(assignments), target: target, condition: condition,
      returning: try parseReturning())
  }

  /// Reads a DELETE from behind the word.
  mutating func parseDelete() throws(ExpressionError) -> PartiQLChange {
    guard take(keyword: "from") else { throw .malformed("Expected FROM after DELETE") }
    let target = try parseSimplePath()
    parseAlias()
    let condition = try parseWhere()
    return PartiQLChange(
      kind: .delete, target: target, condition: condition, returning: try parseReturning())
  }

  /// Reads an update that names its table first, from behind the word FROM.
  mutating func parseUpdateFrom() throws(ExpressionError) -> PartiQLChange {
    let target = try parseSimplePath()
    parseAlias()
    let condition = try parseWhere()
    let assignments = try parseAssignments()
    return PartiQLChange(
      kind: .update(assignments), target: target, condition: condition,
      returning: try parseReturning())
  }

  private mutating func parseWhere() throws(ExpressionError) -> PartiQLNode? {
    take(keyword: "where") ? try parseExpression() : nil
  }

  private mutating func parseAssignments() throws(ExpressionError) -> [PartiQLAssignment] {
    var assignments: [PartiQLAssignment] = []
    while true {
      if take(keyword: "set") {
        repeat {
          let path = try parseSimplePath()
          guard take(symbol: "=") else { throw .malformed("Expected '=' for assignment") }
          assignments.append(PartiQLAssignment(path: path, value: try parseExpression()))
        } while take(symbol: ",")
      } else if take(keyword: "remove") {
        assignments.append(PartiQLAssignment(path: try parseSimplePath(), value: nil))
      } else {
        guard !assignments.isEmpty else { throw .malformed("Expected data manipulation") }
        return assignments
      }
    }
  }

  private mutating func parseReturning() throws(ExpressionError) -> PartiQLReturning? {
    guard take(word: "returning") else { return nil }
    let (isAll, isModified) = (take(word: "all"), take(word: "modified"))
    let (isOld, isNew) = (take(word: "old"), take(word: "new"))
    guard isAll != isModified, isOld != isNew, take(symbol: "*") else {
      throw .malformed("Expected returning clause")
    }
    return switch (isAll, isOld) {
    case (true, true): .allOld
    case (true, false): .allNew
    case (false, true): .modifiedOld
    case (false, false): .modifiedNew
    }
  }

  /// Reads a path that names a table or an attribute to change.
  private mutating func parseSimplePath() throws(ExpressionError) -> PartiQLPath {
    guard case .name(let head, _) = token.kind else {
      throw .malformed("Expected identifier for simple path")
    }
    advance()
    return try parseSteps(of: head)
  }
}
