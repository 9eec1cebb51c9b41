// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import PersistentCollections
import Testing

import TableStore

@Suite("A table image")
struct TableImageTests {
  /// Runs a change as the sole owner and with a snapshot alive, which must not change.
  private func changing(
    _ samples: [Sample], _ change: (inout TableImage, inout Contents) throws -> Void
  ) throws {
    for hasSnapshot in [false, true] {
      var image = TableImage(keySchema: .orders, indexes: IndexDefinition.all)
      var contents: Contents = [:]
      for sample in samples {
        image.put(sample.item, forKey: sample.key)
        contents[sample.key] = sample
      }
      let before = contents
      let snapshot = hasSnapshot ? image : nil
      try change(&image, &contents)
      #expect(disagreement(of: image, with: contents, indexesToo: true) == nil)
      if let snapshot {
        #expect(disagreement(of: snapshot, with: before, indexesToo: true) == nil)
      }
    }
  }

  @Test("keeps the indexes in agreement from any item to any other of its key")
  func everyTransition() throws {
    let variants = Sample.pool.prefix(10)
    for first in variants {
      for second in variants {
        try changing([first, Sample.pool[25]]) { image, contents in
          let replaced = try image.put(second.item)
          #expect(replaced == first.item)
          contents[second.key] = second
        }
      }
      try changing([first, Sample.pool[25]]) { image, contents in
        #expect(image.remove(first.key) == first.item)
        contents[first.key] = nil
      }
    }
  }

  @Test("refuses an item without a key and stays as it is")
  func refusal() throws {
    try changing([Sample.pool[3]]) { image, _ in
      #expect(throws: KeyError.missing(attribute: "sk")) {
        try image.put(Item(["pk": .string("a")]))
      }
      #expect(throws: KeyError.self) {
        try image.put(Item(["pk": .string("a"), "sk": .string("not a number")]))
      }
      #expect(image.remove(Sample.pool[15].key) == nil)
    }
  }

  @Test("reads items by key")
  func item() throws {
    var image = TableImage(keySchema: .orders)
    #expect(image.isEmpty)
    try image.put(order("a", 1, body: "one"))
    #expect(image.item(try key("a", 1)) == order("a", 1, body: "one"))
    #expect(image.item(try key("a", 2)) == nil)
    #expect(image.byteCount == 3 + 4 + 7, "pk a, sk 1, body one")
  }

  @Test("is the same whether built at once or item by item")
  func bulk() throws {
    var samples = Sample.pool
    for _ in 0..<5 {
      var image = TableImage(keySchema: .orders, indexes: IndexDefinition.all)
      for sample in samples { image.put(sample.item, forKey: sample.key) }
      let built = try TableImage(
        keySchema: .orders, indexes: IndexDefinition.all, items: samples.map(\.item))
      #expect(built == image, "of items with the same key the last one stays")
      samples.rotate(by: 7)
    }
    #expect(throws: KeyError.self) {
      _ = try TableImage(keySchema: .orders, items: [Item(["pk": .string("a")])])
    }
  }

  @Test("fills an index that is added later, and drops one")
  func addAndRemoveIndex() throws {
    let items = Sample.pool.map(\.item)
    let all = try TableImage(keySchema: .orders, indexes: IndexDefinition.all, items: items)
    var image = try TableImage(keySchema: .orders, items: items)
    for definition in IndexDefinition.all { image.addIndex(definition) }
    #expect(image == all)
    image.removeIndex(named: "keys")
    image.removeIndex(named: "unknown")
    #expect(image.indexes.map(\.definition) == [.whole, .some, .local])
    #expect(image.index(named: "keys") == nil)
    #expect(image != all)
    image.reconcileIndexes(with: IndexDefinition.all)
    #expect(image == all)
    image.reconcileIndexes(with: [])
    #expect(image == (try TableImage(keySchema: .orders, items: items)))
  }

  @Test("projects key attributes always, others as the index says, none twice")
  func projection() throws {
    var image = TableImage(keySchema: .orders, indexes: IndexDefinition.all)
    let item = order("a", 1, status: "open", rank: 5, body: "text")
    try image.put(item)
    func projected(_ name: String) -> Item? {
      image.index(named: name)?.entries().first { _ in true }?.value
    }
    #expect(projected("whole") == item)
    #expect(projected("keys") == order("a", 1, status: "open", rank: 5))
    #expect(projected("some") == item)
    #expect(projected("local") == order("a", 1, rank: 5))
  }

  @Test("does not write an index entry that stays as it is")
  func unchangedEntry() throws {
    var image = TableImage(keySchema: .orders, indexes: [.whole, .keys])
    try image.put(order("a", 1, status: "open", rank: 5, body: "text"))
    let snapshot = image
    try image.put(order("a", 1, status: "open", rank: 5, body: "other"))
    let index = try #require(image.index(named: "keys"))
    let before = try #require(snapshot.index(named: "keys"))
    #expect(index.countNodes(notSharedWith: before) == 0)
    #expect(image.countNodes(notSharedWith: snapshot) == 2, "the item's and the whole entry's leaf")
  }

  @Test("shares nothing with an image that has neither its partitions nor its indexes")
  func unshared() throws {
    let items = [order("a", 1, status: "open", rank: 1), order("a", 2), order("b", 1)]
    let empty = TableImage(keySchema: .orders)
    let plain = try TableImage(keySchema: .orders, items: items)
    #expect(plain.countNodes(notSharedWith: empty) == 2, "the places and the partition of two")
    let indexed = try TableImage(keySchema: .orders, indexes: [.whole], items: items)
    #expect(indexed.countNodes(notSharedWith: plain) == 3, "the index has a leaf more")
    #expect(indexed.countNodes(notSharedWith: indexed) == 0)
  }

  @Test("tells what differs from an older image")
  func difference() throws {
    let old = try TableImage(keySchema: .orders, items: [order("a", 1), order("a", 2)])
    var new = old
    try new.put(order("a", 1, body: "changed"))
    new.remove(try key("a", 2))
    try new.put(order("a", 3))
    var seen: [String] = []
    new.forEachDifference(from: old) { _, before, after in
      seen.append("\(before?["body"] == nil) \(after?["body"] == nil) \(after == nil)")
    }
    #expect(seen.sorted() == ["true false false", "true true false", "true true true"])
  }
}

@Suite("Reading a table image")
struct ReadingTests {
  private let image: TableImage
  private let keys: [ItemKey]

  init() throws {
    let items = (0..<100).map { order($0 < 60 ? "a" : "b", $0 * 2, status: "open", rank: $0 / 3) }
    image = try TableImage(keySchema: .orders, indexes: [.whole, .local], items: items)
    keys = try items.map { try KeySchema.orders.key(of: $0) }.sorted()
  }

  @Test("scans in key order in both directions")
  func scan() {
    #expect(image.entries().map(\.key) == keys)
    #expect(image.entries(reversed: true).map(\.key) == keys.reversed())
    #expect(image.items.map { $0 } == image.entries().map(\.value))
  }

  @Test("reads one partition in the order of the sort key")
  func partition() throws {
    let range = try KeySchema.orders.partitionRange([.string("b")])
    let sorts = image.entries(in: range).map { $0.value["sk"] }
    #expect(sorts == (60..<100).map { .number(DecimalNumber($0 * 2)) })
    #expect(image.entries(in: range, reversed: true).map { $0.value["sk"] } == sorts.reversed())
  }

  @Test(
    "goes on after a position, in both directions, whatever the page",
    arguments: [1, 2, 7, 99, 100])
  func pages(size: Int) throws {
    let range = try KeySchema.orders.partitionRange([.string("a")])
    for bounds in [nil, range] {
      for reversed in [false, true] {
        let all = image.entries(in: bounds, reversed: reversed).map(\.key)
        var read: [ItemKey] = []
        while true {
          let page = image.entries(in: bounds, after: read.last, reversed: reversed).prefix(size)
          let positions = page.map(\.key)
          read += positions
          if positions.count < size { break }
        }
        #expect(read == all)
      }
    }
  }

  @Test("does not widen a range by a start outside of it")
  func startOutside() throws {
    let range = keys[40]..<keys[60]
    #expect(image.entries(in: range, after: keys[10]).map(\.key) == Array(keys[40..<60]))
    #expect(image.entries(in: range, after: keys[39]).map(\.key) == Array(keys[40..<60]))
    #expect(image.entries(in: range, after: keys[40]).map(\.key) == Array(keys[41..<60]))
    #expect(image.entries(in: range, after: keys[59]).map(\.key).isEmpty)
    #expect(image.entries(in: range, after: keys[80]).map(\.key).isEmpty)
    let down = Array(keys[40..<60].reversed())
    #expect(image.entries(in: range, after: keys[80], reversed: true).map(\.key) == down)
    #expect(image.entries(in: range, after: keys[60], reversed: true).map(\.key) == down)
    #expect(
      image.entries(in: range, after: keys[59], reversed: true).map(\.key)
        == Array(down.dropFirst()))
    #expect(image.entries(in: range, after: keys[40], reversed: true).map(\.key).isEmpty)
    #expect(image.entries(in: range, after: keys[10], reversed: true).map(\.key).isEmpty)
  }

  @Test("goes on after a key that is gone")
  func startGone() throws {
    var image = image
    image.remove(keys[50])
    #expect(image.entries(after: keys[50]).map(\.key) == Array(keys[51...]))
    #expect(
      image.entries(after: keys[50], reversed: true).map(\.key) == keys[..<50].reversed())
  }

  @Test("reads an index in the order of its key, equal keys in table order")
  func index() throws {
    let index = try #require(image.index(named: "whole"))
    let range = try index.definition.keySchema.partitionRange([.string("open")])
    let read = index.entries(in: range).map(\.value)
    #expect(read.map { $0["rank"] } == (0..<100).map { .number(DecimalNumber($0 / 3)) })
    for start in stride(from: 0, to: 99, by: 3) {
      let equal = try read[start..<min(start + 3, 100)].map { try KeySchema.orders.key(of: $0) }
      #expect(equal == equal.sorted())
    }
    let third = try #require(index.entries(in: range).dropFirst(2).first { _ in true })
    #expect(index.entries(in: range, after: third.key).map(\.value) == Array(read[3...]))
  }
}

extension Array {
  fileprivate mutating func rotate(by number: Int) {
    self = Array(self[number...] + self[..<number])
  }
}
