// SPDX-License-Identifier: GPL-3.0-or-later

import CommandLanguage
import Documents
import Simulation
import StateStore
import Terminal

extension Console {
  /// `undo`, `undo 3`, `undo NAME`.
  func undo(_ call: Call) throws -> Int32 {
    let session = try world()
    try labDesk.checkUndo(session)
    let asked = try call.onlyArgument()
    if let asked, !asked.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      try session.undo(to: asked)
      say("Back at the mark \(plain(asked)). \"redo\" goes forward again.")
    } else {
      try undo(asked.map { Int($0) ?? .max } ?? 1, in: session, call)
    }
    say("The clock is back at \(session.now.promptText).")
    try noticeLab()
    return 0
  }

  private func undo(_ count: Int, in session: Session, _ call: Call) throws {
    guard count >= 1 else { throw call.misuse("The number of changes to undo is 1 or more.") }
    let back = ChangeSteps(session).back
    guard count <= back.count else {
      throw HistoryRefusal.nothingToUndo(
        asked: count, available: back.count, inFork: session.isFork)
    }
    let undone = session.log.filter { $0.standing == .inEffect && $0.isLearnersChange }
    try session.undo(back[count - 1])
    if count == 1, let last = undone.last {
      tell(plain(last.text), first: "Undone: ", rest: "        ")
    } else {
      say("Undone: \(counted(count, "change")).")
    }
  }

  /// `redo`, `redo 3`.
  func redo(_ call: Call) throws -> Int32 {
    let session = try world()
    let count = try call.onlyArgument().map { Int($0) ?? .max } ?? 1
    guard count >= 1 else {
      throw call.misuse("The number of changes to do again is 1 or more.")
    }
    let forward = ChangeSteps(session).forward
    guard count <= forward.count else {
      throw HistoryRefusal.nothingToRedo(asked: count, available: forward.count)
    }
    try session.redo(forward[count - 1])
    say("Done again. The clock is at \(session.now.promptText).")
    try noticeLab()
    return 0
  }

  /// `mark NAME`; `mark` alone lists them.
  func mark(_ call: Call) throws -> Int32 {
    let session = try world()
    guard let name = try call.onlyArgument() else {
      let marks = session.status.marks
      if settings.printsJSON {
        answer(.array(marks.map(Document.string)))
      } else if marks.isEmpty {
        say("No state has a name yet. \"mark NAME\" gives this one a name.")
      } else {
        for mark in marks { say("  \(plain(mark))") }
      }
      return 0
    }
    guard Self.isMarkName(name) else {
      throw call.misuse("A mark's name begins with a letter and holds letters, digits, - and _.")
    }
    try session.mark(name)
    say("This state is \(name). \"undo \(name)\" comes back to it.")
    return 0
  }

  private static func isMarkName(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    func isLetter(_ byte: UInt8) -> Bool {
      (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
    guard let first = bytes.first, isLetter(first), bytes.count <= 64 else { return false }
    return bytes.allSatisfy {
      isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
        || $0 == UInt8(ascii: "_")
    }
  }

  /// `what-if`: a branch to try something on.
  func whatIf(_ call: Call) throws -> Int32 {
    try call.takesNothing()
    try world().fork()
    say("What if: everything from here on can be thrown away.")
    say("\"keep\" makes it real, \"discard\" goes back to \(try world().now.promptText).")
    return 0
  }

  /// `keep`: the branch becomes the state.
  func keep(_ call: Call) throws -> Int32 {
    try call.takesNothing()
    try world().keep()
    say("Kept. This is the state now.")
    try noticeLab()
    return 0
  }

  /// `discard`: back to where the branch began.
  func discard(_ call: Call) throws -> Int32 {
    try call.takesNothing()
    let session = try world()
    let before = session.log.filter { $0.standing == .discarded && $0.isChange }.count
    try session.discard()
    let count = session.log.filter { $0.standing == .discarded && $0.isChange }.count - before
    say("Discarded \(counted(count, "change")). The clock is back at \(session.now.promptText).")
    try noticeLab()
    return 0
  }

  /// `log`, `log N`: what was typed, newest last.
  func log(_ call: Call) throws -> Int32 {
    let session = try world()
    var limit = profile.isInteractive ? 20 : Int.max
    if let text = try call.onlyArgument() {
      guard let number = Int(text), number >= 1 else {
        throw call.misuse("\"\(text)\" is no count.")
      }
      limit = number
    }
    let entries = session.log
    let shown = zip(entries, session.standings).suffix(limit)
    if settings.printsJSON {
      for (entry, standing) in shown {
        out.write(Self.document(of: entry, standing).json(.compact) + "\n")
      }
      return 0
    }
    guard !entries.isEmpty else {
      say("Nothing was done here yet.")
      return 0
    }
    if shown.count < entries.count {
      say("  … \(counted(entries.count - shown.count, "earlier line")); \"log 1000\" shows more")
    }
    for (entry, standing) in shown { say(Self.line(of: entry, standing)) }
    say("")
    say("  + changed something   ! refused   ~ undone   / discarded")
    return 0
  }

  private static func line(of entry: LogEntry, _ standing: LogEntry.Standing) -> String {
    let mark: String =
      switch standing {
      case .undone: "~"
      case .discarded: "/"
      case .inEffect: entry.status != 0 ? "!" : entry.isLearnersChange ? "+" : " "
      }
    let door = entry.door.map { " (\($0))" } ?? ""
    let text = plain(entry.text.split(separator: "\n").joined(separator: " "))
    return "\(mark) \(entry.instant.rfc3339)  \(text)\(plain(door))"
  }

  private static func document(
    of entry: LogEntry, _ standing: LogEntry.Standing
  ) -> Document {
    [
      "at": .string(entry.instant.rfc3339Milliseconds), "text": .string(entry.text),
      "status": .integer(Int64(entry.status)), "standing": .string(standing.rawValue),
      "door": entry.door.map(Document.string) ?? .null, "change": .bool(entry.isChange),
      "requests": .array(
        entry.requests.map { request in
          [
            "service": .string(request.service), "operation": .string(request.operation),
            "refusal": request.refusal.map(Document.string) ?? .null,
          ]
        }),
    ]
  }

  // MARK: Names

  /// Gives a name a value, kept with the world and written in its log.
  func setVariable(_ name: String, to value: String, typed: String) throws {
    let session = try world()
    try inCommand(session, typed) { try session.setVariable(name, to: value) }
  }

  /// The names set at the prompt, wherever the world is open.
  func variables() throws -> [String: String] {
    try atWorld({ try $0.variables() }, here: { try world().variables })
  }

  /// `variables`: the names set here.
  func variables(_ call: Call) throws -> Int32 {
    try call.takesNothing()
    let variables = try self.variables().filter { !Configuration.isSetting($0.key) }.sorted {
      $0.key < $1.key
    }
    if settings.printsJSON {
      answer(Document(members: variables.map { ($0.key, .string($0.value)) }))
    } else if variables.isEmpty {
      say("No name has a value. NAME=$(aws … --output text) keeps an answer.")
    } else {
      for (name, value) in variables { say("\(plain(name))=\(plain(value))") }
    }
    return 0
  }

  /// `unset NAME`.
  func unset(_ call: Call) throws -> Int32 {
    guard let name = try call.onlyArgument() else { throw call.misuse() }
    let session = try world()
    guard session.variables[name] != nil else {
      throw PromptRefusal("\(plain(name)) has no value.", status: 1)
    }
    try inCommand(session, call.typed) { try session.setVariable(name, to: nil) }
    return 0
  }
}
