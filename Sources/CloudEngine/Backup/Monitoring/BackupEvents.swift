// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
import Simulation

/// What AWS Backup tells the event bus: one event for each change of state, in the shapes that its
/// guide shows. Sizes are text in some and numbers in others, as there. [BKP.events]
extension BusEvent {
  fileprivate init(
    _ subject: String, _ resources: [String?], _ detail: [(String, Document?)]
  ) {
    self.init(
      source: "aws.backup", detailType: subject + " State Change",
      resources: resources.compactMap(\.self),
      detail: Document(members: detail.compactMap { name, value in value.map { (name, $0) } }))
  }

  /// A backup job in a state; a new one says little of itself.
  init(_ job: BackupJob, as state: String) {
    guard state != BackupJob.State.created.rawValue else {
      self.init(
        "Backup Job", [],
        [
          ("backupJobId", .string(job.id)), ("state", .string(state)),
          ("creationDate", job.createdAt.inEvent),
        ])
      return
    }
    let isDone = job.state == .completed
    let size = Document.string(String(job.byteCount ?? 0))
    self.init(
      "Backup Job", [job.recoveryPointARN],
      [
        ("backupJobId", .string(job.id)), ("backupSizeInBytes", size),
        ("backupVaultArn", .string(ARN.vault(job.vaultName, in: job.place))),
        ("backupVaultName", .string(job.vaultName)), ("bytesTransferred", isDone ? size : "0"),
        ("creationDate", job.createdAt.inEvent), ("iamRoleArn", .string(job.roleARN)),
        ("resourceArn", .string(job.resourceARN)),
        ("resourceType", .string(BackupSettings.dynamoDB)), ("state", .string(state)),
        ("statusMessage", job.message.map { .string("\"\($0)\"") }),
        ("completionDate", job.endedAt?.inEvent), ("startBy", job.startBy.inEvent),
        ("percentDone", isDone ? 100 : 0), ("createdBy", job.createdBy?.value.inEvent),
      ])
  }

  init(_ job: CopyJob) {
    self.init(
      "Copy Job", [job.copyARN],
      [
        ("copyJobId", .string(job.id)), ("backupSizeInBytes", .integer(job.byteCount ?? 0)),
        ("creationDate", job.createdAt.inEvent), ("iamRoleArn", .string(job.roleARN)),
        ("resourceArn", .string(job.resourceARN)),
        ("resourceType", .string(BackupSettings.dynamoDB)),
        ("sourceBackupVaultArn", .string(ARN.vault(job.sourceVaultName, in: job.place))),
        ("state", .string(job.state.rawValue)),
        ("statusMessage", job.message.map { .string("\"\($0)\"") }),
        ("completionDate", job.endedAt?.inEvent),
        ("destinationBackupVaultArn", .string(job.destinationVaultARN)),
        ("destinationRecoveryPointArn", job.copyARN.map(Document.string)),
        ("createdBy", job.createdBy?.value.inEvent),
      ])
  }

  /// A restore job in a status; a new one has a `state` instead, and says little of itself.
  init(_ job: RestoreJob, as status: String) {
    guard status != "CREATED" else {
      self.init(
        "Restore Job", [job.recoveryPointARN],
        [
          ("restoreJobId", .string(job.id)), ("state", "CREATED"),
          ("creationDate", job.createdAt.inEvent),
        ])
      return
    }
    self.init(
      "Restore Job", [job.recoveryPointARN],
      [
        ("restoreJobId", .string(job.id)),
        ("backupSizeInBytes", .string(String(job.byteCount))),
        ("creationDate", job.createdAt.inEvent), ("iamRoleArn", .string(job.roleARN)),
        ("percentDone", job.state == .completed ? 100 : 0),
        ("resourceType", .string(BackupSettings.dynamoDB)), ("status", .string(status)),
        ("statusMessage", job.message.map { .string("\"\($0)\"") }),
        ("completionDate", job.endedAt?.inEvent),
        ("createdResourceArn", job.state == .completed ? job.createdARN.map(Document.string) : nil),
      ])
  }

  init(_ point: RecoveryPoint, as status: String) {
    let days = point.lifecycle
    let lifecycle: [(String, Document)] = [
      ("moveToColdStorageAfterDays", days.moveToColdStorageAfterDays),
      ("deleteAfterDays", days.deleteAfterDays),
    ].compactMap { name, days in days.map { (name, .integer(Int64($0))) } }
    let calculated: [(String, Document)] = [
      ("moveToColdStorageAt", point.calculated.moveToColdStorageAt),
      ("deleteAt", point.calculated.deleteAt),
    ].compactMap { name, at in at.map { (name, $0.instant.inEvent) } }
    self.init(
      "Recovery Point", [point.arn],
      [
        ("backupVaultName", .string(point.vaultName)),
        ("backupVaultArn", .string(ARN.vault(point.vaultName, in: point.place))),
        ("creationDate", point.createdAt.inEvent), ("iamRoleArn", .string(point.roleARN)),
        ("resourceType", .string(BackupSettings.dynamoDB)),
        ("resourceArn", .string(point.resourceARN)), ("status", .string(status)),
        ("isEncrypted", "true"), ("storageClass", point.isCold ? "COLD" : "WARM"),
        ("backupSizeInBytes", .string(String(point.byteCount))),
        ("completionDate", point.completedAt?.inEvent),
        ("createdBy", point.createdBy?.value.inEvent),
        ("lifecycle", lifecycle.isEmpty ? nil : Document(members: lifecycle)),
        ("calculatedLifeCycle", calculated.isEmpty ? nil : Document(members: calculated)),
      ])
  }

  /// A vault that was made, changed or deleted.
  init(_ vault: BackupVault, as state: String) {
    self.init(
      "Backup Vault", [vault.arn],
      [
        ("backupVaultName", .string(vault.name)), ("backupVaultArn", .string(vault.arn)),
        ("state", .string(state)),
        ("isLocked", state == "MODIFIED" ? .string(vault.isLocked ? "true" : "false") : nil),
      ])
  }

  /// A plan that was made, changed or deleted now.
  init(_ plan: BackupPlan, as state: String, at now: Instant) {
    let date = ["CREATED": "creationDate", "DELETED": "deletionDate"][state] ?? "modifiedAt"
    self.init(
      "Backup Plan", [plan.arn],
      [
        ("backupPlanId", .string(plan.id)),
        ("versionId", .string(plan.version?.id ?? "")), (date, now.inEvent),
        ("state", .string(state)),
      ])
  }

  /// What a Region is opted in to, after a change.
  init(optIn: Document, at now: Instant) {
    self.init(
      "Region Setting", [],
      [
        ("modifiedAt", now.inEvent), ("ResourceTypeOptInPreference", optIn),
        ("state", "MODIFIED"),
      ])
  }
}

extension Instant {
  /// As events write it, with milliseconds.
  fileprivate var inEvent: Document { .string(rfc3339Milliseconds) }
}

extension RecoveryPointCreator {
  fileprivate var inEvent: Document {
    [
      "backupPlanId": .string(backupPlanId), "backupPlanArn": .string(backupPlanArn),
      "backupPlanVersion": .string(backupPlanVersion),
      "backupPlanRuleId": .string(backupRuleId),
    ]
  }
}
