// SPDX-License-Identifier: GPL-3.0-or-later

/// A request's path and query in their parts, escapes resolved.
struct RequestTarget: Sendable {
  /// What stands between the slashes of the path; after a slash at the end, an empty text.
  private(set) var segments: [String]
  /// The query's names and values in order; a name alone has an empty value.
  let query: [(name: String, value: String)]

  init(_ target: String) {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var segments = (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: false)
      .map { percentDecoded($0) }
    if segments.first == "" { segments.removeFirst() }
    self.segments = segments
    query = parts.count > 1 ? Self.fields(parts[1]) : []
  }

  /// The same target with a segment before its path.
  func below(_ first: String) -> RequestTarget {
    var target = self
    target.segments.insert(first, at: 0)
    return target
  }

  /// The first value of a name in the query.
  subscript(name: String) -> String? { query.first { $0.name == name }?.value }

  /// The fields of a query or a form.
  static func fields(_ text: some StringProtocol) -> [(name: String, value: String)] {
    text.split(separator: "&").map { field in
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (
        percentDecoded(parts[0], plusIsSpace: true),
        parts.count > 1 ? percentDecoded(parts[1], plusIsSpace: true) : ""
      )
    }
  }
}

/// A text with its `%XX` as bytes; what is no escape stays, and faulty UTF-8 is replaced.
func percentDecoded(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String {
  guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
    return String(text)
  }
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    if byte == UInt8(ascii: "%"), rest.count >= 2,
      let high = hexDigit(rest[rest.startIndex]), let low = hexDigit(rest[rest.startIndex + 1])
    {
      bytes.append(high << 4 | low)
      rest = rest.dropFirst(2)
    } else {
      bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}

/// The value of a hexadecimal digit; nil for another byte.
func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
