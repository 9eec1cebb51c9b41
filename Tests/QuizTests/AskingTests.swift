// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Documents
import Quiz
import Testing

@Suite("Sheets and answers")
struct AskingTests {
  @Test("the same seed shows the same letters, and seeds differ")
  func shuffles() throws {
    let question = try Sample.question(Sample.several)
    let orders = (0..<40).map { QuestionSheet(question, seed: $0).order }
    #expect(orders == (0..<40).map { QuestionSheet(question, seed: $0).order })
    #expect(Set(orders).count > 10)
    #expect(orders.allSatisfy { $0.sorted() == [0, 1, 2, 3, 4] })
  }

  @Test("keep-order shows the file's order whatever the seed")
  func kept() throws {
    let question = try #require(library.question("doc-6"))
    #expect((0..<20).allSatisfy { QuestionSheet(question, seed: $0).order == [0, 1, 2, 3, 4, 5] })
  }

  @Test("steps are never shown in their right order")
  func steps() throws {
    let question = try Sample.question(Sample.order)
    #expect((0..<60).allSatisfy { QuestionSheet(question, seed: $0).order != [0, 1, 2] })
  }

  @Test("letters mean what the sheet shows")
  func letters() throws {
    let question = try Sample.question(Sample.one)
    for seed in 0..<20 as Range<UInt64> {
      let sheet = QuestionSheet(question, seed: seed)
      let key = try #require(sheet.key)
      #expect(try sheet.read(sheet.text(of: key)) == key)
      let row = try #require(sheet.rows.first { $0.text == "Alpha" })
      #expect(try sheet.read(row.label) == key)
    }
  }

  @Test(
    "letters and numbers are read with and without blanks",
    arguments: [
      ("ace", [0, 2, 4]), ("A C E", [0, 2, 4]), ("a, c, e", [0, 2, 4]), ("1 3 5", [0, 2, 4]),
      ("5,3,1", [0, 2, 4]), ("  b d e ", [1, 3, 4]),
    ])
  func spellings(text: String, places: [Int]) throws {
    let sheet = plainSheet(try Sample.question(Sample.several))
    #expect(try sheet.read(text) == .choices(places))
  }

  @Test(
    "an answer that is none is refused in words",
    arguments: [
      ("a", "Select 3; you chose 1."), ("a b c d", "Select 3; you chose 4."),
      ("a a b", "Each letter once, please."), ("z", "Answer with letters, A to E."),
      ("0", "Answer with letters, A to E."), ("a f", "Answer with letters, A to E."),
      ("a-b", "Answer with letters, A to E."), (",", "Answer with letters, A to E."),
    ])
  func refusals(text: String, words: String) throws {
    let sheet = plainSheet(try Sample.question(Sample.several))
    let refusal = #expect(throws: AnswerRefusal.self) { try sheet.read(text) }
    #expect(refusal?.message == words)
  }

  @Test(
    "a match is read in both spellings",
    arguments: ["1b 2a 3c", "2a,1b,3c", "b a c", "1=b 2=a 3=c"])
  func matches(text: String) throws {
    let question = try Sample.question(Sample.match)
    let sheet = QuestionSheet(question, seed: 4)
    #expect(try sheet.read(text) == .match([sheet.order[1], sheet.order[0], sheet.order[2]]))
  }

  @Test(
    "half a match is refused", arguments: ["1b 2a", "1b 2b 3c", "1b 1a 2c", "a b", "4a 1b 2c", ""])
  func halfMatches(text: String) throws {
    let sheet = QuestionSheet(try Sample.question(Sample.match), seed: 4)
    #expect(throws: AnswerRefusal.self) { try sheet.read(text) }
  }

  @Test(
    "lines are keys or answers",
    arguments: [
      ("", QuizLine.next), ("   ", .next), ("f", .flag), ("x", .suspend), ("q", .leave),
      ("!", .report("")), ("! typo in B", .report("typo in B")), ("b", .answer("b", .sure)),
      ("b?", .answer("b", .unsure)), ("a c ?", .answer("a c", .unsure)),
      (" 2 ", .answer("2", .sure)),
      ("a f", .answer("a f", .sure)), ("?", .answer("?", .sure)),
    ])
  func lines(line: String, meaning: QuizLine) {
    #expect(QuizLine(line) == meaning)
  }

  @Test("a stored answer comes back, and one that does not fit does not")
  func stored() throws {
    let several = try Sample.question(Sample.several)
    let response = Response.choices([0, 2, 4])
    #expect(Response(response.document, to: several) == response)
    #expect(Response([0, 9], to: several) == nil)
    #expect(Response([0, 0], to: several) == nil)
    #expect(Response("text", to: several) == nil)
    #expect(Response([2, 1], to: try Sample.question(Sample.order)) == nil)
    #expect(Response("7", to: try Sample.question(Sample.predict)) == .text("7"))
  }
}

@Suite("Grading")
struct GradingTests {
  static let chosen: [([Int], Double, Bool)] = [
    ([0, 2, 4], 3, true), ([0, 2, 3], 1, false), ([0, 1, 3], 0, false), ([0, 2], 2, false),
    ([0], 1, false), ([1, 3], 0, false), ([], 0, false), ([0, 1, 2, 3, 4], 1, false),
    ([0, 1, 2, 4], 2, false),
  ]

  @Test("of several right, practice gives the net and exams all or nothing", arguments: chosen)
  func several(chosen: [Int], thirds: Double, isRight: Bool) throws {
    let question = try Sample.question(Sample.several)
    let practice = try Grader.grade(.choices(chosen), to: question, .netCorrect)
    #expect(practice.isRight == isRight)
    #expect(abs(practice.credit - thirds / 3) < 1e-9)
    let exam = try Grader.grade(.choices(chosen), to: question, .allOrNothing)
    #expect(exam.credit == (isRight ? 1 : 0))
  }

  @Test("one right, an order and a match", arguments: [Marking.allOrNothing, .netCorrect])
  func others(marking: Marking) throws {
    let one = try Sample.question(Sample.one)
    #expect(try Grader.grade(.choices([0]), to: one, marking).isRight)
    #expect(try Grader.grade(.choices([1]), to: one, marking).credit == 0)
    let order = try Sample.question(Sample.order)
    #expect(try Grader.grade(.order([0, 1, 2]), to: order, marking).isRight)
    #expect(try Grader.grade(.order([1, 0, 2]), to: order, marking).credit == 0)
    let match = try Sample.question(Sample.match)
    #expect(try Grader.grade(.match([0, 1, 2]), to: match, marking).isRight)
    let half = try Grader.grade(.match([0, 2, 1]), to: match, marking)
    #expect(!half.isRight)
    #expect(abs(half.credit - (marking == .netCorrect ? 1.0 / 3 : 0)) < 1e-9)
  }

  @Test(
    "a prediction is near enough or not",
    arguments: [
      ("7", true), ("8", true), ("6", true), ("9", false), ("5", false), ("$7.0", true),
      ("7 items", true), ("seven", false),
    ])
  func predictions(text: String, isRight: Bool) throws {
    let question = try Sample.question(Sample.predict)
    let grade = try Grader.grade(.text(text), to: question, .allOrNothing)
    #expect(grade.isRight == isRight)
    #expect(grade.findings.first?.actual == "7")
  }

  @Test("a command is graded by what it brings about")
  func commands() throws {
    let question = try Sample.question(Sample.command)
    func grade(_ line: String) throws -> Grade {
      try Grader.grade(.text(line), to: question, .allOrNothing)
    }
    #expect(try grade("aws dynamodb create-backup --backup-name b-1 --table-name tab").isRight)
    let other = try grade("aws dynamodb create-backup --backup-name b-1 --table-name tub")
    #expect(!other.isRight)
    #expect(other.remark == "Not of tab.")
    let refused = try grade("aws dynamodb create-backup --backup-name b-1 --table-name nope")
    #expect(!refused.isRight)
    #expect(refused.remark == nil)
    #expect(refused.transcript.first?.stderr.contains("TableNotFoundException") == true)
    for slip in ["rm -rf /", "aws dynamodb create-backup --table-name tab", "aws dynamodb nope"] {
      #expect(throws: ContentProblem.self, "\(slip)") { try grade(slip) }
    }
  }
}
