// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Asks for a new table with what a recovery point holds; it never overwrites one. [BKP.restore]
///
/// The recovery point must lie in the caller's account and Region: one of another is copied first.
package struct StartRestoreJob: BackupOperation {
  let recoveryPointArn: String
  let metadata: [String: String]
  let iamRoleArn: String?
  let idempotencyToken: String?
  let resourceType: String?
  let copySourceTagsToRestoredResource: Bool?

  package struct Output: Encodable, Sendable { let restoreJobId: String }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let service = cloud[caller.place].awsBackup
    guard let point = service.recoveryPoints[recoveryPointArn],
      let vault = service.vaults[point.vaultName]
    else { throw .recoveryPointNotFound }
    try vault.require(Self.name, for: caller, in: cloud)
    if let repeated = service.job(token: idempotencyToken, among: \.restoreJobs) {
      return Output(restoreJobId: repeated.id)
    }
    guard point.status == .completed else {
      throw .invalidBackupRequest(
        "Recovery point in status \(point.status.rawValue) cannot be restored.")
    }
    guard let iamRoleArn else { throw .invalidBackupParameter("IAM role is required") }
    try BackupRole.check(iamRoleArn, for: caller)
    guard resourceType ?? BackupSettings.dynamoDB == BackupSettings.dynamoDB else {
      throw .invalidBackupParameter("Invalid resource type: \(resourceType ?? "")")
    }
    let wish = try RestoreJob.Wish(metadata)
    // Every refusal is above this line.
    let job = RestoreJob(
      id: cloud.identifiers.uuid("restore-job", isUppercase: true), place: caller.place,
      recoveryPointARN: point.arn, vaultName: point.vaultName, sourceARN: point.resourceARN,
      recoveryPointCreatedAt: point.createdAt, byteCount: point.byteCount, roleARN: iamRoleArn,
      metadata: metadata, wish: wish, copiesTags: copySourceTagsToRestoredResource ?? false,
      caller: caller, createdAt: cloud.now, token: idempotencyToken)
    cloud[caller.place].awsBackup.keep(job, among: \.restoreJobs)
    cloud.agenda.schedule(
      .backup(.restoreBegins(caller.place, job.id)), at: cloud.now + RestoreJob.beginning)
    cloud.tell(ofRestoreJob: job.id, in: caller.place)
    return Output(restoreJobId: job.id)
  }
}

/// Returns a restore job. [BKP.restore]
package struct DescribeRestoreJob: BackupOperation {
  let restoreJobId: String

  package static var isReadOnly: Bool { true }
  package typealias Output = RestoreJobDescription

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    RestoreJobDescription(try cloud.restoreJob(restoreJobId, for: caller), at: cloud.now)
  }
}

/// Returns the metadata a restore was asked for with. [BKP.restore.metadata]
package struct GetRestoreJobMetadata: BackupOperation {
  let restoreJobId: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let restoreJobId: String
    let metadata: [String: String]
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let job = try cloud.restoreJob(restoreJobId, for: caller)
    return Output(restoreJobId: job.id, metadata: job.metadata)
  }
}

/// Lists the restore jobs of the last 30 days, newest first. [BKP.restore]
package struct ListRestoreJobs: BackupOperation {
  let nextToken: String?
  let maxResults: Int?
  let byAccountId: String?
  let byResourceType: String?
  let byCreatedBefore: Timestamp?
  let byCreatedAfter: Timestamp?
  let byStatus: String?
  let byCompleteBefore: Timestamp?
  let byCompleteAfter: Timestamp?
  let byRestoreTestingPlanArn: String?
  let byParentJobId: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let restoreJobs: [RestoreJobDescription]
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let page = try cloud.page(
      of: \.restoreJobs, for: caller, limit: maxResults, token: nextToken
    ) { job in
      byParentJobId == nil && byStatus ?? job.state.rawValue == job.state.rawValue
        && byResourceType ?? BackupSettings.dynamoDB == BackupSettings.dynamoDB
        && (byRestoreTestingPlanArn == nil || byRestoreTestingPlanArn == job.test?.planARN)
        && byAccountId ?? job.place.account == job.place.account
        && JobTimes(before: byCreatedBefore, after: byCreatedAfter).admit(job.createdAt)
        && JobTimes(before: byCompleteBefore, after: byCompleteAfter).admit(job.endedAt)
    }
    return Output(
      restoreJobs: page.shown.map { RestoreJobDescription($0, at: cloud.now) },
      nextToken: page.nextToken)
  }
}

/// Lists the restore jobs of one resource, newest first. [BKP.restore]
package struct ListRestoreJobsByProtectedResource: BackupOperation {
  let resourceArn: String
  let byStatus: String?
  let byRecoveryPointCreationDateAfter: Timestamp?
  let byRecoveryPointCreationDateBefore: Timestamp?
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }
  package typealias Output = ListRestoreJobs.Output

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let times = JobTimes(
      before: byRecoveryPointCreationDateBefore, after: byRecoveryPointCreationDateAfter)
    let page = try cloud.page(
      of: \.restoreJobs, for: caller, limit: maxResults, token: nextToken
    ) { job in
      job.sourceARN == resourceArn && byStatus ?? job.state.rawValue == job.state.rawValue
        && times.admit(job.recoveryPointCreatedAt)
    }
    return Output(
      restoreJobs: page.shown.map { RestoreJobDescription($0, at: cloud.now) },
      nextToken: page.nextToken)
  }
}

extension Cloud {
  /// The restore job of an id in the caller's place, for 30 days.
  ///
  /// - Throws: ResourceNotFound.
  func restoreJob(_ id: String, for caller: Caller) throws(ServiceError) -> RestoreJob {
    guard let job = job(id, among: \.restoreJobs, for: caller) else {
      throw .backupResourceNotFound("Cannot find restore job with ID \(id)")
    }
    return job
  }
}

// MARK: - What happens

extension Cloud {
  private mutating func changeRestore(
    _ id: String, in place: Place, _ change: (inout RestoreJob) -> Void
  ) {
    self[place].awsBackup.restoreJobs.change(id, change)
  }

  private mutating func endRestore(
    _ id: String, in place: Place, as state: RestoreJob.State, _ message: String?
  ) {
    let now = now
    changeRestore(id, in: place) { $0.end(as: state, message, at: now) }
    tell(ofRestoreJob: id, in: place)
  }

  mutating func restoreBegins(_ id: String, in place: Place) {
    guard let job = self[place].awsBackup.restoreJobs[id] else { return }
    if let test = job.test {
      let (fault, mayBegin) = admission(of: test, in: place)
      if let fault { return endRestore(id, in: place, as: .failed, fault) }
      guard mayBegin else {
        agenda.schedule(.backup(.restoreBegins(place, id)), at: now + BackupJob.retrying)
        return
      }
    }
    guard let point = self[place].awsBackup.recoveryPoints[job.recoveryPointARN],
      let backup = contents(of: point)
    else {
      return endRestore(id, in: place, as: .failed, ServiceError.recoveryPointNotFound.message)
    }
    if let message = takeFailure(of: .restore, on: job.sourceARN) ?? restoreFault(job, point) {
      return endRestore(id, in: place, as: .failed, message)
    }
    let overrides = RestoreOverrides(
      billingMode: nil, globalIndexes: nil, localIndexes: nil, throughput: nil,
      onDemandThroughput: nil, encryption: specification(job.wish, of: point))
    let settings: TableSettings
    do throws(ServiceError) {
      settings = try overrides.settings(
        from: backup.settings, named: job.wish.tableName, in: self, for: job.caller)
    } catch {
      return endRestore(id, in: place, as: .failed, JobFailure.keyUnusable)
    }
    let duration = RestoreJob.duration(bytes: point.byteCount, isCold: point.isCold)
    let line: BillLine = point.isCold ? .coldRestore : point.isAdvanced ? .warmRestore : .restore
    let table = restore(
      backup.image, as: settings,
      origin: RestoreOrigin(
        backupARN: point.arn, tableARN: backup.tableARN, instant: backup.createdAt),
      declaredByteCount: backup.declaredByteCount, from: place, to: place, taking: duration,
      billedAs: line)
    if job.test != nil {
      self[place][table].settings.tags.append(
        Tag(key: RestoreTestingSelection.tag, value: "true"))
    }
    let now = now
    changeRestore(id, in: place) {
      $0.state = .running
      $0.startedAt = now
      $0.endsAt = now + duration
      $0.createdARN = ARN.table(table.name, in: place)
    }
    tell(ofRestoreJob: id, in: place)
    agenda.schedule(.backup(.restoreEnds(place, id)), at: now + duration)
  }

  /// Why a restore cannot begin; nil if it can. [BKP.restore.failures]
  private func restoreFault(_ job: RestoreJob, _ point: RecoveryPoint) -> String? {
    if job.copiesTags {
      return "Copying source tags to the restored resource is not supported for DynamoDB."
    }
    let target = ARN.table(job.wish.tableName, in: job.place)
    let needed =
      point.isAdvanced
      ? [RequiredPermission(action: "dynamodb:RestoreTableFromAwsBackup", resource: point.arn)]
      : [RequiredPermission(action: "dynamodb:RestoreTableFromBackup", resource: point.arn)]
        + RequiredPermission.filling(target)
    if let message = roleFault(
      job.roleARN, in: job.place, needs: needed, else: JobFailure.roleLacks(job.roleARN))
    {
      return message
    }
    if job.wish.encryption == .unsaid, ARN(point.resourceARN)?.place != point.place {
      return "encryptionType must be specified for a recovery point of another Region or account."
    }
    if self[job.place].tables[job.wish.tableName] != nil {
      return "Table already exists: \(job.wish.tableName)"
    }
    if restores(of: job.place.account).count >= Limits.concurrentRestores {
      return "Only \(Limits.concurrentRestores) restore operations can be done simultaneously"
    }
    // The key that the recovery point is under is needed to read it.
    guard let key = point.keyARN else { return nil }
    let isUsable =
      point.isAdvanced ? isUsable(vaultKey: key) : refusal(of: Encryption(keyARN: key)) == nil
    return isUsable ? nil : JobFailure.keyUnusable
  }

  /// How the new table is to be encrypted; nil is the original table's key. [BKP.restore.encryption]
  private func specification(
    _ wish: RestoreJob.Wish, of point: RecoveryPoint
  ) -> SSESpecification? {
    switch wish.encryption {
    case .unsaid where point.isAdvanced: nil
    case .unsaid, .ownedByDynamoDB:
      SSESpecification(enabled: false, sseType: nil, kmsMasterKeyId: nil)
    case .key(let key): SSESpecification(enabled: true, sseType: "KMS", kmsMasterKeyId: key)
    }
  }

  mutating func restoreEnds(_ id: String, in place: Place) {
    guard let job = self[place].awsBackup.restoreJobs[id], let startedAt = job.startedAt else {
      return
    }
    endRestore(id, in: place, as: .completed, nil)
    testedRestoreIsDone(id, in: place)
    let now = now
    self[place].awsBackup.recoveryPoints.change(job.recoveryPointARN) { $0.lastRestoredAt = now }
    guard self[place].awsBackup.protectedResources[job.sourceARN] != nil else { return }
    self[place].awsBackup.protectedResources[existing: job.sourceARN].lastRestore = .init(
      minutes: Int((now - startedAt).wholeMilliseconds / 60_000), createdAt: job.createdAt,
      recoveryPointCreatedAt: job.recoveryPointCreatedAt)
  }
}
