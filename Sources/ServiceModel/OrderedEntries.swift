// SPDX-License-Identifier: GPL-3.0-or-later

/// The entries of a map in the order they were given, where a `Dictionary` would lose it.
///
/// ```swift
/// struct Request: Decodable { let requestItems: OrderedEntries<Document> }
/// for (tableName, keys) in request.requestItems.elements { … }
/// ```
package struct OrderedEntries<Value> {
  package var elements: [(name: String, value: Value)]

  package init(_ elements: [(name: String, value: Value)] = []) { self.elements = elements }
}

extension OrderedEntries: Sendable where Value: Sendable {}

extension OrderedEntries: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, Value)...) {
    self.elements = elements.map { (name: $0, value: $1) }
  }
}

extension OrderedEntries: Equatable where Value: Equatable {
  package static func == (left: OrderedEntries, right: OrderedEntries) -> Bool {
    left.elements.elementsEqual(right.elements) { $0.name == $1.name && $0.value == $1.value }
  }
}

extension OrderedEntries: Decodable where Value: Decodable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: PathKey.self)
    elements = try container.allKeys.map {
      (name: $0.stringValue, value: try container.decode(Value.self, forKey: $0))
    }
  }
}

extension OrderedEntries: Encodable where Value: Encodable {
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: PathKey.self)
    for (name, value) in elements {
      try container.encode(value, forKey: PathKey(stringValue: name))
    }
  }
}
