// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Controls that backups are to be held against; kept and told, never evaluated. [BKP.framework]
struct Framework: Deployed {
  let name: String
  let id: String
  let place: Place
  let createdAt: Instant
  let token: String?
  var description: String?
  var controls: [FrameworkControl]
  var tags: [String: String]
  var updatedAt: Instant?
  var updateToken: String?

  static let perPlace = 15
  /// The most controls of all of a place's frameworks together.
  static let controlsPerPlace = 50

  var arn: String { ARN.backupService("framework:\(name)-\(id)", in: place) }

  var title: String { "Framework \(name)" }
}

/// One control of a framework, with its parameters and what it looks at. [BKP.framework]
struct FrameworkControl: Codable, Hashable, Sendable {
  let controlName: String
  let controlInputParameters: [Parameter]?
  let controlScope: Scope?

  struct Parameter: Codable, Hashable, Sendable {
    let parameterName: String?
    let parameterValue: String?
  }

  struct Scope: Codable, Hashable, Sendable {
    let complianceResourceIds: [String]?
    let complianceResourceTypes: [String]?
    let tags: [String: String]?
  }

  static let names = [
    "BACKUP_LAST_RECOVERY_POINT_CREATED", "BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK",
    "BACKUP_RECOVERY_POINT_ENCRYPTED", "BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED",
    "BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK",
    "BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN", "BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK",
    "BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT", "BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION",
    "RESOURCES_IN_LOGICALLY_AIR_GAPPED_VAULT", "RESTORE_TIME_FOR_RESOURCES_MEET_TARGET",
  ]
}

extension Cloud {
  fileprivate func framework(_ name: String, for caller: Caller) throws(ServiceError) -> Framework {
    guard let framework = self[caller.place].awsBackup.frameworks?[name] else {
      throw .backupResourceNotFound("Framework \(name) does not exist.")
    }
    return framework
  }

  /// Refuses controls that do not exist, and more of them than a place may have.
  fileprivate func check(
    _ controls: [FrameworkControl], besides others: String, for caller: Caller
  ) throws(ServiceError) {
    guard !controls.isEmpty else {
      throw .invalidBackupParameter("A framework must have at least one control.")
    }
    for control in controls where !FrameworkControl.names.contains(control.controlName) {
      throw .invalidBackupParameter("Invalid control name: \(control.controlName)")
    }
    let frameworks = self[caller.place].awsBackup.frameworks ?? OrderedMap()
    let used = frameworks.values.filter { $0.name != others }.reduce(0) { $0 + $1.controls.count }
    guard used + controls.count <= Framework.controlsPerPlace else {
      throw .backupLimitExceeded("Maximum number of controls exceeded")
    }
  }
}

/// Makes a framework. [BKP.framework]
package struct CreateFramework: BackupOperation {
  let frameworkName: String
  let frameworkDescription: String?
  let frameworkControls: [FrameworkControl]
  let idempotencyToken: String?
  let frameworkTags: [String: String]?

  package static var standing: OperationStanding { .settingsOnly }

  package struct Output: Encodable, Sendable {
    let frameworkName: String
    let frameworkArn: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    try BackupTags.check(frameworkTags ?? [:])
    let frameworks = cloud[caller.place].awsBackup.frameworks ?? OrderedMap()
    if let existing = frameworks[frameworkName] {
      guard let idempotencyToken, idempotencyToken == existing.token else {
        throw .backupAlreadyExists(
          "Framework with the same name already exists", arn: existing.arn,
          creatorRequestId: existing.token ?? "")
      }
      return Output(frameworkName: existing.name, frameworkArn: existing.arn)
    }
    guard frameworks.count < Framework.perPlace else {
      throw .backupLimitExceeded("Maximum number of frameworks exceeded")
    }
    try cloud.check(frameworkControls, besides: frameworkName, for: caller)
    // Every refusal is above this line.
    let framework = Framework(
      name: frameworkName, id: cloud.identifiers.uuid("framework"), place: caller.place,
      createdAt: cloud.now, token: idempotencyToken, description: frameworkDescription,
      controls: frameworkControls, tags: frameworkTags ?? [:])
    cloud.keep(framework, named: framework.name, among: \.frameworks, in: caller.place)
    return Output(frameworkName: framework.name, frameworkArn: framework.arn)
  }
}

/// Changes what a request names of a framework. [BKP.framework]
package struct UpdateFramework: BackupOperation {
  let frameworkName: String
  let frameworkDescription: String?
  let frameworkControls: [FrameworkControl]?
  /// The same as of the last change asks for nothing more.
  let idempotencyToken: String?

  package static var standing: OperationStanding { .settingsOnly }

  package struct Output: Encodable, Sendable {
    let frameworkName: String
    let frameworkArn: String
    let creationTime: Timestamp
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    var framework = try cloud.framework(frameworkName, for: caller)
    guard !framework.isRepeated(idempotencyToken) else { return Output(framework) }
    try cloud.check(
      frameworkControls ?? framework.controls, besides: frameworkName, for: caller)
    try framework.requireReady(at: cloud.now)
    // Every refusal is above this line.
    framework.description = frameworkDescription ?? framework.description
    framework.controls = frameworkControls ?? framework.controls
    framework.noteUpdate(at: cloud.now, token: idempotencyToken)
    cloud.keep(framework, named: framework.name, among: \.frameworks, in: caller.place)
    return Output(framework)
  }
}

extension UpdateFramework.Output {
  fileprivate init(_ framework: Framework) {
    frameworkName = framework.name
    frameworkArn = framework.arn
    creationTime = Timestamp(framework.createdAt)
  }
}

/// Returns a framework. [BKP.framework]
package struct DescribeFramework: BackupOperation {
  let frameworkName: String

  package static var isReadOnly: Bool { true }
  package static var standing: OperationStanding { .settingsOnly }

  package struct Output: Encodable, Sendable {
    let frameworkName: String
    let frameworkArn: String
    let frameworkDescription: String?
    let frameworkControls: [FrameworkControl]
    let creationTime: Timestamp
    let deploymentStatus: String
    let frameworkStatus: String
    let idempotencyToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let framework = try cloud.framework(frameworkName, for: caller)
    // Nothing records what resources are like, so no control is ever looked at.
    return Output(
      frameworkName: framework.name, frameworkArn: framework.arn,
      frameworkDescription: framework.description, frameworkControls: framework.controls,
      creationTime: Timestamp(framework.createdAt),
      deploymentStatus: framework.deploymentStatus(at: cloud.now), frameworkStatus: "INACTIVE",
      idempotencyToken: framework.token)
  }
}

/// Lists the frameworks of the caller's account and Region, by name. [BKP.framework]
package struct ListFrameworks: BackupOperation {
  let maxResults: Int?
  let nextToken: String?

  package static var isReadOnly: Bool { true }
  package static var standing: OperationStanding { .settingsOnly }

  package struct Output: Encodable, Sendable {
    let frameworks: [Entry]
    let nextToken: String?
  }

  struct Entry: Encodable, Sendable {
    let frameworkName: String
    let frameworkArn: String
    let frameworkDescription: String?
    let numberOfControls: Int
    let creationTime: Timestamp
    let deploymentStatus: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let now = cloud.now
    let page = try Page(
      cloud[caller.place].awsBackup.frameworks ?? OrderedMap(), limit: maxResults,
      token: nextToken)
    return Output(
      frameworks: page.shown.map { framework in
        Entry(
          frameworkName: framework.name, frameworkArn: framework.arn,
          frameworkDescription: framework.description,
          numberOfControls: framework.controls.count,
          creationTime: Timestamp(framework.createdAt),
          deploymentStatus: framework.deploymentStatus(at: now))
      }, nextToken: page.nextToken)
  }
}

/// Deletes a framework. [BKP.framework]
package struct DeleteFramework: BackupOperation {
  let frameworkName: String

  package static var standing: OperationStanding { .settingsOnly }
  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let framework = try cloud.framework(frameworkName, for: caller)
    try framework.requireReady(at: cloud.now)
    cloud.keep(nil as Framework?, named: framework.name, among: \.frameworks, in: caller.place)
    return EmptyOutput()
  }
}
