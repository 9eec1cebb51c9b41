// SPDX-License-Identifier: GPL-3.0-or-later

internal import ContentFormat
internal import Documents
internal import Simulation

extension LabRun {
  /// A hint that can be shown.
  package struct NextHint: Hashable, Sendable {
    package let event: LabEvent
    package let text: String
    /// What it takes from the task's points; 0 once the task has passed.
    package let cost: Int
    /// Counted from 1, of how many.
    package let number: Int
    package let count: Int
  }

  /// The next hint of a task.
  ///
  /// - Parameter task: Counted from 0; the present task if left out, else the last.
  /// - Returns: What to show and the event to save; nil where all were shown.
  package func nextHint(of task: Int? = nil) -> NextHint? {
    let index = task ?? currentTask ?? tasks.count - 1
    guard tasks.indices.contains(index) else { return nil }
    let hints = scenario.tasks[index].hints
    let shown = tasks[index].hints
    guard hints.indices.contains(shown) else { return nil }
    return NextHint(
      event: .hint(task: index, hint: shown), text: text(hints[shown].text),
      cost: tasks[index].isPassed ? 0 : hints[shown].cost, number: shown + 1, count: hints.count)
  }

  /// A reference solution in words that can be typed, and the event of having seen it.
  ///
  /// - Parameter name: Which one; the first for this variant if left out.
  /// - Returns: nil where there is none of that name for this variant.
  package func solution(
    named name: String? = nil
  ) -> (event: LabEvent, name: String, commands: [String])? {
    let fitting = scenario.solutions.filter { $0.value.isFor(variant) }
    let chosen = name.map { name in fitting.first { $0.name == name } } ?? fitting.first
    guard let chosen else { return nil }
    return (
      .solution(chosen.name), chosen.name, chosen.value.run.map { text($0.text) }
    )
  }

  /// The names of the solutions for this variant.
  package var solutionNames: [String] {
    scenario.solutions.filter { $0.value.isFor(variant) }.map(\.name)
  }

  /// What the learner says: `answer VALUE`.
  package func answering(_ value: String) -> LabEvent {
    .answer(task: currentTask ?? max(0, tasks.count - 1), value: value)
  }

  /// Leaves the present task out; nil where none is left.
  package var skipping: LabEvent? { currentTask.map { .skip(task: $0) } }
}

extension Solution {
  /// Whether it is for a variant of the world.
  package func isFor(_ variant: String?) -> Bool {
    variants.isEmpty || variants.contains { $0.value == variant }
  }
}

// MARK: Score

/// What a lab has earned so far.
package struct LabScore: Hashable, Sendable {
  package var points: Int
  package var outOf: Int
  /// True where every task passed, every guard holds, and no solution was shown.
  package var hasPassed: Bool
  /// True where a reference solution was shown.
  package var isSeen: Bool

  package init(points: Int, outOf: Int, hasPassed: Bool, isSeen: Bool) {
    self.points = points
    self.outOf = outOf
    self.hasPassed = hasPassed
    self.isSeen = isSeen
  }
}

extension LabRun {
  /// The points of one task: all of its checks' less its hints once it passed, before that what the
  /// newest check earned.
  package func points(ofTask index: Int) -> Int {
    let standing = tasks[index]
    let earned = standing.verdict?.checks.reduce(0) { $0 + $1.earned } ?? 0
    return standing.isPassed ? max(0, earned - standing.hintCost) : earned
  }

  /// The score as it stands; guards and targets count from the end on.
  package var score: LabScore {
    let tasksEarned = tasks.indices.reduce(0) { $0 + points(ofTask: $1) }
    let guardsEarned = finish?.guards.reduce(0) { $0 + $1.earned } ?? 0
    let targetsEarned = finish?.targets.reduce(0) { $0 + $1.earned } ?? 0
    let isClean = finish.map { $0.guards.allSatisfy(\.passes) } ?? scenario.guards.isEmpty
    return LabScore(
      points: tasksEarned + guardsEarned + targetsEarned, outOf: scenario.points,
      hasPassed: isComplete && isClean && !isSeen, isSeen: isSeen)
  }
}
