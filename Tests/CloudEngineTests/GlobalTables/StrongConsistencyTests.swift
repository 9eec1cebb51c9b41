// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

extension Bench {
  /// A bench whose empty table `orders` is strongly consistent over the three Regions of the United
  /// States: two replicas more, or one and a witness in us-west-2.
  static func withStrong(witness: Bool) throws -> Bench {
    var bench = try Bench.withOrders()
    try bench.makeStrong(witness: witness)
    bench.wait(.seconds(100))
    return bench
  }

  @discardableResult
  mutating func makeStrong(_ table: String = "orders", witness: Bool) throws -> Document {
    try call("UpdateTable", Self.strongInput(table, witness: witness))
  }

  static func strongInput(_ table: String, witness: Bool) -> String {
    let last = "{'Create':{'RegionName':'us-west-2'}}"
    return "{'TableName':'\(table)','MultiRegionConsistency':'STRONG','ReplicaUpdates':"
      + "[{'Create':{'RegionName':'us-east-2'}}"
      + (witness ? "],'GlobalTableWitnessUpdates':[\(last)]}" : ",\(last)]}")
  }

  mutating func dissolve(witness: Bool, from region: String = "us-east-1") throws {
    let regions = ["us-east-1", "us-east-2"] + (witness ? [] : ["us-west-2"])
    let updates = regions.filter { $0 != region }.map { "{'Delete':{'RegionName':'\($0)'}}" }
    let last = witness ? ",'GlobalTableWitnessUpdates':[{'Delete':{'RegionName':'us-west-2'}}]" : ""
    try call(
      "UpdateTable",
      "{'TableName':'orders','ReplicaUpdates':[\(updates.joined(separator: ","))]\(last)}",
      as: inRegion(region))
  }
}

@Suite("Global tables of multi-Region strong consistency")
struct StrongConsistencyTests {
  private static let regions = ["us-east-1", "us-east-2", "us-west-2"]

  @Test(
    "they come with all their Regions in one request, and are told so", arguments: [false, true])
  func creation(witness: Bool) throws {
    var bench = try Bench.withOrders()
    let answer = try bench.makeStrong(witness: witness)
    #expect(answer.show("TableDescription.MultiRegionConsistency") == "'STRONG'")
    #expect(answer.show("TableDescription.GlobalTableVersion") == "'2019.11.21'")
    #expect(answer.show("TableDescription.Replicas") == "[]")
    #expect(answer.show("TableDescription.GlobalTableWitnesses") == "absent")
    let (listed, active): (Int64, Int64) = witness ? (32, 86) : (6, 16)
    bench.wait(.seconds(listed) - .milliseconds(1))
    #expect(bench.describe("Replicas", in: "us-east-1") == "[]")
    bench.wait(.milliseconds(1))
    let last = witness ? "GlobalTableWitnesses.0.WitnessStatus" : "Replicas.1.ReplicaStatus"
    #expect(bench.describe("Replicas.0.ReplicaStatus", in: "us-east-1") == "'CREATING'")
    #expect(bench.describe(last, in: "us-east-1") == "'CREATING'")
    #expect(bench.describe("TableStatus", in: "us-east-2") == "'CREATING'")
    bench.wait(.seconds(active - listed) - .milliseconds(1))
    #expect(bench.describe("TableStatus", in: "us-east-1") == "'UPDATING'")
    bench.wait(.milliseconds(1))
    #expect(bench.describe("TableStatus", in: "us-east-1") == "'ACTIVE'")
    #expect(bench.describe(last, in: "us-east-1") == "'ACTIVE'")
    for region in witness ? ["us-east-1", "us-east-2"] : Self.regions {
      #expect(bench.describe("TableStatus", in: region) == "'ACTIVE'")
      #expect(bench.describe("MultiRegionConsistency", in: region) == "'STRONG'")
      #expect(
        bench.describe("GlobalTableWitnesses", in: region)
          == (witness ? "[{'RegionName':'us-west-2','WitnessStatus':'ACTIVE'}]" : "absent"))
      #expect(bench.describe("StreamSpecification", in: region) == "absent")
    }
    if witness {
      // Nothing in the witness's Region shows it, and the name is free there.
      #expect(bench.describe("", in: "us-west-2") == "ResourceNotFoundException")
      try bench.call("CreateTable", Bench.ordersInput, as: bench.inRegion("us-west-2"))
      bench.wait(.seconds(20))
      try bench.put("own", 1, in: "us-west-2")
      #expect(try bench.contents(in: "us-east-1") == [])
    }
  }

  @Test("a write is in every Region at once, and every condition sees the last of them")
  func writes() throws {
    var bench = try Bench.withStrong(witness: false)
    for (value, region) in Self.regions.enumerated() {
      try bench.put("k", value, in: region)
      for other in Self.regions { #expect(try bench.contents(in: other) == ["k=\(value)"]) }
    }
    // No time has passed: all were written within one millisecond, and the last is the one that counts.
    try bench.put("k", 9, in: "us-east-1")
    for other in Self.regions { #expect(try bench.contents(in: other) == ["k=9"]) }
    try bench.call(
      "PutItem",
      "{'TableName':'orders','Item':{'id':{'S':'k'},'v':{'N':'10'}},'ConditionExpression':'v = :v',"
        + "'ExpressionAttributeValues':{':v':{'N':'9'}}}", as: bench.inRegion("us-west-2"))
    try bench.delete("k", in: "us-east-2")
    for other in Self.regions { #expect(try bench.contents(in: other) == []) }
    bench.wait(.seconds(5))
    for other in Self.regions { #expect(try bench.contents(in: other) == []) }
  }

  @Test("each replica's own recovery goes to the same second of the same history")
  func recovery() throws {
    var bench = try Bench.withStrong(witness: true)
    for region in ["us-east-1", "us-east-2"] {
      bench.caller = bench.inRegion(region)
      try bench.recovery(true)
    }
    try bench.put("a", 1, in: "us-east-2")
    bench.wait(.seconds(1))
    let instant = bench.now
    bench.wait(.seconds(1))
    try bench.put("a", 2, in: "us-east-1")
    let backup = try bench.backup()
    bench.wait(.minutes(10))
    #expect(try bench.contents(at: instant) == ["a=1"])
    bench.caller = bench.inRegion("us-east-1")
    #expect(try bench.contents(at: instant) == ["a=1"])
    bench.caller = bench.inRegion("us-east-2")
    try bench.restore(backup, to: "kept")
    bench.wait(.minutes(10))
    for member in [
      "MultiRegionConsistency", "GlobalTableWitnesses", "GlobalTableVersion", "Replicas",
    ] {
      #expect(bench.describe(member, of: "kept", in: "us-east-2") == "absent", "\(member)")
    }
    #expect(bench.describe("", of: "kept", in: "us-east-1") == "ResourceNotFoundException")
    try bench.put("z", 3, into: "kept")
    #expect(try bench.contents(of: "kept", in: "us-east-2") == ["a=2", "z=3"])
    #expect(try bench.contents(in: "us-east-1") == ["a=2"])
    // A witness holds nothing that could be backed up.
    #expect(
      bench.refusal(
        "CreateBackup", "{'TableName':'orders','BackupName':'none'}",
        as: bench.inRegion("us-west-2")) == "TableNotFoundException: Table not found: orders")
  }

  @Test("streams are each replica's own")
  func streams() throws {
    var bench = try Bench.withStrong(witness: false)
    let on =
      "{'TableName':'orders','StreamSpecification':"
      + "{'StreamEnabled':true,'StreamViewType':'KEYS_ONLY'}}"
    try bench.call("UpdateTable", on, as: bench.inRegion("us-west-2"))
    bench.wait(.minutes(1))
    #expect(
      bench.describe("StreamSpecification.StreamViewType", in: "us-west-2") == "'KEYS_ONLY'")
    #expect(bench.describe("StreamSpecification", in: "us-east-1") == "absent")
    try bench.call(
      "UpdateTable", "{'TableName':'orders','StreamSpecification':{'StreamEnabled':false}}",
      as: bench.inRegion("us-west-2"))
    bench.wait(.minutes(1))
    #expect(bench.describe("StreamSpecification", in: "us-west-2") == "absent")
  }

  @Test("all leave but one, which stays as a table of one Region", arguments: [false, true])
  func dissolution(witness: Bool) throws {
    for home in ["us-east-1", "us-east-2"] {
      var bench = try Bench.withStrong(witness: witness)
      let other = home == "us-east-1" ? "us-east-2" : "us-east-1"
      try bench.put("a", 1, in: home)
      try bench.dissolve(witness: witness, from: home)
      #expect(bench.describe("TableStatus", in: home) == "'UPDATING'")
      bench.wait(.seconds(43))
      try bench.put("b", 2, in: other)
      #expect(bench.describe("Replicas.0.ReplicaStatus", in: home) == "'ACTIVE'")
      bench.wait(.seconds(1))
      #expect(bench.describe("Replicas.0.ReplicaStatus", in: home) == "'DELETING'")
      #expect(bench.describe("TableStatus", in: other) == "'DELETING'")
      if witness {
        #expect(bench.describe("GlobalTableWitnesses.0.WitnessStatus", in: home) == "'DELETING'")
      }
      bench.wait(.seconds(witness ? 11 : 18) - .milliseconds(1))
      #expect(bench.describe("MultiRegionConsistency", in: home) == "'STRONG'")
      bench.wait(.milliseconds(1))
      for member in [
        "MultiRegionConsistency", "GlobalTableWitnesses", "GlobalTableVersion", "Replicas",
      ] {
        #expect(bench.describe(member, in: home) == "absent", "\(member)")
      }
      #expect(bench.describe("TableStatus", in: home) == "'ACTIVE'")
      bench.wait(.minutes(1))
      #expect(bench.describe("", in: other) == "ResourceNotFoundException")
      #expect(try bench.contents(in: home) == ["a=1", "b=2"])
    }
  }

  @Test("a name that is taken meanwhile leaves nothing of it anywhere")
  func nameTaken() throws {
    var bench = try Bench.withOrders()
    try bench.makeStrong(witness: false)
    try bench.call("CreateTable", Bench.ordersInput, as: bench.inRegion("us-west-2"))
    bench.wait(.minutes(2))
    #expect(bench.describe("MultiRegionConsistency", in: "us-east-1") == "absent")
    #expect(bench.describe("TableStatus", in: "us-east-1") == "'ACTIVE'")
    #expect(bench.describe("", in: "us-east-2") == "ResourceNotFoundException")
    #expect(bench.describe("GlobalTableVersion", in: "us-west-2") == "absent")
  }

  @Test("what a replica misses while its key is lost comes with the key")
  func lostKey() throws {
    var bench = try Bench.withOrders()
    try bench.makeTable("keyed")
    let key = try bench.call("CreateKey", "{}", service: "kms").text("KeyMetadata.Arn")
    let there = bench.inRegion("us-east-2")
    let other = try bench.call("CreateKey", "{}", service: "kms", as: there)
      .text("KeyMetadata.Arn")
    try bench.call(
      "UpdateTable",
      "{'TableName':'keyed','SSESpecification':{'Enabled':true,'SSEType':'KMS',"
        + "'KMSMasterKeyId':'\(key)'}}")
    bench.wait(.minutes(10))
    try bench.call(
      "UpdateTable",
      "{'TableName':'keyed','MultiRegionConsistency':'STRONG','ReplicaUpdates':[{'Create':"
        + "{'RegionName':'us-east-2','KMSMasterKeyId':'\(other)'}}],'GlobalTableWitnessUpdates':"
        + "[{'Create':{'RegionName':'us-west-2'}}]}")
    bench.wait(.minutes(5))
    try bench.call("DisableKey", "{'KeyId':'\(other)'}", service: "kms", as: there)
    bench.wait(.minutes(10))
    try bench.put("a", 1, into: "keyed")
    try bench.put("a", 2, into: "keyed")
    try bench.call("EnableKey", "{'KeyId':'\(other)'}", service: "kms", as: there)
    bench.wait(.minutes(10))
    #expect(try bench.contents(of: "keyed", in: "us-east-2") == ["a=2"])
  }
}
