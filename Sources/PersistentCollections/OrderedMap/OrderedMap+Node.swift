// SPDX-License-Identifier: GPL-3.0-or-later

/// What a node knows about its own memory.
@usableFromInline
struct NodeHeader {
  /// Slots in use.
  @usableFromInline var count: Int32
  /// Slots there is room for.
  @usableFromInline let capacity: Int32
  /// Levels below this node; a leaf has none.
  @usableFromInline let height: Int32
  /// Bytes from the first key to the first payload.
  @usableFromInline let payloadOffset: Int32

  @inlinable
  init(capacity: Int, height: Int, payloadOffset: Int) {
    self.count = 0
    self.capacity = Int32(truncatingIfNeeded: capacity)
    self.height = Int32(truncatingIfNeeded: height)
    self.payloadOffset = Int32(truncatingIfNeeded: payloadOffset)
  }
}

extension OrderedMap {
  /// One node of the tree: an object with its keys and payloads behind it in one allocation.
  ///
  ///     ┌────────┬────────┬──────────────────────┬──────────────────────────────┐
  ///     │ object │ header │ keys (capacity)      │ payloads (capacity)          │
  ///     └────────┴────────┴──────────────────────┴──────────────────────────────┘
  ///       16 B     16 B     stride of Key each     leaf: Value, inner: Node each
  ///
  /// In a leaf `keys[i]` belongs to `values[i]`. In an inner node every key below `children[i]` is
  /// at or after `keys[i]` and before `keys[i + 1]`; `keys[0]` is a place holder nobody compares.
  ///
  /// Every node has at least `minimum` slots in use, but for the root and the nodes on the right
  /// edge: entries appended in order fill their leaves completely and leave a short one at the end.
  @usableFromInline
  final class Node: ManagedBuffer<NodeHeader, UInt> {
    @inlinable
    deinit {
      keys.deinitialize(count: count)
      if height == 0 {
        values.deinitialize(count: count)
      } else {
        children.deinitialize(count: count)
      }
    }
  }

  /// A node that overflowed gave this right-hand part away.
  @usableFromInline
  struct Split {
    /// At or before every key of `right`, after every key that stayed.
    @usableFromInline let separator: Key
    @usableFromInline let right: Node

    @inlinable
    init(separator: Key, right: Node) {
      self.separator = separator
      self.right = right
    }
  }
}

extension OrderedMap.Node {
  /// Slots of a full-sized node.
  ///
  /// Measured with 16 to 24-byte keys: fewer make the tree deeper, more make the copy of a leaf
  /// after a snapshot dearer.
  @inlinable static var fullCapacity: Int { 32 }

  /// Slots under which a node is merged with a neighbour or borrows from it.
  @inlinable static var minimum: Int { fullCapacity / 4 }

  /// Makes an empty node.
  @inlinable
  static func make(height: Int, capacity: Int) -> OrderedMap.Node {
    typealias Node = OrderedMap.Node
    precondition(
      MemoryLayout<Key>.alignment <= 8 && MemoryLayout<Value>.alignment <= 8,
      "OrderedMap does not store types aligned to more than eight bytes.")
    let payloadStride = height == 0 ? MemoryLayout<Value>.stride : MemoryLayout<Node>.stride
    let payloadOffset = (capacity &* MemoryLayout<Key>.stride &+ 7) & ~7
    let words = (payloadOffset &+ capacity &* payloadStride &+ 7) / 8
    let buffer = Node.create(minimumCapacity: words) { _ in
      NodeHeader(capacity: capacity, height: height, payloadOffset: payloadOffset)
    }
    return unsafeDowncast(buffer, to: Node.self)
  }

  /// The header by its address: as a property of an object it would be guarded against overlapping
  /// accesses with each look, and a node is only ever changed by the one map that has it.
  @inlinable
  var ownHeader: NodeHeader {
    get { withUnsafeMutablePointerToHeader { $0.pointee } }
    set { withUnsafeMutablePointerToHeader { $0.pointee = newValue } }
  }

  @inlinable
  var count: Int {
    get { Int(truncatingIfNeeded: ownHeader.count) }
    set { ownHeader.count = Int32(truncatingIfNeeded: newValue) }
  }

  @inlinable var slotCapacity: Int { Int(truncatingIfNeeded: ownHeader.capacity) }
  @inlinable var height: Int { Int(truncatingIfNeeded: ownHeader.height) }

  @inlinable
  var keys: UnsafeMutablePointer<Key> {
    withUnsafeMutablePointerToElements {
      UnsafeMutableRawPointer($0).assumingMemoryBound(to: Key.self)
    }
  }

  /// The payloads, which are `Value` in a leaf and `Node` elsewhere.
  @inlinable
  func payloads<Payload>(of type: Payload.Type) -> UnsafeMutablePointer<Payload> {
    let offset = Int(truncatingIfNeeded: ownHeader.payloadOffset)
    return withUnsafeMutablePointerToElements {
      (UnsafeMutableRawPointer($0) + offset).assumingMemoryBound(to: Payload.self)
    }
  }

  @inlinable var values: UnsafeMutablePointer<Value> { payloads(of: Value.self) }
  @inlinable var children: UnsafeMutablePointer<OrderedMap.Node> {
    payloads(of: OrderedMap.Node.self)
  }
}

// MARK: Reading

extension OrderedMap.Node {
  /// The entry at a slot of a leaf.
  @inlinable
  func entry(at slot: Int) -> OrderedMap.Element {
    // The pointers must not outlive this object, whoever else refers to it.
    withExtendedLifetime(self) { (keys[slot], values[slot]) }
  }

  /// The child that `key` belongs to and the one after it; nil for a leaf.
  @inlinable
  func children(
    near key: Key
  ) -> (own: Unmanaged<OrderedMap.Node>, next: Unmanaged<OrderedMap.Node>?)? {
    guard height > 0 else { return nil }
    let slot = childSlot(for: key)
    let next = slot + 1 < count ? Unmanaged.passUnretained(children[slot + 1]) : nil
    return (Unmanaged.passUnretained(children[slot]), next)
  }

  /// The first slot whose key is not before `key`.
  @inlinable
  @inline(__always)
  func slot(atOrAfter key: Key) -> Int {
    let keys = keys
    var low = 0
    var high = count
    while low < high {
      let middle = (low &+ high) &>> 1
      if keys[middle] < key { low = middle &+ 1 } else { high = middle }
    }
    return low
  }

  /// The first slot whose key is after `key`.
  @inlinable
  func slot(after key: Key) -> Int {
    let keys = keys
    var low = 0
    var high = count
    while low < high {
      let middle = (low &+ high) &>> 1
      if key < keys[middle] { high = middle } else { low = middle &+ 1 }
    }
    return low
  }

  /// The slot of the child below which `key` belongs; only in an inner node.
  @inlinable
  @inline(__always)
  func childSlot(for key: Key) -> Int {
    let keys = keys
    var low = 1
    var high = count
    while low < high {
      let middle = (low &+ high) &>> 1
      if key < keys[middle] { high = middle } else { low = middle &+ 1 }
    }
    return low &- 1
  }
}

// MARK: Changing; the caller has made sure that the node is its own

extension OrderedMap.Node {
  /// A node of the same contents, which no one else refers to.
  @inlinable
  func copy() -> OrderedMap.Node {
    let copy = Self.make(height: height, capacity: slotCapacity)
    prefetchReferences(from: 0, count)
    copy.keys.initialize(from: keys, count: count)
    if height == 0 {
      copy.values.initialize(from: values, count: count)
    } else {
      copy.children.initialize(from: children, count: count)
    }
    copy.count = count
    return copy
  }

  /// A larger leaf that has taken over this one's contents.
  @inlinable
  func grown() -> OrderedMap.Node {
    let grown = Self.make(height: 0, capacity: Swift.min(slotCapacity &* 2, Self.fullCapacity))
    move(count, from: 0, to: grown, payloads: Value.self)
    return grown
  }

  /// Moves the `number` entries from `slot` on to the end of `target`.
  ///
  /// They must be the last ones, or the caller closes the gap.
  @inlinable
  func move<Payload>(
    _ number: Int, from slot: Int, to target: OrderedMap.Node, payloads type: Payload.Type
  ) {
    let end = target.count
    (target.keys + end).moveInitialize(from: keys + slot, count: number)
    (target.payloads(of: type) + end).moveInitialize(from: payloads(of: type) + slot, count: number)
    target.count = end &+ number
    count = count &- number
  }

  /// Inserts an entry where there is room for it.
  @inlinable
  func insert<Payload>(_ key: Key, _ payload: Payload, at slot: Int) {
    let keys = keys + slot
    let payloads = payloads(of: Payload.self) + slot
    let moved = count &- slot
    (keys + 1).moveInitialize(from: keys, count: moved)
    keys.initialize(to: key)
    (payloads + 1).moveInitialize(from: payloads, count: moved)
    payloads.initialize(to: payload)
    count = count &+ 1
  }

  /// Inserts an entry and gives the right part away if there was no room.
  ///
  /// A rightmost node, one on the right edge of the tree, stays full when the new entry comes last,
  /// so that entries appended in order waste no memory.
  @inlinable
  func insertSplitting<Payload>(
    _ key: Key, _ payload: Payload, at slot: Int, rightmost: Bool
  ) -> OrderedMap.Split? {
    guard count == slotCapacity else {
      insert(key, payload, at: slot)
      return nil
    }
    let right = Self.make(height: height, capacity: Self.fullCapacity)
    let appends = rightmost && slot == count
    let cut = appends ? count : count / 2
    move(count &- cut, from: cut, to: right, payloads: Payload.self)
    if slot > cut || appends {
      right.insert(key, payload, at: slot &- cut)
    } else {
      insert(key, payload, at: slot)
    }
    return OrderedMap.Split(separator: right.keys[0], right: right)
  }

  /// Closes the gap left by an entry whose key and payload were moved out.
  @inlinable
  func closeGap<Payload>(at slot: Int, payloads type: Payload.Type) {
    let keys = keys + slot
    let payloads = payloads(of: type) + slot
    let moved = count &- slot &- 1
    keys.moveInitialize(from: keys + 1, count: moved)
    payloads.moveInitialize(from: payloads + 1, count: moved)
    count = count &- 1
  }

  /// Opens a gap of `number` uninitialised slots at the front.
  @inlinable
  func openFront<Payload>(_ number: Int, payloads type: Payload.Type) {
    (keys + number).moveInitialize(from: keys, count: count)
    (payloads(of: type) + number).moveInitialize(from: payloads(of: type), count: count)
  }
}
