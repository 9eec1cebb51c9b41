// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

extension Bench {
  /// A rule into the vault `prod`; `more` are further members.
  static func rule(_ name: String, _ cron: String, _ more: String = "") -> String {
    "{'RuleName':'\(name)','TargetBackupVaultName':'prod','ScheduleExpression':'cron(\(cron))'"
      + (more.isEmpty ? "" : "," + more) + "}"
  }

  mutating func makePlan(_ rules: String..., name: String = "plan") throws -> String {
    let document = "{'BackupPlanName':'\(name)','Rules':[\(rules.joined(separator: ","))]}"
    return try backup("CreateBackupPlan", "{'BackupPlan':\(document)}").text("BackupPlanId")
  }

  @discardableResult
  mutating func select(_ plan: String, _ members: String, name: String = "all") throws -> String {
    try backup(
      "CreateBackupSelection",
      "{'BackupPlanId':'\(plan)','BackupSelection':{'SelectionName':'\(name)','IamRoleArn':"
        + "'\(Self.role)',\(members)}}"
    ).text("SelectionId")
  }

  /// The jobs so far, oldest first: table, rule and the instant of creation.
  mutating func planJobs() throws -> [(table: String, rule: String, at: Instant)] {
    let answer = try backup("ListBackupJobs", "{}")
    return try (answer.at("BackupJobs")?.array ?? []).reversed().map { job in
      (
        try job.text("ResourceName"), job.at("CreatedBy.BackupRuleName")?.string ?? "",
        try job.instant("CreationDate")
      )
    }
  }
}

@Suite("Backup plans")
struct PlanTests {
  static let everything = "'Resources':['*']"

  @Test("a plan gets ids and the service's defaults, and previews its next runs")
  func creation() throws {
    var bench = try Bench.withVault()
    let made = try bench.backup(
      "CreateBackupPlan",
      "{'BackupPlan':{'BackupPlanName':'nightly','Rules':[{'RuleName':'daily',"
        + "'TargetBackupVaultName':'prod'}]},'BackupPlanTags':{'a':'b'}}")
    let id = try made.text("BackupPlanId")
    let arn = "arn:aws:backup:us-east-1:123456789012:backup-plan:\(id)"
    #expect(try made.text("BackupPlanArn") == arn)
    #expect(try made.text("VersionId").utf8.count == 48)
    let plan = try bench.backup(
      "GetBackupPlan", "{'BackupPlanId':'\(id)','MaxScheduledRunsPreview':2}")
    let rule = try plan.text("BackupPlan.Rules.0.RuleId")
    #expect(
      plan.show("BackupPlan.Rules.0")
        == "{'RuleName':'daily','TargetBackupVaultName':'prod','ScheduleExpression':"
        + "'cron(0 5 ? * * *)','StartWindowMinutes':480,'CompletionWindowMinutes':10080,"
        + "'RuleId':'\(rule)','ScheduleExpressionTimezone':'Etc/UTC'}")
    // It is 12:00:10 on 1 June 2026.
    #expect(
      plan.show("ScheduledRunsPreview")
        == "[{'ExecutionTime':1780376400.0,'RuleId':'\(rule)','RuleExecutionType':'SNAPSHOTS'},"
        + "{'ExecutionTime':1780462800.0,'RuleId':'\(rule)','RuleExecutionType':'SNAPSHOTS'}]")
    #expect(try bench.backup("ListTags", "{'ResourceArn':'\(arn)'}").show("Tags") == "{'a':'b'}")
  }

  @Test("a plan runs every night, into its vault, for as long as its lifecycle says")
  func nightly() throws {
    var bench = try Bench.withVault()
    let plan = try bench.makePlan(
      Bench.rule("daily", "0 5 ? * * *", "'Lifecycle':{'DeleteAfterDays':3}"))
    try bench.select(plan, Self.everything)
    bench.wait(.days(7))
    let jobs = try bench.planJobs()
    #expect(jobs.map(\.at) == (0..<7).map { Instant(seconds: 1_780_376_400 + 86_400 * $0) })
    let points = try bench.backup(
      "ListRecoveryPointsByBackupVault",
      "{'BackupVaultName':'prod','ByBackupPlanId':'\(plan)'}")
    // Of seven, those of the last three days.
    #expect(points.at("RecoveryPoints")?.array?.count == 3)
    let point = try #require(points.at("RecoveryPoints.0"))
    #expect(point.show("CreatedBy.BackupPlanName") == "'plan'")
    #expect(point.show("CreatedBy.BackupRuleCron") == "'cron(0 5 ? * * *)'")
    // Each begins 5 to 60 minutes after its time.
    let job = try #require(try bench.backup("ListBackupJobs", "{}").at("BackupJobs.0"))
    let delay = try point.instant("CreationDate") - job.instant("CreationDate")
    #expect(delay >= .minutes(5) && delay <= .minutes(60))
    #expect(
      try bench.backup("GetBackupPlan", "{'BackupPlanId':'\(plan)'}").instant("LastExecutionDate")
        == Instant(seconds: 1_780_376_400 + 86_400 * 6))
  }

  @Test("an updated plan runs by its new version alone; a deleted one not at all")
  func versions() throws {
    var bench = try Bench.withVault()
    let plan = try bench.makePlan(Bench.rule("daily", "0 5 ? * * *"))
    let selection = try bench.select(plan, Self.everything)
    bench.wait(.days(1))
    let rule = try bench.backup("GetBackupPlan", "{'BackupPlanId':'\(plan)'}").text(
      "BackupPlan.Rules.0.RuleId")
    let document = "{'BackupPlanName':'plan','Rules':[\(Bench.rule("daily", "0 6 ? * * *"))]}"
    try bench.backup("UpdateBackupPlan", "{'BackupPlanId':'\(plan)','BackupPlan':\(document)}")
    bench.wait(.days(1))
    #expect(
      try bench.planJobs().map(\.at) == [1_780_376_400, 1_780_466_400].map(Instant.init(seconds:)))
    let shown = try bench.backup("GetBackupPlan", "{'BackupPlanId':'\(plan)'}")
    #expect(try shown.text("BackupPlan.Rules.0.RuleId") == rule)
    let listed = try bench.backup("ListBackupPlanVersions", "{'BackupPlanId':'\(plan)'}")
    #expect(listed.at("BackupPlanVersionsList")?.array?.count == 2)
    #expect(
      bench.backupRefusal("DeleteBackupPlan", "{'BackupPlanId':'\(plan)'}")
        == "InvalidRequestException: Related backup plan selections must be deleted prior to backup "
        + "plan deletion")
    try bench.backup(
      "DeleteBackupSelection", "{'BackupPlanId':'\(plan)','SelectionId':'\(selection)'}")
    try bench.backup("DeleteBackupPlan", "{'BackupPlanId':'\(plan)'}")
    bench.wait(.days(2))
    #expect(try bench.planJobs().count == 2)
    #expect(try bench.backup("ListBackupPlans", "{}").show() == "{'BackupPlansList':[]}")
    let all = try bench.backup("ListBackupPlans", "{'IncludeDeleted':true}")
    #expect(all.show("BackupPlansList.0.BackupPlanId") == "'\(plan)'")
  }

  @Test("of rules whose start windows meet, the one that keeps longer runs: 2 and 8 a day")
  func overlap() throws {
    var bench = try Bench.withVault()
    let plan = try bench.makePlan(
      Bench.rule("A", "0 * ? * * *", "'StartWindowMinutes':60,'Lifecycle':{'DeleteAfterDays':1}"),
      Bench.rule(
        "B", "0 0/12 ? * * *", "'StartWindowMinutes':480,'Lifecycle':{'DeleteAfterDays':7}"))
    try bench.select(plan, Self.everything)
    bench.cloud.advance(to: Instant(seconds: 1_780_444_800) - .milliseconds(1))  // 3 June, 00:00
    let ofDay = try bench.planJobs().filter { $0.at >= Instant(seconds: 1_780_358_400) }
    let hours = ofDay.map {
      "\($0.rule)\(($0.at - Instant(seconds: 1_780_358_400)).components.seconds / 3_600)"
    }
    #expect(
      hours == ["B0", "A8", "A9", "A10", "A11", "B12", "A20", "A21", "A22", "A23"])
  }

  /// Selections over the tables `orders` (team pay), `orders-eu` (team web, stage test) and `users`
  /// (no tags), and what they select, with the service opted in and not.
  static let selections: [(members: String, optedIn: [String], notOptedIn: [String])] = [
    ("'Resources':['*']", ["orders", "orders-eu", "users"], []),
    ("'Resources':['arn:aws:dynamodb:*']", ["orders", "orders-eu", "users"], []),
    (
      "'Resources':['arn:aws:dynamodb:*:*:table/*']", ["orders", "orders-eu", "users"],
      ["orders", "orders-eu", "users"]
    ),
    (
      "'Resources':['arn:aws:dynamodb:us-east-1:123456789012:table/orders*']",
      ["orders", "orders-eu"], ["orders", "orders-eu"]
    ),
    ("'Resources':['arn:aws:dynamodb:eu-west-1:*:table/*']", [], []),
    ("'ListOfTags':[\(tag("team", "pay"))]", ["orders"], []),
    ("'ListOfTags':[\(tag("team", "pay")),\(tag("team", "web"))]", ["orders", "orders-eu"], []),
    (
      "'Resources':['\(Bench.ordersARN)'],'ListOfTags':[\(tag("team", "web"))]",
      ["orders", "orders-eu"], ["orders"]
    ),
    ("'Conditions':{'StringLike':[\(condition("team", "p*"))]}", ["orders"], []),
    ("'Conditions':{'StringNotLike':[\(condition("team", "p*"))]}", ["orders-eu", "users"], []),
    ("'Conditions':{'StringEquals':[\(condition("team", "web"))]}", ["orders-eu"], []),
    (
      "'Resources':['*'],'Conditions':{'StringNotEquals':[\(condition("stage", "test"))]}",
      ["orders", "users"], []
    ),
    (
      "'Resources':['*'],'Conditions':{'StringEquals':[\(condition("team", "web")),"
        + "\(condition("stage", "prod"))]}", [], []
    ),
    (
      "'Resources':['*'],'NotResources':['arn:aws:dynamodb:*:*:table/orders*']", ["users"], []
    ),
  ]

  static func tag(_ key: String, _ value: String) -> String {
    "{'ConditionType':'STRINGEQUALS','ConditionKey':'\(key)','ConditionValue':'\(value)'}"
  }

  static func condition(_ key: String, _ value: String) -> String {
    "{'ConditionKey':'aws:ResourceTag/\(key)','ConditionValue':'\(value)'}"
  }

  @Test("a selection takes what it says, as it is when the plan runs")
  func selection() throws {
    var world = try Bench.withVault()
    let plan = try world.makePlan(Bench.rule("daily", "0 5 ? * * *"))
    for row in Self.selections {
      for (isOptedIn, expected) in [(true, row.optedIn), (false, row.notOptedIn)] {
        var bench = world
        try bench.select(plan, row.members)
        try bench.backup(
          "UpdateRegionSettings", "{'ResourceTypeOptInPreference':{'DynamoDB':\(isOptedIn)}}")
        // Tables and tags that come after the selection count.
        try bench.makeTable("orders-eu")
        try bench.makeTable("users")
        try bench.tag("orders", "{'Key':'team','Value':'pay'}")
        try bench.tag("orders-eu", "{'Key':'team','Value':'web'},{'Key':'stage','Value':'test'}")
        bench.wait(.days(1))
        #expect(try bench.planJobs().map(\.table) == expected, "\(row.members) \(isOptedIn)")
      }
    }
  }

  static let invalid = "InvalidParameterValueException: "

  static let faults: [(rule: String, detail: String)] = [
    (Bench.rule("r", "0 5 * * * *"), "Invalid schedule expression"),
    (
      Bench.rule("r", "0,30 5 ? * * *"),
      "Schedule expression must not run more often than once an hour"
    ),
    (
      Bench.rule("r", "0 5 ? * * *", "'ScheduleExpressionTimezone':'Mars/Olympus'"),
      "Invalid schedule expression timezone"
    ),
    (
      Bench.rule("r", "0 5 ? * * *", "'StartWindowMinutes':59"),
      "Invalid StartWindowMinutes. The minimum value is 60"
    ),
    (
      Bench.rule("r", "0 5 ? * * *", "'CompletionWindowMinutes':539"),
      "Invalid CompletionWindowMinutes. It must be at least 60 minutes longer than the start window"
    ),
    (
      Bench.rule(
        "r", "0 5 ? * * *",
        "'Lifecycle':{'MoveToColdStorageAfterDays':30,'DeleteAfterDays':119}"),
      "Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from "
        + "MoveToColdStorageAfterDays"
    ),
    (
      Bench.rule("r", "0 5 ? * * *", "'Lifecycle':{'DeleteAfterDays':36501}"),
      "Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days"
    ),
    (
      Bench.rule(
        "r", "0 5 ? * * *", "'EnableContinuousBackup':true,'Lifecycle':{'DeleteAfterDays':36}"),
      "Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 35 days"
    ),
    (
      Bench.rule("r", "0 5 ? * * *", "'CopyActions':[{'DestinationBackupVaultArn':'vault'}]"),
      "Invalid destination backup vault ARN vault"
    ),
  ]

  @Test("a rule that cannot be is refused, with a number and what it is about")
  func ruleFaults() throws {
    var bench = try Bench.withVault()
    let fingerprint = bench.cloud.fingerprint()
    for (rule, detail) in Self.faults {
      let input = "{'BackupPlan':{'BackupPlanName':'plan','Rules':[\(rule)]}}"
      #expect(
        bench.backupRefusal("CreateBackupPlan", input)
          == Self.invalid + "Error in rule r : \(detail)")
      do {
        try bench.backup("CreateBackupPlan", input)
        Issue.record("accepted: \(rule)")
      } catch let error as ServiceError {
        #expect(error.members["Code"]?.string == "ERROR_3015")
        #expect(error.members["Context"]?.string == "[\"r\",\"\(detail)\"]")
      }
    }
    #expect(bench.cloud.fingerprint() == fingerprint)
  }

  @Test("plans and selections refuse what is there already, and what is not there")
  func refusals() throws {
    var bench = try Bench.withVault()
    let rule = Bench.rule("daily", "0 5 ? * * *")
    let plan = try bench.makePlan(rule)
    try bench.select(plan, Self.everything)
    let fingerprint = bench.cloud.fingerprint()
    func selection(_ members: String, role: String = Bench.role) -> String {
      "{'BackupPlanId':'\(plan)','BackupSelection':{'SelectionName':'new','IamRoleArn':'\(role)'\(members)}}"
    }
    let rows: [(String, String, String)] = [
      (
        "CreateBackupPlan", "{'BackupPlan':{'BackupPlanName':'plan','Rules':[\(rule)]}}",
        "AlreadyExistsException: Backup plan with the same plan document already exists"
      ),
      (
        "GetBackupPlan", "{'BackupPlanId':'none'}",
        "ResourceNotFoundException: Failed reading Backup plan with provided version"
      ),
      (
        "CreateBackupPlan", "{'BackupPlan':{'BackupPlanName':'new','Rules':[]}}",
        Self.invalid + "A backup plan must have at least one rule."
      ),
      (
        "CreateBackupSelection", selection(""),
        Self.invalid
          + "Invalid backup selection. Either 'ListOfTags' or 'Resources' section must be non-empty."
      ),
      (
        "CreateBackupSelection", selection(",'Resources':['arn:aws:dynamodb:*:*:table/*-logs']"),
        Self.invalid
          + "Invalid resource ARN in backup selection: arn:aws:dynamodb:*:*:table/*-logs"
      ),
      (
        "CreateBackupSelection",
        selection(",'Resources':['*']", role: "arn:aws:iam::111122223333:role/r"),
        Self.invalid + "IAM Role arn:aws:iam::111122223333:role/r cannot be assumed by AWS Backup"
      ),
      (
        "CreateBackupSelection", selection(",'Resources':['*']").replacing("'new'", with: "'all'"),
        "AlreadyExistsException: Backup selection with the same name already exists"
      ),
      (
        "GetBackupSelection", "{'BackupPlanId':'\(plan)','SelectionId':'none'}",
        "ResourceNotFoundException: Cannot find Backup selection with specified id"
      ),
    ]
    for (operation, input, words) in rows {
      #expect(bench.backupRefusal(operation, input) == words)
    }
    #expect(bench.cloud.fingerprint() == fingerprint)
  }
}

extension Bench {
  fileprivate mutating func tag(_ table: String, _ tags: String) throws {
    let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/\(table)"
    try call("TagResource", "{'ResourceArn':'\(arn)','Tags':[\(tags)]}")
  }
}
