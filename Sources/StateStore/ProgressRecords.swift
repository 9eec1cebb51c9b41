// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
package import Simulation

/// One answer to one question.
///
/// All instants here are the host's, not virtual. Progress follows the question's id, statistics
/// follow its content digest.
package struct QuestionAttempt: Hashable, Sendable {
  /// How sure the learner said to be.
  package enum Confidence: String, Hashable, Sendable, CaseIterable { case sure, unsure, unsaid }
  package enum Mode: String, Hashable, Sendable, CaseIterable { case practice, review, exam }

  /// The question's id, such as `doc-5`.
  package var question: String
  /// The digest of the question as it was asked.
  package var contentDigest: String
  /// What was answered: places of the choices in the file, pairs, or the typed text.
  package var choices: Document
  package var isRight: Bool
  /// From 0 to 1; between them only where a part can be right.
  package var credit: Double
  package var confidence: Confidence
  package var mode: Mode
  /// Host time of the answer.
  package var answeredAt: Instant
  /// Time from showing to answering.
  package var duration: Duration
  /// The shuffle's seed.
  package var seed: UInt64
  /// The exam sitting it belongs to, by id.
  package var sitting: String?

  package init(
    question: String, contentDigest: String, choices: Document, isRight: Bool, credit: Double,
    confidence: Confidence, mode: Mode, answeredAt: Instant, duration: Duration, seed: UInt64,
    sitting: String? = nil
  ) {
    self.question = question
    self.contentDigest = contentDigest
    self.choices = choices
    self.isRight = isRight
    self.credit = credit
    self.confidence = confidence
    self.mode = mode
    self.answeredAt = answeredAt
    self.duration = duration
    self.seed = seed
    self.sitting = sitting
  }
}

/// One sitting of an exam.
///
/// It goes on running while the program is closed: the deadline is stored.
package struct ExamSitting: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable { case running, finished, abandoned }

  /// Unique for the learner, such as `exam-7`.
  package var id: String
  package var blueprint: String
  package var seed: UInt64
  /// Host time of the start.
  package var startedAt: Instant
  /// Host time after which no answer counts.
  package var deadline: Instant
  package var state: State
  /// The questions in order, with digests and the shuffles: the caller's own document.
  package var paper: Document
  /// Answers so far by question id: the caller's own document.
  package var answers: Document
  /// Ids of questions flagged for return, in order.
  package var flags: [String]
  /// The result once finished, else null.
  package var result: Document

  package init(
    id: String, blueprint: String, seed: UInt64, startedAt: Instant, deadline: Instant,
    state: State = .running, paper: Document, answers: Document = .object([:]),
    flags: [String] = [], result: Document = .null
  ) {
    self.id = id
    self.blueprint = blueprint
    self.seed = seed
    self.startedAt = startedAt
    self.deadline = deadline
    self.state = state
    self.paper = paper
    self.answers = answers
    self.flags = flags
    self.result = result
  }
}

/// One finished attempt at a lab; the whole story is in the result file.
package struct LabResult: Hashable, Sendable {
  /// The result file's id: `results/ID.json`.
  package var id: String
  package var scenario: String
  package var contentDigest: String
  package var seed: UInt64
  /// Counts attempts at the same content and seed, from 1.
  package var ordinal: Int
  package var points: Int
  package var outOf: Int
  package var hasPassed: Bool
  package var mode: String
  /// Host time of the end.
  package var finishedAt: Instant
  /// The digest of the result file.
  package var fileDigest: String

  package init(
    id: String, scenario: String, contentDigest: String, seed: UInt64, ordinal: Int, points: Int,
    outOf: Int, hasPassed: Bool, mode: String, finishedAt: Instant, fileDigest: String
  ) {
    self.id = id
    self.scenario = scenario
    self.contentDigest = contentDigest
    self.seed = seed
    self.ordinal = ordinal
    self.points = points
    self.outOf = outOf
    self.hasPassed = hasPassed
    self.mode = mode
    self.finishedAt = finishedAt
    self.fileDigest = fileDigest
  }
}

/// What the learner works towards.
package struct Aim: Hashable, Sendable {
  /// The exam's code, such as `SOA-C03`.
  package var exam: String
  /// The day of the exam, `YYYY-MM-DD`.
  package var date: String
  package var minutesPerDay: Int

  package init(exam: String, date: String, minutesPerDay: Int) {
    self.exam = exam
    self.date = date
    self.minutesPerDay = minutesPerDay
  }
}

// MARK: - Stored form

/// A type that is kept in `progress.sqlite`.
protocol ProgressRecord {
  /// The records' kind in the database.
  static var kind: String { get }
  /// What records of the kind are found by.
  var key: String { get }
  var document: Document { get }
  /// Nil if the document is not one that this version writes.
  init?(_ document: Document)
}

extension QuestionAttempt: ProgressRecord {
  static var kind: String { "attempt" }
  var key: String { question }

  var document: Document {
    [
      "question": .string(question), "digest": .string(contentDigest), "choices": choices,
      "right": .bool(isRight), "credit": .double(credit),
      "confidence": .string(confidence.rawValue), "mode": .string(mode.rawValue),
      "answeredAt": .integer(answeredAt.milliseconds),
      "ms": .integer(duration.wholeMilliseconds), "seed": .string(String(seed)),
      "sitting": sitting.map(Document.string) ?? .null,
    ]
  }

  init?(_ document: Document) {
    guard let question = document["question"]?.string, let digest = document["digest"]?.string,
      let choices = document["choices"], let isRight = document["right"]?.bool,
      let credit = document["credit"]?.number,
      let confidence = document["confidence"]?.string.flatMap(Confidence.init(rawValue:)),
      let mode = document["mode"]?.string.flatMap(Mode.init(rawValue:)),
      let answeredAt = document["answeredAt"]?.integer, let length = document["ms"]?.integer,
      let seed = document["seed"]?.string.flatMap({ UInt64($0) })
    else { return nil }
    self.init(
      question: question, contentDigest: digest, choices: choices, isRight: isRight,
      credit: credit, confidence: confidence, mode: mode,
      answeredAt: Instant(milliseconds: answeredAt), duration: .milliseconds(length), seed: seed,
      sitting: document["sitting"]?.string)
  }
}

extension ExamSitting: ProgressRecord {
  static var kind: String { "sitting" }
  var key: String { id }

  var document: Document {
    [
      "id": .string(id), "blueprint": .string(blueprint), "seed": .string(String(seed)),
      "startedAt": .integer(startedAt.milliseconds), "deadline": .integer(deadline.milliseconds),
      "state": .string(state.rawValue), "paper": paper, "answers": answers,
      "flags": .array(flags.map(Document.string)), "result": result,
    ]
  }

  init?(_ document: Document) {
    guard let id = document["id"]?.string, let blueprint = document["blueprint"]?.string,
      let seed = document["seed"]?.string.flatMap({ UInt64($0) }),
      let startedAt = document["startedAt"]?.integer, let deadline = document["deadline"]?.integer,
      let state = document["state"]?.string.flatMap(State.init(rawValue:)),
      let paper = document["paper"], let answers = document["answers"],
      let flags = document["flags"]?.array, let result = document["result"]
    else { return nil }
    self.init(
      id: id, blueprint: blueprint, seed: seed, startedAt: Instant(milliseconds: startedAt),
      deadline: Instant(milliseconds: deadline), state: state, paper: paper, answers: answers,
      flags: flags.compactMap(\.string), result: result)
  }
}

extension LabResult: ProgressRecord {
  static var kind: String { "lab" }
  var key: String { id }

  var document: Document {
    [
      "id": .string(id), "scenario": .string(scenario), "digest": .string(contentDigest),
      "seed": .string(String(seed)), "ordinal": .integer(Int64(ordinal)),
      "points": .integer(Int64(points)), "outOf": .integer(Int64(outOf)),
      "passed": .bool(hasPassed), "mode": .string(mode),
      "finishedAt": .integer(finishedAt.milliseconds), "file": .string(fileDigest),
    ]
  }

  init?(_ document: Document) {
    guard let id = document["id"]?.string, let scenario = document["scenario"]?.string,
      let digest = document["digest"]?.string,
      let seed = document["seed"]?.string.flatMap({ UInt64($0) }),
      let ordinal = document["ordinal"]?.integer, let points = document["points"]?.integer,
      let outOf = document["outOf"]?.integer, let hasPassed = document["passed"]?.bool,
      let mode = document["mode"]?.string, let finishedAt = document["finishedAt"]?.integer,
      let file = document["file"]?.string
    else { return nil }
    self.init(
      id: id, scenario: scenario, contentDigest: digest, seed: seed, ordinal: Int(ordinal),
      points: Int(points), outOf: Int(outOf), hasPassed: hasPassed, mode: mode,
      finishedAt: Instant(milliseconds: finishedAt), fileDigest: file)
  }
}

extension Aim {
  var document: Document {
    ["exam": .string(exam), "date": .string(date), "minutes": .integer(Int64(minutesPerDay))]
  }

  init?(_ document: Document) {
    guard let exam = document["exam"]?.string, let date = document["date"]?.string,
      let minutes = document["minutes"]?.integer
    else { return nil }
    self.init(exam: exam, date: date, minutesPerDay: Int(minutes))
  }
}
