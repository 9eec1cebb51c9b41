// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// A plan that writes a report of each day's jobs into a bucket. [BKP.report]
struct ReportPlan: Deployed {
  let name: String
  /// Part of the ARN, so that a plan made again under the name is another one.
  let id: String
  let place: Place
  let createdAt: Instant
  let token: String?
  var description: String?
  var channel: ReportChannel
  var setting: ReportSetting
  var tags: [String: String]
  var updatedAt: Instant?
  var updateToken: String?
  var attemptedAt: Instant?
  var succeededAt: Instant?

  static let perPlace = 20
  /// When after midnight UTC the day before is reported. [BKP.report]
  static let hour: Duration = .hours(1)

  var arn: String { ARN.backupService("report-plan:\(name)-\(id)", in: place) }

  var title: String { "Report plan \(name)" }
}

/// Where reports go. [BKP.report]
struct ReportChannel: Codable, Hashable, Sendable {
  let s3BucketName: String
  let s3KeyPrefix: String?
  let formats: [String]?

  static let formats = ["CSV", "JSON"]
}

/// What is reported. [BKP.report]
struct ReportSetting: Codable, Hashable, Sendable {
  let reportTemplate: String
  let accounts: [String]?
  let regions: [String]?

  static let templates = ["BACKUP_JOB_REPORT", "COPY_JOB_REPORT", "RESTORE_JOB_REPORT"]
  /// What the service has as well; it needs an evaluation of controls or scans.
  static let others = [
    "CONTROL_COMPLIANCE_REPORT", "RESOURCE_COMPLIANCE_REPORT", "SCAN_JOB_REPORT",
  ]
}

extension ReportPlan {
  /// Refuses what no plan can say. [BKP.report]
  static func check(
    _ channel: ReportChannel, _ setting: ReportSetting, for caller: Caller
  ) throws(ServiceError) {
    for format in channel.formats ?? [] where !ReportChannel.formats.contains(format) {
      throw .invalidBackupParameter("Invalid report format: \(format)")
    }
    guard !ReportSetting.others.contains(setting.reportTemplate) else {
      throw .notSimulated("\(setting.reportTemplate) of AWS Backup")
    }
    guard ReportSetting.templates.contains(setting.reportTemplate) else {
      throw .invalidBackupParameter("Invalid report template: \(setting.reportTemplate)")
    }
    for account in setting.accounts ?? [] where account != caller.account {
      throw .notSimulated("A report of another account's jobs")
    }
    for region in setting.regions ?? []
    where region != "*" && Partition(ofRegion: region) != caller.place.partition {
      throw .invalidBackupParameter("Invalid Region: \(region)")
    }
  }
}

/// The writing of one report. [BKP.report]
struct ReportJob: Codable, Sendable, Registered {
  let id: String
  let place: Place
  let planName: String
  let planARN: String
  let template: String
  let createdAt: Instant
  let token: String?
  /// The jobs that came into being from the one instant on and before the other are reported.
  let from: Instant
  let until: Instant
  let bucket: String
  var keys: [String] = []
  var state: State = .created
  var message: String?
  var endedAt: Instant?

  enum State: String, Codable, Sendable {
    case created = "CREATED"
    case completed = "COMPLETED"
    case failed = "FAILED"
  }

  /// How long the writing takes. [BKP.durations]
  static let writing: Duration = .minutes(1)

  /// The state as shown: RUNNING once the scheduler has taken it up.
  func shownState(at now: Instant) -> String {
    state == .created && now > createdAt ? "RUNNING" : state.rawValue
  }
}

/// When a report plan is due.
struct DueReport: Hashable, Sendable, Codable {
  let place: Place
  let planName: String
  let planID: String
}

extension Cloud {
  /// The report plan of a name in the caller's place.
  ///
  /// - Throws: ResourceNotFound.
  func reportPlan(_ name: String, for caller: Caller) throws(ServiceError) -> ReportPlan {
    guard let plan = self[caller.place].awsBackup.reportPlans?[name] else {
      throw .backupResourceNotFound("Report plan \(name) does not exist.")
    }
    return plan
  }

  /// Puts a plan's next daily report on the agenda.
  mutating func scheduleReport(of plan: ReportPlan) {
    let due = DueReport(place: plan.place, planName: plan.name, planID: plan.id)
    let next = now.midnight + .days(1) + ReportPlan.hour
    agenda.schedule(.backup(.reportDue(due)), at: next)
  }

  /// Reports the day that is over.
  mutating func reportIsDue(_ due: DueReport) {
    guard let plan = self[due.place].awsBackup.reportPlans?[due.planName], plan.id == due.planID
    else { return }
    scheduleReport(of: plan)
    _ = startReport(of: plan, from: now.midnight - .days(1), until: now.midnight, token: nil)
  }

  mutating func startReport(
    of plan: ReportPlan, from: Instant, until: Instant, token: String?
  ) -> ReportJob {
    let job = ReportJob(
      id: identifiers.uuid("report-job"), place: plan.place, planName: plan.name,
      planARN: plan.arn, template: plan.setting.reportTemplate, createdAt: now, token: token,
      from: from, until: until, bucket: plan.channel.s3BucketName)
    var jobs = self[plan.place].awsBackup.reportJobs ?? Register()
    self[plan.place].awsBackup.reportJobs = nil
    jobs.append(job)
    jobs.forget(before: now - BackupJob.kept) { $0.token }
    self[plan.place].awsBackup.reportJobs = jobs
    var attempted = plan
    attempted.attemptedAt = now
    keep(attempted, named: plan.name, among: \.reportPlans, in: plan.place)
    agenda.schedule(.backup(.reportEnds(plan.place, job.id)), at: now + ReportJob.writing)
    return job
  }

  /// Writes a report, one object for each format that the plan asks for.
  mutating func reportEnds(_ id: String, in place: Place) {
    guard let job = self[place].awsBackup.reportJobs?[id] else { return }
    var ended = job
    ended.endedAt = now
    ended.state = .failed
    let plan = self[place].awsBackup.reportPlans?[job.planName]
    if let plan, plan.arn == job.planARN {
      if let bucket = bucket(named: job.bucket, inPartitionOf: place.region),
        bucket.place.account == place.account
      {
        ended.state = .completed
        ended.keys = write(
          ReportTable(of: job, regions: plan.setting.regions, in: self), of: job,
          asked: plan.channel, into: bucket.id)
        var succeeded = plan
        succeeded.succeededAt = now
        keep(succeeded, named: plan.name, among: \.reportPlans, in: place)
      } else {
        ended.message = "Access Denied to the S3 bucket \(job.bucket)."
      }
    } else {
      ended.message = "The report plan was deleted."
    }
    let result = ended
    self[place].awsBackup.reportJobs?.change(id) { $0 = result }
  }

  private mutating func write(
    _ table: ReportTable, of job: ReportJob, asked channel: ReportChannel, into bucket: BucketID
  ) -> [String] {
    let date = CalendarDate(job.createdAt)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let prefix = channel.s3KeyPrefix.map { $0.hasSuffix("/") ? $0 : $0 + "/" } ?? ""
    let folder =
      "\(prefix)Backup/\(job.place.account)/\(job.place.region)/\(date.year)/\(two(date.month))/"
      + "\(two(date.day))/"
    var keys: [String] = []
    for format in channel.formats.flatMap({ $0.isEmpty ? nil : $0 }) ?? ["CSV"] {
      let key = "\(folder)\(job.planName)_\(job.id).\(format.lowercased())"
      store(
        format == "CSV" ? table.csv : table.json, at: key, in: bucket,
        contentType: format == "CSV" ? "text/csv" : "application/json")
      keys.append(key)
    }
    return keys
  }
}

extension Instant {
  /// The midnight, UTC, that begins this instant's day.
  var midnight: Instant { Instant(milliseconds: milliseconds - milliseconds % 86_400_000) }
}
