// SPDX-License-Identifier: GPL-3.0-or-later

extension OrderedMap {
  /// Builds a map from entries that are in strictly ascending key order.
  ///
  /// - Precondition: Each key is after the one before it.
  /// - Complexity: O(n).
  @inlinable
  public init(sortedUnique entries: some Sequence<Element>) {
    var leaves: [Node] = []
    var leaf: Node?
    var total = 0
    for (key, value) in entries {
      if let open = leaf {
        precondition(
          open.keys[open.count - 1] < key,
          "OrderedMap(sortedUnique:) needs strictly ascending keys.")
        if open.count == Node.bulkFill {
          leaves.append(open)
          leaf = nil
        }
      }
      let open = leaf ?? Node.make(height: 0, capacity: Node.fullCapacity)
      open.insert(key, value, at: open.count)
      leaf = open
      total += 1
    }
    if let leaf { leaves.append(leaf) }
    self.init(root: Self.root(over: leaves), count: total)
  }

  /// Builds a map from entries in any order; a later one replaces an earlier one of the same key.
  ///
  /// - Complexity: O(n log n).
  @inlinable
  public init(_ entries: some Sequence<Element>) {
    self.init()
    for (key, value) in entries { update(value, forKey: key) }
  }

  /// A map of the same keys with transformed values.
  ///
  /// - Complexity: O(n).
  @inlinable
  public func mapValues<Transformed: Sendable, Failure: Error>(
    _ transform: (Value) throws(Failure) -> Transformed
  ) throws(Failure) -> OrderedMap<Key, Transformed> {
    var transformed: [(key: Key, value: Transformed)] = []
    transformed.reserveCapacity(count)
    for (key, value) in self { transformed.append((key, try transform(value))) }
    return OrderedMap<Key, Transformed>(sortedUnique: transformed)
  }

  /// Puts inner nodes over a row of nodes until one is left.
  @inlinable
  static func root(over leaves: [Node]) -> Node? {
    var row = leaves
    var height = 0
    while row.count > 1 {
      height += 1
      var above: [Node] = []
      for child in row {
        if above.last.map({ $0.count == Node.bulkFill }) ?? true {
          above.append(Node.make(height: height, capacity: Node.fullCapacity))
        }
        let parent = above[above.count - 1]
        parent.insert(child.keys[0], child, at: parent.count)
      }
      row = above
    }
    return row.first
  }
}

extension OrderedMap.Node {
  /// Slots that a bulk build fills: room is left for a few later entries.
  @inlinable static var bulkFill: Int { fullCapacity * 7 / 8 }
}
