// SPDX-License-Identifier: GPL-3.0-or-later

public import CPrefetch

// Each reference that is counted is a cache miss of some hundred nanoseconds in a large map, and
// counts wait for one another. Asking for all lines first lets the misses overlap.

extension OrderedMap.Node {
  /// Asks for the cache lines of the objects that the keys and payloads of some slots refer to.
  @inlinable
  func prefetchReferences(from slot: Int, _ number: Int) {
    if !_isPOD(Key.self) { Self.prefetch(keys + slot, number) }
    if height > 0 {
      Self.prefetch(children + slot, number)
    } else if !_isPOD(Value.self) {
      Self.prefetch(values + slot, number)
    }
  }

  /// Takes each word for an address: one that is none does no harm.
  @inlinable
  static func prefetch<Payload>(_ payloads: UnsafeMutablePointer<Payload>, _ number: Int) {
    guard MemoryLayout<Payload>.alignment == 8, MemoryLayout<Payload>.stride <= 16 else { return }
    let words = UnsafeRawPointer(payloads)
    var offset = 0
    let end = number &* MemoryLayout<Payload>.stride
    while offset < end {
      rewind_prefetch(words.load(fromByteOffset: offset, as: UInt.self))
      offset &+= 8
    }
  }

  /// Asks for the lines of a child, as far as it is likely to be filled.
  ///
  /// A search would ask for one after the other: each compared key may lie in another line.
  @inlinable
  @inline(__always)
  func prefetchChild(at slot: Int) {
    // The reference is read as a number: it need not be counted.
    let start = UnsafeRawPointer(children + slot).load(as: UInt.self)
    let stride = MemoryLayout<Key>.stride &+ 8
    var offset: UInt = 0
    let end = UInt(truncatingIfNeeded: 32 &+ Self.fullCapacity &* stride)
    while offset < end {
      rewind_prefetch(start &+ offset)
      offset &+= 64
    }
  }
}
