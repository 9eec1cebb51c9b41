// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import CommandLanguage
import Documents
import Simulation
import Testing

@Suite("Any line")
struct FuzzTests {
  private static let seeds = [
    "aws dynamodb create-backup --table-name orders --backup-name 'v 1'",
    "aws dynamodb list-backups --max-items 3 --starting-token eyJhIjogMX0= --output table",
    "aws dynamodb put-item --table-name o --item 'id={S=k},l={L=[{N=1},{SS=[a,b]}]}'",
    "aws dynamodb get-item --table-name o --key '{\"id\":{\"S\":\"é\\u00e9\"}}' --query 'Item.*[]|[0]'",
    "X=$(aws dynamodb describe-table --table-name $T --query \"Table.[A,B]\" --output text)",
    "let ARN = aws sts get-caller-identity --output yaml-stream # why",
    "aws dynamodb wait table-exists --table-name o --no-paginate --debug --region eu-west-1",
    "aws backup start-backup-job --recovery-point-tags a=b,c=d --generate-cli-skeleton input",
    "export AWS_REGION=eu-west-1",
    "aws dynamodb restore-table-to-point-in-time --restore-date-time 1e400",
  ]
  private static let pieces = [
    "'", "\"", "\\", "$", "$(", ")", "{", "}", "[", "]", ",", "=", "@=", "--", "-", " ", "\n", "#",
    "<t>", "|", "é", "🙂", "\u{0}", "\u{FEFF}", "file://", "fileb://x", "--output", "text", "table",
    "yaml", "--query", "`1`", "wait", "help", "--max-items", "-1", "0", "9223372036854775808",
    "NaN",
    "aws", "dynamodb", "scan", "--cli-input-json", "{}", "--key", "--tags", "--page-size", "=x",
    "[[",
    "1e999", "_", "___", "AAAA", "\u{1B}[", "\u{202E}",
  ]
  private static let answers: [Result<Document, ServiceError>] = [
    .success(["TableNames": ["a"], "LastEvaluatedTableName": "a"]),
    .success([
      "Items": [["id": ["S": "é"]], 5, nil], "Count": 9_223_372_036_854_775_807, "ScannedCount": 1,
    ]),
    .success(["Table": ["CreationDateTime": 1e300, "TableStatus": "ACTIVE"]]),
    .success(nil), .success([1]),
    .failure(ServiceError(code: "X", message: "m\n\n", members: ["Item": [1, [2]]])),
  ]

  private static func mutated(_ random: inout SplitMix64) -> String {
    var line = Array(seeds[Int.random(in: 0..<seeds.count, using: &random)].unicodeScalars)
    for _ in 0..<Int.random(in: 0...6, using: &random) {
      let place = Int.random(in: 0...line.count, using: &random)
      let length = Int.random(in: 0...min(6, line.count - place), using: &random)
      let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
      line.replaceSubrange(place..<(place + length), with: piece.unicodeScalars)
    }
    return String(String.UnicodeScalarView(line))
  }

  @Test("is read, run and completed without a trap, and always with an AWS CLI status")
  func lines() {
    var random = SplitMix64(seed: 0x5EED)
    let completer = Completer(words: [("quiz", "")], variables: ["T"])
    var ran = 0
    for round in 0..<20_000 {
      let line = Self.mutated(&random)
      let cursor = Int.random(in: -1...(line.utf8.count + 1), using: &random)
      if round % 4 == 0 { _ = completer.completions(for: line, at: cursor) }
      _ = Words.statements(in: line)
      let words: [String]
      switch Words.read(line, value: { $0 == "T" ? "orders" : nil }) {
      case .command(let read, _), .capture(_, let read): words = read
      default: continue
      }
      let rehearsal = Rehearsal(Self.answers.shuffled(using: &random))
      let outcome = AWSCommand.run(words: words, context: context(), door: rehearsal.door)
      #expect([0, 252, 253, 254, 255].contains(outcome.status))
      #expect(outcome.status == 0 || !outcome.stderr.isEmpty)
      ran += 1
    }
    #expect(ran > 5_000)
  }

  @Test("of 1 MiB is answered in time that grows with its length")
  func size() {
    let clock = ContinuousClock()
    let big = String(repeating: "a", count: 1 << 19)
    for line in [
      "aws dynamodb get-item --table-name o --key '{\"id\":{\"S\":\"\(big)\"}}'",
      "aws dynamodb get-item --table-name o --key 'id={S=\(big)}'",
      "aws dynamodb get-item --table-name o --key 'id={SS=[\(String(repeating: "a,", count: 1 << 17))b]}'",
      "aws dynamodb \(big)", "'" + big, String(repeating: "$(", count: 1 << 18),
    ] {
      let taken = clock.measure { _ = Words.read(line) { _ in nil } }
      // Work that grew with the square of the line would take minutes, also on a busy machine.
      #expect(taken < .seconds(10))
      #expect(clock.measure { _ = run(line) } < .seconds(20))
    }
  }
}
