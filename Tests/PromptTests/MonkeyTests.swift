// SPDX-License-Identifier: GPL-3.0-or-later

import Prompt
import Simulation
import Terminal
import Testing

@Suite("Monkey")
struct MonkeyTests {
  private static let pieces: [String] = [
    "aws", "dynamodb", "sts", "cloudtrail", "put-item", "create-table", "create-backup",
    "list-tables",
    "describe-table", "restore-table-to-point-in-time", "get-caller-identity", "lookup-events",
    "delete-table", "wait", "table-exists", "--table-name", "orders", "--item",
    "{\"id\":{\"S\":\"x\"}}",
    "--key", "--query", "TableNames[0]", "--output", "text", "table", "yaml", "json", "--region",
    "eu-west-1", "--profile", "nobody", "--backup-name", "nightly", "--no-paginate", "--max-items",
    "1",
    "undo", "redo", "mark", "a", "what-if", "keep", "discard", "time", "+5m", "+1d", "-3h", "sleep",
    "9",
    "wait", "status", "log", "history", "timeline", "bill", "events", "diff", "date", "variables",
    "unset", "X=1", "X=$(aws", "sts)", "$X", "$UNSET", "${X}", "export", "AWS_REGION=eu-west-1",
    "help", "all", "fidelity", "lab", "list", "start", "first-backup", "check", "hint", "task",
    "skip",
    "answer", "solution", "reset", "leave", "resume", "result", "quiz", "1", "exam", "mini", "b",
    "q",
    "'", "\"", "\\", "|", ">", "<table>", "#", ";", "&&", "(", ")", "\u{0}", "\u{1B}[2J",
    "\u{202E}",
    "é", "日本", "🦩", "--", "-", "=", "file:///etc/passwd", "file://nope", "999999999999999999999",
    "-1", "0", "tour", "let", "1e999", "{}", "[]", "\t", "\u{7F}",
  ]

  @Test("10,000 random lines never crash it, and it goes on answering")
  func monkey() throws {
    var random = SplitMix64(seed: 20_260_501)
    let bench = Bench()
    var lines: [String] = []
    for _ in 0..<10_000 {
      let count = Int.random(in: 1...8, using: &random)
      var line = (0..<count).map { _ in
        Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)]
      }.joined(separator: Bool.random(using: &random) ? " " : "")
      if Int.random(in: 0..<10, using: &random) == 0 {
        line.unicodeScalars.append(
          Unicode.Scalar(UInt32.random(in: 0..<0xD800, using: &random)) ?? "x")
      }
      lines.append(line)
    }
    // An open quote would swallow what follows; each line is a session's own.
    for start in stride(from: 0, to: lines.count, by: 500) {
      let transcript = try bench.run(Array(lines[start..<min(start + 500, lines.count)]))
      #expect(transcript.status != 5, "\(transcript.err.suffix(400))")
    }
    let last = try bench.run("date")
    #expect(last.status == 0)
    #expect(last.out.hasSuffix("Z\n"))
  }
}
