// SPDX-License-Identifier: GPL-3.0-or-later

/// Moving between states.
extension Session {
  /// Takes back the last steps, clock and identifiers included.
  ///
  /// - Throws: `HistoryRefusal`, `StateError`.
  package func undo(_ count: Int = 1) throws {
    try change(.undo(to: timeline.undoTarget(count: count), mark: nil))
  }

  /// Goes back to a marked state.
  ///
  /// - Throws: `HistoryRefusal`, `StateError`.
  package func undo(to name: String) throws {
    try change(.undo(to: timeline.undoTarget(mark: name), mark: name))
  }

  /// Does undone steps again.
  ///
  /// - Throws: `HistoryRefusal`, `StateError`.
  package func redo(_ count: Int = 1) throws {
    try timeline.checkRedo(count: count)
    try change(.redo(count: count))
  }

  /// Names the present state; a name used before moves here.
  package func mark(_ name: String) throws(StateError) { try change(.mark(name)) }

  /// Goes back to the start of the world, as a step that can be undone.
  package func reset() throws(StateError) { try change(.reset) }

  /// Begins a what-if.
  ///
  /// - Throws: `HistoryRefusal.alreadyForked`, `StateError`.
  package func fork() throws {
    try timeline.checkFork()
    try change(.fork)
  }

  /// Makes the what-if the state.
  ///
  /// - Throws: `HistoryRefusal.notForked`, `StateError`.
  package func keep() throws {
    try timeline.checkForked()
    try change(.keep)
  }

  /// Gives the what-if up.
  ///
  /// - Throws: `HistoryRefusal.notForked`, `StateError`.
  package func discard() throws {
    try timeline.checkForked()
    try change(.discard)
  }
}
