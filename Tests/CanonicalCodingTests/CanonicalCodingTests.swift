// SPDX-License-Identifier: GPL-3.0-or-later

import CanonicalCoding
import Documents
import Testing

@Suite("Canonical coding")
struct CanonicalCodingTests {
  struct Everything: Codable, Hashable {
    enum Kind: Codable, Hashable {
      case plain
      case with(Int, name: String)
    }
    struct Empty: Codable, Hashable {}
    var flags: [Bool] = [true, false]
    var small: [Int8] = [.min, .max]
    var large: [Int64] = [.min, -1, 0, 1, .max]
    var wide: [UInt64] = [0, 1 << 63, .max]
    var fractions: [Double] = [0, -0.5, .infinity, .leastNonzeroMagnitude]
    var texts = ["", "a", "a", "é", "e\u{301}", "\u{1F600}"]
    var missing: Int?
    var present: Int? = 7
    var holes: [String?] = ["x", nil]
    var kinds: [Kind] = [.plain, .with(3, name: "n")]
    var nested: [[String: [Int]]] = [["b": [1], "a": []], [:]]
    var numbers: [Int: String] = [3: "c", 1: "a", 2: "b"]
    var members: Set<String> = ["z", "y", "x"]
    var empty = Empty()
  }

  @Test("values of every kind come back")
  func roundTrip() throws {
    let value = Everything()
    let bytes = try CanonicalEncoder.encode(value)
    let back = try CanonicalDecoder.decode(Everything.self, from: bytes)
    #expect(back == value)
    #expect(back.texts.map { Array($0.utf8) } == value.texts.map { Array($0.utf8) })
  }

  @Test("hashed collections are written in one order")
  func order() throws {
    func dictionary(_ keys: some Sequence<Int>) -> [String: Int] {
      var made: [String: Int] = [:]
      for key in keys { made["k\(key)"] = key }
      return made
    }
    #expect(
      try CanonicalEncoder.encode(dictionary(0..<100))
        == CanonicalEncoder.encode(dictionary((0..<100).reversed())))
    #expect(
      try CanonicalEncoder.encode(Set(0..<100))
        == CanonicalEncoder.encode(Set((0..<100).reversed())))
  }

  /// Hashing differs from run to run, so only bytes from another run can show an order that follows it.
  @Test("the bytes are the same in every run")
  func runs() throws {
    let counts = ["table": 1, "backup": 2, "event": 3]
    #expect(
      try CanonicalEncoder.encode(counts) == [3, 6] + Array("backup".utf8) + [5]
        + Array("event".utf8) + [5] + Array("table".utf8)
        + [7, 9, 0, 0, 0, 0, 3, 4, 1, 3, 6, 2, 3, 2])
  }

  @Test("the bytes of any value can be read as a document, and the document's as the value")
  func asDocument() throws {
    let value = Everything()
    let bytes = try CanonicalEncoder.encode(value)
    let document = try CanonicalDecoder.document(from: bytes)
    #expect(document["wide"]?[2]?.integer == -1)
    #expect(document["kinds"]?[1]?["with"]?["name"]?.string == "n")
    #expect(try CanonicalEncoder.encode(document: document) == bytes)
  }

  @Test("any changed, missing or added byte gives an error or another value, never a trap")
  func damage() throws {
    let bytes = try CanonicalEncoder.encode(Everything())
    for position in bytes.indices {
      for value in [0, 1, 0x7F, 0x80, 0xFF, bytes[position] ^ 1] {
        var damaged = bytes
        damaged[position] = UInt8(value)
        _ = try? CanonicalDecoder.decode(Everything.self, from: damaged)
        _ = try? CanonicalDecoder.document(from: damaged)
      }
      #expect(throws: (any Error).self) {
        try CanonicalDecoder.decode(Everything.self, from: Array(bytes[..<position]))
      }
    }
    #expect(throws: TreeError.malformed) {
      try CanonicalDecoder.decode(Everything.self, from: bytes + [0])
    }
  }

  @Test("what a type wants and the bytes have not is named")
  func mismatch() throws {
    struct Wants: Codable { let name: String }
    let bytes = try CanonicalEncoder.encode(["other": "x"])
    #expect(throws: TreeError.missing("name")) {
      try CanonicalDecoder.decode(Wants.self, from: bytes)
    }
    #expect(throws: TreeError.mismatch) {
      try CanonicalDecoder.decode(Int8.self, from: CanonicalEncoder.encode(1_000))
    }
  }
}
