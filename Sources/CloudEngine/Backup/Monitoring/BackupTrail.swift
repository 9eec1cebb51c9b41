// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
package import Simulation

/// What AWS Backup did by itself, as the audit trail has it: an event of the service, which nobody
/// called. [BKP.trail]
package struct BackupTrailEvent: Sendable, Codable {
  package enum Name: String, Sendable, Codable {
    case backupJobStarted = "BackupJobStarted"
    case backupJobCompleted = "BackupJobCompleted"
    case recoveryPointCreated = "RecoveryPointCreated"
    case copyJobStarted = "CopyJobStarted"
    case copyJobCompleted = "CopyJobCompleted"
    case restoreStarted = "RestoreStarted"
    case restoreCompleted = "RestoreCompleted"
    case backupDeleted = "BackupDeleted"
    case backupTransitionedToCold = "BackupTransitionedToCold"
    /// What AWS Backup asks of DynamoDB in a job, without advanced features and with them.
    case createBackup = "CreateBackup"
    case startAwsBackupJob = "StartAwsBackupJob"

    /// What the trail calls the id of the job it is about; nil where it is about no job.
    fileprivate var jobMember: String? {
      switch self {
      case .backupJobStarted, .backupJobCompleted: "backupJobId"
      case .copyJobStarted, .copyJobCompleted: "copyJobId"
      case .restoreStarted, .restoreCompleted: "restoreJobId"
      case .recoveryPointCreated, .backupDeleted, .backupTransitionedToCold, .createBackup,
        .startAwsBackupJob:
        nil
      }
    }
  }

  package let at: Instant
  package let name: Name
  package let place: Place
  /// The job it is about, or the recovery point where it is about no job.
  package let subject: String
  let vaultName: String
  package let resourceARN: String
  /// The state that a job came to.
  package let state: String?

  /// As the trail shows it; the same for the same event, whenever it is looked at.
  package var eventID: String {
    UUIDText.derived(from: "\(name.rawValue) \(subject) \(at.milliseconds)")
  }

  /// The service whose event it is.
  package var source: String {
    switch name {
    case .createBackup, .startAwsBackupJob: "dynamodb.amazonaws.com"
    default: "backup.amazonaws.com"
    }
  }

  /// The record as JSON, in the service's own member order. [TRAIL.record]
  var record: Document {
    let isCall = source != "backup.amazonaws.com"
    let head: [(String, Document)] = [
      ("eventVersion", "1.11"),
      (
        "userIdentity",
        ["accountId": .string(place.account), "invokedBy": "backup.amazonaws.com"]
      ),
      ("eventTime", .string(at.flooredToSecond.rfc3339)), ("eventSource", .string(source)),
      ("eventName", .string(name.rawValue)), ("awsRegion", .string(place.region)),
      ("sourceIPAddress", "backup.amazonaws.com"), ("userAgent", "backup.amazonaws.com"),
      (
        "requestParameters",
        isCall ? ["tableName": .string(ARN(resourceARN)?.tableName ?? "")] : .null
      ),
      ("responseElements", .null), ("eventID", .string(eventID)), ("readOnly", false),
      ("eventType", isCall ? "AwsApiCall" : "AwsServiceEvent"), ("managementEvent", true),
      ("recipientAccountId", .string(place.account)),
    ]
    return Document(
      members: head + (isCall ? [] : [("serviceEventDetails", details)])
        + [("eventCategory", "Management")])
  }

  private var details: Document {
    var details: [(String, Document)] = []
    if let member = name.jobMember { details.append((member, .string(subject))) }
    details += [
      ("backupVaultName", .string(vaultName)),
      ("backupVaultArn", .string(ARN.vault(vaultName, in: place))),
    ]
    if name.jobMember == nil { details.append(("recoveryPointArn", .string(subject))) }
    details += [
      ("resourceType", .string(BackupSettings.dynamoDB)), ("resourceArn", .string(resourceARN)),
    ]
    if let state { details.append(("state", .string(state))) }
    return Document(members: details)
  }
}
