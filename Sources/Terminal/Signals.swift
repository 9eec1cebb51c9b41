// SPDX-License-Identifier: GPL-3.0-or-later

internal import Glibc
internal import Synchronization

/// What was asked for from outside: Ctrl-C, or an end.
///
/// Handlers only set flags; whoever waits or works for long looks at them.
package enum Signals {
  private static let interrupted = Atomic<Bool>(false)
  private static let ended = Atomic<Bool>(false)
  private static let continued = Atomic<Bool>(false)

  /// Lets writes to closed pipes and over file limits fail instead of killing the process.
  package static func ignoreOutputSignals() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Takes Ctrl-C, hang-up, termination and continuation as flags from now on.
  package static func catchInteractiveSignals() {
    install(SIGINT) { _ in Signals.interrupted.store(true, ordering: .relaxed) }
    install(SIGTERM) { _ in Signals.ended.store(true, ordering: .relaxed) }
    install(SIGHUP) { _ in Signals.ended.store(true, ordering: .relaxed) }
    install(SIGCONT) { _ in Signals.continued.store(true, ordering: .relaxed) }
  }

  private static func install(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void)
  {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    sigemptyset(&action.sa_mask)
    // Without SA_RESTART, so that poll returns.
    action.sa_flags = 0
    sigaction(number, &action, nil)
  }

  /// True once after each Ctrl-C.
  package static func takeInterrupt() -> Bool { interrupted.exchange(false, ordering: .relaxed) }

  /// True if Ctrl-C was pressed, or the end asked for, and nobody has taken it yet.
  package static var isInterrupted: Bool {
    interrupted.load(ordering: .relaxed) || ended.load(ordering: .relaxed)
  }

  /// True once the process was asked to end.
  package static var isEnding: Bool { ended.load(ordering: .relaxed) }

  /// Waits until Ctrl-C is pressed or the end is asked for.
  package static func waitForEnd() {
    while !isInterrupted { poll(nil, 0, 100) }
    _ = takeInterrupt()
  }

  static func takeContinuation() -> Bool { continued.exchange(false, ordering: .relaxed) }
}
