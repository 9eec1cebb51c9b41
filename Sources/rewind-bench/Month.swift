// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Glibc
import ItemModel
import PersistentCollections
import Simulation
import TableStore

/// A month of a large table, restored at random seconds and at both edges of the window, each
/// restored table compared with what the generator itself wrote down.
///
/// The comparison shares nothing with the engine: for each key an array of (instant, version) in the
/// order of writing, searched backwards.
struct Month {
  let items: Int
  let changes: Int
  let restores: Int

  /// One write as its generator remembers it.
  private struct Write {
    let milliseconds: Int64
    /// Negative for a deletion.
    let version: Int32
  }

  /// Something that should have been equal and was not.
  struct Difference: Error, CustomStringConvertible {
    let description: String
  }

  private static let days: Int64 = 35

  init(isSmoke: Bool) {
    items = isSmoke ? 2_000 : 1_000_000
    changes = isSmoke ? 20_000 : 10_000_000
    restores = isSmoke ? 60 : 500
  }

  func run() throws {
    var bench = try BenchCloud(items: 0)
    let created = bench.cloud.now
    tell("\(items) items, \(changes) changes in \(Self.days) days")
    var written = [[Write]](repeating: [], count: items)
    let before = heapByteCount()
    try load(&bench, &written, at: created)
    let loaded = heapByteCount()
    try bench.enableRecovery()
    let enabled = bench.cloud.now
    var time = 0.0
    try change(&bench, &written, since: enabled, &time)
    let remembered = written.reduce(0) { $0 + $1.capacity * MemoryLayout<Write>.stride + 32 }
    tell(
      "loaded: \(rounded(Double(loaded - before) / Double(items))) B an item, the comparison's notes"
        + " included; written: \(rate(time, changes))")
    let heap = heapByteCount()
    tell("in memory: \(rounded(Double(heap - remembered) / 1e9)) GB beside the notes")
    try restoreAll(&bench, written, enabled: enabled)
  }

  /// What an item holds at a version: long enough to be worth sharing.
  private func item(_ number: Int, _ version: Int32) -> Item {
    Samples.item(number, version: Int(version))
  }

  private func load(
    _ bench: inout BenchCloud, _ written: inout [[Write]], at instant: Instant
  ) throws {
    // The last tenth is created in the course of the month.
    let initial = items * 9 / 10
    let items = (0..<initial).lazy.map { item($0, 0) }
    try bench.cloud.load(items, into: "orders", in: bench.caller.place)
    let write = Write(milliseconds: bench.cloud.now.milliseconds, version: 0)
    for number in 0..<initial { written[number].append(write) }
  }

  private func change(
    _ bench: inout BenchCloud, _ written: inout [[Write]], since enabled: Instant,
    _ time: inout Double
  ) throws {
    var generator = SplitMix64(seed: 35)
    let total = Self.days * 86_400_000
    let batch = 1_000
    for first in stride(from: 0, to: changes, by: batch) {
      // A thousand writes in one instant now and then, else spread over the month.
      let due = enabled + .milliseconds(total * Int64(first + batch) / Int64(changes))
      if due > bench.cloud.now { bench.cloud.advance(to: due) }
      let now = bench.cloud.now.milliseconds
      var puts: [Item] = []
      var deletions: [Int] = []
      for index in first..<min(first + batch, changes) {
        let number = Int(generator.next() % UInt64(items))
        let isDeletion = generator.next() % 16 == 0 && (written[number].last?.version ?? -1) >= 0
        guard !deletions.contains(number) else { continue }
        if isDeletion {
          // Deletions follow the batch's puts, so a key put in it is left alone.
          guard written[number].last?.milliseconds != now else { continue }
          deletions.append(number)
          written[number].append(Write(milliseconds: now, version: -1))
        } else {
          puts.append(item(number, Int32(index + 1)))
          written[number].append(Write(milliseconds: now, version: Int32(index + 1)))
        }
      }
      time += try seconds {
        try bench.cloud.load(puts, into: "orders", in: bench.caller.place)
        for number in deletions {
          try bench.cloud.deleteItem(
            ["pk": .string(Samples.name(number))], from: "orders", in: bench.caller.place)
        }
      }
    }
  }

  /// Says something at once, so that whoever waits for a long run sees how far it is.
  private func tell(_ line: String) {
    print(line)
    fflush(nil)
  }

  // MARK: Restoring and comparing

  private func restoreAll(
    _ bench: inout BenchCloud, _ written: [[Write]], enabled: Instant
  ) throws {
    guard
      let window = bench.cloud[bench.caller.place].table(named: "orders")?
        .restoreWindow(at: bench.cloud.now)
    else { throw Difference(description: "the table has no window") }
    let (first, last) = (window.lowerBound, window.upperBound)
    tell("window: \(first.rfc3339) to \(last.rfc3339)")
    for outside in [first - .seconds(1), last + .seconds(1)] {
      guard (try? restored(&bench, to: outside)) == nil else {
        throw Difference(description: "a restore to \(outside.rfc3339) was accepted")
      }
    }
    var seconds = [first, first + .seconds(1), last - .seconds(1), last]
    var generator = SplitMix64(seed: 36)
    let span = UInt64((last - first).wholeMilliseconds / 1_000)
    for _ in 0..<restores {
      seconds.append(first + .seconds(Int64(generator.next() % (span + 1))))
    }
    var times: [Double] = []
    let heap = heapByteCount()
    var most = 0
    var expected = ExpectedItem()
    guard expected.equals(Samples.item(7_654_321, version: 89), 7_654_321, 89),
      expected.equals(Samples.item(12, version: 0), 12, 0)
    else { throw Difference(description: "the comparison does not know the items") }
    for instant in seconds {
      let cloud = bench.cloud
      var image = TableImage(keySchema: Samples.schema)
      times.append(try wallSeconds { image = try restored(&bench, to: instant) })
      most = max(most, heapByteCount() - heap)
      try compare(image, written, at: instant, &expected)
      bench.cloud = cloud
    }
    times.sort()
    let mean = times.reduce(0, +) / Double(times.count)
    tell(
      "\(times.count) restores equal the fold: mean \(each(mean)), median "
        + "\(each(times[times.count / 2])), worst \(each(times.last ?? 0)); at most "
        + "\(rounded(Double(most) / 1e6)) MB for one")
  }

  private func restored(_ bench: inout BenchCloud, to instant: Instant) throws -> TableImage {
    try bench.call(
      "RestoreTableToPointInTime",
      [
        "SourceTableName": "orders", "TargetTableName": "restored",
        "RestoreDateTime": .double(instant.epochSeconds),
      ])
    guard let table = bench.cloud[bench.caller.place].table(named: "restored") else {
      throw Difference(description: "the restored table is not there")
    }
    return table.image
  }

  /// Holds every item of a restored table to the notes, byte for byte.
  private func compare(
    _ image: TableImage, _ written: [[Write]], at instant: Instant, _ expected: inout ExpectedItem
  ) throws {
    var present = 0
    for writes in written {
      let last = writes.last { $0.milliseconds <= instant.milliseconds }
      if let last, last.version >= 0 { present += 1 }
    }
    guard image.count == present else {
      throw Difference(
        description: "\(image.count) items instead of \(present) at \(instant.rfc3339)")
    }
    // As many items as there should be, each the right one, none twice: all of them.
    var isSeen = [Bool](repeating: false, count: items)
    for item in image.items {
      guard let number = expected.number(of: item), number < items, !isSeen[number],
        let last = written[number].last(where: { $0.milliseconds <= instant.milliseconds }),
        last.version >= 0, expected.equals(item, number, Int(last.version))
      else {
        throw Difference(description: "an item is not as written at \(instant.rfc3339)")
      }
      isSeen[number] = true
    }
  }
}

/// The bytes of a sample item, with its number and version written into them.
private struct ExpectedItem {
  private var bytes: [UInt8]
  private let numberEnd: Int
  private let filler = UInt8(ascii: "x")

  init() {
    bytes = Samples.item(0).encoded
    // The name and its nine digits come before the body, which ends the item.
    numberEnd = (bytes.lastIndex(of: UInt8(ascii: "v")) ?? 1) - 1
  }

  /// The number that an item says it has.
  func number(of item: Item) -> Int? {
    guard item.encoded.count == bytes.count else { return nil }
    var number = 0
    for byte in item.encoded[(numberEnd - 9)..<numberEnd] {
      guard (0x30...0x39).contains(byte) else { return nil }
      number = number * 10 + Int(byte - 0x30)
    }
    return number
  }

  /// Whether an item is the sample of a number and a version, byte for byte.
  mutating func equals(_ item: Item, _ number: Int, _ version: Int) -> Bool {
    var rest = number
    for place in 1...9 {
      bytes[numberEnd - place] = UInt8(0x30 + rest % 10)
      rest /= 10
    }
    var place = bytes.count - 1
    rest = version
    repeat {
      bytes[place] = UInt8(0x30 + rest % 10)
      rest /= 10
      place -= 1
    } while rest > 0
    while bytes[place] != filler {
      bytes[place] = filler
      place -= 1
    }
    return item.encoded == bytes
  }
}
