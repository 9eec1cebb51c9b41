// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// The making of one recovery point, from the request until it is done or has failed. [BKP.job]
struct BackupJob: Codable, Sendable, ServiceJob {
  let id: String
  let place: Place
  let vaultName: String
  let resourceARN: String
  let roleARN: String
  let createdAt: Instant
  /// When the service begins at the earliest; later each time the resource is busy.
  var beginsAt: Instant
  /// What has not begun by then, or not ended by then, is given up.
  let startBy: Instant
  let completeBy: Instant
  let lifecycle: Lifecycle
  let tags: [String: String]
  /// The plan it comes from; nil for a job that somebody asked for.
  let createdBy: Box<RecoveryPointCreator>?
  /// What is to become of the recovery point once it is whole.
  let copyActions: [BackupRule.CopyAction]
  /// Whether the recovery point is to be AWS Backup's own, as settled by the request. [BKP.advanced]
  let isAdvanced: Bool
  /// Nil until it is known: before the job begins only where AWS Backup itself stores it.
  var recoveryPointARN: String?
  var byteCount: Int64?
  var keyARN: String?
  var state: State = .created
  var message: String?
  var startedAt: Instant?
  /// When the work under way will be done.
  var endsAt: Instant?
  var endedAt: Instant?
  var token: String?

  static let kind = "backup"

  enum State: String, Codable, Sendable {
    case created = "CREATED"
    case running = "RUNNING"
    case aborting = "ABORTING"
    case aborted = "ABORTED"
    case completed = "COMPLETED"
    case failed = "FAILED"
    case expired = "EXPIRED"

    var isOver: Bool { [.aborted, .completed, .failed, .expired].contains(self) }
  }

  /// How long the scheduler has a job in hand before it begins. [BKP.durations]
  static let pending: Duration = .seconds(30)
  static let beginning: Duration = .seconds(60)
  static let aborting: Duration = .seconds(5)
  /// How often a job looks whether its resource is free. [BKP.job.one]
  static let retrying: Duration = .minutes(10)
  /// How long jobs can be looked at. [BKP.job]
  static let kept: Duration = .days(30)

  static let startWindow = 480
  static let startWindowMinimum = 60
  static let completionWindow = 10_080

  /// How long the copying of so many bytes takes. [BKP.durations]
  static func duration(bytes: Int64, isAdvanced: Bool) -> Duration {
    guard isAdvanced else { return .minutes(1) }
    return .minutes(5) + .perGigabytes(10, in: bytes)
  }

  /// The state as shown: PENDING for the last seconds before it begins.
  func shownState(at now: Instant) -> String {
    guard state == .created, now >= beginsAt - Self.pending else { return state.rawValue }
    return "PENDING"
  }

  /// How much is done, as the service writes it: `0.0` to `100.0`.
  func percentDone(at now: Instant) -> String {
    state == .completed ? "100.0" : Progress.text(from: startedAt, until: endsAt, at: now)
  }
}

/// How far something is that takes a known time.
enum Progress {
  /// Percent with one decimal, below 100; `0.0` before it begins.
  static func text(from start: Instant?, until end: Instant?, at now: Instant) -> String {
    guard let start, let end, end > start else { return "0.0" }
    let passed = min(max((now - start).wholeMilliseconds, 0), (end - start).wholeMilliseconds - 1)
    let tenths = passed * 1_000 / (end - start).wholeMilliseconds
    return "\(tenths / 10).\(tenths % 10)"
  }
}

extension Duration {
  /// A minute for each so many GB, begun ones not counted. [BKP.durations]
  static func perGigabytes(_ count: Int64, in bytes: Int64) -> Duration {
    .minutes(bytes / (count * Int64(PriceTable.bytesPerGB)))
  }
}

/// Why a job fails, in the service's words. [BKP.job.failures]
enum JobFailure {
  static let keyUnusable =
    "KMS key is either disabled or pending deletion or access to KMS key is denied"
  static let lifecycleOutsideLock =
    "Backup job failed because the lifecycle is outside the valid range for backup vault."
  static let resourceBusy =
    "Backup job failed because there was a running job for the same resource."
  static let tooLate = "Backup job expired before completion."
  static let stopped = "Backup job was stopped by user."
  static let tableNotFound = "Table not found."
  static let airGapped =
    "Backup job failed because a logically air-gapped vault cannot be the target of a backup job."
  static let tooManyTags =
    "Backup job failed because the number of tags exceeds the limit of \(BackupTags.perResource)."

  private static let unassumable = " cannot be assumed by AWS Backup."
  private static let lacking = " does not have sufficient permissions to execute the job."

  static func roleNotAssumed(_ arn: String) -> String { "The provided role \(arn)\(unassumable)" }

  static func roleLacks(_ arn: String) -> String { "IAM Role \(arn)\(lacking)" }

  /// Whether a message says that access was denied: to a key, or for want of a role.
  static func isOfAccess(_ message: String) -> Bool {
    message == keyUnusable || message.hasSuffix(unassumable) || message.hasSuffix(lacking)
  }

  static func noVault(_ arn: String) -> String {
    "Backup job failed because backup vault \(arn) does not exist."
  }
}

// MARK: - How the service shows a job

/// A job as DescribeBackupJob shows it; in lists it shows the same. [BKP.job]
package struct BackupJobDescription: Encodable, Sendable {
  let accountId: String
  let backupJobId: String
  let backupVaultName: String
  let recoveryPointLifecycle: Lifecycle?
  let backupVaultArn: String
  let vaultType: String
  let vaultLockState: String?
  let recoveryPointArn: String?
  let encryptionKeyArn: String?
  let isEncrypted: Bool
  let resourceArn: String
  let creationDate: Timestamp
  let completionDate: Timestamp?
  let state: String
  let statusMessage: String?
  let percentDone: String
  let backupSizeInBytes: Int64?
  let iamRoleArn: String
  let createdBy: RecoveryPointCreator?
  let resourceType: String
  let bytesTransferred: Int64?
  let expectedCompletionDate: Timestamp?
  let startBy: Timestamp
  let isParent: Bool
  let resourceName: String?
  let initiationDate: Timestamp
  let messageCategory: String?

  init(_ job: BackupJob, in cloud: Cloud) {
    accountId = job.place.account
    backupJobId = job.id
    backupVaultName = job.vaultName
    recoveryPointLifecycle = job.lifecycle == .forever ? nil : job.lifecycle
    backupVaultArn = ARN.vault(job.vaultName, in: job.place)
    vaultType = cloud.vaultType(job.vaultName, in: job.place)
    vaultLockState = cloud.vault(job.vaultName, in: job.place)?.lockState
    recoveryPointArn = job.recoveryPointARN
    encryptionKeyArn = job.keyARN
    isEncrypted = true
    resourceArn = job.resourceARN
    creationDate = Timestamp(job.createdAt)
    completionDate = job.endedAt.map(Timestamp.init)
    state = job.shownState(at: cloud.now)
    statusMessage = job.message
    percentDone = job.percentDone(at: cloud.now)
    backupSizeInBytes = job.byteCount
    iamRoleArn = job.roleARN
    createdBy = job.createdBy?.value
    resourceType = BackupSettings.dynamoDB
    bytesTransferred = job.state == .completed ? job.byteCount : nil
    expectedCompletionDate = job.state == .running ? job.endsAt.map(Timestamp.init) : nil
    startBy = Timestamp(job.startBy)
    isParent = false
    resourceName = ARN(job.resourceARN)?.tableName
    initiationDate = Timestamp(job.createdAt)
    messageCategory = job.state.isOver ? MessageCategory.of(job.message) : nil
  }
}

/// What kind of end a job came to. [BKP.job.category]
enum MessageCategory {
  static func of(_ message: String?) -> String {
    switch message {
    case nil: "SUCCESS"
    case let message? where JobFailure.isOfAccess(message): "AccessDenied"
    case JobFailure.lifecycleOutsideLock, JobFailure.airGapped, JobFailure.tooManyTags:
      "InvalidParameters"
    case JobFailure.tooLate, JobFailure.resourceBusy: "JobExpired"
    case JobFailure.stopped: "JobStopped"
    default: "ResourceNotFound"
    }
  }
}
