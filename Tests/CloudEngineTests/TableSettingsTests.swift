// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import TableStore
import Testing

@Suite("Settings of tables that change little or nothing")
struct TableSettingsTests {
  private func table(_ bench: inout Bench, _ path: String, of name: String = "orders") throws
    -> String
  {
    try bench.show("DescribeTable", "{'TableName':'\(name)'}", "Table.\(path)")
  }

  @Test("a stream that is off from the beginning leaves nothing behind")
  func noStream() throws {
    var bench = Bench()
    try bench.call(
      "CreateTable",
      Bench.ordersInput.dropLast() + ",'StreamSpecification':{'StreamEnabled':false}}")
    bench.wait(.seconds(10))
    #expect(try table(&bench, "StreamSpecification") == "absent")
    #expect(try table(&bench, "LatestStreamArn") == "absent")
  }

  @Test("the key that AWS manages may be asked for by its names, and is the one of no name")
  func managedKey() throws {
    var bench = Bench()
    try bench.call("CreateTable", Bench.salesInput)
    let arn = try table(&bench, "SSEDescription.KMSMasterKeyArn", of: "sales")
    for (position, name) in [
      "alias/aws/dynamodb", "arn:aws:kms:us-east-1:123456789012:alias/aws/dynamodb",
      String(arn.dropFirst().dropLast()),
    ].enumerated() {
      let input = Bench.ordersInput.replacing("'orders'", with: "'orders-\(position)'").dropLast()
      try bench.call("CreateTable", input + ",'SSESpecification':{\(Bench.under(name))}}")
      #expect(
        try table(&bench, "SSEDescription.KMSMasterKeyArn", of: "orders-\(position)") == arn)
    }
  }

  @Test("the class a table has already is taken, and is no change")
  func sameClass() throws {
    var bench = try Bench.withOrders()
    let answer = try bench.call("UpdateTable", "{'TableName':'orders','TableClass':'STANDARD'}")
    #expect(answer.show("TableDescription.TableStatus") == "'ACTIVE'")
    #expect(try table(&bench, "TableClassSummary") == "absent")
    // Both changes that 30 days admit are still to be had.
    for (name, shown) in [
      ("STANDARD_INFREQUENT_ACCESS", "'STANDARD_INFREQUENT_ACCESS'"), ("STANDARD", "absent"),
    ] {
      try bench.call("UpdateTable", "{'TableName':'orders','TableClass':'\(name)'}")
      bench.wait(.seconds(5))
      #expect(try table(&bench, "TableClassSummary.TableClass") == shown)
    }
  }

  @Test("warm throughput for writes alone leaves that for reads")
  func warmWrites() throws {
    var bench = try Bench.withOrders()
    try bench.call(
      "UpdateTable", "{'TableName':'orders','WarmThroughput':{'WriteUnitsPerSecond':5000}}")
    bench.wait(.seconds(390))
    #expect(
      try table(&bench, "WarmThroughput")
        == "{'ReadUnitsPerSecond':12000,'WriteUnitsPerSecond':5000,'Status':'ACTIVE'}")
  }

  /// A table with the on-demand indexes `by-a` and `by-b`.
  private static func withTwoIndexes() throws -> Bench {
    var bench = Bench()
    let indexes = ["a", "b"].map {
      "{'IndexName':'by-\($0)','KeySchema':[{'AttributeName':'\($0)','KeyType':'HASH'}],"
        + "'Projection':{'ProjectionType':'ALL'}}"
    }
    let definitions = ["a", "b", "id"].map { "{'AttributeName':'\($0)','AttributeType':'S'}" }
    try bench.call(
      "CreateTable",
      "{'TableName':'orders','BillingMode':'PAY_PER_REQUEST',"
        + "'AttributeDefinitions':[\(definitions.joined(separator: ","))],"
        + "'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],"
        + "'GlobalSecondaryIndexes':[\(indexes.joined(separator: ","))]}")
    bench.wait(.seconds(30))
    return bench
  }

  @Test("an index has a limit of its own, and the other index stays when it goes")
  func indexLimit() throws {
    var bench = try Self.withTwoIndexes()
    try bench.call(
      "UpdateTable",
      "{'TableName':'orders','GlobalSecondaryIndexUpdates':[{'Update':{'IndexName':'by-b',"
        + "'OnDemandThroughput':{'MaxReadRequestUnits':7}}}]}")
    bench.wait(.seconds(5))
    #expect(try table(&bench, "GlobalSecondaryIndexes.0.OnDemandThroughput") == "absent")
    #expect(
      try table(&bench, "GlobalSecondaryIndexes.1.OnDemandThroughput.MaxReadRequestUnits") == "7")
    try bench.call(
      "UpdateTable",
      "{'TableName':'orders','GlobalSecondaryIndexUpdates':[{'Delete':{'IndexName':'by-a'}}]}")
    bench.wait(.seconds(40))
    #expect(try table(&bench, "GlobalSecondaryIndexes.0.IndexName") == "'by-b'")
    #expect(try bench.table("orders").image.indexes.map(\.definition.name) == ["by-b"])
    #expect(
      try table(&bench, "AttributeDefinitions")
        == "[{'AttributeName':'b','AttributeType':'S'},{'AttributeName':'id','AttributeType':'S'}]")
  }

  @Test("a restore to provisioned billing must name the units of every index")
  func restoredIndexes() throws {
    var bench = try Self.withTwoIndexes()
    let backup = try bench.backup()
    #expect(
      bench.refusal(
        "RestoreTableFromBackup",
        "{'TargetTableName':'copy','BackupArn':'\(backup)','BillingModeOverride':'PROVISIONED',"
          + "'ProvisionedThroughputOverride':{'ReadCapacityUnits':1,'WriteCapacityUnits':1}}")
        == Words.request + "Must specify provisioned throughput for index by-a")
  }

  @Test("a target being restored to a point in time is named with the table it comes from")
  func sameTarget() throws {
    var bench = try Bench.withOrders()
    _ = try bench.restore("orders", by: .pointInTime)
    #expect(
      bench.refusal(
        "RestoreTableToPointInTime",
        "{'SourceTableName':'orders','TargetTableName':'target','UseLatestRestorableTime':true}")
        == "TableInUseException: Table: target is already being restored from backup: "
        + "arn:aws:dynamodb:us-east-1:123456789012:table/orders")
  }

  @Test("a Region holds 2,500 tables, however the next one would come")
  func tableLimit() throws {
    var bench = try Bench.withShelf()
    try bench.call(
      "CreateTable", Bench.ordersInput.replacing("'orders'", with: "'abroad'"),
      as: bench.inRegion("eu-west-1"))
    for number in 1..<2_500 {
      try bench.call("CreateTable", Bench.ordersInput.replacing("'orders'", with: "'t-\(number)'"))
    }
    bench.wait(.minutes(1))
    let full = Words.limit + "The number of tables exceeds the account limit of 2500"
    #expect(
      bench.refusal("CreateTable", Bench.ordersInput.replacing("'orders'", with: "'last'")) == full)
    #expect(bench.refusal("ImportTable", Refusals.load(table: "last")) == full)
    #expect(
      bench.refusal(
        "UpdateTable",
        "{'TableName':'abroad','ReplicaUpdates':[{'Create':{'RegionName':'us-east-1'}}]}",
        as: bench.inRegion("eu-west-1")) == full)
    try bench.call("DeleteTable", "{'TableName':'t-1'}")
    bench.wait(.seconds(5))
    try bench.call("CreateTable", Bench.ordersInput.replacing("'orders'", with: "'last'"))
  }
}
