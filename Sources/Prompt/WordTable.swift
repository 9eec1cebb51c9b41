// SPDX-License-Identifier: GPL-3.0-or-later

internal import CommandLanguage
internal import ServiceModel

/// A word of the prompt.
package struct Word: Sendable {
  package enum Group: String, CaseIterable, Sendable {
    case learn = "Learning"
    case lab = "In a lab"
    case world = "On any world"
    case look = "Looking"
    case general = "Otherwise"
  }

  enum Place: Sendable {
    /// Acts on the world, and needs neither this process's terminal nor more lines.
    case world
    /// Runs where it was typed.
    case process
  }

  package let name: String
  package let aliases: [String]
  package let usage: String
  /// One line for lists.
  package let summary: String
  /// What `help WORD` adds.
  package let details: String
  package let group: Group
  /// Whose a word is: the world's, run by the process that owns it, or its own process's.
  let place: Place
  /// False for a word that is known and does nothing yet.
  package let isBuilt: Bool
  let run: @Sendable (Console, Call) throws -> Int32

  init(
    _ usage: String, _ summary: String, _ group: Group, aliases: [String] = [],
    details: String = "", at place: Place = .world,
    run: @escaping @Sendable (Console, Call) throws -> Int32
  ) {
    self.init(
      usage, summary, group, aliases: aliases, details: details, isBuilt: true, at: place, run: run)
  }

  /// A word that answers that it is not built yet.
  static func notBuilt(
    _ usage: String, _ summary: String, _ group: Group, instead: String = ""
  ) -> Word {
    Word(
      usage, summary, group, aliases: [], details: "Not built yet.", isBuilt: false, at: .process
    ) { _, call in
      throw PromptRefusal(
        "\(call.word.name) is not built yet. Nothing was changed.",
        advice: instead.isEmpty ? "\"rewind fidelity\" lists what is." : instead, status: 2)
    }
  }

  private init(
    _ usage: String, _ summary: String, _ group: Group, aliases: [String], details: String,
    isBuilt: Bool, at place: Place, run: @escaping @Sendable (Console, Call) throws -> Int32
  ) {
    name = usage.split(separator: " ").first.map(String.init) ?? usage
    self.aliases = aliases
    self.usage = usage
    self.summary = summary
    self.details = details
    self.group = group
    self.isBuilt = isBuilt
    self.place = place
    self.run = run
  }
}

/// Every word of the prompt but `aws`.
package enum WordTable {
  package static let all: [Word] = learning + lab + world + looking + general

  /// The words `help` shows outside a lab, and in one.
  static let first = ["quiz", "lab", "exam", "tour", "undo", "time", "status", "quit"]
  static let firstInLab = ["task", "check", "hint", "undo", "what-if", "time", "status", "quit"]

  private static let byName: [String: Word] = {
    var result: [String: Word] = [:]
    for word in all { for name in [word.name] + word.aliases { result[name] = word } }
    return result
  }()

  /// The word of a name or another name for it.
  package static func word(_ name: String) -> Word? { byName[name] }

  /// The refusal of a word that is none, with what may have been meant.
  static func unknown(_ name: String) -> PromptRefusal {
    if Service.names.contains(name) || OtherHabits.otherServices.contains(name) {
      return PromptRefusal(
        "\(plain(name)) is a service of the AWS CLI.", advice: "Write: aws \(plain(name)) …",
        status: 2)
    }
    if ["rewind", "./rewind"].contains(name) {
      return PromptRefusal("This is Rewind already.", advice: "Leave \(name) out.", status: 2)
    }
    if OtherHabits.shellWords.contains(name) {
      return PromptRefusal(
        "\(plain(name)) is a word of the shell, which this is not.",
        advice: "\"help\" lists the words.",
        status: 2)
    }
    if let service = OtherHabits.service(of: name) {
      return PromptRefusal(
        "\(name) is a command of aws \(service).", advice: "Write: aws \(service) \(name) …",
        status: 2)
    }
    let names = all.flatMap { [$0.name] + $0.aliases } + ["aws"]
    let advice =
      suggest(name, among: names).map { "Did you mean \($0)?" } ?? "\"help\" lists the words."
    return PromptRefusal("\(plain(shortened(name))) is no word here.", advice: advice, status: 2)
  }

  private static func shortened(_ name: String) -> String {
    name.count > 60 ? String(name.prefix(60)) + "…" : name
  }
}

/// What people type out of habit.
private enum OtherHabits {
  /// Services of the AWS CLI without a model here.
  static let otherServices: Set<String> = ["iam", "s3"]
  static let shellWords: Set<String> = [
    "ls", "cd", "cat", "pwd", "echo", "grep", "jq", "vi", "vim", "nano", "less", "head", "tail",
    "sudo", "bash", "sh", "python", "python3", "rm", "mkdir", "git", "curl", "which", "man",
    "clear",
  ]

  /// The service that has an operation of this name; of several the one that this is all about.
  static func service(of operation: String) -> String? {
    let ours = ["dynamodb", "backup"]
    return (ours + Service.names.filter { !ours.contains($0) }).first {
      Service.named($0)?.operation(named: operation)?.cliName == operation
    }
  }
}
