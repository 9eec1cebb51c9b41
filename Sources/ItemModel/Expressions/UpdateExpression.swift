// SPDX-License-Identifier: GPL-3.0-or-later

/// An UpdateExpression: what an update sets, removes, adds and deletes. [DDB.expressions.updates]
///
/// Every right-hand side, and every list index on the left, sees the item as it was before the update.
///
/// ```swift
/// let update = try UpdateExpression("SET visits = if_not_exists(visits, :0) + :1", context: &context)
/// let outcome = try update.apply(to: item)
/// outcome.item           // the item after the update
/// outcome.updatedNew     // what ReturnValues=UPDATED_NEW answers
/// ```
package struct UpdateExpression: Hashable, Sendable {
  let actions: [BoundAction]
  /// Whether the actions come from AttributeUpdates, whose refusals are worded otherwise.
  let isOlder: Bool

  /// Takes over actions that are bound and checked.
  init(actions: [BoundAction], isOlder: Bool) {
    self.actions = actions
    self.isOlder = isOlder
  }

  /// Whether the update can only take away: then it makes no item where there is none.
  /// [DDB.items.update]
  package var onlyRemoves: Bool {
    actions.allSatisfy { action in
      switch action.change {
      case .remove, .delete: true
      case .set, .add: false
      }
    }
  }

  /// The paths the update changes, in the order in which they are written.
  package var targets: ExpressionPaths { ExpressionPaths(actions.map(\.path)) }

  /// All paths the update names, those it only reads included.
  package var paths: ExpressionPaths {
    ExpressionPaths(
      actions.flatMap { action in
        guard case .set(let value) = action.change else { return [action.path] }
        return [action.path] + value.operands.flatMap(\.paths)
      })
  }

  /// Reads, checks and binds an update; the placeholders it uses count as used in `context`.
  ///
  /// - Throws: `.validation` with the first fault in the service's order of priority.
  /// - Complexity: O(n²) in the number of actions.
  package init(_ text: String, context: inout ExpressionContext) throws(ExpressionError) {
    isOlder = false
    do {
      actions = try BoundAction.actions(text, context: &context)
    } catch {
      throw .invalid(.update, error)
    }
  }

  /// The item after the update, and what the update touched.
  ///
  /// - Parameter item: The item before; for an update that creates one, its key attributes.
  /// - Returns: The item and the touched values, before and after.
  /// - Throws: `.validation` in the words of an update that meets an item it cannot work on: a path whose parent is
  ///   absent or of another type, a missing attribute, a value of a wrong type, a number out of range, too many
  ///   levels. In a transaction these cancel it.
  /// - Complexity: O(n) in the size of the touched attributes, O(a log a) for a actions.
  package func apply(to item: AttributeMap) throws(ExpressionError) -> UpdateOutcome {
    var sets: [(path: DocumentPath, value: AttributeValue)] = []
    var removals: [DocumentPath] = []
    for action in actions {
      if let value = try newValue(of: action, for: item) {
        sets.append((action.path, value))
      } else {
        removals.append(action.path)
      }
    }
    // Elements appended behind a list's end come in the order of their indexes; removals go from the back, so
    // that all indexes mean what they meant before the update.
    sets.sort { $0.path.precedes($1.path) }
    removals.sort { $1.precedes($0) }

    var after = item
    var placed: [DocumentPath] = []
    for (path, value) in sets { placed.append(try after.place(value, at: path)) }
    // Taken before removals shift the elements that were set.
    let updatedNew = ProjectionTree(placed).project(after)
    for path in removals { try after.removeValue(at: path) }
    let touched = targets.all
    return UpdateOutcome(
      item: after, touched: touched, updatedOld: ProjectionTree(touched).project(item),
      updatedNew: updatedNew)
  }
}

extension UpdateExpression {
  /// Refuses a value given in the request for an attribute of an index's key that has another type.
  ///
  /// - Parameters:
  ///   - schema: The index's key.
  ///   - index: Its name, for the refusal.
  /// - Throws: `.validation` naming the first such attribute.
  package func requireKeyTypes(
    _ schema: KeySchema, ofIndex index: String
  ) throws(ExpressionError) {
    for action in actions where !action.path.isNested {
      guard let actual = action.change.givenType,
        let key = schema.attributes.first(where: { ByteOrder.equal($0.name, action.path.attribute) }
        )
      else { continue }
      let expected = key.type.attributeType
      guard actual != expected else { continue }
      throw .invalidValues(
        "Type mismatch for Index Key \(key.name) Expected: \(expected.rawValue) Actual: "
          + "\(actual.rawValue) IndexName: \(index)")
    }
  }

  private func newValue(
    of action: BoundAction, for item: AttributeMap
  ) throws(ExpressionError) -> AttributeValue? {
    do {
      return try action.newValue(for: item)
    } catch {
      throw isOlder && error == .incorrectDataType ? .typeMismatch : error
    }
  }
}

/// What an update made of an item.
package struct UpdateOutcome: Hashable, Sendable {
  /// All attributes after the update.
  package let item: AttributeMap
  /// The paths the update named on its left-hand sides.
  package let touched: [DocumentPath]
  /// The touched values as they were, nesting kept; empty where there were none.
  package let updatedOld: AttributeMap
  /// The touched values as they are now, nesting kept; without what was removed.
  package let updatedNew: AttributeMap
}

extension BoundAction {
  /// The value the action gives its path; nil to remove it.
  fileprivate func newValue(
    for item: AttributeMap
  ) throws(ExpressionError) -> AttributeValue? {
    switch change {
    case .remove: return nil
    case .set(let value): return try value.value(in: item)
    case .add(let operand):
      guard let present = item.value(at: path) else { return operand }
      return try present.adding(operand)
    case .delete(let operand):
      guard let present = item.value(at: path) else { return nil }
      return try present.deleting(operand)
    }
  }
}

extension BoundAction.Change {
  /// The type of the value it gives, where no item is needed to know it.
  fileprivate var givenType: AttributeType? {
    switch self {
    case .set(.operand(let operand)): operand.literalType
    case .set(.arithmetic): .number
    case .add(let value): value.type
    case .remove, .delete: nil
    }
  }
}

extension BoundSetValue {
  fileprivate func value(in item: AttributeMap) throws(ExpressionError) -> AttributeValue {
    switch self {
    case .operand(let operand): return try operand.newValue(in: item)
    case .arithmetic(let left, let subtracts, let right):
      guard case .number(let first) = try left.newValue(in: item),
        case .number(let second) = try right.newValue(in: item)
      else { throw .incorrectDataType }
      return .number(try subtracts ? first.minus(second) : first.plus(second))
    }
  }
}

extension BoundOperand {
  /// What the operand gives a SET action.
  fileprivate func newValue(in item: AttributeMap) throws(ExpressionError) -> AttributeValue {
    switch self {
    case .value(let value): return value
    case .path(let path):
      guard let value = item.value(at: path) else { throw .missingAttribute }
      return value
    case .condition: throw .incorrectDataType
    case .call(let call):
      if call.function == UpdateFunction.ifNotExists.rawValue {
        if let present = call.arguments[0].path.flatMap({ item.value(at: $0) }) { return present }
        return try call.arguments[1].newValue(in: item)
      }
      guard case .list(let first) = try call.arguments[0].newValue(in: item),
        case .list(let second) = try call.arguments[1].newValue(in: item)
      else { throw .incorrectDataType }
      return .list(first + second)
    }
  }
}

extension DecimalNumber {
  fileprivate func plus(_ other: DecimalNumber) throws(ExpressionError) -> DecimalNumber {
    do { return try self + other } catch { throw ExpressionError(error) }
  }

  fileprivate func minus(_ other: DecimalNumber) throws(ExpressionError) -> DecimalNumber {
    do { return try self - other } catch { throw ExpressionError(error) }
  }
}

extension AttributeValue {
  /// The sum of two numbers, the union of two sets of one type or one list behind another.
  fileprivate func adding(_ other: AttributeValue) throws(ExpressionError) -> AttributeValue {
    switch (self, other) {
    case (.number(let a), .number(let b)): return .number(try a.plus(b))
    case (.stringSet(let a), .stringSet(let b)): return .strings(a + b)
    case (.numberSet(let a), .numberSet(let b)): return .numbers(a + b)
    case (.binarySet(let a), .binarySet(let b)): return .binaries(a + b)
    case (.list(let a), .list(let b)): return .list(a + b)
    default: throw .incorrectDataType
    }
  }

  /// The difference of two sets of one type; nil when nothing is left.
  ///
  /// - Complexity: O(n log m).
  fileprivate func deleting(_ other: AttributeValue) throws(ExpressionError) -> AttributeValue? {
    switch (self, other) {
    case (.stringSet(let a), .stringSet(let b)):
      let gone = Set(b.map { Array($0.utf8) })
      let kept = a.filter { !gone.contains(Array($0.utf8)) }
      return kept.isEmpty ? nil : .stringSet(kept)
    case (.numberSet(let a), .numberSet(let b)):
      let gone = Set(b)
      let kept = a.filter { !gone.contains($0) }
      return kept.isEmpty ? nil : .numberSet(kept)
    case (.binarySet(let a), .binarySet(let b)):
      let gone = Set(b)
      let kept = a.filter { !gone.contains($0) }
      return kept.isEmpty ? nil : .binarySet(kept)
    default: throw .incorrectDataType
    }
  }
}
