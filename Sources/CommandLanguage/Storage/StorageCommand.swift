// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import OrderedCollections
import ServiceModel
import Simulation

/// The commands of `aws s3`: made of S3's operations by the client, with words of their own.
enum StorageCommand: String, CaseIterable {
  case ls, cp, rm, mb, rb

  /// Those of the CLI that are not simulated.
  static let others = ["mv", "sync", "presign", "website"]

  static let summaries: [(StorageCommand, String)] = [
    (.ls, "buckets, or the objects under s3://BUCKET/PREFIX"),
    (.cp, "FILE s3://BUCKET/KEY | s3://… s3://… | s3://BUCKET/KEY -"),
    (.rm, "s3://BUCKET/KEY, or all under a prefix with --recursive"),
    (.mb, "s3://BUCKET: makes a bucket"),
    (.rb, "s3://BUCKET: removes a bucket, --force with all it holds"),
  ]

  /// How the command is called, for the error of a wrong kind of path.
  var usage: String {
    switch self {
    case .ls: "<S3Uri> or NONE"
    case .cp: "<LocalPath> <S3Uri> or <S3Uri> <LocalPath> or <S3Uri> <S3Uri>"
    case .rm, .mb, .rb: "<S3Uri>"
    }
  }

  /// The paths it takes: at least and at most.
  var pathCount: ClosedRange<Int> {
    switch self {
    case .ls: 0...1
    case .cp: 2...2
    case .rm, .mb, .rb: 1...1
    }
  }

  var forms: [OptionForm] {
    switch self {
    case .ls:
      [
        OptionForm("--recursive", arity: .flag(true)), OptionForm("--page-size", type: .whole),
        OptionForm("--human-readable", arity: .flag(true)),
        OptionForm("--summarize", arity: .flag(true)), OptionForm("--request-payer"),
        OptionForm("--bucket-name-prefix"), OptionForm("--bucket-region"),
      ]
    case .cp:
      Self.transfer + [
        OptionForm("--no-progress", arity: .flag(true)),
        OptionForm("--sse", arity: .optional(assumed: "AES256")),
        OptionForm("--sse-kms-key-id"), OptionForm("--content-type"),
        OptionForm("--expected-size"), OptionForm("--acl"), OptionForm("--storage-class"),
        OptionForm("--metadata"), OptionForm("--cache-control"), OptionForm("--expires"),
        OptionForm("--force-glacier-transfer", arity: .flag(true)),
        OptionForm("--ignore-glacier-warnings", arity: .flag(true)),
      ]
    case .rm: Self.transfer
    case .mb: [OptionForm("--tags", arity: .many)]
    case .rb: [OptionForm("--force", arity: .flag(true))]
    }
  }

  private static let transfer = [
    OptionForm("--dryrun", arity: .flag(true)), OptionForm("--quiet", arity: .flag(true)),
    OptionForm("--recursive", arity: .flag(true)),
    OptionForm("--only-show-errors", arity: .flag(true)), OptionForm("--include"),
    OptionForm("--exclude"), OptionForm("--page-size", type: .whole),
    OptionForm("--request-payer"),
  ]

  /// Options of the CLI that would change what happens, and do not here.
  static let refused = [
    "--include", "--exclude", "--request-payer", "--acl", "--metadata",
    "--cache-control", "--expires", "--tags", "--force-glacier-transfer",
    "--ignore-glacier-warnings",
  ]
}

/// One `aws s3` command with its options and paths read.
struct StorageCall {
  let command: StorageCommand
  let values: [String: OptionValue]
  let paths: [String]

  func has(_ option: String) -> Bool { values[option] != nil }

  /// What is printed of each transfer that went well.
  var isQuiet: Bool { has("--quiet") || has("--only-show-errors") }

  init(_ command: StorageCommand, words: [String]) throws(CommandError) {
    self.command = command
    let parsed = try OptionParser(command.forms).parse(words)
    values = parsed.values
    let unknown = parsed.rest.filter { $0.hasPrefix("-") && $0 != "-" }
    let given = parsed.rest.filter { !$0.hasPrefix("-") || $0 == "-" }
    let name = command == .mb || command == .rb ? "path" : "paths"
    guard given.count >= command.pathCount.lowerBound else {
      throw .usage("the following arguments are required: \(name)")
    }
    let surplus = unknown + given.dropFirst(command.pathCount.upperBound)
    guard surplus.isEmpty else { throw .unknownOptions(Array(surplus)) }
    for option in StorageCommand.refused where values[option] != nil {
      throw .general(
        "\(option) of aws s3 \(command.rawValue) is not simulated by Rewind. "
          + "Nothing was changed.")
    }
    paths = given
  }
}

extension CommandRun {
  /// Runs an `aws s3` command.
  ///
  /// What goes wrong with one transfer is a line of its own on standard error and the status 1, as
  /// in the CLI; what goes wrong before is thrown. [CLI.s3]
  mutating func storage(_ words: [String], globals: GlobalOptions) throws(CommandError) {
    let parsed = try OptionParser([], positionals: ["subcommand"]).parse(words)
    let name = parsed.positionals.first ?? ""
    guard name != "help" else {
      outcome.stdout = HelpText.storage()
      return
    }
    guard !StorageCommand.others.contains(name) else {
      throw .general("aws s3 \(name) is not simulated by Rewind. Nothing was changed.")
    }
    guard let command = StorageCommand(rawValue: name) else {
      throw .invalidChoice(
        "subcommand", name,
        of: StorageCommand.allCases.map(\.rawValue) + StorageCommand.others + ["help"])
    }
    guard parsed.rest != ["help"] else {
      outcome.stdout = HelpText.storage()
      return
    }
    let call = try StorageCall(command, words: parsed.rest)
    guard let service = Service.named("s3api") else { return }
    let storage = Storage(caller: try caller(globals, service: service, operation: "HeadObject"))
    switch command {
    case .ls: try list(call, storage)
    case .mb: try makeBucket(call, storage)
    case .rb: try removeBucket(call, storage)
    case .rm: try remove(call, storage)
    case .cp: try copy(call, storage)
    }
  }

  /// The way of `aws s3` commands to S3's operations.
  struct Storage {
    let caller: Caller

    func request(_ operation: String, _ input: Document) -> ServiceRequest {
      ServiceRequest(service: "s3api", operation: operation, input: input, caller: caller)
    }
  }

  /// Asks an operation, and words a refusal as the CLI does inside its own lines.
  mutating func ask(
    _ storage: Storage, _ operation: String, _ input: Document
  ) throws(StorageFailure) -> Document {
    switch perform(storage.request(operation, input)) {
    case .success(let answer): return answer
    case .failure(let error): throw StorageFailure(error: error, operation: operation)
    }
  }

  /// Ends the command with the CLI's status for transfers that failed.
  mutating func fail(_ line: String) {
    outcome.stderr += line + "\n"
    outcome.status = 1
    if !outcome.isChange, outcome.coaching.isEmpty { outcome.coaching = ["Nothing was changed."] }
  }

  // MARK: Buckets

  private mutating func makeBucket(
    _ call: StorageCall, _ storage: Storage
  ) throws(CommandError) {
    guard case .object(let bucket, _) = StoragePath(call.paths[0]) else {
      throw .parameter("<S3Uri>\nError: Invalid argument type")
    }
    var input: Document = ["Bucket": .string(bucket)]
    if storage.caller.region != "us-east-1" {
      input = [
        "Bucket": .string(bucket),
        "CreateBucketConfiguration": ["LocationConstraint": .string(storage.caller.region)],
      ]
    }
    do throws(StorageFailure) {
      _ = try ask(storage, "CreateBucket", input)
      outcome.stdout += "make_bucket: \(bucket)\n"
    } catch {
      fail("make_bucket failed: \(call.paths[0]) \(error.text)")
    }
  }

  private mutating func removeBucket(
    _ call: StorageCall, _ storage: Storage
  ) throws(CommandError) {
    guard case .object(let bucket, let key) = StoragePath(call.paths[0]) else {
      throw .parameter("<S3Uri>\nError: Invalid argument type")
    }
    guard key.isEmpty else {
      throw .parameter("Please specify a valid bucket name only. E.g. s3://\(bucket)")
    }
    if call.has("--force") {
      removeAll(in: bucket, under: "", quietly: false, isTrial: false, storage)
      guard outcome.status == 0 else {
        throw .general(
          "remove_bucket failed: Unable to delete all objects in the bucket, bucket will not be "
            + "deleted.")
      }
    }
    do throws(StorageFailure) {
      _ = try ask(storage, "DeleteBucket", ["Bucket": .string(bucket)])
      outcome.stdout += "remove_bucket: \(bucket)\n"
    } catch {
      fail("remove_bucket failed: \(call.paths[0]) \(error.text)")
    }
  }
}

/// A refusal of S3 within an `aws s3` command.
struct StorageFailure: Error {
  let error: ServiceError
  let operation: String

  var text: String {
    "An error occurred (\(error.code)) when calling the \(operation) operation: \(error.message)"
  }

  var commandError: CommandError { .service(error, operation: operation) }
}

extension HelpText {
  /// What `aws s3 help` prints.
  static func storage() -> String {
    var text =
      "aws s3 <command> [paths] [options]\n\nAmazon S3, buckets and objects\n\nCommands\n\n"
    for (command, summary) in StorageCommand.summaries {
      text += "  \(command.rawValue)  \(summary)\n"
      let options = command.forms.map(\.name).filter { !StorageCommand.refused.contains($0) }
      text += "      " + options.joined(separator: " ") + "\n"
    }
    return text + "\naws s3api help lists S3's own operations.\n"
  }
}
