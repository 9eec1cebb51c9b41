// SPDX-License-Identifier: GPL-3.0-or-later

package import ItemModel

/// What a secondary index is made of: a name, a key, and the attributes it holds.
package struct IndexDefinition: Hashable, Sendable, Codable {
  /// The attributes that an index holds of an item; key attributes of table and index always.
  package enum Projection: Hashable, Sendable, Codable {
    /// The whole item.
    case all
    /// The key attributes alone.
    case keysOnly
    /// The key attributes and these.
    case include([String])
  }

  /// Whether the index shares the table's partitions or has its own.
  package enum Kind: String, Hashable, Sendable, Codable {
    case local
    case global
  }

  /// The index's name, unique in its table.
  package let name: String
  /// The index's own key; the table's key follows it to tell entries of equal keys apart.
  package let keySchema: KeySchema
  /// What the index holds of an item.
  package let projection: Projection
  /// Local or global; the store treats both alike.
  package let kind: Kind

  /// Describes an index.
  package init(name: String, keySchema: KeySchema, projection: Projection, kind: Kind) {
    self.name = name
    self.keySchema = keySchema
    self.projection = projection
    self.kind = kind
  }

  /// The names of the attributes an entry holds, without repetition, in a table of this key; nil for
  /// all.
  package func projectedNames(with table: KeySchema) -> [String]? {
    let extra: [String]
    switch projection {
    case .all: return nil
    case .keysOnly: extra = []
    case .include(let names): extra = names
    }
    var names: [String] = []
    for name in (table.attributes + keySchema.attributes).map(\.name) + extra
    where !names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
      names.append(name)
    }
    return names
  }
}
