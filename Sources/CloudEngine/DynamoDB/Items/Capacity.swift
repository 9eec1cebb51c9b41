// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import TableStore

/// Capacity units of requests. [DDB.capacity]
enum Capacity {
  /// Units to read so many bytes: one for each 4 KB begun, half as much if eventually consistent.
  static func read(byteCount: Int, consistent: Bool) -> Double {
    let units = Double(max(1, (byteCount + 4095) / 4096))
    return consistent ? units : units / 2
  }

  /// Units to write: one for each KB begun of the larger of the old and the new item.
  static func write(old: Item?, new: Item?) -> Double {
    Double(max(1, (max(old?.byteCount ?? 0, new?.byteCount ?? 0) + 1023) / 1024))
  }
}

/// What a request consumed, in the detail it asked for.
struct ConsumedCapacity: Encodable, Sendable {
  let tableName: String
  let total: Units
  var table: Units?
  var localSecondaryIndexes: [String: Units]?
  var globalSecondaryIndexes: [String: Units]?

  /// Units, and of which kind they are where a transaction consumed them.
  struct Units: Encodable, Sendable {
    let readCapacityUnits: Double?
    let writeCapacityUnits: Double?
    let capacityUnits: Double

    init(_ units: Double, of kind: CapacityMeter.Kind) {
      capacityUnits = units
      readCapacityUnits = kind == .transactedReads ? units : nil
      writeCapacityUnits = kind == .transactedWrites ? units : nil
    }
  }

  private enum CodingKeys: CodingKey {
    case tableName, capacityUnits, readCapacityUnits, writeCapacityUnits, table,
      localSecondaryIndexes, globalSecondaryIndexes
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tableName, forKey: .tableName)
    try container.encode(total.capacityUnits, forKey: .capacityUnits)
    try container.encodeIfPresent(total.readCapacityUnits, forKey: .readCapacityUnits)
    try container.encodeIfPresent(total.writeCapacityUnits, forKey: .writeCapacityUnits)
    try container.encodeIfPresent(table, forKey: .table)
    try container.encodeIfPresent(localSecondaryIndexes, forKey: .localSecondaryIndexes)
    try container.encodeIfPresent(globalSecondaryIndexes, forKey: .globalSecondaryIndexes)
  }
}

/// Adds up what one request consumes of one table and its indexes, if anybody wants to know.
struct CapacityMeter {
  /// What consumes: a transaction costs twice as much, and says of which kind its units are.
  /// [DDB.transactions.capacity]
  enum Kind { case single, transactedReads, transactedWrites }

  let isAsked: Bool
  let kind: Kind
  /// Whether the table's throughput is limited, so that units count though nobody asks for them.
  let isLimited: Bool
  private(set) var tableUnits = 0.0
  private(set) var indexUnits: [String: Double] = [:]

  /// - Parameters:
  ///   - asked: The request's ReturnConsumedCapacity.
  ///   - kind: What consumes.
  ///   - isLimited: Whether the table's throughput is.
  init(asked: String?, by kind: Kind = .single, isLimited: Bool = false) {
    isAsked = asked != nil && asked != "NONE"
    self.kind = kind
    self.isLimited = isLimited
  }

  /// Whether units have to be worked out.
  var isCounting: Bool { isAsked || isLimited }

  mutating func add(_ units: Double, toIndex index: String? = nil) {
    let units = kind == .single ? units : units * 2
    if let index { indexUnits[index, default: 0] += units } else { tableUnits += units }
  }

  /// Adds what another meter of the same kind has measured.
  mutating func add(_ other: CapacityMeter) {
    tableUnits += other.tableUnits
    indexUnits.merge(other.indexUnits, uniquingKeysWith: +)
  }

  /// Adds a write and the writes to each index it touches: a moved index entry costs two.
  mutating func addWrite(old: Item?, new: Item?, in image: TableImage) {
    guard isCounting else { return }
    add(Capacity.write(old: old, new: new))
    for index in image.indexes {
      let before = old.flatMap { index.entry(of: $0) }
      let after = new.flatMap { index.entry(of: $0) }
      switch (before, after) {
      case (nil, nil): continue
      case (let before?, let after?):
        guard before != after else { continue }
        let schema = index.definition.keySchema
        if schema.keyAttributes(of: before) == schema.keyAttributes(of: after) {
          add(Capacity.write(old: before, new: after), toIndex: index.definition.name)
        } else {
          add(
            Capacity.write(old: before, new: nil) + Capacity.write(old: nil, new: after),
            toIndex: index.definition.name)
        }
      case (let before, let after):
        add(Capacity.write(old: before, new: after), toIndex: index.definition.name)
      }
    }
  }

  /// The answer to `ReturnConsumedCapacity`, nil for NONE; it echoes the table as the request named it.
  func report(
    _ asked: String?, table name: String, settings: @autoclosure () -> TableSettings
  ) -> ConsumedCapacity? {
    guard isAsked else { return nil }
    let total = tableUnits + indexUnits.values.reduce(0, +)
    var result = ConsumedCapacity(tableName: name, total: .init(total, of: kind))
    guard asked == "INDEXES" else { return result }
    result.table = .init(tableUnits, of: kind)
    let local = Set(settings().localIndexes.map(\.name))
    let shown = indexUnits.mapValues { ConsumedCapacity.Units($0, of: kind) }
    let locals = shown.filter { local.contains($0.key) }
    let globals = shown.filter { !local.contains($0.key) }
    result.localSecondaryIndexes = locals.isEmpty ? nil : locals
    result.globalSecondaryIndexes = globals.isEmpty ? nil : globals
    return result
  }
}

/// The size of all items that share a partition key; only tables with local indexes have it.
struct ItemCollectionMetrics: Encodable, Sendable {
  let itemCollectionKey: Document
  let sizeEstimateRangeGB: [Double]
}

extension TableIndex {
  /// What the index holds of an item; nil for an item that has no entry in it.
  fileprivate func entry(of item: Item) -> Item? {
    (try? definition.keySchema.key(of: item)) == nil ? nil : projected(item)
  }
}
