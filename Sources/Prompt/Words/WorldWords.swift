// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import StateStore

extension Console {
  /// What may follow `world`.
  static let worldActions = ["copy", "export", "import", "list", "remove", "use"]

  /// `world`, `world list|use|copy|remove|export|import`.
  func worlds(_ call: Call) throws -> Int32 {
    let arguments = Array(call.arguments.dropFirst())
    func take(_ counts: ClosedRange<Int>, _ usage: String) throws {
      guard counts.contains(arguments.count) else { throw PromptRefusal.usage(usage) }
    }
    switch call.arguments.first {
    case nil, "list":
      try take(0...0, "world list")
      try listWorlds()
    case "use":
      try take(1...1, "world use NAME")
      try useWorld(arguments[0])
    case "copy":
      try take(2...2, "world copy NAME NEW")
      try closeWorld()
      try learner.copyWorld(arguments[0], to: arguments[1])
      done("Copied \(arguments[0]) to \(arguments[1]).", ["copied": .string(arguments[1])])
    case "remove":
      try take(1...1, "world remove NAME")
      try learner.removeWorld(arguments[0])
      done("Removed \(arguments[0]).", ["removed": .string(arguments[0])])
    case "export":
      try take(1...2, "world export FILE [NAME]")
      try exportWorld(to: arguments[0], name: arguments.count == 2 ? arguments[1] : nil)
    case "import":
      try take(1...2, "world import FILE [NAME]")
      try importWorld(from: arguments[0], name: arguments.count == 2 ? arguments[1] : nil)
    default:
      throw call.misuse("\(plain(call.arguments.first ?? "")) is nothing that world does.")
    }
    return 0
  }

  private func done(_ line: String, _ document: Document) {
    if settings.printsJSON { answer(document) } else { say(plain(line)) }
  }

  private func listWorlds() throws {
    let worlds = try learner.worldSummaries()
    if settings.printsJSON {
      return answer(
        .array(
          worlds.map {
            [
              "name": .string($0.name), "entries": .integer($0.entries),
              "bytes": .integer($0.byteCount), "current": .bool($0.isCurrent),
            ]
          }))
    }
    guard !worlds.isEmpty else {
      return say("There are no worlds yet; the first command makes one.")
    }
    table(
      worlds.map { world in
        [
          world.isCurrent ? "*" : " ", plain(world.name),
          counted(Int(world.entries), "entry", "entries"), "\(grouped(world.byteCount)) bytes",
        ]
      }, right: [2, 3], indent: 1)
  }

  private func useWorld(_ name: String) throws {
    // The sandbox is there whenever somebody comes to it.
    if name != LearnerFolder.sandbox { _ = try learner.existingWorld(name) }
    try closeWorld()
    try learner.setCurrentWorld(name)
    done("This is \(name).", ["current": .string(name)])
    try noticeLab()
  }

  private func exportWorld(to file: String, name: String?) throws {
    let name = try name ?? currentWorldID()
    try closeWorld()
    let count = try learner.exportWorld(name, to: hostPath(file))
    done(
      "Wrote \(name) to \(file): \(grouped(Int64(count))) bytes.",
      ["exported": .string(name), "file": .string(file), "bytes": .integer(Int64(count))])
  }

  private func importWorld(from file: String, name: String?) throws {
    let base = file.split(separator: "/").last?.split(separator: ".").first.map(String.init)
    guard let name = name ?? base, (try? learner.world(name)) != nil else {
      throw PromptRefusal.usage(
        "world import FILE NAME",
        because: "A world's name is 1 to 64 of the characters a-z, 0-9 and -.")
    }
    let path = hostPath(file)
    do {
      try learner.importWorld(
        from: path, as: name, engineVersion: EngineVersion.current, makeCloud: StartCloud.make)
    } catch StateError.damaged(path, let what) {
      throw PromptRefusal(
        "\(plain(file)) is damaged: \(plain(what)).",
        advice: "Nothing was changed; export the world again.", status: StateError.exitStatus)
    }
    done(
      "Made the world \(name) of \(file); \"world use \(name)\" goes there.",
      ["imported": .string(name), "file": .string(file)])
  }

  /// A path as typed, its leading `~/` for the home folder.
  private func hostPath(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = settings.environment["HOME"] else { return path }
    return home + path.dropFirst()
  }
}

extension PromptRefusal {
  /// A refused word on worlds, in words.
  init(_ refusal: WorldRefusal) {
    switch refusal {
    case .noSuchWorld(let name, let known):
      self.init(
        "There is no world \(plain(name)).",
        advice: known.isEmpty
          ? "There are none yet." : "There is \(plain(known.joined(separator: ", "))).", status: 2)
    case .nameTaken(let name):
      self.init(
        "There is a world \(plain(name)) already. Nothing was changed.",
        advice: "Choose another name.", status: 2)
    case .fileExists(let path):
      self.init(
        "\(plain(path)) is there already, and nothing is written over it.",
        advice: "Choose another name.", status: 2)
    case .noSuchFile(let path): self.init("There is no file \(plain(path)).", status: 2)
    case .inUse(let name):
      self.init(
        "\(plain(name)) is the world that words act on. Nothing was changed.",
        advice: "\"world use NAME\" goes to another one first.", status: 2)
    }
  }
}
