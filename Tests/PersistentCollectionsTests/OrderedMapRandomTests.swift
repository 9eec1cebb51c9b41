// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Testing

@Suite("An ordered map under random operations")
struct OrderedMapRandomTests {
  @Test(
    "agrees with a sorted array, and its snapshots never change",
    arguments: 1...60 as ClosedRange<UInt64>)
  func agreesWithTwin(seed: UInt64) {
    var dice = Dice(seed: seed)
    let span = [20, 200, 3_000][dice.below(3)]
    // Phases that mostly insert and phases that mostly remove: merges and splits both happen.
    var removals = 3
    var map = OrderedMap<Int, Box>()
    var expected = SortedPairs<Box>()
    var snapshots: [(OrderedMap<Int, Box>, SortedPairs<Box>)] = []
    for step in 0..<600 {
      if step % 100 == 0 { removals = [1, 3, 8][dice.below(3)] }
      let key = dice.below(span)
      switch dice.below(10) {
      case 0: toggle(&map[key], &expected[key], Box(step))
      case 1:
        snapshots.append((map, expected))
        if snapshots.count > 4 { snapshots.remove(at: dice.below(5)) }
      case ...removals:
        #expect(map.removeValue(forKey: key) == expected[key], "seed \(seed), step \(step)")
        expected[key] = nil
      default:
        #expect(map.update(Box(step), forKey: key) == expected[key], "seed \(seed), step \(step)")
        expected[key] = Box(step)
      }
      if step % 40 == 0 { map._invariantCheck() }
      #expect(map.count == expected.pairs.count, "seed \(seed), step \(step)")
    }
    map._invariantCheck()
    #expect(twin(map) == expected, "seed \(seed)")
    for (snapshot, contents) in snapshots {
      snapshot._invariantCheck()
      #expect(twin(snapshot) == contents, "seed \(seed)")
      expectDifference(from: snapshot, contents, to: map, expected, seed: seed)
      expectDifference(from: map, expected, to: snapshot, contents, seed: seed)
    }
  }

  private func toggle(_ value: inout Box?, _ other: inout Box?, _ new: Box) {
    value = value == nil ? new : nil
    other = other == nil ? new : nil
  }

  private func expectDifference(
    from old: OrderedMap<Int, Box>, _ oldPairs: SortedPairs<Box>,
    to new: OrderedMap<Int, Box>, _ newPairs: SortedPairs<Box>, seed: UInt64
  ) {
    var seen: [String] = []
    new.forEachDifference(from: old) { key, before, after in
      seen.append("\(key): \(before?.number ?? -1) \(after?.number ?? -1)")
    }
    let keys = Set(oldPairs.pairs.map(\.key)).union(newPairs.pairs.map(\.key)).sorted()
    let expected = keys.filter { oldPairs[$0] != newPairs[$0] }.map {
      "\($0): \(oldPairs[$0]?.number ?? -1) \(newPairs[$0]?.number ?? -1)"
    }
    #expect(seen == expected, "seed \(seed)")
    #expect((old == new) == expected.isEmpty, "seed \(seed)")
  }

  @Test("is equal and hashes equally however it was built", arguments: Fixture.sizes)
  func equality(size: Int) {
    let pairs = (0..<size).map { (key: $0, value: $0 * 3) }
    var dice = Dice(seed: 7)
    let bulk = OrderedMap(sortedUnique: pairs)
    let mixed = OrderedMap(pairs.shuffled(using: &dice))
    #expect(bulk == mixed)
    #expect(bulk.hashValue == mixed.hashValue)
    var changed = mixed
    changed[size] = 0
    #expect(changed != bulk)
    changed[size] = nil
    #expect(changed == bulk)
    guard size > 0 else { return }
    changed[0] = -1
    #expect(changed != bulk)
  }
}

@Suite("The cost of an ordered map")
struct OrderedMapGrowthTests {
  private static func map(_ size: Int) -> OrderedMap<Int, Int> {
    OrderedMap(sortedUnique: (0..<size).lazy.map { (key: $0 * 2, value: $0) })
  }

  @Test("a copy shares every node", arguments: [1, 1_000, 100_000])
  func snapshotIsFlat(size: Int) {
    let map = Self.map(size)
    let copy = map
    #expect(copy.countNodes(notSharedWith: map) == 0)
    #expect(copy.isIdentical(to: map))
  }

  @Test("a write after a snapshot copies one path")
  func writeIsLogarithmic() {
    func copied(_ size: Int, _ write: (inout OrderedMap<Int, Int>) -> Void) -> Int {
      var map = Self.map(size)
      let snapshot = map
      write(&map)
      return map.countNodes(notSharedWith: snapshot)
    }
    for size in [1_000, 100_000] {
      // 1,000 entries stand in three levels, 100,000 in four.
      let levels = size == 1_000 ? 3 : 4
      #expect(copied(size) { $0[existing: size] += 1 } == levels)
      #expect(copied(size) { $0[size]? += 1 } == levels)
      #expect(copied(size) { $0.update(0, forKey: size) } == levels)
      #expect(copied(size) { $0.update(0, forKey: size + 1) } <= levels + 1)
      #expect(copied(size) { $0.removeValue(forKey: size) } <= levels + 1)
      #expect(copied(size) { $0.removeValue(forKey: 1) } == 0, "an absent key")
      #expect(copied(size) { $0[1] = nil } == 0, "an absent key")
      #expect(copied(size) { _ = $0[size] } == 0, "a read")
      #expect(copied(size) { map in for key in 0..<10 { map[existing: key * 2] += 1 } } == levels)
    }
  }

  @Test("the sole owner's writes copy nothing and keep values in place")
  func soleOwnerWritesInPlace() {
    var map: OrderedMap<Int, [Int]> = [:]
    for key in 0..<1_000 {
      map[key] = []
      map[key]?.reserveCapacity(8)
    }
    func address(_ key: Int) -> UInt? {
      map[key]?.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
    }
    let before = address(500)
    for number in 0..<8 {
      map[500]?.append(number)
      map[existing: 501].append(number)
      map[502, default: []].append(number)
    }
    #expect(address(500) == before, "an append in place does not move the array")
    #expect(map[501] == Array(0..<8))
    #expect(map[502] == Array(0..<8))
  }

  @Test("entries appended in order fill their leaves")
  func appendedLeavesAreFull() {
    var map: OrderedMap<Int, Int> = [:]
    for key in 0..<32_000 { map[key] = key }
    #expect(map.nodeCount <= 1_000 + 40)
    map._invariantCheck()
  }

  @Test("removal gives nodes back")
  func removalShrinks() {
    var map = Self.map(32_000)
    var dice = Dice(seed: 3)
    for key in (0..<32_000).shuffled(using: &dice).prefix(31_000) {
      map.removeValue(forKey: key * 2)
    }
    map._invariantCheck()
    #expect(map.count == 1_000)
    #expect(map.nodeCount < 150)
  }

  @Test("a difference reads only what was changed")
  func differenceIsLocal() {
    let old = Self.map(100_000)
    var new = old
    for key in [10, 100_000, 199_000] { new[existing: key] += 1 }
    var compared = 0
    var found: [Int] = []
    new.forEachDifference(
      from: old,
      by: { left, right in
        compared += 1
        return left == right
      }, { key, _, _ in found.append(key) })
    #expect(found == [10, 100_000, 199_000])
    #expect(compared <= 3 * 32)
  }
}
