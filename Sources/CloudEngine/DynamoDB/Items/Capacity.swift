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
  let capacityUnits: Double
  var table: Units?
  var localSecondaryIndexes: [String: Units]?
  var globalSecondaryIndexes: [String: Units]?

  struct Units: Encodable, Sendable { let capacityUnits: Double }
}

/// Adds up what one request consumes of one table and its indexes, if the request asks for it.
struct CapacityMeter {
  let isAsked: Bool
  private(set) var tableUnits = 0.0
  private(set) var indexUnits: [String: Double] = [:]

  /// - Parameter asked: The request's ReturnConsumedCapacity.
  init(asked: String?) { isAsked = asked != nil && asked != "NONE" }

  mutating func add(_ units: Double, toIndex index: String? = nil) {
    if let index { indexUnits[index, default: 0] += units } else { tableUnits += units }
  }

  /// Adds a write and the writes to each index it touches: a moved index entry costs two.
  mutating func addWrite(old: Item?, new: Item?, in image: TableImage) {
    guard isAsked else { return }
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
    var result = ConsumedCapacity(tableName: name, capacityUnits: total)
    guard asked == "INDEXES" else { return result }
    result.table = .init(capacityUnits: tableUnits)
    let local = Set(settings().localIndexes.map(\.name))
    let shown = indexUnits.mapValues(ConsumedCapacity.Units.init)
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
