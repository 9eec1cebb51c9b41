// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Terminal

/// Adds the ledger up: so far, and over the next 30 days if nothing is done.
struct BillReader {
  static let ahead: Duration = .days(30)
  private static let cent = USD(USD.perDollar / 100)

  /// One line of the bill: quantity × price = amount.
  struct Line {
    let heading: BillHeading
    /// Priced units so far without what is free, in ten-billionths.
    let quantity: Int128
    /// What is held now, or was moved so far, in bytes; of keys, how many.
    let held: Int128
    let soFar: USD
    let next: USD

    var price: Price { heading.price }
  }

  let cloud: Cloud
  /// Everything but table storage.
  let lines: [Line]
  /// What the tables cost by themselves, backed up or not.
  let storage: (soFar: USD, next: USD)

  /// - Parameters:
  ///   - cloud: The world's.
  ///   - subject: The name of a table, vault or bucket, the id of a key or an account; nil for everything.
  init(_ cloud: Cloud, of subject: String?) {
    self.cloud = cloud
    var later = cloud
    later.advance(by: Self.ahead)
    let past = Bill(cloud, until: cloud.now)
    let future = Bill(later, until: later.now).since(past)
    let held = cloud.ledger.charges(from: cloud.now - .milliseconds(1), until: cloud.now)
    var sums: [BillHeading: (quantity: Int128, held: Int128, soFar: USD, next: USD)] = [:]
    for entry in past.entries {
      var sum = sums[entry.heading.untagged] ?? (0, 0, .zero, .zero)
      sum.quantity += entry.paidQuantity
      sum.soFar += entry.cost
      if entry.heading.line.isPaidOnce { sum.held += entry.amount }
      sums[entry.heading.untagged] = sum
    }
    for entry in future.entries {
      sums[entry.heading.untagged, default: (0, 0, .zero, .zero)].next += entry.cost
    }
    for charge in held where !charge.line.isPaidOnce {
      sums[charge.heading.untagged, default: (0, 0, .zero, .zero)].held += Int128(charge.bytes)
    }
    let headings = sums.keys.sorted(by: Self.isBefore).filter { heading in
      subject == nil
        || [heading.name, heading.vault ?? heading.name, heading.place.account].contains(subject)
    }
    lines = headings.filter { !$0.line.isTableStorage }.map { heading in
      let sum = sums[heading] ?? (0, 0, .zero, .zero)
      return Line(
        heading: heading, quantity: sum.quantity, held: sum.held, soFar: sum.soFar,
        next: sum.next)
    }
    storage = headings.filter(\.line.isTableStorage).reduce((USD.zero, USD.zero)) {
      ($0.0 + (sums[$1]?.soFar ?? .zero), $0.1 + (sums[$1]?.next ?? .zero))
    }
  }

  /// By name, place, vault and what it is the name of, then by line.
  private static func isBefore(_ left: BillHeading, _ right: BillHeading) -> Bool {
    let (names, others) = (left.title, right.title)
    return names == others ? left.line < right.line : names.lexicographicallyPrecedes(others)
  }

  var soFar: USD { lines.reduce(.zero) { $0 + $1.soFar } }
  var next: USD { lines.reduce(.zero) { $0 + $1.next } }

  /// What belongs together under a name, in the order of the names.
  func totals(by name: (BillHeading) -> String?) -> [(name: String, soFar: USD, next: USD)] {
    var sums: [String: (soFar: USD, next: USD)] = [:]
    for line in lines {
      guard let name = name(line.heading) else { continue }
      sums[name, default: (.zero, .zero)].soFar += line.soFar
      sums[name, default: (.zero, .zero)].next += line.next
    }
    return sums.keys.sorted().map { ($0, sums[$0]?.soFar ?? .zero, sums[$0]?.next ?? .zero) }
  }

  /// What of it could be saved over the next 30 days, where that is a cent or more.
  var savings: [Saving] {
    let tables = Set(lines.map(\.heading.name))
    return cloud.savings(over: Self.ahead).filter {
      tables.contains($0.table) && $0.amount >= Self.cent
    }
  }

  /// What Cost Explorer shows by now of this month's backups of DynamoDB's own, which are posted in
  /// advance; nil where there are none.
  var posted: USD? {
    let tables = Set(lines.filter { $0.heading.line == .backup }.map(\.heading.name))
    let month = CalendarDate(cloud.now).startOfMonth
    guard !tables.isEmpty, month < cloud.now else { return nil }
    let entries = cloud.usage(between: [month, cloud.now], isPosted: true)
      .filter { $0.heading.line == .backup && tables.contains($0.heading.name) }
    return entries.reduce(.zero) { $0 + $1.cost }
  }
}

extension BillHeading {
  /// What the lines of one block have in common.
  fileprivate var title: [String] {
    [name, place.account, place.region, vault ?? "", line.subject.rawValue]
  }

  /// The same whatever the tags: a bill by tags is Cost Explorer's.
  fileprivate var untagged: BillHeading {
    BillHeading(line: line, place: place, name: name, vault: vault, tags: nil)
  }
}

// MARK: - As a document

extension BillReader {
  func document(from start: Instant) -> Document {
    [
      "from": .string(start.rfc3339), "until": .string(cloud.now.rfc3339), "currency": "USD",
      "lines": .array(lines.map(\.document)),
      "totals": [
        "soFar": .double(soFar.dollars), "next30Days": .double(next.dollars),
        "services": totals { $0.line.service }.document,
        "tables": totals { $0.line.subject == .table ? $0.name : nil }.document,
        "vaults": totals { $0.vault }.document,
        "accounts": totals { $0.place.account }.document,
      ],
      "tableStorage": [
        "soFar": .double(storage.soFar.dollars), "next30Days": .double(storage.next.dollars),
      ],
      "savings": .array(savings.map(\.document)),
    ]
  }
}

extension [(name: String, soFar: USD, next: USD)] {
  fileprivate var document: Document {
    .array(
      map { total in
        [
          "name": .string(total.name), "soFar": .double(total.soFar.dollars),
          "next30Days": .double(total.next.dollars),
        ]
      })
  }
}

extension BillReader.Line {
  fileprivate var document: Document {
    [
      "name": .string(heading.name), "line": .string(heading.line.rawValue),
      "account": .string(heading.place.account), "region": .string(heading.place.region),
      "vault": heading.vault.map(Document.string) ?? .null,
      "service": .string(heading.line.service), "usageType": .string(heading.usageType),
      "gigabytes": heading.line.subject == .key
        ? .null : .double(Double(held) / Double(heading.line.unitSize)),
      "quantity": .double(Double(quantity) / Double(USD.perDollar)),
      "unit": .string(heading.line.unit),
      "price": .double(Double(price.millionths) / 1_000_000),
      "priceSource": .string(price.source.rawValue), "priceDate": .string(price.date),
      "soFar": .double(soFar.dollars), "next30Days": .double(next.dollars),
    ]
  }
}

extension Saving {
  fileprivate var document: Document {
    let (action, count): (String, Int) =
      switch action {
      case .recoveryOff: ("recovery-off", 1)
      case .newestBackupOnly(let deleted): ("newest-backup-only", deleted)
      case .coldStorage(_, let points): ("cold-storage", points)
      }
    return [
      "action": .string(action), "count": .integer(Int64(count)), "table": .string(table),
      "account": .string(place.account), "region": .string(place.region),
      "saves": .double(amount.dollars),
    ]
  }
}
