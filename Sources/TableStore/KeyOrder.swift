// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel

/// Sorting by key, fast for many entries: what is moved about is a hash and a place, no references.
enum KeyOrder {
  private struct Place {
    let hash: UInt64
    let position: Int
  }

  /// The positions of the entries in the order of their keys; equal keys stay in the order given.
  ///
  /// - Complexity: O(n log n).
  static func ascending<Entry>(_ entries: [Entry], key: (Entry) -> ItemKey) -> [Int] {
    var places: [Place] = []
    places.reserveCapacity(entries.count)
    for (position, entry) in entries.enumerated() {
      places.append(Place(hash: key(entry).partitionHash, position: position))
    }
    places.sort { $0.hash != $1.hash ? $0.hash < $1.hash : $0.position < $1.position }
    // Entries of one partition are told apart by the rest of their keys.
    var start = 0
    while start < places.count {
      var end = start + 1
      while end < places.count, places[end].hash == places[start].hash { end += 1 }
      if end - start > 1 {
        places[start..<end].sort { left, right in
          let (first, second) = (key(entries[left.position]), key(entries[right.position]))
          if first == second { return left.position < right.position }
          return first < second
        }
      }
      start = end
    }
    return places.map(\.position)
  }
}
