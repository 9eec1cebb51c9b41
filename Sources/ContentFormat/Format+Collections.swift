// SPDX-License-Identifier: GPL-3.0-or-later

internal import Documents
internal import OrderedCollections

/// A thing with the name it has in a mapping of named things.
package struct Named<Value: Sendable>: Sendable {
  package var name: String
  package var value: Value
  /// The place of the name.
  package var mark: Mark

  package init(_ name: String, _ value: Value, at mark: Mark) {
    self.name = name
    self.value = value
    self.mark = mark
  }
}

extension Named: Equatable where Value: Equatable {}
extension Named: Hashable where Value: Hashable {}

extension Format {
  /// A list of things, as many as `count` allows.
  package static func list<Element: Sendable>(
    _ element: Format<Element>, count: ClosedRange<Int> = 1...10_000
  ) -> Format<[Element]> where Value == [Element] {
    var schema = Schema([
      "type": "array", "items": element.schema.body,
      "minItems": .integer(Int64(count.lowerBound)), "maxItems": .integer(Int64(count.upperBound)),
    ])
    schema.include(element.schema)
    return Format<[Element]>(schema: schema) { node, reading in
      guard let nodes = node.sequence else {
        reading.expected("a list", found: node)
        return nil
      }
      guard count.contains(nodes.count) else {
        reading.report(
          .badValue, "a list of \(nodes.count)",
          fix: "\(count.lowerBound) to \(count.upperBound) entries", at: node.mark)
        return nil
      }
      let values = nodes.map { element.read($0, &reading) }
      let complete = values.compactMap { $0 }
      return complete.count == values.count ? complete : nil
    }
  }

  /// One thing, or a list of them.
  package static func oneOrMany<Element: Sendable>(
    _ element: Format<Element>, count: ClosedRange<Int> = 1...10_000
  ) -> Format<[Element]> where Value == [Element] {
    let many = list(element, count: count)
    var schema = Schema(["anyOf": [element.schema.body, many.schema.body]])
    schema.include(many.schema)
    return Format<[Element]>(schema: schema) { node, reading in
      if node.sequence != nil { return many.read(node, &reading) }
      return element.read(node, &reading).map { [$0] }
    }
  }

  /// A mapping of names to things, in the order of the file.
  ///
  /// - Parameters:
  ///   - names: What a name may be.
  ///   - value: What stands under a name.
  ///   - count: How many there may be.
  /// - Returns: The things with their names and places.
  package static func named<Element: Sendable>(
    _ names: NameRule = .identifier, _ value: Format<Element>,
    count: ClosedRange<Int> = 1...1_000
  ) -> Format<[Named<Element>]> where Value == [Named<Element>] {
    var schema = Schema([
      "type": "object", "propertyNames": ["pattern": .string(names.pattern)],
      "additionalProperties": value.schema.body,
      "minProperties": .integer(Int64(count.lowerBound)),
      "maxProperties": .integer(Int64(count.upperBound)),
    ])
    schema.include(value.schema)
    return Format<[Named<Element>]>(schema: schema) { node, reading in
      guard let members = node.mapping else {
        reading.expected("a mapping of names", found: node)
        return nil
      }
      guard count.contains(members.count) else {
        reading.report(
          .badValue, "a mapping of \(members.count)",
          fix: "\(count.lowerBound) to \(count.upperBound) entries", at: node.mark)
        return nil
      }
      var result: [Named<Element>] = []
      for member in members {
        if !names.isValid(member.name) {
          reading.report(
            .badValue, "\"\(member.name.shortened(to: 70))\" is not allowed as a name",
            fix: names.words, at: member.nameMark)
        }
        guard let element = value.read(member.node, &reading) else { continue }
        result.append(Named(member.name, element, at: member.nameMark))
      }
      return result.count == members.count ? result : nil
    }
  }
}

/// What names a mapping of named things may have.
package struct NameRule: Sendable {
  package let pattern: String
  package let words: String
  package let isValid: @Sendable (String) -> Bool

  package init(
    pattern: String, words: String, isValid: @escaping @Sendable (String) -> Bool
  ) {
    self.pattern = pattern
    self.words = words
    self.isValid = isValid
  }

  /// `[a-z0-9-]{1,64}`.
  package static let identifier = NameRule(
    pattern: Identifier.pattern, words: "1 to 64 of a-z, 0-9 and -", isValid: Identifier.isValid)

  /// Names as DynamoDB and AWS Backup have them: letters, digits, `_`, `.` and `-`, 1 to 255.
  package static let resource = NameRule(
    pattern: "^[a-zA-Z0-9_.-]{1,255}$", words: "1 to 255 of a-z, A-Z, 0-9, _ . and -"
  ) { name in
    (1...255).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
          || byte == 0x2D || byte == 0x2E || byte == 0x5F
      }
  }

  /// Any text, such as an attribute's name or a tag's key.
  package static let any = NameRule(pattern: "^.+$", words: "at least one character") {
    !$0.isEmpty
  }
}
