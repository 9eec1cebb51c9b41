// SPDX-License-Identifier: GPL-3.0-or-later

import Documents

extension UpdateExpression {
  /// Reads and checks AttributeUpdates; nil where it names nothing. [DDB.legacy.updates]
  ///
  /// ADD appends to lists too, which no expression's ADD does, and a value that meets one of another
  /// type is refused in other words.
  ///
  /// - Throws: `.validation` or `.serialization` of the first action at fault.
  /// - Complexity: O(n) in the size of the values.
  init?(attributeUpdates: Document) throws(ExpressionError) {
    var actions: [BoundAction] = []
    for (attribute, update) in attributeUpdates.members {
      actions.append(try BoundAction(attribute, update))
    }
    guard !actions.isEmpty else { return nil }
    self.init(actions: actions, isOlder: true)
  }
}

extension BoundAction {
  fileprivate init(_ attribute: String, _ update: Document) throws(ExpressionError) {
    var value: AttributeValue?
    if let given = update.given("Value") {
      do {
        value = try AttributeValue(json: given)
      } catch {
        throw ExpressionError(error)
      }
    }
    path = DocumentPath(attribute)
    let action = update.given("Action")?.string
    guard let value else {
      guard action == "DELETE" else {
        throw .invalidValues("Only DELETE action is allowed when no attribute value is specified")
      }
      change = .remove
      return
    }
    switch action {
    case "DELETE":
      guard value.type.isSet else {
        throw .invalidValues(
          "DELETE action with value is not supported for the type \(value.type.rawValue)")
      }
      change = .delete(value)
    case "ADD":
      guard value.type.isSet || value.type == .number || value.type == .list else {
        throw .invalidValues("ADD action is not supported for the type \(value.type.rawValue)")
      }
      change = .add(value)
    default: change = .set(.operand(.value(value)))
    }
  }
}
