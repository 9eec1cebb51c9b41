// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
internal import Documents
internal import Simulation
internal import Worlds

/// Leaves out one step of a reference solution at a time: the checks must notice.
///
/// A step that can be missing without a point being lost is either no part of the task, which an
/// author may want, or something that no check looks at.
package struct ScenarioMutator: Sendable {
  /// A solution without one of its steps.
  package struct Mutant: Hashable, Sendable {
    package let solution: String
    /// Counted from 1.
    package let step: Int
    package let command: String
    package let mark: Mark
    /// The points lost against the whole solution; 0 for a mutant that nobody noticed.
    package let lost: Int
    /// The ids of the checks that noticed.
    package let failed: [String]
  }

  package let seed: UInt64

  package init(seed: UInt64 = 1) { self.seed = seed }

  /// Every mutant of every solution, in the order of the file.
  ///
  /// Only steps that ask for a change, or that answer, are left out: looking earns nothing.
  ///
  /// - Throws: `ContentProblem` for a file with errors, or a world that cannot be built.
  /// - Complexity: O(k²) commands for the k steps of each solution.
  package func mutants(_ file: ScenarioFile) throws(ContentProblem) -> [Mutant] {
    let lab = try LabRun(file, seed: seed)
    var result: [Mutant] = []
    for solution in lab.scenario.solutions where solution.value.isFor(lab.variant) {
      let steps = solution.value.run
      let whole = try outcome(steps, in: lab).points
      for (index, step) in steps.enumerated() where step.isChange || step.text.isAnswer {
        var fewer = steps
        fewer.remove(at: index)
        let (points, failed) = try outcome(fewer, in: lab)
        result.append(
          Mutant(
            solution: solution.name, step: index + 1, command: step.text, mark: step.mark,
            lost: max(0, whole - points), failed: failed))
      }
    }
    return result
  }

  /// What the tasks earn after some steps; a refused step is passed over, as a learner would.
  private func outcome(
    _ steps: [ContentCommand], in lab: LabRun
  ) throws(ContentProblem) -> (points: Int, failed: [String]) {
    var bench = LabBench(lab)
    for step in steps { _ = try? bench.play(step.text) }
    var points = 0
    var failed: [String] = []
    for task in lab.tasks.indices {
      let verdict = try bench.lab.verdict(of: task, in: bench.world)
      points += verdict.checks.reduce(0) { $0 + $1.earned }
      failed += verdict.checks.filter { !$0.passes }.map(\.id)
    }
    return (points, failed)
  }
}

extension String {
  fileprivate var isAnswer: Bool { hasPrefix("answer ") }
}
