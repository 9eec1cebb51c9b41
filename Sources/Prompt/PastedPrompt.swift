// SPDX-License-Identifier: GPL-3.0-or-later

/// What a line has before it when it was copied together with a prompt.
enum PastedPrompt {
  private static let signs = Set("$%>#")
  /// What no prompt has in it, but a command may.
  private static let syntax = Set("'\"`|&;<=()")
  /// Words before the sign: ours has up to eight.
  private static let wordLimit = 10

  /// The line without the prompt before it.
  ///
  /// `$ aws …`, `user@host:~$ aws …` and `first-backup Fri 6 Mar 17:40Z> check` lose what no command
  /// begins with. A line that begins with a word of ours stays as it is.
  static func removed(from line: String) -> String {
    var rest = line.drop { $0 == " " }
    var count = 0
    while count < wordLimit, let end = rest.firstIndex(of: " ") {
      let word = rest[..<end]
      guard count > 0 || !begins(word), !word.contains(where: syntax.contains) else { return line }
      let after = rest[end...].drop { $0 == " " }
      // A sign by itself is a prompt only where nothing stands before it: `echo hi > check`.
      if let last = word.last, signs.contains(last), count == 0 || word.count > 1,
        begins(after.prefix { $0 != " " })
      {
        return String(after)
      }
      rest = after
      count += 1
    }
    return line
  }

  /// Whether a command begins with this word.
  private static func begins(_ word: Substring) -> Bool {
    if ["aws", "let", "export"].contains(word) || WordTable.word(String(word)) != nil {
      return true
    }
    let name = word.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    return !name.isEmpty && word[name.endIndex...].hasPrefix("=")
  }
}
