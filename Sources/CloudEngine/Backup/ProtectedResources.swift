// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Lists the resources that have been backed up, by ARN. [BKP.protected]
package struct ListProtectedResources: BackupOperation {
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let results: [ProtectedResourceEntry]
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let page = try Page(
      cloud[caller.place].awsBackup.protectedResources, limit: maxResults, token: nextToken)
    return Output(
      results: page.shown.map(ProtectedResourceEntry.init), nextToken: page.nextToken)
  }
}

/// Lists the resources that have recovery points in a vault, by ARN. [BKP.protected]
package struct ListProtectedResourcesByBackupVault: BackupOperation {
  let backupVaultName: String
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }
  package typealias Output = ListProtectedResources.Output

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require(Self.name, for: caller, in: cloud)
    let service = cloud[caller.place].awsBackup
    let inVault = Set(
      service.recoveryPoints.oldestFirst.filter { $0.vaultName == vault.name }.map(\.resourceARN))
    let page = try Page(
      service.protectedResources, limit: maxResults, token: nextToken
    ) { inVault.contains($0.arn) }
    return Output(
      results: page.shown.map(ProtectedResourceEntry.init), nextToken: page.nextToken)
  }
}

/// A protected resource as lists show it.
struct ProtectedResourceEntry: Encodable, Sendable {
  let resourceArn: String
  let resourceType: String
  let lastBackupTime: Timestamp
  let resourceName: String?
  let lastBackupVaultArn: String
  let lastRecoveryPointArn: String

  init(_ resource: ProtectedResource) {
    resourceArn = resource.arn
    resourceType = BackupSettings.dynamoDB
    lastBackupTime = Timestamp(resource.lastBackupAt)
    resourceName = ARN(resource.arn)?.tableName
    lastBackupVaultArn = resource.lastVaultARN
    lastRecoveryPointArn = resource.lastRecoveryPointARN
  }
}

/// Returns when a resource was last backed up and restored. [BKP.protected]
package struct DescribeProtectedResource: BackupOperation {
  let resourceArn: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let resourceArn: String
    let resourceType: String
    let lastBackupTime: Timestamp
    let resourceName: String?
    let lastBackupVaultArn: String
    let lastRecoveryPointArn: String
    let latestRestoreExecutionTimeMinutes: Int?
    let latestRestoreJobCreationDate: Timestamp?
    let latestRestoreRecoveryPointCreationDate: Timestamp?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard ARN(resourceArn) != nil else {
      throw .invalidBackupParameter("Invalid ARN: \(resourceArn)")
    }
    guard let resource = cloud[caller.place].awsBackup.protectedResources[resourceArn] else {
      throw .backupResourceNotFound("Resource \(resourceArn) is not protected.")
    }
    let entry = ProtectedResourceEntry(resource)
    return Output(
      resourceArn: entry.resourceArn, resourceType: entry.resourceType,
      lastBackupTime: entry.lastBackupTime, resourceName: entry.resourceName,
      lastBackupVaultArn: entry.lastBackupVaultArn,
      lastRecoveryPointArn: entry.lastRecoveryPointArn,
      latestRestoreExecutionTimeMinutes: resource.lastRestore?.minutes,
      latestRestoreJobCreationDate: resource.lastRestore.map { Timestamp($0.createdAt) },
      latestRestoreRecoveryPointCreationDate: resource.lastRestore.map {
        Timestamp($0.recoveryPointCreatedAt)
      })
  }
}
