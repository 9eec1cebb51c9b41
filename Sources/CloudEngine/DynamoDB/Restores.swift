// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
import ItemModel
import PersistentCollections
import Simulation
import TableStore

/// Creates a new table holding what a backup holds.
///
/// It never overwrites: the target's name must be free. One backup feeds one restore at a time. In
/// another Region than the backup's the request goes to the destination's endpoint and must say how
/// the new table is encrypted. [DDB.restore.backup]
package struct RestoreTableFromBackup: DynamoDBOperation {
  let targetTableName: String
  let backupArn: String
  let billingModeOverride: BillingMode?
  let globalSecondaryIndexOverride: [IndexSpecification]?
  let localSecondaryIndexOverride: [LocalIndexSpecification]?
  let provisionedThroughputOverride: ProvisionedThroughput?
  let onDemandThroughputOverride: OnDemandThroughput?
  let sseSpecificationOverride: SSESpecification?

  package struct Output: Encodable, Sendable { let tableDescription: TableDescription }

  package static func check(_ input: Document) throws(ServiceError) {
    try TargetName.checkLength(in: input)
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let arn = try BackupReference.parse(backupArn)
    guard arn.account == caller.account else { throw .accessDenied() }
    try CrossRegion.check(
      from: arn.region, to: caller.region, encryption: sseSpecificationOverride,
      otherwise: .invalidRequest("BackupArn is not valid"))
    let home = Caller(account: arn.account, region: arn.region, principal: caller.principal)
    let backup = try cloud.backup(backupArn, for: home)
    try cloud.requireFree(target: targetTableName, for: caller)
    guard !cloud.isFeedingRestore(backup.arn, account: caller.account) else {
      throw .backupFeedsAnotherRestore(backup.arn)
    }
    try cloud.requireRestoreCapacity(of: caller.account)
    let settings = try overrides.settings(
      from: backup.settings, named: targetTableName, in: cloud, for: caller)
    // The backup is under the key its table was under then, wherever the table has moved since.
    try cloud.requireUsable(backup.settings.encryption)
    // Every refusal is above this line.
    let id = cloud.restore(
      backup.image, as: settings,
      origin: RestoreOrigin(
        backupARN: backup.arn, tableARN: backup.tableARN, instant: backup.createdAt),
      declaredByteCount: backup.declaredByteCount, from: home.place, to: caller.place)
    return Output(tableDescription: cloud[caller.place][id].description)
  }

  private var overrides: RestoreOverrides {
    RestoreOverrides(
      billingMode: billingModeOverride, globalIndexes: globalSecondaryIndexOverride,
      localIndexes: localSecondaryIndexOverride, throughput: provisionedThroughputOverride,
      onDemandThroughput: onDemandThroughputOverride, encryption: sseSpecificationOverride)
  }
}

/// Creates a new table holding what another table held at one second.
///
/// Items come from the chosen second: every write committed at or before it. Settings come from the
/// source table *as it is now*; tags, TTL, streams, deletion protection, table class and recovery
/// itself are not carried over. [DDB.PITR.restore]
package struct RestoreTableToPointInTime: DynamoDBOperation {
  let sourceTableArn: String?
  let sourceTableName: String?
  let targetTableName: String
  let useLatestRestorableTime: Bool?
  let restoreDateTime: Timestamp?
  let billingModeOverride: BillingMode?
  let globalSecondaryIndexOverride: [IndexSpecification]?
  let localSecondaryIndexOverride: [LocalIndexSpecification]?
  let provisionedThroughputOverride: ProvisionedThroughput?
  let onDemandThroughputOverride: OnDemandThroughput?
  let sseSpecificationOverride: SSESpecification?

  package struct Output: Encodable, Sendable { let tableDescription: TableDescription }

  package static func check(_ input: Document) throws(ServiceError) {
    try TargetName.checkLength(in: input)
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    try checkMembers()
    let home = try sourceCaller(for: caller)
    try CrossRegion.check(
      from: home.region, to: caller.region, encryption: sseSpecificationOverride,
      otherwise: .invalidValues("sourceTableArn is not a valid ARN"))
    let source = try cloud.backedUpTable(
      TableReference(sourceTableName ?? sourceTableArn ?? ""), for: home, needsReady: false)
    let table = cloud[home.place][source]
    guard let window = table.restoreWindow(at: cloud.now) else {
      throw .recoveryNotEnabled(source.name)
    }
    let moment = restoreDateTime?.instant.flooredToSecond ?? window.upperBound
    guard window.contains(moment) else { throw .invalidRestoreTime(moment, outside: window) }
    try cloud.requireFree(target: targetTableName, for: caller)
    try cloud.requireRestoreCapacity(of: caller.account)
    let settings = try overrides.settings(
      from: table.settings, named: targetTableName, in: cloud, for: caller)
    try cloud.requireUsable(table.encryption(at: moment))
    // Every refusal is above this line.
    let id = cloud.restore(
      table.store.image(at: moment), as: settings,
      origin: RestoreOrigin(backupARN: nil, tableARN: table.arn, instant: moment),
      declaredByteCount: table.declaredByteCount, from: home.place, to: caller.place)
    return Output(tableDescription: cloud[caller.place][id].description)
  }

  private var overrides: RestoreOverrides {
    RestoreOverrides(
      billingMode: billingModeOverride, globalIndexes: globalSecondaryIndexOverride,
      localIndexes: localSecondaryIndexOverride, throughput: provisionedThroughputOverride,
      onDemandThroughput: onDemandThroughputOverride, encryption: sseSpecificationOverride)
  }

  private func checkMembers() throws(ServiceError) {
    switch (sourceTableArn, sourceTableName) {
    case (_?, _?):
      throw .validation("Must provide exactly one of: sourceTableArn, sourceTableName")
    case (nil, nil):
      throw .validation("The parameter 'TableName' is required but was not present in the request")
    default: break
    }
    switch (useLatestRestorableTime ?? false, restoreDateTime) {
    case (true, _?):
      throw .invalidRequest(
        "Both RestoreDateTime and UseLatestRestorableTime cannot be set for point-in-time restore "
          + "request. Please specify either RestoreDateTime time or UseLatestRestorableTime")
    case (false, nil):
      throw .invalidRequest(
        "Either one of RestoreDateTime or UseLatestRestorableTime must be specified, but not both")
    default: break
    }
  }

  /// The caller as the source table's own Region sees it.
  private func sourceCaller(for caller: Caller) throws(ServiceError) -> Caller {
    guard let sourceTableArn else { return caller }
    guard let arn = ARN(sourceTableArn), arn.tableName != nil,
      let partition = Partition(ofRegion: arn.region), partition.rawValue == arn.partition
    else {
      throw .invalidValues("sourceTableArn is not a valid ARN")
    }
    guard arn.account == caller.account else {
      throw .validation(
        "This action is only supported by accounts that match the resource owner’s account.")
    }
    return Caller(account: caller.account, region: arn.region, principal: caller.principal)
  }
}

/// The rules for the name of a restored table. [DDB.restore.overrides]
enum TargetName {
  /// Refuses a name that is too short or too long in the words for any table's name.
  static func checkLength(in input: Document) throws(ServiceError) {
    guard let name = input["TargetTableName"]?.string, !(3...255).contains(name.utf8.count) else {
      return
    }
    try TableName.check(name)
  }
}

/// The rules for a restore into another Region than the source's. [DDB.restore.regions]
enum CrossRegion {
  /// Refuses a restore between Regions that the service would not do.
  ///
  /// - Parameters:
  ///   - source: The Region of the backup or table.
  ///   - destination: The Region of the endpoint asked.
  ///   - encryption: The request's encryption override; required between Regions.
  ///   - foreign: The refusal when the Regions lie in different partitions.
  /// - Throws: A validation error, or `foreign`.
  static func check(
    from source: String, to destination: String, encryption: SSESpecification?,
    otherwise foreign: ServiceError
  ) throws(ServiceError) {
    guard source != destination else { return }
    guard Partition(ofRegion: source) == Partition(ofRegion: destination) else { throw foreign }
    for region in [source, destination]
    where Partition.withoutCrossRegionRestore.contains(region) {
      throw .invalidRequest("Cross-region restore is not supported in Region \(region)")
    }
    guard encryption != nil else {
      throw .invalidRequest("sseSpecificationOverride must be provided for cross-region restores")
    }
  }
}

extension Cloud {
  fileprivate func requireFree(target: String, for caller: Caller) throws(ServiceError) {
    guard let existing = self[caller.place].tables[target] else { return }
    guard let restore = existing.restore else { throw .tableAlreadyExistsForRestore(target) }
    throw .alreadyBeingRestored(target, from: restore.backupARN ?? restore.tableARN)
  }

  fileprivate func requireRestoreCapacity(of account: String) throws(ServiceError) {
    guard restores(of: account).count < Limits.concurrentRestores else {
      throw .limitExceeded(
        "Subscriber limit exceeded: Only \(Limits.concurrentRestores) restore operations can be "
          + "done simultaneously")
    }
  }

  /// Begins a restore: a new, independent table that becomes ACTIVE minutes later.
  ///
  /// - Complexity: O(1) in the table's size while no index is dropped, renamed or rebuilt.
  mutating func restore(
    _ image: TableImage, as settings: TableSettings, origin: RestoreOrigin,
    declaredByteCount: Int64?, from source: Place, to place: Place,
    taking duration: Duration? = nil,
    billedAs line: BillLine = .restore
  ) -> TableID {
    let id = TableID(place: place, name: settings.name, id: identifiers.uuid("table"))
    let restored = image.reconciled(with: settings.storedIndexes)
    var table = Table(
      identity: id, createdAt: now, settings: settings, store: StoredTable(image: restored))
    table.restore = origin
    table.declaredByteCount = declaredByteCount
    insert(
      table,
      becomesActiveAfter: duration
        ?? Delays.restoring(
          byteCount: declaredByteCount ?? Int64(image.byteCount),
          indexes: settings.localIndexes.count + settings.globalIndexes.count,
          crossingRegions: source != place))
    chargeRestore(
      of: table, bytes: restored.billedByteCount(declared: declaredByteCount, of: image),
      from: source, as: line)
    return id
  }
}

extension Cloud {
  /// A restore is paid by the data it brings, and one from another Region by what leaves that too.
  /// [PRICE.restore]
  private mutating func chargeRestore(
    of table: Table, bytes: Int64, from source: Place, as line: BillLine
  ) {
    for (line, place) in [(line, table.identity.place), (.transfer, source)]
    where line != .transfer || source != table.identity.place {
      meters.charge(line, of: table.billed(in: place), bytes: bytes, at: now)
    }
  }
}

extension TableImage {
  /// What a restore of this image is paid by: its items and the indexes that come with them.
  ///
  /// - Parameters:
  ///   - declared: What the source's table and local indexes stand for, if more than they hold.
  ///   - source: The source's image, whose share of the declared size this one has.
  /// - Returns: Bytes.
  fileprivate func billedByteCount(declared: Int64?, of source: TableImage) -> Int64 {
    let own = indexes.reduce(byteCount) { $0 + $1.byteCount }
    guard let declared else { return Int64(own) }
    let local = source.indexes.filter { $0.definition.kind == .local }
    let standsFor = local.reduce(source.byteCount) { $0 + $1.byteCount }
    guard standsFor > 0 else { return declared }
    return Int64((Double(declared) * Double(own) / Double(standsFor)).rounded())
  }

  /// The same items with exactly these indexes; equal ones are shared, not built anew.
  func reconciled(with indexes: [IndexDefinition]) -> TableImage {
    var result = self
    result.reconcileIndexes(with: indexes)
    return result
  }
}
