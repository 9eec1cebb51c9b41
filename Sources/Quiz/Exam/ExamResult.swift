// SPDX-License-Identifier: GPL-3.0-or-later

internal import ContentFormat
internal import Digests
package import Documents
internal import Simulation

/// What a sitting came to.
package struct ExamResult: Sendable {
  /// One question of the paper, graded.
  package struct Item: Sendable {
    package let place: Int
    package let sheet: QuestionSheet
    /// Nil where it was not answered.
    package let answer: ExamSession.Answer?
    package let grade: Grade
    package let isScored: Bool
    package let isFlagged: Bool
    package let domain: Int

    package var isRight: Bool { grade.isRight }
    /// Every choice with its reason.
    package var explanation: Explanation {
      Explanation(sheet, response: answer?.response, grade: grade)
    }
  }

  /// What is gone through again afterwards.
  package enum Review: String, Hashable, Sendable, CaseIterable { case all, wrong, flagged, unsure }

  package let blueprint: ExamBlueprint
  package let items: [Item]
  package let timeUsed: Duration
  package let timeAllowed: Duration
  /// Scored questions by topic and by domain, in the order of the paper and of the blueprint.
  package let byTopic: [Tally]
  package let byDomain: [Tally]
  package let calibration: Calibration

  init(_ session: ExamSession, at now: Instant) {
    let paper = session.paper
    blueprint = paper.blueprint
    items = paper.items.enumerated().map { place, item in
      let answer = session.answers[place]
      // A question that cannot be decided cannot be right; banks are proved before they are used.
      let grade =
        answer.flatMap { try? Grader.grade($0.response, to: item.question, .allOrNothing) }
        ?? .all(false)
      return Item(
        place: place, sheet: paper.sheet(place), answer: answer, grade: grade,
        isScored: item.isScored, isFlagged: session.isFlagged(place), domain: item.domain)
    }
    timeUsed = session.timeUsed(at: now)
    timeAllowed = session.deadline - session.startedAt
    var topics: [Tally] = []
    var domains = paper.weights.map { Tally(name: "\($0.domain) \($0.title)") }
    for item in items where item.isScored {
      topics.add(item.isRight, to: item.sheet.question.topic)
      let title = blueprint.domain(item.domain)?.title ?? ""
      domains.add(item.isRight, to: "\(item.domain) \(title)")
    }
    byTopic = topics
    byDomain = domains.filter { $0.total > 0 }
    calibration = Calibration(
      items.compactMap { item in item.answer.map { ($0.certainty, item.isRight) } })
  }

  /// Scored questions, and how many of them are right.
  package var scored: Int { items.count(where: \.isScored) }
  package var right: Int { items.count { $0.isScored && $0.isRight } }
  package var unscored: Int { items.count - scored }
  package var unanswered: Int { items.count { $0.answer == nil } }

  /// An estimate on the scale of 100 to 1,000: 100 + 900 × the share that is right.
  ///
  /// It is not AWS's formula, which is not public and evens out forms of different difficulty.
  package var estimate: Int {
    guard scored > 0 else { return 100 }
    return 100 + (900 * right + scored / 2) / scored
  }

  /// Whether the estimate reaches the pass mark.
  package var reachesPassMark: Bool { estimate >= blueprint.passMark }

  /// The outcome in a sentence, always called an estimate.
  package var sentence: String {
    let verdict = reachesPassMark ? "at or above" : "below"
    return "Estimate \(estimate) of 1000, \(verdict) the pass mark of \(blueprint.passMark): "
      + "\(right) of \(scored) scored questions right."
  }

  /// The questions of one kind of review, in the order of the paper.
  package func review(_ kind: Review) -> [Item] {
    items.filter { item in
      switch kind {
      case .all: true
      case .wrong: !item.isRight
      case .flagged: item.isFlagged
      case .unsure: item.answer?.certainty == .unsure
      }
    }
  }

  /// Answers as progress keeps them, one for each question that was answered.
  package var records: [AnswerRecord] {
    items.compactMap { item in
      item.answer.map { answer in
        AnswerRecord(
          question: item.sheet.question.id, contentDigest: item.sheet.question.digest.hex,
          response: answer.response.document, isRight: item.isRight, credit: item.grade.credit,
          certainty: answer.certainty, answeredAt: answer.at, duration: .zero,
          seed: item.sheet.seed)
      }
    }
  }

  /// The stored form.
  package var document: Document {
    func tallies(_ list: [Tally]) -> Document {
      .array(
        list.map {
          [
            "name": .string($0.name), "right": .integer(Int64($0.right)),
            "of": .integer(Int64($0.total)),
          ]
        })
    }
    return [
      "blueprint": .string(blueprint.code), "estimate": .integer(Int64(estimate)),
      "passMark": .integer(Int64(blueprint.passMark)), "reaches": .bool(reachesPassMark),
      "right": .integer(Int64(right)), "scored": .integer(Int64(scored)),
      "unscored": .integer(Int64(unscored)), "unanswered": .integer(Int64(unanswered)),
      "usedMs": .integer(timeUsed.wholeMilliseconds),
      "allowedMs": .integer(timeAllowed.wholeMilliseconds), "topics": tallies(byTopic),
      "domains": tallies(byDomain),
      "questions": .array(
        items.map {
          [
            "id": .string($0.sheet.question.id), "right": .bool($0.isRight),
            "scored": .bool($0.isScored), "flagged": .bool($0.isFlagged),
          ]
        }),
    ]
  }
}
