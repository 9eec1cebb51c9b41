// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
package import Documents
package import Simulation
import Synchronization

/// A world that lives in this process alone, for many callers at once: nothing of it is saved.
///
/// It goes as a journalled world does, to the same answers; there is no way back but to its start.
package final class MemoryWorld: Sendable {
  private let start: Cloud
  private let pace: Pace?
  private let state: Mutex<State>

  private struct State: Sendable {
    var cloud: Cloud
    var drive: ClockDrive?

    mutating func catchUp() {
      if let due = drive?.takeDue(), due > .zero { cloud.advance(by: due) }
    }
  }

  /// - Parameters:
  ///   - start: The first state.
  ///   - pace: How virtual time goes with requests; nil where it stands still.
  ///   - drive: What moves the clock beside them; nil for nothing.
  package init(start: Cloud, pace: Pace? = nil, drive: ClockDrive? = nil) {
    self.start = start
    self.pace = pace
    state = Mutex(State(cloud: start, drive: drive))
  }

  /// A copy of the present cloud.
  package var cloud: Cloud {
    state.withLock { state in
      state.catchUp()
      return state.cloud
    }
  }

  /// Performs a request.
  package func perform(_ request: ServiceRequest) -> Result<Document, ServiceError> {
    // As in a journalled world, which could not be read back.
    guard request.input.isShallow(Document.depthLimit - 1) else { return .failure(.tooDeep) }
    return state.withLock { state in
      state.catchUp()
      let outcome: Result<Document, ServiceError>
      do throws(ServiceError) {
        outcome = .success(try state.cloud.perform(request))
      } catch {
        outcome = .failure(error)
      }
      let time = pace?.duration(after: request, outcome, in: state.cloud) ?? .zero
      if time > .zero { state.cloud.advance(by: time) }
      return outcome
    }
  }

  /// Moves the clock forward, unless somebody stops it.
  ///
  /// - Parameters:
  ///   - duration: How far.
  ///   - stop: Asked after each thing that happens on the way, with how many there were.
  /// - Returns: The new instant; nil if it was stopped: everything is as it was then.
  package func advance(by duration: Duration, unless stop: (Int) -> Bool) -> Instant? {
    state.withLock { state in
      state.catchUp()
      let before = state.cloud
      guard state.cloud.advance(to: before.now + duration, unless: stop) else {
        state.cloud = before
        return nil
      }
      return state.cloud.now
    }
  }

  /// Goes back to the start.
  package func reset() { state.withLock { $0.cloud = start } }
}
