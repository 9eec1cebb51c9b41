// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Makes a restore testing plan; it tests nothing until resources are assigned to it. [BKP.testing]
package struct CreateRestoreTestingPlan: BackupOperation {
  let creatorRequestId: String?
  let restoreTestingPlan: Form
  let tags: [String: String]?

  struct Form: Decodable {
    let recoveryPointSelection: RecoveryPointQuestion
    let restoreTestingPlanName: String
    let scheduleExpression: String
    let scheduleExpressionTimezone: String?
    let startWindowHours: Int?
  }

  package struct Output: Encodable, Sendable {
    let creationTime: Timestamp
    let restoreTestingPlanArn: String
    let restoreTestingPlanName: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let name = restoreTestingPlan.restoreTestingPlanName
    guard name.isTestingName else {
      throw .invalidBackupParameter("Invalid restore testing plan name: \(name)")
    }
    try BackupTags.check(tags ?? [:])
    let settings = try RestoreTestingPlan.Settings(
      selection: restoreTestingPlan.recoveryPointSelection,
      scheduleExpression: restoreTestingPlan.scheduleExpression,
      zone: restoreTestingPlan.scheduleExpressionTimezone ?? BackupRule.defaultZone,
      startWindowHours: restoreTestingPlan.startWindowHours ?? RestoreTestingPlan.startWindow
    ).checked()
    let plans = cloud[caller.place].awsBackup.restoreTestingPlans ?? OrderedMap()
    if let existing = plans[name] {
      guard let creatorRequestId, creatorRequestId == existing.creatorRequestId else {
        throw .backupAlreadyExists(
          "Restore testing plan with the same name already exists", arn: existing.arn,
          creatorRequestId: existing.creatorRequestId)
      }
      return Output(existing)
    }
    guard plans.count < RestoreTestingPlan.perPlace else {
      throw .backupLimitExceeded("Maximum number of restore testing plans exceeded")
    }
    // Every refusal is above this line.
    let plan = RestoreTestingPlan(
      name: name, id: cloud.identifiers.uuid("restore-testing-plan"), place: caller.place,
      createdAt: cloud.now,
      creatorRequestId: creatorRequestId ?? cloud.identifiers.uuid("creator-request"),
      tags: tags ?? [:], settings: settings)
    cloud.keep(plan, named: name, among: \.restoreTestingPlans, in: caller.place)
    cloud.scheduleNextTest(of: plan)
    return Output(plan)
  }
}

extension CreateRestoreTestingPlan.Output {
  fileprivate init(_ plan: RestoreTestingPlan) {
    creationTime = Timestamp(plan.createdAt)
    restoreTestingPlanArn = plan.arn
    restoreTestingPlanName = plan.name
  }
}

/// Changes what a request names of a restore testing plan. [BKP.testing]
package struct UpdateRestoreTestingPlan: BackupOperation {
  let restoreTestingPlan: Form
  let restoreTestingPlanName: String

  struct Form: Decodable {
    let recoveryPointSelection: RecoveryPointQuestion?
    let scheduleExpression: String?
    let scheduleExpressionTimezone: String?
    let startWindowHours: Int?
  }

  package struct Output: Encodable, Sendable {
    let creationTime: Timestamp
    let restoreTestingPlanArn: String
    let restoreTestingPlanName: String
    let updateTime: Timestamp
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    var plan = try cloud.testingPlan(restoreTestingPlanName, for: caller)
    var settings = plan.settings
    settings.selection = restoreTestingPlan.recoveryPointSelection ?? settings.selection
    settings.scheduleExpression =
      restoreTestingPlan.scheduleExpression ?? settings.scheduleExpression
    settings.zone = restoreTestingPlan.scheduleExpressionTimezone ?? settings.zone
    settings.startWindowHours = restoreTestingPlan.startWindowHours ?? settings.startWindowHours
    plan.settings = try settings.checked()
    // Every refusal is above this line.
    plan.updatedAt = cloud.now
    plan.revision += 1
    cloud.keep(plan, named: plan.name, among: \.restoreTestingPlans, in: caller.place)
    cloud.scheduleNextTest(of: plan)
    return Output(
      creationTime: Timestamp(plan.createdAt), restoreTestingPlanArn: plan.arn,
      restoreTestingPlanName: plan.name, updateTime: Timestamp(cloud.now))
  }
}

/// Returns a restore testing plan. [BKP.testing]
package struct GetRestoreTestingPlan: BackupOperation {
  let restoreTestingPlanName: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable { let restoreTestingPlan: Plan }

  struct Plan: Encodable, Sendable {
    let creationTime: Timestamp
    let creatorRequestId: String
    let lastExecutionTime: Timestamp?
    let lastUpdateTime: Timestamp?
    let recoveryPointSelection: RecoveryPointQuestion
    let restoreTestingPlanArn: String
    let restoreTestingPlanName: String
    let scheduleExpression: String
    let scheduleExpressionTimezone: String
    let startWindowHours: Int
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let plan = try cloud.testingPlan(restoreTestingPlanName, for: caller)
    return Output(
      restoreTestingPlan: Plan(
        creationTime: Timestamp(plan.createdAt), creatorRequestId: plan.creatorRequestId,
        lastExecutionTime: plan.lastExecutedAt.map(Timestamp.init),
        lastUpdateTime: plan.updatedAt.map(Timestamp.init),
        recoveryPointSelection: plan.settings.selection, restoreTestingPlanArn: plan.arn,
        restoreTestingPlanName: plan.name, scheduleExpression: plan.settings.scheduleExpression,
        scheduleExpressionTimezone: plan.settings.zone,
        startWindowHours: plan.settings.startWindowHours))
  }
}

/// Lists the restore testing plans of the caller's account and Region, by name. [BKP.testing]
package struct ListRestoreTestingPlans: BackupOperation {
  let maxResults: Int?
  let nextToken: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let nextToken: String?
    let restoreTestingPlans: [Entry]
  }

  struct Entry: Encodable, Sendable {
    let creationTime: Timestamp
    let lastExecutionTime: Timestamp?
    let lastUpdateTime: Timestamp?
    let restoreTestingPlanArn: String
    let restoreTestingPlanName: String
    let scheduleExpression: String
    let scheduleExpressionTimezone: String
    let startWindowHours: Int
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let page = try Page(
      cloud[caller.place].awsBackup.restoreTestingPlans ?? OrderedMap(), limit: maxResults,
      token: nextToken)
    return Output(
      nextToken: page.nextToken,
      restoreTestingPlans: page.shown.map { plan in
        Entry(
          creationTime: Timestamp(plan.createdAt),
          lastExecutionTime: plan.lastExecutedAt.map(Timestamp.init),
          lastUpdateTime: plan.updatedAt.map(Timestamp.init), restoreTestingPlanArn: plan.arn,
          restoreTestingPlanName: plan.name, scheduleExpression: plan.settings.scheduleExpression,
          scheduleExpressionTimezone: plan.settings.zone,
          startWindowHours: plan.settings.startWindowHours)
      })
  }
}

/// Deletes a restore testing plan to which nothing is assigned any more. [BKP.testing]
package struct DeleteRestoreTestingPlan: BackupOperation {
  let restoreTestingPlanName: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let plans = cloud[caller.place].awsBackup.restoreTestingPlans
    guard let plan = plans?[restoreTestingPlanName] else {
      // The model declares no ResourceNotFound for this one.
      throw .invalidBackupRequest("Restore testing plan \(restoreTestingPlanName) does not exist.")
    }
    guard plan.selections.isEmpty else {
      throw .invalidBackupRequest(
        "Related restore testing selections must be deleted prior to restore testing plan deletion")
    }
    cloud.keep(
      nil as RestoreTestingPlan?, named: plan.name, among: \.restoreTestingPlans, in: caller.place)
    return EmptyOutput()
  }
}

/// Returns what a test of a recovery point would restore it with. [BKP.testing.metadata]
package struct GetRestoreTestingInferredMetadata: BackupOperation {
  let backupVaultAccountId: String?
  let backupVaultName: String
  let recoveryPointArn: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable { let inferredMetadata: [String: String] }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard backupVaultAccountId ?? caller.account == caller.account else { throw .vaultNotFound }
    let vault = try cloud.vault(backupVaultName, for: caller)
    let point = try cloud.recoveryPoint(recoveryPointArn, in: vault)
    // The same each time it is asked: a test draws a name of its own.
    let suffix = UUIDText.derived(from: point.arn).prefix(8)
    return Output(
      inferredMetadata: InferredMetadata.of(
        targetTable: InferredMetadata.tableName(String(suffix))))
  }
}
