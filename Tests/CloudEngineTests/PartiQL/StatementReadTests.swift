// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Statements that read")
struct StatementReadTests {
  static let trips = Result { try Bench.withTrips() }

  /// A WHERE clause and the items it finds; scans find them in an order of their own, so all are sorted.
  struct Found: Sendable {
    let clause: String
    let items: String
    var parameters = ""
    init(_ clause: String, _ items: String, _ parameters: String = "") {
      (self.clause, self.items, self.parameters) = (clause, items, parameters)
    }
  }

  static let clauses: [Found] = [
    Found("driver = 'ann' AND day = '1'", "ann1"),
    Found("day = '1' AND 'ann' = driver", "ann1"),
    Found("driver = ? AND day = ?", "ann1", "{'S':'ann'},{'S':'1'}"),
    Found("driver = 'ann'", "ann1 ann2 ann3"),
    Found("driver = 'nobody'", ""),
    Found("driver = 'ann' AND day > '1'", "ann2 ann3"),
    Found("driver = 'ann' AND day >= '1' AND day < '3'", "ann1 ann2"),
    Found("driver = 'ann' AND day = '1' AND day > '0'", "ann1"),
    Found("driver = 'ann' AND day = '1' AND day > '1'", ""),
    Found("driver = 'ann' AND day <> '1'", "ann2 ann3"),
    Found("driver = 'ann' AND day != '1'", "ann2 ann3"),
    Found("driver = 'ann' AND NOT day = '1'", "ann2 ann3"),
    Found("driver = 'ann' AND day BETWEEN '2' AND '3'", "ann2 ann3"),
    Found("driver = 'ann' AND day NOT BETWEEN '2' AND '3'", "ann1"),
    Found("driver = 'ann' AND begins_with(day, '2')", "ann2"),
    Found("driver = 'ann' AND BEGINS_WITH(\"day\", '2')", "ann2"),
    Found("driver = 'ann' AND day IN ['1', '3']", "ann1 ann3"),
    Found("driver = 'ann' AND day IN ('1', '3')", "ann1 ann3"),
    Found("driver = 'ann' AND day IN [?, ?]", "ann1 ann2", "{'S':'2'},{'S':'1'}"),
    Found("driver IN ['ann', 'cid'] AND day = '1'", "ann1 cid1"),
    Found("driver = 'ann' AND day = '1' OR driver = 'bob' AND day = '2'", "ann1 bob2"),
    Found("driver = 'ann' AND NOT day = '1' OR driver = 'ann' AND day = '2'", "ann2 ann3"),
    Found("driver = 'ann' OR driver = 'ann' AND NOT day = '1'", "ann1 ann2 ann3"),
    Found("(driver = 'ann' OR driver = 'bob') AND day = '1'", "ann1 bob1"),
    Found("driver = 'ann' OR toll = 7", "ann1 ann2 ann3 bob1"),
    Found("driver = 'ann' AND (driver = 'bob' OR toll = 3)", "ann2"),
    Found("driver > 'ann' AND day = '1'", "bob1 cid1"),
    Found("driver > 1", ""),
    Found("toll = 5", "ann1"), Found("toll = 5.0", "ann1"), Found("toll = .5e1", "ann1"),
    Found("toll = 50E-1", "ann1"), Found("toll = - - 5", "ann1"),
    Found("toll > -5", "ann1 ann2 bob1"),
    Found("toll BETWEEN - 2 AND +5", "ann1 ann2"),
    Found("toll < '5'", ""), Found("toll IN [3, 7]", "ann2 bob1"),
    Found("driver = 'ann' AND note IS MISSING", "ann2 ann3"),
    Found("driver = 'ann' AND note IS NOT MISSING", "ann1"),
    Found("driver = 'ann' AND gone IS NULL", "ann3"),
    Found("driver = 'ann' AND gone IS NOT NULL", "ann1 ann2"),
    Found("driver = 'ann' AND free IS BOOL", "ann2"), Found("note IS STRING", "ann1 bob1 cid9"),
    Found("toll IS NUMERIC AND driver = 'bob'", "bob1"), Found("car IS STRUCT", "cid1"),
    Found("attribute_exists(tags)", "ann3"), Found("Attribute_Not_Exists(day)", ""),
    Found("driver = 'ann' AND NOT attribute_exists(toll)", "ann3"),
    Found("contains(tags, 'a')", "ann3"), Found("contains(note, 'c')", "bob1"),
    Found("size(tags) = 2", "ann3"), Found("size(stops) > 2", ""), Found("SIZE(stops)=2", "bob2"),
    Found("attribute_type(toll, 'N') AND driver = 'bob'", "bob1"),
    Found("tags = <<'b', 'a'>>", "ann3"), Found("tags <> <<'b'>> AND tags IS NOT MISSING", "ann3"),
    Found("tags = ?", "ann3", "{'SS':['b','a']}"),
    Found("car = {'kw': 55, 'make': 'vw'}", "cid1"), Found("car.make = 'vw'", "cid1"),
    Found("\"car\".\"kw\" > 54", "cid1"), Found("stops[1].place = 'y'", "bob2"),
    Found("stops[0] = {'place':'x'}", "bob2"), Found("car['make'] = 'vw'", "cid1"),
    Found("free = TRUE", "ann2"), Found("gone = null", "ann3"),
    Found("quoted = 'it''s'", "cid9"), Found("note = 'it’s'", "cid9"),
    Found("attribute_exists(tags) = true", "ann3"),
    Found("driver = 'ann' AND attribute_exists(tags) = false", "ann1 ann2"),
    Found("true = attribute_exists(tags)", "ann3"),
    Found("driver = 'ann' AND attribute_exists(tags) <> 1", "ann1 ann2 ann3"),
    Found("driver = 'ann' AND contains(tags, 'z') = false", "ann1 ann2 ann3"),
    Found("driver = 'ann' AND (toll BETWEEN 4 AND 5) = true", "ann1"),
    Found("driver = 'ann' AND NOT attribute_exists(tags) = true", "ann1 ann2"),
    Found("driver = 'ann' AND (attribute_exists(tags) = true) = false", "ann1 ann2"),
    Found("driver = 'ann' AND attribute_exists(tags) IN [true]", "ann3"),
    Found("driver = 'ann' AND attribute_exists(toll) = attribute_exists(city)", "ann1 ann2 ann3"),
    Found("driver = 'ann' AND attribute_exists(free) = free", "ann2"),
    Found("driver = 'ann' -- the first\nAND /* of */ day='1';", "ann1"),
  ]

  @Test("a clause finds what it says, by key or not", arguments: clauses)
  func clause(_ row: Found) throws {
    var bench = try Self.trips.get()
    let found = try bench.trips("SELECT * FROM trips WHERE \(row.clause)", row.parameters)
    let sorted = found.split(separator: " ").sorted().joined(separator: " ")
    #expect(sorted == row.items, "\(row.clause)")
  }

  @Test(
    "ranges are read in the order of their keys, or as ORDER BY says",
    arguments: [
      ("driver = 'ann'", "ann1 ann2 ann3"),
      ("driver IN ['bob', 'ann']", "ann1 ann2 ann3 bob1 bob2"),
      ("driver = 'ann' AND day IN ['3', '1']", "ann1 ann3"),
      ("driver = 'ann' ORDER BY day", "ann1 ann2 ann3"),
      ("driver = 'ann' ORDER BY day ASC", "ann1 ann2 ann3"),
      ("driver = 'ann' ORDER BY day DESC", "ann3 ann2 ann1"),
      ("driver = 'ann' ORDER BY driver ASC", "ann3 ann2 ann1"),
      ("driver IN ['ann', 'bob'] ORDER BY driver DESC", "bob2 bob1 ann3 ann2 ann1"),
      ("driver IN ['ann', 'bob'] ORDER BY driver DESC, day ASC", "bob1 bob2 ann1 ann2 ann3"),
      ("driver = 'ann' AND day IN ['3', '1'] ORDER BY day DESC", "ann3 ann1"),
    ])
  func order(clause: String, items: String) throws {
    var bench = try Self.trips.get()
    #expect(try bench.trips("SELECT * FROM \"trips\" WHERE \(clause)") == items)
  }

  @Test(
    "columns are named by the last step of their paths, and absent ones are left out",
    arguments: [
      ("driver, note", "'bob' AND day = '1'", "{'driver':{'S':'bob'},'note':{'S':'ice'}}"),
      ("\"car\".make, kw", "'cid' AND day = '1'", "{'make':{'S':'vw'}}"),
      (
        "stops[1].place, stops[0]", "'bob' AND day = '2'",
        "{'place':{'S':'y'},'stops[0]':{'M':{'place':{'S':'x'}}}}"
      ),
      ("stops[-0]", "'bob' AND day = '2'", "{'stops[0]':{'M':{'place':{'S':'x'}}}}"),
      ("nope", "'bob' AND day = '2'", "{}"),
    ])
  func columns(columns: String, clause: String, item: String) throws {
    var bench = try Self.trips.get()
    let answer = try bench.execute("SELECT \(columns) FROM trips WHERE driver = \(clause)")
    #expect(answer.show("Items") == "[\(item)]")
  }

  @Test("an index is read for what it holds; a local one fetches the rest from its table")
  func indexes() throws {
    var bench = try Self.trips.get()
    let city = "FROM \"trips\".\"by-city\""
    #expect(
      try bench.execute("SELECT * \(city) WHERE city = 'bath'").show("Items")
        == "[{'city':{'S':'bath'},'day':{'S':'2'},'driver':{'S':'ann'}}]")
    #expect(try bench.trips("SELECT driver, day \(city) WHERE note = 'ice'") == "bob1")
    #expect(try bench.trips("SELECT * \(city) WHERE NOT toll = 5 AND driver='ann'") != "")
    let toll = "FROM \"trips\".\"by-toll\" WHERE driver = 'ann'"
    #expect(try bench.trips("SELECT * \(toll)") == "ann2 ann1")
    #expect(try bench.trips("SELECT * \(toll) ORDER BY toll DESC") == "ann1 ann2")
    let fetched = try bench.execute(
      "SELECT note, toll \(toll)", "", ",'ReturnConsumedCapacity':'INDEXES'")
    #expect(
      fetched.show("Items") == "[{'toll':{'N':'3'}},{'note':{'S':'fog'},'toll':{'N':'5'}}]")
    #expect(
      fetched.show("ConsumedCapacity")
        == "{'TableName':'trips','CapacityUnits':1.5,'Table':{'CapacityUnits':1.0},"
        + "'LocalSecondaryIndexes':{'by-toll':{'CapacityUnits':0.5}}}")
    let held = try bench.execute(
      "SELECT toll \(toll)", "", ",'ReturnConsumedCapacity':'INDEXES','ConsistentRead':true")
    #expect(
      held.show("ConsumedCapacity")
        == "{'TableName':'trips','CapacityUnits':1.0,'Table':{'CapacityUnits':0.0},"
        + "'LocalSecondaryIndexes':{'by-toll':{'CapacityUnits':1.0}}}")
  }

  @Test(
    "units are those of the reads a statement comes to",
    arguments: [
      ("driver = 'ann' AND day = '1'", 0.5), ("driver = 'ann' AND day = '8'", 0.5),
      ("driver = 'ann'", 0.5), ("driver IN ['ann', 'bob', 'cid']", 1.5), ("toll = 5", 0.5),
      ("driver = 'ann' AND day IN ['1', '2']", 1),
    ])
  func units(clause: String, units: Double) throws {
    var bench = try Self.trips.get()
    for (isConsistent, factor) in [(false, 1.0), (true, 2.0)] {
      let answer = try bench.execute(
        "SELECT * FROM trips WHERE \(clause)", "",
        ",'ReturnConsumedCapacity':'TOTAL','ConsistentRead':\(isConsistent)")
      #expect(answer.at("ConsumedCapacity.CapacityUnits")?.number == units * factor)
    }
  }

  @Test(
    "pages of any size are together what one page is",
    arguments: [
      "SELECT * FROM trips", "SELECT * FROM trips WHERE toll > 1",
      "SELECT * FROM trips WHERE driver IN ['cid', 'ann', 'bob'] ORDER BY driver, day DESC",
      "SELECT * FROM trips WHERE driver = 'ann' AND day IN ['1','2','3']",
      "SELECT driver, day FROM \"trips\".\"by-city\" WHERE city IN ['york', 'bath']",
    ])
  func pages(statement: String) throws {
    var bench = try Self.trips.get()
    let whole = try bench.trips(statement)
    for limit in 1...8 {
      var found: [String] = []
      var token: String?
      var count = 0
      repeat {
        let next = token.map { ",'NextToken':'\($0)'" } ?? ""
        let page = try bench.execute(statement, "", ",'Limit':\(limit)\(next)")
        #expect((page.at("Items")?.array ?? []).count <= limit)
        token = page.at("NextToken")?.string
        #expect((page.at("LastEvaluatedKey") == nil) == (token == nil))
        // A page's token is good in another process: the bench is left as it was found.
        found += (page.at("Items")?.array ?? []).map {
          "\($0.at("driver.S")?.string ?? "")\($0.at("day.S")?.string ?? "")"
        }
        count += 1
      } while token != nil && count < 20
      #expect(found.joined(separator: " ") == whole, "limit \(limit)")
    }
  }

  @Test("a page reads ten ranges, and a whole key is no page")
  func tenRanges() throws {
    var bench = try Self.trips.get()
    let drivers = (0..<11).map { "'d\($0)'" }.joined(separator: ",")
    let first = try bench.execute("SELECT * FROM trips WHERE driver IN [\(drivers), 'ann']")
    #expect(first.show("Items") != "[]" && first.at("LastEvaluatedKey") == nil)
    let token = try first.text("NextToken")
    let second = try bench.execute(
      "SELECT * FROM trips WHERE driver IN [\(drivers), 'ann']", "", ",'NextToken':'\(token)'")
    #expect(second.at("NextToken") == nil)
    let item = try bench.execute(
      "SELECT * FROM trips WHERE driver = 'ann' AND day = '1'", "", ",'Limit':1")
    #expect(item.at("NextToken") == nil)
  }
}

@Suite("Statements and the operations on items")
struct StatementEqualityTests {
  @Test(
    "statements do what the operations on items do, whatever the items",
    arguments: [1, 2, 3] as [UInt64])
  func equality(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var statements = try StatementReadTests.trips.get()
    var operations = statements
    for _ in 0..<60 {
      let driver = ["ann", "bob", "cid"][Int(random.next() % 3)]
      let (day, toll) = (random.next() % 6, random.next() % 9)
      let key = "'driver':{'S':'\(driver)'},'day':{'S':'\(day)'}"
      let clause = "driver = '\(driver)' AND day = '\(day)'"
      let there = ",'ExpressionAttributeValues':{':t':{'N':'\(toll)'}}"
      switch random.next() % 5 {
      case 0:
        let inserted = statements.refusal(
          "ExecuteStatement",
          execution("INSERT INTO trips VALUE {'driver':'\(driver)','day':'\(day)','toll':\(toll)}"))
        let put = operations.refusal(
          "PutItem",
          "{'TableName':'trips','Item':{\(key),'toll':{'N':'\(toll)'}},"
            + "'ConditionExpression':'attribute_not_exists(driver)'}")
        #expect(inserted.hasPrefix("accepted") == put.hasPrefix("accepted"))
      case 1:
        let updated = statements.refusal(
          "ExecuteStatement",
          execution(
            "UPDATE trips SET toll = toll + \(toll) REMOVE note WHERE \(clause) AND toll <= \(toll)"
          ))
        let other = operations.refusal(
          "UpdateItem",
          "{'TableName':'trips','Key':{\(key)},'UpdateExpression':'SET toll = toll + :t REMOVE note',"
            + "'ConditionExpression':'toll <= :t'\(there)}")
        #expect(updated.hasPrefix("accepted") == other.hasPrefix("accepted"))
      case 2:
        let gone = try statements.execute(
          "DELETE FROM trips WHERE \(clause) RETURNING ALL OLD *")
        let deleted = try operations.call(
          "DeleteItem", "{'TableName':'trips','Key':{\(key)},'ReturnValues':'ALL_OLD'}")
        #expect((gone.at("Items")?.array ?? []).first == deleted.at("Attributes"))
      case 3:
        let found = try statements.execute(
          "SELECT * FROM trips WHERE driver = '\(driver)' AND day >= '\(day)' AND toll > \(toll)")
        let queried = try operations.call(
          "Query",
          "{'TableName':'trips','KeyConditionExpression':'driver = :d AND #d >= :y',"
            + "'FilterExpression':'toll > :t','ExpressionAttributeNames':{'#d':'day'},"
            + "'ExpressionAttributeValues':{':d':{'S':'\(driver)'},':y':{'S':'\(day)'},"
            + "':t':{'N':'\(toll)'}}}")
        #expect(found.at("Items") == queried.at("Items"))
      default:
        let found = try statements.execute("SELECT * FROM trips WHERE NOT toll < \(toll)")
        let scanned = try operations.call(
          "Scan", "{'TableName':'trips','FilterExpression':'NOT toll < :t'\(there)}")
        #expect(found.at("Items") == scanned.at("Items"))
      }
      statements.wait(.seconds(1))
      operations.wait(.seconds(1))
    }
    #expect(statements.cloud.fingerprint() == operations.cloud.fingerprint())
  }
}
