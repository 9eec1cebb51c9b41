// SPDX-License-Identifier: GPL-3.0-or-later

extension OrderedMap {
  /// Removes an entry.
  ///
  /// Where the key is absent nothing is copied, whoever shares the tree.
  ///
  /// - Returns: The value removed; nil if the map has no entry of this key.
  /// - Complexity: O(log n).
  @inlinable
  @discardableResult
  public mutating func removeValue(forKey key: Key) -> Value? {
    guard contains(key: key) else { return nil }
    return remove(key, valueIsTaken: false)
  }

  /// Removes the entry of the smallest key.
  ///
  /// - Complexity: O(log n).
  @inlinable
  @discardableResult
  public mutating func popFirst() -> Element? {
    guard root != nil else { return nil }
    let first = Self.removeFirst(from: &root.unsafelyUnwrappedInPlace)
    entryIsRemoved()
    return first
  }

  /// Removes every entry that satisfies the predicate.
  ///
  /// - Complexity: O(n).
  @inlinable
  public mutating func removeAll(where shouldRemove: (Element) throws -> Bool) rethrows {
    let kept = try OrderedMap(sortedUnique: filter { try !shouldRemove($0) })
    if kept.count < count { self = kept }
  }

  /// Removes the entry of a key that is there; its value may have been moved out already.
  @inlinable
  mutating func remove(_ key: Key, valueIsTaken: Bool) -> Value? {
    guard root != nil else { return nil }
    let removed = Self.remove(key, from: &root.unsafelyUnwrappedInPlace, valueIsTaken)
    entryIsRemoved()
    return removed
  }

  /// Counts an entry less, and takes away the levels that are not needed without it.
  @inlinable
  mutating func entryIsRemoved() {
    entryCount -= 1
    while let top = root, top.height > 0, top.count == 1 { root = top.children[0] }
    if root?.count == 0 { root = nil }
  }

  /// Removes the first entry below `node`, which has one; no key is compared on the way.
  @inlinable
  static func removeFirst(from node: inout Node) -> Element {
    if !isKnownUniquelyReferenced(&node) { node = node.copy() }
    guard node.height > 0 else {
      let first = (key: node.keys.move(), value: node.values.move())
      node.closeGap(at: 0, payloads: Value.self)
      return first
    }
    let first = removeFirst(from: &node.children[0])
    if node.children[0].count < Node.minimum { node.refillChild(at: 0) }
    return first
  }

  /// Removes below `node`, as deep as the tree is high.
  @inlinable
  static func remove(_ key: Key, from node: inout Node, _ valueIsTaken: Bool) -> Value? {
    if !isKnownUniquelyReferenced(&node) { node = node.copy() }
    if node.height > 0 {
      let slot = node.childSlot(for: key)
      let removed = remove(key, from: &node.children[slot], valueIsTaken)
      if node.children[slot].count < Node.minimum { node.refillChild(at: slot) }
      return removed
    }
    let slot = node.slot(atOrAfter: key)
    (node.keys + slot).deinitialize(count: 1)
    let removed = valueIsTaken ? nil : (node.values + slot).move()
    node.closeGap(at: slot, payloads: Value.self)
    return removed
  }
}

extension OrderedMap.Node {
  /// Merges a child that has become small with a neighbour, or levels the two.
  @inlinable
  func refillChild(at slot: Int) {
    guard count > 1 else {
      // On the right edge a node may have one child; without entries that child goes too.
      guard children[slot].count == 0 else { return }
      (keys + slot).deinitialize(count: 1)
      (children + slot).deinitialize(count: 1)
      count = 0
      return
    }
    let left = slot > 0 ? slot - 1 : 0
    if children[left].height == 0 {
      level(left, payloads: Value.self)
    } else {
      level(left, payloads: OrderedMap.Node.self)
    }
  }

  /// Merges the children at `slot` and `slot + 1`, or gives both half of what they hold.
  @inlinable
  func level<Payload>(_ slot: Int, payloads type: Payload.Type) {
    for place in [children + slot, children + slot + 1]
    where !isKnownUniquelyReferenced(&place.pointee) {
      place.pointee = place.pointee.copy()
    }
    let left = children[slot]
    let right = children[slot + 1]
    // The place holder becomes a key that is compared when it no longer comes first.
    if right.count > 0, right.height > 0 { right.keys[0] = keys[slot + 1] }
    let total = left.count + right.count
    if total <= Self.fullCapacity {
      right.move(right.count, from: 0, to: left, payloads: type)
      (keys + slot + 1).deinitialize(count: 1)
      (children + slot + 1).deinitialize(count: 1)
      closeGap(at: slot + 1, payloads: OrderedMap.Node.self)
      return
    }
    let half = total / 2
    if left.count > half {
      let number = left.count - half
      right.openFront(number, payloads: type)
      right.keys.moveInitialize(from: left.keys + half, count: number)
      right.payloads(of: type).moveInitialize(from: left.payloads(of: type) + half, count: number)
      right.count += number
      left.count = half
    } else {
      let number = half - left.count
      let rest = right.count - number
      right.move(number, from: 0, to: left, payloads: type)
      right.keys.moveInitialize(from: right.keys + number, count: rest)
      right.payloads(of: type).moveInitialize(from: right.payloads(of: type) + number, count: rest)
    }
    keys[slot + 1] = right.keys[0]
  }
}
