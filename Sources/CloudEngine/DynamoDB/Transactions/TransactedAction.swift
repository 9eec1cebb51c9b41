// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import TableStore

/// One action of a write transaction, as far as it can be understood without its table.
struct TransactedAction {
  let table: TableReference
  private let kind: TransactWriteItems.Kind
  /// The item of a put; the key of another action.
  private let attributes: AttributeMap
  private let expressions: BoundExpressions
  private let returnValues: String?

  init(_ element: TransactWriteItems.Element) throws(ServiceError) {
    let actions = element.actions
    guard let action = actions.first else { throw .noTransactedAction }
    guard actions.count == 1 else { throw .severalTransactedActions }
    let kind = action.kind
    try self.init(
      kind, of: action.table, at: try AttributeMap.requested(action.attributes),
      expressions: try ExpressionRequest(
        accepting: kind == .update ? ExpressionRequest.updateItem : ExpressionRequest.putItem,
        texts: [ExpressionParameter: String](
          given: [.update: action.update, .condition: action.condition]),
        names: action.names, values: action.values
      ).bound(), returnValues: action.returnValues)
  }

  init(
    _ kind: TransactWriteItems.Kind, of table: TableReference, at attributes: AttributeMap,
    expressions: BoundExpressions, returnValues: String?
  ) throws(ServiceError) {
    self.kind = kind
    self.table = table
    self.attributes = attributes
    self.expressions = expressions
    self.returnValues = returnValues
    // What is put is known from the request alone, and so is its size.
    guard kind != .put || Item(attributes).byteCount <= Item.maximumByteCount else {
      throw .itemTooLarge
    }
  }

  /// Where in its table the action's item stands, or why it stands nowhere.
  func position(in image: TableImage) -> Result<ItemKey, ActionFault> {
    guard kind == .put else { return image.position(of: attributes) }
    do throws(KeyFault) {
      return .success(try ItemRules(image: image).putKey(of: Item(attributes)))
    } catch {
      return .failure(ActionFault(error))
    }
  }

  /// What the action does to its item.
  func write(
    at key: ItemKey, of table: TableID, in image: TableImage
  ) throws(ActionFault) -> TransactedWrite {
    let old = image.item(key)
    let new = try ofAction { () throws(ServiceError) in
      if kind == .update { try expressions.requireUpdatable(in: image) }
      try expressions.check(old, showing: returnValues)
      return switch kind {
      case .put: Item(attributes)
      case .update: try expressions.updated(old, at: attributes).new
      case .check, .delete: nil as Item?
      }
    }
    if kind == .update, let new {
      do throws(KeyFault) {
        try ItemRules(image: image).checkUpdatedKeys(of: new)
      } catch {
        throw ActionFault(error)
      }
      guard new.byteCount <= Item.maximumByteCount else {
        throw ActionFault(.updatedItemTooLarge)
      }
    }
    return TransactedWrite(
      table: table, key: key, old: old, new: new, shown: Item(attributes), isWrite: kind != .check)
  }

  private func ofAction<T>(_ body: () throws(ServiceError) -> T) throws(ActionFault) -> T {
    do {
      return try body()
    } catch {
      throw ActionFault(error)
    }
  }
}

/// What a write transaction does to one item.
struct TransactedWrite {
  let table: TableID
  let key: ItemKey
  let old: Item?
  let new: Item?
  /// What the request names the item by: all of it, or its key.
  let shown: Item
  /// False for a condition check.
  let isWrite: Bool

  /// What the item's capacity is measured by, beside the old item.
  var measured: Item? { isWrite ? new : old }
}
