// SPDX-License-Identifier: GPL-3.0-or-later

public import PersistentCollections

/// What will happen and when: occurrences ordered by instant, those of one instant as they were scheduled.
///
/// A persistent value: copying shares everything.
///
/// ```swift
/// var agenda = Agenda<String>()
/// let token = agenda.schedule("backup completes", at: now + .seconds(5))
/// while let due = agenda.popNext(notAfter: now) { … }
/// ```
public struct Agenda<Occurrence: Sendable>: Sendable {
  @usableFromInline
  var entries: OrderedMap<AgendaToken, Occurrence> = [:]

  /// How many occurrences were ever scheduled; the next one's sequence number.
  public private(set) var scheduled: UInt64 = 0

  /// An agenda with nothing on it.
  public init() {}

  /// Puts an occurrence on the agenda, after all others of the same instant.
  ///
  /// - Parameters:
  ///   - occurrence: What will happen.
  ///   - instant: When; one that is past comes out next.
  /// - Returns: What `cancel` needs.
  /// - Complexity: O(log n).
  @discardableResult
  public mutating func schedule(_ occurrence: Occurrence, at instant: Instant) -> AgendaToken {
    let token = AgendaToken(instant: instant, sequence: scheduled)
    scheduled += 1
    entries[token] = occurrence
    return token
  }

  /// Takes an occurrence off the agenda.
  ///
  /// - Returns: The occurrence, or nil when it has happened or was cancelled before.
  /// - Complexity: O(log n).
  @discardableResult @inlinable
  public mutating func cancel(_ token: AgendaToken) -> Occurrence? {
    entries.removeValue(forKey: token)
  }

  /// The next occurrence and its instant, or nil when nothing is pending.
  ///
  /// - Complexity: O(log n).
  @inlinable
  public var next: (instant: Instant, occurrence: Occurrence)? {
    entries.first.map { (instant: $0.key.instant, occurrence: $0.value) }
  }

  /// Takes the next occurrence off the agenda if it is due.
  ///
  /// - Parameter limit: Occurrences of this instant still come, later ones do not.
  /// - Returns: The occurrence and its instant, or nil when nothing is due.
  /// - Complexity: O(log n).
  @inlinable
  public mutating func popNext(
    notAfter limit: Instant
  ) -> (instant: Instant, occurrence: Occurrence)? {
    guard let key = entries.firstKey, key.instant <= limit, let first = entries.popFirst() else {
      return nil
    }
    return (instant: key.instant, occurrence: first.value)
  }

  /// Occurrences that are still to come.
  @inlinable public var count: Int { entries.count }

  /// Whether nothing is still to come.
  @inlinable public var isEmpty: Bool { entries.isEmpty }
}

/// A place on an agenda: an instant, and the order of scheduling within it.
public struct AgendaToken: Hashable, Comparable, Sendable, Codable {
  /// When the occurrence happens.
  public let instant: Instant
  /// How many were scheduled before it.
  public let sequence: UInt64

  @inlinable
  public static func < (left: AgendaToken, right: AgendaToken) -> Bool {
    left.instant == right.instant
      ? left.sequence < right.sequence : left.instant < right.instant
  }
}

extension Agenda: Sequence {
  /// Goes through what is to come, in order, without taking it off.
  public func makeIterator() -> AnyIterator<(token: AgendaToken, occurrence: Occurrence)> {
    var iterator = entries.makeIterator()
    return AnyIterator {
      iterator.next().map { (token: $0.key, occurrence: $0.value) }
    }
  }
}

extension Agenda: Equatable where Occurrence: Equatable {}
extension Agenda: Hashable where Occurrence: Hashable {}
extension Agenda: Encodable where Occurrence: Encodable {}
extension Agenda: Decodable where Occurrence: Decodable {}
