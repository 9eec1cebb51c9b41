// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import ContentFormat
import Documents
import Simulation
import Testing
import Worlds

@Suite("Incidents")
struct IncidentTests {
  /// A table, a vault with a recovery point under a key, and two roles, all made before the clock.
  private static func text(_ timeline: String) -> String {
    """
    clock: "2026-03-06T17:40:00Z"
    accounts: { shop: { id: "111122223333" } }
    roles: { backup: {}, on-call: {} }
    tables: { orders: { key: order_id, items: 5 } }
    timeline:
      - id: vault
        at: -2d
        as: shop
        run: |
          KEY=$(aws kms create-key --query KeyMetadata.KeyId --output text)
          aws kms create-alias --alias-name alias/vault --target-key-id $KEY
          ARN=$(aws kms describe-key --key-id $KEY --query KeyMetadata.Arn --output text)
          aws backup create-backup-vault --backup-vault-name prod --encryption-key-arn $ARN
          aws backup start-backup-job --backup-vault-name prod --resource-arn <orders.arn> \\
            --iam-role-arn <backup.arn>
    \(timeline)
    """
  }

  private func refusal(_ run: inout WorldRun, _ command: String, as who: String? = nil) throws
    -> String
  {
    try run.run(command, as: who).refusal.map { "\($0.code): \($0.message)" } ?? "accepted"
  }

  private func points(_ run: inout WorldRun) throws -> Int {
    try run.run("aws backup list-recovery-points-by-backup-vault --backup-vault-name prod")
      .answer["RecoveryPoints"]?.array?.count ?? -1
  }

  @Test("a Region that is down answers nobody, and what fell due in it happens when it is up")
  func region() throws {
    var run = try start(
      Self.text(
        """
          - { id: down, at: +1h, region-down: us-east-1 }
          - { id: up, at: +3h, region-up: us-east-1 }
        """))
    run.advance(by: .minutes(59))
    try run.run(
      "aws dynamodb create-table --table-name new --billing-mode PAY_PER_REQUEST"
        + " --attribute-definitions AttributeName=id,AttributeType=S"
        + " --key-schema AttributeName=id,KeyType=HASH")
    try run.run(
      "aws backup start-backup-job --backup-vault-name prod --resource-arn <orders.arn>"
        + " --iam-role-arn <backup.arn>")
    run.advance(by: .minutes(61))
    let down =
      "ServiceUnavailable: The request has failed due to a temporary failure of the server."
    #expect(try refusal(&run, "aws dynamodb list-tables") == down)
    #expect(
      try refusal(&run, "aws backup list-backup-vaults")
        == down.replacing("ServiceUnavailable:", with: "ServiceUnavailableException:"))
    #expect(try refusal(&run, "aws dynamodb list-tables --region eu-west-1") == "accepted")
    // What is there cannot be read from elsewhere either.
    #expect(
      try refusal(
        &run,
        "aws dynamodb restore-table-to-point-in-time --source-table-arn <orders.arn>"
          + " --target-table-name copy --use-latest-restorable-time --region eu-west-1"
          + " --sse-specification-override Enabled=false") == down)
    run.advance(by: .hours(1))
    #expect(try refusal(&run, "aws dynamodb list-tables") == "accepted")
    #expect(try points(&run) == 2)
  }

  @Test("a key can be taken away, and somebody is seen to have done it")
  func key() throws {
    var run = try start(
      Self.text(
        """
          - { id: off, at: +1h, key-off: alias/vault, as: shop/on-call }
          - { id: gone, at: +2h, key-deletion: main/alias/vault }
        """.replacing("main/", with: "shop/us-east-1/")))
    run.advance(by: .minutes(90))
    let state = "aws kms describe-key --key-id alias/vault --query KeyMetadata.KeyState"
    #expect(try run.run(state).answer == "Disabled")
    let trail =
      "aws cloudtrail lookup-events --lookup-attributes"
      + " AttributeKey=EventName,AttributeValue=DisableKey --query Events[].Username"
    #expect(try run.run(trail).answer == ["on-call"])
    run.advance(by: .hours(1))
    #expect(try run.run(state).answer == "PendingDeletion")
  }

  @Test("an administrator deletes what can be deleted; a locked vault keeps its recovery points")
  func emptyVault() throws {
    let incident = "  - { id: rogue, at: +1h, empty-vault: prod, as: shop }"
    var open = try start(Self.text(incident))
    #expect(try points(&open) == 1)
    open.advance(by: .hours(2))
    #expect(try points(&open) == 0)
    var locked = try start(Self.text(incident))
    try locked.run(
      "aws backup put-backup-vault-lock-configuration --backup-vault-name prod"
        + " --min-retention-days 1")
    locked.advance(by: .hours(2))
    #expect(try points(&locked) == 1)
  }

  @Test("the next job fails with the words given, and the one after does not")
  func failedJob() throws {
    var run = try start(
      Self.text("  - { id: fault, at: +1m, fail-job: { of: orders, says: No luck } }"))
    run.advance(by: .minutes(2))
    for _ in 0..<2 {
      try run.run(
        "aws backup start-backup-job --backup-vault-name prod --resource-arn <orders.arn>"
          + " --iam-role-arn <backup.arn>")
      run.advance(by: .hours(1))
    }
    let jobs = try run.run("aws backup list-backup-jobs --query BackupJobs[].[State,StatusMessage]")
    let expected: Document = [
      ["COMPLETED", .null], ["FAILED", "No luck"], ["COMPLETED", .null],
    ]
    #expect(jobs.answer == expected)
  }

  @Test("credentials that have expired are refused everywhere until they are renewed")
  func credentials() throws {
    var run = try start(
      Self.text(
        """
          - { id: over, at: +1h, expire: on-call }
          - { id: again, at: +2h, renew: on-call }
        """))
    #expect(try refusal(&run, "aws dynamodb list-tables", as: "on-call") == "accepted")
    run.advance(by: .minutes(90))
    let words = "The security token included in the request is expired"
    #expect(
      try refusal(&run, "aws dynamodb list-tables", as: "on-call")
        == "ExpiredTokenException: \(words)")
    #expect(
      try refusal(&run, "aws sts get-caller-identity", as: "on-call") == "ExpiredToken: \(words)")
    #expect(try refusal(&run, "aws dynamodb list-tables", as: "backup") == "accepted")
    run.advance(by: .hours(1))
    #expect(try refusal(&run, "aws dynamodb list-tables", as: "on-call") == "accepted")
  }

  @Test("what a world is built of must succeed, and incidents name what there is")
  func mistakes() throws {
    #expect(throws: ContentProblem.self) {
      try start(
        Self.text("  - { id: bad, at: -1h, run: aws dynamodb delete-table --table-name nope }"))
    }
    let cases: [(String, String)] = [
      ("fail-job: nope", "there is no table nope"),
      ("key-off: nobody/alias/x", "there is no account or Region nobody"),
      ("expire: nobody", "nobody is called nobody"),
      ("region-down: mars-1", "there is no Region \"mars-1\""),
      ("region-down: us-east-1, as: backup", "as has a meaning only beside"),
    ]
    for (incident, words) in cases {
      let found = errors(ofWorld: Self.text("  - { id: bad, at: +1h, \(incident) }"))
      #expect(found.count == 1 && found.allSatisfy { $0.contains(words) }, "\(found)")
    }
  }
}
