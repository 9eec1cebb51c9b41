// SPDX-License-Identifier: GPL-3.0-or-later

import Terminal

extension Console {
  /// The steps of the tour: what to say, and a command to type.
  private static let steps: [(text: String, command: String)] = [
    (
      "Commands are the AWS CLI's. Type a few letters and press Tab: services, operations and options "
        + "complete, required options first.",
      "aws dynamodb list-tables"
    ),
    (
      "Time is virtual. Nothing happens while you think; an accepted command takes a second, and you "
        + "can move the clock. \"wait\" goes to the end of what is under way.",
      "time +5m"
    ),
    (
      "Anything can be taken back, clock and all. \"what-if\" opens a branch to try something on: "
        + "\"keep\" makes it real, \"discard\" throws it away.",
      "undo"
    ),
    (
      "\"status\" shows where you are, \"timeline TABLE\" draws what can be restored, \"bill\" what it "
        + "costs. \"log\" shows what you typed.",
      "status"
    ),
    (
      "NAME=$(aws … --output text) keeps an answer, $NAME uses it. Up finds earlier lines that begin "
        + "as you typed, Ctrl-R searches, Ctrl-C clears the line, Ctrl-D leaves. All is saved as you go.",
      "lab"
    ),
  ]

  /// `tour`: what the keys do, a page at a time.
  func tour(_ call: Call) throws -> Int32 {
    try call.takesNothing()
    for (index, step) in Self.steps.enumerated() {
      say(profile.styled("\(index + 1) of \(Self.steps.count)", .dim))
      tell(step.text, first: "  ")
      say("      " + profile.styled(step.command, .bold))
      guard profile.isInteractive, index < Self.steps.count - 1 else { continue }
      try flush()
      switch lines.readLine(prompt: "Enter goes on, q leaves> ", isCommand: false) {
      case .line(let text) where text.hasPrefix("q"): return 0
      case .line: say()
      case .interrupted, .endOfInput: return 0
      }
    }
    say()
    tell("That was the tour. \"lab\" lists things to do, \"help\" the words.")
    return 0
  }
}
