// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import PersistentCollections
import Simulation

/// Makes a plan; it does nothing until resources are assigned to it. [BKP.plan]
package struct CreateBackupPlan: BackupOperation {
  let backupPlan: BackupPlanDocument
  let backupPlanTags: [String: String]?
  let creatorRequestId: String?

  package static var acceptedWithoutEffect: [String] { BackupPlan.acceptedWithoutEffect }

  package struct Output: Encodable, Sendable {
    let backupPlanId: String
    let backupPlanArn: String
    let creationDate: Timestamp
    let versionId: String
    let advancedBackupSettings: Document?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    try backupPlan.check()
    try BackupTags.check(backupPlanTags ?? [:])
    let plans = cloud[caller.place].awsBackup.plans.oldestFirst.filter { $0.deletedAt == nil }
    if let creatorRequestId,
      let repeated = plans.first(where: { $0.creatorRequestId == creatorRequestId })
    {
      return Output(repeated)
    }
    if let same = plans.first(where: { $0.says(backupPlan) }) { throw .planAlreadyExists(same) }
    guard plans.count < BackupPlan.perRegion else {
      throw .backupLimitExceeded("Maximum number of backup plans exceeded")
    }
    // Every refusal is above this line.
    let plan = BackupPlan(
      id: cloud.identifiers.uuid("backup-plan"), place: caller.place, createdAt: cloud.now,
      creatorRequestId: creatorRequestId ?? cloud.identifiers.uuid("creator-request"),
      versions: [cloud.version(of: backupPlan, after: nil)], tags: backupPlanTags ?? [:])
    cloud[caller.place].awsBackup.plans.append(plan)
    cloud.scheduleRules(of: plan)
    cloud.tell(BusEvent(plan, as: "CREATED", at: plan.createdAt), in: caller.place)
    return Output(plan)
  }
}

/// Gives a plan another document; recovery points that were made stay as they are. [BKP.plan]
package struct UpdateBackupPlan: BackupOperation {
  let backupPlanId: String
  let backupPlan: BackupPlanDocument

  package static var acceptedWithoutEffect: [String] { BackupPlan.acceptedWithoutEffect }
  package typealias Output = CreateBackupPlan.Output

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let plan = try cloud.plan(backupPlanId, for: caller)
    try backupPlan.check()
    guard plan.versions.count < BackupPlan.versionsPerPlan else {
      throw .backupLimitExceeded("Maximum number of backup plan versions exceeded")
    }
    // Every refusal is above this line.
    let version = cloud.version(of: backupPlan, after: plan.version)
    cloud.changePlan(plan.id, in: caller.place) { $0.versions.append(version) }
    let changed = try cloud.plan(plan.id, for: caller)
    cloud.scheduleRules(of: changed)
    cloud.tell(BusEvent(changed, as: "MODIFIED", at: version.createdAt), in: caller.place)
    return Output(changed)
  }
}

extension CreateBackupPlan.Output {
  fileprivate init(_ plan: BackupPlan) {
    backupPlanId = plan.id
    backupPlanArn = plan.arn
    creationDate = Timestamp(plan.createdAt)
    versionId = plan.version?.id ?? ""
    advancedBackupSettings = plan.version?.document.advancedBackupSettings
  }
}

extension BackupPlan {
  fileprivate static let acceptedWithoutEffect = [
    "BackupPlan.Rules[].Lifecycle.OptInToArchiveForSupportedResources",
    "BackupPlan.Rules[].CopyActions[].Lifecycle.OptInToArchiveForSupportedResources",
  ]

  /// Whether its present document is one that a request brings, which has no defaults yet.
  fileprivate func says(_ document: BackupPlanDocument) -> Bool {
    var completed = document
    completed.rules = document.rules.map(\.completed)
    return version?.document == completed
  }
}

extension ServiceError {
  fileprivate static func planAlreadyExists(_ plan: BackupPlan) -> ServiceError {
    ServiceError(
      code: "AlreadyExistsException",
      message: "Backup plan with the same plan document already exists",
      members: [
        "CreatorRequestId": .string(plan.creatorRequestId), "Arn": .string(plan.arn),
      ])
  }
}

extension Cloud {
  /// A new version of a plan; a rule that keeps its name keeps its id.
  fileprivate mutating func version(
    of document: BackupPlanDocument, after last: BackupPlan.Version?
  ) -> BackupPlan.Version {
    var document = document
    document.rules = document.rules.map(\.completed)
    var ids: [String] = []
    for rule in document.rules {
      let same = last.map { zip($0.document.rules, $0.ruleIDs) }?.first { old, id in
        old.ruleName == rule.ruleName && !ids.contains(id)
      }
      ids.append(same?.1 ?? identifiers.uuid("backup-rule"))
    }
    return BackupPlan.Version(
      id: Base64.text(of: Array(identifiers.uuid("backup-plan-version").utf8)), createdAt: now,
      document: document, ruleIDs: ids)
  }
}

/// Returns a plan as it is or was, and if asked when it runs next. [BKP.plan.preview]
package struct GetBackupPlan: BackupOperation {
  let backupPlanId: String
  let versionId: String?
  let maxScheduledRunsPreview: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let backupPlan: BackupPlanDescription
    let backupPlanId: String
    let backupPlanArn: String
    let versionId: String
    let creatorRequestId: String
    let creationDate: Timestamp
    let deletionDate: Timestamp?
    let lastExecutionDate: Timestamp?
    let advancedBackupSettings: Document?
    let scheduledRunsPreview: [Run]?
  }

  struct Run: Encodable, Sendable {
    let executionTime: Timestamp
    let ruleId: String
    let ruleExecutionType: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let plan = try cloud.plan(backupPlanId, for: caller, includesDeleted: true)
    let asked = versionId.map { id in plan.versions.first { $0.id == id } } ?? plan.version
    guard let version = asked else { throw .planNotFound }
    return Output(
      backupPlan: BackupPlanDescription(version), backupPlanId: plan.id, backupPlanArn: plan.arn,
      versionId: version.id, creatorRequestId: plan.creatorRequestId,
      creationDate: Timestamp(version.createdAt), deletionDate: plan.deletedAt.map(Timestamp.init),
      lastExecutionDate: plan.lastExecutedAt.map(Timestamp.init),
      advancedBackupSettings: version.document.advancedBackupSettings,
      scheduledRunsPreview: preview(of: version, at: cloud.now))
  }

  /// The next runs of all rules together, soonest first.
  private func preview(of version: BackupPlan.Version, at now: Instant) -> [Run]? {
    guard let limit = maxScheduledRunsPreview, limit > 0 else { return nil }
    var runs: [Run] = []
    for (rule, id) in zip(version.document.rules, version.ruleIDs) {
      var last = now
      for _ in 0..<limit {
        guard let next = rule.next(after: last) else { break }
        runs.append(
          Run(
            executionTime: Timestamp(next), ruleId: id,
            ruleExecutionType: rule.enableContinuousBackup == true
              ? "CONTINUOUS_AND_SNAPSHOTS" : "SNAPSHOTS"))
        last = next
      }
    }
    let sorted = runs.enumerated().sorted {
      ($0.element.executionTime.instant, $0.offset) < ($1.element.executionTime.instant, $1.offset)
    }
    return sorted.prefix(limit).map(\.element)
  }
}

/// A plan, or one version of it, as lists show it. [BKP.plan]
package struct BackupPlanEntry: Encodable, Sendable {
  let backupPlanArn: String
  let backupPlanId: String
  let creationDate: Timestamp
  let deletionDate: Timestamp?
  let versionId: String
  let backupPlanName: String
  let creatorRequestId: String
  let lastExecutionDate: Timestamp?
  let advancedBackupSettings: Document?

  init(_ version: BackupPlan.Version, of plan: BackupPlan) {
    backupPlanArn = plan.arn
    backupPlanId = plan.id
    creationDate = Timestamp(version.createdAt)
    deletionDate = plan.deletedAt.map(Timestamp.init)
    versionId = version.id
    backupPlanName = version.document.backupPlanName
    creatorRequestId = plan.creatorRequestId
    lastExecutionDate = plan.lastExecutedAt.map(Timestamp.init)
    advancedBackupSettings = version.document.advancedBackupSettings
  }
}

/// Lists the plans of the caller's account and Region, oldest first. [BKP.plan]
package struct ListBackupPlans: BackupOperation {
  let nextToken: String?
  let maxResults: Int?
  let includeDeleted: Bool?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let nextToken: String?
    let backupPlansList: [BackupPlanEntry]
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let page = try Page(
      oldestFirst: cloud[caller.place].awsBackup.plans, limit: maxResults, token: nextToken
    ) { includeDeleted == true || $0.deletedAt == nil }
    return Output(
      nextToken: page.nextToken,
      backupPlansList: page.shown.compactMap { plan in
        plan.version.map { BackupPlanEntry($0, of: plan) }
      })
  }
}

/// Lists what a plan has said, oldest first. [BKP.plan]
package struct ListBackupPlanVersions: BackupOperation {
  let backupPlanId: String
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let nextToken: String?
    let backupPlanVersionsList: [BackupPlanEntry]
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let plan = try cloud.plan(backupPlanId, for: caller, includesDeleted: true)
    let page = try Page(plan.versions, limit: maxResults, token: nextToken)
    return Output(
      nextToken: page.nextToken,
      backupPlanVersionsList: page.shown.map { BackupPlanEntry($0, of: plan) })
  }
}

/// Deletes a plan to which nothing is assigned any more; its recovery points live on. [BKP.plan]
package struct DeleteBackupPlan: BackupOperation {
  let backupPlanId: String

  package struct Output: Encodable, Sendable {
    let backupPlanId: String
    let backupPlanArn: String
    let deletionDate: Timestamp
    let versionId: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let plan = try cloud.plan(backupPlanId, for: caller)
    guard plan.selections.isEmpty else {
      throw .invalidBackupRequest(
        "Related backup plan selections must be deleted prior to backup plan deletion")
    }
    // Every refusal is above this line.
    let now = cloud.now
    cloud.changePlan(plan.id, in: caller.place) { $0.deletedAt = now }
    cloud.tell(BusEvent(plan, as: "DELETED", at: now), in: caller.place)
    return Output(
      backupPlanId: plan.id, backupPlanArn: plan.arn, deletionDate: Timestamp(now),
      versionId: plan.version?.id ?? "")
  }
}
