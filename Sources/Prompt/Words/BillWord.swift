// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import StateStore
import Terminal

extension Console {
  /// `bill [NAME]`: what PITR, backups, exports and keys cost so far, and what the next 30 days would.
  func bill(_ call: Call) throws -> Int32 {
    let name = try call.onlyArgument()
    if name == "--prices" { return prices() }
    let session = try world()
    let bill = BillReader(session.cloud, of: name)
    let start = session.opening.start.clock
    if settings.printsJSON {
      answer(bill.document(from: session.cloud.ledger.start ?? start))
      return 0
    }
    guard !bill.lines.isEmpty else {
      tell(
        name.map { "Nothing of \(plain($0)) is billed: no PITR and no backup storage." }
          ?? "Nothing is billed yet: no table has PITR on, and there are no backups or exports.")
      return 0
    }
    for line in BillChart(bill, columns: columns).lines() { say(line) }
    say()
    for (index, saving) in bill.savings.prefix(5).enumerated() {
      if index == 0 { say("What would be saved in the next 30 days") }
      tell(saving.text, first: "  ", rest: "    ")
    }
    if !bill.savings.isEmpty { say() }
    let first = session.cloud.ledger.start ?? start
    let how =
      bill.lines.contains { $0.heading.line.isPaidOnce }
      ? "storage by the hour held, restores and transfers once" : "metered by the hour held"
    tell("USD, \(how), from \(first.rfc3339) to \(session.now.rfc3339).")
    if let posted = bill.posted {
      tell(
        "DynamoDB posts its own backups for the rest of the month in advance: Cost Explorer shows "
          + "\(posted.text(places: 2)) for them this month by now.")
    }
    if bill.lines.contains(where: { $0.price.source != .list }) {
      tell("? No price list confirms this price: \"bill --prices\" says where each comes from.")
    }
    if bill.lines.contains(where: { $0.heading.line == .keyRequest }) {
      tell("Of the requests to keys the first 20,000 of a month are free in each account.")
    }
    tell(
      "Beside it, table storage: \(bill.storage.soFar.text(places: 2)) so far, "
        + "\(bill.storage.next.text(places: 2)) in 30 days; the first 25 GB are free. Reads, writes "
        + "and requests to S3 are not counted.")
    return 0
  }

  /// `bill --prices`: every price with its source, in the Regions whose lines differ.
  private func prices() -> Int32 {
    let regions = ["us-east-1", "eu-west-1", "us-west-1", "ap-northeast-2"]
    if settings.printsJSON {
      answer(
        .array(
          regions.flatMap { region in
            BillLine.allCases.sorted().map { line in
              let price = PriceTable.entry(for: line, in: region)
              return [
                "line": .string(line.rawValue), "region": .string(region),
                "unit": .string(line.unit),
                "price": .double(Double(price.millionths) / 1_000_000),
                "source": .string(price.source.rawValue), "date": .string(price.date),
              ]
            }
          }))
      return 0
    }
    for region in regions {
      say("\(region), USD")
      table(
        BillLine.allCases.sorted().map { line in
          let price = PriceTable.entry(for: line, in: region)
          return [
            line.rawValue, price.text, line.unit, price.source.rawValue, price.date,
          ]
        }, right: [1])
      say()
    }
    tell(
      "list: a price list or price page. secondary: sources other than AWS that agree. derived: from "
        + "us-east-1's price, 10 % more. assumed: nothing confirms it.")
    tell(
      "us-east-2 and us-west-2 cost what us-east-1 does; every other Region as eu-west-1, but for "
        + "its listed PITR price.")
    return 0
  }
}

extension Price {
  /// Dollars with two decimals or as many as it has; with a mark where no list confirms it.
  var text: String {
    var text = ScaledNumber.text(Int128(millionths), digits: 6, places: 6)
    while text.hasSuffix("0"), text.split(separator: ".").last.map({ $0.count > 2 }) ?? false {
      text.removeLast()
    }
    return text + (source == .list ? " " : "?")
  }
}

extension Saving {
  fileprivate var text: String {
    let sum = amount.text(places: 2)
    switch action {
    case .recoveryOff:
      return "\(sum)  PITR of \(plain(table)) off; a shorter recovery period would save nothing."
    case .newestBackupOnly(let deleted):
      return
        "\(sum)  \(counted(deleted, "older backup")) of \(plain(table)) deleted, the newest kept."
    case .coldStorage(let vault, let points):
      return
        "\(sum)  \(counted(points, "recovery point")) of \(plain(table)) in \(plain(vault)) moved to "
        + "cold storage, to stay there for 90 days at least."
    }
  }
}
