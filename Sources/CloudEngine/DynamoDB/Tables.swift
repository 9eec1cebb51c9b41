// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Returns what a table is made of and how it stands.
///
/// Item count and size trail the table by up to six hours. [DDB.table.statistics]
package struct DescribeTable: DynamoDBOperation {
  let tableName: TableReference

  package static var isReadOnly: Bool { true }
  package struct Output: Encodable, Sendable { let table: TableDescription }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let id = try cloud.table(tableName, for: caller)
    return Output(table: cloud.description(of: id))
  }
}

/// Lists the names of the caller's tables in this Region, in byte order. [DDB.table.list]
package struct ListTables: DynamoDBOperation {
  let exclusiveStartTableName: String?
  let limit: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let tableNames: [String]
    let lastEvaluatedTableName: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let names = cloud[caller.place].tableNames.filter { name in
      exclusiveStartTableName.map { $0.utf8.lexicographicallyPrecedes(name.utf8) } ?? true
    }
    let page = Array(names.prefix(limit ?? 100))
    return Output(
      tableNames: page, lastEvaluatedTableName: page.count < names.count ? page.last : nil)
  }
}

/// Deletes a table and everything in it but its backups.
///
/// A table with PITR on leaves a system backup of its last state, kept 35 days.
/// [DDB.table.delete] [DDB.PITR.delete]
package struct DeleteTable: DynamoDBOperation {
  let tableName: TableReference

  package struct Output: Encodable, Sendable { let tableDescription: TableDescription }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let id = try cloud.table(tableName, for: caller)
    if let group = cloud.group(of: id) {
      return Output(tableDescription: try cloud.deleteMember(id, of: group))
    }
    let table = cloud[caller.place][id]
    try table.require(.delete)
    guard !table.settings.deletionProtection else {
      throw .validation(
        "Resource cannot be deleted as it is currently protected against deletion. "
          + "Disable deletion protection first.")
    }
    guard !cloud.isBeingBackedUp(id) else { throw .inUse("Table is being backed up: \(id.name)") }
    // Every refusal is above this line.
    cloud.closeStream(of: id)
    cloud[caller.place][id].status = .deleting
    cloud[caller.place][id].stopSending()
    cloud.meterTable(of: id)
    cloud.agenda.schedule(.tableLeavesBackups(id), at: cloud.now + Delays.forgottenByBackups)
    cloud.agenda.schedule(.tableDisappears(id), at: cloud.now + Delays.deleting)
    return Output(tableDescription: cloud[caller.place][id].description)
  }
}

// MARK: - What happens to tables by themselves

extension Cloud {
  /// Carries out what the agenda says is due now.
  ///
  /// Occurrences of a table that is gone do nothing.
  mutating func happen(_ occurrence: Occurrence) {
    switch occurrence {
    case .tableBecomesActive(let id): tableBecomesActive(id)
    case .tableUpdateEnds(let id):
      changeTable(id) { if $0.status == .updating { $0.status = $0.restingStatus } }
    case .tableBecomesKnownToBackups(let id):
      changeTable(id) { if $0.backupReadiness == .unknown { $0.backupReadiness = .beingEnabled } }
    case .tableBecomesReadyForBackups(let id):
      changeTable(id) { if $0.status != .deleting { $0.backupReadiness = .ready } }
    case .tableLeavesBackups(let id): tableLeavesBackups(id)
    case .tableDisappears(let id): tableDisappears(id)
    case .indexAllocated(let id, let index): indexAllocated(id, index)
    case .indexBecomesActive(let id, let index): indexBecomesActive(id, index)
    case .indexDisappears(let id, let index): indexDisappears(id, index)
    case .warmThroughputRaised(let id, let target): warmThroughputRaised(id, to: target)
    case .statisticsRefresh(let id): refreshStatistics(id)
    case .exportEnds(let place, let arn): exportEnds(arn, in: place)
    case .importedTableAppears(let place, let arn): importedTableAppears(arn, in: place)
    case .importEnds(let place, let arn): importEnds(arn, in: place)
    case .expiredItemsDeleted(let id): deleteExpiredItems(of: id)
    case .keyDeleted(let place, let key): keyDeleted(key, in: place)
    case .keyLossNoticed(let id): keyLossNoticed(id)
    case .keyReturnNoticed(let id): keyReturnNoticed(id)
    case .tableArchivingBegins(let id): tableArchivingBegins(id)
    case .tableArchived(let id): tableArchived(id)
    case .encryptionSwitches(let id): encryptionSwitches(id)
    case .encryptionChangeEnds(let id): encryptionChangeEnds(id)
    case .ruleIsDue(let place, let name): ruleIsDue(name, in: place)
    case .alarmIsDue(let place, let name): alarmIsDue(name, in: place)
    case .busIsTold(let place, let event, let instant): emit(event, in: place, of: instant)
    case .backupBecomesAvailable(let place, let key): backupBecomesAvailable(key, in: place)
    case .systemBackupListed: break  // a backup knows itself from when on it is listed
    case .systemBackupExpires(let place, let key): systemBackupExpires(key, in: place)
    case .streamDisappears(let place, let key): streamDisappears(key, in: place)
    case .replica(let occurrence): happen(occurrence)
    case .backup(let occurrence): happen(occurrence)
    case .insightsSettle(let id, let index): insightsSettle(id, index: index)
    case .destinationSettles(let id, let stream): destinationSettles(id, stream: stream)
    }
  }

  /// True while the very table an occurrence is about still exists.
  func exists(_ id: TableID) -> Bool {
    self[id.place].tables.address(of: id.name)?.pointee.identity == id
  }

  mutating func changeTable(_ id: TableID, _ change: (inout Table) -> Void) {
    guard exists(id) else { return }
    change(&self[id.place][id])
  }

  private mutating func tableBecomesActive(_ id: TableID) {
    guard exists(id) else { return }
    if let loss = self[id.place][id].keyLoss, loss.backSince == nil {
      // It stays CREATING for about an hour and then is gone without a word. [DDB.kms.creating]
      agenda.schedule(.tableDisappears(id), at: max(now, loss.since + KeyLoss.givingUp))
      return
    }
    changeTable(id) { table in
      table.status = .active
      table.restore = nil
      for index in table.settings.globalIndexes.indices {
        table.settings.globalIndexes[index].status = .active
      }
      if table.backupReadiness == .unknown { table.backupReadiness = .beingEnabled }
    }
    noteWrites(to: id)
    meterTable(of: id)
  }

  private mutating func tableDisappears(_ id: TableID) {
    guard exists(id) else { return }
    changeTable(id) { $0.status = .deleting }
    meterTable(of: id)
    self[id.place].tables[id.name] = nil
  }

  /// Sees to it that counts and sizes catch up with a write within six hours.
  mutating func noteWrites(to id: TableID) {
    guard !self[id.place][id].statisticsAreStale else { return }
    self[id.place][id].statisticsAreStale = true
    let interval = TableStatistics.interval
    let age = now - self[id.place][id].createdAt
    let elapsed = age.wholeMilliseconds / interval.wholeMilliseconds
    let due =
      self[id.place][id].createdAt
      + .milliseconds((elapsed + 1) * interval.wholeMilliseconds)
    agenda.schedule(.statisticsRefresh(id), at: due)
  }

  /// Brings a table's counts and sizes up to date, and its bill with them.
  mutating func refreshStatistics(_ id: TableID) {
    guard exists(id) else { return }
    self[id.place][id].refreshStatistics()
    meterTable(of: id)
  }
}
