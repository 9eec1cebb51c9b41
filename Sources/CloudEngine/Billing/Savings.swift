// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Something that could be done so that less is paid, and what it would save.
package struct Saving: Sendable, Hashable {
  package enum Action: Sendable, Hashable {
    /// Point-in-time recovery of the table is turned off.
    case recoveryOff
    /// Of DynamoDB's own backups of the table only the newest stays.
    case newestBackupOnly(deleted: Int)
    /// Warm recovery points that stay for 90 days and more move to cold storage.
    case coldStorage(vault: String, points: Int)
  }

  package let action: Action
  package let table: String
  package let place: Place
  package let amount: USD
}

extension Cloud {
  /// What could be saved over a time to come at the sizes and prices of now, most first.
  ///
  /// - Complexity: O(n) in the numbers of tables, backups and recovery points.
  package func savings(over length: Duration) -> [Saving] {
    var result: [Saving] = []
    for (place, region) in places.map({ ($0.key, $0.value) }) {
      for table in region.tables.values where table.pointInTimeRecovery != nil {
        result.append(
          Saving(
            action: .recoveryOff, table: table.name, place: place,
            amount: cost(.pitr, bytes: table.backedUpByteCount, in: place, over: length)))
      }
      result += backupSavings(in: region, at: place, over: length)
      result += coldSavings(in: region, at: place, over: length)
    }
    return result.filter { $0.amount > .zero }.sorted { left, right in
      left.amount == right.amount
        ? (left.place, left.table) < (right.place, right.table) : left.amount > right.amount
    }
  }

  private func cost(
    _ line: BillLine, bytes: Int64, in place: Place, over length: Duration
  ) -> USD {
    Ledger.Charge(
      line: line, place: place, resource: "", name: "", bytes: bytes, from: now,
      until: now + length
    ).amount
  }

  private func backupSavings(
    in region: Region, at place: Place, over length: Duration
  ) -> [Saving] {
    let own = region.backups.values.filter { $0.kind == .user }
    return Dictionary(grouping: own) { $0.table.name }.filter { $0.value.count > 1 }
      .map { name, backups in
        let older = backups.sorted { $0.createdAt < $1.createdAt }.dropLast()
        return Saving(
          action: .newestBackupOnly(deleted: older.count), table: name, place: place,
          amount: cost(
            .backup, bytes: older.reduce(0) { $0 + $1.byteCount }, in: place, over: length))
      }
  }

  /// A plan cannot keep anything in cold storage for less than 90 days, and what leaves it earlier
  /// owes the rest. [PRICE.recovery]
  private func coldSavings(
    in region: Region, at place: Place, over length: Duration
  ) -> [Saving] {
    let stays = now + .days(Int64(Lifecycle.coldDays))
    guard let backup = region.backup?.value else { return [] }
    let warm = backup.recoveryPoints.oldestFirst.filter { point in
      point.isAdvanced && !point.isCold && point.completedAt != nil && point.coldFrom == nil
        && point.expiresAt ?? stays >= stays
    }
    let groups = Dictionary(grouping: warm) { [$0.vaultName, $0.billed.name] }
    return groups.compactMap { names, points in
      guard let vault = names.first, let table = names.last else { return nil }
      let bytes = points.reduce(Int64(0)) { $0 + $1.byteCount }
      return Saving(
        action: .coldStorage(vault: vault, points: points.count), table: table, place: place,
        amount: cost(.warmBackup, bytes: bytes, in: place, over: length)
          - cost(.coldBackup, bytes: bytes, in: place, over: length))
    }
  }
}
