// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import PersistentCollections
import TableStore

/// What makes a global table one of multi-Region strong consistency. [DDB.global.strong]
///
/// It has three Regions, of which one may hold a witness instead of a replica, and nobody joins or
/// leaves it alone.
struct StrongConsistency: Hashable, Sendable, Codable {
  static let name = "STRONG"
  /// Replicas and witnesses that join a table to make its three Regions.
  static let others = 2
  /// Regions between which tables may be strongly consistent. [DDB.global.strong]
  static let regionSets = [
    ["us-east-1", "us-east-2", "us-west-2"],
    ["eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"],
    ["ap-northeast-1", "ap-northeast-2", "ap-northeast-3"],
  ]

  var witness: Witness?

  /// A Region that helps to agree on writes and holds no table: nothing there shows it, and there is
  /// nothing in it to read, back up or restore.
  struct Witness: Hashable, Sendable, Codable {
    let region: String
    var status: ReplicationGroup.Status = .creating
    /// False for the first seconds, in which nothing shows it yet.
    var isListed = false
  }
}

/// One element of `GlobalTableWitnessUpdates`.
struct WitnessUpdate: Decodable, Sendable {
  let create: ReplicaUpdate.Member?
  let delete: ReplicaUpdate.Member?
}

/// What a request says of a global table's consistency, beside its replicas. [DDB.global.strong]
struct ConsistencyRequest {
  let consistency: String?
  let newWitness: String?
  let leavingWitness: String?

  /// - Throws: A validation error for an empty update of the witness, and for two in one.
  init(_ consistency: String?, _ updates: [WitnessUpdate]?) throws(ServiceError) {
    self.consistency = consistency
    newWitness = updates?.compactMap(\.create?.regionName).first
    leavingWitness = updates?.compactMap(\.delete?.regionName).first
    guard updates == nil || newWitness != nil || leavingWitness != nil else {
      throw .noReplicaAction
    }
    guard newWitness == nil || leavingWitness == nil else { throw .mixedReplicaActions }
  }

  var isStrong: Bool { consistency == StrongConsistency.name }

  /// Checks what can be seen without the table, in the service's order.
  ///
  /// - Parameters:
  ///   - action: What is asked of the replicas.
  ///   - home: The Region of the table that is asked.
  /// - Throws: A validation error for what no strongly consistent global table can be made of, and
  ///   not simulated for one over Regions of different sets.
  func check(with action: ReplicaAction, at home: String) throws(ServiceError) {
    if newWitness != nil, !isStrong { throw .witnessWithoutStrong }
    guard case .create(let replicas) = action else {
      if consistency != nil { throw .createsOnlyWithConsistency }
      if case .delete = action { return }
      guard leavingWitness == nil else { throw .mixedReplicaActions }
      return
    }
    guard leavingWitness == nil else { throw .mixedReplicaActions }
    guard isStrong else { return }
    let regions = replicas.map(\.regionName) + [newWitness].compactMap { $0 }
    guard regions.count == StrongConsistency.others else { throw .strongReplicaCount }
    var unsupported: [String] = []
    for region in [home] + regions where !unsupported.contains(region) {
      if StrongConsistency.regionSets.allSatisfy({ !$0.contains(region) }) {
        unsupported.append(region)
      }
    }
    guard unsupported.isEmpty else { throw .strongRegions(unsupported) }
    guard Set(regions).count == regions.count else { throw .oneRegionTwice }
    guard newWitness != home else { throw .witnessAtReplica }
    guard
      StrongConsistency.regionSets.contains(where: { set in
        set.contains(home) && regions.allSatisfy(set.contains)
      })
    else {
      throw .notSimulated("MultiRegionConsistency STRONG over Regions of different Region sets")
    }
  }
}

extension Cloud {
  /// True for a member of a global table of multi-Region strong consistency.
  func isStrong(_ id: TableID) -> Bool { group(of: id)?.strong != nil }

  /// Transactions reach one Region's tables only, so such a global table takes none.
  /// [DDB.global.strong.words]
  func requireTransactable(_ tables: [TableID]) throws(ServiceError) {
    guard !tables.contains(where: isStrong) else { throw .strongTransaction }
  }

  /// Refuses to make a table strongly consistent that has what those cannot have, or items.
  /// [DDB.global.strong.words]
  func requireFitForStrong(_ id: TableID) throws(ServiceError) {
    let table = self[id.place][id]
    guard table.settings.localIndexes.isEmpty else { throw .strongLocalIndexes }
    guard table.settings.timeToLive == .off else { throw .strongTimeToLive }
    guard table.store.image.isEmpty else { throw .strongWithItems }
  }

  /// Writes to the other replicas what was written to one, in the same instant.
  ///
  /// - Complexity: O(r · log n) for r other replicas.
  mutating func writeEverywhere(
    _ item: Item?, at key: ItemKey, of id: TableID, with stamp: WriteStamp
  ) {
    for member in group(of: id)?.members ?? []
    where member.table != id && member.status == .active && exists(member.table) {
      guard canUseDataKey(of: member.table) else {
        let write = ReplicatedWrite(stamp: stamp, key: key, item: item)
        self[member.table.place][member.table].replication?.wait(with: write)
        continue
      }
      write(item, at: key, of: member.table, from: stamp)
    }
  }

  /// Shows the witness of a group as it stands together with the replicas.
  mutating func changeWitness(of group: String, to status: ReplicationGroup.Status) {
    replicationGroups[group]?.strong?.witness?.isListed = true
    replicationGroups[group]?.strong?.witness?.status = status
  }
}

/// What the service says about strong consistency. [DDB.global.strong]
extension ServiceError {
  static let strongNotAlone = ServiceError.validation(
    "Requests that modify replicas or witnesses must not also modify other fields")

  static let witnessWithoutStrong = ServiceError.validation(
    "MultiRegionConsistency must be set as STRONG when GlobalTableWitnessUpdates parameter is "
      + "present.")

  static let strongReplicaCount = ServiceError.validation(
    "Unsupported replica count for global tables with MultiRegionConsistency set to STRONG.")

  static func strongRegions(_ regions: [String]) -> ServiceError {
    .validation(
      "Unsupported Region(s) specified for global tables with MultiRegionConsistency set to "
        + "STRONG: [\(regions.joined(separator: ", "))].")
  }

  static let oneRegionTwice = ServiceError.validation(
    "Cannot target multiple regions with the same action")

  static let witnessAtReplica = ServiceError.validation(
    "Cannot add a witness in the same region as an existing replica when creating a global table "
      + "with MultiRegionConsistency set to STRONG.")

  static let strongIsComplete = ServiceError.validation(
    "Cannot add replicas to a global table with strong MultiRegionConsistency")

  static let witnessStays = ServiceError.validation(
    "Update table delete operation does not include all witnesses.")

  static func notWitnesses(_ region: String) -> ServiceError {
    .validation(
      "Update global table operation failed because one or more witnesses were not part of the "
        + "global table. Please retry the request without these witnesses: [\(region)].")
  }

  static let oneReplicaLeaves = ServiceError.validation(
    "Deletion of only one table replica is not supported for global tables with "
      + "MultiRegionConsistency set to STRONG.")

  // MARK: In words of our own [DDB.global.strong.words]

  static let strongWithItems = ServiceError.validation(
    "A global table with MultiRegionConsistency set to STRONG can be created from an empty table "
      + "only.")

  static let strongLocalIndexes = ServiceError.validation(
    "Local secondary indexes are not supported for global tables with MultiRegionConsistency set "
      + "to STRONG.")

  static let strongTimeToLive = ServiceError.validation(
    "Time to Live is not supported for global tables with MultiRegionConsistency set to STRONG.")

  static let strongTransaction = ServiceError.validation(
    "Transactions are not supported for global tables with MultiRegionConsistency set to STRONG.")
}
