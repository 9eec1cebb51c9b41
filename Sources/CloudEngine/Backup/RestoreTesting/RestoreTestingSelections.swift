// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Assigns resources to a restore testing plan. [BKP.testing]
package struct CreateRestoreTestingSelection: BackupOperation {
  let creatorRequestId: String?
  let restoreTestingPlanName: String
  let restoreTestingSelection: Form

  struct Form: Decodable {
    let iamRoleArn: String
    let protectedResourceArns: [String]?
    let protectedResourceConditions: RestoreTestingSelection.Conditions?
    let protectedResourceType: String
    let restoreMetadataOverrides: [String: String]?
    let restoreTestingSelectionName: String
    let validationWindowHours: Int?
  }

  package struct Output: Encodable, Sendable {
    let creationTime: Timestamp
    let restoreTestingPlanArn: String
    let restoreTestingPlanName: String
    let restoreTestingSelectionName: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    var plan = try cloud.testingPlan(restoreTestingPlanName, for: caller)
    let form = restoreTestingSelection
    guard BackupSettings.types.contains(form.protectedResourceType) else {
      throw .invalidBackupParameter("Invalid resource type: \(form.protectedResourceType)")
    }
    guard form.protectedResourceType == BackupSettings.dynamoDB else {
      throw .notSimulated("Restore testing of \(form.protectedResourceType)")
    }
    let name = form.restoreTestingSelectionName
    if let existing = plan.selections[name] {
      guard let creatorRequestId, creatorRequestId == existing.creatorRequestId else {
        throw .backupAlreadyExists(
          "Restore testing selection with the same name already exists", arn: plan.arn,
          creatorRequestId: existing.creatorRequestId ?? "")
      }
      return Output(existing, of: plan)
    }
    guard plan.selections.count < RestoreTestingPlan.selectionsPerPlan else {
      throw .backupLimitExceeded("Maximum number of restore testing selections exceeded")
    }
    let requested = RestoreTestingSelection(
      name: name, createdAt: cloud.now, creatorRequestId: creatorRequestId,
      roleARN: form.iamRoleArn, resourceARNs: form.protectedResourceArns,
      conditions: form.protectedResourceConditions,
      overrides: form.restoreMetadataOverrides ?? [:],
      validationHours: form.validationWindowHours ?? 0)
    try requested.check(for: caller)
    // Every refusal is above this line.
    plan.selections[name] = requested
    cloud.keep(plan, named: plan.name, among: \.restoreTestingPlans, in: caller.place)
    return Output(requested, of: plan)
  }
}

extension CreateRestoreTestingSelection.Output {
  fileprivate init(_ selection: RestoreTestingSelection, of plan: RestoreTestingPlan) {
    creationTime = Timestamp(selection.createdAt)
    restoreTestingPlanArn = plan.arn
    restoreTestingPlanName = plan.name
    restoreTestingSelectionName = selection.name
  }
}

/// Changes what a request names of a selection; its name and kind of resource stay. [BKP.testing]
package struct UpdateRestoreTestingSelection: BackupOperation {
  let restoreTestingPlanName: String
  let restoreTestingSelection: Form
  let restoreTestingSelectionName: String

  struct Form: Decodable {
    let iamRoleArn: String?
    let protectedResourceArns: [String]?
    let protectedResourceConditions: RestoreTestingSelection.Conditions?
    let restoreMetadataOverrides: [String: String]?
    let validationWindowHours: Int?
  }

  package struct Output: Encodable, Sendable {
    let creationTime: Timestamp
    let restoreTestingPlanArn: String
    let restoreTestingPlanName: String
    let restoreTestingSelectionName: String
    let updateTime: Timestamp
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    var (plan, selection) = try cloud.testingSelection(
      restoreTestingSelectionName, of: restoreTestingPlanName, for: caller)
    let form = restoreTestingSelection
    selection.roleARN = form.iamRoleArn ?? selection.roleARN
    selection.resourceARNs = form.protectedResourceArns ?? selection.resourceARNs
    selection.conditions = form.protectedResourceConditions ?? selection.conditions
    selection.overrides = form.restoreMetadataOverrides ?? selection.overrides
    selection.validationHours = form.validationWindowHours ?? selection.validationHours
    try selection.check(for: caller)
    // Every refusal is above this line.
    selection.updatedAt = cloud.now
    plan.selections[selection.name] = selection
    cloud.keep(plan, named: plan.name, among: \.restoreTestingPlans, in: caller.place)
    return Output(
      creationTime: Timestamp(selection.createdAt), restoreTestingPlanArn: plan.arn,
      restoreTestingPlanName: plan.name, restoreTestingSelectionName: selection.name,
      updateTime: Timestamp(cloud.now))
  }
}

/// Returns what is assigned to a restore testing plan under a name. [BKP.testing]
package struct GetRestoreTestingSelection: BackupOperation {
  let restoreTestingPlanName: String
  let restoreTestingSelectionName: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable { let restoreTestingSelection: Selection }

  struct Selection: Encodable, Sendable {
    let creationTime: Timestamp
    let creatorRequestId: String?
    let iamRoleArn: String
    let protectedResourceArns: [String]?
    let protectedResourceConditions: RestoreTestingSelection.Conditions?
    let protectedResourceType: String
    let restoreMetadataOverrides: [String: String]?
    let restoreTestingPlanName: String
    let restoreTestingSelectionName: String
    let validationWindowHours: Int
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let (plan, selection) = try cloud.testingSelection(
      restoreTestingSelectionName, of: restoreTestingPlanName, for: caller)
    return Output(
      restoreTestingSelection: Selection(
        creationTime: Timestamp(selection.createdAt),
        creatorRequestId: selection.creatorRequestId,
        iamRoleArn: selection.roleARN, protectedResourceArns: selection.resourceARNs,
        protectedResourceConditions: selection.conditions,
        protectedResourceType: BackupSettings.dynamoDB,
        restoreMetadataOverrides: selection.overrides.isEmpty ? nil : selection.overrides,
        restoreTestingPlanName: plan.name, restoreTestingSelectionName: selection.name,
        validationWindowHours: selection.validationHours))
  }
}

/// Lists what is assigned to a restore testing plan, by name. [BKP.testing]
package struct ListRestoreTestingSelections: BackupOperation {
  let maxResults: Int?
  let nextToken: String?
  let restoreTestingPlanName: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let nextToken: String?
    let restoreTestingSelections: [Entry]
  }

  struct Entry: Encodable, Sendable {
    let creationTime: Timestamp
    let iamRoleArn: String
    let protectedResourceType: String
    let restoreTestingPlanName: String
    let restoreTestingSelectionName: String
    let validationWindowHours: Int
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let plan = try cloud.testingPlan(restoreTestingPlanName, for: caller)
    let page = try Page(plan.selections, limit: maxResults, token: nextToken)
    return Output(
      nextToken: page.nextToken,
      restoreTestingSelections: page.shown.map { selection in
        Entry(
          creationTime: Timestamp(selection.createdAt), iamRoleArn: selection.roleARN,
          protectedResourceType: BackupSettings.dynamoDB, restoreTestingPlanName: plan.name,
          restoreTestingSelectionName: selection.name,
          validationWindowHours: selection.validationHours)
      })
  }
}

/// Takes resources off a restore testing plan; tests under way go on. [BKP.testing]
package struct DeleteRestoreTestingSelection: BackupOperation {
  let restoreTestingPlanName: String
  let restoreTestingSelectionName: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    var (plan, _) = try cloud.testingSelection(
      restoreTestingSelectionName, of: restoreTestingPlanName, for: caller)
    plan.selections[restoreTestingSelectionName] = nil
    cloud.keep(plan, named: plan.name, among: \.restoreTestingPlans, in: caller.place)
    return EmptyOutput()
  }
}

extension Cloud {
  /// A plan of the caller's place with one of its selections.
  ///
  /// - Throws: ResourceNotFound.
  fileprivate func testingSelection(
    _ name: String, of plan: String, for caller: Caller
  ) throws(ServiceError) -> (RestoreTestingPlan, RestoreTestingSelection) {
    let plan = try testingPlan(plan, for: caller)
    guard let selection = plan.selections[name] else {
      throw .backupResourceNotFound("Restore testing selection \(name) does not exist.")
    }
    return (plan, selection)
  }
}
