// SPDX-License-Identifier: GPL-3.0-or-later

@testable import CloudEngine
import Documents
import Simulation
import Testing

extension Bench {
  @discardableResult
  mutating func watchman(_ operation: String, _ input: String = "{}") throws -> Document {
    try call(operation, input, service: "cloudwatch")
  }

  /// The sums of a metric by the minute over the last hours, as `minutes from the start: sum`.
  mutating func sums(
    _ name: String, _ dimensions: [(String, String)], namespace: String = "AWS/DynamoDB",
    period: Int = 60, hours: Int64 = 3
  ) throws -> [String] {
    let shown = dimensions.map { "{'Name':'\($0.0)','Value':'\($0.1)'}" }.joined(separator: ",")
    let end = now.milliseconds / 1000 + 60
    let answer = try watchman(
      "GetMetricStatistics",
      "{'Namespace':'\(namespace)','MetricName':'\(name)','Dimensions':[\(shown)],"
        + "'StartTime':\(end / 3600 * 3600 - hours * 3600),'EndTime':\(end),'Period':\(period),"
        + "'Statistics':['Sum']}")
    return try (answer.at("Datapoints")?.array ?? []).map { point in
      let minutes = (try point.instant("Timestamp") - Bench.start).wholeMilliseconds / 60_000
      return "\(minutes): \(point.show("Sum"))"
    }
  }
}

@Suite("Metrics")
struct MetricTests {
  private static let orders = [("TableName", "orders")]

  @Test("what a table consumes is there by the minute, whoever asked and however")
  func consumption() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    try bench.put("b", 2)
    bench.wait(.minutes(1))
    try bench.call("DeleteItem", "{'TableName':'orders','Key':{'id':{'S':'b'}}}")
    try bench.call("GetItem", "{'TableName':'orders','Key':{'id':{'S':'a'}}}")
    try bench.call("GetItem", "{'TableName':'orders','Key':{'id':{'S':'a'}},'ConsistentRead':true}")
    try bench.call(
      "BatchGetItem", "{'RequestItems':{'orders':{'Keys':[{'id':{'S':'a'}},{'id':{'S':'b'}}]}}}")
    try bench.call("Scan", "{'TableName':'orders'}")
    try bench.call(
      "TransactWriteItems",
      "{'TransactItems':[{'Put':{'TableName':'orders','Item':{'id':{'S':'c'}}}}]}")
    try bench.call(
      "TransactGetItems",
      "{'TransactItems':[{'Get':{'TableName':'orders','Key':{'id':{'S':'c'}}}}]}")
    #expect(
      try bench.sums("ConsumedWriteCapacityUnits", Self.orders) == ["0: 2.0", "1: 3.0"])
    // 0.5 and 1, 0.5 twice, 0.5 for the page, and 2.
    #expect(try bench.sums("ConsumedReadCapacityUnits", Self.orders) == ["1: 5.0"])
    #expect(
      try bench.sums("ConsumedWriteCapacityUnits", Self.orders, period: 300) == ["0: 5.0"])
  }

  @Test("a backup and a restore consume nothing of the table")
  func noImpact() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    try bench.call("CreateBackup", "{'TableName':'orders','BackupName':'one'}")
    bench.wait(.minutes(10))
    #expect(try bench.sums("ConsumedReadCapacityUnits", Self.orders).isEmpty)
    #expect(try bench.sums("ConsumedWriteCapacityUnits", Self.orders) == ["0: 1.0"])
  }

  @Test(
    "throttles, failed conditions and users' errors are counted, and nothing of the state moves")
  func refusals() throws {
    var bench = try Bench.withOrders()
    try bench.call(
      "UpdateTable",
      "{'TableName':'orders','BillingMode':'PROVISIONED',"
        + "'ProvisionedThroughput':{'ReadCapacityUnits':1,'WriteCapacityUnits':1}}")
    bench.wait(.minutes(5))
    let big = String(repeating: "x", count: 310_000)
    try bench.call("PutItem", "{'TableName':'orders','Item':{'id':{'S':'a'},'x':{'S':'\(big)'}}}")
    let state = bench.cloud.fingerprint()
    let refused = bench.refusal("PutItem", "{'TableName':'orders','Item':{'id':{'S':'b'}}}")
    #expect(refused.hasPrefix("ProvisionedThroughputExceededException"))
    _ = bench.refusal(
      "PutItem",
      "{'TableName':'orders','Item':{'id':{'S':'a'}},'ConditionExpression':'attribute_not_exists(id)'}"
    )
    _ = bench.refusal("PutItem", "{'TableName':'orders','Item':{'no':{'S':'a'}}}")
    #expect(bench.cloud.fingerprint() == state)
    #expect(try bench.sums("WriteThrottleEvents", Self.orders).count == 1)
    let puts = [("TableName", "orders"), ("Operation", "PutItem")]
    #expect(try bench.sums("ThrottledRequests", puts).count == 1)
    #expect(try bench.sums("ConditionalCheckFailedRequests", Self.orders).count == 1)
    #expect(try bench.sums("UserErrors", []).count == 1)
    let names = try bench.watchman("ListMetrics", "{'Namespace':'AWS/DynamoDB'}")
    let listed: [String] = try (names["Metrics"]?.array ?? []).map { try $0.text("MetricName") }
    let expected: [String] = [
      "ConditionalCheckFailedRequests", "ConsumedWriteCapacityUnits", "ThrottledRequests",
      "UserErrors", "WriteThrottleEvents",
    ]
    #expect(listed == expected)
    #expect(
      try bench.watchman("ListMetrics", "{'Dimensions':[{'Name':'Operation'}]}")
        .show("Metrics.0.MetricName") == "'ThrottledRequests'")
  }

  @Test("AWS Backup counts jobs and recovery points for their vault every five minutes")
  func backups() throws {
    var bench = try Bench.withVault()
    let vault = [("ResourceType", "DynamoDB"), ("BackupVaultName", "prod")]
    func sums(_ name: String) throws -> [String] {
      try bench.sums(name, vault, namespace: "AWS/Backup", period: 300)
    }
    _ = try bench.startBackup()
    #expect(try sums("NumberOfBackupJobsCreated").isEmpty)
    bench.wait(.minutes(5))
    #expect(try sums("NumberOfBackupJobsCreated") == ["0: 1.0"])
    bench.wait(.minutes(10))
    #expect(try sums("NumberOfBackupJobsCompleted").count == 1)
    #expect(try sums("NumberOfRecoveryPointsCompleted").count == 1)
    #expect(try sums("NumberOfBackupJobsFailed").isEmpty)
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.minutes(5))
    _ = try bench.startBackup()
    _ = try bench.startBackup()
    bench.wait(.minutes(10))
    #expect(try sums("NumberOfBackupJobsFailed") == ["20: 2.0"])
    // Two weeks later it is still there to be asked for, and no longer listed.
    bench.wait(.days(14) + .hours(1))
    #expect(try bench.watchman("ListMetrics", "{'Namespace':'AWS/Backup'}").show("Metrics") == "[]")
    #expect(
      try bench.sums(
        "NumberOfBackupJobsFailed", vault, namespace: "AWS/Backup", period: 3600, hours: 400)
        == ["0: 2.0"])
  }

  @Test("values of one's own can be put, late ones too, and are asked for in any order")
  func own() throws {
    var bench = Bench()
    let start = bench.now.milliseconds / 1000
    try bench.watchman(
      "PutMetricData",
      "{'Namespace':'Shop','MetricData':[{'MetricName':'Orders','Value':3,'Unit':'Count'},"
        + "{'MetricName':'Orders','Values':[1,2],'Counts':[2,1],'Timestamp':\(start - 600)}]}")
    func data(_ more: String) throws -> String {
      try bench.watchman(
        "GetMetricData",
        "{'StartTime':\(start - 3600),'EndTime':\(start + 60)\(more),'MetricDataQueries':[{'Id':'m',"
          + "'MetricStat':{'Metric':{'Namespace':'Shop','MetricName':'Orders'},'Period':60,"
          + "'Stat':'Average'}}]}"
      ).show("MetricDataResults.0.Values").replacing("\n", with: "").replacing(" ", with: "")
    }
    #expect(try data("") == "[3.0,1.3333333333333333]")
    #expect(try data(",'ScanBy':'TimestampAscending'") == "[1.3333333333333333,3.0]")
  }
}

@Suite("How long metrics are kept")
struct MetricLogTests {
  @Test("by the minute 15 days, by five minutes 63, by the hour 455; nothing is lost in between")
  func retention() {
    var log = MetricLog<MetricPoint>(finestMinutes: 1)
    let start = Instant(minuteOfEpoch: 60 * 24 * 20_000)
    func add(after minutes: Int64) {
      log.change(at: start + .minutes(minutes), MetricPoint.init(minute:)) { $0.add(1) }
    }
    func shown() -> [String] {
      log.buckets(in: 0..<Int64.max).map {
        "\($0.minute - start.minuteOfEpoch)x\(Int($0.count))"
      }
    }
    for minute: Int64 in [0, 0, 1, 6, 61] { add(after: minute) }
    #expect(shown() == ["0x2", "1x1", "6x1", "61x1"])
    let day: Int64 = 1_440
    add(after: 15 * day + 2)
    add(after: 15 * day + 10)
    let later = [15 * day + 2, 15 * day + 10].map { "\($0)x1" }
    let expected = ["0x3", "6x1", "61x1"] + later
    #expect(shown() == expected)
    add(after: 16 * day)
    add(after: 16 * day + 1)
    let rolled = Array(shown().prefix(3))
    #expect(rolled == ["0x3", "5x1", "60x1"])
    add(after: 80 * day)
    add(after: 90 * day)
    add(after: 90 * day + 1)
    #expect(shown().first == "0x4")
    add(after: 600 * day)
    add(after: 600 * day + 1)
    add(after: 1_000 * day)
    add(after: 1_000 * day + 1)
    #expect(shown().count <= 6, "\(shown())")
  }
}
