// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// A backup vault: where recovery points lie, under which key, and who may take them out. [BKP.vault]
package struct BackupVault: Sendable, Codable {
  package let name: String
  package let place: Place
  let createdAt: Instant
  let creatorRequestId: String
  /// The key of recovery points that AWS Backup manages itself, which can never be changed; nil for one
  /// that AWS owns.
  package let keyARN: String?
  var tags: [String: String]
  var policy: AccessPolicy?
  var notifications: VaultNotifications?
  package internal(set) var lock: VaultLock?
  /// How many recovery points lie in it.
  package internal(set) var recoveryPointCount = 0
  /// Nil for an ordinary vault.
  var airGap: AirGap?

  package var arn: String { ARN.vault(name, in: place) }

  /// True if recovery points cannot be deleted and lifecycles not changed. [BKP.lock]
  var isLocked: Bool { lock != nil }

  /// Whether it is locked, as jobs show it. [BKP.lock]
  var lockState: String { isLocked ? "LOCKED" : "UNLOCKED" }

  static let perRegion = 300
}

extension ARN {
  /// The ARN of a backup vault.
  static func vault(_ name: String, in place: Place) -> String {
    backupService("backup-vault:\(name)", in: place)
  }

  /// The ARN of something of AWS Backup's.
  static func backupService(_ resource: String, in place: Place) -> String {
    String(
      joining: "arn:", place.partition.rawValue, ":backup:", place.region, ":", place.account, ":",
      resource)
  }

  /// Account and Region of the ARN.
  var place: Place { Place(account: account, region: region) }

  /// The name in a vault's ARN; nil for any other resource.
  var vaultName: String? {
    service == "backup" ? resource(after: "backup-vault:") : nil
  }
}

extension Cloud {
  /// The vault of a name in the caller's place.
  ///
  /// - Throws: ResourceNotFound.
  func vault(_ name: String, for caller: Caller) throws(ServiceError) -> BackupVault {
    guard let vault = vault(name, in: caller.place) else { throw .vaultNotFound }
    return vault
  }

  /// The vault of a name in a place; nil if there is none.
  func vault(_ name: String, in place: Place) -> BackupVault? {
    backupService(in: place).pointee.vaults[name]
  }

  /// Changes a vault that is known to exist, in place.
  mutating func changeVault(
    _ name: String, in place: Place, _ change: (inout BackupVault) -> Void
  ) {
    guard self[place].awsBackup.vaults.contains(key: name) else { return }
    change(&self[place].awsBackup.vaults[existing: name])
  }
}

// MARK: - The key that AWS manages for vaults

extension BackupVault {
  static let managedAlias = "alias/aws/backup"

  /// The id of the key `alias/aws/backup` of a place; the same one for all its vaults.
  static func managedKeyID(in place: Place) -> String {
    UUIDText.derived(from: "\(place.account)/\(place.region)/aws/backup")
  }

  /// True for the key that AWS manages, which no other account can be given. [BKP.vault.key]
  var isUnderManagedKey: Bool { keyARN == ARN.key(Self.managedKeyID(in: place), in: place) }
}

extension Cloud {
  /// The key a new vault is to be under.
  ///
  /// - Parameters:
  ///   - reference: A key's ARN; nil for the one that AWS manages. An alias will not do.
  ///   - caller: Who asks.
  /// - Returns: The key's ARN.
  /// - Throws: InvalidParameterValue for a key that is not there or cannot be used.
  func vaultKey(_ reference: String?, for caller: Caller) throws(ServiceError) -> String {
    let managed = ARN.key(BackupVault.managedKeyID(in: caller.place), in: caller.place)
    guard let reference, reference != managed else { return managed }
    guard let arn = ARN(reference), arn.service == "kms", arn.resource.hasPrefix("key/") else {
      throw .invalidBackupParameter("EncryptionKeyArn must be the ARN of a KMS key: \(reference)")
    }
    guard arn.region == caller.region, arn.account == caller.account,
      let key = key(arn: reference), key.isSymmetric
    else { throw .invalidBackupParameter("Given key ID is not accessible") }
    guard key.refusalOfUse == nil else { throw .invalidBackupParameter(JobFailure.keyUnusable) }
    return reference
  }

  /// Makes the AWS managed key show among the account's keys once a vault is under it.
  /// [KMS.managed]
  mutating func noteUse(ofVaultKey arn: String, in place: Place) {
    let id = BackupVault.managedKeyID(in: place)
    guard arn == ARN.key(id, in: place), self[place].keys[id] == nil else { return }
    self[place].keys[id] = EncryptionKey(
      id: id, place: place, createdAt: now, manager: .service,
      description: "Default key that protects my Backup data when no other key is defined",
      usage: EncryptionKey.symmetric.usage, spec: EncryptionKey.symmetric.spec)
    self[place].aliases[BackupVault.managedAlias] = KeyAlias(
      name: BackupVault.managedAlias, keyID: id, createdAt: now, updatedAt: now)
  }

  /// True while a vault's key can be used; nil is a key that AWS owns.
  func isUsable(vaultKey arn: String?) -> Bool {
    guard let arn else { return true }
    guard let (place, id) = Self.key(in: arn) else { return false }
    return places.address(of: place)?.pointee.keys.address(of: id)?.pointee.state == .enabled
  }
}
