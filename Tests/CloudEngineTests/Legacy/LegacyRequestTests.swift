// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Testing

@Suite("Requests with the parameters that expressions replaced")
struct LegacyRequestTests {
  private static let a = "'TableName':'orders','Key':{'id':{'S':'a'}}"

  private static func withItem() throws -> Bench {
    var bench = try Bench.withOrders()
    try bench.call(
      "PutItem",
      "{'TableName':'orders','Item':{'id':{'S':'a'},'n':{'N':'7'},'l':{'L':[{'N':'1'}]},"
        + "'s':{'SS':['a','b']}}}")
    return bench
  }

  @Test("a write goes ahead while what it expects holds", arguments: ["PutItem", "DeleteItem"])
  func expected(operation: String) throws {
    let fields = operation == "PutItem" ? "'Item':{'id':{'S':'a'}}" : "'Key':{'id':{'S':'a'}}"
    for (expected, holds) in [
      ("'n':{'Value':{'N':'7.0'}},'x':{'Exists':false}", true),
      ("'n':{'Value':{'N':'7'},'Exists':true},'x':{'ComparisonOperator':'NOT_NULL'}", false),
      ("'n':{'ComparisonOperator':'BETWEEN','AttributeValueList':[{'N':'7'},{'N':'8'}]}", true),
      ("'n':{'ComparisonOperator':'GT','Value':{'N':'7'}}", false),
      ("", true),
    ] {
      var bench = try Self.withItem()
      let refused = bench.refusal(
        operation, "{'TableName':'orders',\(fields),'Expected':{\(expected)}}")
      #expect(refused.hasPrefix("accepted") == holds, "\(expected): \(refused)")
      #expect(
        try bench.show("GetItem", "{\(Self.a)}", "Item.n") == (holds ? "absent" : "{'N':'7'}"))
    }
  }

  @Test("a failed expectation shows the item where the request asks for it")
  func shown() throws {
    var bench = try Self.withItem()
    let error = #expect(throws: ServiceError.self) {
      try bench.call(
        "DeleteItem",
        "{\(Self.a),'Expected':{'n':{'Value':{'N':'1'}}},"
          + "'ReturnValuesOnConditionCheckFailure':'ALL_OLD'}")
    }
    #expect(error?.members.show("Item.n") == "{'N':'7'}")
  }

  private static let updates: [(update: String, attribute: String, is: String)] = [
    ("'x':{'Value':{'S':'v'}}", "x", "{'S':'v'}"),
    ("'n':{'Action':'PUT','Value':{'BOOL':true}}", "n", "{'BOOL':true}"),
    ("'n':{'Action':'ADD','Value':{'N':'-3.5'}}", "n", "{'N':'3.5'}"),
    ("'x':{'Action':'ADD','Value':{'N':'2'}}", "x", "{'N':'2'}"),
    ("'s':{'Action':'ADD','Value':{'SS':['c','a']}}", "s", "{'SS':['a','b','c']}"),
    ("'x':{'Action':'ADD','Value':{'NS':['2']}}", "x", "{'NS':['2']}"),
    (
      "'l':{'Action':'ADD','Value':{'L':[{'S':'x'},{'N':'1'}]}}", "l",
      "{'L':[{'N':'1'},{'S':'x'},{'N':'1'}]}"
    ),
    ("'x':{'Action':'ADD','Value':{'L':[]}}", "x", "{'L':[]}"),
    ("'s':{'Action':'DELETE','Value':{'SS':['b','z']}}", "s", "{'SS':['a']}"),
    ("'s':{'Action':'DELETE','Value':{'SS':['b','a']}}", "s", "absent"),
    ("'x':{'Action':'DELETE','Value':{'SS':['b']}}", "x", "absent"),
    ("'l':{'Action':'DELETE'}", "l", "absent"),
    ("'a.b':{'Value':{'S':'flat'}}", "n", "{'N':'7'}"),
  ]

  @Test("attributes are put, added to and deleted", arguments: 0..<13)
  func attributeUpdates(row: Int) throws {
    let (update, attribute, value) = Self.updates[row]
    var bench = try Self.withItem()
    let answer = try bench.call(
      "UpdateItem", "{\(Self.a),'AttributeUpdates':{\(update)},'ReturnValues':'ALL_NEW'}")
    #expect(answer["Attributes"]?.show(attribute) == value)
    #expect(try bench.show("GetItem", "{\(Self.a)}", "Item.\(attribute)") == value)
  }

  @Test("an update that only removes makes no item, one that does nothing at all does")
  func onlyRemoves() throws {
    let none = "'TableName':'orders','Key':{'id':{'S':'none'}}"
    for (update, made) in [
      ("'AttributeUpdates':{'x':{'Action':'DELETE'}}", "{}"),
      ("'AttributeUpdates':{'x':{'Action':'DELETE','Value':{'SS':['a']}}}", "{}"),
      ("'UpdateExpression':'REMOVE x'", "{}"),
      ("'AttributeUpdates':{}", "{'Item':{'id':{'S':'none'}}}"),
      (
        "'AttributeUpdates':{'x':{'Action':'DELETE'},'y':{'Action':'ADD','Value':{'N':'1'}}}",
        "{'Item':{'id':{'S':'none'},'y':{'N':'1'}}}"
      ),
    ] {
      var bench = try Self.withItem()
      let before = bench.cloud.fingerprint()
      #expect(
        try bench.show("UpdateItem", "{\(none),\(update),'ReturnConsumedCapacity':'TOTAL'}")
          == "{'ConsumedCapacity':{'TableName':'orders','CapacityUnits':1.0}}")
      #expect((bench.cloud.fingerprint() == before) == (made == "{}"))
      #expect(try bench.show("GetItem", "{\(none)}") == made)
    }
  }

  @Test("what an update returns is what it named")
  func returned() throws {
    var bench = try Self.withItem()
    let update =
      "'AttributeUpdates':{'n':{'Action':'ADD','Value':{'N':'1'}},'l':{'Action':'DELETE'}}"
    #expect(
      try bench.show("UpdateItem", "{\(Self.a),\(update),'ReturnValues':'UPDATED_OLD'}")
        == "{'Attributes':{'l':{'L':[{'N':'1'}]},'n':{'N':'7'}}}")
    #expect(
      try bench.show("UpdateItem", "{\(Self.a),\(update),'ReturnValues':'UPDATED_NEW'}")
        == "{'Attributes':{'n':{'N':'9'}}}")
  }

  @Test("AttributesToGet names top-level attributes")
  func attributesToGet() throws {
    var bench = try Self.withItem()
    #expect(
      try bench.show("GetItem", "{\(Self.a),'AttributesToGet':['n','x']}")
        == "{'Item':{'n':{'N':'7'}}}")
    #expect(try bench.show("GetItem", "{\(Self.a),'AttributesToGet':['x']}") == "{'Item':{}}")
    #expect(
      try bench.show(
        "BatchGetItem",
        "{'RequestItems':{'orders':{'Keys':[{'id':{'S':'a'}}],'AttributesToGet':['id']}}}",
        "Responses") == "{'orders':[{'id':{'S':'a'}}]}")
  }
}

@Suite("Queries and scans with the parameters that expressions replaced")
struct LegacyReadTests {
  private static func filled() throws -> Bench {
    var bench = try Bench.withSales()
    for at in 1...6 {
      try bench.call(
        "PutItem",
        "{'TableName':'sales','Item':{'customer':{'S':'c'},'at':{'N':'\(at)'},"
          + "'state':{'S':'\(at % 2 == 0 ? "even" : "odd")'},'note':{'S':'n\(at)'}}}")
    }
    return bench
  }

  private static let c =
    "'customer':{'ComparisonOperator':'EQ','AttributeValueList':[{'S':'c'}]}"

  @Test(
    "a range of sort keys is found by each operator",
    arguments: [
      ("EQ", "{'N':'3'}", "3"), ("LT", "{'N':'3'}", "12"), ("LE", "{'N':'3'}", "123"),
      ("GT", "{'N':'3'}", "456"), ("GE", "{'N':'3'}", "3456"),
      ("BETWEEN", "{'N':'2'},{'N':'4'}", "234"),
    ])
  func sortKeys(comparison: String, values: String, found: String) throws {
    var bench = try Self.filled()
    let answer = try bench.call(
      "Query",
      "{'TableName':'sales','KeyConditions':{\(Self.c),'at':{'ComparisonOperator':'\(comparison)',"
        + "'AttributeValueList':[\(values)]}},'AttributesToGet':['at']}")
    #expect(try ats(answer) == found)
  }

  @Test("KeyConditions go with filters of either kind, on indexes too")
  func filters() throws {
    var bench = try Self.filled()
    let older = try bench.call(
      "Query",
      "{'TableName':'sales','KeyConditions':{\(Self.c)},'ConditionalOperator':'OR','QueryFilter':"
        + "{'note':{'ComparisonOperator':'EQ','AttributeValueList':[{'S':'n1'}]},'state':{"
        + "'ComparisonOperator':'BEGINS_WITH','AttributeValueList':[{'S':'ev'}]}}}")
    #expect(try ats(older) == "1246")
    #expect(older.show("ScannedCount") == "6")
    let newer = try bench.call(
      "Query",
      "{'TableName':'sales','IndexName':'by-state','KeyConditions':{'state':{'ComparisonOperator':"
        + "'EQ','AttributeValueList':[{'S':'odd'}]}},'FilterExpression':'note > :n',"
        + "'ExpressionAttributeValues':{':n':{'S':'n1'}},'ScanIndexForward':false}")
    #expect(try ats(newer) == "53")
  }

  @Test("a scan filters, projects and pages")
  func scan() throws {
    var bench = try Self.filled()
    let filter =
      "'ScanFilter':{'at':{'ComparisonOperator':'IN','AttributeValueList':[{'N':'2'},{'N':'5'}]}}"
    let all = try bench.call("Scan", "{'TableName':'sales',\(filter),'AttributesToGet':['at']}")
    #expect(all.show("Items") == "[{'at':{'N':'2'}},{'at':{'N':'5'}}]")
    let page = try bench.call("Scan", "{'TableName':'sales',\(filter),'Limit':3}")
    #expect(try ats(page) == "2")
    let rest = try bench.call(
      "Scan",
      "{'TableName':'sales',\(filter),'ExclusiveStartKey':\(page.show("LastEvaluatedKey"))}")
    #expect(try ats(rest) == "5")
  }

  @Test("what a local index does not hold is fetched from the table, and charged there")
  func fetched() throws {
    var bench = try Bench.withSales()
    for at in 1...3 {
      try bench.call(
        "PutItem",
        "{'TableName':'sales','Item':{'customer':{'S':'c'},'at':{'N':'\(at)'},'amount':{'N':'\(at)'},"
          + "'note':{'S':'\(String(repeating: "n", count: 5_000))'}}}")
    }
    for (asked, capacity) in [
      // The attributes of the index itself; of three items of two blocks of 4 KB each.
      ("'AttributesToGet':['at','amount']", "0.5,'Table':{'CapacityUnits':0.0}"),
      ("'AttributesToGet':['at','note']", "3.5,'Table':{'CapacityUnits':3.0}"),
      ("'Select':'ALL_ATTRIBUTES'", "3.5,'Table':{'CapacityUnits':3.0}"),
      ("'Select':'COUNT'", "0.5,'Table':{'CapacityUnits':0.0}"),
    ] {
      #expect(
        try bench.show(
          "Query",
          "{'TableName':'sales','IndexName':'by-amount','KeyConditions':{\(Self.c)},\(asked),"
            + "'ReturnConsumedCapacity':'INDEXES'}", "ConsumedCapacity")
          == "{'TableName':'sales','CapacityUnits':\(capacity),"
          + "'LocalSecondaryIndexes':{'by-amount':{'CapacityUnits':0.5}}}")
    }
  }

  private func ats(_ answer: Document) throws -> String {
    try #require(answer["Items"]?.array).map { try $0.text("at.N") }.joined()
  }
}
