// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections

/// Returns the auto scaling settings of a global table's replicas. [DDB.global.scaling]
///
/// Application Auto Scaling is not simulated, so that no replica of these global tables, which are
/// on demand, has a policy.
package struct DescribeTableReplicaAutoScaling: DynamoDBOperation {
  let tableName: TableReference

  package static var isReadOnly: Bool { true }

  package static var standing: OperationStanding { .settingsOnly }
  package struct Output: Encodable, Sendable {
    let tableAutoScalingDescription: TableAutoScalingDescription
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let id = try cloud.scaledTable(tableName, for: caller)
    return Output(tableAutoScalingDescription: cloud.autoScalingDescription(of: id))
  }
}

/// Changes the auto scaling settings of a global table's replicas, which on demand have none to
/// change: only switching them off is taken. [DDB.global.scaling]
package struct UpdateTableReplicaAutoScaling: DynamoDBOperation {
  let globalSecondaryIndexUpdates: [IndexUpdate]?
  let tableName: TableReference
  let provisionedWriteCapacityAutoScalingUpdate: AutoScalingUpdate?
  let replicaUpdates: [ReplicaUpdate]?

  struct IndexUpdate: Decodable, Sendable {
    let indexName: String?
    let provisionedWriteCapacityAutoScalingUpdate: AutoScalingUpdate?
  }

  struct ReplicaUpdate: Decodable, Sendable {
    let regionName: String
    let replicaGlobalSecondaryIndexUpdates: [ReplicaIndexUpdate]?
    let replicaProvisionedReadCapacityAutoScalingUpdate: AutoScalingUpdate?

    var isEmpty: Bool {
      replicaProvisionedReadCapacityAutoScalingUpdate == nil
        && (replicaGlobalSecondaryIndexUpdates ?? []).isEmpty
    }
  }

  struct ReplicaIndexUpdate: Decodable, Sendable {
    let indexName: String?
    let provisionedReadCapacityAutoScalingUpdate: AutoScalingUpdate?
  }

  package static var standing: OperationStanding { .settingsOnly }
  package typealias Output = DescribeTableReplicaAutoScaling.Output

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let name = try tableName.name(for: caller)
    try checkShape(of: name)
    let id = try cloud.scaledTable(tableName, for: caller)
    let description = cloud.autoScalingDescription(of: id)
    try checkNames(in: cloud[id.place][id], listed: description)
    let settings = given.filter { $0.update.autoScalingDisabled != true }
    if let first = settings.first {
      throw .scalingOnDemand(
        name, regions: description.replicas.map(\.regionName), parameter: first.name)
    }
    return Output(tableAutoScalingDescription: description)
  }

  /// The settings asked for, each with what the service calls it.
  private var given: [(name: String, update: AutoScalingUpdate)] {
    var result: [(String, AutoScalingUpdate?)] = [
      (
        "GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate",
        provisionedWriteCapacityAutoScalingUpdate
      )
    ]
    for index in globalSecondaryIndexUpdates ?? [] {
      result.append(
        (
          "GlobalTableGlobalSecondaryIndexSettingsUpdate",
          index.provisionedWriteCapacityAutoScalingUpdate
        ))
    }
    for replica in replicaUpdates ?? [] {
      result.append(
        (
          "ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate",
          replica.replicaProvisionedReadCapacityAutoScalingUpdate
        ))
      for index in replica.replicaGlobalSecondaryIndexUpdates ?? [] {
        result.append(
          (
            "ReplicaGlobalSecondaryIndexSettingsUpdate",
            index.provisionedReadCapacityAutoScalingUpdate
          ))
      }
    }
    return result.compactMap { name, update in update.map { (name, $0) } }
  }

  /// Checks what the request says by itself, which the service does before it looks at the table.
  private func checkShape(of table: String) throws(ServiceError) {
    guard
      provisionedWriteCapacityAutoScalingUpdate != nil || globalSecondaryIndexUpdates != nil
        || replicaUpdates != nil
    else {
      throw .scalingFailed(table, " because at least one update parameter must be specified.")
    }
    let regions = (replicaUpdates ?? []).map(\.regionName)
    let repeated = regions.enumerated().filter { regions[..<$0.offset].contains($0.element) }
    guard repeated.isEmpty else {
      throw .scalingFailed(
        table,
        " because the regions: ‘[\(repeated.map(\.element).joined(separator: ", "))]’ were specified "
          + "more than once.")
    }
    if let empty = (replicaUpdates ?? []).first(where: \.isEmpty) {
      throw .scalingFailed(
        table,
        " because at least one update parameter must be specified for region: "
          + "‘\(empty.regionName)’.")
    }
    for (_, update) in given { try update.check(of: table) }
  }

  /// - Throws: ResourceNotFound for indexes and Regions the global table does not have.
  private func checkNames(
    in table: Table, listed: TableAutoScalingDescription
  ) throws(ServiceError) {
    let regions = Set(listed.replicas.map(\.regionName))
    let unknown = (replicaUpdates ?? []).map(\.regionName).filter { !regions.contains($0) }
    guard unknown.isEmpty else {
      throw .scalingNotFound(
        table.name,
        "because a replica does not exist in regions: ‘[\(unknown.joined(separator: ", "))]’.")
    }
    let indexes = (globalSecondaryIndexUpdates ?? []).compactMap(\.indexName)
    let missing = indexes.filter { table.settings.globalIndex(named: $0) == nil }
    guard missing.isEmpty else {
      throw .scalingNotFound(
        table.name,
        "because the global secondary indexes with names: "
          + "‘[\(missing.joined(separator: ", "))]’ do not exist.")
    }
    for replica in replicaUpdates ?? [] {
      for name in (replica.replicaGlobalSecondaryIndexUpdates ?? []).compactMap(\.indexName)
      where table.settings.globalIndex(named: name) == nil {
        throw .scalingNotFound(
          table.name,
          "because a global secondary index with name: ‘\(name)’ does not exist in region: "
            + "‘\(replica.regionName)’.")
      }
    }
  }
}

/// Auto scaling settings as a request asks for them.
struct AutoScalingUpdate: Decodable, Sendable {
  let minimumUnits: Int64?
  let maximumUnits: Int64?
  let autoScalingDisabled: Bool?
  let autoScalingRoleArn: String?
  let scalingPolicyUpdate: Policy?

  struct Policy: Decodable, Sendable {
    let policyName: String?
    let targetTrackingScalingPolicyConfiguration: Target
  }

  struct Target: Decodable, Sendable {
    let disableScaleIn: Bool?
    let scaleInCooldown: Int64?
    let scaleOutCooldown: Int64?
    let targetValue: Double
  }

  /// Settings are given all together or, to switch them off, not at all; the order in which the
  /// service names them is its own.
  fileprivate func check(of table: String) throws(ServiceError) {
    let members = [
      ("MaximumUnits", maximumUnits != nil), ("ScalingPolicyUpdate", scalingPolicyUpdate != nil),
      ("MinimumUnits", minimumUnits != nil),
    ]
    let isOff = autoScalingDisabled == true
    let wrong = members.filter { $0.1 == isOff }.map { "'\($0.0)'" }
    guard !wrong.isEmpty else { return }
    let names = wrong.joined(separator: ", ")
    if isOff {
      throw .validation(
        "Failed to update settings for global table with name ‘\(table)’: Parameters \(names) must "
          + "be left blank when disabling auto scaling.")
    }
    throw .scalingFailed(
      table, ": Parameters \(names) are required unless auto scaling is being disabled.")
  }
}

/// A global table's auto scaling as the service tells it.
struct TableAutoScalingDescription: Encodable, Sendable {
  let tableName: String
  let tableStatus: Table.Status
  let replicas: [Replica]

  struct Replica: Encodable, Sendable {
    let regionName: String
    let globalSecondaryIndexes: [Index]
    let replicaProvisionedReadCapacityAutoScalingSettings = Settings()
    let replicaProvisionedWriteCapacityAutoScalingSettings = Settings()
    let replicaStatus: String

    private enum CodingKeys: CodingKey {
      case regionName, globalSecondaryIndexes, replicaProvisionedReadCapacityAutoScalingSettings,
        replicaProvisionedWriteCapacityAutoScalingSettings, replicaStatus
    }
  }

  struct Index: Encodable, Sendable {
    let indexName: String
    let indexStatus = GlobalIndex.Status.active
    let provisionedReadCapacityAutoScalingSettings = Settings()
    let provisionedWriteCapacityAutoScalingSettings = Settings()

    private enum CodingKeys: CodingKey {
      case indexName, indexStatus, provisionedReadCapacityAutoScalingSettings,
        provisionedWriteCapacityAutoScalingSettings
    }
  }

  /// Settings nobody made.
  struct Settings: Encodable, Sendable {
    let autoScalingDisabled = true
    let scalingPolicies: [String] = []

    private enum CodingKeys: CodingKey { case autoScalingDisabled, scalingPolicies }
  }
}

extension Cloud {
  /// A table of more than one Region.
  ///
  /// - Throws: ResourceNotFound, also for a table of one Region.
  fileprivate func scaledTable(
    _ reference: TableReference, for caller: Caller
  ) throws(ServiceError) -> TableID {
    let name = try reference.name(for: caller)
    guard let table = self[caller.place].tables[name], group(of: table.identity) != nil else {
      throw ServiceError(
        code: "ResourceNotFoundException",
        message: "Global table with name: '\(name)' does not exist.")
    }
    return table.identity
  }

  /// All replicas by the names of their Regions, the one that is asked included.
  fileprivate func autoScalingDescription(of id: TableID) -> TableAutoScalingDescription {
    let members = (group(of: id)?.members ?? []).filter { $0.isListed && exists($0.table) }
    return TableAutoScalingDescription(
      tableName: id.name, tableStatus: self[id.place][id].status,
      replicas: members.sorted { $0.table.place.region < $1.table.place.region }.map { member in
        let table = self[member.table.place][member.table]
        return TableAutoScalingDescription.Replica(
          regionName: member.table.place.region,
          globalSecondaryIndexes: table.settings.globalIndexes.filter { $0.status == .active }
            .map { TableAutoScalingDescription.Index(indexName: $0.name) },
          replicaStatus: member.status.rawValue)
      })
  }
}

extension ServiceError {
  fileprivate static func scalingFailed(_ table: String, _ why: String) -> ServiceError {
    .validation("Failed to update settings for global table with name: ‘\(table)’\(why)")
  }

  fileprivate static func scalingNotFound(_ table: String, _ why: String) -> ServiceError {
    ServiceError(
      code: "ResourceNotFoundException",
      message: "Failed to update settings for global table with name: ‘\(table)’ \(why)")
  }

  fileprivate static func scalingOnDemand(
    _ table: String, regions: [String], parameter: String
  ) -> ServiceError {
    let names = regions.map { "'\($0.uppercased())'" }.joined(separator: ", ")
    return .validation(
      "Failed to update global table with name ‘\(table)‘. Replicas \(names) BillingMode is "
        + "PayPerRequest. You must convert table's BillingMode to PROVISIONED to set parameters: "
        + "'\(parameter)'.")
  }
}
