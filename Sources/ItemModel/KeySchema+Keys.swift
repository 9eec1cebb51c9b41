// SPDX-License-Identifier: GPL-3.0-or-later

/// The encoding of a key in the making.
struct KeyBuilder {
  private(set) var bytes: [UInt8] = []
  /// The bytes of the partition's or the sort key's values so far; a number counts its encoding,
  /// which is one byte off the service's count at most and matters only beside long strings in a
  /// key of several attributes.
  private var valueByteCount = 0

  /// Starts a key that will take about this many bytes.
  init(capacity: Int = 32) { bytes.reserveCapacity(capacity) }

  mutating func append(_ value: AttributeValue, for attribute: KeyAttribute) throws(KeyError) {
    switch (value, attribute.type) {
    case (.string(let text), .string):
      try append(run: text.utf8, for: attribute)
    case (.binary(let run), .binary):
      try append(run: run, for: attribute)
    case (.number(let number), .number):
      let start = bytes.count
      NumberEncoding.append(number, to: &bytes)
      valueByteCount += bytes.count - start
    default:
      throw .typeMismatch(
        attribute: attribute.name, expected: attribute.type.attributeType, actual: value.type)
    }
  }

  /// Appends the value at which a reader of an encoded item stands, without decoding it.
  mutating func append(_ reader: inout ItemReader, for attribute: KeyAttribute) throws(KeyError) {
    guard let type = reader.byte().flatMap(ValueTag.type(of:)) else {
      throw .missing(attribute: attribute.name)
    }
    switch (type, attribute.type) {
    case (.string, .string), (.binary, .binary):
      guard let run = reader.run() else { throw .missing(attribute: attribute.name) }
      try append(run: run, for: attribute)
    case (.number, .number):
      guard let length = NumberEncoding.length(reader.bytes, at: reader.position) else {
        throw .missing(attribute: attribute.name)
      }
      bytes.append(contentsOf: reader.bytes[reader.position..<reader.position + length])
      valueByteCount += length
    default:
      throw .typeMismatch(
        attribute: attribute.name, expected: attribute.type.attributeType, actual: type)
    }
  }

  private mutating func append(
    run: some Collection<UInt8>, for attribute: KeyAttribute
  ) throws(KeyError) {
    if run.isEmpty {
      throw .emptyValue(attribute: attribute.name, type: attribute.type.attributeType)
    }
    valueByteCount += run.count
    append(escaping: run)
    bytes.append(0)
    bytes.append(0)
  }

  /// Appends bytes with 0x00 written 0x00 0xFF, without the end mark.
  mutating func append(escaping run: some Collection<UInt8>) {
    let plain: Bool? = run.withContiguousStorageIfAvailable { run in
      guard !run.contains(0) else { return false }
      bytes.append(contentsOf: run)
      return true
    }
    if plain == true { return }
    for byte in run {
      bytes.append(byte)
      if byte == 0 { bytes.append(0xFF) }
    }
  }

  /// Appends a whole key, its hash first.
  mutating func append(_ key: ItemKey) {
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: key.partitionHash >> UInt64(shift)))
    }
    bytes += key.bytes
  }

  mutating func checkPartitionSize() throws(KeyError) {
    if valueByteCount > KeySchema.maximumPartitionByteCount {
      throw .partitionTooLong(byteCount: valueByteCount)
    }
    valueByteCount = 0
  }

  func checkSortSize() throws(KeyError) {
    if valueByteCount > KeySchema.maximumSortByteCount {
      throw .sortTooLong(byteCount: valueByteCount)
    }
  }
}

extension KeySchema {
  /// The key of an item with these attributes.
  ///
  /// - Throws: `.missing`, `.typeMismatch`, `.emptyValue` of the first attribute in schema order
  ///   that has one, `.partitionTooLong`, `.sortTooLong`.
  /// - Complexity: O(n) in the bytes of the key.
  package func key(of attributes: AttributeMap) throws(KeyError) -> ItemKey {
    try key { (builder, attribute) throws(KeyError) in
      guard let value = attributes[attribute.name] else {
        throw .missing(attribute: attribute.name)
      }
      try builder.append(value, for: attribute)
    }
  }

  /// The key of an item, made from its bytes.
  ///
  /// For a secondary index, an item without a key, or with an unfit one, has no entry: `try?
  /// schema.key(of: item)`.
  ///
  /// - Throws: As `key(of:)` of attributes.
  /// - Complexity: O(k) in the item's attributes plus the bytes of the key.
  package func key(of item: Item) throws(KeyError) -> ItemKey {
    try key(of: item, followedBy: nil)
  }

  /// The position of an item's entry in the index that has this schema: the index key, then the key
  /// of the item in its table; see `ItemKey.appending(tableKey:)`.
  ///
  /// - Throws: As `key(of:)` of attributes.
  /// - Complexity: O(k) in the item's attributes plus the bytes of both keys.
  package func key(of item: Item, followedBy tableKey: ItemKey?) throws(KeyError) -> ItemKey {
    try item.withReader { (start) throws(KeyError) in
      try key(followedBy: tableKey) { (builder, attribute) throws(KeyError) in
        var reader = start
        guard attribute.nameBytes.withUnsafeBufferPointer({ reader.find($0) }) else {
          throw .missing(attribute: attribute.name)
        }
        try builder.append(&reader, for: attribute)
      }
    }
  }

  /// The key that a request's Key names: exactly the schema's attributes, with its types.
  ///
  /// - Throws: `.schemaMismatch`, then `.emptyValue`, `.partitionTooLong`, `.sortTooLong`.
  /// - Complexity: O(n) in the bytes of the key.
  package func key(exactly attributes: AttributeMap) throws(KeyError) -> ItemKey {
    guard attributes.count == partition.count + sort.count else { throw .schemaMismatch }
    func hasType(_ attribute: KeyAttribute) -> Bool {
      attributes[attribute.name]?.type == attribute.type.attributeType
    }
    guard partition.allSatisfy(hasType), sort.allSatisfy(hasType) else { throw .schemaMismatch }
    return try key(of: attributes)
  }

  private func key(
    followedBy tableKey: ItemKey? = nil,
    append: (inout KeyBuilder, KeyAttribute) throws(KeyError) -> Void
  ) throws(KeyError) -> ItemKey {
    var builder = KeyBuilder(
      capacity: 32 * (partition.count + sort.count) + (tableKey.map { 8 + $0.bytes.count } ?? 0))
    for attribute in partition { try append(&builder, attribute) }
    let hash = ItemKey.hash(builder.bytes)
    var sizeError: KeyError?
    do {
      try builder.checkPartitionSize()
    } catch {
      sizeError = error
    }
    for attribute in sort { try append(&builder, attribute) }
    // A wrong sort attribute is reported before a long partition key: values before sizes.
    if let sizeError { throw sizeError }
    try builder.checkSortSize()
    if let tableKey { builder.append(tableKey) }
    return ItemKey(partitionHash: hash, bytes: builder.bytes)
  }

  /// The key attributes among these, for a response's Key or LastEvaluatedKey.
  ///
  /// - Complexity: O(log n) for each key attribute.
  package func keyAttributes(of attributes: AttributeMap) -> AttributeMap {
    var key = AttributeMap()
    for attribute in self.attributes { key[attribute.name] = attributes[attribute.name] }
    return key
  }

  /// The key attributes of an item.
  ///
  /// - Complexity: O(k) in the item's attributes, for each key attribute.
  package func keyAttributes(of item: Item) -> AttributeMap {
    var key = AttributeMap()
    for attribute in self.attributes { key[attribute.name] = item[attribute.name] }
    return key
  }

  /// The table key inside the key of an entry of the index that has this schema; see
  /// `ItemKey.appending(tableKey:)`.
  ///
  /// - Returns: Nil when the key is not that of an index entry.
  /// - Complexity: O(n) in the bytes of the key.
  package func tableKey(ofEntry key: ItemKey) -> ItemKey? {
    key.bytes.withUnsafeBufferPointer { bytes in
      var position = 0
      for attribute in attributes {
        guard let length = Self.encodedLength(attribute.type, bytes, at: position) else {
          return nil
        }
        position += length
      }
      guard bytes.count - position > 8 else { return nil }
      let hash = bytes[position..<position + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return ItemKey(partitionHash: hash, bytes: Array(bytes[(position + 8)...]))
    }
  }

  private static func encodedLength(
    _ type: KeyAttributeType, _ bytes: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> Int? {
    guard type != .number else { return NumberEncoding.length(bytes, at: start) }
    var position = start
    while position + 1 < bytes.count {
      if bytes[position] != 0 {
        position += 1
      } else if bytes[position + 1] == 0 {
        return position + 2 - start
      } else {
        position += 2
      }
    }
    return nil
  }
}
