// SPDX-License-Identifier: GPL-3.0-or-later

package import ItemModel
package import Simulation

/// One write of one item: what was there before and what is there since.
package struct ChangeRecord: Hashable, Sendable, Codable {
  /// When the write was committed.
  package let instant: Instant
  /// The write's place in the total order of the table's writes, from 1; several writes may share
  /// an instant, none shares a sequence number.
  package let sequence: UInt64
  /// The key of the item.
  package let key: ItemKey
  /// The item before; nil if the write created it.
  package let old: Item?
  /// The item after; nil if the write removed it.
  package let new: Item?

  /// Describes a write.
  package init(instant: Instant, sequence: UInt64, key: ItemKey, old: Item?, new: Item?) {
    self.instant = instant
    self.sequence = sequence
    self.key = key
    self.old = old
    self.new = new
  }
}
