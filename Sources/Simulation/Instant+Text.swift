// SPDX-License-Identifier: GPL-3.0-or-later

// MARK: Writing

extension Instant {
  /// RFC 3339 to the second, as `2026-03-06T17:40:00Z`; milliseconds are dropped.
  public var rfc3339: String { dayText + "T" + timeText + "Z" }

  /// RFC 3339 with three decimals, as `2026-03-06T17:40:00.000Z`.
  public var rfc3339Milliseconds: String {
    dayText + "T" + timeText + "." + padded(CalendarDate(self).millisecond, 3) + "Z"
  }

  /// ISO 8601 as the AWS CLI prints times: `2026-11-22T07:26:34.395000+00:00`, without zero decimals.
  public var awsISO: String {
    let millisecond = CalendarDate(self).millisecond
    let fraction = millisecond == 0 ? "" : "." + padded(millisecond, 3) + "000"
    return dayText + "T" + timeText + fraction + "+00:00"
  }

  /// The day alone, as `2026-03-06`.
  public var dayText: String {
    let date = CalendarDate(self)
    return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2)
  }

  /// The time of day alone, to the second, as `17:40:00`.
  public var timeText: String {
    let date = CalendarDate(self)
    return padded(date.hour, 2) + ":" + padded(date.minute, 2) + ":" + padded(date.second, 2)
  }

  /// The time as the prompt shows it, to the minute: `Fri 6 Mar 17:40Z`.
  public var promptText: String {
    let date = CalendarDate(self)
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    return "\(date.weekday.shortName) \(date.day) \(months[date.month - 1]) "
      + padded(date.hour, 2) + ":" + padded(date.minute, 2) + "Z"
  }
}

extension Instant: CustomStringConvertible {
  public var description: String { rfc3339Milliseconds }
}

/// A number not below 0 in decimal, with zeros in front up to the width.
private func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

// MARK: Reading

extension Instant {
  /// Reads RFC 3339 strictly: `2026-03-06T17:40:00Z`, with a fraction or an offset if need be.
  ///
  /// `T` and `Z` are capitals, seconds and zone are required, the fraction has one to nine digits of
  /// which the first three count.
  ///
  /// - Throws: `.malformed`, `.noSuchDate` (29 February 2026), `.noSuchTime` (24:00:00, a leap second),
  ///   `.outOfRange` for an instant outside the years 1970 to 9999.
  public init(rfc3339 text: String) throws(TimeError) {
    var reader = TimeReader(text)
    let day = try reader.day()
    guard reader.skip("T") else { throw .malformed }
    let time = try reader.time(secondsRequired: true)
    guard let offset = try reader.zone() else { throw .malformed }
    guard reader.isAtEnd else { throw .malformed }
    try self.init(day: day, time: time, minutesEast: offset)
  }

  /// Reads a time as the AWS CLI's options accept it, to the second: decimals are dropped.
  ///
  /// Accepted: seconds since 1970 (`1772818800`, with decimals or an exponent), a date, or a date and time
  /// with `T` or a space between, seconds optional, and `Z`, `UTC`, `GMT`, `±HH:MM`, `±HHMM`, `±HH` or no
  /// zone, which means UTC.
  ///
  /// - Throws: `.malformed`, `.noSuchDate`, `.noSuchTime`; `.outOfRange` outside the years 1970 to 9999.
  public init(awsTimestamp text: String) throws(TimeError) {
    let trimmed = TimeReader.trimmed(text)
    // The CLI tries a number first, so `20260306` is a count of seconds.
    if let seconds = TimeReader.decimal(trimmed) {
      guard (0..<253_402_300_800).contains(seconds) else { throw .outOfRange }
      self.init(seconds: Int64(seconds))
      return
    }
    var reader = TimeReader(trimmed)
    let day = try reader.day()
    var time = ClockTime()
    var offset = 0
    if !reader.isAtEnd {
      guard reader.skip("T") || reader.skip("t") || reader.skip(" ") else { throw .malformed }
      time = try reader.time(secondsRequired: false)
      _ = reader.skip(" ")
      offset = try reader.zone(named: true) ?? 0
    }
    guard reader.isAtEnd else { throw .malformed }
    let instant = try Instant(day: day, time: time, minutesEast: offset)
    self = instant.flooredToSecond
  }

  private init(
    day: (year: Int, month: Int, day: Int), time: ClockTime, minutesEast: Int
  ) throws(TimeError) {
    let local = try CalendarDate(
      year: day.year, month: day.month, day: day.day, hour: time.hour, minute: time.minute,
      second: time.second, millisecond: time.millisecond)
    let instant = local.instant - .minutes(Int64(minutesEast))
    guard (Instant.earliest...Instant.latest).contains(instant) else { throw .outOfRange }
    self = instant
  }
}

private struct ClockTime {
  var hour = 0
  var minute = 0
  var second = 0
  var millisecond = 0
}

/// A cursor over the bytes of a time's text.
private struct TimeReader {
  let bytes: [UInt8]
  var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { position == bytes.count }

  mutating func skip(_ byte: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: byte) else { return false }
    position += 1
    return true
  }

  mutating func skip(word: String) -> Bool {
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  /// Exactly so many digits.
  mutating func number(digits: Int) throws(TimeError) -> Int {
    guard position + digits <= bytes.count else { throw .malformed }
    var value = 0
    for byte in bytes[position..<position + digits] {
      guard byte &- UInt8(ascii: "0") < 10 else { throw .malformed }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    position += digits
    return value
  }

  mutating func day() throws(TimeError) -> (year: Int, month: Int, day: Int) {
    let year = try number(digits: 4)
    guard skip("-") else { throw .malformed }
    let month = try number(digits: 2)
    guard skip("-") else { throw .malformed }
    return (year, month, try number(digits: 2))
  }

  mutating func time(secondsRequired: Bool) throws(TimeError) -> ClockTime {
    var time = ClockTime()
    time.hour = try number(digits: 2)
    guard skip(":") else { throw .malformed }
    time.minute = try number(digits: 2)
    guard skip(":") else {
      if secondsRequired { throw .malformed }
      return time
    }
    time.second = try number(digits: 2)
    if skip(".") { time.millisecond = try fraction() }
    return time
  }

  /// Milliseconds from one to nine decimals.
  private mutating func fraction() throws(TimeError) -> Int {
    let start = position
    while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
    guard (1...9).contains(position - start) else { throw .malformed }
    var value = 0
    for index in start..<start + 3 {
      value = value * 10 + (index < position ? Int(bytes[index] - UInt8(ascii: "0")) : 0)
    }
    return value
  }

  /// Minutes east of UTC, or nil when no zone is written.
  mutating func zone(named: Bool = false) throws(TimeError) -> Int? {
    if skip("Z") { return 0 }
    if named, skip("z") || skip(word: "UTC") || skip(word: "GMT") { return 0 }
    let sign: Int
    if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
    let hours = try number(digits: 2)
    let minutes: Int
    if skip(":") {
      minutes = try number(digits: 2)
    } else {
      guard named else { throw .malformed }
      minutes = isAtEnd ? 0 : try number(digits: 2)
    }
    guard hours <= 23, minutes <= 59 else { throw .noSuchTime }
    return sign * (hours * 60 + minutes)
  }

  /// The text without spaces and line ends around it.
  static func trimmed(_ text: String) -> String {
    let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
    var bytes = Array(text.utf8)[...]
    bytes = bytes.drop(while: isSpace)
    while let last = bytes.last, isSpace(last) { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A decimal number with optional sign, decimals and exponent; no other spelling of a double.
  static func decimal(_ text: String) -> Double? {
    let isNumeric = text.utf8.allSatisfy { byte in
      byte &- UInt8(ascii: "0") < 10 || "+-.eE".utf8.contains(byte)
    }
    guard isNumeric, text.utf8.contains(where: { $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
    // A trailing or leading point is a number to Python and not to Swift.
    let padded = text.hasSuffix(".") ? text + "0" : text
    return Double(padded)
  }
}
