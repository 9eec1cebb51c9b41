// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat

/// Every bank of a folder, and the claims they teach.
package struct QuestionLibrary: Sendable {
  package private(set) var claims = ClaimCatalog()
  package private(set) var banks: [Bank] = []
  /// All that is wrong, by file and place; a file with errors of its own gives no questions.
  package private(set) var errors: [ContentError] = []

  /// A library of nothing.
  package init() {}

  /// Reads every bank directly in a folder, and its `claims.yaml`.
  package static func load(_ folder: ContentFolder) -> QuestionLibrary {
    var library = QuestionLibrary()
    let names: [String]
    do throws(ContentProblem) {
      names = try folder.yamlFiles()
    } catch {
      library.errors = [
        ContentError(
          file: folder.path, mark: .start, code: error.code, message: error.message,
          fix: error.fix)
      ]
      return library
    }
    let catalog = ContentFile(
      name: ClaimCatalog.fileName, in: folder, as: ClaimCatalog.format)
    library.errors += catalog.errors
    if let claims = catalog.value { library.claims = claims }
    for name in names where name != ClaimCatalog.fileName {
      let file = ContentFile(name: name, in: folder, as: Bank.located(in: name))
      library.errors += file.errors
      if let bank = file.value { library.banks.append(bank) }
    }
    library.lookOver()
    return library
  }

  /// A library of what was read already, looked over as a whole.
  package init(claims: ClaimCatalog, banks: [Bank]) {
    self.claims = claims
    self.banks = banks
    lookOver()
  }

  /// All questions, bank by bank in the order of their files.
  package var questions: [Question] { banks.flatMap(\.questions) }

  /// The question with this id; nil if there is none.
  ///
  /// - Complexity: O(n).
  package func question(_ id: String) -> Question? {
    questions.first { $0.id.utf8.elementsEqual(id.utf8) }
  }

  /// The questions that a word names: a bank, a question, a topic (`PITR`) or a claim (`PITR-8`).
  ///
  /// - Returns: The questions in the order of the files; empty where the word names nothing.
  /// - Complexity: O(n).
  package func questions(about word: String) -> [Question] {
    let upper = word.uppercased()
    return questions.filter { question in
      question.bank == word || question.id == word
        || question.teaches.contains {
          $0.value.topic == upper || $0.value.description == upper
        }
    }
  }

  /// The words that `questions(about:)` knows, for completion and suggestions: banks, then topics.
  package var subjects: [String] { banks.map(\.id) + claims.topics.map(\.name) }

  // MARK: Rules between files

  private mutating func lookOver() {
    var ids: [String: Question] = [:]
    var stems: [String: Question] = [:]
    let known = Set(claims.ids)
    let names = claims.claims.map(\.name)
    func error(
      _ code: ContentError.Code, _ message: String, _ fix: String? = nil, in question: Question,
      at mark: Mark
    ) -> ContentError {
      ContentError(file: question.file, mark: mark, code: code, message: message, fix: fix)
    }
    for question in questions {
      if let first = ids[question.id] {
        errors.append(
          error(
            .duplicateKey, "a second question is called \(question.id)",
            "the first is at \(first.file):\(first.mark.line)", in: question, at: question.mark))
      }
      ids[question.id] = question
      let stem = Stem.normal(question.ask)
      if let first = stems[stem] {
        errors.append(
          error(
            .duplicateStem, "\(first.id) asks the same",
            "it is at \(first.file):\(first.mark.line)", in: question, at: question.mark))
      }
      stems[stem] = question
      for claim in question.teaches where !known.contains(claim.value) {
        let fix = Suggestion.fix(for: claim.value.description, among: names)
        errors.append(
          error(
            .unknownName, "there is no claim \(claim.value)", fix, in: question, at: claim.mark))
      }
    }
    errors.sort()
  }
}

/// Which questions teach one claim.
package struct ClaimCoverage: Hashable, Sendable {
  package let claim: ClaimID
  package let text: String
  /// Ids of the questions that teach it.
  package let questions: [String]
  /// Ids of those that the engine proves.
  package let proved: [String]
}

extension QuestionLibrary {
  /// Every claim with the questions that teach it, in the order of `claims.yaml`.
  ///
  /// - Complexity: O(n · m).
  package var coverage: [ClaimCoverage] {
    let questions = questions
    return claims.claims.compactMap { named in
      guard let id = ClaimID(named.name) else { return nil }
      let teaching = questions.filter { $0.teaches.contains { $0.value == id } }
      return ClaimCoverage(
        claim: id, text: named.value, questions: teaching.map(\.id),
        proved: teaching.filter(\.isProvable).map(\.id))
    }
  }
}
