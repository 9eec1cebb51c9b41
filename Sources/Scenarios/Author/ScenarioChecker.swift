// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
internal import Documents
internal import Simulation
internal import Worlds

/// Proves scenarios: every reference solution earns everything, every trap fails as it says, and an
/// untouched start earns nothing, over many seeds and every variant.
///
/// ```swift
/// let errors = ScenarioChecker(seeds: 1...20).check(file)
/// ```
package struct ScenarioChecker: Sendable {
  package let seeds: ClosedRange<UInt64>
  /// The ids of the study guide's claims; nil where they are not known.
  package let claims: [String]?

  package init(seeds: ClosedRange<UInt64> = 1...20, claims: [String]? = nil) {
    self.seeds = seeds
    self.claims = claims
  }

  /// Everything wrong with a file, in its order.
  ///
  /// - Complexity: O(seeds × variants × (solutions + traps)) runs.
  package func check(_ file: ScenarioFile) -> [ContentError] {
    guard let scenario = file.scenario else { return file.errors }
    var errors = names(of: scenario, in: file)
    let variants: [String?] =
      scenario.variants.isEmpty ? [nil] : scenario.variants.map(\.name)
    for seed in seeds {
      for variant in variants {
        var proof = LabProof(file: file, scenario: scenario, seed: seed, variant: variant)
        proof.run(isFirst: seed == seeds.lowerBound && variant == variants[0])
        errors += proof.errors
      }
      // A scenario that fails on one seed would say the same of the others.
      if !errors.isEmpty { break }
    }
    return errors.sorted()
  }

  /// Everything wrong with the files of a folder, ids that two of them share included.
  package func check(_ library: ScenarioLibrary) -> [ContentError] {
    var errors = library.files.flatMap { check($0) }
    let ids = library.files.compactMap { $0.scenario?.id }
    var seen: [String: String] = [:]
    for file in library.files {
      guard let scenario = file.scenario else { continue }
      if let other = seen[scenario.id] {
        errors.append(
          ContentError(
            file: file.name, mark: .start, code: .duplicateID,
            message: "\(other) has the id \(scenario.id) too"))
      }
      seen[scenario.id] = file.name
      for need in scenario.needs where !ids.contains(need) {
        errors.append(
          ContentError(
            file: file.name, mark: .start, code: .unknownName, message: "there is no lab \(need)",
            fix: Suggestion.fix(for: need, among: ids)))
      }
    }
    return errors.sorted()
  }

  /// The claims that a library's labs teach, each with the labs, by claim.
  package static func coverage(_ library: ScenarioLibrary) -> [(claim: String, labs: [String])] {
    var result: [String: [String]] = [:]
    for file in library.files {
      for claim in file.scenario?.teaches ?? [] {
        result[claim.value, default: []].append(file.scenario?.id ?? "")
      }
    }
    return result.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func names(of scenario: Scenario, in file: ScenarioFile) -> [ContentError] {
    var errors: [ContentError] = []
    if let claims {
      for claim in scenario.teaches where !claims.contains(claim.value) {
        errors.append(
          ContentError(
            file: file.name, mark: claim.mark, code: .unknownClaim,
            message: "the study guide has no claim \(claim.value)",
            fix: Suggestion.fix(for: claim.value, among: claims)))
      }
    }
    return errors
  }
}

/// The proof of one scenario under one seed and variant.
private struct LabProof {
  let file: ScenarioFile
  let scenario: Scenario
  let seed: UInt64
  let variant: String?
  var errors: [ContentError] = []

  private var circumstances: String {
    "with seed \(seed)" + (variant.map { ", variant \($0)" } ?? "")
  }

  private mutating func add(
    _ code: ContentError.Code, _ message: String, fix: String? = nil, at mark: Mark
  ) {
    errors.append(
      ContentError(
        file: file.name, mark: mark, code: code, message: "\(message) (\(circumstances))", fix: fix)
    )
  }

  mutating func run(isFirst: Bool) {
    let lab: LabRun
    do throws(ContentProblem) {
      lab = try LabRun(file, seed: seed, variant: variant)
    } catch {
      add(.world, error.message, fix: error.fix, at: scenario.world.mark)
      return
    }
    proveUntouched(lab)
    for solution in scenario.solutions where solution.value.isFor(variant) {
      prove(solution, in: lab)
    }
    for trap in scenario.traps { prove(trap, in: lab) }
    if isFirst { proveDebrief(lab) }
  }

  /// The start as it is passes no task and looks like no trap.
  private mutating func proveUntouched(_ lab: LabRun) {
    for (index, task) in scenario.tasks.enumerated() {
      guard let verdict = evaluate(task, index, lab, lab.opening) else { continue }
      if verdict.passes {
        add(
          .untouched, "the task \(task.id ?? "") passes before anything is done",
          fix: "add a check that fails at the start", at: task.mark)
      }
    }
    do throws(ContentProblem) {
      if let trap = try lab.recognisedTrap(in: lab.opening) {
        add(
          .untouched, "the untouched start looks like the trap \(trap.name)",
          fix: "add evidence to when", at: trap.value.mark)
      }
    } catch {
      add(error.code, error.message, fix: error.fix, at: scenario.world.mark)
    }
  }

  private mutating func evaluate(
    _ task: ScenarioTask, _ index: Int, _ lab: LabRun, _ world: WorldRun
  ) -> TaskVerdict? {
    do throws(ContentProblem) {
      return try lab.verdict(of: index, in: world)
    } catch {
      add(error.code, error.message, fix: error.fix, at: task.mark)
      return nil
    }
  }

  // MARK: Solutions

  private mutating func prove(_ solution: Named<Solution>, in lab: LabRun) {
    guard let end = play(solution.value.run, in: lab, mustSucceed: true) else { return }
    var before = errors.count
    for (index, task) in scenario.tasks.enumerated() {
      guard let verdict = evaluate(task, index, end.lab, end.world) else { continue }
      report(verdict.checks, of: solution, checks: task.checks)
    }
    guard errors.count == before else { return }
    before = errors.count
    do throws(ContentProblem) {
      var finished = end.lab
      finished.apply(
        .check(try finished.check(end.world, entries: [])))
      let record = try finished.finishing(end.world, entries: [], changes: end.changes)
      report(record.guards, of: solution, checks: scenario.guards)
      for target in record.targets where target.earned < target.points && target.kind != .commands {
        add(
          .solution,
          "the solution \(solution.name) misses the target \(target.kind.rawValue): "
            + "expected \(target.expected), found \(target.actual)", at: solution.mark)
      }
      finished.apply(.finish(record))
      if errors.count == before, !finished.score.hasPassed {
        add(.solution, "the solution \(solution.name) does not pass", at: solution.mark)
      }
    } catch {
      add(error.code, error.message, fix: error.fix, at: solution.mark)
    }
  }

  private mutating func report(
    _ verdicts: [CheckVerdict], of solution: Named<Solution>, checks: [Check]
  ) {
    for verdict in verdicts where !verdict.passes {
      let nearest = verdict.nearest.map { ", nearest: \($0)" } ?? ""
      add(
        .solution,
        "the solution \(solution.name) fails \(verdict.id): expected \(verdict.expected), "
          + "found \(verdict.actual)\(nearest)",
        fix: checks.first { $0.id == verdict.id }.map { "the check is at line \($0.mark.line)" },
        at: solution.mark)
    }
  }

  private struct End {
    var lab: LabRun
    var world: WorldRun
    var changes: Int
  }

  /// Plays commands from the start; nil after reporting one that was refused.
  private mutating func play(
    _ commands: [ContentCommand], in lab: LabRun, mustSucceed: Bool
  ) -> End? {
    var bench = LabBench(lab)
    for command in commands {
      do throws(ContentProblem) {
        if let refusal = try bench.play(command.text), mustSucceed {
          add(
            .solution, "refused: \(refusal)", fix: "line: \(command.text)", at: command.mark)
          return nil
        }
      } catch {
        add(error.code, error.message, fix: error.fix, at: command.mark)
        return nil
      }
    }
    return End(lab: bench.lab, world: bench.world, changes: bench.changes)
  }

  // MARK: Traps

  private mutating func prove(_ trap: Named<Trap>, in lab: LabRun) {
    guard let commands = trap.value.commands(in: scenario),
      let base = trap.value.after.map({ after in
        scenario.solutions.first { $0.name == after.value }?.value.isFor(variant) ?? false
      }) ?? true as Bool?, base,
      let end = play(commands, in: lab, mustSucceed: true)
    else { return }
    let failing = trap.value.fails.map(\.value)
    let checks =
      scenario.tasks.filter { task in
        task.checks.contains { failing.contains($0.id ?? "") }
      }.flatMap(\.checks) + scenario.guards.filter { failing.contains($0.id ?? "") }
    do throws(ContentProblem) {
      for verdict in try checks.verdicts(in: Scene(end.world, answer: end.lab.answer)) {
        let shouldFail = failing.contains(verdict.id)
        guard verdict.passes == shouldFail else { continue }
        add(
          .trap,
          shouldFail
            ? "the trap \(trap.name) should fail \(verdict.id) and passes it: \(verdict.actual)"
            : "the trap \(trap.name) fails \(verdict.id) too: expected \(verdict.expected), "
              + "found \(verdict.actual)",
          fix: shouldFail ? nil : "name it in fails", at: trap.mark)
      }
      try proveWords(trap, end)
    } catch {
      add(error.code, error.message, fix: error.fix, at: trap.mark)
    }
  }

  /// The trap speaks where somebody went its way, and no other does.
  private mutating func proveWords(_ trap: Named<Trap>, _ end: End) throws(ContentProblem) {
    if try !end.lab.isRecognised(trap.value, in: end.world) {
      add(
        .trap, "the trap \(trap.name) does not speak: its evidence is not there",
        fix: "look at when", at: trap.mark)
    }
    for other in scenario.traps where other.name != trap.name {
      if try end.lab.isRecognised(other.value, in: end.world) {
        add(
          .trap, "the trap \(trap.name) looks like \(other.name)",
          fix: "give one of them evidence that the other has not", at: trap.mark)
      }
    }
  }

  // MARK: Debrief

  /// Every command of the debrief is accepted after the first solution.
  private mutating func proveDebrief(_ lab: LabRun) {
    guard let debrief = scenario.debrief,
      let solution = scenario.solutions.first(where: { $0.value.isFor(variant) }),
      let end = play(solution.value.run, in: lab, mustSucceed: true)
    else { return }
    var bench = LabBench(end.lab, at: end.world)
    for command in debrief.value.commandLines {
      do throws(ContentProblem) {
        if let refusal = try bench.play(command) {
          add(
            .debrief, "the debrief's command is refused: \(refusal)", fix: command, at: debrief.mark
          )
        }
      } catch {
        add(error.code, error.message, fix: error.fix, at: debrief.mark)
      }
    }
  }
}

extension String {
  /// The lines of a debrief that are commands: those that begin with `aws `.
  var commandLines: [String] {
    split(whereSeparator: \.isNewline).compactMap { line in
      let text = String(line.drop { $0 == " " })
      return text.hasPrefix("aws ") ? text : nil
    }
  }
}
