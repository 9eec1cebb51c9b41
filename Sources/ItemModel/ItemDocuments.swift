// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents

/// Makes the service's JSON of items straight from their bytes; items of the same attributes share
/// the names.
package struct ItemDocuments {
  private var names = ContiguousArray<String>()

  /// Starts without names.
  package init() {}

  /// The item in the service's JSON, attributes in order of the names' bytes.
  ///
  /// - Complexity: O(n) in the number of bytes.
  package mutating func document(of item: Item) -> Document {
    let document = item.withReader { reader in members(&reader) }
    // Names beyond ASCII may be alike to a document though their bytes differ.
    return document ?? item.attributes.json
  }

  private mutating func members(_ reader: inout ItemReader) -> Document? {
    guard let count = reader.count() else { return nil }
    if names.count > count { names.removeLast(names.count - count) }
    var values = ContiguousArray<Document>()
    values.reserveCapacity(count)
    for position in 0..<count {
      guard let name = reader.run() else { return nil }
      // A name that is known already has been looked at.
      if position >= names.count || !ByteOrder.equal(names[position], name) {
        guard name.allSatisfy({ $0 < 0x80 }) else { return nil }
        let text = String(decoding: name, as: UTF8.self)
        if position < names.count { names[position] = text } else { names.append(text) }
      }
      guard let value = reader.document() else { return nil }
      values.append(value)
    }
    return .object(OrderedDictionary(uncheckedUniqueKeys: names, values: values))
  }
}

extension Item {
  /// The item in the service's JSON, attributes in order of the names' bytes.
  ///
  /// - Complexity: O(n) in the number of bytes.
  package var json: Document {
    var documents = ItemDocuments()
    return documents.document(of: self)
  }
}

extension ItemReader {
  /// The value at which the reader stands, in the service's JSON.
  fileprivate mutating func document() -> Document? {
    let start = position
    switch byte() {
    case ValueTag.string: return text().map { TypeNames.value(.string($0), of: .string) }
    case ValueTag.number:
      return number().map { TypeNames.value(.string($0.description), of: .number) }
    case ValueTag.map: return word() == nil ? nil : map()
    case ValueTag.list: return word() == nil ? nil : list()
    default:
      position = start
      return value(levels: Int.max)?.json
    }
  }

  private mutating func list() -> Document? {
    guard let count = count(), count <= bytes.count - position else { return nil }
    var values: [Document] = []
    values.reserveCapacity(count)
    for _ in 0..<count {
      guard let value = document() else { return nil }
      values.append(value)
    }
    return TypeNames.value(.array(values), of: .list)
  }

  private mutating func map() -> Document? {
    guard let count = count(), count <= bytes.count - position else { return nil }
    var members: OrderedDictionary<String, Document> = [:]
    members.reserveCapacity(count)
    for _ in 0..<count {
      guard let name = text(), let value = document() else { return nil }
      members[name] = value
    }
    return TypeNames.value(.object(members), of: .map)
  }
}

/// Objects of one member, an attribute value's type, whose names they share.
enum TypeNames {
  private static let names: [ContiguousArray<String>] = AttributeType.allCases.map {
    [$0.rawValue]
  }

  /// The service's JSON of a value whose content is known: `{"S": "a"}`.
  static func value(_ content: Document, of type: AttributeType) -> Document {
    let values: ContiguousArray<Document> = [content]
    return .object(OrderedDictionary(uncheckedUniqueKeys: names[type.place], values: values))
  }
}

extension AttributeType {
  /// The type's place among `allCases`, without looking for it.
  fileprivate var place: Int {
    switch self {
    case .string: 0
    case .number: 1
    case .binary: 2
    case .stringSet: 3
    case .numberSet: 4
    case .binarySet: 5
    case .map: 6
    case .list: 7
    case .null: 8
    case .bool: 9
    }
  }
}
