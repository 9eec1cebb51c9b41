// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
internal import OrderedCollections

/// The lines of the AWS CLI's "Parameter validation failed", in its order; none when it would send
/// the request.
///
/// The CLI looks for members that are missing or unknown, values of the wrong type, and lengths and
/// numbers below the least. What is too long or too great, patterns and sets of values it leaves to
/// the service. [DDB.7.2]
///
/// - Parameters:
///   - input: The input put together from the command line.
///   - shape: The operation's input in the model.
///   - isTimestamp: Whether a text is an instant for the CLI; by default an ISO 8601 date with or
///     without a time, or a number of seconds.
/// - Returns: One line for each problem: `Missing required parameter in input: "TableName"`.
/// - Complexity: O(n) in the number of values.
package func clientProblems(
  of input: Document, as shape: Shape, isTimestamp: (String) -> Bool = isTimestampText
) -> [String] {
  withoutActuallyEscaping(isTimestamp) { isTimestamp in
    var check = ClientCheck(isTimestamp: isTimestamp)
    check.check(input, shape, "")
    return check.problems
  }
}

/// A walk over an input that collects what the CLI complains about.
private struct ClientCheck {
  let isTimestamp: (String) -> Bool
  private(set) var problems: [String] = []

  init(isTimestamp: @escaping (String) -> Bool) { self.isTimestamp = isTimestamp }

  /// How a message names the place: the path without its first dot, `input` for the whole.
  private func title(_ path: String) -> String {
    path.isEmpty ? "input" : path.hasPrefix(".") ? String(path.dropFirst()) : path
  }

  mutating func check(_ value: Document, _ shape: Shape, _ path: String) {
    switch (shape.kind, value) {
    case (.structure, .object(let members)): structure(members, shape, path)
    case (.map, .object(let entries)): map(entries, shape, path)
    case (.list, .array(let elements)):
      least(elements.count, shape, path)
      guard let element = shape.element else { return }
      for (index, value) in elements.enumerated() { check(value, element, "\(path)[\(index)]") }
    case (.string, .string(let text)): least(text.unicodeScalars.count, shape, path)
    case (.integer, .integer), (.long, .integer), (.integer, .bool), (.long, .bool),
      (.float, .integer), (.double, .integer), (.float, .double), (.double, .double),
      (.float, .bool), (.double, .bool):
      number(value, shape, path)
    case (.boolean, .bool), (.blob, .string): break
    case (.timestamp, .integer), (.timestamp, .double), (.timestamp, .bool): break
    case (.timestamp, .string(let text)) where isTimestamp(text): break
    default:
      problems.append(
        "Invalid type for parameter \(title(path)), value: \(value.pythonText), "
          + "type: <class '\(value.pythonTypeName)'>, valid types: \(validTypes(shape.kind))")
    }
  }

  private mutating func structure(
    _ members: OrderedDictionary<String, Document>, _ shape: Shape, _ path: String
  ) {
    if shape.isUnion { union(members.count, shape, path) }
    for name in shape.required where members[name] == nil {
      problems.append("Missing required parameter in \(title(path)): \"\(name)\"")
    }
    var known: [(value: Document, member: Member)] = []
    for (name, value) in members {
      if let member = shape.member(named: name) {
        known.append((value, member))
      } else {
        problems.append(
          "Unknown parameter in \(title(path)): \"\(name)\", must be one of: "
            + shape.members.map(\.name).joined(separator: ", "))
      }
    }
    for (value, member) in known { check(value, member.shape, "\(path).\(member.name)") }
  }

  private mutating func union(_ count: Int, _ shape: Shape, _ path: String) {
    let names = shape.members.map(\.name).joined(separator: ", ")
    if count == 0 {
      // The missing space is the CLI's.
      problems.append(
        "Must set one of the following keys for tagged unionstructure \(title(path)): \(names).")
    } else if count > 1 {
      problems.append(
        "Invalid number of parameters set for tagged union structure \(title(path)). "
          + "Can only set one of the following keys: \(names).")
    }
  }

  private mutating func map(
    _ entries: OrderedDictionary<String, Document>, _ shape: Shape, _ path: String
  ) {
    guard let key = shape.key, let element = shape.value else { return }
    for (name, value) in entries {
      check(.string(name), key, "\(path) (key: \(name))")
      check(value, element, "\(path).\(name)")
    }
  }

  private mutating func least(_ count: Int, _ shape: Shape, _ path: String) {
    guard let minimum = shape.minimum, count < minimum else { return }
    problems.append(
      "Invalid length for parameter \(title(path)), value: \(count), valid min length: \(minimum)")
  }

  private mutating func number(_ value: Document, _ shape: Shape, _ path: String) {
    // To Python a truth is a number.
    let number = value.number ?? (value.bool == true ? 1 : 0)
    guard let minimum = shape.minimum, number < Double(minimum) else { return }
    problems.append(
      "Invalid value for parameter \(title(path)), value: \(value.pythonText), "
        + "valid min value: \(minimum)")
  }

  private func validTypes(_ kind: Shape.Kind) -> String {
    switch kind {
    case .structure, .map: "<class 'dict'>"
    case .list: "<class 'list'>, <class 'tuple'>"
    case .string: "<class 'str'>"
    case .integer, .long: "<class 'int'>"
    case .float, .double: "<class 'float'>, <class 'decimal.Decimal'>, <class 'int'>"
    case .boolean: "<class 'bool'>"
    case .timestamp: "<class 'datetime.datetime'>, timestamp-string"
    case .blob: "<class 'bytes'>, <class 'bytearray'>, file-like object"
    }
  }
}

/// Whether a text is a number of seconds, or an ISO 8601 date with or without a time and a zone.
///
/// - Complexity: O(n) in the length of the text.
package func isTimestampText(_ text: String) -> Bool { timestampText?.matches(text) ?? false }

private let timestampText = Pattern(
  #"\s*(-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"#
    + #"|\d{4}-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])"#
    + #"([Tt ]([01]\d|2[0-3])(:?[0-5]\d(:?[0-5]\d([.,]\d+)?)?)?"#
    + #"\s*([Zz]|UTC|GMT|[+-]\d{2}(:?\d{2})?)?)?)\s*"#
)
