// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import OrderedCollections

/// Prints a value as `--output yaml` does: block style, names in order, texts quoted where YAML 1.2
/// would read them as something else, lines folded at column 80.
struct YAMLPrinter {
  private(set) var text = ""
  private var column = 0
  private static let bestWidth = 80

  /// The YAML of a value, ending in a newline.
  ///
  /// - Complexity: O(n log n).
  static func print(_ value: Document) -> String {
    var printer = YAMLPrinter()
    if value.isContainer, !value.isNonEmptyContainer {
      return value.isArray ? "[]\n" : "{}\n"
    }
    if value.isContainer {
      printer.writeNode(value, indent: 0, isInSequence: false, isRoot: true)
      if printer.column > 0 { printer.newLine(indent: 0) }
      return printer.text
    }
    // YAML would mark where a scalar alone ends; the CLI prints such a value as JSON.
    return value.json(.compact) + "\n"
  }

  // MARK: Structure

  private mutating func writeNode(_ value: Document, indent: Int, isInSequence: Bool, isRoot: Bool)
  {
    switch value {
    case .object(let members) where !members.isEmpty:
      var isFirst = true
      for name in members.keys.sorted(by: PythonText.precedes) {
        guard let member = members[name] else { continue }
        if !(isFirst && (isInSequence || isRoot)) { newLine(indent: indent) }
        isFirst = false
        writeMember(name, member, indent: indent)
      }
    case .array(let elements) where !elements.isEmpty:
      for (index, element) in elements.enumerated() {
        if !(index == 0 && (isInSequence || isRoot)) { newLine(indent: indent) }
        write("-")
        if element.isNonEmptyContainer {
          write(" ")
          writeNode(element, indent: indent + 2, isInSequence: true, isRoot: false)
        } else {
          writeLeaf(element, indent: indent + 2)
        }
      }
    default: writeLeaf(value, indent: indent)
    }
  }

  private mutating func writeMember(_ name: String, _ value: Document, indent: Int) {
    // The emitter counts the tag it does not write, `!!str`, to the 128 characters a name may have.
    let isSimple = name.unicodeScalars.count + 5 < 128 && !name.isEmpty && !Self.hasBreak(name)
    if isSimple {
      writeText(name, indent: indent, isKey: true)
      write(":")
    } else {
      // A long or broken name is written as a complex key.
      write("? ")
      writeText(name, indent: indent + 2, isKey: false)
      newLine(indent: indent)
      write(":")
    }
    switch value {
    case .object(let members) where !members.isEmpty:
      if !isSimple { write(" ") }
      writeNode(value, indent: indent + 2, isInSequence: !isSimple, isRoot: false)
    case .array(let elements) where !elements.isEmpty:
      // A list under a name is not indented further.
      if !isSimple { write(" ") }
      writeNode(
        value, indent: isSimple ? indent : indent + 2, isInSequence: !isSimple, isRoot: false)
    default: writeLeaf(value, indent: indent + 2)
    }
  }

  private mutating func writeLeaf(_ value: Document, indent: Int) {
    write(" ")
    switch value {
    case .array: write("[]")
    case .object: write("{}")
    default: writeScalar(value, indent: indent)
    }
  }

  private mutating func newLine(indent: Int) {
    text += "\n" + String(repeating: " ", count: indent)
    column = indent
  }

  private mutating func write(_ part: String) {
    text += part
    column += part.unicodeScalars.count
  }

  // MARK: Scalars

  private mutating func writeScalar(_ value: Document, indent: Int) {
    switch value {
    case .string(let text): writeText(text, indent: indent, isKey: false)
    case .null: write("null")
    case .bool(let flag): write(flag ? "true" : "false")
    case .integer(let number): write(String(number))
    case .double(let number): write(Self.text(of: number))
    case .array, .object: break
    }
  }

  private static func text(of number: Double) -> String {
    guard number.isFinite else { return number.isNaN ? ".nan" : number < 0 ? "-.inf" : ".inf" }
    let text = number.shortestText
    // `1e+16` would not be a number to a YAML reader.
    return text.contains(".") || !text.contains("e")
      ? text : text.replacingFirst("e", with: ".0e")
  }

  private mutating func writeText(_ value: String, indent: Int, isKey: Bool) {
    let look = YAMLScalarLook(value)
    if look.allowsPlain, !YAMLScalarLook.isResolvedOtherwise(value), !(isKey && look.isMultiline) {
      writePlain(value, indent: indent, splits: !isKey)
    } else if look.allowsSingleQuoted, !(isKey && look.isMultiline) {
      writeSingleQuoted(value, indent: indent, splits: !isKey)
    } else {
      writeDoubleQuoted(value, indent: indent, splits: !isKey)
    }
  }

  /// Words between single spaces, broken at a space once the line is past the best width.
  private mutating func writePlain(_ value: String, indent: Int, splits: Bool) {
    let scalars = Array(value.unicodeScalars)
    var start = 0
    while start < scalars.count {
      let isBlank = scalars[start] == " "
      var end = start
      while end < scalars.count, (scalars[end] == " ") == isBlank { end += 1 }
      if isBlank, end - start == 1, column > Self.bestWidth, splits {
        newLine(indent: indent)
      } else {
        write(String(String.UnicodeScalarView(scalars[start..<end])))
      }
      start = end
    }
  }

  private mutating func writeSingleQuoted(_ value: String, indent: Int, splits: Bool) {
    let scalars = Array(value.unicodeScalars)
    write("'")
    var start = 0
    while start < scalars.count {
      let kind = Self.kind(scalars[start])
      var end = start
      while end < scalars.count, Self.kind(scalars[end]) == kind { end += 1 }
      let run = scalars[start..<end]
      switch kind {
      case .blank
      where run.count == 1 && column > Self.bestWidth && splits && start != 0
        && end != scalars.count:
        newLine(indent: indent)
      case .lineBreak:
        // One break more than the text has: a single one would be read as a blank.
        for _ in run { newLine(indent: 0) }
        newLine(indent: indent)
      case .other:
        write(String(String.UnicodeScalarView(run)).doublingSingleQuotes)
      default:
        write(String(String.UnicodeScalarView(run)))
      }
      start = end
    }
    write("'")
  }

  private enum RunKind { case blank, lineBreak, other }

  private static func kind(_ scalar: Unicode.Scalar) -> RunKind {
    switch scalar {
    case " ": .blank
    case "\n", "\u{85}", "\u{2028}", "\u{2029}": .lineBreak
    default: .other
    }
  }

  private static func hasBreak(_ value: String) -> Bool {
    value.unicodeScalars.contains { kind($0) == .lineBreak }
  }

  private mutating func writeDoubleQuoted(_ value: String, indent: Int, splits: Bool) {
    let scalars = Array(value.unicodeScalars)
    write("\"")
    var start = 0
    var end = 0
    while end <= scalars.count {
      let scalar = end < scalars.count ? scalars[end] : nil
      if scalar.map(Self.needsEscape) ?? true {
        if start < end {
          write(String(String.UnicodeScalarView(scalars[start..<end])))
          start = end
        }
        if let scalar {
          write(Self.escape(scalar))
          start = end + 1
        }
      }
      if end > 0, end < scalars.count - 1, scalar == " " || start >= end,
        column + (end - start) > Self.bestWidth, splits
      {
        let data = start < end ? String(String.UnicodeScalarView(scalars[start..<end])) : ""
        if start < end { start = end }
        write(data + "\\")
        newLine(indent: indent)
        if scalars[start] == " " { write("\\") }
      }
      end += 1
    }
    write("\"")
  }

  private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\"", "\\", "\u{85}", "\u{2028}", "\u{2029}", "\u{FEFF}": true
    default:
      !((0x20...0x7E).contains(scalar.value) || (0xA0...0xD7FF).contains(scalar.value)
        || (0xE000...0xFFFD).contains(scalar.value))
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\0": return "\\0"
    case "\u{07}": return "\\a"
    case "\u{08}": return "\\b"
    case "\t": return "\\t"
    case "\n": return "\\n"
    case "\u{0B}": return "\\v"
    case "\u{0C}": return "\\f"
    case "\r": return "\\r"
    case "\u{1B}": return "\\e"
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\u{85}": return "\\N"
    case "\u{A0}": return "\\_"
    case "\u{2028}": return "\\L"
    case "\u{2029}": return "\\P"
    default:
      let digits = String(scalar.value, radix: 16, uppercase: true)
      let (letter, width) =
        scalar.value <= 0xFF ? ("x", 2) : scalar.value <= 0xFFFF ? ("u", 4) : ("U", 8)
      return "\\" + letter + String(repeating: "0", count: width - digits.utf8.count) + digits
    }
  }
}

extension Document {
  fileprivate var isNonEmptyContainer: Bool {
    switch self {
    case .array(let elements): !elements.isEmpty
    case .object(let members): !members.isEmpty
    default: false
    }
  }
}

extension String {
  fileprivate var doublingSingleQuotes: String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if scalar == "'" { result.append("'") }
      result.append(scalar)
    }
    return String(result)
  }

  fileprivate func replacingFirst(_ part: Character, with replacement: String) -> String {
    guard let index = firstIndex(of: part) else { return self }
    return self[..<index] + replacement + self[self.index(after: index)...]
  }
}
