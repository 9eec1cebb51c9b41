// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
import PersistentCollections
import Simulation

/// What makes a vault a logically air-gapped one: it is locked in compliance mode from its first instant,
/// and only copies come into it. [BKP.airgap]
struct AirGap: Codable, Hashable, Sendable {
  /// Before, the vault is still being made.
  let availableFrom: Instant

  static let leastRetention = 7
  /// How long the making takes. [BKP.durations]
  static let making: Duration = .minutes(2)
}

extension BackupVault {
  /// The vault's type, as everything that names a vault shows it. [BKP.airgap]
  var type: String {
    airGap == nil ? "BACKUP_VAULT" : "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
  }

  func isAvailable(at now: Instant) -> Bool { airGap.map { now >= $0.availableFrom } ?? true }

  func state(at now: Instant) -> String { isAvailable(at: now) ? "AVAILABLE" : "CREATING" }

  /// What kind of key the vault is under; not said of the key that AWS manages for the account.
  var keyType: String? {
    guard keyARN != nil else { return "AWS_OWNED_KMS_KEY" }
    return isUnderManagedKey ? nil : "CUSTOMER_MANAGED_KMS_KEY"
  }
}

extension Cloud {
  /// The type of the vault of a name; that of an ordinary one for a vault that is gone.
  func vaultType(_ name: String, in place: Place) -> String {
    vault(name, in: place)?.type ?? "BACKUP_VAULT"
  }
}

/// Makes a vault that only copies come into and whose lock nobody ever takes away, under a key that AWS
/// owns unless another is named. [BKP.airgap]
package struct CreateLogicallyAirGappedBackupVault: BackupOperation {
  let backupVaultName: String
  let backupVaultTags: [String: String]?
  let creatorRequestId: String?
  let minRetentionDays: Int
  let maxRetentionDays: Int
  let encryptionKeyArn: String?

  package struct Output: Encodable, Sendable {
    let backupVaultName: String
    let backupVaultArn: String
    let creationDate: Timestamp
    let vaultState: String
  }

  package static func check(_ input: Document) throws(ServiceError) {
    try BackupVault.checkName(in: input)
    try checkMembers(of: input)
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard caller.place.partition == .commercial else {
      throw .invalidBackupRequest(
        "Logically air-gapped vaults are not supported in Region \(caller.region)")
    }
    let tags = backupVaultTags ?? [:]
    try BackupTags.check(tags)
    let lock = VaultLock(
      minRetentionDays: minRetentionDays, maxRetentionDays: maxRetentionDays, lockedFrom: cloud.now)
    try lock.checkRetention(atLeast: AirGap.leastRetention)
    let key = try encryptionKeyArn.map { arn throws(ServiceError) in
      try cloud.vaultKey(arn, for: caller)
    }
    if let existing = cloud.vault(backupVaultName, in: caller.place) {
      guard let creatorRequestId, creatorRequestId == existing.creatorRequestId,
        existing.airGap != nil, key == existing.keyARN, tags == existing.tags,
        existing.lock?.minRetentionDays == minRetentionDays,
        existing.lock?.maxRetentionDays == maxRetentionDays
      else { throw .vaultAlreadyExists(existing) }
      return Output(existing, at: cloud.now)
    }
    try cloud.requireRoomForVault(in: caller.place)
    // Every refusal is above this line.
    let vault = BackupVault(
      name: backupVaultName, place: caller.place, createdAt: cloud.now,
      creatorRequestId: creatorRequestId ?? cloud.identifiers.uuid("creator-request"),
      keyARN: key, tags: tags, lock: lock,
      airGap: AirGap(availableFrom: cloud.now + AirGap.making))
    cloud[caller.place].awsBackup.vaults[vault.name] = vault
    if let key { cloud.noteUse(ofVaultKey: key, in: caller.place) }
    cloud.tell(BusEvent(vault, as: "CREATED"), in: caller.place)
    return Output(vault, at: cloud.now)
  }
}

extension CreateLogicallyAirGappedBackupVault.Output {
  fileprivate init(_ vault: BackupVault, at now: Instant) {
    backupVaultName = vault.name
    backupVaultArn = vault.arn
    creationDate = Timestamp(vault.createdAt)
    vaultState = vault.state(at: now)
  }
}
