// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Documents
import Quiz
import Simulation
import Testing

@Suite("Practice")
struct PracticeTests {
  static func session() throws -> PracticeSession {
    let file = Sample.bank(Sample.one, Sample.several)
    return PracticeSession(questions: try #require(file.value).questions, seed: 3, at: noon)
  }

  @Test("a session goes from question to question by Enter alone")
  func walk() throws {
    var session = try Self.session()
    let key = try #require(session.sheet?.key)
    let letters = try #require(session.sheet?.text(of: key))
    guard
      case .answered(let record, let grade, let explanation) =
        session.enter(letters, at: noon + .seconds(5))
    else { return #expect(Bool(false), "not answered") }
    #expect(grade.isRight)
    #expect(record.question == "one")
    #expect(record.certainty == .sure)
    #expect(record.duration == .seconds(5))
    #expect(record.response == [0])
    #expect(explanation.rows.count == 4)
    #expect(explanation.rows.filter(\.isRight).map(\.text) == ["Alpha"])
    #expect(explanation.rows.filter(\.wasChosen).map(\.text) == ["Alpha"])
    #expect(explanation.answer == letters)
    #expect(session.stage == .explained)
    #expect(session.position == 0)
    guard case .refused = session.enter("a", at: noon) else {
      return #expect(Bool(false), "answered twice")
    }
    guard case .asked = session.enter("", at: noon) else {
      return #expect(Bool(false), "did not go on")
    }
    #expect(session.sheet?.question.id == "several")
  }

  @Test("what is refused changes nothing", arguments: ["", "zz", "a b", "?"])
  func refused(line: String) throws {
    var session = try Self.session()
    guard case .refused = session.enter(line, at: noon) else {
      return #expect(Bool(false), "taken: \(line)")
    }
    #expect(session.stage == .asking)
    #expect(session.records.isEmpty)
  }

  @Test("keys flag, suspend, report and leave")
  func keys() throws {
    var session = try Self.session()
    guard case .flagged(true) = session.enter("f", at: noon) else {
      return #expect(Bool(false))
    }
    #expect(session.flags == ["one"])
    guard case .flagged(false) = session.enter("f", at: noon) else {
      return #expect(Bool(false))
    }
    guard case .reported("one", "wrong key") = session.enter("! wrong key", at: noon) else {
      return #expect(Bool(false))
    }
    #expect(session.stage == .asking)
    guard case .suspended("one") = session.enter("x", at: noon) else {
      return #expect(Bool(false))
    }
    #expect(session.sheet?.question.id == "several")
    guard case .finished = session.enter("q", at: noon) else { return #expect(Bool(false)) }
    #expect(session.sheet == nil)
    #expect(session.stage == .finished)
  }

  @Test("the end sums up by topic and by certainty")
  func summary() throws {
    var session = try Self.session()
    let right = try #require(session.sheet.flatMap { sheet in sheet.key.map(sheet.text(of:)) })
    _ = session.enter(right + " ?", at: noon)
    _ = session.enter("", at: noon)
    let sheet = try #require(session.sheet)
    _ = session.enter(sheet.text(of: .choices([0, 1, 2])), at: noon)
    guard case .finished = session.enter("", at: noon) else { return #expect(Bool(false)) }
    let summary = session.summary
    #expect(summary.asked == 2)
    #expect(summary.right == 1)
    #expect(abs(summary.credit - (1 + 1.0 / 3)) < 1e-9)
    #expect(summary.byTopic.map(\.name) == ["PITR", "OND"])
    #expect(summary.byTopic.map(\.right) == [1, 0])
    #expect(summary.calibration.unsureRight == 1)
    #expect(summary.calibration.sureWrong == 1)
  }

  @Test("an empty session is finished at once")
  func empty() {
    var session = PracticeSession(questions: [], seed: 1, at: noon)
    #expect(session.stage == .finished)
    guard case .finished = session.enter("a", at: noon) else { return #expect(Bool(false)) }
  }

  @Test("unseen questions come first, then wrong ones, then the longest ago")
  func selection() throws {
    let questions = library.questions(about: "document")
    let experience = [
      "doc-1": Experience(lastAnswered: noon, wasRight: true),
      "doc-2": Experience(lastAnswered: noon - .days(9), wasRight: true),
      "doc-3": Experience(lastAnswered: noon, wasRight: false),
    ]
    let chosen = PracticeSelection.choose(
      from: questions, seed: 5, experience: experience, suspended: ["doc-7"]
    ).map(\.id)
    #expect(Set(chosen.prefix(3)) == ["doc-4", "doc-5", "doc-6"])
    #expect(Array(chosen.suffix(3)) == ["doc-3", "doc-2", "doc-1"])
    let again = PracticeSelection.choose(
      from: questions, seed: 5, experience: experience, suspended: ["doc-7"])
    #expect(again.map(\.id) == chosen)
    #expect(PracticeSelection.choose(from: questions, count: 2, seed: 5).count == 2)
    let ordered = PracticeSelection.choose(from: questions, seed: 5, inFileOrder: true)
    #expect(ordered.map(\.id) == questions.map(\.id))
  }
}

@Suite("Exams")
struct ExamTests {
  @Test(
    "the guides' numbers, minutes and pass marks",
    arguments: [
      ("SAA-C03", 65, 130, 720, 4), ("SOA-C03", 65, 130, 720, 5), ("DVA-C02", 65, 130, 720, 4),
      ("DOP-C02", 75, 180, 750, 6), ("SAP-C02", 75, 180, 750, 4), ("DEA-C01", 65, 130, 720, 4),
      ("SCS-C03", 65, 170, 750, 6), ("SOA-C02", 65, 130, 720, 6), ("DBS-C01", 65, 180, 750, 5),
    ])
  func blueprints(code: String, total: Int, minutes: Int, pass: Int, domains: Int) throws {
    let blueprint = try #require(ExamBlueprint.named(code.lowercased()))
    #expect(blueprint.total == total)
    #expect(blueprint.minutes == minutes)
    #expect(blueprint.passMark == pass)
    #expect(blueprint.domains.count == domains)
    #expect(blueprint.domains.reduce(0) { $0 + $1.weight } == 100)
  }

  @Test(
    "a small bank gives the largest form at the same time a question",
    arguments: [
      (20, 20, 40), (25, 20, 40), (19, 19, 38), (7, 7, 14), (1, 1, 2), (0, 0, 0),
    ])
  func forms(available: Int, questions: Int, minutes: Int) {
    #expect(
      ExamForm.standard.fitting(available) == ExamForm(questions: questions, minutes: minutes))
  }

  @Test("minutes are rounded up")
  func rounding() {
    let form = ExamForm(questions: 65, minutes: 170).fitting(10)
    #expect(form == ExamForm(questions: 10, minutes: 27))
  }

  static func paper(_ code: String, _ form: ExamForm = .mini, seed: UInt64 = 11) throws -> ExamPaper
  {
    ExamPaper(
      try #require(ExamBlueprint.named(code)), form, from: library.questions, seed: seed)
  }

  @Test(
    "a paper holds each question once, admitted by its exam",
    arguments: [
      "SAA-C03", "SOA-C03", "SAP-C02", "DOP-C02", "SCS-C03", "DVA-C02", "subject",
    ])
  func papers(code: String) throws {
    let paper = try Self.paper(code, .standard)
    #expect(paper.items.count == paper.form.questions)
    #expect(paper.items.count >= 3)
    #expect(Set(paper.items.map(\.question.id)).count == paper.items.count)
    #expect(paper.items.allSatisfy { paper.blueprint.admits($0.question) })
    #expect(
      paper.items.allSatisfy { paper.blueprint.domains(of: $0.question).contains($0.domain) })
    let unscored = paper.items.count { !$0.isScored }
    #expect(unscored == paper.items.count * paper.blueprint.unscored / paper.blueprint.total)
    let again = try Self.paper(code, .standard)
    #expect(again.document == paper.document)
    let sum = paper.weights.reduce(0) { $0 + $1.rescaled }
    #expect(abs(sum - 100) < 1e-9)
  }

  @Test("the scope is said aloud")
  func scope() throws {
    let paper = try Self.paper("SOA-C03")
    #expect(
      paper.scope
        == "Covers DynamoDB backup within SOA-C03, domains 1, 2, 4; not the whole exam.")
    #expect(paper.remarks.contains { $0.hasPrefix("Weights are rescaled") })
    let none = ExamPaper(
      try #require(ExamBlueprint.named("DEA-C01")), .mini, from: library.questions, seed: 1)
    #expect(none.items.isEmpty)
    #expect(none.scope == "There is no question for DEA-C01 yet.")
  }

  @Test("unseen questions are drawn first")
  func unseen() throws {
    let blueprint = try #require(ExamBlueprint.named("subject"))
    let first = try Self.paper("subject")
    var experience: [String: Experience] = [:]
    for item in first.items {
      experience[item.question.id] = Experience(lastAnswered: noon, wasRight: true)
    }
    let second = ExamPaper(
      blueprint, .mini, from: library.questions, seed: 11, experience: experience)
    let seen = Set(first.items.map(\.question.id))
    let repeated = second.items.filter { seen.contains($0.question.id) }
    // Only a domain with no unseen question left may repeat one.
    for item in repeated {
      let others = library.questions.filter {
        blueprint.admits($0) && blueprint.domains(of: $0).contains(item.domain)
          && !seen.contains($0.id)
      }
      #expect(others.allSatisfy { other in second.items.contains { $0.question.id == other.id } })
    }
  }

  @Test(
    "an answer counts up to the deadline's instant and not after",
    arguments: [
      (0, true), (1_199_999, true), (1_200_000, true), (1_200_001, false), (9_999_999, false),
    ])
  func deadline(milliseconds: Int64, counts: Bool) throws {
    let paper = try Self.paper("subject")
    #expect(paper.form.minutes == 20)
    var session = ExamSession(paper, at: noon)
    let now = noon + .milliseconds(milliseconds)
    let key = try #require(session.sheet.key)
    let event = session.enter(session.sheet.text(of: key), at: now)
    if counts {
      guard case .answered(place: 0) = event else { return #expect(Bool(false), "\(event)") }
    } else {
      guard case .ended(timeOver: true) = event else { return #expect(Bool(false), "\(event)") }
    }
    #expect(session.answers.count == (counts ? 1 : 0))
    #expect(session.isOver(at: now) == !counts)
  }

  @Test("the time left is never negative and never more than the whole")
  func remaining() throws {
    let session = ExamSession(try Self.paper("subject"), at: noon)
    #expect(session.remaining(at: noon - .hours(5)) == .minutes(20))
    #expect(session.remaining(at: noon + .minutes(5)) == .minutes(15))
    #expect(session.remaining(at: noon + .minutes(20)) == .zero)
    #expect(session.remaining(at: noon + .days(3)) == .zero)
    #expect(session.timeUsed(at: noon + .days(3)) == .minutes(20))
  }

  @Test("one can flag, go on, go back, and end")
  func navigation() throws {
    var session = ExamSession(try Self.paper("subject"), at: noon)
    guard case .flagged(place: 0, true) = session.enter("f", at: noon) else {
      return #expect(Bool(false))
    }
    guard case .moved(place: 1) = session.enter("", at: noon) else { return #expect(Bool(false)) }
    guard case .moved(place: 0) = session.enter("p", at: noon) else { return #expect(Bool(false)) }
    guard case .refused = session.enter("p", at: noon) else { return #expect(Bool(false)) }
    guard case .moved(place: 9) = session.enter("g 10", at: noon) else {
      return #expect(Bool(false))
    }
    guard case .refused = session.enter("g 11", at: noon) else { return #expect(Bool(false)) }
    guard case .refused = session.enter("n", at: noon) else { return #expect(Bool(false)) }
    guard case .confirmEnd(unanswered: 10, flagged: 1) = session.enter("end", at: noon) else {
      return #expect(Bool(false))
    }
    #expect(session.endedAt == nil)
    guard case .left = session.enter("q", at: noon) else { return #expect(Bool(false)) }
    #expect(session.endedAt == nil)
    guard case .ended(timeOver: false) = session.enter("end!", at: noon + .minutes(1)) else {
      return #expect(Bool(false))
    }
    #expect(session.result(at: noon + .minutes(3)).timeUsed == .minutes(1))
    guard case .ended = session.enter("a", at: noon + .minutes(2)) else {
      return #expect(Bool(false))
    }
    #expect(session.answers.isEmpty)
  }

  /// A session in which some are answered rightly, some wrongly, the rest not at all.
  static func sat(right: Int, wrong: Int) throws -> ExamSession {
    var session = ExamSession(try paper("SOA-C03"), at: noon)
    for place in 0..<(right + wrong) {
      _ = session.enter("g \(place + 1)", at: noon)
      let sheet = session.sheet
      let count = sheet.question.choices.count
      let key = sheet.question.choices.indices.filter { sheet.question.choices[$0].isRight }
      let chosen = place < right ? key : Array((0..<count).filter { !key.contains($0) } + key)
      let response = Response.choices(Array(chosen.prefix(key.count)).sorted())
      _ = session.enter(sheet.text(of: response) + (place < right ? "" : " ?"), at: noon)
    }
    return session
  }

  @Test("a result counts scored questions alone, and calls the score an estimate")
  func result() throws {
    let session = try Self.sat(right: 6, wrong: 2)
    let result = session.result(at: noon + .minutes(9))
    #expect(result.items.count == 10)
    #expect(result.unscored == 2)
    #expect(result.scored == 8)
    #expect(result.unanswered == 2)
    let right = result.items.prefix(6).count(where: \.isScored)
    #expect(result.right == right)
    #expect(result.estimate == 100 + (900 * right + 4) / 8)
    #expect(result.sentence.contains("Estimate \(result.estimate) of 1000"))
    #expect(result.byDomain.reduce(0) { $0 + $1.total } == 8)
    #expect(result.byTopic.reduce(0) { $0 + $1.right } == right)
    #expect(result.calibration.sureRight == 6)
    #expect(result.calibration.unsureWrong == 2)
    #expect(result.review(.all).count == 10)
    #expect(result.review(.wrong).count == 4)
    #expect(result.review(.unsure).count == 2)
    #expect(result.review(.flagged).isEmpty)
    #expect(result.records.count == 8)
    #expect(result.document["estimate"]?.integer == Int64(result.estimate))
  }

  @Test("all right is 1000, nothing is 100", arguments: [(10, 1000), (0, 100)])
  func ends(right: Int, estimate: Int) throws {
    let result = try Self.sat(right: right, wrong: 0).result(at: noon)
    #expect(result.estimate == estimate)
    #expect(result.reachesPassMark == (estimate >= 720))
  }

  @Test("a saved sitting goes on where it was")
  func resuming() throws {
    var session = try Self.sat(right: 3, wrong: 1)
    _ = session.enter("f", at: noon)
    let stored = session.paper.document
    let paper = try ExamPaper(stored, questions: library.questions)
    #expect(paper.document == stored)
    let again = ExamSession(
      resuming: paper, startedAt: session.startedAt, deadline: session.deadline,
      answers: session.answersDocument, flags: session.flags)
    #expect(again.answers == session.answers)
    #expect(again.flags == session.flags)
    #expect(again.place == 4)
    #expect(again.paper.scope == session.paper.scope)
    #expect(again.isOver(at: noon + .minutes(20) + .milliseconds(1)))
    #expect(
      again.result(at: noon).document == session.result(at: noon).document)
  }

  @Test("a paper whose question is gone or was edited is not gone on with")
  func changed() throws {
    let paper = try Self.paper("SOA-C03")
    let first = paper.items[0].question.id
    #expect(throws: ExamPaper.Mismatch.missing(question: first)) {
      try ExamPaper(paper.document, questions: library.questions.filter { $0.id != first })
    }
    let edited = library.questions.map { question in
      var question = question
      if question.id == first { question.digest = paper.items[1].question.digest }
      return question
    }
    #expect(throws: ExamPaper.Mismatch.changed(question: first)) {
      try ExamPaper(paper.document, questions: edited)
    }
    #expect(throws: ExamPaper.Mismatch.unreadable) {
      try ExamPaper([:], questions: library.questions)
    }
  }
}
