// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// What is free of table storage: the first 25 GB-months of each month, for each payer and Region.
/// [PRICE.free]
enum FreeTier {
  private static let gigabyteMonths: Int128 = 25

  private struct Pool: Hashable {
    let place: Place
    let month: Instant
  }

  /// The entries with what is free of them, the earliest first; of one instant by heading.
  ///
  /// Each account pays for itself here, an organization's members too.
  static func applied(to entries: [BillEntry]) -> [BillEntry] {
    let positions = entries.indices.filter { entries[$0].heading.line == .table }
    guard !positions.isEmpty else { return entries }
    var result = entries
    var used: [Pool: Int128] = [:]
    for position in positions.sorted(by: { (entries[$0].from, $0) < (entries[$1].from, $1) }) {
      let entry = entries[position]
      let pool = Pool(place: entry.heading.place, month: CalendarDate(entry.from).startOfMonth)
      let left = entry.partsPerUnit * gigabyteMonths - used[pool, default: 0]
      let free = max(0, min(entry.amount, left))
      used[pool, default: 0] += free
      result[position].free = free
    }
    return result
  }
}
