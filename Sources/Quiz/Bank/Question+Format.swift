// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
internal import Digests
internal import Documents
internal import Worlds

extension Question {
  /// One question of a bank, looked over as far as it can be alone.
  package static let format: Format<Question> = {
    let record = Format.record(
      "question", "A question.", Question(),
      [
        .required("id", \.id, .identifier, "Unique and stable: progress follows it."),
        .required("teaches", \.teaches, ClaimID.listFormat, "The claims it teaches."),
        .defaulted(
          "exam", \.exams, ExamTag.format,
          "The exams it belongs to, each with the numbers of its domains: {SAA-C03: [2, 4]}."),
        .required("ask", \.ask, .text, "The stem."),
        .oneOf(\.task, QuestionTask.alternatives),
        .optional(
          "why", \.why, .text,
          "The reason of an answer without choices; else what the choices' reasons leave unsaid."),
        .defaulted(
          "keep-order", \.keepsOrder, .boolean, "Show the choices as written, not shuffled.",
          default: false),
        .defaulted(
          "cite", \.cite, Citation.format, "Sources for what the engine cannot decide."),
        .optional("prove", \.proof, Proof.format, "What the engine runs to show the key."),
        .mark(\.mark),
      ])
    return Format(schema: record.schema) { node, reading in
      guard var question = record.read(node, &reading) else { return nil }
      question.digest = Digests.digest(of: node.document.json(.compact))
      QuestionRules.report(question, &reading)
      return question
    }
  }()
}

extension QuestionTask {
  static let alternatives: [Alternative<QuestionTask>] = [
    Alternative(
      "choices", Format<[Choice]>.list(Choice.format, count: 2...8).map(QuestionTask.choices),
      "The choices, one or several of them right."),
    Alternative(
      "order", Format<[OrderStep]>.list(OrderStep.format, count: 3...5).map(QuestionTask.order),
      "The steps in their right order."),
    Alternative(
      "match",
      Format<[Named<String>]>.named(.any, .text, count: 3...7).map(QuestionTask.match),
      "Each left side with its right side."),
    Alternative(
      "predict", Prediction.format.map(QuestionTask.predict),
      "The answer is what the engine measures."),
    Alternative(
      "command", CommandTask.format.map(QuestionTask.command),
      "One command is to be typed; checks decide."),
  ]
}

extension Choice {
  static let format = Format.record(
    "choice", "A choice.", Choice(),
    [
      .oneOf(
        \.verdict,
        [
          Alternative("right", Format.text.map(Verdict.right), "A right choice."),
          Alternative("wrong", Format.text.map(Verdict.wrong), "A wrong choice."),
        ]),
      .required("why", \.why, .text, "Why it is right, or why it is wrong though plausible."),
      .optional("claim", \.claim, Comparison.format, "What it says the proof's measure is."),
      .defaulted("try", \.attempt, .commands, "What it would do, run on a fork of its own."),
      .defaulted("cite", \.cite, Citation.format, "Sources, where the engine cannot run it."),
      .mark(\.mark),
    ])
}

extension OrderStep {
  static let format: Format<OrderStep> = .either(
    text: Format.text.located.map { OrderStep(text: $0.value, mark: $0.mark) },
    mapping: .record(
      "order-step", "A step that the engine can run.", OrderStep(),
      [
        .required("step", \.text, .text, "The step in words."),
        .required("try", \.attempt, .commands, "What it does."),
        .mark(\.mark),
      ]))
}

extension Prediction {
  static let format = Format.record(
    "prediction", "What is predicted.", Prediction(),
    [
      .required(
        "unit", \.unit, .text, "What the answer is counted in: USD a month, items, a time."),
      .optional(
        "within", \.within, .scalar, "How far off an answer may be: a number, or a length."),
    ])
}

extension CommandTask {
  static let format = Format.record(
    "command-task", "A command to type.", CommandTask(),
    [
      .defaulted("world", \.world, WorldDescription.format, "The world it is typed in."),
      .defaulted("run", \.prepare, .commands, "What was done before."),
      .required("checks", \.checks, .list(Check.format, count: 1...10), "What must then hold."),
      .required("solutions", \.solutions, .commands, "Commands, each of which does it."),
      .defaulted(
        "wrong", \.wrong, .list(WrongCommand.format, count: 1...10),
        "Commands that do not, with the words to say."),
    ])
}

extension WrongCommand {
  static let format = Format.record(
    "wrong-command", "A command that misses the point.", WrongCommand(),
    [
      .required("run", \.run, .commands, "The command."),
      .required("why", \.why, .text, "What to say to whom typed it."),
      .mark(\.mark),
    ])
}

extension Proof {
  static let format = Format.record(
    "proof", "What the engine runs to decide the question.", Proof(),
    [
      .defaulted("world", \.world, WorldDescription.format, "The world it begins with."),
      .defaulted("run", \.run, .commands, "What is done first, on every fork."),
      .optional(
        "measure", \.measure, ProofMeasure.format, "What is measured; each choice has a claim."),
      .defaulted(
        "met-when", \.metWhen, .list(Check.format, count: 1...10),
        "What exactly the right choices bring about."),
      .mark(\.mark),
    ])
}

extension ExamTag {
  static let format = Format<[Named<[Int]>]>.named(
    examRule, .oneOrMany(.integer(1...9), count: 1...6), count: 1...12
  ).map { tags in tags.map { ExamTag(exam: $0.name, domains: $0.value, mark: $0.mark) } }

  private static let examRule = NameRule(
    pattern: "^[A-Z]{3}-C[0-9]{2}$", words: "the code of an exam, such as SAA-C03"
  ) { ExamBlueprint.named($0) != nil }
}
