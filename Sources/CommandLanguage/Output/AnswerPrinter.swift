// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import JMESPath

/// Prints an answer in the format a command asks for, after its `--query`.
struct AnswerPrinter {
  let format: OutputFormat
  let query: JMESPathExpression?
  /// The operation's name: the title of a table.
  let title: String
  let terminalWidth: Int
  /// Whether tables are coloured.
  var hasColour = false

  /// The text of a whole answer.
  ///
  /// - Throws: `.general` for a query that cannot be evaluated on it.
  func print(_ answer: Document) throws(CommandError) -> String {
    // The stream is a list of answers, even of one.
    if format == .yamlStream { return try YAMLPrinter.print(.array([select(answer)])) }
    let value = try select(answer)
    switch format {
    case .json:
      if case .object(let members) = value, members.isEmpty { return "" }
      return value.json(.indented(4)) + "\n"
    case .text: return try TextPrinter.print(value)
    case .table:
      return try TablePrinter.print(
        value, title: title, terminalWidth: terminalWidth, hasColour: hasColour)
    case .yaml:
      if case .object(let members) = value, members.isEmpty { return "" }
      return YAMLPrinter.print(value)
    case .yamlStream, .off: return ""
    }
  }

  private func select(_ answer: Document) throws(CommandError) -> Document {
    guard let query else { return answer }
    do throws(JMESPathError) {
      return try query.search(in: answer)
    } catch {
      throw .general(error.message)
    }
  }
}
