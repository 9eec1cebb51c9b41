// SPDX-License-Identifier: GPL-3.0-or-later

import Documents

/// One condition of an older parameter: an operator and its operands, checked. [DDB.legacy.conditions]
struct LegacyCondition: Hashable, Sendable {
  let attribute: String
  let comparison: LegacyOperator
  let operands: [AttributeValue]

  /// Checks the number and the types of the operands.
  ///
  /// - Throws: `.validation` in the service's order: count, equal types, fitting types, bounds.
  init(
    _ attribute: String, _ comparison: LegacyOperator, _ operands: [AttributeValue]
  ) throws(ExpressionError) {
    guard comparison.operandCounts.contains(operands.count) else {
      throw .invalidValues(
        "Invalid number of argument(s) for the \(comparison.rawValue) ComparisonOperator")
    }
    if let first = operands.first, operands.contains(where: { $0.type != first.type }) {
      throw .invalidValues("AttributeValues inside AttributeValueList must be of same type")
    }
    if let operand = operands.first(where: { !comparison.takes($0.type) }) {
      throw .invalidValues(
        "ComparisonOperator \(comparison.rawValue) is not valid for \(operand.type.rawValue) "
          + "AttributeValue type")
    }
    if comparison == .between, let order = operands[0].order(to: operands[1]), order > 0 {
      throw .validation(
        "The BETWEEN condition was provided a range where the lower bound is greater than the "
          + "upper bound")
    }
    self.attribute = attribute
    self.comparison = comparison
    self.operands = operands
  }

  /// The conditions of a QueryFilter, a ScanFilter or KeyConditions, in the order written.
  static func conditions(_ document: Document) throws(ExpressionError) -> [LegacyCondition] {
    var conditions: [LegacyCondition] = []
    for (attribute, condition) in document.members {
      let operands = try values(condition["AttributeValueList"])
      conditions.append(
        try LegacyCondition(attribute, try comparison(condition["ComparisonOperator"]), operands))
    }
    return conditions
  }

  /// The conditions of Expected, in the order written.
  static func expected(_ document: Document) throws(ExpressionError) -> [LegacyCondition] {
    var conditions: [LegacyCondition] = []
    for (attribute, condition) in document.members {
      conditions.append(try expected(attribute, condition))
    }
    return conditions
  }

  private static func expected(
    _ attribute: String, _ condition: Document
  ) throws(ExpressionError) -> LegacyCondition {
    let list = condition.given("AttributeValueList")
    let value = condition.given("Value")
    let exists = condition.given("Exists").flatMap(\.bool)
    let place = "for Attribute: \(attribute)"
    let operands = try values(list)
    if list != nil, value != nil {
      throw .invalidValues("Value and AttributeValueList cannot be used together \(place)")
    }
    if let name = condition.given("ComparisonOperator") {
      let comparison = try comparison(name)
      if exists != nil {
        throw .invalidValues("Exists and ComparisonOperator cannot be used together \(place)")
      }
      if list == nil, value == nil, comparison != .null, comparison != .notNull {
        throw .invalidValues(
          "Value or AttributeValueList must be used with ComparisonOperator: "
            + "\(comparison.rawValue) \(place)")
      }
      let single = try values(value.map { .array([$0]) })
      return try LegacyCondition(attribute, comparison, operands + single)
    }
    if list != nil {
      throw .invalidValues("AttributeValueList can only be used with a ComparisonOperator \(place)")
    }
    guard exists ?? true else {
      if value != nil {
        throw .invalidValues("Value cannot be used when Exists is false \(place)")
      }
      return try LegacyCondition(attribute, .null, [])
    }
    guard let value else {
      throw .invalidValues(
        "Value must be provided when Exists is \(exists == nil ? "null" : "true") \(place)")
    }
    return try LegacyCondition(attribute, .equal, try values(.array([value])))
  }

  private static func comparison(_ name: Document?) throws(ExpressionError) -> LegacyOperator {
    // The model has refused every other name.
    guard let comparison = (name?.string).flatMap(LegacyOperator.init) else {
      throw .serialization("Unexpected field type")
    }
    return comparison
  }

  private static func values(_ list: Document?) throws(ExpressionError) -> [AttributeValue] {
    var values: [AttributeValue] = []
    for element in list?.array ?? [] {
      do {
        values.append(try AttributeValue(json: element))
      } catch {
        throw ExpressionError(error)
      }
    }
    return values
  }
}

extension Document {
  /// A member that is there and not null.
  func given(_ name: String) -> Document? {
    guard let member = self[name], !member.isNull else { return nil }
    return member
  }
}

// MARK: - As expressions

extension LegacyCondition {
  /// The same as a condition of an expression.
  ///
  /// All operators mean what their counterparts mean, a missing attribute included, but for
  /// NOT_CONTAINS, which a missing attribute does not fulfil.
  var bound: BoundCondition {
    let path = BoundOperand.path(DocumentPath(attribute))
    let values = operands.map(BoundOperand.value)
    func call(_ function: ConditionFunction, _ arguments: [BoundOperand]) -> BoundCondition {
      .call(BoundCall(function: function.rawValue, arguments: arguments))
    }
    switch comparison {
    case .equal: return .comparison(path, .equal, values[0])
    case .notEqual: return .comparison(path, .notEqual, values[0])
    case .lessOrEqual: return .comparison(path, .lessOrEqual, values[0])
    case .less: return .comparison(path, .less, values[0])
    case .greaterOrEqual: return .comparison(path, .greaterOrEqual, values[0])
    case .greater: return .comparison(path, .greater, values[0])
    case .notNull: return call(.attributeExists, [path])
    case .null: return call(.attributeNotExists, [path])
    case .contains: return call(.contains, [path, values[0]])
    case .notContains:
      return .and([
        call(.attributeExists, [path]), .not(call(.contains, [path, values[0]])),
      ])
    case .beginsWith: return call(.beginsWith, [path, values[0]])
    case .isIn: return .isIn(path, values)
    case .between: return .between(path, values[0], values[1])
    }
  }

  /// What the condition asks of a key attribute; nil for an operator that no index can answer.
  var sortCondition: SortCondition? {
    switch comparison {
    case .equal: .equal(operands[0])
    case .less: .less(operands[0])
    case .lessOrEqual: .lessOrEqual(operands[0])
    case .greater: .greater(operands[0])
    case .greaterOrEqual: .greaterOrEqual(operands[0])
    case .beginsWith: .beginsWith(operands[0])
    case .between: .between(operands[0], operands[1])
    case .notEqual, .notNull, .null, .contains, .notContains, .isIn: nil
    }
  }
}

extension ConditionExpression {
  /// The conditions of an older parameter joined into one; nil where there are none.
  ///
  /// - Parameters:
  ///   - conditions: The conditions.
  ///   - joining: ConditionalOperator as it came; all must hold unless it says OR.
  init?(_ conditions: [LegacyCondition], joining: String?) {
    guard let first = conditions.first else { return nil }
    let parts = conditions.map(\.bound)
    self.init(
      condition: conditions.count == 1 ? first.bound : joining == "OR" ? .or(parts) : .and(parts))
  }
}
