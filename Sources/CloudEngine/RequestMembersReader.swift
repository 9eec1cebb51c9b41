// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
import ServiceModel

/// The members of a checked input, while an operation takes them one by one.
package struct RequestMembersReader {
  private let members: OrderedDictionary<String, Document>
  /// Members that are given and were not taken yet.
  private var left = 0
  /// False once a member was of another kind than the one asked for.
  private var isReadable = true

  /// Nil for anything but an object.
  init?(_ input: Document) {
    guard case .object(let members) = input else { return nil }
    self.members = members
    for member in members.values where !member.isNull { left += 1 }
  }

  /// Whether every member that is given was taken, as what it is.
  var isComplete: Bool { isReadable && left == 0 }

  /// A member as it is; nil where it is absent or null.
  package mutating func document(_ name: String) -> Document? {
    guard left > 0, let member = members[name], !member.isNull else { return nil }
    left -= 1
    return member
  }

  package mutating func text(_ name: String) -> String? { read(name) { $0.string } }
  package mutating func truth(_ name: String) -> Bool? { read(name) { $0.bool } }
  package mutating func integer(_ name: String) -> Int? { read(name) { $0.integer }.map(Int.init) }

  /// A member that is a structure; nil where it is absent, or not what `make` can take whole.
  mutating func nested<Value>(
    _ name: String, _ make: (inout RequestMembersReader) -> Value?
  ) -> Value? {
    read(name) { Self.whole($0, make) }
  }

  /// A member that is a list of structures.
  mutating func list<Value>(
    _ name: String, _ make: (inout RequestMembersReader) -> Value?
  ) -> [Value]? {
    read(name) { Self.list($0, make) }
  }

  /// A member that is a map of lists of structures, in the order given.
  mutating func listsByName<Value>(
    _ name: String, _ make: (inout RequestMembersReader) -> Value?
  ) -> OrderedEntries<[Value]>? {
    read(name) { document in
      guard case .object(let members) = document else { return nil }
      var entries: [(name: String, value: [Value])] = []
      for (name, member) in members {
        guard let list = Self.list(member, make) else { return nil }
        entries.append((name, list))
      }
      return OrderedEntries(entries)
    }
  }

  private static func list<Value>(
    _ document: Document, _ make: (inout RequestMembersReader) -> Value?
  ) -> [Value]? {
    guard case .array(let elements) = document else { return nil }
    var result: [Value] = []
    result.reserveCapacity(elements.count)
    for element in elements {
      guard let value = whole(element, make) else { return nil }
      result.append(value)
    }
    return result
  }

  private static func whole<Value>(
    _ document: Document, _ make: (inout RequestMembersReader) -> Value?
  ) -> Value? {
    guard var members = RequestMembersReader(document), let value = make(&members),
      members.isComplete
    else { return nil }
    return value
  }

  private mutating func read<Value>(
    _ name: String, _ value: (Document) -> Value?
  ) -> Value? {
    guard let member = document(name) else { return nil }
    guard let value = value(member) else {
      isReadable = false
      return nil
    }
    return value
  }
}
