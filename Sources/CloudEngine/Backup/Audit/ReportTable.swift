// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
import Simulation

/// What a report holds: a row for each job that came into being in its time. [BKP.report.columns]
struct ReportTable {
  /// The columns, which are the same in every row.
  let columns: [String]
  let rows: [[String]]

  /// - Parameters:
  ///   - report: What is asked for.
  ///   - regions: Whose jobs; the report's own Region if nothing is said, a star for all.
  ///   - cloud: Where the jobs are.
  /// - Complexity: O(n) in the number of jobs since the report's first instant.
  init(of report: ReportJob, regions: [String]?, in cloud: Cloud) {
    let asked = (regions ?? []).isEmpty ? [report.place.region] : regions ?? []
    let services = cloud.places.filter {
      $0.key.account == report.place.account
        && (asked.contains("*") || asked.contains($0.key.region))
    }.compactMap { $0.value.backup?.value }
    let head: [String]
    let found: [[String]]
    switch report.template {
    case "COPY_JOB_REPORT":
      head = Self.copyColumns
      found = services.flatMap { Self.rows(of: $0.copies, in: report, row: Self.row) }
    case "RESTORE_JOB_REPORT":
      head = Self.restoreColumns
      found = services.flatMap { Self.rows(of: $0.restoreJobs, in: report, row: Self.row) }
    default:
      head = Self.backupColumns
      found = services.flatMap { Self.rows(of: $0.backupJobs, in: report, row: Self.row) }
    }
    columns = ["reportTimePeriodStart", "reportTimePeriodEnd", "accountId", "region"] + head
    let period = [report.from.rfc3339, report.until.rfc3339]
    rows = found.map { period + $0 }
  }

  /// Account and Region, and then what is particular to the job.
  private static func rows<Job: ServiceJob>(
    of jobs: Register<Job>, in report: ReportJob, row: (Job) -> [String]
  ) -> [[String]] {
    let listed = jobs.newestFirst.prefix { $0.createdAt >= report.from }
    return listed.filter { $0.createdAt < report.until }.reversed().map { job in
      [job.place.account, job.place.region] + row(job)
    }
  }

  private static let backupColumns = [
    "backupJobId", "jobStatus", "statusMessage", "resourceType", "resourceArn", "backupPlanArn",
    "backupRuleId", "creationDate", "completionDate", "recoveryPointArn", "jobRunTime",
    "backupSizeInBytes", "backupVaultName", "backupVaultArn", "iamRoleArn",
  ]

  private static func row(_ job: BackupJob) -> [String] {
    [
      job.id, job.state.rawValue, job.message ?? "", BackupSettings.dynamoDB, job.resourceARN,
      job.createdBy?.value.backupPlanArn ?? "", job.createdBy?.value.backupRuleId ?? "",
      job.createdAt.rfc3339, text(job.endedAt), job.recoveryPointARN ?? "",
      runTime(job.startedAt, job.endedAt), job.byteCount.map(String.init) ?? "", job.vaultName,
      ARN.vault(job.vaultName, in: job.place), job.roleARN,
    ]
  }

  private static let copyColumns = [
    "copyJobId", "jobStatus", "statusMessage", "resourceType", "resourceArn", "backupPlanArn",
    "backupRuleId", "creationDate", "completionDate", "backupSizeInBytes",
    "sourceRecoveryPointArn", "sourceBackupVaultArn", "destinationRecoveryPointArn",
    "destinationBackupVaultArn", "iamRoleArn",
  ]

  private static func row(_ job: CopyJob) -> [String] {
    [
      job.id, job.state.rawValue, job.message ?? "", BackupSettings.dynamoDB, job.resourceARN,
      job.createdBy?.value.backupPlanArn ?? "", job.createdBy?.value.backupRuleId ?? "",
      job.createdAt.rfc3339, text(job.endedAt), job.byteCount.map(String.init) ?? "",
      job.sourceARN, ARN.vault(job.sourceVaultName, in: job.place), job.copyARN ?? "",
      job.destinationVaultARN, job.roleARN,
    ]
  }

  private static let restoreColumns = [
    "restoreJobId", "jobStatus", "statusMessage", "resourceType", "createdResourceArn",
    "creationDate", "completionDate", "jobRunTime", "backupSizeInBytes", "recoveryPointArn",
    "iamRoleArn",
  ]

  private static func row(_ job: RestoreJob) -> [String] {
    [
      job.id, job.state.rawValue, job.message ?? "", BackupSettings.dynamoDB,
      job.createdARN ?? "", job.createdAt.rfc3339, text(job.endedAt),
      runTime(job.startedAt, job.endedAt), String(job.byteCount), job.recoveryPointARN,
      job.roleARN,
    ]
  }

  private static func text(_ instant: Instant?) -> String { instant?.rfc3339 ?? "" }

  /// In seconds.
  private static func runTime(_ start: Instant?, _ end: Instant?) -> String {
    guard let start, let end else { return "" }
    return String((end - start).wholeMilliseconds / 1_000)
  }

  // MARK: As bytes

  var csv: [UInt8] {
    let lines = ([columns] + rows).map { line in
      line.map(Self.field).joined(separator: ",") + "\n"
    }
    return Array(lines.joined().utf8)
  }

  /// A field with a comma, a quote or a line's end stands in quotes.
  private static func field(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  var json: [UInt8] {
    let items = rows.map { row in
      Document(members: zip(columns, row).map { ($0, Document.string($1)) })
    }
    return Document(members: [("reportItems", .array(items))]).jsonBytes()
  }
}
