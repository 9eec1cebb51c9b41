// SPDX-License-Identifier: GPL-3.0-or-later

/// A ProjectionExpression: which parts of an item an answer holds. [DDB.expressions.projections]
///
/// Nesting is kept: `a.b, a.c[1]` gives an `a` with `b` and a one-element list `c`.
///
/// ```swift
/// let projection = try ProjectionExpression("pk, address.city, tags[0]", context: &context)
/// projection.project(item)
/// ```
package struct ProjectionExpression: Hashable, Sendable {
  /// The attributes the projection names.
  package let paths: ExpressionPaths

  /// Takes over paths that are bound and checked.
  init(paths: ExpressionPaths) { self.paths = paths }

  /// Reads, checks and binds a projection; the placeholders it uses count as used in `context`.
  ///
  /// - Throws: `.validation` with the first fault in the order syntax, reserved word, undefined name, overlap,
  ///   conflict.
  /// - Complexity: O(n²) in the number of paths.
  package init(_ text: String, context: inout ExpressionContext) throws(ExpressionError) {
    do {
      paths = try Self.bind(text, context: &context)
    } catch {
      throw .invalid(.projection, error)
    }
  }

  private static func bind(
    _ text: String, context: inout ExpressionContext
  ) throws(ExpressionFault) -> ExpressionPaths {
    var parser = try ExpressionParser(text, keywords: [])
    let syntax = try parser.parsePaths()
    try parser.finish()
    try syntax.requireNoReservedWords()
    var bound: [DocumentPath] = []
    for path in syntax { bound.append(try context.resolve(path)) }
    let paths = ExpressionPaths(bound)
    try paths.requireSeparate()
    return paths
  }

  /// The parts of an item that the projection names; empty when the item has none of them.
  ///
  /// - Complexity: O(p² + p log n) for p paths and n attributes.
  package func project(_ item: AttributeMap) -> AttributeMap {
    ProjectionTree(paths.all).project(item)
  }
}
