// SPDX-License-Identifier: GPL-3.0-or-later

import Crypto

/// The SHA-256 checksum of some bytes.
///
/// - Complexity: O(n) in the number of bytes.
package func digest(of bytes: [UInt8]) -> SHA256Digest {
  SHA256Digest(exactly: SHA256.hash(data: bytes))
}

/// The SHA-256 checksum of a text's UTF-8 bytes.
///
/// - Complexity: O(n) in the length of the text.
package func digest(of text: String) -> SHA256Digest { digest(of: Array(text.utf8)) }

/// The HMAC of some bytes with SHA-256 (RFC 2104).
///
/// - Parameters:
///   - bytes: The message.
///   - key: Of any length; the hash's block is 64 bytes.
/// - Returns: The 32 bytes of the code.
/// - Complexity: O(n) in the number of bytes.
package func authenticationCode(of bytes: [UInt8], key: [UInt8]) -> SHA256Digest {
  let code = HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key))
  return SHA256Digest(exactly: code)
}

/// A SHA-256 checksum of bytes that arrive in pieces.
///
/// A value: a copy goes on from where it was taken, alone.
///
/// ```swift
/// var stream = StreamDigest()
/// stream.update(Array("ab".utf8))
/// stream.update(Array("c".utf8))
/// stream.finish() == digest(of: "abc")   // true
/// ```
package struct StreamDigest: Sendable {
  private var hasher = SHA256()

  /// A checksum of no bytes yet.
  package init() {}

  /// Takes in the next bytes.
  ///
  /// - Complexity: O(n) in the number of bytes.
  package mutating func update(_ bytes: [UInt8]) { hasher.update(data: bytes) }

  /// Takes in the next bytes without copying them.
  ///
  /// - Complexity: O(n) in the number of bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    hasher.update(bufferPointer: bytes)
  }

  /// Takes in a text's UTF-8 bytes.
  ///
  /// - Complexity: O(n) in the length of the text.
  package mutating func update(_ text: String) {
    var text = text
    text.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
  }

  /// Takes in a number as eight bytes, the highest first.
  package mutating func update(_ number: UInt64) {
    withUnsafeBytes(of: number.bigEndian) { hasher.update(bufferPointer: $0) }
  }

  /// The checksum of all bytes so far; more may follow.
  package func finish() -> SHA256Digest { SHA256Digest(exactly: hasher.finalize()) }
}
