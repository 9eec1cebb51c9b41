// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import ItemModel
import Simulation
import Testing

@Suite("Limited throughput")
struct ThroughputTests {
  /// A bench ten seconds after `plain` was made: so each unit a second has left eleven units.
  private static func bench(_ units: Int = 1, index: Int? = nil) throws -> Bench {
    var bench = Bench()
    let given = "{'ReadCapacityUnits':\(units),'WriteCapacityUnits':\(units)}"
    let key = ",{'AttributeName':'g','AttributeType':'S'}"
    let indexes = index.map {
      "'GlobalSecondaryIndexes':[{'IndexName':'by-g','KeySchema':[{'AttributeName':'g',"
        + "'KeyType':'HASH'}],'Projection':{'ProjectionType':'ALL'},'ProvisionedThroughput':"
        + "{'ReadCapacityUnits':\($0),'WriteCapacityUnits':\($0)}}],"
    }
    try bench.call(
      "CreateTable",
      "{'TableName':'plain','AttributeDefinitions':[{'AttributeName':'id','AttributeType':'S'}"
        + "\(index == nil ? "" : key)],'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],"
        + "\(indexes ?? "")'ProvisionedThroughput':\(given)}")
    bench.wait(.seconds(index == nil ? 10 : 20))
    return bench
  }

  private static let exceeded =
    "ProvisionedThroughputExceededException: The level of configured provisioned throughput for "
  private static let table =
    exceeded + "the table was exceeded. Consider increasing your provisioning level with the "
    + "UpdateTable API."

  private func put(_ id: String, _ more: String = "", into table: String = "plain") -> String {
    "{'TableName':'\(table)','Item':{'id':{'S':'\(id)'}\(more)}}"
  }

  /// How many of so many like requests are taken at once.
  private func taken(
    _ count: Int, _ bench: inout Bench, _ operation: String, _ input: (Int) -> String
  ) throws -> Int {
    var taken = 0
    for number in 0..<count {
      do {
        try bench.call(operation, input(number))
        taken += 1
      } catch let error as ServiceError where error.code.contains("Throughput") {}
    }
    return taken
  }

  private func reasons(
    _ bench: inout Bench, _ operation: String, _ input: String, _ member: String
  ) throws -> String {
    do {
      return "accepted: \(try bench.call(operation, input).json())"
    } catch let error as ServiceError {
      return error.members.show(member)
    }
  }

  @Test("units that were not used are kept, five minutes' at most; a refusal changes nothing")
  func burst() throws {
    var bench = try Self.bench()
    #expect(try taken(15, &bench, "PutItem") { put("\($0)") } == 11)
    let before = bench.cloud.fingerprint()
    #expect(bench.refusal("PutItem", put("x")) == Self.table)
    #expect(
      try reasons(&bench, "PutItem", put("x"), "ThrottlingReasons")
        == "[{'reason':'TableWriteProvisionedThroughputExceeded',"
        + "'resource':'arn:aws:dynamodb:us-east-1:123456789012:table/plain'}]")
    #expect(bench.cloud.fingerprint() == before)
    bench.wait(.milliseconds(999))
    #expect(bench.refusal("PutItem", put("x")) == Self.table)
    bench.wait(.milliseconds(1))
    try bench.call("PutItem", put("x"))
    bench.wait(.hours(1))
    #expect(try taken(305, &bench, "PutItem") { _ in put("x") } == 300)
  }

  @Test("what takes more than a second's units is let through with these, and made good")
  func debt() throws {
    var bench = try Self.bench()
    _ = try taken(10, &bench, "PutItem") { _ in put("x") }
    let large = ",'v':{'S':'\(String(repeating: "v", count: 9_900))'}"
    try bench.call("PutItem", put("y", large))
    bench.wait(.seconds(9))
    #expect(bench.refusal("PutItem", put("x")) == Self.table)
    bench.wait(.seconds(1))
    try bench.call("PutItem", put("x"))
  }

  @Test("reads have units of their own, and half a one is enough for an eventual read")
  func reads() throws {
    var bench = try Self.bench()
    _ = try taken(20, &bench, "PutItem") { _ in put("a") }
    let get = "{'TableName':'plain','Key':{'id':{'S':'a'}}}"
    #expect(try taken(30, &bench, "GetItem") { _ in get } == 22)
    for (operation, input) in [
      ("Scan", "{'TableName':'plain'}"),
      (
        "Query",
        "{'TableName':'plain','KeyConditionExpression':'id = :a',"
          + "'ExpressionAttributeValues':{':a':{'S':'a'}}}"
      ), ("GetItem", get),
    ] {
      #expect(
        try reasons(&bench, operation, input, "ThrottlingReasons.0.reason")
          == "'TableReadProvisionedThroughputExceeded'")
    }
  }

  @Test("an index that cannot follow holds a write up, and nothing that does not touch it")
  func index() throws {
    var bench = try Self.bench(100, index: 1)
    let entry = ",'g':{'S':'g'}"
    #expect(try taken(30, &bench, "PutItem") { put("\($0)", entry) } == 21)
    #expect(
      bench.refusal("PutItem", put("x", entry)) == Self.exceeded
        + "one or more global secondary indexes of the table was exceeded. Consider increasing your "
        + "provisioning level for the under-provisioned global secondary indexes with the "
        + "UpdateTable API.")
    #expect(
      try reasons(&bench, "PutItem", put("x", entry), "ThrottlingReasons")
        == "[{'reason':'IndexWriteProvisionedThroughputExceeded',"
        + "'resource':'arn:aws:dynamodb:us-east-1:123456789012:table/plain/index/by-g'}]")
    try bench.call("PutItem", put("x"))
    let query =
      "{'TableName':'plain','IndexName':'by-g','KeyConditionExpression':'g = :g',"
      + "'ExpressionAttributeValues':{':g':{'S':'g'}}}"
    #expect(try taken(50, &bench, "Query") { _ in query } == 42)
  }

  @Test("on demand only maxima limit, by the second and in words of their own")
  func onDemand() throws {
    var bench = try Bench.withOrders()
    #expect(try taken(50, &bench, "PutItem") { put("\($0)", into: "orders") } == 50)
    try bench.call(
      "UpdateTable", "{'TableName':'orders','OnDemandThroughput':{'MaxWriteRequestUnits':2}}")
    bench.wait(.minutes(1))
    for id in ["a", "b"] { try bench.call("PutItem", put(id, into: "orders")) }
    let words =
      "ThrottlingException: Throughput exceeds the maximum OnDemandThroughput configured on table or "
      + "index"
    #expect(bench.refusal("PutItem", put("c", into: "orders")) == words)
    #expect(
      try reasons(&bench, "PutItem", put("c", into: "orders"), "throttlingReasons.0.reason")
        == "'TableWriteMaxOnDemandThroughputExceeded'")
    bench.wait(.milliseconds(499))
    #expect(bench.refusal("PutItem", put("c", into: "orders")) == words)
    bench.wait(.milliseconds(1))
    try bench.call("PutItem", put("c", into: "orders"))
    #expect(
      bench.refusal(
        "TransactWriteItems",
        "{'TransactItems':[{'Put':\(put("d", into: "orders"))}]}"
      ).hasSuffix("[ThrottlingError]"))
    bench.wait(.seconds(9))
    try bench.call("GetItem", "{'TableName':'orders','Key':{'id':{'S':'a'}}}")
  }

  @Test("a batch does what it can and gives the rest back; of nothing it is refused")
  func batches() throws {
    var bench = try Self.bench()
    let requests = (0..<15).map { "{'PutRequest':{'Item':{'id':{'S':'k\($0 + 10)'}}}}" }
    let batch = "{'RequestItems':{'plain':[\(requests.joined(separator: ","))]}}"
    let answer = try bench.call("BatchWriteItem", batch)
    #expect(
      answer.show("UnprocessedItems")
        == "{'plain':[\(requests[11...].joined(separator: ","))]}")
    let before = bench.cloud.fingerprint()
    #expect(bench.refusal("BatchWriteItem", batch) == Self.table)
    #expect(bench.cloud.fingerprint() == before)
    let keys = (0..<25).map { "{'id':{'S':'k\($0 + 10)'}}" }
    let gets = "{'RequestItems':{'plain':{'Keys':[\(keys.joined(separator: ","))]}}}"
    let read = try bench.call("BatchGetItem", gets)
    #expect(read.at("Responses.plain")?.array?.count == 11)
    #expect(
      read.show("UnprocessedKeys.plain.Keys") == "[\(keys[22...].joined(separator: ","))]")
    #expect(bench.refusal("BatchGetItem", gets) == Self.table)
  }

  @Test("a transaction takes all it needs, twice a single write's, or nothing")
  func transactions() throws {
    var bench = try Self.bench()
    try bench.makeTable()
    _ = try taken(30, &bench, "PutItem") { _ in put("a") }
    bench.wait(.seconds(2))
    let free = "{'Put':\(put("f", into: "orders"))}"
    let two = "{'TransactItems':[{'Put':\(put("b"))},\(free),{'Put':\(put("c"))}]}"
    let before = bench.cloud.fingerprint()
    #expect(
      bench.refusal("TransactWriteItems", two)
        == "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons "
        + "for specific reasons [None, None, ProvisionedThroughputExceeded]")
    #expect(bench.cloud.fingerprint() == before)
    try bench.call("TransactWriteItems", "{'TransactItems':[{'Put':\(put("b"))},\(free)]}")
    bench.wait(.seconds(1))
    try bench.call("TransactWriteItems", "{'TransactItems':[{'Put':\(put("c"))}]}")
    _ = try taken(30, &bench, "GetItem") { _ in
      "{'TableName':'plain','Key':{'id':{'S':'a'}},'ConsistentRead':true}"
    }
    #expect(
      bench.refusal(
        "TransactGetItems",
        "{'TransactItems':[{'Get':{'TableName':'plain','Key':{'id':{'S':'a'}}}}]}"
      )
      .hasSuffix("[ProvisionedThroughputExceeded]"))
  }

  @Test("a world's own items take no units; another throughput fills by its own measure")
  func others() throws {
    var bench = try Self.bench()
    let items = (0..<100).map { Item(["id": .string("w\($0)")]) }
    try bench.cloud.load(items, into: "plain", in: bench.place)
    #expect(try taken(15, &bench, "PutItem") { put("\($0)") } == 11)
    try bench.call(
      "UpdateTable",
      "{'TableName':'plain','ProvisionedThroughput':"
        + "{'ReadCapacityUnits':1,'WriteCapacityUnits':3}}")
    bench.wait(.seconds(4))
    #expect(try taken(15, &bench, "PutItem") { put("\($0)") } == 12)
    // A table of the same name is another one.
    bench.wait(.seconds(5))
    try bench.call("DeleteTable", "{'TableName':'plain'}")
    bench.wait(.seconds(10))
    try bench.call("CreateTable", RefusalWorld.plainInput)
    bench.wait(.seconds(9))
    #expect(try taken(60, &bench, "PutItem") { put("\($0)") } == 50)
  }
}
