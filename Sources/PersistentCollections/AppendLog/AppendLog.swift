// SPDX-License-Identifier: GPL-3.0-or-later

/// A list that grows at its end and shrinks at its start, and whose copies share their elements.
///
/// Copying is O(1) and gives a snapshot. Indices are absolute: dropping elements at the start moves
/// `startIndex` and changes no other element's index, so an index may be kept.
///
///     var log: AppendLog<String> = []
///     log.append("created")          // index 0
///     log.append("updated")          // index 1
///     log.removeFirst(1)             // startIndex == 1, log[1] == "updated"
///
/// Elements lie in chunks; full chunks are the values of an `OrderedMap`, the last one is kept
/// aside. A write after a snapshot copies that last chunk at most, and each 64th write a path.
public struct AppendLog<Element: Sendable>: Sendable {
  /// Elements in a full chunk; a power of two.
  @inlinable static var chunkLength: Int { 64 }

  /// Full chunks by ordinal; element `i` lies in chunk `i / chunkLength`.
  @usableFromInline var chunks: OrderedMap<Int, ContiguousArray<Element>>
  /// The elements after the full chunks.
  @usableFromInline var tail: ContiguousArray<Element>

  @usableFromInline var firstIndex: Int
  @usableFromInline var nextIndex: Int
  /// The index that the first chunk begins with; not 0 in a log that began elsewhere.
  @usableFromInline var origin: Int

  /// The index of the oldest element kept.
  ///
  /// - Complexity: O(1).
  @inlinable public var startIndex: Int { firstIndex }

  /// One past the index of the newest element.
  ///
  /// - Complexity: O(1).
  @inlinable public var endIndex: Int { nextIndex }

  /// Creates an empty log; its first element gets the index 0.
  ///
  /// - Complexity: O(1).
  @inlinable
  public init() { self.init(startingAt: 0) }

  /// Creates an empty log whose first element gets an index.
  ///
  /// - Precondition: The index is not negative.
  /// - Complexity: O(1).
  @inlinable
  public init(startingAt index: Int) {
    precondition(index >= 0, "AppendLog counts from 0 up.")
    chunks = OrderedMap()
    tail = []
    firstIndex = index
    nextIndex = index
    origin = index
  }

  /// Adds an element at the end; its index is the `endIndex` from before.
  ///
  /// - Complexity: O(1) amortised, O(log n) each 64th time.
  @inlinable
  public mutating func append(_ element: Element) {
    if tail.isEmpty { tail.reserveCapacity(8) }
    tail.append(element)
    nextIndex += 1
    guard tail.count == Self.chunkLength else { return }
    chunks.update(tail, forKey: (endIndex - origin) / Self.chunkLength - 1)
    tail = []
  }

  /// Adds elements at the end, in order.
  ///
  /// - Complexity: O(m) amortised for m elements.
  @inlinable
  public mutating func append(contentsOf elements: some Sequence<Element>) {
    for element in elements { append(element) }
  }

  /// Drops the oldest elements; the others keep their indices.
  ///
  /// Memory goes back chunk by chunk: up to 63 dropped elements stay until their chunk is dropped.
  ///
  /// - Precondition: `number` is not negative and at most `count`.
  /// - Complexity: O(log n) for each 64 elements dropped.
  @inlinable
  public mutating func removeFirst(_ number: Int) {
    precondition(number >= 0 && number <= count, "AppendLog cannot drop more than it holds.")
    firstIndex += number
    let (firstKept, offset) = (startIndex - origin).quotientAndRemainder(
      dividingBy: Self.chunkLength)
    // Most elements that are dropped are not the last of their chunk.
    guard offset < number else { return }
    while let first = chunks.firstKey, first < firstKept { chunks.removeValue(forKey: first) }
  }

  /// The first index whose element does not satisfy the predicate.
  ///
  /// The elements must be partitioned: all that satisfy it come before all that do not.
  ///
  /// - Returns: An index, `endIndex` if every element satisfies the predicate.
  /// - Complexity: O(log² n), and O(log n) calls of the predicate.
  @inlinable
  public func partitioningIndex<Failure: Error>(
    where belongsBefore: (Element) throws(Failure) -> Bool
  ) throws(Failure) -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = low + (high - low) / 2
      if try belongsBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension AppendLog: RandomAccessCollection {
  /// The element at an absolute index.
  ///
  /// - Precondition: The index is in `startIndex..<endIndex`.
  /// - Complexity: O(log n); O(1) among the last few.
  @inlinable
  public subscript(position: Int) -> Element {
    precondition(position >= startIndex && position < endIndex, "AppendLog index out of range.")
    let tailStart = endIndex - tail.count
    guard position < tailStart else { return tail[position - tailStart] }
    let offset = position - origin
    return chunks[existing: offset / Self.chunkLength][offset % Self.chunkLength]
  }

  /// Reads the elements in order, each chunk once.
  ///
  /// - Complexity: O(log n); each step is O(1) amortised.
  @inlinable
  public func makeIterator() -> Iterator { Iterator(self, from: startIndex) }

  /// The elements from an index on, in order.
  ///
  /// - Precondition: The index is in `startIndex...endIndex`.
  /// - Complexity: O(log n); each step is O(1) amortised.
  @inlinable
  public func elements(from position: Int) -> IteratorSequence<Iterator> {
    precondition(position >= startIndex && position <= endIndex, "AppendLog index out of range.")
    return IteratorSequence(Iterator(self, from: position))
  }

  /// A cursor that reads chunk after chunk.
  public struct Iterator: IteratorProtocol, Sendable {
    @usableFromInline var chunks: OrderedMap<Int, ContiguousArray<Element>>.Iterator
    @usableFromInline var chunk: ContiguousArray<Element>
    @usableFromInline var tail: ContiguousArray<Element>?
    @usableFromInline var slot: Int

    @inlinable
    init(_ log: AppendLog, from position: Int) {
      let tailStart = log.endIndex - log.tail.count
      let offset = position - log.origin
      let ordinal = offset / AppendLog.chunkLength
      chunks = log.chunks.entries(from: ordinal).makeIterator()
      if position >= tailStart {
        chunk = log.tail
        tail = nil
        slot = position - tailStart
      } else {
        chunk = chunks.next()?.value ?? []
        tail = log.tail
        slot = offset % AppendLog.chunkLength
      }
    }

    /// The next element.
    ///
    /// - Complexity: O(1) amortised.
    @inlinable
    public mutating func next() -> Element? {
      while slot >= chunk.count {
        guard let following = chunks.next()?.value ?? tail.take() else { return nil }
        chunk = following
        slot = 0
      }
      defer { slot += 1 }
      return chunk[slot]
    }
  }
}

extension AppendLog: ExpressibleByArrayLiteral {
  /// Creates a log of the elements, the first at index 0.
  ///
  /// - Complexity: O(n).
  @inlinable
  public init(arrayLiteral elements: Element...) {
    self.init()
    append(contentsOf: elements)
  }
}

extension AppendLog: Equatable where Element: Equatable {
  /// Whether both logs hold equal elements at the same indices; shared chunks are not read.
  ///
  /// - Complexity: O(d log n) for d elements written since the logs were the same; O(n) at most.
  @inlinable
  public static func == (left: AppendLog, right: AppendLog) -> Bool {
    guard left.startIndex == right.startIndex, left.endIndex == right.endIndex else { return false }
    if left.origin == right.origin, (left.startIndex - left.origin) % chunkLength == 0 {
      return left.chunks == right.chunks && left.tail == right.tail
    }
    // Dropped elements at the start of the first chunk do not count.
    return left.elementsEqual(right)
  }
}

extension AppendLog: Hashable where Element: Hashable {
  /// Feeds the indices' bounds and the elements.
  ///
  /// - Complexity: O(n).
  @inlinable
  public func hash(into hasher: inout Hasher) {
    hasher.combine(startIndex)
    hasher.combine(endIndex)
    for element in self { hasher.combine(element) }
  }
}

extension AppendLog {
  /// Stops the program where the log is not as it should be; for tests.
  ///
  /// - Complexity: O(n).
  public func _invariantCheck() {
    chunks._invariantCheck()
    hold(tail.count < Self.chunkLength, "The last chunk has room.")
    hold(startIndex <= endIndex, "The log starts before it ends.")
    let tailStart = endIndex - tail.count
    hold(
      (tailStart - origin) % Self.chunkLength == 0, "The last chunk starts where another ends.")
    var expected = (Swift.min(startIndex, tailStart) - origin) / Self.chunkLength
    for (ordinal, chunk) in chunks {
      hold(ordinal == expected, "Every chunk is there.")
      hold(chunk.count == Self.chunkLength, "A chunk inside the log is full.")
      expected += 1
    }
    hold(
      origin + expected * Self.chunkLength == tailStart, "Chunks reach up to the last one.")
  }
}
