// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import TableStore

/// The writes of a transaction that can be carried out, in the order of its actions.
struct WriteTransaction {
  private let references: [TableReference]
  private let writes: [TransactedWrite]

  /// - Parameters:
  ///   - outcomes: What each action comes to by itself, or why it cannot be carried out.
  ///   - references: The tables as the request names them.
  /// - Throws: A cancellation with the reasons of all actions, unless all can be carried out; a validation error when
  ///   they are too large together.
  init(
    _ outcomes: [Result<TransactedWrite, ServiceError>], of references: [TableReference]
  ) throws(ServiceError) {
    self.references = references
    writes = try outcomes.orCancelled()
    let byteCount = writes.reduce(0) { $0 + ($1.new ?? $1.old ?? $1.shown).byteCount }
    guard byteCount <= Transactions.maximumByteCount else { throw .transactionTooLarge }
  }

  /// Carries the transaction out and says what it consumed.
  ///
  /// - Throws: A cancellation if too little throughput is left; every other refusal is behind it.
  func commit(
    in cloud: inout Cloud, for caller: Caller, noting use: TransactionTokens.Use?, asked: String?,
    metrics: String? = nil
  ) throws(ServiceError) -> TransactionReport {
    try cloud.consume(
      writes.map { write in
        TransactedDemand(table: write.table, by: .transactedWrites, in: cloud) {
          $0.addWrite(
            old: write.old, new: write.measured,
            in: cloud[write.table.place][write.table].store.image)
        }
      }, as: .write)
    // Every refusal is above this line.
    if let use { cloud[caller.place].transactionTokens.note(use) }
    var report = TransactionReport(asked: asked, by: .transactedWrites)
    for (reference, write) in zip(references, writes) {
      let table = cloud[write.table.place][write.table]
      report.measure(reference, write.table) {
        $0.addWrite(old: write.old, new: write.measured, in: table.store.image)
      }
      if let metrics, write.isWrite,
        let collection = table.collectionMetrics(metrics, of: write.shown)
      {
        report.add(collection, to: write.table, as: reference)
      }
    }
    for write in writes where write.isWrite && (write.new != nil || write.old != nil) {
      cloud.write(write.new, at: write.key, of: write.table, isTransacted: true)
    }
    return report
  }
}

extension [Result<TransactedWrite, ServiceError>] {
  fileprivate func orCancelled() throws(ServiceError) -> [TransactedWrite] {
    var writes: [TransactedWrite] = []
    var reasons: [CancellationReason] = []
    for outcome in self {
      switch outcome {
      case .success(let write):
        writes.append(write)
        reasons.append(.none)
      case .failure(let refusal): reasons.append(CancellationReason(refusal))
      }
    }
    guard writes.count == count else { throw .cancelled(reasons) }
    return writes
  }
}

/// An item that a transaction reads: its table, and where it stands there.
struct TransactedPlace {
  let reference: TableReference
  let table: TableID
  /// Nil where a transaction that was carried out once names an item by a key the table no longer takes.
  let key: ItemKey?
}

extension Cloud {
  /// What transacted reads find, and what they cost.
  func transactedReads(
    of places: [TransactedPlace], asked: String?
  ) -> (items: [Item?], report: TransactionReport) {
    var report = TransactionReport(asked: asked, by: .transactedReads)
    var items: [Item?] = []
    for place in places {
      let item = place.key.flatMap { self[place.table.place][place.table].store.image.item($0) }
      report.measure(place.reference, place.table) {
        $0.add(Capacity.read(byteCount: item?.byteCount ?? 0, consistent: true))
      }
      items.append(item)
    }
    return (items, report)
  }

  /// Takes what transacted reads use.
  ///
  /// - Throws: A cancellation that names the reads for which too little is left.
  mutating func consumeReads(
    of places: [TransactedPlace], finding items: [Item?]
  ) throws(ServiceError) {
    try consume(
      zip(places, items).map { place, item in
        TransactedDemand(table: place.table, by: .transactedReads, in: self) {
          $0.add(Capacity.read(byteCount: item?.byteCount ?? 0, consistent: true))
        }
      }, as: .read)
  }
}
