// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests
import ItemModel

/// The checksums that S3's clients send along, as headers or after the last chunk. [S3.checksum]
enum BodyChecksum {
  private static let prefix = "x-amz-checksum-"

  /// Compares a body with every checksum that came with it.
  ///
  /// - Throws: BadDigest for one that is another body's, InvalidRequest for one that is none, and
  ///   "not simulated" for a kind that is not computed here.
  static func check(
    _ body: [UInt8], against headers: [(name: String, value: String)]
  ) throws(ServiceError) {
    for (name, value) in headers where name.lowercased().hasPrefix(prefix) {
      let kind = String(name.lowercased().dropFirst(prefix.count))
      // What names the algorithm or the kind of sum is no sum.
      guard kind != "algorithm", kind != "type", kind != "mode" else { continue }
      guard let computed = checksum(kind, of: body) else {
        throw .notSimulated("The checksum \(kind) of PutObject")
      }
      guard let written = try? Base64.bytes(of: value), written.count == computed.count else {
        throw ServiceError(
          code: "InvalidRequest", message: "Value for \(name) header is invalid.")
      }
      guard written == computed else {
        throw ServiceError(
          code: "BadDigest",
          message: "The \(kind.uppercased()) you specified did not match the calculated checksum.")
      }
    }
  }

  private static func checksum(_ kind: String, of body: [UInt8]) -> [UInt8]? {
    switch kind {
    case "crc32": bigEndian(crc32(of: body))
    case "crc32c": bigEndian(UInt32(truncatingIfNeeded: castagnoli.sum(of: body)))
    case "crc64nvme": bigEndian(nvme.sum(of: body))
    case "sha256": digest(of: body).bytes
    case "md5": md5(of: body)
    default: nil
    }
  }

  private static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  private static let castagnoli = Table(polynomial: 0x82f6_3b78, bits: 32)
  private static let nvme = Table(polynomial: 0x9a6c_9329_ac4b_c9b5, bits: 64)

  /// A cyclic redundancy check that runs from the low bit up, from all ones to their complement.
  private struct Table: Sendable {
    private let entries: [UInt64]
    private let ones: UInt64

    init(polynomial: UInt64, bits: Int) {
      ones = bits == 64 ? .max : (1 << UInt64(bits)) - 1
      entries = (0..<256).map { index in
        (0..<8).reduce(UInt64(index)) { value, _ in
          value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1
        }
      }
    }

    func sum(of bytes: [UInt8]) -> UInt64 {
      bytes.reduce(ones) { entries[Int(($0 ^ UInt64($1)) & 0xff)] ^ $0 >> 8 } ^ ones
    }
  }
}
