// SPDX-License-Identifier: GPL-3.0-or-later

import CommandLanguage
import Documents
import Simulation
import StateStore
import Terminal

/// The world as this process has it when another one owns it.
final class HeldWorld {
  let folder: WorldFolder
  private let link: OwnerLink

  init(_ folder: WorldFolder, _ link: OwnerLink) {
    self.folder = folder
    self.link = link
  }

  /// `process 4242`.
  var owner: String { link.owner }

  /// Where it stands.
  ///
  /// - Throws: `OwnerHasLeft`; `.heldByAnother` for an owner that does not answer.
  func look() throws -> WorldLook { WorldLook(try ask("look")) }

  /// The names set at its prompts.
  ///
  /// - Throws: As `look`.
  func variables() throws -> [String: String] {
    let members = try ask("variables").object ?? [:]
    return Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value.string ?? "") })
  }

  /// What may stand at the cursor.
  ///
  /// - Throws: As `look`.
  func completions(_ line: String, at cursor: Int) throws -> CompletionList {
    CompletionList(
      try ask("complete", [("line", .string(line)), ("cursor", .integer(Int64(cursor)))]))
  }

  /// Asks the owner for something that changes nothing.
  private func ask(_ kind: String, _ members: [(String, Document)] = []) throws -> Document {
    do throws(OwnerLinkFailure) {
      let request = OwnerMessage(Document(members: [("kind", .string(kind))] + members))
      guard let answer = try link.ask(request) else { throw OwnerLinkFailure.gone }
      return answer.body
    } catch {
      throw error == .silent ? silence : OwnerHasLeft()
    }
  }

  /// Has a line run by the owner.
  ///
  /// - Throws: `OwnerHasLeft` if it was not begun; a refusal if nobody knows whether it was done.
  func run(
    _ request: OwnerMessage, wantsToStop: () -> Bool
  ) throws -> OwnerMessage {
    let answer: OwnerMessage?
    do throws(OwnerLinkFailure) {
      answer = try link.ask(request, wantsToStop: wantsToStop)
    } catch {
      if error == .silent { throw silence }
      throw PromptRefusal(
        "The owner of \(folder.id), \(owner), ended before it answered.",
        advice: "\"log\" shows whether it was done.", status: StateError.exitStatus)
    }
    guard let answer else { throw OwnerHasLeft() }
    return answer
  }

  private var silence: any Error {
    StateError.heldByAnother(path: folder.lockPath, owner: "\(owner), which does not answer")
  }
}

/// Where a world stands, for another process's prompt and start screen.
struct WorldLook {
  var prompt: String
  /// The virtual clock as prompts show it.
  var now: String
  /// The id of the lab that runs in it.
  var lab: String?
  var isFork: Bool
}

extension WorldLook {
  var document: Document {
    [
      "prompt": .string(prompt), "now": .string(now),
      "lab": lab.map(Document.string) ?? .null, "isFork": .bool(isFork),
    ]
  }

  init(_ document: Document) {
    self.init(
      prompt: document["prompt"]?.string ?? "rewind> ", now: document["now"]?.string ?? "",
      lab: document["lab"]?.string, isFork: document["isFork"]?.bool ?? false)
  }
}

/// The owner has closed the world: whoever needs it opens it again, and may be the next owner.
struct OwnerHasLeft: Error {}

/// Opening the world found that another process owns it; `Console.held` is the way to it.
struct HeldElsewhere: Error {
  let world: String
  let owner: String
}

extension Console {
  /// Does something with the world, here if this process owns it, or else at its owner's.
  ///
  /// - Parameters:
  ///   - there: Asks the owner.
  ///   - here: Has the session alone; `world()` opens it if need be.
  /// - Returns: What they return.
  /// - Throws: What they throw.
  func atWorld<T>(_ there: (HeldWorld) throws -> T, here: () throws -> T) throws -> T {
    defer { listen() }
    // An owner that leaves may be followed by another one, but hardly again and again.
    for _ in 0..<8 {
      do {
        guard let held else { return try inTurn(here) }
        return try there(held)
      } catch is HeldElsewhere where held != nil {
        continue
      } catch let left as OwnerHasLeft {
        guard held != nil else { throw left }
        letGo()
      }
    }
    throw StateError.heldByAnother(
      path: try learner.world(currentWorldID()).lockPath, owner: "one process after the other")
  }

  /// Has a line run by the world's owner, and writes what it answered.
  func send(_ line: RemoteLine, to held: HeldWorld) throws -> Int32 {
    var files: [(path: String, content: Result<[UInt8], FileFailure>)] = []
    while true {
      let answer = try held.run(message(line, files), wantsToStop: interruption.take)
      guard let missing = answer.body["missing"]?.array?.compactMap(\.string) else {
        return try write(answer)
      }
      for path in missing {
        guard files.count < RequestFiles.limit else {
          throw PromptRefusal(
            "A line can name \(RequestFiles.limit) files where another process has the world.",
            status: 2)
        }
        files.append((path, Result { () throws(FileFailure) in try readFile(path) }))
      }
    }
  }

  private func message(
    _ line: RemoteLine, _ files: [(path: String, content: Result<[UInt8], FileFailure>)]
  ) -> OwnerMessage {
    let described = files.map { file -> Document in
      switch file.content {
      case .success: ["path": .string(file.path)]
      case .failure(let failure): ["path": .string(file.path), "failure": failure.document]
      }
    }
    return OwnerMessage(
      line.document.with("columns", .integer(Int64(columns))).with("files", .array(described)),
      parts: files.map { (try? $0.content.get()) ?? [] })
  }

  private func write(_ answer: OwnerMessage) throws -> Int32 {
    for (kind, bytes) in zip(answer.body["written"]?.array ?? [], answer.parts) {
      let channel = kind.string == "err" ? err : out
      channel.write(bytes: bytes)
      // In the order in which it was written there; what fails is thrown by the next flush.
      try? channel.flush()
    }
    if answer.body["leaves"]?.bool == true { isLeaving = true }
    return Int32(clamping: answer.body["status"]?.integer ?? Int64(StateError.exitStatus))
  }

  /// Where the world of this process stands.
  func look() throws -> WorldLook {
    let session = try world()
    return WorldLook(
      prompt: try promptText(), now: session.now.promptText, lab: labDesk.title(session),
      isFork: session.isFork)
  }
}
