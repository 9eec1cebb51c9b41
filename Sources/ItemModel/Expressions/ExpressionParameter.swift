// SPDX-License-Identifier: GPL-3.0-or-later

/// The request parameters that hold an expression; raw values are the service's names.
package enum ExpressionParameter: String, CaseIterable, Hashable, Sendable {
  case projection = "ProjectionExpression"
  case update = "UpdateExpression"
  case condition = "ConditionExpression"
  case filter = "FilterExpression"
  case keyCondition = "KeyConditionExpression"
}

/// What an expression may hold at most. [DDB.limits.expressions]
package enum ExpressionLimits {
  /// Bytes of one expression.
  package static let sizeBytes = 4096
  /// Operands inside the parentheses of one IN.
  package static let inOperands = 100
  /// Operators and functions of one expression.
  package static let operators = 300
  /// Bytes of one placeholder, with its `#` or `:`.
  package static let placeholderBytes = 255
  /// The highest list index a path may name.
  package static let listIndex = 2_147_483_647
  /// Parentheses and function calls inside one another; above the operators' limit, so that only
  /// parentheses without an operator can reach it.
  static let depth = 320
}
