// SPDX-License-Identifier: GPL-3.0-or-later

package import Simulation
import TableStore

/// The point-in-time recovery of one table while it is on.
///
/// What has once left the window never comes back: neither a longer period nor anything else moves
/// the earliest instant back. [DDB.PITR.window]
package struct PointInTimeRecovery: Sendable, Hashable, Codable {
  static let periods = 1...35
  static let defaultPeriodDays = 35
  /// How far the latest restorable instant trails the present.
  static let lag: Duration = .seconds(300)

  let enabledAt: Instant
  private(set) var periodDays: Int
  private var recordedStart: Instant

  /// Recovery that is switched on now, with a period of 1 to 35 days.
  init(enabledAt now: Instant, periodDays: Int = defaultPeriodDays) {
    enabledAt = now
    recordedStart = now
    self.periodDays = periodDays
  }

  /// The instant before which the history is gone for good.
  func historyStart(at now: Instant) -> Instant {
    max(recordedStart, now - .days(Int64(periodDays)))
  }

  /// Changes the recovery period: a shorter one forgets at once, a longer one grows as time passes.
  mutating func setPeriod(days: Int, at now: Instant) {
    recordedStart = historyStart(at: now)
    periodDays = days
    recordedStart = historyStart(at: now)
  }

  /// The first and last second that can be restored.
  package func restoreWindow(at now: Instant) -> ClosedRange<Instant> {
    let earliest = historyStart(at: now).ceiledToSecond
    let latest = max(enabledAt.ceiledToSecond, (now - Self.lag).flooredToSecond)
    return earliest...max(earliest, latest)
  }
}

/// Switches point-in-time recovery of a table on or off, or changes its period.
///
/// Off forgets all history; on again begins anew, with 35 days unless a period is given. The table
/// stays ACTIVE throughout. [DDB.PITR.update]
package struct UpdateContinuousBackups: DynamoDBOperation {
  let tableName: TableReference
  let pointInTimeRecoverySpecification: Specification

  struct Specification: Decodable, Sendable {
    let pointInTimeRecoveryEnabled: Bool
    let recoveryPeriodInDays: Int?
  }

  package struct Output: Encodable, Sendable {
    let continuousBackupsDescription: ContinuousBackupsDescription
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let asked = pointInTimeRecoverySpecification
    if !asked.pointInTimeRecoveryEnabled, asked.recoveryPeriodInDays != nil {
      throw .invalidRequest(
        "Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.")
    }
    let id = try cloud.backedUpTable(tableName, for: caller, needsReady: true)
    // Every refusal is above this line.
    cloud.setRecovery(
      of: id, enabled: asked.pointInTimeRecoveryEnabled, periodDays: asked.recoveryPeriodInDays)
    return Output(
      continuousBackupsDescription: cloud[caller.place][id].continuousBackups(at: cloud.now))
  }
}

/// Returns whether a table can be backed up and, with recovery on, its restore window.
///
/// `ContinuousBackupsStatus` ENABLED does not mean that point-in-time recovery is on.
/// [DDB.PITR.describe]
package struct DescribeContinuousBackups: DynamoDBOperation {
  let tableName: TableReference

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let continuousBackupsDescription: ContinuousBackupsDescription
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let id = try cloud.backedUpTable(tableName, for: caller, needsReady: false)
    return Output(
      continuousBackupsDescription: cloud[caller.place][id].continuousBackups(at: cloud.now))
  }
}

struct ContinuousBackupsDescription: Encodable, Sendable {
  let continuousBackupsStatus: String
  let pointInTimeRecoveryDescription: Recovery

  struct Recovery: Encodable, Sendable {
    let pointInTimeRecoveryStatus: String
    let recoveryPeriodInDays: Int?
    let earliestRestorableDateTime: Timestamp?
    let latestRestorableDateTime: Timestamp?
  }
}

extension Table {
  /// This table's window, as a check or a timeline needs it; nil while recovery is off.
  package func restoreWindow(at now: Instant) -> ClosedRange<Instant>? {
    pointInTimeRecovery?.restoreWindow(at: now)
  }

  func continuousBackups(at now: Instant) -> ContinuousBackupsDescription {
    let window = restoreWindow(at: now)
    return ContinuousBackupsDescription(
      continuousBackupsStatus: backupReadiness == .ready ? "ENABLED" : "DISABLED",
      pointInTimeRecoveryDescription: .init(
        pointInTimeRecoveryStatus: window == nil ? "DISABLED" : "ENABLED",
        recoveryPeriodInDays: pointInTimeRecovery?.periodDays,
        earliestRestorableDateTime: window.map { Timestamp($0.lowerBound) },
        latestRestorableDateTime: window.map { Timestamp($0.upperBound) }))
  }
}

extension Cloud {
  /// Switches recovery; a period of nil keeps the present one, or means 35 days at first.
  mutating func setRecovery(of id: TableID, enabled: Bool, periodDays: Int?) {
    let now = now
    changeTable(id) { table in
      switch (table.pointInTimeRecovery, enabled) {
      case (nil, true):
        table.pointInTimeRecovery = PointInTimeRecovery(
          enabledAt: now, periodDays: periodDays ?? PointInTimeRecovery.defaultPeriodDays)
        table.store.startHistory(at: now)
      case (_?, true):
        if let periodDays {
          table.pointInTimeRecovery?.setPeriod(days: periodDays, at: now)
        }
      case (_, false):
        table.pointInTimeRecovery = nil
        table.store.stopHistory()
      }
    }
    meterTable(of: id)
  }

  /// Makes the bill follow what a table costs from now on: its storage, and its recovery by its size,
  /// never its period; nothing once the table is being deleted.
  mutating func meterTable(of id: TableID) {
    let table = self[id.place][id]
    let isKept = table.status != .deleting
    let isStandard = table.settings.tableClass == .standard
    let stored = table.storedByteCount
    for (line, bytes, isMetered) in [
      (BillLine.pitr, table.backedUpByteCount, table.pointInTimeRecovery != nil),
      (.table, stored, stored > 0 && isStandard),
      (.infrequentTable, stored, stored > 0 && !isStandard),
    ] {
      if isKept, isMetered {
        meters.set(line, of: table.billed(in: id.place), bytes: bytes, at: now)
      } else {
        meters.stop(line, resource: table.arn, in: id.place, at: now)
      }
    }
  }

  /// The backup machinery takes leave of a table: with recovery on, it keeps the last state.
  mutating func tableLeavesBackups(_ id: TableID) {
    guard exists(id) else { return }
    let table = self[id.place][id]
    // Recovery ends here too, so that nothing meters it again in the table's last seconds.
    changeTable(id) {
      $0.backupReadiness = .unknown
      $0.pointInTimeRecovery = nil
      $0.store.stopHistory()
    }
    guard table.pointInTimeRecovery != nil else { return }
    let deletedAt = now - Delays.forgottenByBackups
    let backup = Backup(
      of: table, id: Backup.id(at: deletedAt, suffix: "00000000"),
      name: "\(table.name)$DeletedTableBackup", kind: .system, at: deletedAt)
    keep(backup)
    agenda.schedule(
      .systemBackupListed(id.place, backup.key), at: backup.listedFrom)
    agenda.schedule(
      .systemBackupExpires(id.place, backup.key), at: deletedAt + Backup.systemBackupLife)
  }
}
