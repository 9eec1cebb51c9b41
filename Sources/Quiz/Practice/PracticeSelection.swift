// SPDX-License-Identifier: GPL-3.0-or-later

package import Simulation

/// What a learner has done with a question before; made from stored attempts.
package struct Experience: Hashable, Sendable {
  /// Host time of the last answer.
  package var lastAnswered: Instant
  package var wasRight: Bool

  package init(lastAnswered: Instant, wasRight: Bool) {
    self.lastAnswered = lastAnswered
    self.wasRight = wasRight
  }
}

/// Chooses what to practise.
package enum PracticeSelection {
  /// Questions for one session: unseen ones first, then those answered wrongly last time, then the
  /// rest, longest ago first; shuffled by the seed within each.
  ///
  /// - Parameters:
  ///   - questions: Those that may be asked, such as `library.questions(about:)`.
  ///   - count: The most that are asked; all if nil.
  ///   - seed: Decides the shuffle.
  ///   - experience: What is known of earlier answers, by question id.
  ///   - suspended: Ids never to be asked.
  ///   - inFileOrder: Keeps the order given, for a bank that is worked through from its beginning.
  /// - Returns: The questions to ask, in order.
  /// - Complexity: O(n log n).
  package static func choose(
    from questions: [Question], count: Int? = nil, seed: UInt64,
    experience: [String: Experience] = [:], suspended: Set<String> = [], inFileOrder: Bool = false
  ) -> [Question] {
    var candidates = questions.filter { !suspended.contains($0.id) }
    if !inFileOrder {
      var generator = SplitMix64(seed: seed)
      candidates.shuffle(using: &generator)
      func rank(_ question: Question) -> (Int, Int64) {
        guard let past = experience[question.id] else { return (0, 0) }
        return past.wasRight ? (2, past.lastAnswered.milliseconds) : (1, 0)
      }
      candidates = candidates.enumerated().sorted { left, right in
        let (a, b) = (rank(left.element), rank(right.element))
        return a == b ? left.offset < right.offset : a < b
      }.map(\.element)
    }
    return Array(candidates.prefix(max(0, count ?? candidates.count)))
  }
}
