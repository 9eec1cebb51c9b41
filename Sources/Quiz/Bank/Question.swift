// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
package import Digests
package import Documents
internal import Simulation
package import Worlds

/// One question as its bank states it, with its answer and the reasons.
///
/// Statistics follow `digest`, progress follows `id`.
package struct Question: Sendable {
  /// Unique among all banks, and stable.
  package var id = ""
  /// The claims it teaches.
  package var teaches: [Located<ClaimID>] = []
  /// The exams it belongs to, with the domains of each.
  package var exams: [ExamTag] = []
  /// The stem.
  package var ask = ""
  /// What is to be done; never nil in a question that was read without errors.
  package var task: QuestionTask?
  /// The reason behind an answer that has no choices, or what the choices' reasons leave unsaid.
  package var why: String?
  /// Whether choices are shown in the order of the file.
  package var keepsOrder = false
  /// Sources for what the engine cannot decide.
  package var cite: [Citation] = []
  /// What the engine runs to show that the key is right.
  package var proof: Proof?
  package var mark = Mark.start
  /// SHA-256 of the question as it is written, comments and layout apart.
  package var digest = Digests.digest(of: [])
  /// The bank and the file it comes from.
  package var bank = ""
  package var file = ""

  /// The letters before the hyphen of the first claim it teaches.
  package var topic: String { teaches.first?.value.topic ?? "" }

  package var kind: QuestionKind {
    switch task {
    case .choices(let choices): choices.count(where: \.isRight) > 1 ? .severalRight : .oneRight
    case .order: .order
    case .match: .match
    case .predict: .predict
    case .command: .command
    case nil: .oneRight
    }
  }

  /// The choices of a question that has some.
  package var choices: [Choice] { if case .choices(let choices)? = task { choices } else { [] } }

  /// Whether the engine decides at least a part of it.
  package var isProvable: Bool {
    if case .command = task { return true }
    return proof != nil
  }
}

/// The kinds of questions.
package enum QuestionKind: String, Hashable, Sendable, CaseIterable {
  case oneRight = "one right"
  case severalRight = "several right"
  case order, match, predict, command
}

/// What a question wants done.
package enum QuestionTask: Sendable {
  /// Choose the right ones.
  case choices([Choice])
  /// Put the steps, here in their right order, in order.
  case order([OrderStep])
  /// Give each left side its right side.
  case match([Named<String>])
  /// Say what the engine will measure.
  case predict(Prediction)
  /// Type one command that brings the checks about.
  case command(CommandTask)
}

/// One choice: its text, whether it is right, why, and what shows it.
package struct Choice: Sendable {
  enum Verdict: Hashable, Sendable { case right(String), wrong(String) }

  var verdict: Verdict?
  package var why = ""
  /// What this choice says the measure is.
  package var claim: Comparison?
  /// What this choice would do.
  package var attempt: [ContentCommand] = []
  /// Sources, where the engine cannot run this choice.
  package var cite: [Citation] = []
  package var mark = Mark.start

  package var isRight: Bool { if case .right = verdict { true } else { false } }

  package var text: String {
    switch verdict {
    case .right(let text), .wrong(let text): text
    case nil: ""
    }
  }
}

/// One step to be put in order.
package struct OrderStep: Sendable {
  package var text = ""
  /// What the step does, where the engine can run it.
  package var attempt: [ContentCommand] = []
  package var mark = Mark.start
}

/// What a learner predicts: how near is near enough, and in what unit.
package struct Prediction: Hashable, Sendable {
  /// How far from the measure an answer may be: a number, or a length for a time; exact if nil.
  package var within: Document?
  /// What the answer is counted in, shown beside the question.
  package var unit = ""
}

/// One command that is to be typed, graded by what it brings about.
package struct CommandTask: Sendable {
  package var world = WorldDescription()
  /// What is done before the learner's command.
  package var prepare: [ContentCommand] = []
  package var checks: [Check] = []
  /// Commands that meet the checks.
  package var solutions: [ContentCommand] = []
  /// Commands that do not, each with the words to say.
  package var wrong: [WrongCommand] = []
}

/// A command that misses the point, and what to say to whom typed it.
package struct WrongCommand: Sendable {
  package var run: [ContentCommand] = []
  package var why = ""
  package var mark = Mark.start
}

/// What the engine runs to decide a question.
///
/// Either one `measure` with a claim on each choice (or a prediction to compare with), or commands
/// to try on each choice (or in each order) and checks that exactly the right one meets.
package struct Proof: Sendable {
  package var world = WorldDescription()
  /// What is done before anything is measured or tried.
  package var run: [ContentCommand] = []
  package var measure: ProofMeasure?
  package var metWhen: [Check] = []
  package var mark = Mark.start
}

/// An exam that a question belongs to, and the numbers of the domains it counts in.
package struct ExamTag: Hashable, Sendable {
  package var exam: String
  package var domains: [Int]
  package var mark: Mark
}
