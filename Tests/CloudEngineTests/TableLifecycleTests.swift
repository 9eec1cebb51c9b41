// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Tables")
struct TableLifecycleTests {
  @Test(
    "a table is CREATING for 6 s, or 16 s with indexes", arguments: [("orders", 6), ("sales", 16)])
  func creation(name: String, seconds: Int64) throws {
    var bench = Bench()
    let input = name == "orders" ? Bench.ordersInput : Bench.salesInput
    #expect(try bench.show("CreateTable", input, "TableDescription.TableStatus") == "'CREATING'")
    bench.wait(.seconds(seconds) - .milliseconds(1))
    #expect(bench.status(of: name) == "CREATING")
    bench.wait(.milliseconds(1))
    #expect(bench.status(of: name) == "ACTIVE")
  }

  @Test("a deleted table is DELETING for 5 s and then gone, and its name is free again")
  func deletion() throws {
    var bench = try Bench.withOrders()
    let first = try bench.table("orders").id
    let answer = try bench.call("DeleteTable", "{'TableName':'orders'}")
    #expect(answer.show("TableDescription.TableStatus") == "'DELETING'")
    bench.wait(.milliseconds(4_999))
    #expect(bench.status(of: "orders") == "DELETING")
    #expect(try bench.show("ListTables", "{}", "TableNames") == "['orders']")
    bench.wait(.milliseconds(1))
    #expect(bench.status(of: "orders") == "gone")
    try bench.makeTable()
    let second = try bench.table("orders")
    #expect(second.id != first)
    #expect(second.arn == "arn:aws:dynamodb:us-east-1:123456789012:table/orders")
  }

  @Test("an on-demand table without extras shows what it has and no empty member")
  func plainDescription() throws {
    var bench = try Bench.withOrders()
    let id = try bench.table("orders").id
    let expected = """
      {'Table':{'AttributeDefinitions':[{'AttributeName':'id','AttributeType':'S'}],\
      'TableName':'orders','KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],\
      'TableStatus':'ACTIVE','CreationDateTime':1780315200.0,'ProvisionedThroughput':\
      {'NumberOfDecreasesToday':0,'ReadCapacityUnits':0,'WriteCapacityUnits':0},\
      'TableSizeBytes':0,'ItemCount':0,\
      'TableArn':'arn:aws:dynamodb:us-east-1:123456789012:table/orders','TableId':'\(id)',\
      'BillingModeSummary':{'BillingMode':'PAY_PER_REQUEST',\
      'LastUpdateToPayPerRequestDateTime':1780315200.0},'DeletionProtectionEnabled':false,\
      'WarmThroughput':{'ReadUnitsPerSecond':12000,'WriteUnitsPerSecond':4000,\
      'Status':'ACTIVE'}}}
      """
    #expect(try bench.show("DescribeTable", "{'TableName':'orders'}") == expected)
  }

  @Test("a table with one of everything shows each part, definitions in order of their names")
  func richDescription() throws {
    var bench = try Bench.withSales()
    let id = try bench.table("sales").id
    let description = try bench.call("DescribeTable", "{'TableName':'sales'}")
    let key = try description.text("Table.SSEDescription.KMSMasterKeyArn")
    #expect(key.hasPrefix("arn:aws:kms:us-east-1:123456789012:key/"))
    let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/sales"
    let expected = """
      {'AttributeDefinitions':[{'AttributeName':'amount','AttributeType':'N'},\
      {'AttributeName':'at','AttributeType':'N'},\
      {'AttributeName':'customer','AttributeType':'S'},\
      {'AttributeName':'state','AttributeType':'S'}],'TableName':'sales',\
      'KeySchema':[{'AttributeName':'customer','KeyType':'HASH'},\
      {'AttributeName':'at','KeyType':'RANGE'}],'TableStatus':'ACTIVE',\
      'CreationDateTime':1780315200.0,'ProvisionedThroughput':{'NumberOfDecreasesToday':0,\
      'ReadCapacityUnits':5,'WriteCapacityUnits':6},'TableSizeBytes':0,'ItemCount':0,\
      'TableArn':'\(arn)','TableId':'\(id)','LocalSecondaryIndexes':[{'IndexName':'by-amount',\
      'KeySchema':[{'AttributeName':'customer','KeyType':'HASH'},\
      {'AttributeName':'amount','KeyType':'RANGE'}],'Projection':{'ProjectionType':'KEYS_ONLY'},\
      'IndexSizeBytes':0,'ItemCount':0,'IndexArn':'\(arn)/index/by-amount'}],\
      'GlobalSecondaryIndexes':[{'IndexName':'by-state',\
      'KeySchema':[{'AttributeName':'state','KeyType':'HASH'},\
      {'AttributeName':'at','KeyType':'RANGE'}],\
      'Projection':{'ProjectionType':'INCLUDE','NonKeyAttributes':['note']},\
      'IndexStatus':'ACTIVE','ProvisionedThroughput':{'NumberOfDecreasesToday':0,\
      'ReadCapacityUnits':3,'WriteCapacityUnits':4},'IndexSizeBytes':0,'ItemCount':0,\
      'IndexArn':'\(arn)/index/by-state','WarmThroughput':{'ReadUnitsPerSecond':3,\
      'WriteUnitsPerSecond':4,'Status':'ACTIVE'}}],\
      'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'NEW_IMAGE'},\
      'LatestStreamLabel':'2026-06-01T12:00:00.000',\
      'LatestStreamArn':'\(arn)/stream/2026-06-01T12:00:00.000',\
      'SSEDescription':{'Status':'ENABLED','SSEType':'KMS','KMSMasterKeyArn':'\(key)'},\
      'TableClassSummary':{'TableClass':'STANDARD_INFREQUENT_ACCESS'},\
      'DeletionProtectionEnabled':true,'WarmThroughput':{'ReadUnitsPerSecond':5,\
      'WriteUnitsPerSecond':6,'Status':'ACTIVE'}}
      """
    #expect(description.show("Table") == expected)
  }

  @Test("a table being deleted shows no indexes")
  func indexesOfDeletingTable() throws {
    var bench = try Bench.withSales()
    try bench.call("UpdateTable", "{'TableName':'sales','DeletionProtectionEnabled':false}")
    let answer = try bench.call("DeleteTable", "{'TableName':'sales'}")
    #expect(answer.show("TableDescription.GlobalSecondaryIndexes") == "absent")
    #expect(answer.show("TableDescription.LocalSecondaryIndexes") == "absent")
  }

  @Test("item count and size follow the items at the next six hours of the table's life")
  func statistics() throws {
    var bench = try Bench.withOrders()
    try bench.put("a")
    let path = "Table.ItemCount"
    bench.cloud.advance(to: Bench.start + .hours(6) - .milliseconds(1))
    #expect(try bench.show("DescribeTable", "{'TableName':'orders'}", path) == "0")
    bench.wait(.milliseconds(1))
    let description = try bench.call("DescribeTable", "{'TableName':'orders'}")
    #expect(description.show(path) == "1")
    // id and its value 3 bytes, v and zero 2 bytes.
    #expect(description.show("Table.TableSizeBytes") == "5")
    try bench.put("b")
    bench.wait(.hours(6))
    #expect(try bench.show("DescribeTable", "{'TableName':'orders'}", path) == "2")
  }

  @Test("tables are listed in byte order, a page names its last table unless it is the last page")
  func listing() throws {
    var bench = Bench()
    for name in ["beta", "Zulu", "alpha", "a.b"] { try bench.makeTable(name) }
    #expect(
      try bench.show("ListTables", "{}") == "{'TableNames':['Zulu','a.b','alpha','beta']}")
    #expect(
      try bench.show("ListTables", "{'Limit':2}")
        == "{'TableNames':['Zulu','a.b'],'LastEvaluatedTableName':'a.b'}")
    #expect(
      try bench.show("ListTables", "{'Limit':2,'ExclusiveStartTableName':'a.b'}")
        == "{'TableNames':['alpha','beta']}")
    #expect(
      try bench.show("ListTables", "{'ExclusiveStartTableName':'aaa'}", "TableNames")
        == "['alpha','beta']")
    #expect(
      try bench.show("ListTables", "{'ExclusiveStartTableName':'zzz'}") == "{'TableNames':[]}")
    let elsewhere = bench.inRegion("eu-west-1")
    #expect(try bench.show("ListTables", "{}", as: elsewhere) == "{'TableNames':[]}")
  }

  @Test("a table's own ARN stands for its name")
  func arnAsName() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.table("orders").arn
    #expect(
      try bench.show("DescribeTable", "{'TableName':'\(arn)'}", "Table.TableName")
        == "'orders'")
    let answer = try bench.call(
      "PutItem",
      "{'TableName':'\(arn)','Item':{'id':{'S':'a'}},'ReturnConsumedCapacity':'TOTAL'}")
    #expect(answer.show("ConsumedCapacity") == "{'TableName':'\(arn)','CapacityUnits':1.0}")
  }

  @Test("what is under way is told in order, soonest first")
  func pending() throws {
    var bench = Bench()
    try bench.call("CreateTable", Bench.ordersInput)
    let told = bench.cloud.pendingTransitions.map {
      "\($0.what) in \(($0.at - bench.now).wholeMilliseconds) ms"
    }
    #expect(
      told == [
        "table orders becomes ACTIVE in 6000 ms", "table orders can be backed up in 9000 ms",
      ])
  }
}
