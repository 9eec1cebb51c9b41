// SPDX-License-Identifier: GPL-3.0-or-later

internal import Digests
package import Documents
internal import Simulation

/// One question of a paper, with where it counts.
package struct PaperItem: Sendable {
  package let question: Question
  /// The number of the domain it was drawn for.
  package let domain: Int
  /// Unscored questions are not told apart until the result.
  package let isScored: Bool
}

/// The questions of one sitting, drawn by a blueprint and a seed.
package struct ExamPaper: Sendable {
  package let blueprint: ExamBlueprint
  /// Decides the draw, the order and every shuffle.
  package let seed: UInt64
  /// What was asked for.
  package let wanted: ExamForm
  /// What the bank allows: the same, or the largest smaller form at the same time a question.
  package let form: ExamForm
  package let items: [PaperItem]
  /// The scored and unscored weights of the domains that the bank reaches, rescaled to 100.
  package let weights: [DomainWeight]

  /// A domain that the paper draws from.
  package struct DomainWeight: Hashable, Sendable {
    package let domain: Int
    package let title: String
    /// Its share of the whole exam, in per cent.
    package let listed: Int
    /// Its share of this paper's domains, in per cent.
    package let rescaled: Double
  }

  /// Draws a paper, without items where the bank has no question for this exam.
  ///
  /// - Parameters:
  ///   - blueprint: Which exam.
  ///   - form: How many questions in how many minutes.
  ///   - questions: All questions there are; those not admitted are left out.
  ///   - seed: The same seed and questions give the same paper.
  ///   - experience: Earlier answers by question id; unseen questions are drawn first.
  ///   - suspended: Ids never to be asked.
  /// - Complexity: O(n log n) in the number of questions.
  package init(
    _ blueprint: ExamBlueprint, _ form: ExamForm, from questions: [Question], seed: UInt64,
    experience: [String: Experience] = [:], suspended: Set<String> = []
  ) {
    let candidates = PracticeSelection.choose(
      from: questions.filter { blueprint.admits($0) }, seed: seed, experience: experience,
      suspended: suspended)
    let fitted = form.fitting(candidates.count)
    let reached = blueprint.domains.filter { domain in
      candidates.contains { blueprint.domains(of: $0).contains(domain.number) }
    }
    let sum = reached.reduce(0) { $0 + $1.weight }
    var generator = SplitMix64(seed: seed &+ 1)
    var drawn = Self.draw(fitted.questions, from: candidates, reached, blueprint)
    drawn.shuffle(using: &generator)
    let unscored = fitted.questions * blueprint.unscored / max(1, blueprint.total)
    let spare = Set(drawn.indices.shuffled(using: &generator).prefix(unscored))
    self.init(
      blueprint: blueprint, seed: seed, wanted: form, form: fitted,
      items: drawn.enumerated().map { place, entry in
        PaperItem(question: entry.question, domain: entry.domain, isScored: !spare.contains(place))
      },
      weights: reached.map {
        DomainWeight(
          domain: $0.number, title: $0.title, listed: $0.weight,
          rescaled: 100 * Double($0.weight) / Double(max(1, sum)))
      })
  }

  init(
    blueprint: ExamBlueprint, seed: UInt64, wanted: ExamForm, form: ExamForm,
    items: [PaperItem], weights: [DomainWeight]
  ) {
    self.blueprint = blueprint
    self.seed = seed
    self.wanted = wanted
    self.form = form
    self.items = items
    self.weights = weights
  }

  /// Takes from each domain its share, scarce domains first, and fills up from the rest.
  private static func draw(
    _ count: Int, from candidates: [Question], _ domains: [ExamBlueprint.Domain],
    _ blueprint: ExamBlueprint
  ) -> [(question: Question, domain: Int)] {
    let quotas = shares(of: count, weights: domains.map(\.weight))
    func pool(_ number: Int) -> [Question] {
      candidates.filter { blueprint.domains(of: $0).contains(number) }
    }
    let byScarcity = domains.indices.sorted { left, right in
      let a = pool(domains[left].number).count - quotas[left]
      let b = pool(domains[right].number).count - quotas[right]
      return a == b ? left < right : a < b
    }
    var drawn: [(question: Question, domain: Int)] = []
    var taken: Set<String> = []
    for index in byScarcity {
      let number = domains[index].number
      for question in pool(number).filter({ !taken.contains($0.id) }).prefix(quotas[index]) {
        drawn.append((question, number))
        taken.insert(question.id)
      }
    }
    for question in candidates where drawn.count < count && !taken.contains(question.id) {
      drawn.append((question, blueprint.domains(of: question)[0]))
    }
    return drawn
  }

  /// Splits a number by weights, the largest remainders rounded up.
  static func shares(of count: Int, weights: [Int]) -> [Int] {
    let sum = weights.reduce(0, +)
    guard sum > 0 else { return weights.map { _ in 0 } }
    var shares = weights.map { count * $0 / sum }
    let remainders = weights.enumerated().map { ($0.offset, count * $0.element % sum) }
      .sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }
    for (index, _) in remainders.prefix(count - shares.reduce(0, +)) { shares[index] += 1 }
    return shares
  }

  /// What the exam covers, said before it begins.
  package var scope: String {
    guard !items.isEmpty else {
      return "There is no question for \(blueprint.code) yet."
    }
    guard blueprint.code != ExamBlueprint.subjectCode else {
      return "Covers DynamoDB backup and restore; it follows no exam's blueprint."
    }
    let numbers = weights.map { String($0.domain) }
    let list =
      numbers.count > 1 ? "domains \(numbers.joined(separator: ", "))" : "domain \(numbers[0])"
    return "Covers DynamoDB backup within \(blueprint.code), \(list); not the whole exam."
  }

  /// What else should be said before it begins: rescaled weights, a smaller form, a retired exam.
  package var remarks: [String] {
    var result: [String] = []
    if blueprint.code != ExamBlueprint.subjectCode, weights.count < blueprint.domains.count,
      !weights.isEmpty
    {
      let parts = weights.map { "\($0.domain): \($0.listed)% -> \(Int($0.rescaled.rounded()))%" }
      result.append("Weights are rescaled over these domains: \(parts.joined(separator: ", ")).")
    }
    if form != wanted {
      result.append(
        "The bank has \(form.questions) questions for this exam, so it is "
          + "\(form.questions) in \(form.minutes) min instead of "
          + "\(wanted.questions) in \(wanted.minutes).")
    }
    if let retired = blueprint.retired {
      result.append("\(blueprint.code) was last held on \(retired).")
    }
    let unscored = items.count { !$0.isScored }
    if unscored > 0 {
      result.append("\(unscored) of the questions are unscored and unmarked, as in the exam.")
    }
    return result
  }

  /// The sheet of one question.
  package func sheet(_ place: Int) -> QuestionSheet {
    QuestionSheet(items[place].question, seed: seed)
  }
}

// MARK: - Stored form

extension ExamPaper {
  /// What is stored of a paper: the questions are found again by id and held to their digests.
  package var document: Document {
    [
      "blueprint": .string(blueprint.code), "seed": .string(String(seed)),
      "wanted": [.integer(Int64(wanted.questions)), .integer(Int64(wanted.minutes))],
      "form": [.integer(Int64(form.questions)), .integer(Int64(form.minutes))],
      "questions": .array(
        items.map {
          [
            "id": .string($0.question.id), "digest": .string($0.question.digest.hex),
            "domain": .integer(Int64($0.domain)), "scored": .bool($0.isScored),
          ]
        }),
    ]
  }

  /// Why a stored paper cannot be gone on with.
  package enum Mismatch: Error, Hashable, Sendable {
    /// It is none that this program writes.
    case unreadable
    /// A question is gone from the banks.
    case missing(question: String)
    /// A question was edited since the exam began.
    case changed(question: String)
  }

  /// Finds a stored paper's questions again.
  ///
  /// - Throws: `Mismatch` where a question is gone or was edited.
  package init(_ document: Document, questions: [Question]) throws(Mismatch) {
    func form(_ name: String) -> ExamForm? {
      guard let numbers = document[name]?.array?.compactMap({ $0.integer.map { Int($0) } }),
        numbers.count == 2
      else { return nil }
      return ExamForm(questions: numbers[0], minutes: numbers[1])
    }
    guard let blueprint = document["blueprint"]?.string.flatMap(ExamBlueprint.named),
      let seed = document["seed"]?.string.flatMap({ UInt64($0) }), let wanted = form("wanted"),
      let held = form("form"), let stored = document["questions"]?.array
    else { throw .unreadable }
    var items: [PaperItem] = []
    for entry in stored {
      guard let id = entry["id"]?.string, let digest = entry["digest"]?.string,
        let domain = entry["domain"]?.integer, let isScored = entry["scored"]?.bool
      else { throw .unreadable }
      guard let question = questions.first(where: { $0.id.utf8.elementsEqual(id.utf8) }) else {
        throw .missing(question: id)
      }
      guard question.digest.hex == digest else { throw .changed(question: id) }
      items.append(PaperItem(question: question, domain: Int(domain), isScored: isScored))
    }
    let reached = blueprint.domains.filter { domain in
      questions.contains {
        blueprint.admits($0) && blueprint.domains(of: $0).contains(domain.number)
      }
    }
    let sum = reached.reduce(0) { $0 + $1.weight }
    self.init(
      blueprint: blueprint, seed: seed, wanted: wanted, form: held, items: items,
      weights: reached.map {
        DomainWeight(
          domain: $0.number, title: $0.title, listed: $0.weight,
          rescaled: 100 * Double($0.weight) / Double(max(1, sum)))
      })
  }
}
