// SPDX-License-Identifier: GPL-3.0-or-later

package import Simulation

/// A time as a field of content writes it, before the world's clock is known.
package enum FieldTime: Hashable, Sendable {
  /// `-40d`, `+3h`: from the world's clock.
  case offset(Duration)
  /// `2026-03-06T17:40:00Z`.
  case absolute(Instant)
  /// `<release - 1s>`: a parameter or a named thing.
  case placeholder(Placeholder)

  /// Reads one of the three forms, or nil.
  package init?(_ text: String) {
    if let sign = text.first, sign == "+" || sign == "-" {
      guard let length = TimeText.length(String(text.dropFirst())) else { return nil }
      self = .offset(sign == "-" ? .zero - length : length)
    } else if text.first == "<" {
      let found = Placeholder.occurrences(in: text)
      guard let only = found.first, only.text == text else { return nil }
      self = .placeholder(only)
    } else {
      guard let instant = TimeText.instant(text) else { return nil }
      self = .absolute(instant)
    }
  }

  /// The instant this names.
  ///
  /// - Parameters:
  ///   - clock: Where offsets count from.
  ///   - bindings: What placeholders stand for.
  /// - Returns: The moment, UTC.
  /// - Throws: `ContentProblem` for a placeholder that is undeclared or no time.
  package func instant(
    from clock: Instant, _ bindings: Bindings
  ) throws(ContentProblem) -> Instant {
    switch self {
    case .offset(let length): return clock + length
    case .absolute(let instant): return instant
    case .placeholder(let placeholder):
      guard case .time(let instant) = try bindings.resolve(placeholder) else {
        throw ContentProblem(.placeholder, "\(placeholder.text) is no time")
      }
      return instant
    }
  }
}

/// Lengths and instants in the spelling of content files.
package enum TimeText {
  /// `500ms`, `45s`, `90m`, `3h`, `2d`; nil for anything else, or longer than time itself.
  package static func length(_ text: String) -> Duration? {
    try? Duration(short: text)
  }

  /// `2026-03-06T17:40:00Z`, strictly; nil for anything else.
  package static func instant(_ text: String) -> Instant? {
    guard text.utf8.last == UInt8(ascii: "Z") else { return nil }
    return try? Instant(rfc3339: text)
  }

  /// An instant as content and messages print it, with milliseconds only where there are any.
  package static func text(_ instant: Instant) -> String {
    instant == instant.flooredToSecond ? instant.rfc3339 : instant.rfc3339Milliseconds
  }
}
