// SPDX-License-Identifier: GPL-3.0-or-later

import Digests

/// The sum of the digests of a set of records: changes with any record, whatever their order.
///
/// Sums are modulo 2^256, so a record is taken out by subtracting what adding it added.
struct RecordSum: Hashable {
  private var words: [UInt64] = [0, 0, 0, 0]

  init() {}

  init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    words = Self.words(of: bytes)
  }

  var bytes: [UInt8] {
    words.flatMap { word in
      stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
    }
  }

  mutating func add(_ digest: SHA256Digest) {
    let other = Self.words(of: digest.bytes)
    var carry = false
    for index in (0..<4).reversed() {
      let (sum, first) = words[index].addingReportingOverflow(other[index])
      let (total, second) = sum.addingReportingOverflow(carry ? 1 : 0)
      words[index] = total
      carry = first || second
    }
  }

  mutating func remove(_ digest: SHA256Digest) {
    let other = Self.words(of: digest.bytes)
    var borrow = false
    for index in (0..<4).reversed() {
      let (rest, first) = words[index].subtractingReportingOverflow(other[index])
      let (total, second) = rest.subtractingReportingOverflow(borrow ? 1 : 0)
      words[index] = total
      borrow = first || second
    }
  }

  private static func words(of bytes: [UInt8]) -> [UInt64] {
    stride(from: 0, to: 32, by: 8).map { start in
      bytes[start..<start + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
  }
}
