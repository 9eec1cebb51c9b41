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

/// What a request asks of the replicas: additions, removals or changes.
enum ReplicaAction: Sendable {
  case create([ReplicaUpdate.Settings])
  case update([ReplicaUpdate.Settings])
  case delete(regions: [String])

  /// Reads a list of updates; the same addition or removal twice is one.
  ///
  /// - Throws: A validation error for an empty element and for different kinds of action.
  init(_ updates: [ReplicaUpdate]) throws(ServiceError) {
    for update in updates {
      let count =
        (update.create == nil ? 0 : 1) + (update.update == nil ? 0 : 1)
        + (update.delete == nil ? 0 : 1)
      guard count > 0, update.update?.changesNothing != true else { throw .noReplicaAction }
      guard count == 1 else { throw .mixedReplicaActions }
    }
    let (creates, changes) = (updates.compactMap(\.create), updates.compactMap(\.update))
    let deletes = updates.compactMap(\.delete?.regionName)
    guard [creates.isEmpty, changes.isEmpty, deletes.isEmpty].filter({ !$0 }).count == 1 else {
      throw .mixedReplicaActions
    }
    if !creates.isEmpty {
      let regions = creates.map(\.regionName)
      self = .create(
        creates.enumerated().filter { !regions[..<$0.offset].contains($0.element.regionName) }
          .map(\.element))
    } else if !deletes.isEmpty {
      self = .delete(
        regions: deletes.enumerated().filter { !deletes[..<$0.offset].contains($0.element) }
          .map(\.element))
    } else {
      self = .update(changes)
    }
  }

  /// True if more than one Region is to be added or removed, which only a strongly consistent global
  /// table takes.
  var isOfSeveral: Bool {
    switch self {
    case .create, .delete: regions.count > 1
    case .update: false
    }
  }

  var regions: [String] {
    switch self {
    case .create(let settings), .update(let settings): settings.map(\.regionName)
    case .delete(let regions): regions
    }
  }
}

extension UpdateTable {
  /// Adds, changes or deletes a replica. [DDB.global.update]
  func updateReplicas(
    _ updates: [ReplicaUpdate], in cloud: inout Cloud, as caller: Caller
  ) throws(ServiceError) -> Output {
    let action = try ReplicaAction(updates)
    let asked = try ConsistencyRequest(multiRegionConsistency, globalTableWitnessUpdates)
    try checkCount(action, asked, in: cloud, as: caller)
    guard !action.regions.contains(caller.region) else { throw .localReplica }
    let supported = caller.place.partition.regions
    for region in action.regions + [asked.newWitness].compactMap({ $0 })
    where !supported.contains(region) {
      throw .replicaRegion(region, supported: supported)
    }
    try asked.check(with: action, at: caller.region)
    let id = try cloud.table(tableName, for: caller)
    let group = cloud.group(of: id)
    // The consistency is chosen with the first replicas and never again. [DDB.global.consistency]
    guard asked.consistency == nil || group == nil else { throw .consistencyOfExisting }
    if cloud[id.place][id].isBeingFilled, let region = action.regions.first {
      try checkBeingFilled(id, action, region, in: cloud)
    }
    switch action {
    case .create(let settings):
      guard group?.strong == nil else { throw .strongIsComplete }
      try cloud.addReplicas(settings, to: id, asked)
    case .update(let changes): return try cloud.changeReplicas(changes, of: id)
    case .delete(let regions): try cloud.removeReplicas(in: regions, asked.leavingWitness, from: id)
    }
    return Output(tableDescription: cloud.description(of: id))
  }

  /// Refuses several additions or removals in one request, but for strong consistency.
  private func checkCount(
    _ action: ReplicaAction, _ asked: ConsistencyRequest, in cloud: Cloud, as caller: Caller
  ) throws(ServiceError) {
    guard action.isOfSeveral else { return }
    if case .create = action, asked.isStrong { return }
    if case .delete = action, let id = try? cloud.table(tableName, for: caller),
      cloud.isStrong(id)
    {
      return
    }
    throw .severalReplicaActions
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
  fileprivate mutating func addReplicas(
    _ replicas: [ReplicaUpdate.Settings], to id: TableID, _ asked: ConsistencyRequest
  ) throws(ServiceError) {
    let targets = replicas.map { Place(account: id.place.account, region: $0.regionName) }
    guard targets.allSatisfy({ self[$0].tables[id.name] == nil }) else {
      throw .replicaExists(id.name)
    }
    try requireChangeable(id)
    let source = self[id.place][id]
    guard source.settings.billingMode == .payPerRequest else { throw .replicaCapacity }
    var plans: [TableSettings] = []
    for (replica, target) in zip(replicas, targets) {
      plans.append(try replica.settings(from: source.settings, in: target, of: self))
      guard self[target].tables.count < Limits.tablesPerRegion else { throw .tooManyTables }
    }
    if asked.isStrong { try requireFitForStrong(id) }
    // Every refusal is above this line.
    let group = source.replication?.group ?? beginGroup(with: id, asked)
    let isEmpty = source.store.image.isEmpty
    let delays = ReplicaDelays(isEmpty: isEmpty, asked)
    let active = now + delays.active
    for (target, plan) in zip(targets, plans) {
      let replica = TableID(place: target, name: id.name, id: identifiers.uuid("table"))
      replicationGroups[group]?.members.append(
        .init(table: replica, source: id, addedAt: now, status: .creating, plan: plan))
      agenda.schedule(
        .replica(.isListed(replica, group: group, activeAt: active)), at: now + delays.listed)
      agenda.schedule(.replica(.becomesActive(replica)), at: active)
      agenda.schedule(.tableBecomesReadyForBackups(replica), at: active + Delays.readyForBackups)
    }
    let start = now
    changeTable(id) { table in
      table.status = .updating
      if !asked.isStrong { table.settings.enableStreamForReplication(at: start) }
    }
    if source.settings.stream == nil {
      openStream(of: id, enabledAfter: Delays.togglingStream)
    }
    agenda.schedule(.tableUpdateEnds(id), at: isEmpty ? active : now + delays.listed)
  }

  private mutating func beginGroup(with id: TableID, _ asked: ConsistencyRequest) -> String {
    let group = identifiers.uuid("replication-group")
    replicationGroups[group] = ReplicationGroup(
      members: [.init(table: id, source: nil, addedAt: now, status: .active)],
      strong: asked.isStrong
        ? StrongConsistency(witness: asked.newWitness.map { .init(region: $0) }) : nil)
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

  fileprivate mutating func removeReplicas(
    in regions: [String], _ witness: String?, from id: TableID
  ) throws(ServiceError) {
    let strangers = regions.filter { group(of: id)?.member(in: $0) == nil }
    guard strangers.isEmpty, let group = group(of: id) else { throw .notReplicas(strangers) }
    let leaving = regions.compactMap { group.member(in: $0)?.table }
    if let witness, witness != group.strong?.witness?.region { throw .notWitnesses(witness) }
    if let strong = group.strong {
      guard witness == strong.witness?.region else { throw .witnessStays }
      guard leaving.count == group.members.count - 1 else { throw .oneReplicaLeaves }
    } else if leaving.contains(where: { group.isRecentSource($0, at: now) }) {
      throw .replicaIsSource
    }
    try requireChangeable(id)
    for replica in leaving where self[replica.place][replica].settings.deletionProtection {
      throw .replicaIsProtected(id.name, in: replica.place.region)
    }
    // Every refusal is above this line.
    let delays = ReplicaDelays(leaving: group)
    beginUpdate(of: id, for: group.strong == nil ? delays.updating : delays.gone)
    for replica in leaving {
      beginUpdate(of: replica, for: delays.updating)
      agenda.schedule(.replica(.deletionBegins(replica)), at: now + delays.updating)
    }
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
  mutating func beginUpdate(of id: TableID, for duration: Duration = ReplicaDelays.updating) {
    changeTable(id) { $0.status = .updating }
    agenda.schedule(.tableUpdateEnds(id), at: now + duration)
  }
}
