// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import PersistentCollections
import Simulation
import TableStore

/// The items of one table that will expire, soonest first, while its time to live is on.
///
/// A position follows from the item alone, so an entry is found again without a second map. A table
/// with time to live off has none of this and pays nothing. [DDB.ttl.deletion]
struct Expiries: Sendable, Codable {
  /// One item that will expire.
  struct Entry: Comparable, Hashable, Codable, Sendable {
    /// The second the item's attribute names.
    let second: Int64
    let partitionHash: UInt64
    let keyBytes: [UInt8]

    init(second: Int64, key: ItemKey) {
      self.second = second
      (partitionHash, keyBytes) = (key.partitionHash, key.bytes)
    }

    var key: ItemKey { ItemKey(partitionHash: partitionHash, bytes: keyBytes) }

    static func < (left: Entry, right: Entry) -> Bool {
      if left.second != right.second { return left.second < right.second }
      return left.key < right.key
    }
  }

  /// How long after its expiry an item is deleted. [DDB.ttl.deletion]
  static let delay: Duration = .hours(48)
  /// How long an item written when it should have been deleted already stays.
  static let pause: Duration = .minutes(1)
  /// An item that expired longer ago than this, in days, is left alone: five years.
  static let oldestDays: Int64 = 5 * 365

  /// The attribute that says when an item expires.
  let attribute: String
  /// When time to live was switched on; what had expired by then counts from here.
  let since: Instant
  /// When the service will look next; nil while nothing is to expire.
  var nextPass: Instant?
  private var entries: OrderedMap<Entry, Bool> = [:]

  /// The expiries of a table's present items.
  ///
  /// - Complexity: O(n log n) in the number of items, once.
  init(of image: TableImage, by attribute: String, since now: Instant) {
    self.attribute = attribute
    since = now
    let found = image.entries(in: nil, after: nil, reversed: false)
      .compactMap { entry(of: $0.value, at: $0.key, now: now) }
    entries = OrderedMap(sortedUnique: found.sorted().map { (key: $0, value: true) })
  }

  /// Follows a write of one item.
  ///
  /// - Complexity: O(log n) in the number of items that will expire.
  mutating func follow(from old: Item?, to new: Item?, at key: ItemKey, now: Instant) {
    let (before, after) = (second(of: old), entry(of: new, at: key, now: now))
    if let before, before != after?.second {
      entries.removeValue(forKey: Entry(second: before, key: key))
    }
    if let after { entries[after] = true }
  }

  /// When the item that expires first is to be deleted.
  var firstDeletion: Instant? { entries.first.map { deletion(of: $0.key) } }

  /// Takes the first item off if it is to be deleted by now.
  mutating func popDue(at now: Instant) -> Entry? {
    guard let (entry, _) = entries.first, deletion(of: entry) <= now else { return nil }
    entries.removeValue(forKey: entry)
    return entry
  }

  private func deletion(of entry: Entry) -> Instant {
    max(Instant(seconds: entry.second), since) + Self.delay
  }

  private func entry(of item: Item?, at key: ItemKey, now: Instant) -> Entry? {
    guard let second = second(of: item) else { return nil }
    let oldest = now - .days(Self.oldestDays)
    guard Instant(seconds: second) >= oldest else { return nil }
    return Entry(second: second, key: key)
  }

  /// The second an item expires; nil for one that never will.
  ///
  /// Only a top-level number counts. A fraction of a second, and a time no clock here reaches, are
  /// taken for no time at all.
  private func second(of item: Item?) -> Int64? {
    guard case .number(let number)? = item?[attribute], let integer = number.integer else {
      return nil
    }
    let second = Int64(integer)
    let range = 0...(Cloud.lastInstant.milliseconds / 1_000)
    return range.contains(second) ? second : nil
  }
}

extension Cloud {
  /// Switches the expiry of a table's items on by an attribute, or off with nil.
  ///
  /// - Complexity: O(n log n) in the table's items when switched on.
  mutating func setTimeToLive(of id: TableID, attribute: String?) {
    let now = now
    changeTable(id) { table in
      table.settings.timeToLive = attribute.map { .on(attribute: $0) } ?? .off
      table.settings.lastTimeToLiveChange = now
      table.expiries = attribute.map { Expiries(of: table.store.image, by: $0, since: now) }
    }
    scheduleExpiryPass(of: id)
  }

  /// Keeps a table's expiries in step with a write, and the next look at them early enough.
  mutating func followExpiry(from old: Item?, to new: Item?, at key: ItemKey, of id: TableID) {
    let now = now
    self[id.place][id].expiries?.follow(from: old, to: new, at: key, now: now)
    scheduleExpiryPass(of: id)
  }

  /// Schedules the deletion of what expires first, unless an earlier look is scheduled already.
  mutating func scheduleExpiryPass(of id: TableID) {
    guard let expiries = self[id.place][id].expiries, let first = expiries.firstDeletion else {
      return
    }
    let next = first > now ? first : now + Expiries.pause
    if let scheduled = expiries.nextPass, scheduled <= next { return }
    self[id.place][id].expiries?.nextPass = next
    agenda.schedule(.expiredItemsDeleted(id), at: next)
  }

  /// Deletes the items of a table whose time has come: ordinary writes, on the service's behalf.
  ///
  /// - Complexity: O(k log n) for k items deleted.
  mutating func deleteExpiredItems(of id: TableID) {
    guard exists(id), self[id.place][id].expiries?.nextPass == now else { return }
    let now = now
    // Without its key a table keeps what has expired; the key's return begins anew.
    guard self[id.place][id].acceptsItems, canUseDataKey(of: id) else {
      self[id.place][id].expiries?.nextPass = nil
      return
    }
    while let due = self[id.place][id].expiries?.popDue(at: now) {
      let age = now - Instant(seconds: due.second)
      if age <= .days(Expiries.oldestDays) { write(nil, at: due.key, of: id, by: .timeToLive) }
    }
    self[id.place][id].expiries?.nextPass = nil
    scheduleExpiryPass(of: id)
  }
}
