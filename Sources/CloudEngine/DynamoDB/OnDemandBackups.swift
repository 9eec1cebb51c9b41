// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Makes a full backup of a table as it is now.
///
/// It takes the same time for any size, uses none of the table's throughput, and stays until
/// somebody deletes it, also after the table is gone. Names need not be unique: the ARN identifies
/// a backup. [DDB.backup.create]
package struct CreateBackup: DynamoDBOperation {
  let tableName: TableReference
  let backupName: String

  package struct Output: Encodable, Sendable { let backupDetails: BackupDetails }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let id = try cloud.backedUpTable(tableName, for: caller, needsReady: true)
    try cloud.requireUsable(cloud[caller.place][id].settings.encryption)
    // Every refusal is above this line.
    let backup = Backup(
      of: cloud[caller.place][id],
      id: Backup.id(at: cloud.now, suffix: cloud.identifiers.hex("backup", digits: 8)),
      name: backupName, kind: .user, at: cloud.now)
    cloud.keep(backup)
    cloud.agenda.schedule(
      .backupBecomesAvailable(caller.place, backup.key),
      at: cloud.now + Delays.backupAvailable)
    return Output(backupDetails: backup.details())
  }
}

/// Returns a backup and what it recorded of its table. [DDB.backup.describe]
package struct DescribeBackup: DynamoDBOperation {
  let backupArn: String

  package static var isReadOnly: Bool { true }
  package static var requestsPerSecond: Int64? { 10 }
  package struct Output: Encodable, Sendable { let backupDescription: BackupDescription }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let backup = try cloud.backup(backupArn, for: caller)
    return Output(backupDescription: backup.description(arn: backupArn))
  }
}

/// Deletes an on-demand backup for good.
///
/// System backups expire by themselves. [DDB.backup.delete]
package struct DeleteBackup: DynamoDBOperation {
  let backupArn: String

  package static var requestsPerSecond: Int64? { 10 }
  package struct Output: Encodable, Sendable { let backupDescription: BackupDescription }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let backup = try cloud.backup(backupArn, for: caller)
    if let expiresAt = backup.expiresAt {
      throw .invalidRequest(
        "User is not allowed to delete the system backup with arn \(backupArn). It will "
          + "automatically expire on \(expiresAt.rfc3339)")
    }
    guard backup.kind != .awsBackup else {
      throw .accessDenied(
        "Backup \(backupArn) was created by AWS Backup and can only be deleted there")
    }
    guard !cloud.isFeedingRestore(backup.arn, account: caller.account) else {
      throw .backupInUse(backup.arn)
    }
    // Every refusal is above this line.
    cloud[caller.place].backups[backup.key] = nil
    cloud.meters.stop(.backup, resource: backup.arn, in: caller.place, at: cloud.now)
    return Output(backupDescription: backup.description(status: "DELETED", arn: backupArn))
  }
}

/// Lists backups of one table or of all, oldest first within a table.
///
/// Without a type only on-demand backups are listed: the backup of a deleted table shows with
/// `SYSTEM` or `ALL`. The lower bound of the time range is inside it, the upper bound is not.
/// [DDB.backup.list]
package struct ListBackups: DynamoDBOperation {
  let tableName: TableReference?
  let limit: Int?
  let timeRangeLowerBound: Timestamp?
  let timeRangeUpperBound: Timestamp?
  let exclusiveStartBackupArn: String?
  let backupType: String?

  package static var isReadOnly: Bool { true }

  package static var requestsPerSecond: Int64? { 5 }
  package struct Output: Encodable, Sendable {
    let backupSummaries: [BackupSummary]
    let lastEvaluatedBackupArn: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let name = try tableName?.name(for: caller)
    if let lower = timeRangeLowerBound?.instant, let upper = timeRangeUpperBound?.instant,
      lower > upper
    {
      throw .invalidValues("Time range lower bound must be less than or equal to upper bound")
    }
    let start = try startKey(for: caller)
    let listed = cloud[caller.place].backups.map(\.value).filter { backup in
      backup.isListed(at: cloud.now) && isAsked(backup)
        && (name.map { backup.table.name == $0 } ?? true)
        && (start.map { $0 < (backup.table.name, backup.id) } ?? true)
    }.sorted { ($0.table.name, $0.id) < ($1.table.name, $1.id) }
    let page = listed.prefix(limit ?? 100)
    return Output(
      backupSummaries: page.map(\.summary),
      lastEvaluatedBackupArn: page.count < listed.count ? page.last?.arn : nil)
  }

  private func isAsked(_ backup: Backup) -> Bool {
    let kind =
      switch backupType ?? "USER" {
      case "ALL": true
      case let asked: backup.kind.rawValue == asked
      }
    return kind
      && (timeRangeLowerBound.map { backup.createdAt >= $0.instant } ?? true)
      && (timeRangeUpperBound.map { backup.createdAt < $0.instant } ?? true)
  }

  /// The place to go on from: a backup that exists no more is as good as one that does.
  private func startKey(
    for caller: Caller
  ) throws(ServiceError) -> (String, String)? {
    guard let exclusiveStartBackupArn else { return nil }
    let arn = try BackupReference.parse(exclusiveStartBackupArn)
    guard arn.region == caller.region else {
      throw .invalidRequest("The supplied ExclusiveStartBackupArn does not match the region")
    }
    return arn.backup.map { ($0.table, $0.id) }
  }
}

/// The checks on a backup's ARN before anything is looked up. [DDB.backup.describe]
enum BackupReference {
  static func parse(_ text: String) throws(ServiceError) -> ARN {
    guard let arn = ARN(text), arn.backup != nil else { throw .validation("Invalid Backup ARN") }
    if arn.region.isEmpty { throw .accessDenied() }
    guard arn.service == "dynamodb", let partition = Partition(ofRegion: arn.region),
      partition.rawValue == arn.partition
    else {
      throw .invalidRequest("BackupArn is not valid")
    }
    return arn
  }
}

// MARK: - Backups in the cloud

extension Cloud {
  /// The backup a request names, in the caller's own place.
  ///
  /// - Throws: BackupNotFound; AccessDenied for another account's; a validation error.
  func backup(_ reference: String, for caller: Caller) throws(ServiceError) -> Backup {
    let arn = try BackupReference.parse(reference)
    guard arn.account == caller.account else { throw .accessDenied() }
    guard let (table, id) = arn.backup,
      let backup = self[caller.place].backups[BackupKey(id: id, table: table)],
      backup.isListed(at: now)
    else {
      throw .backupNotFound(reference)
    }
    return backup
  }

  /// Stores a backup and begins to meter it.
  ///
  /// - Complexity: O(log n) in the number of backups, independent of the table's size.
  mutating func keep(_ backup: Backup) {
    let place = backup.table.place
    self[place].backups[backup.key] = backup
    if backup.kind == .user {
      meters.set(
        .backup,
        of: Ledger.Subject(resource: backup.arn, name: backup.table.name, place: place),
        bytes: backup.byteCount, at: now)
    }
  }

  mutating func backupBecomesAvailable(_ key: BackupKey, in place: Place) {
    guard self[place].backups.contains(key: key) else { return }
    self[place].backups[existing: key].isAvailable = true
  }

  mutating func systemBackupExpires(_ key: BackupKey, in place: Place) {
    self[place].backups[key] = nil
  }

  /// True while a table is being restored from a backup, in whichever Region.
  func isFeedingRestore(_ backupARN: String, account: String) -> Bool {
    restores(of: account).contains { $0.backupARN == backupARN }
  }

  /// The restores under way in an account, over all Regions.
  ///
  /// - Complexity: O(n) in the account's tables.
  func restores(of account: String) -> [RestoreOrigin] {
    places.filter { $0.key.account == account }
      .flatMap { $0.value.tables.compactMap { $0.value.restore } }
  }
}
