// SPDX-License-Identifier: GPL-3.0-or-later

import CommandLanguage
import Documents
import StateStore
import Terminal

/// Another process at the world that this one owns: its lines are run here, by a console that writes what
/// they answer into a message and looks like that process in everything else.
final class Guest: OwnerGuest {
  private let world: OwnedWorld
  private let learner: LearnerFolder
  private var console: Console?
  /// What was written since the last answer, in order.
  private let written = Written()

  private final class Written {
    var kinds: [Document] = []
    var parts: [[UInt8]] = []

    func add(_ kind: Document, _ bytes: [UInt8]) {
      kinds.append(kind)
      parts.append(bytes)
    }

    func clear() { (kinds, parts) = ([], []) }
  }

  init(_ world: OwnedWorld, _ learner: LearnerFolder) {
    self.world = world
    self.learner = learner
  }

  func welcome(_ hello: Document) -> Document? {
    guard let hello = GuestHello(hello) else { return nil }
    let written = written
    console = Console(
      guestOf: world, learner, settings: hello.settings, profile: hello.profile,
      out: OutputChannel { written.add("out", $0) }, err: OutputChannel { written.add("err", $0) })
    return ["rewind": .integer(GuestHello.protocolVersion)]
  }

  func answer(_ request: OwnerMessage, isGivenUp: @escaping @Sendable () -> Bool) -> OwnerMessage? {
    guard let console else { return nil }
    console.interruption = Interruption(
      isRaised: { Signals.isEnding || isGivenUp() }, take: isGivenUp)
    if let columns = request.body["columns"]?.integer {
      console.profile.columns = GuestHello.columns(columns)
    }
    do {
      switch request.body["kind"]?.string {
      case "look": return try OwnerMessage(console.inTurn { try console.look().document })
      case "variables":
        return try OwnerMessage(
          console.inTurn {
            Document(members: world.session.variables.map { ($0.key, .string($0.value)) })
          })
      case "complete":
        return OwnerMessage(
          console.completions(
            request.body["line"]?.string ?? "", at: Int(request.body["cursor"]?.integer ?? 0)
          ).document)
      default:
        guard let line = RemoteLine(request.body) else { return nil }
        return try run(line, request, in: console)
      }
    } catch {
      return nil
    }
  }

  /// Runs a line in a turn of its own.
  ///
  /// - Throws: `WorldIsClosed`.
  private func run(
    _ line: RemoteLine, _ request: OwnerMessage, in console: Console
  ) throws -> OwnerMessage {
    written.clear()
    console.files = RequestFiles(Self.files(request))
    var missing: [String] = []
    var isClosed = false
    let status = console.perform {
      do {
        return try console.inTurn { try console.run(line) }
      } catch let error as MissingFiles {
        missing = error.paths
      } catch is WorldIsClosed {
        isClosed = true
      }
      return 0
    }
    if isClosed { throw WorldIsClosed() }
    if !missing.isEmpty {
      return OwnerMessage(["missing": .array(missing.map(Document.string))])
    }
    // It is written into memory, which does not fail.
    try? console.flush()
    defer { written.clear() }
    return OwnerMessage(
      [
        "status": .integer(Int64(status)), "leaves": .bool(console.isLeaving),
        "written": .array(written.kinds),
      ], parts: written.parts)
  }

  /// The files that came with a line.
  private static func files(_ request: OwnerMessage) -> [String: Result<[UInt8], FileFailure>] {
    var files: [String: Result<[UInt8], FileFailure>] = [:]
    for (file, bytes) in zip(request.body["files"]?.array ?? [], request.parts) {
      guard let path = file["path"]?.string else { continue }
      files[path] = file["failure"].map { .failure(FileFailure($0)) } ?? .success(bytes)
    }
    return files
  }
}

extension CompletionList {
  var document: Document {
    [
      "start": .integer(Int64(start)),
      "candidates": .array(
        candidates.map { [.string($0.text), .string($0.description), .bool($0.isFinal)] }),
    ]
  }

  init(_ document: Document) {
    self.init(
      start: Int(document["start"]?.integer ?? 0),
      candidates: (document["candidates"]?.array ?? []).map { candidate in
        CompletionCandidate(
          text: candidate[0]?.string ?? "", description: candidate[1]?.string ?? "",
          isFinal: candidate[2]?.bool ?? true)
      })
  }
}
