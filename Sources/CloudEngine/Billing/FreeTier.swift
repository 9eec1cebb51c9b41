// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// What is free: of table storage the first 25 GB-months of each month, for each payer and Region, and
/// of requests to keys the first 20,000, for each payer. [PRICE.free] [PRICE.keyRequests]
enum FreeTier {
  private struct Pool: Hashable {
    let line: BillLine
    let account: String
    /// Nil where all Regions have one together.
    let region: String?
    let month: Instant
  }

  /// How many priced units of a line are free in a month; nil for none.
  private static func units(of line: BillLine) -> Int128? {
    switch line {
    case .table: 25
    case .keyRequest: 20_000
    default: nil
    }
  }

  /// The entries with what is free of them, the earliest first; of one instant by heading.
  ///
  /// Each account pays for itself here, an organization's members too.
  static func applied(to entries: [BillEntry]) -> [BillEntry] {
    let positions = entries.indices.filter { units(of: entries[$0].heading.line) != nil }
    guard !positions.isEmpty else { return entries }
    var result = entries
    var used: [Pool: Int128] = [:]
    for position in positions.sorted(by: { (entries[$0].from, $0) < (entries[$1].from, $1) }) {
      let entry = entries[position]
      let (line, place) = (entry.heading.line, entry.heading.place)
      let pool = Pool(
        line: line, account: place.account, region: line == .keyRequest ? nil : place.region,
        month: CalendarDate(entry.from).startOfMonth)
      let left = entry.partsPerUnit * (units(of: line) ?? 0) - used[pool, default: 0]
      let free = max(0, min(entry.amount, left))
      used[pool, default: 0] += free
      result[position].free = free
    }
    return result
  }
}
