// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Transactions")
struct TransactionTests {
  /// `orders` with `a=1`, `b=2` and `c=3`.
  private static func bench() throws -> Bench {
    var bench = try Bench.withOrders()
    for (number, id) in ["a", "b", "c"].enumerated() { try bench.put(id, number + 1) }
    return bench
  }

  private static func put(_ id: String, _ value: Int, _ more: String = "") -> String {
    "{'Put':{'TableName':'orders','Item':{'id':{'S':'\(id)'},'v':{'N':'\(value)'}}\(more)}}"
  }

  private static func delete(_ id: String) -> String {
    "{'Delete':{'TableName':'orders','Key':{'id':{'S':'\(id)'}}}}"
  }

  private static func add(_ value: Int, to id: String) -> String {
    "{'Update':{'TableName':'orders','Key':{'id':{'S':'\(id)'}},'UpdateExpression':'ADD v :v',"
      + "'ExpressionAttributeValues':{':v':{'N':'\(value)'}}}}"
  }

  private static func check(_ id: String, is value: Int, _ more: String = "") -> String {
    "{'ConditionCheck':{'TableName':'orders','Key':{'id':{'S':'\(id)'}},"
      + "'ConditionExpression':'v = :v','ExpressionAttributeValues':{':v':{'N':'\(value)'}}\(more)}}"
  }

  private static func write(_ actions: String..., more: String = "") -> String {
    "{'TransactItems':[\(actions.joined(separator: ","))]\(more)}"
  }

  @Test("actions of every kind, on several tables, are carried out together, at one instant")
  func together() throws {
    var bench = try Self.bench()
    try bench.recovery(true)
    try bench.makeTable("others")
    let before = bench.now
    bench.wait(.seconds(10))
    let answer = try bench.call(
      "TransactWriteItems",
      Self.write(
        Self.put("d", 4), Self.delete("a"), Self.add(5, to: "b"), Self.check("c", is: 3),
        Self.add(7, to: "e"), Self.delete("nothing"),
        Self.put("d", 8).replacing("'orders'", with: "'others'")))
    #expect(answer.json() == "{}")
    #expect(try bench.contents() == ["b=7", "c=3", "d=4", "e=7"])
    #expect(try bench.contents(of: "others") == ["d=8"])
    // Recovery sees all of it or nothing.
    let after = bench.now
    bench.wait(.minutes(10))
    #expect(try bench.contents(at: before) == ["a=1", "b=2", "c=3"])
    #expect(try bench.contents(at: after) == ["b=7", "c=3", "d=4", "e=7"])
  }

  @Test("one reason is enough to leave everything as it was; each action has its own")
  func cancellation() throws {
    var bench = try Self.bench()
    let before = bench.cloud.fingerprint()
    let input = Self.write(
      Self.put("d", 4), Self.check("c", is: 4, ",'ReturnValuesOnConditionCheckFailure':'ALL_OLD'"),
      Self.put("a", 9, ",'ConditionExpression':'attribute_not_exists(id)'"),
      "{'Delete':{'TableName':'orders','Key':{'id':{'N':'1'}}}}")
    let error = try #require(throws: ServiceError.self) {
      try bench.call("TransactWriteItems", input)
    }
    #expect(
      error.members.show("CancellationReasons")
        == "[{'Code':'None'},"
        + "{'Code':'ConditionalCheckFailed','Item':{'id':{'S':'c'},'v':{'N':'3'}},"
        + "'Message':'The conditional request failed'},"
        + "{'Code':'ConditionalCheckFailed','Message':'The conditional request failed'},"
        + "{'Code':'ValidationError','Message':'The provided key element does not match the schema'}]"
    )
    #expect(bench.cloud.fingerprint() == before)
  }

  @Test(
    "what an action by itself would be refused with is its reason's message",
    arguments: [
      (
        "{'Put':{'TableName':'orders','Item':{'id':{'N':'5'}}}}",
        "One or more parameter values were invalid: Type mismatch for key id expected: S actual: N"
      ),
      (
        "{'Put':{'TableName':'orders','Item':{'x':{'N':'5'}}}}",
        "One or more parameter values were invalid: Missing the key id in the item"
      ),
      (
        "{'Update':{'TableName':'orders','Key':{'id':{'S':'a'}},'UpdateExpression':'SET v.x = :v',"
          + "'ExpressionAttributeValues':{':v':{'N':'1'}}}}",
        "The document path provided in the update expression is invalid for update"
      ),
      (
        "{'Update':{'TableName':'orders','Key':{'id':{'S':'a'}},'UpdateExpression':'SET x = :v',"
          + "'ExpressionAttributeValues':{':v':{'S':'\(String(repeating: "x", count: 409_600))'}}}}",
        "Item size to update has exceeded the maximum allowed size"
      ),
    ])
  func reasons(_ action: String, _ message: String) throws {
    var bench = try Self.bench()
    let error = try #require(throws: ServiceError.self) {
      try bench.call("TransactWriteItems", Self.write(action))
    }
    #expect(
      error.members.show("CancellationReasons")
        == "[{'Code':'ValidationError','Message':'\(message)'}]")
  }

  @Test("a token makes the same transaction happen once in ten minutes, and no other one")
  func token() throws {
    var bench = try Self.bench()
    func input(_ value: Int, token: String = "t") -> String {
      Self.write(Self.add(value, to: "a"), more: ",'ClientRequestToken':'\(token)'")
    }
    let at = bench.now
    try bench.call("TransactWriteItems", input(10))
    try bench.call("TransactWriteItems", input(10))
    #expect(try bench.contents() == ["a=11", "b=2", "c=3"])
    let before = bench.cloud.fingerprint()
    #expect(
      bench.refusal("TransactWriteItems", input(20)).hasPrefix(
        "IdempotentParameterMismatchException: "))
    #expect(bench.cloud.fingerprint() == before)
    try bench.call("TransactWriteItems", input(20, token: "u"))
    bench.cloud.advance(to: at + .minutes(10) - .milliseconds(1))
    try bench.call("TransactWriteItems", input(10))
    #expect(try bench.contents() == ["a=31", "b=2", "c=3"])
    bench.wait(.milliseconds(1))
    try bench.call("TransactWriteItems", input(20))
    #expect(try bench.contents() == ["a=51", "b=2", "c=3"])
    // A transaction that was cancelled used no token up.
    let failing = Self.write(Self.check("c", is: 9), more: ",'ClientRequestToken':'v'")
    for _ in 0..<2 {
      #expect(bench.refusal("TransactWriteItems", failing).hasPrefix("TransactionCanceled"))
    }
  }

  @Test("the order of members and attributes does not make a transaction another one")
  func tokenOrder() throws {
    var bench = try Self.bench()
    let token = ",'ClientRequestToken':'t'"
    try bench.call("TransactWriteItems", Self.write(Self.put("d", 4), more: token))
    try bench.delete("d", in: "us-east-1")
    try bench.call(
      "TransactWriteItems",
      Self.write(
        "{'Put':{'Item':{'v':{'N':'4'},'id':{'S':'d'}},'TableName':'orders'}}", more: token))
    #expect(try bench.contents() == ["a=1", "b=2", "c=3"])
  }

  @Test("writes cost twice, a check as a write, and doing it again what reading the items costs")
  func capacity() throws {
    var bench = try Self.bench()
    let big = String(repeating: "x", count: 1_536)
    let input = Self.write(
      Self.put("d", 4, ",'ConditionExpression':'attribute_not_exists(id)'"),
      "{'Put':{'TableName':'orders','Item':{'id':{'S':'big'},'x':{'S':'\(big)'}}}}",
      Self.check("c", is: 3),
      more: ",'ReturnConsumedCapacity':'TOTAL','ClientRequestToken':'t'")
    #expect(
      try bench.show("TransactWriteItems", input)
        == "{'ConsumedCapacity':[{'TableName':'orders','CapacityUnits':8.0,"
        + "'WriteCapacityUnits':8.0}]}")
    #expect(
      try bench.show("TransactWriteItems", input)
        == "{'ConsumedCapacity':[{'TableName':'orders','CapacityUnits':6.0,"
        + "'ReadCapacityUnits':6.0}]}")
    #expect(
      try bench.show(
        "TransactGetItems",
        "{'TransactItems':[{'Get':{'TableName':'orders','Key':{'id':{'S':'big'}}}},"
          + "{'Get':{'TableName':'orders','Key':{'id':{'S':'none'}}}}],"
          + "'ReturnConsumedCapacity':'TOTAL'}", "ConsumedCapacity")
        == "[{'TableName':'orders','CapacityUnits':4.0,'ReadCapacityUnits':4.0}]")
  }

  @Test("indexes and item collections are reported as single writes report them, by table")
  func indexes() throws {
    var bench = try Bench.withSales()
    try bench.makeTable()
    let sale =
      "{'Put':{'TableName':'sales','Item':{'customer':{'S':'c'},'at':{'N':'1'},"
      + "'amount':{'N':'3'},'state':{'S':'open'}}}}"
    #expect(
      try bench.show(
        "TransactWriteItems",
        Self.write(
          sale, Self.put("a", 1),
          more: ",'ReturnConsumedCapacity':'INDEXES','ReturnItemCollectionMetrics':'SIZE'"))
        == "{'ConsumedCapacity':[{'TableName':'sales','CapacityUnits':6.0,"
        + "'WriteCapacityUnits':6.0,'Table':{'WriteCapacityUnits':2.0,'CapacityUnits':2.0},"
        + "'LocalSecondaryIndexes':{'by-amount':{'WriteCapacityUnits':2.0,'CapacityUnits':2.0}},"
        + "'GlobalSecondaryIndexes':{'by-state':{'WriteCapacityUnits':2.0,'CapacityUnits':2.0}}},"
        + "{'TableName':'orders','CapacityUnits':2.0,'WriteCapacityUnits':2.0,"
        + "'Table':{'WriteCapacityUnits':2.0,'CapacityUnits':2.0}}],"
        + "'ItemCollectionMetrics':{'sales':[{'ItemCollectionKey':{'customer':{'S':'c'}},"
        + "'SizeEstimateRangeGB':[0.0,1.0]}]}}")
  }

  @Test(
    "items are read in the order asked for, with their projections, and nothing for a missing one")
  func reading() throws {
    var bench = try Self.bench()
    #expect(
      try bench.show(
        "TransactGetItems",
        "{'TransactItems':[{'Get':{'TableName':'orders','Key':{'id':{'S':'c'}}}},"
          + "{'Get':{'TableName':'orders','Key':{'id':{'S':'none'}}}},"
          + "{'Get':{'TableName':'orders','Key':{'id':{'S':'a'}},'ProjectionExpression':'#v',"
          + "'ExpressionAttributeNames':{'#v':'v'}}}]}")
        == "{'Responses':[{'Item':{'id':{'S':'c'},'v':{'N':'3'}}},{},{'Item':{'v':{'N':'1'}}}]}")
  }

  @Test("a stream has a record for each item that a transaction changed, and replicas get them all")
  func followers() throws {
    var bench = try Bench.withReplicas()
    try bench.call("TransactWriteItems", Self.write(Self.put("d", 4), Self.add(5, to: "a")))
    bench.wait(.seconds(1))
    #expect(try bench.contents(in: "eu-west-1") == ["a=6", "d=4"])
  }

  @Test("items of more than 4 MB together are refused")
  func size() throws {
    var bench = try Bench.withOrders()
    let big = String(repeating: "x", count: 409_000)
    let actions = (0..<11).map {
      "{'Put':{'TableName':'orders','Item':{'id':{'S':'\($0)'},'x':{'S':'\(big)'}}}}"
    }
    try bench.call(
      "TransactWriteItems", "{'TransactItems':[\(actions.dropLast().joined(separator: ","))]}")
    #expect(
      bench.refusal(
        "TransactWriteItems", "{'TransactItems':[\(actions.joined(separator: ","))]}"
      ).hasPrefix(Words.validation))
    let gets = (0..<10).map { "{'Get':{'TableName':'orders','Key':{'id':{'S':'\($0)'}}}}" }
    #expect(
      try bench.call("TransactGetItems", "{'TransactItems':[\(gets.joined(separator: ","))]}")[
        "Responses"]?.array?.count == 10)
  }
}
