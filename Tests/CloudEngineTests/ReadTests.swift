// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Queries and scans")
struct ReadTests {
  /// `sales` with customer `c` at 1…6, amounts falling, states `odd` and `even`, and a `d`.
  private static func filled() throws -> Bench {
    var bench = try Bench.withSales()
    for at in 1...6 {
      try bench.call(
        "PutItem",
        "{'TableName':'sales','Item':{'customer':{'S':'c'},'at':{'N':'\(at)'},"
          + "'amount':{'N':'\(60 - at)'},'state':{'S':'\(at % 2 == 0 ? "even" : "odd")'},"
          + "'note':{'S':'n\(at)'},'more':{'S':'m'}}}")
    }
    try bench.call("PutItem", "{'TableName':'sales','Item':{'customer':{'S':'d'},'at':{'N':'9'}}}")
    return bench
  }

  private static func query(
    _ condition: String = "customer = :c", values: String = "':c':{'S':'c'}", _ more: String = ""
  ) -> String {
    "{'TableName':'sales','KeyConditionExpression':'\(condition)',"
      + "'ExpressionAttributeValues':{\(values)}\(more)}"
  }

  private static func ats(_ answer: Document) throws -> [String] {
    try (answer.at("Items")?.array ?? []).map { try $0.text("at.N") }
  }

  @Test(
    "a query gives one partition in the order of its sort key",
    arguments: [
      ("customer = :c", "", "1 2 3 4 5 6"), ("customer = :c AND #t > :n", ",':n':{'N':'4'}", "5 6"),
      ("customer = :c AND #t <= :n", ",':n':{'N':'2'}", "1 2"),
      ("customer = :c AND #t = :n", ",':n':{'N':'3.0'}", "3"),
      ("customer = :c AND #t BETWEEN :n AND :o", ",':n':{'N':'2'},':o':{'N':'4'}", "2 3 4"),
    ])
  func conditions(condition: String, values: String, expected: String) throws {
    var bench = try Self.filled()
    let names = condition.contains("#t") ? ",'ExpressionAttributeNames':{'#t':'at'}" : ""
    let input = Self.query(condition, values: "':c':{'S':'c'}" + values, names)
    #expect(try Self.ats(bench.call("Query", input)).joined(separator: " ") == expected)
    let backwards = String(input.dropLast()) + ",'ScanIndexForward':false}"
    #expect(
      try Self.ats(bench.call("Query", backwards))
        == expected.split(separator: " ").map(String.init).reversed())
  }

  @Test("pages go on from where the last one ended, forwards and backwards")
  func paging() throws {
    for direction in ["true", "false"] {
      var bench = try Self.filled()
      var seen: [String] = []
      var start = ""
      var pages = 0
      repeat {
        let page = try bench.call(
          "Query",
          Self.query(
            values: "':c':{'S':'c'}",
            ",'Limit':2,'ScanIndexForward':\(direction)\(start)"))
        seen += try Self.ats(page)
        start =
          page.at("LastEvaluatedKey").map { _ in
            ",'ExclusiveStartKey':" + page.show("LastEvaluatedKey")
          } ?? ""
        pages += 1
      } while !start.isEmpty && pages < 10
      // A page that ends exactly at its limit names a key, so an empty fourth page follows.
      #expect(pages == 4)
      let expected = (1...6).map(String.init)
      #expect(seen == (direction == "true" ? expected : expected.reversed()))
    }
  }

  @Test("a filter works after the limit and the capacity are counted")
  func filter() throws {
    var bench = try Self.filled()
    let answer = try bench.call(
      "Query",
      Self.query(
        values: "':c':{'S':'c'},':n':{'S':'n2'}",
        ",'Limit':3,'FilterExpression':'note = :n','ConsistentRead':true,"
          + "'ReturnConsumedCapacity':'TOTAL','ProjectionExpression':'note'"))
    #expect(
      answer.show()
        == "{'Items':[{'note':{'S':'n2'}}],'Count':1,'ScannedCount':3,"
        + "'LastEvaluatedKey':{'at':{'N':'3'},'customer':{'S':'c'}},"
        + "'ConsumedCapacity':{'TableName':'sales','CapacityUnits':1.0}}")
  }

  @Test("a page that holds 1 MB and the last item names no key to go on from")
  func fullPage() throws {
    var bench = try Bench.withOrders()
    let value = String(repeating: "x", count: 400_000)
    for id in ["a", "b", "c"] {
      try bench.call(
        "PutItem", "{'TableName':'orders','Item':{'id':{'S':'\(id)'},'x':{'S':'\(value)'}}}")
    }
    let input = "{'TableName':'orders','ProjectionExpression':'id'"
    let whole = try bench.call("Scan", input + "}")
    #expect(whole.show("Count") == "3")
    #expect(whole.at("LastEvaluatedKey") == nil)
    #expect(try bench.call("Scan", input + ",'Limit':3}").at("LastEvaluatedKey") != nil)
    try bench.put("d")
    let page = try bench.call("Scan", input + "}")
    #expect(page.show("Count") == "3")
    #expect(page.at("LastEvaluatedKey") != nil)
  }

  @Test("a scan of a segment starts inside of it")
  func segmentStart() throws {
    var bench = try Self.filled()
    var accepted = 0
    for segment in 0..<4 {
      let answer = bench.refusal(
        "Scan",
        "{'TableName':'sales','Segment':\(segment),'TotalSegments':4,"
          + "'ExclusiveStartKey':{'customer':{'S':'c'},'at':{'N':'1'}}}")
      if answer.hasPrefix("accepted: ") {
        accepted += 1
      } else {
        #expect(
          answer == Words.validation + "The provided starting key is invalid: Invalid "
            + "ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. "
            + "TotalSegments: 4 Segment: \(segment)")
      }
    }
    #expect(accepted == 1)
  }

  @Test("an index read consumes the index's units")
  func indexUnits() throws {
    var bench = try Self.filled()
    #expect(
      try bench.show(
        "Query",
        Self.query(
          values: "':c':{'S':'c'}", ",'IndexName':'by-amount','ReturnConsumedCapacity':'INDEXES'"),
        "ConsumedCapacity")
        == "{'TableName':'sales','CapacityUnits':0.5,'Table':{'CapacityUnits':0.0},"
        + "'LocalSecondaryIndexes':{'by-amount':{'CapacityUnits':0.5}}}")
  }

  @Test("a global index may have several keys of each kind; a query names all of the first")
  func severalKeys() throws {
    var bench = Bench()
    let names = ["a", "b", "c", "d"]
    let definitions = (names + ["id"]).map { "{'AttributeName':'\($0)','AttributeType':'S'}" }
    let keys = zip(names, ["HASH", "HASH", "RANGE", "RANGE"]).map {
      "{'AttributeName':'\($0)','KeyType':'\($1)'}"
    }
    try bench.call(
      "CreateTable",
      "{'TableName':'wide','BillingMode':'PAY_PER_REQUEST',"
        + "'AttributeDefinitions':[\(definitions.joined(separator: ","))],"
        + "'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],'GlobalSecondaryIndexes':["
        + "{'IndexName':'four','KeySchema':[\(keys.joined(separator: ","))],"
        + "'Projection':{'ProjectionType':'KEYS_ONLY'}}]}")
    bench.wait(.seconds(20))
    for text in ["1xyba", "2xyab", "3xyaa", "4xzaa", "5yyaa", "6xyac"] {
      let values = zip(["id"] + names, text).map { "'\($0)':{'S':'\($1)'}" }
      try bench.call(
        "PutItem", "{'TableName':'wide','Item':{\(values.joined(separator: ","))}}")
    }
    func ids(_ condition: String, _ values: [String]) throws -> [String] {
      let given = zip([":a", ":b", ":c", ":d"], values).map { "'\($0)':{'S':'\($1)'}" }
      let answer = try bench.call(
        "Query",
        "{'TableName':'wide','IndexName':'four','KeyConditionExpression':'\(condition)',"
          + "'ExpressionAttributeValues':{\(given.joined(separator: ","))}}")
      return try (answer.at("Items")?.array ?? []).map { try $0.text("id.S") }
    }
    #expect(try ids("a = :a AND b = :b", ["x", "y"]) == ["3", "2", "6", "1"])
    #expect(try ids("a = :a AND b = :b AND c = :c", ["x", "y", "b"]) == ["1"])
    #expect(
      try ids("a = :a AND b = :b AND c = :c AND d > :d", ["x", "y", "a", "a"]) == ["2", "6"])
  }

  @Test("a count gives no items")
  func count() throws {
    var bench = try Self.filled()
    #expect(
      try bench.show("Query", Self.query(values: "':c':{'S':'c'}", ",'Select':'COUNT'"))
        == "{'Count':6,'ScannedCount':6}")
  }

  @Test("a global index gives what it projects, in its own order, its cursor with all keys")
  func globalIndex() throws {
    var bench = try Self.filled()
    let input = Self.query(
      "#s = :s", values: "':s':{'S':'odd'}",
      ",'IndexName':'by-state','ExpressionAttributeNames':{'#s':'state'},'Limit':1")
    #expect(
      try bench.show("Query", input)
        == "{'Items':[{'at':{'N':'1'},'customer':{'S':'c'},'note':{'S':'n1'},"
        + "'state':{'S':'odd'}}],'Count':1,'ScannedCount':1,'LastEvaluatedKey':"
        + "{'at':{'N':'1'},'customer':{'S':'c'},'state':{'S':'odd'}}}")
    let next =
      String(input.dropLast())
      + ",'ExclusiveStartKey':{'at':{'N':'1'},'customer':{'S':'c'},'state':{'S':'odd'}}}"
    #expect(try bench.show("Query", next, "Items.0.at") == "{'N':'3'}")
  }

  @Test("a local index orders by its own key and fetches what it lacks when asked for all")
  func localIndex() throws {
    var bench = try Self.filled()
    let index = ",'IndexName':'by-amount','Limit':1"
    let values = "':c':{'S':'c'}"
    #expect(
      try bench.show("Query", Self.query(values: values, index), "Items.0")
        == "{'amount':{'N':'54'},'at':{'N':'6'},'customer':{'S':'c'}}")
    #expect(
      try bench.show(
        "Query", Self.query(values: values, index + ",'Select':'ALL_ATTRIBUTES'"), "Items.0.note")
        == "{'S':'n6'}")
    #expect(
      try bench.show(
        "Query", Self.query(values: values, index + ",'ConsistentRead':true"), "Count") == "1")
  }

  @Test("an index holds only items that have its keys")
  func sparse() throws {
    var bench = try Self.filled()
    #expect(
      try bench.show("Scan", "{'TableName':'sales','IndexName':'by-state'}", "Count") == "6")
    #expect(try bench.show("Scan", "{'TableName':'sales'}", "Count") == "7")
    try bench.call(
      "UpdateItem",
      "{'TableName':'sales','Key':{'customer':{'S':'c'},'at':{'N':'1'}},"
        + "'UpdateExpression':'REMOVE #s','ExpressionAttributeNames':{'#s':'state'}}")
    #expect(
      try bench.show("Scan", "{'TableName':'sales','IndexName':'by-state'}", "Count") == "5")
  }

  @Test("pages of a scan and its segments each give every item once, in one stable order")
  func scan() throws {
    var bench = try Bench.withOrders()
    for number in 0..<50 { try bench.put("k\(number)", number) }
    func ids(_ input: String) throws -> [String] {
      var ids: [String] = []
      var start = ""
      repeat {
        let page = try bench.call("Scan", "{'TableName':'orders'\(input)\(start)}")
        ids += try (page.at("Items")?.array ?? []).map { try $0.text("id.S") }
        start =
          page.at("LastEvaluatedKey") == nil
          ? "" : ",'ExclusiveStartKey':" + page.show("LastEvaluatedKey")
      } while !start.isEmpty
      return ids
    }
    let whole = try ids("")
    #expect(Set(whole).count == 50)
    #expect(whole != whole.sorted())
    #expect(try ids(",'Limit':7") == whole)
    let segments = try (0..<4).map { try ids(",'Segment':\($0),'TotalSegments':4,'Limit':3") }
    #expect(segments.flatMap { $0 } == whole)
    #expect(segments.allSatisfy { !$0.isEmpty })
  }

  @Test("a page ends at 1 MB")
  func megabyte() throws {
    var bench = try Bench.withOrders()
    let value = String(repeating: "x", count: 300_000)
    for number in 0..<5 {
      try bench.call(
        "PutItem",
        "{'TableName':'orders','Item':{'id':{'S':'k\(number)'},'vv':{'S':'\(value)'}}}")
    }
    let page = try bench.call(
      "Scan", "{'TableName':'orders','Select':'COUNT','ReturnConsumedCapacity':'TOTAL'}")
    #expect(page.show("Count") == "4")
    // 4 × 300,006 bytes are 293 times 4 KB, half a unit each.
    #expect(page.show("ConsumedCapacity.CapacityUnits") == "146.5")
    let start = page.show("LastEvaluatedKey")
    #expect(
      try bench.show(
        "Scan", "{'TableName':'orders','Select':'COUNT','ExclusiveStartKey':\(start)}")
        == "{'Count':1,'ScannedCount':1}")
  }
}
