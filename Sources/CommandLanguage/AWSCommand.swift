// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import ServiceModel
import Simulation

/// One `aws` command: its words understood, its requests sent, its answer printed.
///
/// Everything between the typed words and the engine happens here, as in the AWS CLI version 2:
/// global options, shorthand and JSON, pages, waiters, queries, formats, errors and exit statuses.
/// The second that a command takes is not added here.
///
/// ```swift
/// let words = ["aws", "dynamodb", "list-tables"]
/// let outcome = AWSCommand.run(words: words, context: context, door: door)
/// ```
package enum AWSCommand {
  /// Runs a command.
  ///
  /// - Parameters:
  ///   - words: The words of the line, `aws` first or left out.
  ///   - context: Credentials, Region, files, terminal.
  ///   - door: The way to the cloud.
  /// - Returns: What to print and the exit status; nothing is thrown, whatever the words.
  package static func run(
    words: [String], context: CommandContext, door: Door
  ) -> CommandOutcome {
    var run = CommandRun(context: context, door: door)
    run.execute(words.first == "aws" ? Array(words.dropFirst()) : words)
    return run.outcome
  }
}

/// The state of one command while it runs.
struct CommandRun {
  let context: CommandContext
  let door: Door
  var outcome = CommandOutcome()

  init(context: CommandContext, door: Door) {
    self.context = context
    self.door = door
  }

  mutating func execute(_ words: [String]) {
    var errorFormat =
      (context.value(of: "AWS_CLI_ERROR_FORMAT")
      ?? context.setting("cli_error_format", of: context.profileName(nil)))
      .flatMap { ErrorFormat(rawValue: $0.lowercased()) } ?? .enhanced
    do throws(CommandError) {
      try command(words, errorFormat: &errorFormat)
    } catch {
      outcome.status = error.status
      outcome.stderr += ErrorPrinter.print(
        error, format: errorFormat, terminalWidth: context.terminalWidth)
      outcome.coaching += Coaching.sentences(
        for: error, words: words, live: context.liveNames, changed: outcome.isChange)
    }
  }

  // MARK: From words to an operation

  private mutating func command(
    _ words: [String], errorFormat: inout ErrorFormat
  ) throws(CommandError) {
    let main = try parseMain(words)
    if let written = main.values.word("--cli-error-format").flatMap(ErrorFormat.init) {
      errorFormat = written
    }
    if main.values["--version"] != nil {
      outcome.stdout = Self.versionText
      return
    }
    guard let name = main.positionals.first else { return }
    if name == "s3" {
      let globals = try GlobalOptions.understand(main.values)
      return try storage(main.rest, globals: globals)
    }
    if name == "configure" {
      let globals = try GlobalOptions.understand(main.values)
      return try configure(main.rest, globals: globals)
    }
    let service = try Self.service(named: name)
    let globals = try GlobalOptions.understand(main.values)
    guard let service else {
      outcome.stdout = HelpText.overview()
      return
    }
    try operation(of: service, words: main.rest, globals: globals)
  }

  /// Reads the options of all commands and the service's name.
  private func parseMain(_ words: [String]) throws(CommandError) -> OptionParser.Result {
    // `--version` answers even where no command follows.
    if words.contains("--version") {
      return try OptionParser(GlobalOptions.forms).parse(words)
    }
    return try OptionParser(GlobalOptions.forms, positionals: ["command"]).parse(words)
  }

  /// The version whose language this is; no client of AWS is inside.
  static let versionText = "aws-cli/2.36.7 (its command language, simulated by Rewind)\n"

  /// - Returns: nil for `help`.
  private static func service(named name: String) throws(CommandError) -> Service? {
    if name == "help" { return nil }
    if let service = Service.named(name) { return service }
    if KnownServices.names.contains(name) {
      let instead = KnownServices.instead[name].map { " \($0)" } ?? ""
      throw .general("aws \(name) is not simulated by Rewind. Nothing was changed.\(instead)")
    }
    throw .invalidChoice(
      "command", name, of: Service.names + KnownServices.names + ["configure", "help"])
  }

  private mutating func operation(
    of service: Service, words: [String], globals: GlobalOptions
  ) throws(CommandError) {
    let parsed = try OptionParser([], positionals: ["operation"]).parse(words)
    let name = parsed.positionals.first ?? ""
    if name == "help" {
      outcome.stdout = HelpText.service(service)
    } else if name == "wait", !service.waiters.isEmpty {
      try wait(service, words: parsed.rest, globals: globals)
    } else if let operation = service.operation(named: name), operation.cliName == name {
      if parsed.rest == ["help"] {
        outcome.stdout = HelpText.operation(operation, of: service)
        return
      }
      try call(operation, of: service, words: parsed.rest, globals: globals)
    } else if service.cliName == "dynamodb", name == "wizard" {
      throw .general("aws dynamodb wizard is not simulated by Rewind. Nothing was changed.")
    } else {
      throw .invalidChoice("operation", name, of: Self.choices(of: service))
    }
  }

  static func choices(of service: Service) -> [String] {
    service.operations.map(\.cliName) + (service.waiters.isEmpty ? [] : ["wait"]) + ["help"]
  }

  private mutating func call(
    _ operation: OperationModel, of service: Service, words: [String], globals: GlobalOptions
  ) throws(CommandError) {
    let call = try OperationCall(
      operation, of: service, words: words, globals: globals, context: context)
    if let warning = call.warning { outcome.stderr += warning }
    let output = try outputFormat(globals)
    let times = try timestampFormat(globals, service)
    let printer = AnswerPrinter(
      format: output, query: globals.query, title: operation.name,
      terminalWidth: context.terminalWidth,
      hasColour: output == .table && (globals.hasColour ?? context.showsColour))
    outcome.hasColour = printer.hasColour
    if let skeleton = call.skeleton {
      outcome.stdout = try skeletonText(skeleton, call, printer)
      return
    }
    let caller = try caller(globals, service: service, operation: operation.name)
    guard var paginator = call.paginator else {
      try call.check(call.input)
      var answer = try send(operation, of: service, input: call.input, caller: caller)
      if let outfile = call.outfile { try putBody(takenFrom: &answer, into: outfile) }
      outcome.stdout += try printer.print(Self.printed(answer, operation, times))
      return
    }
    var pages: [Document] = []
    while let page = try paginator.page(
      ask: { input throws(CommandError) in
        try call.check(input)
        let answer = try send(operation, of: service, input: input, caller: caller)
        return (Self.printed(answer, operation, times), answer)
      })
    {
      // Text and streams are printed page by page: what came before a failure stays.
      switch output {
      case .text:
        outcome.stdout += try printer.print(paginator.shown(page, isFirst: pages.isEmpty))
      case .yamlStream: outcome.stdout += try printer.print(page)
      default: break
      }
      pages.append(page)
    }
    if output == .text, let token = paginator.resumeToken {
      outcome.stdout += try printer.print(["NextToken": ["NextToken": .string(token)]])
    } else if output != .text, output != .yamlStream {
      outcome.stdout += try printer.print(paginator.merged(pages))
    }
  }

  /// Writes the contents of an object to a file, or prints them ahead of what is said of it.
  private mutating func putBody(
    takenFrom answer: inout Document, into path: String
  ) throws(CommandError) {
    let bytes = answer["Body"]?.string.flatMap(Base64.decode) ?? []
    answer = answer.without("Body")
    if path != OperationCall.standardOutput, let write = context.writeFile {
      do throws(FileFailure) {
        try write(path, bytes)
      } catch {
        throw .general(error.message(path: path))
      }
    } else {
      printBody(bytes)
    }
  }

  /// Prints contents: as text where they are text, byte by byte otherwise.
  mutating func printBody(_ bytes: [UInt8]) {
    if let text = String(validating: bytes, as: UTF8.self) {
      outcome.stdout += text
    } else {
      outcome.contents = bytes
    }
  }

  private static func printed(
    _ answer: Document, _ operation: OperationModel, _ times: TimestampFormat
  ) -> Document {
    guard let shape = operation.output else { return .object([:]) }
    let shaped = AnswerShaper.shape(answer, as: shape, times: times)
    // S3 answers an empty element for its first Region, which the CLI prints.
    if operation.name == "GetBucketLocation", shaped["LocationConstraint"] == nil {
      return shaped.with("LocationConstraint", .null)
    }
    return shaped
  }

  private func skeletonText(
    _ kind: String, _ call: OperationCall, _ printer: AnswerPrinter
  ) throws(CommandError) -> String {
    switch kind {
    case "input":
      return Skeleton(namesTexts: false).sample(of: call.operation.input).json(.indented(4)) + "\n"
    case "output":
      try call.check(call.input)
      let sample = Skeleton(namesTexts: true).sample(of: call.operation.output)
      if let shape = call.operation.output {
        // The CLI holds its own sample to the least lengths of the model, and some fail.
        try OperationCall.check(sample, as: shape)
      }
      return try printer.print(sample)
    default:
      return SkeletonYAML.print(call.operation.input)
    }
  }

  // MARK: Waiting

  private mutating func wait(
    _ service: Service, words: [String], globals: GlobalOptions
  ) throws(CommandError) {
    guard let name = words.first(where: { !$0.hasPrefix("-") }) else {
      throw .parameter(
        "usage: aws [options] \(service.cliName) wait <subcommand> [parameters]\n"
          + "aws: [ERROR]: too few arguments")
    }
    if name == "help" {
      outcome.stdout = HelpText.waiters(of: service)
      return
    }
    guard let waiter = service.waiters.first(where: { $0.cliName == name }),
      let operation = service.operation(named: waiter.operation)
    else {
      throw .invalidChoice("subcommand", name, of: service.waiters.map(\.cliName))
    }
    var rest = words
    if let index = rest.firstIndex(of: name) { rest.remove(at: index) }
    if rest == ["help"] {
      outcome.stdout = HelpText.waiter(waiter, polling: operation, of: service)
      return
    }
    let call = try OperationCall(
      operation, of: service, words: rest, globals: globals, context: context, isWaiter: true)
    let caller = try caller(globals, service: service, operation: operation.name)
    try call.check(call.input)
    let input = call.requestInput(call.input)
    let request = ServiceRequest(
      service: service.cliName, operation: operation.name, input: input, caller: caller)
    try WaiterRun(waiter: waiter).run(
      ask: { perform(request) },
      pause: { door.advance(.seconds(waiter.delaySeconds)) })
  }

  // MARK: Requests

  private mutating func send(
    _ operation: OperationModel, of service: Service, input: Paginator.Members, caller: Caller
  ) throws(CommandError) -> Document {
    let document = Document.object(input)
    let encoded = operation.input.map { RequestValues.encodingTimes(document, shape: $0) }
    let request = ServiceRequest(
      service: service.cliName, operation: operation.name, input: encoded ?? document,
      caller: caller)
    switch perform(request) {
    case .success(let answer): return answer
    case .failure(let error): throw .service(error, operation: operation.name)
    }
  }

  /// Sends a request, and again what the CLI sends again; no time passes between.
  mutating func perform(_ request: ServiceRequest) -> Result<Document, ServiceError> {
    outcome.requests.append(request)
    var result = door.perform(request)
    for _ in 0..<Retries.max {
      guard case .failure(let error) = result, Retries.follow(error) else { break }
      result = door.perform(request)
    }
    if case .success = result {
      outcome.isAccepted = true
      if !Cloud.isReadOnly(request) {
        outcome.isChange = true
      }
    }
    return result
  }

  /// The format of the answer: of the option, the environment or the profile's settings.
  private func outputFormat(_ globals: GlobalOptions) throws(CommandError) -> OutputFormat {
    if let output = globals.output { return output }
    if let named = context.value(of: "AWS_DEFAULT_OUTPUT").flatMap(OutputFormat.init) {
      return named
    }
    let profile = context.profileName(globals.profile)
    guard let written = context.setting("output", of: profile) else { return .json }
    guard let format = OutputFormat(rawValue: written) else {
      throw .general("Unknown output type: \(written)")
    }
    return format
  }

  /// How times are printed, by the profile's settings.
  private func timestampFormat(
    _ globals: GlobalOptions, _ service: Service
  ) throws(CommandError) -> TimestampFormat {
    let profile = context.profileName(globals.profile)
    switch context.setting("cli_timestamp_format", of: profile) {
    case nil, "iso8601": return .iso
    case "wire":
      return service.protocolName == "json" || service.protocolName == "rest-json"
        ? .number : .text
    case .some(let other):
      throw .configuration(
        code: "Configuration",
        message: "Unknown cli_timestamp_format value: \(other), valid values are \"wire\" or "
          + "\"iso8601\"")
    }
  }
}
