// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
package import Simulation

/// What AWS Backup holds of a table as it was at one instant. [BKP.point]
///
/// With advanced features AWS Backup stores it itself, under its vault's key; without them it is a
/// backup of DynamoDB's, under the table's key. Either way it shares the table's image of its
/// instant, so it costs the same for any size. [BKP.advanced]
package struct RecoveryPoint: Codable, Sendable, Registered {
  package let arn: String
  let place: Place
  package let vaultName: String
  /// The vault it was copied from; nil for what a backup job made.
  let sourceVaultARN: String?
  let resourceARN: String
  let roleARN: String
  let createdBy: Box<RecoveryPointCreator>?
  /// The instant whose contents it holds; its lifecycle counts from here.
  package let createdAt: Instant
  var completedAt: Instant?
  package internal(set) var status: Status = .creating
  var lifecycle: Lifecycle
  /// When it moves to cold storage, and when it is deleted by itself; nil for never.
  var coolsAt: Instant?
  var expiresAt: Instant?
  /// When it moved to cold storage; nil while it is warm.
  var coldSince: Instant?
  /// Since when it is metered as what it is now; nil before it is whole, and for one of an older
  /// checkpoint, which the ledger meters.
  var meteredSince: Instant?
  var tags: [String: String]
  /// The key it is under; nil for the key that DynamoDB owns.
  let keyARN: String?
  let byteCount: Int64
  let contents: Contents
  var lastRestoredAt: Instant?
  /// The legal holds that are on it; nil for none.
  var holds: [String]?

  package enum Status: String, Codable, Sendable {
    case creating = "CREATING"
    case completed = "COMPLETED"
    case deleting = "DELETING"
  }

  /// Where what it holds lies.
  enum Contents: Codable, Sendable {
    // Large, and copied with every recovery point that is looked at.
    indirect case own(Backup)
    case inDynamoDB(BackupKey)

    /// What it is metered as while it is kept. [PRICE.lines]
    func billLine(isCold: Bool) -> BillLine {
      switch self {
      case .own: isCold ? .coldBackup : .warmBackup
      case .inDynamoDB: .backup
      }
    }

    /// The name of the table it is of.
    var tableName: String {
      switch self {
      case .own(let backup): backup.table.name
      case .inDynamoDB(let key): key.table
      }
    }
  }

  /// The latest that the service deletes what has expired. [BKP.lifecycle.expiry]
  static let expiryDelay: Duration = .hours(8)
  /// How long it shows DELETING.
  static let deleting: Duration = .seconds(10)

  var id: String { arn }
  var isCold: Bool { coldSince != nil }
  var isAdvanced: Bool { if case .own = contents { true } else { false } }

  init(of backup: Backup, by job: BackupJob, in vault: BackupVault, at now: Instant) {
    arn = job.recoveryPointARN ?? backup.arn
    place = job.place
    vaultName = vault.name
    sourceVaultARN = nil
    resourceARN = job.resourceARN
    roleARN = job.roleARN
    createdBy = job.createdBy
    createdAt = now
    lifecycle = job.lifecycle
    byteCount = backup.byteCount
    if job.isAdvanced {
      contents = .own(backup)
      keyARN = vault.keyARN
      // The job's tags win over the table's.
      let own = backup.settings.tags.map { ($0.key, $0.value) }
      tags = own.isEmpty ? job.tags : Dictionary(own) { $1 }.merging(job.tags) { $1 }
    } else {
      contents = .inDynamoDB(backup.key)
      keyARN = backup.settings.encryption?.keyARN
      tags = [:]
    }
  }

  /// A copy in another vault: as old as its source, under the key of its own vault. [BKP.copy]
  init(
    copying source: RecoveryPoint, as arn: String, into vault: BackupVault, lifecycle: Lifecycle,
    roleARN: String
  ) {
    self.arn = arn
    place = vault.place
    vaultName = vault.name
    sourceVaultARN = ARN.vault(source.vaultName, in: source.place)
    resourceARN = source.resourceARN
    self.roleARN = roleARN
    createdBy = source.createdBy
    createdAt = source.createdAt
    self.lifecycle = lifecycle
    tags = source.tags
    keyARN = vault.keyARN
    byteCount = source.byteCount
    contents = source.contents
  }

  /// When its lifecycle moves it: cold storage is only for what AWS Backup stores. [BKP.cold]
  var calculated: CalculatedLifecycle {
    CalculatedLifecycle(
      moveToColdStorageAt: coldFrom.map(Timestamp.init),
      deleteAt: lifecycle.deleteAfterDays.map { Timestamp(createdAt + .days(Int64($0))) })
  }

  var coldFrom: Instant? {
    guard isAdvanced else { return nil }
    return lifecycle.moveToColdStorageAfterDays.map { createdAt + .days(Int64($0)) }
  }

  /// Takes a lifecycle on.
  ///
  /// - Parameters:
  ///   - lifecycle: The new one.
  ///   - delay: How much later than it is due the service will delete it.
  mutating func follow(_ lifecycle: Lifecycle, expiringLateBy delay: Duration) {
    self.lifecycle = lifecycle
    coolsAt = isCold ? nil : coldFrom.map(Self.hourAfter)
    expiresAt = lifecycle.deleteAfterDays.map { createdAt + .days(Int64($0)) + delay }
  }

  /// The hourly round that moves recovery points. [BKP.durations]
  static func hourAfter(_ instant: Instant) -> Instant {
    Instant(milliseconds: (instant.milliseconds + 3_599_999) / 3_600_000 * 3_600_000)
  }

  /// What it is metered under.
  var billed: Ledger.Subject {
    Ledger.Subject(
      resource: arn, name: contents.tableName, place: place, vault: vaultName,
      tags: tags.isEmpty ? nil : tags)
  }
}

extension BackupService {
  /// Puts a new recovery point into its vault.
  ///
  /// - Returns: Its position.
  mutating func add(_ point: __owned RecoveryPoint) -> Int {
    if vaults.contains(key: point.vaultName) {
      vaults[existing: point.vaultName].recoveryPointCount += 1
    }
    return recoveryPoints.append(point)
  }

  /// Takes out the recovery point of a position.
  fileprivate mutating func removeRecoveryPoint(at position: Int) {
    let vault = recoveryPoints[at: position].vaultName
    recoveryPoints.remove(at: position)
    if vaults.contains(key: vault) { vaults[existing: vault].recoveryPointCount -= 1 }
  }

  /// Keeps in mind that a resource has been backed up.
  ///
  /// A copy is as old as its source: it does not become the last backup.
  fileprivate mutating func noteProtection(byPointAt position: Int) {
    let point = recoveryPoints.address(at: position)
    let resource = point.pointee.resourceARN
    if protectedResources.change(resource, { $0.note(point) }) != nil { return }
    let (place, vault) = (point.pointee.place, point.pointee.vaultName)
    protectedResources[resource] = ProtectedResource(
      arn: resource, lastBackupAt: point.pointee.createdAt,
      lastVaultARN: ARN.vault(vault, in: place), lastRecoveryPointARN: point.pointee.arn)
  }
}

extension ProtectedResource {
  fileprivate mutating func note(_ point: UnsafePointer<RecoveryPoint>) {
    guard lastBackupAt < point.pointee.createdAt else { return }
    lastBackupAt = point.pointee.createdAt
    lastRecoveryPointARN = point.pointee.arn
    let (place, vault) = (point.pointee.place, point.pointee.vaultName)
    // Nearly always the vault of the last time.
    let isSameVault = lastVaultARN.withBytes { arn in
      vault.withBytes { name in
        arn.suffix(name.count).elementsEqual(name)
          && arn.dropLast(name.count).last == UInt8(ascii: ":")
      }
    }
    if !isSameVault { lastVaultARN = ARN.vault(vault, in: place) }
  }
}

/// A resource that has been backed up at least once. [BKP.protected]
struct ProtectedResource: Codable, Sendable {
  let arn: String
  var lastBackupAt: Instant
  var lastVaultARN: String
  var lastRecoveryPointARN: String
  var lastRestore: LastRestore?

  struct LastRestore: Codable, Sendable {
    let minutes: Int
    let createdAt: Instant
    let recoveryPointCreatedAt: Instant
  }
}

// MARK: - Looking them up

extension Cloud {
  /// The recovery point of an ARN in a vault of the caller's.
  ///
  /// - Throws: ResourceNotFound.
  func recoveryPoint(
    _ arn: String, in vault: BackupVault
  ) throws(ServiceError) -> RecoveryPoint {
    guard let point = self[vault.place].awsBackup.recoveryPoints[arn],
      point.vaultName == vault.name
    else { throw .recoveryPointNotFound }
    return point
  }

  /// What a recovery point holds; nil only for one that is gone.
  func contents(of point: RecoveryPoint) -> Backup? {
    switch point.contents {
    case .own(let backup): backup
    case .inDynamoDB(let key): self[point.place].backups[key]
    }
  }
}

// MARK: - Its life

extension Cloud {
  /// Puts a new recovery point into its vault.
  ///
  /// - Returns: Its position.
  mutating func add(_ point: RecoveryPoint) -> Int {
    let position = self[point.place].awsBackup.add(point)
    tell(.begun, ofPointAt: position, in: point.place)
    return position
  }

  /// The position of a recovery point, which somebody may know.
  func position(ofRecoveryPoint arn: String, at known: Int?, in place: Place) -> Int? {
    backupService(in: place).pointee.recoveryPoints.position(of: arn, at: known)
  }

  /// A recovery point is whole: it counts from now on, and its lifecycle begins.
  mutating func complete(recoveryPoint arn: String, at known: Int?, in place: Place) {
    guard let position = position(ofRecoveryPoint: arn, at: known, in: place) else { return }
    let (now, delay) = (now, drawExpiryDelay())
    func change(_ service: inout BackupService) {
      func complete(_ point: inout RecoveryPoint) {
        point.status = .completed
        point.completedAt = now
        point.meteredSince = now
        point.follow(point.lifecycle, expiringLateBy: delay)
      }
      complete(&service.recoveryPoints[at: position])
      service.noteProtection(byPointAt: position)
    }
    change(&self[place].awsBackup)
    scheduleLifecycle(ofPointAt: position, in: place)
    let point = backupService(in: place).pointee.recoveryPoints.address(at: position)
    if case .inDynamoDB(let key) = point.pointee.contents { backupBecomesAvailable(key, in: place) }
    tell(.completed, ofPointAt: position, in: place)
  }

  /// Gives a recovery point a lifecycle; what an earlier one had in store does not happen.
  mutating func follow(_ lifecycle: Lifecycle, of arn: String, in place: Place) {
    guard let position = position(ofRecoveryPoint: arn, at: nil, in: place) else { return }
    let delay = drawExpiryDelay()
    self[place].awsBackup.recoveryPoints[at: position].follow(lifecycle, expiringLateBy: delay)
    scheduleLifecycle(ofPointAt: position, in: place)
    tell(.changed, ofPointAt: position, in: place)
  }

  private mutating func drawExpiryDelay() -> Duration {
    let range = UInt64(RecoveryPoint.expiryDelay.wholeMilliseconds)
    return .milliseconds(Int64(identifiers.draw("expiry") % range))
  }

  private mutating func scheduleLifecycle(ofPointAt position: Int, in place: Place) {
    let point = backupService(in: place).pointee.recoveryPoints.address(at: position)
    let (arn, coolsAt, expiresAt) = (
      point.pointee.arn, point.pointee.coolsAt, point.pointee.expiresAt
    )
    if let instant = coolsAt {
      agenda.schedule(
        .backup(.recoveryPointCools(place, arn: arn, at: position)), at: max(instant, now))
    }
    if let instant = expiresAt {
      agenda.schedule(
        .backup(.recoveryPointExpires(place, arn: arn, at: position)), at: max(instant, now))
    }
  }

  mutating func recoveryPointCools(_ arn: String, at known: Int?, in place: Place) {
    guard let position = position(ofRecoveryPoint: arn, at: known, in: place) else { return }
    let warm = self[place].awsBackup.recoveryPoints[at: position]
    guard let due = warm.coolsAt, due <= now, warm.status == .completed else { return }
    meterUntilNow(pointAt: position, in: place)
    var cold = warm
    cold.coldSince = now
    cold.coolsAt = nil
    cold.meteredSince = now
    self[place].awsBackup.recoveryPoints[at: position] = cold
    tell(.cooled, ofPointAt: position, in: place)
  }

  mutating func recoveryPointExpires(_ arn: String, at known: Int?, in place: Place) {
    guard let position = position(ofRecoveryPoint: arn, at: known, in: place) else { return }
    let point = backupService(in: place).pointee.recoveryPoints.address(at: position)
    guard let due = point.pointee.expiresAt, due <= now, point.pointee.status == .completed,
      point.pointee.holds == nil
    else { return }
    delete(recoveryPoint: arn, at: position, in: place)
  }

  /// Begins a deletion, by whoever asked for it.
  mutating func delete(recoveryPoint arn: String, in place: Place) {
    guard let position = position(ofRecoveryPoint: arn, at: nil, in: place) else { return }
    delete(recoveryPoint: arn, at: position, in: place)
  }

  private mutating func delete(recoveryPoint arn: String, at position: Int, in place: Place) {
    self[place].awsBackup.recoveryPoints[at: position].status = .deleting
    agenda.schedule(
      .backup(.recoveryPointGone(place, arn: arn, at: position)), at: now + RecoveryPoint.deleting)
    tell(.deleting, ofPointAt: position, in: place)
  }

  mutating func recoveryPointGone(_ arn: String, at known: Int?, in place: Place) {
    guard let position = position(ofRecoveryPoint: arn, at: known, in: place) else { return }
    let point = backupService(in: place).pointee.recoveryPoints.address(at: position)
    let (isCold, contents) = (point.pointee.isCold, point.pointee.contents)
    if case .inDynamoDB(let key) = contents { self[place].backups[key] = nil }
    meterUntilNow(pointAt: position, in: place)
    if isCold { chargeEarlyDeletion(of: self[place].awsBackup.recoveryPoints[at: position]) }
    tell(.gone, ofPointAt: position, in: place)
    self[place].awsBackup.removeRecoveryPoint(at: position)
  }
}
