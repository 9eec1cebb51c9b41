// SPDX-License-Identifier: GPL-3.0-or-later

/// Every operation the engine performs, by service and name.
package enum Catalog {
  /// Amazon DynamoDB's operations, alphabetical; adding one edits this list and the type's file.
  static let dynamoDB: [any Operation.Type] = [
    BatchGetItem.self, BatchWriteItem.self, CreateBackup.self, CreateGlobalTable.self,
    CreateTable.self, DeleteBackup.self, DeleteItem.self, DeleteResourcePolicy.self,
    DeleteTable.self, DescribeBackup.self, DescribeContinuousBackups.self, DescribeEndpoints.self,
    DescribeExport.self, DescribeGlobalTable.self, DescribeGlobalTableSettings.self,
    DescribeImport.self, DescribeLimits.self, DescribeTable.self, DescribeTimeToLive.self,
    ExportTableToPointInTime.self, GetItem.self, GetResourcePolicy.self, ImportTable.self,
    ListBackups.self, ListExports.self, ListGlobalTables.self, ListImports.self, ListTables.self,
    ListTagsOfResource.self, PutItem.self, PutResourcePolicy.self, Query.self,
    RestoreTableFromBackup.self, RestoreTableToPointInTime.self, Scan.self, TagResource.self,
    UntagResource.self, UpdateContinuousBackups.self, UpdateGlobalTable.self, UpdateItem.self,
    UpdateTable.self, UpdateTimeToLive.self,
  ]

  /// Amazon DynamoDB Streams' operations.
  static let dynamoDBStreams: [any Operation.Type] = [
    DescribeStream.self, GetRecords.self, GetShardIterator.self, ListStreams.self,
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

  static let securityTokens: [any Operation.Type] = [GetCallerIdentity.self]

  /// All operations, grouped by service.
  package static let all: [any Operation.Type] =
    dynamoDB + dynamoDBStreams + cloudTrail + keys + objectStorage + securityTokens

  private static let byName: [String: any Operation.Type] = {
    var result: [String: any Operation.Type] = [:]
    for type in all { result[type.service + ":" + type.name] = type }
    return result
  }()

  /// The type that performs an operation; nil if the engine does not simulate it.
  ///
  /// - Complexity: O(1).
  package static func operation(service: String, name: String) -> (any Operation.Type)? {
    byName[service + ":" + name]
  }
}
