// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
import Documents
import PersistentCollections
import Simulation

/// Backup plans that run for a long time in several accounts, on the engine and in a calculation of
/// its own, which must come to the same counts and the same bill.
///
/// Every table is backed up each hour and kept 35 days; once a week into cold storage after 30 days,
/// kept 120. A third of the tables have point-in-time recovery on.
package struct PlanYear: Sendable {
  /// What both sides count; equal in all of it, or one of them is wrong.
  package struct Result: Equatable, Sendable, CustomStringConvertible {
    package var jobs = 0
    package var completed = 0
    /// Recovery points that came to their ends.
    package var expired = 0
    /// Recovery points that moved to cold storage, those that expired since included.
    package var cooled = 0
    package var kept = 0
    package var keptCold = 0
    /// What it costs in ten-billionths of a dollar, by the bill's lines.
    package var cost: [String: Int128] = [:]

    package init() {}

    package var total: Int128 { cost.values.reduce(0, +) }

    package var description: String {
      "\(jobs) jobs, \(completed) completed, \(expired) expired, \(cooled) moved to cold storage, "
        + "\(kept) kept, \(keptCold) of them cold, "
        + cost.keys.sorted().map { "\($0) \(USD(cost[$0] ?? 0).text(places: 2))" }
        .joined(separator: ", ") + ": \(USD(total).text(places: 2)) USD"
    }
  }

  static let accounts = ["111122223333", "123456789012", "444455556666"]
  static let region = "us-east-1"
  static let role = "service-role/AWSBackupDefaultServiceRole"
  static let hourlyDays = 35
  static let coldAfterDays = 30
  static let archiveDays = 120

  package let tables: Int
  package let days: Int
  let seed: UInt64
  /// The plans are made in the hour before.
  let start: Instant

  /// - Parameters:
  ///   - tables: How many there are, in all accounts together.
  ///   - days: How long the plans run.
  ///   - seed: What all chance follows from.
  package init(tables: Int, days: Int, seed: UInt64 = 7) {
    self.tables = tables
    self.days = days
    self.seed = seed
    // The first of March 2026, a Sunday.
    start = Instant(seconds: 1_772_323_200)
  }

  /// A table's name, place and declared size: from 10 to 109 GB and some bytes.
  struct TableOfPlan: Sendable {
    let name: String
    let account: Int
    let bytes: Int64
    let hasRecovery: Bool
  }

  /// The tables of each account by name.
  var allTables: [TableOfPlan] {
    (0..<tables).map { number in
      let digits = String(number)
      return TableOfPlan(
        name: "table-" + String(repeating: "0", count: 4 - digits.count) + digits,
        account: number % Self.accounts.count,
        bytes: Int64(10 + number * 37 % 100) << 30 + Int64(number * 1_000_003),
        hasRecovery: number % 3 == 1)
    }
  }

  var end: Instant { start + .days(Int64(days)) }
}

// MARK: - On the engine

extension PlanYear {
  /// The tables and the plans, an hour before the plans begin.
  ///
  /// - Throws: What the service refuses: nothing.
  package func begin() throws -> Cloud {
    var cloud = Cloud(seed: seed, clock: start - .hours(1))
    for table in allTables {
      let caller = Self.caller(table.account)
      try Self.call(&cloud, "dynamodb", "CreateTable", Self.input(of: table), caller)
    }
    cloud.advance(by: .minutes(5))
    for table in allTables {
      let caller = Self.caller(table.account)
      try cloud.declareSize(table.bytes, ofTable: table.name, in: caller.place)
      guard table.hasRecovery else { continue }
      try Self.call(
        &cloud, "dynamodb", "UpdateContinuousBackups",
        [
          "TableName": .string(table.name),
          "PointInTimeRecoverySpecification": ["PointInTimeRecoveryEnabled": true],
        ], caller)
    }
    for account in Self.accounts.indices {
      let caller = Self.caller(account)
      try Self.call(&cloud, "backup", "CreateBackupVault", ["BackupVaultName": "prod"], caller)
    }
    let hourly: Document = ["DeleteAfterDays": .integer(Int64(Self.hourlyDays))]
    let weekly: Document = [
      "MoveToColdStorageAfterDays": .integer(Int64(Self.coldAfterDays)),
      "DeleteAfterDays": .integer(Int64(Self.archiveDays)),
    ]
    for (name, schedule, lifecycle) in [
      ("hourly", "cron(0 * * * ? *)", hourly), ("archive", "cron(30 0 ? * SUN *)", weekly),
    ] {
      for account in Self.accounts.indices {
        try Self.plan(&cloud, name, schedule, lifecycle, Self.caller(account))
      }
    }
    return cloud
  }

  private static func caller(_ account: Int) -> Caller {
    Caller(account: accounts[account], region: region)
  }

  private static func input(of table: TableOfPlan) -> Document {
    [
      "TableName": .string(table.name), "BillingMode": "PAY_PER_REQUEST",
      "AttributeDefinitions": [["AttributeName": "id", "AttributeType": "S"]],
      "KeySchema": [["AttributeName": "id", "KeyType": "HASH"]],
    ]
  }

  private static func plan(
    _ cloud: inout Cloud, _ name: String, _ schedule: String, _ lifecycle: Document,
    _ caller: Caller
  ) throws {
    let rule: Document = [
      "RuleName": .string(name), "TargetBackupVaultName": "prod",
      "ScheduleExpression": .string(schedule), "StartWindowMinutes": 480, "Lifecycle": lifecycle,
    ]
    let made = try call(
      &cloud, "backup", "CreateBackupPlan",
      ["BackupPlan": ["BackupPlanName": .string(name), "Rules": [rule]]], caller)
    try call(
      &cloud, "backup", "CreateBackupSelection",
      [
        "BackupPlanId": made["BackupPlanId"] ?? .null,
        "BackupSelection": [
          "SelectionName": "all-tables",
          "IamRoleArn": .string("arn:aws:iam::\(caller.account):role/\(role)"),
          "Resources": ["*"],
        ],
      ], caller)
  }

  @discardableResult
  private static func call(
    _ cloud: inout Cloud, _ service: String, _ operation: String, _ input: Document,
    _ caller: Caller
  ) throws -> Document {
    try cloud.perform(
      ServiceRequest(service: service, operation: operation, input: input, caller: caller))
  }

  /// What the engine comes to.
  ///
  /// Jobs can be looked at for 30 days, so they are counted every ten.
  ///
  /// - Parameters:
  ///   - cloud: What `begin` made; it is at the end afterwards.
  ///   - progress: Told how many days have passed.
  /// - Returns: Counts and cost.
  package func run(_ cloud: inout Cloud, progress: (Int) -> Void = { _ in }) -> Result {
    var result = Result()
    var counted = cloud.now
    var cooledUntil = cloud.now
    for day in stride(from: 10, through: days + 9, by: 10) {
      let until = min(start + .days(Int64(day)), end)
      cloud.advance(to: until)
      // A job ends within hours of its beginning: those of the day before have.
      let settled = until == end ? until + .seconds(1) : until - .days(1)
      for account in Self.accounts.indices {
        let region = cloud[Self.caller(account).place]
        let jobs = region.backupJobs(from: counted, until: settled)
        result.jobs += jobs.all
        result.completed += jobs.completed
        let points = region.recoveryPoints(
          cooledFrom: cooledUntil, until: until == end ? settled : until)
        result.cooled += points.cooled
        guard until == end else { continue }
        result.kept += points.all
        result.keptCold += points.cold
      }
      (counted, cooledUntil) = (settled, until)
      progress(min(day, days))
    }
    result.expired = result.completed - result.kept
    for entry in Bill(cloud, until: cloud.now).entries {
      result.cost[entry.heading.line.rawValue, default: 0] += entry.cost.tenBillionths
    }
    return result
  }
}
