// SPDX-License-Identifier: GPL-3.0-or-later

internal import CloudEngine
package import ContentFormat
internal import Documents
internal import Simulation
package import Worlds

/// A lab in which somebody plays lines: commands, and `answer VALUE` as at the prompt.
///
/// Recoveries are noticed after each line, as the prompt does.
package struct LabBench: Sendable {
  package private(set) var lab: LabRun
  package private(set) var changes = 0
  private var player: LabPlayer

  package init(_ lab: LabRun, at world: WorldRun? = nil) {
    self.lab = lab
    player = LabPlayer(world ?? lab.opening)
  }

  package var world: WorldRun { player.world }

  /// Plays one line.
  ///
  /// - Returns: The words of the refusal; nil where the line was accepted.
  /// - Throws: `ContentProblem` for an undeclared placeholder, or words that are no command.
  package mutating func play(_ line: String) throws(ContentProblem) -> String? {
    if line.hasPrefix("answer ") {
      let value = try player.world.bindings.substitute(String(line.dropFirst(7)))
      lab.apply(lab.answering(value))
      return nil
    }
    let outcome = try player.play(line)
    if outcome.isChange { changes += 1 }
    if let event = try lab.noticeRecovery(player.world, entries: []) { lab.apply(event) }
    guard outcome.result.status != 0 else { return nil }
    return outcome.result.refusal.map { "\($0.code): \($0.message)" }
      ?? outcome.result.stderr.split(whereSeparator: \.isNewline).last.map(String.init)
      ?? "status \(outcome.result.status)"
  }

  /// Looks at every task, and ends the lab.
  ///
  /// - Throws: `ContentProblem` for a check that cannot be made.
  package mutating func finish() throws(ContentProblem) -> FinishRecord {
    let record = try lab.finishing(player.world, entries: [], changes: changes)
    lab.apply(.finish(record))
    return record
  }
}

extension Trap {
  /// The commands of the wrong way: its own, or a solution's with steps replaced or left out.
  ///
  /// nil where the solution does not exist.
  package func commands(in scenario: Scenario) -> [ContentCommand]? {
    guard let after else { return run }
    guard let base = scenario.solutions.first(where: { $0.name == after.value }) else { return nil }
    return base.value.run.enumerated().flatMap { index, command -> [ContentCommand] in
      if without.contains(index + 1) { return [] }
      return replace.first { Int($0.name) == index + 1 }?.value ?? [command]
    }
  }
}
