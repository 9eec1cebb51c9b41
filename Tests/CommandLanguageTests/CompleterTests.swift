// SPDX-License-Identifier: GPL-3.0-or-later

import CommandLanguage
import Testing

@Suite("Completion")
struct CompleterTests {
  private static var completer: Completer {
    var live = LiveNames()
    live.tables = ["orders", "carts", "odd name"]
    live.backupARNs = ["arn:aws:dynamodb:us-east-1:123456789012:table/orders/backup/01"]
    live.profiles = ["audit"]
    return Completer(
      words: [("quiz", "questions"), ("quit", "leave")], live: live, variables: ["ARN", "NAME"],
      files: { folder in folder == "sub/" ? ["x.json"] : ["a.json", "sub/"] })
  }

  private static func texts(_ line: String) -> [String] {
    completer.completions(for: line, at: line.utf8.count).map(\.text)
  }

  @Test(
    "offers what may stand at the cursor",
    arguments: [
      ("a", ["aws"]), ("qui", ["quiz", "quit"]), ("aws dynamodb create-b", ["create-backup"]),
      ("aws dyn", ["dynamodb", "dynamodbstreams"]),
      ("aws --region us-east-1 st", ["sts"]),
      ("aws dynamodb create-backup --t", ["--table-name"]),
      ("aws dynamodb create-backup --table-name ", ["orders", "carts", "'odd name'"]),
      ("aws dynamodb create-backup --table-name c", ["carts"]),
      ("aws dynamodb create-backup --table-name 'odd", ["odd name"]),
      (
        "aws dynamodb delete-backup --backup-arn a",
        ["arn:aws:dynamodb:us-east-1:123456789012:table/orders/backup/01"]
      ),
      ("aws dynamodb list-backups --backup-type ", ["USER", "SYSTEM", "AWS_BACKUP", "ALL"]),
      ("aws dynamodb list-tables --output y", ["yaml", "yaml-stream"]),
      ("aws dynamodb list-tables --region eu-c", ["eu-central-1", "eu-central-2"]),
      ("aws dynamodb list-tables --profile ", ["audit"]),
      ("aws conf", ["configure"]),
      ("aws configure ", ["list", "get", "set", "list-profiles"]),
      ("aws configure set cli_t", ["cli_timestamp_format"]),
      ("aws configure set --profile audit output ya", ["yaml", "yaml-stream"]),
      ("aws configure set profile.x.source_profile ", ["audit"]), ("aws configure list ", []),
      ("aws dynamodb wait table-", ["table-exists", "table-not-exists"]),
      ("aws dynamodb wait table-exists --table-name o", ["orders", "'odd name'"]),
      ("aws dynamodb get-item --key file://", ["file://a.json", "file://sub/"]),
      ("aws dynamodb get-item --key file://sub/x", ["file://sub/x.json"]),
      (
        "aws dynamodb update-continuous-backups --point-in-time-recovery-specification ",
        ["PointInTimeRecoveryEnabled=", "RecoveryPeriodInDays="]
      ),
      (
        "aws dynamodb update-continuous-backups --point-in-time-recovery-specification PointInTimeRecoveryEnabled=t",
        ["PointInTimeRecoveryEnabled=true"]
      ),
      (
        "aws dynamodb update-continuous-backups --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true,R",
        ["PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays="]
      ),
      ("aws dynamodb create-backup --backup-name $A", ["$ARN"]),
      ("X=$(aws dynamodb create-b", ["create-backup"]),
      ("let X = aws dynamodb create-b", ["create-backup"]),
      ("aws dynamodb list-tables # com", []), ("nonsense ", []), ("aws nonsense ", []),
    ])
  func offers(line: String, expected: [String]) {
    #expect(Self.texts(line) == expected)
  }

  @Test("puts required options first, says what they take, and leaves out those given")
  func options() {
    let all = Self.completer.completions(for: "aws dynamodb create-backup ", at: 27)
    #expect(all.prefix(2).map(\.text) == ["--table-name", "--backup-name"])
    #expect(all.first?.description == "required, string 1…1024")
    #expect(Self.texts("aws dynamodb create-backup --table-name o ").first == "--backup-name")
    #expect(!Self.texts("aws dynamodb create-backup --table-name o --").contains("--table-name"))
    #expect(!Self.texts("aws dynamodb list-backups --").contains("--exclusive-start-backup-arn"))
    #expect(Self.texts("aws dynamodb list-backups --").contains("--max-items"))
    #expect(Self.texts("aws dynamodb create-table --tags Key=a,Value=b ").contains("--key-schema"))
  }

  @Test("looks only at what stands before the cursor")
  func cursor() {
    let line = "aws dynamodb create-b --table-name orders"
    #expect(Self.completer.completions(for: line, at: 21).map(\.text) == ["create-backup"])
    #expect(Self.completer.completions(for: line, at: -5).map(\.text).first == "aws")
    // Inside a character is before it.
    #expect(Self.completer.completions(for: "aws é", at: 5).first?.text == "backup")
  }

  @Test("answers within 20 ms, whatever is typed")
  func speed() {
    let clock = ContinuousClock()
    _ = Self.texts("aws dynamodb create-table --")
    let long = "aws dynamodb create-table " + String(repeating: "--tags Key=a,Value=b ", count: 400)
    for line in ["aws ", "aws dynamodb ", "aws dynamodb create-table --", long] {
      let best = (0..<15).map { _ in clock.measure { _ = Self.texts(line) } }.min() ?? .zero
      #expect(best < .milliseconds(20), "\(line.prefix(30)): \(best)")
    }
  }
}
