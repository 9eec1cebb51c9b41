// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
package import Simulation

/// The resources of one account in one Region.
package struct Region: Sendable {
  /// Tables by name, in byte order, those that come and go included.
  var tables: OrderedMap<String, Table> = OrderedMap()
  /// Backups by id; an id begins with the milliseconds of its creation, so this is their order.
  var backups: OrderedMap<String, Backup> = OrderedMap()

  /// A table that is known to exist.
  ///
  /// The proof is a `TableID` looked up on this very value, so the subscript cannot fail; it changes
  /// the table in place.
  subscript(id: TableID) -> Table {
    get {
      guard let table = tables[id.name] else {
        preconditionFailure("a table is looked up before it is used: \(id.name)")
      }
      return table
    }
    _modify {
      precondition(tables[id.name] != nil, "a table is looked up before it is used")
      // swift-format-ignore: NeverForceUnwrap (checked above)
      yield &tables[id.name]!
    }
  }

  /// The names of all tables, in byte order.
  package var tableNames: [String] { tables.map(\.key) }

  /// The ids of all backups that can be seen at an instant, oldest first.
  package func backupIDs(at now: Instant) -> [String] {
    backups.filter { $0.value.isListed(at: now) }.map(\.key)
  }
}
