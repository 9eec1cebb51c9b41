// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation
import TableStore

/// What happens to replicas by itself.
enum ReplicaOccurrence: Hashable, Sendable, Codable {
  case isListed(TableID, group: String, activeAt: Instant)
  case becomesActive(TableID)
  case deletionBegins(TableID)
  case leavesGroup(TableID)
  case isLeftBehind(TableID)
  case writesArrive(TableID)

  /// The replica it happens to.
  var id: TableID {
    switch self {
    case .isListed(let id, _, _), .becomesActive(let id), .deletionBegins(let id),
      .leavesGroup(let id), .isLeftBehind(let id), .writesArrive(let id):
      id
    }
  }

  /// What a learner who waits is waiting for; nil for what goes on in the background.
  var transition: String? {
    switch self {
    case .isListed(let table, _, _): "replica \(table.name) in \(table.place.region) is listed"
    case .becomesActive(let table): "replica \(table.name) in \(table.place.region) is ACTIVE"
    case .deletionBegins(let table): "replica \(table.name) in \(table.place.region) is deleted"
    case .leavesGroup(let table):
      "replica \(table.name) in \(table.place.region) leaves its global table"
    case .writesArrive, .isLeftBehind: nil
    }
  }
}

/// How long changes of a global table take, as measured on small tables. [DDB.global.lifecycle]
///
/// Those of a strongly consistent one are others, by whether it has a witness. [DDB.global.strong]
struct ReplicaDelays {
  /// Until a replica of an empty table is listed, and until it is ACTIVE.
  static let emptyListed: Duration = .seconds(7)
  static let emptyActive: Duration = .seconds(21)
  /// The same for a table with items, which are copied first.
  static let listed: Duration = .seconds(68)
  static let active: Duration = .seconds(560)
  /// How long members are UPDATING after a change, and before a deletion begins.
  static let updating: Duration = .seconds(36)
  /// From the beginning of a deletion until the replica is no longer listed, and until it is gone.
  static let leaving: Duration = .seconds(89)
  static let disappearing: Duration = .seconds(109)

  /// Until new replicas are listed, and until they are ACTIVE.
  var listed = Self.emptyListed
  var active = Self.emptyActive
  /// Until a deletion begins.
  var updating = Self.updating
  /// From the request to the moment from which leaving replicas are no longer listed.
  var gone = Self.updating + Self.leaving

  /// The delays of an addition.
  init(isEmpty: Bool, _ asked: ConsistencyRequest) {
    if asked.isStrong {
      (listed, active) =
        asked.newWitness == nil ? (.seconds(6), .seconds(16)) : (.seconds(32), .seconds(86))
    } else if !isEmpty {
      (listed, active) = (Self.listed, Self.active)
    }
  }

  /// The delays of a removal from a group.
  init(leaving group: ReplicationGroup?) {
    guard let strong = group?.strong else { return }
    (updating, gone) = (.seconds(44), strong.witness == nil ? .seconds(62) : .seconds(55))
  }
}

extension Cloud {
  /// Carries out what is due of global tables.
  mutating func happen(_ occurrence: ReplicaOccurrence) {
    switch occurrence {
    case .isListed(let id, let group, let instant): replicaIsListed(id, group, activeAt: instant)
    case .becomesActive(let id): replicaBecomesActive(id)
    case .deletionBegins(let id): replicaDeletionBegins(id)
    case .leavesGroup(let id): replicaLeavesGroup(id)
    case .isLeftBehind(let id): replicaIsLeftBehind(id)
    case .writesArrive(let id): deliverWrites(of: id)
    }
  }

  /// The replica's table appears in its Region, still without its items.
  private mutating func replicaIsListed(_ id: TableID, _ group: String, activeAt instant: Instant) {
    guard let member = replicationGroups[group]?[id], let plan = member.plan else { return }
    guard let source = member.source, exists(source), self[id.place].tables[id.name] == nil else {
      // Somebody else took the name meanwhile: the replica leaves no trace. [DDB.global.lifecycle]
      if replicationGroups[group]?.strong != nil { return abandon(group) }
      return remove(id, from: group)
    }
    let isStrong = replicationGroups[group]?.strong != nil
    var settings = plan
    settings.timeToLive = self[source.place][source].settings.timeToLive
    settings.lastTimeToLiveChange = self[source.place][source].settings.lastTimeToLiveChange
    // A replica that replicates by its stream has one; elsewhere each has its own or none.
    settings.stream = isStrong ? nil : self[source.place][source].settings.stream
    settings.latestStreamLabel = isStrong ? nil : now.streamLabel
    settings.lastUpdateToPayPerRequest = now
    for index in settings.globalIndexes.indices {
      settings.globalIndexes[index].status = .creating
    }
    var table = Table(
      identity: id, createdAt: now, settings: settings,
      store: StoredTable(keySchema: settings.storedKeySchema, indexes: settings.storedIndexes))
    table.replication = Replication(group: group)
    self[id.place].tables[id.name] = table
    if !isStrong { openStream(of: id, enabledAfter: instant - now) }
    changeMember(id, of: group) { $0.plan = nil }
    changeWitness(of: group, to: .creating)
  }

  /// The replica has every item of its source, those written meanwhile included.
  ///
  /// - Complexity: O(1) in the table's size: the items are shared until one of the two changes.
  private mutating func replicaBecomesActive(_ id: TableID) {
    guard exists(id), let group = self[id.place][id].replication?.group,
      let source = replicationGroups[group]?[id]?.source, exists(source)
    else { return }
    let original = self[source.place][source]
    changeTable(id) { table in
      var image = original.store.image
      image.reconcileIndexes(with: table.settings.storedIndexes)
      table.store = StoredTable(image: image)
      table.declaredByteCount = original.declaredByteCount
      table.replication?.adoptStamps(of: original.replication)
      table.settings.timeToLive = original.settings.timeToLive
      table.settings.lastTimeToLiveChange = original.settings.lastTimeToLiveChange
      table.expiries = original.expiries
      table.expiries?.nextPass = nil
      table.status = .active
      table.backupReadiness = .beingEnabled
      for index in table.settings.globalIndexes.indices {
        table.settings.globalIndexes[index].status = .active
      }
    }
    changeMember(id, of: group) { $0.status = .active }
    changeWitness(of: group, to: .active)
    scheduleExpiryPass(of: id)
    noteWrites(to: id)
  }

  // MARK: Leaving

  /// Deletes a table that is a member of a global table, on its own Region's request.
  ///
  /// - Throws: A validation error for a protected replica and for one that another was lately added
  ///   from; ResourceInUse while the global table is being changed. [DDB.global.delete]
  mutating func deleteMember(
    _ id: TableID, of group: ReplicationGroup
  ) throws(ServiceError) -> TableDescription {
    let table = self[id.place][id]
    if table.status == .creating { throw .inUse("Table: \(id.name) is being used.") }
    guard group.strong == nil else { throw .oneReplicaLeaves }
    guard !group.isRecentSource(id, at: now) else { throw .replicaIsSource }
    try requireChangeable(id)
    guard !table.settings.deletionProtection else {
      throw .replicaIsProtected(id.name, in: id.place.region)
    }
    // Every refusal is above this line.
    for other in replicas(with: id).dropFirst() { beginUpdate(of: other) }
    replicaDeletionBegins(id)
    return description(of: id)
  }

  /// The replica takes no more writes; with recovery on, it leaves a system backup of its own.
  private mutating func replicaDeletionBegins(_ id: TableID) {
    guard exists(id), let group = self[id.place][id].replication?.group else { return }
    closeStream(of: id)
    changeTable(id) { $0.status = .deleting }
    changeMember(id, of: group) { $0.status = .deleting }
    agenda.schedule(.tableLeavesBackups(id), at: now + Delays.forgottenByBackups)
    changeWitness(of: group, to: .deleting)
    let delays = ReplicaDelays(leaving: replicationGroups[group])
    let gone = now + (delays.gone - delays.updating)
    agenda.schedule(.replica(.leavesGroup(id)), at: gone)
    agenda.schedule(
      .tableDisappears(id), at: gone + (ReplicaDelays.disappearing - ReplicaDelays.leaving))
  }

  private mutating func replicaLeavesGroup(_ id: TableID) {
    guard exists(id), let group = self[id.place][id].replication?.group else { return }
    changeTable(id) { $0.replication = nil }
    remove(id, from: group)
  }

  /// The replica's key has been lost for too long: it stays, a table of its own. [DDB.global.lostkey]
  private mutating func replicaIsLeftBehind(_ id: TableID) {
    guard exists(id), let loss = self[id.place][id].keyLoss, loss.backSince == nil,
      loss.since + Replication.patience <= now
    else { return }
    replicaLeavesGroup(id)
  }

  /// Gives a strongly consistent group up that cannot have its Regions: they come all or none.
  private mutating func abandon(_ group: String) {
    for member in replicationGroups[group]?.members ?? [] {
      if exists(member.table), member.source != nil {
        self[member.table.place].tables[member.table.name] = nil
      }
      if member.source == nil { changeTable(member.table) { $0.replication = nil } }
    }
    replicationGroups[group] = nil
  }

  /// Takes a member out; a group of one is none.
  private mutating func remove(_ id: TableID, from group: String) {
    replicationGroups[group]?.members.removeAll { $0.table == id }
    guard let rest = replicationGroups[group]?.members, rest.count < 2 else { return }
    for member in rest { changeTable(member.table) { $0.replication = nil } }
    replicationGroups[group] = nil
  }
}
