// SPDX-License-Identifier: GPL-3.0-or-later

import CommandLanguage
import StateStore
package import Terminal

extension Console {
  /// What may stand at the cursor: `aws` commands, words of the prompt, names of the open world.
  ///
  /// It never opens a world and never fails.
  package func completions(_ line: String, at cursor: Int) -> CompletionList {
    if let held {
      let found = try? held.completions(line, at: cursor)
      return found ?? CompletionList(start: cursor, candidates: [])
    }
    let list = try? inTurn { completionsHere(line, at: cursor) }
    return list ?? CompletionList(start: cursor, candidates: [])
  }

  private func completionsHere(_ line: String, at cursor: Int) -> CompletionList {
    let open = session
    let settings = settings
    var live = LiveNames()
    if let open {
      live = LiveWorld(open.cloud, defaultProfile(open), caller: caller(open)).names
      live.profiles = context(open, settings: [], looksUpNames: false).profileNames
    }
    let names = (open?.variables ?? [:]).keys.filter { !Configuration.isSetting($0) }.sorted()
    let completer = Completer(
      words: WordTable.all.filter(\.isBuilt).map { ($0.name, $0.summary) }, live: live,
      variables: names,
      files: { folder in
        HostFile.names(
          in: folder, home: settings.environment["HOME"], below: settings.workingDirectory)
      })
    let start = Self.wordStart(line, cursor: cursor)
    var found = completer.completions(for: line, at: cursor)
    if found.isEmpty { found = wordArguments(line, cursor: cursor, tables: live.tables) }
    return CompletionList(
      start: start,
      candidates: found.prefix(500).map {
        CompletionCandidate(text: $0.text, description: $0.description, isFinal: $0.isFinal)
      })
  }

  /// What may follow a word of the prompt.
  private func wordArguments(_ line: String, cursor: Int, tables: [String]) -> [Completion] {
    let before = String(decoding: line.utf8.prefix(cursor), as: UTF8.self)
    let words = before.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 2, let typed = words.last else { return [] }
    let choices: [String]
    switch words[0] {
    case "timeline", "bill", "events": choices = tables
    case "help": choices = ["all", "aws"] + WordTable.all.filter(\.isBuilt).map(\.name)
    case "undo": choices = session?.status.marks ?? []
    case "unset": choices = (session?.variables ?? [:]).keys.sorted()
    case "lab": choices = labDesk.names(self)
    case "world": choices = Self.worldActions
    default: choices = []
    }
    return choices.filter { $0.utf8.starts(with: typed.utf8) }.map { Completion(text: $0) }
  }

  /// The byte where the word at the cursor begins: after a blank, `$(`, or the quote it stands in.
  static func wordStart(_ line: String, cursor: Int) -> Int {
    let bytes = Array(line.utf8.prefix(cursor))
    var start = 0
    var quote: UInt8?
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\\") {
        index += 1
      } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        quote = byte
        if start == index - 1 { start = index }
      } else if byte == 0x20 || byte == 0x09 || byte == 0x0A {
        start = index
      } else if byte == UInt8(ascii: "("), index >= 2, bytes[index - 2] == UInt8(ascii: "$") {
        start = index
      }
    }
    return min(start, bytes.count)
  }
}
