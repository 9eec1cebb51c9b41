// SPDX-License-Identifier: GPL-3.0-or-later

import Glibc
import Terminal
import Testing

@Suite("A program run in the foreground")
struct ChildProcessTests {
  @Test(
    "its status is passed on, and the signal that killed it",
    arguments: [("exit 0", 0), ("exit 7", 7), ("kill -TERM $$", 128 + 15), ("kill -KILL $$", 137)]
      as [(String, Int32)])
  func status(script: String, expected: Int32) {
    #expect(ChildProcess.run(["/bin/sh", "-c", script], environment: [:]) == expected)
  }

  @Test("it has the environment that is given, and no other")
  func environment() {
    let script = "test \"$A-$HOME\" = \"b=c-\""
    #expect(ChildProcess.run(["/bin/sh", "-c", script], environment: ["A": "b=c"]) == 0)
  }

  @Test("signals that this process ignores are as usual in it")
  func signals() {
    Signals.ignoreOutputSignals()
    #expect(
      ChildProcess.run(["/bin/sh", "-c", "kill -PIPE $$"], environment: [:]) == 128 + SIGPIPE)
  }

  @Test("one that is not there is said to be so")
  func missing() {
    #expect(ChildProcess.run(["/nowhere/program"], environment: [:]) == nil)
  }

  @Test("what a process without a terminal can show is plain, whatever its environment says")
  func profile() {
    guard isatty(STDOUT_FILENO) == 0 else { return }
    let rich = ["TERM": "xterm-256color", "LANG": "de_DE.UTF-8", "COLUMNS": "200"]
    #expect(TerminalProfile.current(environment: rich, allowsColour: true) == .plain)
    #expect(TerminalProfile.columnsNow() == nil)
  }

  @Test("an output that hands its bytes on does so at each flush and each full buffer")
  func receiver() throws {
    var pieces: [Int] = []
    let channel = OutputChannel { pieces.append($0.count) }
    channel.write("abc")
    #expect(pieces == [])
    try channel.flush()
    try channel.flush()
    channel.write(bytes: [UInt8](repeating: 0x61, count: 1 << 16))
    channel.write("d")
    try channel.flush()
    #expect(pieces == [3, 1 << 16, 1])
  }
}
