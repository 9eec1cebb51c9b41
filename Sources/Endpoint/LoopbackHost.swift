// SPDX-License-Identifier: GPL-3.0-or-later

/// The names by which the endpoint may be asked.
///
/// Names below `localhost` are loopback by themselves and nobody's to register: S3's clients put a
/// bucket there, `exports.localhost:8000`.
enum LoopbackHost {
  private static let suffix = ".localhost"

  /// Whether a `Host` header names this machine's endpoint at a port.
  static func isOurs(_ host: String, port: Int) -> Bool {
    let host = host.lowercased()
    return ["127.0.0.1:\(port)", "localhost:\(port)", "[::1]:\(port)"].contains(host)
      || (host.hasSuffix("\(suffix):\(port)") && label(of: host) != nil)
  }

  /// What stands before `.localhost` in a `Host` header, if that is such as a bucket's name may be.
  static func label(of host: String) -> String? {
    let name = host.split(separator: ":", omittingEmptySubsequences: false)[0]
    guard name.lowercased().hasSuffix(suffix) else { return nil }
    let label = name.dropLast(suffix.utf8.count)
    let isName = label.utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "-.".utf8.contains($0)
    }
    return isName && (1...63).contains(label.utf8.count) ? String(label) : nil
  }
}
