// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// The making of a recovery point's copy in another vault, which may lie in another Region or
/// account. [BKP.copy]
struct CopyJob: Codable, Sendable, ServiceJob {
  let id: String
  /// Where the job was asked for and the source lies.
  let place: Place
  let sourceVaultName: String
  let sourceARN: String
  let destinationVaultName: String
  let destination: Place
  let roleARN: String
  /// Nil keeps the source's.
  let lifecycle: Lifecycle?
  let resourceARN: String
  let createdBy: Box<RecoveryPointCreator>?
  let backupJobID: String?
  let createdAt: Instant
  var state: State = .created
  var message: String?
  var copyARN: String?
  var byteCount: Int64?
  var endedAt: Instant?
  var token: String?

  static let kind = "copy"

  enum State: String, Codable, Sendable {
    case created = "CREATED"
    case running = "RUNNING"
    case completed = "COMPLETED"
    case failed = "FAILED"
  }

  static let beginning: Duration = .seconds(30)
  /// How long it is tried again when the other side does not answer. [BKP.copy.retries]
  static let retryingFor: Duration = .hours(2)

  /// How long the copying of so many bytes takes. [BKP.durations]
  static func duration(bytes: Int64) -> Duration { .minutes(5) + .perGigabytes(5, in: bytes) }

  var destinationVaultARN: String { ARN.vault(destinationVaultName, in: destination) }
}

/// Why a copy fails, in the service's words. [BKP.copy.failures]
enum CopyFailure {
  static let otherOrganization =
    "Copy job failed. Both source and destination account must be a member of the same organization."
  static let crossAccountOff =
    "Copy job failed. Cross-account copy feature is not enabled for the current organization."
  static let denied = "Access Denied trying to call AWS Backup service"
  static let managedKey =
    "Copy job failed because the destination Backup vault is encrypted with the default Backup "
    + "service managed key. The contents of this vault cannot be copied. Only the contents of a "
    + "Backup vault encrypted by an AWS KMS key may be copied."
  static let retention =
    "Copy job failed. The retention specified in the job is not within the range specified for the "
    + "target Backup Vault."
  static let unavailable =
    "Copy job failed because the destination did not answer within two hours."
  static let sourceGone = "Copy job failed because the source recovery point does not exist."

  static func notAdvanced(from source: String, to destination: String) -> String {
    "Copy job from \(source) to \(destination) cannot be initiated for DynamoDB resources. Feature is "
      + "not supported for provided resource type."
  }

  static let sourceCold =
    "Copy job failed because the source recovery point is in cold storage."

  static func vaultNotReady(_ arn: String) -> String {
    "Copy job failed because backup vault \(arn) is not available."
  }

  static func noVault(_ arn: String) -> String {
    "Copy job failed because backup vault \(arn) does not exist."
  }

  /// What kind of end a copy came to. [BKP.job.category]
  static func category(of message: String?) -> String {
    switch message {
    case nil: "SUCCESS"
    case denied: "AccessDenied"
    case let message? where JobFailure.isOfAccess(message): "AccessDenied"
    case retention: "InvalidParameters"
    default: "Failure"
    }
  }
}

/// A copy job as it is shown by itself and in lists. [BKP.copy]
package struct CopyJobDescription: Encodable, Sendable {
  let accountId: String
  let copyJobId: String
  let sourceBackupVaultArn: String
  let sourceRecoveryPointArn: String
  let destinationBackupVaultArn: String
  let destinationVaultType: String
  let destinationVaultLockState: String?
  let destinationRecoveryPointArn: String?
  let destinationEncryptionKeyArn: String?
  let destinationRecoveryPointLifecycle: Lifecycle?
  let resourceArn: String
  let creationDate: Timestamp
  let completionDate: Timestamp?
  let state: String
  let statusMessage: String?
  let backupSizeInBytes: Int64?
  let iamRoleArn: String
  let createdBy: RecoveryPointCreator?
  let createdByBackupJobId: String?
  let resourceType: String
  let isParent: Bool
  let resourceName: String?
  let messageCategory: String?

  init(_ job: CopyJob, in cloud: Cloud) {
    accountId = job.place.account
    copyJobId = job.id
    sourceBackupVaultArn = ARN.vault(job.sourceVaultName, in: job.place)
    sourceRecoveryPointArn = job.sourceARN
    destinationBackupVaultArn = job.destinationVaultARN
    destinationVaultType = cloud.vaultType(job.destinationVaultName, in: job.destination)
    let vault = cloud.vault(job.destinationVaultName, in: job.destination)
    destinationVaultLockState = vault?.lockState
    destinationRecoveryPointArn = job.copyARN
    destinationEncryptionKeyArn = job.copyARN == nil ? nil : vault?.keyARN
    destinationRecoveryPointLifecycle = job.lifecycle
    resourceArn = job.resourceARN
    creationDate = Timestamp(job.createdAt)
    completionDate = job.endedAt.map(Timestamp.init)
    state = job.state.rawValue
    statusMessage = job.message
    backupSizeInBytes = job.byteCount
    iamRoleArn = job.roleARN
    createdBy = job.createdBy?.value
    createdByBackupJobId = job.backupJobID
    resourceType = BackupSettings.dynamoDB
    isParent = false
    resourceName = ARN(job.resourceARN)?.tableName
    messageCategory = job.endedAt == nil ? nil : CopyFailure.category(of: job.message)
  }
}
