// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
package import ContentFormat
internal import Documents
internal import Simulation
package import TableStore

/// A table's contents somewhere and sometime, as checks name them: `NAME`,
/// `{table, in, at, without}` or `{backup-of, in, before}`.
package struct TableRef: Hashable, Sendable {
  package enum Source: Hashable, Sendable {
    case table(String)
    case backup(of: String)
  }

  package var source: Source?
  package var place: String?
  package var at: FieldTime?
  package var without: [String] = []
  package var before: FieldTime?
  package var mark = Mark.start

  package init(table: String) { source = .table(table) }

  private init() {}

  private static let full = Format.record(
    "table-reference", "A table's contents somewhere and sometime.", TableRef(),
    [
      .oneOf(
        \.source,
        [
          Alternative("table", Format.text.map(Source.table), "A table by name."),
          Alternative(
            "backup-of", Format.text.map { Source.backup(of: $0) }, "Its newest usable backup."),
        ]),
      .optional("in", \.place, .text, "Where: account/region, account or region."),
      .optional("at", \.at, .time, "The table as it was at this instant."),
      .defaulted(
        "without", \.without, .oneOrMany(.identifier),
        "The table of an untouched world in which these traffic streams never wrote."),
      .optional("before", \.before, .time, "The newest backup before this instant."),
      .mark(\.mark),
    ], needs: [("at", "table"), ("without", "table"), ("before", "backup-of")])

  package static let format: Format<TableRef> = .either(
    text: Format<Located<String>>.located(.text).map { located in
      var reference = TableRef(table: located.value)
      reference.mark = located.mark
      return reference
    }, mapping: full)

  /// What the reference says, for messages.
  package var words: String {
    switch source {
    case .table(let name)?: name
    case .backup(let name)?: "a backup of \(name)"
    case nil: "nothing"
    }
  }
}

extension Format {
  /// A format with the place of what it read.
  static func located<Inner>(_ format: Format<Inner>) -> Format<Located<Inner>>
  where Value == Located<Inner> { format.located }
}

/// A table that a reference was resolved to.
package struct FoundTable: Sendable {
  package let name: String
  package let place: Place
  /// The run in which it lies, at the instant asked for.
  package let run: WorldRun
  package let image: TableImage
}

/// That a reference leads nowhere, which fails a check but is no error of its author.
package struct NothingThere: Error, Hashable, Sendable {
  package var what: String
  package var nearest: String?
}

extension TableRef {
  /// The table a reference means, or the words why there is none.
  ///
  /// - Throws: `ContentProblem` for a name or a time that cannot be resolved.
  package func find(
    in run: WorldRun
  ) throws(ContentProblem) -> Result<FoundTable, NothingThere> {
    switch source {
    case .table(let written)?:
      let name = try run.bindings.substitute(written)
      return try findTable(name, in: run)
    case .backup(let written)?:
      let name = try run.bindings.substitute(written)
      return try findBackup(of: name, in: run)
    case nil:
      throw ContentProblem(.missingField, "the reference names no table")
    }
  }

  private func findTable(
    _ name: String, in run: WorldRun
  ) throws(ContentProblem) -> Result<FoundTable, NothingThere> {
    let place = try run.place(place, of: name)
    var scene = run
    if !without.isEmpty {
      let known = run.world.description.traffic.map(\.id)
      for stream in without where !known.contains(stream) {
        throw ContentProblem(
          .unknownName, "there is no stream \(stream)",
          fix: Suggestion.fix(for: stream, among: known))
      }
      scene = try WorldRun.start(run.world, without: Set(without))
      scene.advance(to: run.now)
    }
    if let at { scene = scene.state(at: try at.instant(from: run.world.clock, run.bindings)) }
    guard let table = scene.cloud[place].table(named: name) else {
      let names = scene.cloud[place].tableNames
      return .failure(
        NothingThere(
          what: "there is no table \(name)",
          nearest: Suggestion.nearest(to: name, among: names).map { "table \($0)" }
            ?? "tables: \(names.prefix(10).joined(separator: ", "))"))
    }
    return .success(FoundTable(name: name, place: place, run: scene, image: table.image))
  }

  private func findBackup(
    of name: String, in run: WorldRun
  ) throws(ContentProblem) -> Result<FoundTable, NothingThere> {
    let place = try run.place(place, of: name)
    let limit = try before?.instant(from: run.world.clock, run.bindings)
    let usable = CloudReader(run.cloud, place).backups(of: name).filter { backup in
      guard backup["BackupStatus"]?.string == "AVAILABLE" else { return false }
      guard let limit, let seconds = backup["BackupCreationDateTime"]?.number else { return true }
      return seconds < limit.epochSeconds
    }
    guard let arn = usable.last?["BackupArn"]?.string,
      let image = run.restored(backup: arn, in: place)
    else {
      return .failure(NothingThere(what: "there is no usable backup of \(name)", nearest: nil))
    }
    return .success(FoundTable(name: name, place: place, run: run, image: image))
  }
}

extension WorldRun {
  /// The place a check means: named, else where the world has the table, else the learner's.
  package func place(_ text: String?, of table: String) throws(ContentProblem) -> Place {
    if let text { return try world.description.place(text) }
    let description = world.description.tables.first { $0.name == table }
    return try world.description.place(description?.value.place)
  }

  /// What a backup really restores to, tried on a copy; nil where the service refuses.
  package func restored(backup arn: String, in place: Place) -> TableImage? {
    var copy = cloud
    let name = "rewind-check-restore"
    let request = ServiceRequest(
      service: "dynamodb", operation: "RestoreTableFromBackup",
      input: ["TargetTableName": .string(name), "BackupArn": .string(arn)],
      caller: Caller(account: place.account, region: place.region))
    guard (try? copy.perform(request)) != nil else { return nil }
    for _ in 0..<100 where copy[place].table(named: name)?.isActive == false {
      guard let next = copy.pendingTransitions.first else { break }
      copy.advance(to: max(next.at, copy.now + .milliseconds(1)))
    }
    return copy[place].table(named: name)?.image
  }
}
