// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import ServiceModel
import TableStore

/// What all transactions share. [DDB.transactions]
enum Transactions {
  /// The most bytes that the items of one transaction may have together.
  static let maximumByteCount = 4 << 20
}

/// Why an action of a transaction cannot be carried out.
struct ActionFault: Error {
  let refusal: ServiceError
  /// True for what refuses the whole request, false for what cancels the transaction.
  let isOfRequest: Bool

  init(_ refusal: ServiceError) { (self.refusal, isOfRequest) = (refusal, false) }

  init(_ fault: KeyFault) { (refusal, isOfRequest) = (fault.refusal, fault.isEmptyValue) }
}

extension TableImage {
  /// Where the item of a Key parameter stands.
  func position(of key: AttributeMap) -> Result<ItemKey, ActionFault> {
    do throws(KeyError) {
      return .success(try keySchema.key(exactly: key))
    } catch {
      // An empty value is worded as in a put. [DDB.transactions]
      guard case .emptyValue = error else { return .failure(ActionFault(.inKey(error))) }
      return .failure(ActionFault(KeyFault(error, .inPut(error))))
    }
  }
}

/// An item that a transaction is about: no two of its actions may be about the same.
struct TransactionTarget: Hashable {
  let table: TableID
  let key: ItemKey
}

/// What became of one action of a transaction that was cancelled.
struct CancellationReason {
  let code: String
  private let message: String?
  private let item: Document?

  /// The action could have been carried out.
  static let none = CancellationReason(code: "None", message: nil, item: nil)

  private init(code: String, message: String?, item: Document?) {
    (self.code, self.message, self.item) = (code, message, item)
  }

  /// The reason that a refusal of the action by itself would be.
  init(_ refusal: ServiceError) {
    code = refusal.shortCode
    message = refusal.message
    item = refusal.members["Item"]
  }

  /// The reason that throughput which is used up is; on demand it has words of its own.
  init(held refusal: ServiceError) {
    item = nil
    if refusal.code == "ThrottlingException" {
      code = "ThrottlingError"
      message =
        "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically "
        + "scaling your table or index so please try again shortly. If exceptions persist, check if "
        + "you have a hot key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
        + "bp-partition-key-design.html."
    } else {
      code = "ProvisionedThroughputExceeded"
      message = refusal.message
    }
  }

  var document: Document {
    var members: [(String, Document)] = [("Code", .string(code))]
    if let item { members.append(("Item", item)) }
    if let message { members.append(("Message", .string(message))) }
    return Document(members: members)
  }
}

/// What one action of a transaction demands of its table's throughput.
struct TransactedDemand {
  let table: TableID
  let meter: CapacityMeter

  /// - Parameters:
  ///   - table: Whose throughput it is.
  ///   - kind: What consumes.
  ///   - cloud: Where the table is.
  ///   - body: Adds what the action takes; not called for writes where nothing is limited.
  init(
    table: TableID, by kind: CapacityMeter.Kind, in cloud: Cloud,
    _ body: (inout CapacityMeter) -> Void
  ) {
    self.table = table
    var meter = CapacityMeter(asked: nil, by: kind, isLimited: cloud.isLimited(table))
    if meter.isLimited || kind == .transactedReads { body(&meter) }
    self.meter = meter
  }
}

extension Cloud {
  /// Takes what a transaction uses, all of it or nothing.
  ///
  /// - Throws: A cancellation that names the actions for which too little is left.
  mutating func consume(
    _ demands: [TransactedDemand], as use: ThroughputLimit.Use
  ) throws(ServiceError) {
    guard use == .read || demands.contains(where: \.meter.isLimited) else { return }
    let before = observations
    var reasons: [CancellationReason] = []
    var isHeld = false
    for demand in demands {
      do throws(ServiceError) {
        try consume(demand.meter, of: demand.table, as: use)
        reasons.append(.none)
      } catch {
        isHeld = true
        reasons.append(CancellationReason(held: error))
      }
    }
    guard isHeld else { return }
    observations = before
    throw .cancelled(reasons)
  }
}

extension ServiceError {
  /// What a refusal is called among the reasons of a cancellation and in the answers of a batch of statements.
  var shortCode: String {
    let suffix = "Exception"
    guard code != "ValidationException", code.hasSuffix(suffix) else { return "ValidationError" }
    return String(code.dropLast(suffix.count))
  }

  static func cancelled(_ reasons: [CancellationReason]) -> ServiceError {
    ServiceError(
      code: "TransactionCanceledException",
      message: "Transaction cancelled, please refer cancellation reasons for specific reasons "
        + "[\(reasons.map(\.code).joined(separator: ", "))]",
      members: ["CancellationReasons": .array(reasons.map(\.document))])
  }

  static let oneItemTwice = ServiceError.validation(
    "Transaction request cannot include multiple operations on one item")
  static let noTransactedAction = ServiceError.validation(
    "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request")
  static let severalTransactedActions = ServiceError.validation(
    "TransactItems can only contain one of Check, Put, Update or Delete")
  static let transactionTooLarge = ServiceError.validation(
    "The items of the transaction are together larger than 4 MB")
  static let otherTransaction = ServiceError(
    code: "IdempotentParameterMismatchException",
    message: "The client request token was used for another transaction in the last ten minutes")
}

/// What a transaction consumes and changes, by table in the order in which its actions name them.
struct TransactionReport {
  private struct Entry {
    let reference: TableReference
    let table: TableID
    var meter: CapacityMeter
    var collections: [ItemCollectionMetrics] = []
  }

  private let asked: String?
  private let kind: CapacityMeter.Kind
  private var entries: [Entry] = []

  /// - Parameters:
  ///   - asked: The request's ReturnConsumedCapacity.
  ///   - kind: What consumes.
  init(asked: String?, by kind: CapacityMeter.Kind) {
    self.asked = asked
    self.kind = kind
  }

  /// A meter for what is to be measured here.
  func meter(isLimited: Bool = false) -> CapacityMeter {
    CapacityMeter(asked: asked, by: kind, isLimited: isLimited)
  }

  mutating func measure(
    _ reference: TableReference, _ table: TableID, _ body: (inout CapacityMeter) -> Void
  ) {
    body(&entries[position(of: reference, table)].meter)
  }

  mutating func add(_ metrics: ItemCollectionMetrics, to table: TableID, as name: TableReference) {
    entries[position(of: name, table)].collections.append(metrics)
  }

  private mutating func position(of reference: TableReference, _ table: TableID) -> Int {
    if let known = entries.firstIndex(where: { $0.reference == reference }) { return known }
    entries.append(
      Entry(
        reference: reference, table: table, meter: meter()))
    return entries.count - 1
  }

  /// The answer's ConsumedCapacity; nil if it is not asked for.
  func capacity(in cloud: Cloud) -> [ConsumedCapacity]? {
    let reports = entries.compactMap { entry in
      entry.meter.report(
        asked, table: entry.reference.text,
        settings: cloud[entry.table.place][entry.table].settings)
    }
    return reports.isEmpty ? nil : reports
  }

  /// The answer's ItemCollectionMetrics; nil if there are none.
  var collections: OrderedEntries<[ItemCollectionMetrics]>? {
    let named = entries.filter { !$0.collections.isEmpty }
    return named.isEmpty
      ? nil : OrderedEntries(named.map { (name: $0.reference.text, value: $0.collections) })
  }
}
