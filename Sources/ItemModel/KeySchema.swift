// SPDX-License-Identifier: GPL-3.0-or-later

/// The types a key attribute may have; raw values are the service's.
package enum KeyAttributeType: String, CaseIterable, Hashable, Sendable, Codable {
  case string = "S"
  case number = "N"
  case binary = "B"

  /// The attribute value type that a value of this key attribute must have.
  package var attributeType: AttributeType {
    switch self {
    case .string: .string
    case .number: .number
    case .binary: .binary
    }
  }
}

/// One attribute of a key: its name and the type its values must have.
package struct KeyAttribute: Hashable, Sendable, Codable {
  package let name: String
  package let type: KeyAttributeType
  /// The name's UTF-8 bytes, kept because every key of an encoded item is found by them.
  let nameBytes: [UInt8]

  /// Creates a key attribute.
  package init(name: String, type: KeyAttributeType) {
    self.name = name
    self.type = type
    nameBytes = Array(name.utf8)
  }

  private enum CodingKeys: CodingKey { case name, type }

  package init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try members.decode(String.self, forKey: .name),
      type: try members.decode(KeyAttributeType.self, forKey: .type))
  }
}

/// Which attributes make the key of a table or of a secondary index.
///
/// A table has one partition attribute and at most one sort attribute; a global secondary index may
/// have up to four of each. [DDB.table.keySchema]
///
/// ```swift
/// let schema = KeySchema(
///   partition: KeyAttribute(name: "pk", type: .string),
///   sort: KeyAttribute(name: "sk", type: .number))
/// let key = try schema.key(of: item)
/// ```
package struct KeySchema: Hashable, Sendable, Codable {
  /// The partition key attributes, at least one.
  package let partition: [KeyAttribute]
  /// The sort key attributes, in order of significance; may be empty.
  package let sort: [KeyAttribute]

  /// The most bytes a partition key's value may have. [DDB.key.size]
  package static let maximumPartitionByteCount = 2_048
  /// The most bytes a sort key's values may have together. [DDB.key.size]
  package static let maximumSortByteCount = 1_024

  /// Creates a schema of any number of attributes.
  package init(partition: [KeyAttribute], sort: [KeyAttribute]) {
    precondition(!partition.isEmpty, "A key schema has a partition attribute.")
    self.partition = partition
    self.sort = sort
  }

  private enum CodingKeys: CodingKey { case partition, sort }

  package init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: CodingKeys.self)
    partition = try members.decode([KeyAttribute].self, forKey: .partition)
    sort = try members.decode([KeyAttribute].self, forKey: .sort)
    guard !partition.isEmpty else {
      throw DecodingError.dataCorruptedError(
        forKey: .partition, in: members, debugDescription: "A key has a partition attribute.")
    }
  }

  /// Creates a table's schema.
  package init(partition: KeyAttribute, sort: KeyAttribute? = nil) {
    self.init(partition: [partition], sort: sort.map { [$0] } ?? [])
  }

  /// All attributes, those of the partition key first.
  package var attributes: [KeyAttribute] { partition + sort }

  /// Whether an attribute of this name belongs to the key.
  package func contains(name: String) -> Bool {
    partition.contains { ByteOrder.equal($0.name, name) }
      || sort.contains { ByteOrder.equal($0.name, name) }
  }
}

/// Why attributes do not make a key; the engine words it, differently for a put, a Key and an
/// index.
package enum KeyError: Error, Hashable, Sendable {
  /// A key attribute is absent.
  case missing(attribute: String)
  /// A key attribute has another type than the schema says.
  case typeMismatch(attribute: String, expected: AttributeType, actual: AttributeType)
  /// A key attribute is an empty string or an empty binary value.
  case emptyValue(attribute: String, type: AttributeType)
  /// The partition key's value is longer than 2,048 bytes.
  case partitionTooLong(byteCount: Int)
  /// The sort key's values are together longer than 1,024 bytes.
  case sortTooLong(byteCount: Int)
  /// A Key that has not exactly the schema's attributes with the schema's types.
  case schemaMismatch
  /// A sort condition that the attribute's type does not have: begins_with on a number.
  case unsupportedCondition(attribute: String, type: AttributeType)
}
