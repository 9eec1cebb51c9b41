// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import Testing

@Suite("SHA-256 checksums")
struct DigestTests {
  /// Published vectors of FIPS 180 and their neighbours.
  static let vectors = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ]

  @Test("known texts have their published checksums", arguments: vectors)
  func vector(_ text: String, _ hex: String) {
    #expect(digest(of: text).hex == hex)
    #expect(digest(of: Array(text.utf8)).description == hex)
  }

  @Test("pieces of any size give the checksum of the whole", arguments: [1, 3, 63, 64, 65, 200])
  func streaming(_ size: Int) {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var stream = StreamDigest()
    for start in stride(from: 0, to: bytes.count, by: size) {
      stream.update(Array(bytes[start..<min(start + size, bytes.count)]))
    }
    #expect(stream.finish() == digest(of: bytes))
  }

  @Test("a copied stream goes on alone, and finishing does not end it")
  func copies() {
    var stream = StreamDigest()
    stream.update("a")
    var copy = stream
    copy.update("x")
    #expect(stream.finish() == digest(of: "a"))
    stream.update("bc")
    #expect(stream.finish() == digest(of: "abc"))
    #expect(copy.finish() == digest(of: "ax"))
  }

  @Test("a number counts as eight bytes, the highest first")
  func numbers() {
    var stream = StreamDigest()
    stream.update(0x0102_0304_0506_0708 as UInt64)
    #expect(stream.finish() == digest(of: [1, 2, 3, 4, 5, 6, 7, 8]))
  }

  @Test("authentication codes are those of RFC 4231")
  func codes() {
    let key = [UInt8](repeating: 0x0B, count: 20)
    #expect(
      authenticationCode(of: Array("Hi There".utf8), key: key).hex
        == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    let long = [UInt8](repeating: 0xAA, count: 131)
    let text = "Test Using Larger Than Block-Size Key - Hash Key First"
    #expect(
      authenticationCode(of: Array(text.utf8), key: long).hex
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }

  @Test("bytes and hexadecimal text lead back to the same checksum")
  func roundTrip() throws {
    let sum = digest(of: "abc")
    #expect(sum.bytes.count == SHA256Digest.byteCount)
    #expect(SHA256Digest(bytes: sum.bytes) == sum)
    #expect(SHA256Digest(hex: sum.hex) == sum)
    #expect(SHA256Digest(hex: sum.hex.uppercased()) == sum)
  }

  @Test(
    "what is no checksum is refused",
    arguments: ["", "ab", String(repeating: "0", count: 63), String(repeating: "0", count: 66)])
  func refused(_ hex: String) {
    #expect(SHA256Digest(hex: hex) == nil)
  }

  @Test("checksums of another length and other characters are refused")
  func refusedBytes() {
    #expect(SHA256Digest(bytes: [UInt8](repeating: 0, count: 31)) == nil)
    #expect(SHA256Digest(bytes: [UInt8](repeating: 0, count: 33)) == nil)
    #expect(SHA256Digest(hex: String(repeating: "g", count: 64)) == nil)
  }

  @Test("checksums are ordered as their bytes, wherever the first difference lies")
  func order() throws {
    for place in 0..<32 {
      var low = [UInt8](repeating: 0x80, count: 32)
      var high = low
      low[place] = 0x7F
      high[place] = 0xFF
      let smaller = try #require(SHA256Digest(bytes: low))
      let larger = try #require(SHA256Digest(bytes: high))
      #expect(smaller < larger)
      #expect(!(larger < smaller))
      #expect(smaller != larger)
    }
  }

  @Test("hexadecimal text reads both cases and refuses halves and strangers")
  func hexadecimal() {
    #expect(hexText(of: [0, 15, 16, 255]) == "000f10ff")
    #expect(bytesFromHex("000F10ff") == [0, 15, 16, 255])
    #expect(bytesFromHex("") == [])
    #expect(bytesFromHex("0") == nil)
    #expect(bytesFromHex("0x") == nil)
    #expect(bytesFromHex("é0") == nil)
  }
}
