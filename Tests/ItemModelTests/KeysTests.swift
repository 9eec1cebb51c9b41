// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import Testing

private func schema(_ type: KeyAttributeType) -> KeySchema {
  KeySchema(
    partition: KeyAttribute(name: "p", type: .string), sort: KeyAttribute(name: "s", type: type))
}

/// A value of a key attribute's type, never empty.
private func keyValue(_ type: KeyAttributeType, _ dice: inout Dice) -> AttributeValue {
  switch type {
  case .number: .number(dice.number())
  case .string: .string("a" + dice.text())
  case .binary: .binary([UInt8(dice.roll(2) * 255)] + dice.bytes())
  }
}

/// The order the service gives two values of one key type.
private func precedes(_ left: AttributeValue, _ right: AttributeValue) -> Bool {
  switch (left, right) {
  case (.number(let a), .number(let b)): a < b
  case (.string(let a), .string(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
  case (.binary(let a), .binary(let b)): a.lexicographicallyPrecedes(b)
  default: false
  }
}

@Suite("Keys")
struct KeysTests {
  @Test(
    "an item's bytes tell the hash of its key, and whether a key is its own",
    arguments: KeyAttributeType.allCases)
  func readOffItems(type: KeyAttributeType) throws {
    var dice = Dice(seed: 22)
    let table = schema(type)
    let index = KeySchema(
      partition: KeyAttribute(name: "i", type: type), sort: KeyAttribute(name: "p", type: .string))
    var items: [Item] = []
    for _ in 0..<60 {
      let partition = AttributeValue.string(
        dice.roll(2) == 0 ? "a\u{0}b" : "a" + dice.text(upTo: 2))
      items.append(
        Item(["p": partition, "s": keyValue(type, &dice), "i": keyValue(type, &dice)]))
    }
    for item in items {
      let key = try table.key(of: item)
      let entry = try index.key(of: item, followedBy: key)
      #expect(table.keyHash(of: item) == key.partitionHash)
      #expect(index.keyHash(of: item) == entry.partitionHash)
      for other in items {
        let otherKey = try table.key(of: other)
        #expect(table.isKey(key, of: other) == (key == otherKey))
        #expect(
          try index.isKey(entry, of: other, inIndexOf: table)
            == (index.key(of: other, followedBy: otherKey) == entry))
      }
    }
  }

  @Test("an item without a key has no hash of one")
  func unfitItems() {
    let table = schema(.string)
    let long = String(repeating: "x", count: KeySchema.maximumSortByteCount + 1)
    let wide = String(repeating: "x", count: KeySchema.maximumPartitionByteCount + 1)
    let unfit: [AttributeMap] = [
      [:], ["p": .string("a")], ["p": .string("a"), "s": .number(1)],
      ["p": .string(""), "s": .string("b")], ["p": .string("a"), "s": .string("")],
      ["p": .string("a"), "s": .string(long)], ["p": .string(wide), "s": .string("b")],
    ]
    for attributes in unfit {
      let item = Item(attributes)
      #expect(table.keyHash(of: item) == nil)
      #expect((try? table.key(of: item)) == nil)
    }
    #expect(table.keyHash(of: Item(["p": .string("a"), "s": .string("b")])) != nil)
  }

  @Test(
    "keys of a partition stand in the order of their sort values",
    arguments: KeyAttributeType.allCases)
  func order(type: KeyAttributeType) throws {
    var dice = Dice(seed: 21)
    let schema = schema(type)
    for _ in 0..<3_000 {
      let (a, b) = (keyValue(type, &dice), keyValue(type, &dice))
      let left = try schema.key(of: ["p": .string("x"), "s": a])
      let right = try schema.key(of: ["p": .string("x"), "s": b])
      #expect((left < right) == precedes(a, b), "\(a) \(b)")
      #expect((left == right) == (a == b), "\(a) \(b)")
    }
  }

  @Test("an item's bytes give the key its attributes give", arguments: KeyAttributeType.allCases)
  func fromItem(type: KeyAttributeType) throws {
    var dice = Dice(seed: 22)
    let schema = KeySchema(
      partition: KeyAttribute(name: "p", type: type), sort: KeyAttribute(name: "s", type: .number))
    for _ in 0..<300 {
      var attributes = dice.map()
      attributes["p"] = keyValue(type, &dice)
      attributes["s"] = .number(dice.number())
      let item = Item(attributes)
      #expect(try schema.key(of: item) == schema.key(of: attributes))
      let key = schema.keyAttributes(of: attributes)
      #expect(key.names == ["p", "s"])
      #expect(schema.keyAttributes(of: item) == key)
      #expect(try schema.key(exactly: key) == schema.key(of: item))
    }
  }

  @Test("equal partition keys hash alike in every run")
  func stableHash() throws {
    // These literals pin stored data: a change here breaks every saved world.
    let strings = KeySchema(partition: KeyAttribute(name: "p", type: .string))
    let numbers = KeySchema(partition: KeyAttribute(name: "p", type: .number))
    let key = try strings.key(of: ["p": .string("order-1")])
    #expect(key.bytes == Array("order-1".utf8) + [0, 0])
    #expect(key.partitionHash == twinHash(key.bytes))
    let number = try numbers.key(of: ["p": .number(105)])
    #expect(number.bytes == [3, 132, 21, 100])
    #expect(number.partitionHash == twinHash(number.bytes))
    #expect(twinHash([]) == 0xefd0_1f60_ba99_2926)
  }

  /// FNV-1a and MurmurHash3's finaliser, written once more.
  private func twinHash(_ bytes: [UInt8]) -> UInt64 {
    var hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    for factor in [0xff51_afd7_ed55_8ccd, 0xc4ce_b9fe_1a85_ec53] as [UInt64] {
      hash = (hash ^ (hash >> 33)) &* factor
    }
    return hash ^ (hash >> 33)
  }

  @Test(
    "attributes that make no key are refused by kind",
    arguments: [
      (["s": .number(1)], .missing(attribute: "p")),
      (["p": .string("a")], .missing(attribute: "s")),
      (
        ["p": .number(1), "s": .number(1)],
        .typeMismatch(attribute: "p", expected: .string, actual: .number)
      ),
      (
        ["p": .string("a"), "s": .null],
        .typeMismatch(attribute: "s", expected: .number, actual: .null)
      ),
      (["p": .string(""), "s": .number(1)], .emptyValue(attribute: "p", type: .string)),
      (["p": .string(""), "s": .string("")], .emptyValue(attribute: "p", type: .string)),
      (
        ["p": .string(String(repeating: "k", count: 2_049)), "s": .number(1)],
        .partitionTooLong(byteCount: 2_049)
      ),
      (
        ["p": .string(String(repeating: "k", count: 2_049)), "s": .string("")],
        .typeMismatch(attribute: "s", expected: .number, actual: .string)
      ),
    ] as [(AttributeMap, KeyError)])
  func refused(attributes: AttributeMap, expected: KeyError) {
    #expect(throws: expected) { try schema(.number).key(of: attributes) }
    #expect(throws: expected) { try schema(.number).key(of: Item(attributes)) }
  }

  @Test("key lengths hold at the limit and not one past it")
  func lengths() throws {
    let strings = schema(.string)
    func attributes(_ partition: Int, _ sort: Int) -> AttributeMap {
      [
        "p": .string(String(repeating: "k", count: partition)),
        "s": .string(String(repeating: "k", count: sort)),
      ]
    }
    #expect(throws: Never.self) { try strings.key(of: attributes(2_048, 1_024)) }
    #expect(throws: KeyError.partitionTooLong(byteCount: 2_049)) {
      try strings.key(of: attributes(2_049, 1_025))
    }
    #expect(throws: KeyError.sortTooLong(byteCount: 1_025)) {
      try strings.key(of: attributes(2_048, 1_025))
    }
    #expect(throws: KeyError.sortTooLong(byteCount: 1_025)) {
      try strings.key(of: Item(attributes(1, 1_025)))
    }
    let binary = schema(.binary)
    #expect(throws: KeyError.emptyValue(attribute: "s", type: .binary)) {
      try binary.key(of: ["p": .string("a"), "s": .binary([])])
    }
  }

  @Test(
    "a Key has exactly the schema's attributes and types",
    arguments: [
      ["p": .string("a")], ["p": .string("a"), "x": .number(1)],
      ["p": .string("a"), "s": .number(1), "x": .number(1)],
      ["p": .string("a"), "s": .string("1")], [:],
    ] as [AttributeMap])
  func exactKey(attributes: AttributeMap) {
    #expect(throws: KeyError.schemaMismatch) { try schema(.number).key(exactly: attributes) }
  }

  @Test("a Key with an empty value has the right shape and is refused for the value")
  func exactEmpty() {
    #expect(throws: KeyError.emptyValue(attribute: "p", type: .string)) {
      try schema(.number).key(exactly: ["p": .string(""), "s": .number(1)])
    }
  }

  @Test(
    "a range holds exactly the keys that fulfil its condition", arguments: KeyAttributeType.allCases
  )
  func ranges(type: KeyAttributeType) throws {
    var dice = Dice(seed: 23)
    let schema = schema(type)
    for _ in 0..<1_500 {
      let (a, b, c) = (keyValue(type, &dice), keyValue(type, &dice), keyValue(type, &dice))
      let key = try schema.key(of: ["p": .string("x"), "s": a])
      let rows: [(SortCondition, Bool)] = [
        (.equal(b), a == b), (.less(b), precedes(a, b)), (.lessOrEqual(b), !precedes(b, a)),
        (.greater(b), precedes(b, a)), (.greaterOrEqual(b), !precedes(a, b)),
        (.between(b, c), !precedes(a, b) && !precedes(c, a)),
      ]
      for (condition, expected) in rows {
        let range = try schema.range(partition: [.string("x")], condition: condition)
        #expect(range.contains(key) == expected, "\(a) \(condition)")
      }
      #expect(try schema.partitionRange([.string("x")]).contains(key))
      #expect(try !schema.partitionRange([.string("xx")]).contains(key))
    }
  }

  @Test("begins_with holds exactly the keys with the prefix")
  func prefixes() throws {
    var dice = Dice(seed: 24)
    for _ in 0..<2_000 {
      let (text, prefix) = ("a" + dice.text(), "a" + dice.text(upTo: 2))
      let key = try schema(.string).key(of: ["p": .string("x"), "s": .string(text)])
      let range = try schema(.string).range(
        partition: [.string("x")], condition: .beginsWith(.string(prefix)))
      #expect(range.contains(key) == text.utf8.starts(with: prefix.utf8), "\(text) \(prefix)")
      let (bytes, start) = ([255] + dice.bytes(), [255] + dice.bytes(upTo: 2))
      let other = try schema(.binary).key(of: ["p": .string("x"), "s": .binary(bytes)])
      let others = try schema(.binary).range(
        partition: [.string("x")], condition: .beginsWith(.binary(start)))
      #expect(others.contains(other) == bytes.starts(with: start), "\(bytes) \(start)")
    }
  }

  @Test("a range asks for values of the right type")
  func rangeErrors() {
    let numbers = schema(.number)
    #expect(throws: KeyError.typeMismatch(attribute: "p", expected: .string, actual: .number)) {
      try numbers.partitionRange([.number(1)])
    }
    #expect(throws: KeyError.typeMismatch(attribute: "s", expected: .number, actual: .string)) {
      try numbers.range(partition: [.string("a")], condition: .less(.string("x")))
    }
    #expect(throws: KeyError.unsupportedCondition(attribute: "s", type: .number)) {
      try numbers.range(partition: [.string("a")], condition: .beginsWith(.number(1)))
    }
    #expect(throws: KeyError.emptyValue(attribute: "p", type: .string)) {
      try numbers.partitionRange([.string("")])
    }
  }

  @Test("a BETWEEN the wrong way round is an empty range")
  func emptyBetween() throws {
    let range = try schema(.number).range(
      partition: [.string("a")], condition: .between(.number(5), .number(3)))
    #expect(range.isEmpty)
  }

  @Test("index entries stand by index key, then table key, and give the table key back")
  func indexEntries() throws {
    var dice = Dice(seed: 25)
    let table = schema(.string)
    let index = KeySchema(
      partition: [KeyAttribute(name: "g", type: .string), KeyAttribute(name: "h", type: .binary)],
      sort: [KeyAttribute(name: "i", type: .number), KeyAttribute(name: "j", type: .string)])
    func entry() throws -> (index: ItemKey, table: ItemKey, values: AttributeMap) {
      var values: AttributeMap = ["p": .string("a" + dice.text()), "s": .string("a" + dice.text())]
      values["g"] = .string(["a", "a\0"][dice.roll(2)])
      values["h"] = .binary([0, UInt8(dice.roll(2))])
      values["i"] = .number(DecimalNumber(dice.roll(3) - 1))
      values["j"] = .string(["a", "a\0", "ab"][dice.roll(3)])
      return (try index.key(of: values), try table.key(of: values), values)
    }
    for _ in 0..<1_000 {
      let (a, b) = (try entry(), try entry())
      let (left, right) = (
        a.index.appending(tableKey: a.table), b.index.appending(tableKey: b.table)
      )
      let expected = a.index == b.index ? a.table < b.table : a.index < b.index
      #expect((left < right) == expected)
      #expect(index.tableKey(ofEntry: left) == a.table)
      let (g, h, i, j) = (a.values["g"], a.values["h"], a.values["i"], a.values["j"])
      let range = try index.range(
        partition: [#require(g), #require(h)], equalTo: [#require(i)],
        condition: .equal(#require(j)))
      #expect(range.contains(left))
      #expect(range.contains(right) == (a.index == b.index))
    }
    let bare = try entry().index
    #expect(index.tableKey(ofEntry: bare) == nil)
  }

  @Test("the successor is the next position and passes no key")
  func successor() throws {
    var dice = Dice(seed: 26)
    for _ in 0..<500 {
      let a = try schema(.binary).key(of: ["p": .string("x"), "s": keyValue(.binary, &dice)])
      let b = try schema(.binary).key(of: ["p": .string("x"), "s": keyValue(.binary, &dice)])
      #expect(a < a.successor)
      #expect((a.successor <= b) == (a < b))
    }
  }

  @Test("scan segments share out all keys", arguments: [1, 2, 3, 7, 1_000_000])
  func segments(total: Int) throws {
    var dice = Dice(seed: 27)
    #expect(ItemKey.segmentBounds(0, of: total).lower == .first)
    #expect(ItemKey.segmentBounds(total - 1, of: total).upper == nil)
    for _ in 0..<200 {
      let key = try schema(.number).key(of: ["p": .string("a" + dice.text()), "s": .number(1)])
      let segment = Int(key.partitionHash.multipliedFullWidth(by: UInt64(total)).high)
      let near = max(0, segment - 1)...min(total - 1, segment + 1)
      let holders = near.filter {
        let (lower, upper) = ItemKey.segmentBounds($0, of: total)
        return lower <= key && upper.map { key < $0 } ?? true
      }
      #expect(holders.count == 1)
    }
    if total > 1 {
      let (first, second) = (
        ItemKey.segmentBounds(0, of: total), ItemKey.segmentBounds(1, of: total)
      )
      #expect(first.upper == second.lower)
    }
  }

  @Test("a schema knows its attributes by bytes")
  func names() {
    let schema = KeySchema(partition: KeyAttribute(name: "\u{E9}", type: .string))
    #expect(schema.contains(name: "\u{E9}"))
    #expect(!schema.contains(name: "e\u{301}"))
    #expect(schema.attributes.map(\.type) == [.string])
  }
}
