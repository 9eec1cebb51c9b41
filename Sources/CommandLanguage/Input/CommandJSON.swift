// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import OrderedCollections

/// What is wrong with JSON on a command line, in the words the AWS CLI passes on from Python.
struct CommandJSONError: Error, Hashable {
  let reason: String
  /// Line, column (from 1) and character offset (from 0), counted in code points.
  let line: Int
  let column: Int
  let offset: Int

  var message: String { "\(reason): line \(line) column \(column) (char \(offset))" }
}

/// Reads JSON the way the AWS CLI does: like Python's `json.loads`.
///
/// That is RFC 8259 with three liberties a request may rest on: `NaN` and `Infinity`, duplicate
/// names (the last one counts), and any depth up to 512. The words of its errors are part of the
/// CLI's output.
struct CommandJSON {
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var depth = 0

  /// The value of the whole text.
  ///
  /// - Throws: What is wrong, and where.
  /// - Complexity: O(n).
  static func parse(_ text: String) throws(CommandJSONError) -> ParameterValue {
    var reader = CommandJSON(text)
    if reader.scalars.first == "\u{FEFF}" {
      throw reader.error("Unexpected UTF-8 BOM (decode using utf-8-sig)", at: 0)
    }
    reader.skipBlanks()
    let value = try reader.value()
    reader.skipBlanks()
    guard reader.index == reader.scalars.count else {
      throw reader.error("Extra data", at: reader.index)
    }
    return value
  }

  private init(_ text: String) { scalars = Array(text.unicodeScalars) }

  private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private func error(_ reason: String, at offset: Int) -> CommandJSONError {
    let before = scalars[..<min(offset, scalars.count)]
    let line = before.count { $0 == "\n" } + 1
    let column = before.lastIndex(of: "\n").map { offset - $0 } ?? offset + 1
    return CommandJSONError(reason: reason, line: line, column: column, offset: offset)
  }

  private mutating func skipBlanks() {
    while let scalar = current, scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
    {
      index += 1
    }
  }

  private mutating func take(word: String) -> Bool {
    let letters = Array(word.unicodeScalars)
    guard scalars[index...].starts(with: letters) else { return false }
    index += letters.count
    return true
  }

  private mutating func value() throws(CommandJSONError) -> ParameterValue {
    switch current {
    case "\"": return .string(try string())
    case "{": return try object()
    case "[": return try array()
    case "n" where take(word: "null"): return .null
    case "t" where take(word: "true"): return .bool(true)
    case "f" where take(word: "false"): return .bool(false)
    case "N" where take(word: "NaN"): return .double(.nan)
    case "I" where take(word: "Infinity"): return .double(.infinity)
    case "-" where take(word: "-Infinity"): return .double(-.infinity)
    default:
      guard let number = number() else { throw error("Expecting value", at: index) }
      return number
    }
  }

  private mutating func object() throws(CommandJSONError) -> ParameterValue {
    try enter()
    defer { depth -= 1 }
    index += 1
    var members: OrderedDictionary<String, ParameterValue> = [:]
    skipBlanks()
    if current == "}" {
      index += 1
      return .map(members)
    }
    while true {
      guard current == "\"" else {
        throw error("Expecting property name enclosed in double quotes", at: index)
      }
      let name = try string()
      skipBlanks()
      guard current == ":" else { throw error("Expecting ':' delimiter", at: index) }
      index += 1
      skipBlanks()
      members[name] = try value()
      skipBlanks()
      if current == "}" {
        index += 1
        return .map(members)
      }
      guard current == "," else { throw error("Expecting ',' delimiter", at: index) }
      let comma = index
      index += 1
      skipBlanks()
      if current == "}" { throw error("Illegal trailing comma before end of object", at: comma) }
    }
  }

  private mutating func array() throws(CommandJSONError) -> ParameterValue {
    try enter()
    defer { depth -= 1 }
    index += 1
    var elements: [ParameterValue] = []
    skipBlanks()
    if current == "]" {
      index += 1
      return .list(elements)
    }
    while true {
      elements.append(try value())
      skipBlanks()
      if current == "]" {
        index += 1
        return .list(elements)
      }
      guard current == "," else { throw error("Expecting ',' delimiter", at: index) }
      let comma = index
      index += 1
      skipBlanks()
      if current == "]" { throw error("Illegal trailing comma before end of array", at: comma) }
    }
  }

  private mutating func enter() throws(CommandJSONError) {
    depth += 1
    guard depth <= 512 else { throw error("Too deeply nested", at: index) }
  }

  private mutating func string() throws(CommandJSONError) -> String {
    let start = index
    index += 1
    var units: [UInt16] = []
    while let scalar = current {
      switch scalar {
      case "\"":
        index += 1
        return String(decoding: units, as: UTF16.self)
      case "\\":
        try escape(into: &units, stringStart: start)
      default:
        guard scalar.value >= 0x20 else { throw error("Invalid control character at", at: index) }
        units += Array(String(Character(scalar)).utf16)
        index += 1
      }
    }
    throw error("Unterminated string starting at", at: start)
  }

  private mutating func escape(
    into units: inout [UInt16], stringStart: Int
  ) throws(CommandJSONError) {
    let backslash = index
    index += 1
    guard let letter = current else {
      throw error("Unterminated string starting at", at: stringStart)
    }
    index += 1
    switch letter {
    case "\"", "\\", "/": units.append(UInt16(letter.value))
    case "b": units.append(0x08)
    case "f": units.append(0x0C)
    case "n": units.append(0x0A)
    case "r": units.append(0x0D)
    case "t": units.append(0x09)
    case "u":
      let digits = scalars[index...].prefix(4)
      guard digits.count == 4, digits.allSatisfy({ $0.isASCII && $0.properties.isASCIIHexDigit }),
        let unit = UInt16(String(String.UnicodeScalarView(digits)), radix: 16)
      else { throw error("Invalid \\uXXXX escape", at: backslash + 1) }
      units.append(unit)
      index += 4
    default: throw error("Invalid \\escape", at: backslash)
    }
  }

  private func isDigit(_ offset: Int) -> Bool {
    offset < scalars.count && (0x30...0x39).contains(scalars[offset].value)
  }

  private mutating func number() -> ParameterValue? {
    var end = index
    if end < scalars.count, scalars[end] == "-" { end += 1 }
    guard isDigit(end) else { return nil }
    if scalars[end] == "0" { end += 1 } else { while isDigit(end) { end += 1 } }
    var isWhole = true
    if end < scalars.count, scalars[end] == ".", isDigit(end + 1) {
      isWhole = false
      end += 1
      while isDigit(end) { end += 1 }
    }
    if end < scalars.count, scalars[end] == "e" || scalars[end] == "E" {
      var tail = end + 1
      if tail < scalars.count, scalars[tail] == "+" || scalars[tail] == "-" { tail += 1 }
      if isDigit(tail) {
        isWhole = false
        end = tail
        while isDigit(end) { end += 1 }
      }
    }
    let text = String(String.UnicodeScalarView(scalars[index..<end]))
    index = end
    if isWhole, let whole = Int64(text) { return .integer(whole) }
    return .double(Double(text) ?? .infinity)
  }
}
