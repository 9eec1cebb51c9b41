// SPDX-License-Identifier: GPL-3.0-or-later

import CommandLanguage
import Documents
import Terminal

/// A line on its way to the process that owns the world: read here, its names replaced, run there.
enum RemoteLine: Hashable {
  case command([String], settings: [Line.Setting], typed: String)
  case assign(Line.Setting, typed: String)
  case capture(name: String, command: [String], typed: String)
}

extension RemoteLine {
  var document: Document {
    switch self {
    case .command(let words, let settings, let typed):
      [
        "kind": "command", "words": .array(words.map(Document.string)),
        "settings": .array(settings.map { [.string($0.name), .string($0.value)] }),
        "typed": .string(typed),
      ]
    case .assign(let setting, let typed):
      [
        "kind": "assign", "name": .string(setting.name), "value": .string(setting.value),
        "typed": .string(typed),
      ]
    case .capture(let name, let command, let typed):
      [
        "kind": "capture", "name": .string(name), "words": .array(command.map(Document.string)),
        "typed": .string(typed),
      ]
    }
  }

  /// Reads what another process sent; nil for what is no line.
  init?(_ document: Document) {
    guard let typed = document["typed"]?.string else { return nil }
    let name = document["name"]?.string
    let words = Self.texts(document["words"])
    switch document["kind"]?.string {
    case "command":
      guard let words, let pairs = document["settings"]?.array else { return nil }
      let settings = pairs.compactMap { pair -> Line.Setting? in
        guard let name = pair[0]?.string, let value = pair[1]?.string else { return nil }
        return Line.Setting(name: name, value: value)
      }
      guard settings.count == pairs.count else { return nil }
      self = .command(words, settings: settings, typed: typed)
    case "assign":
      guard let name, let value = document["value"]?.string else { return nil }
      self = .assign(Line.Setting(name: name, value: value), typed: typed)
    case "capture":
      guard let name, let words else { return nil }
      self = .capture(name: name, command: words, typed: typed)
    default: return nil
    }
  }

  private static func texts(_ document: Document?) -> [String]? {
    guard let array = document?.array else { return nil }
    let texts = array.compactMap(\.string)
    return texts.count == array.count ? texts : nil
  }
}

/// What a process says of itself to the owner: how its answers shall look, and where its files are.
struct GuestHello {
  /// Processes of another number do not understand each other.
  static let protocolVersion: Int64 = 1

  var settings: ConsoleSettings
  var profile: TerminalProfile

  var document: Document {
    [
      "rewind": .integer(Self.protocolVersion), "json": .bool(settings.printsJSON),
      "coaches": .bool(settings.coaches),
      "content": settings.contentPath.map(Document.string) ?? .null,
      "folder": .string(settings.workingDirectory),
      "environment": Document(
        members: settings.environment.filter { Self.isSent($0.key) }.sorted { $0.key < $1.key }
          .map { ($0.key, .string($0.value)) }),
      "terminal": [
        "interactive": .bool(profile.isInteractive), "shown": .bool(profile.showsOnTerminal),
        "colour": .bool(profile.hasColour), "unicode": .bool(profile.hasUnicode),
        "columns": .integer(Int64(profile.columns)),
      ],
    ]
  }

  /// What words of the world look at; nobody's keys among it.
  private static func isSent(_ name: String) -> Bool {
    ["HOME", "REWIND_NOW", "REWIND_CONTENT"].contains(name)
  }

  init(_ settings: ConsoleSettings, _ profile: TerminalProfile) {
    self.settings = settings
    self.profile = profile
  }

  /// Reads what another process said; nil for one of another protocol.
  init?(_ document: Document) {
    guard document["rewind"]?.integer == Self.protocolVersion,
      let environment = document["environment"]?.object, let terminal = document["terminal"],
      let columns = terminal["columns"]?.integer
    else { return nil }
    settings = ConsoleSettings(environment: [:])
    for (name, value) in environment { settings.environment[name] = value.string }
    settings.printsJSON = document["json"]?.bool ?? false
    settings.coaches = document["coaches"]?.bool ?? false
    settings.contentPath = document["content"]?.string
    settings.workingDirectory = document["folder"]?.string ?? "/"
    profile = TerminalProfile(
      isInteractive: terminal["interactive"]?.bool ?? false,
      showsOnTerminal: terminal["shown"]?.bool ?? false,
      hasColour: terminal["colour"]?.bool ?? false,
      hasUnicode: terminal["unicode"]?.bool ?? false, columns: Self.columns(columns))
  }

  /// As many columns as a line can sensibly have.
  static func columns(_ count: Int64) -> Int {
    Int(min(max(count, Int64(TerminalProfile.leastColumns)), 10_000))
  }
}
