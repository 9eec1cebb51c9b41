// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Makes a plan that reports each day's jobs into a bucket. [BKP.report]
package struct CreateReportPlan: BackupOperation {
  let reportPlanName: String
  let reportPlanDescription: String?
  let reportDeliveryChannel: ReportChannel
  let reportSetting: ReportSetting
  let reportPlanTags: [String: String]?
  let idempotencyToken: String?

  package struct Output: Encodable, Sendable {
    let reportPlanName: String
    let reportPlanArn: String
    let creationTime: Timestamp
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    try BackupTags.check(reportPlanTags ?? [:])
    try ReportPlan.check(reportDeliveryChannel, reportSetting, for: caller)
    let plans = cloud[caller.place].awsBackup.reportPlans ?? OrderedMap()
    if let existing = plans[reportPlanName] {
      guard let idempotencyToken, idempotencyToken == existing.token else {
        throw .backupAlreadyExists(
          "Report plan with the same name already exists", arn: existing.arn,
          creatorRequestId: existing.token ?? "")
      }
      return Output(existing)
    }
    guard plans.count < ReportPlan.perPlace else {
      throw .backupLimitExceeded("Maximum number of report plans exceeded")
    }
    // Every refusal is above this line.
    let plan = ReportPlan(
      name: reportPlanName, id: cloud.identifiers.uuid("report-plan"), place: caller.place,
      createdAt: cloud.now, token: idempotencyToken, description: reportPlanDescription,
      channel: reportDeliveryChannel, setting: reportSetting, tags: reportPlanTags ?? [:])
    cloud.keep(plan, named: plan.name, among: \.reportPlans, in: caller.place)
    cloud.scheduleReport(of: plan)
    return Output(plan)
  }
}

extension CreateReportPlan.Output {
  fileprivate init(_ plan: ReportPlan) {
    reportPlanName = plan.name
    reportPlanArn = plan.arn
    creationTime = Timestamp(plan.createdAt)
  }
}

/// Changes what a request names of a report plan. [BKP.report]
package struct UpdateReportPlan: BackupOperation {
  let reportPlanName: String
  let reportPlanDescription: String?
  let reportDeliveryChannel: ReportChannel?
  let reportSetting: ReportSetting?
  /// The same as of the last change asks for nothing more.
  let idempotencyToken: String?

  package typealias Output = CreateReportPlan.Output

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    var plan = try cloud.reportPlan(reportPlanName, for: caller)
    guard !plan.isRepeated(idempotencyToken) else { return Output(plan) }
    plan.description = reportPlanDescription ?? plan.description
    plan.channel = reportDeliveryChannel ?? plan.channel
    plan.setting = reportSetting ?? plan.setting
    try ReportPlan.check(plan.channel, plan.setting, for: caller)
    try plan.requireReady(at: cloud.now)
    // Every refusal is above this line.
    plan.noteUpdate(at: cloud.now, token: idempotencyToken)
    cloud.keep(plan, named: plan.name, among: \.reportPlans, in: caller.place)
    return Output(plan)
  }
}

/// A report plan as the service shows it. [BKP.report]
package struct ReportPlanDescription: Encodable, Sendable {
  let reportPlanArn: String
  let reportPlanName: String
  let reportPlanDescription: String?
  let reportSetting: ReportSetting
  let reportDeliveryChannel: ReportChannel
  let deploymentStatus: String
  let creationTime: Timestamp
  let lastAttemptedExecutionTime: Timestamp?
  let lastSuccessfulExecutionTime: Timestamp?

  init(_ plan: ReportPlan, at now: Instant) {
    reportPlanArn = plan.arn
    reportPlanName = plan.name
    reportPlanDescription = plan.description
    reportSetting = plan.setting
    reportDeliveryChannel = plan.channel
    deploymentStatus = plan.deploymentStatus(at: now)
    creationTime = Timestamp(plan.createdAt)
    lastAttemptedExecutionTime = plan.attemptedAt.map(Timestamp.init)
    lastSuccessfulExecutionTime = plan.succeededAt.map(Timestamp.init)
  }
}

/// Returns a report plan. [BKP.report]
package struct DescribeReportPlan: BackupOperation {
  let reportPlanName: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable { let reportPlan: ReportPlanDescription }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let plan = try cloud.reportPlan(reportPlanName, for: caller)
    return Output(reportPlan: ReportPlanDescription(plan, at: cloud.now))
  }
}

/// Lists the report plans of the caller's account and Region, by name. [BKP.report]
package struct ListReportPlans: BackupOperation {
  let maxResults: Int?
  let nextToken: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let reportPlans: [ReportPlanDescription]
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let page = try Page(
      cloud[caller.place].awsBackup.reportPlans ?? OrderedMap(), limit: maxResults,
      token: nextToken)
    let now = cloud.now
    return Output(
      reportPlans: page.shown.map { ReportPlanDescription($0, at: now) },
      nextToken: page.nextToken)
  }
}

/// Deletes a report plan; the reports that were written stay. [BKP.report]
package struct DeleteReportPlan: BackupOperation {
  let reportPlanName: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let plan = try cloud.reportPlan(reportPlanName, for: caller)
    try plan.requireReady(at: cloud.now)
    cloud.keep(nil as ReportPlan?, named: plan.name, among: \.reportPlans, in: caller.place)
    return EmptyOutput()
  }
}

/// Writes a plan's report of the last 24 hours now. [BKP.report]
package struct StartReportJob: BackupOperation {
  let reportPlanName: String
  let idempotencyToken: String?

  package struct Output: Encodable, Sendable { let reportJobId: String }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let plan = try cloud.reportPlan(reportPlanName, for: caller)
    if let idempotencyToken, let jobs = cloud[caller.place].awsBackup.reportJobs,
      let repeated = jobs.newestFirst.first(where: { $0.token == idempotencyToken })
    {
      return Output(reportJobId: repeated.id)
    }
    // Every refusal is above this line.
    let job = cloud.startReport(
      of: plan, from: cloud.now - .days(1), until: cloud.now, token: idempotencyToken)
    return Output(reportJobId: job.id)
  }
}

/// A report job as the service shows it. [BKP.report]
package struct ReportJobDescription: Encodable, Sendable {
  let reportJobId: String
  let reportPlanArn: String
  let reportTemplate: String
  let creationTime: Timestamp
  let completionTime: Timestamp?
  let status: String
  let statusMessage: String?
  let reportDestination: Destination?

  struct Destination: Encodable, Sendable {
    let s3BucketName: String
    let s3Keys: [String]
  }

  init(_ job: ReportJob, at now: Instant) {
    reportJobId = job.id
    reportPlanArn = job.planARN
    reportTemplate = job.template
    creationTime = Timestamp(job.createdAt)
    completionTime = job.endedAt.map(Timestamp.init)
    status = job.shownState(at: now)
    statusMessage = job.message
    reportDestination =
      job.keys.isEmpty ? nil : Destination(s3BucketName: job.bucket, s3Keys: job.keys)
  }
}

/// Returns a report job of the last 30 days. [BKP.report]
package struct DescribeReportJob: BackupOperation {
  let reportJobId: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable { let reportJob: ReportJobDescription }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard let job = cloud[caller.place].awsBackup.reportJobs?[reportJobId],
      job.createdAt >= cloud.now - BackupJob.kept
    else { throw .backupResourceNotFound("Cannot find report job with ID \(reportJobId)") }
    return Output(reportJob: ReportJobDescription(job, at: cloud.now))
  }
}

/// Lists the report jobs of the last 30 days, newest first. [BKP.report]
package struct ListReportJobs: BackupOperation {
  let byReportPlanName: String?
  let byCreationBefore: Timestamp?
  let byCreationAfter: Timestamp?
  let byStatus: String?
  let maxResults: Int?
  let nextToken: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let reportJobs: [ReportJobDescription]
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let now = cloud.now
    let times = JobTimes(before: byCreationBefore, after: byCreationAfter)
    let page = try Page(
      newestFirst: cloud[caller.place].awsBackup.reportJobs ?? Register(), limit: maxResults,
      token: nextToken,
      where: { job in
        byReportPlanName ?? job.planName == job.planName
          && byStatus ?? job.shownState(at: now) == job.shownState(at: now)
          && times.admit(job.createdAt)
      },
      while: { $0.createdAt >= now - BackupJob.kept })
    return Output(
      reportJobs: page.shown.map { ReportJobDescription($0, at: now) }, nextToken: page.nextToken)
  }
}
