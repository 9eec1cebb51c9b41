// SPDX-License-Identifier: GPL-3.0-or-later

internal import CloudEngine
internal import CommandLanguage
internal import ContentFormat
internal import Documents
internal import PersistentCollections
internal import Simulation
internal import TableStore

extension TableExistence {
  func evaluate(in run: WorldRun) throws(ContentProblem) -> Verdict {
    let pattern = try run.bindings.substitute(name)
    let place = try run.place(place, of: pattern)
    let reader = CloudReader(run.cloud, place)
    var skipped: [String] = []
    for name in except { skipped.append(try run.bindings.substitute(name)) }
    let names = reader.tableNames.filter { name in
      guard Glob.matches(name, pattern), !skipped.contains(where: { Glob.matches(name, $0) })
      else { return false }
      guard let status else { return true }
      let shown = reader.ask("DescribeTable", ["TableName": .string(name)])
      return shown?["Table"]?["TableStatus"]?.string == status
    }
    let nearest =
      names.isEmpty
      ? Suggestion.nearest(to: pattern, among: reader.tableNames).map { "table \($0)" }
        ?? "tables: \(reader.tableNames.prefix(10).joined(separator: ", "))"
      : names.prefix(10).joined(separator: ", ")
    return countVerdict(names.count, minimum: minimum, maximum: maximum, nearest: nearest)
  }
}

extension BackupMeasure {
  func evaluate(in run: WorldRun) throws(ContentProblem) -> Verdict {
    let bindings = run.bindings
    let table = try of.map { text throws(ContentProblem) in try bindings.substitute(text) }
    let place = try run.place(place, of: table ?? "")
    let first = try from?.instant(from: run.world.clock, bindings)
    let last = try until?.instant(from: run.world.clock, bindings)
    let all = CloudReader(run.cloud, place).backups(of: table)
    var count = 0
    for backup in all {
      guard matches(backup, from: first, until: last),
        try restoresRight(backup, of: backup["TableName"]?.string ?? "", in: run, place)
      else { continue }
      count += 1
    }
    let nearest = all.last.flatMap { backup -> String? in
      guard let name = backup["BackupName"]?.string, let of = backup["TableName"]?.string,
        let at = backup["BackupCreationDateTime"]?.number
      else { return nil }
      let instant = Instant(milliseconds: Int64((at * 1000).rounded()))
      return "backup \(name) of \(of), \(TimeText.text(instant.flooredToSecond))"
    }
    return countVerdict(count, minimum: minimum, maximum: maximum, nearest: nearest)
  }

  private func matches(_ backup: Document, from first: Instant?, until last: Instant?) -> Bool {
    guard let type = backup["BackupType"]?.string,
      let name = backup["BackupName"]?.string,
      let seconds = backup["BackupCreationDateTime"]?.number
    else { return false }
    switch kind {
    case .native: if type != "USER" { return false }
    case .system: if type != "SYSTEM" { return false }
    case .any, .awsBackup: break
    }
    if let pattern = self.name, !Glob.matches(name, pattern) { return false }
    // A backup that is still being made counts for nothing yet.
    if backup["BackupStatus"]?.string != "AVAILABLE" { return false }
    let created = Int64((seconds * 1000).rounded())
    if let first, created < first.milliseconds { return false }
    if let last, created > last.milliseconds { return false }
    return true
  }

  private func restoresRight(
    _ backup: Document, of table: String, in run: WorldRun, _ place: Place
  ) throws(ContentProblem) -> Bool {
    guard restores != nil || status != nil, let arn = backup["BackupArn"]?.string else {
      return true
    }
    let image = run.restored(backup: arn, in: place)
    switch restores {
    case .no: return image == nil
    case .yes, nil: return image != nil
    case .sameItems:
      var wanted = reference ?? TableRef(table: table)
      if reference == nil, let seconds = backup["BackupCreationDateTime"]?.number {
        wanted.at = .absolute(Instant(milliseconds: Int64((seconds * 1000).rounded())))
      }
      guard let image, case .success(let right) = try wanted.find(in: run) else { return false }
      return image.share(agreeing: right.image, ignoring: []) == 1
    }
  }
}

extension WindowMeasure {
  func evaluate(in run: WorldRun) throws(ContentProblem) -> Verdict {
    let name = try run.bindings.substitute(table)
    let place = try run.place(place, of: name)
    let first = try from?.instant(from: run.world.clock, run.bindings)
    let last = try until?.instant(from: run.world.clock, run.bindings)
    let ends = [first, last].compactMap { $0.map(TimeText.text) }
    let expected =
      ends.isEmpty ? "point-in-time recovery on" : "restorable: \(ends.joined(separator: " to "))"
    guard let live = run.cloud[place].table(named: name) else {
      return Verdict(false, expected: expected, actual: "there is no table \(name)")
    }
    guard let window = live.restoreWindow(at: run.now) else {
      return Verdict(false, expected: expected, actual: "point-in-time recovery is off")
    }
    let covers = first.map { window.lowerBound <= $0 } ?? true
    let reaches = last.map { window.upperBound >= $0 } ?? true
    return Verdict(
      covers && reaches, expected: expected,
      actual: "\(TimeText.text(window.lowerBound)) to \(TimeText.text(window.upperBound))")
  }
}

extension TrailMeasure {
  func evaluate(in run: WorldRun) throws(ContentProblem) -> Verdict {
    let bindings = run.bindings
    let first = try from?.instant(from: run.world.clock, bindings) ?? run.world.clock
    let last = try until?.instant(from: run.world.clock, bindings)
    let about = try table.map { text throws(ContentProblem) in try bindings.substitute(text) }
    let actor = by == "any" || by == nil ? nil : try run.world.profile(by)
    var same: [String] = []
    var count = 0
    for record in run.cloud.observations.events {
      guard record.at >= first, record.at <= last ?? run.now,
        Glob.matches(record.name, event), about == nil || record.tableName == about
      else { continue }
      same.append("\(record.name) by \(record.caller.userName)")
      guard record.errorCode == error,
        actor == nil
          || record.caller.account == actor?.account && record.caller.principal == actor?.principal
      else { continue }
      count += 1
    }
    return countVerdict(count, minimum: minimum, maximum: maximum, nearest: same.last)
  }
}

extension BillMeasure {
  func evaluate(in run: WorldRun) throws(ContentProblem) -> Verdict {
    let name = try run.bindings.substitute(of)
    let cost = cost(of: name, in: run)
    guard against == .start else {
      let compared = try comparison.substituting(run.bindings)
      return verdict(compared.evaluate(.double(rounded(cost))), unit: "USD")
    }
    let before = self.cost(of: name, in: run.atStart)
    guard before > 0 else {
      return Verdict(
        cost == 0 && comparison.evaluate(1).passes, expected: comparison.evaluate(1).expected,
        actual: "it cost nothing at the start")
    }
    return verdict(
      try comparison.substituting(run.bindings).evaluate(.double(rounded(cost / before))),
      unit: "times the start")
  }

  private func verdict(_ outcome: ComparisonOutcome, unit: String) -> Verdict {
    Verdict(
      outcome.passes, expected: "\(outcome.expected) \(unit)", actual: "\(outcome.actual) \(unit)")
  }

  /// What is metered over the time to come, on a copy in which nothing else happens; of a line that
  /// is paid at once, what was paid so far.
  private func cost(of name: String, in run: WorldRun) -> Double {
    var cloud = run.cloud
    let isPaidOnce = BillLine(rawValue: line.rawValue)?.isPaidOnce ?? false
    let before = Bill(cloud, until: cloud.now)
    cloud.advance(by: length)
    let later = Bill(cloud, until: cloud.now)
    return (isPaidOnce ? later : later.since(before)).entries
      .filter { entry in
        (name == "all" || Glob.matches(entry.heading.name, name)) && line.admits(entry.heading)
          && (vault == nil || entry.heading.vault.map { Glob.matches($0, vault ?? "") } ?? false)
      }.reduce(.zero) { $0 + $1.cost }.dollars
  }

  /// A millionth of a dollar is the finest anybody reads; sums of doubles differ below it.
  private func rounded(_ value: Double) -> Double { (value * 1_000_000).rounded() / 1_000_000 }
}

extension AnswerMeasure {
  func evaluate(in scene: Scene) throws(ContentProblem) -> Verdict {
    let wanted = try comparison.substituting(scene.run.bindings)
    guard let answer = scene.answer else {
      return Verdict(false, expected: wanted.evaluate(.null).expected, actual: "no answer yet")
    }
    switch kind {
    case .number:
      guard let number = JSONNumber.parse(answer) else {
        return Verdict(
          false, expected: wanted.evaluate(.null).expected, actual: "\(answer), which is no number")
      }
      return Verdict(wanted.evaluate(number))
    case .time:
      guard let instant = try? Instant(awsTimestamp: answer) else {
        return Verdict(
          false, expected: wanted.evaluate(.null).expected, actual: "\(answer), which is no time")
      }
      return Verdict(wanted.evaluate(.string(TimeText.text(instant))))
    case .name, .choice: return Verdict(wanted.evaluate(.string(answer)))
    }
  }
}
