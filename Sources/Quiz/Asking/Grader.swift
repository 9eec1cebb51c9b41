// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
internal import Documents

/// How good an answer is.
package struct Grade: Hashable, Sendable {
  /// All of it right.
  package let isRight: Bool
  /// From 0 to 1; between them only in practice, where a part can be right.
  package let credit: Double
  /// What the engine found, for a prediction or a command.
  package var findings: [ProofFinding] = []
  /// What to say of a known wrong command.
  package var remark: String?
  /// What a typed command answered, as the AWS CLI prints it.
  package var transcript: [ProvedCommand] = []

  static func all(_ isRight: Bool) -> Grade { Grade(isRight: isRight, credit: isRight ? 1 : 0) }
}

/// Whether a part of an answer counts.
package enum Marking: Hashable, Sendable {
  /// Exams: all or nothing.
  case allOrNothing
  /// Practice: of several right, each right one chosen counts and each wrong one takes one away,
  /// never below nothing; of a match, each right pair counts.
  case netCorrect
}

package enum Grader {
  /// Grades an answer; the engine decides predictions and commands.
  ///
  /// - Parameters:
  ///   - response: The answer, in the order of the file.
  ///   - question: The question.
  ///   - marking: Whether a part of it counts.
  ///   - seed: The seed of the world in which predictions and commands are decided.
  /// - Returns: The grade.
  /// - Throws: `ContentProblem` where a typed command is none or has a slip in it, or the question
  ///   cannot be decided.
  package static func grade(
    _ response: Response, to question: Question, _ marking: Marking, seed: UInt64 = 1
  ) throws(ContentProblem) -> Grade {
    switch (question.task, response) {
    case (.choices(let choices)?, .choices(let chosen)):
      let right = choices.indices.filter { choices[$0].isRight }
      let hits = chosen.count(where: right.contains)
      let isRight = hits == right.count && chosen.count == right.count
      guard marking == .netCorrect, right.count > 1 else { return .all(isRight) }
      let net = max(0, hits - (chosen.count - hits))
      return Grade(isRight: isRight, credit: Double(net) / Double(right.count))
    case (.order(let steps)?, .order(let order)):
      return .all(order == Array(steps.indices))
    case (.match(let pairs)?, .match(let given)):
      let hits = given.enumerated().count { $0.offset == $0.element }
      guard marking == .netCorrect else { return .all(hits == pairs.count) }
      return Grade(isRight: hits == pairs.count, credit: Double(hits) / Double(pairs.count))
    case (.predict?, .text(let text)):
      let finding = try Prover.judge(prediction: text, of: question, seed: seed)
      var grade = Grade.all(finding.passes)
      grade.findings = [finding]
      return grade
    case (.command(let task)?, .text(let line)):
      let trial = try Prover.judge(command: line, of: task, seed: seed)
      // A slip in the line is no answer: nothing was sent, so it can be typed again.
      if let slip = trial.commands.first(where: { $0.status == 252 || $0.status == 253 }) {
        let words = slip.stderr.split(separator: "\n").last.map(String.init)
        throw ContentProblem(.command, words ?? "The command was not understood.")
      }
      var grade = Grade.all(trial.isMet)
      grade.findings = trial.findings
      grade.transcript = trial.commands
      if !trial.isMet { grade.remark = try remark(on: trial, task, seed: seed) }
      return grade
    default: return .all(false)
    }
  }

  /// The author's words for a wrong command that came to the same findings as the learner's.
  private static func remark(
    on trial: ProofTrial, _ task: CommandTask, seed: UInt64
  ) throws(ContentProblem) -> String? {
    guard trial.commands.contains(where: \.isAccepted) else { return nil }
    for wrong in task.wrong {
      guard let line = wrong.run.last?.text, wrong.run.count == 1 else { continue }
      let known = try Prover.judge(command: line, of: task, seed: seed)
      if known.findings == trial.findings, known.commands.first?.isAccepted == true {
        return wrong.why
      }
    }
    return nil
  }
}

/// What is shown after an answer: every choice with its reason, in the order of the sheet.
package struct Explanation: Sendable {
  package struct Row: Hashable, Sendable {
    package let label: String
    package let text: String
    package let isRight: Bool
    package let wasChosen: Bool
    package let why: String
  }

  /// Choices with their reasons; empty for other kinds.
  package let rows: [Row]
  /// The right answer in the letters of the sheet or in words; nil where checks decide.
  package let answer: String?
  /// The reason of the whole.
  package let why: String?
  /// What the engine found.
  package let findings: [ProofFinding]
  /// Words for a known wrong command.
  package let remark: String?
  package let cite: [Citation]
  /// Whether `prove` shows more.
  package let isProvable: Bool

  /// Explains a question, and the answer if there was one.
  package init(_ sheet: QuestionSheet, response: Response?, grade: Grade?) {
    let question = sheet.question
    let choices = question.choices
    var chosen: [Int] = []
    if case .choices(let places)? = response { chosen = places }
    rows =
      choices.isEmpty
      ? []
      : sheet.order.enumerated().map { place, index in
        Row(
          label: QuestionSheet.letter(place), text: choices[index].text,
          isRight: choices[index].isRight, wasChosen: chosen.contains(index),
          why: choices[index].why)
      }
    findings = grade?.findings ?? []
    switch question.task {
    case .predict: answer = findings.first?.actual
    case .command(let task): answer = task.solutions.first?.text
    default: answer = sheet.key.map(sheet.text(of:))
    }
    why = question.why
    remark = grade?.remark
    cite = question.cite + choices.flatMap(\.cite)
    isProvable = question.isProvable
  }
}
