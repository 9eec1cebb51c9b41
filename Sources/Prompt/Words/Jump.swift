// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation
import StateStore

/// One move of the clock: how much may happen on its way, and what stops it.
///
/// A rule that runs each minute has half a million occurrences in a year. A jump over thousands of
/// years would take hours and gigabytes, so there is a limit to what one may pass.
struct Jump {
  /// Things that may happen by themselves on one jump; seconds in an optimised build.
  static let limit = 1_000_000
  /// Ctrl-C is looked for after so many of them.
  private static let lookEvery = 256

  private let interruption: Interruption
  private let limit: Int
  private var happened = 0

  init(_ interruption: Interruption, limit: Int = Jump.limit) {
    self.interruption = interruption
    self.limit = limit
  }

  /// Lets time pass in the command under way.
  ///
  /// - Throws: A refusal after Ctrl-C or where too much would happen; the command is to be given up.
  mutating func pass(_ duration: Duration, in session: Session) throws {
    let before = happened
    let isDone = session.pass(duration) { count in
      happened = before + count
      return happened > limit
        || happened.isMultiple(of: Self.lookEvery) && interruption.isRaised()
    }
    if !isDone { throw refusal(session.now) }
  }

  /// Counts something that happened outside the cloud's own agenda.
  ///
  /// - Throws: As `pass`.
  mutating func count(in session: Session) throws {
    happened += 1
    if happened > limit || interruption.isRaised() { throw refusal(session.now) }
  }

  private func refusal(_ reached: Instant) -> PromptRefusal {
    guard happened <= limit else { return Self.tooMuch(limit: limit, by: reached) }
    _ = interruption.take()
    return PromptRefusal("Interrupted. Nothing was changed.", status: 130)
  }

  /// What is said of a jump with too much on its way.
  static func tooMuch(limit: Int = Jump.limit, by reached: Instant) -> PromptRefusal {
    PromptRefusal(
      "More than \(limit) things would happen by themselves, \(limit) of them by "
        + "\(reached.rfc3339). Nothing was changed.",
      advice: "Jump less far, or switch off first what runs so often.", status: 2)
  }
}
