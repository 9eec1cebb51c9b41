// SPDX-License-Identifier: GPL-3.0-or-later

internal import CloudEngine
package import ContentFormat
internal import Simulation
package import Worlds

/// The rules between the parts of a scenario that no schema can say: names that refer to something,
/// ids that are unique, placeholders that are declared.
struct ScenarioRules {
  private let scenario: Scenario
  /// The whole file as it was written.
  private let root: ContentNode
  private var found: [(code: ContentError.Code, message: String, fix: String?, mark: Mark)] = []

  init(_ scenario: Scenario, root: ContentNode) {
    self.scenario = scenario
    self.root = root
  }

  /// Reports everything that breaks a rule.
  func report(_ reading: inout Reading) {
    var rules = self
    rules.checkIDs()
    rules.checkTasks()
    rules.checkUnstated()
    rules.checkWays()
    rules.checkTargets()
    rules.checkPlaceholders()
    for problem in rules.found {
      reading.report(problem.code, problem.message, fix: problem.fix, at: problem.mark)
    }
  }

  private mutating func add(
    _ code: ContentError.Code, _ message: String, fix: String? = nil, at mark: Mark
  ) {
    found.append((code, message, fix, mark))
  }

  /// Reports a name that is not among those there are.
  private mutating func look(
    _ name: Located<String>, among names: [String], _ what: String
  ) {
    guard !names.contains(name.value) else { return }
    add(
      .unknownName, "there is no \(what) \(name.value)",
      fix: Suggestion.fix(for: name.value, among: names), at: name.mark)
  }

  private mutating func unique(_ ids: [(String?, Mark)], _ what: String) {
    var seen: Set<String> = []
    for (id, mark) in ids {
      guard let id else { continue }
      if !seen.insert(id).inserted {
        add(.duplicateID, "a second \(what) is called \(id)", fix: "ids are unique", at: mark)
      }
    }
  }

  private mutating func checkIDs() {
    unique(scenario.tasks.map { ($0.id, $0.mark) }, "task")
    unique((scenario.checks + scenario.guards).map { ($0.id, $0.mark) }, "check")
    var taught: Set<String> = []
    for claim in scenario.teaches where !taught.insert(claim.value).inserted {
      add(.duplicateID, "\(claim.value) stands twice in teaches", at: claim.mark)
    }
    let incidents = scenario.world.timeline.map { ($0.id, $0.mark) }
    let names = Set(
      scenario.parameters.map(\.name) + scenario.world.tables.map(\.name)
        + scenario.world.traffic.map(\.id))
    for (id, mark) in incidents where names.contains(id) {
      add(.duplicateID, "the incident \(id) is called like something else", at: mark)
    }
  }

  private mutating func checkTasks() {
    var before: [String] = []
    for task in scenario.tasks {
      for need in task.needs { look(need, among: before, "earlier task") }
      before.append(task.id ?? "")
      let costs = task.hints.reduce(0) { $0 + $1.cost }
      if costs > task.points {
        add(
          .badValue, "its hints cost \(costs) points, it gives \(task.points)",
          fix: "lower the costs", at: task.mark)
      }
    }
    if scenario.points == 0, let first = scenario.tasks.first {
      add(.badValue, "no check gives points", at: first.mark)
    }
  }

  private mutating func checkUnstated() {
    let unstated = UnstatedNames(scenario)
    for check in scenario.checks + scenario.guards {
      for name in unstated.names(in: check.condition) {
        add(
          .unstated, "the check wants \(name), which nothing the learner reads says",
          fix: "say it in the story, the task or the goal", at: check.mark)
      }
    }
  }

  private mutating func checkWays() {
    let solutions = scenario.solutions.map(\.name)
    let variants = scenario.variants.map(\.name)
    let checks = (scenario.checks + scenario.guards).compactMap(\.id)
    for solution in scenario.solutions {
      for variant in solution.value.variants { look(variant, among: variants, "variant") }
    }
    for variant in scenario.variants
    where !scenario.solutions.contains(where: { solution in
      solution.value.variants.isEmpty
        || solution.value.variants.contains { $0.value == variant.name }
    }) {
      add(.missingField, "no solution is for the variant \(variant.name)", at: variant.mark)
    }
    for trap in scenario.traps {
      for id in trap.value.fails { look(id, among: checks, "check") }
      if trap.value.fails.isEmpty {
        add(
          .missingField, "the trap \(trap.name) names no check that it fails",
          fix: "fails: [\(checks.first ?? "check-id")]", at: trap.mark)
      }
      guard let after = trap.value.after else { continue }
      look(after, among: solutions, "solution")
      guard let base = scenario.solutions.first(where: { $0.name == after.value }) else { continue }
      let steps = base.value.run.count
      for step in trap.value.replace.map({ ($0.name, $0.mark) })
        + trap.value.without.map({ (String($0), trap.mark) })
      where !(Int(step.0).map { (1...max(1, steps)).contains($0) } ?? false) {
        add(
          .unknownName, "the solution \(after.value) has no step \(step.0)",
          fix: "1 to \(steps)", at: step.1)
      }
    }
  }

  private mutating func checkTargets() {
    let apps = scenario.world.apps.map(\.name)
    if let target = scenario.targets.recoveryTime {
      look(target.until, among: scenario.checks.compactMap(\.id), "check")
      if let app = target.app { look(Located(app, at: target.until.mark), among: apps, "app") }
    }
    if let target = scenario.targets.recoveryPoint {
      guard case .measure(.lostWrites)? = target.condition.body else {
        add(.conflict, "rpo is a lost-writes condition", at: target.condition.mark)
        return
      }
    }
    if let target = scenario.targets.cost {
      guard case .measure(.bill)? = target.condition.body else {
        add(.conflict, "cost is a bill condition", at: target.condition.mark)
        return
      }
    }
  }

  // MARK: Placeholders

  /// Every text of the file may use the declared names only: a placeholder that nothing declares is
  /// never passed through, not even to a command of an incident.
  private mutating func checkPlaceholders() {
    let bindings: Bindings
    do throws(ContentProblem) {
      bindings = try StartWorld(
        scenario.world, parameters: scenario.parameters, seed: 1
      ).declaredNames
    } catch {
      add(error.code, error.message, fix: error.fix, at: scenario.world.mark)
      return
    }
    checkPlaceholders(of: root, bindings)
  }

  private mutating func checkPlaceholders(of node: ContentNode, _ bindings: Bindings) {
    switch node.value {
    case .scalar(let scalar):
      guard scalar.style == .literal else { return look(scalar.text, at: node.mark, bindings) }
      let lines = scalar.text.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() {
        look(String(line), at: Mark(line: node.mark.line + 1 + index, column: 1), bindings)
      }
    case .sequence(let nodes):
      for node in nodes { checkPlaceholders(of: node, bindings) }
    case .mapping(let members):
      for member in members { checkPlaceholders(of: member.node, bindings) }
    }
  }

  private mutating func look(_ text: String, at mark: Mark, _ bindings: Bindings) {
    for problem in bindings.problems(in: text) {
      add(problem.code, problem.message, fix: problem.fix, at: mark)
    }
  }
}

extension StartWorld {
  /// Every name that may be used somewhere in the lab, with all parts it can ever have.
  package var declaredNames: Bindings {
    // Far enough ahead that every stream has written.
    var result = bindings(at: clock + .days(400))
    for table in description.tables {
      guard case .thing(let text, var parts)? = result[table.name] else { continue }
      parts["id"] = .text("")
      result[table.name] = .thing(text: text, parts: parts)
    }
    for history in description.backups {
      guard let id = history.id else { continue }
      result[id] = .thing(text: "", parts: ["arn": .text(""), "id": .text("")])
    }
    return result
  }
}

extension ContentError.Code {
  /// An id that stands twice.
  package static let duplicateID: Self = "duplicate-id"
  /// A claim of the study guide that does not exist.
  package static let unknownClaim: Self = "unknown-claim"
  /// A check wants something that nothing the learner reads says.
  package static let unstated: Self = "unstated"
  /// A reference solution whose command is refused, or that does not earn everything.
  package static let solution: Self = "solution"
  /// A trap that does not fail as it says, or is taken for another.
  package static let trap: Self = "trap"
  /// An untouched start that earns something or looks like a trap.
  package static let untouched: Self = "untouched-start"
  /// A debrief's command that is refused.
  package static let debrief: Self = "debrief"
  /// A world that cannot be built.
  package static let world: Self = "world"
}
