// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Documents
import Scenarios
import Testing
import Worlds

@Suite("A lab")
struct LabRunTests {
  @Test("begins with nothing earned and the first task to do")
  func begins() throws {
    let lab = try Sample.run()
    #expect(lab.currentTask == 0)
    #expect(lab.score == LabScore(points: 0, outOf: 30, hasPassed: false, isSeen: false))
    #expect(lab.opening.now == lab.start.clock)
    #expect(lab.variant == nil)
  }

  @Test("draws its parameters from the seed alone")
  func parameters() throws {
    let stories = try (UInt64(1)...12).map { seed in
      let lab = try Sample.run(seed: seed)
      return lab.text(lab.scenario.story.value)
    }
    let again = try (UInt64(1)...12).map { seed in
      let lab = try Sample.run(seed: seed)
      return lab.text(lab.scenario.story.value)
    }
    #expect(stories == again)
    #expect(Set(stories).count > 3)
    #expect(stories.allSatisfy { !$0.contains("<") })
  }

  @Test("gives partial credit, and none for what holds from the start until something is done")
  func partialCredit() throws {
    var learner = Learner(try Sample.run())
    let untouched = try learner.check()
    #expect(untouched.tasks[0].checks.map(\.earned) == [0, 0])
    #expect(untouched.tasks[0].checks.map(\.passes) == [false, true])
    #expect(learner.lab.score.points == 0)
    try learner.type(.backUpOrders)
    let half = try learner.check()
    #expect(half.tasks[0].checks.map(\.earned) == [5, 4])
    #expect(half.tasks[0].checks[0].expected == "at least 2")
    #expect(half.tasks[0].checks[0].actual == "1")
    #expect(learner.lab.score.points == 9)
    #expect(learner.lab.currentTask == 0)
  }

  @Test("moves on when a task passes, and checking again adds nothing")
  func movesOn() throws {
    var learner = Learner(try Sample.run())
    try learner.type(.backUpOrders)
    try learner.type(.backUpOrders)
    let record = try learner.check()
    // The next task fails and is not told of.
    #expect(record.tasks.map(\.task) == [0])
    #expect(learner.lab.currentTask == 1)
    #expect(learner.lab.score.points == 14)
    try learner.check(task: 0)
    #expect(learner.lab.score.points == 14)
  }

  @Test("tells of the next task too where something was done for it")
  func begun() throws {
    let text = Sample.two.replacing(
      "is: \"<name>\" } }",
      with: "is: \"<name>\" } }\n      - { goal: A backup of notes, backup: { of: notes } }")
    var learner = Learner(try LabRun(Sample.file(text), seed: 7))
    try learner.type(.backUpOrders)
    try learner.type(.backUpOrders)
    try learner.type("aws dynamodb create-backup --table-name notes --backup-name other")
    let record = try learner.check()
    #expect(record.tasks.map(\.passes) == [true, false])
    #expect(learner.lab.currentTask == 1)
    #expect(learner.lab.points(ofTask: 1) == 10)
  }

  @Test("changes no more once it has ended")
  func ended() throws {
    var learner = Learner(try Sample.run())
    try learner.type(.backUpOrders)
    try learner.finish()
    let score = learner.lab.score
    #expect(score.points == 9 + 2)
    #expect(LabVerification.verify(learner.attempt(), file: Sample.file()) == .same(score))
    try learner.type(.backUpOrders)
    try learner.check()
    learner.lab.apply(try #require(learner.lab.nextHint()).event)
    learner.lab.apply(try #require(learner.lab.solution()).event)
    try learner.finish()
    #expect(learner.lab.score == score)
  }

  @Test("counts undone commands where the lab says so")
  func countedUndo() throws {
    for (rule, count) in [("free", 1), ("counted", 2), ("off", 1)] {
      var learner = Learner(try LabRun(Sample.file("undo: \(rule)\n" + Sample.two), seed: 7))
      try learner.type(.backUpOrders)
      learner.reset()
      try learner.type(.backUpOrders)
      try learner.type("aws dynamodb list-backups")
      #expect(learner.lab.changes(in: learner.log) == count)
    }
  }

  @Test("measures a recovery from its incident to the first moment at which its check passes")
  func recovery() throws {
    let text = Sample.two.replacing(
      "commands: { points: 4 }",
      with: "rto: { from: \"<limit>\", until: orders-backup, max: 2h, points: 3 }")
    var learner = Learner(try LabRun(Sample.file(text), seed: 7))
    try learner.type(.backUpOrders)
    #expect(learner.lab.recoveredAt == nil)
    try learner.type("time +1h")
    try learner.type(.backUpOrders)
    let first = learner.world.now
    try learner.type("time +9h")
    #expect(learner.lab.recoveredAt == first)
    try learner.finish()
    let target = try #require(learner.lab.finish?.targets.first)
    #expect(target.kind == .rto)
    #expect(target.earned == 3)
    #expect(
      LabVerification.verify(learner.attempt(), file: Sample.file(text)) == .same(learner.lab.score)
    )
  }

  @Test("a recovery that comes too late earns nothing")
  func lateRecovery() throws {
    let text = Sample.two.replacing(
      "commands: { points: 4 }",
      with: "rto: { from: \"<start>\", until: orders-backup, max: 1m, points: 3 }")
    var learner = Learner(try LabRun(Sample.file(text), seed: 7))
    try learner.type(.backUpOrders)
    try learner.type("time +1m")
    try learner.type(.backUpOrders)
    try learner.finish()
    #expect(learner.lab.finish?.targets.first?.earned == 0)
    #expect(learner.lab.finish?.targets.first?.actual == "62s")
  }

  @Test("takes in one check what was done at once")
  func atOnce() throws {
    var learner = Learner(try Sample.run())
    try learner.type(.backUpOrders)
    try learner.type(.backUpOrders)
    learner.lab.apply(learner.lab.answering(learner.lab.text("<name>")))
    let record = try learner.check()
    #expect(record.tasks.map(\.task) == [0, 1])
    #expect(learner.lab.isComplete)
    #expect(learner.lab.currentTask == nil)
  }

  @Test("keeps what passed when the learner goes back")
  func staysPassed() throws {
    var learner = Learner(try Sample.run())
    try learner.type(.backUpOrders)
    try learner.type(.backUpOrders)
    try learner.check()
    learner.reset()
    try learner.check(task: 0)
    #expect(learner.lab.tasks[0].isPassed)
    #expect(learner.lab.score.points == 14)
  }

  @Test("does not give an answer away")
  func answers() throws {
    var learner = Learner(try Sample.run())
    try learner.type(.backUpOrders)
    try learner.type(.backUpOrders)
    try learner.check()
    learner.lab.apply(learner.lab.answering("nonsense"))
    let verdict = try learner.check().tasks[0].checks[0]
    #expect(verdict.expected == "the right answer")
    #expect(verdict.actual == "nonsense")
    learner.lab.apply(learner.lab.answering(learner.lab.text("<name>")))
    #expect(try learner.check().tasks[0].passes)
  }

  // MARK: Hints

  @Test(
    "takes the costs of hints from a task that passes, never below zero",
    arguments: [(0, 14), (1, 14), (2, 11), (3, 2)])
  func hintCosts(hints: Int, points: Int) throws {
    var learner = Learner(try Sample.run())
    for _ in 0..<hints {
      let hint = try #require(learner.lab.nextHint())
      learner.lab.apply(hint.event)
    }
    try learner.type(.backUpOrders)
    try learner.check()
    #expect(learner.lab.points(ofTask: 0) == 9)
    try learner.type(.backUpOrders)
    try learner.check()
    #expect(learner.lab.points(ofTask: 0) == points)
  }

  @Test("asks nothing for hints once the task has passed, and has an end of them")
  func freeHints() throws {
    var learner = Learner(try Sample.run())
    try learner.type(.backUpOrders)
    try learner.type(.backUpOrders)
    try learner.check()
    for number in 1...3 {
      let hint = try #require(learner.lab.nextHint(of: 0))
      #expect(hint.number == number)
      #expect(hint.cost == 0)
      learner.lab.apply(hint.event)
    }
    #expect(learner.lab.nextHint(of: 0) == nil)
    #expect(learner.lab.points(ofTask: 0) == 14)
  }

  @Test("counts a hint once, however often its event comes")
  func hintOnce() throws {
    var lab = try Sample.run()
    lab.apply(.hint(task: 0, hint: 1))
    lab.apply(.hint(task: 0, hint: 1))
    #expect(lab.tasks[0].hintCost == 3)
    lab.apply(.hint(task: 9, hint: 0))
    lab.apply(.hint(task: 0, hint: 99))
    #expect(lab.tasks[0].hintCost == 3)
  }

  // MARK: Other words

  @Test("skips a task and comes back to it")
  func skip() throws {
    var lab = try Sample.run()
    lab.apply(try #require(lab.skipping))
    #expect(lab.currentTask == 1)
    lab.apply(try #require(lab.skipping))
    #expect(lab.currentTask == 0)
    #expect(!lab.isComplete)
  }

  @Test("a shown solution marks the lab seen; it is written in words that can be typed")
  func solution() throws {
    var learner = Learner(try Sample.run())
    let solution = try #require(learner.lab.solution())
    #expect(solution.commands.last == learner.lab.text("answer <name>"))
    learner.lab.apply(solution.event)
    for line in solution.commands.dropLast() { try learner.type(line) }
    learner.lab.apply(learner.lab.answering(learner.lab.text("<name>")))
    try learner.check()
    try learner.finish()
    #expect(learner.lab.score == LabScore(points: 30, outOf: 30, hasPassed: false, isSeen: true))
    #expect(learner.lab.solution(named: "other") == nil)
  }

  @Test("recognises a trap by the failed check and the evidence, and answers its words")
  func trap() throws {
    var learner = Learner(try Sample.run())
    #expect(try learner.check().trap == nil)
    try learner.type("aws dynamodb create-backup --table-name notes --backup-name one")
    let record = try learner.check()
    #expect(record.trap == "wrong-table")
    #expect(learner.lab.words(ofTrap: "wrong-table") == "These are notes.")
    try learner.type(.backUpOrders)
    try learner.type(.backUpOrders)
    #expect(try learner.check().trap == nil)
  }

  @Test("a broken guard costs its points and the pass, though the outcome is right")
  func guards() throws {
    var learner = Learner(try Sample.run())
    try learner.type("aws dynamodb delete-table --table-name notes")
    try learner.type("wait")
    try learner.type(.backUpOrders)
    try learner.type(.backUpOrders)
    learner.lab.apply(learner.lab.answering(learner.lab.text("<name>")))
    try learner.check()
    try learner.finish()
    #expect(learner.lab.isComplete)
    #expect(learner.lab.score.points == 26)
    #expect(!learner.lab.score.hasPassed)
  }

  @Test(
    "the commands target gives all at par and nothing at twice par",
    arguments: [(2, 4), (3, 2), (4, 0), (9, 0)])
  func commands(count: Int, earned: Int) throws {
    var learner = Learner(try Sample.run())
    for _ in 0..<count { try learner.type(.backUpOrders) }
    try learner.type("aws dynamodb list-backups")
    learner.lab.apply(learner.lab.answering(learner.lab.text("<name>")))
    try learner.check()
    try learner.finish()
    let target = try #require(learner.lab.finish?.targets.first)
    #expect(target.kind == .commands)
    #expect(target.earned == earned)
  }

  @Test("stands where it stood after its events were read from the journal again")
  func journal() throws {
    var learner = Learner(try Sample.run())
    learner.lab.apply(try #require(learner.lab.nextHint()).event)
    try learner.type(.backUpOrders)
    try learner.check()
    learner.lab.apply(learner.lab.answering("a\u{1}<b>"))
    learner.lab.apply(try #require(learner.lab.skipping))
    learner.lab.apply(try #require(learner.lab.solution()).event)
    try learner.finish()
    var again = try LabRun(origin: learner.lab.origin, seed: 7)
    for event in learner.lab.events {
      let written = try Document.parse(event.document.json(.compact))
      let read = try #require(LabEvent(written))
      #expect(read == event)
      again.apply(read)
    }
    #expect(again.tasks == learner.lab.tasks)
    #expect(again.score == learner.lab.score)
    #expect(again.finish == learner.lab.finish)
    #expect(again.answer == learner.lab.answer)
  }

  @Test(
    "a note that is none of its events is refused",
    arguments: [
      "null", "{}", #"{"check": {}}"#, #"{"hint": {"task": 1}}"#, #"{"skip": "x"}"#,
      #"{"finish": 3}"#, #"{"recovered": {"at": "yesterday", "entries": []}}"#,
    ])
  func foreignNotes(_ text: String) throws {
    #expect(LabEvent(try Document.parse(text)) == nil)
  }

  @Test("a file with errors begins no lab")
  func broken() {
    let file = Sample.file("rewind: scenario/1\n")
    #expect(!file.errors.isEmpty)
    #expect(throws: ContentProblem.self) { try LabRun(file, seed: 1) }
    #expect(throws: ContentProblem.self) { try LabRun(origin: [:], seed: 1) }
  }
}
