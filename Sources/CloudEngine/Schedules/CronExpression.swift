// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// A schedule of six fields: minutes, hours, day of month, month, day of week, year.
/// [BKP.schedule.cron]
///
/// An instant is on it if the zone's clocks then show a time that fits every field. So a time that
/// summer time skips is lost, and one that comes twice fires twice. [BKP.schedule.zone]
struct CronExpression: Hashable, Sendable {
  /// Why a text is no schedule.
  enum Fault: Error { case malformed, tooOften }

  private let minutes: [Int]
  private let hours: [Int]
  private let months: [Int]
  private let years: [Int]
  private let days: DayRule

  static let years = 1970...2199

  /// Which days of a month fit.
  private enum DayRule: Hashable, Sendable {
    case ofMonth([DayOfMonth])
    case ofWeek([DayOfWeek])
  }

  private enum DayOfMonth: Hashable, Sendable {
    case day(Int)
    /// So many days before the last one.
    case last(before: Int)
    case lastWorkingDay
    /// The working day nearest to one, in the same month.
    case workingDay(near: Int)
  }

  /// Sunday is 1.
  private enum DayOfWeek: Hashable, Sendable {
    case every(Int)
    case last(Int)
    case nth(Int, of: Int)
  }

  private static let monthNames = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
  ]
  private static let dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

  /// Reads `cron(0 5 ? * * *)`.
  ///
  /// - Parameters:
  ///   - text: The whole expression.
  ///   - isHourlyAtMost: Whether more than one time an hour is too often, as it is for backups; the
  ///     event bus takes any.
  /// - Throws: `.malformed`; `.tooOften` for more than one time an hour where that is refused.
  init(_ text: String, isHourlyAtMost: Bool = true) throws(Fault) {
    guard text.hasPrefix("cron("), text.hasSuffix(")") else { throw .malformed }
    let fields = text.dropFirst(5).dropLast().split(separator: " ").map { $0.uppercased() }
    guard fields.count == 6 else { throw .malformed }
    // Exactly one of the two kinds of days is left open.
    guard (fields[2] == "?") != (fields[4] == "?") else { throw .malformed }
    minutes = try Self.values(fields[0], 0...59)
    hours = try Self.values(fields[1], 0...23)
    months = try Self.values(fields[3], 1...12, names: Self.monthNames)
    years = try Self.values(fields[5], Self.years)
    days =
      fields[2] == "?"
      ? .ofWeek(try Self.daysOfWeek(fields[4])) : .ofMonth(try Self.daysOfMonth(fields[2]))
    guard minutes.count == 1 || !isHourlyAtMost else { throw .tooOften }
  }

  // MARK: Reading fields

  /// The numbers that a field of lists, ranges and steps names, in order.
  private static func values(
    _ field: String, _ range: ClosedRange<Int>, names: [String] = []
  ) throws(Fault) -> [Int] {
    // Plans ask every hour, mostly for every hour, day, month and year.
    if field == "*" { return Array(range) }
    var found: Set<Int> = []
    for part in field.split(separator: ",", omittingEmptySubsequences: false) {
      let steps = part.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard let base = steps.first, steps.count <= 2 else { throw .malformed }
      let step = steps.count == 2 ? Int(steps[1]) ?? 0 : 1
      guard step >= 1 else { throw .malformed }
      let span: ClosedRange<Int>
      if base == "*" {
        span = range
      } else {
        let ends = try base.split(separator: "-", omittingEmptySubsequences: false)
          .map { text throws(Fault) in try number(String(text), range, names) }
        guard let first = ends.first, ends.count <= 2, let last = ends.last, first <= last else {
          throw .malformed
        }
        span = first...(ends.count == 1 && steps.count == 2 ? range.upperBound : last)
      }
      found.formUnion(stride(from: span.lowerBound, through: span.upperBound, by: step))
    }
    return found.sorted()
  }

  private static func number(
    _ text: String, _ range: ClosedRange<Int>, _ names: [String]
  ) throws(Fault) -> Int {
    if let index = names.firstIndex(of: text) { return index + 1 }
    guard let value = Int(text), range.contains(value) else { throw .malformed }
    return value
  }

  private static func daysOfMonth(_ field: String) throws(Fault) -> [DayOfMonth] {
    if field == "LW" { return [.lastWorkingDay] }
    if field == "L" { return [.last(before: 0)] }
    if field.hasPrefix("L-") {
      return [.last(before: try number("\(field.dropFirst(2))", 1...30, []))]
    }
    if field.hasSuffix("W") {
      return [.workingDay(near: try number(String(field.dropLast()), 1...31, []))]
    }
    return try values(field, 1...31).map(DayOfMonth.day)
  }

  private static func daysOfWeek(_ field: String) throws(Fault) -> [DayOfWeek] {
    if field == "L" { return [.every(7)] }
    if field.hasSuffix("L") {
      return [.last(try number(String(field.dropLast()), 1...7, dayNames))]
    }
    let parts = field.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2 {
      return [.nth(try number(parts[1], 1...5, []), of: try number(parts[0], 1...7, dayNames))]
    }
    return try values(field, 1...7, names: dayNames).map(DayOfWeek.every)
  }

  // MARK: When it fires

  /// The first instant after another one that is on the schedule; nil if there is none any more.
  ///
  /// - Parameters:
  ///   - instant: What the result comes after.
  ///   - zone: Whose clocks show the times.
  /// - Returns: An instant of whole minutes.
  func next(after instant: Instant, in zone: ZoneRule) -> Instant? {
    let local = CalendarDate(instant + .seconds(Int64(zone.secondsEast(at: instant))))
    var (year, month, day) = (local.year, local.month, local.day)
    while let last = years.last, year <= last {
      if years.contains(year), months.contains(month) {
        let length = CalendarDate.daysInMonth(month, year: year)
        while day <= length {
          if fits(year, month, day),
            let found = firing(on: (year, month, day), after: instant, in: zone)
          {
            return found
          }
          day += 1
        }
      }
      (year, month, day) = month == 12 ? (year + 1, 1, 1) : (year, month + 1, 1)
    }
    return nil
  }

  private func firing(
    on date: (year: Int, month: Int, day: Int), after instant: Instant, in zone: ZoneRule
  ) -> Instant? {
    guard let midnight = try? CalendarDate(year: date.year, month: date.month, day: date.day) else {
      return nil
    }
    return hours.flatMap { hour in
      minutes.flatMap { minute in
        zone.instants(showing: midnight.instant + .minutes(Int64(hour * 60 + minute)))
      }
    }.filter { $0 > instant }.min()
  }

  private func fits(_ year: Int, _ month: Int, _ day: Int) -> Bool {
    let length = CalendarDate.daysInMonth(month, year: year)
    switch days {
    case .ofMonth(let rules):
      return rules.contains { rule in
        switch rule {
        case .day(let number): day == number
        case .last(let before): day == length - before
        case .lastWorkingDay: day == Self.workingDay(near: length, year, month)
        case .workingDay(let number):
          number <= length && day == Self.workingDay(near: number, year, month)
        }
      }
    case .ofWeek(let rules):
      let weekday = Self.weekday(year, month, day)
      return rules.contains { rule in
        switch rule {
        case .every(let number): weekday == number
        case .last(let number): weekday == number && day > length - 7
        case .nth(let count, let number): weekday == number && (day - 1) / 7 + 1 == count
        }
      }
    }
  }

  /// Sunday is 1.
  private static func weekday(_ year: Int, _ month: Int, _ day: Int) -> Int {
    guard let date = try? CalendarDate(year: year, month: month, day: day) else { return 0 }
    return date.weekday.rawValue % 7 + 1
  }

  /// The working day next to a day of a month, without leaving the month.
  private static func workingDay(near day: Int, _ year: Int, _ month: Int) -> Int {
    let length = CalendarDate.daysInMonth(month, year: year)
    switch weekday(year, month, day) {
    case 7: return day == 1 ? 3 : day - 1
    case 1: return day == length ? day - 2 : day + 1
    default: return day
    }
  }
}
