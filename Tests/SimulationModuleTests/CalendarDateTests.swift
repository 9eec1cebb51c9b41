// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation
import Testing

@Suite("The calendar")
struct CalendarDateTests {
  /// The calendar repeats after 400 years, so the first 500 and the last 50 leave nothing out.
  @Test(
    "every day follows the one before, weekday by weekday",
    arguments: [(1970, 182_622), (9950, 18_261)])
  func everyDay(_ year: Int, _ days: Int64) throws {
    var day = try CalendarDate(year: year, month: 1, day: 1)
    if year == 1970 { #expect(day.weekday == .thursday) }
    let start = day.instant.milliseconds / 86_400_000
    for count in start + 1...start + days {
      let next = CalendarDate(Instant(seconds: count * 86_400))
      let isNextDay = next.year == day.year && next.month == day.month && next.day == day.day + 1
      let isNextMonth =
        next.day == 1 && day.day == CalendarDate.daysInMonth(day.month, year: day.year)
        && (next.month == day.month + 1 && next.year == day.year
          || next.month == 1 && day.month == 12 && next.year == day.year + 1)
      // A thousand recorded failures help nobody: stop at the first.
      try #require(isNextDay || isNextMonth, "after \(day)")
      try #require(next.weekday.rawValue == day.weekday.rawValue % 7 + 1, "\(next)")
      try #require(next.instant == Instant(seconds: count * 86_400))
      day = next
    }
    #expect((day.year, day.month, day.day) == (year == 1970 ? (2470, 1, 1) : (9999, 12, 31)))
  }

  @Test(
    "months have their lengths and hours",
    arguments: [
      (2026, 1, 31), (2026, 2, 28), (2024, 2, 29), (2000, 2, 29), (2100, 2, 28), (2026, 4, 30),
      (2026, 6, 30), (2026, 9, 30), (2026, 11, 30), (2026, 12, 31),
    ])
  func lengths(_ year: Int, _ month: Int, _ days: Int) throws {
    #expect(CalendarDate.daysInMonth(month, year: year) == days)
    let last = try CalendarDate(year: year, month: month, day: days, hour: 23)
    #expect(last.hoursInMonth == days * 24)
    #expect(CalendarDate(last.startOfMonth) == (try CalendarDate(year: year, month: month, day: 1)))
    #expect(throws: TimeError.noSuchDate) {
      try CalendarDate(year: year, month: month, day: days + 1)
    }
  }

  struct Field: Sendable {
    var year = 2026
    var month = 3
    var day = 6
    var hour = 0
    var minute = 0
    var second = 0
    var millisecond = 0
    var error: TimeError
  }

  @Test(
    "fields one past their edges are refused",
    arguments: [
      Field(year: 1969, error: .outOfRange), Field(year: 10_000, error: .outOfRange),
      Field(month: 0, error: .noSuchDate), Field(month: 13, error: .noSuchDate),
      Field(day: 0, error: .noSuchDate), Field(day: 32, error: .noSuchDate),
      Field(month: 2, day: 29, error: .noSuchDate),
      Field(hour: -1, error: .noSuchTime), Field(hour: 24, error: .noSuchTime),
      Field(minute: 60, error: .noSuchTime), Field(minute: -1, error: .noSuchTime),
      Field(second: 60, error: .noSuchTime), Field(second: -1, error: .noSuchTime),
      Field(millisecond: 1000, error: .noSuchTime), Field(millisecond: -1, error: .noSuchTime),
    ])
  func refused(_ field: Field) {
    #expect(throws: field.error) {
      try CalendarDate(
        year: field.year, month: field.month, day: field.day, hour: field.hour,
        minute: field.minute, second: field.second, millisecond: field.millisecond)
    }
  }

  @Test("the first and the last moment are kept to the millisecond")
  func edges() throws {
    let first = try CalendarDate(year: 1970, month: 1, day: 1)
    #expect(first.instant == .earliest)
    let last = try CalendarDate(
      year: 9999, month: 12, day: 31, hour: 23, minute: 59, second: 59, millisecond: 999)
    #expect(last.instant == .latest)
    #expect(CalendarDate(.latest) == last)
    #expect(first < last)
  }

  @Test("instants outside the calendar give its nearest moment, not a trap")
  func clamped() {
    #expect(CalendarDate(Instant(milliseconds: .min)).instant == .earliest)
    #expect(CalendarDate(Instant(milliseconds: -1)).instant == .earliest)
    #expect(CalendarDate(Instant(milliseconds: .max)).instant == .latest)
  }

  @Test("weekdays have three letters and run from Monday")
  func weekdays() {
    #expect(
      Weekday.allCases.map(\.shortName) == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
    #expect(Weekday.monday < .sunday)
  }
}
