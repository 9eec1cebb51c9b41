// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
package import OrderedCollections

/// The draft-07 side of a `Format`: one schema and the named definitions it refers to.
package struct Schema: Sendable {
  /// The keywords of this schema.
  package var keywords: OrderedDictionary<String, Document>
  /// Named schemas, reached by `#/definitions/NAME`.
  package var definitions: OrderedDictionary<String, Document>

  package init(
    _ keywords: OrderedDictionary<String, Document>,
    definitions: OrderedDictionary<String, Document> = [:]
  ) {
    self.keywords = keywords
    self.definitions = definitions
  }

  /// The keywords as a document, without the definitions.
  package var body: Document { .object(keywords) }

  /// A schema that stands under a name and is referred to.
  func named(_ name: String) -> Schema {
    var definitions = definitions
    definitions[name] = body
    return Schema(["$ref": .string("#/definitions/\(name)")], definitions: definitions)
  }

  /// Adds the definitions of a schema that this one mentions.
  mutating func include(_ other: Schema) {
    for (name, definition) in other.definitions where definitions[name] == nil {
      definitions[name] = definition
    }
  }

  /// A complete schema file: `$schema`, `$id`, `title`, the keywords, the definitions by name.
  ///
  /// - Parameters:
  ///   - id: The value of `$id`, for example `scenario-1.schema.json`.
  ///   - title: What an editor shows for the format.
  /// - Returns: The file's content; definitions are sorted by name.
  package func file(id: String, title: String) -> Document {
    var object: OrderedDictionary<String, Document> = [
      "$schema": "http://json-schema.org/draft-07/schema#", "$id": .string(id),
      "title": .string(title),
    ]
    // Keywords beside "$ref" are ignored in draft-07, so the root refers from within "allOf".
    if keywords["$ref"] != nil {
      object["allOf"] = .array([body])
    } else {
      for (name, value) in keywords { object[name] = value }
    }
    var sorted: OrderedDictionary<String, Document> = [:]
    for name in definitions.keys.sorted() { sorted[name] = definitions[name] }
    object["definitions"] = .object(sorted)
    return .object(object)
  }
}
