// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import CommandLanguage
import Documents
import Simulation
import StateStore
import TableStore
import Terminal

extension Console {
  /// `timeline TABLE [SPAN]`: the window, the writes, the incidents, the backups, the restores.
  func timeline(_ call: Call) throws -> Int32 {
    let session = try world()
    let live = LiveWorld(session.cloud, defaultProfile(session), caller: caller(session))
    let names = live.region.tableNames
    let arguments = Array(call.arguments)
    guard arguments.count <= 2 else { throw call.misuse() }
    guard let name = arguments.first ?? (names.count == 1 ? names.first : nil) else {
      throw call.misuse(
        names.isEmpty
          ? "There is no table yet." : "Tables: \(plain(names.joined(separator: ", "))).")
    }
    var span: Duration?
    if arguments.count == 2 {
      guard let length = try? Duration(short: arguments[1]), length >= .seconds(1) else {
        throw call.misuse("\"\(arguments[1])\" is no length of time.")
      }
      span = length
    }
    let facts = try TimelineReader(
      session: session, live: live, table: name, incidents: labDesk.incidents(session)
    ).facts(span: span)
    if settings.printsJSON {
      answer(facts.document)
      return 0
    }
    tell("\(plain(name))   \(live.caller.account) \(live.caller.region)")
    say()
    let chart = TimelineChart(facts: facts, columns: columns, usesUnicode: profile.hasUnicode)
    for line in chart.lines() { say(line) }
    return 0
  }
}

/// Gathers what a timeline shows from the cloud, its trail and the lab's incidents.
struct TimelineReader {
  let session: Session
  let live: LiveWorld
  let table: String
  let incidents: [(at: Instant, what: String)]

  /// The facts of the table.
  ///
  /// - Parameter span: How much of the past to show; nil for everything there is.
  /// - Returns: What the chart draws.
  /// - Throws: A refusal if nothing of that name was ever there.
  func facts(span: Duration?) throws -> TimelineFacts {
    let present = live.region.table(named: table)
    let backups = live.backups(of: table).map { backup in
      TimelineFacts.Mark(
        at: backup.createdAt, letter: backup.kind == "SYSTEM" ? "S" : "B",
        text: "\(backup.kind == "SYSTEM" ? "system backup" : "backup") \(plain(backup.name))"
          + (backup.status == "AVAILABLE" ? "" : " \(backup.status)"))
    }
    let events = session.cloud.observations.events.filter {
      $0.caller.place == live.caller.place && !$0.isReadOnly && $0.errorCode == nil
        && $0.service == "dynamodb"
    }
    let restores = events.compactMap(restore)
    let changes = events.compactMap(change)
    guard present != nil || !backups.isEmpty || !changes.isEmpty else {
      let names = live.region.tableNames
      let advice = suggest(table, among: names).map { "Did you mean \(plain($0))?" }
      throw PromptRefusal(
        "There is no table \(plain(table)) in \(live.caller.region).",
        advice: advice ?? (names.isEmpty ? "" : "There is \(plain(names.joined(separator: ", "))).")
      )
    }
    let now = session.now
    let window = present?.restoreWindow(at: now)
    let first = span.map { now - $0 } ?? earliest(window, backups + restores + changes)
    return TimelineFacts(
      table: table, place: live.caller.region, from: min(first, now - .seconds(60)), until: now,
      window: window, periodDays: periodDays, writes: present.flatMap(counter), backups: backups,
      restores: restores, changes: changes, incidents: shown(incidents))
  }

  private func earliest(
    _ window: ClosedRange<Instant>?, _ marks: [TimelineFacts.Mark]
  ) -> Instant {
    let now = session.now
    let candidates = [window?.lowerBound, marks.map(\.at).min()].compactMap { $0 }
    return max(candidates.min() ?? now - .hours(1), now - .days(36))
  }

  private var periodDays: Int {
    let answer = live.ask("DescribeContinuousBackups", ["TableName": .string(table)])
    let recovery = answer?["ContinuousBackupsDescription"]?["PointInTimeRecoveryDescription"]
    return recovery?["RecoveryPeriodInDays"]?.integer.map { Int($0) } ?? 35
  }

  private func counter(_ table: Table) -> ((Instant, Instant) -> Int)? {
    table.changes.map { log in
      { after, through in log.position(after: through) - log.position(after: after) }
    }
  }

  private func shown(_ incidents: [(at: Instant, what: String)]) -> [TimelineFacts.Mark] {
    incidents.map { TimelineFacts.Mark(at: $0.at, letter: "!", text: plain($0.what)) }
  }

  private static let changeNames = [
    "CreateTable": "table created", "DeleteTable": "table deleted", "UpdateTable": "table updated",
    "UpdateTimeToLive": "time to live changed",
  ]

  /// A change of the table's own settings or life.
  private func change(_ event: TrailEvent) -> TimelineFacts.Mark? {
    let by = "by \(plain(event.caller.userName))"
    switch event.name {
    case "RestoreTableToPointInTime", "RestoreTableFromBackup":
      guard event.request["targetTableName"]?.string == table else { return nil }
      return TimelineFacts.Mark(at: event.at, letter: "c", text: "table made by a restore \(by)")
    case "UpdateContinuousBackups":
      guard event.tableName == table else { return nil }
      let asked = event.request["pointInTimeRecoverySpecification"]
      let isOn = asked?["pointInTimeRecoveryEnabled"]?.bool ?? false
      let days = asked?["recoveryPeriodInDays"]?.integer.map { ", \($0) days" } ?? ""
      return TimelineFacts.Mark(
        at: event.at, letter: "c", text: "PITR \(isOn ? "on" : "off")\(days) \(by)")
    default:
      guard event.tableName == table, let what = Self.changeNames[event.name] else { return nil }
      return TimelineFacts.Mark(
        at: event.at, letter: event.name == "DeleteTable" ? "x" : "c", text: "\(what) \(by)")
    }
  }

  /// A restore of the table, at the instant it went back to.
  private func restore(_ event: TrailEvent) -> TimelineFacts.Mark? {
    guard let target = event.request["targetTableName"]?.string else { return nil }
    switch event.name {
    case "RestoreTableToPointInTime":
      guard event.tableName == table || sourceName(event) == table else { return nil }
      let asked = event.request["restoreDateTime"]?.number
      let instant =
        asked.map { Instant(milliseconds: Int64($0) * 1000) }
        ?? (event.at - .seconds(300)).flooredToSecond
      return TimelineFacts.Mark(
        at: instant, letter: "R", text: "restored to \(instant.rfc3339) as \(plain(target))",
        done: event.at)
    case "RestoreTableFromBackup":
      guard let arn = event.request["backupArn"]?.string, arn.contains(":table/\(table)/backup/")
      else { return nil }
      let backup = live.backups(of: table).first { $0.arn == arn }
      return TimelineFacts.Mark(
        at: backup?.createdAt ?? event.at, letter: "R",
        text: "restored from backup \(plain(backup?.name ?? arn)) as \(plain(target))",
        done: event.at)
    default: return nil
    }
  }

  private func sourceName(_ event: TrailEvent) -> String? {
    event.request["sourceTableName"]?.string
      ?? event.request["sourceTableArn"]?.string?.split(separator: "/").last.map(String.init)
  }
}

extension TimelineFacts {
  /// The facts for a program.
  var document: Document {
    let marks = [
      ("incident", incidents), ("change", changes), ("backup", backups), ("restore", restores),
    ].flatMap { kind, marks in
      marks.map { mark -> Document in
        [
          "kind": .string(kind), "at": .string(mark.at.rfc3339Milliseconds),
          "done": mark.done.map { .string($0.rfc3339Milliseconds) } ?? .null,
          "text": .string(mark.text),
        ]
      }
    }
    return [
      "table": .string(table), "region": .string(place), "from": .string(from.rfc3339Milliseconds),
      "until": .string(until.rfc3339Milliseconds),
      "earliest": window.map { .string($0.lowerBound.rfc3339) } ?? .null,
      "latest": window.map { .string($0.upperBound.rfc3339) } ?? .null,
      "writes": writes.map { .integer(Int64($0(from, until))) } ?? .null, "marks": .array(marks),
    ]
  }
}
