// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections

/// A table as a request names it: by its name or by its ARN. [DDB.table.name]
struct TableReference: Decodable, Hashable, Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  init(from decoder: any Decoder) throws {
    text = try decoder.singleValueContainer().decode(String.self)
  }

  /// The table's plain name.
  ///
  /// - Throws: A validation error for a malformed name or an ARN of another Region, and
  ///   AccessDenied for another account's.
  func name(for caller: Caller) throws(ServiceError) -> String {
    guard text.hasPrefix("arn:") else {
      try TableName.check(text)
      return text
    }
    guard let arn = ARN(text), let name = arn.tableName else {
      throw .invalidValues("Invalid table ARN: \(text)")
    }
    guard arn.region == caller.region else {
      throw .validation("1 validation error detected: Invalid AWS region in '\(text)'")
    }
    guard arn.account == caller.account else { throw .accessDenied() }
    return name
  }
}

/// The rules for the name of a table or an index. [DDB.table.name]
enum TableName {
  static func check(_ name: String, at path: String = "tableName") throws(ServiceError) {
    guard (3...255).contains(name.utf8.count) else {
      throw .validation(
        "TableName must be at least 3 characters long and at most 255 characters long")
    }
    guard name.utf8.allSatisfy(isAllowed) else {
      throw .validation(
        "1 validation error detected: Value '\(name)' at '\(path)' failed to satisfy constraint: "
          + "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+")
    }
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

// MARK: - Looking tables up

extension Cloud {
  /// The table for an operation on tables, TTL or policies.
  ///
  /// - Throws: ResourceNotFound with the name.
  func table(_ reference: TableReference, for caller: Caller) throws(ServiceError) -> TableID {
    let name = try reference.name(for: caller)
    guard let table = self[caller.place].tables[name] else {
      throw .tableNotFoundByTables(name)
    }
    return table.identity
  }

  /// The table for an operation on items: one that takes reads and writes.
  ///
  /// - Throws: ResourceNotFound without a name, also while the table is being made or deleted; a
  ///   validation error with the key service's words when the table's key cannot be used.
  mutating func itemTable(
    _ reference: TableReference, for caller: Caller
  ) throws(ServiceError) -> TableID {
    let name = try reference.name(for: caller)
    let (id, encryption) = try withExtendedLifetime(places) { () throws(ServiceError) in
      // Every request on items comes by here: the table is found once and looked at where it lies.
      guard let table = places.address(of: caller.place)?.pointee.tables.address(of: name),
        table.pointee.acceptsItems
      else { throw .tableNotFoundByItems }
      if table.pointee.keyLoss != nil { try requireDataKey(of: table.pointee) }
      return (table.pointee.identity, table.pointee.settings.encryption)
    }
    if let encryption { noteKeyUse(of: id, under: encryption, by: caller) }
    return id
  }

  /// The table for an operation on backups, which learn of a table later than the table's own.
  ///
  /// - Throws: TableNotFound; ContinuousBackupsUnavailable until `needsReady` can be met.
  func backedUpTable(
    _ reference: TableReference, for caller: Caller, needsReady: Bool
  ) throws(ServiceError) -> TableID {
    let name = try reference.name(for: caller)
    guard let table = self[caller.place].tables[name], table.backupReadiness != .unknown else {
      throw .tableNotFoundByBackups(name)
    }
    if needsReady, table.backupReadiness == .beingEnabled { throw .backupsBeingEnabled(name) }
    return table.identity
  }
}
