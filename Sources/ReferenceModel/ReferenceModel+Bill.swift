// SPDX-License-Identifier: GPL-3.0-or-later

/// What recovery and backups are billed by.
extension ReferenceModel {
  /// Ends the meter of a table's recovery.
  mutating func meter(_ table: Int, until end: Milliseconds) {
    for number in meters.indices where meters[number].table == table && meters[number].until == nil
    {
      meters[number].until = end
    }
  }

  /// All bytes metered so far, each times the milliseconds it was held: recovery and backups.
  var billed: (recovery: Int64, backups: Int64) {
    var recovery: Int64 = 0
    for meter in meters {
      var from = meter.from
      while from < meter.until ?? now {
        let age = from - tables[meter.table].createdAt
        let end = min(meter.until ?? now, from - age % (6 * hour) + 6 * hour)
        let items = counted(meter.table, at: from)
        recovery += (end - from) * Int64(items.billedSize(tables[meter.table].indexes))
        from = end
      }
    }
    let backups = self.backups.filter { !$0.isSystem }.reduce(Int64(0)) {
      $0 + Int64($1.size) * (($1.deletedAt ?? now) - $1.at)
    }
    return (recovery, backups)
  }
}
