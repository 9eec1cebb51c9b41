// SPDX-License-Identifier: GPL-3.0-or-later

/// A statement of PartiQL as far as it can be understood without its table. [DDB.partiql]
///
/// ```swift
/// let text = #"SELECT total FROM "orders" WHERE id = ?"#
/// let statement = try PartiQLStatement(text, parameters: [.string("a")])
/// statement.table        // "orders"
/// ```
package struct PartiQLStatement: Hashable, Sendable {
  /// What a statement asks for.
  package enum Action: Hashable, Sendable {
    case select(PartiQLSelection)
    /// The attributes of a new item.
    case insert(AttributeMap)
    /// A change of an item that is there.
    case update(UpdateExpression, returning: PartiQLReturning?)
    case delete(returning: PartiQLReturning?)
    /// A condition that an item must fulfil, in a transaction.
    case exists
  }

  package let action: Action
  /// The table, as the statement names it.
  package let table: String
  /// The index that is read, if one is named.
  package let index: String?
  /// The WHERE clause; nil for none.
  package let condition: PartiQLCondition?

  /// Whether the statement reads and changes nothing.
  package var isRead: Bool { if case .select = action { true } else { false } }

  /// Whether a text begins as a SELECT does, be it well formed or not.
  ///
  /// - Complexity: O(n) in the length of the text.
  package static func isRead(_ text: String) -> Bool {
    guard let tokens = try? PartiQLTokenizer.tokens(text) else { return false }
    return tokens[0].kind == .keyword("select")
  }

  /// The clause behind RETURNING.
  package var returning: PartiQLReturning? {
    switch action {
    case .update(_, let returning), .delete(let returning): returning
    default: nil
    }
  }

  /// Reads a statement and puts values in place of its `?`.
  ///
  /// - Parameters:
  ///   - text: The statement, at most 8,192 characters.
  ///   - parameters: A value for each `?`; more are allowed.
  /// - Throws: `.validation` with the first fault of the grammar, then of what the service does not take.
  /// - Complexity: O(n) in the length of the text, O(n²) in its paths.
  package init(_ text: String, parameters: [AttributeValue] = []) throws(ExpressionError) {
    var parser = try PartiQLParser(text)
    let node = try parser.parseStatement()
    if let objection = parser.objection { throw objection }
    guard parser.parameterCount <= parameters.count else {
      throw .validation("Number of parameters in request and statement don't match.")
    }
    try self.init(node, PartiQLBinder(parameters: parameters))
  }

  private init(_ node: PartiQLNode, _ binder: PartiQLBinder) throws(ExpressionError) {
    switch node.term {
    case .select(let select): try self.init(select, binder, exists: false)
    case .call("exists", let arguments):
      guard arguments.count == 1, case .select(let select) = arguments[0].term else {
        throw .validation("Unrecognized function: exists at \(node.place)")
      }
      try self.init(select, binder, exists: true)
    case .change(let change): try self.init(change, binder)
    default: throw PartiQLBinder.unsupported(node)
    }
  }

  private init(
    _ select: PartiQLSelect, _ binder: PartiQLBinder, exists: Bool
  ) throws(ExpressionError) {
    let columns = try select.columns.map { (nodes) throws(ExpressionError) in
      try binder.columns(nodes)
    }
    guard case .path(let path) = select.source.term else {
      throw .validation("Unexpected path component at \(select.source.place)")
    }
    (table, index) = try binder.source(path)
    condition = try select.condition.map { (node) throws(ExpressionError) in
      PartiQLCondition(condition: try binder.condition(node))
    }
    var order: [PartiQLSelection.Order] = []
    for term in select.order {
      guard case .path(let path) = term.key.term, path.steps.isEmpty else {
        throw .validation("Unexpected path component at \(term.key.place)")
      }
      order.append(
        PartiQLSelection.Order(attribute: path.head, isDescending: term.isDescending))
    }
    action = exists ? .exists : .select(PartiQLSelection(columns: columns, order: order))
  }

  private init(_ change: PartiQLChange, _ binder: PartiQLBinder) throws(ExpressionError) {
    (table, index) = try binder.source(change.target)
    switch change.kind {
    case .insert(let node): action = .insert(try binder.attributes(node))
    case .update(let assignments):
      action = .update(try binder.update(assignments), returning: change.returning)
    case .delete:
      if let returning = change.returning, returning != .allOld {
        throw .validation(
          "Invalid returning clause: RETURNING \(returning.rawValue). "
            + "Only RETURNING ALL OLD * is allowed in DELETE statements.")
      }
      action = .delete(returning: change.returning)
    }
    condition = try change.condition.map { (node) throws(ExpressionError) in
      PartiQLCondition(condition: try binder.condition(node))
    }
  }
}

/// What a SELECT shows and in which order.
package struct PartiQLSelection: Hashable, Sendable {
  /// An attribute of the key by which items are put in order.
  package struct Order: Hashable, Sendable {
    package let attribute: String
    package let isDescending: Bool
  }

  /// The columns; nil for whole items.
  package let columns: [PartiQLColumn]?
  package let order: [Order]

  /// What is shown of an item: nesting is not kept, and what is not there is left out.
  ///
  /// - Complexity: O(p log n) for p columns and n attributes.
  package func project(_ item: AttributeMap) -> AttributeMap {
    guard let columns else { return item }
    var shown = AttributeMap()
    for column in columns { shown[column.name] = item.value(at: column.path) }
    return shown
  }
}
