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
      context.environment["AWS_CLI_ERROR_FORMAT"].flatMap { ErrorFormat(rawValue: $0.lowercased()) }
      ?? .enhanced
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
    if words.first == "configure" {
      throw .general("Not needed here; never type real keys.")
    }
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
      throw .general("aws \(name) is not simulated by Rewind. Nothing was changed.")
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
    let output = globals.output ?? defaultOutput()
    let printer = AnswerPrinter(
      format: output, query: globals.query, title: operation.name,
      terminalWidth: context.terminalWidth)
    if let skeleton = call.skeleton {
      outcome.stdout = try skeletonText(skeleton, call, printer)
      return
    }
    let caller = try caller(globals, service: service)
    guard var paginator = call.paginator else {
      try call.check(call.input)
      var answer = try send(operation, of: service, input: call.input, caller: caller)
      if call.printsBody { printBody(takenFrom: &answer) }
      outcome.stdout += try printer.print(Self.printed(answer, operation))
      return
    }
    var pages: [Document] = []
    while let page = try paginator.page(
      ask: { input throws(CommandError) in
        try call.check(input)
        let answer = try send(operation, of: service, input: input, caller: caller)
        return (Self.printed(answer, operation), answer)
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

  /// Prints the contents of an object ahead of what is said of it.
  private mutating func printBody(takenFrom answer: inout Document) {
    let bytes = answer["Body"]?.string.flatMap(Base64.decode) ?? []
    answer = answer.without("Body")
    if let text = String(validating: bytes, as: UTF8.self) {
      outcome.stdout += text
    } else {
      outcome.contents = bytes
    }
  }

  private static func printed(_ answer: Document, _ operation: OperationModel) -> Document {
    guard let shape = operation.output else { return .object([:]) }
    return AnswerShaper.shape(answer, as: shape)
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
      throw .general("--generate-cli-skeleton yaml-input is not simulated by Rewind. Use input.")
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
    let caller = try caller(globals, service: service)
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
      if !Cloud.isReadOnly(service: request.service, operation: request.operation) {
        outcome.isChange = true
      }
    }
    return result
  }

  /// Credentials and Region of the command, in the CLI's order of precedence.
  func caller(
    _ globals: GlobalOptions, service: Service
  ) throws(CommandError) -> Caller {
    let name = globals.profile ?? context.environment["AWS_PROFILE"].flatMap(Self.nonEmpty)
    var profile = context.profiles["default"] ?? context.profile
    if let name, name != "default" || context.profiles["default"] != nil {
      guard let named = context.profiles[name] else {
        throw .general("The config profile (\(name)) could not be found")
      }
      profile = named
    }
    let region =
      globals.region ?? context.environment["AWS_REGION"].flatMap(Self.nonEmpty)
      ?? context.environment["AWS_DEFAULT_REGION"].flatMap(Self.nonEmpty) ?? profile.region
    guard let region, !region.isEmpty else {
      throw .configuration(
        code: "NoRegion",
        message: "You must specify a region. You can also configure your region by running "
          + "\"aws configure\".")
    }
    guard Self.isHostLabel(region) else {
      throw .general("Provided region_name '\(region)' doesn't match a supported format.")
    }
    guard let partition = Partition(ofRegion: region) else {
      throw .general(
        "Could not connect to the endpoint URL: "
          + "\"https://\(service.endpointPrefix).\(region).amazonaws.com/\"")
    }
    guard globals.signsRequests else {
      let host = "\(service.endpointPrefix).\(region).amazonaws.com"
      throw .general(
        "--no-sign-request is not simulated by Rewind: \(host)"
          + (partition == .china ? ".cn" : "") + " answers signed requests only.")
    }
    return Caller(account: profile.account, region: region, principal: profile.principal)
  }

  private static func nonEmpty(_ text: String) -> String? { text.isEmpty ? nil : text }

  private static func isHostLabel(_ text: String) -> Bool {
    let bytes = text.utf8
    return bytes.count <= 63 && bytes.first != UInt8(ascii: "-")
      && bytes.last != UInt8(ascii: "-") && !bytes.allSatisfy(\.isDigit)
      && bytes.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
  }

  private func defaultOutput() -> OutputFormat {
    context.environment["AWS_DEFAULT_OUTPUT"].flatMap(OutputFormat.init) ?? .json
  }
}
