// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// When a rule of a plan is due.
struct DueRule: Hashable, Sendable, Codable {
  let place: Place
  let planID: String
  /// A plan that was changed since runs by its new version's own entries.
  let versionID: String
  let ruleID: String
}

extension Cloud {
  /// Puts the next run of each of a plan's rules on the agenda.
  mutating func scheduleRules(of plan: BackupPlan) {
    guard let version = plan.version else { return }
    for index in version.document.rules.indices { scheduleNext(index, of: version, in: plan) }
  }

  private mutating func scheduleNext(
    _ index: Int, of version: BackupPlan.Version, in plan: BackupPlan
  ) {
    guard let next = version.document.rules[index].next(after: now) else { return }
    let due = DueRule(
      place: plan.place, planID: plan.id, versionID: version.id, ruleID: version.ruleIDs[index])
    agenda.schedule(.backup(.ruleDue(due)), at: next)
  }

  /// Starts the jobs of a rule, unless another rule of the plan has the time. [BKP.plan.overlap]
  mutating func ruleIsDue(_ due: DueRule) {
    guard let plan = self[due.place].awsBackup.plans[due.planID], plan.deletedAt == nil,
      let version = plan.version, version.id == due.versionID,
      let index = version.ruleIDs.firstIndex(of: due.ruleID)
    else { return }
    scheduleNext(index, of: version, in: plan)
    guard !isOutlived(index, among: version.document.rules) else { return }
    let started = startJobs(of: index, of: version, in: plan)
    let now = now
    if started { changePlan(plan.id, in: due.place) { $0.lastExecutedAt = now } }
  }

  /// Whether another rule whose start window meets this one's keeps its recovery points longer; of
  /// rules that keep them equally long the first one runs.
  private func isOutlived(_ index: Int, among rules: [BackupRule]) -> Bool {
    let rule = rules[index]
    return rules.indices.contains { other in
      guard other != index else { return false }
      let rival = rules[other]
      guard
        rival.retention > rule.retention || rival.retention == rule.retention && other < index,
        let meeting = rival.next(after: now - rival.startWindow)
      else { return false }
      return meeting < now + rule.startWindow
    }
  }

  /// - Returns: Whether there was anything to back up.
  private mutating func startJobs(
    of index: Int, of version: BackupPlan.Version, in plan: BackupPlan
  ) -> Bool {
    let rule = version.document.rules[index]
    var chosen: [(arn: String, role: String)] = []
    let isOptedIn = self[plan.place].awsBackup.settings.isOptedIn(BackupSettings.dynamoDB)
    let selections = plan.selections.oldestFirst
    let creator = Box(RecoveryPointCreator(index, of: version, in: plan))
    self[plan.place].tables.forEach { name, table in
      guard table.status != .deleting else { return }
      let (arn, tags) = (ARN.table(name, in: plan.place), table.settings.tags)
      // Whoever selected it first lends the role.
      let selection = selections.first {
        $0.document.selects(arn, tags: tags, isOptedIn: isOptedIn)
      }
      if let selection { chosen.append((arn, selection.document.iamRoleArn)) }
    }
    let (startBy, completeBy) = (now + rule.startWindow, now + rule.completionWindow)
    for (arn, role) in chosen {
      // Within the window, at a time that nobody chooses. [BKP.durations]
      let delay = 300 + Int64(identifiers.draw("backup-start") % 3_300)
      _ = start(
        BackupJobRequest(
          vaultName: rule.targetBackupVaultName, resourceARN: arn, roleARN: role,
          beginsAt: now + .seconds(delay), startBy: startBy, completeBy: completeBy,
          lifecycle: rule.lifecycle ?? .forever, tags: rule.recoveryPointTags ?? [:],
          createdBy: creator,
          copyActions: rule.copyActions ?? []),
        in: plan.place)
    }
    return !chosen.isEmpty
  }
}
