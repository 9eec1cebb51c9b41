// SPDX-License-Identifier: GPL-3.0-or-later

extension Refusals {
  static let statements: [Refusal] =
    malformed + untaken + literals + keys + updates + indexes + statementRequests

  private static let wellFormed = "Statement wasn't well formed, can't be processed: "
  private static let leftOver = wellFormed + "Unexpected token after expression"
  private static let noKey =
    "Where clause does not contain a mandatory equality on all key attributes"
  private static let type = "Incorrect operand type for operator or function; "

  private static func row(
    _ statement: String, _ error: String, _ parameters: String = "", _ more: String = "",
    line: Int = #line
  ) -> Refusal {
    Refusal(
      "ExecuteStatement", execution(statement, parameters, more), Words.validation + error,
      line: line)
  }

  /// What the grammar does not have.
  private static let malformed: [Refusal] = [
    row("SELECTT * FROMM \"orders\"", leftOver),
    row("SELECT * FROM orders WHERE id = 'a' foo", leftOver),
    row("SELECT * FROM orders WHERE n = 1 e5", leftOver),
    row("SELECT * FROM orders WHERE n = 1)", leftOver),
    row("SELECT * FROM orders ORDER BY id WHERE id = 'a'", leftOver),
    row("SELECT * FROM orders; SELECT * FROM orders", leftOver),
    row("INSERT INTO orders VALUE {'id':'x'} foo", leftOver),
    row("INSERT INTO orders t VALUE {'id':'x'}", leftOver),
    row("DELETE FROM orders WHERE id = 'a' ORDER BY id", leftOver),
    row("FROM orders SET c = 1 WHERE id = 'a'", leftOver),
    row("SLECT * FROM orders WHERE id = 'a'", wellFormed + "Expected data manipulation"),
    row("UPDATE orders WHERE id = 'a'", wellFormed + "Expected data manipulation"),
    row("SELECT * FROM orders WHERE", wellFormed + "Unexpected term"),
    row("SELECT * FROM none WHERE;", wellFormed + "Unexpected term"),
    row("SELECT * FROM orders WHERE NOT", wellFormed + "Unexpected term"),
    row("SELECT * FROM orders WHERE (", wellFormed + "Unexpected term"),
    row("SELECT * FROM", wellFormed + "Unexpected term"),
    row(
      "SELECT * FROM orders WHERE id = 'a' AND",
      wellFormed + "Missing right-hand side expression of infix operator"),
    row("SELECT * FROM orders WHERE ORDER BY id", wellFormed + "Unexpected keyword"),
    row("SELECT * FROM orders WHERE user = 'a'", wellFormed + "Unexpected keyword"),
    row("SELECT * FROM orders WHERE IS NULL", wellFormed + "Unexpected operator"),
    row("SELECT * FROM orders WHERE id = LIKE", wellFormed + "Unexpected operator"),
    row("SELECT * FROM orders WHERE x IS FOO", wellFormed + "Expected type name"),
    row("SELECT * FROM orders WHERE m.inner = 1", wellFormed + "Invalid path dot component"),
    row("DELETE FROM", wellFormed + "Expected identifier for simple path"),
    row("DELETE FROM WHERE id = 'a'", wellFormed + "Expected identifier for simple path"),
    row("UPDATE orders SET WHERE id = 'a'", wellFormed + "Expected identifier for simple path"),
    row("SELECT * FROM \"orders", wellFormed),
    row("SELECT * FROM orders WHERE n = 1 # x", wellFormed),
    row("SELECT * FROM orders WHERE n = 1 /* x", wellFormed),
    row("SELECT * FROM orders WHERE n = 1e2147483648", wellFormed),
    row("SELECT * FROM orders WHERE n = 1.5e-2147483647", wellFormed),
    row("SELECT * FROM orders WHERE " + String(repeating: "(", count: 4_000), wellFormed),
    row("SELECT * FROM orders WHERE " + String(repeating: "NOT ", count: 2_000), wellFormed),
    row(
      "SELECT * FROM orders WHERE n = " + String(repeating: "1+", count: 4_000) + "1", wellFormed),
  ]

  /// What the grammar has and the service does not take.
  private static let untaken: [Refusal] = [
    row("SELECT * FROM orders t WHERE id = 'a'", "Aliasing is not supported"),
    row("SELECT * FROM orders AS t", "Aliasing is not supported"),
    row("SELECT s AS x FROM orders", "Aliasing is not supported"),
    row("UPDATE orders t SET a = 3 WHERE id = 'a'", "Aliasing is not supported"),
    row("DELETE FROM orders t WHERE id = 'a'", "Aliasing is not supported"),
    row("SELECT * FROM orders, plain WHERE id = 'a'", "A SELECT reads one table or one index."),
    row(
      "INSERT INTO orders VALUE {'id':'x','id':'y'}",
      "A name stands twice in one map: id under root"),
    row(
      "INSERT INTO orders VALUE {'id':'x','m':{'k':1,'k':2}}",
      "A name stands twice in one map: k under root"),
    row("SELECT id FROM orders LIMIT 5", "Unsupported clause: LIMIT at 1:29:1"),
    row("SELECT s, s FROM orders", "Duplicate identifiers in select clause: s"),
    row("SELECT m.z, l.z FROM orders", "Duplicate identifiers in select clause: z"),
    row("SELECT attribute_exists(s) FROM orders", "Unexpected path component at 1:8:16"),
    row("SELECT count(*) FROM orders", "Unexpected path component at 1:8:5"),
    row("SELECT * FROM \"\" WHERE id = 'a'", "Path component cannot be an empty string"),
    row(
      "SELECT * FROM \"a\".\"b\".\"c\"",
      "A path may contain at most 2 components in the FROM clause"),
    row(
      "SELECT l[-1] FROM orders",
      "List index is not within the allowable range; index: [-1] at 1:11:1"),
    row(
      "SELECT l[2147483648] FROM orders",
      "List index is not within the allowable range; index: [2147483648] at 1:10:10"),
    row("x IS INT4", "Unsupported operation: IsType"),
    row("x IS DOUBLE PRECISION", "Unsupported operation: IsType"),
    row(
      "SELECT * FROM orders WHERE EXISTS(ss)", "Unrecognized function: exists at 1:28:6"),
    row(
      "SELECT * FROM orders WHERE\nset_add(s, <<'x'>>) = s",
      "Unrecognized function: set_add at 2:1:7"),
    row(
      "SELECT * FROM orders WHERE attribute_exists('s')",
      "Operator or function requires a document path; operator or function: attribute_exists"),
    row(
      "SELECT * FROM orders WHERE attribute_exists(s, n)",
      "Incorrect number of operands for operator or function; operator or function: "
        + "attribute_exists, number of operands: 2"),
    row(
      "SELECT * FROM orders WHERE attribute_type(l, true)",
      type + "operator or function: attribute_type, operand type: BOOL"),
    row(
      "SELECT * FROM orders WHERE n < ?", type + "operator or function: <, operand type: SS",
      "{'SS':['a']}"),
    row(
      "SELECT * FROM orders WHERE n BETWEEN ? AND ?",
      type + "operator or function: BETWEEN, operand type: BOOL", "{'BOOL':true},{'BOOL':false}"),
    row(
      "SELECT * FROM orders WHERE attribute_exists(n) > false",
      type + "operator or function: >, operand type: BOOL"),
    row(
      "SELECT * FROM orders WHERE n = 5 + 5",
      "Unsupported operator in Condition Expression. Operator: +"),
    row(
      "SELECT * FROM orders WHERE n IN [" + String(repeating: "1,", count: 100) + "1]",
      "The IN operator is provided with too many operands; number of operands: 101"),
    row(
      "SELECT * FROM orders WHERE id = ?",
      "Number of parameters in request and statement don't match."),
    row(
      "DELETE FROM orders WHERE id = 'a' RETURNING MODIFIED OLD *",
      "Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed in "
        + "DELETE statements."),
    row(
      "EXISTS(SELECT * FROM orders WHERE id = 'a' AND v = 1)",
      "EXISTS can only be used in ExecuteTransaction write requests."),
  ]

  private static let overflow =
    "Number overflow. Attempting to store a number with magnitude larger than supported range"
  private static let contains =
    "One or more parameter values were invalid: Input collection "

  private static let literals: [Refusal] = [
    row("SELECT * FROM orders WHERE n = 1e126", overflow + " under root"),
    row(
      "UPDATE orders SET a = 1e-131 WHERE id = 'a'",
      "Number underflow. Attempting to store a number with magnitude smaller than supported range "
        + "under root"),
    row(
      "SELECT * FROM orders WHERE n = 123456789012345678901234567890123456789",
      "Attempting to store more than 38 significant digits in a Number under root"),
    row("INSERT INTO orders VALUE {'id':'x','m':{'x':1e126}}", overflow + " under root.x"),
    row("INSERT INTO orders VALUE {'id':'x','l':[1, 1e126]}", overflow + " under root[1]"),
    row("INSERT INTO orders VALUE {'id':'x','s':<<>>}", "Empty bags are not supported"),
    row(
      "INSERT INTO orders VALUE {'id':'x','s':<<1, 'a'>>}",
      "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags"),
    row("SELECT * FROM orders WHERE s = <<'a','a'>>", contains + "[a, a] contains duplicates."),
    row(
      "UPDATE orders SET n = set_add(n, <<2, 2.0>>) WHERE id = 'a'",
      contains + "[2, 2.0] contains duplicates! under root"),
    row(
      "UPDATE orders SET x = [?] WHERE id = 'a'",
      "Unsupported data type: Parameter under key root[0] at 1:24:1", "{'S':'v'}"),
    row(
      "INSERT INTO orders VALUE {'id':'x','m':{'k':?}}",
      "Unsupported data type: Parameter under key root.k at 1:45:1", "{'S':'v'}"),
    row(
      "INSERT INTO orders VALUE {'id':'x','s':set_add(<<'a'>>, <<'b'>>)}",
      "Unsupported data type: set_add under key root at 1:40:7"),
    row(
      "UPDATE orders SET d = " + String(repeating: "{'a':", count: 32) + "1"
        + String(repeating: "}", count: 32) + " WHERE id = 'a'",
      "Nesting Levels have exceeded supported limits under root"
        + String(repeating: ".a", count: 32)),
    row("UPDATE orders SET WHERE", contains + "[a, a] contains duplicates.", "{'SS':['a','a']}"),
    row(
      "SELECT * FROM orders WHERE n = ?",
      "The parameter cannot be converted to a numeric value: abc", "{'N':'abc'}"),
  ]

  private static let keys: [Refusal] = [
    row("DELETE FROM orders WHERE v = 1", noKey), row("UPDATE orders SET a = 1", noKey),
    row("FROM orders WHERE v = 1 SET c = 1", noKey),
    row("DELETE FROM orders WHERE id IN ['a']", noKey),
    row("DELETE FROM orders WHERE id = 'a' OR id = 'b'", noKey),
    row(
      "UPDATE orders SET a=1 WHERE id='a' AND id='b'",
      "Multiple conditions on same key id. Only single item Update/Insert/Delete are supported"),
    row("DELETE FROM orders WHERE id = 1", "The provided key element does not match the schema"),
    row(
      "INSERT INTO orders VALUE {'v': 1}",
      "One or more parameter values were invalid: Missing the key id in the item"),
    row(
      "SELECT * FROM orders WHERE id = 1 OR id = 'a'",
      "Key attribute's data type should match its data type in table's schema: Key id"),
    row(
      "SELECT * FROM sales WHERE customer = 'a' AND \"at\" IN [1, '2']",
      "Key attribute's data type should match its data type in table's schema: Key at"),
    row("SELECT * FROM orders WHERE id IN ['a','a']", overlapping),
    row("SELECT * FROM sales WHERE customer='a' AND (\"at\" > 0 OR \"at\" < 5)", overlapping),
    row("SELECT * FROM sales WHERE customer='a' AND (\"at\" = 1 OR note='x')", overlapping),
    row(
      "SELECT * FROM sales WHERE customer='a' AND x <> '1' OR customer='a' AND \"at\"=2",
      overlapping),
    row(
      "SELECT * FROM orders WHERE id IN [" + (0..<50).map { "'\($0)'," }.joined() + "'x']",
      "Too many decomposed read operations for a given query."),
    row(
      "SELECT * FROM orders ORDER BY id",
      "Must have WHERE clause in the statement when using ORDER BY clause."),
    row(
      "SELECT * FROM sales WHERE customer = 'a' ORDER BY amount DESC",
      "Attribute amount in ORDER BY clause must be part of the primary key"),
    row(
      "SELECT * FROM sales WHERE customer > 'a' ORDER BY \"at\"",
      "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY "
        + "clause."),
    row(
      "SELECT * FROM sales WHERE customer IN ['a', 'b'] ORDER BY \"at\"",
      "Must have hash key in ORDER BY clause when more than one hash key condition specified in "
        + "WHERE clause."),
  ]

  private static let overlapping =
    "Overlapping conditions with range keys are not supported in where clause"

  private static func update(_ assignment: String, _ error: String) -> Refusal {
    row("UPDATE plain SET \(assignment) WHERE id = 'a'", error)
  }

  private static let updates: [Refusal] = [
    update(
      "t = set_add(s, <<'x'>>)",
      "The first argument to SET_ADD must equal the assignment value at 1:22:7"),
    update(
      "s = set_add(s, 'x')",
      "The second argument to SET_ADD must be a value with type SET at 1:30:1"),
    update("s = set_delete(s)", "SET_DELETE must have exactly two arguments at 1:22:10"),
    update(
      "s = set_add(s, <<'x'>>)", "An operand in the update expression has an incorrect data type"),
    update(
      "x = list_append(x, [1])",
      "The provided expression refers to an attribute that does not exist in the item"),
    update("x[0] = 1", "The document path provided in the update expression is invalid for update"),
    update("n = 'a' + 1", type + "operator or function: +, operand type: S"),
    update("n = n - null", type + "operator or function: -, operand type: NULL"),
    update(
      "id = 'b'",
      "One or more parameter values were invalid: Cannot update attribute id. This attribute is "
        + "part of the key"),
    update(
      "m.a = 1 REMOVE m",
      "Two document paths overlap with each other; must remove or rewrite one of these paths; "
        + "path one: [m, a], path two: [m]"),
  ]

  private static let from = "FROM \"sales\".\"by-state\""
  private static let unprojected =
    "One or more parameter values were invalid: Secondary index by-state does not project one or "
    + "more filter attributes: "

  private static let indexes: [Refusal] = [
    row("SELECT * FROM \"sales\".\"nope\"", "The table does not have the specified index"),
    row("SELECT * FROM \"sales\".\"sales\"", "The table does not have the specified index"),
    row(
      "SELECT * \(from) WHERE state = 'x'",
      "Strongly consistent read is not supported on Global Secondary Indexes", "",
      ",'ConsistentRead':true"),
    row(
      "SELECT alternate, note, mymap \(from)",
      "One or more parameter values were invalid: Global secondary index by-state does not "
        + "project [alternate, mymap]"),
    row("SELECT note \(from) WHERE state='x' AND amount=1", unprojected + "[amount]"),
    row(
      "SELECT note \(from) WHERE state='x' AND b=1 AND (a='2' OR note='3')", unprojected + "[a, b]"),
    row(
      "SELECT note \(from) WHERE state='x' AND (zz='1' OR aa='2' OR mm='3')",
      unprojected + "[zz, aa, mm]"),
    row(
      "SELECT note \(from) WHERE (state='b' AND u1='1') OR (state='q' AND u2='1')",
      unprojected + "[u2]"),
    row(
      "SELECT note \(from) WHERE state IN ['y', 'z'] AND NOT amount = 1", unprojected + "[amount]"),
    row(
      "SELECT customer FROM \"sales\".\"by-amount\" WHERE customer='p' AND note IS MISSING",
      "One or more parameter values were invalid: Secondary index by-amount does not project one "
        + "or more filter attributes: [note]"),
    row(
      "UPDATE \"sales\".\"by-state\" SET a=1 WHERE customer='a' AND \"at\"=1",
      "This operation is not supported on an index"),
    row(
      "INSERT INTO \"sales\".\"nope\" VALUE {'customer':'a'}",
      "FROM clause may only contain a single table name in data manipulation statements at "
        + "1:13:7"),
  ]

  private static func transaction(_ error: String, _ statements: String...) -> Refusal {
    Refusal(
      "ExecuteTransaction",
      "{'TransactStatements':[\(statements.map { execution($0) }.joined(separator: ","))]}",
      Words.validation + error)
  }

  private static let first = "Validation failed in TransactStatements[0]: "

  private static let statementRequests: [Refusal] = [
    Refusal(
      "ExecuteStatement", execution("SELECT * FROM none"),
      "ResourceNotFoundException: Requested resource not found"),
    Refusal(
      "ExecuteStatement", execution("UPDATE plain SET n = 1 WHERE id = 'zz'"),
      "ConditionalCheckFailedException: The conditional request failed"),
    Refusal(
      "ExecuteStatement",
      execution("UPDATE plain SET n = 1 WHERE id = 'zz' AND attribute_not_exists(id)"),
      "ConditionalCheckFailedException: The conditional request failed"),
    Refusal(
      "ExecuteStatement", execution("INSERT INTO plain VALUE {'id':'a'}"),
      "DuplicateItemException: Duplicate primary key exists in table"),
    row("SELECT * FROM plain", "Invalid NextToken", "", ",'NextToken':'garbage'"),
    row(
      "SELECT * FROM plain", "NextToken does not match request", "",
      ",'NextToken':'QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFbMCxudWxsXQ=='"),
    Refusal(
      "ExecuteStatement", "{'Statement':''}",
      Words.one + "'' at 'statement' failed to satisfy constraint: Member must have length greater "
        + "than or equal to 1"),
    Refusal(
      "BatchExecuteStatement", "{'Statements':[]}",
      Words.one + "'[]' at 'statements' failed to satisfy constraint: Member must have length "
        + "greater than or equal to 1"),
    Refusal(
      "BatchExecuteStatement",
      "{'Statements':[\(execution("SELECT * FROM plain WHERE id='a'")),"
        + "\(execution("DELETE FROM plain WHERE id='a'"))]}",
      Words.validation
        + "BatchExecuteStatement API does not support both read and write operations "
        + "in the same request."),
    transaction(
      "ExecuteTransaction API does not support both read and write operations in the same request.",
      "SELECT * FROM plain WHERE id='a'", "DELETE FROM plain WHERE id='a'"),
    transaction(first + wellFormed + "Unexpected term", "SELECT * FROM plain WHERE"),
    transaction(
      first + "RETURNING clause is not supported in ExecuteTransaction.",
      "UPDATE plain SET n = 2 WHERE id = 'a' RETURNING ALL NEW *"),
    transaction(
      first + "Reads on indices are not supported within transactions.",
      "SELECT * FROM \"sales\".\"by-state\" WHERE state = 'x'"),
    transaction(
      first
        + "Select statements within ExecuteTransaction must specify the primary key in the where "
        + "clause.", "SELECT * FROM plain WHERE id = 'a' AND n = 1"),
    transaction(
      first + overlapping, "SELECT * FROM sales WHERE customer IN ['a','a'] AND \"at\"=1"),
    transaction(
      first + "EXISTS() must contain a single item read with additional condition",
      "EXISTS(SELECT * FROM plain WHERE id = 'a')"),
    transaction(
      "Transaction request cannot include multiple operations on one item",
      "UPDATE plain SET n = 2 WHERE id = 'a'", "DELETE FROM plain WHERE id = 'a'"),
  ]
}
