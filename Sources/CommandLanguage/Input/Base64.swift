// SPDX-License-Identifier: GPL-3.0-or-later

/// Base64 as the AWS CLI's own runtime encodes and forgives it.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The text of the bytes, padded, on one line.
  static func encode(_ bytes: some Collection<UInt8>) -> String {
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    var buffer: UInt32 = 0
    var filled = 0
    for byte in bytes {
      buffer = buffer << 8 | UInt32(byte)
      filled += 8
      while filled >= 6 {
        filled -= 6
        result.append(alphabet[Int(buffer >> UInt32(filled) & 63)])
      }
    }
    if filled > 0 { result.append(alphabet[Int(buffer << UInt32(6 - filled) & 63)]) }
    while result.count % 4 != 0 { result.append(UInt8(ascii: "=")) }
    return String(decoding: result, as: UTF8.self)
  }

  /// The bytes of the text; characters outside the alphabet are passed over, as the CLI does.
  ///
  /// - Returns: nil where a digit is left over or the padding is missing.
  static func decode(_ text: String) -> [UInt8]? {
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    var result: [UInt8] = []
    var buffer: UInt32 = 0
    var place = 0
    var padding = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: "=") {
        padding += 1
        if place >= 2, place + padding >= 4 { return result }
        continue
      }
      guard let digit = digit(byte) else { continue }
      padding = 0
      buffer = buffer << 6 | UInt32(digit)
      place += 1
      switch place {
      case 2: result.append(UInt8(truncatingIfNeeded: buffer >> 4))
      case 3: result.append(UInt8(truncatingIfNeeded: buffer >> 2))
      case 4:
        result.append(UInt8(truncatingIfNeeded: buffer))
        place = 0
        buffer = 0
      default: break
      }
    }
    return place == 0 ? result : nil
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
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
