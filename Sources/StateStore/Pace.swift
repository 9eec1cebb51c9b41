// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation

/// How virtual time goes with the requests of clients that cannot move the clock themselves.
package struct Pace: Hashable, Sendable {
  /// What an accepted request takes.
  package var request: Duration
  /// What a client waits that was told to ask less often; its own waiting is not virtual.
  package var throttled: Duration
  /// Whether somebody who looks at what is under way finds it ended the next time.
  package var endsWhatIsLookedAt: Bool

  /// The endpoint's, unless its clock is driven otherwise.
  package static let ofPolling = Pace(
    request: .milliseconds(1), throttled: .milliseconds(100), endsWhatIsLookedAt: true)

  /// The moves of the clock after a request, in order.
  func durations(
    after request: ServiceRequest, _ outcome: Result<Document, ServiceError>, in cloud: Cloud
  ) -> [Duration] {
    guard case .success = outcome else {
      let throttles = ["ThrottlingException", "ProvisionedThroughputExceededException"]
      if case .failure(let error) = outcome, throttles.contains(error.code) { return [throttled] }
      return []
    }
    var moves = [self.request]
    let after = cloud.now + self.request
    if endsWhatIsLookedAt, let end = cloud.nextTransition(lookedAtBy: request), end > after {
      moves.append(end - after)
    }
    return moves
  }
}
