// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Foundation
import Quiz
import Simulation

/// The folder of the repository's own questions.
let questionFolder: ContentFolder = {
  let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  return ContentFolder(path: root.appendingPathComponent("questions").path)
}()

/// The repository's own questions, read once.
let library = QuestionLibrary.load(questionFolder)

/// A moment on the host's clock.
let noon = Instant(seconds: 1_800_000_000)

/// A small bank whose parts tests spoil one at a time.
enum Sample {
  static let head = """
    rewind: questions/1
    bank: sample
    title: A sample
    as-of: "2026-04-30"
    questions:

    """

  static let one = """
      - id: one
        teaches: [PITR-6]
        exam: { SAA-C03: 2 }
        ask: Which is right?
        choices:
          - right: Alpha
            why: It is.
          - wrong: Beta
            why: It is not.
          - wrong: Gamma
            why: Nor is this.
          - wrong: Delta
            why: Nor this.
        cite: { title: Guide, section: Part, read: "2026-04-30" }

    """

  static let several = """
      - id: several
        teaches: [OND-5]
        exam: { SAA-C03: 2 }
        ask: Which are right?
        choices:
          - { right: Alpha, why: Yes. }
          - { wrong: Beta, why: No. }
          - { right: Gamma, why: Yes. }
          - { wrong: Delta, why: No. }
          - { right: Epsilon, why: Yes. }
        cite: { title: Guide, section: Part, read: "2026-04-30" }

    """

  static let order = """
      - id: order
        teaches: [OND-5]
        ask: In which order?
        order: [First, Second, Third]
        why: So it goes.
        cite: { title: Guide, section: Part, read: "2026-04-30" }

    """

  static let match = """
      - id: match
        teaches: [OND-5]
        ask: What belongs to what?
        match: { one: Eins, two: Zwei, three: Drei }
        why: So it goes.
        cite: { title: Guide, section: Part, read: "2026-04-30" }

    """

  static let predict = """
      - id: predict
        teaches: [OND-8]
        ask: How many items?
        predict: { unit: items, within: 1 }
        why: Counted.
        prove:
          world: { tables: { tab: { key: id, items: 7 } } }
          measure: { run: aws dynamodb scan --table-name tab --select COUNT, query: Count }

    """

  static let command = """
      - id: command
        teaches: [NAT-1]
        ask: Back tab up as b-1.
        command:
          world: { tables: { tab: { key: id, items: 7 }, tub: { key: id, items: 7 } } }
          checks:
            - { goal: There is a backup of tab, backup: { of: tab, name: b-1 } }
          solutions: aws dynamodb create-backup --table-name tab --backup-name b-1
          wrong:
            - run: aws dynamodb create-backup --table-name tub --backup-name b-1
              why: Not of tab.
        why: So it goes.

    """

  static func bank(_ questions: String...) -> ContentFile<Bank> {
    Bank.read(Array((head + questions.joined()).utf8), file: "sample.yaml")
  }

  static func question(_ text: String) throws -> Question {
    let file = bank(text)
    guard let question = file.value?.questions.first else {
      throw SampleError(errors: file.errors.map(\.description))
    }
    return question
  }
}

struct SampleError: Error { let errors: [String] }

/// A sheet in the order of the file, whatever the question says.
func plainSheet(_ question: Question) -> QuestionSheet {
  var question = question
  question.keepsOrder = true
  return QuestionSheet(question, seed: 1)
}
