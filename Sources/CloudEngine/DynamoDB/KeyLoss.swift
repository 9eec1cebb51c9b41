// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation
import TableStore

/// What the loss of its key has come to for a table. [DDB.kms.states]
///
/// ```
/// key lost ── 5 min ──▸ items fail ── 30 min ──▸ INACCESSIBLE… ── 7 days ──▸ ARCHIVING ──▸ ARCHIVED
/// key back: items at once; ACTIVE 30 min later, unless the table has been archived
/// ```
struct KeyLoss: Codable, Hashable, Sendable {
  /// How long a data key that was fetched before goes on working.
  static let cached: Duration = .minutes(5)
  /// How long until the service notices that a key is lost, or back; measured 13 to 75 minutes.
  static let noticing: Duration = .minutes(30)
  /// How long a key is lost before the table is archived.
  static let archiving: Duration = .days(7)
  /// How long archiving takes.
  static let archivingTakes: Duration = .minutes(10)

  /// When a table whose key was lost while it was being made is given up.
  static let givingUp: Duration = .minutes(59)

  /// Since when the key cannot be used.
  var since: Instant
  /// When the service noticed, which is what it shows.
  var noticedAt: Instant?
  /// Since when the key can be used again while the service has not noticed yet.
  var backSince: Instant?
}

/// Where an archived table's items went. [DDB.kms.archived]
struct Archival: Codable, Hashable, Sendable {
  let at: Instant
  let backupARN: String
}

extension Cloud {
  /// Refuses reads and writes of items under a lost key, once the cached data key is used up.
  ///
  /// - Complexity: O(1) while the key is not lost.
  func requireDataKey(of table: Table) throws(ServiceError) {
    guard let loss = table.keyLoss, loss.backSince == nil, now >= loss.since + KeyLoss.cached
    else { return }
    try requireUsable(table.settings.encryption)
  }

  /// True while a table's items can be read and written as far as its key goes.
  func canUseDataKey(of id: TableID) -> Bool {
    do throws(ServiceError) {
      try requireDataKey(of: self[id.place][id])
      return true
    } catch {
      return false
    }
  }

  /// Tells the tables under a key that it has changed.
  ///
  /// - Complexity: O(n) in the tables of the place.
  mutating func keyChanged(_ arn: String, in place: Place) {
    let tables = self[place].tables.values.filter { $0.settings.encryption?.keyARN == arn }
    for table in tables { reviewKey(of: table.identity) }
  }

  /// Brings what a table knows of its key in line with what the key is now.
  ///
  /// - Precondition: The table exists.
  mutating func reviewKey(of id: TableID) {
    let table = self[id.place][id]
    guard table.archival == nil, table.status != .deleting else { return }
    let isUsable = refusal(of: table.settings.encryption) == nil
    guard var loss = table.keyLoss else {
      if !isUsable {
        self[id.place][id].keyLoss = KeyLoss(since: now)
        agenda.schedule(.keyLossNoticed(id), at: now + KeyLoss.noticing)
      }
      return
    }
    switch (isUsable, loss.noticedAt, loss.backSince) {
    case (true, nil, _):
      self[id.place][id].keyLoss = nil
      itemsAreBack(in: id)
    case (true, _?, nil):
      loss.backSince = now
      self[id.place][id].keyLoss = loss
      agenda.schedule(.keyReturnNoticed(id), at: now + KeyLoss.noticing)
      itemsAreBack(in: id)
    case (false, _?, _?):
      (loss.since, loss.backSince) = (now, nil)
      self[id.place][id].keyLoss = loss
      scheduleConsequences(of: loss, for: id)
    default: break
    }
  }

  /// What could not be done to the items without their key is done.
  private mutating func itemsAreBack(in id: TableID) {
    scheduleExpiryPass(of: id)
    deliverWaiting(to: id)
  }

  /// What comes of a noticed loss unless the key comes back before.
  private mutating func scheduleConsequences(of loss: KeyLoss, for id: TableID) {
    if self[id.place][id].replication != nil {
      agenda.schedule(.replica(.isLeftBehind(id)), at: loss.since + Replication.patience)
    }
    agenda.schedule(.tableArchivingBegins(id), at: loss.since + KeyLoss.archiving)
  }

  /// The service notices that a table's key is lost.
  mutating func keyLossNoticed(_ id: TableID) {
    guard exists(id), var loss = self[id.place][id].keyLoss, loss.noticedAt == nil,
      loss.since + KeyLoss.noticing == now
    else { return }
    // A table that was being made when its key was lost never gets as far as this.
    guard [.active, .updating].contains(self[id.place][id].status) else { return }
    loss.noticedAt = now
    changeTable(id) { table in
      table.keyLoss = loss
      if table.status == .active { table.status = table.restingStatus }
    }
    scheduleConsequences(of: loss, for: id)
  }

  /// The service notices that a table's key is back.
  mutating func keyReturnNoticed(_ id: TableID) {
    guard exists(id), let back = self[id.place][id].keyLoss?.backSince,
      back + KeyLoss.noticing == now
    else { return }
    keyIsBack(for: id)
  }

  /// Ends the loss of a table's key.
  mutating func keyIsBack(for id: TableID) {
    changeTable(id) { table in
      table.keyLoss = nil
      if table.status == .inaccessible { table.status = .active }
    }
  }

  /// The key has been lost for a week: the service takes a backup and puts the table away.
  mutating func tableArchivingBegins(_ id: TableID) {
    guard exists(id), let loss = self[id.place][id].keyLoss, loss.backSince == nil,
      loss.since + KeyLoss.archiving <= now
    else { return }
    let table = self[id.place][id]
    guard table.status == .inaccessible else {
      // A change under way ends first.
      if table.status == .updating {
        agenda.schedule(.tableArchivingBegins(id), at: now + .minutes(1))
      }
      return
    }
    let backup = Backup(
      of: table, id: Backup.id(at: now, suffix: identifiers.hex("backup", digits: 8)),
      name: "\(table.name)$ArchivalBackup", kind: .user, at: now)
    keep(backup)
    agenda.schedule(.backupBecomesAvailable(id.place, backup.key), at: now + Delays.backupAvailable)
    changeTable(id) {
      $0.status = .archiving
      $0.archival = Archival(at: backup.createdAt, backupARN: backup.arn)
    }
    agenda.schedule(.tableArchived(id), at: now + KeyLoss.archivingTakes)
  }

  /// The table's items are in the backup alone; its recovery ends with it.
  mutating func tableArchived(_ id: TableID) {
    guard exists(id), self[id.place][id].status == .archiving else { return }
    setRecovery(of: id, enabled: false, periodDays: nil)
    changeTable(id) { table in
      table.status = .archived
      table.backupReadiness = .unknown
      table.expiries = nil
      let kept = table.store.image
      table.store = StoredTable(
        keySchema: kept.keySchema, indexes: kept.indexes.map(\.definition))
    }
  }
}

// MARK: - Changing the key

extension Cloud {
  /// Begins to put a table under another key.
  mutating func beginEncryptionChange(of id: TableID, to target: Encryption?) {
    let now = now
    changeTable(id) { $0.encryptionChange = EncryptionChange(since: now, target: target) }
    agenda.schedule(.encryptionSwitches(id), at: now + EncryptionChange.switching)
    agenda.schedule(.encryptionChangeEnds(id), at: now + EncryptionChange.duration)
  }

  /// From here on what is written needs the new key, and what was backed up the old one.
  mutating func encryptionSwitches(_ id: TableID) {
    guard exists(id), let change = self[id.place][id].encryptionChange,
      change.since + EncryptionChange.switching == now
    else { return }
    let now = now
    let oldest = now - .days(Int64(PointInTimeRecovery.defaultPeriodDays))
    changeTable(id) { table in
      table.formerEncryptions.removeAll { $0.until < oldest }
      table.formerEncryptions.append(
        FormerEncryption(until: now, encryption: table.settings.encryption))
      table.settings.encryption = change.target
    }
    noteUse(of: change.target, in: id.place)
    reviewKey(of: id)
  }

  mutating func encryptionChangeEnds(_ id: TableID) {
    guard exists(id), let change = self[id.place][id].encryptionChange,
      change.since + EncryptionChange.duration == now
    else { return }
    changeTable(id) { $0.encryptionChange = nil }
    // A table that changed to a usable key is accessible with the change, not half an hour later.
    if refusal(of: change.target) == nil { keyIsBack(for: id) }
  }
}

extension Table {
  /// The key that the table's items were under at an instant.
  func encryption(at instant: Instant) -> Encryption? {
    guard let former = formerEncryptions.first(where: { $0.until > instant }) else {
      return settings.encryption
    }
    return former.encryption
  }

  /// What the service shows of the table's key; nil under the AWS owned one. [DDB.sse.change]
  var sseDescription: SSEDescription? {
    guard settings.encryption != nil || encryptionChange != nil else { return nil }
    return SSEDescription(
      settings.encryption, isChanging: encryptionChange != nil,
      inaccessibleSince: keyLoss?.noticedAt)
  }
}
