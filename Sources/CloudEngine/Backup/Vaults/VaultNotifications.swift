// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections

/// Which events of a vault go to which topic. [BKP.notifications]
///
/// A message goes to the topic for each of them, if its policy lets `backup.amazonaws.com` publish.
struct VaultNotifications: Hashable, Sendable, Codable {
  let topicARN: String
  let events: [String]
}

/// Sets which events of a vault go to which topic, in place of what was set before.
/// [BKP.notifications]
package struct PutBackupVaultNotifications: BackupOperation {
  let backupVaultName: String
  let snsTopicArn: String
  let backupVaultEvents: [String]

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require("PutBackupVaultNotifications", for: caller, in: cloud)
    guard let arn = ARN(snsTopicArn), arn.service == "sns", !arn.resource.isEmpty,
      arn.region == caller.region
    else {
      throw .invalidBackupParameter("Invalid SNS topic ARN: \(snsTopicArn)")
    }
    guard arn.account == caller.account else {
      throw .invalidBackupParameter("The SNS topic must be in the account of the backup vault.")
    }
    guard !arn.resource.hasSuffix(".fifo") else {
      throw .invalidBackupParameter("FIFO topics are not supported.")
    }
    guard !backupVaultEvents.isEmpty else {
      throw .invalidBackupParameter("BackupVaultEvents must not be empty.")
    }
    // Every refusal is above this line.
    cloud.changeVault(vault.name, in: caller.place) {
      $0.notifications = VaultNotifications(topicARN: snsTopicArn, events: backupVaultEvents)
    }
    return EmptyOutput()
  }
}

/// Returns which events of a vault go to which topic. [BKP.notifications]
package struct GetBackupVaultNotifications: BackupOperation {
  let backupVaultName: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let backupVaultName: String
    let backupVaultArn: String
    let snsTopicArn: String
    let backupVaultEvents: [String]
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    guard let notifications = vault.notifications else { throw .vaultHasNoNotifications }
    return Output(
      backupVaultName: vault.name, backupVaultArn: vault.arn, snsTopicArn: notifications.topicARN,
      backupVaultEvents: notifications.events)
  }
}

/// Stops a vault's events from going anywhere; none having been set is no error. [BKP.notifications]
package struct DeleteBackupVaultNotifications: BackupOperation {
  let backupVaultName: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require("DeleteBackupVaultNotifications", for: caller, in: cloud)
    cloud.changeVault(vault.name, in: caller.place) { $0.notifications = nil }
    return EmptyOutput()
  }
}
