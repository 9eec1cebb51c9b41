// SPDX-License-Identifier: GPL-3.0-or-later

extension OrderedMap {
  /// The value stored under `key`, nil where there is none; assigning nil removes the entry.
  ///
  /// Changing the value through the subscript happens inside the tree: nothing of it is copied
  /// unless a snapshot holds it.
  ///
  /// - Complexity: O(log n).
  @inlinable
  public subscript(key: Key) -> Value? {
    get { value(forKey: key) }
    set {
      if let newValue {
        update(newValue, forKey: key)
      } else {
        removeValue(forKey: key)
      }
    }
    _modify {
      guard contains(key: key), let place = uniquePlace(of: key) else {
        var value: Value?
        defer { if let value { update(value, forKey: key) } }
        yield &value
        return
      }
      // The value is moved out while the caller changes it, so that it has one owner throughout.
      var value: Value? = place.move()
      defer {
        if let value {
          place.initialize(to: value)
        } else {
          _ = remove(key, valueIsTaken: true)
        }
      }
      yield &value
    }
  }

  /// The value of a key that the map is known to have.
  ///
  /// The fastest way to change a value where it lies.
  ///
  /// - Precondition: The map has an entry of this key.
  /// - Complexity: O(log n).
  @inlinable
  public subscript(existing key: Key) -> Value {
    // Where it lies is told and not the value: a large one would cost a reference count for each of
    // its parts, and a coroutine its frame.
    unsafeAddress { address(ofExisting: key) }
    unsafeMutableAddress { address(ofExisting: key) }
  }

  /// The value stored under `key`, or `defaultValue`, which a change through the subscript inserts.
  ///
  /// - Complexity: O(log n).
  @inlinable
  public subscript(
    key: Key, default defaultValue: @autoclosure () -> Value
  ) -> Value {
    get { value(forKey: key) ?? defaultValue() }
    unsafeMutableAddress { address(of: key, default: defaultValue()) }
  }

  /// Changes the value of a key where it lies.
  ///
  /// - Returns: What the change returns; nil if there is no entry.
  /// - Complexity: O(log n).
  @inlinable
  public mutating func change<Result>(
    _ key: Key, _ change: (inout Value) -> Result
  ) -> Result? {
    guard let place = uniquePlace(of: key) else { return nil }
    return change(&place.pointee)
  }

  /// Where a value lies that is to be changed, put there first if there is none.
  ///
  /// As `address(ofExisting:)`.
  @inlinable
  public mutating func address(
    of key: Key, default defaultValue: @autoclosure () -> Value
  ) -> UnsafeMutablePointer<Value> {
    if let place = uniquePlace(of: key) { return place }
    update(defaultValue(), forKey: key)
    return address(ofExisting: key)
  }

  /// Where a value lies that is to be changed.
  ///
  /// It is valid while this very map lives and is not changed otherwise: use it up in one expression.
  ///
  /// - Precondition: The map has an entry of this key.
  /// - Complexity: O(log n).
  @inlinable
  public mutating func address(ofExisting key: Key) -> UnsafeMutablePointer<Value> {
    guard let place = uniquePlace(of: key) else {
      preconditionFailure("OrderedMap has no entry of this key.")
    }
    return place
  }

  /// Stores a value under a key.
  ///
  /// - Returns: The value it replaces; nil if the key is new.
  /// - Complexity: O(log n).
  @inlinable
  @discardableResult
  public mutating func update(_ value: Value, forKey key: Key) -> Value? {
    update(forKey: key, inserting: value) { place in
      var replaced = value
      swap(&place, &replaced)
      return replaced
    }
  }

  /// Stores a first value under a key, or changes where it lies the one that is there.
  ///
  /// - Returns: What the change returns; nil if the key is new.
  /// - Complexity: O(log n), once for both.
  @inlinable
  @discardableResult
  public mutating func update<Result>(
    forKey key: Key, inserting value: Value, changing change: (inout Value) -> Result
  ) -> Result? {
    var replaced: Result?
    guard root != nil else {
      let leaf = Node.make(height: 0, capacity: 4)
      leaf.insert(key, value, at: 0)
      root = leaf
      entryCount = 1
      return nil
    }
    if let split = insert(key, value, change, replaced: &replaced) {
      let top = Node.make(height: split.right.height + 1, capacity: Node.fullCapacity)
      if let left = root { top.insert(split.separator, left, at: 0) }
      top.insert(split.separator, split.right, at: 1)
      root = top
    }
    if replaced == nil { entryCount += 1 }
    return replaced
  }

  /// Inserts below the root; a new right half of the root is handed back.
  @inlinable
  mutating func insert<Result>(
    _ key: Key, _ value: Value, _ change: (inout Value) -> Result, replaced: inout Result?
  ) -> Split? {
    // Unwrapping in place: a strong copy of the root would make it look shared.
    func insert(into root: inout Node?) -> Split? {
      guard root != nil else { return nil }
      return Self.insert(key, value, change, into: &root.unsafelyUnwrappedInPlace, true, &replaced)
    }
    return insert(into: &root)
  }

  /// Inserts or changes below `node`, as deep as the tree is high (a million entries: five).
  @inlinable
  static func insert<Result>(
    _ key: Key, _ value: Value, _ change: (inout Value) -> Result, into node: inout Node,
    _ rightmost: Bool, _ replaced: inout Result?
  ) -> Split? {
    if !isKnownUniquelyReferenced(&node) { node = node.copy() }
    if node.height > 0 {
      let slot = node.childSlot(for: key)
      let last = rightmost && slot == node.count - 1
      node.prefetchChild(at: slot)
      guard
        let split = insert(key, value, change, into: &node.children[slot], last, &replaced)
      else { return nil }
      return node.insertSplitting(
        split.separator, split.right, at: slot + 1, rightmost: rightmost)
    }
    let slot = node.slot(atOrAfter: key)
    if slot < node.count, !(key < node.keys[slot]) {
      replaced = change(&node.values[slot])
      return nil
    }
    if node.count == node.slotCapacity, node.slotCapacity < Node.fullCapacity {
      node = node.grown()
    }
    return node.insertSplitting(key, value, at: slot, rightmost: rightmost)
  }

  /// Where the value of `key` lies, with the whole path to it made this map's own; nil if absent.
  ///
  /// It hands out the place and not its leaf: with one more reference to the leaf, a removal
  /// would take it for shared, and copy it while the value is moved out.
  @inlinable
  mutating func uniquePlace(of key: Key) -> UnsafeMutablePointer<Value>? {
    if !isKnownUniquelyReferenced(&root) { root = root?.copy() }
    guard let root else { return nil }
    // As in `pointer(to:)`: nodes on the way are not retained.
    var node = Unmanaged.passUnretained(root)
    while true {
      let child: Unmanaged<Node>? = node._withUnsafeGuaranteedRef {
        guard $0.height > 0 else { return nil }
        let slot = $0.childSlot(for: key)
        $0.prefetchChild(at: slot)
        let place = $0.children + slot
        if !isKnownUniquelyReferenced(&place.pointee) { place.pointee = place.pointee.copy() }
        return Unmanaged.passUnretained(place.pointee)
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
}

extension Optional {
  /// The payload of an optional that is known not to be nil, changed where it lies.
  @inlinable
  var unsafelyUnwrappedInPlace: Wrapped {
    get { unsafelyUnwrapped }
    _modify {
      // The caller has seen that there is a payload.
      // swift-format-ignore: NeverForceUnwrap
      yield &self!
    }
  }
}
