// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import Documents
import ItemModel
import ServiceModel
import TableStore

/// Writes up to 100 items together, or none of them. [DDB.transactions]
package struct TransactWriteItems: DynamoDBOperation {
  let transactItems: [Element]
  let returnConsumedCapacity: String?
  let returnItemCollectionMetrics: String?
  let clientRequestToken: String?

  package static var isManagementEvent: Bool { false }

  /// Exactly one of these.
  struct Element: Decodable, Sendable {
    let conditionCheck: AtKey?
    let put: Put?
    let delete: AtKey?
    let update: Update?
  }

  struct Put: Decodable, Sendable {
    let item: Document
    let tableName: TableReference
    let conditionExpression: String?
    let expressionAttributeNames: Document?
    let expressionAttributeValues: Document?
    let returnValuesOnConditionCheckFailure: String?
  }

  /// A deletion, or a check of a condition.
  struct AtKey: Decodable, Sendable {
    let key: Document
    let tableName: TableReference
    let conditionExpression: String?
    let expressionAttributeNames: Document?
    let expressionAttributeValues: Document?
    let returnValuesOnConditionCheckFailure: String?
  }

  struct Update: Decodable, Sendable {
    let key: Document
    let updateExpression: String
    let tableName: TableReference
    let conditionExpression: String?
    let expressionAttributeNames: Document?
    let expressionAttributeValues: Document?
    let returnValuesOnConditionCheckFailure: String?
  }

  package struct Output: Encodable, Sendable {
    let consumedCapacity: [ConsumedCapacity]?
    let itemCollectionMetrics: OrderedEntries<[ItemCollectionMetrics]>?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    var actions: [TransactedAction] = []
    for element in transactItems { actions.append(try TransactedAction(element)) }
    var tables: [TableID] = []
    for action in actions { tables.append(try cloud.itemTable(action.table, for: caller)) }
    try cloud.requireTransactable(tables)
    let use = clientRequestToken.map {
      TransactionTokens.Use(token: $0, digest: digest, at: cloud.now)
    }
    if let use, let earlier = cloud[caller.place].transactionTokens?.earlier(than: use) {
      guard earlier.digest == use.digest else { throw .otherTransaction }
      return replay(actions, of: tables, in: cloud)
    }
    let transaction = try prepare(actions, of: tables, in: cloud)
    let report = try transaction.commit(
      in: &cloud, for: caller, noting: use, asked: returnConsumedCapacity,
      metrics: returnItemCollectionMetrics)
    return Output(
      consumedCapacity: report.capacity(in: cloud),
      itemCollectionMetrics: report.collections)
  }

  /// What tells these actions from others; the order of members and attributes does not.
  private var digest: SHA256Digest {
    let actions = transactItems.flatMap(\.actions).map(\.document)
    return Digests.digest(of: Document.array(actions).inNameOrder.json())
  }

  /// What the actions come to, each by itself.
  ///
  /// - Throws: A validation error for what no state of the items could mend; a cancellation with the
  ///   reasons of all actions otherwise.
  private func prepare(
    _ actions: [TransactedAction], of tables: [TableID], in cloud: Cloud
  ) throws(ServiceError) -> WriteTransaction {
    var targets: Set<TransactionTarget> = []
    var positions: [Result<ItemKey, ActionFault>] = []
    for (action, table) in zip(actions, tables) {
      let position = action.position(in: cloud[table.place][table].store.image)
      switch position {
      case .success(let key):
        guard targets.insert(TransactionTarget(table: table, key: key)).inserted else {
          throw .oneItemTwice
        }
      case .failure(let fault): if fault.isOfRequest { throw fault.refusal }
      }
      positions.append(position)
    }
    var outcomes: [Result<TransactedWrite, ServiceError>] = []
    for (index, action) in actions.enumerated() {
      let table = tables[index]
      do throws(ActionFault) {
        let key = try positions[index].get()
        outcomes.append(
          .success(try action.write(at: key, of: table, in: cloud[table.place][table].store.image)))
      } catch {
        if error.isOfRequest { throw error.refusal }
        outcomes.append(.failure(error.refusal))
      }
    }
    return try WriteTransaction(outcomes, of: actions.map(\.table))
  }

  /// The answer to a transaction that was carried out before: what reading its items costs.
  private func replay(
    _ actions: [TransactedAction], of tables: [TableID], in cloud: Cloud
  ) -> Output {
    let places = zip(actions, tables).map { action, table in
      TransactedPlace(
        reference: action.table, table: table,
        key: try? action.position(in: cloud[table.place][table].store.image).get())
    }
    return Output(
      consumedCapacity: cloud.transactedReads(of: places, asked: returnConsumedCapacity).report
        .capacity(in: cloud),
      itemCollectionMetrics: nil)
  }
}

extension TransactWriteItems {
  enum Kind: String { case check, put, delete, update }

  /// An action of any kind.
  struct Action {
    let kind: Kind
    let table: TableReference
    /// The item of a put; the key of another action.
    let attributes: Document
    let update: String?
    let condition: String?
    let names: Document?
    let values: Document?
    let returnValues: String?

    /// The members again as one document.
    fileprivate var document: Document {
      let texts = [kind.rawValue, table.text, update, condition, returnValues]
      return .array(
        [attributes, names ?? .null, values ?? .null]
          + texts.map { $0.map(Document.string) ?? .null })
    }
  }
}

extension TransactWriteItems.Element {
  /// What is asked for, which should be one action.
  var actions: [TransactWriteItems.Action] {
    let keyed: [(TransactWriteItems.Kind, TransactWriteItems.AtKey?)] = [
      (.check, conditionCheck), (.delete, delete),
    ]
    var actions = keyed.compactMap { kind, action in
      action.map {
        TransactWriteItems.Action(
          kind: kind, table: $0.tableName, attributes: $0.key, update: nil,
          condition: $0.conditionExpression, names: $0.expressionAttributeNames,
          values: $0.expressionAttributeValues,
          returnValues: $0.returnValuesOnConditionCheckFailure)
      }
    }
    if let put {
      actions.append(
        .init(
          kind: .put, table: put.tableName, attributes: put.item, update: nil,
          condition: put.conditionExpression, names: put.expressionAttributeNames,
          values: put.expressionAttributeValues,
          returnValues: put.returnValuesOnConditionCheckFailure))
    }
    if let update {
      actions.append(
        .init(
          kind: .update, table: update.tableName, attributes: update.key,
          update: update.updateExpression, condition: update.conditionExpression,
          names: update.expressionAttributeNames, values: update.expressionAttributeValues,
          returnValues: update.returnValuesOnConditionCheckFailure))
    }
    return actions
  }
}

extension Document {
  /// The document with the members of every object in the order of their names.
  fileprivate var inNameOrder: Document {
    switch self {
    case .array(let elements): .array(elements.map(\.inNameOrder))
    case .object:
      Document(
        members: members.sorted { $0.name < $1.name }.map { ($0.name, $0.value.inNameOrder) })
    default: self
    }
  }
}
