// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import CommandLanguage
import Documents
import Simulation
import TableStore

/// A look at a cloud through its own operations, on a copy: nothing is observed, nothing changes.
struct LiveWorld {
  let cloud: Cloud
  let caller: Caller
  private let profile: Profile

  init(_ cloud: Cloud, _ profile: Profile) {
    self.init(
      cloud, profile,
      caller: Caller(
        account: profile.account, region: profile.region ?? StartCloud.region,
        principal: profile.principal))
  }

  init(_ cloud: Cloud, _ profile: Profile, caller: Caller) {
    self.cloud = cloud
    self.profile = profile
    self.caller = caller
  }

  /// The answer of a DynamoDB operation; nil where it refuses.
  func ask(_ operation: String, _ input: Document = .emptyObject) -> Document? {
    var copy = cloud
    return try? copy.perform(
      ServiceRequest(service: "dynamodb", operation: operation, input: input, caller: caller))
  }

  var region: Region { cloud[caller.place] }

  /// The names and ARNs that exist, for completion and "did you mean".
  var names: LiveNames {
    var names = LiveNames()
    let region = region
    names.tables = region.tableNames
    names.tableARNs = names.tables.map { ARN.table($0, in: caller.place) }
    for name in names.tables {
      names.indexes += region.table(named: name)?.image.indexes.map(\.definition.name) ?? []
    }
    names.backupARNs = backups().map(\.arn)
    names.buckets = buckets
    names.vaults = region.backupVaultNames
    names.recoveryPointARNs = region.recoveryPointARNs
    names.backupPlanIDs = region.backupPlanIDs
    names.exportARNs = region.exports.map(\.key)
    return names
  }

  /// The names of the caller's buckets.
  private var buckets: [String] {
    var copy = cloud
    let answer = try? copy.perform(
      ServiceRequest(
        service: "s3api", operation: "ListBuckets", input: .emptyObject, caller: caller))
    return (answer?["Buckets"]?.array ?? []).compactMap { $0["Name"]?.string }
  }

  /// A backup as `list-backups` shows it.
  struct BackupLine {
    let arn: String
    let name: String
    let table: String
    let kind: String
    let status: String
    let createdAt: Instant
    let sizeBytes: Int64
  }

  /// The backups that are listed, oldest first, of one table or of all.
  func backups(of table: String? = nil) -> [BackupLine] {
    var input: Document = ["BackupType": "ALL"]
    if let table { input = input.with("TableName", .string(table)) }
    var lines: [BackupLine] = []
    // Pages of 100, as many as there are; the bound is on a service that would repeat itself.
    for _ in 0..<1000 {
      guard let page = ask("ListBackups", input) else { break }
      lines += (page["BackupSummaries"]?.array ?? []).compactMap(Self.line)
      guard let last = page["LastEvaluatedBackupArn"]?.string else { break }
      input = input.with("ExclusiveStartBackupArn", .string(last))
    }
    return lines
  }

  private static func line(_ summary: Document) -> BackupLine? {
    guard let arn = summary["BackupArn"]?.string, let name = summary["BackupName"]?.string,
      let seconds = summary["BackupCreationDateTime"]?.number
    else { return nil }
    return BackupLine(
      arn: arn, name: name, table: summary["TableName"]?.string ?? "",
      kind: summary["BackupType"]?.string ?? "", status: summary["BackupStatus"]?.string ?? "",
      createdAt: Instant(milliseconds: Int64((seconds * 1000).rounded())),
      sizeBytes: summary["BackupSizeBytes"]?.integer ?? 0)
  }
}
