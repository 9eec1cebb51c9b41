// SPDX-License-Identifier: GPL-3.0-or-later

import Prompt
import Testing

@Suite("What differs")
struct DifferenceTests {
  private static let aws = "aws dynamodb "

  /// What `diff N` says after commands that follow the three orders, in one line.
  private func difference(_ commands: [String], last count: Int? = nil) throws -> String {
    let words = count.map { "diff \($0)" } ?? "diff"
    let done = try Bench().run(
      threeOrders + "\n" + commands.map { Self.aws + $0 + "\n" }.joined() + words)
    #expect(done.status == 0, "\(done.err)")
    let text = done.out.split(separator: "\n").map(String.init)
    let start = try #require(text.lastIndex { $0.hasPrefix("Since ") }, "\(done.out)")
    return text[start...].joined(separator: " ").split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
  }

  @Test("items that came, went and changed are counted apart")
  func items() throws {
    let said = try difference(
      [
        #"put-item --table-name orders --item '{"id":{"S":"d"}}'"#,
        #"delete-item --table-name orders --key '{"id":{"S":"a"}}'"#,
        #"put-item --table-name orders --item '{"id":{"S":"b"},"x":{"N":"1"}}'"#,
      ], last: 3)
    #expect(said.hasPrefix("Since before the last 3 changes, "))
    #expect(said.hasSuffix(": ~ orders: 1 item added, 1 item changed, 1 item removed"), "\(said)")
  }

  @Test(
    "a setting is told as it was and as it is",
    arguments: [
      (
        "update-time-to-live --table-name orders --time-to-live-specification "
          + "Enabled=true,AttributeName=t",
        #"~ orders TTL: {"TimeToLiveStatus":"DISABLED"} -> "#
      ),
      (
        "update-continuous-backups --table-name orders --point-in-time-recovery-specification "
          + "PointInTimeRecoveryEnabled=true",
        #"~ orders PITR: {"PointInTimeRecoveryStatus":"DISABLED"} -> "#
      ),
      (
        "tag-resource --resource-arn arn:aws:dynamodb:us-east-1:123456789012:table/orders "
          + "--tags Key=team,Value=a",
        #"~ orders tags: [] -> [{"Key":"team","Value":"a"}]"#
      ),
      (
        "update-table --table-name orders --deletion-protection-enabled",
        "~ orders DeletionProtectionEnabled: false -> true"
      ),
      (
        "update-table --table-name orders --replica-updates Create={RegionName=eu-west-1}",
        "~ orders Replicas: none -> []"
      ),
      ("delete-table --table-name orders", #"~ orders TableStatus: "ACTIVE" -> "DELETING""#),
    ])
  func settings(command: String, line: String) throws {
    let said = try difference([command], last: 1)
    #expect(said.hasPrefix("Since before the last change, "))
    #expect(said.contains(line), "\(said)")
  }

  @Test("tables that came and went, and one that took another's name")
  func tables() throws {
    #expect(try difference([]).hasSuffix(" in us-east-1: + table orders, 3 items"))
    let create = String(threeOrders.split(separator: "\n")[0].dropFirst(Self.aws.count))
    let gone = ["delete-table --table-name orders", "wait table-not-exists --table-name orders"]
    #expect(try difference(gone, last: 1).hasSuffix("- table orders"))
    #expect(
      try difference(gone + [create], last: 2)
        .contains("~ table orders is another table of the same name"))
    #expect(
      try difference(["describe-table --table-name orders"], last: 1).contains(
        "~ orders: 1 item added"))
  }

  @Test(
    "what is no number of changes says so",
    arguments: [
      ("diff 0", "\"0\" is no number of changes."), ("diff x", "\"x\" is no number of changes."),
      ("diff 5", "There are 4 changes to look back on. \"diff\" alone compares with the start."),
    ])
  func refusals(line: String, words: String) throws {
    let done = try Bench().run(threeOrders + "\n" + line)
    #expect(
      done.err.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(words),
      "\(done.err)")
    #expect(try Bench().run(threeOrders + "\ndiff 4").status == 0)
  }
}
