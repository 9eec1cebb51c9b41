// SPDX-License-Identifier: GPL-3.0-or-later

import CanonicalCoding
import ItemModel
import PersistentCollections
import Simulation
import Testing

@testable import TableStore

@Suite("The contents of a checkpoint")
struct ContentsTests {
  // MARK: Bytes

  private static func word(_ number: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    ContentsFormat.append(number, to: &bytes)
    return bytes
  }

  private static func blob(_ run: [UInt8]) -> [UInt8] {
    word(0) + word(UInt64(run.count)) + run
  }

  private static func header(
    _ schema: KeySchema = .orders, _ indexes: [IndexDefinition] = []
  ) throws -> [UInt8] {
    blob(try CanonicalEncoder.encode(ContentsFormat.Header(keySchema: schema, indexes: indexes)))
  }

  private static let byName = KeySchema(partition: KeyAttribute(name: "name", type: .string))

  /// A log of these bytes after its number of records.
  private static func log(start: UInt64 = 0, _ records: [UInt8], count: UInt64 = 1) throws
    -> [UInt8]
  {
    [ContentsFormat.log] + blob(try CanonicalEncoder.encode(KeySchema.orders)) + word(start)
      + word(count) + records
  }

  /// Zigzag: 0, -1, 1, -2 … are 0, 1, 2, 3 ….
  private static func record(_ step: UInt64, _ sides: UInt8, _ items: [Item]) -> [UInt8] {
    word(step) + [sides] + items.flatMap { blob($0.encoded) }
  }

  private static let cases: [(name: String, bytes: [UInt8], error: ContentsError)] = {
    let (first, second) = (order("a", 1), order("a", 2))
    let continued = [UInt8](repeating: 0x80, count: 9)
    do {
      let image = [ContentsFormat.wholeImage] + (try header()) + word(0)
      return [
        ("an unknown part", [9], .malformed),
        ("nothing after the beginning", [ContentsFormat.wholeImage], .malformed),
        ("a number of more than 64 bits", [ContentsFormat.item] + continued + [2], .malformed),
        (
          "a number of ten bytes and more", [ContentsFormat.item] + continued + [0x81, 0],
          .malformed
        ),
        (
          "a number of 64 bits, which is no count", [ContentsFormat.item] + continued + [1],
          .malformed
        ),
        ("a run of bytes that is not there", [ContentsFormat.item] + word(5), .dangling),
        (
          "more items than bytes", [ContentsFormat.wholeImage] + (try header()) + word(100),
          .malformed
        ),
        (
          "two indexes of one name",
          [ContentsFormat.wholeImage] + (try header(.orders, [.whole, .whole])) + word(0),
          .malformed
        ),
        (
          "items out of order",
          [ContentsFormat.wholeImage] + (try header()) + word(2) + blob(second.encoded)
            + blob(first.encoded), .malformed
        ),
        (
          "a change of an image that is not there",
          [ContentsFormat.changedImage] + (try header()) + word(3) + word(0), .dangling
        ),
        (
          "a change of an image of another key",
          image + [ContentsFormat.changedImage] + (try header(byName)) + word(0) + word(0),
          .malformed
        ),
        (
          "a change that is neither a put nor a removal",
          image + [ContentsFormat.changedImage] + word(1) + word(0) + word(1) + [2],
          .malformed
        ),
        (
          "a log that starts beyond all positions", try log(start: UInt64(Int.max / 2), [0]),
          .malformed
        ),
        (
          "a sequence number before the first", try log(word(1) + record(0, 2, [first])), .malformed
        ),
        (
          "a write before the last one",
          try log(word(0) + record(10, 2, [first]) + record(1, 2, [second]), count: 2), .malformed
        ),
        (
          "an instant beyond all instants",
          try log(
            word(0) + record(UInt64.max - 1, 2, [first]) + record(2, 2, [second]), count: 2),
          .malformed
        ),
        ("a write without an image", try log(word(0) + record(0, 0, [])), .malformed),
        ("a write of three images", try log(word(0) + record(0, 4, [first])), .malformed),
        ("a write of two items", try log(word(0) + record(0, 3, [first, second])), .malformed),
        (
          "an item that is none", [ContentsFormat.item] + blob([0xff]), .malformed
        ),
      ]
    } catch {
      return []
    }
  }()

  @Test(
    "bytes that are not as they are written are refused, each with its reason", arguments: cases)
  func refused(_ name: String, _ bytes: [UInt8], _ error: ContentsError) {
    #expect(throws: error, "\(name)") { _ = try ContentsReader(bytes, checksItems: true) }
  }

  @Test("every case is there")
  func count() { #expect(Self.cases.count == 20) }

  @Test("the same parts, whole, are read")
  func readable() throws {
    let (first, second) = (order("a", 1), order("a", 1, body: "x"))
    let reader = try ContentsReader(
      try Self.log(
        start: 7, Self.word(8) + Self.record(20, 2, [first]) + Self.record(0, 3, [first, second]),
        count: 2), checksItems: true)
    let log = try reader.log(0)
    #expect(log.startPosition == 7)
    #expect(log.map(\.sequence) == [4, 5])
    #expect(log.map(\.instant.milliseconds) == [10, 10])
    #expect(log.map(\.old) == [nil, first])
    #expect(log.map(\.new) == [first, second])
  }

  // MARK: References

  private func coded<Value: Codable>(_ value: Value) throws -> Value {
    let key = try #require(ContentsWriter.key)
    let writer = ContentsWriter()
    let tree = try CanonicalEncoder.encode(value, userInfo: [key: writer])
    let reader = try ContentsReader(writer.bytes, checksItems: true)
    return try CanonicalDecoder.decode(Value.self, from: tree, userInfo: [key: reader])
  }

  @Test("images that differ in their indexes alone come back with their own")
  func indexes() throws {
    let items = Sample.pool.map(\.item)
    let images = try [[], [.whole], [.whole, .local], [.local, .whole], [.keys], []].map {
      try TableImage(keySchema: .orders, indexes: $0, items: items)
    }
    #expect(try coded(images) == images)
  }

  @Test("a number that refers to nothing is named so, and so is a table outside of a checkpoint")
  func references() throws {
    let key = try #require(ContentsWriter.key)
    let seven = try CanonicalEncoder.encode(7)
    let empty = try ContentsReader([], checksItems: true)
    func refuse<Value: Codable>(_ type: Value.Type, _ value: Value) {
      #expect(throws: ContentsError.dangling) {
        try CanonicalDecoder.decode(type, from: seven, userInfo: [key: empty])
      }
      #expect(throws: ContentsError.outsideCheckpoint) {
        try CanonicalDecoder.decode(type, from: seven)
      }
      #expect(throws: ContentsError.outsideCheckpoint) { try CanonicalEncoder.encode(value) }
    }
    refuse(TableImage.self, TableImage(keySchema: .orders))
    refuse(ChangeLog.self, ChangeLog(keySchema: .orders))
    refuse(Item.self, order("a", 1))
  }
}
