// SPDX-License-Identifier: GPL-3.0-or-later

internal import Documents

/// One command line of content, placeholders still in it.
package struct ContentCommand: Hashable, Sendable {
  /// The line as the prompt would read it, continuations joined.
  package var text: String
  /// Where it begins.
  package var mark: Mark

  package init(text: String, mark: Mark) {
    self.text = text
    self.mark = mark
  }
}

extension Format where Value == [ContentCommand] {
  /// One command as a plain or folded scalar; several as a list, or as a `|` block in which `\`
  /// continues a line and lines that begin with `#` are comments.
  ///
  /// A command that YAML has changed in reading (two folded into one, cut at ` #`, split at `: `) is
  /// refused with "use run: |".
  package static let commands: Format = {
    let one = Format(schema: Schema(["type": "string", "minLength": 1])) { node, reading in
      CommandText.commands(of: node, &reading)
    }
    let list = Format<[[ContentCommand]]>.list(one).map { Array($0.joined()) }
    return .either(text: one, list: list)
  }()
}

enum CommandText {
  static let fix = "use run: | and one command a line"

  /// The commands of one scalar, or nil after reporting.
  static func commands(of node: ContentNode, _ reading: inout Reading) -> [ContentCommand]? {
    guard let scalar = node.scalar, !node.isNull else {
      reading.expected("a command", found: node, fix: fix)
      return nil
    }
    if scalar.style == .literal { return block(scalar.text, node, &reading) }
    if scalar.cutByComment {
      reading.report(
        .command, "YAML takes the rest of the line after \" #\" for a comment", fix: fix,
        at: node.mark)
      return nil
    }
    let text = scalar.text.trimmingBlanks()
    guard !text.isEmpty else {
      reading.report(.badValue, "the command is empty", at: node.mark)
      return nil
    }
    if holdsTwoCommands(text) {
      reading.report(
        .command, "two commands are folded into one line", fix: fix, at: node.mark)
      return nil
    }
    return [ContentCommand(text: text, mark: node.mark)]
  }

  /// Whether ` aws ` stands where a second command would begin; `time aws …` and `let N = aws …` do not
  /// count.
  private static func holdsTwoCommands(_ text: String) -> Bool {
    let words = text.split(whereSeparator: { $0 == " " || $0.isNewline })
    return words.indices.dropFirst().contains { index in
      words[index] == "aws" && words[index - 1] != "="
        && !(index == 1 && words[0] == "time")
    }
  }

  /// The commands of a `|` block: continued lines joined, blank lines and comments dropped.
  private static func block(
    _ text: String, _ node: ContentNode, _ reading: inout Reading
  ) -> [ContentCommand]? {
    var commands: [ContentCommand] = []
    var pending = ""
    var start = node.mark.line + 1
    let text = text.hasSuffix("\n") ? text.dropLast() : text[...]
    for (offset, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if pending.isEmpty { start = node.mark.line + 1 + offset }
      // An even number of backslashes is backslashes; an odd one ends in a continuation.
      if line.reversed().prefix(while: { $0 == "\\" }).count % 2 == 1 {
        pending += line.dropLast()
        continue
      }
      let command = (pending + line).trimmingBlanks()
      pending = ""
      guard !command.isEmpty, !command.hasPrefix("#") else { continue }
      commands.append(ContentCommand(text: command, mark: Mark(line: start, column: 1)))
    }
    guard pending.trimmingBlanks().isEmpty else {
      reading.report(
        .command, "the last line ends in \\ and nothing follows", at: Mark(line: start, column: 1))
      return nil
    }
    guard !commands.isEmpty else {
      reading.report(.badValue, "there is no command in this block", at: node.mark)
      return nil
    }
    return commands
  }
}
