// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents

/// A JMESPath expression, parsed once and evaluated against any number of values.
///
/// Complete by the public specification. Where the Python library of the AWS CLI is more lenient than the
/// specification (strings may be ordered, commas between arguments may be missing) so are we.
///
/// ```swift
/// let query = try JMESPathExpression(parsing: "Items[?size > `3`].id.S")
/// let names = try query.search(in: response)
/// ```
package struct JMESPathExpression: Sendable {
  /// The bytes an expression may have.
  package static let byteLimit = 4096
  /// How deep an expression may be nested.
  package static let depthLimit = 64
  /// The steps an evaluation may take: a node visited, an element moved or compared.
  package static let stepLimit = 1_000_000

  /// The expression as it was written.
  package let text: String
  private let tree: Tree

  /// Reads an expression.
  ///
  /// - Throws: `.syntax` with the place, or `.limit`. Unknown functions and wrong arguments are found by
  ///   `search`, and only where they are reached.
  package init(parsing text: String) throws(JMESPathError) {
    guard !text.isEmpty else {
      throw JMESPathError(.syntax, "Invalid JMESPath expression: cannot be empty.", position: 0)
    }
    guard text.utf8.count <= Self.byteLimit else {
      throw JMESPathError(.limit, "The expression is longer than \(Self.byteLimit) bytes.")
    }
    self.text = text
    var parser = try Parser(text)
    tree = try parser.parse()
  }

  /// What the expression selects from a value; null where nothing matches.
  ///
  /// - Throws: `.invalidType`, `.invalidArity`, `.invalidValue`, `.unknownFunction`, or `.limit` after a
  ///   million steps or for a result too large to print.
  package func search(in document: Document) throws(JMESPathError) -> Document {
    var evaluator = Evaluator(tree: tree)
    let result = try evaluator.value(of: tree.root, in: document)
    try evaluator.checkResult(result, of: document)
    return result
  }
}
