// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import ItemModel
import Simulation
import TableStore

/// The items that are measured with: a key of 24 bytes and a value of 200.
enum Samples {
  static let schema = KeySchema(partition: KeyAttribute(name: "pk", type: .string))

  static func name(_ number: Int) -> String {
    let digits = String(number)
    return "customer-order-" + String(repeating: "0", count: 9 - digits.count) + digits
  }

  private static let filler = String(repeating: "x", count: 200)

  static func body(_ version: Int) -> String {
    let digits = String(version)
    return filler.dropLast(digits.count) + digits
  }

  static func item(_ number: Int, version: Int = 0) -> Item {
    Item(["pk": .string(name(number)), "v": .string(body(version))])
  }

  static func items(_ count: Int, version: Int = 0) -> [(key: ItemKey, item: Item)] {
    (0..<count).compactMap { number in
      let item = item(number, version: version)
      return (try? schema.key(of: item)).map { ($0, item) }
    }
  }

  /// The numbers below `count` in an order that has nothing to do with them.
  static func shuffled(_ count: Int, seed: UInt64 = 1) -> [Int] {
    var generator = SplitMix64(seed: seed)
    var order = Array(0..<count)
    order.shuffle(using: &generator)
    return order
  }

  static let start = Instant(seconds: 1_772_818_800)
}

/// A cloud with one table, reached as every way in reaches it.
struct BenchCloud {
  var cloud = Cloud(seed: 7, clock: Samples.start)
  let caller = Caller(account: "123456789012", region: "us-east-1")

  /// A cloud whose table `orders` is ACTIVE and holds so many items.
  init(items: Int, recovery: Bool = false, sortKey: Bool = false, index: Bool = false) throws {
    try call("CreateTable", Self.tableInput(sortKey: sortKey, index: index))
    cloud.advance(by: .minutes(2))
    if recovery { try enableRecovery() }
    try load(items)
  }

  mutating func load(_ items: Int, version: Int = 0) throws {
    try cloud.load(
      (0..<items).lazy.map { Samples.item($0, version: version) }, into: "orders",
      in: caller.place)
  }

  mutating func enableRecovery() throws {
    try call(
      "UpdateContinuousBackups",
      [
        "TableName": "orders",
        "PointInTimeRecoverySpecification": ["PointInTimeRecoveryEnabled": true],
      ])
  }

  @discardableResult
  mutating func call(_ operation: String, _ input: Document) throws -> Document {
    try cloud.perform(
      ServiceRequest(service: "dynamodb", operation: operation, input: input, caller: caller))
  }

  static func tableInput(sortKey: Bool = false, index: Bool = false) -> Document {
    var attributes: [Document] = [["AttributeName": "pk", "AttributeType": "S"]]
    var keys: [Document] = [["AttributeName": "pk", "KeyType": "HASH"]]
    if sortKey {
      attributes.append(["AttributeName": "sk", "AttributeType": "N"])
      keys.append(["AttributeName": "sk", "KeyType": "RANGE"])
    }
    var members: [(String, Document)] = [
      ("TableName", "orders"), ("BillingMode", "PAY_PER_REQUEST"), ("KeySchema", .array(keys)),
    ]
    if index {
      attributes.append(["AttributeName": "v", "AttributeType": "S"])
      members.append(
        (
          "GlobalSecondaryIndexes",
          [
            [
              "IndexName": "by-v", "KeySchema": [["AttributeName": "v", "KeyType": "HASH"]],
              "Projection": ["ProjectionType": "KEYS_ONLY"],
            ]
          ]
        ))
    }
    members.append(("AttributeDefinitions", .array(attributes)))
    return Document(members: members)
  }
}

extension Document {
  /// A request to put one of the sample items.
  static func put(_ number: Int, version: Int = 0) -> Document {
    [
      "TableName": "orders",
      "Item": [
        "pk": ["S": .string(Samples.name(number))], "v": ["S": .string(Samples.body(version))],
      ],
    ]
  }

  /// A request to get one of the sample items.
  static func get(_ number: Int) -> Document {
    ["TableName": "orders", "Key": ["pk": ["S": .string(Samples.name(number))]]]
  }
}
