// SPDX-License-Identifier: GPL-3.0-or-later

/// The WHERE clause of a statement: a condition on one item, and what it says of a key.
package struct PartiQLCondition: Hashable, Sendable {
  let condition: BoundCondition

  /// The clause as a filter or a condition of other requests.
  package var expression: ConditionExpression { ConditionExpression(condition: condition) }

  /// The attributes it names.
  package var paths: ExpressionPaths { ExpressionPaths(condition.paths) }

  /// The parts that are joined by AND, parentheses dissolved.
  private var conjuncts: [BoundCondition] { condition.conjuncts }
}

// MARK: - One item

extension PartiQLCondition {
  /// The key that the clause demands by `=`.
  ///
  /// - Parameters:
  ///   - schema: The table's key.
  ///   - takingFirst: Whether of two values for one attribute the first one counts and the second is a condition.
  /// - Returns: The key attributes and whether the clause says nothing beside them; nil if one is not demanded.
  /// - Throws: `.validation` when one is demanded to be two values, unless the first one counts.
  package func key(
    on schema: KeySchema, takingFirst: Bool = false
  ) throws(ExpressionError) -> (attributes: AttributeMap, isAll: Bool)? {
    var key = AttributeMap()
    var isAll = true
    for part in conjuncts {
      guard let (name, value) = part.equality, schema.contains(name: name) else {
        isAll = false
        continue
      }
      guard let known = key[name], known != value else {
        key[name] = value
        continue
      }
      guard takingFirst else {
        throw .validation(
          "Multiple conditions on same key \(name). "
            + "Only single item Update/Insert/Delete are supported")
      }
      isAll = false
    }
    return key.count == schema.attributes.count ? (key, isAll) : nil
  }

  /// The key of the one item that the clause reads and demands nothing else of; a list of one value counts as `=`.
  package func soleKey(on schema: KeySchema) -> AttributeMap? {
    var key = AttributeMap()
    for part in conjuncts {
      guard let (name, value) = part.equality ?? part.soleChoice, schema.contains(name: name),
        key[name] == nil || key[name] == value
      else { return nil }
      key[name] = value
    }
    return key.count == schema.attributes.count ? key : nil
  }
}

extension BoundCondition {
  /// The parts that are joined by AND.
  var conjuncts: [BoundCondition] {
    if case .and(let parts) = self { parts.flatMap(\.conjuncts) } else { [self] }
  }

  /// The attribute and the value it must equal, if that is what the condition is.
  var equality: (name: String, value: AttributeValue)? {
    guard case .comparison(let left, .equal, let right) = self else { return nil }
    switch (left, right) {
    case (.path(let path), .value(let value)), (.value(let value), .path(let path)):
      return path.isNested ? nil : (path.attribute, value)
    default: return nil
    }
  }

  /// The attribute and the value it must be among, if there is but one.
  var soleChoice: (name: String, value: AttributeValue)? {
    guard case .isIn(.path(let path), let choices) = self, !path.isNested, choices.count == 1,
      case .value(let value) = choices[0]
    else { return nil }
    return (path.attribute, value)
  }
}
