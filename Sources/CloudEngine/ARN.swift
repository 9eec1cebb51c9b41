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
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn" else { return nil }
    (partition, service) = (String(parts[1]), String(parts[2]))
    (region, account, resource) = (String(parts[3]), String(parts[4]), String(parts[5]))
  }

  /// The name in a table's own ARN; nil for any other resource.
  var tableName: String? {
    let parts = resource.split(separator: "/", omittingEmptySubsequences: false)
    guard service == "dynamodb", parts.count == 2, parts[0] == "table" else { return nil }
    return String(parts[1])
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
    "\(prefix(of: place)):table/\(name)"
  }

  static func backup(_ id: String, of table: String, in place: Place) -> String {
    "\(prefix(of: place)):table/\(table)/backup/\(id)"
  }

  static func stream(_ label: String, of table: String, in place: Place) -> String {
    "\(prefix(of: place)):table/\(table)/stream/\(label)"
  }

  private static func prefix(of place: Place) -> String {
    "arn:\(place.partition.rawValue):dynamodb:\(place.region):\(place.account)"
  }
}
