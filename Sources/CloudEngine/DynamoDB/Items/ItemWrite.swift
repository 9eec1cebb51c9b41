// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
package import ItemModel
import Simulation
import TableStore

/// The rules one item must meet before it is written to a table. [DDB.items.errors]
struct ItemRules {
  let image: TableImage

  /// The key of an item to be put.
  ///
  /// - Throws: A validation error for a faulty key, index key or size, in the service's words.
  func checkPut(_ item: Item) throws(ServiceError) -> ItemKey {
    let key = try wording(\KeyFault.refusal) { () throws(KeyFault) in try putKey(of: item) }
    guard item.byteCount <= Item.maximumByteCount else { throw .itemTooLarge }
    return key
  }

  /// Checks the outcome of an update.
  func checkUpdate(_ item: Item) throws(ServiceError) {
    try wording(\KeyFault.refusal) { () throws(KeyFault) in try checkUpdatedKeys(of: item) }
    guard item.byteCount <= Item.maximumByteCount else { throw .updatedItemTooLarge }
  }

  /// The key of an item to be put, whose index keys are in order too.
  func putKey(of item: Item) throws(KeyFault) -> ItemKey {
    let key: ItemKey
    do throws(KeyError) {
      key = try image.keySchema.key(of: item)
    } catch {
      throw KeyFault(error, .inPut(error))
    }
    try checkIndexKeys(of: item) { .inIndexKey($0, index: $1) }
    return key
  }

  /// Checks what an update made of the keys of indexes.
  func checkUpdatedKeys(of item: Item) throws(KeyFault) {
    try checkIndexKeys(of: item) { error, _ in .inUpdatedIndexKey(error) }
  }

  /// The position a Key parameter names.
  func key(_ attributes: AttributeMap) throws(ServiceError) -> ItemKey {
    try wording(ServiceError.inKey) { () throws(KeyError) in
      try image.keySchema.key(exactly: attributes)
    }
  }

  /// An item that lacks an index's key is simply not in the index; one with a wrong key is refused.
  private func checkIndexKeys(
    of item: Item, word: (KeyError, String) -> ServiceError
  ) throws(KeyFault) {
    for index in image.indexes {
      let schema = index.definition.keySchema
      let isPresent = schema.attributes.contains { item.type(of: $0.name) != nil }
      guard isPresent else { continue }
      do {
        _ = try schema.key(of: item)
      } catch .missing {
        // Wrong types among the attributes that are there are refused all the same.
        for attribute in schema.attributes {
          guard let actual = item.type(of: attribute.name) else { continue }
          guard actual == attribute.type.attributeType else {
            let error = KeyError.typeMismatch(
              attribute: attribute.name, expected: attribute.type.attributeType, actual: actual)
            throw KeyFault(error, word(error, index.definition.name))
          }
        }
      } catch {
        throw KeyFault(error, word(error, index.definition.name))
      }
    }
  }
}

/// What is wrong with a key, and the service's words for it where it was met.
struct KeyFault: Error {
  let refusal: ServiceError
  /// True for an empty key value, which the service sees before it looks at anything else.
  let isEmptyValue: Bool

  init(_ error: KeyError, _ refusal: ServiceError) {
    self.refusal = refusal
    isEmptyValue = if case .emptyValue = error { true } else { false }
  }
}

/// What has to hear of a write besides the table itself.
private struct WriteFollowers: OptionSet {
  let rawValue: UInt8

  static let stream = WriteFollowers(rawValue: 1)
  static let expiries = WriteFollowers(rawValue: 2)
  static let statistics = WriteFollowers(rawValue: 4)
  static let replicas = WriteFollowers(rawValue: 8)
  static let metrics = WriteFollowers(rawValue: 16)
}

extension Table {
  /// Writes an item or deletes the one at a key, in one visit to the table, and says what else has to
  /// hear of it.
  fileprivate mutating func write(
    _ item: Item?, at key: ItemKey, now: Instant
  ) -> (old: Item?, followers: WriteFollowers) {
    let old: Item?
    if let item {
      old = store.put(item, forKey: key, at: now)
    } else {
      old = store.remove(key, at: now)
    }
    if let earliest = pointInTimeRecovery?.historyStart(at: now) {
      store.trimHistory(before: earliest)
    }
    var followers: WriteFollowers = []
    if settings.stream != nil { followers.insert(.stream) }
    if expiries != nil { followers.insert(.expiries) }
    if !statisticsAreStale { followers.insert(.statistics) }
    if replication != nil { followers.insert(.replicas) }
    if !isLimited { followers.insert(.metrics) }
    return (old, followers)
  }
}

/// On whose behalf an item is written; what follows from a write may depend on it.
package enum WriteOrigin: String, Codable, Hashable, Sendable {
  /// A request's, or a world's own traffic.
  case request
  /// The service's, which deletes an expired item. [DDB.ttl.deletion]
  case timeToLive
}

extension Cloud {
  /// Writes an item to a table now, or deletes the one at a key.
  ///
  /// - Parameters:
  ///   - item: The item; nil deletes.
  ///   - key: Its key in the table.
  ///   - id: The table, which exists.
  ///   - origin: On whose behalf.
  ///   - stamp: When and where a write that comes from another Region was made; nil for one made here.
  ///   - isTransacted: Whether a transaction makes it, which takes twice the units.
  /// - Returns: The item that was there before.
  /// - Complexity: O(log n) in the table's size.
  @discardableResult
  mutating func write(
    _ item: Item?, at key: ItemKey, of id: TableID, by origin: WriteOrigin = .request,
    from stamp: WriteStamp? = nil, isTransacted: Bool = false
  ) -> Item? {
    let (old, followers) = self[id.place][id].write(item, at: key, now: now)
    if followers.contains(.stream) { stream(old, item, of: id, by: origin) }
    if followers.contains(.expiries) { followExpiry(from: old, to: item, at: key, of: id) }
    if followers.contains(.statistics) { noteWrites(to: id) }
    if followers.contains(.replicas), item != nil || old != nil {
      replicate(item, at: key, of: id, from: stamp)
    }
    switch origin {
    case .timeToLive: measureExpiry(of: id)
    case .request where followers.contains(.metrics) && stamp == nil:
      measureWrite(Capacity.write(old: old, new: item) * (isTransacted ? 2 : 1), of: id)
    case .request: break
    }
    return old
  }

  /// Writes many items at once, as a world's beginning and its traffic do.
  ///
  /// - Throws: A validation error for the first item that the table could not take.
  package mutating func load(
    _ items: some Sequence<Item>, into name: String, in place: Place
  ) throws(ServiceError) {
    let caller = Caller(account: place.account, region: place.region)
    let id = try itemTable(TableReference(name), for: caller)
    for item in items {
      let key = try ItemRules(image: self[place][id].store.image).checkPut(item)
      write(item, at: key, of: id)
    }
  }

  /// Deletes one item, as a world's traffic does.
  package mutating func deleteItem(
    _ key: AttributeMap, from name: String, in place: Place
  ) throws(ServiceError) {
    let caller = Caller(account: place.account, region: place.region)
    let id = try itemTable(TableReference(name), for: caller)
    write(nil, at: try ItemRules(image: self[place][id].store.image).key(key), of: id)
  }
}
