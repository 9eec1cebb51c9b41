// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Indexes and keys of replicas")
struct ReplicaIndexTests {
  /// `orders` with an item and the index `by-v`.
  private static func indexed() throws -> Bench {
    var bench = Bench()
    try bench.call(
      "CreateTable",
      """
      {'TableName':'orders','BillingMode':'PAY_PER_REQUEST',
       'AttributeDefinitions':[{'AttributeName':'id','AttributeType':'S'},
        {'AttributeName':'v','AttributeType':'N'}],
       'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],
       'GlobalSecondaryIndexes':[{'IndexName':'by-v',
        'KeySchema':[{'AttributeName':'v','KeyType':'HASH'}],'Projection':{'ProjectionType':'ALL'},
        'OnDemandThroughput':{'MaxReadRequestUnits':50,'MaxWriteRequestUnits':60}}]}
      """)
    bench.wait(.seconds(30))
    try bench.put("a", 1)
    return bench
  }

  private static let query =
    "{'TableName':'orders','IndexName':'by-v','KeyConditionExpression':'v = :v',"
    + "'ExpressionAttributeValues':{':v':{'N':'1'}}}"

  @Test("a new replica has the source's indexes, CREATING with it and then read as there")
  func adding() throws {
    var bench = try Self.indexed()
    try bench.replicate("orders", "{'Create':{'RegionName':'eu-west-1'}}")
    bench.wait(.seconds(70))
    let status = "GlobalSecondaryIndexes.0.IndexStatus"
    #expect(bench.describe(status, in: "eu-west-1") == "'CREATING'")
    #expect(bench.describe(status, in: "us-east-1") == "'ACTIVE'")
    bench.wait(.seconds(490))
    #expect(bench.describe(status, in: "eu-west-1") == "'ACTIVE'")
    #expect(
      try bench.show("Query", Self.query, "Items", as: bench.inRegion("eu-west-1"))
        == "[{'id':{'S':'a'},'v':{'N':'1'}}]")
  }

  @Test("an index's limit for reads is each replica's own; units and unknown indexes are not taken")
  func limits() throws {
    var bench = try Self.indexed()
    try bench.addReplica(in: "eu-west-1")
    func update(_ index: String, _ more: String) -> String {
      "{'Update':{'RegionName':'eu-west-1','GlobalSecondaryIndexes':[{'IndexName':'\(index)',\(more)}]}}"
    }
    let limit = "'OnDemandThroughputOverride':{'MaxReadRequestUnits':5}"
    try bench.replicate("orders", update("by-v", limit))
    bench.wait(.minutes(1))
    let path = "GlobalSecondaryIndexes.0.OnDemandThroughput"
    #expect(
      bench.describe(path, in: "eu-west-1")
        == "{'MaxReadRequestUnits':5,'MaxWriteRequestUnits':60}")
    #expect(
      bench.describe(path, in: "us-east-1")
        == "{'MaxReadRequestUnits':50,'MaxWriteRequestUnits':60}")
    #expect(
      bench.describe(
        "Replicas.0.GlobalSecondaryIndexes.0.OnDemandThroughputOverride", in: "us-east-1")
        == "{'MaxReadRequestUnits':5}")
    try bench.replicate("orders", update("unknown", limit))
    bench.wait(.minutes(1))
    #expect(
      bench.describe(path, in: "eu-west-1")
        == "{'MaxReadRequestUnits':5,'MaxWriteRequestUnits':60}")
    #expect(
      bench.refusal(
        "UpdateTable",
        "{'TableName':'orders','ReplicaUpdates':["
          + update("by-v", "'ProvisionedThroughputOverride':{'ReadCapacityUnits':5}") + "]}")
        == Words.validation + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified "
        + "when BillingMode is PAY_PER_REQUEST")
  }

  @Test("no replica comes or goes while an index is made")
  func busy() throws {
    var bench = try Self.indexed()
    let inUse =
      "ResourceInUseException: The resource which you are attempting to change is in use."
    func add(_ region: String) -> String {
      "{'TableName':'orders','ReplicaUpdates':[{'Create':{'RegionName':'\(region)'}}]}"
    }
    let index = """
      {'TableName':'orders','AttributeDefinitions':[{'AttributeName':'w','AttributeType':'S'}],
       'GlobalSecondaryIndexUpdates':[{'Create':{'IndexName':'by-w',
        'KeySchema':[{'AttributeName':'w','KeyType':'HASH'}],
        'Projection':{'ProjectionType':'ALL'}}}]}
      """
    var alone = bench
    try alone.call("UpdateTable", index)
    alone.wait(.minutes(2))
    #expect(alone.status(of: "orders") == "ACTIVE")
    #expect(alone.refusal("UpdateTable", add("eu-west-1")) == inUse)
    alone.wait(.minutes(10))
    #expect(alone.refusal("UpdateTable", add("eu-west-1")).hasPrefix("accepted: "))
    try bench.addReplica(in: "eu-west-1")
    try bench.call("UpdateTable", index)
    bench.wait(.minutes(2))
    #expect(bench.refusal("UpdateTable", add("eu-west-2")) == inUse)
    bench.wait(.minutes(10))
    #expect(bench.refusal("UpdateTable", add("eu-west-2")).hasPrefix("accepted: "))
  }

  @Test("keys of replicas are of one kind, the customer's named for each")
  func kinds() throws {
    var bench = Bench()
    let own = try bench.makeKeyedTable()
    let ireland = try bench.call("CreateKey", "{}", service: "kms", as: bench.inRegion("eu-west-1"))
      .text("KeyMetadata.Arn")
    func add(_ key: String?) -> String {
      let member = key.map { ",'KMSMasterKeyId':'\($0)'" } ?? ""
      return
        "{'TableName':'orders','ReplicaUpdates':[{'Create':{'RegionName':'eu-west-1'\(member)}}]}"
    }
    #expect(
      bench.refusal("UpdateTable", add(nil))
        == Words.values + "KMSMasterKeyId must be specified for each replica.")
    let differ =
      Words.values + "All replica keys must either be Customer Managed CMK or AWS Managed CMK."
    #expect(bench.refusal("UpdateTable", add("alias/aws/dynamodb")) == differ)
    var managed = try Bench.withOrders()
    try managed.changeKey("'Enabled':true")
    managed.wait(.hours(1))
    let other = try managed.call(
      "CreateKey", "{}", service: "kms", as: managed.inRegion("eu-west-1")
    ).text("KeyMetadata.Arn")
    #expect(managed.refusal("UpdateTable", add(other)) == differ)
    try bench.call("UpdateTable", add(ireland))
    bench.wait(.minutes(20))
    // A new key of one Region leaves the other Region's alone.
    let another = try bench.makeKey()
    try bench.changeKey(Bench.under(another))
    bench.wait(.minutes(5))
    #expect(bench.describe("SSEDescription.KMSMasterKeyArn", in: "us-east-1") == "'\(another)'")
    #expect(bench.describe("SSEDescription.KMSMasterKeyArn", in: "eu-west-1") == "'\(ireland)'")
    #expect(own != another)
  }

  @Test("a first replica may say that writes arrive eventually, as they do anyway")
  func consistency() throws {
    var bench = try Bench.withOrders()
    try bench.call(
      "UpdateTable",
      "{'TableName':'orders','MultiRegionConsistency':'EVENTUAL',"
        + "'ReplicaUpdates':[{'Create':{'RegionName':'eu-west-1'}}]}")
    bench.wait(.minutes(10))
    #expect(bench.describe("Replicas.0.ReplicaStatus", in: "us-east-1") == "'ACTIVE'")
  }
}
