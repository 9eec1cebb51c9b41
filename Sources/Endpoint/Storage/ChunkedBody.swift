// SPDX-License-Identifier: GPL-3.0-or-later

/// A body in the chunks that S3's clients sign one by one: `SIZE;chunk-signature=…`, the bytes, and
/// after the last one trailing headers, such as a checksum. [S3.chunked]
struct ChunkedBody: Hashable, Sendable {
  let bytes: [UInt8]
  let trailers: [String: String]

  /// Whether a request's body is one, by its headers.
  static func isUsed(by headers: WireHeaders) -> Bool {
    headers["x-amz-content-sha256"]?.hasPrefix("STREAMING-") == true
      || headers["Content-Encoding"]?.lowercased().contains("aws-chunked") == true
  }

  /// Reads a body; nil for one whose chunks do not add up.
  init?(_ body: [UInt8]) {
    var rest = body[...]
    var bytes: [UInt8] = []
    while true {
      guard let line = Self.line(&rest),
        let size = Int(line.prefix { $0 != ";" }.trimmed, radix: 16), size >= 0,
        size <= rest.count
      else { return nil }
      guard size > 0 else { break }
      bytes += rest.prefix(size)
      rest = rest.dropFirst(size)
      guard rest.starts(with: [0x0d, 0x0a]) else { return nil }
      rest = rest.dropFirst(2)
    }
    var trailers: [String: String] = [:]
    // An empty line ends it, trailers or none.
    while true {
      guard let line = Self.line(&rest) else { return nil }
      if line.isEmpty { break }
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      trailers[parts[0].trimmed.lowercased()] = parts[1].trimmed
    }
    self.bytes = bytes
    self.trailers = trailers
  }

  /// The text up to the end of a line; nil where no line ends.
  private static func line(_ rest: inout ArraySlice<UInt8>) -> String? {
    guard let end = rest.firstIndex(of: 0x0d), rest[end...].starts(with: [0x0d, 0x0a]) else {
      return nil
    }
    defer { rest = rest[(end + 2)...] }
    return String(decoding: rest[..<end], as: UTF8.self)
  }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
