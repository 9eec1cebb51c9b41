// SPDX-License-Identifier: GPL-3.0-or-later

/// What the reference model's tables hold and are made of, each as small as it can be.
let hour: Int64 = 3_600_000
let day: Int64 = 24 * hour

/// A table's name and Region, by number.
package struct TableName: Sendable, Hashable {
  let number: Int
  let region: Int
  var text: String { Self.texts[number] }
  private static let texts = (0..<HistoryCommand.names).map { "table-\($0)" }

  /// Names a table.
  package init(number: Int, region: Int) {
    self.number = number
    self.region = region
  }
}

/// The attributes of an item besides its key, each a digit; 0 stands for an attribute it has not.
///
/// `v` and `w` are keys of indexes, `u` is as long as it says, so that sizes differ.
package struct ModelItem: Sendable, Hashable {
  var v: Int
  var w: Int
  var u: Int

  /// An item of three digits.
  package init(v: Int, w: Int, u: Int) {
    self.v = v
    self.w = w
    self.u = u
  }

  /// The attributes with their values, the key of number `key` first; all are strings.
  func attributes(key: Int) -> [(name: String, value: String)] {
    [
      ("p", Self.partition(key)), ("s", Self.sort(key)), ("v", v == 0 ? "" : String(v)),
      ("w", w == 0 ? "" : String(w)), ("u", String(repeating: "u", count: 9 * u)),
    ].filter { !$0.1.isEmpty }
  }

  static let keys = 6
  static func partition(_ key: Int) -> String { "p\(key % 2)" }
  static func sort(_ key: Int) -> String { "s\(key / 2)" }

  /// Names and values, as the service counts them.
  var size: Int { 6 + (v == 0 ? 0 : 2) + (w == 0 ? 0 : 2) + (u == 0 ? 0 : 1 + 9 * u) }
}

/// What an UpdateItem does: nil leaves an attribute alone, 0 removes it.
package struct ModelChange: Sendable, Hashable {
  let v: Int?
  let w: Int?
  let needsItem: Bool

  /// Describes an update.
  package init(v: Int?, w: Int?, needsItem: Bool) {
    self.v = v
    self.w = w
    self.needsItem = needsItem
  }

  /// Whether the update only takes away.
  var onlyRemoves: Bool { (v != nil || w != nil) && (v ?? 0) == 0 && (w ?? 0) == 0 }

  func applied(to item: ModelItem) -> ModelItem {
    ModelItem(v: v ?? item.v, w: w ?? item.w, u: item.u)
  }
}

/// A secondary index: global by `v` or local by `w`.
package struct ModelIndex: Sendable, Hashable {
  package enum Projection: String, Sendable, Hashable, CaseIterable {
    case all = "ALL"
    case keysOnly = "KEYS_ONLY"
    case include = "INCLUDE"
  }
  let name: String
  let isLocal: Bool
  let projection: Projection

  /// Describes an index.
  package init(name: String, isLocal: Bool, projection: Projection) {
    self.name = name
    self.isLocal = isLocal
    self.projection = projection
  }

  /// What the index holds of an item; nil where the item has no place in it.
  func entry(_ item: ModelItem) -> ModelItem? {
    guard (isLocal ? item.w : item.v) != 0 else { return nil }
    return switch projection {
    case .all: item
    case .keysOnly: ModelItem(v: isLocal ? 0 : item.v, w: isLocal ? item.w : 0, u: 0)
    case .include: ModelItem(v: isLocal ? 0 : item.v, w: isLocal ? item.w : 0, u: item.u)
    }
  }
}

/// A table's contents, or an index's: a place for each key, with an item or without.
struct ModelItems: Sendable, Hashable {
  private var places: [ModelItem?] = Array(repeating: nil, count: ModelItem.keys)

  subscript(key: Int) -> ModelItem? {
    get { places[key] }
    set { places[key] = newValue }
  }

  var keys: [Int] { places.indices.filter { places[$0] != nil } }

  var count: Int { places.reduce(0) { $0 + ($1 == nil ? 0 : 1) } }

  var size: Int { places.reduce(0) { $0 + ($1?.size ?? 0) } }

  func entries(of index: ModelIndex) -> ModelItems {
    var result = self
    result.places = places.map { $0.flatMap(index.entry) }
    return result
  }

  /// The size that recovery and backups are billed by: global indexes do not count. [PRICE.size]
  func billedSize(_ indexes: [ModelIndex]) -> Int {
    size + indexes.filter(\.isLocal).reduce(0) { $0 + entries(of: $1).size }
  }
}

/// What a restore changes of what it restores.
package struct ModelOverride: Sendable, Hashable {
  package enum Indexes: Sendable, Hashable, CaseIterable { case same, none, noGlobal, renamed }
  let change: Indexes
  /// Nil where the restore does not say.
  let encrypted: Bool?

  /// Describes what a restore changes.
  package init(change: Indexes, encrypted: Bool?) {
    self.change = change
    self.encrypted = encrypted
  }

  func indexes(_ source: [ModelIndex]) -> [ModelIndex] {
    switch change {
    case .same: source
    case .none: []
    case .noGlobal: source.filter(\.isLocal)
    case .renamed:
      source.map {
        ModelIndex(name: $0.name + "-new", isLocal: $0.isLocal, projection: $0.projection)
      }
    }
  }
}
