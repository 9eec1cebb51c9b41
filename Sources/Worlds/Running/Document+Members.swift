// SPDX-License-Identifier: GPL-3.0-or-later

internal import Documents
internal import OrderedCollections

extension Document {
  /// An object with these members in order; the last of equal names stays.
  ///
  /// - Complexity: O(n).
  init(members: [(String, Document)]) {
    self = .object(OrderedDictionary(members) { _, last in last })
  }
}
