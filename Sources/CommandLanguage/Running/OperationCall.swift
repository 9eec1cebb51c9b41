// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import OrderedCollections
import ServiceModel
import Simulation

/// An operation with its options read: the input to send, and how to page through the answer.
struct OperationCall {
  let operation: OperationModel
  /// The input before times are encoded, without what a paginator adds.
  private(set) var input: Paginator.Members = [:]
  /// What `--generate-cli-skeleton` says.
  private(set) var skeleton: String?
  /// Set when the answer is to be paged through.
  private(set) var paginator: Paginator?
  /// Where the answer's body goes: `get-object … FILE`; nil for answers without one.
  private(set) var outfile: String?
  static let standardOutput = "/dev/stdout"
  /// A line for standard error.
  private(set) var warning: String?

  /// Reads the words after the operation's name.
  ///
  /// - Throws: What the AWS CLI would complain about before it sends anything.
  init(
    _ operation: OperationModel, of service: Service, words: [String], globals: GlobalOptions,
    context: CommandContext, isWaiter: Bool = false
  ) throws(CommandError) {
    self.operation = operation
    let options = OperationOptions(operation, isWaiter: isWaiter)
    let takesOutfile = operation.answersWithStream
    let parsed = try OptionParser(
      options.forms(forWords: words), positionals: takesOutfile ? ["outfile"] : [],
      putsFirstWordLast: true
    ).parse(words)
    guard parsed.rest.isEmpty else { throw .unknownOptions(parsed.rest) }
    outfile = parsed.positionals.first
    if let outfile { try Self.checkOutfile(outfile, context) }
    var paginates = globals.paginates && operation.pagination != nil && !isWaiter
    if paginates { paginates = !Self.usesNativePaging(options, parsed.values) }
    let paging = Self.pagingOptions(options, parsed.values)
    if !paginates, !paging.isEmpty {
      throw .parameter(
        "Cannot specify --no-paginate along with pagination arguments: "
          + paging.joined(separator: ", "))
    }
    let reader = ArgumentReader(readFile: context.readFile)
    var members = try Self.members(options, parsed.values, reader)
    if let metric = try MetricOptions.value(options, parsed.values) {
      members[MetricOptions.list] = metric
    }
    for (name, value) in try Self.writtenInput(parsed.values, reader, context)
    where members[name] == nil {
      members[name] = value
      if Self.pagingMembers(operation).contains(name) { paginates = false }
    }
    skeleton = parsed.values.word("--generate-cli-skeleton")
    let setting = context.setting(
      "cli_binary_format", of: context.profileName(globals.profile))
    try setInput(members, isRaw: globals.takesRawBinary ?? (setting == "raw-in-base64-out"))
    if paginates, let model = operation.pagination {
      try setPaginator(model, parsed.values)
    }
  }

  /// The members that `--cli-input-json` or `--cli-input-yaml` gives; options win over them.
  private static func writtenInput(
    _ values: [String: OptionValue], _ reader: ArgumentReader, _ context: CommandContext
  ) throws(CommandError) -> OrderedDictionary<String, ParameterValue> {
    let (json, yaml) = (values.word("--cli-input-json"), values.word("--cli-input-yaml"))
    if let json {
      guard yaml == nil else {
        throw .parameter("Only one --cli-input- parameter may be specified.")
      }
      return try reader.inputMembers("--cli-input-json", json, kind: "JSON") {
        try? CommandJSON.parse($0)
      }
    }
    guard let yaml else { return [:] }
    return try reader.inputMembers(
      "--cli-input-yaml", yaml, kind: "YAML", parse: context.readYAML)
  }

  /// Where the body goes: any file, or `/dev/stdout` alone where no files are written.
  private static func checkOutfile(
    _ path: String, _ context: CommandContext
  ) throws(CommandError) {
    guard context.writeFile == nil, path != standardOutput else { return }
    throw .general(
      "Writing \(path) is not simulated by Rewind here. "
        + "Use /dev/stdout, or aws s3 cp s3://BUCKET/KEY -")
  }

  private mutating func setInput(
    _ members: OrderedDictionary<String, ParameterValue>, isRaw: Bool
  ) throws(CommandError) {
    var value = ParameterValue.map(members)
    if skeleton == nil || skeleton == "output", let shape = operation.input {
      value = try RequestValues.decodingBlobs(value, shape: shape, isRaw: isRaw)
    }
    if case .object(let members) = value.document { input = members }
  }

  private mutating func setPaginator(
    _ model: Pagination, _ values: [String: OptionValue]
  ) throws(CommandError) {
    let maxItems = values.word("--max-items").flatMap { PythonNumber.integer($0) }
    if let maxItems, maxItems <= 0 {
      warning =
        "warning: Non-positive values for --max-items may result in undefined behavior.\n"
    }
    var pageSize: Document?
    if let size = values.word("--page-size"), let key = model.limitKey {
      let isText = operation.input?.member(named: key)?.shape.kind == .string
      pageSize = isText ? .string(size) : PythonNumber.integer(size).map { .integer($0) }
    }
    paginator = try Paginator(
      model: model, input: input, maxItems: maxItems.map { Int(clamping: $0) },
      startingToken: values.word("--starting-token"), pageSize: pageSize)
  }

  /// Values of the members that options name, in model order.
  private static func members(
    _ options: OperationOptions, _ values: [String: OptionValue], _ reader: ArgumentReader
  ) throws(CommandError) -> OrderedDictionary<String, ParameterValue> {
    var members: OrderedDictionary<String, ParameterValue> = [:]
    for option in options.all {
      guard case .member(let member) = option.role, let value = values[option.name] else {
        continue
      }
      switch value {
      case .word(let path) where member.isStreaming:
        members[member.name] = .bytes(try reader.streamed(path, option: option.name))
      case .flag(let flag): members[member.name] = .bool(flag)
      case .word(let word):
        members[member.name] = try reader.value(
          of: option.name, shape: member.shape, words: [word])
      case .words(let words):
        members[member.name] = try reader.value(
          of: option.name, shape: member.shape, words: words)
      }
    }
    return members
  }

  /// Members of the input that the CLI's own paging takes over.
  private static func pagingMembers(_ operation: OperationModel) -> [String] {
    guard let model = operation.pagination else { return [] }
    return model.inputTokens + (model.limitKey.map { [$0] } ?? [])
  }

  private static func usesNativePaging(
    _ options: OperationOptions, _ values: [String: OptionValue]
  ) -> Bool {
    options.all.contains { option in
      // A native option by these names does not count, as in the CLI.
      option.isHidden && option.name != "--max-items" && values[option.name] != nil
    }
  }

  /// The CLI's own paging options that were given a value.
  private static func pagingOptions(
    _ options: OperationOptions, _ values: [String: OptionValue]
  ) -> [String] {
    ["--starting-token", "--page-size", "--max-items"].filter { name in
      guard let word = values.word(name), !word.isEmpty, PythonNumber.integer(word) != 0 else {
        return false
      }
      return options.all.contains { option in
        switch option.role {
        case .startingToken, .pageSize, .maxItems: option.name == name
        default: false
        }
      }
    }
  }

  // MARK: Checking and encoding

  /// Checks an input as the CLI does before it sends anything.
  ///
  /// - Throws: `.parameter` with a line for each problem.
  func check(_ input: Paginator.Members) throws(CommandError) {
    guard let shape = operation.input else { return }
    try Self.check(.object(input), as: shape)
    if let bucket = input["Bucket"]?.string { try Self.checkBucket(bucket) }
  }

  /// Checks a bucket's name as the CLI does: as loosely as S3 once did.
  private static func checkBucket(_ name: String) throws(CommandError) {
    let isName =
      (1...255) ~= name.utf8.count
      && name.utf8.allSatisfy { $0.isLetter || $0.isDigit || ".-_".utf8.contains($0) }
    let isAccessPoint = name.hasPrefix("arn:aws") && name.contains(":accesspoint")
    guard !isName, !isAccessPoint else { return }
    throw .parameter(
      "Parameter validation failed:\nInvalid bucket name \"\(name)\": Bucket name must match the "
        + #"regex "^[a-zA-Z0-9.\-_]{1,255}$" or be an ARN matching the regex "#
        + #""^arn:(aws).*:(s3|s3-object-lambda):[a-z\-0-9]*:[0-9]{12}:accesspoint[/:]"#
        + #"[a-zA-Z0-9\-.]{1,63}$|^arn:(aws).*:s3-outposts:[a-z\-0-9]+:[0-9]{12}:outpost[/:]"#
        + #"[a-zA-Z0-9\-]{1,63}[/:]accesspoint[/:][a-zA-Z0-9\-]{1,63}$""#)
  }

  static func check(_ value: Document, as shape: Shape) throws(CommandError) {
    let problems = clientProblems(of: value, as: shape) { text in
      (try? Instant(awsTimestamp: text)) != nil
    }
    guard problems.isEmpty else {
      throw .parameter("Parameter validation failed:\n" + problems.joined(separator: "\n"))
    }
  }

  /// The input as the request carries it.
  func requestInput(_ input: Paginator.Members) -> Document {
    guard let shape = operation.input else { return .object(input) }
    return RequestValues.encodingTimes(.object(input), shape: shape)
  }
}
