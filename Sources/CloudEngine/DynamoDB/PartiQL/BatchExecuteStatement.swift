// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
import ItemModel

/// Reads or writes up to 25 items by statements, each by itself: there is no all-or-nothing. [DDB.partiql.batch]
package struct BatchExecuteStatement: DynamoDBOperation {
  let statements: [Element]
  let returnConsumedCapacity: String?

  package static var isManagementEvent: Bool { false }

  package static func isReadOnly(_ input: Document) -> Bool {
    PartiQLStatement.areReads(input["Statements"])
  }

  struct Element: Decodable, Sendable {
    let statement: String
    let parameters: [Document]?
    let consistentRead: Bool?
    let returnValuesOnConditionCheckFailure: String?
  }

  package struct Output: Encodable, Sendable {
    let responses: [Response]
    let consumedCapacity: [ConsumedCapacity]?
  }

  package struct Response: Encodable, Sendable {
    var error: Fault?
    /// The table, unless the statement was refused before it got there.
    var tableName: String?
    var item: Document?
  }

  struct Fault: Encodable, Sendable {
    let code: String
    let message: String
    let item: Document?

    init(_ refusal: ServiceError) {
      code = refusal.shortCode
      message = refusal.message
      item = refusal.members["Item"]
    }
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let read = try understood()
    let kinds = Set(read.compactMap { try? $0.get().isRead })
    guard kinds.count < 2 else { throw .mixedStatements(in: Self.name) }
    // Every refusal of the whole request is above this line.
    var report = TransactionReport(asked: returnConsumedCapacity, by: .single)
    var responses: [Response] = []
    for (element, statement) in zip(statements, read) {
      var response = Response()
      do throws(ServiceError) {
        try element.perform(
          try statement.get(), in: &cloud, as: caller, response: &response, report: &report)
      } catch {
        response.error = Fault(error)
      }
      responses.append(response)
    }
    return Output(responses: responses, consumedCapacity: report.capacity(in: cloud))
  }

  /// The statements that can be read, and why the others cannot.
  ///
  /// - Throws: A serialization error, which refuses the whole request.
  private func understood() throws(ServiceError) -> [Result<PartiQLStatement, ServiceError>] {
    var read: [Result<PartiQLStatement, ServiceError>] = []
    for element in statements {
      do throws(ServiceError) {
        read.append(
          .success(try .requested(element.statement, try .requested(element.parameters))))
      } catch {
        guard error.code != "SerializationException" else { throw error }
        read.append(.failure(error))
      }
    }
    return read
  }
}

extension BatchExecuteStatement.Element {
  fileprivate func perform(
    _ statement: PartiQLStatement, in cloud: inout Cloud, as caller: Caller,
    response: inout BatchExecuteStatement.Response, report: inout TransactionReport
  ) throws(ServiceError) {
    let reference = TableReference(statement.table)
    let table = try cloud.itemTable(reference, for: caller)
    var meter = report.meter(isLimited: cloud.isLimited(table))
    if case .select(let selection) = statement.action {
      let read = try StatementRead(
        statement, selection, in: cloud[caller.place][table], isConsistent: consistentRead ?? false)
      guard read.isOfOneItem else {
        throw .readNeedsKey(in: BatchExecuteStatement.name)
      }
      response.tableName = reference.text
      let page = try read.page(limit: nil, from: nil, meter: &meter)
      try cloud.consume(meter, of: table, as: .read)
      response.item = page.items.first
    } else {
      let write = try StatementWrite(
        statement, to: table, as: reference, showing: returnValuesOnConditionCheckFailure,
        in: cloud)
      response.tableName = reference.text
      response.item = try write.perform(in: &cloud, meter: &meter)
    }
    report.measure(reference, table) { $0.add(meter) }
  }
}
