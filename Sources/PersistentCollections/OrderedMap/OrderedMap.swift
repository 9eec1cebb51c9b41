// SPDX-License-Identifier: GPL-3.0-or-later

/// A sorted dictionary whose copies share their structure: a copy-on-write B+ tree.
///
/// Copying a map is O(1) and the copy is a snapshot: neither map ever sees the other's later
/// changes. A write changes nodes in place as far as this map alone refers to them, and copies
/// only the path from the root to one leaf where a snapshot is alive. Iteration is always in
/// ascending key order, so it is the same in every run.
///
///     var prices: OrderedMap<String, Int> = [:]
///     prices["pear"] = 3
///     let before = prices            // O(1)
///     prices["apple"] = 2            // `before` still holds pears alone
///
/// Change a value through the subscripts (`map[key]?.append(x)`, `map[existing: key].count += 1`):
/// they reach into the tree. Copying a value out and writing it back costs a copy of the value.
///
/// Keys and values must not need an alignment of more than eight bytes.
///
/// `@unchecked Sendable`: nodes are mutable objects, but a node is changed only while exactly one
/// map refers to it (`isKnownUniquelyReferenced`), hence only by that map's owner; nodes that
/// several maps share are read only, and keys and values are `Sendable` themselves.
public struct OrderedMap<Key: Comparable & Sendable, Value: Sendable>: @unchecked Sendable {
  /// A key and the value stored under it.
  public typealias Element = (key: Key, value: Value)

  @usableFromInline var root: Node?
  @usableFromInline var entryCount: Int

  /// The number of entries.
  ///
  /// - Complexity: O(1).
  @inlinable public var count: Int { entryCount }

  /// Creates an empty map; allocates nothing.
  ///
  /// - Complexity: O(1).
  @inlinable
  public init() {
    root = nil
    entryCount = 0
  }

  @inlinable
  init(root: Node?, count: Int) {
    self.root = root
    self.entryCount = count
  }

  /// Whether the map holds no entry.
  ///
  /// - Complexity: O(1).
  @inlinable
  public var isEmpty: Bool { count == 0 }

  /// Whether both maps are the same tree, so that nothing was changed in one since it was copied
  /// from the other.
  ///
  /// A false answer says nothing about the contents; `==` compares those.
  ///
  /// - Complexity: O(1).
  @inlinable
  public func isIdentical(to other: OrderedMap) -> Bool { root === other.root }

  /// Removes every entry.
  ///
  /// - Complexity: O(1) while a snapshot shares the tree, O(n) otherwise.
  @inlinable
  public mutating func removeAll() { self = OrderedMap() }
}

extension OrderedMap: ExpressibleByDictionaryLiteral {
  /// Creates a map from a literal; a later entry replaces an earlier one of the same key.
  ///
  /// - Complexity: O(n log n).
  @inlinable
  public init(dictionaryLiteral elements: (Key, Value)...) {
    self.init()
    for (key, value) in elements { update(value, forKey: key) }
  }
}

extension OrderedMap: CustomStringConvertible {
  /// The entries in key order, as a dictionary literal.
  public var description: String {
    guard !isEmpty else { return "[:]" }
    return "[" + map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "]"
  }
}
