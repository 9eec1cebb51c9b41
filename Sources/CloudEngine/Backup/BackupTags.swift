// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections

/// The rules for tags of vaults, plans and recovery points. [BKP.tags]
enum BackupTags {
  static let perResource = 50

  /// Whether a table's tags and those of a job are too many for one recovery point; the same key in
  /// both counts once.
  static func areTooMany(_ own: [Tag], with others: [String: String]) -> Bool {
    guard own.count + others.count > perResource else { return false }
    return Set(own.map(\.key)).union(others.keys).count > perResource
  }

  static func check(_ tags: [String: String]) throws(ServiceError) {
    for (key, value) in tags.sorted(by: { $0.key < $1.key }) {
      guard !key.lowercased().hasPrefix("aws:") else {
        throw .invalidBackupParameter("Tag keys cannot begin with aws: \(key)")
      }
      guard (1...128).contains(key.count) else {
        throw .invalidBackupParameter("Tag keys have 1 to 128 characters: \(key)")
      }
      guard value.count <= 256 else {
        throw .invalidBackupParameter("Tag values have at most 256 characters: \(value)")
      }
    }
    guard tags.count <= perResource else { throw .tooManyBackupTags }
  }
}

extension ServiceError {
  static let tooManyBackupTags = backupLimitExceeded(
    "The number of tags exceeds the limit of \(BackupTags.perResource)")
}

/// What of AWS Backup's can carry tags, by what it is looked up by. [BKP.tags]
enum TaggedBackupResource {
  case vault(String)
  case plan(String)
  case recoveryPoint(String)
  case legalHold(String)
  /// These three by name.
  case restoreTestingPlan(String)
  case reportPlan(String)
  case framework(String)
}

extension Cloud {
  /// The vault, plan or recovery point of an ARN in the caller's place.
  ///
  /// A recovery point that is a backup of DynamoDB's carries no tags.
  ///
  /// - Throws: InvalidParameterValue, ResourceNotFound.
  func taggedBackupResource(
    _ text: String, for caller: Caller
  ) throws(ServiceError) -> TaggedBackupResource {
    guard let arn = ARN(text), arn.service == "backup" else {
      throw .invalidBackupParameter("Invalid resource ARN: \(text)")
    }
    let service = self[caller.place].backup?.value
    guard arn.place == caller.place else { throw .backupResourceMissing(text) }
    if let name = arn.vaultName {
      guard service?.vaults[name] != nil else { throw .backupResourceMissing(text) }
      return .vault(name)
    }
    if arn.resource.hasPrefix("backup-plan:") {
      let id = String(arn.resource.dropFirst("backup-plan:".count))
      guard let plan = service?.plans[id], plan.deletedAt == nil else {
        throw .backupResourceMissing(text)
      }
      return .plan(id)
    }
    if arn.resource.hasPrefix("recovery-point:") {
      guard service?.recoveryPoints[text] != nil else { throw .backupResourceMissing(text) }
      return .recoveryPoint(text)
    }
    guard
      let found = service?.audited(
        text, id: arn.resource.split(separator: ":").last.map(String.init) ?? "")
    else {
      throw .backupResourceMissing(text)
    }
    return found
  }

  /// The tags of what was found by its ARN.
  func tags(of resource: TaggedBackupResource, in place: Place) -> [String: String] {
    let service = self[place].awsBackup
    return switch resource {
    case .vault(let name): service.vaults[name]?.tags ?? [:]
    case .plan(let id): service.plans[id]?.tags ?? [:]
    case .recoveryPoint(let arn): service.recoveryPoints[arn]?.tags ?? [:]
    case .legalHold(let id): service.legalHolds?[id]?.tags ?? [:]
    case .restoreTestingPlan(let name): service.restoreTestingPlans?[name]?.tags ?? [:]
    case .reportPlan(let name): service.reportPlans?[name]?.tags ?? [:]
    case .framework(let name): service.frameworks?[name]?.tags ?? [:]
    }
  }

  fileprivate mutating func setTags(
    _ tags: [String: String], of resource: TaggedBackupResource, in place: Place
  ) {
    switch resource {
    case .vault(let name): changeVault(name, in: place) { $0.tags = tags }
    case .plan(let id): changePlan(id, in: place) { $0.tags = tags }
    case .recoveryPoint(let arn): setTags(tags, ofRecoveryPoint: arn, in: place)
    case .legalHold(let id): self[place].awsBackup.legalHolds?.change(id) { $0.tags = tags }
    case .restoreTestingPlan(let name):
      self[place].awsBackup.restoreTestingPlans?[name]?.tags = tags
    case .reportPlan(let name): self[place].awsBackup.reportPlans?[name]?.tags = tags
    case .framework(let name): self[place].awsBackup.frameworks?[name]?.tags = tags
    }
  }
}

extension BackupService {
  /// The hold, testing plan, report plan or framework of an ARN; nil if there is none.
  ///
  /// - Parameters:
  ///   - arn: The whole ARN.
  ///   - id: What stands behind its last colon: an id, or a name and an id.
  /// - Returns: What it is.
  fileprivate func audited(_ arn: String, id: String) -> TaggedBackupResource? {
    if legalHolds?[id]?.arn == arn { return .legalHold(id) }
    // A UUID has 36 characters, and a dash stands before it.
    let name = String(id.dropLast(37))
    if restoreTestingPlans?[name]?.arn == arn { return .restoreTestingPlan(name) }
    if reportPlans?[name]?.arn == arn { return .reportPlan(name) }
    if frameworks?[name]?.arn == arn { return .framework(name) }
    return nil
  }
}

extension ServiceError {
  fileprivate static func backupResourceMissing(_ arn: String) -> ServiceError {
    .backupResourceNotFound("Resource not found: \(arn)")
  }
}

/// AWS Backup's operations on tags, which bear the names of DynamoDB's. [BKP.tags]
extension BackupService {
  /// Adds tags to a vault, plan or recovery point, or replaces their values.
  package struct TagResource: BackupOperation {
    let resourceArn: String
    let tags: [String: String]

    package typealias Output = EmptyOutput

    package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
      let resource = try cloud.taggedBackupResource(resourceArn, for: caller)
      try BackupTags.check(tags)
      let merged = cloud.tags(of: resource, in: caller.place).merging(tags) { $1 }
      guard merged.count <= BackupTags.perResource else { throw .tooManyBackupTags }
      cloud.setTags(merged, of: resource, in: caller.place)
      return EmptyOutput()
    }
  }

  /// Removes tags; a key that is not there is no error.
  package struct UntagResource: BackupOperation {
    let resourceArn: String
    let tagKeyList: [String]

    package typealias Output = EmptyOutput

    package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
      let resource = try cloud.taggedBackupResource(resourceArn, for: caller)
      let left = cloud.tags(of: resource, in: caller.place).filter { !tagKeyList.contains($0.key) }
      cloud.setTags(left, of: resource, in: caller.place)
      return EmptyOutput()
    }
  }
}

/// Lists the tags of a vault, plan or recovery point. [BKP.tags]
package struct ListTags: BackupOperation {
  let resourceArn: String
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let nextToken: String?
    let tags: [String: String]
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let resource = try cloud.taggedBackupResource(resourceArn, for: caller)
    let tags = cloud.tags(of: resource, in: caller.place).sorted {
      $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
    }
    let start: String? = try PageToken.mark(in: nextToken, otherwise: BackupPages.refusal)
    let page = Page(
      tags.lazy.filter { tag in
        start.map { $0.utf8.lexicographicallyPrecedes(tag.key.utf8) } ?? true
      }, limit: maxResults ?? BackupPages.limit, mark: { $0.key })
    return Output(
      nextToken: page.nextToken,
      tags: Dictionary(page.shown.map { ($0.key, $0.value) }) { first, _ in first })
  }
}
