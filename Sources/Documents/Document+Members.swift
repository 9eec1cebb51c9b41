// SPDX-License-Identifier: GPL-3.0-or-later

import OrderedCollections

extension Document {
  /// An object without members.
  public static var emptyObject: Document { .object([:]) }

  /// An object of these members, in this order; of two with one name the last counts.
  ///
  /// - Complexity: O(n) on average.
  public init(members: some Sequence<(String, Document)>) {
    var object: OrderedDictionary<String, Document> = [:]
    object.reserveCapacity(members.underestimatedCount)
    for (name, value) in members { object[name] = value }
    self = .object(object)
  }

  /// The members of an object in the order written; empty for another kind of value.
  ///
  /// - Complexity: O(n).
  public var members: [(name: String, value: Document)] {
    guard case .object(let members) = self else { return [] }
    return members.map { (name: $0.key, value: $0.value) }
  }

  /// This object with a member set or replaced; another kind of value becomes an object.
  public func with(_ name: String, _ value: Document) -> Document {
    var members = object ?? [:]
    members[name] = value
    return .object(members)
  }

  /// This object without a member.
  public func without(_ name: String) -> Document {
    guard case .object(var members) = self else { return self }
    members[name] = nil
    return .object(members)
  }
}
