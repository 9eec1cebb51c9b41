// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
internal import Worlds

extension ContentError.Code {
  /// A key that contradicts the question or what the engine measures.
  package static let answerKey: Self = "answer-key"
  /// A question with neither a proof nor a citation, or a proof that cannot be run.
  package static let proof: Self = "proof"
  /// A question that is asked twice.
  package static let duplicateStem: Self = "duplicate-stem"
}

/// What a single question must obey beyond its schema.
enum QuestionRules {
  static func report(_ question: Question, _ reading: inout Reading) {
    switch question.task {
    case .choices(let choices): report(choices, of: question, &reading)
    case .order(let steps): report(steps, of: question, &reading)
    case .match(let pairs): report(pairs, of: question, &reading)
    case .predict:
      if question.proof?.measure == nil {
        reading.report(
          .proof, "a prediction needs prove with a measure: its answer", at: question.mark)
      }
    case .command:
      if question.proof != nil {
        reading.report(
          .conflict, "a command question is proved by its solutions; prove has no place here",
          at: question.mark)
      }
    case nil: break
    }
    if question.choices.isEmpty, question.why == nil {
      reading.report(.missingField, "the field why is missing", at: question.mark)
    }
    if !question.isProvable, question.cite.isEmpty {
      reading.report(
        .proof, "there is neither a proof nor a citation", fix: "add prove or cite",
        at: question.mark)
    }
    reportShape(of: question, &reading)
    reportTags(of: question, &reading)
  }

  // MARK: Choices

  private static func report(
    _ choices: [Choice], of question: Question, _ reading: inout Reading
  ) {
    let right = choices.count(where: \.isRight)
    if right == 0 {
      reading.report(.answerKey, "no choice is right", at: question.mark)
    } else if right == choices.count {
      reading.report(.answerKey, "every choice is right", at: question.mark)
    } else if right == 1, choices.count > 5 {
      // F is a key of its own while one letter is a whole answer.
      reading.report(
        .badValue, "\(choices.count) choices for one answer", fix: "at most 5", at: question.mark)
    }
    if let wanted = Stem.countAsked(in: question.ask), wanted != right {
      reading.report(
        .answerKey, "the stem asks for \(wanted), and \(right) are right",
        fix: "leave the number out; it is counted", at: question.mark)
    }
    var seen: [String] = []
    for choice in choices {
      let text = Stem.normal(choice.text)
      if seen.contains(text) {
        reading.report(.badValue, "two choices say the same", at: choice.mark)
      }
      seen.append(text)
      reportProof(of: choice, in: question, &reading)
    }
  }

  private static func reportProof(
    of choice: Choice, in question: Question, _ reading: inout Reading
  ) {
    let hasMeasure = question.proof?.measure != nil
    let hasChecks = !(question.proof?.metWhen.isEmpty ?? true)
    if choice.claim != nil, !hasMeasure {
      reading.report(.conflict, "a claim needs prove with a measure", at: choice.mark)
    }
    if !choice.attempt.isEmpty, !hasChecks {
      reading.report(.conflict, "try needs prove with met-when", at: choice.mark)
    }
    guard choice.cite.isEmpty else {
      if choice.claim != nil || !choice.attempt.isEmpty {
        reading.report(
          .conflict, "what the engine decides needs no citation here", fix: "cite the question",
          at: choice.mark)
      }
      return
    }
    if hasMeasure, choice.claim == nil {
      reading.report(
        .proof, "this choice claims nothing of the measure", fix: "add claim, or cite",
        at: choice.mark)
    }
    if hasChecks, choice.attempt.isEmpty {
      reading.report(
        .proof, "this choice is not tried", fix: "add try, or cite", at: choice.mark)
    }
  }

  // MARK: Other kinds

  private static func report(
    _ steps: [OrderStep], of question: Question, _ reading: inout Reading
  ) {
    let texts = steps.map { Stem.normal($0.text) }
    for (index, text) in texts.enumerated() where texts[..<index].contains(text) {
      reading.report(.badValue, "two steps say the same", at: steps[index].mark)
    }
    let runnable = steps.count(where: { !$0.attempt.isEmpty })
    if runnable > 0, runnable < steps.count || question.proof == nil {
      reading.report(
        .proof, "to prove an order, every step needs try, and the question prove",
        at: question.mark)
    }
    if question.proof != nil, runnable == 0 {
      reading.report(.proof, "the steps of a proved order need try", at: question.mark)
    }
  }

  private static func report(
    _ pairs: [Named<String>], of question: Question, _ reading: inout Reading
  ) {
    let texts = pairs.map { Stem.normal($0.value) }
    for (index, text) in texts.enumerated() where texts[..<index].contains(text) {
      reading.report(.badValue, "two right sides say the same", at: pairs[index].mark)
    }
    if question.proof != nil {
      reading.report(.conflict, "a match is not proved yet; cite it", at: question.mark)
    }
  }

  // MARK: Proof and tags

  private static func reportShape(of question: Question, _ reading: inout Reading) {
    guard let proof = question.proof else { return }
    if (proof.measure == nil) == proof.metWhen.isEmpty {
      reading.report(.proof, "a proof has either measure or met-when", at: proof.mark)
    }
    if case .order = question.task, proof.measure != nil {
      reading.report(.conflict, "an order is proved with met-when", at: proof.mark)
    }
    let choices = question.choices
    if !choices.isEmpty, choices.allSatisfy({ !$0.cite.isEmpty }) {
      reading.report(.proof, "every choice is cited, so nothing is proved", at: proof.mark)
    }
  }

  private static func reportTags(of question: Question, _ reading: inout Reading) {
    for tag in question.exams {
      guard let blueprint = ExamBlueprint.named(tag.exam) else { continue }
      for domain in tag.domains where blueprint.domain(domain) == nil {
        reading.report(
          .badValue, "\(tag.exam) has no domain \(domain)",
          fix: "1 to \(blueprint.domains.count)", at: tag.mark)
      }
      if blueprint.leavesOutAWSBackup, question.teaches.contains(where: { $0.value.topic == "BKP" })
      {
        reading.report(
          .conflict, "AWS Backup is out of scope for \(tag.exam)", fix: "remove the tag",
          at: tag.mark)
      }
    }
  }
}

/// Reading of stems.
enum Stem {
  /// A text in lower case, letters and digits alone, single blanks: equal for equal wording.
  static func normal(_ text: String) -> String {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
  }

  private static let numbers = [
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "1": 1, "2": 2, "3": 3,
    "4": 4, "5": 5, "6": 6,
  ]

  /// The number after "select" or "choose" in a stem; nil where it asks for none.
  static func countAsked(in stem: String) -> Int? {
    let words = normal(stem).split(separator: " ").map(String.init)
    for (index, word) in words.enumerated() where ["select", "choose", "pick"].contains(word) {
      if index + 1 < words.count, let number = numbers[words[index + 1]] { return number }
    }
    return nil
  }
}
