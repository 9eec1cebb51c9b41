// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
package import Simulation

/// A typed comparison of a found value: `is`, `min`, `max`, `has`, `lacks`, `within`, `one-of`.
///
/// All that are given must hold. Numbers compare as numbers, also where the service writes them as
/// text; times compare as instants whatever their spelling.
package struct Comparison: Hashable, Sendable {
  /// The value itself.
  package var equal: Document?
  /// The smallest number or earliest time.
  package var minimum: Document?
  /// The largest number or latest time.
  package var maximum: Document?
  /// What a list, a text or a mapping must hold; all of a list.
  package var has: Document?
  /// What it must not hold; none of a list.
  package var lacks: Document?
  /// How far from `is` it may be: a number or a length; or alone, a list of the two ends.
  package var within: Document?
  /// The values one of which it must be.
  package var oneOf: [Document]?

  package init() {}

  package static let fields: [Field<Comparison>] = [
    .optional("is", \.equal, .document, "The value expected."),
    .optional("min", \.minimum, .scalar, "The smallest number or earliest time allowed."),
    .optional("max", \.maximum, .scalar, "The largest number or latest time allowed."),
    .optional("has", \.has, .document, "What the list, text or mapping must hold."),
    .optional("lacks", \.lacks, .document, "What the list, text or mapping must not hold."),
    .optional(
      "within", \.within,
      .either(
        text: .scalar, list: Format<[Document]>.list(.scalar, count: 2...2).map { .array($0) }),
      "How far from `is` it may be, or alone the two ends of a range."),
    .optional("one-of", \.oneOf, .list(.document), "The values allowed."),
  ]

  /// A mapping that holds a comparison alone, such as a choice's `claim`.
  package static let format = Format.record(
    "comparison", "A typed comparison; all that is given must hold.", Comparison(), fields
  ).validated { comparison, node, reading in
    if comparison.isEmpty {
      reading.report(
        .missingField, "there is nothing to compare with",
        fix: "one of: is, min, max, has, lacks, within, one-of", at: node.mark)
    }
    comparison.report(at: node.mark, &reading)
  }

  /// Whether nothing is given.
  package var isEmpty: Bool { self == Comparison() }

  /// Reports what no value could ever meet, or what means nothing.
  package func report(at mark: Mark, _ reading: inout Reading) {
    guard let within else { return }
    if case .array(let ends) = within {
      if equal != nil {
        reading.report(
          .conflict, "within takes a range only without is", fix: "within: 5", at: mark)
      } else if ends.allSatisfy({ Quantity($0) == nil }) {
        reading.report(.badValue, "within: neither end is a number or a time", at: mark)
      }
    } else if equal == nil {
      reading.report(
        .conflict, "within alone needs two ends", fix: "within: [1, 5], or is: 3 beside it",
        at: mark)
    } else if within.number == nil, within.string.flatMap(TimeText.length) == nil {
      reading.report(.badValue, "within is neither a number nor a length", at: mark)
    }
  }

  /// Every text within, for checking placeholders before anything runs.
  package var texts: [String] {
    let parts = [equal, minimum, maximum, has, lacks, within].compactMap { $0 } + (oneOf ?? [])
    return parts.flatMap(\.texts)
  }

  /// This comparison with the placeholders in its texts replaced.
  ///
  /// - Throws: `ContentProblem` for an undeclared one.
  package func substituting(_ bindings: Bindings) throws(ContentProblem) -> Comparison {
    var result = self
    result.equal = try equal?.substituting(bindings)
    result.minimum = try minimum?.substituting(bindings)
    result.maximum = try maximum?.substituting(bindings)
    result.has = try has?.substituting(bindings)
    result.lacks = try lacks?.substituting(bindings)
    result.within = try within?.substituting(bindings)
    if let oneOf {
      var values: [Document] = []
      for value in oneOf { values.append(try value.substituting(bindings)) }
      result.oneOf = values
    }
    return result
  }
}

/// What comparing came to: the words a failed check shows.
package struct ComparisonOutcome: Hashable, Sendable {
  package var passes: Bool
  /// For example `at least 1`.
  package var expected: String
  /// What was found.
  package var actual: String

  package init(passes: Bool, expected: String, actual: String) {
    self.passes = passes
    self.expected = expected
    self.actual = actual
  }
}

extension Comparison {
  /// Compares a found value.
  ///
  /// - Complexity: O(n · m) for `has` over long lists, else O(n).
  package func evaluate(_ actual: Document) -> ComparisonOutcome {
    var passes = true
    var expected: [String] = []
    func demand(_ holds: Bool, _ words: String) {
      passes = passes && holds
      expected.append(words)
    }
    if let equal {
      if let within {
        demand(
          Self.isNear(actual, equal, within),
          "\(equal.shown), give or take \(within.shown)")
      } else {
        demand(Self.isEqual(actual, equal), equal.shown)
      }
    } else if case .array(let ends)? = within, ends.count == 2 {
      demand(
        Self.isOrdered(ends[0], actual) && Self.isOrdered(actual, ends[1]),
        "between \(ends[0].shown) and \(ends[1].shown)")
    }
    if let minimum { demand(Self.isOrdered(minimum, actual), "at least \(minimum.shown)") }
    if let maximum { demand(Self.isOrdered(actual, maximum), "at most \(maximum.shown)") }
    if let has {
      demand(has.alternatives.allSatisfy { Self.holds(actual, $0) }, "holding \(has.shown)")
    }
    if let lacks {
      demand(
        lacks.alternatives.allSatisfy { !Self.holds(actual, $0) }, "without \(lacks.shown)")
    }
    if let oneOf {
      demand(
        oneOf.contains { Self.isEqual(actual, $0) },
        "one of \(oneOf.map(\.shown).joined(separator: ", "))")
    }
    return ComparisonOutcome(
      passes: passes, expected: expected.joined(separator: " and "), actual: actual.shown)
  }

  /// Equal as values, as numbers where one was asked for, or as instants.
  static func isEqual(_ actual: Document, _ expected: Document) -> Bool {
    switch (actual, expected) {
    case (.array(let a), .array(let b)):
      return a.count == b.count && zip(a, b).allSatisfy { isEqual($0, $1) }
    case (.object(let a), .object(let b)):
      return a.count == b.count
        && b.allSatisfy { member in a[member.key].map { isEqual($0, member.value) } ?? false }
    case (.string(let a), .string(let b)):
      if a.utf8.elementsEqual(b.utf8) { return true }
      guard case .time(let x)? = Quantity(actual), case .time(let y)? = Quantity(expected) else {
        return false
      }
      return x == y
    case (.string, .integer), (.string, .double):
      // DynamoDB writes numbers as text: {"N": "5"}.
      return Quantity(actual)?.number == expected.number
    default:
      return actual == expected
    }
  }

  private static func isNear(_ actual: Document, _ expected: Document, _ within: Document) -> Bool {
    switch (Quantity(actual), Quantity(expected)) {
    case (.number(let a)?, .number(let b)?):
      return within.number.map { abs(a - b) <= $0 } ?? false
    case (.time(let a)?, .time(let b)?):
      let length =
        within.number.map { Duration.seconds($0) }
        ?? within.string.flatMap(TimeText.length)
      return length.map { (a < b ? b - a : a - b) <= $0 } ?? false
    default:
      return false
    }
  }

  /// Whether both are numbers or both are times, and the first is not above the second.
  private static func isOrdered(_ low: Document, _ high: Document) -> Bool {
    switch (Quantity(low), Quantity(high)) {
    case (.number(let a)?, .number(let b)?): a <= b
    case (.time(let a)?, .time(let b)?): a <= b
    default: false
    }
  }

  private static func holds(_ container: Document, _ wanted: Document) -> Bool {
    switch container {
    case .array(let elements):
      return elements.contains { isEqual($0, wanted) }
    case .string(let text):
      let part = wanted.string ?? wanted.shown
      return text.contains(part)
    case .object(let members):
      if case .object(let wanted) = wanted {
        return wanted.allSatisfy { member in
          members[member.key].map { isEqual($0, member.value) } ?? false
        }
      }
      return wanted.string.map { members[$0] != nil } ?? false
    default:
      return isEqual(container, wanted)
    }
  }
}

/// What can be put in order: a number or a moment.
package enum Quantity: Hashable, Sendable {
  case number(Double)
  case time(Instant)

  /// The number or the moment a value is or spells, or nil.
  package init?(_ document: Document) {
    if let number = document.number {
      self = .number(number)
    } else if let text = document.string, let number = JSONNumber.parse(text)?.number {
      self = .number(number)
    } else if let text = document.string, text.utf8.count >= 10, text.utf8.contains(0x2D),
      let instant = try? Instant(rfc3339: text)
    {
      self = .time(instant)
    } else {
      return nil
    }
  }

  var number: Double? { if case .number(let value) = self { value } else { nil } }
}
