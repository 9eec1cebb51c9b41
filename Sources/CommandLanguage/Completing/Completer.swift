// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import ServiceModel

/// One way to go on from the cursor.
package struct Completion: Hashable, Sendable {
  /// What the word at the cursor becomes, quoted where the shell needs it.
  package let text: String
  /// A few words on it; empty where there is nothing to add.
  package let description: String
  /// Whether the word is finished and a blank may follow.
  package let isFinal: Bool

  package init(text: String, description: String = "", isFinal: Bool = true) {
    self.text = text
    self.description = description
    self.isFinal = isFinal
  }
}

/// Offers what may stand at the cursor: services, operations, options, values, live names, files.
///
/// Required options come first. It reads any line, whole or broken, and never fails.
package struct Completer {
  /// The words of the prompt besides `aws`, with a few words on each.
  package var words: [(word: String, description: String)]
  /// Names that exist now.
  package var live: LiveNames
  /// The names in the folder of a path that `file://` begins; folders end in `/`.
  package var files: (String) -> [String]
  /// The names that have a value, for `$`.
  package var variables: [String]

  package init(
    words: [(word: String, description: String)] = [], live: LiveNames = LiveNames(),
    variables: [String] = [], files: @escaping (String) -> [String] = { _ in [] }
  ) {
    self.words = words
    self.live = live
    self.variables = variables
    self.files = files
  }

  /// What may stand at the cursor.
  ///
  /// - Parameters:
  ///   - line: The line as typed so far.
  ///   - cursor: A byte offset; beyond the line means its end.
  /// - Returns: Completions of the word that ends at the cursor, best first.
  /// - Complexity: O(n) in the length of the line and the number of choices.
  package func completions(for line: String, at cursor: Int) -> [Completion] {
    let place = CursorWord(line, cursor: cursor)
    guard !place.isComment else { return [] }
    if place.prefix.utf8.first == .dollar, !place.isQuoted {
      let typed = place.prefix.withoutPrefix("$")
      return variables.filter { $0.utf8.starts(with: typed.utf8) }.map {
        Completion(text: "$" + $0)
      }
    }
    guard let first = place.before.first else {
      let all = [("aws", "the AWS CLI's commands")] + words.map { ($0.word, $0.description) }
      return matching(place, all.map { Completion(text: $0.0, description: $0.1) })
    }
    guard first == "aws" else { return [] }
    return matching(place, afterAWS(Array(place.before.dropFirst()), place: place))
  }

  // MARK: Commands

  private func afterAWS(_ words: [String], place: CursorWord) -> [Completion] {
    var scan = CommandScan(words)
    scan.read()
    if let option = scan.openOption {
      return values(of: option, scan: scan, place: place)
    }
    if place.prefix.hasPrefix("-") { return options(scan) }
    if scan.command == "s3" { return storage(words) }
    if scan.command == "configure" { return configure(scan.plain) }
    guard let service = scan.service else {
      return scan.command == nil
        ? Service.names.map { Completion(text: $0, description: Service.named($0)?.fullName ?? "") }
          + [Completion(text: "s3", description: "buckets and objects, as files")]
          + [Completion(text: "configure", description: "this world's settings")]
          + [Completion(text: "help", description: "services and options")]
        : []
    }
    if scan.isWaiting, scan.waiter == nil {
      return service.waiters.map {
        Completion(
          text: $0.cliName, description: "every \($0.delaySeconds) s, up to \($0.maxAttempts) times"
        )
      }
    }
    guard scan.operation != nil else { return operations(of: service) }
    return options(scan)
  }

  /// What may follow `aws s3`: a command, then the buckets there are.
  private func storage(_ words: [String]) -> [Completion] {
    guard words.count > 1 else {
      return StorageCommand.summaries.map {
        Completion(text: $0.0.rawValue, description: $0.1)
      }
    }
    return live.buckets.map { Completion(text: "s3://\($0)/", isFinal: false) }
  }

  /// What may follow `aws configure`: a subcommand, a setting's name, a value it takes.
  private func configure(_ words: [String]) -> [Completion] {
    guard words.count > 1 else {
      return ConfigureCommand.allCases.map {
        Completion(text: $0.rawValue, description: $0.summary)
      }
    }
    guard let command = ConfigureCommand(rawValue: words[1]), [.get, .set].contains(command)
    else { return [] }
    if words.count == 2 {
      return Configuration.effective.map { Completion(text: $0.name, description: $0.summary) }
    }
    guard command == .set, words.count == 3 else { return [] }
    let values: [String] =
      switch words[2].split(separator: ".").last {
      case "region": CompleterRegions.all
      case "output": OutputFormat.allCases.map(\.rawValue)
      case "cli_timestamp_format": ["iso8601", "wire"]
      case "cli_binary_format": ["base64", "raw-in-base64-out"]
      case "cli_error_format": ErrorFormat.allCases.map(\.rawValue)
      case "source_profile": live.profiles
      case "role_arn": live.roleARNs
      default: []
      }
    return values.map { Completion(text: $0) }
  }

  private func operations(of service: Service) -> [Completion] {
    var result = service.operations.map { operation in
      let required = OperationOptions(operation).all.filter(\.isRequired).map(\.name)
      return Completion(text: operation.cliName, description: required.joined(separator: " "))
    }
    if !service.waiters.isEmpty { result.append(Completion(text: "wait", description: "waiters")) }
    return result + [Completion(text: "help", description: "its operations")]
  }

  private func options(_ scan: CommandScan) -> [Completion] {
    var result: [Completion] = []
    if let operation = scan.operation {
      let options = OperationOptions(operation, isWaiter: scan.isWaiting)
      for option in HelpText.ordered(options) where !scan.given.contains(option.name) {
        let note = (option.isRequired ? "required, " : "") + HelpText.describe(option)
        result.append(Completion(text: option.name, description: note))
      }
    }
    for form in GlobalOptions.forms where !scan.given.contains(form.name) {
      result.append(Completion(text: form.name, description: HelpText.describe(form)))
    }
    return result
  }

  // MARK: Values

  private func values(of option: String, scan: CommandScan, place: CursorWord) -> [Completion] {
    for scheme in ["file://", "fileb://"] where place.prefix.hasPrefix(scheme) {
      return paths(place.prefix.withoutPrefix(scheme), scheme: scheme)
    }
    if let form = GlobalOptions.forms.first(where: { $0.name == option }) {
      if case .choice(let choices) = form.type { return choices.map { Completion(text: $0) } }
      if option == "--region" { return CompleterRegions.all.map { Completion(text: $0) } }
      return LiveValues.names(for: option, live: live).map { Completion(text: $0) }
    }
    guard let operation = scan.operation else { return [] }
    let options = OperationOptions(operation, isWaiter: scan.isWaiting)
    guard let found = options.all.first(where: { $0.name == option }) else { return [] }
    let names = LiveValues.names(for: option, live: live)
    var result = names.map { Completion(text: $0) }
    switch found.role {
    case .skeleton: result += ["input", "output", "yaml-input"].map { Completion(text: $0) }
    case .member(let member): result += values(of: member.shape, option: option, place: place)
    default: break
    }
    // A list may be over: its next word may as well be an option.
    if scan.listIsOpen, place.prefix.isEmpty { result += self.options(scan) }
    return result
  }

  private func values(of shape: Shape, option: String, place: CursorWord) -> [Completion] {
    if !shape.enumeration.isEmpty { return shape.enumeration.map { Completion(text: $0) } }
    switch shape.kind {
    case .list:
      guard let element = shape.element else { return [] }
      if option == "--table-names" { return live.tables.map { Completion(text: $0) } }
      return values(of: element, option: option, place: place)
    case .structure: return shorthand(shape, place: place)
    default: return []
    }
  }

  /// The members of a structure as shorthand: `Enabled=`, and values of what stands before the
  /// cursor.
  private func shorthand(_ shape: Shape, place: CursorWord) -> [Completion] {
    let typed = place.prefix
    guard typed.utf8.first != UInt8(ascii: "{"), typed.utf8.first != UInt8(ascii: "[") else {
      return []
    }
    let comma = typed.utf8.lastIndex(of: UInt8(ascii: ","))
    let headEnd = comma.map { typed.utf8.index(after: $0) } ?? typed.utf8.startIndex
    let head = String(decoding: typed.utf8[..<headEnd], as: UTF8.self)
    let part = typed.utf8[headEnd...]
    if let equals = part.firstIndex(of: UInt8(ascii: "=")) {
      let key = String(decoding: part[..<equals], as: UTF8.self)
      guard let member = shape.member(named: key) else { return [] }
      let choices =
        member.shape.kind == .boolean ? ["true", "false"] : member.shape.enumeration
      return choices.map { Completion(text: "\(head)\(key)=\($0)", isFinal: false) }
    }
    return shape.members.map { member in
      let note = (member.isRequired ? "required, " : "") + HelpText.describe(member.shape)
      return Completion(text: "\(head)\(member.name)=", description: note, isFinal: false)
    }
  }

  private func paths(_ typed: String, scheme: String) -> [Completion] {
    let slash = typed.utf8.lastIndex(of: UInt8(ascii: "/"))
    let end = slash.map { typed.utf8.index(after: $0) } ?? typed.utf8.startIndex
    let folder = String(decoding: typed.utf8[..<end], as: UTF8.self)
    return files(folder).map { name in
      Completion(text: scheme + folder + name, isFinal: !name.hasSuffix("/"))
    }
  }

  private func matching(_ place: CursorWord, _ all: [Completion]) -> [Completion] {
    var seen: Set<String> = []
    return all.compactMap { completion in
      guard completion.text.utf8.starts(with: place.prefix.utf8),
        seen.insert(completion.text).inserted
      else { return nil }
      return Completion(
        text: place.quoted(completion.text), description: completion.description,
        isFinal: completion.isFinal)
    }
  }
}

/// Regions offered after `--region`.
enum CompleterRegions {
  static let all = Partition.allCases.flatMap(\.regions)
}
