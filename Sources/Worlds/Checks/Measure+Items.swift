// SPDX-License-Identifier: GPL-3.0-or-later

internal import CloudEngine
internal import ContentFormat
internal import Documents
internal import ItemModel
internal import JMESPath
internal import Simulation
internal import TableStore

extension Measure {
  /// The measure `run`: the last command's answer, or its refusal.
  static func run(
    _ commands: [ContentCommand], _ condition: Condition, in scene: Scene
  ) throws(ContentProblem) -> Verdict {
    var fork = scene.run
    var result = RunResult()
    for command in commands { result = try fork.run(command.text, as: condition.runAs) }
    let failure = result.refusal?.code ?? result.stderr.split(separator: "\n").last.map(String.init)
    if let code = condition.refused {
      let isRefused = result.status != 0 && result.refusal?.code == code
      return Verdict(
        isRefused, expected: "refused with \(code)",
        actual: result.status == 0 ? "accepted" : failure ?? "status \(result.status)")
    }
    guard result.status == 0 else {
      let expected =
        condition.comparison.isEmpty
        ? "accepted" : condition.comparison.evaluate(.null).expected
      return Verdict(
        false, expected: expected,
        actual: "refused: \(failure ?? "status \(result.status)")",
        nearest: result.refusal?.message)
    }
    guard !condition.comparison.isEmpty else {
      return Verdict(true, expected: "accepted", actual: "accepted")
    }
    let bindings = fork.bindings
    var answer = result.answer
    if let query = condition.query {
      let text = try bindings.substitute(query)
      do throws(JMESPathError) {
        answer = try JMESPathExpression(parsing: text).search(in: answer)
      } catch {
        throw ContentProblem(.badValue, "the query \(text): \(error.message)")
      }
    }
    return Verdict(try condition.comparison.substituting(bindings).evaluate(answer))
  }
}

extension SameItems {
  func evaluate(in run: WorldRun) throws(ContentProblem) -> Verdict {
    let wanted =
      minimumShare == 1 ? "the same items as" : "\(percent(minimumShare)) of the items of"
    let expected = "\(wanted) \(reference.words)"
    switch (try table.find(in: run), try reference.find(in: run)) {
    case (.failure(let nothing), _), (_, .failure(let nothing)):
      return Verdict(false, expected: expected, actual: nothing.what, nearest: nothing.nearest)
    case (.success(let found), .success(let right)):
      let share = found.image.share(agreeing: right.image, ignoring: ignore)
      let passes = share >= minimumShare
      return Verdict(
        passes, share: passes ? 1 : share, expected: expected,
        actual: share == 1 ? "the same items" : "\(percent(share)) agree",
        nearest: passes
          ? nil : "\(found.name) holds \(found.image.count) items, \(right.image.count) are right")
    }
  }
}

/// A share in words, never rounded up to all.
func percent(_ share: Double) -> String {
  let tenths = Int((share * 1000).rounded(.down))
  return tenths.isMultiple(of: 10) ? "\(tenths / 10)%" : "\(tenths / 10).\(tenths % 10)%"
}

extension TableImage {
  /// The share of all items of either image that are in both and equal.
  ///
  /// - Complexity: O(n) in the items; the number of differences where nothing is ignored.
  func share(agreeing other: TableImage, ignoring names: [String]) -> Double {
    guard keySchema == other.keySchema else { return 0 }
    var differing = 0
    var onlyHere = 0
    forEachDifference(from: other) { _, theirs, ours in
      if theirs == nil { onlyHere += 1 }
      if let theirs, let ours, !names.isEmpty, theirs.without(names) == ours.without(names) {
        return
      }
      differing += 1
    }
    let all = other.count + onlyHere
    return all == 0 ? 1 : Double(all - differing) / Double(all)
  }
}

extension Item {
  fileprivate func without(_ names: [String]) -> AttributeMap {
    var map = attributes
    for name in names { map[name] = nil }
    return map
  }
}

extension LostWrites {
  func evaluate(in run: WorldRun) throws(ContentProblem) -> Verdict {
    let streams = run.schedule.streams
    guard let writes = streams.first(where: { $0.id == stream }) else {
      throw ContentProblem(
        .unknownName, "there is no stream \(stream)",
        fix: Suggestion.fix(for: stream, among: streams.map(\.id)))
    }
    let start = try since?.instant(from: run.world.clock, run.bindings)
    let reference = source ?? TableRef(table: writes.table)
    let expected = "at most \(maximum) writes of \(stream) missing"
    switch (try table.find(in: run), try reference.find(in: run)) {
    case (.failure(let nothing), _), (_, .failure(let nothing)):
      return Verdict(false, expected: expected, actual: nothing.what, nearest: nothing.nearest)
    case (.success(let found), .success(let right)):
      let schema = right.image.keySchema
      var seen: Set<ItemKey> = []
      var lost = 0
      for attributes in writes.keys(after: start, through: run.now) {
        guard let key = try? schema.key(of: attributes), seen.insert(key).inserted else { continue }
        if found.image.item(key) != right.image.item(key) { lost += 1 }
      }
      let passes = lost <= maximum
      return Verdict(
        passes,
        share: passes ? 1 : seen.isEmpty ? 0 : Double(seen.count - lost) / Double(seen.count),
        expected: expected, actual: "\(lost) of \(seen.count)")
    }
  }
}

extension Untouched {
  func evaluate(in run: WorldRun) throws(ContentProblem) -> Verdict {
    let instant = try since?.instant(from: run.world.clock, run.bindings) ?? run.world.clock
    let before = run.state(at: instant)
    var changed: [String] = []
    for written in names {
      let name = try run.bindings.substitute(written)
      let place = try run.place(nil, of: name)
      guard let old = before.cloud[place].table(named: name) else {
        throw ContentProblem(
          .unknownName, "there was no table \(name) at \(TimeText.text(instant))")
      }
      guard let new = run.cloud[place].table(named: name), new.id == old.id else {
        changed.append("\(name) is gone")
        continue
      }
      var differences = 0
      new.image.forEachDifference(from: old.image) { _, _, _ in differences += 1 }
      if differences > 0 { changed.append("\(differences) items of \(name) changed") }
      let (was, now) = (
        TableSettingsReader(before, place).settings(of: name, except: exceptTags),
        TableSettingsReader(run, place).settings(of: name, except: exceptTags)
      )
      for aspect in SettingsMeasure.Aspect.allCases where was[aspect] != now[aspect] {
        changed.append("\(aspect.rawValue) of \(name) changed")
      }
    }
    return Verdict(
      changed.isEmpty, expected: "as at \(TimeText.text(instant))",
      actual: changed.isEmpty ? "unchanged" : changed.joined(separator: ", "))
  }
}

extension ServiceMeasure {
  func evaluate(in run: WorldRun) throws(ContentProblem) -> Verdict {
    let world = run.world
    let apps = world.description.apps
    guard let named = apps.first(where: { $0.name == app }) else {
      throw ContentProblem(
        .unknownName, "there is no app \(app)",
        fix: Suggestion.fix(for: app, among: apps.map(\.name)))
    }
    let incident = try from?.instant(from: world.clock, run.bindings)
    var right = reference ?? TableRef(table: named.value.uses)
    if reference == nil, let incident { right.at = .absolute(incident - .milliseconds(1)) }
    let now = try works(named, right, in: run)
    guard now.passes, let incident, let maximum else { return now }
    for moment in run.learnerMoments where moment.now >= incident {
      guard try works(named, right, in: moment).passes else { continue }
      let lasted = moment.now - incident
      return Verdict(
        lasted <= maximum, expected: "back within \(maximum.shortText)",
        actual: "back after \(lasted.shortText)")
    }
    return now
  }

  private func works(
    _ app: Named<AppDescription>, _ right: TableRef, in run: WorldRun
  ) throws(ContentProblem) -> Verdict {
    let place = try run.place(nil, of: app.value.config)
    let expected = "\(app.name) reads the items of \(right.words)"
    let key: AttributeMap = [AppDescription.keyAttribute: .string(app.name)]
    guard let config = run.cloud[place].table(named: app.value.config),
      let itemKey = try? config.image.keySchema.key(of: key),
      case .string(let name)? = config.image.item(itemKey)?[AppDescription.tableAttribute]
    else {
      return Verdict(
        false, expected: expected, actual: "\(app.value.config) has no item for \(app.name)")
    }
    guard let table = run.cloud[place].table(named: name), table.isActive else {
      return Verdict(
        false, expected: expected, actual: "\(app.name) reads \(name), which is not there")
    }
    guard case .success(let wanted) = try right.find(in: run) else {
      return Verdict(false, expected: expected, actual: "\(right.words) is not there")
    }
    let share = table.image.share(agreeing: wanted.image, ignoring: [])
    return Verdict(
      share == 1, share: share, expected: expected,
      actual: "\(app.name) reads \(name), \(percent(share)) of it right")
  }
}
