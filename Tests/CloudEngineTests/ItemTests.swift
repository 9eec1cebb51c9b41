// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import ItemModel
import Simulation
import Testing

@Suite("Items")
struct ItemTests {
  private static let a = "'TableName':'orders','Key':{'id':{'S':'a'}}"

  private static func withItem() throws -> Bench {
    var bench = try Bench.withOrders()
    try bench.call(
      "PutItem",
      "{'TableName':'orders','Item':{'id':{'S':'a'},'n':{'N':'1'},'m':{'M':{'x':{'S':'y'}}},"
        + "'tags':{'SS':['b','a']}}}")
    return bench
  }

  @Test("an item is read back whole, a missing one is not mentioned")
  func get() throws {
    var bench = try Self.withItem()
    #expect(
      try bench.show("GetItem", "{\(Self.a)}")
        == "{'Item':{'id':{'S':'a'},'m':{'M':{'x':{'S':'y'}}},'n':{'N':'1'},"
        + "'tags':{'SS':['a','b']}}}")
    #expect(
      try bench.show("GetItem", "{'TableName':'orders','Key':{'id':{'S':'none'}}}") == "{}")
    #expect(
      try bench.show(
        "GetItem",
        "{\(Self.a),'ProjectionExpression':'#m.x, tags','ExpressionAttributeNames':{'#m':'m'}}")
        == "{'Item':{'m':{'M':{'x':{'S':'y'}}},'tags':{'SS':['a','b']}}}")
  }

  @Test("a put replaces the whole item and returns the old one if asked")
  func put() throws {
    var bench = try Self.withItem()
    let input = "{'TableName':'orders','Item':{'id':{'S':'a'}},'ReturnValues':'ALL_OLD'}"
    #expect(
      try bench.show("PutItem", input, "Attributes.n") == "{'N':'1'}")
    #expect(try bench.show("PutItem", input) == "{'Attributes':{'id':{'S':'a'}}}")
    #expect(
      try bench.show("PutItem", input.replacing("'S':'a'", with: "'S':'new'")) == "{}")
    #expect(try bench.show("GetItem", "{\(Self.a)}") == "{'Item':{'id':{'S':'a'}}}")
  }

  @Test("a delete returns the old item if asked, and one that is not there is no error")
  func delete() throws {
    var bench = try Self.withItem()
    let input = "{\(Self.a),'ReturnValues':'ALL_OLD'}"
    #expect(try bench.show("DeleteItem", input, "Attributes.n") == "{'N':'1'}")
    #expect(try bench.show("DeleteItem", input) == "{}")
  }

  @Test("a delete of nothing leaves the cloud as it was")
  func deleteNothing() throws {
    var bench = try Self.withItem()
    try bench.recovery(true)
    let before = bench.cloud.fingerprint()
    try bench.call("DeleteItem", "{'TableName':'orders','Key':{'id':{'S':'none'}}}")
    #expect(bench.cloud.fingerprint() == before)
  }

  @Test(
    "an update returns what it is asked for",
    arguments: [
      ("NONE", "{}"), ("ALL_OLD", "{'Attributes':{'id':{'S':'a'},'v':{'N':'1'},'w':{'S':'x'}}}"),
      ("UPDATED_OLD", "{'Attributes':{'v':{'N':'1'}}}"),
      ("ALL_NEW", "{'Attributes':{'id':{'S':'a'},'v':{'N':'3'},'w':{'S':'x'}}}"),
      ("UPDATED_NEW", "{'Attributes':{'v':{'N':'3'}}}"),
    ])
  func update(asked: String, expected: String) throws {
    var bench = try Bench.withOrders()
    try bench.call(
      "PutItem", "{'TableName':'orders','Item':{'id':{'S':'a'},'v':{'N':'1'},'w':{'S':'x'}}}")
    #expect(
      try bench.show(
        "UpdateItem",
        "{\(Self.a),'UpdateExpression':'SET v = v + :two','ReturnValues':'\(asked)',"
          + "'ExpressionAttributeValues':{':two':{'N':'2'}}}") == expected)
  }

  @Test("an update creates the item it does not find, with no expression too")
  func upsert() throws {
    var bench = try Bench.withOrders()
    try bench.call("UpdateItem", "{\(Self.a)}")
    #expect(try bench.show("GetItem", "{\(Self.a)}") == "{'Item':{'id':{'S':'a'}}}")
    #expect(
      try bench.show(
        "UpdateItem",
        "{'TableName':'orders','Key':{'id':{'S':'b'}},'UpdateExpression':'ADD v :one',"
          + "'ExpressionAttributeValues':{':one':{'N':'1'}},'ReturnValues':'ALL_NEW'}")
        == "{'Attributes':{'id':{'S':'b'},'v':{'N':'1'}}}")
  }

  @Test("a condition sees the item as it stands; the refusal shows it if asked")
  func condition() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    let input =
      "{\(Self.a),'UpdateExpression':'SET v = :new','ConditionExpression':'v = :old',"
      + "'ExpressionAttributeValues':{':new':{'N':'2'},':old':{'N':'1'}},"
      + "'ReturnValuesOnConditionCheckFailure':'ALL_OLD'}"
    try bench.call("UpdateItem", input)
    let error = #expect(throws: ServiceError.self) { try bench.call("UpdateItem", input) }
    #expect(error?.code == "ConditionalCheckFailedException")
    #expect(error?.members.show() == "{'Item':{'id':{'S':'a'},'v':{'N':'2'}}}")
  }

  @Test(
    "capacity is a unit for each KB written, 4 KB read, half of it if eventually consistent",
    arguments: [(1, 1.0, 1.0), (1_019, 1, 1), (1_020, 2, 1), (4_091, 4, 1), (4_092, 5, 2)])
  func capacity(valueBytes: Int, write: Double, read: Double) throws {
    var bench = try Bench.withOrders()
    // The key takes 3 bytes and the attribute's name 2, so 1,019 bytes more make 1,024.
    let value = String(repeating: "x", count: valueBytes)
    let put = "{'TableName':'orders','Item':{'id':{'S':'a'},'vv':{'S':'\(value)'}},"
    func consumed(_ units: Double) -> String {
      "{'TableName':'orders','CapacityUnits':\(units)}"
    }
    let total = "'ReturnConsumedCapacity':'TOTAL'}"
    let path = "ConsumedCapacity"
    #expect(try bench.show("PutItem", put + total, path) == consumed(write))
    #expect(
      try bench.show("GetItem", "{\(Self.a),'ConsistentRead':true,\(total)", path)
        == consumed(read))
    #expect(try bench.show("GetItem", "{\(Self.a),\(total)", path) == consumed(read / 2))
    #expect(try bench.show("DeleteItem", "{\(Self.a),\(total)", path) == consumed(write))
    #expect(try bench.show("DeleteItem", "{\(Self.a),\(total)", path) == consumed(1))
    #expect(try bench.show("GetItem", "{\(Self.a)}") == "{}")
  }

  @Test("indexes consume units of their own, two for a moved entry, none for an untouched one")
  func indexCapacity() throws {
    var bench = try Bench.withSales()
    func put(_ more: String) throws -> String {
      try bench.show(
        "PutItem",
        "{'TableName':'sales','Item':{'customer':{'S':'c'},'at':{'N':'1'}\(more)},"
          + "'ReturnConsumedCapacity':'INDEXES'}", "ConsumedCapacity")
    }
    let head = "{'TableName':'sales','CapacityUnits':"
    let one = "{'CapacityUnits':1.0}"
    #expect(try put("") == head + "1.0,'Table':\(one)}")
    #expect(
      try put(",'state':{'S':'new'},'amount':{'N':'1'}")
        == head + "3.0,'Table':\(one),'LocalSecondaryIndexes':{'by-amount':\(one)},"
        + "'GlobalSecondaryIndexes':{'by-state':\(one)}}")
    #expect(
      try put(",'state':{'S':'old'},'amount':{'N':'1'},'other':{'S':'x'}")
        == head + "3.0,'Table':\(one),"
        + "'GlobalSecondaryIndexes':{'by-state':{'CapacityUnits':2.0}}}")
  }

  @Test("collections are metered on tables with local indexes only")
  func collections() throws {
    var bench = try Bench.withSales()
    #expect(
      try bench.show(
        "PutItem",
        "{'TableName':'sales','Item':{'customer':{'S':'c'},'at':{'N':'1'}},"
          + "'ReturnItemCollectionMetrics':'SIZE'}")
        == "{'ItemCollectionMetrics':{'ItemCollectionKey':{'customer':{'S':'c'}},"
        + "'SizeEstimateRangeGB':[0.0,1.0]}}")
    try bench.makeTable()
    #expect(
      try bench.show(
        "PutItem",
        "{'TableName':'orders','Item':{'id':{'S':'c'}},'ReturnItemCollectionMetrics':'SIZE'}")
        == "{}")
  }

  @Test(
    "every operation on an item says by index what it consumed, and whose collection it changed")
  func indexesAndCollections() throws {
    var bench = try Bench.withSales()
    let one = "{'CapacityUnits':1.0}"
    func key(_ customer: String) -> String {
      "'Key':{'customer':{'S':'\(customer)'},'at':{'N':'1'}}"
    }
    func consumed(_ total: String, _ more: String = "") -> String {
      "'ConsumedCapacity':{'TableName':'sales','CapacityUnits':\(total)\(more)}"
    }
    func metrics(_ customer: String) -> String {
      "'ItemCollectionMetrics':{'ItemCollectionKey':{'customer':{'S':'\(customer)'}},"
        + "'SizeEstimateRangeGB':[0.0,1.0]}"
    }
    let asked = "'ReturnConsumedCapacity':'INDEXES'"
    let both = asked + ",'ReturnItemCollectionMetrics':'SIZE'"
    #expect(
      try bench.show(
        "UpdateItem",
        "{'TableName':'sales',\(key("c")),'UpdateExpression':'SET amount = :a',"
          + "'ExpressionAttributeValues':{':a':{'N':'1'}},\(both),'ReturnValues':'UPDATED_OLD'}")
        == "{\(consumed("2.0", ",'Table':\(one),'LocalSecondaryIndexes':{'by-amount':\(one)}")),"
        + "\(metrics("c"))}")
    #expect(
      try bench.show("GetItem", "{'TableName':'sales',\(key("c")),\(asked)}", "ConsumedCapacity")
        == "{'TableName':'sales','CapacityUnits':0.5,'Table':{'CapacityUnits':0.5}}")
    #expect(
      try bench.show("DeleteItem", "{'TableName':'sales',\(key("c")),\(both)}")
        == "{\(consumed("2.0", ",'Table':\(one),'LocalSecondaryIndexes':{'by-amount':\(one)}")),"
        + "\(metrics("c"))}")
    #expect(
      try bench.show("DeleteItem", "{'TableName':'sales',\(key("d")),\(both)}")
        == "{\(consumed("1.0", ",'Table':\(one)")),\(metrics("d"))}")
  }

  @Test("a key may be binary, and an index holds only items with both its keys")
  func binaryKeys() throws {
    var world = try RefusalTests.world.get()
    func put(_ r: String, _ more: String) throws {
      try world.bench.call(
        "PutItem", "{'TableName':'bins','Item':{'b':{'B':'AA=='},'r':{'B':'\(r)'}\(more)}}")
    }
    try put("AQ==", ",'g':{'B':'Zw=='},'h':{'S':'x'}")
    try put("AA==", ",'h':{'S':'x'}")
    #expect(
      try world.bench.show(
        "Query",
        "{'TableName':'bins','KeyConditionExpression':'b = :b','ProjectionExpression':'r',"
          + "'ExpressionAttributeValues':{':b':{'B':'AA=='}}}", "Items")
        == "[{'r':{'B':'AA=='}},{'r':{'B':'AQ=='}}]")
    #expect(
      try world.bench.show(
        "Scan", "{'TableName':'bins','IndexName':'by-pair','ProjectionExpression':'r'}", "Items")
        == "[{'r':{'B':'AQ=='}}]")
  }

  @Test("a world's traffic writes and deletes items as requests do")
  func traffic() throws {
    var bench = try Bench.withOrders()
    try bench.recovery(true)
    try bench.cloud.load(
      ["a", "b"].map { Item(["id": .string($0), "v": .number(DecimalNumber(1))]) },
      into: "orders", in: bench.place)
    let both = bench.now
    bench.wait(.minutes(1))
    try bench.cloud.deleteItem(["id": .string("a")], from: "orders", in: bench.place)
    #expect(try bench.contents() == ["b=1"])
    bench.wait(.minutes(10))
    #expect(try bench.contents(at: both) == ["a=1", "b=1"])
    #expect(try bench.contents(at: both + .minutes(1)) == ["b=1"])
    let place = bench.place
    #expect(throws: ServiceError.self) {
      try bench.cloud.deleteItem(["v": .string("a")], from: "orders", in: place)
    }
  }
}

@Suite("Batches of items")
struct BatchTests {
  private static func put(_ id: String) -> String {
    "{'PutRequest':{'Item':{'id':{'S':'\(id)'},'v':{'N':'1'}}}}"
  }

  @Test("25 writes go through together, one table or several, with their capacity")
  func writes() throws {
    var bench = try Bench.withOrders()
    try bench.makeTable("other")
    try bench.put("gone")
    let puts = (10..<33).map { Self.put("k\($0)") }.joined(separator: ",")
    let answer = try bench.call(
      "BatchWriteItem",
      "{'RequestItems':{'orders':[\(puts),{'DeleteRequest':{'Key':{'id':{'S':'gone'}}}}],"
        + "'other':[\(Self.put("x"))]},'ReturnConsumedCapacity':'TOTAL'}")
    #expect(
      answer.show()
        == "{'UnprocessedItems':{},'ConsumedCapacity':["
        + "{'TableName':'orders','CapacityUnits':24.0},{'TableName':'other','CapacityUnits':1.0}]}")
    #expect(try bench.contents().count == 23)
    #expect(try bench.contents(of: "other") == ["x=1"])
  }

  @Test("batches say by index what they consumed, and whose collections they changed")
  func indexesAndCollections() throws {
    var bench = try Bench.withSales()
    func put(_ customer: String, _ more: String = "") -> String {
      "{'PutRequest':{'Item':{'customer':{'S':'\(customer)'},'at':{'N':'1'}\(more)}}}"
    }
    func collection(_ customer: String) -> String {
      "{'ItemCollectionKey':{'customer':{'S':'\(customer)'}},'SizeEstimateRangeGB':[0.0,1.0]}"
    }
    #expect(
      try bench.show(
        "BatchWriteItem",
        "{'RequestItems':{'sales':[\(put("c", ",'amount':{'N':'1'}")),\(put("d"))]},"
          + "'ReturnConsumedCapacity':'INDEXES','ReturnItemCollectionMetrics':'SIZE'}")
        == "{'UnprocessedItems':{},'ItemCollectionMetrics':{'sales':["
        + "\(collection("c")),\(collection("d"))]},'ConsumedCapacity':[{'TableName':'sales',"
        + "'CapacityUnits':3.0,'Table':{'CapacityUnits':2.0},"
        + "'LocalSecondaryIndexes':{'by-amount':{'CapacityUnits':1.0}}}]}")
    #expect(
      try bench.show(
        "BatchGetItem",
        "{'RequestItems':{'sales':{'Keys':[{'customer':{'S':'c'},'at':{'N':'1'}}]}},"
          + "'ReturnConsumedCapacity':'INDEXES'}", "ConsumedCapacity")
        == "[{'TableName':'sales','CapacityUnits':0.5,'Table':{'CapacityUnits':0.5}}]")
  }

  @Test("more than 25 writes to one table are refused by the model's own rule")
  func tooMany() throws {
    var bench = try Bench.withOrders()
    let puts = (10..<36).map { Self.put("k\($0)") }.joined(separator: ",")
    let refusal = bench.refusal("BatchWriteItem", "{'RequestItems':{'orders':[\(puts)]}}")
    #expect(refusal.hasPrefix(Words.one + "'{orders=["))
    #expect(
      refusal.hasSuffix(
        "at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: "
          + "[Member must have length less than or equal to 25, Member must have length greater "
          + "than or equal to 1]"))
    #expect(try bench.contents() == [])
  }

  @Test("keys are read by table, missing ones left out, projections applied")
  func reads() throws {
    var bench = try Bench.withOrders()
    for id in ["a", "b"] { try bench.put(id, 1) }
    #expect(
      try bench.show(
        "BatchGetItem",
        "{'RequestItems':{'orders':{'Keys':[{'id':{'S':'b'}},{'id':{'S':'none'}},{'id':{'S':'a'}}],"
          + "'ProjectionExpression':'id','ConsistentRead':true}},'ReturnConsumedCapacity':'TOTAL'}")
        == "{'Responses':{'orders':[{'id':{'S':'b'}},{'id':{'S':'a'}}]},'UnprocessedKeys':{},"
        + "'ConsumedCapacity':[{'TableName':'orders','CapacityUnits':3.0}]}")
  }

  @Test("what goes beyond 16 MB comes back unprocessed")
  func unprocessed() throws {
    var bench = try Bench.withOrders()
    let value = String(repeating: "x", count: 400_000)
    for number in 10..<53 {
      try bench.call(
        "PutItem",
        "{'TableName':'orders','Item':{'id':{'S':'k\(number)'},'vv':{'S':'\(value)'}}}")
    }
    let keys = (10..<53).map { "{'id':{'S':'k\($0)'}}" }.joined(separator: ",")
    let answer = try bench.call(
      "BatchGetItem",
      "{'RequestItems':{'orders':{'Keys':[\(keys)],'ConsistentRead':true}}}")
    // 41 items of 400,005 bytes fit 16,777,216.
    #expect(answer.at("Responses.orders")?.array?.count == 41)
    #expect(
      answer.show("UnprocessedKeys.orders")
        == "{'Keys':[{'id':{'S':'k51'}},{'id':{'S':'k52'}}],'ConsistentRead':true}")
  }
}
