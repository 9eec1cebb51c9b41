// SPDX-License-Identifier: GPL-3.0-or-later

extension PartiQLStatement {
  /// What a statement does, and to which table or index, whatever its values are.
  package struct Target: Hashable, Sendable {
    /// The four kinds of statements, as permissions call them.
    package enum Kind: String, Sendable {
      case select = "Select"
      case insert = "Insert"
      case update = "Update"
      case delete = "Delete"
    }

    package let kind: Kind
    /// As the statement names it.
    package let table: String
    package let index: String?
  }

  /// The target of a statement; nil for a text that the grammar does not take.
  ///
  /// EXISTS reads, so it counts as a SELECT.
  ///
  /// - Complexity: O(n) in the length of the text.
  package static func target(of text: String) -> Target? {
    guard var parser = try? PartiQLParser(text), let node = try? parser.parseStatement() else {
      return nil
    }
    switch node.term {
    case .select(let select): return target(.select, select.source.term)
    case .call("exists", let arguments):
      guard case .select(let select)? = arguments.first?.term else { return nil }
      return target(.select, select.source.term)
    case .change(let change):
      let kind: Target.Kind =
        switch change.kind {
        case .insert: .insert
        case .update: .update
        case .delete: .delete
        }
      return target(kind, .path(change.target))
    default: return nil
    }
  }

  private static func target(_ kind: Target.Kind, _ source: PartiQLTerm) -> Target? {
    guard case .path(let path) = source,
      let (table, index) = try? PartiQLBinder(parameters: []).source(path)
    else { return nil }
    return Target(kind: kind, table: table, index: index)
  }
}
