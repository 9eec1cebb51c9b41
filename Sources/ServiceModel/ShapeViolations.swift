// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents

/// The message of the `ValidationException` that a service answers to values outside the model's
/// limits, or nil.
///
/// All violations are told together, up to ten: `2 validation errors detected: Value … at
/// 'tableName' failed to satisfy constraint: …; Value null at …`. They come in model order, what is
/// wrong with a value before what is wrong inside it. The kinds of values are taken to be right
/// (`serializationError` says so); what stands inside an `AttributeValue` is the item model's to
/// judge. [DDB.4.2]
///
/// - Parameters:
///   - input: The input of a request.
///   - shape: The operation's input in the model.
/// - Returns: The service's words, or nil when the input is within all limits.
/// - Complexity: O(n) in the number of values and of members that their shapes have.
package func violations(of input: Document, as shape: Shape) -> String? {
  var check = ShapeCheck()
  check.contents(of: input, shape, path: .root)
  guard !check.messages.isEmpty else { return nil }
  let count = check.messages.count
  return "\(count) validation error\(count > 1 ? "s" : "") detected: "
    + check.messages.joined(separator: "; ")
}

/// The way to a value, put into words only when there is something to say about it.
private indirect enum ValuePath {
  case root
  case member(ValuePath, String)
  case element(ValuePath, Int)
  case entry(ValuePath, String)

  /// The way as the service writes it: `keySchema.1.member.keyType`.
  var text: String {
    switch self {
    case .root: ""
    case .member(.root, let name): name.withSmallInitial
    case .member(let outer, let name): "\(outer.text).\(name.withSmallInitial)"
    case .element(let outer, let number): "\(outer.text).\(number).member"
    case .entry(let outer, let name): "\(outer.text).\(name).member"
    }
  }
}

/// A walk over an input that collects what is outside the limits.
private struct ShapeCheck {
  /// The service tells no more than these at once.
  static let messageLimit = 10

  private(set) var messages: [String] = []

  private var isFull: Bool { messages.count >= Self.messageLimit }

  private mutating func report(
    _ value: Document, _ shape: Shape, _ path: ValuePath, _ constraint: @autoclosure () -> String
  ) {
    guard !isFull else { return }
    let text = value.isNull ? "null" : "'\(value.serviceText(as: shape))'"
    messages.append("Value \(text) at '\(path.text)' failed to satisfy constraint: \(constraint())")
  }

  /// Checks what a structure, list or map holds.
  mutating func contents(
    of value: Document, _ shape: Shape, path: @autoclosure () -> ValuePath
  ) {
    switch (value, shape.kind) {
    case (.object(let members), .structure):
      guard !shape.isAttributeValue else { return }
      for member in shape.members where !isFull {
        if let value = members[member.name], !value.isNull {
          check(value, member.shape, path: .member(path(), member.name))
        } else if member.isRequired {
          report(.null, member.shape, .member(path(), member.name), "Member must not be null")
        }
      }
    case (.array(let elements), .list):
      guard let element = shape.element, element.hasContents else { return }
      for (index, value) in elements.enumerated() where !isFull && !value.isNull {
        contents(of: value, element, path: .element(path(), index + 1))
      }
    case (.object(let entries), .map):
      guard let element = shape.value, element.hasContents else { return }
      for (name, value) in entries where !isFull && !value.isNull {
        contents(of: value, element, path: .entry(path(), name))
      }
    default: break
    }
  }

  /// Checks a member, its own limits first.
  private mutating func check(
    _ value: Document, _ shape: Shape, path: @autoclosure () -> ValuePath
  ) {
    for constraint in shape.brokenConstraints(by: value) {
      report(value, shape, path(), constraint)
    }
    if let key = shape.key, key.hasLimits, let entries = value.object,
      entries.keys.contains(where: { !key.brokenConstraints(by: .string($0)).isEmpty })
    {
      report(value, shape, path(), "Map keys must satisfy constraint: \(key.limits)")
    }
    // The limits of elements are told of the list or map as a whole.
    if let element = shape.element ?? shape.value, element.hasLimits {
      let elements = value.array ?? value.object.map { Array($0.values) } ?? []
      if elements.contains(where: { !element.brokenConstraints(by: $0).isEmpty }) {
        let whose = shape.kind == .list ? "Member" : "Map value"
        report(value, shape, path(), "\(whose) must satisfy constraint: \(element.limits)")
      }
    }
    contents(of: value, shape, path: path())
  }
}

extension Shape {
  /// Whether values of this kind hold others that may have limits of their own.
  fileprivate var hasContents: Bool {
    (kind == .structure && !isAttributeValue) || kind == .list || kind == .map
  }

  /// Whether values of this kind have limits.
  var hasLimits: Bool {
    minimum != nil || maximum != nil || pattern != nil || !enumeration.isEmpty
  }

  /// The limits that a value breaks, in the service's words: set of values, pattern, least,
  /// greatest.
  fileprivate func brokenConstraints(by value: Document) -> [String] {
    var broken: [String] = []
    if let text = value.string, kind == .string {
      if !enumeration.isEmpty, !enumeration.contains(where: { $0.utf8.elementsEqual(text.utf8) }) {
        broken.append(enumerationConstraint)
      }
      if let matcher, let pattern, !matcher.matches(text) {
        broken.append("Member must satisfy regular expression pattern: \(pattern)")
      }
    }
    guard minimum != nil || maximum != nil, let measure = measure(of: value) else { return broken }
    if let minimum, measure < Double(minimum) { broken.append(leastConstraint(minimum)) }
    if let maximum, measure > Double(maximum) { broken.append(greatestConstraint(maximum)) }
    return broken
  }

  /// All limits in brackets, as the service tells those of elements, entries and keys.
  fileprivate var limits: String {
    var limits: [String] = []
    if let maximum { limits.append(greatestConstraint(maximum)) }
    if let minimum { limits.append(leastConstraint(minimum)) }
    if let pattern { limits.append("Member must satisfy regular expression pattern: \(pattern)") }
    if !enumeration.isEmpty { limits.append(enumerationConstraint) }
    return "[\(limits.joined(separator: ", "))]"
  }

  private func leastConstraint(_ bound: Int) -> String {
    "Member must have \(measureName) greater than or equal to \(bound)"
  }

  private func greatestConstraint(_ bound: Int) -> String {
    "Member must have \(measureName) less than or equal to \(bound)"
  }

  private var enumerationConstraint: String {
    "Member must satisfy enum value set: [\(serviceOrderedEnumeration.joined(separator: ", "))]"
  }

  private var measureName: String {
    switch kind {
    case .integer, .long, .float, .double: "value"
    default: "length"
    }
  }

  /// What the bounds limit: a number itself, or the length of a text (in characters), list, map or
  /// blob (in bytes).
  private func measure(of value: Document) -> Double? {
    switch (value, kind) {
    case (.string(let text), .string): Double(text.unicodeScalars.count)
    case (.string(let text), .blob):
      Double(
        text.utf8.count / 4 * 3 - text.utf8.reversed().prefix { $0 == UInt8(ascii: "=") }.count)
    case (.array(let elements), .list): Double(elements.count)
    case (.object(let entries), .map): Double(entries.count)
    case (.integer, .integer), (.integer, .long), (.integer, .float), (.integer, .double),
      (.double, .float), (.double, .double):
      value.number
    case (.double(let number), .integer), (.double(let number), .long):
      number.wholePart.map(Double.init) ?? number
    default: nil
    }
  }

  /// The texts allowed, in the order in which the service prints them where that is known.
  private var serviceOrderedEnumeration: [String] {
    let names = enumeration.sorted()
    return printedOrders.first { $0.sorted() == names } ?? enumeration
  }
}

/// Orders seen in the service's messages; the model lists the same texts in another one. [DDB.4.2]
/// [DDB.1.5]
private let printedOrders: [[String]] = [
  ["HASH", "RANGE"],
  ["B", "N", "S"],
  ["ALL", "INCLUDE", "KEYS_ONLY"],
  ["PROVISIONED", "PAY_PER_REQUEST"],
  ["INDEXES", "TOTAL", "NONE"],
  ["SIZE", "NONE"],
  ["ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"],
  ["SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"],
  ["OR", "AND"],
  [
    "IN", "NULL", "BETWEEN", "LT", "NOT_CONTAINS", "EQ", "GT", "NOT_NULL", "NE", "LE",
    "BEGINS_WITH", "GE", "CONTAINS",
  ],
  ["SYSTEM", "USER", "AWS_BACKUP", "ALL"],
]

extension String {
  /// The name as the service writes it in messages: `TableName` → `tableName`, `SSESpecification` →
  /// `sSESpecification`.
  var withSmallInitial: String { prefix(1).lowercased() + dropFirst() }
}
