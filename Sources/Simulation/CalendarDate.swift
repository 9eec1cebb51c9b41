// SPDX-License-Identifier: GPL-3.0-or-later

/// A date and time of the Gregorian calendar in UTC, from 1970 to 9999, to the millisecond.
///
/// Days have 86,400 seconds: there are no leap seconds and no summer time.
///
/// ```swift
/// let date = CalendarDate(Instant(seconds: 1_772_818_800))
/// (date.year, date.month, date.day, date.weekday)   // (2026, 3, 6, .friday)
/// ```
public struct CalendarDate: Hashable, Comparable, Sendable {
  /// 1970 to 9999.
  public let year: Int
  /// 1 to 12.
  public let month: Int
  /// 1 to the month's length.
  public let day: Int
  /// 0 to 23.
  public let hour: Int
  /// 0 to 59.
  public let minute: Int
  /// 0 to 59.
  public let second: Int
  /// 0 to 999.
  public let millisecond: Int

  /// The date of an instant; instants outside the years 1970 to 9999 give the nearest of them.
  public init(_ instant: Instant) {
    let clamped = min(max(instant, .earliest), .latest)
    let (days, time) = clamped.milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
    (year, month, day) = Self.civil(fromDays: Int(days))
    hour = Int(time / 3_600_000)
    minute = Int(time / 60_000 % 60)
    second = Int(time / 1000 % 60)
    millisecond = Int(time % 1000)
  }

  /// A date from its fields, each checked.
  ///
  /// - Throws: `.outOfRange` for a year outside 1970 to 9999, `.noSuchDate` and `.noSuchTime` for a field
  ///   the calendar or the clock does not have (29 February 2026, 24:00, a leap second).
  public init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0,
    millisecond: Int = 0
  ) throws(TimeError) {
    guard Self.years.contains(year) else { throw .outOfRange }
    guard (1...12).contains(month), (1...Self.daysInMonth(month, year: year)).contains(day)
    else { throw .noSuchDate }
    guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second),
      (0...999).contains(millisecond)
    else { throw .noSuchTime }
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.millisecond = millisecond
  }

  /// The instant of this date.
  public var instant: Instant {
    let days = Int64(Self.days(year: year, month: month, day: day))
    let seconds = ((days * 24 + Int64(hour)) * 60 + Int64(minute)) * 60 + Int64(second)
    return Instant(milliseconds: seconds * 1000 + Int64(millisecond))
  }

  /// The day of the week.
  public var weekday: Weekday {
    // 1 January 1970 was a Thursday.
    let index = (Self.days(year: year, month: month, day: day) + 3) % 7
    return Weekday(rawValue: index + 1) ?? .monday
  }

  /// The hours of this date's month: 672 to 744.
  public var hoursInMonth: Int { Self.daysInMonth(month, year: year) * 24 }

  /// The first instant of this date's month.
  public var startOfMonth: Instant {
    let days = Self.days(year: year, month: month, day: 1)
    return Instant(seconds: Int64(days) * 86_400)
  }

  public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
    left.instant < right.instant
  }
}

// MARK: The calendar

extension CalendarDate {
  /// The years a clock may show.
  public static let years = 1970...9999

  /// Whether a year has 29 February.
  public static func isLeap(_ year: Int) -> Bool {
    year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
  }

  /// The days of a month, 28 to 31.
  ///
  /// - Parameters:
  ///   - month: 1 to 12.
  ///   - year: Decides February.
  /// - Returns: The number of days.
  public static func daysInMonth(_ month: Int, year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days from 1 January 1970, by counting in eras of 400 years that begin in March.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = shifted.quotientAndRemainder(dividingBy: 400)
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func civil(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = (days + 719_468).quotientAndRemainder(dividingBy: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}

/// A day of the week, numbered as ISO 8601 does: Monday is 1.
public enum Weekday: Int, CaseIterable, Comparable, Sendable {
  case monday = 1
  case tuesday, wednesday, thursday, friday, saturday, sunday

  /// Three English letters: `Mon`.
  public var shortName: String {
    switch self {
    case .monday: "Mon"
    case .tuesday: "Tue"
    case .wednesday: "Wed"
    case .thursday: "Thu"
    case .friday: "Fri"
    case .saturday: "Sat"
    case .sunday: "Sun"
    }
  }

  public static func < (left: Weekday, right: Weekday) -> Bool { left.rawValue < right.rawValue }
}

/// Why a text or a set of fields is no time.
public enum TimeError: Error, Hashable, Sendable {
  /// The text does not have the expected form.
  case malformed
  /// The month does not exist, or does not have this day.
  case noSuchDate
  /// The clock does not show this: an hour above 23, a minute or second above 59.
  case noSuchTime
  /// Before 1970 or after 9999, or a length beyond what can be counted.
  case outOfRange
}

extension Instant {
  /// The first instant a clock may show: 1970-01-01T00:00:00Z.
  public static let earliest = Instant(milliseconds: 0)
  /// The last instant a clock may show: 9999-12-31T23:59:59.999Z.
  public static let latest = Instant(milliseconds: 253_402_300_799_999)
}
