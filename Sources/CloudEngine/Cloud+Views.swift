// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
package import Simulation
package import TableStore

/// What the ways in, the worlds and the checks look at besides requests.
extension Cloud {
  /// Makes a table stand for so many bytes, of which it holds only a few real items.
  ///
  /// Statistics, backups and the bill go by this size from now on.
  ///
  /// - Throws: ResourceNotFound if there is no such table.
  package mutating func declareSize(
    _ bytes: Int64, ofTable name: String, in place: Place
  ) throws(ServiceError) {
    let caller = Caller(account: place.account, region: place.region)
    let id = try table(TableReference(name), for: caller)
    self[place][id].declaredByteCount = bytes
    meterTable(of: id)
  }
}

extension Table {
  /// The changes that recovery remembers; nil while it is off.
  package var changes: ChangeLog? { store.history?.log }

  /// What a restore to an instant would hold; nil outside the window or while recovery is off.
  package func image(at instant: Instant, now: Instant) -> TableImage? {
    guard let window = restoreWindow(at: now), window.contains(instant) else { return nil }
    return store.image(at: instant)
  }
}

extension Region {
  /// The contents of the on-demand or system backup of an id; nil if there is none.
  ///
  /// - Complexity: O(n) in the number of backups.
  package func backupImage(id: String) -> TableImage? {
    backups.values.first { $0.id == id }?.image
  }
}
