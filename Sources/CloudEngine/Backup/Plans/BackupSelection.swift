// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
import Simulation

/// What a plan protects; it is evaluated each time the plan runs. [BKP.selection]
struct BackupSelection: Codable, Sendable, Registered {
  let id: String
  let createdAt: Instant
  let creatorRequestId: String
  let document: BackupSelectionDocument
}

/// Resources by ARN or by tag, narrowed by conditions, without those that are left out.
/// [BKP.selection]
struct BackupSelectionDocument: Codable, Hashable, Sendable {
  let selectionName: String
  let iamRoleArn: String
  let resources: [String]?
  let listOfTags: [TagCondition]?
  let notResources: [String]?
  let conditions: Conditions?

  struct TagCondition: Codable, Hashable, Sendable {
    let conditionType: String
    let conditionKey: String
    let conditionValue: String
  }

  struct Conditions: Codable, Hashable, Sendable {
    let stringEquals: [Parameter]?
    let stringNotEquals: [Parameter]?
    let stringLike: [Parameter]?
    let stringNotLike: [Parameter]?
  }

  struct Parameter: Codable, Hashable, Sendable {
    let conditionKey: String?
    let conditionValue: String?
  }
}

// MARK: - Checking

extension BackupSelectionDocument {
  static let arnsWithoutWildcards = 500
  static let arnsWithWildcards = 30
  static let tagConditions = 30

  /// Refuses what selects nothing or cannot be read. [BKP.selection.errors]
  func check(for caller: Caller, in cloud: Cloud) throws(ServiceError) {
    guard !(resources ?? []).isEmpty || !(listOfTags ?? []).isEmpty || conditions?.isEmpty == false
    else {
      throw .invalidBackupParameter(
        "Invalid backup selection. Either 'ListOfTags' or 'Resources' section must be non-empty.")
    }
    try BackupRole.check(iamRoleArn, for: caller)
    guard cloud.canAssume(backupRole: iamRoleArn) else { throw .roleNotAssumed(iamRoleArn) }
    for pattern in (resources ?? []) + (notResources ?? []) {
      guard Self.isPattern(pattern) else {
        throw .invalidBackupParameter("Invalid resource ARN in backup selection: \(pattern)")
      }
    }
    let arns = (resources ?? []) + (notResources ?? [])
    let wild = arns.count { $0.contains("*") }
    guard wild <= Self.arnsWithWildcards, arns.count - wild <= Self.arnsWithoutWildcards,
      listOfTags?.count ?? 0 <= Self.tagConditions, conditions?.all.count ?? 0 <= Self.tagConditions
    else { throw .backupLimitExceeded("The backup selection exceeds the limit of its members") }
    for tag in listOfTags ?? [] where tag.conditionType.uppercased() != "STRINGEQUALS" {
      throw .invalidBackupParameter("Invalid condition type: \(tag.conditionType)")
    }
    for parameter in conditions?.all ?? [] {
      guard let key = parameter.conditionKey, key.hasPrefix(Self.tagPrefix),
        parameter.conditionValue != nil
      else {
        throw .invalidBackupParameter(
          "Invalid condition key: \(parameter.conditionKey ?? "null"). Keys begin with "
            + "\(Self.tagPrefix)")
      }
    }
  }

  static let tagPrefix = "aws:ResourceTag/"

  /// A star stands for a whole Region or account, or for the end of a name. [BKP.selection]
  private static func isPattern(_ text: String) -> Bool {
    if text == "*" { return true }
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[0] == "arn" else { return false }
    guard parts.count == 6 else { return text.hasSuffix(":*") }
    let fields = parts[3...4].allSatisfy { !$0.contains("*") || $0 == "*" }
    let stars = parts[5].filter { $0 == "*" }.count
    return fields && (stars == 0 || stars == 1 && parts[5].hasSuffix("*"))
  }
}

extension BackupSelectionDocument.Conditions {
  var all: [BackupSelectionDocument.Parameter] {
    (stringEquals ?? []) + (stringNotEquals ?? []) + (stringLike ?? []) + (stringNotLike ?? [])
  }

  var isEmpty: Bool { all.isEmpty }
}

// MARK: - Selecting

extension BackupSelectionDocument {
  /// Whether a table is protected. [BKP.selection]
  ///
  /// Its ARN or one of its tags selects it; without either part conditions alone do. Every condition
  /// must hold, and nothing may leave it out.
  ///
  /// - Parameters:
  ///   - arn: The table's.
  ///   - list: The table's tags.
  ///   - isOptedIn: Whether the Region's settings protect tables; only a selection that names tables
  ///     goes without.
  /// - Returns: Whether the plan backs it up.
  func selects(_ arn: String, tags list: [Tag], isOptedIn: Bool) -> Bool {
    let tags = Dictionary(list.map { ($0.key, $0.value) }) { first, _ in first }
    guard tags["awsbackup-restore-test"] == nil else { return false }
    let patterns = (resources ?? []).filter { arn.matches(wildcard: $0) }
    let byTag = (listOfTags ?? []).contains { tags[$0.conditionKey] == $0.conditionValue }
    let hasParts = !(resources ?? []).isEmpty || !(listOfTags ?? []).isEmpty
    guard !patterns.isEmpty || byTag || !hasParts else { return false }
    guard isOptedIn || patterns.contains(where: Self.namesTables) else { return false }
    guard conditions?.hold(for: tags) ?? true else { return false }
    return !(notResources ?? []).contains { arn.matches(wildcard: $0) }
  }

  /// True for `arn:aws:dynamodb:*:*:table/*` and the like, not for `arn:aws:dynamodb:*`.
  private static func namesTables(_ pattern: String) -> Bool {
    ARN(pattern)?.resource.hasPrefix("table/") ?? false
  }
}

extension BackupSelectionDocument.Conditions {
  fileprivate func hold(for tags: [String: String]) -> Bool {
    func value(_ parameter: BackupSelectionDocument.Parameter) -> String? {
      tags[
        String((parameter.conditionKey ?? "").dropFirst(BackupSelectionDocument.tagPrefix.count))]
    }
    func isLike(_ parameter: BackupSelectionDocument.Parameter) -> Bool {
      value(parameter)?.matches(wildcard: parameter.conditionValue ?? "") ?? false
    }
    return (stringEquals ?? []).allSatisfy { value($0) == $0.conditionValue }
      && (stringNotEquals ?? []).allSatisfy { value($0) != $0.conditionValue }
      && (stringLike ?? []).allSatisfy(isLike) && !(stringNotLike ?? []).contains(where: isLike)
  }
}

// MARK: - Operations

/// Assigns resources to a plan, under the role that its jobs take on. [BKP.selection]
package struct CreateBackupSelection: BackupOperation {
  let backupPlanId: String
  let backupSelection: BackupSelectionDocument
  let creatorRequestId: String?

  package struct Output: Encodable, Sendable {
    let selectionId: String
    let backupPlanId: String
    let creationDate: Timestamp
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let plan = try cloud.plan(backupPlanId, for: caller)
    try backupSelection.check(for: caller, in: cloud)
    let selections = plan.selections.oldestFirst
    if let creatorRequestId,
      let repeated = selections.first(where: { $0.creatorRequestId == creatorRequestId })
    {
      return Output(
        selectionId: repeated.id, backupPlanId: plan.id,
        creationDate: Timestamp(repeated.createdAt))
    }
    if let same = selections.first(where: {
      $0.document.selectionName == backupSelection.selectionName
    }) {
      throw ServiceError(
        code: "AlreadyExistsException",
        message: "Backup selection with the same name already exists",
        members: ["CreatorRequestId": .string(same.creatorRequestId)])
    }
    guard plan.selections.count < BackupPlan.selectionsPerPlan else {
      throw .backupLimitExceeded("Maximum number of backup selections exceeded")
    }
    // Every refusal is above this line.
    let selection = BackupSelection(
      id: cloud.identifiers.uuid("backup-selection"), createdAt: cloud.now,
      creatorRequestId: creatorRequestId ?? cloud.identifiers.uuid("creator-request"),
      document: backupSelection)
    cloud.changePlan(plan.id, in: caller.place) { $0.selections.append(selection) }
    return Output(
      selectionId: selection.id, backupPlanId: plan.id,
      creationDate: Timestamp(selection.createdAt))
  }
}

/// Returns what is assigned to a plan under an id. [BKP.selection]
package struct GetBackupSelection: BackupOperation {
  let backupPlanId: String
  let selectionId: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let backupSelection: BackupSelectionDocument
    let selectionId: String
    let backupPlanId: String
    let creationDate: Timestamp
    let creatorRequestId: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let plan = try cloud.plan(backupPlanId, for: caller)
    guard let selection = plan.selections[selectionId] else { throw .selectionNotFound }
    return Output(
      backupSelection: selection.document, selectionId: selection.id, backupPlanId: plan.id,
      creationDate: Timestamp(selection.createdAt), creatorRequestId: selection.creatorRequestId)
  }
}

/// Lists what is assigned to a plan, oldest first. [BKP.selection]
package struct ListBackupSelections: BackupOperation {
  let backupPlanId: String
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let nextToken: String?
    let backupSelectionsList: [Entry]
  }

  struct Entry: Encodable, Sendable {
    let selectionId: String
    let selectionName: String
    let backupPlanId: String
    let creationDate: Timestamp
    let creatorRequestId: String
    let iamRoleArn: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let plan = try cloud.plan(backupPlanId, for: caller)
    let page = try Page(oldestFirst: plan.selections, limit: maxResults, token: nextToken)
    return Output(
      nextToken: page.nextToken,
      backupSelectionsList: page.shown.map { selection in
        Entry(
          selectionId: selection.id, selectionName: selection.document.selectionName,
          backupPlanId: plan.id, creationDate: Timestamp(selection.createdAt),
          creatorRequestId: selection.creatorRequestId, iamRoleArn: selection.document.iamRoleArn)
      })
  }
}

/// Takes resources off a plan; what was backed up stays. [BKP.selection]
package struct DeleteBackupSelection: BackupOperation {
  let backupPlanId: String
  let selectionId: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let plan = try cloud.plan(backupPlanId, for: caller)
    guard plan.selections[selectionId] != nil else { throw .selectionNotFound }
    cloud.changePlan(plan.id, in: caller.place) { $0.selections.remove(selectionId) }
    return EmptyOutput()
  }
}

extension ServiceError {
  fileprivate static let selectionNotFound = backupResourceNotFound(
    "Cannot find Backup selection with specified id")
}
