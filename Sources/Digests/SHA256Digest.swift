// SPDX-License-Identifier: GPL-3.0-or-later

/// A SHA-256 checksum: 32 bytes, compared as bytes, held without an allocation.
///
/// ```swift
/// digest(of: Array("abc".utf8)).hex   // "ba7816bf…"
/// ```
package struct SHA256Digest: Hashable, Comparable, Sendable {
  /// Bytes in a checksum.
  package static let byteCount = 32

  /// The bytes in four words, the first byte highest, so that words compare as bytes do.
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  /// A checksum from its bytes, or nil unless there are 32.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self.init(exactly: bytes)
  }

  /// A checksum from its 64 hexadecimal digits in either case, or nil for another text.
  package init?(hex text: String) {
    guard let bytes = bytesFromHex(text) else { return nil }
    self.init(bytes: bytes)
  }

  /// The caller knows that there are 32 bytes.
  init(exactly bytes: some Sequence<UInt8>) {
    var rest = bytes.makeIterator()
    func next() -> UInt64 {
      var word: UInt64 = 0
      for _ in 0..<8 { word = word << 8 | UInt64(rest.next() ?? 0) }
      return word
    }
    words = (next(), next(), next(), next())
  }

  private var array: [UInt64] { [words.0, words.1, words.2, words.3] }

  /// The 32 bytes.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.byteCount)
    for word in array {
      for place in 1...8 { bytes.append(UInt8(truncatingIfNeeded: word >> (64 - 8 * place))) }
    }
    return bytes
  }

  /// The 64 lowercase hexadecimal digits.
  package var hex: String { hexText(of: bytes) }

  package static func == (left: SHA256Digest, right: SHA256Digest) -> Bool {
    left.words == right.words
  }

  package static func < (left: SHA256Digest, right: SHA256Digest) -> Bool {
    left.words < right.words
  }

  package func hash(into hasher: inout Hasher) {
    // Checksums are spread already; a part of one is as good as all.
    hasher.combine(words.0)
  }
}

extension SHA256Digest: Codable {
  /// The checksum in four words of 64 bits, the first bytes first, as numbers with a sign.
  package var signedWords: (Int64, Int64, Int64, Int64) {
    (
      Int64(bitPattern: words.0), Int64(bitPattern: words.1), Int64(bitPattern: words.2),
      Int64(bitPattern: words.3)
    )
  }

  /// A checksum from its `signedWords`.
  package init(words: (Int64, Int64, Int64, Int64)) {
    self.words = (
      UInt64(bitPattern: words.0), UInt64(bitPattern: words.1), UInt64(bitPattern: words.2),
      UInt64(bitPattern: words.3)
    )
  }

  /// Reads four words.
  package init(from decoder: any Decoder) throws {
    var parts = try decoder.unkeyedContainer()
    self.init(
      words: (
        try parts.decode(Int64.self), try parts.decode(Int64.self), try parts.decode(Int64.self),
        try parts.decode(Int64.self)
      ))
  }

  package func encode(to encoder: any Encoder) throws {
    var parts = encoder.unkeyedContainer()
    for word in array { try parts.encode(Int64(bitPattern: word)) }
  }
}

extension SHA256Digest: CustomStringConvertible {
  package var description: String { hex }
}

// MARK: Hexadecimal text

/// The bytes as lowercase hexadecimal digits.
///
/// - Complexity: O(n) in the number of bytes.
package func hexText(of bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  text.reserveCapacity(2 * bytes.underestimatedCount)
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}

/// The bytes of hexadecimal digits in either case, or nil for an odd count or another character.
///
/// - Complexity: O(n) in the length of the text.
package func bytesFromHex(_ text: String) -> [UInt8]? {
  var bytes: [UInt8] = []
  var high: UInt8?
  for character in text.utf8 {
    let digit: UInt8
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = character - UInt8(ascii: "A") + 10
    default: return nil
    }
    if let first = high {
      bytes.append(first << 4 | digit)
      high = nil
    } else {
      high = digit
    }
  }
  return high == nil ? bytes : nil
}
