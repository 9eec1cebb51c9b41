// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// The stretches of time that a request asks about. [CE.periods]
struct CostPeriod {
  struct Stretch {
    let from: Instant
    let until: Instant
    let shown: GetCostAndUsage.Interval
    /// True while the month's bill is not closed.
    let isEstimated: Bool
  }

  let stretches: [Stretch]

  /// How far back hours are kept.
  private static let hourly: Duration = .days(14)
  /// How many months before the present one are kept.
  private static let months = 13

  /// - Throws: What the service says of a period it does not answer for. [CE.errors]
  init(
    _ asked: GetCostAndUsage.Interval, by granularity: GetCostAndUsage.Granularity,
    at now: Instant
  ) throws(ServiceError) {
    guard let start = Self.instant(asked.start) else {
      throw .costTimeInvalid("Start", asked.start)
    }
    guard let end = Self.instant(asked.end) else { throw .costTimeInvalid("End", asked.end) }
    let hasHours = asked.start.utf8.count > 10 || asked.end.utf8.count > 10
    guard granularity == .hourly || !hasHours else {
      throw .validation("Hourly timePeriod is not supported for this request")
    }
    guard start < end else {
      throw .validation("Start date (and hour) should be before end date (and hour)")
    }
    guard end <= CalendarDate(now).startOfNextMonth else {
      throw .validation("end date past the beginning of next month")
    }
    guard start <= now else {
      throw .validation("Start date (and hour) should not be after the present date (and hour)")
    }
    if granularity == .hourly, start < now - Self.hourly {
      throw .validation(
        "start date is too old for hourly, the max supported days for hourly granularity is 14 days"
      )
    }
    var earliest = CalendarDate(now).startOfMonth
    for _ in 0..<Self.months {
      earliest = CalendarDate(earliest - .milliseconds(1)).startOfMonth
    }
    guard start >= earliest else {
      throw .validation("You haven't enabled historical data beyond 14 months.")
    }
    let bounds = Bill.boundaries(from: start, until: end) { date in
      switch granularity {
      case .monthly: date.startOfNextMonth
      case .daily: date.startOfNextDay
      case .hourly: date.startOfNextHour
      }
    }
    let month = CalendarDate(now).startOfMonth
    stretches = zip(bounds, bounds.dropFirst()).map { from, until in
      Stretch(
        from: from, until: until,
        shown: .init(
          start: Self.text(from, granularity), end: Self.text(until, granularity)),
        isEstimated: until > month)
    }
  }

  /// The stretch an instant lies in.
  func index(of instant: Instant) -> Int? {
    stretches.firstIndex { $0.from <= instant && instant < $0.until }
  }

  /// A day or, with `T` and `Z`, a second of UTC.
  static func instant(_ text: String) -> Instant? {
    let digits = Array(text.utf8)
    guard digits.count == 10 || digits.count == 20 && digits.last == UInt8(ascii: "Z") else {
      return nil
    }
    let shape = "0000-00-00T00:00:00Z".utf8.prefix(digits.count)
    for (byte, form) in zip(digits, shape) {
      let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      guard form == UInt8(ascii: "0") ? isDigit : byte == form else { return nil }
    }
    func number(_ range: Range<Int>) -> Int {
      digits[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
    let isDay = digits.count == 10
    return try? CalendarDate(
      year: number(0..<4), month: number(5..<7), day: number(8..<10),
      hour: isDay ? 0 : number(11..<13), minute: isDay ? 0 : number(14..<16),
      second: isDay ? 0 : number(17..<19)
    ).instant
  }

  private static func text(
    _ instant: Instant, _ granularity: GetCostAndUsage.Granularity
  ) -> String {
    let text = instant.rfc3339
    return granularity == .hourly ? text : String(text.prefix(10))
  }
}

extension ServiceError {
  static func costTimeInvalid(_ what: String, _ text: String) -> ServiceError {
    .validation("\(what) time \(text) is invalid. Valid format is: yyyy-MM-dd.")
  }
}
