// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
internal import Documents
internal import Simulation

/// A measure with its modifiers: what a check, a trap's evidence, a target and a proof's claim consist
/// of.
package struct Condition: Sendable {
  package enum Body: Sendable {
    case measure(Measure)
    case any([Condition])
    case all([Condition])
  }

  package var body: Body?
  package var query: String?
  package var refused: String?
  package var comparison = Comparison()
  package var isEver = false
  package var isAlways = false
  package var isNever = false
  package var after: Duration?
  package var runAs: String?
  package var given: [String] = []
  package var probe: [ContentCommand] = []
  package var attack: [String] = []
  package var mark = Mark.start

  package init() {}

  private static func fields(_ body: Field<Condition>) -> [Field<Condition>] {
    [
      body,
      .optional("query", \.query, .text, "A JMESPath query on the command's answer."),
      .optional("refused", \.refused, .text, "The error code the command must be refused with."),
      .defaulted("ever", \.isEver, .boolean, "It was so at some moment."),
      .defaulted("always", \.isAlways, .boolean, "It was so at every moment."),
      .defaulted("never", \.isNever, .boolean, "It was so at no moment."),
      .optional("after", \.after, .length, "Time that passes first, on a copy."),
      .optional("as", \.runAs, .text, "Who runs the commands: account/role."),
      .defaulted(
        "given", \.given, .oneOrMany(.identifier), "Incidents that happen first, on a copy."),
      .defaulted("probe", \.probe, .commands, "Commands tried first, on a copy."),
      .defaulted(
        "attack", \.attack, .oneOrMany(.text),
        "Tables; every way to delete them and their backups is tried first, on a copy."),
      .mark(\.mark),
    ] + Comparison.fields.map { $0.inside(\.comparison) }
  }

  private static let needs: [(field: String, other: String)] = [
    ("query", "run"), ("refused", "run"),
    ("is", "run"), ("min", "run"), ("max", "run"), ("has", "run"), ("lacks", "run"),
    ("within", "run"), ("one-of", "run"),
  ]

  private static let measures = Measure.alternatives.map { alternative in
    Alternative(alternative.name, alternative.format.map(Body.measure), alternative.summary)
  }

  /// A condition within `any` or `all`.
  private static let inner = Format.record(
    "part", "A condition within any or all.", Condition(), fields(.oneOf(\.body, measures)),
    needs: needs
  ).validated(report)

  static let body: Field<Condition> = .oneOf(
    \.body,
    measures + [
      Alternative(
        "any", Format<[Condition]>.list(inner, count: 1...20).map(Body.any),
        "At least one of these."),
      Alternative(
        "all", Format<[Condition]>.list(inner, count: 1...20).map(Body.all), "All of these."),
    ])

  /// The fields of a condition, for records that hold one beside fields of their own.
  package static let fields = fields(body)
  /// What those fields need beside them.
  package static let fieldNeeds = needs

  /// A mapping that holds a condition alone.
  package static let format = Format.record(
    "condition", "A measure with its modifiers.", Condition(), fields, needs: needs
  ).validated(report)

  /// Reports fields that do not go together.
  @Sendable package static func report(
    _ condition: Condition, _ node: ContentNode, _ reading: inout Reading
  ) {
    let tenses = [condition.isEver, condition.isAlways, condition.isNever].filter { $0 }.count
    if tenses > 1 {
      reading.report(
        .conflict, "only one of ever, always and never can be said", at: node.mark)
    }
    if condition.refused != nil, condition.query != nil || !condition.comparison.isEmpty {
      reading.report(.conflict, "a refused command has no answer to compare", at: node.mark)
    }
    if condition.query != nil, condition.comparison.isEmpty {
      reading.report(
        .missingField, "the query's answer is compared with nothing",
        fix: "one of: is, min, max, has, lacks, within, one-of", at: node.mark)
    }
    condition.comparison.report(at: node.mark, &reading)
    if case .measure(.answer)? = condition.body, condition.after != nil {
      reading.report(.conflict, "an answer does not change with time", at: node.mark)
    }
  }
}

extension Condition {
  /// Whether it asks what the learner said.
  package var asksForAnswer: Bool {
    switch body {
    case .measure(.answer)?: true
    case .any(let conditions)?, .all(let conditions)?: conditions.contains(where: \.asksForAnswer)
    case .measure?, nil: false
    }
  }
}

/// A check: a goal a learner reads, its points, and the condition that decides it.
package struct Check: Sendable {
  package var id: String?
  package var goal = ""
  package var points = 10
  package var why: String?
  package var condition = Condition()
  package var mark = Mark.start

  package init() {}

  package static let format = Format.record(
    "check", "A goal and the condition that decides it.", Check(),
    [
      .optional("id", \.id, .identifier, "Its id; task-1-check-1 if left out."),
      .required("goal", \.goal, .text, "What the learner reads."),
      .defaulted("points", \.points, .integer(0...1_000), "Its points.", default: 10),
      .optional("why", \.why, .text, "Why it matters."), .mark(\.mark),
    ] + Condition.fields.map { $0.inside(\.condition) }, needs: Condition.fieldNeeds
  ).validated { check, node, reading in Condition.report(check.condition, node, &reading) }
}

/// What a condition came to.
package struct Verdict: Hashable, Sendable {
  package var passes: Bool
  /// How much of it holds, 0 to 1; 1 where it passes.
  package var share: Double
  package var expected: String
  package var actual: String
  /// The nearest thing that exists, for a failure.
  package var nearest: String?

  package init(
    _ passes: Bool, share: Double? = nil, expected: String, actual: String,
    nearest: String? = nil
  ) {
    self.passes = passes
    self.share = share ?? (passes ? 1 : 0)
    self.expected = expected
    self.actual = actual
    self.nearest = nearest
  }

  init(_ outcome: ComparisonOutcome) {
    self.init(outcome.passes, expected: outcome.expected, actual: outcome.actual)
  }
}
