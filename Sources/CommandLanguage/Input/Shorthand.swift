// SPDX-License-Identifier: GPL-3.0-or-later

import OrderedCollections

/// What is wrong with a shorthand value, with the caret line the AWS CLI draws.
enum ShorthandError: Error, Hashable {
  case syntax(expected: String, received: String, input: [Unicode.Scalar], index: Int)
  case duplicate(key: String, input: [Unicode.Scalar], index: Int)
  /// A file that `key@=file://…` names and that could not be read.
  case file(String)

  var message: String {
    switch self {
    case .syntax(let expected, let received, let input, let index):
      "Expected: '\(expected)', received: '\(received)' for input:\n"
        + Self.location(in: input, at: index)
    case .duplicate(let key, let input, let index):
      "Second instance of key \"\(key)\" encountered for input:\n"
        + Self.location(in: input, at: index)
        + "\nThis is often because there is a preceding \",\" instead of a space."
    case .file(let message): message
    }
  }

  /// The input with a caret line under the line that holds the index.
  private static func location(in input: [Unicode.Scalar], at index: Int) -> String {
    let before = input[..<min(index, input.count)]
    let indent = before.lastIndex(of: "\n").map { index - $0 - 1 } ?? index
    let next = input[min(index, input.count)...].firstIndex(of: "\n") ?? input.count
    return text(input[..<next]) + "\n" + String(repeating: " ", count: indent) + "^"
      + text(input[next...])
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }
}

/// The AWS CLI's shorthand: `Key=value,List=a,b,Nested={Inner=[x,y]}`.
///
/// The grammar knows no shapes; `ShorthandTyping` fits the result to one.
///
/// ```
/// parameter  = keyval *( "," keyval )
/// keyval     = key ( "=" / "@=" ) values          ; @= reads file:// and fileb://
/// values     = csv / list / hash
/// list       = "[" [ value *( "," value ) ] "]"
/// hash       = "{" [ keyval *( "," keyval ) ] "}"
/// ```
struct Shorthand {
  typealias FileReader = (String) throws(ShorthandError) -> ParameterValue?

  private let input: [Unicode.Scalar]
  private var index = 0
  private var readsFiles = false
  private var depth = 0
  private let readFile: FileReader

  /// The map that the text describes.
  ///
  /// - Parameters:
  ///   - text: The shorthand.
  ///   - readFile: The content of `file://…` or `fileb://…`; nil for any other text.
  /// - Returns: A map; lists, maps, texts and bytes in it.
  /// - Throws: Where the text leaves the grammar.
  /// - Complexity: O(n) for most input, O(n²) where commas are ambiguous.
  static func parse(
    _ text: String, readFile: @escaping FileReader
  ) throws(ShorthandError) -> ParameterValue {
    var parser = Shorthand(input: Array(text.unicodeScalars), readFile: readFile)
    return try parser.parameter()
  }

  private init(input: [Unicode.Scalar], readFile: @escaping FileReader) {
    self.input = input
    self.readFile = readFile
  }

  private var current: Unicode.Scalar? { index < input.count ? input[index] : nil }

  private mutating func parameter() throws(ShorthandError) -> ParameterValue {
    var members: OrderedDictionary<String, ParameterValue> = [:]
    var (key, value) = try keyval()
    members[key] = value
    var last = index
    while index < input.count {
      try expect(",", skippingBlanks: true)
      (key, value) = try keyval()
      guard members[key] == nil else {
        throw .duplicate(key: key, input: input, index: last + 1)
      }
      members[key] = value
      last = index
    }
    return .map(members)
  }

  private mutating func keyval() throws(ShorthandError) -> (String, ParameterValue) {
    let key = try keyAndEquals()
    guard let scalar = current else { return (key, .string("")) }
    switch scalar {
    case "[": return (key, try explicitList())
    case "{": return (key, try hash())
    default: return (key, try csv())
    }
  }

  /// Reads `key=` or `key@=`.
  private mutating func keyAndEquals() throws(ShorthandError) -> String {
    let start = index
    while let scalar = current, Self.isKeyScalar(scalar) { index += 1 }
    let key = text(start..<index)
    readsFiles = false
    skipBlanks()
    if current == "@" {
      index += 1
      skipBlanks()
      readsFiles = true
    }
    try expect("=", skippingBlanks: true)
    return key
  }

  private mutating func csv() throws(ShorthandError) -> ParameterValue {
    let first = try firstValue()
    skipBlanks()
    guard current == "," else { return first }
    try expect(",", skippingBlanks: true)
    var list = [first]
    // `a=b,c=d` looks like a list until its second equals sign: then go back to the comma.
    while true {
      do throws(ShorthandError) {
        let value = try secondValue()
        skipBlanks()
        if current == nil {
          list.append(value)
          break
        }
        try expect(",", skippingBlanks: true)
        list.append(value)
      } catch {
        guard case .syntax = error, current != nil else { throw error }
        while index > 0, input[index] != "," { index -= 1 }
        break
      }
    }
    return list.count == 1 ? first : .list(list)
  }

  private mutating func explicitList() throws(ShorthandError) -> ParameterValue {
    try enter()
    defer { depth -= 1 }
    try expect("[", skippingBlanks: true)
    var values: [ParameterValue] = []
    while current != "]" {
      values.append(try explicitValue())
      try separator(before: "]")
    }
    try expect("]")
    return .list(values)
  }

  private mutating func hash() throws(ShorthandError) -> ParameterValue {
    try enter()
    defer { depth -= 1 }
    try expect("{", skippingBlanks: true)
    var members: OrderedDictionary<String, ParameterValue> = [:]
    while current != "}" {
      let key = try keyAndEquals()
      let value = try explicitValue()
      try separator(before: "}")
      members[key] = value
    }
    try expect("}")
    return .map(members)
  }

  private mutating func explicitValue() throws(ShorthandError) -> ParameterValue {
    switch current {
    case "[": try explicitList()
    case "{": try hash()
    default: try firstValue()
    }
  }

  private mutating func separator(before close: Unicode.Scalar) throws(ShorthandError) {
    skipBlanks()
    if current != close {
      try expect(",")
      skipBlanks()
    }
  }

  /// Nesting is bounded so that no input can exhaust the stack.
  private mutating func enter() throws(ShorthandError) {
    depth += 1
    guard depth <= 256 else {
      throw .syntax(
        expected: "at most 256 levels", received: String(describing: input[index]), input: input,
        index: index)
    }
  }

  // MARK: Values

  private mutating func firstValue() throws(ShorthandError) -> ParameterValue {
    switch current {
    case "'": return try quoted("'", name: "singled quoted")
    case "\"": return try quoted("\"", name: "double quoted")
    default:
      guard let end = plainEnd(follow: Self.isFirstFollow) else { return .string("") }
      return try plain(upTo: end)
    }
  }

  private mutating func secondValue() throws(ShorthandError) -> ParameterValue {
    switch current {
    case "'": return try quoted("'", name: "singled quoted")
    case "\"": return try quoted("\"", name: "double quoted")
    default:
      guard let end = plainEnd(follow: Self.isSecondFollow) else {
        throw .syntax(expected: "<second>", received: "<none>", input: input, index: index)
      }
      return try plain(upTo: end)
    }
  }

  private mutating func plain(upTo end: Int) throws(ShorthandError) -> ParameterValue {
    var value: [Unicode.Scalar] = []
    var position = index
    while position < end {
      if input[position] == "\\", position + 1 < end, input[position + 1] == "," { position += 1 }
      value.append(input[position])
      position += 1
    }
    while let last = value.last, Self.isSpace(last) { value.removeLast() }
    index = end
    return try resolved(String(String.UnicodeScalarView(value)))
  }

  private mutating func quoted(
    _ quote: Unicode.Scalar, name: String
  ) throws(ShorthandError) -> ParameterValue {
    var position = index + 1
    var lastEscaped: Int?
    while position < input.count, input[position] != quote {
      if input[position] == "\\", position + 1 < input.count, input[position + 1] == quote {
        lastEscaped = position + 1
        position += 1
      }
      position += 1
    }
    // Without a closing quote an escaped one has to do, as for a regular expression that backs up.
    guard let close = position < input.count ? position : lastEscaped else {
      throw .syntax(expected: "<\(name)>", received: "<none>", input: input, index: index)
    }
    let value = unescaped(Array(input[(index + 1)..<close]), quote: quote)
    index = close + 1
    return try resolved(value)
  }

  /// `\'` becomes `'`, then `\\` becomes `\`, in two passes as the CLI does.
  private func unescaped(_ value: [Unicode.Scalar], quote: Unicode.Scalar) -> String {
    var result = value
    for second in [quote, "\\"] {
      var next: [Unicode.Scalar] = []
      var position = 0
      while position < result.count {
        if result[position] == "\\", position + 1 < result.count, result[position + 1] == second {
          position += 1
        }
        next.append(result[position])
        position += 1
      }
      result = next
    }
    return String(String.UnicodeScalarView(result))
  }

  private func resolved(_ value: String) throws(ShorthandError) -> ParameterValue {
    guard readsFiles, let content = try readFile(value) else { return .string(value) }
    return content
  }

  // MARK: Characters

  /// The end of an unquoted value that begins here, or nil when none does.
  private func plainEnd(follow: (UInt32) -> Bool) -> Int? {
    let isEscapedComma = { (position: Int) -> Bool in
      input[position] == "\\" && position + 1 < input.count && input[position + 1] == ","
    }
    guard index < input.count else { return nil }
    var end = index
    if isEscapedComma(end) { end += 2 } else if Self.isStart(input[end].value) { end += 1 }
    guard end > index else { return nil }
    while end < input.count {
      if isEscapedComma(end) {
        end += 2
      } else if follow(input[end].value) {
        end += 1
      } else {
        break
      }
    }
    return end
  }

  private static func isKeyScalar(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.isASCII else { return false }
    let byte = UInt8(scalar.value)
    return byte.isLetter || byte.isDigit || "-_.#/:".utf8.contains(byte)
  }

  private static func isStart(_ value: UInt32) -> Bool {
    switch value {
    case 0x21, 0x23...0x26, 0x28...0x2B, 0x2D...0x3C, 0x3E...0x5A, 0x5C...0x7A, 0x7C...0xFFFF: true
    default: false
    }
  }

  private static func isFirstFollow(_ value: UInt32) -> Bool {
    switch value {
    case 0x21, 0x23...0x26, 0x28...0x2B, 0x2D...0x5C, 0x5E...0x7C, 0x7E...0xFFFF: true
    default: isSpaceValue(value)
    }
  }

  private static func isSecondFollow(_ value: UInt32) -> Bool {
    switch value {
    case 0x21, 0x23...0x26, 0x28...0x2B, 0x2D...0x3C, 0x3E...0xFFFF: true
    default: isSpaceValue(value)
    }
  }

  /// White space below 0x80 as Python's `\s` has it; all of it above is a value character anyway.
  private static func isSpaceValue(_ value: UInt32) -> Bool {
    (0x09...0x0D).contains(value) || (0x1C...0x20).contains(value)
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    isSpaceValue(scalar.value) || scalar.value == 0x85 || scalar.properties.isWhitespace
  }

  private mutating func skipBlanks() {
    while let scalar = current, scalar == " " || (0x09...0x0D).contains(scalar.value) { index += 1 }
  }

  private mutating func expect(
    _ scalar: Unicode.Scalar, skippingBlanks: Bool = false
  ) throws(ShorthandError) {
    if skippingBlanks { skipBlanks() }
    guard let actual = current else {
      throw .syntax(expected: String(scalar), received: "EOF", input: input, index: index)
    }
    guard actual == scalar else {
      throw .syntax(expected: String(scalar), received: String(actual), input: input, index: index)
    }
    index += 1
    if skippingBlanks { skipBlanks() }
  }

  private func text(_ range: Range<Int>) -> String {
    String(String.UnicodeScalarView(input[range]))
  }
}
