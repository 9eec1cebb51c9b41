// SPDX-License-Identifier: GPL-3.0-or-later

internal import CloudEngine
package import ContentFormat
internal import Documents
internal import OrderedCollections
internal import Simulation

/// Something that happens by itself when the clock reaches it.
package struct Incident: Sendable {
  package enum Event: Hashable, Sendable {
    /// Somebody tells the learner something.
    case say(String)
    /// Somebody else runs commands.
    case run([ContentCommand])
    /// Every item of a table gets nonsense in all but its key.
    case scramble(String)
    /// A Region stops answering, or answers again.
    case regionDown(String)
    case regionUp(String)
    /// A key is disabled, or scheduled for deletion after seven days: its alias, id or ARN.
    case keyOff(String)
    case keyDeletion(String)
    /// Somebody deletes every recovery point of a vault that they can.
    case emptyVault(String)
    /// The next job about a table fails.
    case failJob(JobToFail)
    /// Somebody's standing credentials expire, or are good again: `account/role`.
    case expire(String)
    case renew(String)
    /// The lab is over.
    case end(String)
  }

  package var id = ""
  package var at: FieldTime?
  package var runAs: String?
  package var event: Event?
  package var mark = Mark.start

  static let listFormat = Format<[Incident]>.list(format, count: 1...100)

  static let format = Format.record(
    "incident", "Something that happens.", Incident(),
    [
      .required("id", \.id, .identifier, "Its name: <id> is its instant."),
      .optional("at", \.at, .time, "When; left out, only a check's `given` makes it happen."),
      .optional(
        "as", \.runAs, .text,
        "Who does it: account/role. The learner where it is commands, else the platform."),
      .oneOf(\.event, alternatives),
      .mark(\.mark),
    ]
  ).validated { incident, node, reading in
    guard incident.runAs != nil, incident.event?.isSomebodys == false else { return }
    reading.report(
      .conflict, "as has a meaning only beside run, key-off, key-deletion or empty-vault",
      at: node.mark)
  }

  private static let alternatives = [
    Alternative("say", Format.text.map(Event.say), "Words for the learner."),
    Alternative("run", Format.commands.map(Event.run), "Commands of somebody else."),
    Alternative("scramble", Format.text.map(Event.scramble), "A table to spoil."),
    Alternative(
      "region-down", Format.region.map(Event.regionDown),
      "A Region that answers nobody and in which nothing goes on, until region-up."),
    Alternative(
      "region-up", Format.region.map(Event.regionUp),
      "A Region that answers again; what fell due in it meanwhile happens then."),
    Alternative(
      "key-off", Format.text.map(Event.keyOff),
      "A KMS key that is disabled: PLACE/alias/NAME; the learner's place if left out."),
    Alternative(
      "key-deletion", Format.text.map(Event.keyDeletion),
      "A KMS key that is scheduled for deletion in seven days, named as in key-off."),
    Alternative(
      "empty-vault", Format.text.map(Event.emptyVault),
      "A vault, PLACE/NAME, of which every recovery point is deleted that can be."),
    Alternative(
      "fail-job", JobToFail.format.map(Event.failJob),
      "A table whose next backup, copy or restore job of AWS Backup fails."),
    Alternative(
      "expire", Format.text.map(Event.expire),
      "Whose credentials expire: account/role, a role, or `you`; sessions issued later are good."),
    Alternative("renew", Format.text.map(Event.renew), "Whose credentials are good again."),
    Alternative("end", Format.text.map(Event.end), "Ends the lab, with these words."),
  ]
}

extension Incident.Event {
  /// True for what somebody does, as any learner could.
  fileprivate var isSomebodys: Bool {
    switch self {
    case .run, .keyOff, .keyDeletion, .emptyVault: true
    default: false
    }
  }
}

/// `fail-job: TABLE`, or with its kind and the words of its failure.
package struct JobToFail: Hashable, Sendable {
  package var of = ""
  package var kind = Kind.backup
  package var says = "Internal service error"

  package enum Kind: String, ContentChoice { case backup, copy, restore }

  static let format: Format<JobToFail> = .either(
    text: Format.text.map { JobToFail(of: $0) },
    mapping: .record(
      "failing-job", "A job that fails.", JobToFail(),
      [
        .required("of", \.of, .text, "The table."),
        .defaulted("kind", \.kind, .choice, "What the job does.", default: "backup"),
        .defaulted(
          "says", \.says, .text, "The job's StatusMessage.", default: "Internal service error"),
      ]))

  init(of table: String = "") { of = table }

  var failing: WorldFault.FailingJob {
    switch kind {
    case .backup: .backup
    case .copy: .copy
    case .restore: .restore
    }
  }
}
