// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Throughput at once, and its limits")
struct WarmThroughputTests {
  private static let path = "Table.WarmThroughput"

  private func warm(_ bench: inout Bench, _ table: String = "orders") throws -> String {
    try bench.show("DescribeTable", "{'TableName':'\(table)'}", Self.path)
  }

  private func shown(_ read: Int, _ write: Int, _ status: String = "ACTIVE") -> String {
    "{'ReadUnitsPerSecond':\(read),'WriteUnitsPerSecond':\(write),'Status':'\(status)'}"
  }

  @Test("an on-demand table begins with 12,000 and 4,000, a provisioned one with its units")
  func beginning() throws {
    var bench = try Bench.withOrders()
    #expect(try warm(&bench) == shown(12_000, 4_000))
    var sales = try Bench.withSales()
    #expect(try warm(&sales, "sales") == shown(5, 6))
    #expect(
      try sales.show(
        "DescribeTable", "{'TableName':'sales'}",
        "Table.GlobalSecondaryIndexes.0.WarmThroughput") == shown(3, 4))
  }

  @Test("it can be asked for at creation; CreateTable shows it only then")
  func creation() throws {
    var bench = Bench()
    let plain = try bench.call("CreateTable", Bench.ordersInput)
    #expect(plain.show("TableDescription.WarmThroughput") == "absent")
    let asked = try bench.call(
      "CreateTable",
      Bench.ordersInput.replacing("'orders',", with: "'warm','WarmThroughput':\(units(13_000)),"))
    #expect(asked.show("TableDescription.WarmThroughput") == shown(13_000, 4_000))
    bench.wait(.seconds(10))
    #expect(try warm(&bench, "warm") == shown(13_000, 4_000))
  }

  private func units(_ read: Int) -> String { "{'ReadUnitsPerSecond':\(read)}" }

  @Test("raising takes 390 s, in which the table is ACTIVE; the last request counts")
  func raising() throws {
    var bench = try Bench.withOrders()
    let answer = try bench.call(
      "UpdateTable", "{'TableName':'orders','WarmThroughput':\(units(12_001))}")
    #expect(answer.show("TableDescription.TableStatus") == "'ACTIVE'")
    #expect(
      answer.show("TableDescription.WarmThroughput") == shown(12_000, 4_000, "UPDATING"))
    bench.wait(.seconds(100))
    try bench.call("UpdateTable", "{'TableName':'orders','WarmThroughput':\(units(12_002))}")
    bench.wait(.seconds(389))
    #expect(try warm(&bench) == shown(12_000, 4_000, "UPDATING"))
    bench.wait(.seconds(1))
    #expect(try warm(&bench) == shown(12_002, 4_000))
  }

  @Test("it never falls with the throughput or the billing, and a restore begins anew")
  func never() throws {
    var bench = try Bench.withOrders()
    try bench.call(
      "UpdateTable",
      "{'TableName':'orders','BillingMode':'PROVISIONED',"
        + "'ProvisionedThroughput':{'ReadCapacityUnits':5,'WriteCapacityUnits':5}}")
    bench.wait(.seconds(10))
    #expect(try warm(&bench) == shown(12_000, 4_000))
    _ = try bench.restore("orders", by: .backup)
    bench.wait(.seconds(300))
    #expect(try warm(&bench, "target") == shown(5, 5))
  }

  @Test("on-demand maxima are merged one by one, and -1 takes one away")
  func onDemandMaxima() throws {
    var bench = try Bench.withOrders()
    let steps = [
      (
        "'MaxReadRequestUnits':1000,'MaxWriteRequestUnits':500",
        "{'MaxReadRequestUnits':1000,'MaxWriteRequestUnits':500}"
      ),
      ("'MaxReadRequestUnits':2000", "{'MaxReadRequestUnits':2000,'MaxWriteRequestUnits':500}"),
      ("'MaxReadRequestUnits':-1", "{'MaxWriteRequestUnits':500}"),
      ("'MaxWriteRequestUnits':-1", "absent"),
    ]
    for (asked, after) in steps {
      try bench.call("UpdateTable", "{'TableName':'orders','OnDemandThroughput':{\(asked)}}")
      bench.wait(.seconds(10))
      #expect(
        try bench.show("DescribeTable", "{'TableName':'orders'}", "Table.OnDemandThroughput")
          == after)
    }
  }

  @Test("a global index has maxima of its own, and loses them with the table's billing")
  func indexMaxima() throws {
    var bench = Bench()
    try bench.call(
      "CreateTable",
      """
      {'TableName':'orders','BillingMode':'PAY_PER_REQUEST','AttributeDefinitions':
       [{'AttributeName':'id','AttributeType':'S'}],
       'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],
       'GlobalSecondaryIndexes':[{'IndexName':'all','KeySchema':[{'AttributeName':'id',
        'KeyType':'HASH'}],'Projection':{'ProjectionType':'ALL'},
        'OnDemandThroughput':{'MaxReadRequestUnits':9,'MaxWriteRequestUnits':-1}}]}
      """)
    bench.wait(.seconds(30))
    let path = "Table.GlobalSecondaryIndexes.0.OnDemandThroughput"
    #expect(
      try bench.show("DescribeTable", "{'TableName':'orders'}", path)
        == "{'MaxReadRequestUnits':9}")
    for (asked, after) in [
      ("'MaxWriteRequestUnits':4", "{'MaxReadRequestUnits':9,'MaxWriteRequestUnits':4}"),
      ("'MaxReadRequestUnits':-1", "{'MaxWriteRequestUnits':4}"),
      ("'MaxWriteRequestUnits':-1", "absent"),
      ("'MaxReadRequestUnits':1", "{'MaxReadRequestUnits':1}"),
    ] {
      try bench.call(
        "UpdateTable",
        "{'TableName':'orders','GlobalSecondaryIndexUpdates':[{'Update':{'IndexName':'all',"
          + "'OnDemandThroughput':{\(asked)}}}]}")
      bench.wait(.seconds(30))
      #expect(try bench.show("DescribeTable", "{'TableName':'orders'}", path) == after)
    }
    let units = "'ProvisionedThroughput':{'ReadCapacityUnits':1,'WriteCapacityUnits':1}"
    try bench.call(
      "UpdateTable",
      "{'TableName':'orders','BillingMode':'PROVISIONED',\(units),"
        + "'GlobalSecondaryIndexUpdates':[{'Update':{'IndexName':'all',\(units)}}]}")
    bench.wait(.seconds(60))
    #expect(try bench.show("DescribeTable", "{'TableName':'orders'}", path) == "absent")
  }

  @Test("the account's limits and the endpoint are told")
  func limits() throws {
    var bench = Bench()
    #expect(
      try bench.show("DescribeLimits", "{}")
        == "{'AccountMaxReadCapacityUnits':80000,'AccountMaxWriteCapacityUnits':80000,"
        + "'TableMaxReadCapacityUnits':40000,'TableMaxWriteCapacityUnits':40000}")
    #expect(
      try bench.show("DescribeEndpoints", "{}", as: bench.inRegion("eu-west-1"))
        == "{'Endpoints':[{'Address':'dynamodb.eu-west-1.amazonaws.com',"
        + "'CachePeriodInMinutes':1440}]}")
  }
}
