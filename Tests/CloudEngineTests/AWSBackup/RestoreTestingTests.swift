// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Restore testing")
struct RestoreTestingTests {
  @Test("a plan restores the latest recovery point of its window, and deletes the table afterwards")
  func run() throws {
    var bench = try Bench.withVault()
    _ = try bench.recoveryPoint()
    try bench.put("b", 2)
    let latest = try bench.recoveryPoint()
    try bench.testingPlan()
    try bench.testingSelection("'ProtectedResourceArns':['*'],'ValidationWindowHours':3")
    let due = bench.now.nextDay(hour: 5)
    bench.cloud.advance(to: due - .milliseconds(1))
    #expect(try bench.tests().isEmpty)
    bench.cloud.advance(to: due)
    let job = try #require(try bench.tests().first)
    #expect(try bench.tests().count == 1)
    #expect(job.show("Status") == "'PENDING'")
    #expect(job.show("RecoveryPointArn") == "'\(latest)'")
    // It begins within the start window.
    bench.wait(.hours(1) + .minutes(11))
    let done = try #require(try bench.tests().first)
    #expect(done.show("Status") == "'COMPLETED'")
    #expect(done.show("ValidationStatus") == "'VALIDATING'")
    let metadata = try bench.backup(
      "GetRestoreJobMetadata", "{'RestoreJobId':'\(try done.text("RestoreJobId"))'}")
    let table = try metadata.text("Metadata.targetTableName")
    #expect(table.hasPrefix("awsbackup-restore-test-"))
    #expect(metadata.show("Metadata.deletionProtection") == "'false'")
    #expect(try bench.keys(of: table) == ["a", "b"])
    let arn = try done.text("CreatedResourceArn")
    #expect(
      try bench.call("ListTagsOfResource", "{'ResourceArn':'\(arn)'}").show("Tags.0.Key")
        == "'awsbackup-restore-test'")
    // Nobody says how the validation came out: it times out, and the table goes.
    bench.cloud.advance(to: try done.instant("CompletionDate") + .hours(3))
    let over = try #require(try bench.tests().first)
    #expect(over.show("ValidationStatus") == "'TIMED_OUT'")
    #expect(over.show("DeletionStatus") == "'DELETING'")
    bench.wait(.minutes(1))
    #expect(bench.status(of: table) == "gone")
    #expect(try bench.tests().first?.show("DeletionStatus") == "'SUCCESSFUL'")
    #expect(bench.status(of: "orders") == "ACTIVE")
  }

  @Test("a validation result ends the test at once, and can be given only while it lasts")
  func validation() throws {
    var bench = try Bench.withVault()
    let point = try bench.recoveryPoint()
    let own = try bench.restoreJob(point, "'targetTableName':'mine'")
    try bench.testingPlan()
    try bench.testingSelection("'ProtectedResourceArns':['*'],'ValidationWindowHours':24")
    bench.cloud.advance(to: bench.now.nextDay(hour: 5))
    let id = try #require(try bench.tests().first).text("RestoreJobId")
    func result(_ job: String, _ status: String) -> String {
      "{'RestoreJobId':'\(job)','ValidationStatus':'\(status)','ValidationStatusMessage':'seen'}"
    }
    #expect(
      bench.backupRefusal("PutRestoreValidationResult", result(id, "SUCCESSFUL"))
        == "InvalidRequestException: Restore job in status PENDING cannot be validated.")
    let foreign = try own.text("RestoreJobId")
    #expect(
      bench.backupRefusal("PutRestoreValidationResult", result(foreign, "SUCCESSFUL"))
        == "InvalidRequestException: Restore job \(foreign) was not started by a restore testing "
        + "plan.")
    bench.wait(.hours(2))
    try bench.backup("PutRestoreValidationResult", result(id, "VALIDATING"))
    try bench.backup("PutRestoreValidationResult", result(id, "FAILED"))
    bench.wait(.minutes(1))
    let job = try #require(try bench.tests().first)
    #expect(
      ["ValidationStatus", "ValidationStatusMessage", "DeletionStatus"].map { job.show($0) } == [
        "'FAILED'", "'seen'", "'SUCCESSFUL'",
      ])
    #expect(
      bench.backupRefusal("PutRestoreValidationResult", result(id, "SUCCESSFUL"))
        == "InvalidRequestException: The validation window of restore job \(id) has ended.")
  }

  @Test(
    "resources are chosen by ARN, wildcard or tags, recovery points by vault, window and type",
    arguments: [
      ("'ProtectedResourceArns':['*']", "", 1),
      ("'ProtectedResourceArns':['\(Bench.ordersARN)']", "", 1),
      ("'ProtectedResourceArns':['\(Bench.ordersARN)x']", "", 0),
      (Self.tagged("team", "a"), "", 1), (Self.tagged("team", "b"), "", 0),
      (Self.tagged("team", "b", "StringNotEquals"), "", 1),
      (all, "'IncludeVaults':['\(Self.vault("prod"))']", 1),
      (all, "'IncludeVaults':['\(Self.vault("other"))']", 0),
      (all, "'IncludeVaults':['*'],'ExcludeVaults':['\(Self.vault("prod"))']", 0),
      (all, "'IncludeVaults':['*'],'RecoveryPointTypes':['CONTINUOUS']", 0),
      (all, "'IncludeVaults':['*'],'SelectionWindowDays':1", 0),
      (all, "'IncludeVaults':['*'],'SelectionWindowDays':3", 1),
      (all, "'IncludeVaults':['*'],'Algorithm':'RANDOM_WITHIN_WINDOW'", 1),
    ] as [(String, String, Int)])
  func choice(selection: String, points: String, count: Int) throws {
    var bench = try Bench.withVault()
    try bench.call(
      "TagResource", "{'ResourceArn':'\(Bench.ordersARN)','Tags':[{'Key':'team','Value':'a'}]}")
    _ = try bench.recoveryPoint()
    bench.wait(.days(1))
    try bench.testingPlan(points.isEmpty ? "'IncludeVaults':['*']" : points)
    try bench.testingSelection(selection)
    bench.cloud.advance(to: bench.now.nextDay(hour: 5))
    #expect(try bench.tests().count == count)
  }

  static let all = "'ProtectedResourceArns':['*']"

  static func vault(_ name: String) -> String {
    "arn:aws:backup:us-east-1:123456789012:backup-vault:\(name)"
  }

  static func tagged(_ key: String, _ value: String, _ kind: String = "StringEquals") -> String {
    "'ProtectedResourceArns':['*'],'ProtectedResourceConditions':"
      + "{'\(kind)':[{'Key':'aws:ResourceTag/\(key)','Value':'\(value)'}]}"
  }

  @Test(
    "a table that somebody protects stays, and the job says so; without a window it goes at once")
  func protected() throws {
    var bench = try Bench.withVault()
    _ = try bench.recoveryPoint()
    try bench.testingPlan()
    try bench.testingSelection(Self.all + ",'ValidationWindowHours':2")
    bench.cloud.advance(to: bench.now.nextDay(hour: 5))
    bench.wait(.hours(1) + .minutes(11))
    let arn = try #require(try bench.tests().first).text("CreatedResourceArn")
    let table = try #require(arn.split(separator: "/").last)
    try bench.call(
      "UpdateTable", "{'TableName':'\(table)','DeletionProtectionEnabled':true}")
    bench.wait(.hours(2))
    let job = try #require(try bench.tests().first)
    #expect(job.show("DeletionStatus") == "'FAILED'")
    #expect(try job.text("DeletionStatusMessage").hasPrefix("Resource cannot be deleted"))
    #expect(bench.status(of: String(table)) == "ACTIVE")
    // The next day's test has no window to be validated in.
    try bench.backup(
      "UpdateRestoreTestingSelection",
      "{'RestoreTestingPlanName':'tests','RestoreTestingSelectionName':'all',"
        + "'RestoreTestingSelection':{'ValidationWindowHours':0}}")
    bench.cloud.advance(to: bench.now.nextDay(hour: 7))
    let next = try #require(try bench.tests().first)
    #expect(next.show("ValidationStatus") == "absent")
    #expect(next.show("DeletionStatus") == "'SUCCESSFUL'")
  }

  @Test("plans and selections are shown, changed, listed and deleted; only empty plans can be")
  func life() throws {
    var bench = try Bench.withVault()
    try bench.testingPlan()
    try bench.testingSelection(Self.all)
    let name = "{'RestoreTestingPlanName':'tests'}"
    #expect(
      bench.backupRefusal("DeleteRestoreTestingPlan", name)
        == "InvalidRequestException: Related restore testing selections must be deleted prior to "
        + "restore testing plan deletion")
    let changed = try bench.backup(
      "UpdateRestoreTestingPlan",
      "{'RestoreTestingPlanName':'tests','RestoreTestingPlan':"
        + "{'ScheduleExpression':'cron(0 7 ? * * *)','ScheduleExpressionTimezone':'Asia/Tokyo'}}")
    #expect(try changed.instant("UpdateTime") == bench.now)
    let plan = try bench.backup("GetRestoreTestingPlan", name)
    let shown = try #require(plan.at("RestoreTestingPlan"))
    #expect(
      ["ScheduleExpression", "ScheduleExpressionTimezone", "StartWindowHours"].map {
        shown.show($0)
      } == ["'cron(0 7 ? * * *)'", "'Asia/Tokyo'", "1"])
    #expect(shown.show("RecoveryPointSelection.SelectionWindowDays") == "30")
    #expect(shown.show("LastExecutionTime") == "absent")
    // 07:00 in Tokyo is 22:00 UTC; at 05:00 UTC, the old time, nothing happens.
    _ = try bench.recoveryPoint()
    let today = bench.now.nextDay(hour: 22) - .days(1)
    bench.cloud.advance(to: today)
    #expect(try bench.tests().count == 1)
    bench.cloud.advance(to: today + .days(1) - .milliseconds(1))
    #expect(try bench.tests().count == 1)
    let listed = try bench.backup("ListRestoreTestingPlans", "{}")
    #expect(try listed.instant("RestoreTestingPlans.0.LastExecutionTime") == today)
    let selections = try bench.backup("ListRestoreTestingSelections", name)
    #expect(selections.show("RestoreTestingSelections.0.RestoreTestingSelectionName") == "'all'")
    let both = "{'RestoreTestingPlanName':'tests','RestoreTestingSelectionName':'all'}"
    #expect(
      try bench.backup("GetRestoreTestingSelection", both)
        .show("RestoreTestingSelection.ProtectedResourceArns") == "['*']")
    let arn = try shown.text("RestoreTestingPlanArn")
    try bench.backup("TagResource", "{'ResourceArn':'\(arn)','Tags':{'a':'b'}}")
    #expect(try bench.backup("ListTags", "{'ResourceArn':'\(arn)'}").show() == "{'Tags':{'a':'b'}}")
    try bench.backup("DeleteRestoreTestingSelection", both)
    try bench.backup("DeleteRestoreTestingPlan", name)
    bench.wait(.days(2))
    #expect(try bench.tests().count == 1)
  }

  @Test("40 tests are under way at once; the others wait, and fail once their window is over")
  func crowd() throws {
    var bench = try Bench.withVault()
    // A restore of that size takes days, so that nobody makes room.
    try bench.cloud.declareSize(40_000 << 30, ofTable: "orders", in: bench.place)
    _ = try bench.startBackup(
      "prod", "'StartWindowMinutes':60,'CompleteWindowMinutes':86400")
    bench.wait(.days(5))
    for number in 0..<42 {
      let plan = "tests\(number / 30)"
      if number % 30 == 0 { try bench.testingPlan(name: plan) }
      try bench.testingSelection(Self.all, name: "s\(number)", plan: plan)
    }
    bench.cloud.advance(to: bench.now.nextDay(hour: 5))
    #expect(try bench.tests().count { $0.show("Status") == "'PENDING'" } == 42)
    bench.wait(.hours(2))
    let jobs = try bench.tests()
    #expect(jobs.count { $0.show("Status") == "'RUNNING'" } == 40)
    let failed: [String] = jobs.filter { $0.show("Status") == "'FAILED'" }.map {
      $0.show("StatusMessage")
    }
    let late =
      "'Restore job was unable to start within the specified start window. Try increasing your "
      + "start window.'"
    #expect(failed == [late, late])
  }

}

extension Instant {
  /// An hour of the day after, UTC.
  fileprivate func nextDay(hour: Int64) -> Instant {
    Instant(milliseconds: milliseconds - milliseconds % 86_400_000) + .days(1) + .hours(hour)
  }
}

extension Bench {
  /// Makes the plan `tests`, due at 05:00 with a start window of an hour.
  mutating func testingPlan(_ points: String = "'IncludeVaults':['*']", name: String = "tests")
    throws
  {
    var members = points
    if !members.contains("'Algorithm'") { members += ",'Algorithm':'LATEST_WITHIN_WINDOW'" }
    if !members.contains("'RecoveryPointTypes'") { members += ",'RecoveryPointTypes':['SNAPSHOT']" }
    try backup(
      "CreateRestoreTestingPlan",
      "{'RestoreTestingPlan':{'RestoreTestingPlanName':'\(name)','StartWindowHours':1,"
        + "'ScheduleExpression':'cron(0 5 ? * * *)','RecoveryPointSelection':{\(members)}}}")
  }

  mutating func testingSelection(
    _ members: String, name: String = "all", plan: String = "tests"
  ) throws {
    try backup(
      "CreateRestoreTestingSelection",
      "{'RestoreTestingPlanName':'\(plan)','RestoreTestingSelection':{'IamRoleArn':'\(Self.role)',"
        + "'ProtectedResourceType':'DynamoDB','RestoreTestingSelectionName':'\(name)',\(members)}}")
  }

  /// The restore jobs of tests, newest first.
  func tests() throws -> [Document] {
    var bench = self
    let answer = try bench.backup("ListRestoreJobs", "{}")
    return (answer.at("RestoreJobs")?.array ?? []).filter { $0["CreatedBy"] != nil }
  }
}
