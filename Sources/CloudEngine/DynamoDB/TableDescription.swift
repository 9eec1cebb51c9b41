// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// What `DescribeTable` and every operation on a table answers.
///
/// A member is absent, never empty, where the service leaves it out. [DDB.table.presence]
package struct TableDescription: Encodable, Sendable {
  let attributeDefinitions: [AttributeDefinition]?
  let tableName: String
  let keySchema: [KeySchemaElement]?
  let tableStatus: String
  let creationDateTime: Timestamp
  let provisionedThroughput: ProvisionedThroughputDescription
  let tableSizeBytes: Int64
  let itemCount: Int64
  let tableArn: String
  let tableId: String
  let billingModeSummary: BillingModeSummary?
  let localSecondaryIndexes: [LocalIndexDescription]?
  let globalSecondaryIndexes: [GlobalIndexDescription]?
  let streamSpecification: StreamSpecification?
  let latestStreamLabel: String?
  let latestStreamArn: String?
  var globalTableVersion: String?
  var replicas: [ReplicaDescription]?
  var globalTableWitnesses: [Witness]?
  var globalTableSettingsReplicationMode: String?
  let restoreSummary: RestoreSummary?
  let sseDescription: SSEDescription?
  let archivalSummary: ArchivalSummary?
  let tableClassSummary: TableClassSummary?
  let deletionProtectionEnabled: Bool
  let onDemandThroughput: OnDemandThroughput?
  let warmThroughput: WarmThroughput?
  var multiRegionConsistency: String?

  struct Witness: Encodable, Sendable {
    let regionName: String
    let witnessStatus: String
  }

  struct BillingModeSummary: Encodable, Sendable {
    let billingMode: BillingMode
    let lastUpdateToPayPerRequestDateTime: Timestamp?
  }

  struct TableClassSummary: Encodable, Sendable { let tableClass: TableClass }

  struct ArchivalSummary: Encodable, Sendable {
    let archivalDateTime: Timestamp
    let archivalReason: String
    let archivalBackupArn: String
  }

  struct WarmThroughput: Encodable, Sendable {
    let readUnitsPerSecond: Int64
    let writeUnitsPerSecond: Int64
    let status: String

    init(_ units: Throughput, status: String) {
      readUnitsPerSecond = units.readUnits
      writeUnitsPerSecond = units.writeUnits
      self.status = status
    }
  }

  struct RestoreSummary: Encodable, Sendable {
    let sourceBackupArn: String?
    let sourceTableArn: String
    let restoreDateTime: Timestamp
    let restoreInProgress: Bool
  }

  struct LocalIndexDescription: Encodable, Sendable {
    let indexName: String
    let keySchema: [KeySchemaElement]
    let projection: Projection
    let indexSizeBytes: Int64
    let itemCount: Int64
    let indexArn: String
  }

  struct GlobalIndexDescription: Encodable, Sendable {
    let indexName: String
    let keySchema: [KeySchemaElement]
    let projection: Projection
    let indexStatus: String?
    let backfilling: Bool?
    let provisionedThroughput: ProvisionedThroughputDescription
    let indexSizeBytes: Int64
    let itemCount: Int64
    let indexArn: String
    let onDemandThroughput: OnDemandThroughput?
    let warmThroughput: WarmThroughput?
  }
}

extension Table {
  /// This table as the service describes it now.
  ///
  /// - Complexity: O(number of indexes and attribute definitions).
  var description: TableDescription {
    let showsIndexes = status != .deleting
    return TableDescription(
      attributeDefinitions: settings.attributeDefinitions,
      tableName: name,
      keySchema: settings.keySchema,
      tableStatus: status.rawValue,
      creationDateTime: Timestamp(createdAt),
      provisionedThroughput: ProvisionedThroughputDescription(
        settings.throughput, settings.throughputChanges),
      tableSizeBytes: declaredByteCount ?? statistics.byteCount,
      itemCount: statistics.itemCount,
      tableArn: arn,
      tableId: id,
      billingModeSummary: billingModeSummary,
      localSecondaryIndexes: showsIndexes ? localIndexDescriptions : nil,
      globalSecondaryIndexes: showsIndexes ? globalIndexDescriptions : nil,
      streamSpecification: settings.stream.map {
        StreamSpecification(streamEnabled: true, streamViewType: $0.viewType)
      },
      latestStreamLabel: settings.latestStreamLabel,
      latestStreamArn: settings.latestStreamLabel.map {
        ARN.stream($0, of: name, in: identity.place)
      },
      restoreSummary: restore.map {
        .init(
          sourceBackupArn: $0.backupARN, sourceTableArn: $0.tableARN,
          restoreDateTime: Timestamp($0.instant), restoreInProgress: true)
      },
      sseDescription: sseDescription,
      archivalSummary: archival.map {
        .init(
          archivalDateTime: Timestamp($0.at), archivalReason: Status.inaccessible.rawValue,
          archivalBackupArn: $0.backupARN)
      },
      tableClassSummary: settings.tableClass == .standard
        ? nil : .init(tableClass: settings.tableClass),
      deletionProtectionEnabled: settings.deletionProtection,
      onDemandThroughput: settings.onDemandThroughput,
      warmThroughput: warmThroughput)
  }

  private var billingModeSummary: TableDescription.BillingModeSummary? {
    guard settings.billingMode == .payPerRequest || settings.lastUpdateToPayPerRequest != nil
    else { return nil }
    return .init(
      billingMode: settings.billingMode,
      lastUpdateToPayPerRequestDateTime: settings.lastUpdateToPayPerRequest.map(Timestamp.init))
  }

  /// What the table can take at once; the answer of CreateTable says it only if it was asked for.
  /// [DDB.table.warm]
  private var warmThroughput: TableDescription.WarmThroughput? {
    guard status != .creating || settings.raisedWarmThroughput != nil else { return nil }
    return .init(
      settings.warmThroughput,
      status: settings.warmThroughputTarget == nil ? "ACTIVE" : "UPDATING")
  }

  /// The same of an index, which has its table's billing and its own units.
  private func warmThroughput(of index: GlobalIndex) -> TableDescription.WarmThroughput? {
    guard index.status == .active else { return nil }
    return .init(
      settings.billingMode == .payPerRequest ? WarmThroughput.onDemand : index.throughput,
      status: "ACTIVE")
  }

  private var localIndexDescriptions: [TableDescription.LocalIndexDescription]? {
    guard !settings.localIndexes.isEmpty else { return nil }
    return settings.localIndexes.map { index in
      .init(
        indexName: index.name, keySchema: index.keySchema, projection: index.projection,
        indexSizeBytes: statistics.indexes[index.name]?.byteCount ?? 0,
        itemCount: statistics.indexes[index.name]?.itemCount ?? 0,
        indexArn: "\(arn)/index/\(index.name)")
    }
  }

  private var globalIndexDescriptions: [TableDescription.GlobalIndexDescription]? {
    guard !settings.globalIndexes.isEmpty else { return nil }
    return settings.globalIndexes.map { index in
      .init(
        indexName: index.name, keySchema: index.keySchema, projection: index.projection,
        indexStatus: restore == nil ? index.status.shown : nil,
        backfilling: index.status.isBackfilling,
        provisionedThroughput: ProvisionedThroughputDescription(
          index.throughput, index.throughputChanges),
        indexSizeBytes: statistics.indexes[index.name]?.byteCount ?? 0,
        itemCount: statistics.indexes[index.name]?.itemCount ?? 0,
        indexArn: "\(arn)/index/\(index.name)",
        onDemandThroughput: index.onDemandThroughput,
        warmThroughput: warmThroughput(of: index))
    }
  }
}

extension GlobalIndex.Status {
  /// The status as the service names it.
  var shown: String {
    switch self {
    case .allocating, .backfilling: GlobalIndex.Status.creating.rawValue
    default: rawValue
    }
  }

  /// True from the request for a later index until it can be read.
  var isBeingCreated: Bool { self == .allocating || self == .backfilling }

  /// Present only while an index that was added later is being made. [DDB.table.gsi]
  var isBackfilling: Bool? {
    switch self {
    case .allocating: false
    case .backfilling: true
    default: nil
    }
  }
}
