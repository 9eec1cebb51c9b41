// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections

// A vault's access policy. A statement that denies holds for everybody it names, the account's root
// included. One that allows is needed only by another account, which may copy into the vault and
// nothing else.

extension BackupVault {
  /// The most bytes a vault's policy may have.
  static let maximumPolicyBytes = 20_480

  /// Refuses what the vault's own policy denies to a caller. [BKP.policy]
  func require(_ action: String, for caller: Caller, in cloud: Cloud) throws(ServiceError) {
    let request = AccessRequest(
      action: "backup:" + action, resource: arn, requester: cloud.requester(caller))
    guard policy?.denies(request) ?? false else { return }
    throw .notAuthorized(request, by: caller, .denied(.vault))
  }
}

extension AccessPolicy {
  /// A vault's policy from the text of a request.
  ///
  /// - Throws: InvalidParameterValue for a document that is no policy; not simulated for a part that
  ///   would not be looked at.
  fileprivate init(readingForVault text: String) throws(ServiceError) {
    guard text.utf8.count <= BackupVault.maximumPolicyBytes else {
      throw .malformedVaultPolicy(
        "the policy is larger than \(BackupVault.maximumPolicyBytes) bytes")
    }
    do throws(PolicyProblem) {
      try self.init(reading: text, as: .vault)
    } catch {
      throw error.refusal(ServiceError.malformedVaultPolicy)
    }
  }
}

extension ServiceError {
  fileprivate static func malformedVaultPolicy(_ why: String) -> ServiceError {
    .invalidBackupParameter("The policy document is invalid: \(why)")
  }
}

/// Gives a vault an access policy in place of the one it had. [BKP.policy]
package struct PutBackupVaultAccessPolicy: BackupOperation {
  let backupVaultName: String
  let policy: String?

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require("PutBackupVaultAccessPolicy", for: caller, in: cloud)
    guard let policy else { throw .missingBackupParameter("Policy") }
    let read = try AccessPolicy(readingForVault: policy)
    cloud.changeVault(vault.name, in: caller.place) { $0.policy = read }
    return EmptyOutput()
  }
}

/// Returns a vault's access policy as it was given. [BKP.policy]
package struct GetBackupVaultAccessPolicy: BackupOperation {
  let backupVaultName: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let backupVaultName: String
    let backupVaultArn: String
    let policy: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require("GetBackupVaultAccessPolicy", for: caller, in: cloud)
    guard let policy = vault.policy else { throw .vaultHasNoPolicy }
    return Output(backupVaultName: vault.name, backupVaultArn: vault.arn, policy: policy.text)
  }
}

/// Takes a vault's access policy away; none having been set is no error. [BKP.policy]
package struct DeleteBackupVaultAccessPolicy: BackupOperation {
  let backupVaultName: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require("DeleteBackupVaultAccessPolicy", for: caller, in: cloud)
    cloud.changeVault(vault.name, in: caller.place) { $0.policy = nil }
    return EmptyOutput()
  }
}
