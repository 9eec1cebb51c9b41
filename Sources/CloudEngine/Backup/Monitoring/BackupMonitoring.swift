// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
import Simulation

/// Whom AWS Backup tells what happens: the event bus, the topic of a vault, the audit trail, and
/// its metrics. Each change of state is told once, here.
extension Cloud {
  /// A backup job is in another state.
  ///
  /// - Parameters:
  ///   - position: Where it is among the jobs of its place.
  ///   - place: The job's place.
  mutating func tell(ofJobAt position: Int, in place: Place) {
    let job = backupService(in: place).pointee.backupJobs.address(at: position)
    let (id, state, resource) = (job.pointee.id, job.pointee.state, job.pointee.resourceARN)
    let vault = VaultKey(place: place, vault: job.pointee.vaultName)
    let isAdvanced = job.pointee.isAdvanced
    switch state {
    case .created: count(.backupCreated, for: vault)
    case .running:
      count(.backupPending, for: vault)
      count(.backupRunning, for: vault)
      trail(.backupJobStarted, id, in: vault, resource, nil)
      trail(isAdvanced ? .startAwsBackupJob : .createBackup, id, in: vault, resource, nil)
    case .aborting: return
    case .aborted: count(.backupAborted, for: vault)
    case .completed: count(.backupCompleted, for: vault)
    case .failed: count(.backupFailed, for: vault)
    case .expired: count(.backupExpired, for: vault)
    }
    if state.isOver { trail(.backupJobCompleted, id, in: vault, resource, state.rawValue) }
    if isBusHeard(in: place) { tellBus(of: self[place].awsBackup.backupJobs[at: position]) }
    guard notifications(of: vault) != nil else { return }
    for event in VaultEvent.of(state) {
      notify(event, of: self[place].awsBackup.backupJobs[at: position])
    }
  }

  private mutating func tellBus(of job: BackupJob) {
    if job.state == .running {
      tell(BusEvent(job, as: "PENDING"), in: job.place, of: now - BackupJob.pending)
    }
    tell(BusEvent(job, as: job.state.rawValue), in: job.place)
  }

  /// A copy job is in another state; it is told in the Region of its source, and counted for the
  /// vault that gets the copy.
  mutating func tell(ofCopyJob id: String, in place: Place) {
    guard let job = self[place].awsBackup.copies[id] else { return }
    let (count, event, trailed): (BackupCount, VaultEvent?, BackupTrailEvent.Name?) =
      switch job.state {
      case .created: (.copyCreated, nil, nil)
      case .running: (.copyRunning, .copyJobStarted, .copyJobStarted)
      case .completed: (.copyCompleted, .copyJobSuccessful, .copyJobCompleted)
      case .failed: (.copyFailed, .copyJobFailed, .copyJobCompleted)
      }
    self.count(count, for: VaultKey(place: place, vault: job.destinationVaultName))
    tell(BusEvent(job), in: place)
    if let trailed {
      trail(
        trailed, job.id, in: VaultKey(place: place, vault: job.sourceVaultName), job.resourceARN,
        job.endedAt == nil ? nil : job.state.rawValue)
    }
    guard let event else { return }
    notify(
      event,
      BackupNotice(
        kind: "COPY_JOB", id: job.id, state: job.state.rawValue, createdAt: job.createdAt,
        subject: "copy job", pointARN: job.copyARN, resourceARN: job.resourceARN),
      of: VaultKey(place: place, vault: job.sourceVaultName))
  }

  /// A restore job is in another state.
  mutating func tell(ofRestoreJob id: String, in place: Place) {
    guard let job = self[place].awsBackup.restoreJobs[id] else { return }
    let vault = VaultKey(place: place, vault: job.vaultName)
    let (count, events, trailed): (BackupCount, [VaultEvent], BackupTrailEvent.Name?) =
      switch job.state {
      case .pending: (.restorePending, [], nil)
      case .running: (.restoreRunning, [.restoreJobStarted], .restoreStarted)
      case .completed:
        (.restoreCompleted, [.restoreJobCompleted, .restoreJobSuccessful], .restoreCompleted)
      case .failed: (.restoreFailed, [.restoreJobCompleted, .restoreJobFailed], .restoreCompleted)
      }
    self.count(count, for: vault)
    if job.state == .pending { tell(BusEvent(job, as: "CREATED"), in: place) }
    tell(BusEvent(job, as: job.state.rawValue), in: place)
    if let trailed {
      trail(
        trailed, job.id, in: vault, job.sourceARN, job.endedAt == nil ? nil : job.state.rawValue)
    }
    for event in events {
      notify(
        event,
        BackupNotice(
          kind: "RESTORE_JOB", id: job.id, state: job.state.rawValue, createdAt: job.createdAt,
          subject: "restore job", pointARN: job.recoveryPointARN,
          resourceARN: job.createdARN ?? job.sourceARN), of: vault)
    }
  }

  /// What becomes of a recovery point.
  enum RecoveryPointChange {
    case begun, completed, changed, cooled, deleting, gone

    /// What the event bus is told of it; nil for nothing.
    fileprivate var status: String? {
      switch self {
      case .begun: "CREATING"
      case .completed: "COMPLETED"
      case .changed, .cooled: "MODIFIED"
      case .deleting: "DELETING"
      case .gone: nil
      }
    }
  }

  /// A recovery point is in another state, or was changed.
  ///
  /// - Parameters:
  ///   - change: What became of it.
  ///   - position: Where it is among the recovery points of its place, as long as it is there.
  ///   - place: The recovery point's place.
  mutating func tell(
    _ change: RecoveryPointChange, ofPointAt position: Int, in place: Place
  ) {
    if let status = change.status, isBusHeard(in: place) {
      let event = BusEvent(self[place].awsBackup.recoveryPoints[at: position], as: status)
      tell(event, in: place)
    }
    guard change != .begun else { return }
    let point = backupService(in: place).pointee.recoveryPoints.address(at: position)
    let vault = VaultKey(place: place, vault: point.pointee.vaultName)
    guard change != .deleting else { return count(.pointDeleting, for: vault) }
    let (arn, resource) = (point.pointee.arn, point.pointee.resourceARN)
    let createdAt = point.pointee.createdAt
    switch change {
    // Told already.
    case .begun, .deleting: break
    case .completed:
      count(.pointCompleted, for: vault)
      trail(.recoveryPointCreated, arn, in: vault, resource, nil)
    case .changed, .cooled:
      notify(
        .recoveryPointModified,
        BackupNotice(
          kind: "RECOVERY_POINT", id: arn, state: "MODIFIED", createdAt: createdAt,
          subject: "recovery point", pointARN: arn, resourceARN: resource),
        of: vault)
      guard case .cooled = change else { return }
      count(.pointCold, for: vault)
      trail(.backupTransitionedToCold, arn, in: vault, resource, nil)
    case .gone: trail(.backupDeleted, arn, in: vault, resource, nil)
    }
  }

  /// A vault's settings were changed.
  mutating func tell(vaultChanged name: String, in place: Place) {
    guard let vault = vault(name, in: place) else { return }
    tell(BusEvent(vault, as: "MODIFIED"), in: place)
  }

  // MARK: The ways

  /// Has the bus told at the next full five minutes, which is how often AWS Backup does it.
  ///
  /// - Parameters:
  ///   - event: What happened; made only where a rule could want it.
  ///   - place: Where.
  ///   - instant: When; now if left out.
  mutating func tell(
    _ event: @autoclosure () -> BusEvent, in place: Place, of instant: Instant? = nil
  ) {
    guard isBusHeard(in: place) else { return }
    let round = BackupRound.milliseconds
    let next = Instant(milliseconds: (now.milliseconds / round + 1) * round)
    agenda.schedule(.busIsTold(place, event(), of: instant ?? now), at: next)
  }

  /// Whether there is a rule that could want an event.
  private func isBusHeard(in place: Place) -> Bool {
    guard let rules = places.address(of: place)?.pointee.eventRules else { return false }
    return rules.values.contains { $0.isEnabled && $0.pattern != nil }
  }

  private mutating func count(_ count: BackupCount, for vault: VaultKey) {
    observations.metrics.count(count, for: vault, at: now)
  }

  private mutating func trail(
    _ name: BackupTrailEvent.Name, _ subject: String, in vault: VaultKey, _ resourceARN: String,
    _ state: String?
  ) {
    observations.append(
      BackupTrailEvent(
        at: now, name: name, place: vault.place, subject: subject, vaultName: vault.vault,
        resourceARN: resourceARN, state: state))
  }

  private mutating func notify(_ event: VaultEvent, of job: BackupJob) {
    let vault = VaultKey(place: job.place, vault: job.vaultName)
    notify(
      event,
      BackupNotice(
        kind: "BACKUP_JOB", id: job.id, state: job.state.rawValue, createdAt: job.createdAt,
        subject: "job", pointARN: job.recoveryPointARN, resourceARN: job.resourceARN),
      of: vault)
  }

  /// Sends a message to a vault's topic, if it asked for this event and the topic lets AWS Backup.
  private mutating func notify(
    _ event: VaultEvent, _ notice: @autoclosure () -> BackupNotice, of vault: VaultKey
  ) {
    guard let wish = notifications(of: vault), wish.events.contains(event.rawValue),
      self[vault.place].topics?[wish.topicARN]?.admits(service: "backup.amazonaws.com") == true
    else { return }
    let notice = notice()
    publish(
      notice.text, subject: "Notification from AWS Backup",
      attributes: notice.attributes(in: vault.place), to: wish.topicARN)
  }

  private func notifications(of vault: VaultKey) -> VaultNotifications? {
    backupService(in: vault.place).pointee.vaults.address(of: vault.vault)?.pointee.notifications
  }
}

/// How often AWS Backup tells the event bus and its metrics. [BKP.events]
enum BackupRound {
  static let milliseconds: Int64 = 300_000
}

/// The events of a vault that a topic may be sent and that can happen here. [BKP.notifications]
///
/// The others of the model are taken and never happen: they are about other kinds of resources.
enum VaultEvent: String {
  case backupJobStarted = "BACKUP_JOB_STARTED"
  case backupJobCompleted = "BACKUP_JOB_COMPLETED"
  case backupJobSuccessful = "BACKUP_JOB_SUCCESSFUL"
  case backupJobFailed = "BACKUP_JOB_FAILED"
  case backupJobExpired = "BACKUP_JOB_EXPIRED"
  case copyJobStarted = "COPY_JOB_STARTED"
  case copyJobSuccessful = "COPY_JOB_SUCCESSFUL"
  case copyJobFailed = "COPY_JOB_FAILED"
  case restoreJobStarted = "RESTORE_JOB_STARTED"
  case restoreJobCompleted = "RESTORE_JOB_COMPLETED"
  case restoreJobSuccessful = "RESTORE_JOB_SUCCESSFUL"
  case restoreJobFailed = "RESTORE_JOB_FAILED"
  case recoveryPointModified = "RECOVERY_POINT_MODIFIED"

  /// What a backup job's coming into a state is to its vault's topic.
  ///
  /// COMPLETED is said of every end; the others are deprecated and say of one kind each.
  static func of(_ state: BackupJob.State) -> [VaultEvent] {
    switch state {
    case .running: [.backupJobStarted]
    case .completed: [.backupJobCompleted, .backupJobSuccessful]
    case .failed: [.backupJobCompleted, .backupJobFailed]
    case .expired: [.backupJobCompleted, .backupJobExpired]
    case .aborted: [.backupJobCompleted]
    case .created, .aborting: []
    }
  }
}

/// What a topic is sent of one event. [BKP.notifications]
struct BackupNotice {
  /// `BACKUP_JOB` and the like.
  let kind: String
  let id: String
  let state: String
  let createdAt: Instant
  /// What the sentence calls it: a backup job is simply a job.
  let subject: String
  let pointARN: String?
  let resourceARN: String

  private var outcome: String {
    switch state {
    case "COMPLETED": "was completed successfully"
    case "FAILED": "failed"
    case "EXPIRED": "expired"
    case "ABORTED": "was stopped"
    case "MODIFIED": "was modified"
    default: "was started"
    }
  }

  /// One sentence, and what it is about.
  var text: String {
    let point = pointARN.map { " Recovery point ARN: \($0)." } ?? ""
    let name = kind == "RECOVERY_POINT" ? "" : " \(Self.label(of: kind)) ID : \(id)"
    return "An AWS Backup \(subject) \(outcome).\(point) Resource ARN : "
      + "\(resourceARN).\(name)"
  }

  private static func label(of kind: String) -> String {
    switch kind {
    case "COPY_JOB": "CopyJob"
    case "RESTORE_JOB": "RestoreJob"
    default: "BackupJob"
    }
  }

  func attributes(in place: Place) -> OrderedMap<String, String> {
    [
      "EventType": kind, "State": state, "AccountId": place.account, "Id": id,
      "StartTime": createdAt.rfc3339Milliseconds,
    ]
  }
}
