// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Something that is known by a name of its own and came into being at an instant.
protocol Registered: Codable, Sendable {
  var id: String { get }
  var createdAt: Instant { get }
}

/// Things in the order in which they came into being, found by their ids as well.
///
/// Each has a position, which it keeps; whoever has looked a position up can read and change what is
/// there without looking for its id again.
struct Register<Element: Registered>: Sendable {
  private var entries: OrderedMap<Int, Box<Element>> = OrderedMap()
  /// Follows from the entries, so no checkpoint holds it.
  private var index: OrderedMap<IndexKey, Void> = OrderedMap()
  private var next = 0

  /// An id as eight bytes that hardly two ids share, and where it is: comparing texts that begin
  /// alike would be most of a look-up.
  private struct IndexKey: Comparable {
    let digest: UInt64
    let position: Int

    static func < (left: IndexKey, right: IndexKey) -> Bool {
      left.digest != right.digest ? left.digest < right.digest : left.position < right.position
    }

  }

  init() {}

  var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }

  /// All of them, oldest first.
  ///
  /// - Complexity: O(1); iterating costs O(1) a step and copies no node.
  var oldestFirst: some Sequence<Element> { entries.entries().lazy.map { $0.value.value } }

  /// All of them, newest first.
  ///
  /// - Complexity: As for `oldestFirst`.
  var newestFirst: some Sequence<Element> {
    entries.entries(reversed: true).lazy.map { $0.value.value }
  }

  /// Those that came before a position, newest first, each with its own; nil is no bound.
  func newestFirst(before position: Int?) -> some Sequence<(key: Int, value: Element)> {
    entries.entries(upTo: position, reversed: true).lazy.map {
      (key: $0.key, value: $0.value.value)
    }
  }

  /// Those that came after a position, oldest first, each with its own; nil is no bound.
  func oldestFirst(after position: Int?) -> some Sequence<(key: Int, value: Element)> {
    entries.entries(after: position).lazy.map { (key: $0.key, value: $0.value.value) }
  }

  /// Where the element of an id is; nil if there is none.
  ///
  /// - Complexity: O(log n).
  func position(of id: String) -> Int? {
    let digest = id.endDigest
    var key = IndexKey(digest: digest, position: 0)
    while let found = index.firstEntry(atOrAfter: key)?.key, found.digest == digest {
      if self[at: found.position].id == id { return found.position }
      key = IndexKey(digest: digest, position: found.position + 1)
    }
    return nil
  }

  /// The element of a position that `position(of:)` gave, read and changed where it lies.
  ///
  /// - Precondition: It was not removed since.
  subscript(at position: Int) -> Element {
    unsafeAddress { entries.address(ofExisting: position).pointee.address }
    unsafeMutableAddress { entries[existing: position].mutableAddress() }
  }

  /// The element of an id; nil if there is none.
  ///
  /// - Complexity: O(log n).
  subscript(id: String) -> Element? { position(of: id).map { self[at: $0] } }

  /// Adds one that was not there before.
  ///
  /// - Complexity: O(log n).
  mutating func append(_ element: Element) {
    index.update((), forKey: IndexKey(digest: element.id.endDigest, position: next))
    entries.update(Box(element), forKey: next)
    next += 1
  }

  /// Changes one in place; nothing happens if it is gone.
  mutating func change(_ id: String, _ change: (inout Element) -> Void) {
    guard let position = position(of: id) else { return }
    change(&self[at: position])
  }

  /// Takes one out; nothing happens if it is gone.
  mutating func remove(_ id: String) {
    guard let position = position(of: id) else { return }
    remove(at: position)
  }

  /// Takes out the element of a position that `position(of:)` gave.
  ///
  /// - Precondition: It was not removed since.
  mutating func remove(at position: Int) {
    let digest = self[at: position].id.endDigest
    index.removeValue(forKey: IndexKey(digest: digest, position: position))
    entries.removeValue(forKey: position)
  }

  /// Forgets those that came into being before an instant.
  ///
  /// - Returns: What is forgotten.
  /// - Complexity: O(log n) for each one forgotten.
  mutating func forget(before instant: Instant) -> [Element] {
    var forgotten: [Element] = []
    while let first = entries.first, first.value.value.createdAt < instant {
      forgotten.append(first.value.value)
      remove(at: first.key)
    }
    return forgotten
  }
}

extension Register: Codable {
  private enum CodingKeys: CodingKey { case entries, next }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    entries = try container.decode(OrderedMap<Int, Box<Element>>.self, forKey: .entries)
    next = try container.decode(Int.self, forKey: .next)
    for (position, entry) in entries {
      index.update((), forKey: IndexKey(digest: entry.value.id.endDigest, position: position))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(entries, forKey: .entries)
    try container.encode(next, forKey: .next)
  }
}

extension String {
  /// Eight bytes that hardly two ids or ARNs share: what tells them apart is at their ends.
  var endDigest: UInt64 {
    withBytes { bytes in
      func number(_ range: Range<Int>) -> UInt64 {
        bytes[range].reduce(0) { $0 << 8 | UInt64($1) }
      }
      let (middle, start) = (Swift.max(0, bytes.count - 8), Swift.max(0, bytes.count - 16))
      return number(middle..<bytes.count) ^ number(start..<middle) &* 0x9E37_79B9_7F4A_7C15
    }
  }
}

// MARK: - Pages of AWS Backup's listings

/// How many elements AWS Backup puts on a page unless a request says so. [BKP.paging]
enum BackupPages {
  static let limit = 1_000
  static let refusal = ServiceError.invalidBackupParameter("Invalid NextToken")
}

extension Page where Element: Registered {
  /// A page of what came into being, newest first.
  ///
  /// - Parameters:
  ///   - register: Everything.
  ///   - limit: How many make a page; 1,000 if the request names no number.
  ///   - token: The page before's; nil for the first page.
  ///   - isAsked: Whether the request asks for one.
  ///   - isListed: False for what the listing ends at: nothing older is looked at.
  /// - Throws: InvalidParameterValue for a token that was never given out.
  init(
    newestFirst register: Register<Element>, limit: Int?, token: String?,
    where isAsked: @escaping (Element) -> Bool = { _ in true },
    while isListed: @escaping (Element) -> Bool = { _ in true }
  ) throws(ServiceError) {
    let start: Int? = try PageToken.mark(in: token, otherwise: BackupPages.refusal)
    let entries = register.newestFirst(before: start)
    let listed = entries.lazy.prefix { isListed($0.value) }.filter { isAsked($0.value) }
    self = Page<(key: Int, value: Element)>(
      listed, limit: limit ?? BackupPages.limit, mark: { $0.key }
    ).map { $0.value }
  }

  /// A page of what came into being, oldest first.
  ///
  /// - Throws: InvalidParameterValue for a token that was never given out.
  init(
    oldestFirst register: Register<Element>, limit: Int?, token: String?,
    where isAsked: @escaping (Element) -> Bool = { _ in true }
  ) throws(ServiceError) {
    let start: Int? = try PageToken.mark(in: token, otherwise: BackupPages.refusal)
    let entries = register.oldestFirst(after: start)
    self = Page<(key: Int, value: Element)>(
      entries.lazy.filter { isAsked($0.value) }, limit: limit ?? BackupPages.limit,
      mark: { $0.key }
    ).map { $0.value }
  }
}

extension Page where Element: Codable & Sendable {
  /// A page of what has names, in their order.
  ///
  /// - Throws: InvalidParameterValue for a token that was never given out.
  init(
    _ map: OrderedMap<String, Element>, limit: Int?, token: String?,
    where isAsked: @escaping (Element) -> Bool = { _ in true }
  ) throws(ServiceError) {
    let start: String? = try PageToken.mark(in: token, otherwise: BackupPages.refusal)
    let entries = map.entries(after: start)
    self = Page<(key: String, value: Element)>(
      entries.lazy.filter { isAsked($0.value) }, limit: limit ?? BackupPages.limit,
      mark: { $0.key }
    ).map { $0.value }
  }
}

extension Page {
  /// A page of a list that only grows at its end.
  ///
  /// - Throws: InvalidParameterValue for a token that was never given out.
  init(_ list: [Element], limit: Int?, token: String?) throws(ServiceError) {
    let last: Int? = try PageToken.mark(in: token, otherwise: BackupPages.refusal)
    let start = min(max(last ?? -1, -1), list.count - 1) + 1
    self = Page<(offset: Int, element: Element)>(
      zip(start..., list[start...]).lazy.map { (offset: $0, element: $1) },
      limit: limit ?? BackupPages.limit, mark: { $0.offset }
    ).map { $0.element }
  }
}
