// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
package import Simulation

/// What has been metered so far: for each resource and line, how many bytes were held from when to
/// when.
///
/// Money is worked out from it on demand: price × GB × hours held ÷ hours of the calendar month.
/// [PRICE.metering] What ended long ago is known by the day only, and not by the resource, once there
/// is much of it: the ledger grows with what is kept, and with the days, not with what ever was.
package struct Ledger: Sendable, Codable {
  /// A stretch of time in which a resource held the same number of bytes on one line.
  package struct Charge: Sendable, Hashable, Codable {
    package let line: BillLine
    package let place: Place
    /// The ARN of the table, backup or bucket.
    package let resource: String
    /// The name of the table it belongs to, or of the bucket.
    package let name: String
    package let bytes: Int64
    package let from: Instant
    package let until: Instant
    /// The vault that a recovery point lies in.
    package var vault: String?
    /// The resource's tags; nil for none.
    package var tags: [String: String]?

    package var heading: BillHeading {
      BillHeading(line: line, place: place, name: name, vault: vault, tags: tags)
    }
  }

  /// What is metered, and under which name.
  struct Subject {
    let resource: String
    let name: String
    let place: Place
    var vault: String?
    var tags: [String: String]?
  }

  struct Key: Hashable, Comparable, Sendable, Codable {
    let line: BillLine
    let place: Place
    let resource: String

    /// Decides nearly every comparison.
    ///
    /// ARNs begin alike, and are long. No checkpoint holds it.
    private let digest: UInt64

    private enum CodingKeys: CodingKey { case line, place, resource }

    init(line: BillLine, place: Place, resource: String) {
      (self.line, self.place, self.resource) = (line, place, resource)
      digest = resource.endDigest
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      self.init(
        line: try container.decode(BillLine.self, forKey: .line),
        place: try container.decode(Place.self, forKey: .place),
        resource: try container.decode(String.self, forKey: .resource))
    }

    static func < (left: Key, right: Key) -> Bool {
      if left.digest != right.digest { return left.digest < right.digest }
      if left.line != right.line { return left.line < right.line }
      if left.place != right.place { return left.place < right.place }
      return left.resource < right.resource
    }
  }

  struct Meter: Sendable, Hashable, Codable {
    let name: String
    let bytes: Int64
    let since: Instant
    var vault: String?
    var tags: [String: String]?
  }

  /// How many ended charges are known one by one at the least.
  static let knownCharges = 512
  /// After how many that come the old ones are looked at.
  private static let foldedAfter = 64
  /// For how long every charge is known to the millisecond: Cost Explorer shows hours for 14 days.
  static let knownFor: Duration = .days(15)

  private(set) var running: OrderedMap<Key, Meter> = OrderedMap()
  private(set) var closed: AppendLog<Charge> = AppendLog()
  /// What ended earlier, by heading and day; nil while nothing did.
  private(set) var folded: OrderedMap<BillHeading, FoldedUsage>?

  /// Meters a resource at a size from now on; the same size and tags as before change nothing.
  ///
  /// - Complexity: O(log n) in the number of running meters.
  mutating func set(_ line: BillLine, of subject: Subject, bytes: Int64, at now: Instant) {
    let key = Key(line: line, place: subject.place, resource: subject.resource)
    let meter = Meter(
      name: subject.name, bytes: bytes, since: now, vault: subject.vault, tags: subject.tags)
    let ended: Meter?? = running.update(forKey: key, inserting: meter) { known in
      guard known.bytes != bytes || known.tags != subject.tags else { return nil }
      defer { known = meter }
      return known
    }
    guard case .some(.some(let before)) = ended, before.since < now else { return }
    add(charge(key, before, until: now), at: now)
  }

  /// Meters a resource at so many bytes more or fewer; at none it is not metered.
  ///
  /// - Complexity: O(log n) in the number of running meters.
  mutating func change(_ line: BillLine, of subject: Subject, by bytes: Int64, at now: Instant) {
    let key = Key(line: line, place: subject.place, resource: subject.resource)
    let held = (running[key]?.bytes ?? 0) + bytes
    if held > 0 {
      set(line, of: subject, bytes: held, at: now)
    } else {
      stop(line, resource: subject.resource, in: subject.place, at: now)
    }
  }

  /// Stops metering a resource; nothing happens if it is not metered.
  mutating func stop(_ line: BillLine, resource: String, in place: Place, at now: Instant) {
    let key = Key(line: line, place: place, resource: resource)
    guard let meter = running.removeValue(forKey: key), meter.since < now else { return }
    add(charge(key, meter, until: now), at: now)
  }

  /// Meters a resource as though its meter had never stopped since an instant. [PRICE.keys]
  mutating func resume(_ line: BillLine, of subject: Subject, bytes: Int64, since: Instant) {
    let key = Key(line: line, place: subject.place, resource: subject.resource)
    running[key] = Meter(
      name: subject.name, bytes: bytes, since: since, vault: subject.vault, tags: subject.tags)
  }

  /// Bills what is paid once: the bytes that were moved and are done with now.
  ///
  /// Its stretch is the millisecond before, so that it falls into exactly one of two stretches that
  /// meet.
  mutating func charge(_ line: BillLine, of subject: Subject, bytes: Int64, at now: Instant) {
    add(
      Charge(
        line: line, place: subject.place, resource: subject.resource, name: subject.name,
        bytes: bytes, from: now - .milliseconds(1), until: now, vault: subject.vault,
        tags: subject.tags),
      at: now)
  }

  /// Adds a charge that ends now.
  ///
  /// - Complexity: O(log n) in the numbers of charges and headings.
  mutating func add(_ charge: Charge, at now: Instant) {
    closed.append(charge)
    // Now and then, and twice as many as came since, so that the rest never grows.
    guard closed.endIndex % Self.foldedAfter == 0, closed.count > Self.knownCharges else { return }
    var count = 0
    var all = folded.take() ?? OrderedMap()
    for oldest in closed.prefix(min(2 * Self.foldedAfter, closed.count - Self.knownCharges)) {
      guard oldest.until < now - Self.knownFor else { break }
      all[oldest.heading, default: FoldedUsage()].add(oldest)
      count += 1
    }
    if !all.isEmpty { folded = all }
    closed.removeFirst(count)
  }

  private func charge(_ key: Key, _ meter: Meter, until end: Instant) -> Charge {
    Charge(
      line: key.line, place: key.place, resource: key.resource, name: meter.name,
      bytes: meter.bytes, from: meter.since, until: end, vault: meter.vault, tags: meter.tags)
  }

  /// The same with more charges that go on.
  ///
  /// - Complexity: O(n log n) in the number of charges that go on.
  func with(_ open: [Charge]) -> Ledger {
    let more = open.map { charge in
      (
        key: Key(line: charge.line, place: charge.place, resource: charge.resource),
        value: Meter(
          name: charge.name, bytes: charge.bytes, since: charge.from, vault: charge.vault,
          tags: charge.tags)
      )
    }
    var result = self
    result.running = OrderedMap(
      sortedUnique: (Array(running) + more).sorted { $0.key < $1.key })
    return result
  }
}

// MARK: - Reading it

extension Ledger {
  /// Everything metered within a stretch of time and known one by one, cut to it: what has ended in
  /// the order of its ends, then what has not by line, place and resource.
  ///
  /// The end is the instant after the last, and not after the cloud's present. What ended long ago
  /// is missing where there is much of it; `Bill` has it all.
  ///
  /// - Complexity: O(n) in the number of charges.
  package func charges(from start: Instant, until end: Instant) -> [Charge] {
    allCharges(until: end).compactMap { charge in
      let (from, until) = (max(charge.from, start), min(charge.until, end))
      guard from < until else { return nil }
      return Charge(
        line: charge.line, place: charge.place, resource: charge.resource, name: charge.name,
        bytes: charge.bytes, from: from, until: until, vault: charge.vault, tags: charge.tags)
    }
  }

  private func allCharges(until end: Instant) -> [Charge] {
    let open = running.map { charge($0.key, $0.value, until: max(end, $0.value.since)) }
    return Array(closed)
      + open.sorted {
        ($0.line, $0.place, $0.resource) < ($1.line, $1.place, $1.resource)
      }
  }

  /// When the first thing was metered; nil before anything was.
  package var start: Instant? {
    let days = (folded ?? OrderedMap()).compactMap { entry in
      entry.value.days.first.map { Instant(milliseconds: Int64($0.key) * FoldedUsage.day) }
    }
    return (closed.map(\.from) + running.map(\.value.since) + days).min()
  }

  /// What was metered in each of several stretches that meet, by heading.
  ///
  /// Where much has ended long ago, stretches that end or begin in the middle of such a day count
  /// that day where it begins; a bill from the beginning is exact whatever its end.
  ///
  /// - Parameters:
  ///   - boundaries: Where the stretches begin and end, ascending; no stretch crosses the end of a
  ///     month.
  ///   - isPosted: Whether backups of DynamoDB's own are counted as it posts them: a month's rest in
  ///     advance on the day of their creation, then each month on its first day. [PRICE.metering]
  ///   - more: What else is billed with it, by the day.
  /// - Returns: An entry for each heading and stretch with anything in it, by heading and time.
  /// - Complexity: O(n) in the number of charges, times the stretches each of them meets.
  func usage(
    between boundaries: [Instant], isPosted: Bool, and more: OrderedMap<BillHeading, FoldedUsage>
  ) -> [BillEntry] {
    guard let first = boundaries.first, let end = boundaries.last, boundaries.count > 1 else {
      return []
    }
    // What is free of a month is used up from its beginning.
    let month = CalendarDate(first).startOfMonth
    var sums = UsageSums(month < first ? [month] + boundaries : boundaries)
    for charge in closed where charge.until > month {
      sums.add(charge, isPosted: isPosted && charge.line == .backup, isOver: true)
    }
    for entry in running where entry.value.since < end {
      let open = charge(entry.key, entry.value, until: end)
      sums.add(open, isPosted: isPosted && open.line == .backup, isOver: false)
    }
    for entry in folded ?? OrderedMap() {
      sums.add(entry.value, under: entry.key, isPosted: isPosted && entry.key.line == .backup)
    }
    for entry in more { sums.add(entry.value, under: entry.key, isPosted: false) }
    return FreeTier.applied(to: sums.entries).filter { $0.from >= first }
  }
}

extension Ledger.Charge {
  /// What this charge costs, each calendar month by its own number of hours.
  package var amount: USD {
    let months = Bill.boundaries(from: from, until: until, step: \.startOfNextMonth)
    var sums = UsageSums(months)
    sums.add(self, isPosted: false, isOver: true)
    return sums.entries.reduce(.zero) { $0 + $1.cost }
  }

  /// The same in dollars.
  package var cost: Double { amount.dollars }
}
