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
      guard let name = reader.run(), name.allSatisfy({ $0 < 0x80 }) else { return nil }
      if position >= names.count {
        names.append(String(decoding: name, as: UTF8.self))
      } else if !names[position].utf8.elementsEqual(name) {
        names[position] = String(decoding: name, as: UTF8.self)
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
    case ValueTag.string: return text().map { TypeNames.value(.string($0), of: TypeNames.string) }
    case ValueTag.number:
      return number().map { TypeNames.value(.string($0.description), of: TypeNames.number) }
    default:
      position = start
      return value(levels: Int.max)?.json
    }
  }
}

/// Objects of one member, whose names they share.
private enum TypeNames {
  static let string: ContiguousArray<String> = ["S"]
  static let number: ContiguousArray<String> = ["N"]

  static func value(_ content: Document, of names: ContiguousArray<String>) -> Document {
    .object(
      OrderedDictionary(uncheckedUniqueKeys: names, values: CollectionOfOne(content)))
  }
}
