// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Asks for a recovery point of a table; the scheduler begins within the start window. [BKP.job.start]
package struct StartBackupJob: BackupOperation {
  let backupVaultName: String
  let resourceArn: String
  let iamRoleArn: String
  let idempotencyToken: String?
  let startWindowMinutes: Int?
  let completeWindowMinutes: Int?
  let lifecycle: Lifecycle?
  let recoveryPointTags: [String: String]?

  package static var acceptedWithoutEffect: [String] {
    ["Lifecycle.OptInToArchiveForSupportedResources"]
  }

  package struct Output: Encodable, Sendable {
    let backupJobId: String
    let recoveryPointArn: String?
    let creationDate: Timestamp
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require(Self.name, for: caller, in: cloud)
    guard vault.airGap == nil else {
      throw .invalidBackupParameter(
        "A logically air-gapped vault cannot be the target of a backup job: \(vault.name)")
    }
    if let repeated = cloud[caller.place].awsBackup.job(
      token: idempotencyToken, among: \.backupJobs)
    {
      return Output(repeated)
    }
    guard let arn = ARN(resourceArn), arn.tableName != nil, arn.place == caller.place else {
      throw .invalidBackupParameter("Invalid ARN: \(resourceArn). Resource type is not supported")
    }
    try BackupRole.check(iamRoleArn, for: caller)
    let start = startWindowMinutes ?? BackupJob.startWindow
    guard start >= BackupJob.startWindowMinimum else {
      throw .invalidBackupParameter(
        "Invalid StartWindowMinutes. The minimum value is \(BackupJob.startWindowMinimum).")
    }
    guard start <= BackupJob.windowMaximum - 60 else {
      throw .invalidBackupParameter(
        "Invalid StartWindowMinutes. The maximum value is \(BackupJob.windowMaximum - 60).")
    }
    let complete = completeWindowMinutes ?? max(BackupJob.completionWindow, start + 60)
    guard complete >= start + 60, complete <= BackupJob.windowMaximum else {
      throw .invalidBackupParameter(
        "Invalid CompleteWindowMinutes. It must be at least 60 minutes longer than the start window."
      )
    }
    let lifecycle = try lifecycle.checked()
    try BackupTags.check(recoveryPointTags ?? [:])
    // Every refusal is above this line.
    let now = cloud.now
    let job = cloud.start(
      BackupJobRequest(
        vaultName: vault.name, resourceARN: resourceArn, roleARN: iamRoleArn,
        beginsAt: now + BackupJob.beginning, startBy: now + .minutes(Int64(start)),
        completeBy: now + .minutes(Int64(complete)), lifecycle: lifecycle,
        tags: recoveryPointTags ?? [:], token: idempotencyToken),
      in: caller.place)
    return Output(job)
  }
}

extension BackupJob {
  /// A hundred years: the longest window that can be asked for.
  static let windowMaximum = 52_560_000
}

extension StartBackupJob.Output {
  fileprivate init(_ job: BackupJob) {
    backupJobId = job.id
    recoveryPointArn = job.isAdvanced ? job.recoveryPointARN : nil
    creationDate = Timestamp(job.createdAt)
  }
}

/// The role that AWS Backup takes on for a job. [BKP.role]
enum BackupRole {
  /// Refuses what is no role of the caller's account.
  static func check(_ text: String, for caller: Caller) throws(ServiceError) {
    guard let arn = ARN(text), arn.service == "iam", arn.resource.hasPrefix("role/"),
      arn.resource.utf8.count > 5, arn.partition == caller.place.partition.rawValue
    else { throw .invalidBackupParameter("Invalid IAM role ARN: \(text)") }
    guard arn.account == caller.account else { throw .roleNotAssumed(text) }
  }
}

extension Cloud {
  /// Whether AWS Backup can take on a role.
  func canAssume(backupRole arn: String) -> Bool {
    // Where no role is made, all are there and trust everybody.
    guard roles != nil else { return RoleName.isRole(arn) }
    return RoleName(arn).map { canAssume($0, Role.backupService) } ?? false
  }

  /// Why AWS Backup may not do something as the role a job was given; nil if it may. [BKP.role]
  ///
  /// - Parameters:
  ///   - roleARN: The job's role.
  ///   - place: Where the job is.
  ///   - needed: What the role has to be allowed.
  ///   - lacking: The words for a role that is not allowed it.
  /// - Returns: The message the job fails with.
  func roleFault(
    _ roleARN: String, in place: Place, needs needed: @autoclosure () -> [RequiredPermission],
    else lacking: @autoclosure () -> String
  ) -> String? {
    guard canAssume(backupRole: roleARN) else { return JobFailure.roleNotAssumed(roleARN) }
    guard hasPolicies else { return nil }
    let caller = Caller(backupRole: roleARN, in: place)
    guard isGoverned(caller) else { return nil }
    let isAllowed = needed().allSatisfy { needed in
      refusal(of: needed.asked(by: requester(caller)), by: caller) == nil
    }
    return isAllowed ? nil : lacking()
  }
}

extension Caller {
  /// AWS Backup at work with the role of a job.
  init(backupRole arn: String, in place: Place) {
    self.init(
      account: place.account, region: place.region,
      principal: Principal(kind: .role, name: ARN.lastPart(arn), session: "AWSBackup"))
  }
}

/// Returns a job. [BKP.job]
package struct DescribeBackupJob: BackupOperation {
  let backupJobId: String

  package static var isReadOnly: Bool { true }
  package typealias Output = BackupJobDescription

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    BackupJobDescription(try cloud.backupJob(backupJobId, for: caller), in: cloud)
  }
}

/// Stops a job that has not begun; what is being backed up cannot be stopped. [BKP.job.stop]
package struct StopBackupJob: BackupOperation {
  let backupJobId: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let job = try cloud.backupJob(backupJobId, for: caller)
    guard job.state == .created else {
      throw .invalidBackupRequest(
        "Backup job cannot be stopped in state \(job.shownState(at: cloud.now))")
    }
    cloud[caller.place].awsBackup.backupJobs.change(job.id) { $0.state = .aborting }
    cloud.agenda.schedule(
      .backup(.jobAborted(caller.place, job.id)), at: cloud.now + BackupJob.aborting)
    return EmptyOutput()
  }
}

/// Lists the jobs of the last 30 days, newest first. [BKP.job]
package struct ListBackupJobs: BackupOperation {
  let nextToken: String?
  let maxResults: Int?
  let byResourceArn: String?
  let byState: String?
  let byBackupVaultName: String?
  let byCreatedBefore: Timestamp?
  let byCreatedAfter: Timestamp?
  let byResourceType: String?
  let byAccountId: String?
  let byCompleteAfter: Timestamp?
  let byCompleteBefore: Timestamp?
  let byParentJobId: String?
  let byMessageCategory: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let backupJobs: [BackupJobDescription]
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let now = cloud.now
    let page = try cloud.page(
      of: \.backupJobs, for: caller, limit: maxResults, token: nextToken
    ) { isAsked($0, at: now) }
    return Output(
      backupJobs: page.shown.map { BackupJobDescription($0, in: cloud) }, nextToken: page.nextToken)
  }

  private func isAsked(_ job: BackupJob, at now: Instant) -> Bool {
    // No job of a table has children.
    byParentJobId == nil
      && byResourceArn ?? job.resourceARN == job.resourceARN
      && byState ?? job.shownState(at: now) == job.shownState(at: now)
      && byBackupVaultName ?? job.vaultName == job.vaultName
      && byResourceType ?? BackupSettings.dynamoDB == BackupSettings.dynamoDB
      && byAccountId ?? job.place.account == job.place.account
      && JobTimes(before: byCreatedBefore, after: byCreatedAfter).admit(job.createdAt)
      && JobTimes(before: byCompleteBefore, after: byCompleteAfter).admit(job.endedAt)
      && (byMessageCategory.map {
        job.state.isOver && ["ANY", MessageCategory.of(job.message)].contains($0)
      } ?? true)
  }
}

/// The bounds that a listing sets for an instant; both are outside.
struct JobTimes {
  let before: Timestamp?
  let after: Timestamp?

  /// Whether an instant lies between the bounds; one that is missing does so only without bounds.
  func admit(_ instant: Instant?) -> Bool {
    guard let instant else { return before == nil && after == nil }
    return (before.map { instant < $0.instant } ?? true)
      && (after.map { instant > $0.instant } ?? true)
  }
}

extension Cloud {
  /// The job of an id in the caller's place, for 30 days.
  ///
  /// - Throws: ResourceNotFound.
  func backupJob(_ id: String, for caller: Caller) throws(ServiceError) -> BackupJob {
    guard let job = job(id, among: \.backupJobs, for: caller) else {
      throw .backupResourceNotFound("Cannot find backup job with ID \(id)")
    }
    return job
  }
}
