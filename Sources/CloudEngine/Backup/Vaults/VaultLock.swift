// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
package import Simulation

/// A vault's lock: recovery points cannot be deleted by hand, nor their lifecycles changed. [BKP.lock]
package struct VaultLock: Hashable, Sendable, Codable {
  package let minRetentionDays: Int?
  package let maxRetentionDays: Int?
  /// From when on nobody can change or take away the lock; nil in governance mode. [BKP.lock.modes]
  package let lockedFrom: Instant?

  static let changeableDays = 3...36_500
  static let longestRetention = 36_500

  /// True once the time to think it over has passed.
  func isImmutable(at now: Instant) -> Bool { lockedFrom.map { now >= $0 } ?? false }

  /// Whether a new recovery point may be kept so long. [BKP.lock.retention]
  ///
  /// For ever satisfies every minimum and no maximum.
  ///
  /// - Parameter days: Nil for ever.
  /// - Returns: Whether a job that asks for it may go on.
  func admits(retentionDays days: Int?) -> Bool {
    guard let days else { return maxRetentionDays == nil }
    return days >= minRetentionDays ?? 1 && days <= maxRetentionDays ?? Self.longestRetention
  }

  /// Refuses limits that no vault, or no air-gapped one, can have. [BKP.lock], [BKP.airgap]
  ///
  /// - Parameter least: The shortest retention that may be asked for, in days.
  /// - Throws: InvalidParameterValue.
  func checkRetention(atLeast least: Int) throws(ServiceError) {
    let (shortest, longest) = (minRetentionDays ?? least, maxRetentionDays ?? Self.longestRetention)
    guard shortest >= least else {
      throw .invalidBackupParameter(
        "MinRetentionDays must be at least \(least) day\(least == 1 ? "" : "s")")
    }
    guard longest <= Self.longestRetention else {
      throw .invalidBackupParameter("MaxRetentionDays cannot exceed 36500 days")
    }
    guard shortest <= longest else {
      throw .invalidBackupParameter("MinRetentionDays cannot be greater than MaxRetentionDays")
    }
  }
}

/// Locks a vault, or changes its lock: without `ChangeableForDays` in governance mode, with it in
/// compliance mode, where the lock can be taken away only until those days have passed. [BKP.lock]
package struct PutBackupVaultLockConfiguration: BackupOperation {
  let backupVaultName: String
  let minRetentionDays: Int?
  let maxRetentionDays: Int?
  let changeableForDays: Int?

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require("PutBackupVaultLockConfiguration", for: caller, in: cloud)
    if vault.lock?.isImmutable(at: cloud.now) ?? false {
      throw .invalidBackupRequest("Vault Lock configuration is immutable and cannot be modified")
    }
    try checkChangeableDays()
    let now = cloud.now
    let lock = VaultLock(
      minRetentionDays: minRetentionDays, maxRetentionDays: maxRetentionDays,
      lockedFrom: changeableForDays.map { now + .days(Int64($0)) })
    try lock.checkRetention(atLeast: 1)
    // Every refusal is above this line.
    cloud.changeVault(vault.name, in: caller.place) { $0.lock = lock }
    cloud.tell(vaultChanged: vault.name, in: caller.place)
    return EmptyOutput()
  }

  private func checkChangeableDays() throws(ServiceError) {
    guard let changeableForDays else { return }
    if changeableForDays < VaultLock.changeableDays.lowerBound {
      throw .invalidBackupParameter("ChangeableForDays must be at least 3 days")
    }
    if changeableForDays > VaultLock.changeableDays.upperBound {
      throw .invalidBackupParameter("ChangeableForDays cannot exceed 36500 days")
    }
  }
}

/// Takes a vault's lock away, while that can be done; a vault without a lock is no error. [BKP.lock]
package struct DeleteBackupVaultLockConfiguration: BackupOperation {
  let backupVaultName: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require("DeleteBackupVaultLockConfiguration", for: caller, in: cloud)
    if vault.lock?.isImmutable(at: cloud.now) ?? false {
      throw .invalidBackupRequest("Vault Lock configuration is immutable and cannot be deleted")
    }
    cloud.changeVault(vault.name, in: caller.place) { $0.lock = nil }
    cloud.tell(vaultChanged: vault.name, in: caller.place)
    return EmptyOutput()
  }
}
