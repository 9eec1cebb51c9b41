// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import Simulation
import TableStore
import Testing

@Suite("Partitions of none, one and several items")
struct PartitionTests {
  private typealias Contents = [ItemKey: Item]

  private static let schema = KeySchema(
    partition: KeyAttribute(name: "p", type: .string), sort: KeyAttribute(name: "s", type: .number))

  /// Three items to a partition at most.
  private static func item(_ number: Int, _ version: Int) -> Item {
    Item([
      "p": .string("partition-\(number / 3)"), "s": .number(DecimalNumber(number % 3)),
      "v": .string(String(repeating: "v", count: version)),
    ])
  }

  @Test(
    "hold what was written in the order of the keys, and kept copies what they held",
    arguments: 0..<3 as Range<UInt64>)
  func random(seed: UInt64) throws {
    var dice = SplitMix64(seed: seed)
    func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &dice) }
    var image = TableImage(keySchema: Self.schema)
    var contents: Contents = [:]
    var kept: [(image: TableImage, contents: Contents)] = []
    for step in 0..<3_000 {
      let item = Self.item(below(600), below(9))
      let key = try Self.schema.key(of: item)
      // The table fills, empties and fills again.
      let isRemoval = below(10) < (step / 1_000 == 1 ? 8 : 2)
      let old = isRemoval ? image.remove(key) : image.put(item, forKey: key)
      guard old == contents[key] else {
        Issue.record("step \(step): another item was there")
        return
      }
      contents[key] = isRemoval ? nil : item
      if step % 300 == 0 { kept.append((image, contents)) }
    }
    kept.append((image, contents))
    for (held, contents) in kept {
      let keys = contents.keys.sorted()
      #expect(held.count == keys.count)
      #expect(held.byteCount == contents.values.reduce(0) { $0 + $1.byteCount })
      #expect(held.entries().map(\.key) == keys)
      #expect(held.items.elementsEqual(keys.lazy.compactMap { contents[$0] }))
      #expect(held.entries(reversed: true).map(\.key) == keys.reversed())
      var changed: [ItemKey] = []
      image.forEachDifference(from: held) { key, _, _ in changed.append(key) }
      let last = kept[kept.count - 1].contents
      #expect(changed == Set(keys).union(last.keys).filter { last[$0] != contents[$0] }.sorted())
    }
  }

  @Test("are read from and to any key, one that is not there included, in both directions")
  func ranges() throws {
    var dice = SplitMix64(seed: 9)
    func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &dice) }
    let items = (0..<300).filter { _ in below(2) == 0 }.map { Self.item($0, 1) }
    let image = try TableImage(keySchema: Self.schema, items: items)
    let keys = try items.map { try Self.schema.key(of: $0) }.sorted()
    let all = try (0..<300).map { try Self.schema.key(of: Self.item($0, 1)) }.sorted()
    for _ in 0..<400 {
      let bounds = [below(300), below(300)].sorted().map { all[$0] }
      let start = all[below(300)]
      let found = image.entries(in: bounds[0]..<bounds[1]).map(\.key)
      #expect(found == keys.filter { bounds[0] <= $0 && $0 < bounds[1] })
      #expect(image.entries(after: start).map(\.key) == keys.filter { start < $0 })
      #expect(
        image.entries(after: start, reversed: true).map(\.key)
          == keys.filter { $0 < start }.reversed())
      #expect((image.item(start) != nil) == keys.contains(start))
    }
  }
}
