// SPDX-License-Identifier: GPL-3.0-or-later

internal import Documents

extension Document {
  /// The value as Python's `str` shows it, which the AWS CLI puts in its messages: `{'a': True}`.
  var pythonText: String {
    if case .string(let text) = self { return text }
    return pythonRepresentation
  }

  /// The name of the value's Python type in messages: `<class 'str'>`.
  var pythonTypeName: String {
    let name =
      switch self {
      case .null: "NoneType"
      case .bool: "bool"
      case .integer: "int"
      case .double: "float"
      case .string: "str"
      case .array: "list"
      case .object: "dict"
      }
    return "<class '\(name)'>"
  }

  /// The value as Python's `repr` shows it.
  private var pythonRepresentation: String {
    switch self {
    case .null: return "None"
    case .bool(let value): return value ? "True" : "False"
    case .integer(let value): return String(value)
    case .double(let value): return pythonNumber(value)
    case .string(let text): return quoted(text)
    case .array(let elements):
      return "[\(elements.map(\.pythonRepresentation).joined(separator: ", "))]"
    case .object(let members):
      let texts = members.map { "\(quoted($0.key)): \($0.value.pythonRepresentation)" }
      return "{\(texts.joined(separator: ", "))}"
    }
  }
}

/// A number as Python writes it: the shortest digits, an exponent of two digits from 1e16 and below 1e-4.
private func pythonNumber(_ value: Double) -> String {
  // Swift chooses the same digits but writes the exponent without a leading zero, and below 2^53 without one.
  var text = "\(value)"
  guard let mark = text.firstIndex(of: "e") else { return text }
  let exponent = text[text.index(after: mark)...]
  let sign = exponent.hasPrefix("-") ? "-" : "+"
  let digits = exponent.drop { $0 == "-" || $0 == "+" }
  let mantissa = text[..<mark]
  let whole = mantissa.hasSuffix(".0") ? mantissa.dropLast(2) : mantissa
  text = "\(whole)e\(sign)\(digits.count < 2 ? "0" : "")\(digits)"
  return text
}

/// A text in quotes as Python's `repr` shows it: single ones, unless it holds those and no double ones.
private func quoted(_ text: String) -> String {
  let quote: Unicode.Scalar =
    text.unicodeScalars.contains("'") && !text.unicodeScalars.contains("\"") ? "\"" : "'"
  var result = String(quote)
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\\", quote: result += "\\\(scalar)"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    default: result += isPrintable(scalar) ? String(scalar) : escape(scalar)
    }
  }
  return result + String(quote)
}

/// Whether Python shows the character itself: all but controls, unassigned ones and spaces other than the plain one.
private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
  guard scalar != " " else { return true }
  return switch scalar.properties.generalCategory {
  case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
    .paragraphSeparator:
    false
  default: true
  }
}

private func escape(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16)
  let (letter, count) =
    scalar.value <= 0xFF ? ("x", 2) : scalar.value <= 0xFFFF ? ("u", 4) : ("U", 8)
  return "\\\(letter)" + String(repeating: "0", count: count - digits.count) + digits
}
