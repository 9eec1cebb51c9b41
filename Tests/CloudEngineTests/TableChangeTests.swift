// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Changes of tables")
struct TableChangeTests {
  static let units = "'ProvisionedThroughput':{'ReadCapacityUnits'"

  /// `orders` with 5 read and 5 write units.
  private func provisioned() throws -> Bench {
    var bench = Bench()
    try bench.call(
      "CreateTable",
      Bench.ordersInput.replacing(
        "'BillingMode':'PAY_PER_REQUEST'",
        with: "\(Self.units):5,'WriteCapacityUnits':5}"))
    bench.wait(.seconds(10))
    return bench
  }

  private func change(_ read: Int, _ write: Int) -> String {
    "{'TableName':'orders',\(Self.units):\(read),'WriteCapacityUnits':\(write)}}"
  }

  @Test("new throughput shows in the next description, 5 s of UPDATING begin at once")
  func throughput() throws {
    var bench = try provisioned()
    let answer = try bench.call("UpdateTable", change(7, 5))
    #expect(answer.show("TableDescription.TableStatus") == "'UPDATING'")
    #expect(answer.show("TableDescription.ProvisionedThroughput.ReadCapacityUnits") == "5")
    bench.wait(.milliseconds(4_999))
    #expect(bench.status(of: "orders") == "UPDATING")
    bench.wait(.milliseconds(1))
    let table = try bench.call("DescribeTable", "{'TableName':'orders'}")
    #expect(table.show("Table.TableStatus") == "'ACTIVE'")
    #expect(
      table.show("Table.ProvisionedThroughput")
        == "{'LastIncreaseDateTime':1780315210.0,'NumberOfDecreasesToday':0,"
        + "'ReadCapacityUnits':7,'WriteCapacityUnits':5}")
  }

  @Test("items are read and written while the table is UPDATING")
  func itemsWhileUpdating() throws {
    var bench = try provisioned()
    try bench.call("UpdateTable", change(7, 5))
    try bench.put("a", 1)
    #expect(try bench.contents() == ["a=1"])
  }

  @Test("four decreases a UTC day are free, the fifth waits an hour, and a new day begins anew")
  func decreases() throws {
    var bench = try provisioned()
    for write in [4, 3, 2] {
      try bench.call("UpdateTable", change(5, write))
      bench.wait(.seconds(5))
    }
    try bench.call("UpdateTable", change(5, 1))
    let last = bench.now
    bench.wait(.hours(1) - .milliseconds(1))
    #expect(
      bench.refusal("UpdateTable", change(4, 1))
        == Words.limit + "Provisioned throughput decreases are limited within a given UTC day. "
        + "After the first 4 decreases, each subsequent decrease in the same UTC day can be "
        + "performed at most once every 3600 seconds. Number of decreases today: 4. Last "
        + "decrease at \(last.rfc3339).")
    bench.wait(.milliseconds(1))
    try bench.call("UpdateTable", change(4, 1))
    bench.cloud.advance(to: Bench.start + .hours(12))
    let answer = try bench.call("UpdateTable", change(3, 1))
    #expect(
      answer.show("TableDescription.ProvisionedThroughput.NumberOfDecreasesToday") == "1")
  }

  @Test("a table goes over to on-demand billing and back, keeping the time of the first")
  func billing() throws {
    var bench = try Bench.withSales()
    try bench.call("UpdateTable", "{'TableName':'sales','BillingMode':'PAY_PER_REQUEST'}")
    bench.wait(.seconds(5))
    let table = try bench.call("DescribeTable", "{'TableName':'sales'}")
    #expect(
      table.show("Table.BillingModeSummary")
        == "{'BillingMode':'PAY_PER_REQUEST','LastUpdateToPayPerRequestDateTime':1780315220.0}")
    let zero = "{'NumberOfDecreasesToday':0,'ReadCapacityUnits':0,'WriteCapacityUnits':0}"
    #expect(table.show("Table.ProvisionedThroughput") == zero)
    #expect(table.show("Table.GlobalSecondaryIndexes.0.ProvisionedThroughput") == zero)
    let back =
      "{'TableName':'sales','BillingMode':'PROVISIONED',\(Self.units):1,"
      + "'WriteCapacityUnits':1}"
    #expect(
      bench.refusal("UpdateTable", back + "}")
        == Words.values + "ProvisionedThroughput must be specified for index: by-state")
    try bench.call(
      "UpdateTable",
      back + ",'GlobalSecondaryIndexUpdates':[{'Update':{'IndexName':'by-state',\(Self.units):2,"
        + "'WriteCapacityUnits':2}}}]}")
    bench.wait(.seconds(5))
    #expect(
      try bench.show("DescribeTable", "{'TableName':'sales'}", "Table.BillingModeSummary")
        == "{'BillingMode':'PROVISIONED','LastUpdateToPayPerRequestDateTime':1780315220.0}")
  }

  @Test("deletion protection changes at once, and again only after 15 s")
  func deletionProtection() throws {
    var bench = try Bench.withOrders()
    func input(_ isOn: Bool) -> String {
      "{'TableName':'orders','DeletionProtectionEnabled':\(isOn)}"
    }
    let answer = try bench.call("UpdateTable", input(true))
    #expect(answer.show("TableDescription.TableStatus") == "'ACTIVE'")
    #expect(answer.show("TableDescription.DeletionProtectionEnabled") == "true")
    bench.wait(.seconds(15) - .milliseconds(1))
    #expect(
      bench.refusal("UpdateTable", input(false))
        == "ThrottlingException: Deletion protection setting for table orders modified within the "
        + "previous 15000 milliseconds. Please try again after 2026-06-01T12:00:25Z")
    bench.wait(.milliseconds(1))
    try bench.call("UpdateTable", input(false))
    try bench.call("DeleteTable", "{'TableName':'orders'}")
  }

  @Test("the table class changes twice in 30 days, not a third time")
  func tableClass() throws {
    var bench = try Bench.withOrders()
    func change(to name: String) -> String { "{'TableName':'orders','TableClass':'\(name)'}" }
    let path = "Table.TableClassSummary"
    try bench.call("UpdateTable", change(to: "STANDARD_INFREQUENT_ACCESS"))
    let first = bench.now
    bench.wait(.seconds(5))
    #expect(
      try bench.show("DescribeTable", "{'TableName':'orders'}", path)
        == "{'TableClass':'STANDARD_INFREQUENT_ACCESS'}")
    try bench.call("UpdateTable", change(to: "STANDARD"))
    bench.wait(.seconds(5))
    #expect(try bench.show("DescribeTable", "{'TableName':'orders'}", path) == "absent")
    let third = change(to: "STANDARD_INFREQUENT_ACCESS")
    bench.cloud.advance(to: first + .days(30) - .milliseconds(1))
    #expect(
      bench.refusal("UpdateTable", third)
        == Words.limit + "Updates to TableClass are limited to 2 times in 30 day(s).")
    bench.wait(.milliseconds(1))
    try bench.call("UpdateTable", third)
  }

  @Test("a stream switched off leaves its label behind, and on again has a new one")
  func stream() throws {
    var bench = try Bench.withOrders()
    let on =
      "{'TableName':'orders','StreamSpecification':"
      + "{'StreamEnabled':true,'StreamViewType':'KEYS_ONLY'}}"
    try bench.call("UpdateTable", on)
    bench.wait(.seconds(4))
    #expect(bench.status(of: "orders") == "ACTIVE")
    let label = "Table.LatestStreamLabel"
    let first = try bench.show("DescribeTable", "{'TableName':'orders'}", label)
    #expect(first == "'2026-06-01T12:00:10.000'")
    try bench.call(
      "UpdateTable", "{'TableName':'orders','StreamSpecification':{'StreamEnabled':false}}")
    bench.wait(.seconds(4))
    let off = try bench.call("DescribeTable", "{'TableName':'orders'}")
    #expect(off.show("Table.StreamSpecification") == "absent")
    #expect(off.show(label) == first)
    try bench.call("UpdateTable", on)
    #expect(
      try bench.show("DescribeTable", "{'TableName':'orders'}", label)
        == "'2026-06-01T12:00:18.000'")
  }

  @Test("the AWS managed key is switched on and off while the table stays ACTIVE")
  func encryption() throws {
    var bench = try Bench.withOrders()
    for (isOn, shown) in [(true, "'KMS'"), (false, "absent")] {
      let answer = try bench.call(
        "UpdateTable", "{'TableName':'orders','SSESpecification':{'Enabled':\(isOn)}}")
      #expect(answer.show("TableDescription.TableStatus") == "'ACTIVE'")
      bench.wait(.seconds(22))
      #expect(
        try bench.show("DescribeTable", "{'TableName':'orders'}", "Table.SSEDescription.SSEType")
          == shown)
    }
  }
}

@Suite("Indexes added to a table")
struct AddedIndexTests {
  private static let create = """
    {'TableName':'orders','AttributeDefinitions':[{'AttributeName':'k','AttributeType':'S'}],
     'GlobalSecondaryIndexUpdates':[{'Create':{'IndexName':'extra',
      'KeySchema':[{'AttributeName':'k','KeyType':'HASH'}],'Projection':{'ProjectionType':'ALL'}}}]}
    """
  private static let delete =
    "{'TableName':'orders','GlobalSecondaryIndexUpdates':[{'Delete':{'IndexName':'extra'}}]}"

  private func query(_ bench: inout Bench) throws -> String {
    try bench.show(
      "Query",
      "{'TableName':'orders','IndexName':'extra','KeyConditionExpression':'k = :k',"
        + "'ExpressionAttributeValues':{':k':{'S':'x'}}}", "Count")
  }

  @Test("an index is allocated for 40 s, filled for 480 s, and then read")
  func creation() throws {
    var bench = try Bench.withOrders()
    try bench.call("PutItem", "{'TableName':'orders','Item':{'id':{'S':'a'},'k':{'S':'x'}}}")
    try bench.call("UpdateTable", Self.create)
    func states() throws -> String {
      var fork = bench
      let table = try fork.call("DescribeTable", "{'TableName':'orders'}")
      return table.show("Table.TableStatus") + " "
        + table.show("Table.GlobalSecondaryIndexes.0.IndexStatus") + " "
        + table.show("Table.GlobalSecondaryIndexes.0.Backfilling")
    }
    #expect(try states() == "'UPDATING' 'CREATING' false")
    bench.wait(.milliseconds(39_999))
    #expect(try states() == "'UPDATING' 'CREATING' false")
    bench.wait(.milliseconds(1))
    #expect(try states() == "'ACTIVE' 'CREATING' true")
    try bench.call("PutItem", "{'TableName':'orders','Item':{'id':{'S':'b'},'k':{'S':'x'}}}")
    bench.wait(.milliseconds(479_999))
    #expect(try states() == "'ACTIVE' 'CREATING' true")
    bench.wait(.milliseconds(1))
    #expect(try states() == "'ACTIVE' 'ACTIVE' absent")
    #expect(try query(&bench) == "2")
  }

  @Test("a deleted index is gone after 40 s, and its attribute definition with it")
  func deletion() throws {
    var bench = try Bench.withOrders()
    try bench.call("UpdateTable", Self.create)
    bench.wait(.seconds(520))
    try bench.call("UpdateTable", Self.delete)
    bench.wait(.milliseconds(39_999))
    let path = "Table.GlobalSecondaryIndexes.0.IndexStatus"
    #expect(try bench.show("DescribeTable", "{'TableName':'orders'}", path) == "'DELETING'")
    #expect(
      bench.refusal("UpdateTable", Self.delete)
        == Words.inUse + "Index is being deleted. Table: orders Index: extra")
    bench.wait(.milliseconds(1))
    let table = try bench.call("DescribeTable", "{'TableName':'orders'}")
    #expect(table.show("Table.GlobalSecondaryIndexes") == "absent")
    #expect(
      table.show("Table.AttributeDefinitions")
        == "[{'AttributeName':'id','AttributeType':'S'}]")
  }

  @Test("a table takes 20 global indexes, one at a time, and refuses the next")
  func limit() throws {
    var bench = Bench()
    func index(_ number: Int) -> String {
      "{'IndexName':'ix\(number)','KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],"
        + "'Projection':{'ProjectionType':'ALL'}}"
    }
    func create(_ number: Int) -> String {
      "{'TableName':'orders','GlobalSecondaryIndexUpdates':[{'Create':\(index(number))}]}"
    }
    let nineteen = (1...19).map(index).joined(separator: ",")
    try bench.call(
      "CreateTable",
      String(Bench.ordersInput.dropLast()) + ",'GlobalSecondaryIndexes':[\(nineteen)]}")
    bench.wait(.seconds(20))
    try bench.call("UpdateTable", create(20))
    bench.wait(.seconds(520))
    #expect(
      bench.refusal("UpdateTable", create(21))
        == Words.limit + "Number of global secondary indexes exceeds per-table limit of 20")
  }

  /// The end of filling the first index once made the second one ACTIVE too early.
  @Test("an index deleted while it is filled does not hurry the next one of its name")
  func recreation() throws {
    var bench = try Bench.withOrders()
    try bench.call("UpdateTable", Self.create)
    bench.wait(.seconds(50))
    try bench.call("UpdateTable", Self.delete)
    bench.wait(.seconds(40))
    try bench.call("UpdateTable", Self.create)
    bench.wait(.seconds(519))
    let path = "Table.GlobalSecondaryIndexes.0.IndexStatus"
    #expect(try bench.show("DescribeTable", "{'TableName':'orders'}", path) == "'CREATING'")
    bench.wait(.seconds(1))
    #expect(try bench.show("DescribeTable", "{'TableName':'orders'}", path) == "'ACTIVE'")
  }
}

@Suite("Tags and time to live")
struct TagTests {
  @Test("tags are put in order of their keys, replaced and removed, and go with their table")
  func tags() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.table("orders").arn
    let list = "{'ResourceArn':'\(arn)'}"
    try bench.call(
      "TagResource",
      "{'ResourceArn':'\(arn)','Tags':[{'Key':'b','Value':'1'},{'Key':'B','Value':''}]}")
    try bench.call(
      "TagResource",
      "{'ResourceArn':'\(arn)','Tags':[{'Key':'b','Value':'2'},{'Key':'été','Value':'a b'}]}")
    #expect(
      try bench.show("ListTagsOfResource", list)
        == "{'Tags':[{'Key':'B','Value':''},{'Key':'b','Value':'2'},{'Key':'été','Value':'a b'}]}")
    try bench.call("UntagResource", "{'ResourceArn':'\(arn)','TagKeys':['b','none']}")
    #expect(
      try bench.show("ListTagsOfResource", list)
        == "{'Tags':[{'Key':'B','Value':''},{'Key':'été','Value':'a b'}]}")
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.seconds(5))
    try bench.makeTable()
    #expect(try bench.show("ListTagsOfResource", list) == "{'Tags':[]}")
  }

  @Test("a table takes 50 tags and refuses the one more, whole request and all")
  func limit() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.table("orders").arn
    let fifty = (10...59).map { "{'Key':'k\($0)','Value':''}" }.joined(separator: ",")
    try bench.call("TagResource", "{'ResourceArn':'\(arn)','Tags':[\(fifty)]}")
    let before = bench.cloud.fingerprint()
    #expect(
      bench.refusal(
        "TagResource",
        "{'ResourceArn':'\(arn)','Tags':[{'Key':'k10','Value':'new'},{'Key':'x','Value':''}]}")
        == Words.limit + "Number of Tags exceed the current limit for the provided ResourceArn")
    #expect(bench.cloud.fingerprint() == before)
    try bench.call(
      "TagResource", "{'ResourceArn':'\(arn)','Tags':[{'Key':'k10','Value':'new'}]}")
  }

  @Test("time to live is switched on, and off again after an hour")
  func timeToLive() throws {
    var bench = try Bench.withOrders()
    func input(_ isOn: Bool) -> String {
      "{'TableName':'orders','TimeToLiveSpecification':{'Enabled':\(isOn),"
        + "'AttributeName':'until'}}"
    }
    let describe = "{'TableName':'orders'}"
    #expect(
      try bench.show("DescribeTimeToLive", describe)
        == "{'TimeToLiveDescription':{'TimeToLiveStatus':'DISABLED'}}")
    #expect(
      try bench.show("UpdateTimeToLive", input(true))
        == "{'TimeToLiveSpecification':{'Enabled':true,'AttributeName':'until'}}")
    #expect(
      try bench.show("DescribeTimeToLive", describe)
        == "{'TimeToLiveDescription':{'TimeToLiveStatus':'ENABLED','AttributeName':'until'}}")
    bench.wait(.hours(1) - .milliseconds(1))
    #expect(
      bench.refusal("UpdateTimeToLive", input(false))
        == Words.validation
        + "Time to live has been modified multiple times within a fixed interval")
    bench.wait(.milliseconds(1))
    try bench.call("UpdateTimeToLive", input(false))
    #expect(
      try bench.show("DescribeTimeToLive", describe)
        == "{'TimeToLiveDescription':{'TimeToLiveStatus':'DISABLED'}}")
  }
}
