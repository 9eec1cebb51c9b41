// SPDX-License-Identifier: GPL-3.0-or-later

/// The six parts of an Amazon Resource Name.
///
/// ```swift
/// ARN("arn:aws:dynamodb:us-east-1:111122223333:table/orders")?.resource   // "table/orders"
/// ```
package struct ARN: Hashable, Sendable {
  package let partition: String
  package let service: String
  package let region: String
  package let account: String
  package let resource: String

  /// Splits a text at its first five colons; nil if it has fewer or does not begin with `arn`.
  package init?(_ text: String) {
    guard text.hasPrefix("arn:") else { return nil }
    // By bytes: finding where characters end takes many times as long, and jobs do it a lot.
    var rest = text.utf8.dropFirst("arn:".utf8.count)
    func next() -> String? {
      guard let colon = rest.firstIndex(of: UInt8(ascii: ":")) else { return nil }
      defer { rest = rest[rest.index(after: colon)...] }
      return Self.text(rest[..<colon])
    }
    guard let partition = next(), let service = next(), let region = next(), let account = next()
    else { return nil }
    (self.partition, self.service) = (partition, service)
    (self.region, self.account, resource) = (region, account, Self.text(rest))
  }

  private static func text(_ bytes: Substring.UTF8View) -> String { String(Substring(bytes)) }

  /// The name in a table's own ARN; nil for any other resource.
  var tableName: String? {
    guard service == "dynamodb", resource.hasPrefix("table/") else { return nil }
    let name = resource.utf8.dropFirst("table/".utf8.count)
    return name.contains(UInt8(ascii: "/")) ? nil : Self.text(name)
  }

  /// The table's name and the backup's id in a backup's ARN; nil for any other resource.
  var backup: (table: String, id: String)? {
    let parts = resource.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "table", parts[2] == "backup" else { return nil }
    return (String(parts[1]), String(parts[3]))
  }

  /// The table's name and the label in a stream's ARN; nil for any other resource.
  var stream: (table: String, label: String)? {
    let parts = resource.split(separator: "/", omittingEmptySubsequences: false)
    guard service == "dynamodb", parts.count == 4, parts[0] == "table", parts[2] == "stream" else {
      return nil
    }
    return (String(parts[1]), String(parts[3]))
  }

  package static func table(_ name: String, in place: Place) -> String {
    String(joining: prefix(of: place), ":table/", name)
  }

  static func backup(_ id: String, of table: String, in place: Place) -> String {
    String(joining: prefix(of: place), ":table/", table, "/backup/", id)
  }

  static func stream(_ label: String, of table: String, in place: Place) -> String {
    "\(prefix(of: place)):table/\(table)/stream/\(label)"
  }

  private static func prefix(of place: Place) -> String {
    String(
      joining: "arn:", place.partition.rawValue, ":dynamodb:", place.region, ":", place.account)
  }
}

extension String {
  /// Texts one after another, in one allocation.
  init(joining parts: String...) {
    self.init()
    reserveCapacity(parts.reduce(0) { $0 + $1.utf8.count })
    for part in parts { append(part) }
  }
}
