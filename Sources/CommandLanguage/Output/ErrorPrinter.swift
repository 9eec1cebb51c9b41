// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import OrderedCollections

/// Says on standard error why a command failed, in the words and layout of the AWS CLI version 2.
enum ErrorPrinter {
  /// How to ask for help, printed with every line that does not parse. [DDB.7.2]
  static let usage = """
    usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
    To see help text, you can run:

      aws help
      aws <command> help
      aws <command> <subcommand> help
    """

  /// The text for standard error.
  ///
  /// - Parameters:
  ///   - error: Why the command failed.
  ///   - format: What `--cli-error-format` says; `enhanced` by default.
  ///   - terminalWidth: Columns of the terminal, for the table format.
  /// - Returns: Lines, each with its newline; a blank one first in the formats for people.
  static func print(_ error: CommandError, format: ErrorFormat, terminalWidth: Int) -> String {
    switch error {
    case .unknownOptions(let words):
      return "\n\(usage)\n\n" + plain("Unknown options: " + words.joined(separator: ", "))
    case .general(let message):
      return plain(message)
    case .usage(let message):
      return structured(
        code: "ParamValidation", message: message + "\n\n" + usage + "\n", details: [:],
        introduced: "An error occurred (ParamValidation): ", format, terminalWidth)
    case .parameter(let message):
      return structured(
        code: "ParamValidation", message: message, details: [:],
        introduced: "An error occurred (ParamValidation): ", format, terminalWidth)
    case .configuration(let code, let message):
      return structured(
        code: code, message: message, details: [:],
        introduced: "An error occurred (\(code)): ", format, terminalWidth)
    case .service(let error, let operation):
      let introduction =
        "An error occurred (\(error.code)) when calling the \(operation) operation"
        + (Retries.follow(error) ? " (reached max retries: \(Retries.max)): " : ": ")
      if format == .legacy { return plain(introduction + error.message) }
      return structured(
        code: error.code, message: error.message, details: details(of: error),
        introduced: introduction, format, terminalWidth)
    }
  }

  private static func plain(_ message: String) -> String {
    let text = PythonText.stripped(message)
    return "\naws: [ERROR]:" + (text.isEmpty ? "" : " " + text) + "\n"
  }

  /// The modelled members of an error besides its code and message.
  private static func details(of error: ServiceError) -> OrderedDictionary<String, Document> {
    guard case .object(let members) = error.members else { return [:] }
    return members.filter { !["code", "message"].contains($0.key.lowercased()) }
  }

  private static func structured(
    code: String, message: String, details: OrderedDictionary<String, Document>,
    introduced: String, _ format: ErrorFormat, _ terminalWidth: Int
  ) -> String {
    var members: OrderedDictionary<String, Document> = [
      "Message": .string(message), "Code": .string(code),
    ]
    for (name, value) in details { members[name] = value }
    let value = Document.object(members)
    switch format {
    case .legacy: return plain(message)
    case .enhanced: return plain(introduced + message) + enhanced(details)
    case .json: return value.json(.indented(4)) + "\n"
    case .yaml: return YAMLPrinter.print(value)
    case .text: return (try? TextPrinter.print(value)) ?? plain(introduced + message)
    case .table:
      let table = try? TablePrinter.print(value, title: "error", terminalWidth: terminalWidth)
      return table ?? plain(introduced + message)
    }
  }

  /// Further members, a line each; what is large is only named.
  private static func enhanced(_ details: OrderedDictionary<String, Document>) -> String {
    guard !details.isEmpty else { return "" }
    var text = "\nAdditional error details:\n"
    var isComplex = false
    for (name, value) in details {
      switch value {
      case .array(let elements) where elements.count < 5 && elements.allSatisfy(\.isScalar):
        text += "\(name): [" + elements.map(\.pythonText).joined(separator: ", ") + "]\n"
      case .object(let members) where members.count < 5 && members.values.allSatisfy(\.isScalar):
        let parts = members.map { "\($0.key): \($0.value.pythonText)" }
        text += "\(name): {" + parts.joined(separator: ", ") + "}\n"
      case .array, .object:
        isComplex = true
        text += "\(name): <complex value>\n"
      default:
        text += "\(name): \(value.pythonText)\n"
      }
    }
    if isComplex {
      text += "Use \"--cli-error-format json\" or another error format to see the full details.\n"
    }
    return text
  }
}

extension Document {
  fileprivate var isScalar: Bool { !isContainer }
}
