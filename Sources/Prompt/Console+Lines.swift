// SPDX-License-Identifier: GPL-3.0-or-later

internal import CommandLanguage
internal import Simulation
internal import StateStore
internal import Terminal

extension Console {
  /// Runs lines until they end or a word leaves.
  ///
  /// - Returns: The exit status: that of the last command, 5 after a failure of the machine.
  package func runLines() -> Int32 {
    var status: Int32 = 0
    isReachable = true
    while !isLeaving {
      do {
        try flush()
        let reading = lines.readLine(prompt: try promptNow(), isCommand: true)
        switch reading {
        case .endOfInput: isLeaving = true
        case .interrupted: status = 130
        case .line(let line):
          status = runBlock(line, previous: status)
          if profile.isInteractive, !line.isEmpty { say() }
        }
        if settings.isStrict, status != 0, !profile.isInteractive { isLeaving = true }
      } catch {
        return fail(error)
      }
    }
    return leave(status)
  }

  /// Runs one word with its arguments as they came from the outer command line.
  package func runWords(_ words: [String]) -> Int32 {
    let named = words.first == "aws" ? settings.commandSettings : []
    let status = perform { try runCommand(words, settings: named, typed: Self.typed(words)) }
    return leave(status)
  }

  /// Saves, flushes, and says so where that fails.
  private func leave(_ status: Int32) -> Int32 {
    do {
      try closeWorld()
      try flush()
      return status
    } catch {
      return fail(error)
    }
  }

  private func fail(_ error: any Error) -> Int32 {
    let refusal = PromptRefusal(error)
    err.write("rewind: \(plain(refusal.line))\n")
    try? err.flush()
    return refusal.status == 1 ? 5 : refusal.status
  }

  // MARK: Lines

  /// Runs a typed line or a pasted block: statement by statement, up to the first that fails.
  func runBlock(_ text: String, previous: Int32) -> Int32 {
    let statements = Words.statements(in: text).map(PastedPrompt.removed)
    var status = previous
    for (index, statement) in statements.enumerated() {
      if statements.count > 1, profile.isInteractive {
        for (number, part) in statement.split(separator: "\n").enumerated() {
          say(profile.styled((number == 0 ? "> " : "  ") + plain(String(part)), .dim))
        }
      }
      status = runStatement(statement)
      let left = statements.count - index - 1
      if status != 0, left > 0 {
        talk("\(counted(left, "more line")) of the block \(left == 1 ? "was" : "were") not run.")
        return status
      }
      if isLeaving { break }
    }
    return status
  }

  private func runStatement(_ statement: String) -> Int32 {
    var text = statement
    while true {
      let line: Line
      do {
        line = try read(text)
      } catch {
        return perform { throw error }
      }
      guard case .incomplete(let why) = line else {
        lines.remember(Self.onOneLine(text))
        return perform { try runLine(line, typed: text) }
      }
      guard (try? flush()) != nil else { return 5 }
      switch lines.readLine(prompt: "> ", isCommand: true) {
      case .line(let more): text += "\n" + more
      case .interrupted: return 130
      case .endOfInput:
        return perform {
          throw PromptRefusal("The line is not finished: \(Self.missing(why)).", status: 2)
        }
      }
    }
  }

  /// A statement as the history shows it: what `\` continued is one line.
  private static func onOneLine(_ text: String) -> String {
    var result: [UInt8] = []
    for byte in text.utf8 {
      if byte == 0x0A, result.last == UInt8(ascii: "\\") {
        result.removeLast()
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func missing(_ continuation: Line.Continuation) -> String {
    switch continuation {
    case .singleQuote: "a ' is open"
    case .doubleQuote: "a \" is open"
    case .backslash: "it ends in \\"
    case .substitution: "a $( is open"
    }
  }

  /// The line with its names replaced; the world is opened only if a name has to be looked up.
  private func read(_ text: String) throws -> Line {
    var failure: (any Error)?
    let line = Words.read(text) { name in
      do {
        return try self.variables()[name]
      } catch {
        failure = error
        return nil
      }
    }
    if let failure { throw failure }
    return line
  }

  private func runLine(_ line: Line, typed: String) throws -> Int32 {
    switch line {
    case .empty, .incomplete: return 0
    case .refused(let refusal): throw PromptRefusal(refusal.message, status: 2)
    case .command(let words, let settings):
      return try runCommand(words, settings: settings, typed: typed)
    case .assign(let setting), .export(let setting):
      return try atWorld(.assign(setting, typed: typed))
    case .capture(let name, let command):
      return try atWorld(.capture(name: name, command: command, typed: typed))
    }
  }

  /// Runs a line that needs the world, here or at its owner's.
  private func atWorld(_ line: RemoteLine) throws -> Int32 {
    try atWorld({ try send(line, to: $0) }, here: { try run(line) })
  }

  /// Runs a line on the world of this process.
  func run(_ line: RemoteLine) throws -> Int32 {
    switch line {
    case .command(let words, let settings, let typed):
      return try runCommand(words, settings: settings, typed: typed)
    case .assign(let setting, let typed):
      try checkCredential(setting)
      try setVariable(setting.name, to: setting.value, typed: typed)
      return 0
    case .capture(let name, let command, let typed):
      return try capture(name, command: command, typed: typed)
    }
  }

  /// Runs something and turns what it throws into its line and its status.
  func perform(_ body: () throws -> Int32) -> Int32 {
    do {
      return try body()
    } catch {
      let refusal = PromptRefusal(error)
      complain(refusal)
      if let failure = error as? StateError, failure.endsSession { isLeaving = true }
      return refusal.status
    }
  }

  // MARK: Words

  /// Runs one command: `aws`, or a word of the prompt.
  func runCommand(
    _ words: [String], settings: [Line.Setting], typed: String
  ) throws -> Int32 {
    guard let first = words.first else { return 0 }
    let line = RemoteLine.command(words, settings: settings, typed: typed)
    if first == "aws" {
      return try atWorld(
        { try send(line, to: $0) }, here: { try runAWS(words, settings: settings, typed: typed) })
    }
    guard settings.isEmpty else {
      throw PromptRefusal("Settings can stand before aws commands only.", status: 2)
    }
    guard let word = WordTable.word(first) else { throw WordTable.unknown(first) }
    if words.count == 2, ["--help", "-h"].contains(words[1]) { return help(about: word) }
    let call = Call(words: words, typed: typed, word: word)
    switch word.place {
    case .world:
      return try atWorld({ try send(line, to: $0) }, here: { try word.run(self, call) })
    case .process:
      defer { listen() }
      guard !isGuest || Self.isResumption(words) else {
        throw PromptRefusal("This is for the process that it is typed in.", status: 2)
      }
      return try word.run(self, call)
    }
  }

  /// Words joined as they would be typed, for the log.
  static func typed(_ words: [String]) -> String {
    words.map { word in
      let isPlain =
        !word.isEmpty
        && word.utf8.allSatisfy { byte in
          (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte) || byte >= 0x80 || "-_./:=,@%+".utf8.contains(byte)
        }
      guard !isPlain else { return word }
      return "'" + word.unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
    }.joined(separator: " ")
  }
}

/// A word with its arguments, as a handler takes it.
package struct Call {
  /// The words, the word itself first.
  let words: [String]
  /// The line as typed, for the log.
  let typed: String
  let word: Word

  /// The arguments.
  var arguments: ArraySlice<String> { words.dropFirst() }

  /// A refusal that shows how the word is used.
  func misuse(_ message: String = "") -> PromptRefusal {
    .usage(word.usage, because: message)
  }

  /// - Throws: A refusal if there are arguments.
  func takesNothing() throws {
    if let extra = arguments.first {
      throw misuse("\(word.name) takes nothing after it, and there is \"\(extra)\".")
    }
  }

  /// The only argument, or nil.
  ///
  /// - Throws: A refusal if there are more.
  func onlyArgument() throws -> String? {
    guard arguments.count <= 1 else { throw misuse("\(word.name) takes one thing after it.") }
    return arguments.first
  }
}

extension StateError {
  /// Whether nothing can go on after it.
  var endsSession: Bool {
    switch self {
    case .diskFull, .failedWrite, .stopped: true
    default: false
    }
  }
}
