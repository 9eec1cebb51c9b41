// SPDX-License-Identifier: GPL-3.0-or-later

import CanonicalCoding
import PersistentCollections
import Testing

@Suite("An ordered map")
struct OrderedMapTests {
  /// Runs a change as the sole owner and with a snapshot alive, which must not change.
  private func changing(
    _ fixture: Fixture, _ change: (inout OrderedMap<Int, Box>, inout SortedPairs<Box>) -> Void
  ) {
    for hasSnapshot in [false, true] {
      var map = fixture.map
      var expected = twin(map)
      let before = expected
      let snapshot = hasSnapshot ? map : nil
      change(&map, &expected)
      map._invariantCheck()
      #expect(twin(map) == expected, "snapshot alive: \(hasSnapshot)")
      #expect(map.count == expected.pairs.count)
      if let snapshot {
        snapshot._invariantCheck()
        #expect(twin(snapshot) == before)
      }
    }
  }

  @Test("iterates in key order whatever the order of insertion", arguments: Fixture.all)
  func order(fixture: Fixture) {
    let map = fixture.map
    map._invariantCheck()
    #expect(map.map(\.key) == fixture.keys.sorted())
    #expect(Array(map.keys) == fixture.keys.sorted())
    var visited: [Int] = []
    map.forEach { visited.append($0.key) }
    #expect(visited == fixture.keys.sorted())
    #expect(map.values.map(\.number) == fixture.keys.sorted())
    #expect(map.first?.key == fixture.keys.min())
    #expect(map.last?.key == fixture.keys.max())
    #expect(map.isEmpty == fixture.keys.isEmpty)
  }

  @Test("finds the neighbours of every key, also across the subtrees of a high tree")
  func neighbours() {
    let map = OrderedMap<Int, Int>(sortedUnique: (0..<20_000).map { ($0 * 2, $0) })
    let wrong = (0..<19_999).filter { number in
      let key = number * 2
      return map.firstEntry(after: key)?.key != key + 2
        || map.firstEntry(atOrAfter: key + 1)?.key != key + 2
        || map.lastEntry(before: key + 2)?.key != key
        || map.lastEntry(atOrBefore: key + 1)?.key != key
    }
    #expect(wrong == [])
    #expect(map.firstEntry(after: 39_998) == nil && map.lastEntry(before: 0) == nil)
  }

  @Test("updates, and hands back what was replaced", arguments: Fixture.all)
  func update(fixture: Fixture) {
    for probe in fixture.probes {
      changing(fixture) { map, expected in
        let old = map.update(Box(-7), forKey: probe)
        #expect(old == expected[probe])
        expected[probe] = Box(-7)
      }
    }
  }

  @Test("inserts a first value or changes the one that is there, and no snapshot sees it")
  func insertsOrChanges() {
    var map = OrderedMap<Int, Int>(sortedUnique: (0..<200).map { ($0 * 2, 0) })
    let snapshot = map
    for key in 0..<400 {
      let seen = map.update(forKey: key, inserting: 7) { value -> Int in
        value += key
        return value
      }
      #expect(seen == (key % 2 == 0 ? key : nil))
      #expect(map[key] == (key % 2 == 0 ? key : 7))
    }
    #expect(map.count == 400 && snapshot.count == 200)
    #expect(snapshot.allSatisfy { $0.value == 0 })
    map._invariantCheck()
    snapshot._invariantCheck()
  }

  @Test("removes, and hands back what was removed", arguments: Fixture.all)
  func remove(fixture: Fixture) {
    for probe in fixture.probes {
      changing(fixture) { map, expected in
        let old = map.removeValue(forKey: probe)
        #expect(old == expected[probe])
        expected[probe] = nil
      }
    }
  }

  @Test("changes, inserts and removes through the optional subscript", arguments: Fixture.all)
  func subscriptModify(fixture: Fixture) {
    func toggle(_ value: inout Box?) { value = value == nil ? Box(99) : nil }
    func replace(_ value: inout Box?) { value = value.map { Box($0.number + 1) } }
    for probe in fixture.probes {
      changing(fixture) { map, expected in
        toggle(&map[probe])
        toggle(&expected[probe])
      }
      changing(fixture) { map, expected in
        replace(&map[probe])
        replace(&expected[probe])
      }
      changing(fixture) { map, expected in
        map[probe] = Box(5)
        expected[probe] = Box(5)
        map[probe + 1] = nil
        expected[probe + 1] = nil
      }
    }
  }

  private struct Refusal: Error {}

  @Test("keeps the value when a change through the subscript throws", arguments: Fixture.all)
  func throwingModify(fixture: Fixture) {
    func refuse(_ value: inout Box?) throws { throw Refusal() }
    for probe in fixture.probes {
      changing(fixture) { map, _ in
        #expect(throws: Refusal.self) { try refuse(&map[probe]) }
      }
    }
  }

  @Test("inserts the default once", arguments: Fixture.all)
  func defaultSubscript(fixture: Fixture) {
    for probe in fixture.probes {
      changing(fixture) { map, expected in
        map[probe, default: Box(40)] = Box(map[probe, default: Box(40)].number + 2)
        expected[probe] = Box((expected[probe]?.number ?? 40) + 2)
      }
    }
  }

  @Test("can be emptied from either end and used again", arguments: Fixture.all, [false, true])
  func drain(fixture: Fixture, backwards: Bool) {
    changing(fixture) { map, expected in
      let keys = expected.pairs.map(\.key)
      for key in backwards ? keys.reversed() : keys {
        #expect(map.removeValue(forKey: key)?.number == key)
        if map.count % 23 == 0 { map._invariantCheck() }
      }
      #expect(map.isEmpty)
      #expect(map.first == nil)
      map[3] = Box(3)
      expected.pairs = [(3, Box(3))]
    }
  }

  @Test("finds the neighbours of any key", arguments: Fixture.all)
  func neighbours(fixture: Fixture) {
    let map = fixture.map
    let keys = fixture.keys.sorted()
    for probe in fixture.probes {
      #expect(map.firstEntry(atOrAfter: probe)?.key == keys.first { $0 >= probe })
      #expect(map.firstEntry(after: probe)?.key == keys.first { $0 > probe })
      #expect(map.lastEntry(before: probe)?.key == keys.last { $0 < probe })
      #expect(map.lastEntry(atOrBefore: probe)?.key == keys.last { $0 <= probe })
      #expect(map.contains(key: probe) == keys.contains(probe))
    }
  }

  @Test("reads any range in both directions", arguments: Fixture.all)
  func ranges(fixture: Fixture) {
    let map = fixture.map
    let keys = fixture.keys.sorted()
    let bounds: [(OrderedBound<Int>, (Int) -> Bool, (Int) -> Bool)] =
      [(.unbounded, { _ in true }, { _ in true })]
      + fixture.probes.map { probe in (.including(probe), { $0 >= probe }, { $0 <= probe }) }
      + fixture.probes.map { probe in (.excluding(probe), { $0 > probe }, { $0 < probe }) }
    for (lower, isAbove, _) in bounds {
      for (upper, _, isBelow) in bounds {
        let expected = keys.filter { isAbove($0) && isBelow($0) }
        #expect(map.entries(lower: lower, upper: upper).map(\.key) == expected)
        #expect(
          map.entries(lower: lower, upper: upper, reversed: true).map(\.key) == expected.reversed())
      }
    }
    for probe in fixture.probes {
      #expect(map.entries(from: probe).map(\.key) == keys.filter { $0 >= probe })
      #expect(map.entries(upTo: probe).map(\.key) == keys.filter { $0 < probe })
      #expect(
        map.entries(from: 3, upTo: probe, reversed: true).map(\.key)
          == keys.filter { $0 >= 3 && $0 < probe }.reversed())
    }
  }

  @Test("goes on over what was there when the map changes under an iteration")
  func iterationOutlivesChanges() {
    var map = Fixture(name: "", keys: Array(0..<500), isBulk: false).map
    var seen: [Int] = []
    for (key, _) in map {
      seen.append(key)
      map.removeValue(forKey: key)
      map[key + 1_000] = Box(0)
    }
    #expect(seen == Array(0..<500))
    #expect(map.map(\.key) == Array(1_000..<1_500))
  }

  @Test("filters, maps and drops by predicate", arguments: Fixture.all)
  func predicates(fixture: Fixture) {
    changing(fixture) { map, expected in
      #expect(map.mapValues { $0.number + 1 }.map(\.value) == expected.pairs.map { $0.key + 1 })
      map.removeAll { $0.key % 3 == 0 }
      expected.pairs.removeAll { $0.key % 3 == 0 }
    }
  }

  @Test("pops the smallest entries first")
  func popFirst() {
    var map: OrderedMap = [3: "c", 1: "a", 2: "b"]
    #expect(map.description == "[1: a, 2: b, 3: c]")
    #expect([map.popFirst()?.value, map.popFirst()?.value] == ["a", "b"])
    #expect(map.count == 1)
    map.removeAll()
    #expect(map.popFirst() == nil)
    #expect(map.description == "[:]")
  }

  @Test("pops every entry in order, however many there are, and no snapshot sees it")
  func popsAll() {
    for count in [1, 8, 31, 32, 33, 100, 1_000, 5_000] {
      let whole = OrderedMap<Int, Int>(sortedUnique: (0..<count).map { ($0, -$0) })
      var map = whole
      for key in 0..<count {
        let first = map.popFirst()
        #expect(first?.key == key && first?.value == -key)
        if key % 97 == 0 { map._invariantCheck() }
      }
      #expect(map.isEmpty && map.popFirst() == nil)
      #expect(whole.count == count)
      whole._invariantCheck()
    }
  }

  @Test("changes the value that is there, and nothing where there is none")
  func change() {
    var map = OrderedMap<Int, Int>(sortedUnique: (0..<200).map { ($0 * 2, 0) })
    let snapshot = map
    for key in 0..<400 {
      let seen = map.change(key) { value -> Int in
        value += key
        return value
      }
      #expect(seen == (key % 2 == 0 ? key : nil))
    }
    #expect(map.count == 200 && map.allSatisfy { $0.value == $0.key })
    #expect(snapshot.allSatisfy { $0.value == 0 })
  }

  @Test("releases every key and value")
  func releases() {
    weak var weakValue: Box?
    var map = Fixture(name: "", keys: Array(0..<100), isBulk: false).map
    do {
      let value = Box(1)
      weakValue = value
      map[1_000] = value
    }
    var snapshot: OrderedMap<Int, Box>? = map
    map[1_000] = nil
    #expect(weakValue != nil)
    #expect(snapshot?.count == 101)
    snapshot = nil
    #expect(weakValue == nil)
  }

  #if os(Linux) || os(macOS)
    @Test("stops the program on unordered bulk input")
    func unorderedBulk() async {
      await #expect(processExitsWith: .failure) {
        _ = OrderedMap(sortedUnique: [(key: 2, value: 0), (key: 1, value: 0)])
      }
      await #expect(processExitsWith: .failure) {
        _ = OrderedMap(sortedUnique: [(key: 2, value: 0), (key: 2, value: 0)])
      }
    }
  #endif

  @Test("frees what a snapshot alone held when the snapshot goes, and nothing else")
  func frees() {
    struct Weak { weak var box: Box? }
    var seen: [Weak] = []
    func box(_ number: Int) -> Box {
      let box = Box(number)
      seen.append(Weak(box: box))
      return box
    }
    var map: OrderedMap<Int, Box> = [:]
    for key in 0..<1_000 { map[key] = box(key) }
    var snapshot: OrderedMap<Int, Box>? = map
    for key in stride(from: 0, to: 1_000, by: 10) { map[key] = box(-key) }
    for key in stride(from: 5, to: 1_000, by: 10) { map[key] = nil }
    #expect(seen.count { $0.box != nil } == 1_100)
    #expect(snapshot?.count == 1_000)
    snapshot = nil
    #expect(seen.count { $0.box != nil } == map.count)
    map.removeAll()
    #expect(seen.allSatisfy { $0.box == nil })
  }

  @Test("is read whatever order its keys had when it was written, but none twice")
  func otherOrder() throws {
    let bytes = try CanonicalEncoder.encode([3, 30, 1, 10, 2, 20])
    let map = try CanonicalDecoder.decode(OrderedMap<Int, Int>.self, from: bytes)
    #expect(map == [1: 10, 2: 20, 3: 30])
    let twice = try CanonicalEncoder.encode([3, 30, 1, 10, 3, 31])
    #expect(throws: DecodingError.self) {
      try CanonicalDecoder.decode(OrderedMap<Int, Int>.self, from: twice)
    }
  }
}
