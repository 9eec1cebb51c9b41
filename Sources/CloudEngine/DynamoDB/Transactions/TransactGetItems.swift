// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import ServiceModel
import TableStore

/// Reads up to 100 items as they stand at one moment. [DDB.transactions]
package struct TransactGetItems: DynamoDBOperation {
  let transactItems: [Element]
  let returnConsumedCapacity: String?

  package static var isReadOnly: Bool { true }
  package static var isManagementEvent: Bool { false }

  struct Element: Decodable, Sendable { let get: Get }

  struct Get: Decodable, Sendable {
    let key: Document
    let tableName: TableReference
    let projectionExpression: String?
    let expressionAttributeNames: Document?
  }

  package struct Output: Encodable, Sendable {
    let consumedCapacity: [ConsumedCapacity]?
    let responses: [Response]
  }

  /// An item; nothing for one that is not there.
  package struct Response: Encodable, Sendable { let item: Document? }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let gets = transactItems.map(\.get)
    var understood: [(key: AttributeMap, expressions: BoundExpressions)] = []
    for get in gets {
      understood.append(
        (
          key: try AttributeMap.requested(get.key),
          expressions: try ExpressionRequest(
            accepting: ExpressionRequest.getItem,
            texts: [ExpressionParameter: String](given: [.projection: get.projectionExpression]),
            names: get.expressionAttributeNames
          ).bound()
        ))
    }
    var tables: [TableID] = []
    for get in gets { tables.append(try cloud.itemTable(get.tableName, for: caller)) }
    try cloud.requireTransactable(tables)
    let positions = try positions(of: understood.map(\.key), in: tables, of: cloud)
    let places = positions.indices.map {
      TransactedPlace(reference: gets[$0].tableName, table: tables[$0], key: positions[$0])
    }
    let (items, report) = cloud.transactedReads(of: places, asked: returnConsumedCapacity)
    guard items.reduce(0, { $0 + ($1?.byteCount ?? 0) }) <= Transactions.maximumByteCount else {
      throw .transactionTooLarge
    }
    let responses = zip(items, understood).map { item, get in
      Response(
        item: item.map { get.expressions.projection?.project($0.attributes).json ?? $0.json })
    }
    try cloud.consumeReads(of: places, finding: items)
    return Output(consumedCapacity: report.capacity(in: cloud), responses: responses)
  }

  private func positions(
    of keys: [AttributeMap], in tables: [TableID], of cloud: Cloud
  ) throws(ServiceError) -> [ItemKey] {
    var targets: Set<TransactionTarget> = []
    var positions: [ItemKey] = []
    var reasons: [CancellationReason] = []
    for (key, table) in zip(keys, tables) {
      switch cloud[table.place][table].store.image.position(of: key) {
      case .success(let position):
        guard targets.insert(TransactionTarget(table: table, key: position)).inserted else {
          throw .oneItemTwice
        }
        positions.append(position)
        reasons.append(.none)
      case .failure(let fault):
        if fault.isOfRequest { throw fault.refusal }
        reasons.append(CancellationReason(fault.refusal))
      }
    }
    guard positions.count == keys.count else { throw .cancelled(reasons) }
    return positions
  }
}
