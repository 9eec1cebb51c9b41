// SPDX-License-Identifier: GPL-3.0-or-later

/// The specification of tables, backups and recovery, as one list of writes: naive and obviously right.
///
/// No caches, no trees, O(n) everywhere. Times are milliseconds since the epoch. A refusal is the code
/// the service answers with. [DDB.PITR.window] [DDB.constants]
package struct ReferenceModel {
  package typealias Milliseconds = Int64
  package struct Refusal: Error, Equatable { package let code: String }

  struct Recovery { let enabledAt: Milliseconds, start: Milliseconds, days: Int64 }
  struct Table {
    let name: String, region: String, createdAt: Milliseconds, activeAt: Milliseconds
    let base: [String: String], restoredFrom: Int?, isRestored: Bool
    var deletedAt: Milliseconds?
    var recovery: Recovery?
  }
  struct Write { let at: Milliseconds, table: Int, key: String, value: String? }
  struct Backup {
    let table: Int, at: Milliseconds, writes: Int, isSystem: Bool, listedFrom: Milliseconds
    let expires: Milliseconds?
    var isDeleted = false
  }

  package var now: Milliseconds
  var writes: [Write] = []
  var tables: [Table] = []
  var backups: [Backup] = []
  static let day: Milliseconds = 86_400_000

  package init(now: Milliseconds) { self.now = now }

  /// A table's contents: its base, then each write up to an instant, in order.
  func fold(_ table: Int, upTo instant: Milliseconds, writes count: Int = .max) -> [String: String]
  {
    var items = tables[table].base
    for (number, write) in writes.enumerated()
    where write.table == table && write.at <= instant && number < count {
      items[write.key] = write.value
    }
    return items
  }

  func find(_ name: String, _ region: String) -> Int? {
    tables.firstIndex {
      $0.name == name && $0.region == region && ($0.deletedAt.map { now < $0 + 5000 } ?? true)
    }
  }

  func isActive(_ table: Int) -> Bool {
    now >= tables[table].activeAt && tables[table].deletedAt == nil
  }

  func isForgotten(_ table: Int) -> Bool {
    tables[table].deletedAt.map { now >= $0 + 1000 } ?? false
  }

  /// Backups learn of a table late, and forget it a second after its deletion.
  func isKnown(_ table: Int) -> Bool {
    let known =
      tables[table].isRestored ? tables[table].activeAt : tables[table].createdAt + 3000
    return now >= known && !isForgotten(table)
  }

  func isReady(_ table: Int) -> Bool {
    let ready = tables[table].activeAt + 3000
    return now >= ready && (tables[table].deletedAt.map { ready <= $0 } ?? true)
  }

  func start(of recovery: Recovery) -> Milliseconds {
    max(recovery.start, now - recovery.days * Self.day)
  }

  func window(_ table: Int) -> ClosedRange<Milliseconds>? {
    guard let recovery = tables[table].recovery, !isForgotten(table) else { return nil }
    func ceil(_ time: Milliseconds) -> Milliseconds { (time + 999) / 1000 * 1000 }
    let earliest = ceil(start(of: recovery))
    let latest = max(ceil(recovery.enabledAt), (now - 300_000) / 1000 * 1000)
    return earliest...max(earliest, latest)
  }

  func isFeeding(_ backup: Int) -> Bool {
    tables.contains { $0.restoredFrom == backup && now < $0.activeAt }
  }

  func isListed(_ backup: Backup) -> Bool {
    !backup.isDeleted && now >= backup.listedFrom && (backup.expires.map { now < $0 } ?? true)
  }

  mutating func advance(to instant: Milliseconds) {
    for (number, table) in tables.enumerated() {
      guard let deletedAt = table.deletedAt, table.recovery != nil else { continue }
      guard now < deletedAt + 1000, deletedAt + 1000 <= instant else { continue }
      backups.append(
        Backup(
          table: number, at: deletedAt, writes: writes.count, isSystem: true,
          listedFrom: deletedAt + 8000, expires: deletedAt + 35 * Self.day))
    }
    now = max(now, instant)
  }

  mutating func create(_ name: String, _ region: String, indexed: Bool) throws(Refusal) {
    if find(name, region) != nil { throw Refusal(code: "ResourceInUseException") }
    tables.append(
      Table(
        name: name, region: region, createdAt: now, activeAt: now + (indexed ? 16_000 : 6000),
        base: [:], restoredFrom: nil, isRestored: false))
  }

  mutating func write(_ name: String, _ region: String, _ key: String, _ value: String?)
    throws(Refusal)
  {
    guard let table = find(name, region), isActive(table) else {
      throw Refusal(code: "ResourceNotFoundException")
    }
    writes.append(Write(at: now, table: table, key: key, value: value))
  }

  mutating func drop(_ name: String, _ region: String) throws(Refusal) {
    guard let table = find(name, region) else { throw Refusal(code: "ResourceNotFoundException") }
    guard isActive(table) else { throw Refusal(code: "ResourceInUseException") }
    tables[table].deletedAt = now
  }

  mutating func setRecovery(_ name: String, _ region: String, on: Bool, days: Int64?)
    throws(Refusal)
  {
    if let days, !on || !(1...35).contains(days) { throw Refusal(code: "ValidationException") }
    guard let table = find(name, region), isKnown(table) else {
      throw Refusal(code: "TableNotFoundException")
    }
    guard isReady(table) else { throw Refusal(code: "ContinuousBackupsUnavailableException") }
    guard on else {
      tables[table].recovery = nil
      return
    }
    guard let old = tables[table].recovery else {
      tables[table].recovery = Recovery(enabledAt: now, start: now, days: days ?? 35)
      return
    }
    tables[table].recovery = Recovery(
      enabledAt: old.enabledAt, start: max(start(of: old), now - (days ?? old.days) * Self.day),
      days: days ?? old.days)
  }

  mutating func backUp(_ name: String, _ region: String) throws(Refusal) -> Int {
    guard let table = find(name, region), isKnown(table) else {
      throw Refusal(code: "TableNotFoundException")
    }
    guard isReady(table) else { throw Refusal(code: "ContinuousBackupsUnavailableException") }
    backups.append(
      Backup(
        table: table, at: now, writes: writes.count, isSystem: false, listedFrom: now, expires: nil)
    )
    return backups.count - 1
  }

  mutating func deleteBackup(_ backup: Int, _ region: String) throws(Refusal) {
    guard isListed(backups[backup]), tables[backups[backup].table].region == region else {
      throw Refusal(code: "BackupNotFoundException")
    }
    if backups[backup].isSystem { throw Refusal(code: "ValidationException") }
    if isFeeding(backup) { throw Refusal(code: "BackupInUseException") }
    backups[backup].isDeleted = true
  }

  mutating func restore(backup: Int, _ target: String, _ region: String, encrypted: Bool)
    throws(Refusal)
  {
    let source = backups[backup]
    let crosses = tables[source.table].region != region
    if crosses, !encrypted { throw Refusal(code: "ValidationException") }
    guard isListed(source) else { throw Refusal(code: "BackupNotFoundException") }
    try requireFree(target, region)
    if isFeeding(backup) { throw Refusal(code: "BackupInUseException") }
    tables.append(
      Table(
        name: target, region: region, createdAt: now, activeAt: now + (crosses ? 480_000 : 240_000),
        base: fold(source.table, upTo: source.at, writes: source.writes), restoredFrom: backup,
        isRestored: true))
  }

  mutating func restore(
    _ name: String, from home: String, at instant: Milliseconds?, _ target: String,
    _ region: String, encrypted: Bool
  ) throws(Refusal) {
    if home != region, !encrypted { throw Refusal(code: "ValidationException") }
    guard let source = find(name, home), isKnown(source) else {
      throw Refusal(code: "TableNotFoundException")
    }
    guard let window = window(source) else {
      throw Refusal(code: "PointInTimeRecoveryUnavailableException")
    }
    let moment = instant ?? window.upperBound
    guard window.contains(moment) else { throw Refusal(code: "InvalidRestoreTimeException") }
    try requireFree(target, region)
    tables.append(
      Table(
        name: target, region: region, createdAt: now,
        activeAt: now + (home == region ? 240_000 : 480_000), base: fold(source, upTo: moment),
        restoredFrom: nil, isRestored: true))
  }

  private func requireFree(_ target: String, _ region: String) throws(Refusal) {
    guard let table = find(target, region) else { return }
    let isRestoring = tables[table].isRestored && now < tables[table].activeAt
    throw Refusal(code: isRestoring ? "TableInUseException" : "TableAlreadyExistsException")
  }
}
