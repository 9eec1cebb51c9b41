// SPDX-License-Identifier: GPL-3.0-or-later

package import PersistentCollections
package import Simulation

/// The resources of one account in one Region.
package struct Region: Sendable, Codable {
  /// Tables by name, in byte order, those that come and go included.
  var tables: OrderedMap<String, Table> = OrderedMap()
  /// Backups by key, which is the order of their creation.
  var backups: OrderedMap<BackupKey, Backup> = OrderedMap()
  /// Keys by id, and their aliases by name.
  var keys: OrderedMap<String, EncryptionKey> = OrderedMap()
  var aliases: OrderedMap<String, KeyAlias> = OrderedMap()
  /// Streams by key; those that are off, and those of tables that are gone, for a day more.
  var streams: OrderedMap<StreamKey, Stream> = OrderedMap()
  /// Exports and imports by ARN, which is the order of their beginning within a table.
  package internal(set) var exports: OrderedMap<String, TableExport> = OrderedMap()
  package internal(set) var imports: OrderedMap<String, TableImport> = OrderedMap()
  /// Tokens of write transactions; nil before the first one.
  var transactionTokens: TransactionTokens?
  /// What AWS Backup keeps; nil before its first vault or setting.
  var backup: Box<BackupService>?
  /// Topics by ARN and rules of the default event bus by name; nil before the first ones.
  var topics: OrderedMap<String, Topic>?
  var eventRules: OrderedMap<String, EventRule>?
  /// Alarms by name, and what became of them in the last 30 days; nil before the first one.
  var alarms: OrderedMap<String, MetricAlarm>?
  var alarmHistory: AppendLog<AlarmHistoryItem>?

  /// What a place has that nobody touched; never changed.
  static let empty = Box(Region())

  /// A table that is known to exist.
  ///
  /// The proof is a `TableID` looked up on this very value, so the subscript cannot fail; it changes
  /// the table in place.
  subscript(id: TableID) -> Table {
    unsafeAddress { tables.address(ofExisting: id.name) }
    unsafeMutableAddress { tables.address(ofExisting: id.name) }
  }

  /// The names of all tables, in byte order.
  package var tableNames: [String] { tables.map(\.key) }

  /// The backups that can be seen at an instant, oldest first.
  ///
  /// - Complexity: O(n) in the number of backups.
  package func listedBackups(at now: Instant) -> [Backup] {
    backups.values.filter { $0.isListed(at: now) }
  }

  /// The table of a name, if there is one.
  package func table(named name: String) -> Table? { tables[name] }
}
