// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import GRDB
import ItemModel
import PersistentCollections
import TableStore

/// What others take for the same items, and a table ten times as large.
enum Baselines {
  static func run(_ scale: Scale, _ report: inout Report) throws {
    try sqlite(scale, &report)
    large(scale, &report)
  }

  /// A table in SQLite, in memory, all in one transaction: no log, no disk, no past.
  private static func sqlite(_ scale: Scale, _ report: inout Report) throws {
    let count = scale.size(1_000_000, smoke: 20_000)
    report.section("The same \(count) items in an SQLite table in memory")
    let items = Samples.items(count).map { (Data(Array($0.key.bytes)), Data($0.item.encoded)) }
    let order = Samples.shuffled(count)
    let queue = try DatabaseQueue()
    try queue.write { db in
      try db.execute(
        sql: "CREATE TABLE item (key BLOB PRIMARY KEY, item BLOB NOT NULL) WITHOUT ROWID, STRICT")
      let put = try db.makeStatement(sql: "INSERT OR REPLACE INTO item VALUES (?, ?)")
      func putAll(_ order: [Int]) throws -> Double {
        try seconds {
          for number in order { try put.execute(arguments: [items[number].0, items[number].1]) }
        }
      }
      report.add(Row("insert", rate(try putAll(order), count)))
      report.add(Row("update", rate(try putAll(Samples.shuffled(count, seed: 2)), count)))
      let get = try db.makeStatement(sql: "SELECT item FROM item WHERE key = ?")
      var found = 0
      let time = try seconds {
        for number in order {
          if try Data.fetchOne(get, arguments: [items[number].0]) != nil { found += 1 }
        }
      }
      guard found == count else { throw DatabaseError(message: "items are missing") }
      report.add(Row("get", rate(time, count)))
    }
  }

  /// What a table of ten million takes.
  private static func large(_ scale: Scale, _ report: inout Report) {
    let count = scale.size(10_000_000, smoke: 50_000)
    report.section("One table of \(count) items")
    let before = heapByteCount()
    var image = TableImage(keySchema: Samples.schema)
    let order = Samples.shuffled(count)
    let time = seconds {
      for number in order { _ = try? image.put(Samples.item(number)) }
    }
    let bytes = Double(heapByteCount() - before) - Double(count * MemoryLayout<Int>.stride)
    report.add(
      Row(
        "memory", goal: "≤ 3.2 GB", "\(rounded(bytes / 1e9)) GB",
        beside: "made and inserted at \(rate(time, count))",
        isMet: bytes <= 320 * Double(count)))
    precondition(image.count == count, "Every item has a key of its own.")
  }
}
