// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// How fast requests came lately, for the operations that the service answers only so often.
///
/// Each account has in each Region one bucket for each such operation. A full one holds the requests
/// of a second and fills evenly; a request takes one out, and finds the rate exceeded when there is
/// none. [DDB.rates]
///
/// What happens here is an observation: a request refused for its rate changes nothing else.
struct RequestRates: Sendable, Codable {
  struct Key: Hashable, Comparable, Sendable, Codable {
    let place: Place
    let operation: String

    static func < (left: Key, right: Key) -> Bool {
      (left.place, left.operation) < (right.place, right.operation)
    }
  }

  struct Bucket: Sendable, Codable {
    /// Thousandths of a request.
    var left: Int64
    var at: Instant
  }

  private var buckets: OrderedMap<Key, Bucket> = OrderedMap()

  /// Takes a request out of its bucket.
  ///
  /// - Parameters:
  ///   - key: Whose bucket.
  ///   - rate: Requests in a second.
  ///   - now: The present instant.
  /// - Returns: False if the bucket is empty.
  mutating func admit(_ key: Key, atMost rate: Int64, at now: Instant) -> Bool {
    let full = rate * 1000
    var bucket = buckets[key] ?? Bucket(left: full, at: now)
    // A full second fills any bucket, and more must not overflow.
    let elapsed = min(1000, (now - bucket.at).wholeMilliseconds)
    bucket = Bucket(left: min(full, bucket.left + elapsed * rate), at: now)
    defer { buckets[key] = bucket }
    guard bucket.left >= 1000 else { return false }
    bucket.left -= 1000
    return true
  }
}
