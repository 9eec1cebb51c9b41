// SPDX-License-Identifier: GPL-3.0-or-later

/// The word at the cursor and the words before it.
struct CursorWord {
  /// The finished words before the one at the cursor, of the same command.
  private(set) var before: [String] = []
  /// The beginning of the word at the cursor, without quotes.
  private(set) var prefix = ""
  private(set) var isQuoted = false
  private(set) var isComment = false

  init(_ line: String, cursor: Int) {
    let bytes = Array(line.utf8)
    var end = max(0, min(cursor, bytes.count))
    // A cursor inside a character stands before it.
    while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    var words: [LineScanner.Word] = []
    var stop: LineScanner.Stop?
    var position = 0
    while position < end {
      var scanner = LineScanner(bytes: Array(bytes[..<end]), from: position)
      stop = scanner.scan()
      words = scanner.words
      switch stop {
      case .operatorCharacter, .placeholder: position = max(scanner.index, position) + 1
      case .openSubstitution:
        // Complete the command that is being typed inside `$(`.
        position = Self.lastSubstitution(in: bytes[..<end], from: position) ?? end
      case nil: position = scanner.statementEnd
      default: position = end
      }
    }
    isComment = Self.endsInComment(bytes[..<end])
    take(words, end: end, stop: stop)
  }

  private mutating func take(_ words: [LineScanner.Word], end: Int, stop: LineScanner.Stop?) {
    var words = words
    if let last = words.last, last.end == end || stop != nil {
      words.removeLast()
      isQuoted = last.isQuoted
      prefix = Self.text(last)
    }
    let settings = words.prefix { Self.text($0).utf8.contains(UInt8(ascii: "=")) }
    before = words.dropFirst(settings.count).map(Self.text)
    if before.first == "let" {
      before = Array(before.drop { $0 != "aws" })
    }
  }

  private static func text(_ word: LineScanner.Word) -> String {
    word.pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .name(let name): "$" + name
      case .substitution: ""
      }
    }.joined()
  }

  private static func lastSubstitution(in bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
    var position = bytes.endIndex - 1
    while position > start {
      if bytes[position] == UInt8(ascii: "("), bytes[position - 1] == .dollar {
        return position + 1
      }
      position -= 1
    }
    return nil
  }

  /// Whether the last line has a `#` at the start of a word outside quotes.
  private static func endsInComment(_ bytes: ArraySlice<UInt8>) -> Bool {
    var quote: UInt8?
    var previous = UInt8.space
    var isComment = false
    for byte in bytes {
      if byte == .newline, quote == nil { isComment = false }
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == .singleQuote || byte == .doubleQuote, !isComment {
        quote = byte
      } else if byte == .hash, previous == .space || previous == .tab || previous == .newline {
        isComment = true
      }
      previous = byte
    }
    return isComment
  }

  /// The completion as it has to be typed here: in quotes if it holds what a shell would take
  /// apart.
  func quoted(_ text: String) -> String {
    guard !isQuoted else { return text }
    let plain = text.utf8.allSatisfy { byte in
      byte.isLetter || byte.isDigit || byte >= 0x80 || "-_./:=,@%+$".utf8.contains(byte)
    }
    guard !plain else { return text }
    let inner = text.unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }.joined()
    return "'" + inner + "'"
  }
}
