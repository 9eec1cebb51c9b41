// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// What ended long ago under one heading, by the day.
///
/// A charge that was held for a year adds to two days alone: the parts at its ends, and how many more
/// bytes were held for whole days from some day on.
struct FoldedUsage: Sendable, Codable {
  /// Milliseconds.
  static let day: Int64 = 86_400_000

  struct Cell: Sendable, Hashable, Codable {
    /// Bytes times milliseconds of what did not last all day; of what is paid once, bytes.
    var part = WideNumber()
    /// How many more bytes than on the day before are held all day.
    var step: Int64 = 0
    /// What is posted on this day, in advance or not; nil where nothing is. [PRICE.metering]
    var posted: WideNumber?
  }

  /// By the number of the day since 1970.
  private(set) var days: OrderedMap<Int, Cell> = OrderedMap()

  mutating func add(_ charge: Ledger.Charge) {
    let first = Int(charge.from.milliseconds / Self.day)
    guard !charge.line.isPaidOnce else {
      days[first, default: Cell()].part.value += Int128(charge.bytes)
      return
    }
    let last = Int(charge.until.milliseconds / Self.day)
    if charge.line == .backup {
      for piece in charge.postings(isOver: true) {
        let day = Int(piece.at.milliseconds / Self.day)
        var cell = days[day] ?? Cell()
        cell.posted = WideNumber((cell.posted?.value ?? 0) + piece.amount)
        days[day] = cell
      }
    }
    func part(_ from: Int64, _ until: Int64) -> Int128 {
      let (high, low) = charge.bytes.multipliedFullWidth(by: until - from)
      return Int128(high) << 64 | Int128(low)
    }
    guard first < last else {
      days[first, default: Cell()].part.value += part(
        charge.from.milliseconds, charge.until.milliseconds)
      return
    }
    days[first, default: Cell()].part.value += part(
      charge.from.milliseconds, Int64(first + 1) * Self.day)
    days[first + 1, default: Cell()].step += charge.bytes
    days[last, default: Cell()].step -= charge.bytes
    days[last, default: Cell()].part.value += part(
      Int64(last) * Self.day, charge.until.milliseconds)
  }
}

/// A whole number of 128 bits that can be kept in a checkpoint.
struct WideNumber: Sendable, Hashable, Codable {
  private var high: Int64
  private var low: UInt64

  init(_ value: Int128 = 0) {
    high = Int64(truncatingIfNeeded: value >> 64)
    low = UInt64(truncatingIfNeeded: value)
  }

  var value: Int128 {
    get { Int128(high) << 64 | Int128(low) }
    set { self = WideNumber(newValue) }
  }
}

extension Ledger.Charge {
  /// When a backup of DynamoDB's own is posted, and how much.
  ///
  /// The rest of its first month at once, each later month on its first day. What is deleted is
  /// corrected where it was posted. [PRICE.metering]
  ///
  /// - Parameter isOver: Whether the charge has ended; one that has not is posted to its month's end.
  /// - Returns: Bytes times milliseconds, by the instant they are posted at.
  func postings(isOver: Bool) -> [(at: Instant, amount: Int128)] {
    var result: [(Instant, Int128)] = []
    var start = from
    while start < until {
      let next = CalendarDate(start).startOfNextMonth
      let end = isOver ? min(until, next) : next
      result.append((start, Int128(bytes) * Int128((end - start).wholeMilliseconds)))
      start = next
    }
    return result
  }
}

/// Sums by heading over stretches of time that meet.
struct UsageSums {
  private let boundaries: [Instant]
  private var sums: [BillHeading: [Int128]] = [:]

  /// - Parameter boundaries: Where the stretches begin and end, ascending, two at least.
  init(_ boundaries: [Instant]) { self.boundaries = boundaries }

  /// The stretch an instant lies in; nil outside all of them.
  private func stretch(of instant: Instant) -> Int? {
    guard let first = boundaries.first, let last = boundaries.last, first <= instant,
      instant < last
    else { return nil }
    var (low, high) = (0, boundaries.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if boundaries[middle] <= instant { low = middle } else { high = middle }
    }
    return low
  }

  private mutating func add(_ amount: Int128, to stretch: Int, under heading: BillHeading) {
    sums[heading, default: Array(repeating: 0, count: boundaries.count - 1)][stretch] += amount
  }

  mutating func add(_ charge: Ledger.Charge, isPosted: Bool, isOver: Bool) {
    if isPosted {
      for piece in charge.postings(isOver: isOver) {
        guard let stretch = stretch(of: piece.at) else { continue }
        add(piece.amount, to: stretch, under: charge.heading)
      }
      return
    }
    guard let start = boundaries.first, let end = boundaries.last else { return }
    let (from, until) = (max(charge.from, start), min(charge.until, end))
    guard from < until, var stretch = stretch(of: from) else { return }
    if charge.line.isPaidOnce {
      return add(Int128(charge.bytes), to: stretch, under: charge.heading)
    }
    let heading = charge.heading
    while stretch < boundaries.count - 1, boundaries[stretch] < until {
      let held = min(until, boundaries[stretch + 1]) - max(from, boundaries[stretch])
      add(Int128(charge.bytes) * Int128(held.wholeMilliseconds), to: stretch, under: heading)
      stretch += 1
    }
  }

  mutating func add(_ usage: FoldedUsage, under heading: BillHeading, isPosted: Bool) {
    let cells = Array(usage.days)
    var held: Int128 = 0
    for (index, entry) in cells.enumerated() {
      held += Int128(entry.value.step)
      let start = Instant(milliseconds: Int64(entry.key) * FoldedUsage.day)
      if let stretch = stretch(of: start) {
        add(
          isPosted ? entry.value.posted?.value ?? 0 : entry.value.part.value, to: stretch,
          under: heading)
      }
      guard held != 0, !isPosted, index + 1 < cells.count else { continue }
      for day in entry.key..<cells[index + 1].key {
        let start = Instant(milliseconds: Int64(day) * FoldedUsage.day)
        guard let stretch = stretch(of: start) else { continue }
        add(held * Int128(FoldedUsage.day), to: stretch, under: heading)
      }
    }
  }

  /// What was summed up, by heading and time, without what came to nothing.
  var entries: [BillEntry] {
    sums.keys.sorted().flatMap { heading in
      (sums[heading] ?? []).enumerated().compactMap { index, amount in
        amount == 0
          ? nil
          : BillEntry(
            heading: heading, from: boundaries[index], until: boundaries[index + 1],
            amount: amount)
      }
    }
  }
}
