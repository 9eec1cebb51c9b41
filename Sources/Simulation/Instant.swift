// SPDX-License-Identifier: GPL-3.0-or-later

/// A moment of virtual time: whole milliseconds since 1970-01-01T00:00:00Z, always UTC.
///
/// The engine never asks the host for the time; instants come from the cloud's clock alone.
public struct Instant: Hashable, Comparable, Sendable, Codable {
  public var milliseconds: Int64

  @inlinable
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  @inlinable
  public init(seconds: Int64) { self.milliseconds = seconds * 1000 }

  @inlinable
  public static func < (left: Instant, right: Instant) -> Bool {
    left.milliseconds < right.milliseconds
  }

  @inlinable
  public static func + (instant: Instant, duration: Duration) -> Instant {
    Instant(milliseconds: instant.milliseconds + duration.wholeMilliseconds)
  }

  @inlinable
  public static func - (instant: Instant, duration: Duration) -> Instant {
    Instant(milliseconds: instant.milliseconds - duration.wholeMilliseconds)
  }

  /// The length of time from the right instant to the left one; negative if the left is earlier.
  @inlinable
  public static func - (left: Instant, right: Instant) -> Duration {
    .milliseconds(left.milliseconds - right.milliseconds)
  }

  /// The last whole second at or before this instant.
  @inlinable
  public var flooredToSecond: Instant {
    let remainder = milliseconds % 1000
    return Instant(milliseconds: milliseconds - (remainder < 0 ? remainder + 1000 : remainder))
  }

  /// The first whole second at or after this instant.
  @inlinable
  public var ceiledToSecond: Instant {
    let floor = flooredToSecond
    return floor == self ? self : Instant(milliseconds: floor.milliseconds + 1000)
  }

  /// Seconds since the epoch with a fraction of milliseconds, as the services' JSON protocols write.
  @inlinable
  public var epochSeconds: Double { Double(milliseconds) / 1000 }
}

extension Duration {
  /// This length in milliseconds, rounded towards zero.
  @inlinable
  public var wholeMilliseconds: Int64 {
    // 10^15 is 2^15 times 5^15. Up to three days what is left after the first fits into a word, and
    // words are divided ten times as fast as numbers of 128 bits.
    let halved = attoseconds.magnitude >> 15
    guard halved <= UInt64.max else {
      let (seconds, attoseconds) = components
      return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
    let milliseconds = Int64(UInt64(truncatingIfNeeded: halved) / 30_517_578_125)
    return attoseconds < 0 ? -milliseconds : milliseconds
  }

  @inlinable public static func minutes(_ count: Int64) -> Duration { .seconds(count * 60) }
  @inlinable public static func hours(_ count: Int64) -> Duration { .seconds(count * 3600) }
  @inlinable public static func days(_ count: Int64) -> Duration { .seconds(count * 86_400) }
}

extension Instant {
  /// Reads the milliseconds.
  ///
  /// - Throws: What the decoder throws.
  public init(from decoder: any Decoder) throws {
    milliseconds = try decoder.singleValueContainer().decode(Int64.self)
  }

  /// Writes the milliseconds.
  ///
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(milliseconds)
  }
}
