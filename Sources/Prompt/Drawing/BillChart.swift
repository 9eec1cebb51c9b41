// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Simulation
import Terminal

/// A bill drawn as lines of plain text: each line's quantity × price = amount, and bars of what the
/// next 30 days would cost.
struct BillChart {
  let bill: BillReader
  let columns: Int

  init(_ bill: BillReader, columns: Int) {
    self.bill = bill
    self.columns = columns
  }

  /// The whole drawing, no line wider than the columns unless a name is.
  func lines() -> [String] { entries() + [""] + totals() }

  // MARK: Lines

  private struct Row {
    let name: String
    let sum: String
    let soFar: String
    let next: String
  }

  private func entries() -> [String] {
    var result: [String] = []
    let rows = bill.lines.map { line in
      Row(
        name: line.heading.line.rawValue,
        sum: "\(small(line.quantity)) \(line.heading.line.unit) x \(line.price.text)=",
        soFar: small(line.soFar.tenBillionths), next: small(line.next.tenBillionths))
    }
    let all = rows + [Row(name: "", sum: "", soFar: "so far", next: "30 days")]
    let widths = [\Row.name, \.sum, \.soFar, \.next].map { part in
      all.map { $0[keyPath: part].count }.max() ?? 0
    }
    let isWide = widths.reduce(2 + 3 * 2, +) <= columns
    for (index, line) in bill.lines.enumerated() {
      let title = Self.title(line.heading)
      if index == 0 || title != Self.title(bill.lines[index - 1].heading) {
        if index > 0 { result.append("") }
        result += TerminalText.wrapped(title, to: columns, first: "", rest: "  ")
        result.append(
          Self.row(
            Row(name: "", sum: isWide ? "" : " ", soFar: "so far", next: "30 days"), widths,
            isWide: isWide)
        )
      }
      result.append(Self.row(rows[index], widths, isWide: isWide))
      if !isWide { result.append("    " + rows[index].sum.dropLast()) }
    }
    return result
  }

  private static func row(_ row: Row, _ widths: [Int], isWide: Bool) -> String {
    var text = "  " + TerminalText.padded(row.name, to: widths[0]) + "  "
    if isWide { text += TerminalText.aligned(row.sum, to: widths[1]) + "  " }
    return text + TerminalText.aligned(row.soFar, to: widths[2]) + "  "
      + TerminalText.aligned(row.next, to: widths[3])
  }

  /// What a block of lines is about.
  private static func title(_ heading: BillHeading) -> String {
    let place = "\(heading.place.region) \(heading.place.account)"
    let vault = heading.vault.map { " in vault \(plain($0))" } ?? ""
    let kind = heading.line.subject
    let prefix = kind == .table ? "" : "\(kind.rawValue) "
    return "\(prefix)\(plain(heading.name))\(vault), \(place)"
  }

  // MARK: Totals

  private func totals() -> [String] {
    var groups: [[(name: String, soFar: USD, next: USD)]] = [
      bill.totals { $0.line.service },
      bill.totals { $0.line.subject == .table ? "table \(plain($0.name))" : nil },
      bill.totals { heading in heading.vault.map { "vault \(plain($0))" } },
      bill.totals { "account \($0.place.account)" },
    ]
    // One account says no more than the total.
    if groups[3].count < 2 { groups.removeLast() }
    let sums = groups.flatMap { $0 } + [("total", bill.soFar, bill.next)]
    let name = sums.map { $0.name.count }.max() ?? 0
    let soFar = max(6, sums.map { small($0.soFar.tenBillionths).count }.max() ?? 0)
    let next = max(7, sums.map { small($0.next.tenBillionths).count }.max() ?? 0)
    // Names may be as long as they like; figures and bars have their room.
    let room = min(name, max(12, columns - soFar - next - 16))
    let barRoom = max(0, columns - room - soFar - next - 8)
    var result = [
      "  " + TerminalText.padded("", to: room) + "  " + TerminalText.aligned("so far", to: soFar)
        + "  " + TerminalText.aligned("30 days", to: next)
    ]
    for sum in sums {
      let bar =
        bill.next > .zero
        ? Int((sum.next.dollars / bill.next.dollars * Double(barRoom)).rounded()) : 0
      var text = "  "
      if sum.name.count > room {
        result.append("  " + sum.name)
        text += TerminalText.padded("", to: room)
      } else {
        text += TerminalText.padded(sum.name, to: room)
      }
      text += "  " + TerminalText.aligned(small(sum.soFar.tenBillionths), to: soFar)
      text += "  " + TerminalText.aligned(small(sum.next.tenBillionths), to: next)
      result.append(bar > 0 ? text + "  " + String(repeating: "#", count: bar) : text)
    }
    return result
  }
}

/// Four decimals, or `<0.0001` for what would look like nothing.
private func small(_ tenBillionths: Int128) -> String {
  guard tenBillionths > 0, tenBillionths < 500_000 else {
    return ScaledNumber.text(tenBillionths, digits: 10, places: 4)
  }
  return "<0.0001"
}
