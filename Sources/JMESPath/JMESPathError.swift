// SPDX-License-Identifier: GPL-3.0-or-later

/// Why an expression cannot be read or evaluated.
///
/// `message` is the text of the Python library that the AWS CLI uses, over several lines for a syntax error:
/// the expression and a caret below the place.
package struct JMESPathError: Error, Hashable, Sendable {
  /// The specification's error classes, and our limits.
  package enum Kind: String, CaseIterable, Sendable {
    case syntax
    case invalidType = "invalid-type"
    case invalidArity = "invalid-arity"
    case invalidValue = "invalid-value"
    case unknownFunction = "unknown-function"
    /// The expression or its evaluation exceeds a stated limit.
    case limit
  }

  package let kind: Kind
  package let message: String
  /// Characters (Unicode scalars) before the place in the expression; nil for an evaluation's error.
  package let position: Int?

  init(_ kind: Kind, _ message: String, position: Int? = nil) {
    self.kind = kind
    self.message = message
    self.position = position
  }
}

extension JMESPathError: CustomStringConvertible {
  package var description: String { message }
}

// MARK: Syntax

extension JMESPathError {
  private static func caret(_ column: Int) -> String { String(repeating: " ", count: column) + "^" }

  static func lexical(_ problem: String, at position: Int, in expression: String) -> JMESPathError {
    JMESPathError(
      .syntax, "Bad jmespath expression: \(problem):\n\(expression)\n\(caret(position))",
      position: position)
  }

  static func incomplete(_ expression: String) -> JMESPathError {
    let end = expression.unicodeScalars.count
    return JMESPathError(
      .syntax,
      "Invalid jmespath expression: Incomplete expression:\n\"\(expression)\"\n\(caret(end + 1))",
      position: end)
  }

  static func parse(
    _ problem: String, at position: Int, token: Token, in expression: String
  ) -> JMESPathError {
    JMESPathError(
      .syntax,
      "\(problem): Parse error at column \(position), token \"\(token.text)\" "
        + "(\(token.kind.rawValue.uppercased())), for expression:\n\"\(expression)\"\n"
        + caret(position + 1),
      position: position)
  }
}
