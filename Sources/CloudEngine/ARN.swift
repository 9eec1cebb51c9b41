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
    guard let arn = text.withBytes(ARN.init(bytes:)) else { return nil }
    self = arn
  }

  /// By bytes: finding where characters end takes many times as long, and jobs do it a lot.
  private init?(bytes: UnsafeBufferPointer<UInt8>) {
    guard let parts = Parts(bytes) else { return nil }
    func text(_ part: Range<Int>) -> String { String(decoding: bytes[part], as: UTF8.self) }
    (partition, service) = (text(parts.partition), text(parts.service))
    (region, account) = (text(parts.region), text(parts.account))
    resource = text(parts.resource)
  }

  /// Where the parts of an ARN lie in its bytes.
  struct Parts {
    let partition: Range<Int>
    let service: Range<Int>
    let region: Range<Int>
    let account: Range<Int>
    let resource: Range<Int>

    /// - Returns: nil for what begins otherwise or has fewer than five colons.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
      guard bytes.starts(with: "arn:".utf8) else { return nil }
      var start = 4
      func next() -> Range<Int>? {
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: ":") { end += 1 }
        guard end < bytes.count else { return nil }
        defer { start = end + 1 }
        return start..<end
      }
      guard let partition = next(), let service = next(), let region = next(),
        let account = next()
      else { return nil }
      (self.partition, self.service, self.region) = (partition, service, region)
      self.account = account
      resource = start..<bytes.count
    }
  }

  /// The name in a table's own ARN; nil for any other resource.
  var tableName: String? {
    guard service == "dynamodb", let name = resource(after: "table/"), !name.utf8.contains(0x2F)
    else { return nil }
    return name
  }

  /// What the resource is called behind a prefix; nil if it begins otherwise.
  func resource(after prefix: String) -> String? {
    resource.withBytes { bytes in
      guard bytes.starts(with: prefix.utf8) else { return nil }
      return String(decoding: bytes[prefix.utf8.count...], as: UTF8.self)
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
