// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
internal import Documents
internal import Simulation
package import Worlds

extension LabRun {
  /// Looks at the present task; while a task passes, the next one is looked at too.
  ///
  /// A next task that does not pass is told of only where something was done for it: where it earns
  /// something, or a trap that fails it is recognised.
  ///
  /// - Parameters:
  ///   - world: The learner's world; it is not changed.
  ///   - task: A task to look at instead of the present one, counted from 0.
  ///   - entries: The places in the log of the commands in effect, kept for replay.
  /// - Returns: What to save and apply; nothing is applied here.
  /// - Throws: `ContentProblem` for a check that cannot be made.
  package func check(
    _ world: WorldRun, task: Int? = nil, entries: [Int]
  ) throws(ContentProblem) -> CheckRecord {
    var later = self
    var verdicts: [TaskVerdict] = []
    var trap: Named<Trap>?
    var next = task ?? currentTask
    while let index = next {
      let verdict = try verdict(of: index, in: world)
      if !verdict.passes {
        trap = try recognisedTrap(in: world, failing: verdict.checks)
        let isBegun = trap != nil || verdict.checks.contains { $0.earned > 0 }
        if verdicts.isEmpty || isBegun { verdicts.append(verdict) }
        break
      }
      verdicts.append(verdict)
      guard task == nil else { break }
      later.take(verdict, of: index)
      next = later.currentTask
      if verdicts.contains(where: { $0.task == next }) { break }
    }
    let guards = try scenario.guards.verdicts(in: scene(world))
    // A broken guard concerns the whole lab: its trap is told of whatever the task is.
    if trap == nil { trap = try recognisedTrap(in: world, failing: guards) }
    return CheckRecord(
      at: world.now, entries: entries, tasks: verdicts, guards: guards, trap: trap?.name)
  }

  private mutating func take(_ verdict: TaskVerdict, of task: Int) {
    apply(
      .check(
        CheckRecord(at: start.clock, entries: [], tasks: [verdict], guards: [], trap: nil)))
  }

  private func scene(_ world: WorldRun) -> Scene { Scene(world, answer: answer) }

  /// What every check of a task comes to.
  ///
  /// A check that holds from the very start, such as "orders was left alone", earns its points only
  /// beside another one that was done something for.
  ///
  /// - Throws: `ContentProblem` for a check that cannot be made.
  package func verdict(of task: Int, in world: WorldRun) throws(ContentProblem) -> TaskVerdict {
    let checks = scenario.tasks[task].checks
    var verdicts = try checks.verdicts(in: scene(world))
    let isIdle: Bool
    if verdicts.allSatisfy(\.passes) {
      isIdle = false
    } else {
      let before = try checks.verdicts(in: Scene(opening))
      isIdle = zip(verdicts, before).allSatisfy { $0.earned <= $1.earned }
    }
    if isIdle { for index in verdicts.indices { verdicts[index].earned = 0 } }
    return TaskVerdict(task: task, checks: verdicts)
  }

  // MARK: Traps

  /// The first trap whose failed checks and evidence are all there.
  ///
  /// - Throws: `ContentProblem` for a condition that cannot be looked at.
  package func recognisedTrap(in world: WorldRun) throws(ContentProblem) -> Named<Trap>? {
    for trap in scenario.traps where try isRecognised(trap.value, in: world) { return trap }
    return nil
  }

  /// The first trap that is recognised and fails one of the checks that failed.
  private func recognisedTrap(
    in world: WorldRun, failing verdicts: [CheckVerdict]
  ) throws(ContentProblem) -> Named<Trap>? {
    let failed = verdicts.filter { !$0.passes }.map(\.id)
    for trap in scenario.traps where trap.value.fails.contains(where: { failed.contains($0.value) })
    {
      if try isRecognised(trap.value, in: world) { return trap }
    }
    return nil
  }

  /// Whether a trap would speak here.
  package func isRecognised(_ trap: Trap, in world: WorldRun) throws(ContentProblem) -> Bool {
    let scene = scene(world)
    // The evidence is cheap and most often missing; it is looked at first.
    for condition in trap.when {
      guard try condition.evaluate(in: scene).passes else { return false }
    }
    let checks = scenario.checks + scenario.guards
    for id in trap.fails {
      guard let check = checks.first(where: { $0.id == id.value }),
        try !check.condition.evaluate(in: scene).passes
      else { return false }
    }
    return true
  }

  /// The words of a trap that a check recognised.
  package func words(ofTrap name: String) -> String? {
    scenario.traps.first { $0.name == name }.map { text($0.value.says) }
  }

  // MARK: Recovery

  /// Whether the recovery that a target measures has just ended; asked after every command.
  ///
  /// - Returns: What to save and apply; nil where nothing is measured or it ended before.
  /// - Throws: `ContentProblem` for a check that cannot be made.
  package func noticeRecovery(
    _ world: WorldRun, entries: [Int]
  ) throws(ContentProblem) -> LabEvent? {
    guard recoveredAt == nil, finish == nil, let target = scenario.targets.recoveryTime,
      let check = scenario.checks.first(where: { $0.id == target.until.value }),
      let from = try incident(of: target), world.now >= from,
      try check.condition.evaluate(in: scene(world)).passes
    else { return nil }
    return .recovered(at: world.now, entries: entries)
  }

  /// When what a recovery is measured from happened.
  func incident(of target: RecoveryTimeTarget) throws(ContentProblem) -> Instant? {
    guard let from = target.from else { return nil }
    return try from.instant(from: start.clock, opening.bindings)
  }

  // MARK: The end

  /// Ends the lab: open tasks and targets are looked at once more.
  ///
  /// - Parameters:
  ///   - world: The learner's world; it is not changed.
  ///   - entries: The places in the log of the commands in effect.
  ///   - changes: How many commands in effect changed something.
  /// - Returns: What to save and apply.
  /// - Throws: `ContentProblem` for a check that cannot be made.
  package func finishing(
    _ world: WorldRun, entries: [Int], changes: Int
  ) throws(ContentProblem) -> FinishRecord {
    var open: [TaskVerdict] = []
    for task in tasks.indices where !tasks[task].isPassed {
      open.append(try verdict(of: task, in: world))
    }
    var after = self
    for verdict in open { after.take(verdict, of: verdict.task) }
    let hasDoneSomething = after.tasks.contains { standing in
      standing.verdict?.checks.contains { $0.earned > 0 } ?? false
    }
    var guards = try scenario.guards.verdicts(in: scene(world))
    if !hasDoneSomething { for index in guards.indices { guards[index].earned = 0 } }
    return FinishRecord(
      at: world.now, entries: entries, tasks: open, guards: guards,
      targets: try targetVerdicts(world, changes: changes, isComplete: after.isComplete))
  }

  private func targetVerdicts(
    _ world: WorldRun, changes: Int, isComplete: Bool
  ) throws(ContentProblem) -> [TargetVerdict] {
    var result: [TargetVerdict] = []
    if let target = scenario.targets.recoveryTime {
      let from = try incident(of: target)
      let lasted = recoveredAt.flatMap { end in from.map { end - $0 } }
      let isMet = lasted.map { $0 <= target.maximum } ?? false
      result.append(
        TargetVerdict(
          kind: .rto, earned: isMet ? target.points : 0, points: target.points,
          expected: "at most \(target.maximum.shortText)",
          actual: lasted?.shortText ?? "not recovered"))
    }
    for (kind, target) in [
      (TargetVerdict.Kind.rpo, scenario.targets.recoveryPoint), (.cost, scenario.targets.cost),
    ] {
      guard let target else { continue }
      // What was lost is counted when the recovery was over, not after later repairs.
      let then = kind == .rpo ? recoveredAt.map { world.state(at: $0) } : nil
      let verdict = try target.condition.evaluate(in: scene(then ?? world))
      result.append(
        TargetVerdict(
          kind: kind, earned: verdict.passes && isComplete ? target.points : 0,
          points: target.points, expected: verdict.expected, actual: verdict.actual))
    }
    if let target = scenario.targets.commands {
      let par = max(1, scenario.par)
      let over = max(0, changes - par)
      let earned = isComplete ? max(0, target.points - target.points * over / par) : 0
      result.append(
        TargetVerdict(
          kind: .commands, earned: earned, points: target.points,
          expected: "\(par), the best known", actual: "\(changes)"))
    }
    return result
  }
}

extension [Check] {
  /// What each check comes to.
  ///
  /// - Throws: `ContentProblem` with the place of the check for one that cannot be made.
  func verdicts(in scene: Scene) throws(ContentProblem) -> [CheckVerdict] {
    var result: [CheckVerdict] = []
    for check in self {
      var verdict = try check.condition.evaluate(in: scene)
      if case .measure(.answer)? = check.condition.body, !verdict.passes {
        // Saying what was expected would give the answer away.
        verdict.expected = "the right answer"
      }
      let share = verdict.passes ? 1 : Swift.min(Swift.max(0, verdict.share), 1)
      result.append(
        CheckVerdict(
          id: check.id ?? "", passes: verdict.passes,
          earned: verdict.passes
            ? check.points : Swift.min(Int(share * Double(check.points)), check.points - 1).clamped,
          expected: verdict.expected, actual: verdict.actual, nearest: verdict.nearest))
    }
    return result
  }
}

extension Int {
  fileprivate var clamped: Int { Swift.max(0, self) }
}

extension Scenario {
  /// The least number of commands that change something among the solutions.
  package var par: Int {
    solutions.map { $0.value.run.filter(\.isChange).count }.min() ?? 0
  }
}

extension ContentCommand {
  /// Whether this `aws` command asks for a change, by the name of its operation.
  package var isChange: Bool {
    let words = text.split(separator: " ").map(String.init)
    guard let start = words.firstIndex(where: { $0 == "aws" || $0.hasSuffix("$(aws") }) else {
      return false
    }
    let names = words[(start + 1)...].filter { !$0.hasPrefix("-") }
    guard let operation = names.dropFirst().first else { return false }
    let reading = ["describe-", "list-", "get-", "batch-get-", "lookup-", "query", "scan", "wait"]
    return !reading.contains { operation.hasPrefix($0) }
  }
}
