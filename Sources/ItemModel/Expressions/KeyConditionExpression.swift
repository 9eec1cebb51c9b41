// SPDX-License-Identifier: GPL-3.0-or-later

/// A KeyConditionExpression: which part of a table or an index a query reads. [DDB.query.keyConditions]
///
/// The text is checked in two steps: `init` against the grammar, `condition(on:)` against a key.
///
/// ```swift
/// let expression = try KeyConditionExpression("pk = :p AND begins_with(sk, :s)", context: &context)
/// let condition = try expression.condition(on: schema)
/// let range = try schema.range(
///   partition: condition.partition, equalTo: condition.leading, condition: condition.last)
/// ```
package struct KeyConditionExpression: Hashable, Sendable {
  let condition: BoundCondition

  /// The attributes the expression names.
  package var paths: ExpressionPaths { ExpressionPaths(condition.paths) }

  /// Reads, checks and binds the expression as a condition; the placeholders it uses count as used in `context`.
  ///
  /// - Throws: `.validation` with the first fault in the service's order of priority.
  /// - Complexity: O(n) in the length of the text, O(n log n) for its names.
  package init(_ text: String, context: inout ExpressionContext) throws(ExpressionError) {
    do {
      condition = try BoundCondition(text, context: &context)
    } catch {
      throw .invalid(.keyCondition, error)
    }
  }

  /// Requires the form of a key condition, for whatever key: comparisons of one attribute each, joined by AND.
  ///
  /// The service does this once all expressions of the request are read and all placeholders are used.
  ///
  /// - Throws: `.validation` in the service's words.
  package func requireKeyConditions() throws(ExpressionError) {
    _ = try conditionsByAttribute()
  }

  /// What the expression asks of a key.
  ///
  /// - Throws: `.validation`: the form is not that of a key condition, a key attribute is missed, an operator is not
  ///   one the attribute takes, a value has another type than the key or is empty.
  /// - Complexity: O(n²) in the number of comparisons, at most eight of which can be right.
  package func condition(on schema: KeySchema) throws(ExpressionError) -> KeyCondition {
    let conditions = try conditionsByAttribute()
    let attributes = schema.partition.count + schema.sort.count
    guard conditions.count <= attributes else {
      throw .validation(
        "The number of query conditions (\(conditions.count)) exceeds the number of key attributes "
          + "defined in the schema (\(attributes))")
    }
    return try KeyCondition(conditions, on: schema)
  }
}

/// What a query asks of a key, in schema order.
package struct KeyCondition: Hashable, Sendable {
  /// A value for each partition attribute.
  package let partition: [AttributeValue]
  /// Values the first sort attributes must equal; empty for keys of one sort attribute.
  package let leading: [AttributeValue]
  /// What the next sort attribute must fulfil; nil for the whole partition.
  package let last: SortCondition?

  /// Creates a condition from parts that fit the key.
  package init(
    partition: [AttributeValue], leading: [AttributeValue] = [], last: SortCondition? = nil
  ) {
    self.partition = partition
    self.leading = leading
    self.last = last
  }
}

/// One comparison of a key attribute.
struct AttributeCondition: Hashable, Sendable {
  let attribute: String
  /// Nil for an operator of KeyConditions that no index can answer.
  let condition: SortCondition?
}

// MARK: - The form of a key condition

extension KeyConditionExpression {
  fileprivate func conditionsByAttribute() throws(ExpressionError) -> [AttributeCondition] {
    var found: [AttributeCondition] = []
    try Self.collect(condition, into: &found)
    return found
  }

  private static func collect(
    _ condition: BoundCondition, into found: inout [AttributeCondition]
  ) throws(ExpressionError) {
    switch condition {
    case .or: throw invalidOperator("OR")
    case .not: throw invalidOperator("NOT")
    case .isIn: throw invalidOperator("IN")
    case .comparison(_, .notEqual, _): throw invalidOperator("<>")
    case .call(let call) where call.function != ConditionFunction.beginsWith.rawValue:
      throw invalidOperator(call.function)
    case .and(let parts):
      for part in parts { try collect(part, into: &found) }
    case .comparison, .between, .call:
      let leaf = try attributeCondition(condition)
      if found.contains(where: { ByteOrder.equal($0.attribute, leaf.attribute) }) {
        throw .validation(
          "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition "
            + "per key")
      }
      found.append(leaf)
    }
  }

  private static func attributeCondition(
    _ leaf: BoundCondition
  ) throws(ExpressionError) -> AttributeCondition {
    switch leaf {
    case .comparison(let left, let comparator, let right):
      let attribute = try soleAttribute(of: [left, right])
      // ":v < a" says the same of the attribute as "a > :v".
      let meant = left.path == nil ? comparator.mirrored : comparator
      let value = try literal(left.path == nil ? left : right)
      return AttributeCondition(attribute: attribute, condition: meant.sortCondition(value))
    case .between(let operand, let low, let high):
      if operand.path == nil { throw attributeNotFirst("BETWEEN") }
      return AttributeCondition(
        attribute: try soleAttribute(of: [operand, low, high]),
        condition: .between(try literal(low), try literal(high)))
    case .call(let call):
      if call.arguments[0].path == nil { throw attributeNotFirst(call.function) }
      return AttributeCondition(
        attribute: try soleAttribute(of: call.arguments),
        condition: .beginsWith(try literal(call.arguments[1])))
    default: throw noAttribute
    }
  }

  /// The one top-level attribute among the operands of a comparison.
  private static func soleAttribute(of operands: [BoundOperand]) throws(ExpressionError) -> String {
    var attribute: String?
    for operand in operands {
      switch operand {
      case .path(let path):
        if attribute != nil {
          throw invalidCondition("Multiple attribute names used in one condition")
        }
        if path.isNested {
          throw .validation("KeyConditionExpressions cannot have conditions on nested attributes")
        }
        attribute = path.attribute
      case .call, .condition:
        throw .validation("KeyConditionExpressions cannot contain nested operations")
      case .value: break
      }
    }
    guard let attribute else { throw noAttribute }
    return attribute
  }

  private static func literal(_ operand: BoundOperand) throws(ExpressionError) -> AttributeValue {
    guard case .value(let value) = operand else { throw noAttribute }
    return value
  }

  private static var noAttribute: ExpressionError {
    invalidCondition("No key attribute specified")
  }

  private static func attributeNotFirst(_ name: String) -> ExpressionError {
    invalidCondition("\(name) operator must have the key attribute as its first operand")
  }

  private static func invalidCondition(_ reason: String) -> ExpressionError {
    .validation("Invalid condition in KeyConditionExpression: \(reason)")
  }

  private static func invalidOperator(_ name: String) -> ExpressionError {
    .validation("Invalid operator used in KeyConditionExpression: \(name)")
  }
}

extension Comparator {
  /// The condition on a sort attribute; `<>` never gets here.
  fileprivate func sortCondition(_ value: AttributeValue) -> SortCondition {
    switch self {
    case .equal, .notEqual: .equal(value)
    case .less: .less(value)
    case .lessOrEqual: .lessOrEqual(value)
    case .greater: .greater(value)
    case .greaterOrEqual: .greaterOrEqual(value)
    }
  }
}

// MARK: - Against a key

extension KeyCondition {
  /// Checks comparisons against a key, attribute by attribute in schema order.
  init(_ conditions: [AttributeCondition], on schema: KeySchema) throws(ExpressionError) {
    var partition: [AttributeValue] = []
    for attribute in schema.partition {
      guard let condition = Self.find(attribute, in: conditions) else {
        throw Self.missed(attribute)
      }
      let sought = try Self.requireFitting(condition, for: attribute)
      guard case .equal(let value) = sought else { throw Self.unsupported }
      partition.append(value)
    }
    try Self.requireKnown(conditions, on: schema)
    var found: [(KeyAttribute, SortCondition)] = []
    for attribute in schema.sort {
      guard let condition = Self.find(attribute, in: conditions) else { continue }
      found.append((attribute, try Self.requireFitting(condition, for: attribute)))
    }
    try Self.requireNoGap(found, in: schema.sort)
    var leading: [AttributeValue] = []
    for case (_, .equal(let value)) in found.dropLast() { leading.append(value) }
    self.init(partition: partition, leading: leading, last: found.last?.1)
  }

  private static func find(
    _ attribute: KeyAttribute, in conditions: [AttributeCondition]
  ) -> AttributeCondition? {
    conditions.first { ByteOrder.equal($0.attribute, attribute.name) }
  }

  /// The condition, if an index can answer it and its values have the attribute's type.
  private static func requireFitting(
    _ condition: AttributeCondition, for attribute: KeyAttribute
  ) throws(ExpressionError) -> SortCondition {
    guard let condition = condition.condition else {
      throw .validation("Attempted conditional constraint is not an indexable operation")
    }
    try requireTypes(condition, for: attribute)
    return condition
  }

  private static func requireKnown(
    _ conditions: [AttributeCondition], on schema: KeySchema
  ) throws(ExpressionError) {
    guard conditions.contains(where: { !schema.contains(name: $0.attribute) }) else { return }
    // A condition on something else stands where the service looks for the next sort attribute.
    if let absent = schema.sort.first(where: { find($0, in: conditions) == nil }) {
      throw missed(absent)
    }
    throw unsupported
  }

  /// Refuses a condition on a sort attribute if one before it lacks an equality.
  /// [DDB.query.multiAttribute]
  private static func requireNoGap(
    _ found: [(attribute: KeyAttribute, condition: SortCondition)], in sort: [KeyAttribute]
  ) throws(ExpressionError) {
    guard let last = found.last?.attribute else { return }
    let before = sort.prefix { $0 != last }
    let lacking = before.filter { attribute in
      guard let condition = found.first(where: { $0.attribute == attribute })?.condition,
        case .equal = condition
      else { return true }
      return false
    }
    guard !lacking.isEmpty else { return }
    throw .validation(
      "RANGE key attributes \(lacking.map(\.name).joined(separator: ", ")) must have equality "
        + "conditions specified in the query because a condition is present on key attribute "
        + last.name)
  }

  private static func requireTypes(
    _ condition: SortCondition, for attribute: KeyAttribute
  ) throws(ExpressionError) {
    let expected = attribute.type.attributeType
    if condition.values.contains(where: { $0.type != expected }) {
      throw .validation(
        "One or more parameter values were invalid: "
          + "Condition parameter type does not match schema type")
    }
    guard case .equal(let value) = condition else { return }
    guard value == .string("") || value == .binary([]) else { return }
    throw .validation(
      "One or more parameter values are not valid. The AttributeValue for a key attribute "
        + "cannot contain an empty \(value.type == .string ? "string" : "binary") value. "
        + "Key: \(attribute.name)")
  }

  private static func missed(_ attribute: KeyAttribute) -> ExpressionError {
    .validation("Query condition missed key schema element: \(attribute.name)")
  }

  private static var unsupported: ExpressionError {
    .validation("Query key condition not supported")
  }
}

extension SortCondition {
  /// The values compared with.
  var values: [AttributeValue] {
    switch self {
    case .equal(let value), .less(let value), .lessOrEqual(let value), .greater(let value),
      .greaterOrEqual(let value), .beginsWith(let value):
      [value]
    case .between(let low, let high): [low, high]
    }
  }
}
