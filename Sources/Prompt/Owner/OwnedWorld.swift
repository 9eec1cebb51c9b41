// SPDX-License-Identifier: GPL-3.0-or-later

import StateStore
import Synchronization
import Terminal

/// The world that this process owns, with everything that is kept about it while it is open.
///
/// `@unchecked Sendable`: the session, the desk and `isOpen` are touched in turns only, which
/// `SharedSession.exclusively` gives to one console after the other.
final class OwnedWorld: @unchecked Sendable {
  let session: Session
  /// The line in which consoles and the endpoint's requests take their turns.
  let shared: SharedSession
  /// What the labs keep in memory about the run in it.
  let labDesk = LabDesk()
  /// False once it has been closed; nobody who waits for a turn may use the session then.
  private(set) var isOpen = true
  private let listener = Mutex<OwnerListener?>(nil)

  init(_ session: Session) {
    self.session = session
    // From here on the session is reached in turns only.
    nonisolated(unsafe) let shared = session
    self.shared = SharedSession(shared)
  }

  /// How many other processes are connected.
  var guestCount: Int { listener.withLock { $0 }?.connectionCount ?? 0 }

  /// Lets other processes reach the world; does nothing if they can already.
  ///
  /// - Throws: `.unusable`.
  func listen(for learner: LearnerFolder) throws {
    try listener.withLock { listener in
      guard listener == nil else { return }
      listener = try OwnerListener(session.folder) { Guest(self, learner) }
    }
  }

  /// Saves and gives the world back; guests are told.
  ///
  /// - Throws: `StateError`.
  func close() throws {
    let listener = listener.withLock { listener in
      defer { listener = nil }
      return listener
    }
    defer { listener?.endConnections() }
    try shared.exclusively { session in
      isOpen = false
      listener?.stopListening()
      try session.close()
    }
  }
}

/// Why a guest got no turn: the world was closed while it waited.
struct WorldIsClosed: Error {}

/// What stops a command under way.
struct Interruption: Sendable {
  /// Whether whoever typed it wants it stopped, or the process is to end.
  let isRaised: @Sendable () -> Bool
  /// True once after each time it was wanted.
  let take: @Sendable () -> Bool

  /// Ctrl-C in this process.
  static let ofSignals = Interruption(
    isRaised: { Signals.isInterrupted }, take: { Signals.takeInterrupt() })
}
