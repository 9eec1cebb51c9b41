// SPDX-License-Identifier: GPL-3.0-or-later

extension OrderedMap {
  /// Calls `body` for each key whose value differs between an older map and this one, in key order.
  ///
  /// Subtrees that both maps share are skipped unread, so the work grows with what was changed
  /// since one was copied from the other.
  ///
  /// - Parameters:
  ///   - other: The older map.
  ///   - areEqual: Whether two values of the same key count as the same.
  ///   - body: Receives the key, the older value and the newer one; nil where there is none.
  /// - Throws: What `body` throws, which ends the walk.
  /// - Complexity: O(d log n) for d entries written since the maps were the same; O(n) at most.
  @inlinable
  public func forEachDifference<Failure: Error>(
    from other: OrderedMap, by areEqual: (Value, Value) -> Bool,
    _ body: (_ key: Key, _ old: Value?, _ new: Value?) throws(Failure) -> Void
  ) throws(Failure) {
    var walk = DifferenceWalk(old: other.root, new: root)
    while let (key, old, new) = walk.next(by: areEqual) { try body(key, old, new) }
  }

  /// Walks two trees side by side and stops where they differ.
  @usableFromInline
  struct DifferenceWalk {
    @usableFromInline var old: Cursor
    @usableFromInline var new: Cursor

    @inlinable
    init(old: Node?, new: Node?) {
      self.old = Cursor(old)
      self.new = Cursor(new)
    }

    /// The next key whose values differ.
    @inlinable
    mutating func next(by areEqual: (Value, Value) -> Bool) -> (Key, Value?, Value?)? {
      while true {
        skipShared()
        switch (old.entry, new.entry) {
        case (nil, nil): return nil
        case (let entry?, nil):
          old.advance()
          return (entry.key, entry.value, nil)
        case (nil, let entry?):
          new.advance()
          return (entry.key, nil, entry.value)
        case (let before?, let after?):
          if before.key < after.key {
            old.advance()
            return (before.key, before.value, nil)
          }
          if after.key < before.key {
            new.advance()
            return (after.key, nil, after.value)
          }
          old.advance()
          new.advance()
          if !areEqual(before.value, after.value) { return (before.key, before.value, after.value) }
        }
      }
    }

    /// Moves both cursors to an entry, past every subtree they stand at the start of together.
    @inlinable
    mutating func skipShared() {
      while true {
        switch (old.subtree, new.subtree) {
        case (let before?, let after?):
          if before === after {
            old.skipSubtree()
            new.skipSubtree()
          } else {
            // The higher one goes down first: subtrees of one height may be the same.
            let (left, right) = (before.height, after.height)
            if left >= right { old.descend() }
            if right >= left { new.descend() }
          }
        case (_?, nil): old.descend()
        case (nil, _?): new.descend()
        case (nil, nil): return
        }
      }
    }
  }

  /// A position in a tree: before a whole subtree, or at an entry of a leaf.
  @usableFromInline
  struct Cursor {
    @usableFromInline var path: [(node: Node, slot: Int)] = []
    /// The subtree before which the cursor stands, not yet entered.
    @usableFromInline var subtree: Node?

    @inlinable
    init(_ root: Node?) { subtree = root }

    /// The entry at which the cursor stands; nil before a subtree and at the end.
    @inlinable
    var entry: Element? {
      guard subtree == nil, let (node, slot) = path.last else { return nil }
      return node.entry(at: slot)
    }

    /// Enters the subtree before which the cursor stands.
    @inlinable
    mutating func descend() {
      guard let node = subtree else { return }
      if node.height == 0 { node.prefetchReferences(from: 0, node.count) }
      path.append((node, 0))
      subtree = node.height > 0 ? node.children[0] : nil
    }

    @inlinable
    mutating func skipSubtree() {
      subtree = nil
      moveOn()
    }

    /// Moves from one entry to the next, or to the subtree that follows the leaf.
    @inlinable
    mutating func advance() { moveOn() }

    @inlinable
    mutating func moveOn() {
      while let (node, slot) = path.last {
        guard slot + 1 < node.count else {
          path.removeLast()
          continue
        }
        path[path.count - 1].slot = slot + 1
        if node.height > 0 { subtree = node.children[slot + 1] }
        return
      }
    }
  }
}

extension OrderedMap where Value: Equatable {
  /// Calls `body` for each key whose value differs between an older map and this one, in key order.
  ///
  /// - Complexity: O(d log n) for d entries written since the maps were the same; O(n) at most.
  @inlinable
  public func forEachDifference<Failure: Error>(
    from other: OrderedMap,
    _ body: (_ key: Key, _ old: Value?, _ new: Value?) throws(Failure) -> Void
  ) throws(Failure) {
    try forEachDifference(from: other, by: ==, body)
  }
}

extension OrderedMap: Equatable where Value: Equatable {
  /// Whether both maps hold equal entries; shared subtrees are equal without being read.
  ///
  /// - Complexity: O(d log n) for d entries written since the maps were the same; O(n) at most.
  @inlinable
  public static func == (left: OrderedMap, right: OrderedMap) -> Bool {
    guard left.count == right.count else { return false }
    var walk = DifferenceWalk(old: left.root, new: right.root)
    return walk.next(by: ==) == nil
  }
}

extension OrderedMap: Hashable where Key: Hashable, Value: Hashable {
  /// Feeds the entries in key order.
  ///
  /// - Complexity: O(n).
  @inlinable
  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    for (key, value) in self {
      hasher.combine(key)
      hasher.combine(value)
    }
  }
}
