// SPDX-License-Identifier: GPL-3.0-or-later

/// Another Region's replica, as a member of a global table lists it.
///
/// What it shares with the table that is described is absent. [DDB.global.describe]
struct ReplicaDescription: Encodable, Sendable {
  let regionName: String
  let replicaStatus: String
  let kmsMasterKeyId: String?
  let onDemandThroughputOverride: OnDemandThroughputOverride?
  let warmThroughput: TableDescription.WarmThroughput?
  let globalSecondaryIndexes: [Index]?
  let replicaTableClassSummary: TableDescription.TableClassSummary?
  let globalTableSettingsReplicationMode = TableDescription.settingsReplication

  struct OnDemandThroughputOverride: Encodable, Sendable { let maxReadRequestUnits: Int64 }

  struct Index: Encodable, Sendable {
    let indexName: String
    let onDemandThroughputOverride: OnDemandThroughputOverride?
    let warmThroughput: TableDescription.WarmThroughput?
  }

  private enum CodingKeys: CodingKey {
    case regionName, replicaStatus, kmsMasterKeyId, onDemandThroughputOverride, warmThroughput,
      globalSecondaryIndexes, replicaTableClassSummary, globalTableSettingsReplicationMode
  }

  /// - Parameters:
  ///   - replica: The other Region's table.
  ///   - status: How it stands in the global table.
  ///   - table: The table whose description lists it.
  init(_ replica: Table, status: ReplicationGroup.Status, from table: Table) {
    let shown = replica.description
    let warm = replica.status == .creating ? nil : shown.warmThroughput
    regionName = replica.identity.place.region
    let isInaccessible = status == .active && replica.keyLoss?.noticedAt != nil
    replicaStatus = (isInaccessible ? .inaccessible : status).rawValue
    kmsMasterKeyId = replica.settings.encryption?.keyARN
    onDemandThroughputOverride = Self.override(
      replica.settings.onDemandThroughput, unlike: table.settings.onDemandThroughput)
    warmThroughput = warm
    let indexes = replica.settings.globalIndexes.map { index in
      let own = table.settings.globalIndex(named: index.name).map {
        table.settings.globalIndexes[$0].onDemandThroughput
      }
      return Index(
        indexName: index.name,
        onDemandThroughputOverride: Self.override(index.onDemandThroughput, unlike: own ?? nil),
        warmThroughput: warm)
    }
    globalSecondaryIndexes = indexes.isEmpty ? nil : indexes
    let wasChanged = !replica.settings.tableClassChanges.isEmpty
    replicaTableClassSummary =
      replica.settings.tableClass == .standard && !wasChanged
      ? nil : .init(tableClass: replica.settings.tableClass)
  }

  private static func override(
    _ limit: OnDemandThroughput?, unlike own: OnDemandThroughput?
  ) -> OnDemandThroughputOverride? {
    guard let units = limit?.maxReadRequestUnits, units != own?.maxReadRequestUnits else {
      return nil
    }
    return OnDemandThroughputOverride(maxReadRequestUnits: units)
  }
}

extension TableDescription {
  /// How the replicas of one account share their settings. [DDB.global.describe]
  static let settingsReplication = "ENABLED_WITH_OVERRIDES"
  static let globalTableVersion = "2019.11.21"
}

extension Cloud {
  /// A table as the service describes it now, with its replicas in other Regions.
  ///
  /// - Parameters:
  ///   - id: The table.
  ///   - throughput: The throughput to show; nil for the table's own.
  /// - Returns: The description; what a table of one Region leaves out is absent.
  func description(of id: TableID, showing throughput: Throughput? = nil) -> TableDescription {
    let table = self[id.place][id]
    var result = table.description(showing: throughput ?? table.settings.throughput)
    guard let group = group(of: id) else { return result }
    result.globalTableVersion = TableDescription.globalTableVersion
    result.globalTableSettingsReplicationMode = TableDescription.settingsReplication
    if let strong = group.strong {
      result.multiRegionConsistency = StrongConsistency.name
      if let witness = strong.witness, witness.isListed {
        result.globalTableWitnesses = [
          .init(regionName: witness.region, witnessStatus: witness.status.rawValue)
        ]
      }
    }
    result.replicas = group.members.filter { $0.table != id && $0.isListed && exists($0.table) }
      .map { member in
        ReplicaDescription(
          self[member.table.place][member.table], status: member.status, from: table)
      }
    return result
  }
}
