// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
package import ContentFormat
internal import Digests
package import Documents
package import Simulation
package import Worlds

/// A learner in a lab: what was done, shown, said and earned.
///
/// A value without input and output. It looks at copies of the learner's cloud and answers with
/// events; whoever keeps the journal saves an event and then applies it, so a lab that is opened
/// again stands where it stood:
///
/// ```swift
/// var lab = try LabRun(file, seed: 7)
/// let world = lab.present(session.cloud, through: states)
/// let event = LabEvent.check(try lab.check(world, entries: inEffect))
/// try session.note(LabEvent.noteKind, event.document)
/// lab.apply(event)
/// ```
package struct LabRun: Sendable {
  package let scenario: Scenario
  /// The scenario's file as it was when the lab began.
  package let source: LabSource
  package let seed: UInt64
  /// The variant of the world that the seed chose.
  package let variant: String?
  /// The world resolved: names, times, schedule, profiles.
  package let start: StartWorld
  /// The world at its clock, before anybody did anything.
  package let opening: WorldRun

  /// What was done, in order.
  package private(set) var events: [LabEvent] = []
  package private(set) var tasks: [TaskStanding]
  /// The newest `answer VALUE`.
  package private(set) var answer: String?
  /// True once a reference solution was shown.
  package private(set) var isSeen = false
  /// When the recovery that a target measures was over.
  package private(set) var recoveredAt: Instant?
  package private(set) var finish: FinishRecord?

  /// Where one task stands.
  package struct TaskStanding: Hashable, Sendable {
    package var isPassed = false
    package var isSkipped = false
    /// How many hints were shown.
    package var hints = 0
    /// What the hints shown before it passed cost.
    package var hintCost = 0
    /// The newest verdict.
    package var verdict: TaskVerdict?
  }

  /// Begins a lab.
  ///
  /// - Parameters:
  ///   - file: The scenario's file, read without errors.
  ///   - seed: Decides parameters, items, traffic, variant and identifiers.
  ///   - variant: A variant by name instead of the one that the seed chooses.
  /// - Throws: `ContentProblem` for a file with errors, or a world that cannot be built.
  package init(
    _ file: ScenarioFile, seed: UInt64, variant: String? = nil
  ) throws(ContentProblem) {
    guard let scenario = file.scenario else {
      let first = file.errors.first.map(\.description) ?? "\(file.name) holds no scenario"
      throw ContentProblem(.file, first)
    }
    self.scenario = scenario
    source = LabSource(name: file.name, text: file.text, digest: file.digest.hex)
    self.seed = seed
    let chosen = variant ?? scenario.variant(seed: seed)
    self.variant = chosen
    let world = scenario.variants.first { $0.name == chosen }?.value ?? scenario.world
    start = try StartWorld(world, parameters: scenario.parameters, seed: seed)
    opening = try WorldRun.start(start)
    tasks = scenario.tasks.map { _ in TaskStanding() }
  }

  /// Begins a lab again from what a world's journal kept of it.
  ///
  /// - Throws: `ContentProblem` where the document is no lab's.
  package init(origin: Document, seed: UInt64) throws(ContentProblem) {
    guard origin["kind"]?.string == "lab", let name = origin["file"]?.string,
      let text = origin["scenario"]?.string
    else { throw ContentProblem(.file, "the journal's first entry holds no lab") }
    let file = ScenarioFile(bytes: Array(text.utf8), name: name)
    try self.init(file, seed: seed, variant: origin["variant"]?.string)
  }

  /// What a world's journal keeps: enough to begin the lab again, whatever becomes of the file.
  package var origin: Document {
    [
      "kind": "lab", "lab": .string(scenario.id), "file": .string(source.name),
      "digest": .string(source.digest), "variant": variant.map(Document.string) ?? .null,
      "scenario": .string(source.text),
    ]
  }

  /// The learner's world with a cloud that a session keeps, and the states it went through.
  package func present(_ cloud: Cloud, through states: [Cloud]) -> WorldRun {
    opening.adopting(cloud, through: states)
  }

  // MARK: Events

  /// Takes an event that was decided, now or in an earlier process.
  package mutating func apply(_ event: LabEvent) {
    events.append(event)
    // What is looked at, shown or said after the end changes no result.
    guard finish == nil else { return }
    switch event {
    case .check(let record):
      for verdict in record.tasks { take(verdict) }
    case .hint(let task, let hint):
      guard tasks.indices.contains(task), scenario.tasks[task].hints.indices.contains(hint),
        hint >= tasks[task].hints
      else { return }
      tasks[task].hints = hint + 1
      if !tasks[task].isPassed { tasks[task].hintCost += scenario.tasks[task].hints[hint].cost }
    case .solution: isSeen = true
    case .skip(let task):
      if tasks.indices.contains(task), !tasks[task].isPassed { tasks[task].isSkipped = true }
    case .answer(_, let value): answer = value
    case .recovered(let at, _): if recoveredAt == nil { recoveredAt = at }
    case .finish(let record):
      for verdict in record.tasks { take(verdict) }
      finish = record
    }
  }

  private mutating func take(_ verdict: TaskVerdict) {
    // A task that passed stays passed: checking again never changes its points.
    guard tasks.indices.contains(verdict.task), !tasks[verdict.task].isPassed else { return }
    tasks[verdict.task].verdict = verdict
    if verdict.passes {
      tasks[verdict.task].isPassed = true
      tasks[verdict.task].isSkipped = false
    }
  }

  // MARK: Where it stands

  /// The task to do now: the first that is neither passed nor left out, then the first left out.
  package var currentTask: Int? {
    let open = tasks.indices.filter { !tasks[$0].isPassed }
    return open.first { !tasks[$0].isSkipped && isReady($0) } ?? open.first { isReady($0) }
  }

  /// Whether every task that comes before is passed or left out.
  private func isReady(_ task: Int) -> Bool {
    scenario.tasks[task].needs.allSatisfy { need in
      scenario.tasks.firstIndex { $0.id == need.value }
        .map { tasks[$0].isPassed || tasks[$0].isSkipped } ?? true
    }
  }

  /// Whether there is nothing left to pass.
  package var isComplete: Bool { tasks.allSatisfy(\.isPassed) }

  /// A text of the scenario with its placeholders replaced as they stand at the start.
  package func text(_ text: String) -> String {
    (try? opening.bindings.substitute(text)) ?? text
  }
}

/// The file that a lab began from.
package struct LabSource: Hashable, Sendable {
  package let name: String
  package let text: String
  /// SHA-256 of its bytes, 64 hexadecimal digits.
  package let digest: String
}

extension Scenario {
  /// The variant that a seed chooses; nil where the scenario has none.
  package func variant(seed: UInt64) -> String? {
    guard !variants.isEmpty else { return nil }
    var source = IdentifierSource(seed: seed)
    return variants[Int(source.draw("variant") % UInt64(variants.count))].name
  }
}
