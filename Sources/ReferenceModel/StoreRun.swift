// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import Simulation
import TableStore

/// One step of a random history of a single large table, below the requests: thousands of writes,
/// checkpoints close together, trimming, indexes that come and go.
package enum StoreCommand: Sendable, Hashable {
  case pass(milliseconds: Int64)
  /// Writes `count` items, each `step` after the one before; items of an equal version are equal.
  case put(first: Int, count: Int, step: Int, version: Int)
  case remove(first: Int, count: Int, step: Int)
  /// Keeps a copy of the table as it is, which must not change any more.
  case keep
  case startHistory(interval: Int)
  case stopHistory
  /// Forgets what lies so far back.
  case trim(milliseconds: Int64)
  case addIndex(ModelIndex.Projection)
  case removeIndex
  /// Restores to an instant this far back.
  case look(milliseconds: Int64)
  /// Reads a range of keys after a start key.
  case range(lower: Int, upper: Int, after: Int?, reversed: Bool)

  static func draw(_ random: inout SplitMix64) -> StoreCommand {
    func number(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
    let first = number(StoreRun.keys)
    // Now and then nearly all keys, so that inner nodes fill, split and merge.
    let count = 1 + number([40, 40, 40, 40, 400, 400, StoreRun.keys][number(7)])
    let step = [1, 1, 1, 2, 7, -1][number(6)]
    switch number(20) {
    case 0, 1, 2: return .pass(milliseconds: Int64([0, 1, 999, 1000, 60_000][number(5)]))
    case 3..<9: return .put(first: first, count: count, step: step, version: 1 + number(8))
    case 9..<13: return .remove(first: first, count: count, step: step)
    case 13: return .keep
    case 14: return .startHistory(interval: [1, 3, 16, 64, 200][number(5)])
    case 15:
      return number(3) == 0 ? .stopHistory : .trim(milliseconds: Int64(number(61_000)))
    case 16: return .addIndex(ModelIndex.Projection.allCases[number(3)])
    case 17: return number(2) == 0 ? .removeIndex : .look(milliseconds: Int64(number(3000)))
    case 18: return .look(milliseconds: Int64(number(120_000)))
    default:
      return .range(
        lower: first, upper: first + count, after: number(2) == 0 ? nil : first + number(count + 2),
        reversed: number(2) == 0)
    }
  }
}

/// A table and its naive twin: a list of writes.
struct StoreRun {
  static let keys = 1500
  private static let keySchema = KeySchema(
    partition: KeyAttribute(name: "p", type: .string),
    sort: KeyAttribute(name: "s", type: .number))

  private var table = StoredTable(keySchema: Self.keySchema)
  private var now = Instant(milliseconds: 1_772_818_800_123)
  /// The version under each key, 0 where there is no item.
  private typealias Contents = [Int]
  private var base = Contents(repeating: 0, count: Self.keys)
  private var present = Contents(repeating: 0, count: Self.keys)
  private var writes: [(at: Instant, key: Int, version: Int)] = []
  private var start: Instant?
  private var kept: [(image: TableImage, contents: Contents)] = []
  private var projection: ModelIndex.Projection?

  // MARK: Commands on both

  /// Carries a command out on both and compares; what differs.
  ///
  /// The kept copies are compared too if the comparison is to be complete. What changes in one stays
  /// changed, so it is enough now and then, at the end, and for one that is let go.
  mutating func perform(_ command: StoreCommand, isComplete: Bool) -> String? {
    var dropped: (image: TableImage, contents: Contents)?
    switch command {
    case .pass(let milliseconds):
      now = now + .milliseconds(milliseconds)
      // The table knows nothing of it.
      if !isComplete { return nil }
    case .put(let first, let count, let step, let version):
      for key in Self.run(first, count, step) { write(key, version) }
    case .remove(let first, let count, let step):
      for key in Self.run(first, count, step) { write(key, 0) }
    case .keep:
      if kept.count == 4 { dropped = kept.removeFirst() }
      kept.append((table.image, present))
    case .startHistory(let interval):
      guard start == nil else { return nil }
      table.startHistory(at: now, checkpointInterval: interval)
      (start, base, writes) = (now, present, [])
    case .stopHistory:
      table.stopHistory()
      start = nil
    case .trim(let milliseconds):
      guard let old = start else { return nil }
      start = max(old, now - .milliseconds(milliseconds))
      table.trimHistory(before: now - .milliseconds(milliseconds))
    case .addIndex(let asked):
      guard projection == nil else { return nil }
      projection = asked
      table.addIndex(Self.index(asked))
    case .removeIndex:
      projection = nil
      table.removeIndex(named: "by-v")
    case .look(let milliseconds): return lookDisagreement(now - .milliseconds(milliseconds))
    case .range(let lower, let upper, let after, let reversed):
      return rangeDisagreement(lower, upper, after, reversed)
    }
    return difference(table.image, present, projection)
      ?? disagreement(withKept: (dropped.map { [$0] } ?? []) + (isComplete ? kept : []))
  }

  private mutating func write(_ key: Int, _ version: Int) {
    present[key] = version
    if start != nil { writes.append((now, key, version)) }
    if version > 0 {
      table.put(Self.item(key, version), forKey: Self.key(key), at: now)
    } else {
      table.remove(Self.key(key), at: now)
    }
  }

  private static func run(_ first: Int, _ count: Int, _ step: Int) -> [Int] {
    (0..<count).map { (first + $0 * step + 4 * keys) % keys }
  }

  // MARK: Agreement

  private func lookDisagreement(_ instant: Instant) -> String? {
    guard let start else { return nil }
    let instant = max(instant, start)
    var contents = base
    for write in writes where write.at <= instant { contents[write.key] = write.version }
    return difference(table.image(at: instant), contents, projection).map { "restored: \($0)" }
  }

  private func rangeDisagreement(
    _ lower: Int, _ upper: Int, _ after: Int?, _ reversed: Bool
  ) -> String? {
    let entries = table.image.entries(
      in: Self.key(lower)..<Self.key(upper), after: after.map(Self.key), reversed: reversed)
    let keys = Self.keys(of: present).filter { key in
      (lower..<upper).contains(key) && (after.map { reversed ? key < $0 : key > $0 } ?? true)
    }
    let expected = (reversed ? keys.reversed() : keys).map(Self.key)
    return entries.map { $0.key } == expected ? nil : "a range of keys"
  }

  private func disagreement(
    withKept kept: [(image: TableImage, contents: Contents)]
  ) -> String? {
    for (image, contents) in kept {
      if let what = difference(image, contents, nil) { return "a kept copy: \(what)" }
      var changed: [ItemKey] = []
      table.image.forEachDifference(from: image) { key, _, _ in changed.append(key) }
      let expected = present.indices.filter { present[$0] != contents[$0] }
      guard changed == expected.map(Self.key) else { return "the changes since a kept copy" }
    }
    return nil
  }

  /// What an image and contents differ in; the index only if it is said what it projects.
  private func difference(
    _ image: TableImage, _ contents: Contents, _ projection: ModelIndex.Projection?
  ) -> String? {
    let keys = Self.keys(of: contents)
    guard image.count == keys.count else { return "\(image.count) items, not \(keys.count)" }
    let items = keys.lazy.map { Self.item($0, contents[$0]) }
    guard image.items.elementsEqual(items) else { return "other items" }
    guard image.byteCount == keys.reduce(0, { $0 + Self.size($1, contents[$1]) }) else {
      return "the size"
    }
    for key in [0, 700, Self.keys - 1] + keys.prefix(1) + keys.suffix(1) {
      let found = image.item(Self.key(key))
      guard found == (contents[key] > 0 ? Self.item(key, contents[key]) : nil) else {
        return "item \(key)"
      }
    }
    guard let projection else { return nil }
    guard let index = image.index(named: "by-v") else { return "the index is missing" }
    // Two partitions in the index, in the order of their hashes.
    let byPartition = [1, 2].map { value in
      keys.filter { contents[$0] % 3 == value }
        .map { Self.entry($0, contents[$0], projection) }
    }
    let found = index.entries().lazy.map { $0.value }
    let isFirst = found.first { _ in true } == byPartition[0].first
    let expected = isFirst ? byPartition : byPartition.reversed()
    guard index.count == expected[0].count + expected[1].count,
      found.elementsEqual(expected.joined())
    else { return "the entries of the index" }
    let size = byPartition.joined().reduce(0) { $0 + $1.byteCount }
    return index.byteCount == size ? nil : "the size of the index"
  }

  private static func keys(of contents: Contents) -> [Int] {
    contents.indices.filter { contents[$0] > 0 }
  }

  // MARK: Items

  private static func index(_ projection: ModelIndex.Projection) -> IndexDefinition {
    let kind: IndexDefinition.Projection =
      switch projection {
      case .all: .all
      case .keysOnly: .keysOnly
      case .include: .include(["u"])
      }
    return IndexDefinition(
      name: "by-v", keySchema: KeySchema(partition: KeyAttribute(name: "v", type: .string)),
      projection: kind, kind: .global)
  }

  private static let keyTable: [ItemKey] = (0...(2 * keys + 2)).map { number in
    guard let key = try? keySchema.key(of: attributes(number)) else {
      preconditionFailure("the attributes of a key make a key")
    }
    return key
  }
  static func key(_ number: Int) -> ItemKey { keyTable[number] }

  private static func attributes(_ key: Int) -> AttributeMap {
    ["p": .string("p"), "s": .number(DecimalNumber(key))]
  }

  /// All items there are, each key's one after the other.
  ///
  /// Of a version from 1 each third is not in the index, and the texts differ in length.
  private static let items: [Item] = (0..<keys).flatMap { key in
    (0...8).map { version in
      var all = attributes(key)
      if version % 3 != 0 { all["v"] = .string(String(version % 3)) }
      all["u"] = .string(String(repeating: "u", count: version))
      all["w"] = .number(DecimalNumber(version))
      return Item(all)
    }
  }
  private static let sizes: [Int] = items.map(\.byteCount)
  private static func item(_ key: Int, _ version: Int) -> Item { items[key * 9 + version] }
  private static func size(_ key: Int, _ version: Int) -> Int { sizes[key * 9 + version] }

  private static let keysOnly: [Item] = projected(with: [])
  private static let including: [Item] = projected(with: ["u"])

  private static func projected(with more: [String]) -> [Item] {
    (0..<keys).flatMap { key in
      (0...8).map { version in
        var kept = attributes(key)
        kept["v"] = .string(String(version % 3))
        for name in more { kept[name] = item(key, version)[name] }
        return Item(kept)
      }
    }
  }

  private static func entry(
    _ key: Int, _ version: Int, _ projection: ModelIndex.Projection
  ) -> Item {
    switch projection {
    case .all: item(key, version)
    case .include: including[key * 9 + version]
    case .keysOnly: keysOnly[key * 9 + version]
    }
  }
}
