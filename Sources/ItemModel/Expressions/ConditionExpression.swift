// SPDX-License-Identifier: GPL-3.0-or-later

/// A condition on one item: a ConditionExpression or a FilterExpression. [DDB.expressions.conditions]
///
/// Comparison is strict about types: values of different types are unequal and have no order. A missing attribute
/// makes every comparison false but `<>`, which it makes true.
///
/// ```swift
/// var context = try ExpressionContext(names: nil, values: [":n": ["N": "3"]])
/// let condition = try ConditionExpression("size(tags) > :n", as: .condition, context: &context)
/// condition.evaluate(item)   // false: the condition failed
/// ```
package struct ConditionExpression: Hashable, Sendable {
  let condition: BoundCondition

  /// Takes over a condition that is bound and checked.
  init(condition: BoundCondition) { self.condition = condition }

  /// The attributes the condition reads.
  package var paths: ExpressionPaths { ExpressionPaths(condition.paths) }

  /// Reads, checks and binds a condition; the placeholders it uses count as used in `context`.
  ///
  /// - Parameters:
  ///   - text: The expression.
  ///   - parameter: The parameter the text came in, which the refusal names.
  ///   - context: The placeholders of the request.
  /// - Throws: `.validation` with the first fault in the service's order of priority.
  /// - Complexity: O(n) in the length of the text, O(n log n) for its names.
  package init(
    _ text: String, as parameter: ExpressionParameter, context: inout ExpressionContext
  ) throws(ExpressionError) {
    do {
      condition = try BoundCondition(text, context: &context)
    } catch {
      throw .invalid(parameter, error)
    }
  }

  /// Whether the condition holds for an item; an absent item is an empty map.
  ///
  /// - Complexity: O(n) in the size of the condition and of the values it looks at.
  package func evaluate(_ item: AttributeMap) -> Bool { condition.holds(for: item) }
}

extension ConditionExpression {
  /// Holds for an item that has a top-level attribute.
  package static func exists(_ attribute: String) -> ConditionExpression {
    call(.attributeExists, attribute)
  }

  /// Holds for an item that lacks a top-level attribute.
  package static func isMissing(_ attribute: String) -> ConditionExpression {
    call(.attributeNotExists, attribute)
  }

  private static func call(
    _ function: ConditionFunction, _ attribute: String
  ) -> ConditionExpression {
    let argument = BoundOperand.path(DocumentPath(attribute))
    return ConditionExpression(
      condition: .call(BoundCall(function: function.rawValue, arguments: [argument])))
  }

  /// Holds where both do.
  package func and(_ other: ConditionExpression) -> ConditionExpression {
    ConditionExpression(condition: .and([condition, other.condition]))
  }

  /// Holds where one of both does.
  package func or(_ other: ConditionExpression) -> ConditionExpression {
    ConditionExpression(condition: .or([condition, other.condition]))
  }
}
