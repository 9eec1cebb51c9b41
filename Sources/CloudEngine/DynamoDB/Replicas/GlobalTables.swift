// SPDX-License-Identifier: GPL-3.0-or-later

/// Refuses to make a global table of version 2017.11.29, as the service does for everybody now.
///
/// The version in use is made with `UpdateTable`. [DDB.global.legacy]
package struct CreateGlobalTable: DynamoDBOperation {
  let globalTableName: String

  package static var acceptedWithoutEffect: [String] { ["ReplicationGroup"] }
  package static var standing: OperationStanding { .refusedEverywhere }
  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    throw .legacyGlobalTable
  }
}

/// Refuses to change a global table of version 2017.11.29: there are none. [DDB.global.legacy]
package struct UpdateGlobalTable: DynamoDBOperation {
  let globalTableName: String
  let replicaUpdates: [Update]

  struct Update: Decodable, Sendable {
    let create: Replica?
    let delete: Replica?
  }
  struct Replica: Decodable, Sendable { let regionName: String }

  package static var standing: OperationStanding { .refusedEverywhere }
  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard !replicaUpdates.isEmpty else {
      throw .validation("One or more parameter values were invalid")
    }
    guard replicaUpdates.allSatisfy({ $0.create == nil }) else { throw .legacyGlobalTable }
    throw .globalTableNotFound(globalTableName)
  }
}

/// Finds no global table of version 2017.11.29, under whatever name: one of the version in use is
/// not seen here. [DDB.global.legacy]
package struct DescribeGlobalTable: DynamoDBOperation {
  let globalTableName: String

  package static var isReadOnly: Bool { true }
  package static var standing: OperationStanding { .refusedEverywhere }
  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    throw .globalTableNotFound(globalTableName, prefix: "Global table not found: ")
  }
}

/// Finds no global table of version 2017.11.29, as `DescribeGlobalTable`. [DDB.global.legacy]
package struct DescribeGlobalTableSettings: DynamoDBOperation {
  let globalTableName: String

  package static var isReadOnly: Bool { true }
  package static var standing: OperationStanding { .refusedEverywhere }
  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    throw .globalTableNotFound(globalTableName)
  }
}

/// Finds no global table of version 2017.11.29 to change. [DDB.global.legacy]
package struct UpdateGlobalTableSettings: DynamoDBOperation {
  let globalTableName: String

  package static var acceptedWithoutEffect: [String] {
    [
      "GlobalTableBillingMode", "GlobalTableGlobalSecondaryIndexSettingsUpdate",
      "GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate",
      "GlobalTableProvisionedWriteCapacityUnits", "ReplicaSettingsUpdate",
    ]
  }
  package static var standing: OperationStanding { .refusedEverywhere }
  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    throw .globalTableNotFound(globalTableName)
  }
}

/// Lists the global tables of version 2017.11.29, of which there are none. [DDB.global.legacy]
package struct ListGlobalTables: DynamoDBOperation {
  let regionName: String?

  package static var isReadOnly: Bool { true }
  package static var acceptedWithoutEffect: [String] { ["ExclusiveStartGlobalTableName", "Limit"] }

  package static var standing: OperationStanding { .refusedEverywhere }
  package struct Output: Encodable, Sendable { let globalTables: [String] }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    if let regionName, Partition(ofRegion: regionName) == nil {
      // The service calls this a failure of its own; a bad request is none here.
      throw .validation(
        "One or more parameter values were invalid: Region \(regionName) is not supported.")
    }
    return Output(globalTables: [])
  }
}
