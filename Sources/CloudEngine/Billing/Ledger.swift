// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
package import Simulation

/// What has been metered so far: for each resource and line, how many bytes were held from when to
/// when.
///
/// Money is worked out from it on demand: price × GB × hours held ÷ hours of the calendar month.
/// [PRICE.metering]
package struct Ledger: Sendable, Codable {
  /// A stretch of time in which a resource held the same number of bytes on one line.
  package struct Charge: Sendable, Hashable, Codable {
    package let line: BillLine
    package let place: Place
    /// The ARN of the table or backup.
    package let resource: String
    /// The name of the table it belongs to.
    package let name: String
    package let bytes: Int64
    package let from: Instant
    package let until: Instant
  }

  struct Key: Hashable, Comparable, Sendable, Codable {
    let line: BillLine
    let place: Place
    let resource: String

    static func < (left: Key, right: Key) -> Bool {
      (left.line, left.place, left.resource) < (right.line, right.place, right.resource)
    }
  }

  struct Meter: Sendable, Hashable, Codable {
    let name: String
    let bytes: Int64
    let since: Instant
  }

  private(set) var running: OrderedMap<Key, Meter> = OrderedMap()
  private(set) var closed: AppendLog<Charge> = AppendLog()

  /// Meters a resource at a size from now on; the same size as before changes nothing.
  ///
  /// - Complexity: O(log n) in the number of running meters.
  mutating func set(
    _ line: BillLine, resource: String, name: String, in place: Place, bytes: Int64,
    at now: Instant
  ) {
    let key = Key(line: line, place: place, resource: resource)
    if let meter = running[key], meter.bytes == bytes { return }
    stop(line, resource: resource, in: place, at: now)
    running[key] = Meter(name: name, bytes: bytes, since: now)
  }

  /// Stops metering a resource; nothing happens if it is not metered.
  mutating func stop(_ line: BillLine, resource: String, in place: Place, at now: Instant) {
    let key = Key(line: line, place: place, resource: resource)
    guard let meter = running.removeValue(forKey: key), meter.since < now else { return }
    closed.append(charge(key, meter, until: now))
  }

  /// Bills what is paid once: the bytes that were moved and are done with now.
  ///
  /// Its stretch is the millisecond before, so that it falls into exactly one of two stretches that
  /// meet.
  mutating func charge(
    _ line: BillLine, resource: String, name: String, in place: Place, bytes: Int64,
    at now: Instant
  ) {
    closed.append(
      Charge(
        line: line, place: place, resource: resource, name: name, bytes: bytes,
        from: now - .milliseconds(1), until: now))
  }

  private func charge(_ key: Key, _ meter: Meter, until end: Instant) -> Charge {
    Charge(
      line: key.line, place: key.place, resource: key.resource, name: meter.name,
      bytes: meter.bytes, from: meter.since, until: end)
  }

  /// Everything metered within a stretch of time, cut to it: by line, place and resource.
  ///
  /// The end is the instant after the last, and not after the cloud's present.
  ///
  /// - Complexity: O(n) in the number of charges.
  package func charges(from start: Instant, until end: Instant) -> [Charge] {
    let open = running.map { charge($0.key, $0.value, until: end) }
    return (Array(closed) + open).compactMap { charge in
      let (from, until) = (max(charge.from, start), min(charge.until, end))
      guard from < until else { return nil }
      return Charge(
        line: charge.line, place: charge.place, resource: charge.resource, name: charge.name,
        bytes: charge.bytes, from: from, until: until)
    }
  }
}

extension Ledger.Charge {
  /// What this charge costs in USD, each calendar month by its own number of hours.
  package var cost: Double {
    let price = PriceTable.price(of: line, in: place.region)
    let gigabytes = Double(bytes) / PriceTable.bytesPerGB
    if line.isPaidOnce { return price * gigabytes }
    var total = 0.0
    var start = from
    while start < until {
      let month = CalendarDate(start)
      let end = min(until, month.startOfMonth + .hours(Int64(month.hoursInMonth)))
      let hours = Double((end - start).wholeMilliseconds) / 3_600_000
      total += price * gigabytes * hours / Double(month.hoursInMonth)
      start = end
    }
    return total
  }
}
