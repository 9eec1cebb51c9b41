// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// The same without an engine: second by second, with flat arrays, and sums by hand.
///
/// Of the engine it shares the order in which chance is drawn, and nothing else: no agenda, no
/// ledger, no prices.
extension PlanYear {
  /// A recovery point as three instants, in milliseconds.
  private struct Point {
    let table: Int
    let isArchive: Bool
    let begun: Int64
    let warmFrom: Int64
    /// Random, within eight hours of the end that its lifecycle sets.
    let gone: Int64
    /// The full hour after its days in warm storage; nil for what never gets cold.
    let coldFrom: Int64?
  }

  /// Something due at a second.
  private enum Due {
    case begins(table: Int, isArchive: Bool)
    case ends(table: Int, isArchive: Bool, begun: Int64)
  }

  private static let hour: Int64 = 3_600

  /// What engine and bill should come to.
  ///
  /// - Complexity: O(1) for each second and for each job.
  package func expected() -> Result {
    var result = Result()
    let points = points(&result)
    let until = end.milliseconds
    for point in points {
      let isCold = point.coldFrom.map { $0 <= until } ?? false
      let isKept = point.gone > until
      result.cooled += isCold ? 1 : 0
      result.kept += isKept ? 1 : 0
      result.keptCold += isKept && isCold ? 1 : 0
      result.expired += isKept ? 0 : 1
    }
    result.completed = points.count
    result.cost = cost(of: points, until: until)
    return result
  }

  /// All recovery points, in the order in which they were completed.
  private func points(_ result: inout Result) -> [Point] {
    let tables = allTables
    // Rules start the jobs of an account's tables, which come by name.
    let byAccount = Self.accounts.indices.map { account in
      tables.indices.filter { tables[$0].account == account }
    }
    var chance = IdentifierSource(seed: seed)
    var isBusy = [Bool](repeating: false, count: tables.count)
    // No start lies two hours ahead, so a ring of three hours holds what is due.
    var ring = [[Due]](repeating: [], count: Int(3 * Self.hour))
    var points: [Point] = []
    let first = start.milliseconds / 1_000
    for second in first..<(end.milliseconds / 1_000 + 1) {
      let slot = Int(second % (3 * Self.hour))
      if ring[slot].isEmpty, second % 1_800 != 0 { continue }
      let days = second / (24 * Self.hour)
      // 1 January 1970 was a Thursday; archives are made on Sundays at half past midnight.
      let isArchive = second % (24 * Self.hour) == 1_800 && days % 7 == 3
      // Plans come before what they set going: their turn was settled an hour or a week ago.
      if second % Self.hour == 0 || isArchive {
        for table in byAccount.joined() {
          let delay = 300 + Int(chance.draw("backup-start") % 3_300)
          ring[(slot + delay) % ring.count].append(.begins(table: table, isArchive: isArchive))
          result.jobs += 1
        }
      }
      let due = ring[slot]
      ring[slot] = []
      for event in due {
        switch event {
        case .begins(let table, let isArchive):
          if isBusy[table] {
            ring[(slot + 600) % ring.count].append(event)
          } else {
            isBusy[table] = true
            let minutes = 5 + tables[table].bytes / (10 << 30)
            ring[(slot + Int(minutes) * 60) % ring.count].append(
              .ends(table: table, isArchive: isArchive, begun: second))
          }
        case .ends(let table, let isArchive, let begun):
          isBusy[table] = false
          let delay = Int64(chance.draw("expiry") % (8 * 3_600_000))
          points.append(
            point(table, isArchive, begun: begun, ended: second, delay: delay))
        }
      }
    }
    return points
  }

  private func point(
    _ table: Int, _ isArchive: Bool, begun: Int64, ended: Int64, delay: Int64
  ) -> Point {
    let day: Int64 = 86_400_000
    let days = isArchive ? Self.archiveDays : Self.hourlyDays
    let cold = begun * 1_000 + Int64(Self.coldAfterDays) * day
    let hour = Self.hour * 1_000
    return Point(
      table: table, isArchive: isArchive, begun: begun * 1_000, warmFrom: ended * 1_000,
      // Ten seconds pass between the beginning of its deletion and its end.
      gone: begun * 1_000 + Int64(days) * day + delay + 10_000,
      coldFrom: isArchive ? (cold + hour - 1) / hour * hour : nil)
  }

  // MARK: Money

  /// Millionths of a dollar for a GB-month, as the price list of us-east-1 says.
  private static let prices: [String: Int128] = [
    "pitr": 200_000, "warm": 100_000, "cold": 30_000, "table": 250_000,
  ]

  private func cost(of points: [Point], until end: Int64) -> [String: Int128] {
    let months = months(until: end)
    // Byte-milliseconds by line and table and month; a bill is rounded once for each.
    var sums: [String: [[Int128]]] = [:]
    let empty = [[Int128]](
      repeating: [Int128](repeating: 0, count: months.count), count: tables)
    let all = allTables
    func add(_ line: String, _ table: Int, from: Int64, until: Int64) {
      for (index, month) in months.enumerated() {
        let held = min(until, month.until) - max(from, month.from)
        guard held > 0 else { continue }
        sums[line, default: empty][table][index] += Int128(held) * Int128(all[table].bytes)
      }
    }
    for point in points {
      let gone = min(point.gone, end)
      add("warm", point.table, from: point.warmFrom, until: min(point.coldFrom ?? gone, gone))
      if let cold = point.coldFrom { add("cold", point.table, from: cold, until: gone) }
    }
    let enabled = start.milliseconds - Self.hour * 1_000 + 300_000
    for (number, table) in all.enumerated() {
      add("table", number, from: enabled, until: end)
      if table.hasRecovery { add("pitr", number, from: enabled, until: end) }
    }
    // The first 25 GB-months of each account's tables are free, by name.
    for (index, month) in months.enumerated() {
      var free = [Int128](
        repeating: Int128(25 << 30) * Int128(month.until - month.from), count: Self.accounts.count)
      for (number, table) in all.enumerated() {
        let used = min(sums["table"]?[number][index] ?? 0, free[table.account])
        free[table.account] -= used
        sums["table"]?[number][index] -= used
      }
    }
    return sums.reduce(into: [:]) { result, entry in
      let price = Self.prices[entry.key] ?? 0
      for table in entry.value {
        for (index, amount) in table.enumerated() {
          let length = Int128(months[index].until - months[index].from) << 30
          // Ten-billionths of a dollar: twice that and one more, halved, is rounding half up.
          result[entry.key, default: 0] += (amount * price * 20_000 / length + 1) / 2
        }
      }
    }
  }

  /// The calendar months of the run, the first from its first instant.
  private func months(until end: Int64) -> [(from: Int64, until: Int64)] {
    var result: [(from: Int64, until: Int64)] = []
    var (year, month) = (2026, 2)
    // 1 February 2026.
    var from: Int64 = 1_769_904_000_000
    while from < end {
      let isLeap = year % 4 == 0
      let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
      let until = from + Int64(days) * 86_400_000
      result.append((from, until))
      from = until
      (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
    }
    return result
  }
}
