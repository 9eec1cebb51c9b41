// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// A recovery point as it is shown by itself and in its vault's listing. [BKP.point]
package struct RecoveryPointDescription: Encodable, Sendable {
  let recoveryPointArn: String
  let backupVaultName: String
  let backupVaultArn: String
  let sourceBackupVaultArn: String?
  let resourceArn: String
  let resourceType: String
  let createdBy: RecoveryPointCreator?
  let iamRoleArn: String
  let status: String
  let creationDate: Timestamp
  let initiationDate: Timestamp
  let completionDate: Timestamp?
  let backupSizeInBytes: Int64
  let calculatedLifecycle: CalculatedLifecycle?
  let lifecycle: Lifecycle?
  let encryptionKeyArn: String?
  let isEncrypted: Bool
  let lastRestoreTime: Timestamp?
  let isParent: Bool
  let resourceName: String?
  let vaultType: String

  init(_ point: RecoveryPoint, in cloud: Cloud) {
    recoveryPointArn = point.arn
    backupVaultName = point.vaultName
    backupVaultArn = ARN.vault(point.vaultName, in: point.place)
    sourceBackupVaultArn = point.sourceVaultARN
    resourceArn = point.resourceARN
    resourceType = BackupSettings.dynamoDB
    createdBy = point.createdBy?.value
    iamRoleArn = point.roleARN
    status = point.status.rawValue
    creationDate = Timestamp(point.createdAt)
    initiationDate = Timestamp(point.createdAt)
    completionDate = point.completedAt.map(Timestamp.init)
    backupSizeInBytes = point.byteCount
    let hasLifecycle = point.lifecycle != .forever
    calculatedLifecycle = hasLifecycle ? point.calculated : nil
    lifecycle = hasLifecycle ? point.lifecycle : nil
    encryptionKeyArn = point.keyARN
    isEncrypted = true
    lastRestoreTime = point.lastRestoredAt.map(Timestamp.init)
    isParent = false
    resourceName = ARN(point.resourceARN)?.tableName
    vaultType = cloud.vaultType(point.vaultName, in: point.place)
  }
}

/// Returns a recovery point. [BKP.point]
package struct DescribeRecoveryPoint: BackupOperation {
  let backupVaultName: String
  let recoveryPointArn: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let point: RecoveryPointDescription
    let storageClass: String

    /// The description's members and one more, which lists do not have.
    package func encode(to encoder: any Encoder) throws {
      try point.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(storageClass, forKey: .storageClass)
    }

    private enum CodingKeys: CodingKey { case storageClass }
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require(Self.name, for: caller, in: cloud)
    let point = try cloud.recoveryPoint(recoveryPointArn, in: vault)
    return Output(
      point: RecoveryPointDescription(point, in: cloud),
      storageClass: point.isCold ? "COLD" : "WARM")
  }
}

/// Lists a vault's recovery points, newest first. [BKP.point.list]
package struct ListRecoveryPointsByBackupVault: BackupOperation {
  let backupVaultName: String
  let nextToken: String?
  let maxResults: Int?
  let byResourceArn: String?
  let byResourceType: String?
  let byBackupPlanId: String?
  let byCreatedBefore: Timestamp?
  let byCreatedAfter: Timestamp?
  let byParentRecoveryPointArn: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let nextToken: String?
    let recoveryPoints: [RecoveryPointDescription]
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require(Self.name, for: caller, in: cloud)
    let page = try Page(
      newestFirst: cloud[caller.place].awsBackup.recoveryPoints, limit: maxResults,
      token: nextToken, where: isAsked)
    return Output(
      nextToken: page.nextToken,
      recoveryPoints: page.shown.map { RecoveryPointDescription($0, in: cloud) })
  }

  private func isAsked(_ point: RecoveryPoint) -> Bool {
    // No recovery point of a table has a parent.
    point.vaultName == backupVaultName && byParentRecoveryPointArn == nil
      && byResourceArn ?? point.resourceARN == point.resourceARN
      && byResourceType ?? BackupSettings.dynamoDB == BackupSettings.dynamoDB
      && (byBackupPlanId == nil || byBackupPlanId == point.createdBy?.value.backupPlanId)
      && JobTimes(before: byCreatedBefore, after: byCreatedAfter).admit(point.createdAt)
  }
}

/// Lists what there is of one table, newest first: recovery points, and unless they are left out
/// DynamoDB's own on-demand backups. [BKP.point.list]
package struct ListRecoveryPointsByResource: BackupOperation {
  let resourceArn: String
  let nextToken: String?
  let maxResults: Int?
  let managedByAWSBackupOnly: Bool?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let nextToken: String?
    let recoveryPoints: [Entry]
  }

  struct Entry: Encodable, Sendable {
    let recoveryPointArn: String
    let creationDate: Timestamp
    let status: String
    let encryptionKeyArn: String?
    let backupSizeBytes: Int64
    let backupVaultName: String?
    let isParent: Bool
    let resourceName: String?
    let vaultType: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard let arn = ARN(resourceArn) else {
      throw .invalidBackupParameter("Invalid ARN: \(resourceArn)")
    }
    let region = cloud[caller.place]
    var found = region.awsBackup.recoveryPoints.oldestFirst
      .filter { $0.resourceARN == resourceArn }.map { Entry($0, in: cloud) }
    if managedByAWSBackupOnly != true, arn.place == caller.place {
      found += region.listedBackups(at: cloud.now)
        .filter { $0.kind == .user && $0.tableARN == resourceArn }.map(Entry.init)
    }
    let start: String? = try PageToken.mark(in: nextToken, otherwise: BackupPages.refusal)
    let newestFirst = found.map { (mark: Self.mark(of: $0), entry: $0) }.sorted {
      $0.mark > $1.mark
    }
    let page = Page(
      newestFirst.lazy.filter { entry in start.map { entry.mark < $0 } ?? true },
      limit: maxResults ?? BackupPages.limit, mark: { $0.mark }
    ).map { $0.entry }
    return Output(nextToken: page.nextToken, recoveryPoints: page.shown)
  }
}

extension ListRecoveryPointsByResource {
  /// A text that sorts as the instant does, and then as the ARN.
  private static func mark(of entry: Entry) -> String {
    Backup.id(at: entry.creationDate.instant, suffix: entry.recoveryPointArn)
  }
}

extension ListRecoveryPointsByResource.Entry {
  fileprivate init(_ point: RecoveryPoint, in cloud: Cloud) {
    recoveryPointArn = point.arn
    creationDate = Timestamp(point.createdAt)
    status = point.status.rawValue
    encryptionKeyArn = point.keyARN
    backupSizeBytes = point.byteCount
    backupVaultName = point.vaultName
    isParent = false
    resourceName = ARN(point.resourceARN)?.tableName
    vaultType = cloud.vaultType(point.vaultName, in: point.place)
  }

  fileprivate init(_ backup: Backup) {
    recoveryPointArn = backup.arn
    creationDate = Timestamp(backup.createdAt)
    status = backup.isAvailable ? "COMPLETED" : "CREATING"
    encryptionKeyArn = backup.settings.encryption?.keyARN
    backupSizeBytes = backup.byteCount
    backupVaultName = nil
    isParent = false
    resourceName = backup.table.name
    vaultType = nil
  }
}

/// Returns what a restore of a recovery point can begin from. [BKP.restore.metadata]
package struct GetRecoveryPointRestoreMetadata: BackupOperation {
  let backupVaultName: String
  let recoveryPointArn: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let backupVaultArn: String
    let recoveryPointArn: String
    let restoreMetadata: [String: String]
    let resourceType: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require(Self.name, for: caller, in: cloud)
    let point = try cloud.recoveryPoint(recoveryPointArn, in: vault)
    let key = cloud.contents(of: point)?.settings.encryption?.keyARN
    var metadata = [
      "originalTableName": ARN(point.resourceARN)?.tableName ?? "",
      "encryptionType": key == nil ? "Default" : "KMS",
    ]
    if let key { metadata["kmsMasterKeyArn"] = key }
    return Output(
      backupVaultArn: vault.arn, recoveryPointArn: point.arn, restoreMetadata: metadata,
      resourceType: BackupSettings.dynamoDB)
  }
}

/// Replaces a recovery point's lifecycle; what the request leaves out is never. [BKP.lifecycle.update]
package struct UpdateRecoveryPointLifecycle: BackupOperation {
  let backupVaultName: String
  let recoveryPointArn: String
  let lifecycle: Lifecycle?

  package static var acceptedWithoutEffect: [String] {
    ["Lifecycle.OptInToArchiveForSupportedResources"]
  }

  package struct Output: Encodable, Sendable {
    let backupVaultArn: String
    let recoveryPointArn: String
    let lifecycle: Lifecycle
    let calculatedLifecycle: CalculatedLifecycle
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require(Self.name, for: caller, in: cloud)
    let point = try cloud.recoveryPoint(recoveryPointArn, in: vault)
    guard !vault.isLocked else { throw .recoveryPointLocked }
    guard point.status == .completed else {
      throw .invalidBackupRequest(
        "The lifecycle of a recovery point in status \(point.status.rawValue) cannot be changed.")
    }
    let lifecycle = try lifecycle.checked()
    let age = Int((cloud.now - point.createdAt).wholeMilliseconds / 86_400_000)
    if let days = lifecycle.deleteAfterDays, days < age + 1 {
      throw .invalidBackupParameter(
        "Invalid lifecycle. DeleteAfterDays must be at least \(age + 1) for a recovery point that is "
          + "\(age) days old")
    }
    if point.isCold,
      lifecycle.moveToColdStorageAfterDays != point.lifecycle.moveToColdStorageAfterDays
    {
      throw .invalidBackupParameter(
        "Invalid lifecycle. MoveToColdStorageAfterDays cannot be changed after a backup has been "
          + "transitioned to cold")
    }
    // Every refusal is above this line.
    cloud.follow(lifecycle, of: point.arn, in: caller.place)
    let changed = cloud[caller.place].awsBackup.recoveryPoints[point.arn] ?? point
    return Output(
      backupVaultArn: vault.arn, recoveryPointArn: point.arn, lifecycle: lifecycle,
      calculatedLifecycle: changed.calculated)
  }
}

/// Deletes a recovery point for good; one in a locked vault or under a legal hold cannot be deleted by
/// anybody. [BKP.point.delete]
package struct DeleteRecoveryPoint: BackupOperation {
  let backupVaultName: String
  let recoveryPointArn: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require(Self.name, for: caller, in: cloud)
    let point = try cloud.recoveryPoint(recoveryPointArn, in: vault)
    guard !vault.isLocked else { throw .recoveryPointLocked }
    guard point.holds == nil else { throw .recoveryPointHeld }
    guard point.status != .creating else {
      throw .invalidBackupRequest(
        "Recovery point in status CREATING cannot be deleted: its backup job is running.")
    }
    guard point.status != .deleting else { return EmptyOutput() }
    cloud.delete(recoveryPoint: point.arn, in: caller.place)
    return EmptyOutput()
  }
}

/// Takes a continuous recovery point out of AWS Backup's hands; those of tables never are continuous.
/// [BKP.point.delete]
package struct DisassociateRecoveryPoint: BackupOperation {
  let backupVaultName: String
  let recoveryPointArn: String

  package static var standing: OperationStanding { .refusedEverywhere }
  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require(Self.name, for: caller, in: cloud)
    _ = try cloud.recoveryPoint(recoveryPointArn, in: vault)
    throw .invalidBackupRequest(
      "Only continuous recovery points can be disassociated; this one is a snapshot.")
  }
}

/// Takes a recovery point out of one that is made of several; those of tables never are of any.
/// [BKP.point.delete]
package struct DisassociateRecoveryPointFromParent: BackupOperation {
  let backupVaultName: String
  let recoveryPointArn: String

  package static var standing: OperationStanding { .refusedEverywhere }
  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require(Self.name, for: caller, in: cloud)
    _ = try cloud.recoveryPoint(recoveryPointArn, in: vault)
    throw .invalidBackupRequest("The recovery point is not part of a composite recovery point.")
  }
}
