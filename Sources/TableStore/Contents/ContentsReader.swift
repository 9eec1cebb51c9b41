// SPDX-License-Identifier: GPL-3.0-or-later

import CanonicalCoding
import ItemModel
import PersistentCollections
import Simulation

/// Rebuilds the images, logs and items of a checkpoint.
///
/// An image that was written as differences is a changed copy of the earlier one, so the two share what
/// they shared before.
package final class ContentsReader {
  private let bytes: [UInt8]
  private let checksItems: Bool
  private var position = 0

  /// Runs of bytes by number, and the items made of them.
  private var blobs: [[UInt8]] = []
  private var made: [Item?] = []
  private var headers: [Int: ContentsFormat.Header] = [:]

  private var images: [TableImage] = []
  private var logs: [ChangeLog] = []
  private var items: [Item] = []

  /// Reads contents.
  ///
  /// - Parameters:
  ///   - bytes: What a `ContentsWriter` gathered.
  ///   - checksItems: Looks at every byte of every item; needed where nobody vouches for the bytes.
  /// - Throws: `ContentsError`, or what decoding a header throws, for any other bytes.
  /// - Complexity: O(n log n) in the number of items with indexes, O(n) without.
  package init(_ bytes: [UInt8], checksItems: Bool) throws {
    self.bytes = bytes
    self.checksItems = checksItems
    while position < bytes.count {
      switch try byte() {
      case ContentsFormat.wholeImage: images.append(try wholeImage())
      case ContentsFormat.changedImage: images.append(try changedImage())
      case ContentsFormat.log: logs.append(try readLog())
      case ContentsFormat.item: items.append(try item())
      default: throw ContentsError.malformed
      }
    }
  }

  /// The reader that a decoder carries.
  static func of(_ decoder: any Decoder) throws(ContentsError) -> ContentsReader {
    guard let key = ContentsWriter.key, let reader = decoder.userInfo[key] as? ContentsReader
    else { throw .outsideCheckpoint }
    return reader
  }

  func image(_ number: Int) throws(ContentsError) -> TableImage {
    guard images.indices.contains(number) else { throw .dangling }
    return images[number]
  }

  func log(_ number: Int) throws(ContentsError) -> ChangeLog {
    guard logs.indices.contains(number) else { throw .dangling }
    return logs[number]
  }

  func item(_ number: Int) throws(ContentsError) -> Item {
    guard items.indices.contains(number) else { throw .dangling }
    return items[number]
  }

  // MARK: Parts

  private func byte() throws(ContentsError) -> UInt8 {
    guard position < bytes.count else { throw .malformed }
    defer { position += 1 }
    return bytes[position]
  }

  private func word() throws(ContentsError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = try byte()
      let part = UInt64(byte & 0x7F)
      guard shift < 63 || (shift == 63 && part <= 1) else { throw .malformed }
      value |= part << shift
      if byte < 0x80 { return value }
      shift += 7
    }
  }

  private func number() throws(ContentsError) -> Int {
    guard let number = Int(exactly: try word()) else { throw .malformed }
    return number
  }

  /// A number of parts, each of which takes a byte at least.
  private func count() throws(ContentsError) -> Int {
    let count = try number()
    guard count <= bytes.count - position else { throw .malformed }
    return count
  }

  private func signed() throws(ContentsError) -> Int64 {
    let word = try word()
    return Int64(bitPattern: word >> 1) ^ -Int64(bitPattern: word & 1)
  }

  /// The number of a run of bytes, which is read if it stands here.
  private func blob() throws(ContentsError) -> Int {
    let reference = try number()
    guard reference == 0 else {
      guard reference <= blobs.count else { throw .dangling }
      return reference - 1
    }
    let count = try count()
    blobs.append(Array(bytes[position..<position + count]))
    made.append(nil)
    position += count
    return blobs.count - 1
  }

  private func item() throws(ContentsError) -> Item {
    let number = try blob()
    if let item = made[number] { return item }
    let bytes = blobs[number]
    guard let item = checksItems ? Item(decoding: bytes) : Item(vouchedFor: bytes) else {
      throw .malformed
    }
    made[number] = item
    return item
  }

  private func header() throws -> ContentsFormat.Header {
    let number = try blob()
    if let header = headers[number] { return header }
    let header = try CanonicalDecoder.decode(ContentsFormat.Header.self, from: blobs[number])
    guard Set(header.indexes.map(\.name)).count == header.indexes.count,
      header.indexes.allSatisfy({ !$0.keySchema.partition.isEmpty })
    else { throw ContentsError.malformed }
    headers[number] = header
    return header
  }

  // MARK: Images and logs

  private func wholeImage() throws -> TableImage {
    let header = try header()
    let count = try count()
    var entries: [(hash: UInt64, item: Item)] = []
    entries.reserveCapacity(count)
    var last: ItemKey?
    for _ in 0..<count {
      let item = try item()
      let key = try header.keySchema.key(of: item)
      if let last, !(last < key) { throw ContentsError.malformed }
      last = key
      entries.append((key.partitionHash, item))
    }
    return TableImage(keySchema: header.keySchema, indexes: header.indexes, ascending: entries)
  }

  private func changedImage() throws -> TableImage {
    let header = try header()
    var image = try self.image(try number())
    guard image.keySchema == header.keySchema else { throw ContentsError.malformed }
    // Indexes that are not wanted need not follow the changes.
    let kept = image.indexes.map(\.definition).filter(header.indexes.contains)
    image.reconcileIndexes(with: kept)
    for _ in 0..<(try count()) {
      let isPut = try byte()
      guard isPut <= 1 else { throw ContentsError.malformed }
      let item = try item()
      image.set(isPut == 1 ? item : nil, forKey: try header.keySchema.key(of: item))
    }
    if image.indexes.map(\.definition) != header.indexes {
      image.reconcileIndexes(with: header.indexes)
    }
    return image
  }

  private func readLog() throws -> ChangeLog {
    let schema = try CanonicalDecoder.decode(KeySchema.self, from: blobs[try blob()])
    let start = try number()
    guard start < Int.max / 2 else { throw ContentsError.malformed }
    var log = ChangeLog(keySchema: schema, startingAt: start)
    let records = try count()
    guard records > 0 else { return log }
    var sequence = UInt64(bitPattern: try signed())
    guard sequence < UInt64.max / 2 else { throw ContentsError.malformed }
    var instant: Int64?
    for _ in 0..<records {
      let step = try signed()
      let (later, isOver) = (instant ?? 0).addingReportingOverflow(step)
      guard !isOver, instant == nil || step >= 0 else { throw ContentsError.malformed }
      instant = later
      let sides = try byte()
      guard (1...3).contains(sides) else { throw ContentsError.malformed }
      let old = sides & 1 == 0 ? nil : try item()
      let new = sides & 2 == 0 ? nil : try item()
      // Both images of a record are of one item.
      let keys = try [old, new].compactMap { try $0.map { try schema.key(of: $0) } }
      guard keys.allSatisfy({ $0 == keys.first }) else { throw ContentsError.malformed }
      log.append(Instant(milliseconds: later), sequence, old: old, new: new)
      sequence += 1
    }
    return log
  }
}
