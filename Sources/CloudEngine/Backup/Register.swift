// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Something that is known by a name of its own and came into being at an instant.
protocol Registered: Codable, Sendable {
  var id: String { get }
  var createdAt: Instant { get }
}

/// Things in the order in which they came into being, found by their ids as well.
package struct Register<Element: Codable & Sendable>: Codable, Sendable {
  private var entries: OrderedMap<Int, Element> = OrderedMap()
  private var positions: OrderedMap<String, Int> = OrderedMap()
  private var next = 0

  init() {}

  package var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }

  /// All of them, oldest first.
  ///
  /// - Complexity: O(1); iterating costs O(1) a step and copies no node.
  package var oldestFirst: some Sequence<Element> { entries.entries().lazy.map(\.value) }

  /// All of them, newest first.
  ///
  /// - Complexity: As for `oldestFirst`.
  var newestFirst: some Sequence<Element> { entries.entries(reversed: true).lazy.map(\.value) }

  /// Those that came before a position, newest first, each with its own; nil is no bound.
  func newestFirst(before position: Int?) -> OrderedMap<Int, Element>.Entries {
    entries.entries(upTo: position, reversed: true)
  }

  /// Those that came after a position, oldest first, each with its own; nil is no bound.
  func oldestFirst(after position: Int?) -> OrderedMap<Int, Element>.Entries {
    entries.entries(after: position)
  }

  /// The element of an id; nil if there is none.
  ///
  /// - Complexity: O(log n).
  package subscript(id: String) -> Element? {
    guard let position = positions[id] else { return nil }
    return entries[position]
  }
}

extension Register where Element: Registered {
  /// Adds one that was not there before.
  ///
  /// - Complexity: O(log n).
  mutating func append(_ element: Element) {
    entries[next] = element
    positions[element.id] = next
    next += 1
  }

  /// Changes one in place; nothing happens if it is gone.
  mutating func change(_ id: String, _ change: (inout Element) -> Void) {
    guard let position = positions[id] else { return }
    change(&entries[existing: position])
  }

  mutating func remove(_ id: String) {
    guard let position = positions.removeValue(forKey: id) else { return }
    entries[position] = nil
  }

  /// Forgets those that came into being before an instant.
  ///
  /// - Returns: What is forgotten.
  /// - Complexity: O(log n) for each one forgotten.
  mutating func forget(before instant: Instant) -> [Element] {
    var forgotten: [Element] = []
    while let first = entries.first, first.value.createdAt < instant {
      remove(first.value.id)
      forgotten.append(first.value)
    }
    return forgotten
  }
}

// MARK: - Pages of AWS Backup's listings

/// How many elements AWS Backup puts on a page unless a request says so. [BKP.paging]
enum BackupPages {
  static let limit = 1_000
  static let refusal = ServiceError.invalidBackupParameter("Invalid NextToken")
}

extension Page where Element: Codable & Sendable {
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
