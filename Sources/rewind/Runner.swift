// SPDX-License-Identifier: GPL-3.0-or-later

import Glibc
import Prompt
import StateStore
import Terminal

/// A console wired to this process's descriptors.
struct Runner {
  let console: Console

  init(_ globals: Globals, _ environment: [String: String], coaches: Bool = true) throws {
    var settings = try globals.settings(environment: environment)
    settings.coaches = coaches
    let profile = TerminalProfile.current(environment: environment, allowsColour: !globals.noColor)
    console = try Console(
      settings: settings, profile: profile, lines: PlainLines(descriptor: STDIN_FILENO),
      out: OutputChannel(descriptor: STDOUT_FILENO), err: OutputChannel(descriptor: STDERR_FILENO))
  }

  /// The prompt for a person, or the lines of a pipe.
  func runPrompt() throws -> Int32 {
    guard console.profile.isInteractive else { return console.runLines() }
    try prepareTerminal()
    return console.runPrompt()
  }

  /// One word of the prompt, with what it may ask for.
  func runWords(_ words: [String]) throws -> Int32 {
    if console.profile.isInteractive, ["quiz", "exam", "tour", "review"].contains(words.first) {
      try prepareTerminal()
    }
    return console.runWords(words)
  }

  private func prepareTerminal() throws {
    Signals.catchInteractiveSignals()
    try console.learner.make()
    let console = console
    console.lines = ReadlineEditor(
      profile: console.profile, historyPath: console.learner.path + "/history"
    ) { [unowned console] line, cursor in
      console.completions(line, at: cursor)
    }
  }
}
