// SPDX-License-Identifier: GPL-3.0-or-later

/// The position of an item in a table or in a secondary index.
///
/// Keys compare first by a 64-bit hash of the partition key, held inline so that most comparisons
/// touch no heap, then by bytes: the encoded partition key, then the encoded sort key, which keeps
/// the order of its values (N numeric, S by UTF-8 bytes, B by unsigned bytes). So a partition is
/// one run of keys in sort order, and partitions stand in a stable order that looks random, as they
/// do in a Scan.
///
/// The key of a secondary index entry is the index key followed by the table key, hash included:
/// entries with equal index keys stand in table order.
///
/// The encoding of each value delimits itself, so no key's bytes are a prefix of another's:
/// - N: two bytes of sign and exponent, then base-100 digits, see `NumberEncoding`;
/// - S and B: the bytes with 0x00 written 0x00 0xFF, then 0x00 0x00.
package struct ItemKey: Hashable, Sendable {
  /// The hash of the encoded partition key: FNV-1a of its bytes, then MurmurHash3's finaliser.
  ///
  /// It is part of stored data and of what a Scan shows: it must never change.
  package let partitionHash: UInt64
  /// The encoded partition key, the encoded sort key, and for an index entry the table key.
  package let bytes: [UInt8]

  /// Puts a key or a bound together.
  package init(partitionHash: UInt64, bytes: [UInt8]) {
    self.partitionHash = partitionHash
    self.bytes = bytes
  }

  /// The stable hash of an encoded partition key.
  ///
  /// - Complexity: O(n).
  static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash = KeyHash()
    for byte in bytes { hash.add(byte) }
    return hash.value
  }
}

/// The hash of an encoded partition key, byte by byte; see `ItemKey.partitionHash`.
struct KeyHash {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }

  var value: UInt64 {
    // FNV-1a leaves the high bits of short keys alike; order and scan segments use just those.
    var hash = (state ^ (state >> 33)) &* 0xff51_afd7_ed55_8ccd
    hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ (hash >> 33)
  }
}

extension ItemKey: Codable {
  /// Reads the hash and the bytes in Base64.
  package init(from decoder: any Decoder) throws {
    var parts = try decoder.unkeyedContainer()
    partitionHash = try parts.decode(UInt64.self)
    guard let bytes = try? Base64.bytes(of: try parts.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: parts, debugDescription: "Keys are in Base64.")
    }
    self.bytes = bytes
  }

  package func encode(to encoder: any Encoder) throws {
    var parts = encoder.unkeyedContainer()
    try parts.encode(partitionHash)
    try parts.encode(Base64.text(of: bytes))
  }
}

extension ItemKey: Comparable {
  package static func < (left: ItemKey, right: ItemKey) -> Bool {
    if left.partitionHash != right.partitionHash { return left.partitionHash < right.partitionHash }
    return ByteOrder.compare(left.bytes, right.bytes) < 0
  }

  package static func == (left: ItemKey, right: ItemKey) -> Bool {
    left.partitionHash == right.partitionHash && left.bytes == right.bytes
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(partitionHash)
    hasher.combine(bytes)
  }
}

extension ItemKey {
  /// The least position after this one: where to go on after a LastEvaluatedKey.
  package var successor: ItemKey {
    ItemKey(partitionHash: partitionHash, bytes: bytes + [0])
  }

  /// A position before every key.
  package static let first = ItemKey(partitionHash: 0, bytes: [])

  /// The position of an index entry: this index key, then the key of the item in its table.
  package func appending(tableKey: ItemKey) -> ItemKey {
    var joined = bytes
    joined.reserveCapacity(bytes.count + 8 + tableKey.bytes.count)
    for shift in stride(from: 56, through: 0, by: -8) {
      joined.append(UInt8(truncatingIfNeeded: tableKey.partitionHash >> UInt64(shift)))
    }
    joined += tableKey.bytes
    return ItemKey(partitionHash: partitionHash, bytes: joined)
  }

  /// The positions of one segment of a parallel scan: an equal share of the hash range.
  ///
  /// - Parameters:
  ///   - segment: From 0, below `total`.
  ///   - total: The number of segments, at least 1.
  /// - Returns: The first position of the segment and, but for the last segment, the first one
  ///   after it.
  package static func segmentBounds(
    _ segment: Int, of total: Int
  ) -> (lower: ItemKey, upper: ItemKey?) {
    precondition(total >= 1 && (0..<total).contains(segment), "A segment is one of the total.")
    func start(_ index: Int) -> ItemKey {
      let (quotient, _) = UInt64(total).dividingFullWidth((UInt64(index), 0))
      return ItemKey(partitionHash: quotient, bytes: [])
    }
    return (start(segment), segment + 1 == total ? nil : start(segment + 1))
  }

  /// The least position after every key that begins with these bytes.
  ///
  /// It exists because an encoded partition key always holds a byte below 0xFF.
  static func end(ofPrefix prefix: [UInt8], partitionHash: UInt64) -> ItemKey {
    var bytes = prefix
    while bytes.last == 0xFF { bytes.removeLast() }
    bytes[bytes.count - 1] += 1
    return ItemKey(partitionHash: partitionHash, bytes: bytes)
  }
}
