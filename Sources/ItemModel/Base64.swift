// SPDX-License-Identifier: GPL-3.0-or-later

/// Base64 as the service reads and writes binary values: standard alphabet, padded, no line breaks.
package enum Base64 {
  /// The text for these bytes.
  ///
  /// - Complexity: O(n).
  package static func text(of bytes: [UInt8]) -> String {
    let length = (bytes.count + 2) / 3 * 4
    return String(unsafeUninitializedCapacity: length) { text in
      var out = 0
      var index = 0
      while index < bytes.count {
        let first = bytes[index]
        let second = index + 1 < bytes.count ? bytes[index + 1] : 0
        let third = index + 2 < bytes.count ? bytes[index + 2] : 0
        text[out] = symbol(first >> 2)
        text[out + 1] = symbol((first & 0x03) << 4 | second >> 4)
        text[out + 2] =
          index + 1 < bytes.count ? symbol((second & 0x0F) << 2 | third >> 6) : pad
        text[out + 3] = index + 2 < bytes.count ? symbol(third & 0x3F) : pad
        index += 3
        out += 4
      }
      return length
    }
  }

  /// The bytes that a text stands for.
  ///
  /// - Throws: `.serialization` in the service's words: a length that is no multiple of 4, a
  ///   character outside the alphabet, padding elsewhere than at the end or unused bits that are
  ///   not zero. [DDB.value.errors]
  /// - Complexity: O(n).
  package static func bytes(of text: String) throws(ItemError) -> [UInt8] {
    let count = text.utf8.count
    guard count.isMultiple(of: 4) else {
      throw .serialization(
        "Base64 encoded length is expected a multiple of 4 bytes but found: \(count)")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count / 4 * 3)
    var (group, bits, padding): (UInt32, Int, Int) = (0, 0, 0)
    var padsInside = false
    for byte in text.utf8 {
      if byte == pad {
        padding += 1
        continue
      }
      guard let value = value(of: byte) else { throw invalidCharacter(in: text) }
      padsInside = padsInside || padding > 0
      group = group << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
      }
    }
    let unused = group & ((1 << UInt32(bits)) - 1)
    guard !padsInside, padding <= 2, unused == 0 else {
      throw .serialization("Invalid last non-pad Base64 character dectected")
    }
    return bytes
  }

  private static let pad = UInt8(ascii: "=")

  private static func invalidCharacter(in text: String) -> ItemError {
    let invalid = text.unicodeScalars.first {
      !$0.isASCII || (value(of: UInt8($0.value)) == nil && $0 != "=")
    }
    return .serialization("Invalid Base64 character: '\(invalid.map(String.init) ?? "")'")
  }

  private static func symbol(_ value: UInt8) -> UInt8 {
    switch value {
    case 0..<26: UInt8(ascii: "A") + value
    case 26..<52: UInt8(ascii: "a") + value - 26
    case 52..<62: UInt8(ascii: "0") + value - 52
    case 62: UInt8(ascii: "+")
    default: UInt8(ascii: "/")
    }
  }

  private static func value(of byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
