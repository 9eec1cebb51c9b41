// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Testing

@Suite("Statements that write")
struct StatementWriteTests {
  static let orders = Result {
    var bench = try Bench.withOrders()
    try bench.call(
      "PutItem",
      """
      {'TableName':'orders','Item':{'id':{'S':'a'},'n':{'N':'5'},'s':{'S':'old'},
       'm':{'M':{'x':{'S':'y'},'z':{'N':'1'}}},'l':{'L':[{'S':'p'},{'S':'q'},{'S':'r'}]},
       'ss':{'SS':['b','c']},'ns':{'NS':['1','2']}}}
      """)
    return bench
  }

  private static let item =
    "{'id':{'S':'a'},'l':{'L':[{'S':'p'},{'S':'q'},{'S':'r'}]},"
    + "'m':{'M':{'x':{'S':'y'},'z':{'N':'1'}}},'n':{'N':'5'},'ns':{'NS':['1','2']},"
    + "'s':{'S':'old'},'ss':{'SS':['b','c']}}"

  private static let assignments: [(String, String, String)] = [
    ("SET s = 'new'", "MODIFIED NEW", "{'s':{'S':'new'}}"),
    ("SET s = 'new'", "MODIFIED OLD", "{'s':{'S':'old'}}"),
    ("SET s = 'new'", "ALL OLD", Self.item),
    ("SET fresh = 1", "MODIFIED OLD", ""),
    ("SET fresh = 1", "MODIFIED NEW", "{'fresh':{'N':'1'}}"),
    ("SET n = n + 1", "MODIFIED NEW", "{'n':{'N':'6'}}"),
    ("SET n=n-1", "MODIFIED NEW", "{'n':{'N':'4'}}"),
    ("SET n = n - - 2 SET k = 10 - n", "MODIFIED NEW", "{'k':{'N':'5'},'n':{'N':'7'}}"),
    ("SET m.x = 'v'", "MODIFIED NEW", "{'m':{'M':{'x':{'S':'v'}}}}"),
    ("SET m.x = 'v'", "MODIFIED OLD", "{'m':{'M':{'x':{'S':'y'}}}}"),
    (
      "SET m.deep = {'a': [1, <<2>>, null, false]}", "MODIFIED NEW",
      "{'m':{'M':{'deep':{'M':{'a':{'L':[{'N':'1'},{'NS':['2']},{'NULL':true},"
        + "{'BOOL':false}]}}}}}}"
    ),
    ("SET l[2] = 'y', l[0] = 'x'", "MODIFIED NEW", "{'l':{'L':[{'S':'x'},{'S':'y'}]}}"),
    ("SET l[5] = 'c'", "MODIFIED NEW", ""),
    ("SET l[3] = 'c'", "MODIFIED NEW", "{'l':{'L':[{'S':'c'}]}}"),
    ("SET l[3] = 'c'", "MODIFIED OLD", ""),
    ("REMOVE l[1]", "MODIFIED NEW", "{'l':{'L':[{'S':'r'}]}}"),
    ("REMOVE l[1]", "MODIFIED OLD", "{'l':{'L':[{'S':'q'}]}}"),
    ("REMOVE l[2]", "MODIFIED NEW", ""), ("REMOVE s", "MODIFIED NEW", ""),
    ("REMOVE s REMOVE m.x", "MODIFIED OLD", "{'m':{'M':{'x':{'S':'y'}}},'s':{'S':'old'}}"),
    (
      "SET l = list_append(l, ['s'])", "MODIFIED NEW",
      "{'l':{'L':[{'S':'p'},{'S':'q'},{'S':'r'},{'S':'s'}]}}"
    ),
    (
      "SET l = LIST_APPEND([0], l)", "MODIFIED NEW",
      "{'l':{'L':[{'N':'0'},{'S':'p'},{'S':'q'},{'S':'r'}]}}"
    ),
    ("SET ss = set_add(ss, <<'a', 'b'>>)", "MODIFIED NEW", "{'ss':{'SS':['a','b','c']}}"),
    ("SET more = SET_ADD(more, <<1, 10>>)", "MODIFIED NEW", "{'more':{'NS':['1','10']}}"),
    ("SET ns = set_delete(ns, <<2, 3>>)", "MODIFIED NEW", "{'ns':{'NS':['1']}}"),
    ("SET ns = set_delete(ns, <<1, 2>>)", "MODIFIED NEW", ""),
    ("SET none = set_delete(none, <<1>>)", "MODIFIED NEW", ""),
    ("SET s = m.x", "MODIFIED NEW", "{'s':{'S':'y'}}"),
  ]

  @Test(
    "an update changes what its assignments say and answers what RETURNING asks for",
    arguments: assignments)
  func updates(assignments: String, returning: String, answer: String) throws {
    var bench = try Self.orders.get()
    let items = try bench.execute(
      "UPDATE orders \(assignments) WHERE id = 'a' RETURNING \(returning) *")
    #expect(items.show() == "{'Items':[\(answer)]}")
    // The form that names the table first does the same.
    var other = try Self.orders.get()
    try other.execute("from \"orders\" where id = 'a' \(assignments)")
    #expect(other.cloud.fingerprint() == bench.cloud.fingerprint())
  }

  @Test("an insert writes a new item alone, of any values and parameters")
  func insert() throws {
    var bench = try Self.orders.get()
    let values = """
      {'id': 'n', 's': 'it''s', 'e': '', 'a': 1E3, 'b': -1.5e-3, 'c': 2.50, 'd': -0, 't': true,
       'u': NULL, 'l': [1, 'x', []], 'm': {'k': {}}, 'ss': <<'y', 'x'>>, 'p': ?}
      """
    let answer = try bench.execute("INSERT INTO \"orders\" VALUE \(values)", "{'B':'YWI='}")
    #expect(answer.show() == "{'Items':[]}")
    #expect(
      try bench.show("GetItem", "{'TableName':'orders','Key':{'id':{'S':'n'}}}", "Item")
        == "{'a':{'N':'1000'},'b':{'N':'-0.0015'},'c':{'N':'2.5'},'d':{'N':'0'},'e':{'S':''},"
        + "'id':{'S':'n'},'l':{'L':[{'N':'1'},{'S':'x'},{'L':[]}]},'m':{'M':{'k':{'M':{}}}},"
        + "'p':{'B':'YWI='},'s':{'S':'it's'},'ss':{'SS':['x','y']},'t':{'BOOL':true},"
        + "'u':{'NULL':true}}")
    try bench.execute("insert into orders value ?", "{'M':{'id':{'S':'whole'}}}")
    #expect(
      bench.refusal("ExecuteStatement", execution("INSERT INTO orders VALUE {'id':'n'}"))
        == "DuplicateItemException: Duplicate primary key exists in table")
  }

  @Test("a deletion needs no item, but one that is there must fulfil its conditions")
  func delete() throws {
    var bench = try Self.orders.get()
    let before = bench.cloud.fingerprint()
    #expect(try bench.execute("DELETE FROM orders WHERE id = 'zz'").show() == "{'Items':[]}")
    try bench.execute("DELETE FROM orders WHERE id = 'zz' AND n = 1 RETURNING ALL OLD *")
    let failed = "ConditionalCheckFailedException: The conditional request failed"
    #expect(
      bench.refusal("ExecuteStatement", execution("DELETE FROM orders WHERE id = 'a' AND n = 1"))
        == failed)
    #expect(bench.cloud.fingerprint() == before)
    let old = try bench.execute(
      "DELETE FROM orders WHERE (id = 'a' AND n > 4) AND NOT begins_with(s, 'x') "
        + "RETURNING ALL OLD *")
    #expect(old.show("Items") == "[\(Self.item)]")
    #expect(try bench.show("Scan", "{'TableName':'orders'}", "Count") == "0")
  }

  @Test("a failed condition shows the item where it is asked to")
  func shown() throws {
    var bench = try Self.orders.get()
    for (id, item) in [("a", Self.item), ("zz", "absent")] {
      do {
        try bench.execute(
          "UPDATE orders SET s = 'x' WHERE id = '\(id)' AND n = 1", "",
          ",'ReturnValuesOnConditionCheckFailure':'ALL_OLD'")
        Issue.record("the condition is false")
      } catch let error as ServiceError {
        #expect(error.members.show("Item") == item)
      }
    }
  }

  @Test(
    "writes consume what the same writes of single items do",
    arguments: [
      ("INSERT INTO orders VALUE {'id':'b'}", "1.0"),
      ("UPDATE orders SET s = ? WHERE id = 'a'", "3.0"),
      ("DELETE FROM orders WHERE id = 'none'", "1.0"),
    ])
  func units(statement: String, units: String) throws {
    var bench = try Self.orders.get()
    let long = statement.contains("?") ? "{'S':'\(String(repeating: "x", count: 2_500))'}" : ""
    let answer = try bench.execute(statement, long, ",'ReturnConsumedCapacity':'TOTAL'")
    #expect(
      answer.show("ConsumedCapacity") == "{'TableName':'orders','CapacityUnits':\(units)}")
  }
}

@Suite("Statements together")
struct StatementsTogetherTests {
  private static func batch(_ members: String..., more: String = "") -> String {
    "{'Statements':[\(members.joined(separator: ","))]\(more)}"
  }

  private static func transaction(_ members: String..., more: String = "") -> String {
    "{'TransactStatements':[\(members.joined(separator: ","))]\(more)}"
  }

  private static let key = "driver = 'ann' AND day = '1'"

  @Test("a batch reads each item by its key, and says of each statement what is wrong")
  func reads() throws {
    var bench = try StatementReadTests.trips.get()
    let answer = try bench.call(
      "BatchExecuteStatement",
      Self.batch(
        execution("SELECT note FROM trips WHERE \(Self.key)", "", ",'ConsistentRead':true"),
        execution("SELECT * FROM trips WHERE driver IN ['cid'] AND day = '7'"),
        execution("SELECT * FROM none WHERE id = 'a'"), execution("SLECT * FROM trips"),
        execution("SELECT * FROM trips WHERE driver = 'ann'"),
        execution("SELECT * FROM trips WHERE \(Self.key) AND note = 'fog'"),
        execution("SELECT * FROM \"trips\".\"by-city\" WHERE city = 'york'"),
        execution("SELECT * FROM trips WHERE driver = ?", "{'SS':[]}"),
        more: ",'ReturnConsumedCapacity':'TOTAL'"))
    let needsKey =
      "{'Error':{'Code':'ValidationError','Message':'Select statements within "
      + "BatchExecuteStatement must specify the primary key in the where clause.'}}"
    #expect(
      answer.show("Responses")
        == "[{'TableName':'trips','Item':{'note':{'S':'fog'}}},{'TableName':'trips'},"
        + "{'Error':{'Code':'ResourceNotFound','Message':'Requested resource not found'}},"
        + "{'Error':{'Code':'ValidationError','Message':'Statement wasn't well formed, can't be "
        + "processed: Expected data manipulation'}},\(needsKey),\(needsKey),\(needsKey),"
        + "{'Error':{'Code':'ValidationError','Message':'One or more parameter values were "
        + "invalid: An string set  may not be empty'}}]")
    #expect(
      answer.show("ConsumedCapacity") == "[{'TableName':'trips','CapacityUnits':1.5}]")
  }

  @Test("a batch writes each item by itself")
  func writes() throws {
    var bench = try StatementReadTests.trips.get()
    let answer = try bench.call(
      "BatchExecuteStatement",
      Self.batch(
        execution("INSERT INTO trips VALUE {'driver':'dan','day':'1'}"),
        execution("INSERT INTO trips VALUE {'driver':'dan','day':'1'}"),
        execution("UPDATE trips SET n = 1 WHERE \(Self.key) RETURNING MODIFIED NEW *"),
        execution("UPDATE trips REMOVE n WHERE \(Self.key) RETURNING MODIFIED NEW *"),
        execution(
          "DELETE FROM trips WHERE \(Self.key) AND note = 'ice'", "",
          ",'ReturnValuesOnConditionCheckFailure':'ALL_OLD'"),
        execution("UPDATE trips SET n = 1 WHERE driver = 'ann'"),
        execution("EXISTS(SELECT * FROM trips WHERE \(Self.key) AND note = 'fog')"),
        execution("DELETE FROM trips WHERE \(Self.key) RETURNING ALL NEW *")))
    #expect(
      answer.show("Responses")
        == "[{'TableName':'trips'},{'Error':{'Code':'DuplicateItem','Message':'Duplicate primary "
        + "key exists in table'},'TableName':'trips'},"
        + "{'TableName':'trips','Item':{'n':{'N':'1'}}},{'TableName':'trips'},"
        + "{'Error':{'Code':'ConditionalCheckFailed','Message':'The conditional request failed',"
        + "'Item':{'city':{'S':'york'},'day':{'S':'1'},'driver':{'S':'ann'},'note':{'S':'fog'},"
        + "'toll':{'N':'5'}}},'TableName':'trips'},"
        + "{'Error':{'Code':'ValidationError','Message':'Where clause does not contain a mandatory "
        + "equality on all key attributes'}},{'Error':{'Code':'ValidationError','Message':"
        + "'EXISTS can only be used in ExecuteTransaction write requests.'}},"
        + "{'Error':{'Code':'ValidationError','Message':'Invalid returning clause: RETURNING ALL "
        + "NEW *. Only RETURNING ALL OLD * is allowed in DELETE statements.'}}]")
    #expect(answer.at("ConsumedCapacity") == nil)
  }

  @Test("a transaction reads items by their keys")
  func transactedReads() throws {
    var bench = try StatementReadTests.trips.get()
    let answer = try bench.call(
      "ExecuteTransaction",
      Self.transaction(
        execution("SELECT note FROM trips WHERE (day = '1') AND driver = 'ann' AND day = '1'"),
        execution("SELECT * FROM trips WHERE driver IN ['cid'] AND day IN ['7']"),
        more: ",'ReturnConsumedCapacity':'TOTAL'"))
    #expect(answer.show("Responses") == "[{'Item':{'note':{'S':'fog'}}},{}]")
    #expect(
      answer.show("ConsumedCapacity")
        == "[{'TableName':'trips','CapacityUnits':4.0,'ReadCapacityUnits':4.0}]")
  }

  @Test("a transaction writes all or nothing, and once for a token")
  func transactedWrites() throws {
    var bench = try StatementReadTests.trips.get()
    let input = Self.transaction(
      execution("INSERT INTO trips VALUE {'driver':'eve','day':'1'}"),
      execution("UPDATE trips SET toll = toll + 1 WHERE \(Self.key)"),
      execution("DELETE FROM trips WHERE driver = 'bob' AND day = '1'"),
      execution("EXISTS(SELECT * FROM trips WHERE driver='cid' AND day='1' AND note IS MISSING)"),
      more: ",'ClientRequestToken':'t','ReturnConsumedCapacity':'TOTAL'")
    let answer = try bench.call("ExecuteTransaction", input)
    #expect(answer.show("Responses") == "[]")
    #expect(answer.at("ConsumedCapacity.0.WriteCapacityUnits") != nil)
    #expect(try bench.trips("SELECT * FROM trips WHERE driver IN ['bob','eve']") == "bob2 eve1")
    let after = bench.cloud.fingerprint()
    let again = try bench.call("ExecuteTransaction", input)
    #expect(again.at("ConsumedCapacity.0.ReadCapacityUnits")?.number == 8)
    #expect(bench.cloud.fingerprint() == after)
    let other = Self.transaction(
      execution("DELETE FROM trips WHERE \(Self.key)"), more: ",'ClientRequestToken':'t'")
    #expect(
      bench.refusal("ExecuteTransaction", other).hasPrefix("IdempotentParameterMismatchException"))
    #expect(
      try bench.execute("SELECT toll FROM trips WHERE \(Self.key)").show("Items")
        == "[{'toll':{'N':'6'}}]")
  }

  private static let threeMismatches: String =
    String(
      repeating: "ValidationError: The provided key element does not match the schema, ", count: 3)
    + "None"

  private static let reasons: [([String], String)] = [
    (
      [
        "INSERT INTO trips VALUE {'driver':'ann','day':'1'}",
        "DELETE FROM trips WHERE driver='q' AND day='1'",
      ],
      "DuplicateItem: Duplicate primary key exists in table, None"
    ),
    (
      ["UPDATE trips SET n=1 WHERE driver='q' AND day='1'"],
      "ConditionalCheckFailed: The conditional request failed"
    ),
    (
      [
        "EXISTS(SELECT * FROM trips WHERE driver='ann' AND day='1' AND note IS MISSING)",
        "UPDATE trips SET n=1 WHERE driver='ann' AND day='2'",
      ], "ConditionalCheckFailed: The conditional request failed, None"
    ),
    (
      [
        "EXISTS(SELECT * FROM trips WHERE driver='ann' AND day='1' AND driver='bob' AND note='fog')"
      ], "ConditionalCheckFailed: The conditional request failed"
    ),
    (
      [
        "UPDATE trips SET n=1 WHERE driver='ann'",
        "UPDATE trips SET n=1 WHERE driver IN ['ann'] AND day='1'",
        "UPDATE trips SET n=1 WHERE driver='ann' AND day=1",
        "UPDATE trips SET n=1 WHERE driver='ann' AND day='2'",
      ],
      Self.threeMismatches
    ),
    (
      ["INSERT INTO trips VALUE {'driver':'x'}"],
      "ValidationError: One or more parameter values were invalid: Missing the key day in the item"
    ),
    (
      [
        "UPDATE nope SET n=1 WHERE driver='ann' RETURNING ALL NEW *",
        "UPDATE trips SET n=1 WHERE driver='ann' AND day='2'",
      ],
      "ResourceNotFound: Requested resource not found, None"
    ),
    (
      [
        "SELECT * FROM trips WHERE driver='ann' AND day='1'",
        "SELECT * FROM \"nope\".\"idx\" WHERE driver='ann'",
      ],
      "None, ResourceNotFound: Requested resource not found"
    ),
    (
      [
        "SELECT * FROM trips WHERE driver='ann' AND day='1'",
        "SELECT * FROM trips WHERE driver='ann' AND day='1'",
        "SELECT * FROM trips WHERE driver=1 AND day='1'",
      ], "None, None, ValidationError: The provided key element does not match the schema"
    ),
    (
      ["UPDATE trips SET tags = set_add(tags, <<1>>) WHERE driver='ann' AND day='3'"],
      "ValidationError: An operand in the update expression has an incorrect data type"
    ),
  ]

  @Test("a cancelled transaction gives the reason of each statement", arguments: reasons)
  func cancellations(statements: [String], reasons: String) throws {
    var bench = try StatementReadTests.trips.get()
    let before = bench.cloud.fingerprint()
    let input =
      "{'TransactStatements':[\(statements.map { execution($0) }.joined(separator: ","))]}"
    do {
      _ = try bench.call("ExecuteTransaction", input)
      Issue.record("a reason cancels the transaction")
    } catch let error as ServiceError {
      let given = (error.members.at("CancellationReasons")?.array ?? []).map { reason in
        let message = reason.at("Message")?.string.map { ": \($0)" } ?? ""
        return "\(reason.at("Code")?.string ?? "")\(message)"
      }
      #expect(given.joined(separator: ", ") == reasons, "\(error.code) \(error.message)")
    }
    #expect(bench.cloud.fingerprint() == before)
  }

  @Test("what reads alone is no change, whatever the operation could do")
  func readOnly() throws {
    let select = "{'Statement':' -- why\\nselect * FROM orders'}"
    let delete = execution("DELETE FROM orders WHERE id = 'a'")
    for (operation, input, isReadOnly) in [
      ("ExecuteStatement", select, true), ("ExecuteStatement", delete, false),
      ("BatchExecuteStatement", "{'Statements':[\(select),\(select)]}", true),
      ("BatchExecuteStatement", "{'Statements':[\(select),\(delete)]}", false),
      ("ExecuteTransaction", "{'TransactStatements':[\(select)]}", true),
      ("ExecuteTransaction", "{'TransactStatements':[\(delete)]}", false),
      ("ExecuteStatement", execution("EXISTS(SELECT * FROM orders WHERE id='a')"), false),
    ] {
      let request = ServiceRequest(
        service: "dynamodb", operation: operation, input: try json(input),
        caller: Bench().caller)
      #expect(Cloud.isReadOnly(request) == isReadOnly, "\(operation) \(input)")
    }
  }
}
