// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("What replicas share")
struct SharedSettingsTests {
  private static let index = """
    {'TableName':'orders','AttributeDefinitions':[{'AttributeName':'v','AttributeType':'N'}],
     'GlobalSecondaryIndexUpdates':[{'Create':{'IndexName':'by-v',
      'KeySchema':[{'AttributeName':'v','KeyType':'HASH'}],'Projection':{'ProjectionType':'ALL'}}}]}
    """

  @Test("time to live is the group's, from whichever Region it is set")
  func timeToLive() throws {
    var bench = try Bench.withReplicas()
    try bench.call(
      "UpdateTimeToLive",
      "{'TableName':'orders','TimeToLiveSpecification':{'Enabled':true,'AttributeName':'until'}}",
      as: bench.inRegion("eu-west-1"))
    let shown = try bench.show("DescribeTimeToLive", "{'TableName':'orders'}")
    #expect(
      shown == "{'TimeToLiveDescription':{'TimeToLiveStatus':'ENABLED','AttributeName':'until'}}")
    try bench.addReplica(in: "ap-south-1")
    #expect(
      try bench.show(
        "DescribeTimeToLive", "{'TableName':'orders'}", as: bench.inRegion("ap-south-1")) == shown)
  }

  @Test("expired items go from every replica, also from one that was added later")
  func expiry() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    let second = bench.now.milliseconds / 1000 + 3_600
    try bench.call(
      "PutItem",
      "{'TableName':'orders','Item':{'id':{'S':'b'},'v':{'N':'2'},'until':{'N':'\(second)'}}}")
    try bench.call(
      "UpdateTimeToLive",
      "{'TableName':'orders','TimeToLiveSpecification':{'Enabled':true,'AttributeName':'until'}}")
    try bench.addReplica(in: "eu-west-1")
    for (wait, expected) in [(Duration.hours(1), ["a=1", "b=2"]), (.hours(49), ["a=1"])] {
      bench.wait(wait)
      for region in ["us-east-1", "eu-west-1"] {
        #expect(try bench.contents(in: region) == expected, "\(region)")
      }
    }
  }

  @Test("an index is made and dropped in every Region, asked of any")
  func indexes() throws {
    var bench = try Bench.withReplicas()
    try bench.call("UpdateTable", Self.index, as: bench.inRegion("eu-west-1"))
    #expect(bench.describe("TableStatus", in: "us-east-1") == "'UPDATING'")
    bench.wait(.minutes(10))
    for region in ["us-east-1", "eu-west-1"] {
      #expect(bench.describe("GlobalSecondaryIndexes.0.IndexStatus", in: region) == "'ACTIVE'")
      #expect(
        try bench.show(
          "Query",
          "{'TableName':'orders','IndexName':'by-v','KeyConditionExpression':'v = :v',"
            + "'ExpressionAttributeValues':{':v':{'N':'1'}}}", "Count", as: bench.inRegion(region))
          == "1")
    }
    #expect(
      bench.describe("Replicas.0.GlobalSecondaryIndexes.0.IndexName", in: "us-east-1") == "'by-v'")
    try bench.call(
      "UpdateTable",
      "{'TableName':'orders','GlobalSecondaryIndexUpdates':[{'Delete':{'IndexName':'by-v'}}]}")
    bench.wait(.minutes(1))
    for region in ["us-east-1", "eu-west-1"] {
      #expect(bench.describe("GlobalSecondaryIndexes", in: region) == "absent")
    }
  }

  @Test("the kind of encryption is the group's, the key each Region's own")
  func encryption() throws {
    var bench = try Bench.withReplicas()
    try bench.call("UpdateTable", "{'TableName':'orders','SSESpecification':{'Enabled':true}}")
    bench.wait(.minutes(1))
    let key = bench.describe("SSEDescription.KMSMasterKeyArn", in: "eu-west-1")
    #expect(key.hasPrefix("'arn:aws:kms:eu-west-1:"))
    #expect(bench.describe("Replicas.0.KMSMasterKeyId", in: "us-east-1") == key)
    try bench.addReplica(in: "ap-south-1")
    #expect(
      bench.describe("SSEDescription.KMSMasterKeyArn", in: "ap-south-1")
        .hasPrefix("'arn:aws:kms:ap-south-1:"))
  }

  @Test("tags, recovery, deletion protection and backups are each replica's own")
  func own() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    let arn = try bench.table("orders").arn
    try bench.call("TagResource", "{'ResourceArn':'\(arn)','Tags':[{'Key':'t','Value':'1'}]}")
    try bench.recovery(true)
    try bench.addReplica(in: "eu-west-1")
    try bench.call("UpdateTable", "{'TableName':'orders','DeletionProtectionEnabled':true}")
    // It is a change of the global table all the same.
    #expect(bench.describe("TableStatus", in: "eu-west-1") == "'UPDATING'")
    _ = try bench.backup()
    bench.wait(.minutes(1))
    #expect(bench.describe("DeletionProtectionEnabled", in: "us-east-1") == "true")
    #expect(bench.describe("DeletionProtectionEnabled", in: "eu-west-1") == "false")
    let ireland = bench.inRegion("eu-west-1")
    for (operation, input, path, expected) in [
      (
        "ListTagsOfResource", "{'ResourceArn':'\(arn.replacing("us-east-1", with: "eu-west-1"))'}",
        "Tags", "[]"
      ),
      (
        "DescribeContinuousBackups", "{'TableName':'orders'}",
        "ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus",
        "'DISABLED'"
      ),
      ("ListBackups", "{}", "BackupSummaries", "[]"),
    ] {
      #expect(try bench.show(operation, input, path, as: ireland) == expected, "\(operation)")
    }
  }

  @Test("a replica may have a class and a limit for reads of its own")
  func overrides() throws {
    var bench = try Bench.withReplicas()
    let answer = try bench.replicate(
      "orders",
      "{'Update':{'RegionName':'eu-west-1','TableClassOverride':'STANDARD_INFREQUENT_ACCESS',"
        + "'OnDemandThroughputOverride':{'MaxReadRequestUnits':100}}}")
    #expect(answer.show("TableDescription.TableStatus") == "'UPDATING'")
    #expect(answer.show("TableDescription.Replicas.0.ReplicaTableClassSummary") == "absent")
    bench.wait(.seconds(36))
    #expect(bench.describe("TableStatus", in: "us-east-1") == "'ACTIVE'")
    #expect(
      bench.describe("Replicas.0.ReplicaTableClassSummary.TableClass", in: "us-east-1")
        == "'STANDARD_INFREQUENT_ACCESS'")
    #expect(
      bench.describe("Replicas.0.OnDemandThroughputOverride", in: "us-east-1")
        == "{'MaxReadRequestUnits':100}")
    #expect(
      bench.describe("TableClassSummary.TableClass", in: "eu-west-1")
        == "'STANDARD_INFREQUENT_ACCESS'")
    #expect(bench.describe("TableClassSummary", in: "us-east-1") == "absent")
    // Limits of the group leave the replica's own where it is.
    try bench.call(
      "UpdateTable",
      "{'TableName':'orders','OnDemandThroughput':{'MaxReadRequestUnits':7,"
        + "'MaxWriteRequestUnits':9}}")
    bench.wait(.seconds(36))
    #expect(
      bench.describe("OnDemandThroughput", in: "eu-west-1")
        == "{'MaxReadRequestUnits':100,'MaxWriteRequestUnits':9}")
    #expect(
      bench.describe("OnDemandThroughput", in: "us-east-1")
        == "{'MaxReadRequestUnits':7,'MaxWriteRequestUnits':9}")
  }

  @Test("a change of class reaches every replica, and counts in each")
  func tableClass() throws {
    var bench = try Bench.withReplicas()
    func change(_ tableClass: String) -> String {
      "{'TableName':'orders','TableClass':'\(tableClass)'}"
    }
    try bench.call("UpdateTable", change("STANDARD_INFREQUENT_ACCESS"))
    bench.wait(.seconds(36))
    #expect(
      bench.describe("TableClassSummary.TableClass", in: "eu-west-1")
        == "'STANDARD_INFREQUENT_ACCESS'")
    try bench.replicate(
      "orders", "{'Update':{'RegionName':'eu-west-1','TableClassOverride':'STANDARD'}}")
    bench.wait(.seconds(36))
    #expect(
      bench.refusal("UpdateTable", change("STANDARD"))
        == "LimitExceededException: Limit exceeded for replica in eu-west-1. Updates to TableClass "
        + "are limited to 2 times in 30 day(s)")
  }
}
