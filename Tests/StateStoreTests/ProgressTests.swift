// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import Documents
import Simulation
import Testing

@testable import StateStore

@Suite("Progress")
struct ProgressTests {
  let playground: Playground

  init() throws { playground = try Playground() }

  static func attempt(_ question: String, isRight: Bool = true) -> QuestionAttempt {
    QuestionAttempt(
      question: question, contentDigest: "d1", choices: [2], isRight: isRight,
      credit: isRight ? 1 : 0.5, confidence: .unsure, mode: .review, answeredAt: dawn,
      duration: .seconds(12), seed: .max, sitting: isRight ? nil : "exam-1")
  }

  @Test("comes back as it was written")
  func roundTrip() throws {
    let learner = try playground.learner()
    let store = try ProgressStore(learner)
    var sitting = ExamSitting(
      id: "exam-1", blueprint: "SOA-C03", seed: 5, startedAt: dawn,
      deadline: dawn + .minutes(40), paper: [["question": "doc-1"]])
    let result = LabResult(
      id: "first-backup-1", scenario: "first-backup", contentDigest: "d", seed: 41, ordinal: 1,
      points: 10, outOf: 10, hasPassed: true, mode: "practice", finishedAt: dawn, fileDigest: "f")
    let attempts = [Self.attempt("doc-1"), Self.attempt("doc-2", isRight: false)]
    for attempt in attempts { try store.add(attempt) }
    try store.save(sitting)
    sitting.answers = ["doc-1": [3]]
    sitting.flags = ["doc-1"]
    try store.save(sitting)
    try store.add(result)
    try store.setAim(Aim(exam: "DVA-C02", date: "2027-01-01", minutesPerDay: 10))
    try store.setAim(Aim(exam: "SOA-C03", date: "2026-12-20", minutesPerDay: 25))
    try store.setValue(.card, "doc-1", to: ["stability": 3.5])
    try store.setValue(.setting, "colour", to: false)
    try store.setValue(.setting, "bell", to: true)
    try store.setValue(.setting, "colour", to: true)
    try store.setValue(.setting, "bell", to: nil)

    for store in [store, try ProgressStore(learner)] {
      #expect(try store.attempts() == attempts)
      #expect(try store.attempts(at: "doc-2") == [attempts[1]])
      #expect(try store.sittings() == [sitting])
      #expect(try store.runningSitting() == sitting)
      #expect(try store.labResults() == [result])
      #expect(try store.aim()?.exam == "SOA-C03")
      #expect(try store.value(.card, "doc-1") == ["stability": 3.5])
      #expect(try store.values(.setting).map(\.name) == ["colour"])
      #expect(try store.value(.setting, "colour") == true)
      #expect(try store.value(.setting, "bell") == nil)
    }
  }

  @Test("is shared by two processes")
  func shared() throws {
    let learner = try playground.learner()
    let stores = [try ProgressStore(learner), try ProgressStore(learner)]
    for number in 0..<20 {
      try stores[number % 2].add(Self.attempt("q\(number)"))
      try stores[number % 2].setValue(.setting, "last", to: .integer(Int64(number)))
      #expect(try stores[1 - number % 2].attempts().count == number + 1)
      #expect(try stores[1 - number % 2].value(.setting, "last") == .integer(Int64(number)))
    }
    #expect(learner.progressFindings() == [])
  }

  @Test("a sum of digests does not depend on the order and takes back what it added")
  func sums() {
    var random = SplitMix64(seed: 9)
    let digests = (0..<50).map { Fingerprints.digest(of: Array("\($0)".utf8)) }
    var sum = RecordSum()
    for digest in digests { sum.add(digest) }
    var other = RecordSum()
    for digest in digests.shuffled(using: &random) { other.add(digest) }
    #expect(sum == other)
    #expect(RecordSum(bytes: sum.bytes) == sum)
    for digest in digests.shuffled(using: &random) { sum.remove(digest) }
    #expect(sum == RecordSum())
  }

  @Test("names a result file that was changed or lost")
  func resultFiles() throws {
    let learner = try playground.learner()
    let bytes = Array("{}".utf8)
    try learner.writeResult(bytes, id: "r-1")
    try ProgressStore(learner).add(
      LabResult(
        id: "r-1", scenario: "s", contentDigest: "d", seed: 1, ordinal: 1, points: 1, outOf: 1,
        hasPassed: true, mode: "practice", finishedAt: dawn,
        fileDigest: Fingerprints.digest(of: bytes).hex))
    #expect(learner.progressFindings() == [])
    #expect(try learner.results() == ["r-1"])
    try learner.writeResult(Array("[]".utf8), id: "r-1")
    #expect(learner.progressFindings().map(\.what) == ["the result was changed"])
  }
}
