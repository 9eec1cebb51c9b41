// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// A plan that restores recovery points by a schedule, to see that it can be done, and deletes what came
/// of it. [BKP.testing]
struct RestoreTestingPlan: Codable, Sendable {
  let name: String
  /// Part of the ARN, so that a plan made again under the name is another one.
  let id: String
  let place: Place
  let createdAt: Instant
  let creatorRequestId: String
  var tags: [String: String]
  var settings: Settings
  var updatedAt: Instant?
  var lastExecutedAt: Instant?
  /// How often it was changed: what was due by an earlier schedule is not.
  var revision = 0
  /// By name.
  var selections: OrderedMap<String, RestoreTestingSelection> = OrderedMap()

  static let perPlace = 100
  static let selectionsPerPlan = 30
  static let startWindow = 24
  static let startWindows = 1...168
  static let selectionDays = 30
  static let selectionWindows = 1...365

  var arn: String { ARN.backupService("restore-testing-plan:\(name)-\(id)", in: place) }

  /// What an update can change.
  struct Settings: Codable, Sendable {
    var selection: RecoveryPointQuestion
    var scheduleExpression: String
    var zone: String
    var startWindowHours: Int

    /// When it is next due after an instant; nil for never again.
    func next(after instant: Instant) -> Instant? {
      guard let schedule = try? CronExpression(scheduleExpression), let zone = ZoneRule.named(zone)
      else { return nil }
      return schedule.next(after: instant, in: zone)
    }

    /// Refuses what no plan can say, and fills in what is left out. [BKP.testing]
    func checked() throws(ServiceError) -> Settings {
      do throws(CronExpression.Fault) {
        _ = try CronExpression(scheduleExpression)
      } catch {
        throw .invalidBackupParameter(
          error == .malformed
            ? "Invalid schedule expression: \(scheduleExpression)"
            : "Schedule expression must not run more often than once an hour")
      }
      guard ZoneRule.named(zone) != nil else {
        throw .invalidBackupParameter("Invalid schedule expression timezone: \(zone)")
      }
      guard RestoreTestingPlan.startWindows.contains(startWindowHours) else {
        throw .invalidBackupParameter("StartWindowHours must be from 1 to 168.")
      }
      try selection.check()
      var result = self
      result.selection.selectionWindowDays =
        selection.selectionWindowDays ?? RestoreTestingPlan.selectionDays
      return result
    }
  }
}

/// Which of a resource's recovery points is restored. [BKP.testing]
struct RecoveryPointQuestion: Codable, Hashable, Sendable {
  var algorithm: String?
  var excludeVaults: [String]?
  var includeVaults: [String]?
  var recoveryPointTypes: [String]?
  var selectionWindowDays: Int?

  static let latest = "LATEST_WITHIN_WINDOW"
  static let random = "RANDOM_WITHIN_WINDOW"

  /// Whether a recovery point comes into question; those of tables are snapshots.
  func admits(_ point: RecoveryPoint, at now: Instant) -> Bool {
    let vault = ARN.vault(point.vaultName, in: point.place)
    let days = selectionWindowDays ?? RestoreTestingPlan.selectionDays
    return point.status == .completed && recoveryPointTypes?.contains("SNAPSHOT") ?? false
      && point.createdAt >= now - .days(Int64(days))
      && (includeVaults ?? []).contains { vault.matches(wildcard: $0) }
      && !(excludeVaults ?? []).contains { vault.matches(wildcard: $0) }
  }

  /// Refuses what chooses nothing or cannot be read. [BKP.testing]
  func check() throws(ServiceError) {
    guard algorithm != nil else { throw .missingBackupParameter("Algorithm") }
    guard !(includeVaults ?? []).isEmpty else { throw .missingBackupParameter("IncludeVaults") }
    guard !(recoveryPointTypes ?? []).isEmpty else {
      throw .missingBackupParameter("RecoveryPointTypes")
    }
    for vault in (includeVaults ?? []) + (excludeVaults ?? [])
    where vault != "*" && ARN(vault)?.vaultName == nil {
      throw .invalidBackupParameter("Invalid backup vault ARN: \(vault)")
    }
    let days = selectionWindowDays ?? RestoreTestingPlan.selectionDays
    guard RestoreTestingPlan.selectionWindows.contains(days) else {
      throw .invalidBackupParameter("SelectionWindowDays must be from 1 to 365.")
    }
  }
}

/// Which resources a plan tests, under which role, and how long what comes of it stays. [BKP.testing]
struct RestoreTestingSelection: Codable, Sendable {
  let name: String
  let createdAt: Instant
  let creatorRequestId: String?
  var roleARN: String
  var resourceARNs: [String]?
  var conditions: Conditions?
  var overrides: [String: String]
  var validationHours: Int
  var updatedAt: Instant?

  struct Conditions: Codable, Hashable, Sendable {
    let stringEquals: [Pair]?
    let stringNotEquals: [Pair]?

    struct Pair: Codable, Hashable, Sendable {
      let key: String
      let value: String
    }

    var all: [Pair] { (stringEquals ?? []) + (stringNotEquals ?? []) }

    func hold(for tags: [String: String]) -> Bool {
      func value(_ pair: Pair) -> String? {
        tags[String(pair.key.dropFirst(BackupSelectionDocument.tagPrefix.count))]
      }
      return (stringEquals ?? []).allSatisfy { value($0) == $0.value }
        && (stringNotEquals ?? []).allSatisfy { value($0) != $0.value }
    }
  }

  static let resourcesPerSelection = 30
  static let validationWindows = 0...168
  /// What restored tables carry, so that backup plans leave them alone. [BKP.selection]
  static let tag = "awsbackup-restore-test"
  /// The metadata that a request may set. [BKP.testing.metadata]
  static let overridable = ["encryptiontype", "kmsmasterkeyarn"]

  /// Refuses what selects nothing or cannot be read. [BKP.testing]
  func check(for caller: Caller) throws(ServiceError) {
    guard name.isTestingName else {
      throw .invalidBackupParameter("Invalid restore testing selection name: \(name)")
    }
    try BackupRole.check(roleARN, for: caller)
    let arns = resourceARNs ?? []
    let isWild = arns.contains("*")
    guard !arns.isEmpty || !(conditions?.all ?? []).isEmpty else {
      throw .invalidBackupParameter(
        "Either ProtectedResourceArns or ProtectedResourceConditions must be specified.")
    }
    guard arns.count <= Self.resourcesPerSelection else {
      throw .backupLimitExceeded("A restore testing selection can have at most 30 resources.")
    }
    guard !isWild || arns.count == 1 else {
      throw .invalidBackupParameter(
        "ProtectedResourceArns can hold either ARNs or a wildcard, not both.")
    }
    guard arns.isEmpty || isWild || (conditions?.all ?? []).isEmpty else {
      throw .invalidBackupParameter(
        "ProtectedResourceConditions cannot be combined with the ARNs of resources.")
    }
    for arn in arns where !isWild && ARN(arn)?.tableName == nil {
      throw .invalidBackupParameter("Invalid ARN: \(arn)")
    }
    for pair in conditions?.all ?? [] where !pair.key.hasPrefix(BackupSelectionDocument.tagPrefix) {
      throw .invalidBackupParameter(
        "Invalid condition key: \(pair.key). Keys begin with \(BackupSelectionDocument.tagPrefix)")
    }
    guard Self.validationWindows.contains(validationHours) else {
      throw .invalidBackupParameter("ValidationWindowHours must be from 0 to 168.")
    }
    for key in overrides.keys.sorted() where !Self.overridable.contains(key.lowercased()) {
      throw .invalidBackupParameter("Restore metadata cannot be overridden: \(key)")
    }
    _ = try RestoreJob.Wish(metadata(targetTable: "inferred"))
  }

  /// What a test restores with, the selection's own wishes over what is inferred.
  /// [BKP.testing.metadata]
  func metadata(targetTable name: String) -> [String: String] {
    var result = InferredMetadata.of(targetTable: name)
    for (key, value) in overrides.sorted(by: { $0.key < $1.key }) {
      let known = result.keys.sorted().first { $0.lowercased() == key.lowercased() }
      result[known ?? key] = value
    }
    return result
  }

  /// Whether a resource with these tags is tested.
  func selects(_ arn: String, tags: [String: String]) -> Bool {
    let arns = resourceARNs ?? []
    return (arns.isEmpty || arns.contains("*") || arns.contains(arn))
      && (conditions?.hold(for: tags) ?? true)
  }
}

/// What AWS Backup restores a table with by itself. [BKP.testing.metadata]
enum InferredMetadata {
  static func of(targetTable name: String) -> [String: String] {
    ["deletionProtection": "false", "encryptionType": "Default", "targetTableName": name]
  }

  static func tableName(_ suffix: String) -> String { "\(RestoreTestingSelection.tag)-\(suffix)" }
}

extension String {
  /// True for up to 50 letters, digits and underscores. [BKP.testing]
  var isTestingName: Bool {
    (1...50).contains(utf8.count) && isBackupName && !contains("-") && !contains(".")
  }
}

extension Cloud {
  /// The restore testing plan of a name in the caller's place.
  ///
  /// - Throws: ResourceNotFound.
  func testingPlan(_ name: String, for caller: Caller) throws(ServiceError) -> RestoreTestingPlan {
    guard let plan = self[caller.place].awsBackup.restoreTestingPlans?[name] else {
      throw .backupResourceNotFound("Restore testing plan \(name) does not exist.")
    }
    return plan
  }
}
