// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents

extension ExpressionRequest {
  /// Whether the request gives a ConditionalOperator only where it joins something.
  func requireJoinedConditions() throws(ExpressionError) {
    guard legacy[.conditionalOperator] != nil else { return }
    let count = LegacyParameter.conditional.compactMap { legacy[$0]?.members.count }.max() ?? 0
    if count == 0 {
      throw .validation("ConditionalOperator cannot be used without Filter or Expected")
    }
    if count == 1 {
      throw .validation(
        "ConditionalOperator can only be used when Filter or Expected has two or more elements")
    }
  }

  /// Reads and checks the older parameters but for KeyConditions, in the service's order.
  ///
  /// - Throws: `.validation` or `.serialization` of the first parameter at fault.
  /// - Complexity: O(n) in the size of the parameters.
  package func bindOlder() throws(ExpressionError) -> BoundExpressions {
    var bound = BoundExpressions()
    guard !legacy.isEmpty else { return bound }
    let joining = legacy[.conditionalOperator]?.string
    if let filter = legacy[.queryFilter] {
      bound.filter = ConditionExpression(
        try LegacyCondition.conditions(filter), joining: joining)
    }
    if let names = legacy[.attributesToGet] {
      bound.projection = try ProjectionExpression(attributesToGet: names)
    }
    if let filter = legacy[.scanFilter] {
      bound.filter = ConditionExpression(
        try LegacyCondition.conditions(filter), joining: joining)
    }
    if let updates = legacy[.attributeUpdates] {
      bound.update = try UpdateExpression(attributeUpdates: updates)
    }
    if let expected = legacy[.expected] {
      bound.condition = ConditionExpression(
        try LegacyCondition.expected(expected), joining: joining)
    }
    return bound
  }

  /// Reads and checks KeyConditions, which the service does after the expressions.
  func bindKeyConditions(into bound: inout BoundExpressions) throws(ExpressionError) {
    guard let document = legacy[.keyConditions] else { return }
    let conditions = try LegacyCondition.conditions(document)
    guard !conditions.isEmpty else { throw .conditionCount }
    bound.keyConditions = conditions.map {
      AttributeCondition(attribute: $0.attribute, condition: $0.sortCondition)
    }
  }
}

extension KeySchema {
  /// Refuses more KeyConditions than a key of one or two attributes can use.
  func requireCount(of conditions: [AttributeCondition]) throws(ExpressionError) {
    guard partition.count == 1, sort.count <= 1 else { return }
    if conditions.count > 2 { throw .conditionCount }
    if sort.isEmpty, conditions.count > 1 { throw .validation("Query key condition not supported") }
  }
}

extension ProjectionExpression {
  /// Reads AttributesToGet, whose names are those of top-level attributes as they stand.
  init(attributesToGet: Document) throws(ExpressionError) {
    var names: [String] = []
    for name in (attributesToGet.array ?? []).compactMap(\.string) {
      if names.contains(where: { ByteOrder.equal($0, name) }) {
        throw .invalidValues("Duplicate value in attribute name: \(name)")
      }
      names.append(name)
    }
    self.init(paths: ExpressionPaths(names.map { DocumentPath($0) }))
  }
}

extension [LegacyParameter: Document] {
  /// The older parameters that a request gives, of those it may give.
  package init(given: KeyValuePairs<LegacyParameter, Document?>) {
    self.init()
    for (parameter, document) in given {
      if let document, !document.isNull { self[parameter] = document }
    }
  }
}
