// SPDX-License-Identifier: GPL-3.0-or-later

/// How sure a learner says to be of an answer.
package enum Certainty: String, Hashable, Sendable, CaseIterable { case sure, unsure, unsaid }

/// One line typed at a question.
package enum QuizLine: Hashable, Sendable {
  /// An answer, in letters, numbers or text, and how sure.
  case answer(String, Certainty)
  /// Enter: go on.
  case next
  /// `f`: mark the question for later, or take the mark away.
  case flag
  /// `x`: do not ask this question again.
  case suspend
  /// `!`, or `! why`: say that something is wrong with the question.
  case report(String)
  /// `q`: leave.
  case leave

  /// Reads a line as typed, blanks at the ends aside; `b` is sure, `b?` unsure.
  package init(_ line: String) {
    let text = String(
      line.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    switch text {
    case "": self = .next
    case "f", "F": self = .flag
    case "x", "X": self = .suspend
    case "q", "Q": self = .leave
    case _ where text.first == "!":
      self = .report(String(text.dropFirst().drop(while: \.isWhitespace)))
    case _ where text.last == "?" && text.count > 1:
      let answer = text.dropLast().reversed().drop(while: \.isWhitespace).reversed()
      self = .answer(String(answer), .unsure)
    default: self = .answer(text, .sure)
    }
  }
}

/// Why a typed answer was not taken; nothing changed.
package struct AnswerRefusal: Error, Hashable, Sendable {
  /// What to type instead, in a sentence.
  package let message: String
}

extension QuestionSheet {
  /// Reads an answer in the letters or numbers of this sheet.
  ///
  /// - Parameter text: `b`, `2`, `a c e`, `ace`, `a, c, e`, `1b 2a`, or free text.
  /// - Returns: The answer in the order of the file.
  /// - Throws: `AnswerRefusal` for letters that are not shown, or too few or too many of them.
  package func read(_ text: String) throws(AnswerRefusal) -> Response {
    switch question.task {
    case .choices:
      let places = try letters(text)
      guard Set(places).count == places.count else { throw repeated }
      guard places.count == rightCount else {
        throw AnswerRefusal(
          message: rightCount == 1
            ? "One answer, please: \(range)."
            : "Select \(rightCount); you chose \(places.count).")
      }
      return .choices(places.map { order[$0] }.sorted())
    case .order:
      let places = try letters(text)
      guard Set(places).count == places.count else { throw repeated }
      guard places.count == order.count else {
        throw AnswerRefusal(
          message: "Every letter once, \(range), such as \(example(order.count)).")
      }
      return .order(places.map { order[$0] })
    case .match(let pairs): return .match(try pairing(text, count: pairs.count))
    case .predict, .command, nil: return .text(text)
    }
  }

  private var repeated: AnswerRefusal { AnswerRefusal(message: "Each letter once, please.") }
  private var range: String { "A to \(Self.letter(order.count - 1))" }

  private func example(_ count: Int) -> String {
    (0..<count).reversed().map(Self.letter).joined(separator: " ")
  }

  /// Places on the screen from letters or numbers, with or without blanks and commas.
  private func letters(_ text: String) throws(AnswerRefusal) -> [Int] {
    var places: [Int] = []
    for scalar in text.uppercased().unicodeScalars {
      switch scalar {
      case " ", ",", ";", "\t": continue
      case "A"..."Z": places.append(Int(scalar.value) - 0x41)
      case "1"..."9": places.append(Int(scalar.value) - 0x31)
      default: throw AnswerRefusal(message: "Answer with letters, \(range).")
      }
    }
    guard !places.isEmpty, places.allSatisfy(order.indices.contains) else {
      throw AnswerRefusal(message: "Answer with letters, \(range).")
    }
    return places
  }

  /// For each left side the place in the file of its right side, from `1b 2a 3c` or `b a c`.
  private func pairing(_ text: String, count: Int) throws(AnswerRefusal) -> [Int] {
    let wanted = AnswerRefusal(
      message: "Give each of 1 to \(count) one letter, such as "
        + (0..<count).map { "\($0 + 1)\(Self.letter(count - 1 - $0))" }.joined(separator: " ") + "."
    )
    var given: [Int: Int] = [:]
    var left: Int?
    var next = 0
    for scalar in text.uppercased().unicodeScalars {
      switch scalar {
      case " ", ",", ";", "\t", "-", "=", ":": continue
      case "1"..."9": left = Int(scalar.value) - 0x31
      case "A"..."Z":
        let place = Int(scalar.value) - 0x41
        let row = left ?? next
        guard order.indices.contains(place), row < count, given[row] == nil else { throw wanted }
        given[row] = order[place]
        left = nil
        next += 1
      default: throw wanted
      }
    }
    let result = (0..<count).compactMap { given[$0] }
    guard result.count == count, Set(result).count == count, left == nil else { throw wanted }
    return result
  }
}
