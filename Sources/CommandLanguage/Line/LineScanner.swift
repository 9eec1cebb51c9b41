// SPDX-License-Identifier: GPL-3.0-or-later

/// Reads one line as a shell would cut it: quotes, backslashes, comments, names to expand.
///
/// The scanner knows nothing of commands. It gives pieces with their place in the text, so that
/// both running a line and completing a half-typed one look at the same words.
struct LineScanner {
  /// One stretch of a word: as written, or the name of a value to put there.
  enum Piece: Hashable, Sendable {
    case text(String)
    case name(String)
    /// The text between `$(` and its `)`.
    case substitution(String)
  }

  /// One word: its pieces and where it stands.
  struct Word: Hashable, Sendable {
    var pieces: [Piece] = []
    /// Byte offsets in the line.
    var start: Int
    var end: Int
    /// Whether any of it was quoted; `""` is a word, nothing is not.
    var isQuoted = false

    /// The word without quotes if nothing in it is to be expanded.
    var literal: String? {
      var result = ""
      for piece in pieces {
        guard case .text(let text) = piece else { return nil }
        result += text
      }
      return result
    }
  }

  /// What ended the scan before the end of the text.
  enum Stop: Hashable, Sendable {
    case openSingleQuote
    case openDoubleQuote
    case trailingBackslash
    case openSubstitution
    /// A character of the shell that has no meaning here: `| & ; < > ( )`.
    case operatorCharacter(Character, offset: Int)
    /// `<table>`, the whole of it.
    case placeholder(String, offset: Int)
    case tooManyWords
  }

  static let maximumWords = 4096

  let bytes: [UInt8]
  var index = 0
  private(set) var words: [Word] = []
  /// The offset just after the newline that ended the statement; the line's length otherwise.
  private(set) var statementEnd: Int

  init(_ line: String, from start: Int = 0) {
    bytes = Array(line.utf8)
    index = start
    statementEnd = bytes.count
  }

  init(bytes: [UInt8], from start: Int) {
    self.bytes = bytes
    index = start
    statementEnd = bytes.count
  }

  /// Reads words up to the end of the statement.
  ///
  /// - Returns: What stopped the scan early, or nil when the statement is whole.
  /// - Complexity: O(n) in the length of the statement.
  mutating func scan() -> Stop? {
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case .space, .tab, .carriageReturn:
        index += 1
      case .newline:
        index += 1
        statementEnd = index
        return nil
      case .backslash where index + 1 < bytes.count && bytes[index + 1] == .newline:
        index += 2
      case .hash:
        while index < bytes.count, bytes[index] != .newline { index += 1 }
      default:
        if let stop = scanWord() { return stop }
        if words.count > Self.maximumWords { return .tooManyWords }
      }
    }
    return nil
  }

  /// Reads one word from a byte that is neither blank nor a comment.
  private mutating func scanWord() -> Stop? {
    var word = Word(start: index, end: index)
    var text: [UInt8] = []
    var stop: Stop?
    reading: while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case .space, .tab, .carriageReturn, .newline:
        break reading
      case .singleQuote:
        word.isQuoted = true
        stop = scanSingleQuoted(into: &text)
      case .doubleQuote:
        word.isQuoted = true
        stop = scanDoubleQuoted(into: &text, pieces: &word.pieces)
      case .backslash:
        stop = scanBackslash(into: &text)
      case .dollar:
        stop = scanDollar(into: &text, pieces: &word.pieces)
      case .less:
        if let placeholder = placeholder(at: index) {
          stop = .placeholder(placeholder, offset: index)
        } else {
          stop = .operatorCharacter("<", offset: index)
        }
      case UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: ">"),
        UInt8(ascii: "("), UInt8(ascii: ")"):
        stop = .operatorCharacter(Character(Unicode.Scalar(byte)), offset: index)
      default:
        text.append(byte)
        index += 1
      }
      if stop != nil { break }
    }
    Self.flush(&text, into: &word.pieces)
    word.end = index
    if !word.pieces.isEmpty || word.isQuoted { words.append(word) }
    return stop
  }

  private mutating func scanSingleQuoted(into text: inout [UInt8]) -> Stop? {
    index += 1
    while index < bytes.count {
      if bytes[index] == .singleQuote {
        index += 1
        return nil
      }
      text.append(bytes[index])
      index += 1
    }
    return .openSingleQuote
  }

  private mutating func scanDoubleQuoted(into text: inout [UInt8], pieces: inout [Piece]) -> Stop? {
    index += 1
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case .doubleQuote:
        index += 1
        return nil
      case .backslash where index + 1 < bytes.count:
        switch bytes[index + 1] {
        case .doubleQuote, .backslash, .dollar, UInt8(ascii: "`"): text.append(bytes[index + 1])
        case .newline: break
        default: text += [byte, bytes[index + 1]]
        }
        index += 2
      case .dollar:
        if let stop = scanDollar(into: &text, pieces: &pieces) { return stop }
      default:
        text.append(byte)
        index += 1
      }
    }
    return .openDoubleQuote
  }

  private mutating func scanBackslash(into text: inout [UInt8]) -> Stop? {
    guard index + 1 < bytes.count else {
      index += 1
      return .trailingBackslash
    }
    if bytes[index + 1] != .newline { text.append(bytes[index + 1]) }
    index += 2
    return nil
  }

  /// Reads `$NAME`, `${NAME}` or `$(…)`; any other dollar sign is itself.
  private mutating func scanDollar(into text: inout [UInt8], pieces: inout [Piece]) -> Stop? {
    let next = index + 1
    guard next < bytes.count else {
      text.append(.dollar)
      index += 1
      return nil
    }
    if bytes[next] == UInt8(ascii: "(") {
      guard let close = closingParenthesis(from: next + 1) else {
        index = bytes.count
        return .openSubstitution
      }
      Self.flush(&text, into: &pieces)
      pieces.append(.substitution(String(decoding: bytes[(next + 1)..<close], as: UTF8.self)))
      index = close + 1
      return nil
    }
    let braced = bytes[next] == UInt8(ascii: "{")
    let start = braced ? next + 1 : next
    var end = start
    while end < bytes.count, bytes[end].isNameByte(first: end == start) { end += 1 }
    let isClosed = !braced || (end < bytes.count && bytes[end] == UInt8(ascii: "}"))
    guard end > start, isClosed else {
      text.append(.dollar)
      index += 1
      return nil
    }
    Self.flush(&text, into: &pieces)
    pieces.append(.name(String(decoding: bytes[start..<end], as: UTF8.self)))
    index = braced ? end + 1 : end
    return nil
  }

  /// The offset of the `)` that closes a substitution, quotes and nesting respected.
  private func closingParenthesis(from start: Int) -> Int? {
    var depth = 1
    var quote: UInt8?
    var position = start
    while position < bytes.count {
      let byte = bytes[position]
      if byte == .backslash, quote != .singleQuote {
        position += 2
        continue
      }
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == .singleQuote || byte == .doubleQuote {
        quote = byte
      } else if byte == UInt8(ascii: "(") {
        depth += 1
      } else if byte == UInt8(ascii: ")") {
        depth -= 1
        if depth == 0 { return position }
      }
      position += 1
    }
    return nil
  }

  /// The placeholder that begins at a `<`: a word, or a word with a time added, in angle brackets.
  private func placeholder(at start: Int) -> String? {
    var end = start + 1
    while end < bytes.count, end - start <= 80, bytes[end] != UInt8(ascii: ">") { end += 1 }
    guard end < bytes.count, bytes[end] == UInt8(ascii: ">") else { return nil }
    let word = String(decoding: bytes[start...end], as: UTF8.self)
    return Placeholder.matches(word) ? word : nil
  }

  private static func flush(_ text: inout [UInt8], into pieces: inout [Piece]) {
    guard !text.isEmpty else { return }
    let value = String(decoding: text, as: UTF8.self)
    if case .text(let before)? = pieces.last {
      pieces[pieces.count - 1] = .text(before + value)
    } else {
      pieces.append(.text(value))
    }
    text = []
  }
}

/// A word of the documentation that stands for a value: `<table>`, `<backup-arn>`.
enum Placeholder {
  /// Whether the whole text is `<name>`, `<name.part>` or `<name + 5m>`.
  static func matches(_ word: String) -> Bool {
    guard word.utf8.count > 2, word.utf8.first == .less, word.utf8.last == UInt8(ascii: ">") else {
      return false
    }
    let inner = word.dropFirst().dropLast()
    let parts = inner.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 1 || parts.count == 3, let name = parts.first, let first = name.utf8.first
    else { return false }
    guard first.isLetter, name.utf8.allSatisfy({ $0.isLetter || $0.isDigit || isJoiner($0) }) else {
      return false
    }
    guard parts.count == 3 else { return true }
    return (parts[1] == "+" || parts[1] == "-") && parts[2].utf8.first?.isDigit == true
  }

  private static func isJoiner(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
  }
}

extension UInt8 {
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let backslash = UInt8(ascii: "\\")
  static let singleQuote = UInt8(ascii: "'")
  static let doubleQuote = UInt8(ascii: "\"")
  static let dollar = UInt8(ascii: "$")
  static let hash = UInt8(ascii: "#")
  static let less = UInt8(ascii: "<")

  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
  var isLetter: Bool {
    (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z")
  }

  func isNameByte(first: Bool) -> Bool {
    isLetter || self == UInt8(ascii: "_") || (!first && isDigit)
  }
}
