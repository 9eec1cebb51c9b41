// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// When a restore testing plan is due.
struct DueRestoreTest: Hashable, Sendable, Codable {
  let place: Place
  let planName: String
  let planID: String
  /// A plan that was changed since runs by its new schedule.
  let revision: Int
}

/// What a restore job has to do with the plan that it tests recovery points for. [BKP.testing]
struct RestoreTest: Codable, Sendable {
  let planARN: String
  /// The restore that has not begun by then never does.
  let startBy: Instant
  let validationHours: Int
  var validation: Validation?
  var deletion: Deletion?

  struct Validation: Codable, Sendable {
    var status: String
    var message: String?
  }

  struct Deletion: Codable, Sendable {
    var status: String
    var message: String?
  }

  /// Restores of one account that tests have under way at most. [BKP.testing]
  static let atOnce = 40
  static let tooLate =
    "Restore job was unable to start within the specified start window. Try increasing your start "
    + "window."
}

extension Cloud {
  /// Puts a plan's next run on the agenda.
  mutating func scheduleNextTest(of plan: RestoreTestingPlan) {
    guard let next = plan.settings.next(after: now) else { return }
    let due = DueRestoreTest(
      place: plan.place, planName: plan.name, planID: plan.id, revision: plan.revision)
    agenda.schedule(.backup(.restoreTestDue(due)), at: next)
  }

  /// Starts one restore for each resource that a selection of the plan names and that has a recovery
  /// point to restore. [BKP.testing.run]
  ///
  /// - Complexity: O(n) in the number of recovery points, for each selection.
  mutating func restoreTestIsDue(_ due: DueRestoreTest) {
    guard var plan = self[due.place].awsBackup.restoreTestingPlans?[due.planName],
      plan.id == due.planID, plan.revision == due.revision
    else { return }
    scheduleNextTest(of: plan)
    plan.lastExecutedAt = now
    keep(plan, named: plan.name, among: \.restoreTestingPlans, in: plan.place)
    for selection in plan.selections.values { startTests(of: selection, in: plan) }
  }

  private mutating func startTests(
    of selection: RestoreTestingSelection, in plan: RestoreTestingPlan
  ) {
    var candidates: OrderedMap<String, [RecoveryPoint]> = OrderedMap()
    for point in self[plan.place].awsBackup.recoveryPoints.newestFirst
    where plan.settings.selection.admits(point, at: now) {
      candidates[point.resourceARN, default: []].append(point)
    }
    for (arn, points) in candidates where selection.selects(arn, tags: tags(of: arn, points)) {
      let chosen: RecoveryPoint?
      if plan.settings.selection.algorithm == RecoveryPointQuestion.random {
        let index = identifiers.draw("restore-test") % UInt64(points.count)
        chosen = points[Int(index)]
      } else {
        chosen = points.max { $0.createdAt < $1.createdAt }
      }
      if let chosen { startTest(of: chosen, for: selection, in: plan) }
    }
  }

  /// A resource's tags; those of its recovery point if it is gone or elsewhere.
  private func tags(of arn: String, _ points: [RecoveryPoint]) -> [String: String] {
    guard let parsed = ARN(arn), let name = parsed.tableName,
      let table = self[parsed.place].tables[name]
    else { return points.first?.tags ?? [:] }
    return Dictionary(table.settings.tags.map { ($0.key, $0.value) }) { first, _ in first }
  }

  private mutating func startTest(
    of point: RecoveryPoint, for selection: RestoreTestingSelection, in plan: RestoreTestingPlan
  ) {
    let name = InferredMetadata.tableName(identifiers.hex("restore-test", digits: 8))
    let metadata = selection.metadata(targetTable: name)
    // The selection was checked: its metadata can be read.
    guard let wish = try? RestoreJob.Wish(metadata) else { return }
    let window = Duration.hours(Int64(plan.settings.startWindowHours))
    let job = RestoreJob(
      id: identifiers.uuid("restore-job", isUppercase: true), place: plan.place,
      recoveryPointARN: point.arn, vaultName: point.vaultName, sourceARN: point.resourceARN,
      recoveryPointCreatedAt: point.createdAt, byteCount: point.byteCount,
      roleARN: selection.roleARN, metadata: metadata, wish: wish, copiesTags: false,
      caller: Caller(
        account: plan.place.account, region: plan.place.region,
        principal: Principal(
          kind: .role, name: "AWSServiceRoleForBackupRestoreTesting", session: "AWSBackup")),
      createdAt: now,
      test: RestoreTest(
        planARN: plan.arn, startBy: now + window, validationHours: selection.validationHours))
    self[plan.place].awsBackup.keep(job, among: \.restoreJobs)
    let delay = identifiers.draw("restore-test-start") % UInt64(window.wholeMilliseconds)
    agenda.schedule(
      .backup(.restoreBegins(plan.place, job.id)), at: now + .milliseconds(Int64(delay)))
  }

  /// Whether a test has to wait for others to end; it is put off or given up.
  ///
  /// - Returns: What the job is to fail with, or nil; and whether it may begin now.
  func admission(of test: RestoreTest, in place: Place) -> (fault: String?, mayBegin: Bool) {
    guard now <= test.startBy else { return (RestoreTest.tooLate, false) }
    let running = self[place].awsBackup.restoreJobs.newestFirst.count {
      $0.test != nil && $0.state == .running
    }
    return (
      nil,
      running < RestoreTest.atOnce && restores(of: place.account).count < Limits.concurrentRestores
    )
  }

  // MARK: What becomes of what was restored

  /// A test's table is there: it can be validated until the window closes. [BKP.testing.validation]
  mutating func testedRestoreIsDone(_ id: String, in place: Place) {
    guard let job = self[place].awsBackup.restoreJobs[id], let test = job.test else { return }
    if test.validationHours > 0 {
      self[place].awsBackup.restoreJobs.change(id) {
        $0.test?.validation = .init(status: "VALIDATING", message: nil)
      }
    }
    agenda.schedule(
      .backup(.restoreTestIsOver(place, id)), at: now + .hours(Int64(test.validationHours)))
  }

  /// The window is closed: what nobody has judged by now is TIMED_OUT, and the table is deleted.
  mutating func restoreTestIsOver(_ id: String, in place: Place) {
    guard let test = self[place].awsBackup.restoreJobs[id]?.test, test.deletion == nil else {
      return
    }
    if test.validation?.status == "VALIDATING" {
      self[place].awsBackup.restoreJobs.change(id) { $0.test?.validation?.status = "TIMED_OUT" }
    }
    deleteTestedTable(id, in: place)
  }

  /// Deletes the table of a test; one that somebody protects stays, and the job says so.
  mutating func deleteTestedTable(_ id: String, in place: Place) {
    guard let job = self[place].awsBackup.restoreJobs[id] else { return }
    let name = job.wish.tableName
    var deletion = RestoreTest.Deletion(status: "DELETING", message: nil)
    if self[place].tables[name]?.arn == job.createdARN {
      do throws(ServiceError) {
        _ = try DeleteTable(tableName: TableReference(name)).perform(in: &self, as: job.caller)
      } catch {
        deletion = .init(status: "FAILED", message: error.message)
      }
    }
    let result = deletion
    self[place].awsBackup.restoreJobs.change(id) { $0.test?.deletion = result }
    guard result.status == "DELETING" else { return }
    agenda.schedule(
      .backup(.restoreTestCleanedUp(place, id)), at: now + Delays.deleting + .seconds(1))
  }

  mutating func restoreTestIsCleanedUp(_ id: String, in place: Place) {
    self[place].awsBackup.restoreJobs.change(id) { $0.test?.deletion?.status = "SUCCESSFUL" }
  }
}

/// Says how the validation of a tested restore came out; once it has, the table is deleted.
/// [BKP.testing.validation]
package struct PutRestoreValidationResult: BackupOperation {
  let restoreJobId: String
  let validationStatus: String
  let validationStatusMessage: String?

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let job = try cloud.restoreJob(restoreJobId, for: caller)
    guard let test = job.test else {
      throw .invalidBackupRequest(
        "Restore job \(job.id) was not started by a restore testing plan.")
    }
    guard job.state == .completed else {
      throw .invalidBackupRequest(
        "Restore job in status \(job.state.rawValue) cannot be validated.")
    }
    guard test.deletion == nil else {
      throw .invalidBackupRequest("The validation window of restore job \(job.id) has ended.")
    }
    // Every refusal is above this line.
    cloud[caller.place].awsBackup.restoreJobs.change(job.id) {
      $0.test?.validation = .init(status: validationStatus, message: validationStatusMessage)
    }
    if validationStatus != "VALIDATING" { cloud.deleteTestedTable(job.id, in: caller.place) }
    return EmptyOutput()
  }
}
