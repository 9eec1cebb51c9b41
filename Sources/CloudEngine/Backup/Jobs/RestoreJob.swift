// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// The making of a new table from a recovery point. [BKP.restore]
struct RestoreJob: Codable, Sendable, ServiceJob {
  let id: String
  let place: Place
  let recoveryPointARN: String
  let vaultName: String
  let sourceARN: String
  let recoveryPointCreatedAt: Instant
  let byteCount: Int64
  let roleARN: String
  /// The metadata as the request gave it.
  let metadata: [String: String]
  let wish: Wish
  let copiesTags: Bool
  let caller: Caller
  let createdAt: Instant
  var state: State = .pending
  var message: String?
  var startedAt: Instant?
  var endsAt: Instant?
  var endedAt: Instant?
  var createdARN: String?
  var token: String?
  /// Nil for a job that somebody asked for.
  var test: RestoreTest?

  static let kind = "restore"

  enum State: String, Codable, Sendable {
    case pending = "PENDING"
    case running = "RUNNING"
    case completed = "COMPLETED"
    case failed = "FAILED"
  }

  /// What the metadata ask for, once read.
  struct Wish: Codable, Hashable, Sendable {
    let tableName: String
    let encryption: Encryption

    enum Encryption: Codable, Hashable, Sendable {
      /// Nothing was said: the table's own key with advanced features, else DynamoDB's.
      case unsaid
      case ownedByDynamoDB
      /// A key's ARN, or nil for the one that AWS manages for tables.
      case key(String?)
    }
  }

  static let beginning: Duration = .seconds(30)
  /// What a restore from cold storage takes longer. [BKP.cold]
  static let thawing: Duration = .hours(4)

  /// How long the restore of so many bytes takes. [BKP.durations]
  static func duration(bytes: Int64, isCold: Bool) -> Duration {
    .minutes(10) + .perGigabytes(5, in: bytes) + (isCold ? thawing : .zero)
  }

  func percentDone(at now: Instant) -> String {
    state == .completed ? "100.0" : Progress.text(from: startedAt, until: endsAt, at: now)
  }
}

extension RestoreJob.Wish {
  private static let keys = [
    "targettablename", "encryptiontype", "kmsmasterkeyarn", "originaltablename",
    "aws:backup:request-id", "deletionprotection",
  ]

  /// Reads the metadata of a request, whose keys may be written in either case.
  /// [BKP.restore.metadata]
  ///
  /// - Throws: InvalidParameterValue for what no table can be restored by.
  init(_ metadata: [String: String]) throws(ServiceError) {
    var values: [String: String] = [:]
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      guard Self.keys.contains(key.lowercased()) else {
        throw .invalidBackupParameter("Invalid restore metadata. Unknown key: \(key)")
      }
      values[key.lowercased()] = value
    }
    guard ["false", nil].contains(values["deletionprotection"]?.lowercased()) else {
      throw .notSimulated("deletionProtection of a restore's metadata")
    }
    guard let name = values["targettablename"], !name.isEmpty else {
      throw .invalidBackupParameter("Invalid restore metadata. You must specify targetTableName")
    }
    do throws(ServiceError) {
      try TableName.check(name)
    } catch {
      throw .invalidBackupParameter(error.message)
    }
    tableName = name
    let key = values["kmsmasterkeyarn"]
    switch (values["encryptiontype"]?.lowercased(), key) {
    case ("default"?, nil): encryption = .ownedByDynamoDB
    case ("default"?, _?):
      throw .invalidBackupParameter(
        "Invalid restore metadata. kmsMasterKeyArn needs encryptionType KMS")
    case ("kms"?, let key): encryption = .key(key)
    case (nil, let key?): encryption = .key(key)
    case (nil, nil): encryption = .unsaid
    case (_?, _):
      throw .invalidBackupParameter(
        "Invalid restore metadata. Unknown encryptionType: \(values["encryptiontype"] ?? "")")
    }
  }
}

/// A restore job as it is shown by itself and in lists. [BKP.restore]
package struct RestoreJobDescription: Encodable, Sendable {
  let accountId: String
  let restoreJobId: String
  let recoveryPointArn: String
  let sourceResourceArn: String
  let backupVaultArn: String
  let creationDate: Timestamp
  let completionDate: Timestamp?
  let status: String
  let statusMessage: String?
  let percentDone: String
  let backupSizeInBytes: Int64
  let iamRoleArn: String
  let expectedCompletionTimeMinutes: Int64?
  let createdResourceArn: String?
  let resourceType: String
  let recoveryPointCreationDate: Timestamp
  let createdBy: Creator?
  let validationStatus: String?
  let validationStatusMessage: String?
  let deletionStatus: String?
  let deletionStatusMessage: String?
  let isParent: Bool

  struct Creator: Encodable, Sendable { let restoreTestingPlanArn: String }

  init(_ job: RestoreJob, at now: Instant) {
    accountId = job.place.account
    restoreJobId = job.id
    recoveryPointArn = job.recoveryPointARN
    sourceResourceArn = job.sourceARN
    backupVaultArn = ARN.vault(job.vaultName, in: job.place)
    creationDate = Timestamp(job.createdAt)
    completionDate = job.endedAt.map(Timestamp.init)
    status = job.state.rawValue
    statusMessage = job.message
    percentDone = job.percentDone(at: now)
    backupSizeInBytes = job.byteCount
    iamRoleArn = job.roleARN
    expectedCompletionTimeMinutes =
      job.state == .running
      ? job.endsAt.map { max(0, ($0 - now).wholeMilliseconds + 59_999) / 60_000 } : nil
    createdResourceArn = job.createdARN
    resourceType = BackupSettings.dynamoDB
    recoveryPointCreationDate = Timestamp(job.recoveryPointCreatedAt)
    createdBy = job.test.map { Creator(restoreTestingPlanArn: $0.planARN) }
    validationStatus = job.test?.validation?.status
    validationStatusMessage = job.test?.validation?.message
    deletionStatus = job.test?.deletion?.status
    deletionStatusMessage = job.test?.deletion?.message
    isParent = false
  }
}
