// SPDX-License-Identifier: GPL-3.0-or-later

/// What one typed line means, with its names already replaced by their values.
package enum Line: Hashable, Sendable {
  /// Nothing, blanks, or a comment.
  case empty
  /// More has to be typed before the line means anything.
  case incomplete(Continuation)
  /// A command and the settings written before it (`AWS_REGION=eu-west-1 aws …`).
  case command([String], environment: [Setting])
  /// `NAME=value`.
  case assign(Setting)
  /// `NAME=$(aws …)` or `let NAME = aws …`: the answer of the command becomes the value.
  case capture(name: String, command: [String])
  /// `export AWS_REGION=…` and its relatives.
  case export(Setting)
  case refused(LineRefusal)

  /// A name and the value it is to have.
  package struct Setting: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Why a line is not finished yet.
  package enum Continuation: Hashable, Sendable {
    case singleQuote, doubleQuote, backslash, substitution
  }
}

/// Why a line is not run; `message` is what the learner reads.
package enum LineRefusal: Error, Hashable, Sendable {
  /// A pipe, a loop, a redirection: things that need a real shell.
  case shellSyntax
  case placeholder(String)
  case unset(name: String)
  case nestedSubstitution
  case onlyAWSInSubstitution
  case exportedName(String)
  case malformedLet
  case malformedExport
  case badName(String)
  case severalCommands
  case tooLong
  case tooManyWords

  /// One line, what to do next.
  package var message: String {
    switch self {
    case .shellSyntax: "Pipes and loops: type shell."
    case .placeholder(let word):
      "Replace \(word) with a real value, without the angle brackets. Tab lists the names."
    case .unset(let name):
      "\(name) has no value. Give it one first: \(name)=$(aws … --output text)"
    case .nestedSubstitution:
      "Keep the answer under a name first: NAME=$(aws … --output text), then use $NAME."
    case .onlyAWSInSubstitution: "Only aws commands can stand inside $( )."
    case .exportedName(let name):
      "\(name) need not be exported: \(name)=value is enough. "
        + "Only variables that aws reads are exported."
    case .malformedLet: "Write: let NAME = aws …"
    case .malformedExport: "Write: export AWS_REGION=eu-west-1"
    case .badName(let name):
      "\(name) cannot be a name: letters, digits and _, not beginning with a digit."
    case .severalCommands: "One command a line."
    case .tooLong: "The line is longer than 1 MiB."
    case .tooManyWords: "The line has more than 4,096 words."
    }
  }
}

/// Cuts typed lines into words the way `sh` does.
///
/// Quotes, `\`, `#` comments, `$NAME` and `${NAME}` (not in single quotes, never cut again),
/// `NAME=value`, `NAME=$(aws …)`, `let NAME = aws …`, `export AWS_REGION=…`.
///
/// ```swift
/// Words.read("aws dynamodb delete-backup --backup-arn $ARN") { names[$0] }
/// ```
package enum Words {
  /// The longest line read, in bytes.
  package static let maximumBytes = 1 << 20
  /// The names `export` takes.
  package static let exportable = CommandContext.readVariables

  /// Reads one line.
  ///
  /// - Parameters:
  ///   - line: The text; a continuation line has been appended after its newline.
  ///   - value: The value of a name, nil where it has none.
  /// - Returns: What the line means; a refusal is a meaning, nothing is thrown.
  /// - Complexity: O(n) in the length of the line.
  package static func read(_ line: String, value: (String) -> String?) -> Line {
    guard line.utf8.count <= maximumBytes else { return .refused(.tooLong) }
    var scanner = LineScanner(line)
    if let stop = scanner.scan() { return Self.line(for: stop) }
    let rest = statements(
      in: String(decoding: scanner.bytes[scanner.statementEnd...], as: UTF8.self))
    guard rest.isEmpty else {
      if scanner.words.isEmpty, rest.count == 1, let only = rest.first {
        return read(only, value: value)
      }
      return .refused(.severalCommands)
    }
    do throws(LineRefusal) {
      return try meaning(of: scanner.words, value: value)
    } catch {
      return .refused(error)
    }
  }

  /// The words of a command line without names to expand, for content that has none.
  ///
  /// - Parameter line: One command.
  /// - Returns: Its words, none for a blank line or a comment.
  /// - Throws: The refusal of a line that is not one whole command.
  package static func split(_ line: String) throws(LineRefusal) -> [String] {
    switch read(line, value: { _ in nil }) {
    case .empty: return []
    case .command(let words, _): return words
    case .refused(let refusal): throw refusal
    case .incomplete, .assign, .capture, .export: throw .severalCommands
    }
  }

  /// Cuts a pasted block into lines that each hold one command, continuations kept together.
  ///
  /// Blank lines and comments are left out; an unfinished last line is given as it stands.
  ///
  /// - Complexity: O(n).
  package static func statements(in block: String) -> [String] {
    let bytes = Array(block.utf8)
    var result: [String] = []
    var start = 0
    while start < bytes.count {
      var scanner = LineScanner(bytes: bytes, from: start)
      var stop = scanner.scan()
      // An operator does not end a line: the rest of it belongs to the same refusal.
      while case .operatorCharacter? = stop {
        scanner.index += 1
        stop = scanner.scan()
      }
      if case .placeholder? = stop { scanner.index += 1 }
      var end = stop == nil ? scanner.statementEnd : bytes.count
      if case .placeholder? = stop {
        end = bytes[scanner.index...].firstIndex(of: .newline).map { $0 + 1 } ?? bytes.count
      }
      if !scanner.words.isEmpty || stop != nil {
        // What is unfinished keeps its last newline: it belongs to the open quote.
        let isClosed = stop == nil || end < bytes.count
        let hasNewline = end > start && bytes[end - 1] == .newline
        let last = isClosed && hasNewline ? end - 1 : end
        result.append(String(decoding: bytes[start..<last], as: UTF8.self))
      }
      start = max(end, start + 1)
    }
    return result
  }

  // MARK: Meaning

  private static func line(for stop: LineScanner.Stop) -> Line {
    switch stop {
    case .openSingleQuote: .incomplete(.singleQuote)
    case .openDoubleQuote: .incomplete(.doubleQuote)
    case .trailingBackslash: .incomplete(.backslash)
    case .openSubstitution: .incomplete(.substitution)
    case .operatorCharacter: .refused(.shellSyntax)
    case .placeholder(let word, _): .refused(.placeholder(word))
    case .tooManyWords: .refused(.tooManyWords)
    }
  }

  private static let shellKeywords = [
    "for", "while", "until", "if", "case", "function", "do", "done", "then", "fi", "{", "}", "[[",
  ]

  private static func meaning(
    of words: [LineScanner.Word], value: (String) -> String?
  ) throws(LineRefusal) -> Line {
    guard let first = words.first else { return .empty }
    if !first.isQuoted, let word = first.literal {
      if shellKeywords.contains(word) { throw .shellSyntax }
      if word == "let" { return try letLine(words, value: value) }
      if word == "export" { return try exportLine(words, value: value) }
    }
    var settings: [Line.Setting] = []
    var rest = words[...]
    while let word = rest.first, let (name, tail) = assignment(word) {
      if case .substitution(let inner)? = tail.first, tail.count == 1 {
        guard words.count == 1 else { throw .nestedSubstitution }
        return .capture(name: name, command: try substituted(inner, value: value))
      }
      settings.append(Line.Setting(name: name, value: try expand(tail, value: value)))
      rest = rest.dropFirst()
    }
    if rest.isEmpty {
      guard settings.count == 1, let only = settings.first else { throw .severalCommands }
      return .assign(only)
    }
    return .command(try expandAll(rest, value: value), environment: settings)
  }

  /// `NAME=…` as a name and the pieces of its value; nil for a word of another form.
  private static func assignment(
    _ word: LineScanner.Word
  ) -> (name: String, value: [LineScanner.Piece])? {
    guard case .text(let text)? = word.pieces.first, let equals = text.utf8.firstIndex(of: 0x3D)
    else { return nil }
    let name = String(decoding: text.utf8[..<equals], as: UTF8.self)
    guard isName(name) else { return nil }
    let tail = String(decoding: text.utf8[equals...].dropFirst(), as: UTF8.self)
    let rest = Array(word.pieces.dropFirst())
    return (name, tail.isEmpty ? rest : [.text(tail)] + rest)
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first.isNameByte(first: true) else { return false }
    return text.utf8.allSatisfy { $0.isNameByte(first: false) }
  }

  private static func letLine(
    _ words: [LineScanner.Word], value: (String) -> String?
  ) throws(LineRefusal) -> Line {
    // `let NAME = aws …` and, because a shell would have it so, `let NAME=aws …`.
    var rest = words.dropFirst()
    guard let second = rest.first else { throw .malformedLet }
    let name: String
    if rest.count >= 2, rest[rest.startIndex + 1].literal == "=", let written = second.literal {
      name = written
      rest = rest.dropFirst(2)
    } else if let (written, tail) = assignment(second) {
      name = written
      rest[rest.startIndex].pieces = tail
      if tail.isEmpty { rest = rest.dropFirst() }
    } else {
      throw .malformedLet
    }
    guard isName(name) else { throw .badName(name) }
    guard let head = rest.first else { throw .malformedLet }
    if rest.count == 1, head.pieces.count == 1, case .substitution(let inner)? = head.pieces.first {
      return .capture(name: name, command: try substituted(inner, value: value))
    }
    if head.literal == "aws", !head.isQuoted {
      return .capture(name: name, command: try expandAll(rest, value: value))
    }
    guard rest.count == 1 else { throw .malformedLet }
    return .assign(Line.Setting(name: name, value: try expand(head.pieces, value: value)))
  }

  private static func exportLine(
    _ words: [LineScanner.Word], value: (String) -> String?
  ) throws(LineRefusal) -> Line {
    guard words.count == 2, let (name, tail) = assignment(words[1]) else {
      throw .malformedExport
    }
    guard exportable.contains(name) else { throw .exportedName(name) }
    return .export(Line.Setting(name: name, value: try expand(tail, value: value)))
  }

  private static func substituted(
    _ inner: String, value: (String) -> String?
  ) throws(LineRefusal) -> [String] {
    switch read(inner, value: value) {
    case .command(let words, let settings) where words.first == "aws" && settings.isEmpty:
      return words
    case .refused(let refusal): throw refusal
    default: throw .onlyAWSInSubstitution
    }
  }

  private static func expandAll(
    _ words: ArraySlice<LineScanner.Word>, value: (String) -> String?
  ) throws(LineRefusal) -> [String] {
    var result: [String] = []
    result.reserveCapacity(words.count)
    for word in words {
      if let literal = word.literal, Placeholder.matches(literal) { throw .placeholder(literal) }
      result.append(try expand(word.pieces, value: value))
    }
    return result
  }

  private static func expand(
    _ pieces: [LineScanner.Piece], value: (String) -> String?
  ) throws(LineRefusal) -> String {
    var result = ""
    for piece in pieces {
      switch piece {
      case .text(let text): result += text
      case .name(let name):
        guard let found = value(name) else { throw .unset(name: name) }
        result += found
      case .substitution: throw .nestedSubstitution
      }
    }
    return result
  }
}
