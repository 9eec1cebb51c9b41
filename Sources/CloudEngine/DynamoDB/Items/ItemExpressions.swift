// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import TableStore

extension ExpressionRequest {
  /// Binds the expressions of a request, wording refusals as the service does.
  func bound() throws(ServiceError) -> BoundExpressions {
    try wording(ServiceError.init) { () throws(ExpressionError) in try bind() }
  }
}

extension BoundExpressions {
  /// Refuses the request if its condition does not hold for the item as it stands.
  ///
  /// `asked` is the request's ReturnValuesOnConditionCheckFailure.
  func check(_ item: Item?, showing asked: String?) throws(ServiceError) {
    guard let condition, !condition.evaluate(item?.attributes ?? AttributeMap()) else { return }
    throw .conditionFailed(showing: asked == "ALL_OLD" ? item : nil)
  }
}

extension BoundExpressions {
  /// Refuses an update of what a table's keys and its indexes' keys are made of.
  func requireUpdatable(in image: TableImage) throws(ServiceError) {
    guard let update else { return }
    try refusingExpressions { () throws(ExpressionError) in
      try update.paths.requireScalarKeys(image.keySchema)
      for index in image.indexes {
        try update.paths.requireScalarKeys(index.definition.keySchema, isIndex: true)
      }
      try update.targets.requireKeyUntouched(image.keySchema)
    }
  }

  /// The item after the update; one that is not there begins with its key.
  ///
  /// - Throws: A validation error for an operation that the item's values do not allow.
  func updated(
    _ old: Item?, at key: AttributeMap
  ) throws(ServiceError) -> (new: Item, outcome: UpdateOutcome?) {
    let before = old?.attributes ?? key
    let outcome = try update.map { update throws(ServiceError) in
      try wording(ServiceError.init) { () throws(ExpressionError) in try update.apply(to: before) }
    }
    return (Item(outcome?.item ?? before), outcome)
  }
}

extension AttributeMap {
  /// The map a request gives in DynamoDB's JSON.
  static func requested(_ json: Document) throws(ServiceError) -> AttributeMap {
    try wording(ServiceError.init) { () throws(ItemError) in try AttributeMap(json: json) }
  }
}

/// Runs checks in the expressions' terms.
func refusingExpressions(
  _ check: () throws(ExpressionError) -> Void
) throws(ServiceError) {
  try wording(ServiceError.init, check)
}

extension [ExpressionParameter: String] {
  /// The expressions that a request gives, of those it may give.
  init(given: KeyValuePairs<ExpressionParameter, String?>) {
    self.init()
    for (parameter, text) in given {
      if let text { self[parameter] = text }
    }
  }
}
