// SPDX-License-Identifier: GPL-3.0-or-later

import JMESPath

/// What a command prints its answer as.
enum OutputFormat: String, CaseIterable, Sendable {
  case json, text, table, yaml
  case yamlStream = "yaml-stream"
  case off
}

/// What a command prints its failure as.
enum ErrorFormat: String, CaseIterable, Sendable {
  case legacy, json, yaml, text, table, enhanced
}

/// The options that stand before, between or after the words of any `aws` command.
struct GlobalOptions {
  var region: String?
  var profile: String?
  var output: OutputFormat?
  var query: JMESPathExpression?
  var paginates = true
  /// Nil where the profile's settings decide.
  var takesRawBinary: Bool?
  var signsRequests = true
  /// `--color on` and `off`; nil for `auto`: where a terminal shows it.
  var hasColour: Bool?
  var errorFormat: ErrorFormat?

  /// All of them, in the AWS CLI's order.
  static let forms: [OptionForm] = [
    OptionForm("--debug", arity: .flag(true)),
    OptionForm("--endpoint-url"),
    OptionForm("--no-verify-ssl", arity: .flag(false)),
    OptionForm("--no-paginate", arity: .flag(false)),
    OptionForm("--output", type: .choice(OutputFormat.allCases.map(\.rawValue))),
    OptionForm("--query"),
    OptionForm("--profile"),
    OptionForm("--region"),
    OptionForm("--color", type: .choice(["on", "off", "auto"])),
    OptionForm("--no-sign-request", arity: .flag(false)),
    OptionForm("--ca-bundle"),
    OptionForm("--cli-read-timeout"),
    OptionForm("--cli-connect-timeout"),
    OptionForm("--cli-binary-format", type: .choice(["base64", "raw-in-base64-out"])),
    OptionForm("--no-cli-pager", arity: .flag(true)),
    OptionForm("--cli-auto-prompt", arity: .flag(true)),
    OptionForm("--no-cli-auto-prompt", arity: .flag(true)),
    OptionForm("--cli-error-format", type: .choice(ErrorFormat.allCases.map(\.rawValue))),
    OptionForm("--version", arity: .flag(true)),
  ]

  /// Options of the CLI that reach outside, with what to say instead.
  private static let refused: [(option: String, answer: String)] = [
    ("--debug", "--debug is not simulated by Rewind: no request leaves this machine."),
    (
      "--cli-auto-prompt",
      "--cli-auto-prompt is not simulated by Rewind: Tab completes options and names."
    ),
  ]

  /// Understands the values that the parser found.
  ///
  /// - Throws: `.parameter` for a query or a URL that cannot be used, `.general` for an option that
  ///   is not simulated.
  static func understand(
    _ values: [String: OptionValue]
  ) throws(CommandError) -> GlobalOptions {
    var options = GlobalOptions()
    options.errorFormat = values.word("--cli-error-format").flatMap(ErrorFormat.init)
    if let text = values.word("--query") {
      do throws(JMESPathError) {
        options.query = try JMESPathExpression(parsing: text)
      } catch {
        throw .parameter("Bad value for --query \(text): \(error.message)")
      }
    }
    if let url = values.word("--endpoint-url") { try refuse(endpoint: url) }
    for (option, answer) in refused where values[option] != nil { throw .general(answer) }
    options.region = values.word("--region")
    options.profile = values.word("--profile")
    options.output = values.word("--output").flatMap(OutputFormat.init)
    options.paginates = values["--no-paginate"] == nil
    options.takesRawBinary = values.word("--cli-binary-format").map { $0 == "raw-in-base64-out" }
    options.hasColour = ["on": true, "off": false][values.word("--color") ?? ""]
    options.signsRequests = values["--no-sign-request"] == nil
    return options
  }

  private static func refuse(endpoint url: String) throws(CommandError) {
    guard let colon = url.utf8.firstIndex(of: UInt8(ascii: ":")),
      url.utf8[..<colon].first?.isLetter == true,
      url.utf8[..<colon].allSatisfy({
        $0.isLetter || $0.isDigit || "+-.".utf8.contains($0)
      })
    else {
      throw .parameter(
        "Bad value for --endpoint-url \"\(url)\": scheme is missing.  "
          + "Must be of the form http://<hostname>/ or https://<hostname>/")
    }
    throw .general(
      "--endpoint-url is not simulated by Rewind: every command goes to this world. "
        + "Leave it out.")
  }
}

extension [String: OptionValue] {
  /// The word given for an option, nil for another kind or none.
  func word(_ name: String) -> String? {
    if case .word(let word)? = self[name] { word } else { nil }
  }
}
