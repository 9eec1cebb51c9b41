// SPDX-License-Identifier: GPL-3.0-or-later

/// A stack whose elements are moved in and out, never copied.
///
/// The parser's finished values wait here; an array would retain and release each on its way into its
/// container, which took half of the parse.
struct MoveStack<Element>: ~Copyable {
  private var base: UnsafeMutablePointer<Element>
  private var capacity: Int
  private(set) var count = 0

  init() {
    capacity = 16
    base = .allocate(capacity: capacity)
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  @inline(__always)
  mutating func push(_ element: consuming Element) {
    if count == capacity { grow() }
    (base + count).initialize(to: element)
    count += 1
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: base, count: count)
    base.deallocate()
    base = larger
    capacity *= 2
  }

  /// The elements from a place on, without taking them off.
  func elements(from start: Int) -> UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: base + start, count: count - start)
  }

  /// Takes off all elements from a place on.
  mutating func pop(from start: Int) -> ContiguousArray<Element> {
    // Not by `init(unsafeUninitializedCapacity:)`, which looks the array's type up at run time.
    var elements: ContiguousArray<Element> = []
    elements.reserveCapacity(count - start)
    for place in start..<count { elements.append((base + place).move()) }
    count = start
    return elements
  }

  /// Takes off all elements from a place on.
  mutating func popArray(from start: Int) -> [Element] {
    var elements: [Element] = []
    elements.reserveCapacity(count - start)
    for place in start..<count { elements.append((base + place).move()) }
    count = start
    return elements
  }

  /// Destroys all elements from a place on.
  mutating func drop(from start: Int) {
    (base + start).deinitialize(count: count - start)
    count = start
  }
}
