// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// The identity of one incarnation of a table: its place, name and id.
///
/// A table created again under the same name is another one.
package struct TableID: Hashable, Sendable, Codable {
  package let place: Place
  package let name: String
  let id: String
}

/// Something that will happen by itself when the clock reaches it.
///
/// The agenda keeps many, and moves them about: indirect, each is eight bytes there.
indirect enum Occurrence: Hashable, Sendable, Codable {
  case tableBecomesActive(TableID)
  case tableUpdateEnds(TableID)
  /// The backup machinery learns of the table, a little after its creation. [DDB.backup.ready]
  case tableBecomesKnownToBackups(TableID)
  case tableBecomesReadyForBackups(TableID)
  /// The backup machinery forgets a deleted table and, with PITR on, keeps its last state.
  case tableLeavesBackups(TableID)
  case tableDisappears(TableID)
  case indexAllocated(TableID, index: String)
  case indexBecomesActive(TableID, index: String)
  case indexDisappears(TableID, index: String)
  case warmThroughputRaised(TableID, to: Throughput)
  case statisticsRefresh(TableID)
  /// The waiting period of a key's deletion is over.
  case keyDeleted(Place, id: String)
  case keyLossNoticed(TableID)
  case keyReturnNoticed(TableID)
  case tableArchivingBegins(TableID)
  case tableArchived(TableID)
  case encryptionSwitches(TableID)
  case encryptionChangeEnds(TableID)
  case expiredItemsDeleted(TableID)
  case backupBecomesAvailable(Place, BackupKey)
  case systemBackupListed(Place, BackupKey)
  case systemBackupExpires(Place, BackupKey)
  case exportEnds(Place, arn: String)
  case importedTableAppears(Place, arn: String)
  case importEnds(Place, arn: String)
  case streamDisappears(Place, StreamKey)
  case insightsSettle(TableID, index: String?)
  case destinationSettles(TableID, stream: String)
  case replica(ReplicaOccurrence)
  case backup(BackupOccurrence)
  case ruleIsDue(Place, name: String)
  /// A period of an alarm is over.
  case alarmIsDue(Place, name: String)
  /// The event bus is told of what happened earlier.
  case busIsTold(Place, BusEvent, of: Instant)

  /// What a learner who waits is waiting for; nil for what goes on in the background.
  var transition: String? {
    switch self {
    case .tableBecomesActive(let table): "table \(table.name) becomes ACTIVE"
    case .tableUpdateEnds(let table): "table \(table.name) becomes ACTIVE again"
    case .tableBecomesReadyForBackups(let table): "table \(table.name) can be backed up"
    case .tableDisappears(let table): "table \(table.name) is gone"
    case .indexAllocated(let table, let index): "index \(index) of \(table.name) is allocated"
    case .indexBecomesActive(let table, let index): "index \(index) of \(table.name) is ACTIVE"
    case .indexDisappears(let table, let index): "index \(index) of \(table.name) is gone"
    case .warmThroughputRaised(let table, _): "the warm throughput of \(table.name) is raised"
    case .backupBecomesAvailable(_, let key): "backup \(key.id) is AVAILABLE"
    case .exportEnds(_, let arn): "export \(ARN.lastPart(arn)) ends"
    case .importedTableAppears(_, let arn): "the table of import \(ARN.lastPart(arn)) appears"
    case .importEnds(_, let arn): "import \(ARN.lastPart(arn)) ends"
    case .systemBackupListed(_, let key): "system backup \(key.id) is listed"
    case .replica(let occurrence): occurrence.transition
    case .backup(let occurrence): occurrence.transition
    case .insightsSettle(let table, let index):
      "the insights of \(index.map { "index \($0) of " } ?? "")\(table.name) are switched"
    case .destinationSettles(let table, let stream):
      "stream \(ARN.lastPart(stream)) of \(table.name) is switched"
    case .tableArchived(let table): "table \(table.name) is ARCHIVED"
    case .encryptionChangeEnds(let table): "the key of table \(table.name) is changed"
    case .keyReturnNoticed(let table): "the key of table \(table.name) is found to be back"
    case .tableBecomesKnownToBackups, .tableLeavesBackups, .statisticsRefresh, .keyDeleted,
      .keyLossNoticed, .tableArchivingBegins, .encryptionSwitches,
      .expiredItemsDeleted, .systemBackupExpires, .streamDisappears, .ruleIsDue,
      .busIsTold, .alarmIsDue:
      nil
    }
  }

  /// Where it happens; nil for what happens nowhere in particular.
  var place: Place? {
    switch self {
    case .tableBecomesActive(let table), .tableUpdateEnds(let table),
      .tableBecomesKnownToBackups(let table), .tableBecomesReadyForBackups(let table),
      .tableLeavesBackups(let table), .tableDisappears(let table), .indexAllocated(let table, _),
      .indexBecomesActive(let table, _), .indexDisappears(let table, _),
      .warmThroughputRaised(let table, _), .statisticsRefresh(let table),
      .keyLossNoticed(let table), .keyReturnNoticed(let table), .tableArchivingBegins(let table),
      .tableArchived(let table), .encryptionSwitches(let table), .encryptionChangeEnds(let table),
      .expiredItemsDeleted(let table), .insightsSettle(let table, _),
      .destinationSettles(let table, _):
      table.place
    case .keyDeleted(let place, _), .backupBecomesAvailable(let place, _),
      .systemBackupListed(let place, _), .systemBackupExpires(let place, _),
      .exportEnds(let place, _), .importedTableAppears(let place, _), .importEnds(let place, _),
      .streamDisappears(let place, _), .ruleIsDue(let place, _),
      .busIsTold(let place, _, _), .alarmIsDue(let place, _):
      place
    case .replica(let occurrence): occurrence.id.place
    case .backup(let occurrence): occurrence.place
    }
  }
}
