// SPDX-License-Identifier: GPL-3.0-or-later

internal import CloudEngine
package import ContentFormat
internal import Documents
package import Simulation

/// What a content file says of the world it plays in: the `world:` part, its traffic and its incidents.
///
/// It is what the author wrote, times and placeholders unresolved; `StartWorld` resolves it with a
/// seed. Labs hold one, and each question with a proof.
package struct WorldDescription: Sendable {
  package var clock = Instant(seconds: 1_772_818_800)
  package var accounts: [Named<AccountDescription>] = []
  package var organization: OrganizationDescription?
  package var roles: [Named<RoleDescription>] = []
  package var tables: [Named<TableDescription>] = []
  package var backups: [BackupHistory] = []
  package var apps: [Named<AppDescription>] = []
  package var traffic: [TrafficStream] = []
  package var timeline: [Incident] = []
  package var mark = Mark.start

  package init() {}

  /// The `world:` mapping; `traffic` and `timeline` may stand in it too.
  package static let format = Format.record(
    "world", "The world as it is when the clock starts.", WorldDescription(),
    [
      .defaulted(
        "clock", \.clock, .instant, "The first instant, such as 2026-03-06T17:40:00Z.",
        default: "2026-03-06T17:40:00Z"),
      .defaulted(
        "accounts", \.accounts, .named(.identifier, AccountDescription.format, count: 1...20),
        "Accounts by name; the first is the learner's. One, in us-east-1, if left out."),
      .optional(
        "organization", \.organization, OrganizationDescription.format,
        "What the organization of the accounts has settled."),
      .defaulted(
        "roles", \.roles, .named(.identifier, RoleDescription.format, count: 1...50),
        "Roles by name, for `as: account/role`."),
      .defaulted(
        "tables", \.tables, .named(.table, TableDescription.format, count: 1...200),
        "Tables by name."),
      .defaulted(
        "backups", \.backups, .list(BackupHistory.format, count: 1...100),
        "Backups taken before the clock starts."),
      .defaulted(
        "apps", \.apps, .named(.identifier, AppDescription.format, count: 1...20),
        "Applications by name, each of which reads its table's name from an item."),
      .defaulted("traffic", \.traffic, TrafficStream.listFormat, "Streams of writes over time."),
      .defaulted("timeline", \.timeline, Incident.listFormat, "What happens, and when."),
      .notBuilt("vaults", instead: "create-backup-vault in the timeline, before the clock"),
      .notBuilt("plans", instead: "create-backup-plan in the timeline, before the clock"),
      .notBuilt("keys", instead: "aws kms create-key in the timeline, before the clock"),
      .mark(\.mark),
    ]
  ).validated { world, _, reading in world.report(&reading) }
}

/// An application that finds its table by an item, so that pointing it elsewhere is an `update-item`.
package struct AppDescription: Hashable, Sendable {
  package var uses = ""
  package var config = "app-config"
  package var mark = Mark.start

  /// The key attribute of the configuration table, and the attribute that names the app's table.
  package static let keyAttribute = "app"
  package static let tableAttribute = "table_name"

  static let format = Format.record(
    "app", "An application that reads its table's name from an item.", AppDescription(),
    [
      .required("uses", \.uses, .text, "The table it reads at the start."),
      .defaulted(
        "config", \.config, .text,
        "The table that holds the item {app: NAME, table_name: TABLE}; made with the world.",
        default: "app-config"),
      .mark(\.mark),
    ])
}

/// Backups taken before the clock starts.
package struct BackupHistory: Sendable {
  package var id: String?
  package var of = ""
  package var name: String?
  package var at: FieldTime?
  package var every: Duration?
  package var from: FieldTime?
  package var mark = Mark.start

  static let format = Format.record(
    "backup-history", "One backup, or one every so often.", BackupHistory(),
    [
      .optional("id", \.id, .identifier, "What placeholders call it: <id>, <id.arn>."),
      .required("of", \.of, .text, "The table."),
      .optional("name", \.name, .text, "The backup's name."),
      .optional("at", \.at, .time, "When it was taken."),
      .optional("every", \.every, .length, "How often, from `from` until the clock starts."),
      .optional("from", \.from, .time, "When the first was taken."),
      .notBuilt("into", instead: "start-backup-job in the timeline, before the clock"),
      .notBuilt("tags", instead: "start-backup-job with --recovery-point-tags in the timeline"),
      .mark(\.mark),
    ],
    needs: [(field: "every", other: "from"), (field: "from", other: "every")]
  ).validated { history, node, reading in
    if (history.at == nil) == (history.every == nil) {
      reading.report(.conflict, "a backup needs either at, or every and from", at: node.mark)
    }
    if let every = history.every, every < .minutes(1) {
      reading.report(.badValue, "every is shorter than a minute", at: node.mark)
    }
  }
}

extension Field {
  /// A field of the format that nothing acts on yet: refused by name, never ignored.
  static func notBuilt(_ name: String, instead: String) -> Field {
    .refused(
      name, "Not built yet: refused. Instead: \(instead).", .notSimulated,
      "\(name) is not built yet", fix: instead)
  }
}

extension Format where Value == Instant {
  /// An instant, `2026-03-06T17:40:00Z`.
  static let instant = Format<FieldTime>.time.parsed { time throws(ContentProblem) in
    guard case .absolute(let instant) = time else {
      throw ContentProblem(.badValue, "expected an instant", fix: "2026-03-06T17:40:00Z")
    }
    return instant
  }.annotated(
    "pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{3})?Z$")
}

extension Format where Value == String {
  /// A twelve-digit account id.
  static let accountID = Format.text.parsed { text throws(ContentProblem) in
    guard text.utf8.count == 12, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw ContentProblem(.badValue, "\"\(text)\" is no account id", fix: "twelve digits")
    }
    return text
  }.annotated("pattern", "^[0-9]{12}$")

  /// A Region's code.
  static let region = Format.text.parsed { text throws(ContentProblem) in
    guard Partition(ofRegion: text) != nil else {
      let known = Partition.allCases.flatMap(\.regions)
      throw ContentProblem(
        .badValue, "there is no Region \"\(text)\"", fix: Suggestion.fix(for: text, among: known))
    }
    return text
  }
}
