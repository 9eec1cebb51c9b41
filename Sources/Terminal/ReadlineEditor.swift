// SPDX-License-Identifier: GPL-3.0-or-later

@preconcurrency internal import CReadline
internal import Glibc
internal import Synchronization

/// GNU Readline: history with prefix search, completion with descriptions, bracketed paste.
///
/// There is one terminal, and Readline's callbacks carry no context, so there can be one editor at a
/// time; it is used by the main thread. It is never made where standard input is no terminal:
/// Readline would write control codes.
package final class ReadlineEditor: LineEditor {
  /// The ways to go on from a line with the cursor at a byte of it.
  package typealias Completer = (_ line: String, _ cursor: Int) -> CompletionList

  private let historyPath: String?
  private let profile: TerminalProfile
  private var lastRemembered: String?

  private static let historyLimit: Int32 = 1000

  /// - Parameters:
  ///   - profile: How the prompt may look.
  ///   - historyPath: Where lines are kept, mode 0600; nil keeps them in memory only.
  ///   - completer: Answers the Tab key; has to be quick and must not fail.
  package init(profile: TerminalProfile, historyPath: String?, completer: @escaping Completer) {
    self.profile = profile
    self.historyPath = historyPath
    EditorState.shared.completer = completer
    EditorState.shared.profile = profile
    rewind_readline_begin(attemptCompletion, displayMatches)
    using_history()
    stifle_history(Self.historyLimit)
    guard let historyPath else { return }
    // Made before Readline would make it, for nobody else's eyes.
    let file = open(historyPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if file >= 0 {
      fchmod(file, 0o600)
      close(file)
      read_history(historyPath)
    }
  }

  deinit {
    EditorState.shared.completer = nil
    if let historyPath {
      history_truncate_file(historyPath, Self.historyLimit)
      chmod(historyPath, 0o600)
    }
  }

  package func readLine(prompt: String, isCommand: Bool) -> LineReading {
    guard !Signals.isEnding else { return .endOfInput }
    EditorState.shared.reading = nil
    EditorState.shared.completes = isCommand
    _ = Signals.takeInterrupt()
    rl_callback_handler_install(shown(prompt), takeLine)
    var state = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    while true {
      if Signals.isEnding { return abandoned(.endOfInput) }
      if Signals.takeInterrupt() {
        rewind_go_to_end()
        rl_echo_signal_char(SIGINT)
        rl_free_line_state()
        rl_callback_sigcleanup()
        return abandoned(.interrupted)
      }
      if Signals.takeContinuation() {
        rl_reset_after_signal()
        rl_forced_update_display()
      }
      guard poll(&state, 1, -1) >= 0 else {
        guard errno == EINTR else { return abandoned(.endOfInput) }
        // The size of the window may be what changed.
        rl_check_signals()
        continue
      }
      rl_callback_read_char()
      if let reading = EditorState.shared.reading {
        if reading == .endOfInput { newLine() }
        return reading
      }
    }
  }

  package func remember(_ line: String) {
    guard !line.isEmpty, line != lastRemembered, line.utf8.count <= 1 << 16 else { return }
    lastRemembered = line
    add_history(line)
    if let historyPath { append_history(1, historyPath) }
  }

  private func abandoned(_ reading: LineReading) -> LineReading {
    rl_cleanup_after_signal()
    rl_callback_handler_remove()
    newLine()
    return reading
  }

  private func newLine() {
    rewind_print("\n")
    rewind_flush()
  }

  /// The prompt with its colour marked as taking no room.
  private func shown(_ prompt: String) -> String {
    profile.hasColour ? "\u{01}\u{1B}[1m\u{02}\(prompt)\u{01}\u{1B}[0m\u{02}" : prompt
  }
}

/// What the callbacks share with the editor.
///
/// `@unchecked Sendable`: Readline calls back on the thread that called it, which is the one that made
/// the editor, so nothing here is touched by two threads.
private final class EditorState: @unchecked Sendable {
  static let shared = EditorState()
  var completer: ReadlineEditor.Completer?
  var profile = TerminalProfile.plain
  var completes = true
  var reading: LineReading?
  /// The matches still to be handed to Readline.
  var pending: [String] = []
  /// The matches as the list shows them.
  var shown: [CompletionCandidate] = []
}

private func takeLine(_ line: UnsafeMutablePointer<CChar>?) {
  EditorState.shared.reading = line.map { .line(String(cString: $0)) } ?? .endOfInput
  free(line)
  // Otherwise the prompt would be drawn again at once.
  rl_callback_handler_remove()
}

private func attemptCompletion(
  _ word: UnsafePointer<CChar>?, _ start: Int32, _ end: Int32
) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
  let state = EditorState.shared
  rewind_completion_is_over(0)
  guard state.completes, let completer = state.completer, let word, let text = rewind_line() else {
    return nil
  }
  let line = String(cString: text)
  let bytes = Array(line.utf8)
  let list = completer(line, min(Int(end), bytes.count))
  let wordStart = Int(start)
  guard wordStart <= bytes.count, list.start <= bytes.count else { return nil }
  // Readline replaces its own word: what lies between the two beginnings is added or taken off.
  let kept =
    list.start > wordStart ? String(decoding: bytes[wordStart..<list.start], as: UTF8.self) : ""
  let taken = list.start < wordStart ? wordStart - list.start : 0
  state.shown = list.candidates
  state.pending = list.candidates.map { candidate in
    kept + String(decoding: Array(candidate.text.utf8.dropFirst(taken)), as: UTF8.self)
  }
  if list.candidates.count == 1, list.candidates[0].isFinal { rewind_completion_is_over(0x20) }
  return rl_completion_matches(word, nextMatch)
}

private func nextMatch(
  _ text: UnsafePointer<CChar>?, _ state: Int32
) -> UnsafeMutablePointer<CChar>? {
  guard !EditorState.shared.pending.isEmpty else { return nil }
  // Readline frees it, so it must come from malloc.
  return strdup(EditorState.shared.pending.removeFirst())
}

private func displayMatches(
  _ matches: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ count: Int32, _ longest: Int32
) {
  let columns = TerminalProfile.columnsNow() ?? 80
  let lines = CompletionTable.lines(EditorState.shared.shown, columns: columns)
  rewind_print("\n" + lines.map { $0 + "\n" }.joined())
  rl_forced_update_display()
}
