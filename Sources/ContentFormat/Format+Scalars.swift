// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
internal import Simulation

/// A closed set of words in content, spelled as their raw values.
package protocol ContentChoice: CaseIterable, RawRepresentable<String>, Sendable {}

/// The scalar of a node where text is wanted, or nil after reporting.
private func writtenText(_ node: ContentNode, _ what: String, _ reading: inout Reading) -> String? {
  guard let scalar = node.scalar, !node.isNull else {
    let fix = node.isNull ? "write it, or leave the field out" : nil
    reading.expected(what, found: node, fix: fix)
    return nil
  }
  return scalar.text
}

extension Format where Value == String {
  /// Text, kept as written but for blank ends.
  ///
  /// `no`, `0007` and `1.10` are text here.
  package static let text = Format(
    schema: Schema(["type": ["string", "number", "boolean"], "minLength": 1])
  ) { node, reading in
    guard let written = writtenText(node, "text", &reading) else { return nil }
    let trimmed = written.trimmingBlanks()
    guard !trimmed.isEmpty else {
      reading.report(.badValue, "the text is empty", at: node.mark)
      return nil
    }
    return trimmed
  }

  /// Text that may be empty, kept exactly as written.
  package static let rawText = Format(
    schema: Schema(["type": ["string", "number", "boolean"]])
  ) { node, reading in writtenText(node, "text", &reading) }

  /// The one text that may stand here, such as the name and version of a format.
  package static func constant(_ expected: String) -> Format {
    Format(schema: Schema(["const": .string(expected)])) { node, reading in
      guard let written = writtenText(node, expected, &reading) else { return nil }
      guard written == expected else {
        reading.report(
          .badValue, "expected \(expected), found \(written.shortened(to: 40))", at: node.mark)
        return nil
      }
      return written
    }
  }

  /// An id: 1 to 64 lower-case letters, digits and hyphens.
  package static let identifier = Format(
    schema: Schema([
      "type": ["string", "integer", "boolean"], "pattern": .string(Identifier.pattern),
    ])
  ) { node, reading in
    guard let written = writtenText(node, "an id", &reading) else { return nil }
    guard Identifier.isValid(written) else {
      reading.report(
        .badValue, "\"\(written.shortened(to: 70))\" is no id",
        fix: "1 to 64 of a-z, 0-9 and -", at: node.mark)
      return nil
    }
    return written
  }
}

/// The spelling of ids: `[a-z0-9-]{1,64}`.
package enum Identifier {
  package static let pattern = "^[a-z0-9-]{1,64}$"

  /// - Complexity: O(n).
  package static func isValid(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
      }
  }
}

extension Format where Value == Int {
  /// A whole number within bounds, written without quotes.
  package static func integer(_ range: ClosedRange<Int>) -> Format {
    Format(
      schema: Schema([
        "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
        "maximum": .integer(Int64(range.upperBound)),
      ])
    ) { node, reading in
      guard let number = node.plainNumber, let whole = Int(exactly: number) else {
        reading.expected("a whole number", found: node)
        return nil
      }
      guard range.contains(whole) else {
        reading.report(
          .badValue, "\(whole) is out of range",
          fix: "\(range.lowerBound) to \(range.upperBound)", at: node.mark)
        return nil
      }
      return whole
    }
  }
}

extension Format where Value == Double {
  /// A number within bounds, written without quotes.
  package static func number(_ range: ClosedRange<Double>) -> Format {
    Format(
      schema: Schema([
        "type": "number", "minimum": .double(range.lowerBound),
        "maximum": .double(range.upperBound),
      ])
    ) { node, reading in
      guard let number = node.plainNumber else {
        reading.expected("a number", found: node)
        return nil
      }
      guard range.contains(number) else {
        reading.report(
          .badValue, "\(number) is out of range",
          fix: "\(range.lowerBound) to \(range.upperBound)", at: node.mark)
        return nil
      }
      return number
    }
  }
}

extension Format where Value == Bool {
  /// `true` or `false`, without quotes; `yes`, `no`, `on` and `off` are refused.
  package static let boolean = Format(schema: Schema(["type": "boolean"])) { node, reading in
    if let scalar = node.scalar, scalar.style == .plain {
      if scalar.text == "true" { return true }
      if scalar.text == "false" { return false }
    }
    reading.expected("true or false", found: node)
    return nil
  }
}

extension Format where Value: ContentChoice {
  /// One word of a closed set.
  package static var choice: Format {
    let words = Value.allCases.map(\.rawValue)
    return Format(schema: Schema(["enum": .array(words.map { .string($0) })])) { node, reading in
      let what = "one of \(words.joined(separator: ", "))"
      guard let written = writtenText(node, what, &reading) else { return nil }
      guard let value = Value(rawValue: written) else {
        reading.report(
          .badValue, "\"\(written.shortened(to: 40))\" is not known here",
          fix: Suggestion.fix(for: written, among: words), at: node.mark)
        return nil
      }
      return value
    }
  }
}

extension Format where Value == Duration {
  /// A length of time: `500ms`, `45s`, `90m`, `3h`, `2d`; a day is 86,400 s.
  package static let length = Format(
    schema: Schema(["type": "string", "pattern": "^[0-9]{1,12}(ms|s|m|h|d)$"])
  ) { node, reading in
    guard let written = writtenText(node, "a length such as 90m", &reading) else { return nil }
    guard let length = TimeText.length(written) else {
      reading.report(
        .badValue, "\"\(written.shortened(to: 40))\" is no length of time",
        fix: "a number and ms, s, m, h or d, such as 90m", at: node.mark)
      return nil
    }
    return length
  }
}

extension Format where Value == FieldTime {
  /// A time: `-40d` and `+3h` from the world's clock, `2026-03-06T17:40:00Z`, or a placeholder.
  package static let time = Format(
    schema: Schema([
      "type": "string",
      "pattern": .string(
        "^([+-][0-9]{1,12}(ms|s|m|h|d)"
          + "|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{3})?Z"
          + "|<[a-z][a-z0-9-]*(\\.[a-z]+)?( [+-] [0-9]+(ms|s|m|h|d))?>)$"),
    ])
  ) { node, reading in
    guard let written = writtenText(node, "a time", &reading) else { return nil }
    guard let time = FieldTime(written) else {
      reading.report(
        .badValue, "\"\(written.shortened(to: 40))\" is no time",
        fix: "-40d, +3h, 2026-03-06T17:40:00Z or <name>", at: node.mark)
      return nil
    }
    return time
  }
}

extension Format where Value == Document {
  /// Text or a number, true, false: an unquoted scalar follows JSON's rules, a quoted one is text.
  package static let scalar = Format(
    schema: Schema(["type": ["string", "number", "boolean"]])
  ) { node, reading in
    guard node.scalar != nil, !node.isNull else {
      reading.expected("text or a number", found: node)
      return nil
    }
    return node.document
  }

  /// Anything, by JSON's rules.
  package static let document = Format(schema: Schema([:])) { node, _ in node.document }
}

extension ContentNode {
  /// The number an unquoted scalar spells in JSON.
  var plainNumber: Double? {
    guard let scalar, scalar.style == .plain else { return nil }
    return JSONNumber.parse(scalar.text)?.number
  }
}

extension String {
  /// The text without blanks and line ends at both ends.
  func trimmingBlanks() -> String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
    return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
