// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Foundation
import Quiz
import Testing

@Suite("Proofs")
struct ProofTests {
  static let provable = library.questions.filter(\.isProvable).map(\.id)

  @Test("the engine agrees with every key it can decide", arguments: provable)
  func holds(id: String) throws {
    let question = try #require(library.question(id))
    for seed in [1, 7] as [UInt64] {
      let report = Prover.prove(question, seed: seed)
      #expect(report.problems.map(\.description) == [])
      #expect(report.holds)
    }
  }

  @Test(
    "of the document's questions are executed whole or in part",
    arguments: [
      ("doc-1", [false, false, true, true]), ("doc-2", [true, true, true, false]),
      ("doc-6", [true, true, true, true, false, true]),
      ("doc-3", [true, true, false, true]), ("doc-4", [true, true, true, true]),
      ("doc-5", [true, true, true, true]), ("doc-7", [true, true, true, true]),
    ])
  func executed(id: String, executed: [Bool]) throws {
    let report = Prover.prove(try #require(library.question(id)))
    #expect(report.trials.map(\.isExecuted) == executed)
    #expect(report.trials.allSatisfy { $0.isExecuted != !$0.cite.isEmpty })
  }

  /// A wrongly keyed copy of a question of the repository's banks.
  static func swapped(_ id: String, right: Int, wrong: Int) throws -> Question {
    let question = try #require(library.question(id))
    let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let path = root.appendingPathComponent("questions/\(question.file)").path
    var lines = try String(contentsOfFile: path, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let (from, to) = (question.choices[right].mark.line - 1, question.choices[wrong].mark.line - 1)
    lines[from] = lines[from].replacing("- right:", with: "- wrong:")
    lines[to] = lines[to].replacing("- wrong:", with: "- right:")
    let file = Bank.read(Array(lines.joined(separator: "\n").utf8), file: question.file)
    return try #require(file.value?.questions.first { $0.id == id })
  }

  @Test(
    "a wrongly keyed copy is caught, with both contradicted choices",
    arguments: [
      ("doc-3", 1, 0), ("doc-4", 2, 0), ("doc-4", 2, 1), ("doc-5", 2, 0), ("doc-5", 2, 3),
      ("doc-7", 2, 0), ("doc-7", 2, 1), ("doc-7", 2, 3),
    ])
  func caught(id: String, right: Int, wrong: Int) throws {
    let question = try Self.swapped(id, right: right, wrong: wrong)
    let report = Prover.prove(question)
    #expect(!report.holds)
    #expect(report.problems.count == 2)
    #expect(report.problems.allSatisfy { $0.code == .answerKey })
    let marks = [right, wrong].sorted().map { question.choices[$0].mark }
    #expect(report.problems.map(\.mark) == marks)
    let words = report.problems.map(\.message)
    #expect(
      words.contains {
        $0.contains("choice \(right + 1) ") && $0.contains("keyed wrong, but holds")
      })
    #expect(
      words.contains {
        $0.contains("choice \(wrong + 1) ") && $0.contains("keyed right, but does not hold")
          && $0.contains("expected") && $0.contains("measured")
      })
  }

  /// The questions with choices that the engine decides, each with an executed choice of both
  /// kinds.
  static let decided: [(id: String, right: Int, wrong: Int)] = library.questions.compactMap {
    question in
    let executed = question.choices.indices.filter { question.choices[$0].cite.isEmpty }
    guard question.isProvable,
      let right = executed.first(where: { question.choices[$0].isRight }),
      let wrong = executed.first(where: { !question.choices[$0].isRight })
    else { return nil }
    return (question.id, right, wrong)
  }

  @Test("every proof of every bank can fail: a wrongly keyed copy is caught", arguments: decided)
  func canFail(id: String, right: Int, wrong: Int) throws {
    let report = Prover.prove(try Self.swapped(id, right: right, wrong: wrong))
    #expect(report.problems.count >= 2)
    #expect(report.problems.allSatisfy { $0.code == .answerKey })
  }

  @Test("a library's contradictions are collected once over all seeds")
  func collected() throws {
    let wrong = Sample.command.replacing("--table-name tub", with: "--table-name tab")
    let bank = try #require(Sample.bank(Sample.predict, wrong).value)
    let found = QuestionLibrary(claims: ClaimCatalog(), banks: [bank]).prove(seeds: [1, 2, 3])
    #expect(found.map(\.code) == [.answerKey])
    #expect(found.first?.file == "sample.yaml")
  }

  @Test("a report says what was run and what was seen")
  func told() throws {
    let report = Prover.prove(try #require(library.question("doc-4")))
    let unencrypted = report.trials[0]
    #expect(unencrypted.commands.count == 4)
    #expect(unencrypted.commands[2].stderr.contains("sseSpecificationOverride must be provided"))
    #expect(!unencrypted.isMet)
    #expect(report.trials[2].isMet)
    #expect(report.summary == "proved: 4 of 4 executed")
  }

  @Test("the stream's option of doc-3 fails for what a stream holds, not for a refused command")
  func streamed() throws {
    let trial = Prover.prove(try #require(library.question("doc-3"))).trials[3]
    #expect(trial.commands.allSatisfy { $0.stderr.isEmpty })
    #expect(trial.commands.last?.stdout.contains("UnprocessedItems") == true)
    #expect(!trial.isMet)
  }

  @Test("the same seed gives the same report")
  func deterministic() throws {
    let question = try #require(library.question("doc-3"))
    let outputs = (1...2).map { _ in
      Prover.prove(question, seed: 9).trials.flatMap(\.commands)
    }
    #expect(outputs[0] == outputs[1])
  }

  @Test("a command that the AWS CLI does not take is the author's error")
  func misspelt() throws {
    let text = Sample.command.replacing(
      "solutions: aws dynamodb create-backup", with: "solutions: aws dynamodb create-backups")
    let report = Prover.prove(try Sample.question(text))
    #expect(report.problems.map(\.code) == [.command])
  }

  @Test("a solution that misses, and a wrong command that meets, are caught")
  func commands() throws {
    let sound = Prover.prove(try Sample.question(Sample.command))
    #expect(sound.holds)
    #expect(sound.trials.map(\.isKeyedRight) == [false, true, false])
    let text = Sample.command.replacing("--table-name tub", with: "--table-name tab")
    let report = Prover.prove(try Sample.question(text))
    #expect(report.problems.count == 1)
    let missing = Sample.command.replacing(
      "solutions: aws dynamodb create-backup --table-name tab",
      with: "solutions: aws dynamodb create-backup --table-name tub")
    #expect(Prover.prove(try Sample.question(missing)).problems.count == 1)
  }
}
