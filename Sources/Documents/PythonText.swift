// SPDX-License-Identifier: GPL-3.0-or-later

import OrderedCollections

extension Document {
  /// This value as Python's `repr` writes it: `{'a': [1, None, True]}`.
  ///
  /// The AWS CLI is a Python program and shows values so in its messages.
  ///
  /// - Complexity: O(n) in the size of the value.
  package var pythonRepr: String {
    switch self {
    case .null: "None"
    case .bool(let flag): flag ? "True" : "False"
    case .integer(let number): String(number)
    case .double(let number): number.shortestText
    case .string(let text): text.pythonRepr
    case .array(let elements): "[" + elements.map(\.pythonRepr).joined(separator: ", ") + "]"
    case .object(let members):
      "{"
        + members.elements.map { $0.key.pythonRepr + ": " + $0.value.pythonRepr }
        .joined(separator: ", ") + "}"
    }
  }

  /// This value as Python's `str` writes it: a string bare, anything else as `repr`.
  ///
  /// - Complexity: O(n) in the size of the value.
  package var pythonText: String {
    if case .string(let text) = self { text } else { pythonRepr }
  }

  /// The name of this value's Python type: `str`, `int`, `float`, `bool`, `list`, `dict`, `NoneType`.
  package var pythonTypeName: String {
    switch self {
    case .null: "NoneType"
    case .bool: "bool"
    case .integer: "int"
    case .double: "float"
    case .string: "str"
    case .array: "list"
    case .object: "dict"
    }
  }
}

extension String {
  /// This text as Python's `repr` writes it: in single quotes unless it holds those and no double ones.
  ///
  /// - Complexity: O(n) in the length of the text.
  package var pythonRepr: String {
    let quote: Unicode.Scalar =
      unicodeScalars.contains("'") && !unicodeScalars.contains("\"") ? "\"" : "'"
    var result = String.UnicodeScalarView()
    result.append(quote)
    for scalar in unicodeScalars {
      switch scalar {
      case quote, "\\": result.append(contentsOf: ["\\", scalar])
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\r": result.append(contentsOf: "\\r".unicodeScalars)
      case "\t": result.append(contentsOf: "\\t".unicodeScalars)
      case _ where scalar.isPrintableToPython: result.append(scalar)
      default: result.append(contentsOf: scalar.pythonEscape.unicodeScalars)
      }
    }
    result.append(quote)
    return String(result)
  }
}

extension Unicode.Scalar {
  fileprivate var isPrintableToPython: Bool {
    if isASCII { return (0x20..<0x7F).contains(value) }
    return switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      false
    default: true
    }
  }

  fileprivate var pythonEscape: String {
    let digits = String(value, radix: 16)
    let (prefix, width) = value < 0x100 ? ("\\x", 2) : value < 0x10000 ? ("\\u", 4) : ("\\U", 8)
    return prefix + String(repeating: "0", count: width - digits.utf8.count) + digits
  }
}
