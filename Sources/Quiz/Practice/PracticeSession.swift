// SPDX-License-Identifier: GPL-3.0-or-later

internal import ContentFormat
internal import Digests
package import Documents
package import Simulation

/// One answer as progress keeps it; the fields are those of a stored attempt.
package struct AnswerRecord: Hashable, Sendable {
  package let question: String
  /// Hexadecimal digest of the question as it was asked.
  package let contentDigest: String
  /// What was answered, in the order of the file.
  package let response: Document
  package let isRight: Bool
  package let credit: Double
  package let certainty: Certainty
  /// Host time of the answer.
  package let answeredAt: Instant
  /// From showing to answering.
  package let duration: Duration
  package let seed: UInt64
}

/// Practice as a state machine: lines go in, events come out, nothing is printed or stored.
///
/// A question is `asking` until a line answers it; then it is `explained` until Enter; nothing
/// advances by itself.
///
/// Whoever draws it shows `sheet` while asking and the event's `Explanation` afterwards,
/// stores what `answered`, `suspended` and `reported` carry, and runs
/// `Prover.prove(sheet.question)` when the learner asks for the proof.
package struct PracticeSession: Sendable {
  package enum Stage: Hashable, Sendable { case asking, explained, finished }

  package enum Event: Sendable {
    /// The line was not taken; nothing changed.
    case refused(String)
    case answered(AnswerRecord, Grade, Explanation)
    /// The question is marked (true) or no longer marked.
    case flagged(Bool)
    /// The question is not to be asked again.
    case suspended(question: String)
    case reported(question: String, words: String)
    /// The next question is shown.
    case asked
    /// The session is over: the last question was done, or the learner left.
    case finished
  }

  package let questions: [Question]
  package let seed: UInt64
  package private(set) var position = 0
  package private(set) var stage: Stage
  package private(set) var records: [AnswerRecord] = []
  /// Ids of marked questions, in the order of marking.
  package private(set) var flags: [String] = []
  private var shownAt: Instant

  /// A session over questions in the order given.
  ///
  /// - Parameters:
  ///   - questions: What is asked; `PracticeSelection` chooses and shuffles.
  ///   - seed: Shuffles the choices; the same seed shows the same letters.
  ///   - now: Host time at which the first is shown.
  package init(questions: [Question], seed: UInt64, at now: Instant) {
    self.questions = questions
    self.seed = seed
    stage = questions.isEmpty ? .finished : .asking
    shownAt = now
  }

  /// The question on the screen; nil when finished.
  package var sheet: QuestionSheet? {
    guard stage != .finished, questions.indices.contains(position) else { return nil }
    return QuestionSheet(questions[position], seed: seed)
  }

  /// Takes one line.
  ///
  /// - Parameters:
  ///   - line: As typed.
  ///   - now: Host time.
  /// - Returns: What happened.
  package mutating func enter(_ line: String, at now: Instant) -> Event {
    guard let sheet else { return .finished }
    let id = sheet.question.id
    switch QuizLine(line) {
    case .leave:
      stage = .finished
      return .finished
    case .flag:
      if let place = flags.firstIndex(of: id) {
        flags.remove(at: place)
        return .flagged(false)
      }
      flags.append(id)
      return .flagged(true)
    case .suspend:
      moveOn(at: now)
      return .suspended(question: id)
    case .report(let words):
      return .reported(question: id, words: words)
    case .next:
      guard stage == .explained else {
        return .refused("Answer first, or x to suspend the question, q to leave.")
      }
      moveOn(at: now)
      return stage == .finished ? .finished : .asked
    case .answer(let text, let certainty):
      guard stage == .asking else {
        return .refused("Answered already; Enter goes on.")
      }
      return answer(text, certainty, on: sheet, at: now)
    }
  }

  private mutating func answer(
    _ text: String, _ certainty: Certainty, on sheet: QuestionSheet, at now: Instant
  ) -> Event {
    let response: Response
    let grade: Grade
    do throws(AnswerRefusal) {
      response = try sheet.read(text)
    } catch {
      return .refused(error.message)
    }
    do throws(ContentProblem) {
      grade = try Grader.grade(response, to: sheet.question, .netCorrect)
    } catch {
      return .refused(error.message)
    }
    let record = AnswerRecord(
      question: sheet.question.id, contentDigest: sheet.question.digest.hex,
      response: response.document, isRight: grade.isRight, credit: grade.credit,
      certainty: certainty, answeredAt: now, duration: max(.zero, now - shownAt), seed: seed)
    records.append(record)
    stage = .explained
    return .answered(record, grade, Explanation(sheet, response: response, grade: grade))
  }

  private mutating func moveOn(at now: Instant) {
    position += 1
    stage = position < questions.count ? .asking : .finished
    shownAt = now
  }

  /// What the session came to.
  package var summary: PracticeSummary { PracticeSummary(records, of: questions) }
}

/// What a practice session came to.
package struct PracticeSummary: Hashable, Sendable {
  package let asked: Int
  package let right: Int
  /// The sum of credits; parts of answers count.
  package let credit: Double
  package let byTopic: [Tally]
  package let calibration: Calibration

  init(_ records: [AnswerRecord], of questions: [Question]) {
    asked = records.count
    right = records.count(where: \.isRight)
    credit = records.reduce(0) { $0 + $1.credit }
    var tallies: [Tally] = []
    for record in records {
      let topic = questions.first { $0.id == record.question }?.topic ?? ""
      tallies.add(record.isRight, to: topic)
    }
    byTopic = tallies
    calibration = Calibration(records.map { ($0.certainty, $0.isRight) })
  }
}

/// How many of some questions were right.
package struct Tally: Hashable, Sendable {
  package let name: String
  package internal(set) var right = 0
  package internal(set) var total = 0

  /// From 0 to 1.
  package var share: Double { total == 0 ? 0 : Double(right) / Double(total) }
}

extension [Tally] {
  /// Counts one answer under a name; names stay in the order in which they first appear.
  mutating func add(_ isRight: Bool, to name: String) {
    let place: Int
    if let found = firstIndex(where: { $0.name == name }) {
      place = found
    } else {
      append(Tally(name: name))
      place = count - 1
    }
    self[place].total += 1
    if isRight { self[place].right += 1 }
  }
}

/// How well being sure goes with being right.
package struct Calibration: Hashable, Sendable {
  package private(set) var sureRight = 0
  package private(set) var sureWrong = 0
  package private(set) var unsureRight = 0
  package private(set) var unsureWrong = 0

  init(_ answers: [(certainty: Certainty, isRight: Bool)]) {
    for answer in answers {
      switch (answer.certainty, answer.isRight) {
      case (.sure, true): sureRight += 1
      case (.sure, false): sureWrong += 1
      case (.unsure, true): unsureRight += 1
      case (.unsure, false): unsureWrong += 1
      case (.unsaid, _): break
      }
    }
  }

  /// Sentences worth saying; empty where nothing was answered.
  package var sentences: [String] {
    var result: [String] = []
    let sure = sureRight + sureWrong
    let unsure = unsureRight + unsureWrong
    if sure > 0 { result.append("Sure \(sure) times, right \(sureRight).") }
    if unsure > 0 { result.append("Unsure \(unsure) times, right \(unsureRight).") }
    if sureWrong > 0 { result.append("Sure and wrong is what to look at first: \(sureWrong).") }
    return result
  }
}
