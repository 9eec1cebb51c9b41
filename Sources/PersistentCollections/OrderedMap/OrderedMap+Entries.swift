// SPDX-License-Identifier: GPL-3.0-or-later

/// One end of a range of keys.
public enum OrderedBound<Key: Comparable & Sendable>: Sendable {
  /// No limit at this end.
  case unbounded
  /// The key and what lies inside of it.
  case including(Key)
  /// What lies inside of the key, without the key itself.
  case excluding(Key)
}

extension OrderedMap {
  /// The entries between two bounds, read straight from the tree in either direction.
  ///
  /// A value: it keeps the tree it was taken from, so the map may be changed while one iterates
  /// (the iteration goes on over what was there).
  public struct Entries: Sequence, Sendable {
    @usableFromInline let map: OrderedMap
    @usableFromInline let lower: OrderedBound<Key>
    @usableFromInline let upper: OrderedBound<Key>
    @usableFromInline let isReversed: Bool

    @inlinable
    init(
      map: OrderedMap, lower: OrderedBound<Key>, upper: OrderedBound<Key>, isReversed: Bool
    ) {
      self.map = map
      self.lower = lower
      self.upper = upper
      self.isReversed = isReversed
    }

    /// Starts at the first entry in the chosen direction.
    ///
    /// - Complexity: O(log n); each step is O(1) amortised.
    @inlinable
    public func makeIterator() -> Iterator {
      isReversed
        ? Iterator(map.root, from: upper, to: lower, step: -1)
        : Iterator(map.root, from: lower, to: upper, step: 1)
    }
  }

  /// The entries of keys at or after `lower` and before `upper`; nil is no limit.
  ///
  /// - Complexity: O(1); iterating costs O(log n) and O(1) a step, and copies no node.
  @inlinable
  public func entries(
    from lower: Key? = nil, upTo upper: Key? = nil, reversed: Bool = false
  ) -> Entries {
    Entries(
      map: self,
      lower: lower.map { .including($0) } ?? .unbounded,
      upper: upper.map { .excluding($0) } ?? .unbounded,
      isReversed: reversed)
  }

  /// The entries between two bounds, of which each may include its key or not.
  ///
  /// - Complexity: O(1); iterating costs O(log n) and O(1) a step, and copies no node.
  @inlinable
  public func entries(
    lower: OrderedBound<Key>, upper: OrderedBound<Key>, reversed: Bool = false
  ) -> Entries {
    Entries(map: self, lower: lower, upper: upper, isReversed: reversed)
  }

  /// A cursor in the tree: the path to a leaf and what is left to read in it.
  ///
  /// `@unchecked Sendable`: it only reads, and nobody changes the nodes that it refers to, since a
  /// map changes a node in place only while it alone refers to it.
  public struct Iterator: IteratorProtocol, @unchecked Sendable {
    @usableFromInline var path: [(node: Node, slot: Int)] = []
    /// Keeps the memory of `keys` and `values` alive.
    @usableFromInline var leaf: Node?
    /// Where the leaf's entries lie: reaching for them through the leaf would count a reference to
    /// it for each entry.
    @usableFromInline var keys: UnsafeMutablePointer<Key>?
    @usableFromInline var values: UnsafeMutablePointer<Value>?
    @usableFromInline var slot = 0
    @usableFromInline var remaining = 0
    /// The far bound lies in this leaf: no other follows.
    @usableFromInline var isLastLeaf = false
    @usableFromInline let step: Int
    @usableFromInline let end: OrderedBound<Key>

    @inlinable
    init(_ root: Node?, from start: OrderedBound<Key>, to end: OrderedBound<Key>, step: Int) {
      self.step = step
      self.end = end
      guard var node = root else { return }
      path.reserveCapacity(node.height)
      while node.height > 0 {
        let slot: Int
        switch start {
        case .unbounded: slot = step > 0 ? 0 : node.count - 1
        case .including(let key), .excluding(let key): slot = node.childSlot(for: key)
        }
        node.prefetchChild(at: slot)
        path.append((node, slot))
        node = node.children[slot]
      }
      let first: Int
      switch (start, step > 0) {
      case (.unbounded, true): first = 0
      case (.unbounded, false): first = node.count - 1
      case (.including(let key), true): first = node.slot(atOrAfter: key)
      case (.including(let key), false): first = node.slot(after: key) - 1
      case (.excluding(let key), true): first = node.slot(after: key)
      case (.excluding(let key), false): first = node.slot(atOrAfter: key) - 1
      }
      enter(node, at: first)
    }

    /// The next entry in the direction of the iteration.
    ///
    /// - Complexity: O(1) amortised.
    @inlinable
    public mutating func next() -> Element? {
      while remaining <= 0 {
        guard enterNextLeaf() else { return nil }
      }
      guard let keys, let values else { return nil }
      let current = slot
      remaining &-= 1
      slot &+= step
      return (keys[current], values[current])
    }

    /// Prepares to read a leaf from `first` on; the far bound is looked for once a leaf.
    @inlinable
    mutating func enter(_ node: Node, at first: Int) {
      leaf = node
      keys = node.keys
      values = node.values
      slot = first
      if step > 0 {
        let beyond: Int
        switch end {
        case .unbounded: beyond = node.count
        case .including(let key): beyond = node.slot(after: key)
        case .excluding(let key): beyond = node.slot(atOrAfter: key)
        }
        isLastLeaf = beyond < node.count
        remaining = beyond - first
        node.prefetchReferences(from: first, remaining)
      } else {
        let lowest: Int
        switch end {
        case .unbounded: lowest = 0
        case .including(let key): lowest = node.slot(atOrAfter: key)
        case .excluding(let key): lowest = node.slot(after: key)
        }
        isLastLeaf = lowest > 0
        remaining = first - lowest + 1
        node.prefetchReferences(from: lowest, remaining)
      }
    }

    @inlinable
    mutating func enterNextLeaf() -> Bool {
      guard !isLastLeaf else { return false }
      while let (node, slot) = path.last {
        let next = slot + step
        guard next >= 0, next < node.count else {
          path.removeLast()
          continue
        }
        path[path.count - 1].slot = next
        var child = node.children[next]
        while child.height > 0 {
          let slot = step > 0 ? 0 : child.count - 1
          path.append((child, slot))
          child = child.children[slot]
        }
        if let (parent, slot) = path.last {
          let following = slot + step
          if following >= 0, following < parent.count {
            parent.prefetchChild(at: following)
          }
        }
        enter(child, at: step > 0 ? 0 : child.count - 1)
        return true
      }
      leaf = nil
      isLastLeaf = true
      return false
    }
  }
}

extension OrderedMap: Sequence {
  /// Starts at the entry of the smallest key.
  ///
  /// - Complexity: O(log n); each step is O(1) amortised.
  @inlinable
  public func makeIterator() -> Iterator {
    Iterator(root, from: .unbounded, to: .unbounded, step: 1)
  }

  /// Calls a function with each entry in key order.
  ///
  /// The fastest way to read a whole map: unlike a `for` loop it counts no reference for an entry
  /// whose value is not kept.
  ///
  /// - Complexity: O(n).
  @inlinable
  public func forEach(_ body: (Element) throws -> Void) rethrows {
    guard let root else { return }
    try withExtendedLifetime(root) { try Self.forEach(in: root, body) }
  }

  @inlinable
  static func forEach(in node: Node, _ body: (Element) throws -> Void) rethrows {
    let number = node.count
    if node.height > 0 {
      let children = node.children
      for slot in 0..<number { try forEach(in: children[slot], body) }
    } else {
      let keys = node.keys
      let values = node.values
      node.prefetchReferences(from: 0, number)
      for slot in 0..<number { try body((keys[slot], values[slot])) }
    }
  }

  /// The number of entries, exactly.
  ///
  /// - Complexity: O(1).
  @inlinable
  public var underestimatedCount: Int { count }

  /// The keys in ascending order.
  ///
  /// - Complexity: O(1); nothing is copied.
  @inlinable
  public var keys: LazyMapSequence<OrderedMap, Key> { lazy.map { $0.key } }

  /// The values in the order of their keys.
  ///
  /// - Complexity: O(1); nothing is copied.
  @inlinable
  public var values: LazyMapSequence<OrderedMap, Value> { lazy.map { $0.value } }
}
