// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Dispatch
import Documents
import Glibc
import Synchronization
import Testing

@testable import StateStore

/// Answers with what it was asked, parts in reverse.
private final class Echo: OwnerGuest {
  static let hello: Document = ["from": "a test"]

  func welcome(_ hello: Document) -> Document? { hello == Self.hello ? ["to": "you"] : nil }

  func answer(
    _ request: OwnerMessage, isGivenUp: @escaping @Sendable () -> Bool
  ) -> OwnerMessage? {
    switch request.body["wish"]?.string {
    case "wait until nobody wants it":
      while !isGivenUp() { usleep(1_000) }
      return OwnerMessage("given up")
    case "none": return nil
    default: return OwnerMessage(request.body, parts: request.parts.reversed())
    }
  }
}

@Suite("The owner of a world, and those who come to it")
struct OwnerTests {
  let playground: Playground
  let world: WorldFolder

  init() throws {
    playground = try Playground()
    world = try playground.world()
    try DurableFile.makeFolder(world.path)
  }

  private func listener(_ folder: WorldFolder? = nil) throws -> OwnerListener {
    try OwnerListener(folder ?? world) { Echo() }
  }

  private func link(_ folder: WorldFolder? = nil, within milliseconds: Int = 5_000) throws
    -> OwnerLink
  {
    try #require(
      try OwnerLink.connect(folder ?? world, hello: Echo.hello, within: milliseconds))
  }

  private func close(_ listener: OwnerListener) {
    listener.stopListening()
    listener.endConnections()
  }

  private func reach(_ folder: WorldFolder? = nil) throws -> WorldReach {
    try WorldReach.find(
      folder ?? world, hello: Echo.hello, engineVersion: engine, start: start,
      makeCloud: makeCloud)
  }

  // MARK: Messages

  @Test("any bytes arrive as they were sent, in both directions")
  func bytes() throws {
    let listener = try listener()
    defer { close(listener) }
    let link = try link()
    #expect(link.owner == "process \(getpid())")
    #expect(link.welcome == ["to": "you"])
    let parts: [[UInt8]] = [
      [], Array(0...255), [UInt8](repeating: 0x0A, count: 3 << 20), Array("ü\u{1B}".utf8),
    ]
    let body: Document = ["line": "aws '\u{0}\u{7F}\n\"", "numbers": [1, 2.5, .null]]
    for _ in 0..<3 {
      let answer = try #require(try link.ask(OwnerMessage(body, parts: parts)))
      #expect(answer.body == body)
      #expect(answer.parts == parts.reversed())
    }
  }

  @Test(
    "what is no message is told from one",
    arguments: [
      [], [0, 0, 0], [0, 0, 0, 9, 0x7B, 0x7D], Array(#"ABCD{"body":1,"parts":[]}"#.utf8),
      [0, 0, 0, 2, 0x7B, 0x7D], [0, 0, 0, 21] + Array(#"{"body":1,"parts":[5]}"#.utf8),
      [0, 0, 0, 23] + Array(#"{"body":1,"parts":[-1]}"#.utf8),
      [0, 0, 0, 21] + Array(#"{"body":1,"parts":[]}x"#.utf8),
    ] as [[UInt8]])
  func garbled(bytes: [UInt8]) {
    #expect(OwnerMessage(rest: bytes) == nil)
    let whole = OwnerMessage(1, parts: [[7]]).bytes
    #expect(OwnerMessage(rest: Array(whole.dropFirst(4)))?.parts == [[7]])
  }

  @Test("one that sends garbage, too much, or nothing keeps nobody else waiting")
  func rude() throws {
    let listener = try listener()
    defer { close(listener) }
    func connection(sending bytes: [UInt8]) throws -> LocalSocket {
      let deadline = Deadline(milliseconds: 5_000)
      let socket = try #require(try LocalSocket.connected(to: world.socketPath, by: deadline))
      try socket.send(bytes, by: deadline)
      return socket
    }
    let hello = OwnerMessage(Echo.hello).bytes
    let rude = [
      try connection(sending: Array("GET / HTTP/1.1\r\n\r\n".utf8)),
      try connection(sending: [0xFF, 0xFF, 0xFF, 0xFF]),
      try connection(sending: [0x02, 0x00, 0x00, 0x01]),
      try connection(sending: OwnerMessage(["from": "somebody else"]).bytes),
    ]
    let slow = [try connection(sending: []), try connection(sending: Array(hello.dropLast()))]
    let answer = try #require(try link().ask(OwnerMessage("still there")))
    #expect(answer.body == "still there")
    for socket in rude {
      // Turned away without an answer.
      #expect(throws: OwnerLinkFailure.gone) {
        try socket.receive(1, by: Deadline(milliseconds: 5_000))
      }
    }
    // They have not said who they are, so they are not counted.
    #expect(slow.count == 2 && listener.connectionCount <= 1)
  }

  @Test("more than 64 at once are turned away, and come in when others have left")
  func many() throws {
    let listener = try listener()
    defer { close(listener) }
    var links = try (0..<OwnerListener.connectionLimit).map { _ in try link() }
    #expect(try OwnerLink.connect(world, hello: Echo.hello) == nil)
    links.removeAll()
    let deadline = Deadline(milliseconds: 5_000)
    while listener.connectionCount > 0, deadline.left > 0 { usleep(1_000) }
    _ = try link()
  }

  @Test("an answer that nobody wants any more is given up")
  func givenUp() throws {
    let listener = try listener()
    defer { close(listener) }
    let link = try link()
    let answer = try link.ask(
      OwnerMessage(["wish": "wait until nobody wants it"]), wantsToStop: { true })
    #expect(answer?.body == "given up")
    #expect(try link.ask(OwnerMessage("next"))?.body == "next")
  }

  @Test("one that leaves ends what it asked for")
  func hangsUp() throws {
    let listener = try listener()
    let deadline = Deadline(milliseconds: 5_000)
    do {
      let socket = try #require(try LocalSocket.connected(to: world.socketPath, by: deadline))
      try socket.send(OwnerMessage(Echo.hello))
      _ = try socket.message(limit: 1_000)
      try socket.send(OwnerMessage(["wish": "wait until nobody wants it"]))
    }
    while listener.connectionCount > 0, deadline.left > 0 { usleep(1_000) }
    #expect(listener.connectionCount == 0)
    close(listener)
  }

  // MARK: The socket

  @Test("the socket is for its user alone, and gone with its owner")
  func modes() throws {
    let listener = try listener()
    var status = stat()
    #expect(lstat(world.socketPath, &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFSOCK)
    #expect(status.st_mode & 0o777 == 0o600)
    close(listener)
    #expect(!DurableFile.exists(world.socketPath))
  }

  @Test("a path longer than a socket's address works", arguments: [100, 107, 108, 109, 700])
  func longPath(length: Int) throws {
    var path = playground.path
    let end = "/world.sock".utf8.count
    while path.utf8.count < length - end {
      let room = length - end - path.utf8.count - 1
      path += "/" + String(repeating: "d", count: max(1, min(room, 200)))
    }
    let folder = WorldFolder(path: path, id: "sandbox")
    try DurableFile.makeFolder(path)
    let listener = try listener(folder)
    defer { close(listener) }
    #expect(try link(folder).ask(OwnerMessage("here"))?.body == "here")
    #expect(DurableFile.exists(folder.socketPath))
  }

  // MARK: Reaching a world

  @Test("what an owner that was killed left behind is taken over")
  func stale() throws {
    // A socket that nobody listens on, as after SIGKILL.
    do { _ = try LocalSocket.listening(at: world.socketPath) }
    #expect(DurableFile.exists(world.socketPath))
    guard case .owned(let session) = try reach() else {
      Issue.record("nobody owns it")
      return
    }
    let listener = try listener()
    defer { close(listener) }
    guard case .held = try reach() else {
      Issue.record("it is owned")
      return
    }
    try session.close()
  }

  @Test("an owner that does not answer, and one that does not listen, are named within two seconds")
  func silent() throws {
    let session = try open(world)
    func refusal() -> StateError? {
      let clock = ContinuousClock()
      let begin = clock.now
      let error = #expect(throws: StateError.self) { _ = try reach() }
      #expect(clock.now - begin < .seconds(2))
      return error
    }
    let owner = "process \(getpid())"
    #expect(refusal() == .heldByAnother(path: world.lockPath, owner: owner))
    // It listens, and nobody takes what comes: a stopped process.
    let deaf = try LocalSocket.listening(at: world.socketPath)
    let error = refusal()
    #expect(
      error == .heldByAnother(path: world.lockPath, owner: owner + ", which does not answer"))
    deaf.shutDown()
    try session.close()
  }

  @Test("who waits at an owner that leaves is told that nothing was done, or that it has gone")
  func leaving() throws {
    let listener = try listener()
    let (idle, turnedAway) = (try link(), try link())
    #expect(try turnedAway.ask(OwnerMessage(["wish": "none"])) == nil)
    close(listener)
    #expect(try idle.ask(OwnerMessage("too late")) == nil)
    #expect(try OwnerLink.connect(world, hello: Echo.hello) == nil)
  }

  // MARK: Turns

  @Test("who wants the session alone gets it in turn, however busy others keep it")
  func turns() throws {
    let shared = SharedSession(try open(world))
    _ = try shared.perform(createTable("busy"), door: "endpoint")
    let isDone = Mutex(false)
    let inside = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 9) { thread in
      if thread > 0 {
        while !isDone.withLock({ $0 }) { _ = try? shared.perform(listTables, door: "endpoint") }
        return
      }
      for _ in 0..<50 {
        shared.exclusively { _ in inside.withLock { $0 += 1 } }
      }
      isDone.withLock { $0 = true }
    }
    #expect(inside.withLock { $0 } == 50)
    try shared.exclusively { try $0.close() }
  }

  @Test("a place in the line can be given up, and the others keep theirs")
  func leavesLine() throws {
    let shared = SharedSession(try open(world))
    let (entered, canLeave) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let done = DispatchGroup()
    DispatchQueue.global().async(group: done) {
      shared.exclusively { _ in
        entered.signal()
        canLeave.wait()
      }
    }
    entered.wait()
    let ran = Mutex(false)
    DispatchQueue.global().async(group: done) {
      shared.exclusively { _ in ran.withLock { $0 = true } }
    }
    let got: Int? = shared.exclusively(unless: { true }) { _ in 1 }
    #expect(got == nil)
    canLeave.signal()
    done.wait()
    #expect(ran.withLock { $0 })
    #expect(shared.exclusively { _ in 2 } == 2)
  }
}
