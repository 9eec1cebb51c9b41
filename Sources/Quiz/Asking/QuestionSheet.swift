// SPDX-License-Identifier: GPL-3.0-or-later

internal import ContentFormat
internal import Digests
package import Documents
internal import Simulation

/// A question as it is put on the screen: its rows in the order of one shuffle, with their letters.
///
/// A pure value. The same question and seed give the same sheet.
package struct QuestionSheet: Sendable {
  /// What stands beside one letter, or one number.
  package struct Row: Hashable, Sendable {
    package let label: String
    package let text: String
  }

  package let question: Question
  package let seed: UInt64
  /// For each lettered row, its place in the file; empty for kinds that are typed.
  package let order: [Int]

  package init(_ question: Question, seed: UInt64) {
    self.question = question
    self.seed = seed
    // The id goes into the draw so that questions of one sitting are not shuffled alike.
    var generator = SplitMix64(
      seed: seed
        ^ Digests.digest(of: question.id).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    switch question.task {
    case .choices(let choices):
      order =
        question.keepsOrder
        ? Array(choices.indices) : choices.indices.shuffled(using: &generator)
    case .order(let steps):
      // A list that is in order already asks nothing.
      var shuffled = steps.indices.shuffled(using: &generator)
      if shuffled == Array(steps.indices) { shuffled.append(shuffled.removeFirst()) }
      order = shuffled
    case .match(let pairs): order = pairs.indices.shuffled(using: &generator)
    case .predict, .command, nil: order = []
    }
  }

  /// `A`, `B`, … for a place on the screen, counted from 0.
  package static func letter(_ place: Int) -> String {
    String(UnicodeScalar(UInt8(0x41 + place % 26)))
  }

  /// The lettered rows: choices, steps, or the right sides of a match.
  package var rows: [Row] {
    order.enumerated().map { place, index in
      Row(label: Self.letter(place), text: text(ofRow: index))
    }
  }

  /// The numbered left sides of a match; empty for other kinds.
  package var leftRows: [Row] {
    guard case .match(let pairs)? = question.task else { return [] }
    return pairs.enumerated().map { Row(label: String($0.offset + 1), text: $0.element.name) }
  }

  private func text(ofRow index: Int) -> String {
    switch question.task {
    case .choices(let choices): choices[index].text
    case .order(let steps): steps[index].text
    case .match(let pairs): pairs[index].value
    default: ""
    }
  }

  /// How many choices are right; counted, never typed by an author.
  package var rightCount: Int { question.choices.count(where: \.isRight) }

  /// What to do, in a sentence; nil where a question and its choices say enough.
  package var instruction: String? {
    switch question.task {
    case .choices: rightCount > 1 ? "Select \(rightCount)." : nil
    case .order: "Put the steps in order, first to last, such as \(example)."
    case .match: "Give each number a letter, such as \(example)."
    case .predict(let prediction): "Type the answer in \(prediction.unit)."
    case .command: "Type one command."
    case nil: nil
    }
  }

  private var example: String {
    switch question.task {
    case .order(let steps):
      (0..<steps.count).reversed().map(Self.letter).joined(separator: " ")
    case .match(let pairs):
      (0..<pairs.count).map { "\($0 + 1)\(Self.letter(pairs.count - 1 - $0))" }
        .joined(separator: " ")
    default: ""
    }
  }

  /// The letter under which a place in the file is shown; nil where it is not.
  package func letter(ofIndex index: Int) -> String? {
    order.firstIndex(of: index).map(Self.letter)
  }

  /// An answer in the letters of this sheet: `A C E`, `1B 2A`, or the typed text.
  package func text(of response: Response) -> String {
    switch response {
    case .choices(let indices):
      order.indices.filter { indices.contains(order[$0]) }.map(Self.letter)
        .joined(separator: " ")
    case .order(let indices): indices.compactMap(letter(ofIndex:)).joined(separator: " ")
    case .match(let indices):
      indices.enumerated().map { "\($0.offset + 1)\(letter(ofIndex: $0.element) ?? "?")" }
        .joined(separator: " ")
    case .text(let text): text
    }
  }

  /// The right answer; nil where the engine computes it or checks decide.
  package var key: Response? {
    switch question.task {
    case .choices(let choices): .choices(choices.indices.filter { choices[$0].isRight })
    case .order(let steps): .order(Array(steps.indices))
    case .match(let pairs): .match(Array(pairs.indices))
    default: nil
    }
  }
}

/// What a learner answered, in the order of the file whatever the screen showed.
package enum Response: Hashable, Sendable {
  /// Places of the chosen choices, ascending.
  case choices([Int])
  /// Places of the steps in the order given.
  case order([Int])
  /// For each left side, the place of the right side given to it.
  case match([Int])
  /// What was typed for a prediction or a command.
  case text(String)

  /// The stored form: a list of numbers, or a text.
  package var document: Document {
    switch self {
    case .choices(let places), .order(let places), .match(let places):
      .array(places.map { .integer(Int64($0)) })
    case .text(let text): .string(text)
    }
  }

  /// The answer to a question from its stored form; nil where it does not fit the question.
  package init?(_ document: Document, to question: Question) {
    if let text = document.string {
      guard question.kind == .predict || question.kind == .command else { return nil }
      self = .text(text)
      return
    }
    guard let elements = document.array else { return nil }
    let places = elements.compactMap { $0.integer.flatMap { Int(exactly: $0) } }
    let count: Int
    switch question.task {
    case .choices(let choices): count = choices.count
    case .order(let steps): count = steps.count
    case .match(let pairs): count = pairs.count
    default: return nil
    }
    guard places.count == elements.count, Set(places).count == places.count,
      places.allSatisfy({ (0..<count).contains($0) })
    else { return nil }
    switch question.kind {
    case .oneRight, .severalRight: self = .choices(places.sorted())
    case .order where places.count == count: self = .order(places)
    case .match where places.count == count: self = .match(places)
    default: return nil
    }
  }
}
