// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// What was measured in one stretch of time, and how stretches become longer ones.
protocol MetricBucket: Codable, Sendable {
  /// The first minute of the stretch, counted from the epoch.
  var minute: Int64 { get set }
  /// Adds what a later bucket measured.
  mutating func merge(_ later: Self)
}

/// What was measured over time, kept as the service keeps it: by the minute for 15 days, by five
/// minutes for 63, by the hour for 455. [CW.retention]
///
/// It is bounded however long it goes on: 21,600 minutes, 13,824 stretches of five minutes and
/// 9,408 hours at most, and only those in which anything was measured.
struct MetricLog<Bucket: MetricBucket>: Codable, Sendable {
  /// How many minutes a bucket of the finest kind covers: 1 or 5.
  private let finest: Int64
  private var minutes: AppendLog<Bucket> = AppendLog()
  private var fives: AppendLog<Bucket> = AppendLog()
  private var hours: AppendLog<Bucket> = AppendLog()
  /// The buckets that are still being filled.
  private var minute: Bucket?
  private var five: Bucket?
  private var hour: Bucket?

  init(finestMinutes: Int64) { finest = finestMinutes }

  private static var minutesKept: Int64 { 15 * 1_440 }
  private static var fivesKept: Int64 { 63 * 1_440 }
  private static var hoursKept: Int64 { 455 * 1_440 }

  /// Changes the bucket of now, which `make` makes for a minute in which nothing was measured yet.
  ///
  /// - Complexity: Amortised O(1).
  mutating func change(
    at now: Instant, _ make: (_ minute: Int64) -> Bucket, _ change: (inout Bucket) -> Void
  ) {
    let start = now.minuteOfEpoch / finest * finest
    if let open = minute?.minute, open != start { close() }
    if minute == nil { minute = make(start) }
    // Changed in place: taken out while it is.
    guard var bucket = minute.take() else { return }
    change(&bucket)
    minute = bucket
  }

  /// Puts the finest bucket away, and what is too old for its kind into longer ones.
  private mutating func close() {
    guard let closed = minute.take() else { return }
    minutes.append(closed)
    let now = closed.minute
    while let oldest = minutes.first, oldest.minute < now - Self.minutesKept {
      minutes.removeFirst(1)
      Self.add(oldest, to: &five, of: 5, &fives)
    }
    while let oldest = fives.first, oldest.minute < now - Self.fivesKept {
      fives.removeFirst(1)
      Self.add(oldest, to: &hour, of: 60, &hours)
    }
    while let oldest = hours.first, oldest.minute < now - Self.hoursKept { hours.removeFirst(1) }
  }

  private static func add(
    _ bucket: Bucket, to open: inout Bucket?, of length: Int64, _ closed: inout AppendLog<Bucket>
  ) {
    var bucket = bucket
    bucket.minute = bucket.minute / length * length
    if var last = open, last.minute == bucket.minute {
      last.merge(bucket)
      open = last
      return
    }
    if let last = open { closed.append(last) }
    open = bucket
  }

  /// The buckets that begin in a stretch of minutes, oldest first.
  ///
  /// - Complexity: O(log n + k) for k of them.
  func buckets(in range: Range<Int64>) -> [Bucket] {
    var found: [Bucket] = []
    for (log, open) in [(hours, hour), (fives, five), (minutes, minute)] {
      let first = log.partitioningIndex { $0.minute < range.lowerBound }
      for bucket in log.elements(from: first) {
        guard bucket.minute < range.upperBound else { break }
        found.append(bucket)
      }
      if let open, range.contains(open.minute) { found.append(open) }
    }
    return found
  }

  /// When anything was measured last, as a minute; nil for never.
  var lastMinute: Int64? { (minute ?? minutes.last ?? five ?? hour)?.minute }
}

extension Instant {
  /// The minutes since the epoch, begun ones not counted.
  var minuteOfEpoch: Int64 { milliseconds / 60_000 }

  /// The beginning of a minute.
  init(minuteOfEpoch minute: Int64) { self.init(milliseconds: minute * 60_000) }
}
