// SPDX-License-Identifier: GPL-3.0-or-later

/// A value that lies somewhere of its own, behind one reference.
///
/// Moving a box moves eight bytes however large the value is, which is what a node of an `OrderedMap`
/// does with all values beside one that comes or goes. A copy is a snapshot: whoever changes it first
/// gets a value of their own.
public struct Box<Value: Sendable>: @unchecked Sendable {
  // It is changed only by an owner that nobody shares it with.
  @usableFromInline
  final class Storage {
    @usableFromInline final var value: Value

    @inlinable
    init(_ value: Value) { self.value = value }
  }

  @usableFromInline var storage: Storage

  /// Puts a value into a box of its own.
  @inlinable
  public init(_ value: Value) { storage = Storage(value) }

  /// What lies in the box, read and changed where it lies.
  ///
  /// - Complexity: O(1); the first change of a shared one copies the value.
  @inlinable
  public var value: Value {
    _read { yield storage.value }
    _modify {
      if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.value) }
      yield &storage.value
    }
  }
}

/// As the value alone.
extension Box: Encodable where Value: Encodable {
  @inlinable
  public func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}

extension Box: Decodable where Value: Decodable {
  @inlinable
  public init(from decoder: any Decoder) throws { self.init(try Value(from: decoder)) }
}
