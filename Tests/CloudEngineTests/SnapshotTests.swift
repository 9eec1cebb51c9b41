// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import TableStore
import Testing

@Suite("Snapshots and fingerprints")
struct SnapshotTests {
  /// A learner's afternoon: one step of everything that changes a cloud.
  private static let steps: [@Sendable (inout Bench) throws -> Void] = [
    { try $0.put("a", 1) }, { try $0.recovery(true, days: 7) }, { $0.wait(.hours(1)) },
    { _ = try $0.backup() }, { try $0.put("a", 2) },
    { try $0.call("DeleteItem", "{'TableName':'orders','Key':{'id':{'S':'a'}}}") },
    { try $0.makeTable("other") },
    {
      try $0.call("UpdateTable", "{'TableName':'other','TableClass':'STANDARD_INFREQUENT_ACCESS'}")
    },
    {
      try $0.call(
        "RestoreTableToPointInTime",
        "{'SourceTableName':'orders','TargetTableName':'copy','UseLatestRestorableTime':true}")
    },
    { try $0.recovery(true, days: 3) }, { $0.wait(.minutes(10)) },
    { try $0.put("b", 3, into: "copy") },
    { try $0.call("DeleteTable", "{'TableName':'orders'}") }, { $0.wait(.days(1)) },
    { try $0.recovery(true, of: "copy") }, { $0.wait(.hours(1)) },
    { try $0.recovery(false, of: "copy") },
    { try $0.cloud.declareSize(5, ofTable: "copy", in: $0.place) },
    { $0.wait(.days(40)) },
  ]

  @Test("a copy of the cloud never changes, and each step changes the original")
  func copies() throws {
    var bench = try Bench.withOrders()
    var copies: [(cloud: Cloud, fingerprint: String, all: String)] = []
    for step in Self.steps {
      let cloud = bench.cloud
      copies.append((cloud, cloud.fingerprint(), cloud.fullFingerprint()))
      try step(&bench)
    }
    for copy in copies {
      #expect(copy.cloud.fingerprint() == copy.fingerprint)
      #expect(copy.cloud.fullFingerprint() == copy.all)
    }
    #expect(Set(copies.map(\.fingerprint)).count == copies.count)
  }

  @Test("the same requests on the same seed give the same cloud, another seed another one")
  func determinism() throws {
    func run(seed: UInt64) throws -> String {
      var bench = Bench(seed: seed)
      try bench.makeTable()
      for step in Self.steps { try step(&bench) }
      return bench.cloud.fullFingerprint()
    }
    let first = try run(seed: 7)
    #expect(try run(seed: 7) == first)
    #expect(try run(seed: 8) != first)
  }

  /// Whether a request that says nothing is one that changes nothing.
  private static func isReadOnly(_ service: String, _ operation: String) -> Bool {
    Cloud.isReadOnly(
      ServiceRequest(service: service, operation: operation, input: [:], caller: Bench().caller))
  }

  @Test("reads change nothing but the trail")
  func reads() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    let before = bench.cloud.fingerprint()
    for operation in [
      "DescribeTable", "DescribeTimeToLive", "DescribeContinuousBackups", "ListBackups", "Scan",
    ] {
      #expect(Self.isReadOnly("dynamodb", operation))
      try bench.call(operation, "{'TableName':'orders'}")
    }
    try bench.call("LookupEvents", "{}", service: "cloudtrail")
    #expect(bench.cloud.fingerprint() == before)
  }

  @Test("an operation is read-only by its name, and so is one that is not simulated")
  func readOnly() {
    let writing = Catalog.all
      .filter { !Self.isReadOnly($0.service, $0.name) }
      .filter { $0.service != "backup" }
      .map { $0.name }
    #expect(
      writing == [
        "BatchWriteItem", "CreateBackup", "CreateGlobalTable", "CreateTable", "DeleteBackup",
        "DeleteItem", "DeleteResourcePolicy", "DeleteTable",
        "DisableKinesisStreamingDestination", "EnableKinesisStreamingDestination",
        "ExportTableToPointInTime",
        "ImportTable", "PutItem", "PutResourcePolicy",
        "RestoreTableFromBackup",
        "RestoreTableToPointInTime", "TagResource", "TransactWriteItems", "UntagResource",
        "UpdateContinuousBackups", "UpdateContributorInsights", "UpdateGlobalTable",
        "UpdateGlobalTableSettings", "UpdateItem", "UpdateKinesisStreamingDestination",
        "UpdateTable", "UpdateTableReplicaAutoScaling", "UpdateTimeToLive",
        "UpdateCostAllocationTagsStatus", "CancelKeyDeletion", "CreateAlias", "CreateKey",
        "DeleteAlias", "DisableKey", "EnableKey",
        "ScheduleKeyDeletion", "UpdateAlias", "CreateBucket", "DeleteBucket", "DeleteObject",
        "PutObject", "AssumeRole", "CreateTopic", "DeleteTopic", "Publish",
        "SetTopicAttributes", "Subscribe", "TagResource", "Unsubscribe", "UntagResource",
        "DeleteRule", "DisableRule", "EnableRule", "PutRule", "PutTargets",
        "RemoveTargets", "DeleteAlarms", "PutMetricAlarm", "PutMetricData", "SetAlarmState",
        "TagResource", "UntagResource",
        "AcceptHandshake", "AttachPolicy", "CreateOrganization", "CreatePolicy",
        "DeletePolicy", "DeregisterDelegatedAdministrator", "DetachPolicy",
        "DisableAWSServiceAccess", "DisablePolicyType", "EnableAWSServiceAccess",
        "EnablePolicyType", "InviteAccountToOrganization", "LeaveOrganization",
        "RegisterDelegatedAdministrator", "RemoveAccountFromOrganization",
      ])
    for type in Catalog.backup {
      let reads = ["Describe", "Export", "Get", "List"].contains { type.name.hasPrefix($0) }
      #expect(type.isReadOnly == reads, "\(type.name)")
    }
    #expect(Self.isReadOnly("dynamodb", "NoSuchOperation"))
  }

  @Test("the clock never goes back, nor beyond the year 9999")
  func clock() {
    var bench = Bench()
    bench.wait(.seconds(-5))
    bench.cloud.advance(to: Bench.start - .days(1))
    #expect(bench.now == Bench.start)
    bench.cloud.advance(to: Cloud.lastInstant + .days(1))
    #expect(bench.now == Cloud.lastInstant)
    bench.wait(.seconds(1))
    #expect(bench.now == Cloud.lastInstant)
  }

  @Test("time in one move and in many moves does the same")
  func moves() throws {
    var whole = try Bench.withOrders()
    try whole.recovery(true)
    try whole.put("a", 1)
    try whole.call("DeleteTable", "{'TableName':'orders'}")
    var parts = whole
    whole.wait(.hours(7))
    for _ in 0..<(7 * 60) { parts.wait(.minutes(1)) }
    #expect(whole.cloud.fingerprint() == parts.cloud.fingerprint())
  }
}

@Suite("Growth")
struct GrowthTests {
  private static func loaded(_ count: Int) throws -> Bench {
    var bench = try Bench.withOrders()
    let items = try (0..<count).map { number in
      try json("{'id':{'S':'\(number)'},'v':{'N':'\(number)'}}")
    }
    for start in stride(from: 0, to: count, by: 25) {
      let puts = items[start..<min(start + 25, count)].map {
        "{'PutRequest':{'Item':\($0.show())}}"
      }.joined(separator: ",")
      try bench.call("BatchWriteItem", "{'RequestItems':{'orders':[\(puts)]}}")
    }
    return bench
  }

  @Test("a backup copies nothing, whatever the table's size", arguments: [1_000, 20_000])
  func backups(count: Int) throws {
    var bench = try Self.loaded(count)
    let id = try #require(try bench.backup().split(separator: "/").last.map(String.init))
    let image = try #require(bench.cloud[bench.place].backupImage(id: id))
    let table = try bench.table("orders").image
    #expect(image.count == count)
    #expect(table.countNodes(notSharedWith: image) == 0)
    #expect(image.countNodes(notSharedWith: table) == 0)
  }

  @Test("a restore shares its items with the backup", arguments: [1_000, 20_000])
  func restores(count: Int) throws {
    var bench = try Self.loaded(count)
    let arn = try bench.backup()
    try bench.restore(arn, to: "copy")
    let (source, copy) = (try bench.table("orders").image, try bench.table("copy").image)
    #expect(copy.count == count)
    #expect(copy.countNodes(notSharedWith: source) == 0)
  }

  @Test("a write after a backup copies one path of the tree", arguments: [1_000, 20_000])
  func writes(count: Int) throws {
    var bench = try Self.loaded(count)
    let before = try bench.table("orders").image
    _ = try bench.backup()
    try bench.put("7", -1)
    let copied = try bench.table("orders").image.countNodes(notSharedWith: before)
    #expect((1...6).contains(copied), "\(copied) nodes")
  }
}
