// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ServiceModel
import Simulation

/// A plan that the service has ready. [BKP.plan.template]
private struct PlanTemplate {
  let name: String
  let rules: [BackupRule]

  var id: String { UUIDText.derived(from: "backup plan template " + name) }

  static let all: [PlanTemplate] = [
    PlanTemplate(name: "Daily-35day-Retention", rules: [daily]),
    PlanTemplate(name: "Daily-Monthly-1yr-Retention", rules: [daily, monthly(365)]),
    PlanTemplate(
      name: "Daily-Weekly-Monthly-5yr-Retention", rules: [daily, weekly, monthly(1_825)]),
    PlanTemplate(
      name: "Daily-Weekly-Monthly-7yr-Retention", rules: [daily, weekly, monthly(2_555)]),
  ]

  private static let daily = rule("DailyBackups", "cron(0 5 ? * * *)", days: 35)
  private static let weekly = rule("WeeklyBackups", "cron(0 5 ? * 7 *)", days: 90)

  /// Goes cold after a month, as long as it is kept.
  private static func monthly(_ days: Int) -> BackupRule {
    rule("MonthlyBackups", "cron(0 5 1 * ? *)", coldAfter: 30, days: days)
  }

  private static func rule(
    _ name: String, _ schedule: String, coldAfter: Int? = nil, days: Int
  ) -> BackupRule {
    BackupRule(
      ruleName: name, targetBackupVaultName: "Default", scheduleExpression: schedule,
      lifecycle: Lifecycle(moveToColdStorageAfterDays: coldAfter, deleteAfterDays: days),
      recoveryPointTags: nil, copyActions: nil, enableContinuousBackup: nil
    ).completed
  }
}

/// Lists the plans that the service has ready. [BKP.plan.template]
package struct ListBackupPlanTemplates: BackupOperation {
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let nextToken: String?
    let backupPlanTemplatesList: [Entry]
  }

  struct Entry: Encodable, Sendable {
    let backupPlanTemplateId: String
    let backupPlanTemplateName: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let page = try Page(PlanTemplate.all, limit: maxResults, token: nextToken)
    return Output(
      nextToken: page.nextToken,
      backupPlanTemplatesList: page.shown.map {
        Entry(backupPlanTemplateId: $0.id, backupPlanTemplateName: $0.name)
      })
  }
}

/// Returns what a template says, to be made a plan of. [BKP.plan.template]
package struct GetBackupPlanFromTemplate: BackupOperation {
  let backupPlanTemplateId: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable { let backupPlanDocument: BackupPlanDocument }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard let template = PlanTemplate.all.first(where: { $0.id == backupPlanTemplateId }) else {
      throw .backupResourceNotFound(
        "Cannot find backup plan template with ID \(backupPlanTemplateId)")
    }
    return Output(
      backupPlanDocument: BackupPlanDocument(backupPlanName: template.name, rules: template.rules))
  }
}

/// Returns what a plan says as a text that another plan can be made of. [BKP.plan.template]
package struct ExportBackupPlanTemplate: BackupOperation {
  let backupPlanId: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable { let backupPlanTemplateJson: String }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let plan = try cloud.plan(backupPlanId, for: caller)
    guard let version = plan.version, let shape = PlanText.shape else { throw .planNotFound }
    do {
      let document = try ResponseEncoder.encode(version.document, as: shape)
      return Output(backupPlanTemplateJson: document.json(.compact))
    } catch {
      preconditionFailure("A plan's document encodes itself: \(error)")
    }
  }
}

/// Reads a plan from a text, and refuses what no plan can say. [BKP.plan.template]
package struct GetBackupPlanFromJSON: BackupOperation {
  let backupPlanTemplateJson: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable { let backupPlan: BackupPlanDocument }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard let document = try? Document.parse(backupPlanTemplateJson), case .object = document,
      let shape = PlanText.shape, serializationError(of: document, as: shape) == nil
    else { throw PlanText.invalid("it is no JSON of a backup plan") }
    if let text = violations(of: document, as: shape) { throw PlanText.invalid(text) }
    guard
      let read = try? RequestDecoder.decode(BackupPlanDocument.self, from: document, shape: shape)
    else { throw PlanText.invalid("a member is missing") }
    if let member = read.unread.first(where: { !$0.hasSuffix(".RuleId") }) {
      throw .notSimulated("\(member) of \(Self.name)")
    }
    try read.value.check()
    var plan = read.value
    plan.rules = plan.rules.map(\.completed)
    return Output(backupPlan: plan)
  }
}

/// A plan as text: the members that requests have.
private enum PlanText {
  static var shape: Shape? {
    Service.named("backup")?.operation(named: "CreateBackupPlan")?.input?
      .member(named: "BackupPlan")?.shape
  }

  static func invalid(_ why: String) -> ServiceError {
    .invalidBackupParameter("The backup plan template is invalid: \(why)")
  }
}
