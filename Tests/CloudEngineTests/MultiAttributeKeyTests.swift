// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Indexes whose keys have several attributes")
struct MultiAttributeKeyTests {
  private static func element(_ name: String, _ type: String) -> String {
    "{'AttributeName':'\(name)','KeyType':'\(type)'}"
  }

  private static func index(_ name: String, hash: String, range: String) -> String {
    let keys =
      hash.map { element(String($0), "HASH") } + range.map { element(String($0), "RANGE") }
    return "{'IndexName':'\(name)','KeySchema':[\(keys.joined(separator: ","))],"
      + "'Projection':{'ProjectionType':'KEYS_ONLY'}}"
  }

  private static func creation(_ indexes: String, _ letters: String = "pabcdhi") -> String {
    let definitions = letters.map {
      "{'AttributeName':'\($0)','AttributeType':'\($0 == "i" ? "N" : "S")'}"
    }
    return "{'TableName':'plenty','BillingMode':'PAY_PER_REQUEST','AttributeDefinitions':"
      + "[\(definitions.joined(separator: ","))],'KeySchema':[\(element("p", "HASH"))],"
      + "'GlobalSecondaryIndexes':[\(indexes)]}"
  }

  /// Items `p1` to `p6` with the attributes h, a, b, c, d in this order; `-` stands for none.
  private static let items = [
    "o T live b r1", "o T live a r2", "o T live a r1", "o T draft c r1", "o F live a r0",
    "o T live - r1",
  ]

  private static func filled() throws -> Bench {
    var bench = Bench()
    try bench.call(
      "CreateTable",
      creation(
        index("sorted", hash: "h", range: "abcd") + "," + index("pair", hash: "hi", range: "")
      ))
    bench.wait(.seconds(30))
    for (number, item) in items.enumerated() {
      let values = zip("habcd", item.split(separator: " ")).filter { $0.1 != "-" }
        .map { "'\($0.0)':{'S':'\($0.1)'}" }
      try bench.call(
        "PutItem",
        "{'TableName':'plenty','Item':{'p':{'S':'p\(number + 1)'},'i':{'N':'\(number % 2)'},"
          + "\(values.joined(separator: ","))}}")
    }
    return bench
  }

  private static let values = [
    "h": "o", "a": "T", "b": "live", "c": "a", "d": "r", "x": "r1",
  ]

  private static func query(
    _ condition: String, of index: String = "sorted", table: String = "plenty", _ more: String = ""
  ) -> String {
    let used = values.filter { condition.contains(":\($0.key)") }.sorted { $0.key < $1.key }
      .map { "':\($0.key)':{'S':'\($0.value)'}" }
    return "{'TableName':'\(table)','IndexName':'\(index)','KeyConditionExpression':'\(condition)',"
      + "'ExpressionAttributeValues':{\(used.joined(separator: ","))}\(more)}"
  }

  private func numbers(_ answer: Document) throws -> String {
    try #require(answer["Items"]?.array).map { String(try $0.text("p.S").dropFirst()) }.joined()
  }

  @Test(
    "a query names sort attributes from the left, in whatever order it is written",
    arguments: [
      ("h = :h", "54321"), ("h = :h AND a = :a", "4321"), ("h = :h AND a = :a AND b = :b", "321"),
      ("h = :h AND a = :a AND b = :b AND c = :c", "32"),
      ("h = :h AND a = :a AND b = :b AND c > :c", "1"),
      ("h = :h AND a = :a AND b = :b AND c = :c AND begins_with(d, :d)", "32"),
      ("h = :h AND a = :a AND b = :b AND c = :c AND d BETWEEN :x AND :x", "3"),
      ("h = :h AND a = :a AND b < :b", "4"), ("b = :b AND h = :h AND a = :a", "321"),
    ])
  func queries(condition: String, found: String) throws {
    var bench = try Self.filled()
    #expect(try numbers(try bench.call("Query", Self.query(condition))) == found)
    let reversed = try bench.call(
      "Query", Self.query(condition, ",'ScanIndexForward':false"))
    #expect(try numbers(reversed) == String(found.reversed()))
  }

  @Test(
    "a condition behind one that is no equality, or behind none, is refused",
    arguments: [
      ("h = :h AND a = :a AND c = :c", "b", "c"),
      ("h = :h AND a = :a AND b > :b AND c = :c", "b", "c"), ("h = :h AND b = :b", "a", "b"),
    ])
  func gaps(condition: String, lacking: String, named: String) throws {
    var bench = try Self.filled()
    #expect(
      bench.refusal("Query", Self.query(condition))
        == Words.validation + "RANGE key attributes \(lacking) must have equality conditions "
        + "specified in the query because a condition is present on key attribute \(named)")
  }

  @Test("all partition attributes are asked for, and a page ends with all keys")
  func pages() throws {
    var bench = try Self.filled()
    let page = try bench.call("Query", Self.query("h = :h AND a = :a", ",'Limit':2"))
    #expect(try numbers(page) == "43")
    let last = page.show("LastEvaluatedKey")
    #expect(
      last == "{'a':{'S':'T'},'b':{'S':'live'},'c':{'S':'a'},'d':{'S':'r1'},'h':{'S':'o'},"
        + "'p':{'S':'p3'}}")
    let rest = try bench.call(
      "Query", Self.query("h = :h AND a = :a", ",'ExclusiveStartKey':\(last)"))
    #expect(try numbers(rest) == "21")
    #expect(
      bench.refusal("Query", Self.query("h = :h", of: "pair"))
        == Words.validation + "Query condition missed key schema element: i")
    // The index is sparse: the item without `c` is in one of the two alone.
    let all = try bench.call("Scan", "{'TableName':'plenty','IndexName':'sorted'}")
    #expect(all.show("Count") == "5")
    #expect(try bench.show("Scan", "{'TableName':'plenty','IndexName':'pair'}", "Count") == "6")
  }

  @Test("KeyConditions take as many attributes, and two partition attributes make one partition")
  func older() throws {
    var bench = try Self.filled()
    func equal(_ name: String, _ value: String) -> String {
      "'\(name)':{'ComparisonOperator':'EQ','AttributeValueList':[\(value)]}"
    }
    let three = [equal("h", "{'S':'o'}"), equal("a", "{'S':'T'}"), equal("b", "{'S':'live'}")]
    let sorted = try bench.call(
      "Query",
      "{'TableName':'plenty','IndexName':'sorted','KeyConditions':"
        + "{\(three.joined(separator: ","))}}")
    #expect(try numbers(sorted) == "321")
    let pair = try bench.call(
      "Query",
      "{'TableName':'plenty','IndexName':'pair','KeyConditions':"
        + "{\(equal("h", "{'S':'o'}")),\(equal("i", "{'N':'1'}"))}}")
    #expect(String(try numbers(pair).sorted()) == "246")
  }

  @Test("a backup brings the keys back")
  func restored() throws {
    var bench = try Self.filled()
    let path = "Table.GlobalSecondaryIndexes.0.KeySchema"
    let schema = try bench.show("DescribeTable", "{'TableName':'plenty'}", path)
    bench.wait(.minutes(1))
    let backup = try bench.call("CreateBackup", "{'TableName':'plenty','BackupName':'all'}")
    bench.wait(.minutes(1))
    try bench.call(
      "RestoreTableFromBackup",
      "{'TargetTableName':'again','BackupArn':'\(try backup.text("BackupDetails.BackupArn"))'}")
    bench.wait(.minutes(20))
    #expect(try bench.show("DescribeTable", "{'TableName':'again'}", path) == schema)
    let found = try bench.call(
      "Query", Self.query("h = :h AND a = :a AND b < :b", table: "again"))
    #expect(try numbers(found) == "4")
  }

  @Test(
    "a key has one to four attributes of either kind, partition ones first, each once",
    arguments: [
      ("h", "", true), ("hi", "", true), ("abcd", "", true), ("h", "abcd", true),
      ("abhi", "cd", true), ("abcdh", "", false), ("h", "abcdi", false), ("hh", "", false),
      ("ha", "a", false), ("", "ha", false),
    ])
  func creation(hash: String, range: String, isMade: Bool) throws {
    var bench = Bench()
    let letters = String(Set("p" + hash + range).sorted())
    let answer = bench.refusal(
      "CreateTable", Self.creation(Self.index("many", hash: hash, range: range), letters))
    #expect(answer.hasPrefix("accepted") == isMade, "\(answer)")
    #expect(isMade || answer.hasPrefix("ValidationException"), "\(answer)")
  }
}
