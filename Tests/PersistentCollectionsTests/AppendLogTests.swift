// SPDX-License-Identifier: GPL-3.0-or-later

import CanonicalCoding
import PersistentCollections
import Testing

@Suite("An append log")
struct AppendLogTests {
  static let sizes = [0, 1, 7, 63, 64, 65, 127, 128, 129, 640, 5_000]

  private func log(_ size: Int, dropping dropped: Int = 0) -> AppendLog<Int> {
    var log = AppendLog<Int>()
    log.append(contentsOf: 0..<size)
    log.removeFirst(dropped)
    return log
  }

  @Test("holds what was appended under its index", arguments: sizes)
  func append(size: Int) {
    let log = log(size)
    log._invariantCheck()
    #expect(log.count == size)
    #expect(Array(log) == Array(0..<size))
    #expect(log.indices.allSatisfy { log[$0] == $0 })
    #expect(log.last == (size == 0 ? nil : size - 1))
  }

  @Test("keeps indices when the start is dropped", arguments: sizes, sizes)
  func removeFirst(size: Int, dropped: Int) {
    guard dropped <= size else { return }
    var log = log(size, dropping: dropped)
    log._invariantCheck()
    #expect(log.startIndex == dropped)
    #expect(log.endIndex == size)
    #expect(Array(log) == Array(dropped..<size))
    #expect(log.first == (dropped < size ? dropped : nil))
    log.append(-1)
    #expect(log[size] == -1)
    for position in [dropped, (dropped + size) / 2, size] {
      #expect(Array(log.elements(from: position)) == Array(position..<size) + [-1])
    }
    log._invariantCheck()
  }

  @Test("finds the partition point", arguments: sizes, [0, 1, 63, 64, 100])
  func partition(size: Int, dropped: Int) {
    guard dropped <= size else { return }
    let log = log(size, dropping: dropped)
    for bound in [-1, 0, dropped, dropped + 1, 64, size / 2, size - 1, size, size + 1] {
      let expected = min(max(bound, dropped), size)
      #expect(log.partitioningIndex { $0 < bound } == expected)
    }
  }

  @Test(
    "agrees with an array, and its snapshots never change", arguments: 1...40 as ClosedRange<UInt64>
  )
  func random(seed: UInt64) {
    var dice = Dice(seed: seed)
    var log = AppendLog<Int>()
    var twin: [Int] = []
    var start = 0
    var snapshots: [(AppendLog<Int>, [Int])] = []
    for step in 0..<400 {
      switch dice.below(12) {
      case 0:
        let number = dice.below(twin.count + 1)
        log.removeFirst(number)
        twin.removeFirst(number)
        start += number
      case 1: snapshots.append((log, twin))
      default:
        let number = dice.below(12)
        log.append(contentsOf: step..<(step + number))
        twin.append(contentsOf: step..<(step + number))
      }
      #expect(log.startIndex == start, "seed \(seed), step \(step)")
      #expect(log.count == twin.count, "seed \(seed), step \(step)")
    }
    log._invariantCheck()
    #expect(Array(log) == twin, "seed \(seed)")
    for (snapshot, contents) in snapshots {
      snapshot._invariantCheck()
      #expect(Array(snapshot) == contents, "seed \(seed)")
    }
  }

  @Test("compares by contents and by indices", arguments: sizes)
  func equality(size: Int) {
    let first = log(size)
    #expect(first == log(size))
    #expect(first.hashValue == log(size).hashValue)
    var longer = first
    longer.append(1)
    #expect(longer != first)
    guard size > 0 else { return }
    #expect(log(size, dropping: 1) != first)
    #expect(log(size, dropping: size / 2) == log(size, dropping: size / 2))
    var other = AppendLog<Int>()
    other.append(contentsOf: [-1] + Array(1..<size))
    #expect(other != first)
    other.removeFirst(1)
    #expect(other == log(size, dropping: 1), "what was dropped does not count")
  }

  @Test("frees the chunks that were dropped")
  func frees() {
    weak var old: Box?
    var log = AppendLog<Box>()
    do {
      let box = Box(0)
      old = box
      log.append(box)
    }
    log.append(contentsOf: (1..<64).map(Box.init))
    log.removeFirst(63)
    #expect(old != nil, "a chunk is freed as a whole")
    log.removeFirst(1)
    #expect(old == nil)
    log._invariantCheck()
  }

  @Test("is written as its elements are, and comes back with their indices", arguments: [0, 1, 70])
  func coding(dropped: Int) throws {
    let log = log(130, dropping: dropped)
    let back = try CanonicalDecoder.decode(
      AppendLog<Int>.self, from: CanonicalEncoder.encode(log))
    back._invariantCheck()
    #expect(back == log)
    #expect(back.startIndex == dropped)
    let literal: AppendLog<Int> = [7, 8]
    #expect(Array(literal) == [7, 8] && literal.startIndex == 0)
    #expect(try CanonicalEncoder.encode(literal) == CanonicalEncoder.encode([0, 7, 8]))
  }

  @Test("does not begin before 0, nor where indices end", arguments: [-1, Int.min, Int.max / 2])
  func damagedStart(start: Int) throws {
    let bytes = try CanonicalEncoder.encode([start, 7])
    #expect(throws: DecodingError.self) {
      try CanonicalDecoder.decode(AppendLog<Int>.self, from: bytes)
    }
  }

  @Test("stops the program on an index that was dropped")
  func droppedIndex() async {
    await #expect(processExitsWith: .failure) {
      var log: AppendLog<Int> = [1, 2, 3]
      log.removeFirst(2)
      _ = log[1]
    }
  }
}
