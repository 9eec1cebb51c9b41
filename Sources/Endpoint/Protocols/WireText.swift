// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ServiceModel
import Simulation

/// Values as text, where they do not travel as JSON: in paths, queries, headers, forms and XML.
enum WireText {
  /// How an instant is written.
  enum TimeFormat { case iso8601, iso8601Milliseconds, http }

  /// A value of a shape from its text; a text that is none of the kind stays a string, so that the
  /// service says what is wrong with it.
  static func value(_ text: String, as kind: Shape.Kind) -> Document {
    switch kind {
    case .integer, .long: Int64(text).map(Document.integer) ?? .string(text)
    case .float, .double:
      Double(text).flatMap { $0.isFinite ? .double($0) : nil } ?? .string(text)
    case .boolean: text == "true" ? true : text == "false" ? false : .string(text)
    case .timestamp:
      Double(text).flatMap { $0.isFinite ? .double($0) : nil }
        ?? instant(text).map { .double($0.epochSeconds) } ?? .string(text)
    default: .string(text)
    }
  }

  /// The text of a value, for everything but structures and lists.
  static func text(_ value: Document, as kind: Shape.Kind, times: TimeFormat) -> String {
    switch value {
    case .string(let text): text
    case .integer, .double:
      kind == .timestamp
        ? text(Instant(milliseconds: milliseconds(value.number ?? 0)), times) : value.json(.compact)
    default: value.json(.compact)
    }
  }

  private static func milliseconds(_ seconds: Double) -> Int64 {
    Int64((min(max(seconds, -62_135_596_800), 253_402_300_799) * 1_000).rounded())
  }

  private static func text(_ instant: Instant, _ format: TimeFormat) -> String {
    switch format {
    case .iso8601: return instant.flooredToSecond.rfc3339
    case .iso8601Milliseconds: return instant.rfc3339Milliseconds
    case .http:
      let date = CalendarDate(instant)
      let day = String(date.day)
      return date.weekday.shortName + ", " + (day.utf8.count < 2 ? "0" : "") + day + " "
        + months[date.month - 1] + " " + String(instant.dayText.prefix(4)) + " " + instant.timeText
        + " GMT"
    }
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// An instant as clients write it: ISO 8601, or the form of HTTP's headers.
  private static func instant(_ text: String) -> Instant? {
    if let instant = try? Instant(awsTimestamp: text) { return instant }
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2]))
    else { return nil }
    let number = String(month + 1)
    return try? Instant(
      rfc3339: "\(parts[3])-\(number.utf8.count < 2 ? "0" : "")\(number)-\(parts[1])T\(parts[4])Z")
  }
}
