// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
internal import Simulation

/// What a condition is looked at in: a run, and what the learner has answered.
package struct Scene: Sendable {
  package var run: WorldRun
  /// The newest `answer VALUE`, nil where there was none.
  package var answer: String?

  package init(_ run: WorldRun, answer: String? = nil) {
    self.run = run
    self.answer = answer
  }
}

extension Condition {
  /// Whether the condition holds.
  ///
  /// Works on copies: no trail, metric or bill sees it.
  ///
  /// - Throws: `ContentProblem` for names and times that cannot be resolved, which `author check` shows.
  /// - Complexity: One evaluation; for `ever`, `always` and `never` one for each moment of the run.
  package func evaluate(in scene: Scene) throws(ContentProblem) -> Verdict {
    guard isEver || isAlways || isNever else { return try evaluateOnce(in: scene) }
    var last: Verdict?
    for moment in scene.run.learnerMoments {
      let verdict = try evaluateOnce(in: Scene(moment, answer: scene.answer))
      last = verdict
      if isEver, verdict.passes { return verdict }
      if isAlways != isNever, isAlways ? !verdict.passes : isNever && verdict.passes {
        let at = TimeText.text(moment.now)
        return Verdict(
          false, expected: (isNever ? "never " : "always ") + verdict.expected,
          actual: "\(verdict.actual) at \(at)", nearest: verdict.nearest)
      }
    }
    guard let last else { return try evaluateOnce(in: scene) }
    if isEver {
      return Verdict(
        false, share: last.share, expected: "at some moment \(last.expected)",
        actual: last.actual, nearest: last.nearest)
    }
    return Verdict(
      true, expected: (isNever ? "never " : "always ") + last.expected,
      actual: isNever ? "never" : last.actual)
  }

  private func evaluateOnce(in scene: Scene) throws(ContentProblem) -> Verdict {
    var fork = scene
    for id in given {
      let known = fork.run.world.description.timeline
      guard let incident = known.first(where: { $0.id == id }) else {
        throw ContentProblem(
          .unknownName, "there is no incident \(id)",
          fix: Suggestion.fix(for: id, among: known.map(\.id)))
      }
      fork.run.apply(incident)
    }
    if let after { fork.run.advance(by: after) }
    for name in attack { fork.run.attack(try fork.run.bindings.substitute(name), as: runAs) }
    // What a probe is refused does not matter: the measure looks at what came of it.
    for command in probe { try fork.run.run(command.text, as: runAs) }
    switch body {
    case .measure(let measure)?: return try measure.evaluate(self, in: fork)
    case .any(let parts)?: return try any(parts, in: fork)
    case .all(let parts)?: return try all(parts, in: fork)
    case nil: throw ContentProblem(.missingField, "the condition has no measure")
    }
  }

  private func any(_ parts: [Condition], in scene: Scene) throws(ContentProblem) -> Verdict {
    var verdicts: [Verdict] = []
    for part in parts {
      let verdict = try part.evaluate(in: scene)
      if verdict.passes { return verdict }
      verdicts.append(verdict)
    }
    return Verdict(
      false, share: verdicts.map(\.share).max() ?? 0,
      expected: verdicts.map(\.expected).joined(separator: ", or "),
      actual: verdicts.map(\.actual).joined(separator: "; "),
      nearest: verdicts.compactMap(\.nearest).first)
  }

  private func all(_ parts: [Condition], in scene: Scene) throws(ContentProblem) -> Verdict {
    var verdicts: [Verdict] = []
    for part in parts { verdicts.append(try part.evaluate(in: scene)) }
    let failed = verdicts.filter { !$0.passes }
    let shown = failed.isEmpty ? verdicts : failed
    return Verdict(
      failed.isEmpty,
      share: verdicts.map(\.share).reduce(0, +) / Double(max(1, verdicts.count)),
      expected: shown.map(\.expected).joined(separator: ", and "),
      actual: shown.map(\.actual).joined(separator: "; "),
      nearest: failed.compactMap(\.nearest).first)
  }
}

extension Measure {
  func evaluate(
    _ condition: Condition, in scene: Scene
  ) throws(ContentProblem) -> Verdict {
    switch self {
    case .run(let commands): try Self.run(commands, condition, in: scene)
    case .sameItems(let measure): try measure.evaluate(in: scene.run)
    case .lostWrites(let measure): try measure.evaluate(in: scene.run)
    case .untouched(let measure): try measure.evaluate(in: scene.run)
    case .table(let measure): try measure.evaluate(in: scene.run)
    case .settings(let measure): try measure.evaluate(in: scene.run)
    case .backup(let measure): try measure.evaluate(in: scene.run)
    case .window(let measure): try measure.evaluate(in: scene.run)
    case .trail(let measure): try measure.evaluate(in: scene.run)
    case .message(let measure): try measure.evaluate(in: scene.run)
    case .bill(let measure): try measure.evaluate(in: scene.run)
    case .service(let measure): try measure.evaluate(in: scene.run)
    case .answer(let measure): try measure.evaluate(in: scene)
    }
  }
}

/// Counting within bounds: at least one where nothing is said.
func countVerdict(
  _ count: Int, minimum: Int?, maximum: Int?, nearest: String?
) -> Verdict {
  let low = minimum ?? (maximum == nil ? 1 : 0)
  let passes = count >= low && count <= maximum ?? .max
  var words = low > 0 || maximum == nil ? ["at least \(low)"] : []
  if let maximum { words.append("at most \(maximum)") }
  return Verdict(
    passes, share: passes ? 1 : count < low && low > 0 ? Double(count) / Double(low) : 0,
    expected: words.joined(separator: " and "), actual: "\(count)",
    nearest: passes ? nil : nearest)
}

/// Names with `*` and `?`; everything else is itself.
enum Glob {
  /// - Complexity: O(n · m).
  static func matches(_ name: String, _ pattern: String) -> Bool {
    let (text, wanted) = (Array(name.utf8), Array(pattern.utf8))
    var (index, place) = (0, 0)
    var star: (pattern: Int, text: Int)?
    while index < text.count {
      if place < wanted.count, wanted[place] == 0x2A {
        star = (place, index)
        place += 1
      } else if place < wanted.count, wanted[place] == 0x3F || wanted[place] == text[index] {
        index += 1
        place += 1
      } else if let last = star {
        place = last.pattern + 1
        index = last.text + 1
        star = (last.pattern, index)
      } else {
        return false
      }
    }
    return wanted[place...].allSatisfy { $0 == 0x2A }
  }
}
