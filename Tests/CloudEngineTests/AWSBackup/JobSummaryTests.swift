// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Counts, pages and tokens of jobs")
struct JobSummaryTests {
  /// Rows as `day state category count`.
  static func rows(_ answer: Document, _ member: String) -> [String] {
    (answer.at(member)?.array ?? []).map { (row: Document) -> String in
      let start = (row["StartTime"]?.number ?? 0)
      let end = (row["EndTime"]?.number ?? 0)
      let day = Int(((start - Bench.start.epochSeconds) / 86_400).rounded(.down))
      let state = row["State"]?.string ?? "-"
      let category = row["MessageCategory"]?.string ?? "-"
      let (days, count) = (Int((end - start) / 86_400), row["Count"]?.integer ?? 0)
      return "\(day) \(days) \(state) \(category) \(count)"
    }
  }

  static let questions: [(input: String, rows: [String])] = [
    ("", ["2 1 COMPLETED SUCCESS 1", "-1 1 ABORTED JobStopped 1", "-1 1 COMPLETED SUCCESS 2"]),
    ("'State':'ABORTED'", ["-1 1 ABORTED JobStopped 1"]),
    (
      "'State':'AGGREGATE_ALL','MessageCategory':'AGGREGATE_ALL'",
      ["2 1 AGGREGATE_ALL AGGREGATE_ALL 1", "-1 1 AGGREGATE_ALL AGGREGATE_ALL 3"]
    ),
    (
      "'MessageCategory':'SUCCESS','State':'ANY'",
      ["2 1 COMPLETED SUCCESS 1", "-1 1 COMPLETED SUCCESS 2"]
    ),
    (
      "'AggregationPeriod':'FOURTEEN_DAYS'",
      ["-11 14 ABORTED JobStopped 1", "-11 14 COMPLETED SUCCESS 3"]
    ),
    ("'ResourceType':'EBS'", []),
  ]

  @Test("backup jobs are counted by day or period, state and category; other periods are left out")
  func backups() throws {
    var bench = try Bench.withVault()
    for _ in 0..<2 { _ = try bench.recoveryPoint() }
    try bench.backup("StopBackupJob", "{'BackupJobId':'\(try bench.startBackup())'}")
    bench.wait(.days(3))
    _ = try bench.recoveryPoint()
    for (input, rows) in Self.questions {
      let answer = try bench.backup("ListBackupJobSummaries", "{\(input)}")
      #expect(Self.rows(answer, "BackupJobSummaries") == rows, "\(input)")
    }
    bench.wait(.days(10))
    let week = try bench.backup("ListBackupJobSummaries", "{'AggregationPeriod':'SEVEN_DAYS'}")
    #expect(week.show() == "{'BackupJobSummaries':[],'AggregationPeriod':'SEVEN_DAYS'}")
    #expect(
      Self.rows(try bench.backup("ListBackupJobSummaries", "{}"), "BackupJobSummaries").count == 3)
    bench.wait(.days(1))
    #expect(
      Self.rows(try bench.backup("ListBackupJobSummaries", "{}"), "BackupJobSummaries").count == 1)
  }

  @Test("copies and restores are counted likewise, restores without categories, page by page")
  func copiesAndRestores() throws {
    var world = try CopyBench()
    _ = try world.copy(to: CopyBench.vault("123456789012", "eu-west-1"))
    _ = try world.copy(to: CopyBench.vault("123456789012", "eu-west-1", "none"))
    _ = try world.bench.restoreJob(world.point, "'targetTableName':'copy'")
    let first = try world.bench.backup("ListCopyJobSummaries", "{'MaxResults':1}")
    #expect(Self.rows(first, "CopyJobSummaries") == ["-1 1 COMPLETED SUCCESS 1"])
    let token = try first.text("NextToken")
    let second = try world.bench.backup(
      "ListCopyJobSummaries", "{'MaxResults':1,'NextToken':'\(token)'}")
    #expect(Self.rows(second, "CopyJobSummaries") == ["-1 1 FAILED Failure 1"])
    #expect(second.show("NextToken") == "absent")
    let restores = try world.bench.backup("ListRestoreJobSummaries", "{}")
    #expect(Self.rows(restores, "RestoreJobSummaries") == ["-1 1 COMPLETED - 1"])
    #expect(restores.show("RestoreJobSummaries.0.AccountId") == "'123456789012'")
  }

  @Test("another account's jobs are counted for whoever looks after AWS Backup, and nobody else")
  func accounts() throws {
    var bench = try Bench.withVault()
    _ = try bench.recoveryPoint()
    let (head, delegate, other) = ("111122223333", "444455556666", "555566667777")
    let home = bench.caller.account
    bench.cloud.form(
      Organization(
        id: "o-example1234", managementAccount: head, members: [home, delegate, other]))
    func caller(_ account: String) -> Caller { Caller(account: account, region: "us-east-1") }
    for operation in ["EnableAWSServiceAccess", "RegisterDelegatedAdministrator"] {
      let account = operation.hasPrefix("Enable") ? "" : "'AccountId':'\(delegate)',"
      try bench.ask(
        operation, "{\(account)'ServicePrincipal':'backup.amazonaws.com'}", as: caller(head))
    }
    for (account, count) in [(head, 1), (delegate, 1), (other, 0), ("999900001111", 0)] {
      let answer = try bench.backup(
        "ListBackupJobSummaries", "{'AccountId':'\(home)'}", as: caller(account))
      #expect(Self.rows(answer, "BackupJobSummaries").count == count, "\(account)")
    }
  }

  @Test("a page goes on behind the last element shown, which may be gone by then")
  func paging() throws {
    var bench = try Bench.withVault()
    var arns: [String] = []
    for _ in 0..<3 { arns.append(try bench.recoveryPoint()) }
    let list = "{'BackupVaultName':'prod','MaxResults':2"
    let first = try bench.backup("ListRecoveryPointsByBackupVault", list + "}")
    let token = try first.text("NextToken")
    try bench.backup(
      "DeleteRecoveryPoint", "{'BackupVaultName':'prod','RecoveryPointArn':'\(arns[1])'}")
    bench.wait(.minutes(1))
    let second = try bench.backup(
      "ListRecoveryPointsByBackupVault", list + ",'NextToken':'\(token)'}")
    #expect(second.show("RecoveryPoints.0.RecoveryPointArn") == "'\(arns[0])'")
    #expect(second.show("NextToken") == "absent")
  }

  @Test("tokens are kept as long as their jobs, and one kind's are not another's")
  func tokens() throws {
    var bench = try Bench.withVault()
    let token = "'IdempotencyToken':'t'"
    let job = try bench.startBackup("prod", token)
    bench.wait(.minutes(10))
    let arn = try bench.job(job).text("RecoveryPointArn")
    _ = try bench.restoreJob(arn, "'targetTableName':'copy'", "," + token)
    #expect(try bench.startBackup("prod", token) == job)
    bench.wait(.days(31))
    let later = try bench.startBackup()
    #expect(later != job)
    #expect(try bench.startBackup("prod", token) != job)
  }

  @Test("windows and days beyond every calendar are refused, never reckoned with")
  func enormous() throws {
    var bench = try Bench.withVault()
    for members in [
      "'StartWindowMinutes':9223372036854775807",
      "'CompleteWindowMinutes':9223372036854775807",
      "'Lifecycle':{'MoveToColdStorageAfterDays':9223372036854775807}",
      "'Lifecycle':{'MoveToColdStorageAfterDays':9223372036854775807,'DeleteAfterDays':100}",
    ] {
      let input =
        "{'BackupVaultName':'prod','ResourceArn':'\(Bench.ordersARN)','IamRoleArn':'\(Bench.role)',"
        + "\(members)}"
      #expect(
        bench.backupRefusal("StartBackupJob", input).hasPrefix("InvalidParameterValueException"),
        "\(members)")
      let rule = Bench.rule(
        "r", "0 5 ? * * *", members.replacing("CompleteWindow", with: "CompletionWindow"))
      #expect(
        bench.backupRefusal(
          "CreateBackupPlan", "{'BackupPlan':{'BackupPlanName':'p','Rules':[\(rule)]}}"
        ).hasPrefix("InvalidParameterValueException: Error in rule r : "), "\(members)")
    }
  }

  @Test("a table's tags and the job's together are at most 50")
  func tagLimit() throws {
    var bench = try Bench.withVault()
    let tags = (0..<50).map { "{'Key':'k\($0)','Value':'v'}" }.joined(separator: ",")
    try bench.call("TagResource", "{'ResourceArn':'\(Bench.ordersARN)','Tags':[\(tags)]}")
    _ = try bench.recoveryPoint("prod", "'RecoveryPointTags':{'k7':'w'}")
    let job = try bench.startBackup("prod", "'RecoveryPointTags':{'more':'w'}")
    bench.wait(.minutes(10))
    #expect(try bench.job(job).show("State") == "'FAILED'")
    #expect(try bench.job(job).show("MessageCategory") == "'InvalidParameters'")
  }
}
