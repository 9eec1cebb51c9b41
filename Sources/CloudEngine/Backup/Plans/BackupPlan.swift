// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
import Simulation

/// A backup plan: when which vault gets recovery points of what, and how long they are kept.
/// [BKP.plan]
struct BackupPlan: Codable, Sendable, Registered {
  let id: String
  let place: Place
  let createdAt: Instant
  let creatorRequestId: String
  /// What the plan said from when on, the present last.
  var versions: [Version]
  var deletedAt: Instant?
  var lastExecutedAt: Instant?
  var tags: [String: String]
  var selections = Register<BackupSelection>()

  struct Version: Codable, Sendable {
    let id: String
    let createdAt: Instant
    let document: BackupPlanDocument
    /// The ids of the document's rules, in their order.
    let ruleIDs: [String]
  }

  static let perRegion = 300
  static let rulesPerPlan = 10
  static let versionsPerPlan = 2_000
  static let copyActionsPerRule = 5
  static let tagsPerRule = 10
  static let selectionsPerPlan = 100

  var arn: String { ARN.backupService("backup-plan:\(id)", in: place) }
  var version: Version? { versions.last }
}

/// What a plan says. [BKP.plan.rule]
struct BackupPlanDocument: Codable, Hashable, Sendable {
  var backupPlanName: String
  var rules: [BackupRule]
  var advancedBackupSettings: Document?
}

/// One schedule of a plan, with what it makes. [BKP.plan.rule]
struct BackupRule: Codable, Hashable, Sendable {
  let ruleName: String
  let targetBackupVaultName: String
  var scheduleExpression: String?
  var startWindowMinutes: Int?
  var completionWindowMinutes: Int?
  var lifecycle: Lifecycle?
  let recoveryPointTags: [String: String]?
  let copyActions: [CopyAction]?
  let enableContinuousBackup: Bool?
  var scheduleExpressionTimezone: String?

  struct CopyAction: Codable, Hashable, Sendable {
    let lifecycle: Lifecycle?
    let destinationBackupVaultArn: String
  }

  static let defaultSchedule = "cron(0 5 ? * * *)"
  static let defaultZone = "Etc/UTC"
}

extension BackupRule {
  var schedule: CronExpression? { try? CronExpression(scheduleExpression ?? Self.defaultSchedule) }
  var zone: ZoneRule? { ZoneRule.named(scheduleExpressionTimezone ?? Self.defaultZone) }
  var startWindow: Duration { .minutes(Int64(startWindowMinutes ?? BackupJob.startWindow)) }
  var completionWindow: Duration {
    .minutes(Int64(completionWindowMinutes ?? BackupJob.completionWindow))
  }

  /// Days that its recovery points are kept; for ever is longer than anything.
  var retention: Int { lifecycle?.normalized.deleteAfterDays ?? .max }

  /// When it is next due after an instant; nil for never again.
  func next(after instant: Instant) -> Instant? {
    guard let schedule, let zone else { return nil }
    return schedule.next(after: instant, in: zone)
  }

  /// The same with the service's defaults. [BKP.plan.rule]
  var completed: BackupRule {
    var rule = self
    rule.scheduleExpression = scheduleExpression ?? Self.defaultSchedule
    rule.scheduleExpressionTimezone = scheduleExpressionTimezone ?? Self.defaultZone
    rule.startWindowMinutes = startWindowMinutes ?? BackupJob.startWindow
    rule.completionWindowMinutes = completionWindowMinutes ?? BackupJob.completionWindow
    rule.lifecycle = lifecycle?.normalized
    return rule
  }
}

// MARK: - Checking a document

extension BackupPlanDocument {
  /// Refuses what no plan can say. [BKP.plan.errors]
  func check() throws(ServiceError) {
    guard (1...50).contains(backupPlanName.count), backupPlanName.isBackupName else {
      throw .invalidBackupParameter("Invalid backup plan name: \(backupPlanName)")
    }
    guard !rules.isEmpty else {
      throw .invalidBackupParameter("A backup plan must have at least one rule.")
    }
    guard rules.count <= BackupPlan.rulesPerPlan else {
      throw .backupLimitExceeded("A backup plan can have at most 10 rules.")
    }
    for rule in rules { try rule.check() }
  }
}

extension BackupRule {
  fileprivate func check() throws(ServiceError) {
    do throws(CronExpression.Fault) {
      _ = try CronExpression(scheduleExpression ?? Self.defaultSchedule)
    } catch {
      switch error {
      case .malformed: throw fault("Invalid schedule expression")
      case .tooOften: throw fault("Schedule expression must not run more often than once an hour")
      }
    }
    guard zone != nil else {
      throw fault("Invalid schedule expression timezone")
    }
    let start = startWindowMinutes ?? BackupJob.startWindow
    guard start >= BackupJob.startWindowMinimum else {
      throw fault("Invalid StartWindowMinutes. The minimum value is 60")
    }
    guard start <= BackupJob.windowMaximum - 60 else {
      throw fault(
        "Invalid StartWindowMinutes. The maximum value is \(BackupJob.windowMaximum - 60)")
    }
    let complete = completionWindowMinutes ?? BackupJob.completionWindow
    guard complete >= start + 60, complete <= BackupJob.windowMaximum else {
      throw fault(
        "Invalid CompletionWindowMinutes. It must be at least 60 minutes longer than the start window"
      )
    }
    let own = (lifecycle ?? .forever).normalized
    if enableContinuousBackup == true {
      if own.moveToColdStorageAfterDays != nil {
        throw fault("Invalid lifecycle. MoveToColdStorageAfterDays is unavailable")
      }
      guard let days = own.deleteAfterDays, (1...35).contains(days) else {
        throw fault("Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 35 days")
      }
    }
    if let text = own.fault { throw fault(text) }
    guard recoveryPointTags?.count ?? 0 <= BackupPlan.tagsPerRule else {
      throw fault("A rule can add at most 10 tags to a recovery point")
    }
    try BackupTags.check(recoveryPointTags ?? [:])
    guard copyActions?.count ?? 0 <= BackupPlan.copyActionsPerRule else {
      throw fault("A rule can have at most 5 copy actions")
    }
    for action in copyActions ?? [] {
      guard let arn = ARN(action.destinationBackupVaultArn), arn.vaultName != nil else {
        throw fault("Invalid destination backup vault ARN \(action.destinationBackupVaultArn)")
      }
      if let text = (action.lifecycle ?? .forever).normalized.fault { throw fault(text) }
    }
  }

  /// The service names the rule and gives a number. [BKP.plan.errors]
  private func fault(_ detail: String) -> ServiceError {
    .invalidBackupParameter(
      "Error in rule \(ruleName) : \(detail)", number: "ERROR_3015", context: [ruleName, detail])
  }
}

extension String {
  /// True for letters, digits, `-`, `_` and `.` alone.
  var isBackupName: Bool {
    utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."):
        true
      default: false
      }
    }
  }
}

// MARK: - How the service shows it

/// What a plan says, with the ids of its rules.
struct BackupPlanDescription: Encodable, Sendable {
  let backupPlanName: String
  let rules: [Rule]
  let advancedBackupSettings: Document?

  struct Rule: Encodable, Sendable {
    let rule: BackupRule
    let ruleId: String

    /// The rule's members and one more.
    func encode(to encoder: any Encoder) throws {
      try rule.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(ruleId, forKey: .ruleId)
    }

    private enum CodingKeys: CodingKey { case ruleId }
  }

  init(_ version: BackupPlan.Version) {
    backupPlanName = version.document.backupPlanName
    rules = zip(version.document.rules, version.ruleIDs).map { Rule(rule: $0, ruleId: $1) }
    advancedBackupSettings = version.document.advancedBackupSettings
  }
}

// MARK: - Where a job comes from

/// The plan and the rule that a job was started by. [BKP.plan]
struct RecoveryPointCreator: Codable, Hashable, Sendable {
  let backupPlanId: String
  let backupPlanArn: String
  let backupPlanName: String
  let backupPlanVersion: String
  let backupRuleId: String
  let backupRuleName: String
  let backupRuleCron: String
  let backupRuleTimezone: String
}

extension RecoveryPointCreator {
  init(_ index: Int, of version: BackupPlan.Version, in plan: BackupPlan) {
    let rule = version.document.rules[index]
    backupPlanId = plan.id
    backupPlanArn = plan.arn
    backupPlanName = version.document.backupPlanName
    backupPlanVersion = version.id
    backupRuleId = version.ruleIDs[index]
    backupRuleName = rule.ruleName
    backupRuleCron = rule.scheduleExpression ?? BackupRule.defaultSchedule
    backupRuleTimezone = rule.scheduleExpressionTimezone ?? BackupRule.defaultZone
  }
}

extension Cloud {
  /// The plan of an id in the caller's place.
  ///
  /// - Parameters:
  ///   - id: The plan's.
  ///   - caller: Whose place it is looked for in.
  ///   - includesDeleted: Whether a deleted plan will do: it can still be read.
  /// - Returns: The plan.
  /// - Throws: ResourceNotFound.
  func plan(
    _ id: String, for caller: Caller, includesDeleted: Bool = false
  ) throws(ServiceError) -> BackupPlan {
    guard let plan = self[caller.place].awsBackup.plans[id],
      includesDeleted || plan.deletedAt == nil
    else { throw .planNotFound }
    return plan
  }

  mutating func changePlan(
    _ id: String, in place: Place, _ change: (inout BackupPlan) -> Void
  ) {
    self[place].awsBackup.plans.change(id, change)
  }
}

extension ServiceError {
  static let planNotFound = backupResourceNotFound(
    "Failed reading Backup plan with provided version")
}
