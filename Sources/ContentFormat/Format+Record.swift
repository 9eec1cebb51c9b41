// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
internal import OrderedCollections

/// The key path of a field; the records of content are values, so paths are free to share.
package typealias FieldPath<Record, Value> = WritableKeyPath<Record, Value> & Sendable

/// One field of a record, or one closed group of fields: its name, schema, and how it is stored.
package struct Field<Record: Sendable>: Sendable {
  /// What a schema says of one name.
  struct Property: Sendable {
    var name: String
    var schema: Schema
    var isRequired: Bool
  }

  /// The names this field answers to; several for `oneOf` alone.
  let properties: [Property]
  /// Whether exactly one (true), at most one (false) of the names is given; nil for a plain field.
  let needsOne: Bool?
  let read: @Sendable ([ContentNode.Member], ContentNode, inout Record, inout Reading) -> Void
}

extension Field {
  private static func property<Value>(
    _ name: String, _ format: Format<Value>, _ summary: String, default: Document? = nil,
    isRequired: Bool = false
  ) -> Property {
    var schema = format.schema
    // Keywords beside "$ref" are ignored in draft-07; editors show the description all the same.
    schema.keywords["description"] = .string(summary)
    if let value = `default` { schema.keywords["default"] = value }
    return Property(name: name, schema: schema, isRequired: isRequired)
  }

  private static func single<Value>(
    _ property: Property, _ format: Format<Value>,
    store: @escaping @Sendable (Value, inout Record) -> Void
  ) -> Field {
    Field(properties: [property], needsOne: nil) { members, node, record, reading in
      guard let member = members.first(where: { $0.name == property.name }) else {
        if property.isRequired {
          reading.report(.missingField, "the field \(property.name) is missing", at: node.mark)
        }
        return
      }
      guard let value = format.read(member.node, &reading) else { return }
      store(value, &record)
    }
  }

  /// A field that must be there.
  package static func required<Value: Sendable>(
    _ name: String, _ path: any FieldPath<Record, Value>, _ format: Format<Value>,
    _ summary: String
  ) -> Field {
    single(property(name, format, summary, isRequired: true), format) { value, record in
      record[keyPath: path] = value
    }
  }

  /// A field that may be left out and is then nil.
  package static func optional<Value: Sendable>(
    _ name: String, _ path: any FieldPath<Record, Value?>, _ format: Format<Value>,
    _ summary: String
  ) -> Field {
    single(property(name, format, summary), format) { value, record in
      record[keyPath: path] = value
    }
  }

  /// A field that may be left out and then keeps the value of the record it starts from.
  ///
  /// `default` is that value as content, for the schema.
  package static func defaulted<Value: Sendable>(
    _ name: String, _ path: any FieldPath<Record, Value>, _ format: Format<Value>,
    _ summary: String, default: Document? = nil
  ) -> Field {
    single(property(name, format, summary, default: `default`), format) { value, record in
      record[keyPath: path] = value
    }
  }

  /// A closed group of fields of which exactly one (or at most one) is given.
  ///
  /// - Parameters:
  ///   - path: Where the chosen alternative goes.
  ///   - isRequired: Whether one must be given.
  ///   - alternatives: The fields of the group.
  /// - Returns: One field that answers to all their names.
  package static func oneOf<Value: Sendable>(
    _ path: any FieldPath<Record, Value?>, isRequired: Bool = true,
    _ alternatives: [Alternative<Value>]
  ) -> Field {
    let properties = alternatives.map { choice in
      var schema = choice.format.schema
      schema.keywords["description"] = .string(choice.summary)
      return Property(name: choice.name, schema: schema, isRequired: false)
    }
    let names = alternatives.map(\.name)
    return Field(properties: properties, needsOne: isRequired) { members, node, record, reading in
      let given = members.filter { names.contains($0.name) }
      guard let first = given.first else {
        if isRequired {
          reading.report(
            .missingField, "one of these fields is needed: \(names.joined(separator: ", "))",
            at: node.mark)
        }
        return
      }
      for extra in given.dropFirst() {
        reading.report(
          .conflict, "\(first.name) and \(extra.name) cannot stand together",
          fix: "keep one of them", at: extra.nameMark)
      }
      guard let choice = alternatives.first(where: { $0.name == first.name }),
        let value = choice.format.read(first.node, &reading)
      else { return }
      record[keyPath: path] = value
    }
  }

  /// A field that is known and always refused, in words of its own.
  package static func refused(
    _ name: String, _ summary: String, _ code: ContentError.Code, _ message: String,
    fix: String? = nil
  ) -> Field {
    let schema = Schema(["description": .string(summary), "not": [:]])
    let property = Property(name: name, schema: schema, isRequired: false)
    return Field(properties: [property], needsOne: nil) { members, _, _, reading in
      guard let member = members.first(where: { $0.name == name }) else { return }
      reading.report(code, message, fix: fix, at: member.nameMark)
    }
  }

  /// No field of the file: the place of the mapping itself, for errors found later.
  package static func mark(_ path: any FieldPath<Record, Mark>) -> Field {
    Field(properties: [], needsOne: nil) { _, node, record, _ in
      record[keyPath: path] = node.mark
    }
  }

  /// The field of another record, stored within this one: its names stand on this level.
  package func inside<Outer: Sendable>(_ path: any FieldPath<Outer, Record>) -> Field<Outer> {
    Field<Outer>(
      properties: properties.map {
        .init(name: $0.name, schema: $0.schema, isRequired: $0.isRequired)
      }, needsOne: needsOne
    ) { members, node, record, reading in
      read(members, node, &record[keyPath: path], &reading)
    }
  }
}

/// One field of a closed group.
package struct Alternative<Value: Sendable>: Sendable {
  package let name: String
  package let format: Format<Value>
  package let summary: String

  package init(_ name: String, _ format: Format<Value>, _ summary: String) {
    self.name = name
    self.format = format
    self.summary = summary
  }
}

extension Format {
  /// A mapping with a closed set of fields.
  ///
  /// - Parameters:
  ///   - name: Its name among the schema's definitions, unique in a file's format.
  ///   - summary: What it is, in a sentence; editors show it.
  ///   - initial: The record before any field is read; holds the defaults.
  ///   - fields: Its fields in the order in which they are best written.
  ///   - needs: Fields that make sense only beside another: `["query": "run"]`.
  /// - Returns: The format; nil is decoded where anything within was reported.
  package static func record(
    _ name: String, _ summary: String, _ initial: Value, _ fields: [Field<Value>],
    needs: [(field: String, other: String)] = []
  ) -> Format {
    let schema = recordSchema(summary, fields, needs).named(name)
    let known = fields.flatMap { $0.properties.map(\.name) }
    return Format(schema: schema) { node, reading in
      guard let members = node.mapping else {
        reading.expected("a mapping with \(known.prefix(4).joined(separator: ", "))", found: node)
        return nil
      }
      let before = reading.errors.count
      for member in members where !known.contains(member.name) {
        reading.report(
          .unknownField, "there is no field \(member.name.shortened(to: 40)) here",
          fix: Suggestion.fix(for: member.name, among: known), at: member.nameMark)
      }
      for (field, other) in needs {
        if let member = members.first(where: { $0.name == field }),
          !members.contains(where: { $0.name == other })
        {
          reading.report(
            .conflict, "\(field) has a meaning only beside \(other)", at: member.nameMark)
        }
      }
      var record = initial
      for field in fields { field.read(members, node, &record, &reading) }
      return reading.errors.count == before ? record : nil
    }
  }

  private static func recordSchema(
    _ summary: String, _ fields: [Field<Value>], _ needs: [(field: String, other: String)]
  ) -> Schema {
    var properties: OrderedDictionary<String, Document> = [:]
    var schema = Schema(["type": "object", "description": .string(summary)])
    var required: [Document] = []
    var groups: [Document] = []
    for field in fields {
      for property in field.properties {
        properties[property.name] = property.schema.body
        schema.include(property.schema)
        if property.isRequired { required.append(.string(property.name)) }
      }
      guard let needsOne = field.needsOne else { continue }
      var choices: [Document] = field.properties.map { ["required": [.string($0.name)]] }
      if !needsOne { choices.append(["not": ["anyOf": .array(choices)]]) }
      groups.append(["oneOf": .array(choices)])
    }
    schema.keywords["properties"] = .object(properties)
    schema.keywords["additionalProperties"] = false
    if !required.isEmpty { schema.keywords["required"] = .array(required) }
    if !groups.isEmpty { schema.keywords["allOf"] = .array(groups) }
    if !needs.isEmpty {
      var dependencies: OrderedDictionary<String, Document> = [:]
      for (field, other) in needs { dependencies[field] = [.string(other)] }
      schema.keywords["dependencies"] = .object(dependencies)
    }
    return schema
  }
}
