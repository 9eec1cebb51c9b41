// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import TableStore

extension PartiQLStatement {
  /// What the statement does to its one item, in the terms of a transaction.
  ///
  /// An INSERT meets no item, an UPDATE meets one, a DELETE meets none or one; all but an INSERT ask it what the rest
  /// of their WHERE says. [DDB.partiql.writes]
  ///
  /// - Parameters:
  ///   - image: The statement's table.
  ///   - reference: Its name.
  ///   - returnValues: The request's ReturnValuesOnConditionCheckFailure.
  ///   - missed: What is thrown when the WHERE does not name one item.
  /// - Returns: The action, which finds its item when it is asked for its position.
  /// - Throws: `missed`, and what the statement may not do to the table.
  func action(
    in image: TableImage, of reference: TableReference, showing returnValues: String?,
    missing missed: ServiceError
  ) throws(ServiceError) -> TransactedAction {
    guard index == nil else { throw .validation("This operation is not supported on an index") }
    let schema = image.keySchema
    guard let partition = schema.partition.first?.name else { throw missed }
    let found = ConditionExpression.exists(partition)
    let rest = condition?.expression
    let kind: TransactWriteItems.Kind
    let attributes: AttributeMap
    var expressions = BoundExpressions(update: nil, condition: rest)
    switch action {
    case .insert(let item):
      (kind, attributes) = (.put, item)
      expressions = BoundExpressions(update: nil, condition: .isMissing(partition))
    case .update(let update, _):
      (kind, attributes) = (.update, try key(on: schema, missing: missed))
      expressions = BoundExpressions(update: update, condition: rest.map(found.and) ?? found)
    case .delete:
      (kind, attributes) = (.delete, try key(on: schema, missing: missed))
      let absent = ConditionExpression.isMissing(partition)
      expressions = BoundExpressions(update: nil, condition: rest.map(absent.or))
    case .exists:
      (kind, attributes) = (.check, try checkedKey(on: schema))
      expressions = BoundExpressions(update: nil, condition: rest.map(found.and))
    case .select: throw missed
    }
    return try TransactedAction(
      kind, of: reference, at: attributes, expressions: expressions, returnValues: returnValues)
  }

  private func key(
    on schema: KeySchema, missing missed: ServiceError
  ) throws(ServiceError) -> AttributeMap {
    let key = try condition.flatMap { (condition) throws(ServiceError) in
      try wording(ServiceError.init) { () throws(ExpressionError) in try condition.key(on: schema) }
    }
    guard let key else { throw missed }
    return key.attributes
  }

  private func checkedKey(on schema: KeySchema) throws(ServiceError) -> AttributeMap {
    let key = try condition.flatMap { (condition) throws(ServiceError) in
      try wording(ServiceError.init) { () throws(ExpressionError) in
        try condition.key(on: schema, takingFirst: true)
      }
    }
    guard let key, !key.isAll else {
      throw .validation("EXISTS() must contain a single item read with additional condition")
    }
    return key.attributes
  }

  /// What the statement answers of the item it changed; nil for nothing.
  func returned(old: Item?, new: Item?) -> Document? {
    guard let returning else { return nil }
    let item = returning == .allOld || returning == .modifiedOld ? old : new
    guard var shown = item?.attributes else { return nil }
    if case .update(let update, _) = action,
      returning == .modifiedOld || returning == .modifiedNew
    {
      shown = update.targets.project(shown)
    }
    // Not `nil` in one expression with a document, which can be written so too.
    guard !shown.isEmpty else { return nil }
    return shown.json
  }
}

/// A statement that writes, with its table.
struct StatementWrite {
  private let statement: PartiQLStatement
  private let table: TableID
  private let action: TransactedAction

  /// - Throws: A validation error for what names not one item of a table, or nothing that can stand by itself.
  init(
    _ statement: PartiQLStatement, to table: TableID, as reference: TableReference,
    showing returnValues: String?, in cloud: Cloud
  ) throws(ServiceError) {
    if case .exists = statement.action {
      throw .validation("EXISTS can only be used in ExecuteTransaction write requests.")
    }
    self.statement = statement
    self.table = table
    action = try statement.action(
      in: cloud[table.place][table].store.image, of: reference, showing: returnValues,
      missing: .keyNotDemanded)
  }

  /// Carries the statement out, by itself.
  ///
  /// - Returns: What it answers of its item.
  /// - Throws: A refusal, before anything is changed.
  func perform(in cloud: inout Cloud, meter: inout CapacityMeter) throws(ServiceError) -> Document?
  {
    let image = cloud[table.place][table].store.image
    let write: TransactedWrite
    do throws(ActionFault) {
      write = try action.write(at: try action.position(in: image).get(), of: table, in: image)
    } catch {
      throw statement.refusal(for: error.refusal)
    }
    meter.addWrite(old: write.old, new: write.new, in: image)
    try cloud.consume(meter, of: table, as: .write)
    // Every refusal is above this line. An image held beyond it would make the write copy nodes.
    _ = consume image
    if write.new != nil || write.old != nil { cloud.write(write.new, at: write.key, of: table) }
    return statement.returned(old: write.old, new: write.new)
  }
}

extension PartiQLStatement {
  /// The words for a condition that failed: an INSERT has its own.
  func refusal(for refusal: ServiceError) -> ServiceError {
    guard case .insert = action, refusal.code == ServiceError.conditionFailed(showing: nil).code
    else { return refusal }
    return .duplicateItem
  }
}
