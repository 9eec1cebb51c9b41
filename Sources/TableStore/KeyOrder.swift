// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel

/// Sorting by key, fast for many entries: by hash, and by the key itself only where hashes are equal.
enum KeyOrder {
  typealias Entry = (hash: UInt64, item: Item)

  private struct Place {
    let hash: UInt64
    let position: Int
  }

  /// The entries in the order of their items' keys, which all differ.
  ///
  /// - Complexity: O(n log n).
  static func ascending(_ entries: [Entry], _ keys: EntryKeys) -> [Entry] {
    let sorted = places(entries.lazy.map(\.hash))
    var ordered: [Entry] = []
    ordered.reserveCapacity(entries.count)
    eachRun(in: sorted) { run in
      guard run.count > 1 else {
        for place in run { ordered.append(entries[place.position]) }
        return
      }
      let keyed = run.map { (key: keys.key(of: entries[$0.position].item), place: $0) }
      for (_, place) in keyed.sorted(by: { $0.key < $1.key }) {
        ordered.append(entries[place.position])
      }
    }
    return ordered
  }

  /// The entries in the order of their items' keys; of equal keys the last one is left.
  ///
  /// - Complexity: O(n log n).
  static func lastOfEach<Element>(
    _ entries: [Element], _ keys: EntryKeys, item: (Element) -> Item, hash: (Element) -> UInt64
  ) -> [Element] {
    let sorted = places(entries.lazy.map(hash))
    var kept: [Element] = []
    kept.reserveCapacity(entries.count)
    eachRun(in: sorted) { run in
      guard run.count > 1, let newest = run.last else {
        if let only = run.first { kept.append(entries[only.position]) }
        return
      }
      let key = keys.key(of: item(entries[newest.position]))
      if run.dropLast().allSatisfy({ keys.isKey(key, of: item(entries[$0.position])) }) {
        kept.append(entries[newest.position])
        return
      }
      var last: [ItemKey: Int] = [:]
      for place in run { last[keys.key(of: item(entries[place.position]))] = place.position }
      for (_, position) in last.sorted(by: { $0.key < $1.key }) { kept.append(entries[position]) }
    }
    return kept
  }

  /// Hashes with their positions in ascending order; equal ones stay in the order given.
  private static func places(_ hashes: some Sequence<UInt64>) -> [Place] {
    var places: [Place] = []
    places.reserveCapacity(hashes.underestimatedCount)
    for (position, hash) in hashes.enumerated() {
      places.append(Place(hash: hash, position: position))
    }
    places.sort { $0.hash != $1.hash ? $0.hash < $1.hash : $0.position < $1.position }
    return places
  }

  private static func eachRun(in places: [Place], _ body: (ArraySlice<Place>) -> Void) {
    var start = 0
    while start < places.count {
      var end = start + 1
      while end < places.count, places[end].hash == places[start].hash { end += 1 }
      body(places[start..<end])
      start = end
    }
  }
}
