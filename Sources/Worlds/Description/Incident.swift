// SPDX-License-Identifier: GPL-3.0-or-later

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
      .optional("as", \.runAs, .text, "Who runs the commands: account/role."),
      .oneOf(
        \.event,
        [
          Alternative("say", Format.text.map(Event.say), "Words for the learner."),
          Alternative("run", Format.commands.map(Event.run), "Commands of somebody else."),
          Alternative("scramble", Format.text.map(Event.scramble), "A table to spoil."),
          Alternative("end", Format.text.map(Event.end), "Ends the lab, with these words."),
          .notSimulated("region-down", "failing Regions"),
          .notSimulated("region-up", "failing Regions"),
          .notSimulated("key-off", "KMS keys"), .notSimulated("fail-job", "AWS Backup jobs"),
        ]),
      .mark(\.mark),
    ], needs: [(field: "as", other: "run")])
}

extension Alternative {
  /// An alternative that this program cannot act on yet: refused by name.
  static func notSimulated(_ name: String, _ what: String) -> Alternative {
    Alternative(
      name,
      Format<Value>(schema: Schema(["not": [:]])) { node, reading in
        reading.report(
          .notSimulated, "\(name): \(what) are not simulated yet", at: node.mark)
        return nil
      }, "\(what). Not simulated yet: refused.")
  }
}
