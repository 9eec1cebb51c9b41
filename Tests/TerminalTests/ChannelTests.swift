// SPDX-License-Identifier: GPL-3.0-or-later

import Glibc
import Terminal
import Testing

@Suite("Output")
struct OutputChannelTests {
  @Test("what is written arrives in order, however much it is")
  func arrives() throws {
    let path = "/tmp/rewind-channel-\(getpid())"
    let file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
    defer { close(file); unlink(path) }
    let channel = OutputChannel(descriptor: file)
    for number in 0..<20_000 { channel.write("\(number)\n") }
    try channel.flush()
    lseek(file, 0, SEEK_SET)
    let lines = PlainLines(descriptor: file)
    for number in 0..<20_000 {
      #expect(lines.readLine(prompt: "", isCommand: true) == .line("\(number)"))
    }
    #expect(lines.readLine(prompt: "", isCommand: true) == .endOfInput)
  }

  @Test("a full device is noticed at the flush")
  func full() {
    let file = open("/dev/full", O_WRONLY)
    defer { close(file) }
    let channel = OutputChannel(descriptor: file)
    channel.write("lost")
    #expect(throws: OutputFailure(number: ENOSPC)) { try channel.flush() }
    #expect(throws: OutputFailure(number: ENOSPC)) { try channel.flush() }
    #expect(channel.failure?.message == "Output could not be written: No space left on device.")
  }

  @Test("a closed pipe is an error and not the end of the process")
  func closedPipe() {
    Signals.ignoreOutputSignals()
    var ends: [Int32] = [0, 0]
    pipe(&ends)
    close(ends[0])
    defer { close(ends[1]) }
    let channel = OutputChannel(descriptor: ends[1])
    channel.write("nobody reads this")
    #expect(throws: OutputFailure(number: EPIPE)) { try channel.flush() }
  }
}

@Suite("Plain lines")
struct PlainLinesTests {
  /// The lines read from a pipe that holds the bytes.
  func lines(_ bytes: [UInt8]) -> [LineReading] {
    let path = "/tmp/rewind-lines-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    let file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
    defer { close(file); unlink(path) }
    bytes.withUnsafeBytes { _ = write(file, $0.baseAddress, $0.count) }
    lseek(file, 0, SEEK_SET)
    let source = PlainLines(descriptor: file)
    var readings: [LineReading] = []
    while readings.count < 100, readings.last != .endOfInput {
      readings.append(source.readLine(prompt: "never shown", isCommand: true))
    }
    return readings
  }

  @Test("lines end at line feeds, the last one also at the end")
  func plain() {
    #expect(lines([]) == [.endOfInput])
    #expect(
      lines(Array("a\n\nb\r\nc".utf8)) == [
        .line("a"), .line(""), .line("b"), .line("c"), .endOfInput,
      ])
  }

  @Test("bytes that are no UTF-8 are replaced, not fatal")
  func broken() {
    #expect(lines([0xFF, 0x61, 0x0A]) == [.line("\u{FFFD}a"), .endOfInput])
  }

  @Test("a line of 1 MiB is whole, a longer one is cut one byte later")
  func long() {
    for (length, expected) in [
      (1 << 20, 1 << 20), ((1 << 20) + 1, (1 << 20) + 1), (3 << 20, (1 << 20) + 1),
    ] {
      let result = lines([UInt8](repeating: 0x78, count: length) + [0x0A, 0x79, 0x0A])
      guard case .line(let first) = result.first else {
        Issue.record("no line")
        return
      }
      #expect(first.utf8.count == expected)
      #expect(result.dropFirst() == [.line("y"), .endOfInput])
    }
  }
}

@Suite("Terminal profile")
struct TerminalProfileTests {
  @Test("text is styled only where there is colour")
  func styles() {
    var profile = TerminalProfile.plain
    #expect(profile.styled("ok", .good) == "ok")
    profile.hasColour = true
    #expect(profile.styled("ok", .good) == "\u{1B}[32mok\u{1B}[0m")
    #expect(profile.styled("", .good) == "")
  }
}
