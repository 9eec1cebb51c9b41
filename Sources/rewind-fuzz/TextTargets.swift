// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import CommandLanguage
import ContentFormat
import Documents
import Quiz
import Scenarios
import Simulation
import Terminal

extension FuzzTarget {
  private static let lines = [
    "aws dynamodb create-backup --table-name orders --backup-name 'v 1'",
    "aws dynamodb list-backups --max-items 3 --starting-token eyJhIjogMX0= --output table",
    "aws dynamodb put-item --table-name o --item 'id={S=k},l={L=[{N=1},{SS=[a,b]}]}'",
    "aws dynamodb get-item --table-name o --key '{\"id\":{\"S\":\"é\"}}' --query 'Item.*[]|[0]'",
    "X=$(aws dynamodb describe-table --table-name $T --query \"Table.[A,B]\" --output text)",
    "let ARN = aws sts get-caller-identity --output yaml-stream # why",
    "aws dynamodb wait table-exists --table-name o --no-paginate --region eu-west-1",
    "aws backup start-backup-job --recovery-point-tags a=b,c=d --generate-cli-skeleton input",
    "aws s3api list-objects-v2 --bucket b --prefix p --delimiter /",
  ]
  private static let options = [
    "--output", "text", "table", "yaml", "--query", "--max-items", "--cli-input-json", "--item",
    "--key", "--tags", "--page-size", "file://", "fileb://x", "$(", "@=", "aws", "dynamodb",
    "scan", "help", "wait", "--region", "--no-paginate", "let", "export", "s3", "kms",
  ]

  static let words = FuzzTarget("words", seeds: lines, pieces: options) { bytes in
    let line = text(bytes)
    for statement in Words.statements(in: line) {
      _ = Words.read(statement, value: { $0 == "T" ? "orders" : nil })
    }
    return nil
  }

  static let command = FuzzTarget("command", seeds: lines, pieces: options) { bytes in
    let words: [String]
    switch Words.read(text(bytes), value: { $0 == "T" ? "orders" : nil }) {
    case .command(let read, _), .capture(_, let read): words = read
    default: return nil
    }
    var cloud = Cloud(seed: 1, clock: Instant(seconds: 1_772_818_800))
    let door = Door(
      perform: { request in
        do throws(ServiceError) { return .success(try cloud.perform(request)) } catch {
          return .failure(error)
        }
      },
      now: { cloud.now }, advance: { cloud.advance(by: $0) }, pending: { [] })
    let context = CommandContext(
      profile: Profile(account: "123456789012", region: "us-east-1"),
      readFile: { _ throws(FileFailure) in throw .notFound })
    let outcome = AWSCommand.run(words: words, context: context, door: door)
    guard [0, 252, 253, 254, 255].contains(outcome.status) else {
      return "ends with status \(outcome.status)"
    }
    return outcome.status == 0 || !outcome.stderr.isEmpty ? nil : "fails without a word"
  }

  private static let lab = """
    rewind: scenario/1
    id: first
    title: "A: b"
    minutes: 8
    teaches: [OND-1, NAT-1]
    story: >
      Folded
      text.
    world:
      clock: "2026-03-06T17:40:00Z"
      tables:
        orders: { key: order_id, items: 500, size: 500GB }
    tasks:
      - do: Take a backup.
        checks:
          - goal: One exists
            backup: { of: orders, min: 1 }
        hints: [one, { cost: 2, text: "two" }]
    solutions:
      native: aws dynamodb create-backup --table-name orders --backup-name v-1
    """
  private static let bank = """
    rewind: questions/1
    bank: doc
    as-of: "2026-04-30"
    questions:
      - id: q-1
        teaches: [PITR-8]
        ask: What?
        choices:
          - wrong: A
            why: no
          - right: B
            why: yes
        cite: [{ title: T, section: S, read: "2026-04-30" }]
    """
  private static let yamlPieces = [
    "&a", "*a", "!!str", "<<:", "---", "...", "? ", "- ", ": ", " #", "|", ">-", "|+2", "\n  ",
    "\n\n", "key: value", "[1, 2]: x", "{}", "yes", "0x10", "1:30", "'", "%YAML 1.1",
  ]

  static let yaml = FuzzTarget("yaml", seeds: [lab, bank], pieces: yamlPieces) { bytes in
    let (root, errors) = YAMLReader.read(bytes, file: "f")
    return (root == nil) == errors.isEmpty ? "neither reads nor says why" : nil
  }

  static let scenario = FuzzTarget("scenario", seeds: [lab], pieces: yamlPieces) { bytes in
    let file = ScenarioFile(bytes: bytes, name: "f")
    return file.scenario == nil && file.errors.isEmpty ? "neither reads nor says why" : nil
  }

  static let questions = FuzzTarget("questions", seeds: [bank], pieces: yamlPieces) { bytes in
    let file = Bank.read(bytes, file: "f")
    return file.value == nil && file.errors.isEmpty ? "neither reads nor says why" : nil
  }

  static let terminal = FuzzTarget(
    "terminal", seeds: ["plain", "\u{1B}[2J", "a\u{202E}b\u{85}c", "\u{9B}31m", "ab\tc\nd"]
  ) { bytes in
    let text = text(bytes)
    let shown = TerminalText.escaped(text)
    let isSafe = shown.unicodeScalars.allSatisfy { scalar in
      scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
        && !(0x202A...0x202E).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value)
        && scalar.value != 0x2028 && scalar.value != 0x2029
    }
    guard isSafe else { return "lets a control character through" }
    return TerminalText.width(TerminalText.cut(shown, to: 20)) <= 20 ? nil : "is cut too long"
  }
}
