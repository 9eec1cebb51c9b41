// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
package import Simulation

/// A timed exam as a state machine over the host's clock, which is always given from outside.
///
/// Lines go in, events come out; nothing is printed or stored. After `answered`, `flagged` and
/// `ended` the sitting is to be saved: `paper.document`, `answersDocument`, `flags`, `startedAt`,
/// `deadline`.
///
/// It goes on running while closed: make it again with `init(resuming:)`, and it is over if the
/// deadline has passed. An answer counts up to and including the deadline's instant. No feedback is
/// given before the end.
package struct ExamSession: Sendable {
  /// An answer as it stands.
  package struct Answer: Hashable, Sendable {
    package let response: Response
    package let certainty: Certainty
    package let at: Instant
  }

  package enum Event: Sendable {
    case refused(String)
    /// The answer was noted; there is no word on whether it is right.
    case answered(place: Int)
    case flagged(place: Int, Bool)
    /// Another question is on the screen.
    case moved(place: Int)
    /// An overview is wanted: `places` says what to draw.
    case overview
    /// `end` was typed while some are unanswered or flagged: ask, then `end!`.
    case confirmEnd(unanswered: Int, flagged: Int)
    case reported(question: String, words: String)
    /// The learner left; the exam goes on running.
    case left
    /// Ended by the learner, or the time is over.
    case ended(timeOver: Bool)
  }

  package let paper: ExamPaper
  package let startedAt: Instant
  /// The last instant at which an answer counts.
  package let deadline: Instant
  /// The question on the screen, counted from 0.
  package private(set) var place = 0
  package private(set) var answers: [Int: Answer] = [:]
  private var flaggedPlaces: Set<Int> = []
  /// When it was ended; nil while it runs.
  package private(set) var endedAt: Instant?

  /// Begins a sitting at a moment of the host's time.
  package init(_ paper: ExamPaper, at now: Instant) {
    self.paper = paper
    startedAt = now
    deadline = now + .minutes(Int64(paper.form.minutes))
  }

  /// Goes on with a sitting that was saved.
  ///
  /// Answers that no longer fit their questions are left out.
  ///
  /// - Parameters:
  ///   - paper: The paper as found again.
  ///   - startedAt: Host time of the start.
  ///   - deadline: The last instant at which an answer counts.
  ///   - answers: What `answersDocument` gave.
  ///   - flags: Ids of flagged questions.
  package init(
    resuming paper: ExamPaper, startedAt: Instant, deadline: Instant, answers: Document,
    flags: [String]
  ) {
    self.paper = paper
    self.startedAt = startedAt
    self.deadline = deadline
    for (index, item) in paper.items.enumerated() {
      if flags.contains(item.question.id) { flaggedPlaces.insert(index) }
      guard let stored = answers[item.question.id], let given = stored["response"],
        let response = Response(given, to: item.question),
        let certainty = stored["certainty"]?.string.flatMap(Certainty.init(rawValue:)),
        let at = stored["at"]?.integer
      else { continue }
      self.answers[index] = Answer(
        response: response, certainty: certainty, at: Instant(milliseconds: at))
    }
    place = paper.items.indices.first { self.answers[$0] == nil } ?? 0
  }

  // MARK: Time

  /// The time left, never negative and never more than the whole, whatever the host's clock does.
  package func remaining(at now: Instant) -> Duration {
    min(max(.zero, deadline - now), deadline - startedAt)
  }

  /// Whether no answer counts any more.
  package func isOver(at now: Instant) -> Bool { endedAt != nil || now > deadline }

  /// The time used, cut at the deadline.
  package func timeUsed(at now: Instant) -> Duration {
    min(max(.zero, (endedAt ?? now) - startedAt), deadline - startedAt)
  }

  // MARK: What is on the screen

  package var sheet: QuestionSheet { paper.sheet(place) }

  /// Every question's state, for the overview.
  package var places: [(place: Int, isAnswered: Bool, isFlagged: Bool)] {
    paper.items.indices.map { ($0, answers[$0] != nil, flaggedPlaces.contains($0)) }
  }

  /// Ids of flagged questions in the order of the paper.
  package var flags: [String] {
    flaggedPlaces.sorted().map { paper.items[$0].question.id }
  }

  package func isFlagged(_ place: Int) -> Bool { flaggedPlaces.contains(place) }

  /// The answers as they are stored, by question id.
  package var answersDocument: Document {
    Document(
      members: answers.sorted { $0.key < $1.key }.map { place, answer in
        (
          paper.items[place].question.id,
          [
            "response": answer.response.document, "certainty": .string(answer.certainty.rawValue),
            "at": .integer(answer.at.milliseconds),
          ] as Document
        )
      })
  }

  // MARK: Lines

  /// Takes one line: an answer, Enter or `n` (next), `p` (previous), `g 12` (go to), `l` (list),
  /// `f` (flag),
  /// `! words` (report), `end`, `end!` (end without asking), `q` (leave, the time goes on).
  ///
  /// - Parameters:
  ///   - line: As typed.
  ///   - now: Host time; past the deadline every line ends the exam and changes nothing else.
  /// - Returns: What happened.
  package mutating func enter(_ line: String, at now: Instant) -> Event {
    if endedAt != nil { return .ended(timeOver: false) }
    guard !isOver(at: now), !paper.items.isEmpty else {
      endedAt = min(now, deadline)
      return .ended(timeOver: true)
    }
    let words = line.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
    switch words.first {
    case "n" where words.count == 1: return move(to: place + 1)
    case "p" where words.count == 1: return move(to: place - 1)
    case "l" where words.count == 1: return .overview
    case "g": return go(to: words.dropFirst().first)
    case "end" where words.count == 1:
      let unanswered = paper.items.count - answers.count
      guard unanswered == 0, flaggedPlaces.isEmpty else {
        return .confirmEnd(unanswered: unanswered, flagged: flaggedPlaces.count)
      }
      return end(at: now)
    case "end!" where words.count == 1: return end(at: now)
    default: break
    }
    switch QuizLine(line) {
    case .next: return move(to: place + 1)
    case .leave: return .left
    case .suspend: return .refused("Nothing is suspended in an exam; f flags the question.")
    case .report(let text):
      return .reported(question: sheet.question.id, words: text)
    case .flag:
      if flaggedPlaces.remove(place) != nil { return .flagged(place: place, false) }
      flaggedPlaces.insert(place)
      return .flagged(place: place, true)
    case .answer(let text, let certainty):
      do throws(AnswerRefusal) {
        answers[place] = Answer(response: try sheet.read(text), certainty: certainty, at: now)
        return .answered(place: place)
      } catch {
        return .refused(error.message)
      }
    }
  }

  private mutating func end(at now: Instant) -> Event {
    endedAt = min(now, deadline)
    return .ended(timeOver: false)
  }

  private mutating func move(to target: Int) -> Event {
    guard paper.items.indices.contains(target) else {
      return target < 0
        ? .refused("This is the first question.")
        : .refused("This is the last question. l lists all, end ends the exam.")
    }
    place = target
    return .moved(place: target)
  }

  private mutating func go(to text: String?) -> Event {
    guard let number = text.flatMap({ Int($0) }), paper.items.indices.contains(number - 1) else {
      return .refused("g and a number from 1 to \(paper.items.count).")
    }
    return move(to: number - 1)
  }

  /// Grades what was answered at a moment of the host's time: all or nothing, the unanswered wrong.
  ///
  /// - Complexity: O(n).
  package func result(at now: Instant) -> ExamResult { ExamResult(self, at: now) }
}
