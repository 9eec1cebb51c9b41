// SPDX-License-Identifier: GPL-3.0-or-later

import ServiceModel

/// Short help in our own words, made from the model: what there is, what is required, what it
/// takes.
enum HelpText {
  /// What `aws help` prints.
  static func overview() -> String {
    var text = "aws [options] <command> <subcommand> [parameters]\n\nServices\n\n"
    for name in Service.names {
      text += "  " + padded(name, 18) + (Service.named(name)?.fullName ?? "") + "\n"
    }
    text += "  " + padded("s3", 18) + "Buckets and objects, as files\n"
    text += "  " + padded("configure", 18) + "This world's own settings\n"
    text += "\nOptions of every command\n\n"
    for form in GlobalOptions.forms {
      text += "  " + padded(form.name, 22) + describe(form) + "\n"
    }
    return text + "\naws <service> help lists its operations.\n"
  }

  /// What `aws dynamodb help` prints.
  static func service(_ service: Service) -> String {
    var text = "aws \(service.cliName) <operation> [parameters]\n\n\(service.fullName)\n\n"
    text += "Operations\n\n"
    for operation in service.operations { text += "  \(operation.cliName)\n" }
    if !service.waiters.isEmpty {
      text += "\nWaiters (aws \(service.cliName) wait …)\n\n"
      for waiter in service.waiters { text += "  \(waiter.cliName)\n" }
    }
    return text + "\naws \(service.cliName) <operation> help lists its options.\n"
  }

  /// What `aws dynamodb create-backup help` prints.
  static func operation(_ operation: OperationModel, of service: Service) -> String {
    let options = OperationOptions(operation)
    let outfile = operation.answersWithStream ? "\n    <outfile>" : ""
    var text = synopsis("aws \(service.cliName) \(operation.cliName)", options) + outfile + "\n\n"
    let note = OperationNote.of(service: service.cliName, operation: operation.name)
    if let note { text += said(by: note) }
    text += listing(options)
    if let model = operation.pagination {
      text += "\nThe answer comes whole, page after page joined ("
      text += model.resultKeys.joined(separator: ", ")
      text += "); --no-paginate makes one request, --max-items stops early.\n"
    }
    if let output = operation.output, !output.members.isEmpty {
      text += "\nAnswers with \(output.members.map(\.name).joined(separator: ", ")).\n"
    }
    if let note, !note.examples.isEmpty {
      text += "\nExamples\n\n" + note.examples.map { "  \($0)\n" }.joined()
    }
    return text + "\n" + statuses
  }

  /// What a command's exit status means. [DDB.7.1]
  private static let statuses = """
    Exit status

      0    done
      252  the line does not parse, or a value does not fit
      253  no Region or no credentials
      254  the service refused
      255  anything else, such as a waiter that gave up

    """

  /// What an operation does, costs and waits for.
  private static func said(by note: OperationNote) -> String {
    var text = wrapped(note.does) + "\n"
    if let costs = note.costs { text += wrapped("Costs: " + costs) }
    if let waits = note.waits { text += wrapped("Takes: " + waits) }
    return text + (note.costs == nil && note.waits == nil ? "" : "\n")
  }

  /// A paragraph in lines of 80 columns at most.
  private static func wrapped(_ paragraph: String) -> String {
    var text = ""
    var line = ""
    for word in paragraph.split(separator: " ") {
      if !line.isEmpty, line.unicodeScalars.count + 1 + word.unicodeScalars.count > 80 {
        text += line + "\n"
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return text + line + "\n"
  }

  /// What `aws configure help` prints.
  static func configure() -> String {
    var text = "aws configure <subcommand> [--profile NAME]\n\n"
    text += "The settings of this world; no file of the AWS CLI is read or written.\n\n"
    for command in ConfigureCommand.allCases {
      text += "  " + padded(command.rawValue, 18) + command.summary + "\n"
    }
    return text + "\nWithout a subcommand it would ask for keys. \(RealCredentials.refusal)\n"
  }

  /// What `aws dynamodb wait help` prints.
  static func waiters(of service: Service) -> String {
    var text = "aws \(service.cliName) wait <waiter> [parameters]\n\n"
    for waiter in service.waiters {
      text += "  " + padded(waiter.cliName, 42) + pace(waiter) + "\n"
    }
    return text
  }

  /// What `aws dynamodb wait table-exists help` prints.
  static func waiter(
    _ waiter: Waiter, polling operation: OperationModel, of service: Service
  ) -> String {
    let options = OperationOptions(operation, isWaiter: true)
    return synopsis("aws \(service.cliName) wait \(waiter.cliName)", options) + "\n\n"
      + "Asks \(operation.cliName) \(pace(waiter)); prints nothing when done, fails with 255.\n\n"
      + listing(options) + "\n" + statuses
  }

  private static func pace(_ waiter: Waiter) -> String {
    "every \(waiter.delaySeconds) s, up to \(waiter.maxAttempts) times"
  }

  private static func synopsis(_ command: String, _ options: OperationOptions) -> String {
    var lines = [command]
    for option in ordered(options) {
      let value = argument(option)
      let part = option.name + (value.isEmpty ? "" : " " + value)
      lines.append("    " + (option.isRequired ? part : "[\(part)]"))
    }
    return lines.joined(separator: "\n")
  }

  private static func listing(_ options: OperationOptions) -> String {
    let shown = ordered(options)
    let required = shown.filter(\.isRequired)
    let optional = shown.filter { !$0.isRequired }
    var text = ""
    if !required.isEmpty { text += "Required\n\n" + required.map(line).joined() + "\n" }
    if !optional.isEmpty { text += "Optional\n\n" + optional.map(line).joined() }
    return text
  }

  /// Required options first, in the model's order otherwise; hidden ones left out.
  static func ordered(_ options: OperationOptions) -> [OperationOption] {
    let shown = options.all.filter { !$0.isHidden }
    return shown.filter(\.isRequired) + shown.filter { !$0.isRequired }
  }

  private static func line(_ option: OperationOption) -> String {
    "  " + padded(option.name, 42) + describe(option) + "\n"
  }

  /// A few words on what an option takes: its kind, its limits, its values.
  static func describe(_ option: OperationOption) -> String {
    switch option.role {
    case .member(let member): describe(member.shape)
    case .negation(let member): "the opposite of \(member.optionName)"
    case .metric(let part): MetricOptions.describe(part)
    case .cliInputJSON: "JSON with all members; options win"
    case .cliInputYAML: "YAML with all members; options win"
    case .skeleton: "input | output | yaml-input: print a template, send nothing"
    case .startingToken: "NextToken of an earlier answer"
    case .pageSize: "items of one request"
    case .maxItems: "items in all"
    }
  }

  static func describe(_ shape: Shape) -> String {
    if !shape.enumeration.isEmpty { return shape.enumeration.joined(separator: " | ") }
    var text = shape.kind.rawValue
    switch shape.kind {
    case .list:
      if let element = shape.element { text += " of \(describe(element))" }
      return text
    case .structure:
      return text + " (" + shape.members.map(\.name).joined(separator: ", ") + ")"
    case .boolean: return "flag"
    default: break
    }
    switch (shape.minimum, shape.maximum) {
    case (let low?, let high?): text += " \(low)…\(high)"
    case (let low?, nil): text += " from \(low)"
    case (nil, let high?): text += " up to \(high)"
    case (nil, nil): break
    }
    return text
  }

  static func describe(_ form: OptionForm) -> String {
    switch (form.arity, form.type) {
    case (.flag, _): "flag"
    case (_, .choice(let choices)): choices.joined(separator: " | ")
    case (_, .whole), (_, .real): "number"
    case (_, .text): "text"
    }
  }

  private static func argument(_ option: OperationOption) -> String {
    switch option.role {
    case .member(let member): member.shape.kind == .boolean ? "" : "<\(member.shape.kind.rawValue)>"
    case .negation: ""
    case .cliInputJSON, .cliInputYAML, .startingToken, .metric: "<text>"
    case .skeleton: "<input|output|yaml-input>"
    case .pageSize, .maxItems: "<number>"
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.unicodeScalars.count))
  }
}
