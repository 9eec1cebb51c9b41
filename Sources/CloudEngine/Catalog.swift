// SPDX-License-Identifier: GPL-3.0-or-later

import ServiceModel

/// Every operation the engine performs, by service and name.
package enum Catalog {
  /// Amazon DynamoDB's operations, alphabetical; adding one edits this list and the type's file.
  static let dynamoDB: [any Operation.Type] = [
    BatchExecuteStatement.self, BatchGetItem.self, BatchWriteItem.self, CreateBackup.self,
    CreateGlobalTable.self,
    CreateTable.self, DeleteBackup.self, DeleteItem.self, DeleteResourcePolicy.self,
    DeleteTable.self, DescribeBackup.self, DescribeContinuousBackups.self,
    DescribeContributorInsights.self, DescribeEndpoints.self, DescribeExport.self,
    DescribeGlobalTable.self, DescribeGlobalTableSettings.self, DescribeImport.self,
    DescribeKinesisStreamingDestination.self, DescribeLimits.self, DescribeTable.self,
    DescribeTableReplicaAutoScaling.self, DescribeTimeToLive.self,
    DisableKinesisStreamingDestination.self, EnableKinesisStreamingDestination.self,
    ExecuteStatement.self, ExecuteTransaction.self, ExportTableToPointInTime.self,
    GetItem.self, GetResourcePolicy.self, ImportTable.self, ListBackups.self,
    ListContributorInsights.self, ListExports.self, ListGlobalTables.self, ListImports.self,
    ListTables.self, ListTagsOfResource.self, PutItem.self, PutResourcePolicy.self,
    Query.self, RestoreTableFromBackup.self, RestoreTableToPointInTime.self, Scan.self,
    TagResource.self, TransactGetItems.self, TransactWriteItems.self, UntagResource.self,
    UpdateContinuousBackups.self, UpdateContributorInsights.self, UpdateGlobalTable.self,
    UpdateGlobalTableSettings.self, UpdateItem.self, UpdateKinesisStreamingDestination.self,
    UpdateTable.self, UpdateTableReplicaAutoScaling.self, UpdateTimeToLive.self,
  ]

  /// Amazon DynamoDB Streams' operations.
  static let dynamoDBStreams: [any Operation.Type] = [
    DescribeStream.self, GetRecords.self, GetShardIterator.self, ListStreams.self,
  ]

  /// AWS Backup's operations.
  package static let backup: [any Operation.Type] = [
    CreateBackupPlan.self, CreateBackupSelection.self, CreateBackupVault.self,
    DeleteBackupPlan.self, DeleteBackupSelection.self, DeleteBackupVault.self,
    DeleteBackupVaultAccessPolicy.self,
    DeleteBackupVaultLockConfiguration.self, DeleteBackupVaultNotifications.self,
    DeleteRecoveryPoint.self, DescribeBackupJob.self, DescribeBackupVault.self,
    DescribeCopyJob.self, DescribeGlobalSettings.self,
    DescribeProtectedResource.self, DescribeRecoveryPoint.self, DescribeRegionSettings.self,
    DescribeRestoreJob.self, DisassociateRecoveryPoint.self, GetBackupPlan.self,
    GetBackupSelection.self,
    GetBackupVaultAccessPolicy.self,
    GetBackupVaultNotifications.self, GetRecoveryPointRestoreMetadata.self,
    GetRestoreJobMetadata.self, ListBackupJobs.self, ListBackupPlanVersions.self,
    ListBackupPlans.self,
    ListBackupSelections.self, ListBackupVaults.self, ListCopyJobs.self,
    ListProtectedResources.self, ListProtectedResourcesByBackupVault.self,
    ListRecoveryPointsByBackupVault.self, ListRecoveryPointsByResource.self,
    ListRestoreJobs.self, ListRestoreJobsByProtectedResource.self, ListTags.self,
    PutBackupVaultAccessPolicy.self, PutBackupVaultLockConfiguration.self,
    PutBackupVaultNotifications.self, StartBackupJob.self, StartCopyJob.self, StartRestoreJob.self,
    StopBackupJob.self, BackupService.TagResource.self, BackupService.UntagResource.self,
    UpdateBackupPlan.self, UpdateGlobalSettings.self, UpdateRecoveryPointLifecycle.self,
    UpdateRegionSettings.self,
  ]

  static let cloudTrail: [any Operation.Type] = [LookupEvents.self]

  /// Amazon S3's operations, as far as exports, imports and `aws s3` need them.
  static let objectStorage: [any Operation.Type] = [
    CreateBucket.self, DeleteBucket.self, DeleteObject.self, GetBucketLocation.self,
    GetObject.self, HeadBucket.self, HeadObject.self, ListBuckets.self, ListObjectsV2.self,
    PutObject.self,
  ]

  /// AWS Key Management Service's operations, as far as tables and backups need them.
  static let keys: [any Operation.Type] = [
    CancelKeyDeletion.self, CreateAlias.self, CreateKey.self, DeleteAlias.self, DescribeKey.self,
    DisableKey.self, EnableKey.self, ListAliases.self, ListKeys.self, ScheduleKeyDeletion.self,
    UpdateAlias.self,
  ]

  /// Amazon Simple Notification Service's operations, as far as messages about backups need them.
  static let notifications: [any Operation.Type] = [
    CreateTopic.self, DeleteTopic.self, GetTopicAttributes.self, ListSubscriptions.self,
    ListTopics.self, Publish.self, Subscribe.self, Unsubscribe.self,
  ]

  /// Amazon EventBridge's operations: rules of the default bus and their targets.
  static let eventBus: [any Operation.Type] = [
    DeleteRule.self, DescribeRule.self, DisableRule.self, EnableRule.self, ListRules.self,
    ListTargetsByRule.self, PutRule.self, PutTargets.self, RemoveTargets.self,
  ]

  /// AWS Organizations' operations, as far as copies between accounts and their refusals need them.
  static let organizations: [any Operation.Type] = [
    AcceptHandshake.self, AttachPolicy.self, CreateOrganization.self, CreatePolicy.self,
    DeletePolicy.self, DeregisterDelegatedAdministrator.self, DescribeAccount.self,
    DescribeOrganization.self, DescribePolicy.self, DetachPolicy.self,
    DisableAWSServiceAccess.self, DisablePolicyType.self, EnableAWSServiceAccess.self,
    EnablePolicyType.self, InviteAccountToOrganization.self, LeaveOrganization.self,
    ListAWSServiceAccessForOrganization.self, ListAccounts.self,
    ListDelegatedAdministrators.self, ListHandshakesForAccount.self, ListParents.self,
    ListPolicies.self, ListPoliciesForTarget.self, ListRoots.self, ListTargetsForPolicy.self,
    RegisterDelegatedAdministrator.self, RemoveAccountFromOrganization.self,
  ]

  static let securityTokens: [any Operation.Type] = [AssumeRole.self, GetCallerIdentity.self]

  /// All operations, grouped by service.
  package static let all: [any Operation.Type] =
    dynamoDB + dynamoDBStreams + backup + cloudTrail + keys + objectStorage + securityTokens
    + notifications + eventBus + organizations

  /// The operations with what their services' models say of them, looked up once.
  private static let entries: [OperationName: CatalogEntry] = {
    var result: [OperationName: CatalogEntry] = [:]
    for type in all {
      result[OperationName(service: type.service, name: type.name)] = CatalogEntry(type)
    }
    return result
  }()

  /// An operation and its shapes; nil if the engine does not simulate it.
  ///
  /// - Complexity: O(1).
  static func entry(service: String, name: String) -> CatalogEntry? {
    entries[OperationName(service: service, name: name)]
  }

  /// The type that performs an operation; nil if the engine does not simulate it.
  ///
  /// - Complexity: O(1).
  package static func operation(service: String, name: String) -> (any Operation.Type)? {
    entry(service: service, name: name)?.type
  }
}

/// An operation of the catalog as its service's model describes it.
final class CatalogEntry: Sendable {
  let type: any Operation.Type
  let isManagementEvent: Bool
  /// The structures a request and an answer fill; either may say nothing.
  let input: Shape
  let output: Shape?

  init(_ type: any Operation.Type) {
    self.type = type
    isManagementEvent = type.isManagementEvent
    guard let model = Service.named(type.service)?.operation(named: type.name) else {
      preconditionFailure(
        "every operation of the engine stands in its service's model: \(type.name)")
    }
    input = model.input ?? .nothing
    output = model.output
  }
}

/// What an operation is looked up by; hardly any two services have one of the same name.
private struct OperationName: Hashable {
  let service: String
  let name: String

  func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
