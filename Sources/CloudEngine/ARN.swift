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
    guard let parts = text.withBytes(Self.parts) else { return nil }
    (partition, service, region) = (parts[0], parts[1], parts[2])
    (account, resource) = (parts[3], parts[4])
  }

  /// By bytes: finding where characters end takes many times as long, and jobs do it a lot.
  private static func parts(of bytes: UnsafeBufferPointer<UInt8>) -> [String]? {
    guard bytes.starts(with: "arn:".utf8) else { return nil }
    var parts: [String] = []
    parts.reserveCapacity(5)
    var start = 4
    for place in 4..<bytes.count where bytes[place] == UInt8(ascii: ":") && parts.count < 4 {
      parts.append(String(decoding: bytes[start..<place], as: UTF8.self))
      start = place + 1
    }
    guard parts.count == 4 else { return nil }
    parts.append(String(decoding: bytes[start...], as: UTF8.self))
    return parts
  }

  /// The name in a table's own ARN; nil for any other resource.
  var tableName: String? {
    guard service == "dynamodb", resource.hasPrefix("table/") else { return nil }
    return resource.withBytes { bytes in
      let name = bytes["table/".utf8.count...]
      return name.contains(UInt8(ascii: "/")) ? nil : String(decoding: name, as: UTF8.self)
    }
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
    String(
      joining: "arn:", place.partition.rawValue, ":dynamodb:", place.region, ":", place.account,
      ":table/", name)
  }

  static func backup(_ id: String, of table: String, in place: Place) -> String {
    String(joining: ARN.table(table, in: place), "/backup/", id)
  }

  static func stream(_ label: String, of table: String, in place: Place) -> String {
    String(joining: ARN.table(table, in: place), "/stream/", label)
  }
}

extension String {
  /// Texts one after another, in one allocation.
  init(joining parts: String...) {
    let count = parts.reduce(0) { $0 + $1.utf8.count }
    self.init(unsafeUninitializedCapacity: count) { text in
      var place = 0
      for part in parts {
        let rest = UnsafeMutableBufferPointer(rebasing: text[place...])
        place += part.withBytes { rest.initialize(from: $0).index }
      }
      return place
    }
  }

  /// Looks at the UTF-8 that the text lies in memory as.
  ///
  /// - Complexity: O(1) for every text of Swift's own.
  func withBytes<Result>(_ look: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    utf8.withContiguousStorageIfAvailable(look) ?? Array(utf8).withUnsafeBufferPointer(look)
  }
}
