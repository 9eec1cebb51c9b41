// SPDX-License-Identifier: GPL-3.0-or-later

import ServiceModel

/// What to say to a learner after a failed command, beside the service's own words.
enum Coaching {
  /// The sentences: a name that may have been meant, and that nothing was changed.
  ///
  /// - Parameters:
  ///   - error: Why the command failed.
  ///   - words: The words of the command.
  ///   - live: Names that exist.
  ///   - changed: Whether an earlier request of the same command changed something.
  /// - Returns: Sentences, each for a line of its own; none where there is nothing to add.
  static func sentences(
    for error: CommandError, words: [String], live: LiveNames, changed: Bool
  ) -> [String] {
    var sentences: [String] = []
    switch error {
    case .service: sentences += meantNames(words, live)
    case .unknownOptions(let options): sentences += meantOptions(options, words)
    case .parameter, .usage, .configuration, .general: break
    }
    if !changed { sentences.append("Nothing was changed.") }
    return sentences
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
