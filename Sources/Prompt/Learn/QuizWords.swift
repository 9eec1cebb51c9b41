// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Documents
import Quiz
import Simulation
import StateStore
import Terminal

extension Console {
  /// How many questions `quiz` asks unless told.
  private static let usualCount = 10

  /// `quiz [N] [TOPIC] [--topic T] [--seed S]`: practice with reasons.
  func quiz(_ call: Call) throws -> Int32 {
    var arguments = Array(call.arguments)
    let seed = try call.takeSeed(&arguments, settings) ?? settings.newSeed()
    var topic = try call.take("--topic", from: &arguments)
    if let mode = try call.take("--mode", from: &arguments) {
      switch mode {
      case "practice": break
      case "exam": return try runCommand(["exam"], settings: [], typed: "exam")
      default: throw PromptRefusal("The mode \(plain(mode)) is not built yet.", status: 2)
      }
    }
    var count: Int?
    for argument in arguments {
      if let number = Int(argument) {
        guard number >= 1 else { throw call.misuse("At least one question.") }
        count = number
      } else if topic == nil {
        topic = argument
      } else {
        throw call.misuse()
      }
    }
    let library = try usableLibrary()
    let questions = try chosen(topic, count: count, seed: seed, library)
    return try practise(
      PracticeSession(questions: questions, seed: seed, at: settings.hostNow()), library)
  }

  /// The questions; a bank with errors gives none, and that is said.
  func usableLibrary() throws -> QuestionLibrary {
    let library = try shelf.questions(settings)
    if let first = library.errors.first {
      let more = library.errors.count > 1 ? " and \(library.errors.count - 1) more" : ""
      talk("\(first.description)\(more)")
    }
    guard !library.questions.isEmpty else {
      throw PromptRefusal("There are no questions here.", status: 3)
    }
    return library
  }

  private func chosen(
    _ topic: String?, count: Int?, seed: UInt64, _ library: QuestionLibrary
  ) throws -> [Question] {
    guard let topic else {
      return PracticeSelection.choose(
        from: library.questions, count: count ?? Self.usualCount, seed: seed,
        experience: try experience(), suspended: try suspended())
    }
    let about = library.questions(about: topic)
    guard !about.isEmpty else {
      let advice = Suggestion.fix(for: topic, among: library.subjects) ?? ""
      throw PromptRefusal(
        "There are no questions about \(plain(topic)).", advice: plain(advice), status: 2)
    }
    // A whole bank is worked through from its beginning.
    let isBank = library.banks.contains { $0.id == topic }
    return PracticeSelection.choose(
      from: about, count: count, seed: seed, experience: isBank ? [:] : try experience(),
      suspended: about.count == 1 ? [] : try suspended(), inFileOrder: isBank)
  }

  /// What is known of earlier answers, by question.
  func experience() throws -> [String: Experience] {
    guard try hasProgress else { return [:] }
    var result: [String: Experience] = [:]
    for attempt in try progress().attempts() {
      result[attempt.question] = Experience(
        lastAnswered: attempt.answeredAt, wasRight: attempt.isRight)
    }
    return result
  }

  /// Ids of questions that are not to be asked.
  func suspended() throws -> Set<String> {
    guard try hasProgress else { return [] }
    return Set(
      try progress().values(.card).filter { $0.value["suspended"]?.bool == true }.map(\.name))
  }

  // MARK: Practice

  private func practise(_ first: PracticeSession, _ library: QuestionLibrary) throws -> Int32 {
    var practice = first
    guard practice.stage != .finished else {
      throw PromptRefusal("Nothing to ask: every question is suspended.")
    }
    show(practice, library)
    while practice.stage != .finished {
      try flush()
      let prompt = practice.stage == .asking ? "answer> " : "Enter goes on> "
      guard case .line(let line) = lines.readLine(prompt: prompt, isCommand: false) else { break }
      if isHelp(line) {
        showQuizKeys(practice.sheet)
      } else if Self.trimmed(line) == "prove", let sheet = practice.sheet {
        guard practice.stage == .explained else {
          talk("Answer first; a proof would tell.")
          continue
        }
        showProof(of: sheet)
      } else {
        try take(practice.enter(line, at: settings.hostNow()), practice, library)
      }
    }
    showSummary(practice.summary, library)
    return 0
  }

  private static func trimmed(_ line: String) -> String {
    line.split(separator: " ").joined(separator: " ").lowercased()
  }

  private func isHelp(_ line: String) -> Bool { ["help", "?"].contains(Self.trimmed(line)) }

  private func take(
    _ event: PracticeSession.Event, _ practice: PracticeSession, _ library: QuestionLibrary
  ) throws {
    switch event {
    case .refused(let words): talk(words)
    case .answered(let record, let grade, let explanation):
      try progress().add(QuestionAttempt(record, mode: .practice))
      show(grade, explanation)
    case .flagged(let isFlagged): say(isFlagged ? "Flagged." : "No longer flagged.")
    case .suspended(let question):
      try progress().setValue(.card, question, to: ["suspended": true])
      say("\(question) will not be asked again.")
      show(practice, library)
    case .reported(let question, let words): try report(question, words)
    case .asked: show(practice, library)
    case .finished: break
    }
  }

  /// Notes that something is wrong with a question.
  func report(_ question: String, _ words: String) throws {
    let now = try settings.hostNow()
    try progress().setValue(
      .report, question, to: ["at": .string(now.rfc3339), "words": .string(words)])
    say("Noted, thank you: \(question).")
  }

  private func show(_ practice: PracticeSession, _ library: QuestionLibrary) {
    guard practice.stage == .asking, let sheet = practice.sheet else { return }
    show(
      sheet, head: "Question \(practice.position + 1) of \(practice.questions.count)",
      topic: library.claims.title(ofTopic: sheet.question.topic))
  }

  private func showQuizKeys(_ sheet: QuestionSheet?) {
    if let instruction = sheet?.instruction { say("  \(instruction)") }
    tell(
      "A letter or a number answers; b? says that you are unsure. f flags, x never asks again, "
        + "! words reports an error, q leaves. After the answer: prove, or Enter.", first: "  ")
  }

  // MARK: Drawing

  /// A question with its choices.
  func show(_ sheet: QuestionSheet, head: String, topic: String) {
    say()
    say(profile.styled(head, .bold) + "   \(plain(topic))   \(plain(sheet.question.id))")
    tell(plain(sheet.question.ask, keepsLines: true))
    if !sheet.rows.isEmpty { say() }
    for row in sheet.leftRows { tell(plain(row.text), first: "  \(row.label)  ") }
    if !sheet.leftRows.isEmpty { say() }
    for row in sheet.rows { tell(plain(row.text), first: "  \(row.label)  ") }
    if let instruction = sheet.instruction { say("\n\(instruction)") }
  }

  private func show(_ grade: Grade, _ explanation: Explanation) {
    let verdict =
      grade.isRight
      ? profile.styled("Right.", .good)
      : grade.credit > 0
        ? "Partly right, \(decimal(grade.credit * 100, 0)) %." : profile.styled("Wrong.", .bad)
    say(verdict + (grade.isRight ? "" : explanation.answer.map { " Right is: \(plain($0))" } ?? ""))
    show(explanation)
  }

  /// Every choice with its reason.
  func show(_ explanation: Explanation) {
    for row in explanation.rows {
      let mark = row.isRight ? "+" : "-"
      let chosen = row.wasChosen ? "*" : " "
      tell(plain(row.text), first: " \(chosen)\(mark) \(row.label)  ")
      tell(plain(row.why, keepsLines: true), first: "       ")
    }
    // A prediction's finding asks the question again; its answer stands above.
    for finding in explanation.findings
    where !explanation.rows.isEmpty || explanation.answer != finding.actual {
      tell(
        "\(plain(finding.goal)): expected \(plain(finding.expected)), found \(plain(finding.actual))",
        first: "  \(finding.passes ? "[yes]" : "[no] ") ", rest: "        ")
    }
    if let remark = explanation.remark { tell(plain(remark, keepsLines: true), first: "  ") }
    if let why = explanation.why { tell(plain(why, keepsLines: true), first: "  ") }
    for citation in explanation.cite { tell("See \(plain(citation.text)).", first: "  ") }
    if explanation.isProvable { say("  \"prove\" runs it on the engine.") }
  }

  /// Runs a question's proof and shows what every choice came to.
  func showProof(of sheet: QuestionSheet) {
    let report = Prover.prove(sheet.question)
    for command in report.preparation { show(command) }
    for trial in report.trials {
      var label = ""
      if case .choice(let index) = trial.subject {
        label = (sheet.letter(ofIndex: index) ?? "") + "  "
      }
      tell(plain(trial.text), first: "  \(label)", rest: "     ")
      guard trial.isExecuted else {
        for citation in trial.cite { tell("not run; see \(plain(citation.text))", first: "     ") }
        continue
      }
      for command in trial.commands { show(command) }
      for finding in trial.findings {
        tell(
          "\(plain(finding.goal)): expected \(plain(finding.expected)), found \(plain(finding.actual))",
          first: "     \(finding.passes ? "[yes]" : "[no] ") ", rest: "           ")
      }
    }
    for problem in report.problems { talk(problem.description) }
    say("  \(plain(report.summary))")
  }

  private func show(_ command: ProvedCommand) {
    tell(plain(command.line, keepsLines: true), first: "     $ ", rest: "       ")
    guard command.status != 0 else { return }
    let error = command.stderr.split(separator: "\n").joined(separator: " ")
    tell(plain(error), first: "       ")
  }

  private func showSummary(_ summary: PracticeSummary, _ library: QuestionLibrary) {
    if settings.printsJSON {
      answer([
        "asked": .integer(Int64(summary.asked)), "right": .integer(Int64(summary.right)),
        "credit": .double(summary.credit),
      ])
      return
    }
    guard summary.asked > 0 else { return }
    say()
    say("\(summary.right) of \(summary.asked) right.")
    for tally in summary.byTopic {
      say("  \(plain(library.claims.title(ofTopic: tally.name))): \(tally.right) of \(tally.total)")
    }
    for sentence in summary.calibration.sentences { say(sentence) }
  }
}

extension QuestionAttempt {
  /// An answer as progress keeps it.
  init(_ record: AnswerRecord, mode: Mode, sitting: String? = nil) {
    let confidence: Confidence =
      switch record.certainty {
      case .sure: .sure
      case .unsure: .unsure
      case .unsaid: .unsaid
      }
    self.init(
      question: record.question, contentDigest: record.contentDigest, choices: record.response,
      isRight: record.isRight, credit: record.credit, confidence: confidence, mode: mode,
      answeredAt: record.answeredAt, duration: record.duration, seed: record.seed,
      sitting: sitting)
  }
}
