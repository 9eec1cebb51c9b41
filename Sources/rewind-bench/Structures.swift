// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import PersistentCollections
import Simulation
import TableStore

/// One table in memory, without the cloud around it.
enum Structures {
  static func run(_ scale: Scale, _ report: inout Report) {
    let count = scale.size(1_000_000, smoke: 20_000)
    report.section("One table of \(count) items: keys of 24 bytes, values of 200")
    let order = Samples.shuffled(count)
    let before = heapByteCount()
    var table: TableImage? = filled(count, order: order)
    let bytes = Double(heapByteCount() - before) / Double(count)
    report.add(
      Row(
        "memory for an item, everything", goal: "≤ 300 B", "\(rounded(bytes)) B",
        beside: "224 B of payload", isMet: bytes <= 300))
    guard let image = table.take() else { return }
    writes(image, count, order, scale, &report)
    reads(image, count, order, scale, &report)
    snapshots(image, count, scale, &report)
  }

  private static func filled(_ count: Int, order: [Int]) -> TableImage {
    var image = TableImage(keySchema: Samples.schema)
    for number in order { _ = try? image.put(Samples.item(number)) }
    return image
  }

  private static func writes(
    _ image: TableImage, _ count: Int, _ order: [Int], _ scale: Scale, _ report: inout Report
  ) {
    let items = Samples.items(count)
    let insert = best(of: scale.repeats, { TableImage(keySchema: Samples.schema) }) { target in
      for number in order { target.put(items[number].item, forKey: items[number].key) }
    }
    let dictionary = best(of: 1, { [ItemKey: Item]() }) { target in
      for number in order { target[items[number].key] = items[number].item }
    }
    report.add(
      Row(
        "insert", goal: "≥ 0.9 M/s", rate(insert, count),
        beside: "flat Dictionary \(rate(dictionary, count))", isMet: Double(count) / insert >= 0.9e6
      ))
    var own = image
    for entry in items.prefix(1) { own.put(entry.item, forKey: entry.key) }
    let again = Samples.shuffled(count, seed: 2)
    var mine = filled(count, order: order)
    var update = Double.infinity
    for _ in 0..<scale.repeats {
      update = min(
        update,
        seconds {
          for number in again { mine.put(items[number].item, forKey: items[number].key) }
        })
    }
    report.add(
      Row(
        "update", goal: "≥ 0.9 M/s", rate(update, count), isMet: Double(count) / update >= 0.9e6))
  }

  private static func reads(
    _ image: TableImage, _ count: Int, _ order: [Int], _ scale: Scale, _ report: inout Report
  ) {
    let keys = Samples.items(count).map(\.key)
    let get = best(of: scale.repeats, { 0 }) { found in
      for number in order where image.item(keys[number]) != nil { found += 1 }
    }
    report.add(
      Row("get", goal: "≥ 0.9 M/s", rate(get, count), isMet: Double(count) / get >= 0.9e6))
    let scan = best(of: scale.repeats, { 0 }) { bytes in
      for entry in image.entries() { bytes += entry.value.byteCount }
    }
    report.add(
      Row(
        "ordered scan", goal: "≥ 20 M/s", rate(scan, count), isMet: Double(count) / scan >= 20e6))
    let rounds = scale.size(10_000, smoke: 200)
    let range = best(of: scale.repeats, { 0 }) { bytes in
      for number in order.prefix(rounds) {
        for entry in image.entries(after: keys[number]).prefix(100) {
          bytes += entry.value.byteCount
        }
      }
    }
    report.add(
      Row(
        "range of 100", goal: "≤ 6 µs", each(range, rounds), isMet: range / Double(rounds) <= 6e-6))
  }

  private static func snapshots(
    _ image: TableImage, _ count: Int, _ scale: Scale, _ report: inout Report
  ) {
    let copies = 1_000_000
    let snapshot = best(of: scale.repeats, { [TableImage](repeating: image, count: 8) }) { held in
      for number in 0..<copies { held[number % 8] = held[(number + 1) % 8] }
    }
    var dictionary: [ItemKey: Item] = [:]
    for entry in image.entries() { dictionary[entry.key] = entry.value }
    let deep = best(of: 1, { dictionary }) {
      $0[.first] = nil; $0[.first] = Samples.item(0)
    }
    report.add(
      Row(
        "snapshot", goal: "< 100 ns", each(snapshot, copies),
        beside: "Dictionary, copied by its next write: \(each(deep))",
        isMet: snapshot / Double(copies) < 100e-9))
    let changes = Samples.shuffled(count, seed: 3).prefix(1_000).map { number in
      (key: (try? Samples.schema.key(of: Samples.item(number))) ?? .first, number: number)
    }
    let items = changes.map { (key: $0.key, item: Samples.item($0.number, version: 1)) }
    var newer = image
    let first = best(of: scale.repeats, { image }) { target in
      for (key, item) in items { target.put(item, forKey: key) }
      newer = target
    }
    report.add(
      Row(
        "an update, the first 1,000 after a snapshot", goal: "≤ 2.5 µs", each(first, 1_000),
        beside:
          "\(rounded(Double(newer.countNodes(notSharedWith: image)) / 1_000)) nodes copied each",
        isMet: first / 1_000 <= 2.5e-6))
    let difference = best(of: scale.repeats, { 0 }) { found in
      newer.forEachDifference(from: image) { _, _, _ in found += 1 }
    }
    report.add(
      Row(
        "difference of two snapshots, 1,000 changes", goal: "≤ 15 ms", each(difference),
        isMet: difference <= 15e-3))
    periodic(image, count, scale, &report)
  }

  /// Updates while a snapshot is taken every 1,000 writes and the one before is let go.
  private static func periodic(
    _ image: TableImage, _ count: Int, _ scale: Scale, _ report: inout Report
  ) {
    let writes = scale.size(200_000, smoke: 5_000)
    let numbers = Samples.shuffled(count, seed: 4).prefix(writes)
    let items = numbers.compactMap { number in
      let item = Samples.item(number, version: 2)
      return (try? Samples.schema.key(of: item)).map { ($0, item) }
    }
    let time = best(of: scale.repeats, { (live: image, held: image) }) { pair in
      for (index, (key, item)) in items.enumerated() {
        if index % 1_000 == 0 { pair.held = pair.live }
        pair.live.put(item, forKey: key)
      }
    }
    report.add(
      Row(
        "updates, a snapshot every 1,000", goal: "≥ 250 k/s", rate(time, items.count),
        isMet: Double(items.count) / time >= 250e3))
  }
}
