// SPDX-License-Identifier: GPL-3.0-or-later

import Glibc
import Testing

@testable import StateStore

@Suite("The state's home")
struct StateHomeTests {
  @Test(
    "is where the environment says",
    arguments: [
      (["REWIND_HOME": "/r/", "XDG_STATE_HOME": "/x", "HOME": "/h"], "/r"),
      (["XDG_STATE_HOME": "/x", "HOME": "/h"], "/x/rewind"),
      (["XDG_STATE_HOME": "x", "HOME": "/h"], "/h/.local/state/rewind"),
      (["REWIND_HOME": "", "HOME": "/h"], "/h/.local/state/rewind"),
    ])
  func locate(environment: [String: String], path: String) throws {
    #expect(try StateHome.locate(environment: environment).path == path)
  }

  @Test("needs one of three variables")
  func noHome() {
    #expect(throws: StateError.noHome) { _ = try StateHome.locate(environment: ["HOME": "h"]) }
  }

  @Test(
    "takes names that are file names, and no others",
    arguments: [
      ("a", true, true), ("ana-2", true, true), ("Ana_B.c", true, false), ("", false, false),
      (".", false, false), ("..", false, false), ("-a", false, true), ("a/b", false, false),
      ("a b", false, false), ("ä", false, false), ("a\u{0}", false, false),
      (String(repeating: "a", count: 64), true, true),
      (String(repeating: "a", count: 65), false, false),
    ])
  func names(name: String, isLearner: Bool, isWorld: Bool) throws {
    let home = StateHome(path: "/nowhere")
    #expect(((try? home.learner(name)) != nil) == isLearner)
    #expect(((try? home.learner("x").world(name)) != nil) == isWorld)
  }

  @Test("replaces plain files whole and keeps the old one if it cannot")
  func plainFiles() throws {
    let playground = try Playground()
    let path = playground.path + "/file"
    try writeDurably([1, 2, 3], to: path)
    try writeDurably([4], to: path)
    #expect(try contents(path) == [4])
    #expect(mode(path) == 0o600)
    #expect(throws: StateError.self) { try writeDurably([1], to: playground.path + "/no/file") }
    #expect(try DurableFile.names(in: playground.path) == ["file"])
  }

  @Test("reports a device without space as a full disk")
  func fullDevice() throws {
    try #require(access("/dev/full", W_OK) == 0)
    let file = Glibc.open("/dev/full", O_WRONLY)
    defer { close(file) }
    #expect(!DurableFile.writeAll([1], to: file))
    #expect(DurableFile.failure(of: "/dev/full") == .diskFull(path: "/dev/full"))
  }

  @Test("each error says in one line what to do")
  func advice() {
    let errors: [StateError] = [
      .diskFull(path: "/p"), .failedWrite(path: "/p", reason: "r"),
      .unusable(path: "/p", reason: "r"), .damaged(path: "/p", what: "w"),
      .heldByAnother(path: "/p", owner: "process 1"),
      .newerFormat(path: "/p", found: 2, known: 1), .stopped(cause: "c."), .noWorld(path: "/p"),
      .invalidName("\u{1b}[0m"), .noHome,
    ]
    for error in errors {
      #expect(error.message.hasSuffix("."))
      #expect(error.advice.hasSuffix("."))
      #expect(!"\(error)".contains { $0.isNewline || $0 == "\u{1b}" })
    }
  }
}
