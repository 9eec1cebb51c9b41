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
    if let name = input["BackupVaultName"]?.string, !isVaultName(name) {
      throw .invalidBackupParameter("Invalid backup vault name")
    }
    try checkMembers(of: input)
  }

  private static func isVaultName(_ name: String) -> Bool {
    (2...50).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
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
    guard cloud[caller.place].backup?.vaults.count ?? 0 < BackupVault.perRegion else {
      throw .backupLimitExceeded("Maximum number of backup vaults exceeded")
    }
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
    let encryptionKeyArn: String
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
    return Output(vault)
  }
}

extension DescribeBackupVault.Output {
  init(_ vault: BackupVault) {
    backupVaultName = vault.name
    backupVaultArn = vault.arn
    vaultType = "BACKUP_VAULT"
    vaultState = "AVAILABLE"
    encryptionKeyArn = vault.keyARN
    creationDate = Timestamp(vault.createdAt)
    creatorRequestId = vault.creatorRequestId
    numberOfRecoveryPoints = vault.recoveryPointCount
    locked = vault.isLocked
    minRetentionDays = vault.lock?.minRetentionDays
    maxRetentionDays = vault.lock?.maxRetentionDays
    lockDate = vault.lock?.lockedFrom.map(Timestamp.init)
    encryptionKeyType = vault.isUnderManagedKey ? nil : "CUSTOMER_MANAGED_KMS_KEY"
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
    // Nobody shares vaults, and all are of the one type.
    let isAsked = byVaultType ?? "BACKUP_VAULT" == "BACKUP_VAULT" && byShared != true
    let vaults = isAsked ? cloud[caller.place].backup?.vaults.map(\.value) ?? [] : []
    let page = try BackupPage(vaults, limit: maxResults, token: nextToken) { $0.name }
    return Output(
      backupVaultList: page.shown.map(DescribeBackupVault.Output.init), nextToken: page.nextToken)
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
