// SPDX-License-Identifier: GPL-3.0-or-later

import CanonicalCoding
import Documents
import Testing

@Suite("Containers of the canonical coding")
struct ContainerTests {
  private func back<Value: Codable>(_ value: Value) throws -> Value {
    try CanonicalDecoder.decode(Value.self, from: CanonicalEncoder.encode(value))
  }

  private func document(_ value: some Encodable) throws -> String {
    try CanonicalDecoder.document(from: CanonicalEncoder.encode(value)).json()
  }

  // MARK: Numbers

  private func edges<Number: FixedWidthInteger & Codable>(_ type: Number.Type) throws {
    let values: [Number] = [.min, 0, 1, .max]
    #expect(try back(values) == values, "\(type)")
  }

  @Test("integers of every width come back, and one too wide for its type is refused")
  func integers() throws {
    try edges(Int.self)
    try edges(Int8.self)
    try edges(Int16.self)
    try edges(Int32.self)
    try edges(Int64.self)
    try edges(UInt.self)
    try edges(UInt8.self)
    try edges(UInt16.self)
    try edges(UInt32.self)
    try edges(UInt64.self)
    func refuses<Number: FixedWidthInteger & Codable>(_ type: Number.Type) throws {
      for value in [Int64(type.max) + 1, Int64(type.min) - 1] {
        let bytes = try CanonicalEncoder.encode(value)
        #expect(throws: TreeError.mismatch, "\(type)") {
          try CanonicalDecoder.decode(type, from: bytes)
        }
      }
    }
    try refuses(Int8.self)
    try refuses(Int16.self)
    try refuses(Int32.self)
    try refuses(UInt8.self)
    try refuses(UInt16.self)
    try refuses(UInt32.self)
  }

  @Test("truths and fractions of both widths come back by themselves")
  func others() throws {
    struct Switch: RawRepresentable, Codable, Equatable { var rawValue: Bool }
    #expect(
      try back([Switch(rawValue: true), Switch(rawValue: false)]).map(\.rawValue) == [true, false])
    let floats: [Float] = [0.1, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    #expect(try back(floats) == floats)
    #expect(throws: TreeError.mismatch) {
      try CanonicalDecoder.decode(Switch.self, from: CanonicalEncoder.encode(1))
    }
    #expect(throws: TreeError.mismatch) {
      try CanonicalDecoder.decode(Float.self, from: CanonicalEncoder.encode("x"))
    }
  }

  // MARK: Inheritance and nesting

  private class Animal: Codable {
    var legs: UInt16
    init(legs: UInt16) { self.legs = legs }
  }

  /// Where a class keeps what its parent has.
  private enum Place: String, Codable, CaseIterable { case ofItsOwn, named, inAnArray }

  private final class Dog: Animal {
    enum Keys: CodingKey { case place, name, parent }
    var name: String
    let place: Place

    init(legs: UInt16, name: String, place: Place) {
      (self.name, self.place) = (name, place)
      super.init(legs: legs)
    }

    required init(from decoder: any Decoder) throws {
      if var list = try? decoder.unkeyedContainer() {
        place = .inAnArray
        name = try list.decode(String.self)
        try super.init(from: try list.superDecoder())
      } else {
        let members = try decoder.container(keyedBy: Keys.self)
        place = try members.decode(Place.self, forKey: .place)
        name = try members.decode(String.self, forKey: .name)
        try super.init(
          from: place == .named
            ? try members.superDecoder(forKey: .parent) : try members.superDecoder())
      }
    }

    override func encode(to encoder: any Encoder) throws {
      guard place != .inAnArray else {
        var list = encoder.unkeyedContainer()
        try list.encode(name)
        try super.encode(to: list.superEncoder())
        return
      }
      var members = encoder.container(keyedBy: Keys.self)
      try members.encode(place, forKey: .place)
      try super.encode(
        to: place == .named ? members.superEncoder(forKey: .parent) : members.superEncoder())
      // What follows the parent belongs to the child.
      try members.encode(name, forKey: .name)
    }
  }

  @Test(
    "a class keeps what its parent has apart from its own, wherever it puts it",
    arguments: [
      (0, "{\"place\":\"ofItsOwn\",\"super\":{\"legs\":4},\"name\":\"Rex\"}"),
      (1, "{\"place\":\"named\",\"parent\":{\"legs\":4},\"name\":\"Rex\"}"),
      (2, "[\"Rex\",{\"legs\":4}]"),
    ])
  func inheritance(place: Int, shown: String) throws {
    let dog = Dog(legs: 4, name: "Rex", place: Place.allCases[place])
    #expect(try document(dog) == shown)
    let same = try back([dog, dog])
    #expect(same.map(\.legs) == [4, 4] && same.map(\.name) == ["Rex", "Rex"])
  }

  @Test("a parent that is not there is named")
  func noParent() throws {
    for (members, missing) in [
      (["place": "ofItsOwn", "name": "x"], "super"), (["place": "named", "name": "x"], "parent"),
    ] {
      let bytes = try CanonicalEncoder.encode(members)
      #expect(throws: TreeError.missing(missing)) {
        try CanonicalDecoder.decode(Dog.self, from: bytes)
      }
    }
    let alone = try CanonicalEncoder.encode(["x"])
    #expect(throws: TreeError.missing("element 1")) {
      try CanonicalDecoder.decode(Dog.self, from: alone)
    }
  }

  /// A value that writes containers inside containers by hand.
  private struct Nested: Codable, Equatable {
    enum Keys: CodingKey { case list, map, none }
    enum Inner: CodingKey { case a }
    var first: Int
    var second: Int

    init(_ first: Int, _ second: Int) { (self.first, self.second) = (first, second) }

    init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: Keys.self)
      var list = try members.nestedUnkeyedContainer(forKey: .list)
      var inner = try list.nestedUnkeyedContainer()
      first = try inner.decode(Int.self)
      let object = try list.nestedContainer(keyedBy: Inner.self)
      guard try object.decode(Int.self, forKey: .a) == first, list.isAtEnd else {
        throw DecodingError.dataCorruptedError(in: list, debugDescription: "The two differ.")
      }
      let map = try members.nestedContainer(keyedBy: Inner.self, forKey: .map)
      second = try map.decode(Int.self, forKey: .a)
      guard try members.decodeNil(forKey: .none) else {
        throw DecodingError.dataCorruptedError(
          forKey: .none, in: members, debugDescription: "Something is there.")
      }
    }

    func encode(to encoder: any Encoder) throws {
      var members = encoder.container(keyedBy: Keys.self)
      var list = members.nestedUnkeyedContainer(forKey: .list)
      var inner = list.nestedUnkeyedContainer()
      try inner.encode(first)
      var object = list.nestedContainer(keyedBy: Inner.self)
      try object.encode(first, forKey: .a)
      var map = members.nestedContainer(keyedBy: Inner.self, forKey: .map)
      try map.encode(second, forKey: .a)
      try members.encodeNil(forKey: .none)
    }
  }

  @Test("containers inside containers end where something is written outside of them")
  func nesting() throws {
    #expect(
      try document(Nested(1, 2)) == "{\"list\":[[1],{\"a\":1}],\"map\":{\"a\":2},\"none\":null}")
    let values = [Nested(1, 2), Nested(3, 4)]
    #expect(try back(values) == values)
  }

  @Test(
    "what a type finds wrong with its members is told with no more path than it gives itself",
    arguments: [
      (
        "{\"list\":[[1],{\"a\":2}],\"map\":{\"a\":2},\"none\":null}", "The two differ.", "Index 2"
      ),
      (
        "{\"list\":[[1],{\"a\":1}],\"map\":{\"a\":2},\"none\":3}", "Something is there.", "none"
      ),
    ])
  func ownErrors(text: String, words: String, place: String) throws {
    let bytes = try CanonicalEncoder.encode(document: try Document.parse(text))
    let error = #expect(throws: DecodingError.self) {
      try CanonicalDecoder.decode(Nested.self, from: bytes)
    }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.debugDescription == words)
    #expect(context.codingPath.map(\.stringValue) == [place])
  }

  // MARK: Edges

  @Test("a value that writes nothing is an empty object")
  func silence() throws {
    struct Silent: Codable, Equatable {
      init() {}
      init(from decoder: any Decoder) throws {}
      func encode(to encoder: any Encoder) throws {}
    }
    #expect(try document([Silent(), Silent()]) == "[{},{}]")
    #expect(try back([Silent()]) == [Silent()])
  }

  @Test("dictionaries of other keys come back, in one order")
  func dictionaries() throws {
    enum Color: String, Codable, CodingKeyRepresentable { case red, blue }
    #expect(try document([Color.red: 1, .blue: 2]) == "{\"blue\":2,\"red\":1}")
    #expect(try back([Color.red: 1, .blue: 2]) == [.red: 1, .blue: 2])
    let pairs = Dictionary(uniqueKeysWithValues: (0..<20).map { (Int64($0), "v\($0)") })
    #expect(try back(pairs) == pairs)
    let shuffled = Dictionary(uniqueKeysWithValues: pairs.reversed().map { ($0.key, $0.value) })
    #expect(try CanonicalEncoder.encode(pairs) == CanonicalEncoder.encode(shuffled))
    #expect(try document([Int64(7): true]) == "[7,true]")
  }

  @Test("a document nests 512 deep and no deeper")
  func depth() throws {
    func nested(_ depth: Int) -> Document { (0..<depth).reduce(1) { value, _ in .array([value]) } }
    let deepest = try CanonicalEncoder.encode(document: nested(512))
    #expect(try CanonicalDecoder.document(from: deepest) == nested(512))
    let deeper = try CanonicalEncoder.encode(document: nested(513))
    #expect(throws: TreeError.malformed) { try CanonicalDecoder.document(from: deeper) }
  }
}
