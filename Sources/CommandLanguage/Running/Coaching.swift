// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import ServiceModel

/// What to say to a learner after a failed command, beside the service's own words.
enum Coaching {
  private static let unchanged = "Nothing was changed."

  /// The sentences: a name that may have been meant, and that nothing was changed.
  ///
  /// - Parameters:
  ///   - error: Why the command failed.
  ///   - words: The words of the command.
  ///   - live: Names that exist.
  ///   - changed: Whether an earlier request of the same command changed something.
  /// - Returns: Sentences that the error does not say itself, each for a line of its own; none where there is nothing to add.
  static func sentences(
    for error: CommandError, words: [String], live: LiveNames, changed: Bool
  ) -> [String] {
    var sentences: [String] = []
    switch error {
    case .service: sentences += meantNames(words, live)
    case .unknownOptions(let options):
      sentences += meantOptions(options, words) + typography(words)
    case .parameter, .usage: sentences += typography(words)
    case .configuration, .general: break
    }
    if !changed, !saysItself(error) { sentences.append(unchanged) }
    return sentences
  }

  /// Whether the error's own words say that nothing was changed.
  private static func saysItself(_ error: CommandError) -> Bool {
    switch error {
    case .general(let message): message.contains(unchanged)
    case .service(let error, _): error.message.contains(unchanged)
    case .parameter, .usage, .unknownOptions, .configuration: false
    }
  }

  /// For the values of options that take live names and hold none.
  private static func meantNames(_ words: [String], _ live: LiveNames) -> [String] {
    var sentences: [String] = []
    for (index, word) in words.enumerated() where word.hasPrefix("--") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard let option = parts.first else { continue }
      let next = index + 1 < words.count ? words[index + 1] : nil
      guard let value = parts.count > 1 ? parts[1] : next else { continue }
      let names = LiveValues.names(for: option, live: live)
      guard !names.isEmpty, !names.contains(value), let meant = suggest(value, among: names)
      else { continue }
      sentences.append("Did you mean \(meant)?")
    }
    return sentences
  }

  /// For what web pages and word processors make of quotes and hyphens.
  private static func typography(_ words: [String]) -> [String] {
    var sentences: [String] = []
    if words.contains(where: { $0.unicodeScalars.contains(where: curvedQuotes.contains) }) {
      sentences.append("There are curved quotes in it: type \" and '.")
    }
    if let word = words.first(where: { $0.unicodeScalars.first.map(dashes.contains) ?? false }),
      word.unicodeScalars.count > 2
    {
      let name = String(word.drop { $0 == "-" || $0.unicodeScalars.allSatisfy(dashes.contains) })
      sentences.append("\(word) begins with a long dash: type --\(name).")
    }
    return sentences
  }

  private static let curvedQuotes: Set<Unicode.Scalar> = ["‘", "’", "‚", "“", "”", "„", "«", "»"]
  private static let dashes: Set<Unicode.Scalar> = ["‐", "‑", "–", "—", "−"]

  private static func meantOptions(_ unknown: [String], _ words: [String]) -> [String] {
    guard let service = words.lazy.compactMap({ Service.named($0) }).first,
      let operation = words.lazy.compactMap({ service.operation(named: $0) }).first
    else { return [] }
    let options = OperationOptions(operation).all.filter { !$0.isHidden }.map(\.name)
    return unknown.compactMap { word in
      suggest(word, among: options).map { "Did you mean \($0)?" }
    }
  }
}

/// Which names an option takes.
enum LiveValues {
  /// The live names for an option such as `--table-name`; none for an option that takes no name.
  static func names(for option: String, live: LiveNames) -> [String] {
    switch option {
    case "--table-name", "--source-table-name", "--global-table-name": live.tables
    case "--table-arn", "--source-table-arn": live.tableARNs
    case "--backup-arn": live.backupARNs
    case "--resource-arn": live.resourceARNs
    case "--index-name": live.indexes
    case "--stream-arn": live.streamARNs
    case "--export-arn": live.exportARNs
    case "--backup-vault-name", "--destination-backup-vault-name", "--source-backup-vault-name":
      live.vaults
    case "--recovery-point-arn": live.recoveryPointARNs
    case "--backup-plan-id": live.backupPlanIDs
    case "--role-arn", "--iam-role-arn": live.roleARNs
    case "--profile": live.profiles
    default: []
    }
  }
}
