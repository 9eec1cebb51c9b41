// SPDX-License-Identifier: GPL-3.0-or-later

package import Simulation

/// What the bill adds up by: everything under one heading has one price.
package struct BillHeading: Hashable, Comparable, Sendable, Codable {
  package let line: BillLine
  package let place: Place
  /// The name of the table it belongs to or of a bucket, or the id of a key.
  package let name: String
  /// The vault of a recovery point; nil for everything else.
  package let vault: String?
  /// The tags of the table or recovery point while it was metered; nil for none.
  package let tags: [String: String]?

  package static func < (left: BillHeading, right: BillHeading) -> Bool {
    if left.line != right.line { return left.line < right.line }
    if left.place != right.place { return left.place < right.place }
    if left.name != right.name { return left.name < right.name }
    if left.vault != right.vault { return left.vault ?? "" < right.vault ?? "" }
    return left.tags != right.tags && left.tagText < right.tagText
  }

  package init(
    line: BillLine, place: Place, name: String, vault: String?, tags: [String: String]?
  ) {
    self.line = line
    self.place = place
    self.name = name
    self.vault = vault
    self.tags = tags
  }

  private var tagText: String {
    (tags ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)\u{0}\($0.value)" }
      .joined(separator: "\u{0}")
  }

  package var price: Price { PriceTable.entry(for: line, in: place.region) }
}

/// A quantity under one heading in one stretch of time that lies within a calendar month.
package struct BillEntry: Sendable, Hashable {
  package let heading: BillHeading
  /// The stretch it counts for.
  package let from: Instant
  package let until: Instant
  /// Bytes times the milliseconds they were held; of what is paid once, bytes.
  package var amount: Int128
  /// How much of it is free. [PRICE.free]
  package var free: Int128 = 0

  /// How many parts of `amount` make one priced unit: a month has its own number of hours.
  /// [PRICE.metering]
  package var partsPerUnit: Int128 {
    guard !heading.line.isPaidOnce else { return heading.line.unitSize }
    return heading.line.unitSize * Int128(CalendarDate(from).hoursInMonth) * 3_600_000
  }

  package var cost: USD {
    USD(of: amount - free, at: heading.price.millionths, per: partsPerUnit)
  }

  /// Priced units in ten-billionths, rounded half up.
  package var quantity: Int128 { quantity(of: amount) }

  /// The same without what is free.
  package var paidQuantity: Int128 { quantity(of: amount - free) }

  private func quantity(of amount: Int128) -> Int128 {
    let (units, rest) = amount.quotientAndRemainder(dividingBy: partsPerUnit)
    return units * USD.perDollar + (rest * USD.perDollar + partsPerUnit / 2) / partsPerUnit
  }
}

/// A bill: what was metered from the beginning to an instant, by heading and calendar month.
///
/// Everything is added up exactly and rounded once for each heading and month.
package struct Bill: Sendable {
  /// By heading, then by month.
  package private(set) var entries: [BillEntry]

  /// Everything a cloud has metered up to an instant, which is not after the cloud's present.
  ///
  /// - Complexity: O(n) in the number of charges that are known one by one.
  package init(_ cloud: Cloud, until end: Instant) {
    // A table that asks its key is metered since before.
    guard let start = cloud.ledger.start, start < end else {
      entries = []
      return
    }
    entries = cloud.usage(
      between: Bill.boundaries(from: start, until: end, step: \.startOfNextMonth))
  }

  /// What came in addition since an earlier bill of the same cloud.
  package func since(_ earlier: Bill) -> Bill {
    var before: [BillHeading: [Int: BillEntry]] = [:]
    for entry in earlier.entries { before[entry.heading, default: [:]][entry.month] = entry }
    var result = self
    result.entries = entries.compactMap { entry in
      var entry = entry
      entry.amount -= before[entry.heading]?[entry.month]?.amount ?? 0
      entry.free -= before[entry.heading]?[entry.month]?.free ?? 0
      return entry.amount == 0 && entry.free == 0 ? nil : entry
    }
    return result
  }

  package var total: USD { entries.reduce(.zero) { $0 + $1.cost } }

  /// The ends of stretches that begin at an instant and never cross the end of a month.
  ///
  /// - Parameters:
  ///   - start: The first stretch's beginning.
  ///   - end: The last one's end, after the start.
  ///   - step: The end of a regular stretch that a date lies in.
  /// - Returns: Ascending instants, from `start` to `end`.
  package static func boundaries(
    from start: Instant, until end: Instant, step: (CalendarDate) -> Instant
  ) -> [Instant] {
    var result = [start]
    var next = start
    while next < end {
      next = min(step(CalendarDate(next)), end)
      result.append(next)
    }
    return result
  }
}

extension BillEntry {
  /// Months since the year 0, to tell them apart.
  fileprivate var month: Int {
    let date = CalendarDate(from)
    return date.year * 12 + date.month - 1
  }
}

extension CalendarDate {
  package var startOfNextMonth: Instant { startOfMonth + .hours(Int64(hoursInMonth)) }

  package var startOfNextDay: Instant {
    let milliseconds = instant.milliseconds
    return Instant(milliseconds: milliseconds - milliseconds % 86_400_000 + 86_400_000)
  }

  package var startOfNextHour: Instant {
    let milliseconds = instant.milliseconds
    return Instant(milliseconds: milliseconds - milliseconds % 3_600_000 + 3_600_000)
  }
}
