// SPDX-License-Identifier: GPL-3.0-or-later

/// The request parameters that expressions replaced; raw values are the service's names.
///
/// The cases stand in the order in which the service lists them in a refusal. [DDB.legacy]
package enum LegacyParameter: String, CaseIterable, Hashable, Sendable {
  case attributesToGet = "AttributesToGet"
  case queryFilter = "QueryFilter"
  case scanFilter = "ScanFilter"
  case attributeUpdates = "AttributeUpdates"
  case expected = "Expected"
  case conditionalOperator = "ConditionalOperator"
  case keyConditions = "KeyConditions"

  /// Those that hold conditions which a ConditionalOperator joins.
  static let conditional: [LegacyParameter] = [.queryFilter, .scanFilter, .expected]
}

/// The operators of the older conditions; raw values are the service's names.
enum LegacyOperator: String, CaseIterable, Sendable {
  case equal = "EQ"
  case notEqual = "NE"
  case lessOrEqual = "LE"
  case less = "LT"
  case greaterOrEqual = "GE"
  case greater = "GT"
  case notNull = "NOT_NULL"
  case null = "NULL"
  case contains = "CONTAINS"
  case notContains = "NOT_CONTAINS"
  case beginsWith = "BEGINS_WITH"
  case isIn = "IN"
  case between = "BETWEEN"

  /// How many operands the operator takes.
  var operandCounts: ClosedRange<Int> {
    switch self {
    case .notNull, .null: 0...0
    case .between: 2...2
    case .isIn: 1...Int.max
    default: 1...1
    }
  }

  /// Whether an operand may have a type; EQ and NE compare values of all types.
  func takes(_ type: AttributeType) -> Bool {
    switch self {
    case .equal, .notEqual, .notNull, .null: true
    case .beginsWith: type == .string || type == .binary
    case .contains, .notContains: !type.isSet && type != .map && type != .list
    case .lessOrEqual, .less, .greaterOrEqual, .greater, .isIn, .between: type.isOrdered
    }
  }
}

extension ExpressionError {
  /// The refusal of a parameter's value: what is wrong, after the words the service begins with.
  static func invalidValues(_ text: String) -> Self {
    .validation("One or more parameter values were invalid: " + text)
  }
}
