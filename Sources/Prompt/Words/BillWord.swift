// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import StateStore
import Terminal

extension Console {
  /// `bill [TABLE]`: what PITR and backups cost so far, and what the next 30 days would.
  func bill(_ call: Call) throws -> Int32 {
    let session = try world()
    let name = try call.onlyArgument()
    let lines = BillReader(cloud: session.cloud).lines(of: name)
    let start = session.opening.start.clock
    if settings.printsJSON {
      answer([
        "from": .string(start.rfc3339), "until": .string(session.now.rfc3339),
        "currency": "USD", "lines": .array(lines.map(\.document)),
      ])
      return 0
    }
    guard !lines.isEmpty else {
      tell(
        name.map { "Nothing of \(plain($0)) is billed: no PITR and no backup storage." }
          ?? "Nothing is billed yet: no table has PITR on, and there are no backups or exports.")
      return 0
    }
    var rows = [["", "line", "GB", "so far", "next 30 days"]]
    for line in lines {
      rows.append([
        plain(line.name), "\(line.line.rawValue) \(line.region)", small(line.gigabytes, 3),
        small(line.soFar, 4), small(line.next, 4),
      ])
    }
    rows.append([
      "total", "", "", small(lines.reduce(0) { $0 + $1.soFar }, 4),
      small(lines.reduce(0) { $0 + $1.next }, 4),
    ])
    table(rows, right: [2, 3, 4])
    say()
    let charges = session.cloud.ledger.charges(from: .distantPast, until: session.now)
    let first = charges.map(\.from).min() ?? start
    let how =
      lines.contains { $0.line.isPaidOnce }
      ? "storage by the hour held, restores and transfers once" : "metered by the hour held"
    tell("USD, \(how), from \(first.rfc3339) to \(session.now.rfc3339).")
    if lines.contains(where: { !PriceTable.isListed($0.line, in: $0.region) }) {
      tell("Prices of some Regions are derived from us-east-1's, not listed ones.")
    }
    tell("Reads, writes and table storage are not on this bill: only what going back costs.")
    return 0
  }
}

/// A number with its decimals, or `<0.0001` for what would look like nothing.
private func small(_ value: Double, _ places: Int) -> String {
  let text = decimal(value, places)
  guard value > 0, text.allSatisfy({ "0.".contains($0) }) else { return text }
  return "<" + text.dropLast() + "1"
}

/// Adds the ledger up.
struct BillReader {
  let cloud: Cloud

  struct Line {
    let name: String
    let line: BillLine
    let region: String
    /// What is held now, or was moved so far.
    let gigabytes: Double
    let soFar: Double
    /// What the next 30 days cost if nothing is done.
    let next: Double

    var document: Document {
      [
        "name": .string(name), "line": .string(line.rawValue), "region": .string(region),
        "usageType": .string(line.usageType), "gigabytes": .double(gigabytes),
        "soFar": .double(soFar), "next30Days": .double(next),
      ]
    }
  }

  private struct Key: Hashable, Comparable {
    let name: String
    let region: String
    let line: BillLine

    static func < (left: Key, right: Key) -> Bool {
      (left.name, left.region, left.line) < (right.name, right.region, right.line)
    }
  }

  /// The lines of all tables, or of one: by name, Region and line.
  func lines(of name: String?) -> [Line] {
    var later = cloud
    later.advance(by: .days(30))
    let past = cloud.ledger.charges(from: .distantPast, until: cloud.now)
    let future = later.ledger.charges(from: cloud.now, until: later.now)
    var sums: [Key: (soFar: Double, next: Double, bytes: Int64)] = [:]
    for charge in past {
      sums[key(charge), default: (0, 0, 0)].soFar += charge.cost
      // Of what is paid once, all that was moved so far.
      if charge.line.isPaidOnce { sums[key(charge), default: (0, 0, 0)].bytes += charge.bytes }
    }
    for charge in future {
      sums[key(charge), default: (0, 0, 0)].next += charge.cost
      if charge.from == cloud.now { sums[key(charge), default: (0, 0, 0)].bytes += charge.bytes }
    }
    return sums.keys.sorted().filter { name == nil || $0.name == name }.map { key in
      let sum = sums[key] ?? (0, 0, 0)
      return Line(
        name: key.name, line: key.line, region: key.region,
        gigabytes: Double(sum.bytes) / PriceTable.bytesPerGB, soFar: sum.soFar, next: sum.next)
    }
  }

  private func key(_ charge: Ledger.Charge) -> Key {
    Key(name: charge.name, region: charge.place.region, line: charge.line)
  }
}

extension Instant {
  /// Before everything the clock can say.
  static var distantPast: Instant { Instant(milliseconds: 0) }
}
