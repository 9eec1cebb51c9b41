// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Glibc
import Simulation
import StateStore
import TableStore
import Terminal

extension Console {
  /// `status`: place, clock, fork, lab, score, owner, and what is there.
  func status(_ call: Call) throws -> Int32 {
    try call.takesNothing()
    let session = try world()
    let caller = caller(session)
    let live = LiveWorld(session.cloud, defaultProfile(session), caller: caller)
    if settings.printsJSON {
      answer(try statusDocument(session, live))
      return 0
    }
    var rows: [[String]] = [
      ["world", plain(session.folder.id) + seedText(session)],
      ["clock", "\(session.now.promptText), \(session.now.rfc3339)\(sinceStart(session))"],
      ["place", "\(caller.account) \(caller.region) as \(plain(caller.userName))"],
    ]
    let status = session.status
    if status.isFork, let began = status.forkedAt {
      rows.append(["what-if", "since \(began.promptText); keep or discard"])
    }
    rows += try labDesk.statusRows(self, session)
    rows.append(["undo", undoText(ChangeSteps(session))])
    if !status.marks.isEmpty {
      rows.append(["marks", plain(status.marks.joined(separator: ", "))])
    }
    let pending = session.pendingTransitions
    if let next = pending.first {
      let more = pending.count > 1 ? ", and \(pending.count - 1) more" : ""
      rows.append(["pending", "\(plain(next.what)) in \((next.at - session.now).spoken)\(more)"])
    }
    rows.append(["owner", ownerText])
    let widest = rows.map { TerminalText.width($0[0]) }.max() ?? 0
    for row in rows { tell(row[1], first: "  \(TerminalText.padded(row[0], to: widest))  ") }
    say()
    listTables(live)
    return 0
  }

  /// The process that owns the world, and whether others are at it too.
  private var ownerText: String {
    if isGuest { return "process \(getpid())" }
    let guests = owned?.guestCount ?? 0
    return guests > 0 ? "this process, shared with \(counted(guests, "other"))" : "this process"
  }

  private func seedText(_ session: Session) -> String {
    ", seed \(session.opening.start.seed.seedText)"
  }

  private func sinceStart(_ session: Session) -> String {
    let passed = session.now - session.opening.start.clock
    return passed > .zero ? ", \(passed.spoken) since the start" : ""
  }

  private func undoText(_ steps: ChangeSteps) -> String {
    let back = steps.back.isEmpty ? "nothing" : counted(steps.back.count, "change")
    return steps.forward.isEmpty ? back : "\(back), redo \(counted(steps.forward.count, "change"))"
  }

  /// The tables of the place, a line each.
  private func listTables(_ live: LiveWorld) {
    let names = live.region.tableNames
    guard !names.isEmpty else {
      tell(
        "No tables in \(live.caller.region). \"aws dynamodb create-table help\" shows how to make one.",
        first: "  ")
      return
    }
    var rows = [["table", "status", "items", "PITR", "backups"]]
    for name in names.prefix(30) {
      let description = live.ask("DescribeTable", ["TableName": .string(name)])?["Table"]
      let items = live.region.table(named: name).map { grouped(Int64($0.image.count)) } ?? ""
      rows.append([
        plain(name), description?["TableStatus"]?.string ?? "", items, recovery(of: name, live),
        String(live.backups(of: name).count),
      ])
    }
    table(rows, right: [2, 4])
    if names.count > 30 { say("  and \(names.count - 30) more tables") }
  }

  private func recovery(of table: String, _ live: LiveWorld) -> String {
    guard
      let recovery = live.ask("DescribeContinuousBackups", ["TableName": .string(table)])?[
        "ContinuousBackupsDescription"]?["PointInTimeRecoveryDescription"],
      recovery["PointInTimeRecoveryStatus"]?.string == "ENABLED",
      let days = recovery["RecoveryPeriodInDays"]?.integer
    else { return "off" }
    return "\(days)d"
  }

  private func statusDocument(_ session: Session, _ live: LiveWorld) throws -> Document {
    let status = session.status
    return [
      "world": .string(session.folder.id), "seed": .string(session.opening.start.seed.seedText),
      "now": .string(session.now.rfc3339Milliseconds),
      "start": .string(session.opening.start.clock.rfc3339Milliseconds),
      "account": .string(live.caller.account), "region": .string(live.caller.region),
      "fork": .bool(status.isFork), "undoable": .integer(Int64(ChangeSteps(session).back.count)),
      "redoable": .integer(Int64(ChangeSteps(session).forward.count)),
      "marks": .array(status.marks.map(Document.string)), "rows": .integer(status.rows),
      "lab": try labDesk.statusDocument(self, session),
      "owner": .string(ownerText), "pending": .integer(Int64(session.pendingTransitions.count)),
      "tables": .array(live.region.tableNames.map(Document.string)),
      "fingerprint": .string(session.cloud.fingerprint()),
    ]
  }
}

extension UInt64 {
  /// A seed as it is shown and typed: `41ad-0007`.
  package var seedText: String {
    guard self <= UInt64(UInt32.max) else { return String(self, radix: 16) }
    let digits = String(self, radix: 16)
    let full = String(repeating: "0", count: 8 - digits.count) + digits
    return full.prefix(4) + "-" + full.suffix(4)
  }

  /// Reads a seed: decimal digits, or hexadecimal ones with a dash.
  package init?(seedText text: String) {
    if text.contains("-") {
      let digits = text.filter { $0 != "-" }
      guard digits.utf8.count <= 16, let value = UInt64(digits, radix: 16), !text.hasPrefix("-")
      else { return nil }
      self = value
    } else {
      guard let value = UInt64(text) ?? UInt64(text, radix: 16) else { return nil }
      self = value
    }
  }
}
