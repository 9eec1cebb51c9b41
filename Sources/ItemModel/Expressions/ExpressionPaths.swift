// SPDX-License-Identifier: GPL-3.0-or-later

/// The paths one expression names, in the order in which it names them.
///
/// What a table's keys forbid an expression is decided here: the expression alone does not know the table.
package struct ExpressionPaths: Hashable, Sendable {
  /// The paths as written, placeholders replaced; a path may stand here more than once.
  package let all: [DocumentPath]

  init(_ paths: [DocumentPath]) { all = paths }

  /// The top-level attributes, each once, in the order of their first mention.
  ///
  /// - Complexity: O(n²) in the number of paths, which the length of an expression bounds.
  package var attributes: [String] {
    var names: [String] = []
    for path in all where !names.contains(where: { ByteOrder.equal($0, path.attribute) }) {
      names.append(path.attribute)
    }
    return names
  }

  /// What the paths select of an item, nesting kept; empty when it has none of them.
  ///
  /// - Complexity: O(p² + p log n) for p paths and n attributes.
  package func project(_ item: AttributeMap) -> AttributeMap { ProjectionTree(all).project(item) }

  /// Refuses a path below a key attribute: keys are scalars.
  ///
  /// - Parameters:
  ///   - schema: The key of the table or of an index.
  ///   - isIndex: Whether the key is an index's, which the refusal says.
  /// - Throws: `.validation` naming the first such attribute.
  package func requireScalarKeys(
    _ schema: KeySchema, isIndex: Bool = false
  ) throws(ExpressionError) {
    guard let path = all.first(where: { $0.isNested && schema.contains(name: $0.attribute) })
    else { return }
    throw .validation(
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
        + "\(isIndex ? "IndexKey" : "Key"): \(path.attribute)")
  }

  /// Refuses a query's filter that names an attribute of the key it queries.
  ///
  /// - Parameters:
  ///   - schema: The key.
  ///   - parameter: What the service calls the filter.
  /// - Throws: `.validation` naming the first such attribute.
  package func requireNoKeyAttributes(
    _ schema: KeySchema, in parameter: String = "Filter Expression"
  ) throws(ExpressionError) {
    guard let path = all.first(where: { schema.contains(name: $0.attribute) }) else { return }
    throw .validation(
      "\(parameter) can only contain non-primary key attributes: "
        + "Primary key attribute: \(path.attribute)")
  }

  /// Refuses an update of an attribute of the table's key.
  ///
  /// - Throws: `.validation` naming the first such attribute.
  package func requireKeyUntouched(_ schema: KeySchema) throws(ExpressionError) {
    guard let path = all.first(where: { schema.contains(name: $0.attribute) }) else { return }
    throw .validation(
      "One or more parameter values were invalid: Cannot update attribute \(path.attribute). "
        + "This attribute is part of the key")
  }

  /// Refuses paths of one expression that meet: one inside another first, then map member against list element.
  ///
  /// - Complexity: O(n²) in the number of paths, which the length of an expression bounds.
  func requireSeparate() throws(ExpressionFault) {
    var conflict: ExpressionFault?
    for (index, path) in all.enumerated() {
      for earlier in all[..<index] {
        switch earlier.relation(to: path) {
        case .overlap: throw .overlap(earlier, path)
        case .conflict: conflict = conflict ?? .conflict(earlier, path)
        case .separate: break
        }
      }
    }
    if let conflict { throw conflict }
  }
}
