// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import Testing

@Suite("Compression and checksums of contents")
struct GzipTests {
  @Test(
    "MD5 and CRC-32 are those of the published examples",
    arguments: [
      ("", "d41d8cd98f00b204e9800998ecf8427e", UInt32(0)),
      ("abc", "900150983cd24fb0d6963f7d28e17f72", 0x3524_41c2),
      ("123456789", "25f9e794323b453885f5181f1b624d0b", 0xcbf4_3926),
    ])
  func checksums(_ text: String, _ md5Hex: String, _ crc: UInt32) {
    #expect(hexText(of: md5(of: Array(text.utf8))) == md5Hex)
    #expect(crc32(of: Array(text.utf8)) == crc)
  }

  @Test("what was compressed comes back, whatever its length", arguments: [0, 1, 65_535, 200_000])
  func roundTrip(_ count: Int) throws {
    var state: UInt64 = 1
    let bytes = (0..<count).map { _ -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 60)
    }
    let packed = gzip(bytes)
    #expect(Array(packed.prefix(8)) == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0], "no name and no time")
    #expect(try gunzip(packed) == bytes)
    #expect(gzip(bytes) == packed)
  }

  @Test("members that follow one another are one text")
  func members() throws {
    #expect(try gunzip(gzip(Array("ab".utf8)) + gzip(Array("cd".utf8))) == Array("abcd".utf8))
  }

  @Test("every prefix of compressed data is refused as truncated")
  func truncated() {
    let packed = gzip(Array("a line of an export\n".utf8))
    for count in 0..<packed.count {
      #expect(throws: InflationError.truncated) { try gunzip(Array(packed.prefix(count))) }
    }
  }

  @Test("a changed byte is refused, or changes nothing of the contents")
  func damaged() {
    let bytes = Array("a line of an export, and another line of it\n".utf8)
    let packed = gzip(bytes)
    var harmless = 0
    for index in packed.indices {
      var changed = packed
      changed[index] ^= 0x40
      // Time, flags, system and the last byte's unused bits say nothing about the contents.
      if let outcome = try? gunzip(changed) {
        harmless += 1
        #expect(outcome == bytes, "byte \(index)")
      }
    }
    #expect(harmless <= 7)
    #expect(throws: InflationError.damaged) { try gunzip(Array("no gzip data".utf8)) }
    #expect(throws: InflationError.damaged) { try gunzip(packed + [1, 2, 3]) }
  }

  @Test("what would grow beyond the limits is refused while it grows")
  func limits() throws {
    let zeros = gzip([UInt8](repeating: 0, count: 10_000_000))
    #expect(throws: InflationError.tooDense(ratio: 100)) { try gunzip(zeros) }
    let letters = gzip(Array(String(repeating: "abcdefghij", count: 100).utf8))
    #expect(try gunzip(letters, limits: InflationLimits(byteCount: 1000)).count == 1000)
    #expect(throws: InflationError.tooLarge(limit: 999)) {
      try gunzip(letters, limits: InflationLimits(byteCount: 999))
    }
  }
}
