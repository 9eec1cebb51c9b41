// SPDX-License-Identifier: GPL-3.0-or-later

/// One of the ranges of keys that a SELECT reads. [DDB.partiql.reads]
package struct PartiQLRead: Hashable, Sendable {
  /// A value for each partition attribute.
  package let partition: [AttributeValue]
  /// Values the first sort attributes must equal; empty for keys of one sort attribute.
  package let leading: [AttributeValue]
  /// What the next sort attribute must fulfil, all at once; empty for the whole partition.
  package let conditions: [SortCondition]
  /// The attributes named by what must hold beside.
  package let filtered: ExpressionPaths

  fileprivate func wholePartition(with others: [PartiQLRead]) -> PartiQLRead {
    PartiQLRead(
      partition: partition, leading: [], conditions: [],
      filtered: ExpressionPaths(([self] + others).flatMap(\.filtered.all)))
  }
}

extension PartiQLCondition {
  /// How many reads a statement may be taken apart into. [DDB.partiql.reads]
  package static let maximumReads = 50

  /// The ranges of keys outside of which the clause holds for no item.
  ///
  /// - Parameter schema: The key of the table or index that is read.
  /// - Returns: Nil when the clause leaves the partition open in any of its alternatives: everything is read.
  /// - Throws: `.validation` for a key value of a wrong type and for too many alternatives.
  /// - Complexity: O(n) in the size of the clause for each of at most 50 alternatives.
  package func reads(on schema: KeySchema) throws(ExpressionError) -> [PartiQLRead]? {
    for attribute in schema.partition {
      guard condition.demands(attribute.name) else { return nil }
    }
    var reads: [PartiQLRead] = []
    var hasLooseSort = false
    for branch in try condition.alternatives(on: schema) {
      guard let read = try Self.read(branch, on: schema) else { return nil }
      hasLooseSort = hasLooseSort || branch.contains { $0.isLoose(on: schema) }
      reads.append(read)
    }
    // What no range can say of a sort key would make alternatives overlap: the partition is read once instead.
    guard hasLooseSort, reads.count > 1 else { return reads }
    var merged: [PartiQLRead] = []
    for read in reads where !merged.contains(where: { $0.partition == read.partition }) {
      merged.append(read.wholePartition(with: reads.filter { $0.partition == read.partition }))
    }
    return merged
  }

  /// The read one alternative asks for; nil when it demands two values of one partition attribute.
  private static func read(
    _ branch: [BoundCondition], on schema: KeySchema
  ) throws(ExpressionError) -> PartiQLRead? {
    var partition: [AttributeValue] = []
    for attribute in schema.partition {
      let values = branch.compactMap { part in
        part.equality.flatMap { ByteOrder.equal($0.name, attribute.name) ? $0.value : nil }
      }
      for value in values { try requireType(of: value, for: attribute) }
      guard let first = values.first, values.allSatisfy({ $0 == first }) else { return nil }
      partition.append(first)
    }
    var leading: [AttributeValue] = []
    var last: [SortCondition] = []
    for attribute in schema.sort {
      let conditions = branch.compactMap { $0.sortCondition(on: attribute.name) }
      for value in conditions.flatMap(\.values) { try requireType(of: value, for: attribute) }
      // Only what stands behind equal values narrows a range.
      guard last.isEmpty, leading.count == schema.sort.prefix(while: { $0 != attribute }).count
      else { continue }
      if attribute != schema.sort.last, conditions.count == 1,
        case .equal(let value) = conditions[0]
      {
        leading.append(value)
      } else {
        last = conditions
      }
    }
    let filters = branch.filter { part in
      part.equality.map { !schema.contains(name: $0.name) } ?? true
    }
    return PartiQLRead(
      partition: partition, leading: leading, conditions: last,
      filtered: ExpressionPaths(filters.flatMap(\.paths)))
  }

  private static func requireType(
    of value: AttributeValue, for attribute: KeyAttribute
  ) throws(ExpressionError) {
    guard value.type != attribute.type.attributeType else { return }
    throw .validation(
      "Key attribute's data type should match its data type in table's schema: "
        + "Key \(attribute.name)")
  }
}

extension BoundCondition {
  /// Whether every way to fulfil the condition demands a value of an attribute, or one of a list.
  fileprivate func demands(_ name: String) -> Bool {
    switch self {
    case .and(let parts): parts.contains { $0.demands(name) }
    case .or(let parts): parts.allSatisfy { $0.demands(name) }
    case .isIn: choices(of: name) != nil
    default: equality.map { ByteOrder.equal($0.name, name) } ?? false
    }
  }

  /// The values one of which an attribute must have.
  private func choices(of name: String) -> [AttributeValue]? {
    guard case .isIn(.path(let path), let choices) = self, !path.isNested,
      ByteOrder.equal(path.attribute, name)
    else { return nil }
    let values = choices.compactMap { choice in
      if case .value(let value) = choice { value } else { nil }
    }
    return values.count == choices.count && !values.isEmpty ? values : nil
  }

  /// Whether the condition names an attribute of a key.
  private func mentionsKey(of schema: KeySchema) -> Bool {
    paths.contains { schema.contains(name: $0.attribute) }
  }

  /// The ways to fulfil the condition, as far as they differ in what they demand of a key.
  fileprivate func alternatives(
    on schema: KeySchema
  ) throws(ExpressionError) -> [[BoundCondition]] {
    switch self {
    case .and(let parts):
      var product: [[BoundCondition]] = [[]]
      for part in parts {
        let factor = try part.alternatives(on: schema)
        if factor.count == 1 {
          // In place: a long clause is not copied once for each of its parts.
          for position in product.indices { product[position] += factor[0] }
          continue
        }
        try Self.requireFew(product.count * factor.count)
        product = product.flatMap { left in factor.map { left + $0 } }
      }
      return product
    case .or(let parts) where mentionsKey(of: schema):
      var sum: [[BoundCondition]] = []
      for part in parts {
        sum += try part.alternatives(on: schema)
        try Self.requireFew(sum.count)
      }
      return sum
    case .isIn(.path(let path), _):
      guard schema.contains(name: path.attribute), let values = choices(of: path.attribute)
      else { return [[self]] }
      try Self.requireFew(values.count)
      return values.map { [.comparison(.path(path), .equal, .value($0))] }
    default: return [[self]]
    }
  }

  private static func requireFew(_ count: Int) throws(ExpressionError) {
    guard count > PartiQLCondition.maximumReads else { return }
    throw .validation("Too many decomposed read operations for a given query.")
  }

  /// What the condition asks of a sort attribute, if a range of keys can say it.
  fileprivate func sortCondition(on name: String) -> SortCondition? {
    func isAttribute(_ operand: BoundOperand) -> Bool {
      operand.path.map { !$0.isNested && ByteOrder.equal($0.attribute, name) } ?? false
    }
    switch self {
    case .comparison(let left, let comparator, .value(let value)) where isAttribute(left):
      return comparator.rangeCondition(value)
    case .comparison(.value(let value), let comparator, let right) where isAttribute(right):
      return comparator.mirrored.rangeCondition(value)
    case .between(let operand, .value(let low), .value(let high)) where isAttribute(operand):
      return .between(low, high)
    case .call(let call) where call.function == ConditionFunction.beginsWith.rawValue:
      guard isAttribute(call.arguments[0]), case .value(let value) = call.arguments[1] else {
        return nil
      }
      return .beginsWith(value)
    default: return nil
    }
  }

  /// Whether the condition is about a sort attribute and no range of keys can say it.
  fileprivate func isLoose(on schema: KeySchema) -> Bool {
    schema.sort.contains { attribute in
      paths.contains { ByteOrder.equal($0.attribute, attribute.name) }
        && sortCondition(on: attribute.name) == nil
    }
  }
}

extension Comparator {
  /// The condition on a sort attribute; `<>` says nothing a range could hold.
  fileprivate func rangeCondition(_ value: AttributeValue) -> SortCondition? {
    switch self {
    case .notEqual: nil
    case .equal: .equal(value)
    case .less: .less(value)
    case .lessOrEqual: .lessOrEqual(value)
    case .greater: .greater(value)
    case .greaterOrEqual: .greaterOrEqual(value)
    }
  }
}
