// SPDX-License-Identifier: GPL-3.0-or-later

/// An HTTP request, whole.
package struct WireRequest: Sendable {
  package let method: String
  /// The path and, after `?`, the query, as they were sent.
  package let target: String
  package let headers: WireHeaders
  package let body: [UInt8]

  package init(method: String, target: String, headers: WireHeaders, body: [UInt8] = []) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
  }

  /// The target without its query.
  package var path: Substring { target.prefix { $0 != "?" } }
}

/// An HTTP answer, whole; its length and its date are added where it is sent.
package struct WireAnswer: Sendable {
  package let status: Int
  package var headers: WireHeaders
  package let body: [UInt8]

  package init(status: Int, headers: WireHeaders = WireHeaders(), body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// The headers of a message in the order sent; names compare without regard to case.
package struct WireHeaders: Sendable, ExpressibleByDictionaryLiteral {
  package private(set) var fields: [(name: String, value: String)] = []

  package init() {}

  package init(_ fields: [(name: String, value: String)]) { self.fields = fields }

  package init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { (name: $0, value: $1) }
  }

  /// The first value of a name.
  package subscript(name: String) -> String? {
    for index in fields.indices where Self.isSame(fields[index].name, name) {
      return fields[index].value
    }
    return nil
  }

  /// Whether two names are one; they are ASCII, and no copy of them is made for it.
  private static func isSame(_ one: String, _ other: String) -> Bool {
    one.utf8.count == other.utf8.count
      && (one == other || zip(one.utf8, other.utf8).allSatisfy { lowercase($0) == lowercase($1) })
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  /// Makes room for so many.
  mutating func reserve(_ count: Int) { fields.reserveCapacity(count) }

  package mutating func add(_ name: String, _ value: String) { fields.append((name, value)) }
}
