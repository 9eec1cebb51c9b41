// SPDX-License-Identifier: GPL-3.0-or-later

import ServiceModel
import Synchronization

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
    CancelLegalHold.self, CreateBackupPlan.self, CreateBackupSelection.self, CreateBackupVault.self,
    CreateFramework.self, CreateLegalHold.self, CreateLogicallyAirGappedBackupVault.self,
    CreateReportPlan.self, CreateRestoreTestingPlan.self, CreateRestoreTestingSelection.self,
    DeleteBackupPlan.self, DeleteBackupSelection.self, DeleteBackupVault.self,
    DeleteBackupVaultAccessPolicy.self, DeleteBackupVaultLockConfiguration.self,
    DeleteBackupVaultNotifications.self, DeleteFramework.self, DeleteRecoveryPoint.self,
    DeleteReportPlan.self, DeleteRestoreTestingPlan.self, DeleteRestoreTestingSelection.self,
    DescribeBackupJob.self, DescribeBackupVault.self, DescribeCopyJob.self, DescribeFramework.self,
    DescribeGlobalSettings.self, DescribeProtectedResource.self, DescribeRecoveryPoint.self,
    DescribeRegionSettings.self, DescribeReportJob.self, DescribeReportPlan.self,
    DescribeRestoreJob.self, DisassociateRecoveryPoint.self,
    DisassociateRecoveryPointFromParent.self, ExportBackupPlanTemplate.self, GetBackupPlan.self,
    GetBackupPlanFromJSON.self, GetBackupPlanFromTemplate.self, GetBackupSelection.self,
    GetBackupVaultAccessPolicy.self, GetBackupVaultNotifications.self, GetLegalHold.self,
    GetRecoveryPointRestoreMetadata.self, GetRestoreJobMetadata.self,
    GetRestoreTestingInferredMetadata.self, GetRestoreTestingPlan.self,
    GetRestoreTestingSelection.self, GetSupportedResourceTypes.self, ListBackupJobSummaries.self,
    ListBackupJobs.self, ListBackupPlanTemplates.self, ListBackupPlanVersions.self,
    ListBackupPlans.self, ListBackupSelections.self, ListBackupVaults.self,
    ListCopyJobSummaries.self, ListCopyJobs.self, ListFrameworks.self, ListLegalHolds.self,
    ListProtectedResources.self, ListProtectedResourcesByBackupVault.self,
    ListRecoveryPointsByBackupVault.self, ListRecoveryPointsByLegalHold.self,
    ListRecoveryPointsByResource.self, ListReportJobs.self, ListReportPlans.self,
    ListRestoreJobSummaries.self, ListRestoreJobs.self, ListRestoreJobsByProtectedResource.self,
    ListRestoreTestingPlans.self, ListRestoreTestingSelections.self, ListTags.self,
    PutBackupVaultAccessPolicy.self, PutBackupVaultLockConfiguration.self,
    PutBackupVaultNotifications.self, PutRestoreValidationResult.self, StartBackupJob.self,
    StartCopyJob.self, StartReportJob.self, StartRestoreJob.self, StopBackupJob.self,
    BackupService.TagResource.self, BackupService.UntagResource.self, UpdateBackupPlan.self,
    UpdateFramework.self, UpdateGlobalSettings.self, UpdateRecoveryPointLifecycle.self,
    UpdateRegionSettings.self, UpdateReportPlan.self, UpdateRestoreTestingPlan.self,
    UpdateRestoreTestingSelection.self,
  ]

  static let cloudTrail: [any Operation.Type] = [LookupEvents.self]

  /// Cost Explorer's operations.
  static let costs: [any Operation.Type] = [
    GetCostAndUsage.self, ListCostAllocationTags.self, UpdateCostAllocationTagsStatus.self,
  ]

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
    Topic.ListTagsForResource.self, ListTopics.self, Publish.self, SetTopicAttributes.self,
    Subscribe.self, Topic.TagResource.self, Unsubscribe.self, Topic.UntagResource.self,
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

  /// Amazon CloudWatch's operations: metrics and the alarms on them.
  static let metrics: [any Operation.Type] = [
    DeleteAlarms.self, DescribeAlarmHistory.self, DescribeAlarms.self, GetMetricData.self,
    GetMetricStatistics.self, ListMetrics.self, MetricAlarm.ListTagsForResource.self,
    PutMetricAlarm.self, PutMetricData.self, SetAlarmState.self, MetricAlarm.TagResource.self,
    MetricAlarm.UntagResource.self,
  ]

  static let securityTokens: [any Operation.Type] = [AssumeRole.self, GetCallerIdentity.self]

  /// All operations, grouped by service.
  package static let all: [any Operation.Type] =
    dynamoDB + dynamoDBStreams + backup + cloudTrail + costs + keys + objectStorage + securityTokens
    + notifications + eventBus + metrics + organizations

  /// The operations of the services asked so far, by name, with what their models say of them.
  ///
  /// A service's model is read when one of its operations is first asked for: reading all of them would
  /// be most of what a single command costs.
  private static let sections = Mutex<[String: [String: CatalogEntry]]>([:])

  private static func section(of service: String) -> [String: CatalogEntry] {
    var result: [String: CatalogEntry] = [:]
    for type in all where type.service == service { result[type.name] = CatalogEntry(type) }
    return result
  }

  /// An operation and its shapes; nil if the engine does not simulate it.
  ///
  /// - Complexity: O(1), but the first use of a service reads its model.
  static func entry(service: String, name: String) -> CatalogEntry? {
    sections.withLock { sections in
      if let section = sections[service] { return section[name] }
      let section = section(of: service)
      // A name that is no service of ours is not remembered.
      if !section.isEmpty { sections[service] = section }
      return section[name]
    }
  }

  /// The type that performs an operation; nil if the engine does not simulate it.
  ///
  /// - Complexity: As `entry`.
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
