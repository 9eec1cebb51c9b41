// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import Simulation
import TableStore

/// A table's past: what it costs to keep, and to go back to.
enum Histories {
  static func run(_ scale: Scale, _ report: inout Report) {
    for count in scale.isSmoke ? [1_000, 10_000] : [100_000, 1_000_000] {
      let changes = scale.size(1_000_000, smoke: 20_000)
      report.section("The past of a table of \(count) items, \(changes) changes")
      measure(count, changes, scale, &report)
    }
    report.section("A secondary index")
    indexes(scale, &report)
  }

  private static func filled(_ count: Int) -> StoredTable {
    var table = StoredTable(keySchema: Samples.schema)
    for number in 0..<count {
      _ = try? table.put(Samples.item(number), at: Samples.start)
    }
    return table
  }

  private static func measure(
    _ count: Int, _ changes: Int, _ scale: Scale, _ report: inout Report
  ) {
    var table = filled(count)
    var generator = SplitMix64(seed: 5)
    let numbers = (0..<changes).map { _ in Int.random(in: 0..<count, using: &generator) }
    let items = numbers.enumerated().map { Samples.item($1, version: $0) }
    // The images are made before: what grows from here on is what the history costs.
    var plain = table
    let off = seconds {
      for (index, item) in items.enumerated() {
        _ = try? plain.put(item, at: Samples.start + .milliseconds(Int64(index)))
      }
    }
    plain = StoredTable(keySchema: Samples.schema)
    table.startHistory(at: Samples.start)
    let before = heapByteCount()
    let on = seconds {
      for (index, item) in items.enumerated() {
        _ = try? table.put(item, at: Samples.start + .milliseconds(Int64(index)))
      }
    }
    let bytes = Double(heapByteCount() - before) / Double(changes)
    report.add(
      Row(
        "memory for a change beyond its images", goal: "≤ 64 B", "\(rounded(bytes)) B",
        beside: "\(table.history?.checkpointCount ?? 0) checkpoints", isMet: bytes <= 64))
    report.add(
      Row(
        "writes with history ÷ without", goal: "≥ 0.85", "\(rounded(off / on))",
        beside: "\(rate(on, changes)), \(rate(off, changes))", isMet: off / on >= 0.85))
    restores(table, changes, scale, &report)
    let freed = heapByteCount()
    table.trimHistory(before: Samples.start + .milliseconds(Int64(changes)))
    report.add(
      Row(
        "bytes that trimming the history frees, a change",
        "\(rounded(Double(freed - heapByteCount()) / Double(changes))) B"))
  }

  private static func restores(
    _ table: StoredTable, _ changes: Int, _ scale: Scale, _ report: inout Report
  ) {
    var generator = SplitMix64(seed: 6)
    var worst = (time: 0.0, replayed: 0)
    var (total, replayed) = (0.0, 0)
    let rounds = scale.size(40, smoke: 5)
    for _ in 0..<rounds {
      let instant =
        Samples.start + .milliseconds(Int64.random(in: 0..<Int64(changes), using: &generator))
      var image: TableImage?
      let time = seconds { image = table.image(at: instant) }
      guard image?.count == table.image.count else { continue }
      let distance = table.history?.replayCount(to: instant) ?? 0
      (total, replayed) = (total + time, replayed + distance)
      if time > worst.time { worst = (time, distance) }
    }
    let mean = total / Double(rounds)
    report.add(
      Row(
        "restore to a random instant", goal: "≤ 20 ms", each(mean),
        beside:
          "worst \(each(worst.time)) for \(worst.replayed) records; replays \(rate(total, replayed))",
        isMet: mean <= 20e-3))
  }

  private static func indexes(_ scale: Scale, _ report: inout Report) {
    let count = scale.size(1_000_000, smoke: 20_000)
    var image = TableImage(keySchema: Samples.schema)
    for number in 0..<count { _ = try? image.put(Samples.item(number, version: count - number)) }
    for projection in [IndexDefinition.Projection.keysOnly, .all] {
      let definition = IndexDefinition(
        name: "by-v",
        keySchema: KeySchema(partition: KeyAttribute(name: "v", type: .string)),
        projection: projection, kind: .global)
      let time = best(of: scale.repeats, { image }) { $0.addIndex(definition) }
      report.add(
        Row(
          "index of \(count) items built, \(projection)", goal: "≥ 1 M/s", rate(time, count),
          isMet: Double(count) / time >= 1e6))
    }
  }
}
