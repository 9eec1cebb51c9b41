// SPDX-License-Identifier: GPL-3.0-or-later

/// The bytes of one item, in one allocation with the object itself; they are written while the object
/// is made and never after.
final class ItemBytes: ManagedBuffer<Int32, UInt8> {
  /// Copies bytes.
  ///
  /// - Complexity: O(n).
  static func make(_ bytes: UnsafeBufferPointer<UInt8>) -> ItemBytes {
    let buffer = ItemBytes.create(minimumCapacity: bytes.count) { _ in
      Int32(truncatingIfNeeded: bytes.count)
    }
    if let start = bytes.baseAddress {
      buffer.withUnsafeMutablePointerToElements { $0.initialize(from: start, count: bytes.count) }
    }
    return unsafeDowncast(buffer, to: ItemBytes.self)
  }

  static func make(_ bytes: [UInt8]) -> ItemBytes { bytes.withUnsafeBufferPointer { make($0) } }

  @inline(__always)
  func withBytes<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let start = withUnsafeMutablePointerToElements { $0 }
    // As a property the header would be guarded against overlapping accesses with each look.
    let count = withUnsafeMutablePointerToHeader { Int($0.pointee) }
    let bytes = UnsafeBufferPointer(start: start, count: count)
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }
}
