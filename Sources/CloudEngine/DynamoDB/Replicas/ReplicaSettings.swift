// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

extension TableSettings {
  /// Turns the stream on that replication reads, unless one is on already. [DDB.global.stream]
  ///
  /// It stays on after the last replica has gone.
  mutating func enableStreamForReplication(at now: Instant) {
    guard stream == nil else { return }
    stream = StreamSetting(viewType: "NEW_AND_OLD_IMAGES")
    latestStreamLabel = now.streamLabel
  }
}

extension ReplicaUpdate.Settings {
  /// The settings of a new replica: those that a global table shares, and these overrides.
  ///
  /// Tags, deletion protection, recovery and policies belong to each replica. [DDB.global.settings]
  ///
  /// - Throws: A validation error for a key that does not suit the source's.
  func settings(
    from source: TableSettings, in place: Place, of cloud: Cloud
  ) throws(ServiceError) -> TableSettings {
    var result = source
    result.tags = []
    result.deletionProtection = false
    result.lastDeletionProtectionChange = nil
    result.tableClass = tableClassOverride ?? source.tableClass
    result.tableClassChanges = []
    result.warmThroughputTarget = nil
    result.encryption = try encryption(
      from: source, in: cloud,
      for: Caller(account: place.account, region: place.region))
    applyLimits(to: &result)
    return result
  }

  /// All replicas have keys of one kind, each a key of its own Region. [DDB.global.keys]
  private func encryption(
    from source: TableSettings, in cloud: Cloud, for caller: Caller
  ) throws(ServiceError) -> Encryption? {
    guard let current = source.encryption else {
      guard kmsMasterKeyId == nil else { throw .replicaKeyMissing }
      return nil
    }
    let asked = SSESpecification(enabled: true, sseType: "KMS", kmsMasterKeyId: kmsMasterKeyId)
    let sourceIsManaged = current.isManaged
    // A key of the customer's own serves one Region alone.
    guard kmsMasterKeyId != nil || sourceIsManaged else { throw .replicaKeyMissing }
    let found = try cloud.encryption(asked, current: nil, for: caller)
    guard found?.isManaged == sourceIsManaged else { throw .replicaKeysDiffer }
    return found
  }

  /// The settings of a replica after these changes.
  ///
  /// - Throws: A validation error for units under on-demand billing; LimitExceeded for a third change
  ///   of class in 30 days.
  func changing(
    _ settings: TableSettings, of id: TableID, at now: Instant
  ) throws(ServiceError) -> TableSettings {
    let units =
      [provisionedThroughputOverride]
      + (globalSecondaryIndexes ?? []).map(\.provisionedThroughputOverride)
    guard units.allSatisfy({ $0 == nil }) else { throw .replicaUnits }
    var change = TableChange(settings: settings, identity: id, now: now)
    if let tableClassOverride {
      try change.setReplicaClass(tableClassOverride)
    }
    applyLimits(to: &change.settings)
    return change.settings
  }

  /// Only the limit for reads is a replica's own; an index that is not there is passed over.
  private func applyLimits(to settings: inout TableSettings) {
    if let limit = onDemandThroughputOverride?.maxReadRequestUnits {
      settings.onDemandThroughput = settings.onDemandThroughput.reading(limit)
    }
    for index in globalSecondaryIndexes ?? [] {
      guard let limit = index.onDemandThroughputOverride?.maxReadRequestUnits,
        let position = settings.globalIndex(named: index.indexName)
      else { continue }
      let current = settings.globalIndexes[position].onDemandThroughput
      settings.globalIndexes[position].onDemandThroughput = current.reading(limit)
    }
  }
}

extension OnDemandThroughput? {
  /// The same limits with another one for reads.
  func reading(_ limit: Int64?) -> OnDemandThroughput {
    OnDemandThroughput(
      maxReadRequestUnits: limit, maxWriteRequestUnits: self?.maxWriteRequestUnits)
  }
}

extension TableChange {
  /// Changes a replica's class, with its own two changes in 30 days.
  mutating func setReplicaClass(_ tableClass: TableClass) throws(ServiceError) {
    do throws(ServiceError) {
      try setTableClass(tableClass)
    } catch {
      throw .replicaClassLimit(in: identity.place.region)
    }
  }
}

// MARK: - Settings that a global table shares

extension UpdateTable {
  /// What this request changes in the other replicas of a global table, worked out before anything
  /// changes: indexes, limits of throughput, table class and the kind of encryption.
  ///
  /// A change of deletion protection is the table's own, and shows them UPDATING all the same.
  /// [DDB.global.settings]
  ///
  /// - Returns: The changes by table; none for a table of one Region.
  func changesOfReplicas(
    of id: TableID, in cloud: Cloud
  ) throws(ServiceError) -> [(id: TableID, change: TableChange)] {
    guard cloud.group(of: id) != nil else { return [] }
    var changes: [(TableID, TableChange)] = []
    for other in cloud.replicas(with: id).dropFirst() {
      let table = cloud[other.place][other]
      var change = TableChange(settings: table.settings, identity: other, now: cloud.now)
      if deletionProtectionEnabled == nil {
        try shareChange(to: &change, of: table, from: cloud[id.place][id], in: cloud)
      }
      change.duration = max(change.duration ?? .zero, ReplicaDelays.updating)
      changes.append((other, change))
    }
    return changes
  }

  private func shareChange(
    to change: inout TableChange, of table: Table, from source: Table, in cloud: Cloud
  ) throws(ServiceError) {
    if let tableClass = try TableClass.requested(tableClass) {
      return try change.setReplicaClass(tableClass)
    }
    // Without replication by streams, each replica's stream is its own. [DDB.global.strong]
    if streamSpecification != nil, cloud.isStrong(table.identity) { return }
    // A key is a Region's own, and is changed there.
    if sseSpecification?.kmsMasterKeyId != nil { return }
    if let sseSpecification {
      let place = table.identity.place
      try change.setEncryption(
        sseSpecification, of: table, in: cloud,
        for: Caller(account: place.account, region: place.region))
    }
    try apply(to: &change, of: table)
    let (own, shared) = (table.settings.onDemandThroughput, source.settings.onDemandThroughput)
    if onDemandThroughput != nil, own?.maxReadRequestUnits != shared?.maxReadRequestUnits {
      change.settings.onDemandThroughput = change.settings.onDemandThroughput.reading(
        own?.maxReadRequestUnits)
    }
  }

  /// Refuses what a member of a global table cannot do.
  ///
  /// - Throws: ResourceInUse while the group is being changed; a validation error for its stream.
  func checkMembership(of id: TableID, in cloud: Cloud) throws(ServiceError) {
    guard cloud.group(of: id) != nil, !cloud[id.place][id].isBeingFilled else { return }
    if streamSpecification?.streamEnabled == false, !cloud.isStrong(id) { throw .replicaStream }
    try cloud.requireChangeable(id)
    if billingMode == .provisioned {
      throw .notSimulated("BillingMode PROVISIONED of a global table")
    }
  }
}
