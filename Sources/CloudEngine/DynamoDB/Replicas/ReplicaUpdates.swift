// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation
import TableStore

/// One element of `ReplicaUpdates`: a replica to add, to change or to delete. [DDB.global.update]
struct ReplicaUpdate: Decodable, Sendable {
  let create: Settings?
  let update: Settings?
  let delete: Member?

  struct Member: Decodable, Sendable { let regionName: String }

  /// What a replica may have otherwise than the rest of its global table.
  struct Settings: Decodable, Sendable {
    let regionName: String
    let kmsMasterKeyId: String?
    let provisionedThroughputOverride: Units?
    let onDemandThroughputOverride: OnDemand?
    let globalSecondaryIndexes: [Index]?
    let tableClassOverride: TableClass?

    struct Units: Decodable, Sendable { let readCapacityUnits: Int64? }
    struct OnDemand: Decodable, Sendable { let maxReadRequestUnits: Int64? }
    struct Index: Decodable, Sendable {
      let indexName: String
      let provisionedThroughputOverride: Units?
      let onDemandThroughputOverride: OnDemand?
    }

    var changesNothing: Bool {
      kmsMasterKeyId == nil && provisionedThroughputOverride == nil
        && onDemandThroughputOverride == nil && tableClassOverride == nil
        && (globalSecondaryIndexes ?? []).allSatisfy {
          $0.provisionedThroughputOverride == nil && $0.onDemandThroughputOverride == nil
        }
    }
  }
}

/// What a request asks of the replicas: one addition, one removal, or changes.
enum ReplicaAction: Sendable {
  case create(ReplicaUpdate.Settings)
  case update([ReplicaUpdate.Settings])
  case delete(region: String)

  /// Reads a list of updates.
  ///
  /// - Throws: A validation error for an empty element, for different kinds of action, and for more
  ///   than one Region to be added or removed; the same addition twice is one.
  init(_ updates: [ReplicaUpdate]) throws(ServiceError) {
    for update in updates {
      let count =
        (update.create == nil ? 0 : 1) + (update.update == nil ? 0 : 1)
        + (update.delete == nil ? 0 : 1)
      guard count > 0, update.update?.changesNothing != true else { throw .noReplicaAction }
      guard count == 1 else { throw .mixedReplicaActions }
    }
    let (creates, changes) = (updates.compactMap(\.create), updates.compactMap(\.update))
    let deletes = updates.compactMap(\.delete)
    guard [creates.isEmpty, changes.isEmpty, deletes.isEmpty].filter({ !$0 }).count == 1 else {
      throw .mixedReplicaActions
    }
    let regions = creates.map(\.regionName) + deletes.map(\.regionName)
    guard regions.allSatisfy({ $0 == regions[0] }) else { throw .severalReplicaActions }
    if let create = creates.first {
      self = .create(create)
    } else if let delete = deletes.first {
      self = .delete(region: delete.regionName)
    } else {
      self = .update(changes)
    }
  }

  var regions: [String] {
    switch self {
    case .create(let settings): [settings.regionName]
    case .update(let changes): changes.map(\.regionName)
    case .delete(let region): [region]
    }
  }
}

extension UpdateTable {
  /// Adds, changes or deletes a replica. [DDB.global.update]
  func updateReplicas(
    _ updates: [ReplicaUpdate], in cloud: inout Cloud, as caller: Caller
  ) throws(ServiceError) -> Output {
    let action = try ReplicaAction(updates)
    guard !action.regions.contains(caller.region) else { throw .localReplica }
    let supported = caller.place.partition.regions
    for region in action.regions where !supported.contains(region) {
      throw .replicaRegion(region, supported: supported)
    }
    let id = try cloud.table(tableName, for: caller)
    try checkConsistency(of: action, for: id, in: cloud)
    if cloud[id.place][id].isBeingFilled, let region = action.regions.first {
      try checkBeingFilled(id, action, region, in: cloud)
    }
    switch action {
    case .create(let settings): try cloud.addReplica(settings, to: id)
    case .update(let changes): return try cloud.changeReplicas(changes, of: id)
    case .delete(let region): try cloud.removeReplica(in: region, from: id)
    }
    return Output(tableDescription: cloud.description(of: id))
  }

  /// The consistency is chosen with the first replica and never again. [DDB.global.consistency]
  private func checkConsistency(
    of action: ReplicaAction, for id: TableID, in cloud: Cloud
  ) throws(ServiceError) {
    guard let multiRegionConsistency else { return }
    guard multiRegionConsistency == "EVENTUAL" else {
      throw .notSimulated("MultiRegionConsistency \(multiRegionConsistency) of UpdateTable")
    }
    guard case .create = action else { throw .createsOnlyWithConsistency }
    guard cloud.group(of: id) == nil else { throw .consistencyOfExisting }
  }

  /// A replica that is still being added takes no part in changes of the group.
  private func checkBeingFilled(
    _ id: TableID, _ action: ReplicaAction, _ region: String, in cloud: Cloud
  ) throws(ServiceError) {
    guard let group = cloud.group(of: id) else { throw .tableNotFoundByTables(id.name) }
    if case .delete = action, let member = group.member(in: region),
      group.isRecentSource(member.table, at: cloud.now)
    {
      throw .replicaIsSource
    }
    throw .replicaBeingAdded(id.name, in: id.place.region)
  }
}

// MARK: - Each action: all refusals, then the change

extension Cloud {
  fileprivate mutating func addReplica(
    _ asked: ReplicaUpdate.Settings, to id: TableID
  ) throws(ServiceError) {
    let target = Place(account: id.place.account, region: asked.regionName)
    guard places[target]?.tables[id.name] == nil else { throw .replicaExists(id.name) }
    try requireChangeable(id)
    let source = self[id.place][id]
    guard source.settings.billingMode == .payPerRequest else { throw .replicaCapacity }
    let settings = try asked.settings(from: source.settings, in: target, of: self)
    guard self[target].tables.count < Limits.tablesPerRegion else {
      throw .tooManyTables
    }
    // Every refusal is above this line.
    let group = source.replication?.group ?? beginGroup(with: id)
    let replica = TableID(place: target, name: id.name, id: identifiers.uuid("table"))
    replicationGroups[group]?.members.append(
      .init(table: replica, source: id, addedAt: now, status: .creating, plan: settings))
    let isEmpty = source.store.image.isEmpty
    let lead = isEmpty ? ReplicaDelays.emptyListed : ReplicaDelays.listed
    let whole = isEmpty ? ReplicaDelays.emptyActive : ReplicaDelays.active
    let start = now
    changeTable(id) { table in
      table.status = .updating
      table.settings.enableStreamForReplication(at: start)
    }
    if source.settings.stream == nil {
      openStream(of: id, enabledAfter: Delays.togglingStream)
    }
    let active = now + whole
    agenda.schedule(.replica(.isListed(replica, group: group, activeAt: active)), at: now + lead)
    agenda.schedule(.replica(.becomesActive(replica)), at: active)
    agenda.schedule(.tableBecomesReadyForBackups(replica), at: active + Delays.readyForBackups)
    agenda.schedule(.tableUpdateEnds(id), at: now + (isEmpty ? whole : lead))
  }

  private mutating func beginGroup(with id: TableID) -> String {
    let group = identifiers.uuid("replication-group")
    replicationGroups[group] = ReplicationGroup(members: [
      .init(table: id, source: nil, addedAt: now, status: .active)
    ])
    changeTable(id) { $0.replication = Replication(group: group) }
    return group
  }

  fileprivate mutating func changeReplicas(
    _ changes: [ReplicaUpdate.Settings], of id: TableID
  ) throws(ServiceError) -> UpdateTable.Output {
    let group = group(of: id)
    let strangers = changes.map(\.regionName).filter { group?.member(in: $0) == nil }
    guard let group, strangers.isEmpty else { throw .notReplicas(strangers) }
    try requireChangeable(id)
    var outcomes: [(id: TableID, settings: TableSettings)] = []
    for asked in changes {
      guard asked.kmsMasterKeyId == nil else { throw .replicaKeyMissing }
      guard let replica = group.member(in: asked.regionName)?.table else { continue }
      let current = self[replica.place][replica].settings
      outcomes.append((replica, try asked.changing(current, of: replica, at: now)))
    }
    // Every refusal is above this line.
    for member in replicas(with: id) { beginUpdate(of: member) }
    // The answer shows the replicas as they were.
    let output = UpdateTable.Output(tableDescription: description(of: id))
    for (replica, settings) in outcomes { changeTable(replica) { $0.settings = settings } }
    return output
  }

  fileprivate mutating func removeReplica(
    in region: String, from id: TableID
  ) throws(ServiceError) {
    guard let group = group(of: id), let member = group.member(in: region) else {
      throw .notReplicas([region])
    }
    guard !group.isRecentSource(member.table, at: now) else { throw .replicaIsSource }
    try requireChangeable(id)
    guard !self[member.table.place][member.table].settings.deletionProtection else {
      throw .replicaIsProtected(id.name, in: region)
    }
    // Every refusal is above this line.
    beginUpdate(of: id)
    beginUpdate(of: member.table)
    agenda.schedule(.replica(.deletionBegins(member.table)), at: now + ReplicaDelays.updating)
  }

  /// Refuses a change of a table that is being changed, or whose global table is.
  ///
  /// - Throws: ResourceInUse, for a member of a global table always in the same words.
  func requireChangeable(_ id: TableID) throws(ServiceError) {
    let table = self[id.place][id]
    guard let group = group(of: id) else {
      try table.require(.update(ofStream: false))
      guard table.settings.globalIndexes.allSatisfy({ $0.status == .active }) else {
        throw .replicaInUse
      }
      return
    }
    guard group.isSettled else { throw .replicaInUse }
    for member in group.members {
      let table = self[member.table.place][member.table]
      guard table.status == .active,
        table.settings.globalIndexes.allSatisfy({ $0.status == .active })
      else { throw .replicaInUse }
    }
  }

  /// Shows a member UPDATING for as long as a change of a global table takes.
  mutating func beginUpdate(of id: TableID) {
    changeTable(id) { $0.status = .updating }
    agenda.schedule(.tableUpdateEnds(id), at: now + ReplicaDelays.updating)
  }
}
