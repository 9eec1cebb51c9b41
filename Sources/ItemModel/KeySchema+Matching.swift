// SPDX-License-Identifier: GPL-3.0-or-later

/// What a tree of items asks of their keys: answered from an item's bytes, without making a key.
extension KeySchema {
  /// The hash of the key that `key(of:)` would make; nil where it would throw.
  ///
  /// - Complexity: O(k) in the item's attributes plus the bytes of the key.
  package func keyHash(of item: Item) -> UInt64? {
    item.withReader { start in
      var hash = KeyHash()
      var byteCount = 0
      for attribute in partition {
        var reader = start
        guard let part = KeyPart(attribute, &reader) else { return nil }
        byteCount += part.run.count
        part.forEachByte { hash.add($0) }
      }
      guard byteCount <= Self.maximumPartitionByteCount else { return nil }
      byteCount = 0
      for attribute in sort {
        var reader = start
        guard let part = KeyPart(attribute, &reader) else { return nil }
        byteCount += part.run.count
      }
      return byteCount <= Self.maximumSortByteCount ? hash.value : nil
    }
  }

  /// Whether `key(of: item, followedBy: table.key(of: item))` would be this key.
  ///
  /// - Parameters:
  ///   - key: A key that was made by this schema, or this one and the table's.
  ///   - item: An item that has a key of this schema, and of the table's.
  ///   - table: The table's schema, where this one is an index's.
  /// - Returns: False for a key of another item.
  /// - Complexity: O(k) in the item's attributes plus the bytes of the key.
  package func isKey(_ key: ItemKey, of item: Item, inIndexOf table: KeySchema? = nil) -> Bool {
    key.bytes.withUnsafeBufferPointer { bytes in
      item.withReader { start in
        var position = 0
        guard matches(bytes, at: &position, start) else { return false }
        guard let table else { return position == bytes.count }
        guard bytes.count - position >= 8 else { return false }
        let stored = bytes[position..<position + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        position += 8
        guard table.matches(bytes, at: &position, start) else { return false }
        return position == bytes.count && table.keyHash(of: item) == stored
      }
    }
  }

  /// Whether the bytes from a position on are those of an item's key attributes; moves beyond them.
  private func matches(
    _ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int, _ start: ItemReader
  ) -> Bool {
    for attributes in [partition, sort] {
      for attribute in attributes {
        var reader = start
        guard let part = KeyPart(attribute, &reader),
          part.matches(bytes, at: &position)
        else { return false }
      }
    }
    return true
  }
}

/// The value of one key attribute in an encoded item.
private struct KeyPart {
  let run: UnsafeBufferPointer<UInt8>
  /// A number's bytes stand in a key as they are; others are escaped and ended.
  let isNumber: Bool

  /// Nil where the item has no value that can stand in a key.
  init?(_ attribute: KeyAttribute, _ reader: inout ItemReader) {
    guard attribute.nameBytes.withUnsafeBufferPointer({ reader.find($0) }),
      let type = reader.byte().flatMap(ValueTag.type(of:)), type == attribute.type.attributeType
    else { return nil }
    isNumber = type == .number
    if isNumber {
      guard let length = NumberEncoding.length(reader.bytes, at: reader.position) else {
        return nil
      }
      let end = reader.position + length
      run = UnsafeBufferPointer(rebasing: reader.bytes[reader.position..<end])
    } else {
      guard let found = reader.run(), !found.isEmpty else { return nil }
      run = found
    }
  }

  func forEachByte(_ body: (UInt8) -> Void) {
    for byte in run {
      body(byte)
      if byte == 0, !isNumber { body(0xFF) }
    }
    if !isNumber {
      body(0)
      body(0)
    }
  }

  func matches(_ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int) -> Bool {
    var place = position
    var isEqual = true
    forEachByte { byte in
      guard isEqual, place < bytes.count, bytes[place] == byte else {
        isEqual = false
        return
      }
      place += 1
    }
    position = place
    return isEqual
  }
}
