// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Something of AWS Backup's that will happen by itself.
///
/// Those that happen to every recovery point know its position and its job's, where it is to be found
/// without looking for the id.
enum BackupOccurrence: Hashable, Sendable, Codable {
  case ruleDue(DueRule)
  case jobBegins(Place, String, at: Int? = nil)
  case jobEnds(Place, String, at: Int? = nil, pointAt: Int? = nil)
  case jobAborted(Place, String)
  case recoveryPointCools(Place, arn: String, at: Int? = nil)
  case recoveryPointExpires(Place, arn: String, at: Int? = nil)
  case recoveryPointGone(Place, arn: String, at: Int? = nil)
  case copyBegins(Place, String)
  case copyEnds(Place, String)
  case restoreBegins(Place, String)
  case restoreEnds(Place, String)
  case legalHoldEnds(Place, String)
  case legalHoldForgotten(Place, String)
  case restoreTestDue(DueRestoreTest)
  case restoreTestIsOver(Place, String)
  case restoreTestCleanedUp(Place, String)
  case reportDue(DueReport)
  case reportEnds(Place, String)

  /// Where it happens.
  var place: Place {
    switch self {
    case .ruleDue(let due): due.place
    case .jobBegins(let place, _, _), .jobEnds(let place, _, _, _), .jobAborted(let place, _),
      .recoveryPointCools(let place, _, _), .recoveryPointExpires(let place, _, _),
      .recoveryPointGone(let place, _, _), .copyBegins(let place, _), .copyEnds(let place, _),
      .restoreBegins(let place, _), .restoreEnds(let place, _), .legalHoldEnds(let place, _),
      .legalHoldForgotten(let place, _), .restoreTestIsOver(let place, _),
      .restoreTestCleanedUp(let place, _), .reportEnds(let place, _):
      place
    case .restoreTestDue(let due): due.place
    case .reportDue(let due): due.place
    }
  }

  /// What a learner who waits is waiting for; nil for what goes on in the background.
  var transition: String? {
    switch self {
    case .jobBegins(_, let id, _): "backup job \(id) begins"
    case .jobEnds(_, let id, _, _): "backup job \(id) ends"
    case .jobAborted(_, let id): "backup job \(id) is ABORTED"
    case .recoveryPointGone(_, let arn, _): "recovery point \(ARN.lastPart(arn)) is gone"
    case .copyBegins(_, let id): "copy job \(id) begins"
    case .copyEnds(_, let id): "copy job \(id) ends"
    case .restoreBegins(_, let id): "restore job \(id) begins"
    case .restoreEnds(_, let id): "restore job \(id) ends"
    case .legalHoldEnds(_, let id): "legal hold \(id) is CANCELED"
    case .reportEnds(_, let id): "report job \(id) ends"
    case .ruleDue, .recoveryPointCools, .recoveryPointExpires, .legalHoldForgotten,
      .restoreTestDue, .restoreTestIsOver, .restoreTestCleanedUp, .reportDue:
      nil
    }
  }
}

/// What a job is asked to do.
struct BackupJobRequest {
  let vaultName: String
  let resourceARN: String
  let roleARN: String
  let beginsAt: Instant
  let startBy: Instant
  let completeBy: Instant
  let lifecycle: Lifecycle
  let tags: [String: String]
  /// Nil for a job that somebody asked for.
  var createdBy: Box<RecoveryPointCreator>?
  var copyActions: [BackupRule.CopyAction] = []
  var token: String?
}

extension Cloud {
  /// Carries out what is due of AWS Backup's.
  mutating func happen(_ occurrence: BackupOccurrence) {
    switch occurrence {
    case .ruleDue(let due): ruleIsDue(due)
    case .jobBegins(let place, let id, let position): jobBegins(id, at: position, in: place)
    case .jobEnds(let place, let id, let position, let point):
      jobEnds(id, at: position, pointAt: point, in: place)
    case .jobAborted(let place, let id): jobAborted(id, in: place)
    case .recoveryPointCools(let place, let arn, let position):
      recoveryPointCools(arn, at: position, in: place)
    case .recoveryPointExpires(let place, let arn, let position):
      recoveryPointExpires(arn, at: position, in: place)
    case .recoveryPointGone(let place, let arn, let position):
      recoveryPointGone(arn, at: position, in: place)
    case .copyBegins(let place, let id): copyBegins(id, in: place)
    case .copyEnds(let place, let id): copyEnds(id, in: place)
    case .restoreBegins(let place, let id): restoreBegins(id, in: place)
    case .restoreEnds(let place, let id): restoreEnds(id, in: place)
    case .legalHoldEnds(let place, let id): legalHoldEnds(id, in: place)
    case .legalHoldForgotten(let place, let id): legalHoldForgotten(id, in: place)
    case .restoreTestDue(let due): restoreTestIsDue(due)
    case .restoreTestIsOver(let place, let id): restoreTestIsOver(id, in: place)
    case .restoreTestCleanedUp(let place, let id): restoreTestIsCleanedUp(id, in: place)
    case .reportDue(let due): reportIsDue(due)
    case .reportEnds(let place, let id): reportEnds(id, in: place)
    }
  }

  /// Puts a job on the agenda.
  ///
  /// Whether the recovery point is to be AWS Backup's own is settled now. [BKP.advanced]
  mutating func start(_ request: BackupJobRequest, in place: Place) -> BackupJob {
    let isAdvanced = self[place].awsBackup.settings.hasAdvancedDynamoDB
    let job = BackupJob(
      id: identifiers.uuid("backup-job", isUppercase: true), place: place,
      vaultName: request.vaultName,
      resourceARN: request.resourceARN, roleARN: request.roleARN, createdAt: now,
      beginsAt: request.beginsAt, startBy: request.startBy, completeBy: request.completeBy,
      lifecycle: request.lifecycle, tags: request.tags, createdBy: request.createdBy,
      copyActions: request.copyActions,
      isAdvanced: isAdvanced,
      recoveryPointARN: isAdvanced
        ? identifiers.uuid(
          "recovery-point", after: ARN.backupService("recovery-point:", in: place))
        : nil,
      token: request.token)
    let position = self[place].awsBackup.keep(job, among: \.backupJobs)
    agenda.schedule(.backup(.jobBegins(place, job.id, at: position)), at: request.beginsAt)
    tell(ofJobAt: position, in: place)
    return job
  }

  /// Ends a job and lets the next one have its resource.
  private mutating func end(
    jobAt position: Int, in place: Place, as state: BackupJob.State, _ message: String?
  ) {
    let now = now
    func end(_ service: inout BackupService) {
      service.backupJobs[at: position].end(as: state, message, at: now)
      let job = service.backupJobs.address(at: position)
      let (resource, id) = (job.pointee.resourceARN, job.pointee.id)
      service.release(resource, from: id)
    }
    end(&self[place].awsBackup)
    tell(ofJobAt: position, in: place)
  }

  private mutating func jobBegins(_ id: String, at known: Int?, in place: Place) {
    guard let position = self[place].awsBackup.backupJobs.position(of: id, at: known) else {
      return
    }
    let job = self[place].awsBackup.backupJobs[at: position]
    guard job.state == .created else { return }
    guard now <= job.startBy else {
      return end(jobAt: position, in: place, as: .expired, JobFailure.resourceBusy)
    }
    guard !self[place].awsBackup.busyResources.contains(key: job.resourceARN) else {
      let next = now + BackupJob.retrying
      let again = next > job.startBy ? job.startBy + .milliseconds(1) : next
      self[place].awsBackup.backupJobs[at: position].beginsAt = again
      agenda.schedule(.backup(.jobBegins(place, id, at: position)), at: again)
      return
    }
    func fail(_ message: String) {
      end(jobAt: position, in: place, as: .failed, message)
    }
    if let message = takeFailure(of: .backup, on: job.resourceARN) { return fail(message) }
    guard let vault = vault(job.vaultName, in: place) else {
      return fail(JobFailure.noVault(ARN.vault(job.vaultName, in: place)))
    }
    guard vault.airGap == nil else { return fail(JobFailure.airGapped) }
    if let lock = vault.lock, !lock.admits(retentionDays: job.lifecycle.deleteAfterDays) {
      return fail(JobFailure.lifecycleOutsideLock)
    }
    // It was the ARN of a table when the job was asked for.
    guard let table = self[place].tables[ARN.lastPart(job.resourceARN)], table.status != .deleting,
      table.backupReadiness == .ready
    else { return fail(JobFailure.tableNotFound) }
    let action = job.isAdvanced ? "dynamodb:StartAwsBackupJob" : "dynamodb:CreateBackup"
    if let message = roleFault(
      job.roleARN, in: place,
      needs: [RequiredPermission(action: action, resource: job.resourceARN)],
      else: JobFailure.roleLacks(job.roleARN))
    {
      return fail(message)
    }
    guard refusal(of: table.settings.encryption) == nil,
      !job.isAdvanced || isUsable(vaultKey: vault.keyARN)
    else { return fail(JobFailure.keyUnusable) }
    guard !job.isAdvanced || !BackupTags.areTooMany(table.settings.tags, with: job.tags) else {
      return fail(JobFailure.tooManyTags)
    }
    takeRecoveryPoint(of: table, for: job, at: position, into: vault)
  }

  /// Pins the table's image as it is now; the rest of the job is the time that copying takes.
  ///
  /// - Complexity: O(log n) in the numbers of recovery points and jobs, whatever the table's size.
  private mutating func takeRecoveryPoint(
    of table: Table, for job: BackupJob, at position: Int, into vault: BackupVault
  ) {
    let (place, now) = (vault.place, now)
    let backup =
      job.isAdvanced
      ? Backup(of: table, id: "", name: "", kind: .awsBackup, at: now)
      : Backup(
        of: table, id: Backup.id(at: now, suffix: identifiers.hex("backup", digits: 8)),
        name: job.id.lowercased(), kind: .awsBackup, at: now)
    let point = RecoveryPoint(of: backup, by: job, in: vault, at: now)
    let done = now + BackupJob.duration(bytes: backup.byteCount, isAdvanced: job.isAdvanced)
    let end = min(done, max(job.completeBy, now))
    func begin(_ job: inout BackupJob) {
      job.state = .running
      job.startedAt = now
      job.endsAt = done
      job.recoveryPointARN = point.arn
      job.byteCount = point.byteCount
      job.keyARN = point.keyARN
    }
    if !job.isAdvanced { self[place].backups[backup.key] = backup }
    func change(_ service: inout BackupService) -> Int {
      begin(&service.backupJobs[at: position])
      service.busyResources.update(job.id, forKey: job.resourceARN)
      return service.add(point)
    }
    let pointPosition = change(&self[place].awsBackup)
    tell(.begun, ofPointAt: pointPosition, in: place)
    tell(ofJobAt: position, in: place)
    agenda.schedule(
      .backup(.jobEnds(place, job.id, at: position, pointAt: pointPosition)), at: end)
  }

  private mutating func jobEnds(
    _ id: String, at known: Int?, pointAt pointPosition: Int?, in place: Place
  ) {
    guard let position = self[place].awsBackup.backupJobs.position(of: id, at: known) else {
      return
    }
    let job = self[place].awsBackup.backupJobs.address(at: position)
    let isToBeCopied = !job.pointee.copyActions.isEmpty
    guard let arn = job.pointee.recoveryPointARN else { return }
    guard let endsAt = job.pointee.endsAt, endsAt <= now else {
      end(jobAt: position, in: place, as: .expired, JobFailure.tooLate)
      return recoveryPointGone(arn, at: pointPosition, in: place)
    }
    end(jobAt: position, in: place, as: .completed, nil)
    complete(recoveryPoint: arn, at: pointPosition, in: place)
    if isToBeCopied { startCopies(after: self[place].awsBackup.backupJobs[at: position]) }
  }

  private mutating func jobAborted(_ id: String, in place: Place) {
    guard let position = self[place].awsBackup.backupJobs.position(of: id) else { return }
    end(jobAt: position, in: place, as: .aborted, JobFailure.stopped)
  }

  /// True while a job copies a table: it can be neither deleted nor stopped. [BKP.job.stop]
  func isBeingBackedUp(_ id: TableID) -> Bool {
    self[id.place].awsBackup.busyResources.contains(key: ARN.table(id.name, in: id.place))
  }
}
