// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
import PersistentCollections
import Simulation

/// Makes a vault, under the key that AWS manages unless another is named. [BKP.vault]
///
/// The vault named `Default` is made by the service's console; here everybody makes their own.
package struct CreateBackupVault: BackupOperation {
  let backupVaultName: String
  let backupVaultTags: [String: String]?
  let encryptionKeyArn: String?
  let creatorRequestId: String?

  package struct Output: Encodable, Sendable {
    let backupVaultName: String
    let backupVaultArn: String
    let creationDate: Timestamp
  }

  /// A name that is none has words of its own; everything else is checked as usual.
  package static func check(_ input: Document) throws(ServiceError) {
    try BackupVault.checkName(in: input)
    try checkMembers(of: input)
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let tags = backupVaultTags ?? [:]
    try BackupTags.check(tags)
    let key = try cloud.vaultKey(encryptionKeyArn, for: caller)
    if let existing = cloud.vault(backupVaultName, in: caller.place) {
      guard let creatorRequestId, creatorRequestId == existing.creatorRequestId,
        key == existing.keyARN, tags == existing.tags
      else { throw .vaultAlreadyExists(existing) }
      return Output(existing)
    }
    try cloud.requireRoomForVault(in: caller.place)
    // Every refusal is above this line.
    let vault = BackupVault(
      name: backupVaultName, place: caller.place, createdAt: cloud.now,
      creatorRequestId: creatorRequestId ?? cloud.identifiers.uuid("creator-request"),
      keyARN: key, tags: tags)
    cloud[caller.place].awsBackup.vaults[vault.name] = vault
    cloud.noteUse(ofVaultKey: key, in: caller.place)
    cloud.tell(BusEvent(vault, as: "CREATED"), in: caller.place)
    return Output(vault)
  }
}

extension BackupVault {
  /// Refuses a name that no vault can have. [BKP.vault]
  static func checkName(in input: Document) throws(ServiceError) {
    guard let name = input["BackupVaultName"]?.string else { return }
    guard (2...50).contains(name.utf8.count), name.isBackupName, !name.contains(".") else {
      throw .invalidBackupParameter("Invalid backup vault name")
    }
  }
}

extension Cloud {
  /// Refuses one vault too many, of whichever type.
  func requireRoomForVault(in place: Place) throws(ServiceError) {
    guard self[place].awsBackup.vaults.count < BackupVault.perRegion else {
      throw .backupLimitExceeded("Maximum number of backup vaults exceeded")
    }
  }
}

extension CreateBackupVault.Output {
  init(_ vault: BackupVault) {
    backupVaultName = vault.name
    backupVaultArn = vault.arn
    creationDate = Timestamp(vault.createdAt)
  }
}

/// Returns a vault with its key, its lock and the number of its recovery points. [BKP.vault]
package struct DescribeBackupVault: BackupOperation {
  let backupVaultName: String
  let backupVaultAccountId: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let backupVaultName: String
    let backupVaultArn: String
    let vaultType: String
    let vaultState: String
    let encryptionKeyArn: String?
    let creationDate: Timestamp
    let creatorRequestId: String
    let numberOfRecoveryPoints: Int
    let locked: Bool
    let minRetentionDays: Int?
    let maxRetentionDays: Int?
    let lockDate: Timestamp?
    let encryptionKeyType: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard backupVaultAccountId ?? caller.account == caller.account,
      let vault = cloud.vault(backupVaultName, in: caller.place)
    else { throw .vaultHidden }
    return Output(vault, at: cloud.now)
  }
}

extension DescribeBackupVault.Output {
  init(_ vault: BackupVault, at now: Instant) {
    backupVaultName = vault.name
    backupVaultArn = vault.arn
    vaultType = vault.type
    vaultState = vault.state(at: now)
    encryptionKeyArn = vault.keyARN
    creationDate = Timestamp(vault.createdAt)
    creatorRequestId = vault.creatorRequestId
    numberOfRecoveryPoints = vault.recoveryPointCount
    locked = vault.isLocked
    minRetentionDays = vault.lock?.minRetentionDays
    maxRetentionDays = vault.lock?.maxRetentionDays
    lockDate = vault.lock?.lockedFrom.map(Timestamp.init)
    encryptionKeyType = vault.keyType
  }
}

/// Lists the vaults of the caller's account and Region, by name. [BKP.vault]
package struct ListBackupVaults: BackupOperation {
  let byVaultType: String?
  let byShared: Bool?
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let backupVaultList: [DescribeBackupVault.Output]
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let now = cloud.now
    let page = try Page(
      cloud[caller.place].awsBackup.vaults, limit: maxResults, token: nextToken
    ) {
      // Nobody shares vaults.
      byShared != true && byVaultType ?? $0.type == $0.type
    }
    return Output(
      backupVaultList: page.shown.map { DescribeBackupVault.Output($0, at: now) },
      nextToken: page.nextToken)
  }
}

/// Deletes a vault that holds no recovery points. [BKP.vault]
package struct DeleteBackupVault: BackupOperation {
  let backupVaultName: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require("DeleteBackupVault", for: caller, in: cloud)
    guard vault.recoveryPointCount == 0 else { throw .vaultNotEmpty(vault.recoveryPointCount) }
    cloud[caller.place].awsBackup.vaults[vault.name] = nil
    cloud.tell(BusEvent(vault, as: "DELETED"), in: caller.place)
    return EmptyOutput()
  }
}
