// SPDX-License-Identifier: GPL-3.0-or-later

extension OrderedMap {
  /// Where the value of `key` lies; valid while the tree lives and is not changed.
  ///
  /// Reads through unmanaged references: a lookup that retained each node on its way would spend
  /// most of its time on reference counts.
  @inlinable
  func pointer(to key: Key) -> UnsafeMutablePointer<Value>? {
    guard let root else { return nil }
    var node = Unmanaged.passUnretained(root)
    while true {
      let child: Unmanaged<Node>? = node._withUnsafeGuaranteedRef {
        guard $0.height > 0 else { return nil }
        let slot = $0.childSlot(for: key)
        $0.prefetchChild(at: slot)
        return Unmanaged.passUnretained($0.children[slot])
      }
      guard let child else { break }
      node = child
    }
    return node._withUnsafeGuaranteedRef { leaf in
      let slot = leaf.slot(atOrAfter: key)
      guard slot < leaf.count, !(key < leaf.keys[slot]) else { return nil }
      return leaf.values + slot
    }
  }

  /// Where the value of `key` lies, for reading a part of it without copying the whole; nil if there
  /// is no entry.
  ///
  /// It is valid while this very map lives and is not changed: use it up in one expression.
  ///
  /// - Complexity: O(log n).
  @inlinable
  public func address(of key: Key) -> UnsafePointer<Value>? {
    pointer(to: key).map { UnsafePointer($0) }
  }

  /// Where the value of a key lies that the map is known to have; as `address(of:)`.
  ///
  /// - Precondition: The map has an entry of this key.
  /// - Complexity: O(log n).
  @inlinable
  public func address(ofExisting key: Key) -> UnsafePointer<Value> {
    guard let place = address(of: key) else {
      preconditionFailure("OrderedMap has no entry of this key.")
    }
    return place
  }

  /// The value stored under `key`.
  ///
  /// - Complexity: O(log n).
  @inlinable
  public func value(forKey key: Key) -> Value? {
    withExtendedLifetime(root) { pointer(to: key)?.pointee }
  }

  /// Whether the map has an entry of this key.
  ///
  /// - Complexity: O(log n).
  @inlinable
  public func contains(key: Key) -> Bool {
    withExtendedLifetime(root) { pointer(to: key) != nil }
  }

  /// The entry of the smallest key.
  ///
  /// - Complexity: O(log n).
  @inlinable
  public var first: Element? { withFirstLeaf { $0.entry(at: 0) } }

  /// The smallest key.
  ///
  /// - Complexity: O(log n).
  @inlinable
  public var firstKey: Key? { withFirstLeaf { $0.keys[0] } }

  /// Looks at the leaf of the smallest keys; nil for an empty map.
  @inlinable
  func withFirstLeaf<Result>(_ look: (Node) -> Result) -> Result? {
    guard let root, count > 0 else { return nil }
    // As in `pointer(to:)`: nodes on the way are not retained.
    var node = Unmanaged.passUnretained(root)
    while let child = node._withUnsafeGuaranteedRef({
      $0.height > 0 ? Unmanaged.passUnretained($0.children[0]) : nil
    }) {
      node = child
    }
    return node._withUnsafeGuaranteedRef { leaf in withExtendedLifetime(leaf) { look(leaf) } }
  }

  /// The entry of the greatest key.
  ///
  /// - Complexity: O(log n).
  @inlinable
  public var last: Element? {
    guard var node = root else { return nil }
    while node.height > 0 { node = node.children[node.count - 1] }
    return node.entry(at: node.count - 1)
  }

  /// The entry of the smallest key at or after `key`.
  ///
  /// - Complexity: O(log n).
  @inlinable
  public func firstEntry(atOrAfter key: Key) -> Element? {
    entryAfterGap(near: key) { $0.slot(atOrAfter: key) }
  }

  /// The entry of the smallest key after `key`.
  ///
  /// - Complexity: O(log n).
  @inlinable
  public func firstEntry(after key: Key) -> Element? {
    entryAfterGap(near: key) { $0.slot(after: key) }
  }

  /// The entry of the greatest key before `key`.
  ///
  /// - Complexity: O(log n).
  @inlinable
  public func lastEntry(before key: Key) -> Element? {
    entryBeforeGap(near: key) { $0.slot(atOrAfter: key) }
  }

  /// The entry of the greatest key at or before `key`.
  ///
  /// - Complexity: O(log n).
  @inlinable
  public func lastEntry(atOrBefore key: Key) -> Element? {
    entryBeforeGap(near: key) { $0.slot(after: key) }
  }

  /// The entry at the slot `position` chooses in the leaf of `key`, or the first of the next leaf.
  @inlinable
  func entryAfterGap(near key: Key, position: (Node) -> Int) -> Element? {
    guard let root else { return nil }
    // As in `pointer(to:)`: nodes on the way are not retained.
    var node = Unmanaged.passUnretained(root)
    var next: Unmanaged<Node>?
    while let (child, sibling) = node._withUnsafeGuaranteedRef({
      $0.children(near: key)
    }) {
      node = child
      next = sibling ?? next
    }
    let found = node._withUnsafeGuaranteedRef { leaf -> Element? in
      let slot = position(leaf)
      return slot < leaf.count ? leaf.entry(at: slot) : nil
    }
    if found != nil { return found }
    guard var leaf = next?.takeUnretainedValue() else { return nil }
    while leaf.height > 0 { leaf = leaf.children[0] }
    return leaf.entry(at: 0)
  }

  /// The entry before the slot `position` chooses in the leaf of `key`, or the last of the
  /// leaf before.
  @inlinable
  func entryBeforeGap(near key: Key, position: (Node) -> Int) -> Element? {
    guard var node = root else { return nil }
    var previous: Node?
    while node.height > 0 {
      let slot = node.childSlot(for: key)
      if slot > 0 { previous = node.children[slot - 1] }
      node = node.children[slot]
    }
    let slot = position(node)
    if slot > 0 { return node.entry(at: slot - 1) }
    guard var leaf = previous else { return nil }
    while leaf.height > 0 { leaf = leaf.children[leaf.count - 1] }
    return leaf.entry(at: leaf.count - 1)
  }
}
