// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// How far a time zone is from UTC, and when summer time begins and ends. [BKP.schedule.zone]
///
/// It is the rule that the time zone database gives for the years from now on.
struct ZoneRule: Hashable, Sendable {
  /// Seconds east of UTC.
  let standard: Int
  let summer: Summer?

  struct Summer: Hashable, Sendable {
    let secondsEast: Int
    let start: Turn
    let end: Turn
  }

  /// The day of a month on which clocks are changed, and the local time of it in seconds.
  struct Turn: Hashable, Sendable {
    let month: Int
    /// 1 to 4, or 5 for the last one.
    let week: Int
    /// Sunday is 0.
    let weekday: Int
    let seconds: Int

    /// Midnight of that day, as if in UTC, and the time after it.
    func instant(in year: Int) -> Instant {
      let first = Self.midnight(year, month, 1)
      let toWeekday = (weekday - CalendarDate(first).weekday.rawValue % 7 + 7) % 7
      var day = 1 + toWeekday + (week - 1) * 7
      while day > CalendarDate.daysInMonth(month, year: year) { day -= 7 }
      return first + .days(Int64(day - 1)) + .seconds(Int64(seconds))
    }

    private static func midnight(_ year: Int, _ month: Int, _ day: Int) -> Instant {
      guard let date = try? CalendarDate(year: year, month: month, day: day) else {
        preconditionFailure("the first of a month exists in every year of the clock")
      }
      return date.instant
    }
  }

  static let utc = ZoneRule(standard: 0, summer: nil)

  /// How far the zone's clocks are from UTC at an instant, in seconds east.
  func secondsEast(at instant: Instant) -> Int {
    guard let summer else { return standard }
    let year = CalendarDate(instant + .seconds(Int64(standard))).year
    let start = summer.start.instant(in: year) - .seconds(Int64(standard))
    let end = summer.end.instant(in: year) - .seconds(Int64(summer.secondsEast))
    let isSummer =
      start < end ? instant >= start && instant < end : instant >= start || instant < end
    return isSummer ? summer.secondsEast : standard
  }

  /// The instants at which the zone's clocks show a time: none if it is skipped, two if it is twice.
  ///
  /// - Parameter local: The time shown, as if it were UTC.
  /// - Returns: The instants, in order.
  func instants(showing local: Instant) -> [Instant] {
    guard let summer else { return [local - .seconds(Int64(standard))] }
    let candidates = [standard, summer.secondsEast].map { ($0, local - .seconds(Int64($0))) }
    return candidates.filter { secondsEast(at: $0.1) == $0.0 }.map(\.1).sorted()
  }
}

// MARK: - Reading

extension ZoneRule {
  /// The rule of a zone by its IANA name; nil for a zone that does not exist.
  static func named(_ name: String) -> ZoneRule? { zones[name] }

  private static let zones: [String: ZoneRule] = {
    var zones: [String: ZoneRule] = [:]
    for line in "\(TimeZoneTable.lines)".split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard let text = words.first, let rule = ZoneRule(posix: text) else {
        preconditionFailure("the table's rules are in POSIX form: \(line)")
      }
      for name in words.dropFirst() { zones[name] = rule }
    }
    return zones
  }()

  /// A rule from its POSIX form, such as `EST5EDT,M3.2.0,M11.1.0`; nil for anything else.
  init?(posix text: String) {
    var reader = PosixReader(text)
    guard reader.name(), let west = reader.offset() else { return nil }
    standard = -west
    guard !reader.isAtEnd else {
      summer = nil
      return
    }
    guard reader.name() else { return nil }
    let ahead = reader.isAt(",") ? standard + 3_600 : reader.offset().map { -$0 }
    guard let ahead, let start = reader.turn(), let end = reader.turn(), reader.isAtEnd else {
      return nil
    }
    summer = Summer(secondsEast: ahead, start: start, end: end)
  }
}

/// A cursor over a rule in POSIX form.
private struct PosixReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { position == bytes.count }

  func isAt(_ character: Unicode.Scalar) -> Bool {
    position < bytes.count && bytes[position] == UInt8(ascii: character)
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard isAt(character) else { return false }
    position += 1
    return true
  }

  /// Passes over a zone's abbreviation.
  mutating func name() -> Bool {
    let start = position
    if skip("<") {
      while !isAtEnd, !isAt(">") { position += 1 }
      return skip(">")
    }
    while !isAtEnd, bytes[position] | 0x20 >= 0x61, bytes[position] | 0x20 <= 0x7A { position += 1 }
    return position > start
  }

  private mutating func number() -> Int? {
    let start = position
    var value = 0
    while !isAtEnd, bytes[position] &- UInt8(ascii: "0") < 10 {
      value = value * 10 + Int(bytes[position] - UInt8(ascii: "0"))
      position += 1
    }
    return position > start ? value : nil
  }

  /// Hours, minutes and seconds with a sign, in seconds.
  mutating func offset() -> Int? {
    let sign = skip("-") ? -1 : 1
    _ = skip("+")
    guard let hours = number() else { return nil }
    var seconds = hours * 3_600
    for unit in [60, 1] where skip(":") {
      guard let value = number() else { return nil }
      seconds += value * unit
    }
    return sign * seconds
  }

  /// `,M3.2.0/2`; two o'clock unless said otherwise.
  mutating func turn() -> ZoneRule.Turn? {
    guard skip(","), skip("M"), let month = number(), skip("."), let week = number(), skip("."),
      let weekday = number()
    else { return nil }
    guard skip("/") else {
      return ZoneRule.Turn(month: month, week: week, weekday: weekday, seconds: 7_200)
    }
    guard let seconds = offset() else { return nil }
    return ZoneRule.Turn(month: month, week: week, weekday: weekday, seconds: seconds)
  }
}
