// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

extension Cloud {
  /// Puts a copy on the agenda.
  ///
  /// - Parameters:
  ///   - point: What is to be copied.
  ///   - vault: The name of the vault that gets the copy.
  ///   - destination: Where that vault is.
  ///   - roleARN: The role the job takes on.
  ///   - lifecycle: The copy's; nil keeps the source's.
  ///   - job: The backup job whose plan asks for it; nil if somebody did.
  ///   - token: What the request gave to be told from another one like it.
  /// - Returns: The job.
  mutating func startCopy(
    of point: RecoveryPoint, to vault: String, in destination: Place, roleARN: String,
    lifecycle: Lifecycle?, after job: BackupJob?, token: String? = nil
  ) -> CopyJob {
    let copy = CopyJob(
      id: identifiers.uuid("copy-job", isUppercase: true), place: point.place,
      sourceVaultName: point.vaultName, sourceARN: point.arn, destinationVaultName: vault,
      destination: destination, roleARN: roleARN, lifecycle: lifecycle,
      resourceARN: point.resourceARN, createdBy: job?.createdBy, backupJobID: job?.id,
      createdAt: now, token: token)
    self[point.place].awsBackup.keep(copy, among: \.copies)
    agenda.schedule(.backup(.copyBegins(point.place, copy.id)), at: now + CopyJob.beginning)
    tell(ofCopyJob: copy.id, in: point.place)
    return copy
  }

  /// Starts the copies that a plan's rule asks for once its recovery point is whole.
  mutating func startCopies(after job: BackupJob) {
    guard let arn = job.recoveryPointARN,
      let point = self[job.place].awsBackup.recoveryPoints[arn]
    else { return }
    for action in job.copyActions {
      guard let vault = ARN(action.destinationBackupVaultArn), let name = vault.vaultName else {
        continue
      }
      _ = startCopy(
        of: point, to: name, in: vault.place, roleARN: job.roleARN, lifecycle: action.lifecycle,
        after: job)
    }
  }

  private mutating func endCopy(_ job: CopyJob, as state: CopyJob.State, _ message: String?) {
    let now = now
    self[job.place].awsBackup.copies.change(job.id) { $0.end(as: state, message, at: now) }
    self[job.place].awsBackup.release(job.resourceARN, from: job.id)
    tell(ofCopyJob: job.id, in: job.place)
  }

  mutating func copyBegins(_ id: String, in place: Place) {
    guard let job = self[place].awsBackup.copies[id], job.state == .created else { return }
    guard let point = self[place].awsBackup.recoveryPoints[job.sourceARN],
      point.status == .completed
    else {
      return endCopy(job, as: .failed, CopyFailure.sourceGone)
    }
    if isDown(job.destination.region), now < job.createdAt + CopyJob.retryingFor {
      agenda.schedule(.backup(.copyBegins(place, id)), at: now + BackupJob.retrying)
      return
    }
    if let message = takeFailure(of: .copy, on: job.resourceARN) ?? copyFault(job, point) {
      return endCopy(job, as: .failed, message)
    }
    guard self[place].awsBackup.busyResources[job.resourceARN] == nil else {
      agenda.schedule(.backup(.copyBegins(place, id)), at: now + BackupJob.retrying)
      return
    }
    self[place].awsBackup.busyResources[job.resourceARN] = id
    let copy = identifiers.uuid(
      "recovery-point", after: ARN.backupService("recovery-point:", in: job.destination))
    self[place].awsBackup.copies.change(id) {
      $0.state = .running
      $0.copyARN = copy
      $0.byteCount = point.byteCount
    }
    tell(ofCopyJob: id, in: place)
    agenda.schedule(
      .backup(.copyEnds(place, id)), at: now + CopyJob.duration(bytes: point.byteCount))
  }

  /// Why a copy cannot be made, in the order in which the service looks; nil if it can.
  /// [BKP.copy.failures]
  private func copyFault(_ job: CopyJob, _ point: RecoveryPoint) -> String? {
    guard !isDown(job.destination.region) else { return CopyFailure.unavailable }
    let isForeign = job.place.account != job.destination.account
    if isForeign {
      guard let organization, organization.includes(job.place.account),
        organization.includes(job.destination.account)
      else { return CopyFailure.otherOrganization }
      guard organization.isCrossAccountBackupEnabled else { return CopyFailure.crossAccountOff }
    }
    guard let vault = vault(job.destinationVaultName, in: job.destination) else {
      return isForeign ? CopyFailure.denied : CopyFailure.noVault(job.destinationVaultARN)
    }
    guard vault.isAvailable(at: now) else {
      return CopyFailure.vaultNotReady(job.destinationVaultARN)
    }
    let into = RequiredPermission(action: "backup:CopyIntoBackupVault", resource: vault.arn)
    let asked = into.asked(by: requester(Caller(backupRole: job.roleARN, in: job.place)))
    if vault.policy?.denies(asked) ?? false { return CopyFailure.denied }
    if isForeign {
      guard vault.policy?.allows(asked) ?? false else { return CopyFailure.denied }
      if vault.isUnderManagedKey { return CopyFailure.managedKey }
    }
    guard isUsable(vaultKey: point.keyARN), isUsable(vaultKey: vault.keyARN) else {
      return JobFailure.keyUnusable
    }
    guard point.isAdvanced else {
      return CopyFailure.notAdvanced(from: job.place.region, to: job.destination.region)
    }
    guard !point.isCold else { return CopyFailure.sourceCold }
    let from = RequiredPermission.copyFrom(
      ARN.vault(job.sourceVaultName, in: job.place), to: vault.arn, in: self)
    if let message = roleFault(
      job.roleARN, in: job.place, needs: [from, into], else: CopyFailure.denied)
    {
      return message
    }
    let days = lifecycle(of: job, point).deleteAfterDays
    if let lock = vault.lock, !lock.admits(retentionDays: days) { return CopyFailure.retention }
    return nil
  }

  /// The copy's lifecycle, counted from the source's creation; one without an end takes the source's
  /// end. [BKP.copy.lifecycle]
  private func lifecycle(of job: CopyJob, _ point: RecoveryPoint) -> Lifecycle {
    guard var own = job.lifecycle?.normalized else { return point.lifecycle }
    own.deleteAfterDays = own.deleteAfterDays ?? point.lifecycle.deleteAfterDays
    return own
  }

  mutating func copyEnds(_ id: String, in place: Place) {
    guard let job = self[place].awsBackup.copies[id], let arn = job.copyARN else { return }
    guard let point = self[place].awsBackup.recoveryPoints[job.sourceARN] else {
      return endCopy(job, as: .failed, CopyFailure.sourceGone)
    }
    guard let vault = vault(job.destinationVaultName, in: job.destination) else {
      return endCopy(job, as: .failed, CopyFailure.noVault(job.destinationVaultARN))
    }
    endCopy(job, as: .completed, nil)
    let position = add(
      RecoveryPoint(
        copying: point, as: arn, into: vault, lifecycle: lifecycle(of: job, point),
        roleARN: job.roleARN))
    complete(recoveryPoint: arn, at: position, in: job.destination)
    guard place.region != job.destination.region else { return }
    meters.charge(.copyTransfer, of: point.billed, bytes: point.byteCount, at: now)
  }
}
