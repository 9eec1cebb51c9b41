// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Reports and frameworks")
struct ReportTests {
  static let channel = "'S3BucketName':'reports-of-123'"

  @Test("a report job writes the last 24 hours' jobs into the bucket, in each format asked for")
  func written() throws {
    var bench = try Bench.withVault()
    try bench.call("CreateBucket", "{'Bucket':'reports-of-123'}", service: "s3api")
    let old = try bench.startBackup()
    bench.wait(.days(2))
    let one = try bench.startBackup()
    bench.wait(.minutes(10))
    let two = try bench.startBackup("prod", "'StartWindowMinutes':60")
    try bench.backup("StopBackupJob", "{'BackupJobId':'\(two)'}")
    bench.wait(.minutes(1))
    try bench.report("BACKUP_JOB_REPORT", ",'S3KeyPrefix':'audit','Formats':['CSV','JSON']")
    let id = try bench.backup("StartReportJob", "{'ReportPlanName':'daily'}").text("ReportJobId")
    #expect(try bench.reportJob(id).show("Status") == "'CREATED'")
    bench.wait(.seconds(30))
    #expect(try bench.reportJob(id).show("Status") == "'RUNNING'")
    bench.wait(.seconds(30))
    let job = try bench.reportJob(id)
    #expect(job.show("Status") == "'COMPLETED'")
    let folder = "audit/Backup/123456789012/us-east-1/2026/06/03/daily_\(id)"
    #expect(
      job.show("ReportDestination")
        == "{'S3BucketName':'reports-of-123','S3Keys':['\(folder).csv','\(folder).json']}")
    let lines = try bench.reportText("\(folder).csv").split(separator: "\n").map(String.init)
    #expect(
      lines.first?.hasPrefix("reportTimePeriodStart,reportTimePeriodEnd,accountId,region,") == true)
    let shown: [String] = lines.dropFirst().map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      return cells[4..<7].joined(separator: " ")
    }
    #expect(shown == ["\(one) COMPLETED ", "\(two) ABORTED Backup job was stopped by user."])
    #expect(!lines.joined().contains(old))
    let items = try Document.parse(try bench.reportText("\(folder).json"))
    #expect(items.at("reportItems.0.backupJobId")?.string == one)
    #expect(items.at("reportItems.0.jobRunTime")?.string == "300")
  }

  @Test("a plan reports each day that is over, until it is deleted; a missing bucket fails the job")
  func daily() throws {
    var bench = try Bench.withVault()
    try bench.report("BACKUP_JOB_REPORT")
    bench.wait(.days(2))
    func jobs(_ input: String) throws -> [Document] {
      var bench = bench
      return try bench.backup("ListReportJobs", input).at("ReportJobs")?.array ?? []
    }
    let failed: [String] = try jobs("{}").map { $0.show("StatusMessage") }
    let denied = "'Access Denied to the S3 bucket reports-of-123.'"
    #expect(failed == [denied, denied])
    try bench.call("CreateBucket", "{'Bucket':'reports-of-123'}", service: "s3api")
    bench.wait(.days(1))
    #expect(try jobs("{'ByStatus':'COMPLETED'}").count == 1)
    #expect(try jobs("{'ByReportPlanName':'other'}").isEmpty)
    let plan = try bench.backup("DescribeReportPlan", "{'ReportPlanName':'daily'}")
    #expect(
      try plan.instant("ReportPlan.LastAttemptedExecutionTime") + .minutes(1)
        == plan.instant("ReportPlan.LastSuccessfulExecutionTime"))
    try bench.backup("DeleteReportPlan", "{'ReportPlanName':'daily'}")
    bench.wait(.days(2))
    #expect(try jobs("{}").count == 3)
  }

  @Test("copies and restores are reported likewise, of every Region that is asked for")
  func others() throws {
    var world = try CopyBench()
    try world.bench.call("CreateBucket", "{'Bucket':'reports-of-123'}", service: "s3api")
    let copy = try world.copy(to: CopyBench.vault("123456789012", "eu-west-1"))
    let restore = try world.bench.restoreJob(world.point, "'targetTableName':'copy'")
    for (template, regions, expected) in [
      ("COPY_JOB_REPORT", "", try copy.text("CopyJobId")),
      ("RESTORE_JOB_REPORT", ",'Regions':['*']", try restore.text("RestoreJobId")),
      ("RESTORE_JOB_REPORT", ",'Regions':['eu-west-1']", ""),
    ] {
      var bench = world.bench
      try bench.report(template, setting: regions)
      let id = try bench.backup("StartReportJob", "{'ReportPlanName':'daily'}").text("ReportJobId")
      bench.wait(.minutes(1))
      let key = try bench.reportJob(id).text("ReportDestination.S3Keys.0")
      let lines = try bench.reportText(key).split(separator: "\n")
      #expect(lines.count == (expected.isEmpty ? 1 : 2))
      #expect(lines.last?.contains(expected) == true || expected.isEmpty)
    }
  }

  @Test("report plans and frameworks are changed once they are ready, listed, tagged and deleted")
  func life() throws {
    var bench = Bench()
    try bench.report("BACKUP_JOB_REPORT")
    let control = "[{'ControlName':'BACKUP_RECOVERY_POINT_ENCRYPTED'}]"
    let made = try bench.backup(
      "CreateFramework", "{'FrameworkName':'all','FrameworkControls':\(control)}")
    for (update, input, words) in [
      (
        "UpdateReportPlan", "{'ReportPlanName':'daily','ReportPlanDescription':'d'}",
        "Report plan daily"
      ),
      ("UpdateFramework", "{'FrameworkName':'all','FrameworkDescription':'d'}", "Framework all"),
    ] {
      #expect(
        bench.backupRefusal(update, input)
          == "ConflictException: \(words) is in deployment status CREATE_IN_PROGRESS.")
    }
    bench.wait(.minutes(1))
    try bench.backup("UpdateReportPlan", "{'ReportPlanName':'daily','ReportPlanDescription':'d'}")
    try bench.backup("UpdateFramework", "{'FrameworkName':'all','FrameworkDescription':'d'}")
    // The same token asks for nothing more, another one for a change that comes too soon.
    bench.wait(.minutes(1))
    for (update, input) in [
      ("UpdateReportPlan", "'ReportPlanName':'daily','ReportPlanDescription':'d'"),
      ("UpdateFramework", "'FrameworkName':'all','FrameworkDescription':'d'"),
    ] {
      let first = try bench.backup(update, "{\(input),'IdempotencyToken':'t'}")
      #expect(try bench.backup(update, "{\(input),'IdempotencyToken':'t'}") == first)
      #expect(
        bench.backupRefusal(update, "{\(input),'IdempotencyToken':'u'}")
          .hasSuffix("is in deployment status UPDATE_IN_PROGRESS."))
    }
    let plans = try bench.backup("ListReportPlans", "{}")
    #expect(plans.show("ReportPlans.0.ReportPlanDescription") == "'d'")
    #expect(plans.show("ReportPlans.0.DeploymentStatus") == "'UPDATE_IN_PROGRESS'")
    let frameworks = try bench.backup("ListFrameworks", "{}")
    #expect(frameworks.show("Frameworks.0.NumberOfControls") == "1")
    let shown = try bench.backup("DescribeFramework", "{'FrameworkName':'all'}")
    #expect(shown.show("FrameworkControls") == control)
    #expect(shown.show("FrameworkStatus") == "'INACTIVE'")
    for arn in [
      try made.text("FrameworkArn"), try plans.text("ReportPlans.0.ReportPlanArn"),
    ] {
      try bench.backup("TagResource", "{'ResourceArn':'\(arn)','Tags':{'a':'b'}}")
      #expect(try bench.backup("ListTags", "{'ResourceArn':'\(arn)'}").show("Tags.a") == "'b'")
    }
    bench.wait(.minutes(1))
    try bench.backup("DeleteReportPlan", "{'ReportPlanName':'daily'}")
    try bench.backup("DeleteFramework", "{'FrameworkName':'all'}")
    #expect(try bench.backup("ListFrameworks", "{}").show() == "{'Frameworks':[]}")
    #expect(try bench.backup("ListReportPlans", "{}").show() == "{'ReportPlans':[]}")
  }
}

extension Bench {
  /// Makes the report plan `daily`; it is ready a minute later.
  mutating func report(_ template: String, _ channel: String = "", setting: String = "") throws {
    try backup(
      "CreateReportPlan",
      "{'ReportPlanName':'daily','ReportDeliveryChannel':{\(ReportTests.channel)\(channel)},"
        + "'ReportSetting':{'ReportTemplate':'\(template)'\(setting)}}")
  }

  mutating func reportJob(_ id: String) throws -> Document {
    try #require(try backup("DescribeReportJob", "{'ReportJobId':'\(id)'}").at("ReportJob"))
  }

  /// The text of an object in the bucket of reports.
  func reportText(_ key: String) throws -> String {
    let bucket = try #require(cloud.bucket(named: "reports-of-123", inPartitionOf: "us-east-1"))
    return String(decoding: try #require(bucket.object(key)).contents.bytes, as: UTF8.self)
  }
}
