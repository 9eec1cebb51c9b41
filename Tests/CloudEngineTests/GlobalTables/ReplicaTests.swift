// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Replicas over time")
struct ReplicaTests {
  /// How a replica and its source are seen at an instant after a request.
  struct Stage: Sendable {
    let seconds: Int64
    let source: String
    let replicas: String
    let other: String
  }

  private static func replica(_ region: String, _ status: String) -> String {
    let warm =
      status == "CREATING"
      ? ""
      : ",'WarmThroughput':{'ReadUnitsPerSecond':12000,'WriteUnitsPerSecond':4000,'Status':'ACTIVE'}"
    return "[{'RegionName':'\(region)','ReplicaStatus':'\(status)'\(warm),"
      + "'GlobalTableSettingsReplicationMode':'ENABLED_WITH_OVERRIDES'}]"
  }

  private static let gone = "ResourceNotFoundException"

  private func check(_ stages: [Stage], _ bench: inout Bench) {
    var passed: Int64 = 0
    for stage in stages {
      bench.wait(.seconds(stage.seconds - passed))
      passed = stage.seconds
      let seen = [
        bench.describe("TableStatus", in: "us-east-1"), bench.describe("Replicas", in: "us-east-1"),
        bench.describe("TableStatus", in: "eu-west-1"),
      ]
      #expect(seen == [stage.source, stage.replicas, stage.other], "after \(stage.seconds) s")
    }
  }

  @Test("a replica is listed after 68 s and has every item after 560 s, sooner if there are none")
  func creation() throws {
    let creating = Self.replica("eu-west-1", "CREATING")
    let active = Self.replica("eu-west-1", "ACTIVE")
    for (items, stages) in [
      (
        1,
        [
          Stage(seconds: 0, source: "'UPDATING'", replicas: "[]", other: Self.gone),
          Stage(seconds: 67, source: "'UPDATING'", replicas: "[]", other: Self.gone),
          Stage(seconds: 68, source: "'ACTIVE'", replicas: creating, other: "'CREATING'"),
          Stage(seconds: 559, source: "'ACTIVE'", replicas: creating, other: "'CREATING'"),
          Stage(seconds: 560, source: "'ACTIVE'", replicas: active, other: "'ACTIVE'"),
        ]
      ),
      (
        0,
        [
          Stage(seconds: 6, source: "'UPDATING'", replicas: "[]", other: Self.gone),
          Stage(seconds: 7, source: "'UPDATING'", replicas: creating, other: "'CREATING'"),
          Stage(seconds: 21, source: "'ACTIVE'", replicas: active, other: "'ACTIVE'"),
        ]
      ),
    ] {
      var bench = try Bench.withOrders()
      for item in 0..<items { try bench.put("\(item)", item) }
      let answer = try bench.replicate("orders", "{'Create':{'RegionName':'eu-west-1'}}")
      #expect(answer.show("TableDescription.GlobalTableVersion") == "'2019.11.21'")
      #expect(answer.show("TableDescription.Replicas") == "[]")
      #expect(
        answer.show("TableDescription.StreamSpecification")
          == "{'StreamEnabled':true,'StreamViewType':'NEW_AND_OLD_IMAGES'}")
      check(stages, &bench)
      #expect(try bench.contents(in: "eu-west-1").count == items)
    }
  }

  @Test("a deletion shows UPDATING for 36 s, then DELETING; the table goes after its entry")
  func deletion() throws {
    var bench = try Bench.withReplicas()
    try bench.replicate("orders", "{'Delete':{'RegionName':'eu-west-1'}}")
    let active = Self.replica("eu-west-1", "ACTIVE")
    let deleting = Self.replica("eu-west-1", "DELETING")
    check(
      [
        Stage(seconds: 35, source: "'UPDATING'", replicas: active, other: "'UPDATING'"),
        Stage(seconds: 36, source: "'ACTIVE'", replicas: deleting, other: "'DELETING'"),
        Stage(seconds: 124, source: "'ACTIVE'", replicas: deleting, other: "'DELETING'"),
        Stage(seconds: 125, source: "'ACTIVE'", replicas: "absent", other: "'DELETING'"),
        Stage(seconds: 145, source: "'ACTIVE'", replicas: "absent", other: Self.gone),
      ], &bench)
    #expect(bench.describe("GlobalTableVersion", in: "us-east-1") == "absent")
    #expect(
      bench.describe("StreamSpecification.StreamEnabled", in: "us-east-1") == "true")
    try bench.addReplica(in: "eu-west-1")
    #expect(try bench.contents(in: "eu-west-1") == ["a=1"])
  }

  @Test("DeleteTable in a replica's Region takes it out of the global table")
  func deletionByRegion() throws {
    var bench = try Bench.withReplicas(in: ["eu-west-1", "ap-south-1"])
    let answer = try bench.call(
      "DeleteTable", "{'TableName':'orders'}", as: bench.inRegion("eu-west-1"))
    #expect(answer.show("TableDescription.TableStatus") == "'DELETING'")
    #expect(bench.describe("TableStatus", in: "ap-south-1") == "'UPDATING'")
    try bench.put("b", 2, in: "us-east-1")
    bench.wait(.seconds(145))
    #expect(bench.describe("TableStatus", in: "eu-west-1") == Self.gone)
    #expect(bench.describe("Replicas.0.RegionName", in: "ap-south-1") == "'us-east-1'")
    #expect(bench.describe("Replicas.1.RegionName", in: "ap-south-1") == "absent")
    #expect(try bench.contents(in: "ap-south-1") == ["a=1", "b=2"])
  }

  @Test("a source can be deleted a day after, and its replicas live on without it")
  func oldSource() throws {
    var bench = try Bench.withReplicas(in: ["eu-west-1", "ap-south-1"])
    bench.wait(.hours(24))
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.seconds(145))
    #expect(bench.describe("", in: "us-east-1") == Self.gone)
    try bench.put("b", 2, in: "eu-west-1")
    bench.wait(.seconds(1))
    #expect(try bench.contents(in: "ap-south-1") == ["a=1", "b=2"])
    #expect(bench.describe("Replicas", in: "eu-west-1") == Self.replica("ap-south-1", "ACTIVE"))
  }

  @Test("each Region lists the others in the order in which they joined, never itself")
  func order() throws {
    var bench = try Bench.withReplicas()
    try bench.replicate(
      "orders", "{'Create':{'RegionName':'ap-south-1'}}", from: "eu-west-1")
    bench.wait(.seconds(570))
    for (region, expected) in [
      ("us-east-1", ["eu-west-1", "ap-south-1"]), ("eu-west-1", ["us-east-1", "ap-south-1"]),
      ("ap-south-1", ["us-east-1", "eu-west-1"]),
    ] {
      let shown = (0...2).map { bench.describe("Replicas.\($0).RegionName", in: region) }
      #expect(shown == expected.map { "'\($0)'" } + ["absent"], "\(region)")
      #expect(try bench.contents(in: region) == ["a=1"])
    }
    let ids = ["us-east-1", "eu-west-1", "ap-south-1"].map { bench.describe("TableId", in: $0) }
    #expect(Set(ids).count == 3)
  }

  @Test("a name taken meanwhile leaves no trace of the replica")
  func nameTaken() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    try bench.replicate("orders", "{'Create':{'RegionName':'eu-west-1'}}")
    try bench.call("CreateTable", Bench.ordersInput, as: bench.inRegion("eu-west-1"))
    bench.wait(.seconds(570))
    #expect(bench.describe("Replicas", in: "us-east-1") == "absent")
    #expect(try bench.contents(in: "eu-west-1") == [])
    #expect(bench.describe("TableStatus", in: "us-east-1") == "'ACTIVE'")
  }

  @Test("writes during the copy are in the replica, and only DescribeTable sees it before")
  func duringCreation() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    try bench.replicate("orders", "{'Create':{'RegionName':'eu-west-1'}}")
    bench.wait(.seconds(100))
    try bench.put("b", 2)
    let arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
    let missing = Words.missing + ": Table: orders not found"
    for (operation, input, error) in [
      ("DescribeTimeToLive", "{'TableName':'orders'}", missing),
      ("UpdateTable", "{'TableName':'orders','DeletionProtectionEnabled':true}", missing),
      ("GetItem", "{'TableName':'orders','Key':{'id':{'S':'a'}}}", Words.missing),
      (
        "ListTagsOfResource", "{'ResourceArn':'\(arn)'}",
        Words.missing + ": ResourceArn: \(arn) not found"
      ),
      (
        "DescribeContinuousBackups", "{'TableName':'orders'}",
        "TableNotFoundException: Table not found: orders"
      ),
    ] {
      let refusal = bench.refusal(operation, input, as: bench.inRegion("eu-west-1"))
      #expect(refusal == error, "\(operation)")
    }
    bench.wait(.seconds(460))
    #expect(try bench.contents(in: "eu-west-1") == ["a=1", "b=2"])
  }
}
