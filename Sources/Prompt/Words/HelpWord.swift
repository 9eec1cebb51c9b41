// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation
import StateStore
import Terminal

extension Console {
  /// `help`, `help all`, `help WORD`.
  func help(_ call: Call) throws -> Int32 {
    guard let name = try call.onlyArgument() else { return try helpFirst() }
    if name == "all" { return helpAll() }
    if name == "aws" {
      tell(
        "aws SERVICE OPERATION …: the AWS CLI's commands, version 2. \"aws help\" lists services, "
          + "\"aws dynamodb help\" operations, \"aws dynamodb create-backup help\" options. Tab completes."
      )
      return 0
    }
    guard let word = WordTable.word(name) else { throw WordTable.unknown(name) }
    return help(about: word)
  }

  /// `help WORD`, and `WORD --help`.
  func help(about word: Word) -> Int32 {
    say(word.usage)
    tell(word.summary + ".", first: "  ")
    if !word.details.isEmpty { tell(word.details, first: "  ") }
    if !word.aliases.isEmpty { tell("Also: \(word.aliases.joined(separator: ", "))", first: "  ") }
    return 0
  }

  private func helpFirst() throws -> Int32 {
    let isInLab = try isInLab()
    say("aws SERVICE OPERATION …   the AWS CLI; Tab completes")
    list((isInLab ? WordTable.firstInLab : WordTable.first).compactMap(WordTable.word))
    say()
    tell("\"help all\" shows every word, \"help WORD\" says more about one.")
    return 0
  }

  /// Whether the open world is a lab's; it is not opened to find out.
  private func isInLab() throws -> Bool {
    guard owned != nil || held != nil else { return false }
    return try atWorld(
      { try $0.look().lab != nil },
      here: { session.map { labDesk.title($0) != nil } ?? false })
  }

  private func helpAll() -> Int32 {
    say("aws SERVICE OPERATION …   the AWS CLI; Tab completes")
    for group in Word.Group.allCases {
      let words = WordTable.all.filter { $0.group == group && $0.isBuilt }
      guard !words.isEmpty else { continue }
      say()
      say(profile.styled(group.rawValue, .bold))
      list(words)
    }
    let missing = WordTable.all.filter { !$0.isBuilt }.map(\.name)
    if !missing.isEmpty {
      say()
      tell("Not built yet: \(missing.joined(separator: ", ")).")
    }
    say()
    tell(
      "NAME=value and NAME=$(aws … --output text) set names, $NAME uses them. "
        + "export AWS_REGION=… chooses another Region, AWS_PROFILE=… another account or role; "
        + "aws configure set keeps such settings with the world. \\ continues a line, # begins a comment."
    )
    tell("Ctrl-C clears the line, Ctrl-D leaves, Ctrl-R searches, Up finds lines that begin so.")
    return 0
  }

  private func list(_ words: [Word]) {
    let widest = words.map { TerminalText.width($0.usage) }.max() ?? 0
    let room = min(widest, 26)
    for word in words {
      let head = "  " + TerminalText.padded(word.usage, to: room) + "  "
      if TerminalText.width(word.usage) > room {
        say("  " + word.usage)
        tell(word.summary, first: String(repeating: " ", count: room + 4))
      } else {
        tell(word.summary, first: head)
      }
    }
  }

  /// Leaves; everything was saved before.
  func quit(_ call: Call) throws -> Int32 {
    try call.takesNothing()
    isLeaving = true
    return 0
  }
}
