// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation

/// How virtual time goes with the requests of clients that cannot move the clock themselves.
package struct Pace: Hashable, Sendable {
  /// When what is under way ends.
  package enum Transitions: Hashable, Sendable {
    /// When it is time.
    case inTime
    /// By the next look of somebody who has looked at it once.
    case afterALook
    /// With the request that began it.
    case atOnce
  }

  /// What an accepted request takes.
  package var request: Duration
  /// What a client waits that was told to ask less often; its own waiting is not virtual.
  package var throttled: Duration
  package var transitions: Transitions

  /// The endpoint's, unless its clock is driven otherwise.
  package static let ofPolling = Pace(
    request: .milliseconds(1), throttled: .milliseconds(100), transitions: .afterALook)

  /// Nothing is ever seen under way but in the answer to what began it.
  package static let instant = Pace(
    request: .milliseconds(1), throttled: .milliseconds(100), transitions: .atOnce)

  /// Requests take no time of their own, since the wall clock drives it.
  package static let ofWallClock = Pace(request: .zero, throttled: .zero, transitions: .inTime)

  /// One transition may begin the next; what never ends is left after so many.
  private static let chainLimit = 1_000

  /// How far the clock moves after a request.
  func duration(
    after request: ServiceRequest, _ outcome: Result<Document, ServiceError>, in cloud: Cloud
  ) -> Duration {
    if case .failure(let error) = outcome {
      let throttles = ["ThrottlingException", "ProvisionedThroughputExceededException"]
      return throttles.contains(error.code) ? throttled : .zero
    }
    let end: Instant? =
      switch transitions {
      case .inTime: nil
      case .afterALook: cloud.nextTransition(lookedAtBy: request)
      case .atOnce: Self.endOfTransitions(in: cloud)
      }
    return max(self.request, end.map { $0 - cloud.now } ?? .zero)
  }

  /// When everything under way, and what follows from it, has ended; nil where nothing is.
  private static func endOfTransitions(in cloud: Cloud) -> Instant? {
    guard var next = cloud.nextTransition else { return nil }
    var copy = cloud
    for _ in 0..<chainLimit {
      copy.advance(to: next)
      guard let following = copy.nextTransition else { break }
      next = following
    }
    return copy.now
  }
}

/// Virtual time driven by a clock that goes by itself, in whole virtual seconds.
package struct ClockDrive: Sendable {
  /// Virtual seconds in one of the clock's.
  package let speed: Int
  private let ticks: @Sendable () -> Duration
  private let begin: Duration
  private var givenSeconds: Int64 = 0

  /// - Parameters:
  ///   - speed: Virtual seconds in one of the clock's, 1 or more.
  ///   - ticks: A clock that never goes back.
  package init(speed: Int, ticks: @escaping @Sendable () -> Duration) {
    self.speed = speed
    self.ticks = ticks
    begin = ticks()
  }

  /// The whole virtual seconds that have passed since this was last asked.
  package mutating func takeDue() -> Duration {
    let seconds = (ticks() - begin).wholeMilliseconds * Int64(speed) / 1_000
    defer { givenSeconds = max(givenSeconds, seconds) }
    return .seconds(max(0, seconds - givenSeconds))
  }
}
