// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Asks for a copy of a recovery point in another vault of the same partition. [BKP.copy]
///
/// Whether the copy may be made is found out when the job begins.
package struct StartCopyJob: BackupOperation {
  let recoveryPointArn: String
  let sourceBackupVaultName: String
  let destinationBackupVaultArn: String
  let iamRoleArn: String
  let idempotencyToken: String?
  let lifecycle: Lifecycle?

  package static var acceptedWithoutEffect: [String] {
    ["Lifecycle.OptInToArchiveForSupportedResources"]
  }

  package struct Output: Encodable, Sendable {
    let copyJobId: String
    let creationDate: Timestamp
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(sourceBackupVaultName, for: caller)
    try vault.require("CopyFromBackupVault", for: caller, in: cloud)
    let point = try cloud.recoveryPoint(recoveryPointArn, in: vault)
    if let repeated = cloud[caller.place].awsBackup.job(token: idempotencyToken, among: \.copies) {
      return Output(copyJobId: repeated.id, creationDate: Timestamp(repeated.createdAt))
    }
    guard let arn = ARN(destinationBackupVaultArn), let name = arn.vaultName,
      let partition = Partition(ofRegion: arn.region), partition.rawValue == arn.partition,
      partition == caller.place.partition
    else {
      throw .invalidBackupParameter(
        "Invalid destination backup vault ARN: \(destinationBackupVaultArn)")
    }
    guard destinationBackupVaultArn != vault.arn else {
      throw .invalidBackupParameter("Source and destination backup vault must not be the same")
    }
    try BackupRole.check(iamRoleArn, for: caller)
    if lifecycle != nil { _ = try lifecycle.checked() }
    guard point.status == .completed else {
      throw .invalidBackupRequest(
        "Recovery point in status \(point.status.rawValue) cannot be copied.")
    }
    guard !point.isCold else {
      throw .invalidBackupRequest("Recovery points in cold storage cannot be copied.")
    }
    // Every refusal is above this line.
    let job = cloud.startCopy(
      of: point, to: name, in: arn.place, roleARN: iamRoleArn, lifecycle: lifecycle, after: nil,
      token: idempotencyToken)
    return Output(copyJobId: job.id, creationDate: Timestamp(job.createdAt))
  }
}

/// Returns a copy job. [BKP.copy]
package struct DescribeCopyJob: BackupOperation {
  let copyJobId: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable { let copyJob: CopyJobDescription }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard let job = cloud.job(copyJobId, among: \.copies, for: caller) else {
      throw .backupResourceNotFound("Cannot find copy job with ID \(copyJobId)")
    }
    return Output(copyJob: CopyJobDescription(job, in: cloud))
  }
}

/// Lists the copy jobs of the last 30 days, newest first. [BKP.copy]
package struct ListCopyJobs: BackupOperation {
  let nextToken: String?
  let maxResults: Int?
  let byResourceArn: String?
  let byState: String?
  let byCreatedBefore: Timestamp?
  let byCreatedAfter: Timestamp?
  let byResourceType: String?
  let byDestinationVaultArn: String?
  let byAccountId: String?
  let byCompleteBefore: Timestamp?
  let byCompleteAfter: Timestamp?
  let byParentJobId: String?
  let byMessageCategory: String?
  let bySourceRecoveryPointArn: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let copyJobs: [CopyJobDescription]
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let page = try cloud.page(
      of: \.copies, for: caller, limit: maxResults, token: nextToken, where: isAsked)
    return Output(
      copyJobs: page.shown.map { CopyJobDescription($0, in: cloud) }, nextToken: page.nextToken)
  }

  private func isAsked(_ job: CopyJob) -> Bool {
    byParentJobId == nil && byResourceArn ?? job.resourceARN == job.resourceARN
      && byState ?? job.state.rawValue == job.state.rawValue
      && byResourceType ?? BackupSettings.dynamoDB == BackupSettings.dynamoDB
      && byDestinationVaultArn ?? job.destinationVaultARN == job.destinationVaultARN
      && byAccountId ?? job.place.account == job.place.account
      && bySourceRecoveryPointArn ?? job.sourceARN == job.sourceARN
      && JobTimes(before: byCreatedBefore, after: byCreatedAfter).admit(job.createdAt)
      && JobTimes(before: byCompleteBefore, after: byCompleteAfter).admit(job.endedAt)
      && (byMessageCategory.map {
        job.endedAt != nil && ["ANY", CopyFailure.category(of: job.message)].contains($0)
      } ?? true)
  }
}
