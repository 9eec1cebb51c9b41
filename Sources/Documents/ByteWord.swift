// SPDX-License-Identifier: GPL-3.0-or-later

/// Eight bytes of a text looked at together, as most of a text needs no closer look.
struct ByteWord {
  private let word: UInt64
  @inline(__always) private static var ones: UInt64 { 0x0101_0101_0101_0101 }
  @inline(__always) private static var highs: UInt64 { 0x8080_8080_8080_8080 }

  /// The eight bytes from an index on, all of them within the buffer.
  @inline(__always)
  init(loading bytes: UnsafeBufferPointer<UInt8>, at index: Int) {
    word = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: index, as: UInt64.self)
  }

  /// Whether none of the bytes is a quote, a backslash or a control character.
  @inline(__always)
  var isPlain: Bool {
    let quotes = word ^ (Self.ones &* 0x22)
    let backslashes = word ^ (Self.ones &* 0x5C)
    // A byte's high bit comes out where the byte is zero, or below 0x20 and no part of a character
    // beyond ASCII.
    let found =
      ((quotes &- Self.ones) & ~quotes) | ((backslashes &- Self.ones) & ~backslashes)
      | ((word &- Self.ones &* 0x20) & ~word)
    return found & Self.highs == 0
  }

  /// Whether one of the bytes is part of a character beyond ASCII.
  @inline(__always)
  var isBeyondASCII: Bool { word & Self.highs != 0 }

  /// Whether one of the bytes is 0x7F or part of a character beyond ASCII.
  @inline(__always)
  var isBeyondPrintableASCII: Bool { (word | (word &+ Self.ones)) & Self.highs != 0 }
}
