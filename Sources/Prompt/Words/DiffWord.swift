// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import StateStore
import TableStore

extension Console {
  /// `diff [N]`: what differs from the start of the world, or from before the last N changes.
  func diff(_ call: Call) throws -> Int32 {
    let session = try world()
    var older = session.startCloud
    var since = "the start"
    if let text = try call.onlyArgument() {
      guard let count = Int(text), count >= 1 else {
        throw call.misuse("\"\(text)\" is no number of changes.")
      }
      let states = session.states.dropLast()
      guard count <= states.count else {
        throw PromptRefusal(
          "There are \(counted(states.count, "change")) to look back on.",
          advice: "\"diff\" alone compares with the start.")
      }
      older = states[states.endIndex - count].cloud
      since = "before the last \(count == 1 ? "change" : "\(count) changes")"
    }
    let profile = defaultProfile(session)
    let caller = caller(session)
    let difference = WorldDifference(
      from: LiveWorld(older, profile, caller: caller),
      to: LiveWorld(session.cloud, profile, caller: caller))
    if settings.printsJSON {
      answer(.array(difference.lines.map { ["sign": .string($0.sign), "text": .string($0.text)] }))
      return 0
    }
    say("Since \(since), \(older.now.rfc3339), in \(caller.region):")
    if difference.lines.isEmpty { say("  nothing differs but the clock") }
    for line in difference.lines { tell(line.text, first: "  \(line.sign) ", rest: "      ") }
    return 0
  }
}

/// What differs between two clouds in one place, a line each.
struct WorldDifference {
  struct Line {
    /// `+` came, `-` went, `~` changed.
    let sign: String
    let text: String
  }

  private(set) var lines: [Line] = []

  init(from old: LiveWorld, to new: LiveWorld) {
    let (before, after) = (old.region.tableNames, new.region.tableNames)
    for name in Set(before + after).sorted() {
      switch (old.region.table(named: name), new.region.table(named: name)) {
      case (nil, let table?):
        add("+", "table \(plain(name)), \(counted(table.image.count, "item"))")
      case (_?, nil): add("-", "table \(plain(name))")
      case (let left?, let right?):
        if left.id != right.id {
          add("~", "table \(plain(name)) is another table of the same name")
        }
        compareItems(left, right, name: plain(name))
        compareSettings(old, new, name: name)
      case (nil, nil): break
      }
    }
    let (kept, now) = (old.backups(), new.backups())
    let (oldARNs, newARNs) = (Set(kept.map(\.arn)), Set(now.map(\.arn)))
    for backup in kept where !newARNs.contains(backup.arn) { add("-", Self.text(backup)) }
    for backup in now where !oldARNs.contains(backup.arn) { add("+", Self.text(backup)) }
  }

  private static func text(_ backup: LiveWorld.BackupLine) -> String {
    "\(backup.kind == "SYSTEM" ? "system backup" : "backup") \(plain(backup.name)) "
      + "of \(plain(backup.table))"
  }

  private mutating func add(_ sign: String, _ text: String) {
    lines.append(Line(sign: sign, text: text))
  }

  private mutating func compareItems(_ old: Table, _ new: Table, name: String) {
    guard old.image.keySchema == new.image.keySchema else { return add("~", "\(name): other keys") }
    var counts = (added: 0, changed: 0, removed: 0)
    new.image.forEachDifference(from: old.image) { _, before, after in
      switch (before, after) {
      case (nil, _): counts.added += 1
      case (_, nil): counts.removed += 1
      default: counts.changed += 1
      }
    }
    let parts = [
      (counts.added, "added"), (counts.changed, "changed"), (counts.removed, "removed"),
    ].filter { $0.0 > 0 }.map { "\(counted($0.0, "item")) \($0.1)" }
    if !parts.isEmpty { add("~", "\(name): \(parts.joined(separator: ", "))") }
  }

  /// Members of `DescribeTable` that are settings, not measurements.
  private static let settings = [
    "TableStatus", "BillingModeSummary", "ProvisionedThroughput", "DeletionProtectionEnabled",
    "TableClassSummary", "StreamSpecification", "SSEDescription", "GlobalSecondaryIndexes",
    "OnDemandThroughput", "Replicas", "GlobalTableWitnesses", "MultiRegionConsistency",
  ]
  private static let measurements = ["IndexSizeBytes", "ItemCount"]

  private mutating func compareSettings(_ old: LiveWorld, _ new: LiveWorld, name: String) {
    let input: Document = ["TableName": .string(name)]
    let (before, after) = (
      old.ask("DescribeTable", input)?["Table"], new.ask("DescribeTable", input)?["Table"]
    )
    for member in Self.settings {
      compare(Self.stripped(before?[member]), Self.stripped(after?[member]), member, name)
    }
    let recovery: (LiveWorld) -> Document? = { live in
      live.ask("DescribeContinuousBackups", input)?["ContinuousBackupsDescription"]?[
        "PointInTimeRecoveryDescription"]?
        .without("EarliestRestorableDateTime").without("LatestRestorableDateTime")
    }
    compare(recovery(old), recovery(new), "PITR", name)
    let life: (LiveWorld) -> Document? = {
      $0.ask("DescribeTimeToLive", input)?["TimeToLiveDescription"]
    }
    compare(life(old), life(new), "TTL", name)
    let tags: (LiveWorld) -> Document? = { live in
      let arn = ARN.table(name, in: live.caller.place)
      return live.ask("ListTagsOfResource", ["ResourceArn": .string(arn)])?["Tags"]
    }
    compare(tags(old), tags(new), "tags", name)
  }

  private static func stripped(_ document: Document?) -> Document? {
    guard case .array(let elements)? = document else { return document }
    return .array(
      elements.map { element in
        measurements.reduce(element) { $0.without($1) }
      })
  }

  private mutating func compare(_ old: Document?, _ new: Document?, _ what: String, _ name: String)
  {
    let (left, right) = (old ?? .null, new ?? .null)
    guard left != right else { return }
    add("~", "\(plain(name)) \(what): \(Self.short(left)) -> \(Self.short(right))")
  }

  private static func short(_ document: Document) -> String {
    if document == .null { return "none" }
    let text = plain(document.json(.compact))
    return text.count > 200 ? text.prefix(200) + "…" : text
  }
}
