// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

/// The two ways to restore: what holds for both is tested for both.
enum RestoreKind: CaseIterable, Sendable {
  case backup, pointInTime
}

extension Bench {
  /// Starts a restore of a table's present state to `target`.
  mutating func restore(
    _ table: String, by kind: RestoreKind, _ more: String = "", to target: String = "target"
  ) throws -> Document {
    switch kind {
    case .backup:
      let arn = try backup(table)
      return try call(
        "RestoreTableFromBackup", "{'TargetTableName':'\(target)','BackupArn':'\(arn)'\(more)}")
    case .pointInTime:
      if try self.table(table).restoreWindow(at: now) == nil { try recovery(true, of: table) }
      wait(.seconds(301))
      return try call(
        "RestoreTableToPointInTime",
        "{'SourceTableName':'\(table)','TargetTableName':'\(target)',"
          + "'UseLatestRestorableTime':true\(more)}")
    }
  }
}

@Suite("Restores")
struct RestoreTests {
  private static func sales() throws -> Bench {
    var bench = try Bench.withSales()
    try bench.recovery(true, of: "sales")
    try bench.call(
      "UpdateTimeToLive",
      "{'TableName':'sales','TimeToLiveSpecification':{'Enabled':true,'AttributeName':'until'}}")
    try bench.call(
      "PutItem",
      "{'TableName':'sales','Item':{'customer':{'S':'c'},'at':{'N':'1'},'amount':{'N':'5'},"
        + "'state':{'S':'paid'},'note':{'S':'n'},'more':{'S':'m'}}}")
    return bench
  }

  @Test(
    "keys, indexes, throughput, encryption and items come back", arguments: RestoreKind.allCases)
  func kept(kind: RestoreKind) throws {
    var bench = try Self.sales()
    let source = try bench.call("DescribeTable", "{'TableName':'sales'}")
    _ = try bench.restore("sales", by: kind)
    bench.wait(.seconds(240))
    let target = try bench.call("DescribeTable", "{'TableName':'target'}")
    for member in [
      "AttributeDefinitions", "KeySchema", "ProvisionedThroughput", "SSEDescription",
      "LocalSecondaryIndexes.0.KeySchema", "LocalSecondaryIndexes.0.Projection",
      "LocalSecondaryIndexes.0.IndexName", "GlobalSecondaryIndexes.0.IndexName",
      "GlobalSecondaryIndexes.0.KeySchema", "GlobalSecondaryIndexes.0.Projection",
      "GlobalSecondaryIndexes.0.ProvisionedThroughput",
    ] {
      #expect(target.show("Table." + member) == source.show("Table." + member), "\(member)")
      #expect(target.show("Table." + member) != "absent", "\(member)")
    }
    #expect(
      try bench.show("Scan", "{'TableName':'target'}", "Items")
        == bench.show("Scan", "{'TableName':'sales'}", "Items"))
    #expect(
      try bench.show(
        "Query",
        "{'TableName':'target','IndexName':'by-state','KeyConditionExpression':'#s = :s',"
          + "'ExpressionAttributeNames':{'#s':'state'},"
          + "'ExpressionAttributeValues':{':s':{'S':'paid'}}}", "Count") == "1")
  }

  @Test(
    "tags, stream, TTL, recovery, deletion protection and table class do not come back",
    arguments: RestoreKind.allCases)
  func notKept(kind: RestoreKind) throws {
    var bench = try Self.sales()
    _ = try bench.restore("sales", by: kind)
    bench.wait(.seconds(243))
    let table = try bench.call("DescribeTable", "{'TableName':'target'}")
    #expect(table.show("Table.StreamSpecification") == "absent")
    #expect(table.show("Table.LatestStreamArn") == "absent")
    #expect(table.show("Table.DeletionProtectionEnabled") == "false")
    #expect(table.show("Table.TableClassSummary") == "absent")
    let arn = try table.text("Table.TableArn")
    #expect(try bench.show("ListTagsOfResource", "{'ResourceArn':'\(arn)'}") == "{'Tags':[]}")
    #expect(
      try bench.show("DescribeTimeToLive", "{'TableName':'target'}")
        == "{'TimeToLiveDescription':{'TimeToLiveStatus':'DISABLED'}}")
    #expect(
      try bench.show("DescribeContinuousBackups", "{'TableName':'target'}")
        == "{'ContinuousBackupsDescription':{'ContinuousBackupsStatus':'ENABLED',"
        + "'PointInTimeRecoveryDescription':{'PointInTimeRecoveryStatus':'DISABLED'}}}")
  }

  @Test("a backup's settings are those of its instant, a recovery's those of now")
  func whichSettings() throws {
    var bench = try Self.sales()
    let arn = try bench.backup("sales")
    bench.wait(.seconds(301))
    let earlier = bench.now - .seconds(300)
    try bench.call(
      "UpdateTable",
      "{'TableName':'sales','ProvisionedThroughput':"
        + "{'ReadCapacityUnits':50,'WriteCapacityUnits':60}}")
    bench.wait(.seconds(5))
    try bench.restore(arn, to: "from-backup")
    try bench.call(
      "RestoreTableToPointInTime",
      "{'SourceTableName':'sales','TargetTableName':'from-then',"
        + "'RestoreDateTime':\(earlier.epochSeconds)}")
    let path = "Table.ProvisionedThroughput.ReadCapacityUnits"
    #expect(try bench.show("DescribeTable", "{'TableName':'from-backup'}", path) == "5")
    #expect(try bench.show("DescribeTable", "{'TableName':'from-then'}", path) == "50")
  }

  @Test("an override of the throughput is the base table's alone", arguments: RestoreKind.allCases)
  func throughputOverride(kind: RestoreKind) throws {
    var bench = try Self.sales()
    let answer = try bench.restore(
      "sales", by: kind,
      ",'ProvisionedThroughputOverride':{'ReadCapacityUnits':8,'WriteCapacityUnits':9}")
    let units = ".ProvisionedThroughput.ReadCapacityUnits"
    #expect(answer.show("TableDescription" + units) == "8")
    #expect(answer.show("TableDescription.GlobalSecondaryIndexes.0" + units) == "3")
  }

  @Test("an override to on-demand billing takes the indexes along, limits included")
  func billingOverride() throws {
    var bench = try Self.sales()
    let answer = try bench.restore(
      "sales", by: .backup,
      ",'BillingModeOverride':'PAY_PER_REQUEST',"
        + "'OnDemandThroughputOverride':{'MaxReadRequestUnits':5,'MaxWriteRequestUnits':-1}")
    let zero = "{'NumberOfDecreasesToday':0,'ReadCapacityUnits':0,'WriteCapacityUnits':0}"
    #expect(answer.show("TableDescription.ProvisionedThroughput") == zero)
    #expect(answer.show("TableDescription.GlobalSecondaryIndexes.0.ProvisionedThroughput") == zero)
    #expect(answer.show("TableDescription.BillingModeSummary.BillingMode") == "'PAY_PER_REQUEST'")
    #expect(
      answer.show("TableDescription.OnDemandThroughput")
        == "{'MaxReadRequestUnits':5}")
  }

  @Test("encryption is inherited, or is the AWS owned key if the override says so")
  func encryptionOverride() throws {
    for (override, type) in [
      ("", "'KMS'"), (",'SSESpecificationOverride':{'Enabled':true}", "'KMS'"),
      (",'SSESpecificationOverride':{'Enabled':false}", "absent"),
      (",'SSESpecificationOverride':{}", "absent"),
    ] {
      var bench = try Self.sales()
      let answer = try bench.restore("sales", by: .backup, override)
      #expect(answer.show("TableDescription.SSEDescription.SSEType") == type, "\(override)")
    }
  }

  @Test("an empty list of indexes restores none, and their attributes' definitions go with them")
  func noIndexes() throws {
    var bench = try Self.sales()
    let answer = try bench.restore(
      "sales", by: .backup,
      ",'GlobalSecondaryIndexOverride':[],'LocalSecondaryIndexOverride':[]")
    #expect(answer.show("TableDescription.GlobalSecondaryIndexes") == "absent")
    #expect(answer.show("TableDescription.LocalSecondaryIndexes") == "absent")
    #expect(
      answer.show("TableDescription.AttributeDefinitions")
        == "[{'AttributeName':'at','AttributeType':'N'},"
        + "{'AttributeName':'customer','AttributeType':'S'}]")
  }

  @Test("an index is known by its keys and projection: another name renames it")
  func renamedIndexes() throws {
    var bench = try Self.sales()
    _ = try bench.restore(
      "sales", by: .backup,
      ",'GlobalSecondaryIndexOverride':[\(Bench.gsi.replacing("by-state", with: "renamed"))],"
        + "'LocalSecondaryIndexOverride':[\(Bench.lsi.replacing("by-amount", with: "amounts"))]")
    bench.wait(.seconds(240))
    let table = try bench.call("DescribeTable", "{'TableName':'target'}")
    #expect(table.show("Table.GlobalSecondaryIndexes.0.IndexName") == "'renamed'")
    #expect(table.show("Table.LocalSecondaryIndexes.0.IndexName") == "'amounts'")
    let query =
      "{'TableName':'target','IndexName':'amounts','KeyConditionExpression':'customer = :c',"
      + "'ExpressionAttributeValues':{':c':{'S':'c'}}}"
    #expect(try bench.show("Query", query, "Count") == "1")
    #expect(
      bench.refusal("Query", query.replacing("'amounts'", with: "'by-amount'"))
        == Words.validation + "The table does not have the specified index: by-amount")
  }

  @Test("a restored table is new: another id, its own ARN, and deaf to its source")
  func independence() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    _ = try bench.restore("orders", by: .backup)
    try bench.put("a", 2)
    bench.wait(.seconds(240))
    let (source, target) = (try bench.table("orders"), try bench.table("target"))
    #expect(source.id != target.id)
    #expect(target.arn == "arn:aws:dynamodb:us-east-1:123456789012:table/target")
    try bench.put("b", 3, into: "target")
    #expect(try bench.contents(of: "target") == ["a=1", "b=3"])
    #expect(try bench.contents() == ["a=2"])
  }
}
