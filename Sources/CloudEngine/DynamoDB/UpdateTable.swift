// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
import Simulation
import TableStore

/// Changes one thing about a table: its billing, an index, its stream, encryption, class or
/// protection.
///
/// The answer shows the old throughput and `UPDATING`; describe the table again to see the new one.
/// A refused call changes nothing. [DDB.table.update]
package struct UpdateTable: DynamoDBOperation {
  let attributeDefinitions: [AttributeDefinition]?
  let tableName: TableReference
  let billingMode: BillingMode?
  let provisionedThroughput: ProvisionedThroughput?
  let globalSecondaryIndexUpdates: [GlobalIndexUpdate]?
  let streamSpecification: StreamSpecification?
  let sseSpecification: SSESpecification?
  let tableClass: String?
  let deletionProtectionEnabled: Bool?
  let onDemandThroughput: OnDemandThroughput?
  let replicaUpdates: [ReplicaUpdate]?
  let multiRegionConsistency: String?
  let globalTableWitnessUpdates: [WitnessUpdate]?
  let warmThroughput: WarmThroughput?

  struct GlobalIndexUpdate: Decodable, Sendable {
    let update: Update?
    let create: IndexSpecification?
    let delete: Delete?

    struct Update: Decodable, Sendable {
      let indexName: String
      let provisionedThroughput: ProvisionedThroughput?
      let onDemandThroughput: OnDemandThroughput?
    }
    struct Delete: Decodable, Sendable { let indexName: String }

    var indexNames: [String] {
      [update?.indexName, create?.indexName, delete?.indexName].compactMap { $0 }
    }
  }

  package struct Output: Encodable, Sendable { let tableDescription: TableDescription }

  package static func check(_ input: Document) throws(ServiceError) {
    _ = try TableClass.requested(input["TableClass"]?.string)
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    try checkCombination()
    if let replicaUpdates { return try updateReplicas(replicaUpdates, in: &cloud, as: caller) }
    let id = try cloud.table(tableName, for: caller)
    let table = cloud[caller.place][id]
    try checkMembership(of: id, in: cloud)
    try table.require(.update(ofStream: streamSpecification != nil))
    // The change is worked out on a copy of the settings, so a late refusal has changed nothing.
    var change = TableChange(settings: table.settings, identity: id, now: cloud.now)
    try apply(to: &change, of: table)
    if let sseSpecification {
      try change.setEncryption(sseSpecification, of: table, in: cloud, for: caller)
    }
    if !change.createdIndexes.isEmpty { try cloud.requireUsable(table.settings.encryption) }
    let shared = try changesOfReplicas(of: id, in: cloud)
    // Every refusal is above this line.
    if !shared.isEmpty { change.duration = max(change.duration ?? .zero, ReplicaDelays.updating) }
    cloud.carryOut(change, on: id)
    for (replica, change) in shared { cloud.carryOut(change, on: replica) }
    return Output(
      tableDescription: cloud.description(of: id, showing: table.settings.throughput))
  }

  /// Works a change of one table out.
  func apply(to change: inout TableChange, of table: Table) throws(ServiceError) {
    if let deletionProtectionEnabled {
      try change.setDeletionProtection(deletionProtectionEnabled)
    }
    if let requested = try TableClass.requested(tableClass) {
      try change.setTableClass(requested)
    }
    if let streamSpecification { try change.setStream(streamSpecification) }
    if let warmThroughput { try change.setWarmThroughput(warmThroughput) }
    if billingMode != nil || provisionedThroughput != nil || onDemandThroughput != nil {
      try change.setBilling(
        mode: billingMode, throughput: provisionedThroughput,
        onDemand: onDemandThroughput, indexes: globalSecondaryIndexUpdates ?? [])
    }
    for update in globalSecondaryIndexUpdates ?? [] {
      try change.setIndex(update, definitions: attributeDefinitions)
    }
  }

  private func checkCombination() throws(ServiceError) {
    let parts: [(name: String, present: Bool)] = [
      ("Replica modification", replicaUpdates != nil),
      ("Server-Side Encryption modification", sseSpecification != nil),
      ("TableClass modification", tableClass != nil),
      ("DeletionProtection modification", deletionProtectionEnabled != nil),
      ("WarmThroughput", warmThroughput != nil),
    ]
    let throughput =
      billingMode != nil || provisionedThroughput != nil || onDemandThroughput != nil
    let indexes = globalSecondaryIndexUpdates != nil
    let count =
      parts.filter(\.present).count + (throughput ? 1 : 0) + (indexes ? 1 : 0)
      + (streamSpecification != nil ? 1 : 0)
    guard count > 0 else {
      throw .validation(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
          + "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, "
          + "MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, "
          + "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is "
          + "required")
    }
    if count > 1, replicaUpdates != nil,
      globalTableWitnessUpdates != nil || multiRegionConsistency == StrongConsistency.name
    {
      throw .strongNotAlone
    }
    if count > 1, let alone = parts.first(where: \.present) {
      throw .invalidValues("\(alone.name) must be the only operation in the request")
    }
    let makesOrDropsIndex = (globalSecondaryIndexUpdates ?? []).contains {
      $0.create != nil || $0.delete != nil
    }
    if streamSpecification != nil, throughput {
      throw .invalidValues("You cannot modify stream status while updating table IOPS")
    }
    if makesOrDropsIndex, provisionedThroughput != nil, billingMode == nil {
      throw .invalidValues("You cannot create or delete index while updating table IOPS")
    }
    if makesOrDropsIndex, streamSpecification != nil {
      throw .invalidValues("You cannot create or delete index while changing stream status")
    }
    let named = (globalSecondaryIndexUpdates ?? []).flatMap(\.indexNames)
    for (position, name) in named.enumerated() where named[..<position].contains(name) {
      throw .invalidValues(
        "Only one global secondary index update per index is allowed simultaneously. Index: "
          + name)
    }
  }
}

extension Table {
  /// The description with the throughput that was in force before a change.
  func description(showing throughput: Throughput) -> TableDescription {
    var shown = self
    shown.settings.throughput = throughput
    return shown.description
  }
}

extension Cloud {
  /// Puts a worked-out change into force.
  mutating func carryOut(_ change: TableChange, on id: TableID) {
    let hadStream = self[id.place][id].settings.stream != nil
    if hadStream, change.settings.stream == nil {
      closeStream(of: id, doneAfter: Delays.togglingStream)
    }
    changeTable(id) { table in
      table.settings = change.settings
      if change.duration != nil { table.status = .updating }
    }
    meterTable(of: id)
    if !hadStream { openStream(of: id, enabledAfter: Delays.togglingStream) }
    if let target = change.newEncryption { beginEncryptionChange(of: id, to: target) }
    if let duration = change.duration {
      agenda.schedule(.tableUpdateEnds(id), at: now + duration)
    }
    if let target = change.settings.warmThroughputTarget {
      agenda.schedule(
        .warmThroughputRaised(id, to: target), at: now + Delays.raisingWarmThroughput)
    }
    for index in change.createdIndexes {
      agenda.schedule(.indexAllocated(id, index: index), at: now + Delays.allocatingIndex)
    }
    for index in change.deletedIndexes {
      agenda.schedule(.indexDisappears(id, index: index), at: now + Delays.deletingIndex)
    }
  }

  /// The index has its capacity: it is filled from the items and kept up to date from here on.
  mutating func indexAllocated(_ id: TableID, _ name: String) {
    let done = now + Delays.backfillingIndex
    changeTable(id) { table in
      guard let position = table.settings.globalIndex(named: name),
        table.settings.globalIndexes[position].status == .allocating
      else { return }
      table.settings.globalIndexes[position].activeFrom = done
      table.settings.globalIndexes[position].status = .backfilling
      table.store.addIndex(table.settings.stored(table.settings.globalIndexes[position]))
    }
    guard exists(id) else { return }
    agenda.schedule(.indexBecomesActive(id, index: name), at: done)
  }

  mutating func indexBecomesActive(_ id: TableID, _ name: String) {
    let now = now
    changeTable(id) { table in
      guard let position = table.settings.globalIndex(named: name),
        table.settings.globalIndexes[position].status == .backfilling,
        table.settings.globalIndexes[position].activeFrom == now
      else { return }
      table.settings.globalIndexes[position].status = .active
      table.settings.globalIndexes[position].activeFrom = nil
    }
    if exists(id) { noteWrites(to: id) }
  }

  mutating func indexDisappears(_ id: TableID, _ name: String) {
    changeTable(id) { table in
      guard let position = table.settings.globalIndex(named: name),
        table.settings.globalIndexes[position].status == .deleting
      else { return }
      let remaining = table.settings.globalIndexes.enumerated().filter { $0.offset != position }
      table.settings.globalIndexes = remaining.map(\.element)
      table.store.removeIndex(named: name)
      table.dropInsights(ofIndex: name)
      table.settings.dropUnusedDefinitions()
    }
  }
}
