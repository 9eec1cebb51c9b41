// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Glibc
import Simulation
import Testing

@testable import StateStore

/// What a crash, a full disk or a kill leaves is the state before or after a command.
@Suite("Durability")
struct DurabilityTests {
  let playground: Playground

  init() throws { playground = try Playground() }

  /// A world before and after its last command, as files and as what they come to.
  private func lastCommit() throws -> (
    before: [String: [UInt8]], after: [String: [UInt8]], states: [[String]]
  ) {
    let session = try open(try playground.world())
    try session.create("a")
    try session.create("b")
    let before = try files(of: session.folder)
    let stateBefore = session.everything
    try session.create("c")
    return (before, try files(of: session.folder), [stateBefore, session.everything])
  }

  @Test("the journal cut at every byte of its last commit opens before or after it")
  func cutAfterCrash() throws {
    let (before, after, states) = try lastCommit()
    let world = try playground.world("cut")
    let whole = try #require(after["world.sqlite-wal"])
    let kept = try #require(before["world.sqlite-wal"]).count
    #expect(whole.count > kept)
    let digests = try [before, after].map { files in
      try restore(files, to: world)
      return try open(world, start: nil).journalDigest
    }
    var found: Set<Int> = []
    for length in kept...whole.count {
      // A crash inside the commit comes before the head file is written.
      var cut = before
      cut["world.sqlite-wal"] = Array(whole[..<length])
      try restore(cut, to: world)
      let session = try open(world, start: nil)
      let index = digests.firstIndex(of: session.journalDigest)
      // Equal journals come to equal states; looking at all of it each time takes minutes.
      if length % 97 == 0, let index { #expect(session.everything == states[index]) }
      #expect(index != nil, "cut at byte \(length)")
      found.insert(index ?? -1)
    }
    #expect(found == [0, 1])
  }

  @Test("a journal that lost its last commit later says so, and opens without it on request")
  func cutAfterSaving() throws {
    let (before, after, states) = try lastCommit()
    let world = try playground.world("cut")
    let whole = try #require(after["world.sqlite-wal"])
    let kept = try #require(before["world.sqlite-wal"]).count
    for length in stride(from: kept, to: whole.count, by: 97) {
      var cut = after
      cut["world.sqlite-wal"] = Array(whole[..<length])
      try restore(cut, to: world)
      let error = #expect(throws: StateError.self) { _ = try open(world, start: nil) }
      guard case .damaged(_, let what) = error else {
        Issue.record("cut at byte \(length): \(String(describing: error))")
        return
      }
      #expect(what.hasPrefix("it ends at entry "))
      let rest = try open(world, start: nil, acceptsLoss: true)
      #expect(rest.everything == states[0])
      #expect(rest.opening.lostRows == 3)
    }
  }

  @Test("a database that is gone is not made anew")
  func goneDatabase() throws {
    let world = try playground.world()
    let session = try open(world)
    try session.create("a")
    try session.close()
    unlink(world.databasePath)
    #expect(throws: StateError.self) { _ = try open(world) }
    #expect(!world.exists)
    #expect(world.findings(engineVersion: engine, makeCloud: makeCloud).count == 1)
  }

  @Test("a world whose making was interrupted is made anew")
  func interruptedMaking() throws {
    let world = try playground.world()
    try DurableFile.makeFolder(world.path)
    let head = try HeadFile(path: world.headPath, writable: true)
    try head.restart(HeadRecord(sequence: 0, digest: JournalRow.root))
    try put([1, 2, 3], world.databasePath + ".new")
    let session = try open(world)
    try session.create("a")
    #expect(!DurableFile.exists(world.databasePath + ".new"))
  }

  @Test("the state is nobody else's to read")
  func modes() throws {
    let world = try playground.world()
    let session = try open(world)
    try session.create("a")
    let learner = try playground.learner()
    try learner.setCurrentWorld("sandbox")
    try learner.writeResult([1], id: "r")
    for name in try DurableFile.names(in: world.path) {
      #expect(mode("\(world.path)/\(name)") == 0o600, "\(name)")
    }
    #expect(mode(world.path) == 0o700)
    #expect(mode(playground.path + "/learners") == 0o700)
    #expect(mode(learner.path + "/current") == 0o600)
    #expect(mode(try learner.resultPath("r")) == 0o600)
  }

  // MARK: Children that fail and die

  /// Makes tables until something stops it; after each answer it adds a byte to a file.
  static func work(in folder: String, acknowledging path: String) -> StateError? {
    let acknowledged = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    do {
      let session = try open(WorldFolder(path: folder, id: "sandbox"))
      let first = session.log.count
      for number in first..<first + 100_000 {
        try session.create("table-\(number)")
        _ = DurableFile.writeAll([46], to: acknowledged)
      }
      return nil
    } catch let error as StateError {
      return error
    } catch {
      return nil
    }
  }

  @Test("a write that fails is said, nothing more is taken, and nothing answered is lost")
  func failedWrites() async throws {
    let world = try playground.world()
    try open(world).close()
    let acknowledged = playground.path + "/acknowledged"
    for limit in [30_000, 45_000, 70_001, 90_000] {
      await #expect(processExitsWith: .exitCode(55)) {
        [folder = world.path as String, acknowledged = acknowledged as String, limit = limit as Int]
        in
        signal(SIGXFSZ, SIG_IGN)
        var bytes = rlimit(rlim_cur: rlim_t(limit), rlim_max: rlim_t(limit))
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &bytes)
        let session = try open(WorldFolder(path: folder, id: "sandbox"))
        let file = Glibc.open(acknowledged, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        for number in 0..<10_000 {
          do {
            if try session.create("t\(limit)-\(number)") {
              _ = DurableFile.writeAll([46], to: file)
            }
          } catch let error as StateError {
            switch error {
            case .diskFull, .failedWrite: break
            default: exit(1)
            }
            guard case .failure = Result(catching: { try session.create("more") }) else { exit(2) }
            exit(55)
          }
        }
        exit(3)
      }
      let session = try open(world)
      #expect(try tables(in: session.cloud).count == contents(acknowledged).count)
      #expect(world.findings(engineVersion: engine, makeCloud: makeCloud).count == 1)
      try session.close()
      #expect(world.findings(engineVersion: engine, makeCloud: makeCloud) == [])
    }
    #expect(try contents(acknowledged).count > 3)
  }

  @Test("nothing answered is lost to a kill, and nothing is half done")
  func kills() async throws {
    var random = SplitMix64(seed: 1)
    let world = try playground.world()
    try open(world).close()
    let acknowledged = playground.path + "/acknowledged"
    for cycle in 0..<20 {
      let delay = UInt32.random(in: 1_000...60_000, using: &random)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [
          folder = world.path as String, acknowledged = acknowledged as String,
          delay = delay as UInt32
        ] in
        Killer.kill(afterMicroseconds: delay)
        _ = DurabilityTests.work(in: folder, acknowledging: acknowledged)
      }
      let session = try open(world)
      let answered = try contents(acknowledged).count
      let saved = session.log.count
      #expect(saved == answered || saved == answered + 1, "cycle \(cycle)")
      #expect(try tables(in: session.cloud).count == saved)
      #expect(session.now == dawn + .seconds(Int64(saved)))
      // An answer that the kill came before is counted as given.
      if saved > answered { try put(Array(repeating: 46, count: saved), acknowledged) }
      try session.close()
    }
  }
}

enum Killer {
  /// Lets this process be killed a moment from now, whatever it is doing.
  static func kill(afterMicroseconds delay: UInt32) {
    var thread = pthread_t()
    let argument = UnsafeMutableRawPointer(bitPattern: UInt(delay))
    pthread_create(
      &thread, nil,
      { argument in
        usleep(UInt32(UInt(bitPattern: argument)))
        Glibc.kill(getpid(), SIGKILL)
        return nil
      }, argument)
  }
}
