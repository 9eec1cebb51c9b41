// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import Simulation
import TableStore
import Testing

@Suite("A table's history")
struct HistoryTests {
  private func bodies(_ image: TableImage) -> [String] {
    image.items.map { item in
      if case .string(let text)? = item["body"] { text } else { "-" }
    }.sorted()
  }

  @Test("holds every write committed at or before the instant, several in one millisecond included")
  func sameMillisecond() throws {
    var table = StoredTable(keySchema: .orders)
    table.startHistory(at: .at(0))
    try table.put(order("a", 1, body: "first"), at: .at(5))
    try table.put(order("a", 1, body: "second"), at: .at(5))
    try table.put(order("a", 2, body: "other"), at: .at(5))
    table.remove(try key("a", 1), at: .at(6))
    #expect(bodies(table.image(at: .at(4))) == [])
    #expect(bodies(table.image(at: .at(5))) == ["other", "second"])
    #expect(bodies(table.image(at: .at(6))) == ["other"])
    #expect(table.lastSequence == 4)
  }

  @Test("starts with what the table held")
  func start() throws {
    var table = StoredTable(keySchema: .orders)
    try table.put(order("a", 1, body: "before"), at: .at(0))
    #expect(table.history == nil)
    table.startHistory(at: .at(10))
    try table.put(order("a", 1, body: "at once"), at: .at(10))
    try table.put(order("a", 1, body: "later"), at: .at(20))
    #expect(table.history?.start == .at(10))
    #expect(bodies(table.image(at: .at(10))) == ["at once"])
    #expect(bodies(table.image(at: .at(19))) == ["at once"])
    #expect(bodies(table.image(at: .at(9_999_999))) == ["later"])
  }

  @Test("forgets all when it is stopped, and begins anew")
  func offAndOn() throws {
    var table = StoredTable(keySchema: .orders)
    table.startHistory(at: .at(0))
    try table.put(order("a", 1, body: "kept"), at: .at(1))
    let snapshot = table
    table.startHistory(at: .at(2))
    #expect(table.history?.start == .at(0), "on stays on")
    table.stopHistory()
    #expect(table.history == nil)
    table.startHistory(at: .at(3))
    #expect(table.history?.start == .at(3))
    #expect(table.history?.log.count == 0)
    #expect(bodies(table.image(at: .at(3))) == ["kept"])
    #expect(bodies(snapshot.image(at: .at(0))) == [])
  }

  @Test("records what each write replaced, and nothing for a removal of nothing")
  func records() throws {
    var table = StoredTable(keySchema: .orders)
    table.startHistory(at: .at(0))
    let first = order("a", 1, body: "1")
    let second = order("a", 1, body: "2")
    let itemKey = try key("a", 1)
    #expect(table.remove(itemKey, at: .at(1)) == nil)
    #expect(try table.put(first, at: .at(2)) == nil)
    #expect(try table.put(second, at: .at(3)) == first)
    #expect(table.remove(itemKey, at: .at(4)) == second)
    let log = try #require(table.history?.log)
    #expect(
      Array(log) == [
        ChangeRecord(instant: .at(2), sequence: 1, key: itemKey, old: nil, new: first),
        ChangeRecord(instant: .at(3), sequence: 2, key: itemKey, old: first, new: second),
        ChangeRecord(instant: .at(4), sequence: 3, key: itemKey, old: second, new: nil),
      ])
    #expect(log.records(after: .at(2), through: .at(3)).map(\.sequence) == [2])
    #expect(log.records(after: .at(4), through: .at(0)).map(\.sequence) == [])
    #expect(log.byteCount == first.byteCount + second.byteCount)
  }

  @Test("refuses an item without a key and records nothing")
  func refusal() throws {
    var table = StoredTable(keySchema: .orders)
    table.startHistory(at: .at(0))
    #expect(throws: KeyError.missing(attribute: "pk")) {
      try table.put(Item(["sk": .number(1)]), at: .at(1))
    }
    #expect(table.image.isEmpty)
    #expect(table.lastSequence == 0)
    #expect(table.history?.log.count == 0)
  }

  @Test(
    "trims what lies before an instant and keeps every instant since", arguments: [1, 2, 3, 5, 100])
  func trim(checkpointInterval: Int) throws {
    var table = StoredTable(keySchema: .orders)
    table.startHistory(at: .at(0), checkpointInterval: checkpointInterval)
    for second in 1...50 {
      try table.put(order("a", second % 7, body: "\(second)"), at: .at(Int64(second) * 1_000))
    }
    let untrimmed = table
    for (instant, kept) in [(0, 50), (999, 50), (1_000, 49), (20_500, 30), (50_000, 0)] {
      table.trimHistory(before: .at(Int64(instant)))
      let history = try #require(table.history)
      #expect(history.start == .at(Int64(instant)))
      #expect(history.log.count == kept)
      #expect(history.checkpointCount <= kept / checkpointInterval + 1)
      for second in stride(from: (instant + 999) / 1_000 * 1_000, through: 51_000, by: 1_000) {
        let instant = Instant.at(Int64(second))
        #expect(table.image(at: instant) == untrimmed.image(at: instant))
      }
    }
    table.trimHistory(before: .at(10_000))
    #expect(table.history?.start == .at(50_000), "the start never moves back")
    #expect(table.history?.byteCount == 0)
    #expect(untrimmed.history?.log.count == 50)
  }

  @Test("restores with the indexes the table has now", arguments: [1, 2, 100])
  func indexesOfNow(checkpointInterval: Int) throws {
    var table = StoredTable(keySchema: .orders, indexes: [.keys])
    table.startHistory(at: .at(0), checkpointInterval: checkpointInterval)
    try table.put(order("a", 1, status: "open", rank: 1), at: .at(1))
    try table.put(order("a", 2, status: "open", rank: 2), at: .at(2))
    table.addIndex(.whole)
    table.removeIndex(named: "keys")
    try table.put(order("a", 3, status: "open", rank: 3), at: .at(3))
    for (instant, count) in [(0, 0), (1, 1), (2, 2), (3, 3)] {
      let image = table.image(at: .at(Int64(instant)))
      #expect(image.indexes.map(\.definition) == [.whole])
      #expect(image.index(named: "whole")?.count == count)
    }
  }

  @Test("is independent of the image it restored")
  func independence() throws {
    var table = StoredTable(keySchema: .orders)
    table.startHistory(at: .at(0))
    try table.put(order("a", 1, body: "source"), at: .at(1))
    var restored = StoredTable(image: table.image(at: .at(1)))
    try restored.put(order("a", 1, body: "restored"), at: .at(2))
    try table.put(order("a", 2, body: "later"), at: .at(3))
    #expect(bodies(restored.image) == ["restored"])
    #expect(bodies(table.image) == ["later", "source"])
    #expect(restored.history == nil)
    #expect(restored.lastSequence == 1)
  }

  @Test("stops the program on a restore from before its start and on a clock that runs back")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      var table = StoredTable(keySchema: .orders)
      table.startHistory(at: .at(5))
      _ = table.image(at: .at(4))
    }
    await #expect(processExitsWith: .failure) {
      var table = StoredTable(keySchema: .orders)
      table.startHistory(at: .at(0))
      try table.put(order("a", 1), at: .at(5))
      try table.put(order("a", 1), at: .at(4))
    }
    await #expect(processExitsWith: .failure) {
      _ = StoredTable(keySchema: .orders).image(at: .at(4))
    }
  }
}

@Suite("The cost of a table's history")
struct HistoryGrowthTests {
  private func table(_ size: Int) throws -> StoredTable {
    let image = try TableImage(
      keySchema: .orders, items: (0..<size).map { order("p\($0 % 50)", $0, body: "initial") })
    return StoredTable(image: image)
  }

  @Test("a restore replays records between checkpoints alone, whatever the size of the table")
  func restore() throws {
    func work(size: Int) throws -> (replayed: [Int], copied: [Int]) {
      var table = try table(size)
      table.startHistory(at: .at(0), checkpointInterval: 64)
      for number in 0..<640 {
        try table.put(order("p\(number % 50)", number, body: "new"), at: .at(Int64(number)))
      }
      let history = try #require(table.history)
      #expect(history.checkpointCount == 10)
      return (
        (0..<640).map { history.replayCount(to: .at(Int64($0))) },
        // From the nearest checkpoint on, a restore makes the paths to the keys replayed its own.
        [100, 300, 500].map { instant in
          let image = table.image(at: .at(Int64(instant)))
          let neighbour = table.image(at: .at(Int64((instant + 1) / 64 * 64 - 1)))
          return image.countNodes(notSharedWith: neighbour)
        }
      )
    }
    let small = try work(size: 1_000)
    let large = try work(size: 20_000)
    #expect(small.replayed == large.replayed)
    // Next to the start there is no older checkpoint, so the way back from the first one counts.
    #expect(small.replayed.max() == 63)
    #expect(small.replayed[64...].max() == 32)
    for (few, many) in zip(small.copied, large.copied) { #expect(many <= 3 * few + 10) }
  }

  @Test("a write while a snapshot is alive copies one path, history included")
  func write() throws {
    for size in [1_000, 20_000] {
      var table = try table(size)
      table.startHistory(at: .at(0))
      let snapshot = table
      try table.put(order("p1", 1, body: "new"), at: .at(1))
      #expect(table.image.countNodes(notSharedWith: snapshot.image) <= 4)
    }
  }

  @Test("a backup is free: it shares every node")
  func backup() throws {
    let table = try table(2_000)
    let backup = table.image
    #expect(backup.countNodes(notSharedWith: table.image) == 0)
  }
}
