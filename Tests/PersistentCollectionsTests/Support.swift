// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Testing

/// The generator of the tests' random choices, so that a failure's seed replays it.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}

/// A value with identity, so that a leaked or a doubly released reference would show.
final class Box: Sendable, Equatable, CustomStringConvertible {
  let number: Int

  init(_ number: Int) { self.number = number }

  static func == (left: Box, right: Box) -> Bool { left.number == right.number }

  var description: String { "\(number)" }
}

/// The naive twin of a map: a sorted array of pairs.
struct SortedPairs<Value: Equatable>: Equatable {
  var pairs: [(key: Int, value: Value)] = []

  func slot(_ key: Int) -> Int { pairs.firstIndex { $0.key >= key } ?? pairs.count }

  subscript(key: Int) -> Value? {
    get {
      let slot = slot(key)
      return slot < pairs.count && pairs[slot].key == key ? pairs[slot].value : nil
    }
    set {
      let slot = slot(key)
      let found = slot < pairs.count && pairs[slot].key == key
      switch (newValue, found) {
      case (let value?, true): pairs[slot].value = value
      case (let value?, false): pairs.insert((key, value), at: slot)
      case (nil, true): pairs.remove(at: slot)
      case (nil, false): break
      }
    }
  }

  static func == (left: SortedPairs, right: SortedPairs) -> Bool {
    left.pairs.elementsEqual(right.pairs, by: ==)
  }
}

func twin<Value: Equatable>(_ map: OrderedMap<Int, Value>) -> SortedPairs<Value> {
  SortedPairs(pairs: map.map { ($0.key, $0.value) })
}

/// A map of one size and shape to start tests from.
struct Fixture: Sendable, CustomTestStringConvertible {
  let name: String
  let keys: [Int]
  let isBulk: Bool

  var testDescription: String { name }

  var map: OrderedMap<Int, Box> {
    if isBulk { return OrderedMap(sortedUnique: keys.sorted().map { ($0, Box($0)) }) }
    var map = OrderedMap<Int, Box>()
    for key in keys { map.update(Box(key), forKey: key) }
    return map
  }

  static let sizes = [0, 1, 4, 5, 28, 29, 32, 33, 65, 785]

  static let all: [Fixture] = sizes.flatMap { size -> [Fixture] in
    var dice = Dice(seed: UInt64(size))
    let even = (0..<size).map { $0 * 2 }
    return [
      Fixture(name: "\(size) ascending", keys: even, isBulk: false),
      Fixture(name: "\(size) descending", keys: even.reversed(), isBulk: false),
      Fixture(name: "\(size) shuffled", keys: even.shuffled(using: &dice), isBulk: false),
      Fixture(name: "\(size) bulk", keys: even, isBulk: true),
    ]
  }

  /// The keys worth trying: both ends, one past each, and gaps and keys in between.
  var probes: [Int] {
    let end = keys.count * 2
    return Set([-1, 0, 1, end / 2, end / 2 + 1, end - 2, end - 1, end]).sorted()
  }
}
