// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Puts a hold on recovery points: nothing deletes them until it is cancelled. [BKP.hold]
package struct CreateLegalHold: BackupOperation {
  let title: String
  let description: String
  let idempotencyToken: String?
  let recoveryPointSelection: LegalHoldSelection?
  let tags: [String: String]?

  package struct Output: Encodable, Sendable {
    let title: String
    let status: String
    let description: String
    let legalHoldId: String
    let legalHoldArn: String
    let creationDate: Timestamp
    let recoveryPointSelection: LegalHoldSelection
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let selection = (recoveryPointSelection ?? .everything).normalized
    try check(selection, in: cloud, for: caller)
    let holds = cloud[caller.place].awsBackup.legalHolds ?? Register()
    if let idempotencyToken,
      let repeated = holds.newestFirst.first(where: { $0.token == idempotencyToken })
    {
      return Output(repeated, at: cloud.now)
    }
    guard holds.oldestFirst.count(where: { $0.cancellation == nil }) < LegalHold.perPlace else {
      throw .backupLimitExceeded("Maximum number of legal holds exceeded")
    }
    // Every refusal is above this line.
    let hold = LegalHold(
      id: cloud.identifiers.uuid("legal-hold"), place: caller.place, createdAt: cloud.now,
      title: title, description: description, selection: selection, tags: tags ?? [:],
      token: idempotencyToken)
    cloud.hold(hold)
    return Output(hold, at: cloud.now)
  }

  private func check(
    _ selection: LegalHoldSelection, in cloud: Cloud, for caller: Caller
  ) throws(ServiceError) {
    for (name, text) in [("Title", title), ("Description", description)]
    where !(1...LegalHold.textLimit).contains(text.count) {
      throw .invalidBackupParameter("\(name) must have 1 to \(LegalHold.textLimit) characters.")
    }
    try BackupTags.check(tags ?? [:])
    for name in selection.vaultNames ?? [] where cloud.vault(name, in: caller.place) == nil {
      throw .invalidBackupParameter("Backup vault does not exist: \(name)")
    }
    for arn in selection.resourceIdentifiers ?? [] where ARN(arn) == nil {
      throw .invalidBackupParameter("Invalid ARN: \(arn)")
    }
    guard let range = selection.dateRange else { return }
    guard range.fromDate.instant <= range.toDate.instant else {
      throw .invalidBackupParameter("FromDate must not be later than ToDate.")
    }
    guard range.toDate.instant <= cloud.now else {
      throw .invalidBackupParameter("The date range of a legal hold must not lie in the future.")
    }
  }
}

extension CreateLegalHold.Output {
  fileprivate init(_ hold: LegalHold, at now: Instant) {
    title = hold.title
    status = hold.status(at: now).rawValue
    description = hold.description
    legalHoldId = hold.id
    legalHoldArn = hold.arn
    creationDate = Timestamp(hold.createdAt)
    recoveryPointSelection = hold.selection
  }
}

/// Lists the holds of the caller's account and Region, newest first. [BKP.hold]
package struct ListLegalHolds: BackupOperation {
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let nextToken: String?
    let legalHolds: [Entry]
  }

  struct Entry: Encodable, Sendable {
    let title: String
    let status: String
    let description: String
    let legalHoldId: String
    let legalHoldArn: String
    let creationDate: Timestamp
    let cancellationDate: Timestamp?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let now = cloud.now
    let page = try Page(
      newestFirst: cloud[caller.place].awsBackup.legalHolds ?? Register(), limit: maxResults,
      token: nextToken)
    return Output(
      nextToken: page.nextToken,
      legalHolds: page.shown.map { hold in
        Entry(
          title: hold.title, status: hold.status(at: now).rawValue,
          description: hold.description, legalHoldId: hold.id, legalHoldArn: hold.arn,
          creationDate: Timestamp(hold.createdAt),
          cancellationDate: hold.cancellation.map { Timestamp($0.at) })
      })
  }
}

/// Returns a hold, a cancelled one as long as its record is kept. [BKP.hold]
package struct GetLegalHold: BackupOperation {
  let legalHoldId: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let title: String
    let status: String
    let description: String
    let cancelDescription: String?
    let legalHoldId: String
    let legalHoldArn: String
    let creationDate: Timestamp
    let cancellationDate: Timestamp?
    let retainRecordUntil: Timestamp?
    let recoveryPointSelection: LegalHoldSelection
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let hold = try cloud.legalHold(legalHoldId, for: caller)
    return Output(
      title: hold.title, status: hold.status(at: cloud.now).rawValue,
      description: hold.description, cancelDescription: hold.cancellation?.reason,
      legalHoldId: hold.id, legalHoldArn: hold.arn, creationDate: Timestamp(hold.createdAt),
      cancellationDate: hold.cancellation.map { Timestamp($0.at) },
      retainRecordUntil: hold.cancellation.map { Timestamp($0.recordUntil) },
      recoveryPointSelection: hold.selection)
  }
}

/// Takes a hold away, with a reason; what is past its end is deleted within a day. [BKP.hold.cancel]
package struct CancelLegalHold: BackupOperation {
  let legalHoldId: String
  let cancelDescription: String
  let retainRecordInDays: Int64?

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let hold = try cloud.legalHold(legalHoldId, for: caller)
    let days = retainRecordInDays ?? LegalHold.recordDays
    guard (0...Int64(VaultLock.longestRetention)).contains(days) else {
      throw .invalidBackupParameter("RetainRecordInDays must be from 0 to 36500.")
    }
    let status = hold.status(at: cloud.now)
    guard status == .active else {
      throw .invalidBackupState("Legal hold cannot be cancelled in status \(status.rawValue)")
    }
    // Every refusal is above this line.
    let now = cloud.now
    let ended = now + LegalHold.settling
    let forgotten = max(ended, now + .days(days))
    cloud[caller.place].awsBackup.legalHolds?.change(hold.id) {
      $0.cancellation = .init(reason: cancelDescription, at: now, recordUntil: forgotten)
    }
    cloud.agenda.schedule(.backup(.legalHoldEnds(caller.place, hold.id)), at: ended)
    cloud.agenda.schedule(.backup(.legalHoldForgotten(caller.place, hold.id)), at: forgotten)
    return EmptyOutput()
  }
}

/// Lists the recovery points that a hold is on, newest first. [BKP.hold]
package struct ListRecoveryPointsByLegalHold: BackupOperation {
  let legalHoldId: String
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let recoveryPoints: [Entry]
    let nextToken: String?
  }

  struct Entry: Encodable, Sendable {
    let recoveryPointArn: String
    let resourceArn: String
    let resourceType: String
    let backupVaultName: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard cloud[caller.place].awsBackup.legalHolds?[legalHoldId] != nil else {
      // The model declares no ResourceNotFound for this one.
      throw .invalidBackupParameter("Cannot find legal hold with ID \(legalHoldId)")
    }
    let page = try Page(
      newestFirst: cloud[caller.place].awsBackup.recoveryPoints, limit: maxResults,
      token: nextToken
    ) { $0.holds?.contains(legalHoldId) ?? false }
    return Output(
      recoveryPoints: page.shown.map { point in
        Entry(
          recoveryPointArn: point.arn, resourceArn: point.resourceARN,
          resourceType: BackupSettings.dynamoDB, backupVaultName: point.vaultName)
      }, nextToken: page.nextToken)
  }
}
