// SPDX-License-Identifier: GPL-3.0-or-later

/// Backups, and tables restored from them or from any second of a window.
extension ReferenceModel {
  /// Backups learn of a table late, and forget it a second after its deletion.
  func known(_ name: TableName, ready: Bool) throws(Refusal) -> Int {
    guard let table = find(name), !isForgotten(table),
      now >= (tables[table].isRestored ? tables[table].activeAt : tables[table].createdAt + 3000)
    else { throw Refusal(code: "TableNotFoundException") }
    let from = tables[table].activeAt + 3000
    if ready, now < from || (tables[table].deletedAt.map { $0 < from } ?? false) {
      throw Refusal(code: "ContinuousBackupsUnavailableException")
    }
    return table
  }
  func isFeeding(_ backup: Int) -> Bool {
    tables.contains { $0.source == backup && now < $0.activeAt }
  }
  func isListed(_ backup: Backup) -> Bool {
    !backup.isDeleted && now >= backup.listedFrom && (backup.expires.map { now < $0 } ?? true)
  }
  /// The backup a request in a Region finds: the Region in an ARN is not looked at, and system backups of
  /// one millisecond have one id. [DDB.backup.describe]
  func found(_ backup: Int, in region: Int) -> Int? {
    let wanted = backups[backup]
    return backups.indices.first { number in
      let other = backups[number], name = tables[other.table].name
      return isListed(other) && name.region == region
        && name.number == tables[wanted.table].name.number
        && (number == backup || other.isSystem && wanted.isSystem && other.at == wanted.at)
    }
  }
  func backup(of table: Int, at instant: Milliseconds, isSystem: Bool) -> Backup {
    let counted = counted(table, at: isSystem ? instant + 1000 : instant)
    return Backup(
      table: table, at: instant, writes: writes.count, isSystem: isSystem, count: counted.count,
      size: counted.billedSize(tables[table].indexes), indexes: tables[table].indexes,
      isEncrypted: isEncrypted(table))
  }

  mutating func backUp(_ name: TableName) throws(Refusal) -> Int {
    backups.append(backup(of: try known(name, ready: true), at: now, isSystem: false))
    return backups.count - 1
  }
  mutating func deleteBackup(_ backup: Int, _ region: Int) throws(Refusal) {
    guard let backup = found(backup, in: region) else {
      throw Refusal(code: "BackupNotFoundException")
    }
    if backups[backup].isSystem { throw Refusal(code: "ValidationException") }
    if isFeeding(backup) { throw Refusal(code: "BackupInUseException") }
    (backups[backup].isDeleted, backups[backup].deletedAt) = (true, now)
  }
  mutating func restore(backup: Int, _ target: TableName, _ override: ModelOverride)
    throws(Refusal)
  {
    let source = backups[backup], home = tables[source.table].name
    if home.region != target.region, override.encrypted == nil {
      throw Refusal(code: "ValidationException")
    }
    guard isListed(source) else { throw Refusal(code: "BackupNotFoundException") }
    try requireFree(target)
    if isFeeding(backup) { throw Refusal(code: "BackupInUseException") }
    begin(
      target, from: home, fold(source.table, upTo: source.at, writes: source.writes), backup,
      override.indexes(source.indexes), override.encrypted ?? source.isEncrypted)
  }
  mutating func restore(
    _ name: TableName, at instant: Milliseconds?, _ target: TableName, _ override: ModelOverride
  ) throws(Refusal) {
    if name.region != target.region, override.encrypted == nil {
      throw Refusal(code: "ValidationException")
    }
    let source = try known(name, ready: false)
    guard let window = window(source) else {
      throw Refusal(code: "PointInTimeRecoveryUnavailableException")
    }
    let moment = instant.map { $0 / 1000 * 1000 } ?? window.upperBound
    guard window.contains(moment) else { throw Refusal(code: "InvalidRestoreTimeException") }
    try requireFree(target)
    begin(
      target, from: name, fold(source, upTo: moment), nil,
      override.indexes(tables[source].indexes), override.encrypted ?? isEncrypted(source))
  }
  private func requireFree(_ target: TableName) throws(Refusal) {
    guard let table = find(target) else { return }
    let isRestoring = tables[table].isRestored && now < tables[table].activeAt
    throw Refusal(code: isRestoring ? "TableInUseException" : "TableAlreadyExistsException")
  }
  private mutating func begin(
    _ target: TableName, from home: TableName, _ items: Items, _ backup: Int?,
    _ indexes: [ModelIndex], _ isEncrypted: Bool
  ) {
    tables.append(
      Table(
        name: target, createdAt: now,
        activeAt: now + (home.region == target.region ? 240 : 480) * 1000,
        base: items, source: backup, isRestored: true, indexes: indexes, isEncrypted: isEncrypted))
  }
}
