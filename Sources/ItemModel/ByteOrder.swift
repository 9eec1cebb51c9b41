// SPDX-License-Identifier: GPL-3.0-or-later

/// Comparison by bytes, which is how the service compares names, strings and binary values.
///
/// Swift's own `String` comparison is by canonical equivalence: it would make "é" written as one
/// scalar equal to "é" written as two, which the service keeps apart.
package enum ByteOrder {
  /// Whether two strings have the same UTF-8 bytes.
  ///
  /// - Complexity: O(n) in the length of the shorter string.
  package static func equal(_ left: String, _ right: String) -> Bool {
    let (a, b) = (left.utf8, right.utf8)
    return a.count == b.count && compare(left, right) == 0
  }

  /// Whether a string's UTF-8 bytes are these.
  ///
  /// - Complexity: O(n) in the length of the string.
  static func equal(_ left: String, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    guard left.utf8.count == right.count else { return false }
    return left.utf8.withContiguousStorageIfAvailable { compare($0, right) == 0 }
      ?? left.utf8.elementsEqual(right)
  }

  /// Whether the UTF-8 bytes of one string come before those of another.
  ///
  /// - Complexity: O(n) in the length of the shorter string.
  package static func precedes(_ left: String, _ right: String) -> Bool {
    compare(left, right) < 0
  }

  /// Whether one run of unsigned bytes comes before another; a prefix precedes what extends it.
  ///
  /// - Complexity: O(n) in the length of the shorter run.
  package static func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    compare(left, right) < 0
  }

  /// Negative, zero or positive as the UTF-8 bytes of `left` come before, equal or follow those of
  /// `right`.
  ///
  /// - Complexity: O(n) in the length of the shorter string.
  package static func compare(_ left: String, _ right: String) -> Int {
    let result = left.utf8.withContiguousStorageIfAvailable { a in
      right.utf8.withContiguousStorageIfAvailable { b in compare(a, b) }
    }
    if let known = result ?? nil { return known }
    return compare(Array(left.utf8), Array(right.utf8))
  }

  /// Negative, zero or positive as the unsigned bytes of `left` come before, equal or follow those
  /// of `right`.
  ///
  /// - Complexity: O(n) in the length of the shorter run.
  package static func compare(_ left: [UInt8], _ right: [UInt8]) -> Int {
    left.withUnsafeBufferPointer { a in right.withUnsafeBufferPointer { b in compare(a, b) } }
  }

  static func compare(
    _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
  ) -> Int {
    let shared = min(left.count, right.count)
    var index = 0
    let (leftBytes, rightBytes) = (UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
    // Eight bytes at a time, the first of them the most significant.
    while index + 8 <= shared {
      let a = leftBytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).bigEndian
      let b = rightBytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).bigEndian
      if a != b { return a < b ? -1 : 1 }
      index += 8
    }
    while index < shared {
      let (a, b) = (left[index], right[index])
      if a != b { return a < b ? -1 : 1 }
      index += 1
    }
    return left.count - right.count
  }
}
