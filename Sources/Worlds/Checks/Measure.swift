// SPDX-License-Identifier: GPL-3.0-or-later

internal import CloudEngine
package import ContentFormat
package import Documents
internal import Simulation

/// The closed set of what checks can look at.
package enum Measure: Sendable {
  case run([ContentCommand])
  case sameItems(SameItems)
  case lostWrites(LostWrites)
  case untouched(Untouched)
  case table(TableExistence)
  case settings(SettingsMeasure)
  case backup(BackupMeasure)
  case window(WindowMeasure)
  case trail(TrailMeasure)
  case message(MessageMeasure)
  case bill(BillMeasure)
  case service(ServiceMeasure)
  case answer(AnswerMeasure)

  static let alternatives: [Alternative<Measure>] = [
    Alternative("run", Format.commands.map(Measure.run), "AWS commands; the last one's answer."),
    Alternative(
      "same-items", SameItems.format.map(Measure.sameItems), "Two tables hold the same items."),
    Alternative(
      "lost-writes", LostWrites.format.map(Measure.lostWrites), "Good writes are missing."),
    Alternative(
      "untouched", Untouched.format.map(Measure.untouched), "Tables are as they were."),
    Alternative("table", TableExistence.format.map(Measure.table), "Tables exist, or do not."),
    Alternative(
      "settings", SettingsMeasure.format.map(Measure.settings), "A table's settings."),
    Alternative("backup", BackupMeasure.format.map(Measure.backup), "Backups."),
    Alternative("window", WindowMeasure.format.map(Measure.window), "What PITR covers."),
    Alternative("trail", TrailMeasure.format.map(Measure.trail), "Who did what."),
    Alternative(
      "message", MessageMeasure.format.map(Measure.message), "What topics told somebody."),
    Alternative("bill", BillMeasure.format.map(Measure.bill), "Money."),
    Alternative("service", ServiceMeasure.format.map(Measure.service), "An app works again."),
    Alternative("answer", AnswerMeasure.format.map(Measure.answer), "What the learner said."),
  ]
}

/// `same-items: {table, as, ignore, min-share}`.
package struct SameItems: Sendable {
  package var table = TableRef(table: "")
  package var reference = TableRef(table: "")
  package var ignore: [String] = []
  package var minimumShare = 1.0

  static let format = Format.record(
    "same-items", "Two tables hold the same items.", SameItems(),
    [
      .required("table", \.table, TableRef.format, "The table looked at."),
      .required("as", \.reference, TableRef.format, "What it must hold."),
      .defaulted("ignore", \.ignore, .oneOrMany(.text), "Attributes left out."),
      .defaulted(
        "min-share", \.minimumShare, .number(0...1), "The share that must agree.", default: 1),
    ])
}

/// `lost-writes: {in, from, since, by, max}`.
package struct LostWrites: Sendable {
  package var table = TableRef(table: "")
  package var source: TableRef?
  package var since: FieldTime?
  package var stream = ""
  package var maximum = 0

  static let format = Format.record(
    "lost-writes", "Good writes that are missing.", LostWrites(),
    [
      .required("in", \.table, TableRef.format, "The table looked at."),
      .optional("from", \.source, TableRef.format, "Where they are right; the stream's table."),
      .optional("since", \.since, .time, "Writes after this instant; all if left out."),
      .required("by", \.stream, .identifier, "The traffic stream that wrote them."),
      .defaulted("max", \.maximum, .integer(0...1_000_000), "How many may miss.", default: 0),
    ])
}

/// `untouched: [names]` or `{of, since, except}`.
package struct Untouched: Sendable {
  package var names: [String] = []
  package var since: FieldTime?
  package var exceptTags: [String] = []

  private static let full = Format.record(
    "untouched", "Tables whose items and settings are as they were.", Untouched(),
    [
      .required("of", \.names, .oneOrMany(.text), "The tables."),
      .optional("since", \.since, .time, "As they were at this instant; the start."),
      .defaulted("except", \.exceptTags, .oneOrMany(.text), "Tags that may differ."),
    ])

  static let format: Format<Untouched> = .either(
    text: Format.text.map { Untouched(names: [$0]) },
    list: Format<[String]>.list(.text).map { Untouched(names: $0) }, mapping: full)
}

/// `table: {name, not, in, status, min, max}`.
package struct TableExistence: Sendable {
  package var name = ""
  package var except: [String] = []
  package var place: String?
  package var status: String?
  package var minimum: Int?
  package var maximum: Int?

  private static let full = Format.record(
    "table-existence", "How many tables there are.", TableExistence(),
    [
      .required("name", \.name, .text, "A name, with * and ?."),
      .defaulted("not", \.except, .oneOrMany(.text), "Names that do not count."),
      .optional("in", \.place, .text, "Where."),
      .optional("status", \.status, .text, "Their status, such as ACTIVE."),
      .optional("min", \.minimum, .integer(0...10_000), "At least; 1 if nothing is said."),
      .optional("max", \.maximum, .integer(0...10_000), "At most."),
    ])

  static let format: Format<TableExistence> = .either(
    text: Format.text.map { TableExistence(name: $0) }, mapping: full)
}

/// `settings: {table, like, of}` or `{table, pitr: true, …}`.
package struct SettingsMeasure: Sendable {
  package enum Aspect: String, ContentChoice {
    case pitr, period, ttl, tags, stream, billing, indexes
    case deletionProtection = "deletion-protection"
    case tableClass = "class"
  }

  package var table = TableRef(table: "")
  package var like: TableRef?
  package var of: [Aspect] = []
  package var wanted: [Aspect: Document] = [:]

  private static func wish(_ aspect: Aspect, _ format: Format<Document>, _ summary: String)
    -> Field<SettingsMeasure>
  {
    .optional(aspect.rawValue, \.wanted[aspect], format, summary)
  }

  static let format = Format.record(
    "settings", "A table's settings.", SettingsMeasure(),
    [
      .required("table", \.table, TableRef.format, "The table looked at."),
      .optional("like", \.like, TableRef.format, "The table it must be like."),
      .defaulted("of", \.of, .oneOrMany(.choice), "Which settings; all if left out."),
      wish(.pitr, Format.boolean.map { .bool($0) }, "Whether PITR is on."),
      wish(
        .period,
        Format.length.map { .integer($0.wholeMilliseconds / 86_400_000) }, "The recovery period."),
      wish(.ttl, .scalar, "The attribute that expires items, or false."),
      wish(.tags, .settings, "Tags it must have."),
      wish(.stream, .scalar, "What the stream shows, or false."),
      wish(.billing, Format.text.map { .string($0) }, "PAY_PER_REQUEST or PROVISIONED."),
      wish(
        .indexes,
        Format<[String]>.list(.text, count: 0...25).map { .array($0.map { .string($0) }) },
        "The names of its indexes."),
      wish(.deletionProtection, Format.boolean.map { .bool($0) }, "Whether it refuses deletion."),
      wish(.tableClass, Format.text.map { .string($0) }, "Its table class."),
    ], needs: [("of", "like")]
  ).validated { measure, node, reading in
    if (measure.like == nil) == measure.wanted.isEmpty {
      reading.report(
        .conflict, "say either like, or what each setting must be", at: node.mark)
    }
  }
}

/// `backup: {of, kind, in, from, until, name, min, max, restores}`.
package struct BackupMeasure: Sendable {
  package enum Kind: String, ContentChoice {
    case native, system, any
    case awsBackup = "aws-backup"
  }
  package enum Restores: String, ContentChoice {
    case sameItems = "same-items"
    case yes, no
  }
  package enum Status: String, ContentChoice { case usable }

  package var of: String?
  package var name: String?
  package var kind = Kind.native
  package var place: String?
  package var status: Status?
  package var from: FieldTime?
  package var until: FieldTime?
  package var minimum: Int?
  package var maximum: Int?
  package var restores: Restores?
  package var reference: TableRef?

  static let format = Format.record(
    "backup", "Backups.", BackupMeasure(),
    [
      .optional("of", \.of, .text, "The table; any if left out."),
      .optional("name", \.name, .text, "The backup's name, with * and ?."),
      .defaulted("kind", \.kind, kind, "native, system or any.", default: "native"),
      .optional("in", \.place, .text, "Where."),
      .optional("status", \.status, .choice, "usable: it could be restored now."),
      .optional("from", \.from, .time, "Taken at or after this instant."),
      .optional("until", \.until, .time, "Taken at or before this instant."),
      .optional("min", \.minimum, .integer(0...10_000), "At least; 1 if nothing is said."),
      .optional("max", \.maximum, .integer(0...10_000), "At most."),
      .optional("restores", \.restores, .choice, "What restoring them on a copy must give."),
      .optional("as", \.reference, TableRef.format, "The items that same-items means."),
    ]
      + ["tags", "key", "cold-after", "delete-after"].map { .notBuilt($0, instead: recoveryPoints) },
    needs: [("as", "restores")])

  private static let recoveryPoints =
    "run: aws backup list-recovery-points-by-backup-vault, and a query"

  private static let kind = Format<Kind>.choice.parsed { kind throws(ContentProblem) in
    guard kind != .awsBackup else {
      throw ContentProblem(
        .notSimulated, "kind: aws-backup is not built yet", fix: recoveryPoints)
    }
    return kind
  }.annotated("enum", ["native", "system", "any"])
}

/// `window: {table, from, until}`.
package struct WindowMeasure: Sendable {
  package var table = ""
  package var place: String?
  package var from: FieldTime?
  package var until: FieldTime?

  static let format = Format.record(
    "window", "PITR covers a stretch of time.", WindowMeasure(),
    [
      .required("table", \.table, .text, "The table."),
      .optional("in", \.place, .text, "Where."),
      .optional("from", \.from, .time, "The earliest instant that must be restorable."),
      .optional("until", \.until, .time, "The latest instant that must be restorable."),
    ])
}

/// `trail: {event, by, table, error, from, until, min, max}`.
package struct TrailMeasure: Sendable {
  package var event = ""
  package var by: String?
  package var table: String?
  package var error: String?
  package var from: FieldTime?
  package var until: FieldTime?
  package var minimum: Int?
  package var maximum: Int?

  static let format = Format.record(
    "trail", "Management events in the audit trail.", TrailMeasure(),
    [
      .required("event", \.event, .text, "Its name, such as DeleteBackup, with * and ?."),
      .optional("by", \.by, .text, "you, account/role or any; any if left out."),
      .optional("table", \.table, .text, "The table it is about."),
      .optional("error", \.error, .text, "Its error code; accepted requests if left out."),
      .optional("from", \.from, .time, "At or after this instant; the start if left out."),
      .optional("until", \.until, .time, "At or before this instant."),
      .optional("min", \.minimum, .integer(0...100_000), "At least; 1 if nothing is said."),
      .optional("max", \.maximum, .integer(0...100_000), "At most."),
    ])
}

/// `bill: {of, line, for, against}` and a comparison.
package struct BillMeasure: Sendable {
  package enum Line: String, ContentChoice {
    case pitr, backup, export, `import`, restore, transfer, warm, cold, key, table, storage, all
    case incrementalExport = "incremental-export"
    case warmRestore = "warm-restore"
    case coldRestore = "cold-restore"
    case earlyDeletion = "early-deletion"
    case copyTransfer = "copy-transfer"
    case objects = "s3-storage"
    case archive = "s3-deep-archive"
    case keyRequests = "key-requests"

    /// `storage` is every kind of backup that is kept.
    func admits(_ heading: BillHeading) -> Bool {
      switch self {
      case .all: !heading.line.isTableStorage
      case .storage: [.backup, .warmBackup, .coldBackup].contains(heading.line)
      default: heading.line.rawValue == rawValue
      }
    }
  }
  package enum Against: String, ContentChoice { case start, none }

  package var of = "all"
  package var line = Line.all
  package var vault: String?
  package var length = Duration.days(30)
  package var against = Against.none
  package var comparison = Comparison()

  static let format = Format.record(
    "bill", "What resources cost over a time to come.", BillMeasure(),
    [
      .defaulted("of", \.of, .text, "A table's name, with * and ?, or all.", default: "all"),
      .defaulted(
        "line", \.line, .choice,
        "Which line of the bill; storage is backup, warm and cold together, s3-storage what a bucket "
          + "holds in S3 Standard, all is everything but table. What is paid at once, such as restore and early-deletion, counts with what was "
          + "paid so far.",
        default: "all"),
      .optional("vault", \.vault, .text, "Only recovery points of this vault, with * and ?."),
      .defaulted("for", \.length, .length, "How long from now.", default: "30d"),
      .defaulted(
        "against", \.against, .choice, "start: the ratio to what it cost then; else USD.",
        default: "none"),
    ] + Comparison.fields.map { $0.inside(\.comparison) })
}

/// `service: {app, from, max, as}`.
package struct ServiceMeasure: Sendable {
  package var app = ""
  package var from: FieldTime?
  package var maximum: Duration?
  package var reference: TableRef?

  static let format = Format.record(
    "service", "An app reads right items again.", ServiceMeasure(),
    [
      .required("app", \.app, .identifier, "The app."),
      .optional("from", \.from, .time, "When it stopped working."),
      .optional("max", \.maximum, .length, "How long that may have lasted."),
      .optional("as", \.reference, TableRef.format, "The right items; its table just before."),
    ], needs: [("max", "from")])
}

/// `answer: {kind, is, within}`.
package struct AnswerMeasure: Sendable {
  package enum Kind: String, ContentChoice { case time, name, number, choice }

  package var kind = Kind.name
  package var comparison = Comparison()

  static let format = Format.record(
    "answer", "What the learner said.", AnswerMeasure(),
    [.required("kind", \.kind, .choice, "What is asked for.")]
      + Comparison.fields.map { $0.inside(\.comparison) }
  ).validated { measure, node, reading in
    if measure.comparison.isEmpty {
      reading.report(.missingField, "the answer is compared with nothing", at: node.mark)
    }
  }
}
