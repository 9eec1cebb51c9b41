// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import Testing

@Suite("Items")
struct ItemsTests {
  @Test("an item gives back what it was made of", arguments: [1, 2, 3, 4])
  func roundTrip(seed: UInt64) {
    var dice = Dice(seed: seed)
    for _ in 0..<300 {
      let attributes = dice.map()
      let item = Item(attributes)
      #expect(item.attributes == attributes)
      #expect(item.count == attributes.count)
      #expect(item.byteCount == attributes.byteCount)
      #expect(Item(decoding: item.encoded) == item)
      for (name, value) in attributes {
        #expect(item[name] == value)
        #expect(item.type(of: name) == value.type)
      }
      let absent = dice.text()
      #expect(item[absent] == attributes[absent])
    }
  }

  @Test("items are equal exactly when their attributes are", arguments: [5, 6])
  func equality(seed: UInt64) {
    var dice = Dice(seed: seed)
    for _ in 0..<500 {
      var (left, right) = (AttributeMap(), AttributeMap())
      // Few names and few values, so that many pairs are equal.
      for _ in 0..<2 {
        left[["a", "b"][dice.roll(2)]] = .number(DecimalNumber(dice.roll(2)))
        right[["a", "b"][dice.roll(2)]] = .number(DecimalNumber(dice.roll(2)))
      }
      #expect((Item(left) == Item(right)) == (left == right))
      #expect((Item(left).encoded == Item(right).encoded) == (left == right))
    }
  }

  @Test("the order in which an item was written does not matter")
  func canonical() throws {
    let one = try Item(AttributeMap(json: ["b": ["NS": ["1.0", "2"]], "a": ["S": "x"]]))
    let two = try Item(AttributeMap(json: ["a": ["S": "x"], "b": ["NS": ["2.00", "1"]]]))
    #expect(one.encoded == two.encoded)
    #expect(one.hashValue == two.hashValue)
  }

  @Test("the encoding is the documented one")
  func format() {
    let item = Item([
      "n": .number(-12), "s": .string("ab"), "t": .bool(true), "u": .list([.null]),
    ])
    #expect(item.byteCount == 15)
    let expected: [[UInt8]] = [
      [15, 0, 0, 0, 4],
      [1, 0x6E, 2, 1, 0xFF ^ 131, 0xFF ^ 24],
      [1, 0x73, 1, 2, 0x61, 0x62],
      [1, 0x74, 11],
      [1, 0x75, 8, 2, 0, 0, 0, 1, 9],
    ]
    #expect(item.encoded == expected.flatMap(\.self))
  }

  @Test("a damaged encoding is refused or is another item's own", arguments: [7, 8])
  func damage(seed: UInt64) {
    var dice = Dice(seed: seed)
    for _ in 0..<300 {
      var bytes = Item(dice.map()).encoded
      switch dice.roll(3) {
      case 0: bytes.removeLast(1 + dice.roll(bytes.count))
      case 1: bytes.append(UInt8(dice.roll(256)))
      default: bytes[dice.roll(bytes.count)] ^= UInt8(1 << dice.roll(8))
      }
      if let item = Item(decoding: bytes) {
        #expect(Item(item.attributes).encoded == bytes)
      }
    }
  }

  @Test(
    "bytes that are no canonical encoding are refused",
    arguments: [
      [], [1, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0x80, 0],
      // Names out of order; a set out of order; invalid UTF-8; a number with a needless zero pair.
      [4, 0, 0, 0, 2, 1, 0x62, 9, 1, 0x61, 9],
      [3, 0, 0, 0, 1, 1, 0x61, 4, 5, 0, 0, 0, 2, 1, 0x62, 1, 0x61],
      [2, 0, 0, 0, 1, 1, 0x61, 1, 1, 0xFF],
      [3, 0, 0, 0, 1, 1, 0x61, 2, 3, 130, 21, 0],
      [2, 0, 0, 0, 1, 1, 0x61, 12],
    ] as [[UInt8]])
  func refused(bytes: [UInt8]) {
    #expect(Item(decoding: bytes) == nil)
  }

  @Test("an empty item decodes")
  func empty() {
    #expect(Item(decoding: [0, 0, 0, 0, 0]) == Item([:]))
    #expect(Item([:]).byteCount == 0)
  }

  @Test("a projection keeps the named attributes alone")
  func projection() {
    var dice = Dice(seed: 9)
    for _ in 0..<200 {
      let attributes = dice.map()
      let names = (0..<dice.roll(5)).map { _ in dice.text(upTo: 3) }
      var expected = AttributeMap()
      for name in names { expected[name] = attributes[name] }
      #expect(Item(attributes).projected(onto: names) == Item(expected))
    }
  }

  @Test("an item counts names and values", arguments: [409_600, 409_601])
  func size(target: Int) {
    let blob = [UInt8](repeating: 7, count: target - 7)
    let item = Item(["pk": .string("a"), "blob": .binary(blob)])
    #expect(item.byteCount == target)
    #expect((item.byteCount <= Item.maximumByteCount) == (target == 409_600))
    #expect(item["pk"] == .string("a"))
  }
}
