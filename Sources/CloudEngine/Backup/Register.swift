// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation
import Synchronization

/// Something that is known by a name of its own and came into being at an instant.
protocol Registered: Codable, Sendable {
  var id: String { get }
  var createdAt: Instant { get }
}

/// Things in the order in which they came into being, found by their ids as well.
///
/// Each has a position, which it keeps; whoever knows it can read and change what is there without
/// looking for its id.
struct Register<Element: Registered>: Sendable {
  private var entries: OrderedMap<Int, Box<Element>> = OrderedMap()
  private var next = 0
  /// Follows from the entries, so no checkpoint holds it.
  private var index = RegisterIndex()

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
  /// - Parameters:
  ///   - id: The element's id.
  ///   - known: Where it was put, as far as somebody remembers: found there at once.
  /// - Returns: Its position.
  /// - Complexity: O(log n) for each element that came since an id was last looked for.
  func position(of id: String, at known: Int? = nil) -> Int? {
    if let known { return isThere(id, at: known) ? known : nil }
    return index.positions(of: id, until: next) { first in
      entries.entries(from: first).lazy.map { ($0.key, $0.value.value.id) }
    }.first { isThere(id, at: $0) }
  }

  private func isThere(_ id: String, at position: Int) -> Bool {
    entries.address(of: position)?.pointee.address.pointee.id == id
  }

  /// The element of a position that `position(of:)` gave, read and changed where it lies.
  ///
  /// - Precondition: It was not removed since.
  subscript(at position: Int) -> Element {
    unsafeAddress { address(at: position) }
    unsafeMutableAddress { entries[existing: position].mutableAddress() }
  }

  /// Where the element of a position lies, for looking at parts of it: a copy of it all would count
  /// a dozen references.
  ///
  /// - Precondition: It was not removed since; the register is not changed meanwhile.
  func address(at position: Int) -> UnsafePointer<Element> {
    entries.address(ofExisting: position).pointee.address
  }

  /// Goes through all of them, oldest first, by their addresses, which are good for one call each.
  func forEach(_ look: (UnsafePointer<Element>) -> Void) {
    for entry in entries { look(entry.value.address) }
  }

  /// The element of an id; nil if there is none.
  ///
  /// - Complexity: O(log n).
  subscript(id: String) -> Element? { position(of: id).map { self[at: $0] } }

  /// Adds one that was not there before.
  ///
  /// - Returns: Its position.
  /// - Complexity: O(log n).
  @discardableResult
  mutating func append(_ element: __owned Element) -> Int {
    index.separate()
    entries.update(Box(element), forKey: next)
    defer { next += 1 }
    return next
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
    index.separate()
    index.remove(position) { self[at: position].id }
    entries.removeValue(forKey: position)
  }

  /// Forgets those that came into being before an instant.
  ///
  /// - Parameters:
  ///   - instant: When the oldest that is kept came into being, or later.
  ///   - part: What is still wanted of one that is forgotten; nil for nothing.
  /// - Returns: The parts.
  /// - Complexity: O(log n) for each one forgotten.
  @discardableResult
  mutating func forget<Part>(before instant: Instant, but part: (Element) -> Part?) -> [Part] {
    var parts: [Part] = []
    while let position = entries.firstKey, self[at: position].createdAt < instant {
      if let part = part(self[at: position]) { parts.append(part) }
      remove(at: position)
    }
    return parts
  }
}

extension Register: Codable {
  private enum CodingKeys: CodingKey { case entries, next }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    entries = try container.decode(OrderedMap<Int, Box<Element>>.self, forKey: .entries)
    next = try container.decode(Int.self, forKey: .next)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(entries, forKey: .entries)
    try container.encode(next, forKey: .next)
  }
}

/// Where a register's ids are, made when somebody asks for one: plans that run for a year put millions
/// of things into registers that nobody asks for.
///
/// Copies of a register share it until one of them changes.
private struct RegisterIndex: Sendable {
  /// An id as eight bytes that hardly two ids share, and where it is: comparing texts that begin
  /// alike would be most of a look-up.
  private struct Key: Comparable {
    let digest: UInt64
    let position: Int

    static func < (left: Key, right: Key) -> Bool {
      left.digest != right.digest ? left.digest < right.digest : left.position < right.position
    }
  }

  private struct Contents: Sendable {
    var keys: OrderedMap<Key, Void> = OrderedMap()
    /// The first position that is not in it.
    var end = 0
  }

  private final class Storage: Sendable {
    let contents: Mutex<Contents>

    init(_ contents: Contents) { self.contents = Mutex(contents) }
  }

  private var storage = Storage(Contents())

  /// Where an id may be: there, or nowhere.
  ///
  /// - Parameters:
  ///   - id: What is looked for.
  ///   - end: The first position that is not in the register.
  ///   - entries: The positions from a first one on, with their ids.
  /// - Returns: The positions whose ids have its digest.
  /// - Complexity: O(log n) for each position it did not know yet.
  func positions(
    of id: String, until end: Int, in entries: (Int) -> some Sequence<(Int, String)>
  ) -> [Int] {
    let digest = id.endDigest
    return storage.contents.withLock { contents in
      if contents.end < end {
        for (position, id) in entries(contents.end) {
          contents.keys.update((), forKey: Key(digest: id.endDigest, position: position))
        }
        contents.end = end
      }
      return contents.keys.entries(from: Key(digest: digest, position: 0))
        .prefix { $0.key.digest == digest }.map(\.key.position)
    }
  }

  /// Makes the index its register's own, which is about to change.
  mutating func separate() {
    guard !isKnownUniquelyReferenced(&storage) else { return }
    storage = Storage(storage.contents.withLock { $0 })
  }

  /// Takes out a position, of an index that is its register's own.
  func remove(_ position: Int, id: () -> String) {
    storage.contents.withLock { contents in
      guard position < contents.end else { return }
      contents.keys.removeValue(forKey: Key(digest: id().endDigest, position: position))
    }
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
