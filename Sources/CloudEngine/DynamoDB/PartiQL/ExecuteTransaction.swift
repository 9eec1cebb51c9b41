// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
package import Documents
import ItemModel
import TableStore

/// Reads or writes up to 100 items by statements, all together or not at all. [DDB.partiql.transactions]
package struct ExecuteTransaction: DynamoDBOperation {
  let transactStatements: [Element]
  let clientRequestToken: String?
  let returnConsumedCapacity: String?

  package static var isManagementEvent: Bool { false }

  package static func isReadOnly(_ input: Document) -> Bool {
    PartiQLStatement.areReads(input["TransactStatements"])
  }

  struct Element: Decodable, Sendable {
    let statement: String
    let parameters: [Document]?
    let returnValuesOnConditionCheckFailure: String?
  }

  package struct Output: Encodable, Sendable {
    let responses: [Response]
    let consumedCapacity: [ConsumedCapacity]?
  }

  /// An item; nothing for one that is not there.
  package struct Response: Encodable, Sendable { let item: Document? }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let statements = try understood()
    guard Set(statements.map(\.isRead)).count == 1 else {
      throw .mixedStatements(in: Self.name)
    }
    var tables: [Result<TableID, ServiceError>] = []
    for (index, statement) in statements.enumerated() {
      do throws(ServiceError) {
        let table = try cloud.itemTable(TableReference(statement.table), for: caller)
        try validating(index) { () throws(ServiceError) in
          try statement.requireTransactable(in: cloud[caller.place][table])
        }
        tables.append(.success(table))
      } catch {
        guard error.code == ServiceError.tableNotFoundByItems.code else { throw error }
        tables.append(.failure(error))
      }
    }
    try cloud.requireTransactable(tables.compactMap { try? $0.get() })
    return statements[0].isRead
      ? try read(statements, tables, in: &cloud)
      : try write(statements, tables, in: &cloud, for: caller)
  }

  /// The statements; the parameters of all are looked at before the text of any.
  private func understood() throws(ServiceError) -> [PartiQLStatement] {
    var parameters: [[AttributeValue]] = []
    for element in transactStatements { parameters.append(try .requested(element.parameters)) }
    var statements: [PartiQLStatement] = []
    for (index, element) in transactStatements.enumerated() {
      statements.append(
        try validating(index) { () throws(ServiceError) in
          try .requested(element.statement, parameters[index])
        })
    }
    return statements
  }

  /// Says which statement a refusal of the whole request is about.
  private func validating<T>(
    _ index: Int, _ body: () throws(ServiceError) -> T
  ) throws(ServiceError) -> T {
    do {
      return try body()
    } catch {
      throw .validation("Validation failed in TransactStatements[\(index)]: \(error.message)")
    }
  }

  /// What tells these statements from others.
  private var digest: SHA256Digest {
    let statements = transactStatements.map { element in
      Document.array([
        .string(element.statement), .array(element.parameters ?? []),
        element.returnValuesOnConditionCheckFailure.map(Document.string) ?? .null,
      ])
    }
    return Digests.digest(of: Document.array(statements).json())
  }
}

// MARK: - Reads

extension ExecuteTransaction {
  private func read(
    _ statements: [PartiQLStatement], _ tables: [Result<TableID, ServiceError>],
    in cloud: inout Cloud
  ) throws(ServiceError) -> Output {
    var places: [TransactedPlace] = []
    var reasons: [CancellationReason] = []
    for (statement, table) in zip(statements, tables) {
      do throws(ServiceError) {
        let table = try table.get()
        let image = cloud[table.place][table].store.image
        let key = StatementRead.soleKey(of: statement, in: image) ?? AttributeMap()
        let position = image.position(of: key)
        if case .failure(let fault) = position { throw fault.refusal }
        places.append(
          TransactedPlace(
            reference: TableReference(statement.table), table: table, key: try? position.get()))
        reasons.append(.none)
      } catch {
        reasons.append(CancellationReason(error))
      }
    }
    guard places.count == statements.count else { throw .cancelled(reasons) }
    try places.requireDistinct()
    let (items, report) = cloud.transactedReads(of: places, asked: returnConsumedCapacity)
    guard items.reduce(0, { $0 + ($1?.byteCount ?? 0) }) <= Transactions.maximumByteCount else {
      throw .transactionTooLarge
    }
    try cloud.consumeReads(of: places, finding: items)
    let responses = zip(items, statements).map { item, statement in
      Response(item: item.map { statement.shown($0.attributes).json })
    }
    return Output(responses: responses, consumedCapacity: report.capacity(in: cloud))
  }
}

extension [TransactedPlace] {
  /// Refuses a transaction two of whose statements are about one item.
  fileprivate func requireDistinct() throws(ServiceError) {
    var targets: Set<TransactionTarget> = []
    for place in self {
      guard let key = place.key,
        targets.insert(TransactionTarget(table: place.table, key: key)).inserted
      else { throw .oneItemTwice }
    }
  }
}

extension PartiQLStatement {
  /// Whether all statements of a request's list read.
  static func areReads(_ list: Document?) -> Bool {
    (list?.array ?? []).allSatisfy { $0["Statement"]?.string.map(isRead) ?? true }
  }

  fileprivate func shown(_ item: AttributeMap) -> AttributeMap {
    if case .select(let selection) = action { selection.project(item) } else { item }
  }

  /// Refuses what the statement may be elsewhere and not in a transaction.
  fileprivate func requireTransactable(in table: Table) throws(ServiceError) {
    guard returning == nil else {
      throw .validation("RETURNING clause is not supported in ExecuteTransaction.")
    }
    guard case .select(let selection) = action else {
      guard index == nil else { throw .validation("This operation is not supported on an index") }
      return
    }
    guard index == nil else {
      throw .validation("Reads on indices are not supported within transactions.")
    }
    guard StatementRead.soleKey(of: self, in: table.store.image) == nil else { return }
    // What is wrong with a read anyway comes before that it is none of one item.
    _ = try StatementRead(self, selection, in: table, isConsistent: true)
    throw .readNeedsKey(in: ExecuteTransaction.name)
  }
}

// MARK: - Writes

extension ExecuteTransaction {
  private func write(
    _ statements: [PartiQLStatement], _ tables: [Result<TableID, ServiceError>],
    in cloud: inout Cloud, for caller: Caller
  ) throws(ServiceError) -> Output {
    var actions: [Result<(TransactedAction, TransactedPlace), ServiceError>] = []
    for (index, statement) in statements.enumerated() {
      actions.append(try action(index, statement, tables[index], in: cloud))
    }
    let places = actions.compactMap { try? $0.get().1 }
    let use = clientRequestToken.map {
      TransactionTokens.Use(token: $0, digest: digest, at: cloud.now)
    }
    if let use, let earlier = cloud[caller.place].transactionTokens?.earlier(than: use) {
      guard earlier.digest == use.digest else { throw .otherTransaction }
      let report = cloud.transactedReads(of: places, asked: returnConsumedCapacity).report
      return Output(responses: [], consumedCapacity: report.capacity(in: cloud))
    }
    if places.count == statements.count { try places.requireDistinct() }
    let outcomes = zip(statements, actions).map { statement, action in
      action.flatMap { action, place in Self.outcome(of: action, at: place, statement, in: cloud) }
    }
    let transaction = try WriteTransaction(
      outcomes, of: statements.map { TableReference($0.table) })
    let report = try transaction.commit(
      in: &cloud, for: caller, noting: use, asked: returnConsumedCapacity)
    return Output(responses: [], consumedCapacity: report.capacity(in: cloud))
  }

  /// What a statement does and where.
  ///
  /// - Throws: What refuses the whole request; the rest are reasons of a cancellation.
  private func action(
    _ index: Int, _ statement: PartiQLStatement, _ table: Result<TableID, ServiceError>,
    in cloud: Cloud
  ) throws(ServiceError) -> Result<(TransactedAction, TransactedPlace), ServiceError> {
    let reference = TableReference(statement.table)
    let element = transactStatements[index]
    let id: TableID
    switch table {
    case .success(let found): id = found
    case .failure(let refusal): return .failure(refusal)
    }
    let image = cloud[id.place][id].store.image
    let action: TransactedAction
    do throws(ServiceError) {
      action = try statement.action(
        in: image, of: reference, showing: element.returnValuesOnConditionCheckFailure,
        missing: .keyDoesNotMatchSchema)
    } catch {
      // A condition of no single item is no condition at all; a write of none is a reason.
      guard case .exists = statement.action else { return .failure(error) }
      return try validating(index) { () throws(ServiceError) in throw error }
    }
    switch action.position(in: image) {
    case .success(let key):
      return .success((action, TransactedPlace(reference: reference, table: id, key: key)))
    case .failure(let fault):
      if fault.isOfRequest { throw fault.refusal }
      return .failure(fault.refusal)
    }
  }

  private static func outcome(
    of action: TransactedAction, at place: TransactedPlace, _ statement: PartiQLStatement,
    in cloud: Cloud
  ) -> Result<TransactedWrite, ServiceError> {
    guard let key = place.key else { return .failure(.keyDoesNotMatchSchema) }
    do throws(ActionFault) {
      return .success(
        try action.write(
          at: key, of: place.table, in: cloud[place.table.place][place.table].store.image))
    } catch {
      return .failure(statement.refusal(for: error.refusal))
    }
  }
}
