// SPDX-License-Identifier: GPL-3.0-or-later

internal import CZlib

/// Some bytes as one gzip member (RFC 1952), without a file name and with no time in it.
///
/// The same bytes give the same member on every run of one machine's zlib.
///
/// - Complexity: O(n) in the number of bytes.
package func gzip(_ bytes: [UInt8]) -> [UInt8] {
  let stream = ZlibStream()
  defer { stream.free() }
  let status = deflateInit2_(
    stream.pointer, Z_DEFAULT_COMPRESSION, Z_DEFLATED, ZlibStream.gzipWindow, 8,
    Z_DEFAULT_STRATEGY, ZLIB_VERSION, ZlibStream.size)
  precondition(status == Z_OK, "zlib begins to compress unless memory has run out.")
  defer { deflateEnd(stream.pointer) }
  // The bound holds for the whole input, so one call ends the member.
  var output = [UInt8](
    repeating: 0, count: Int(deflateBound(stream.pointer, UInt(bytes.count))))
  var input = bytes
  let written = input.withUnsafeMutableBufferPointer { source in
    output.withUnsafeMutableBufferPointer { target in
      stream.pointer.pointee.next_in = source.baseAddress
      stream.pointer.pointee.avail_in = UInt32(source.count)
      stream.pointer.pointee.next_out = target.baseAddress
      stream.pointer.pointee.avail_out = UInt32(target.count)
      let status = deflate(stream.pointer, Z_FINISH)
      precondition(status == Z_STREAM_END, "deflateBound leaves room for everything.")
      return target.count - Int(stream.pointer.pointee.avail_out)
    }
  }
  output.removeLast(output.count - written)
  return output
}

/// How much compressed data may become.
package struct InflationLimits: Hashable, Sendable {
  /// The most bytes that come out.
  package var byteCount: Int
  /// The most bytes that come out for each that went in.
  package var ratio: Int

  /// Whatever the ratio, so much may come out of a small input: text of few letters packs well.
  static let alwaysAllowedByteCount = 64 << 10

  /// - Parameters:
  ///   - byteCount: The most bytes that come out, 64 MiB unless said otherwise.
  ///   - ratio: The most bytes out for each byte in, beyond the first 64 KiB.
  package init(byteCount: Int = 64 << 20, ratio: Int = 100) {
    self.byteCount = byteCount
    self.ratio = ratio
  }
}

/// Why compressed bytes were not expanded.
package enum InflationError: Error, Hashable, Sendable {
  /// The bytes are no gzip data, or were changed.
  case damaged
  /// The data end before their end.
  case truncated
  /// More would come out than `byteCount` allows.
  case tooLarge(limit: Int)
  /// More would come out of so few bytes than `ratio` allows.
  case tooDense(ratio: Int)
}

/// The contents of gzip data: one member or several, one after the other.
///
/// - Parameters:
///   - bytes: The whole of the data; nothing may follow the last member.
///   - limits: What the outcome is held to while it grows, so that no input needs more memory.
/// - Returns: The contents of all members, joined.
/// - Throws: An `InflationError`; hostile input is never more than that.
/// - Complexity: O(n) in the number of bytes in and out.
package func gunzip(
  _ bytes: [UInt8], limits: InflationLimits = InflationLimits()
) throws(InflationError) -> [UInt8] {
  guard !bytes.isEmpty else { throw .truncated }
  let stream = ZlibStream()
  defer { stream.free() }
  let status = inflateInit2_(
    stream.pointer, ZlibStream.gzipWindow, ZLIB_VERSION, ZlibStream.size)
  precondition(status == Z_OK, "zlib begins to expand unless memory has run out.")
  defer { inflateEnd(stream.pointer) }
  var input = bytes
  return try input.withUnsafeMutableBufferPointer { source throws(InflationError) in
    try expand(source, by: stream.pointer, limits: limits)
  }
}

/// The CRC-32 checksum of some bytes (as in gzip and zip).
///
/// - Complexity: O(n) in the number of bytes.
package func crc32(of bytes: [UInt8]) -> UInt32 {
  UInt32(
    truncatingIfNeeded: bytes.withUnsafeBufferPointer {
      CZlib.crc32(0, $0.baseAddress, UInt32($0.count))
    })
}

/// zlib's own state, which must stay where it was begun.
private struct ZlibStream {
  let pointer = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  /// A window of 32 KiB, and gzip's header and trailer around it.
  static let gzipWindow: Int32 = 15 + 16
  static let size = Int32(MemoryLayout<z_stream>.size)

  init() { pointer.initialize(to: z_stream()) }

  func free() { pointer.deallocate() }
}

private func expand(
  _ source: UnsafeMutableBufferPointer<UInt8>, by stream: UnsafeMutablePointer<z_stream>,
  limits: InflationLimits
) throws(InflationError) -> [UInt8] {
  stream.pointee.next_in = source.baseAddress
  stream.pointee.avail_in = UInt32(clamping: source.count)
  var output: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let (status, written) = chunk.withUnsafeMutableBufferPointer { target in
      stream.pointee.next_out = target.baseAddress
      stream.pointee.avail_out = UInt32(target.count)
      return (inflate(stream, Z_NO_FLUSH), target.count - Int(stream.pointee.avail_out))
    }
    let count = output.count + written
    guard count <= limits.byteCount else { throw .tooLarge(limit: limits.byteCount) }
    guard
      count <= InflationLimits.alwaysAllowedByteCount || count / limits.ratio <= source.count
    else { throw .tooDense(ratio: limits.ratio) }
    output.append(contentsOf: chunk[..<written])
    switch status {
    case Z_OK: continue
    case Z_STREAM_END:
      guard stream.pointee.avail_in > 0 else { return output }
      inflateReset(stream)
    case Z_BUF_ERROR: throw .truncated
    default: throw .damaged
    }
  }
}
