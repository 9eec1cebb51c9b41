// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import PersistentCollections
import Simulation
import TableStore
import Testing

extension KeySchema {
  /// The table of these tests: a string and a number.
  static let orders = KeySchema(
    partition: KeyAttribute(name: "pk", type: .string),
    sort: KeyAttribute(name: "sk", type: .number))
}

extension IndexDefinition {
  private static func byStatus(_ name: String, _ projection: Projection) -> IndexDefinition {
    IndexDefinition(
      name: name,
      keySchema: KeySchema(
        partition: KeyAttribute(name: "status", type: .string),
        sort: KeyAttribute(name: "rank", type: .number)),
      projection: projection, kind: .global)
  }

  static let whole = byStatus("whole", .all)
  static let keys = byStatus("keys", .keysOnly)
  static let some = byStatus("some", .include(["body", "pk"]))
  static let local = IndexDefinition(
    name: "local",
    keySchema: KeySchema(
      partition: KeyAttribute(name: "pk", type: .string),
      sort: KeyAttribute(name: "rank", type: .number)),
    projection: .keysOnly, kind: .local)

  static let all = [whole, keys, some, local]
}

func order(
  _ partition: String, _ sort: Int, status: String? = nil, rank: Int? = nil, body: String? = nil
) -> Item {
  var attributes: AttributeMap = ["pk": .string(partition), "sk": .number(DecimalNumber(sort))]
  attributes["status"] = status.map { .string($0) }
  attributes["rank"] = rank.map { .number(DecimalNumber($0)) }
  attributes["body"] = body.map { .string($0) }
  return Item(attributes)
}

func key(_ partition: String, _ sort: Int) throws -> ItemKey {
  try KeySchema.orders.key(of: order(partition, sort))
}

extension Instant {
  /// Milliseconds after the start of a test.
  static func at(_ milliseconds: Int64) -> Instant {
    Instant(milliseconds: 1_772_800_000_000 + milliseconds)
  }
}

/// An item with what every index should hold of it, worked out from its attributes alone.
struct Sample: Sendable {
  let item: Item
  let key: ItemKey
  let byteCount: Int
  /// By index: the entry's position and what is projected; nil where the item is not in the index.
  let entries: [(key: ItemKey, value: Item, byteCount: Int)?]

  init(_ item: Item) throws {
    self.item = item
    key = try KeySchema.orders.key(of: item)
    byteCount = item.attributes.byteCount
    let key = key
    entries = IndexDefinition.all.map { definition in
      let attributes = item.attributes
      for attribute in definition.keySchema.attributes
      where attributes[attribute.name]?.type.rawValue != attribute.type.rawValue { return nil }
      guard attributes["status"] != .string("") || definition == .local else { return nil }
      guard let position = try? definition.keySchema.key(of: attributes) else { return nil }
      var kept = AttributeMap()
      for (name, value) in attributes {
        let isKey = ["pk", "sk"].contains(name) || definition.keySchema.contains(name: name)
        let isIncluded = definition.projection == .include(["body", "pk"]) && name == "body"
        if isKey || isIncluded || definition.projection == .all { kept[name] = value }
      }
      return (position.appending(tableKey: key), Item(kept), kept.byteCount)
    }
  }

  /// Ten variants of each of six keys: with and without index keys, of a wrong type, of many sizes.
  static let pool: [Sample] = {
    var samples: [Sample] = []
    for (partition, sort) in [("a", 1), ("a", 2), ("a", -3), ("b", 1), ("é", 1), ("c", 10)] {
      var wrongType = order(partition, sort, rank: 1).attributes
      wrongType["status"] = .number(DecimalNumber(4))
      var empty = wrongType
      empty["status"] = .string("")
      let items = [
        order(partition, sort), order(partition, sort, status: "open"),
        order(partition, sort, rank: 2), order(partition, sort, status: "open", rank: 2),
        order(partition, sort, status: "open", rank: 2, body: "x"),
        order(partition, sort, status: "open", rank: 10, body: "xyz"),
        order(partition, sort, status: "done", rank: -1),
        order(partition, sort, body: "longer one"),
        Item(wrongType), Item(empty),
      ]
      for item in items {
        guard let sample = try? Sample(item) else { continue }
        samples.append(sample)
      }
    }
    return samples
  }()
}

/// The naive twin of an image: each key's sample.
typealias Contents = [ItemKey: Sample]

/// What is wrong with an image that should hold these contents; nil if nothing is.
func disagreement(of image: TableImage, with contents: Contents, indexesToo: Bool) -> String? {
  let expected = contents.values.sorted { $0.key < $1.key }
  if image.count != expected.count { return "\(image.count) items, not \(expected.count)" }
  if !image.items.elementsEqual(expected.lazy.map(\.item)) { return "other items" }
  if image.byteCount != expected.reduce(0, { $0 + $1.byteCount }) {
    return "\(image.byteCount) bytes"
  }
  guard indexesToo else { return nil }
  for (number, definition) in IndexDefinition.all.enumerated() {
    guard let index = image.index(named: definition.name) else { continue }
    let entries = expected.compactMap { $0.entries[number] }.sorted { $0.key < $1.key }
    if index.count != entries.count { return "\(definition.name): \(index.count) entries" }
    if !index.entries().elementsEqual(entries, by: { $0.key == $1.key && $0.value == $1.value }) {
      return "\(definition.name): other entries"
    }
    if index.byteCount != entries.reduce(0, { $0 + $1.byteCount }) {
      return "\(definition.name): \(index.byteCount) bytes"
    }
  }
  return nil
}
