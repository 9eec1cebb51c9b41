// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
internal import Documents
internal import Simulation
package import Worlds

/// A lab as its file says it: story, world, tasks, the ways to solve it and the ways to miss it.
///
/// Placeholders and times are unresolved; `LabRun` resolves them with a seed.
///
/// ```swift
/// let file = ScenarioFile(name: "first-backup.yaml", in: root.scenarios)
/// let run = try LabRun(file, seed: 7)
/// ```
package struct Scenario: Sendable {
  package var id = ""
  package var title = ""
  package var minutes = 10
  package var level = Level.basic
  /// Ids of the study guide's claims.
  package var teaches: [Located<String>] = []
  package var exam: [String] = []
  /// Ids of labs that are best done before.
  package var needs: [String] = []
  package var objectives: [String] = []
  package var version: String?
  package var license: String?
  package var story = Located("", at: Mark.start)
  package var parameters: [Named<Parameter>] = []
  package var world = WorldDescription()
  /// The world again, with a part of it changed; the seed decides which one a run gets.
  package var variants: [Named<WorldDescription>] = []
  package var tasks: [ScenarioTask] = []
  package var guards: [Check] = []
  package var targets = Targets()
  package var solutions: [Named<Solution>] = []
  package var traps: [Named<Trap>] = []
  package var debrief: Located<String>?
  package var undo = UndoRule.free
  package var feedback = FeedbackRule.full

  var parts = WorldParts()

  package init() {}

  /// How much a lab asks of who does it.
  package enum Level: String, ContentChoice { case basic, advanced, expert }
  /// Whether `undo` is allowed, and whether undone commands count.
  package enum UndoRule: String, ContentChoice { case free, counted, off }
  /// What `check` tells: all, only yes and no, or nothing before the end.
  package enum FeedbackRule: String, ContentChoice {
    case full
    case passFail = "pass-fail"
    case end
  }

  /// The points that can be earned.
  package var points: Int {
    tasks.reduce(0) { $0 + $1.points } + guards.reduce(0) { $0 + $1.points } + targets.points
  }

  /// Every check of every task, in order.
  package var checks: [Check] { tasks.flatMap(\.checks) }
}

/// The parts of a file that are the world's, as they were written.
struct WorldParts: Sendable {
  var world: ContentNode?
  var traffic: ContentNode?
  var timeline: ContentNode?
  var variants: [Named<ContentNode>] = []
}

/// One thing to do, with the checks that decide whether it is done.
package struct ScenarioTask: Sendable {
  package var id: String?
  package var brief = Located("", at: Mark.start)
  /// Ids of tasks that come before.
  package var needs: [Located<String>] = []
  package var checks: [Check] = []
  package var hints: [Hint] = []
  package var mark = Mark.start

  package init() {}

  package var points: Int { checks.reduce(0) { $0 + $1.points } }

  static let format = Format.record(
    "task", "One thing to do.", ScenarioTask(),
    [
      .optional("id", \.id, .identifier, "Its id; task-1 if left out."),
      .required("do", \.brief, Format.text.located, "What to do, in a sentence or two."),
      .defaulted(
        "needs", \.needs, .oneOrMany(Format.identifier.located), "Tasks that come before."),
      .required("checks", \.checks, .list(Check.format, count: 1...30), "What decides it."),
      .defaulted("hints", \.hints, .list(Hint.format, count: 1...10), "Hints in order."),
      .mark(\.mark),
    ])
}

/// A hint; its cost is taken from the task's points when the task passes.
package struct Hint: Hashable, Sendable {
  package var cost = 0
  package var text = ""
  package var mark = Mark.start

  static let format: Format<Hint> = .either(
    text: Format.text.located.map { Hint(text: $0.value, at: $0.mark) },
    mapping: .record(
      "hint", "A hint and its cost.", Hint(text: "", at: .start),
      [
        .defaulted("cost", \.cost, .integer(0...100), "Points it takes.", default: 0),
        .required("text", \.text, .text, "What it says."), .mark(\.mark),
      ]))

  init(text: String, at mark: Mark) {
    self.text = text
    self.mark = mark
  }
}

/// A way to do everything.
package struct Solution: Sendable {
  package var run: [ContentCommand] = []
  /// The variants it is for; all if empty.
  package var variants: [Located<String>] = []

  static let format: Format<Solution> = {
    let bare = Format.commands.map { Solution(run: $0) }
    let full = Format.record(
      "solution", "A way to do everything.", Solution(run: []),
      [
        .required("run", \.run, .commands, "The commands, and `answer VALUE` where one is asked."),
        .defaulted(
          "for", \.variants, .oneOrMany(Format.identifier.located), "The variants it is for."),
      ])
    return .either(text: bare, list: bare, mapping: full)
  }()

  init(run: [ContentCommand]) { self.run = run }
}

/// A known wrong way: what it does, what shows that somebody went it, and the words for them.
package struct Trap: Sendable {
  package var run: [ContentCommand]?
  package var after: Located<String>?
  /// Steps of that solution, counted from 1, with what is done instead.
  package var replace: [Named<[ContentCommand]>] = []
  /// Steps of that solution that are left out.
  package var without: [Int] = []
  package var fails: [Located<String>] = []
  package var when: [Condition] = []
  package var says = ""
  package var mark = Mark.start

  static let format = Format.record(
    "trap", "A known wrong way.", Trap(),
    [
      .optional("run", \.run, .commands, "The commands."),
      .optional("after", \.after, Format.identifier.located, "A solution that it follows."),
      .defaulted(
        "replace", \.replace, .named(.identifier, .commands, count: 1...50),
        "Steps of that solution by number, and what is done instead."),
      .defaulted(
        "without", \.without, .oneOrMany(.integer(1...200)), "Steps that are left out."),
      .defaulted(
        "fails", \.fails, .oneOrMany(Format.identifier.located),
        "Ids of the checks that it fails; the only check if left out."),
      .defaulted(
        "when", \.when, .oneOrMany(Condition.format), "What else shows this misconception."),
      .required("says", \.says, .text, "The words for who went this way."), .mark(\.mark),
    ],
    needs: [(field: "replace", other: "after"), (field: "without", other: "after")]
  ).validated { trap, node, reading in
    if (trap.run == nil) == (trap.after == nil) {
      reading.report(
        .conflict, "a trap needs either run, or after and replace", at: node.mark)
    }
    if trap.after != nil, trap.replace.isEmpty, trap.without.isEmpty {
      reading.report(
        .missingField, "after alone is the solution itself", fix: "add replace or without",
        at: node.mark)
    }
  }
}

/// What is measured besides the outcome, points each.
package struct Targets: Sendable {
  package var recoveryTime: RecoveryTimeTarget?
  package var recoveryPoint: ConditionTarget?
  package var cost: ConditionTarget?
  package var commands: CommandTarget?

  package init() {}

  package var points: Int {
    (recoveryTime?.points ?? 0) + (recoveryPoint?.points ?? 0) + (cost?.points ?? 0)
      + (commands?.points ?? 0)
  }

  static let format = Format.record(
    "targets", "What is measured besides the outcome.", Targets(),
    [
      .optional(
        "rto", \.recoveryTime, RecoveryTimeTarget.format,
        "From an incident to the first instant at which a check passes."),
      .optional(
        "rpo", \.recoveryPoint,
        ConditionTarget.format("recovery-point", "Good writes that may be missing."),
        "Good writes that may be missing when the recovery is over: a lost-writes condition."),
      .optional(
        "cost", \.cost,
        ConditionTarget.format("cost", "What the outcome may cost."),
        "What the outcome may cost: a bill condition."),
      .optional(
        "commands", \.commands, CommandTarget.format,
        "Few commands that change something; par is the shortest solution's number."),
    ])
}

/// `rto: {from, until, max}`.
package struct RecoveryTimeTarget: Sendable {
  package var app: String?
  package var from: FieldTime?
  package var until = Located("", at: Mark.start)
  package var maximum = Duration.zero
  package var points = 5

  static let format = Format.record(
    "recovery-time", "How long recovery may take.", RecoveryTimeTarget(),
    [
      .optional("app", \.app, .identifier, "The app that was out of service, for the report."),
      .required("from", \.from, Format.time.map { $0 }, "The incident."),
      .required("until", \.until, Format.identifier.located, "The check that must pass."),
      .required("max", \.maximum, .length, "How long that may take."),
      .defaulted("points", \.points, .integer(0...100), "Its points.", default: 5),
    ])
}

/// A condition that must hold at the end.
package struct ConditionTarget: Sendable {
  package var condition = Condition()
  package var points = 5

  static func format(_ name: String, _ summary: String) -> Format<ConditionTarget> {
    .record(
      name, summary, ConditionTarget(),
      [.defaulted("points", \.points, .integer(0...100), "Its points.", default: 5)]
        + Condition.fields.map { $0.inside(\.condition) }, needs: Condition.fieldNeeds
    ).validated { target, node, reading in Condition.report(target.condition, node, &reading) }
  }
}

/// `commands: {points}`: all points at par, none at twice par.
package struct CommandTarget: Hashable, Sendable {
  package var points = 5

  static let format = Format.record(
    "command-target", "Few commands that change something.", CommandTarget(),
    [.defaulted("points", \.points, .integer(0...100), "Its points.", default: 5)])
}
