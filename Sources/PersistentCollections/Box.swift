// SPDX-License-Identifier: GPL-3.0-or-later

/// A value that lies somewhere of its own, behind one reference.
///
/// Moving a box moves eight bytes however large the value is, which is what a node of an `OrderedMap`
/// does with all values beside one that comes or goes. A copy is a snapshot: whoever changes it first
/// gets a value of their own.
public struct Box<Value: Sendable>: @unchecked Sendable {
  // The value is the header: its address can be told. It is changed only by an owner that nobody
  // shares it with.
  @usableFromInline
  final class Storage: ManagedBuffer<Value, Void> {}

  @usableFromInline var storage: ManagedBuffer<Value, Void>

  /// Puts a value into a box of its own.
  @inlinable
  public init(_ value: Value) {
    storage = Storage.create(minimumCapacity: 0) { _ in value }
  }

  /// What lies in the box, read and changed where it lies.
  ///
  /// - Complexity: O(1); the first change of a shared one copies the value.
  @inlinable
  public var value: Value {
    unsafeAddress { address }
    unsafeMutableAddress { mutableAddress() }
  }

  /// Where the value lies; valid while this very box lives and is not changed.
  @inlinable
  public var address: UnsafePointer<Value> {
    UnsafePointer(storage.withUnsafeMutablePointerToHeader { $0 })
  }

  /// Where the value lies that is to be changed, the box's own from now on; valid while this very
  /// box lives and is not changed otherwise.
  @inlinable
  public mutating func mutableAddress() -> UnsafeMutablePointer<Value> {
    if !isKnownUniquelyReferenced(&storage) { self = Box(value) }
    return storage.withUnsafeMutablePointerToHeader { $0 }
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
