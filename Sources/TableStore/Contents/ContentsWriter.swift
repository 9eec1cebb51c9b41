// SPDX-License-Identifier: GPL-3.0-or-later

import CanonicalCoding
import ItemModel
import PersistentCollections
import Simulation

/// Gathers the images, logs and items of a value that is being encoded.
///
/// What is written depends on values alone, never on which nodes happen to be shared: equal clouds give
/// equal bytes. Comparing two images is fast where they share nodes.
package final class ContentsWriter {
  /// Where encoders carry the writer.
  package static let key = CodingUserInfoKey(rawValue: "rewind.contents")

  /// The contents written so far.
  package private(set) var bytes: [UInt8] = []

  private var blobs: [Blob: Int] = [:]
  private var images: [TableImage] = []
  private var logCount = 0
  private var itemCount = 0

  /// A writer that holds nothing yet.
  package init() {}

  /// The writer that an encoder carries.
  static func of(_ encoder: any Encoder) throws(ContentsError) -> ContentsWriter {
    guard let key, let writer = encoder.userInfo[key] as? ContentsWriter else {
      throw .outsideCheckpoint
    }
    return writer
  }

  // MARK: Parts

  private func append(_ number: Int) { ContentsFormat.append(UInt64(number), to: &bytes) }

  private func append(signed number: Int64) {
    ContentsFormat.append(UInt64(bitPattern: (number << 1) ^ (number >> 63)), to: &bytes)
  }

  /// A run of bytes that is hashed as a whole and once; an array hashes byte by byte.
  private struct Blob: Hashable {
    let bytes: [UInt8]
    private let digest: Int

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      var hasher = Hasher()
      bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
      digest = hasher.finalize()
    }

    static func == (left: Blob, right: Blob) -> Bool {
      left.digest == right.digest && left.bytes == right.bytes
    }

    func hash(into hasher: inout Hasher) { hasher.combine(digest) }
  }

  /// The number of bytes written before, plus one; or 0 and the bytes.
  private func append(blob: [UInt8]) {
    let key = Blob(blob)
    if let known = blobs[key] { return append(known + 1) }
    blobs[key] = blobs.count
    append(0)
    append(blob.count)
    bytes += blob
  }

  private func append(header image: TableImage) throws {
    let header = ContentsFormat.Header(
      keySchema: image.keySchema, indexes: image.indexes.map(\.definition))
    append(blob: try CanonicalEncoder.encode(header))
  }

  // MARK: Items, images and logs

  /// Adds an item.
  func add(_ item: Item) -> Int {
    bytes.append(ContentsFormat.item)
    append(blob: item.encoded)
    defer { itemCount += 1 }
    return itemCount
  }

  /// Adds an image.
  ///
  /// - Complexity: O(d log n) for d items that differ from an image added before; O(n) without one.
  func add(_ image: TableImage) throws -> Int {
    if let base = base(for: image) {
      var changes: [(old: Item?, new: Item?)] = []
      image.forEachDifference(from: images[base]) { changes.append(($1, $2)) }
      if changes.count <= image.count / 2 || changes.isEmpty {
        try write(image, as: changes, from: base)
        return take(image)
      }
    }
    bytes.append(ContentsFormat.wholeImage)
    try append(header: image)
    append(image.count)
    for item in image.items { append(blob: item.encoded) }
    return take(image)
  }

  private func take(_ image: TableImage) -> Int {
    images.append(image)
    return images.count - 1
  }

  private func write(
    _ image: TableImage, as changes: [(old: Item?, new: Item?)], from base: Int
  ) throws {
    bytes.append(ContentsFormat.changedImage)
    try append(header: image)
    append(base)
    append(changes.count)
    for change in changes {
      bytes.append(change.new == nil ? 0 : 1)
      if let item = change.new ?? change.old { append(blob: item.encoded) }
    }
  }

  /// The image added before that has most of this one's first items; keys begin with a hash, so the
  /// first ones stand for all.
  private func base(for image: TableImage) -> Int? {
    let sample = image.entries().prefix(ContentsFormat.sampleCount).map {
      (key: $0.key, value: $0.value)
    }
    var best: (number: Int, common: Int)?
    for number in images.indices.suffix(ContentsFormat.candidates).reversed() {
      let other = images[number]
      guard other.keySchema == image.keySchema else { continue }
      let common = sample.count { other.item($0.key) == $0.value }
      if common > (best?.common ?? 0) { best = (number, common) }
      if common == sample.count, common > 0 { break }
    }
    return best?.number
  }

  /// Adds a log.
  ///
  /// Keys follow from the items, sequence numbers from the first one.
  ///
  /// - Complexity: O(n).
  func add(_ log: ChangeLog) throws -> Int {
    bytes.append(ContentsFormat.log)
    append(blob: try CanonicalEncoder.encode(log.keySchema))
    append(log.startPosition)
    append(log.count)
    var instant: Int64?
    for record in log {
      if instant == nil { append(signed: Int64(bitPattern: record.sequence)) }
      append(signed: record.instant.milliseconds - (instant ?? 0))
      instant = record.instant.milliseconds
      bytes.append((record.old == nil ? 0 : 1) | (record.new == nil ? 0 : 2))
      if let old = record.old { append(blob: old.encoded) }
      if let new = record.new { append(blob: new.encoded) }
    }
    defer { logCount += 1 }
    return logCount
  }
}
