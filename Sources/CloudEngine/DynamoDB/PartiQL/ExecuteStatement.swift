// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
import ItemModel

/// Reads items, or writes one, as a statement of PartiQL says. [DDB.partiql]
package struct ExecuteStatement: DynamoDBOperation {
  let statement: String
  let parameters: [Document]?
  let consistentRead: Bool?
  let nextToken: String?
  let returnConsumedCapacity: String?
  let limit: Int?
  let returnValuesOnConditionCheckFailure: String?

  package static var isManagementEvent: Bool { false }

  package static func isReadOnly(_ input: Document) -> Bool {
    input["Statement"]?.string.map(PartiQLStatement.isRead) ?? true
  }

  package struct Output: Encodable, Sendable {
    let items: [Document]
    let nextToken: String?
    let consumedCapacity: ConsumedCapacity?
    let lastEvaluatedKey: Document?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let read = try PartiQLStatement.requested(statement, try .requested(parameters))
    let token = StatementToken(of: statement, parameters: parameters)
    let position = try nextToken.map { (text) throws(ServiceError) in try token.position(in: text) }
    let reference = TableReference(read.table)
    let table = try cloud.itemTable(reference, for: caller)
    var meter = CapacityMeter(
      asked: returnConsumedCapacity, isLimited: cloud.isLimited(table))
    var page = StatementRead.Page()
    if case .select(let selection) = read.action {
      page = try StatementRead(
        read, selection, in: cloud[caller.place][table], isConsistent: consistentRead ?? false
      ).page(limit: limit, from: position, meter: &meter)
      try cloud.consume(meter, of: table, as: .read)
    } else {
      guard position == nil else { throw .otherStatementToken }
      let item = try StatementWrite(
        read, to: table, as: reference, showing: returnValuesOnConditionCheckFailure, in: cloud
      ).perform(in: &cloud, meter: &meter)
      page.items = item.map { [$0] } ?? []
    }
    return Output(
      items: page.items, nextToken: page.next.map(token.text(of:)),
      consumedCapacity: meter.report(
        returnConsumedCapacity, table: reference.text,
        settings: cloud[caller.place][table].settings),
      lastEvaluatedKey: page.next?.after?.json)
  }
}
