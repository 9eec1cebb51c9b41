// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Backups, recovery and restores of replicas")
struct IndependenceTests {
  /// Global tables as a restored table is seen: no version, no replicas, nothing elsewhere.
  private func expectIndependent(_ table: String, in region: String, _ bench: inout Bench) {
    #expect(bench.describe("TableStatus", of: table, in: region) == "'ACTIVE'")
    for member in ["GlobalTableVersion", "Replicas", "GlobalTableSettingsReplicationMode"] {
      #expect(bench.describe(member, of: table, in: region) == "absent", "\(member)")
    }
    for other in ["us-east-1", "eu-west-1"] where other != region {
      #expect(bench.describe("", of: table, in: other) == "ResourceNotFoundException")
    }
  }

  @Test(
    "a restore of either replica is a table of one Region, wherever it is made",
    arguments: ["us-east-1", "eu-west-1"], ["us-east-1", "eu-west-1", "ap-south-1"])
  func restores(source: String, target: String) throws {
    var bench = try Bench.withReplicas()
    bench.caller = bench.inRegion(source)
    try bench.recovery(true)
    let backup = try bench.backup()
    bench.wait(.minutes(10))
    let override = source == target ? "" : ",'SSESpecificationOverride':{'Enabled':false}"
    let arn = "arn:aws:dynamodb:\(source):123456789012:table/orders"
    bench.caller = bench.inRegion(target)
    try bench.restore(backup, to: "kept", override)
    try bench.call(
      "RestoreTableToPointInTime",
      "{'SourceTableArn':'\(arn)','TargetTableName':'recovered',"
        + "'UseLatestRestorableTime':true\(override)}")
    bench.wait(.minutes(10))
    for table in ["kept", "recovered"] {
      expectIndependent(table, in: target, &bench)
      try bench.put("z", 9, into: table)
      bench.wait(.seconds(5))
      #expect(try bench.contents(of: table) == ["a=1", "z=9"])
    }
    for region in ["us-east-1", "eu-west-1"] {
      #expect(try bench.contents(in: region) == ["a=1"])
      #expect(bench.describe("GlobalTableVersion", in: region) == "'2019.11.21'")
    }
  }

  @Test("a new global table can be made from a restored one, once it is ACTIVE")
  func newGlobalTable() throws {
    var bench = try Bench.withReplicas()
    let backup = try bench.backup()
    try bench.restore(backup, to: "anew")
    #expect(
      bench.refusal(
        "UpdateTable",
        "{'TableName':'anew','ReplicaUpdates':[{'Create':{'RegionName':'eu-west-1'}}]}")
        == Words.missing + ": Table: anew not found")
    bench.wait(.seconds(250))
    try bench.addReplica(in: "eu-west-1", of: "anew")
    try bench.put("n", 5, into: "anew")
    bench.wait(.seconds(1))
    #expect(try bench.contents(of: "anew", in: "eu-west-1") == ["a=1", "n=5"])
    #expect(try bench.contents(in: "eu-west-1") == ["a=1"])
  }

  @Test("each replica's window begins where recovery was switched on there")
  func windows() throws {
    var bench = try Bench.withReplicas()
    try bench.recovery(true)
    let first = bench.now
    bench.wait(.hours(1))
    bench.caller = bench.inRegion("eu-west-1")
    try bench.recovery(true, days: 7)
    let second = bench.now
    bench.wait(.days(10))
    let here = try #require(bench.table("orders").restoreWindow(at: bench.now))
    #expect(here.lowerBound == bench.now - .days(7))
    bench.caller = bench.inRegion("us-east-1")
    let there = try #require(bench.table("orders").restoreWindow(at: bench.now))
    #expect(there.lowerBound == first && second > first)
    try bench.recovery(false)
    bench.caller = bench.inRegion("eu-west-1")
    #expect(try bench.table("orders").restoreWindow(at: bench.now) == here)
  }

  @Test("a deleted replica with recovery on leaves a system backup in its own Region")
  func systemBackup() throws {
    var bench = try Bench.withReplicas()
    let home = bench.caller
    bench.caller = bench.inRegion("eu-west-1")
    try bench.recovery(true)
    try bench.replicate("orders", "{'Delete':{'RegionName':'eu-west-1'}}", from: "us-east-1")
    bench.wait(.minutes(5))
    let listed = try bench.call("ListBackups", "{'BackupType':'SYSTEM'}")
    #expect(listed.show("BackupSummaries.1.BackupName") == "absent")
    try bench.restore(listed.text("BackupSummaries.0.BackupArn"), to: "back")
    bench.wait(.minutes(5))
    expectIndependent("back", in: "eu-west-1", &bench)
    #expect(try bench.contents(of: "back") == ["a=1"])
    #expect(
      try bench.show("ListBackups", "{'BackupType':'ALL'}", "BackupSummaries", as: home) == "[]")
  }

  @Test("recovery and backups of a replica are billed in its own Region, at its prices")
  func bill() throws {
    var bench = try Bench.withReplicas()
    let start = bench.now
    bench.caller = bench.inRegion("eu-west-1")
    try bench.cloud.declareSize(1 << 30, ofTable: "orders", in: bench.place)
    try bench.recovery(true)
    bench.wait(.hours(7))
    _ = try bench.backup()
    bench.wait(.hours(24))
    let charges = bench.cloud.ledger.charges(from: start, until: bench.now)
    #expect(Set(charges.map(\.line)) == [.pitr, .backup, .table])
    for charge in charges where !charge.line.isTableStorage {
      #expect(charge.place.region == "eu-west-1")
      #expect(charge.resource.hasPrefix("arn:aws:dynamodb:eu-west-1:"))
    }
    #expect(charges.filter { $0.line == .pitr && $0.bytes > 0 }.map(\.cost).reduce(0, +) > 0)
  }

  @Test("a copy of the cloud with writes on their way goes on as the original does")
  func snapshot() throws {
    var bench = try Bench.withReplicas()
    try bench.put("b", 2)
    try bench.put("c", 3, in: "eu-west-1")
    var copy = bench
    bench.wait(.seconds(3))
    #expect(copy.cloud.fingerprint() != bench.cloud.fingerprint())
    copy.wait(.seconds(3))
    #expect(copy.cloud.fingerprint() == bench.cloud.fingerprint())
    #expect(try copy.contents(in: "us-east-1") == copy.contents(in: "eu-west-1"))
  }
}
