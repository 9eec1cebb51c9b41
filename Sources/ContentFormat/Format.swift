// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
internal import OrderedCollections

/// A description of one kind of content, from which both its decoding and its JSON Schema are made.
///
/// There is one mechanism. A format is built from smaller ones, and every builder sets the decoding
/// and the schema in the same breath, so they cannot disagree:
///
/// ```swift
/// struct Hint { var cost = 0; var text = "" }
///
/// extension Hint {
///   static let format = Format.record(
///     "hint", "A hint and its cost.", Hint(),
///     [
///       .defaulted("cost", \.cost, .integer(0...100), "Points it takes.", default: 0),
///       .required("text", \.text, .text, "What it says."),
///     ])
/// }
/// ```
///
/// - Scalars: `.text`, `.identifier`, `.integer`, `.number`, `.boolean`, `.choice`, `.length`,
///   `.time`, `.scalar` (text or number by JSON's rules), `.document` (anything).
/// - Collections: `.list`, `.oneOrMany`, `.named` (a mapping of names to things).
/// - Structures: `.record` with `Field`s; `Field.oneOf` for closed alternatives of which exactly one
///   is given; `.either` by kind of value (`text`, `list`, `mapping`); `.deferred` for recursion.
/// - Changes of type: `.map` (cannot fail) and `.parsed` (fails with words).
///
/// What a schema cannot see, references between parts of a file, is checked with `.validated`.
/// Where the two differ the schema is the more lenient: it cannot know how a number was written.
package struct Format<Value: Sendable>: Sendable {
  /// The draft-07 schema of what the decoding accepts.
  package let schema: Schema
  /// Decodes a node; nil after reporting at least one error.
  package let read: @Sendable (ContentNode, inout Reading) -> Value?

  package init(
    schema: Schema, read: @escaping @Sendable (ContentNode, inout Reading) -> Value?
  ) {
    self.schema = schema
    self.read = read
  }
}

/// One pass over one file: where errors are collected.
package struct Reading: Sendable {
  package let file: String
  package private(set) var errors: [ContentError] = []

  package init(file: String) { self.file = file }

  /// Adds an error and goes on.
  package mutating func report(
    _ code: ContentError.Code, _ message: String, fix: String? = nil, at mark: Mark
  ) {
    // A damaged file can hold tens of thousands of unknown fields; nobody reads more than this.
    guard errors.count < 200 else { return }
    errors.append(
      ContentError(file: file, mark: mark, code: code, message: message, fix: fix))
  }

  /// Reports a value of another kind than expected.
  package mutating func expected(_ what: String, found node: ContentNode, fix: String? = nil) {
    report(.wrongType, "expected \(what), found \(node.kindName)", fix: fix, at: node.mark)
  }
}

/// A decoded value with its place, for errors found later.
package struct Located<Value: Sendable>: Sendable {
  package var value: Value
  package var mark: Mark

  package init(_ value: Value, at mark: Mark) {
    self.value = value
    self.mark = mark
  }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}

/// Why a text is not what a field wants; `parsed` turns it into a `ContentError` with its place.
package struct ContentProblem: Error, Hashable, Sendable {
  package var code: ContentError.Code
  package var message: String
  package var fix: String?

  package init(_ code: ContentError.Code = .badValue, _ message: String, fix: String? = nil) {
    self.code = code
    self.message = message
    self.fix = fix
  }
}

extension Format {
  /// The same content as another type.
  package func map<Other: Sendable>(
    _ transform: @escaping @Sendable (Value) -> Other
  ) -> Format<Other> {
    Format<Other>(schema: schema) { node, reading in read(node, &reading).map(transform) }
  }

  /// The same content as another type, where not every value is one.
  ///
  /// - Parameter transform: Makes the value, or throws the words for the author.
  /// - Returns: A format with the same schema.
  package func parsed<Other: Sendable>(
    _ transform: @escaping @Sendable (Value) throws(ContentProblem) -> Other
  ) -> Format<Other> {
    Format<Other>(schema: schema) { node, reading in
      guard let value = read(node, &reading) else { return nil }
      do throws(ContentProblem) {
        return try transform(value)
      } catch {
        reading.report(error.code, error.message, fix: error.fix, at: node.mark)
        return nil
      }
    }
  }

  /// The same content, looked over once more: for rules that a schema cannot say.
  ///
  /// - Parameter check: Reports what is wrong; the value stays usable for further checks.
  /// - Returns: A format with the same schema.
  package func validated(
    _ check: @escaping @Sendable (Value, ContentNode, inout Reading) -> Void
  ) -> Format {
    Format(schema: schema) { node, reading in
      guard let value = read(node, &reading) else { return nil }
      check(value, node, &reading)
      return value
    }
  }

  /// The same content with its place.
  package var located: Format<Located<Value>> {
    Format<Located<Value>>(schema: schema) { node, reading in
      read(node, &reading).map { Located($0, at: node.mark) }
    }
  }

  /// The same content with keywords added to (or changed in) its schema, such as `examples`.
  package func annotated(_ name: String, _ value: Document) -> Format {
    var schema = schema
    schema.keywords[name] = value
    return Format(schema: schema, read: read)
  }

  /// A format that is described elsewhere and may contain itself.
  ///
  /// - Parameters:
  ///   - name: The name under which the described record stands in the definitions.
  ///   - format: Evaluated on use, not now; the name must reach the definitions another way too.
  /// - Returns: A format whose schema is a reference.
  package static func deferred(
    _ name: String, _ format: @escaping @Sendable () -> Format
  ) -> Format {
    Format(schema: Schema(["$ref": .string("#/definitions/\(name)")])) { node, reading in
      format().read(node, &reading)
    }
  }

  /// One of several formats, told apart by the kind of value: text, a list or a mapping.
  ///
  /// Leave out what is not allowed; the error names what is.
  package static func either(
    text: Format? = nil, list: Format? = nil, mapping: Format? = nil
  ) -> Format {
    let parts = [("text", text), ("a list", list), ("a mapping", mapping)]
      .compactMap { name, format in format.map { (name, $0) } }
    var schema = Schema(["anyOf": .array(parts.map(\.1.schema.body))])
    for (_, part) in parts { schema.include(part.schema) }
    let names = parts.map(\.0).joined(separator: " or ")
    return Format(schema: schema) { node, reading in
      let chosen =
        switch node.value {
        case .scalar: node.isNull ? nil : text
        case .sequence: list
        case .mapping: mapping
        }
      guard let chosen else {
        reading.expected(names, found: node)
        return nil
      }
      return chosen.read(node, &reading)
    }
  }
}
