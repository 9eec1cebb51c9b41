// SPDX-License-Identifier: GPL-3.0-or-later

/// What the service refuses about queries and scans.
extension Refusals {
  private static func query(
    _ condition: String, _ values: String, of table: String = "sales", _ more: String = ""
  ) -> String {
    "{'TableName':'\(table)','KeyConditionExpression':'\(condition)',"
      + "'ExpressionAttributeValues':{\(values)}\(more.isEmpty ? "" : ",")\(more)}"
  }

  private static let c = "':c':{'S':'c'}"
  private static let ofC = "customer = :c"
  private static let t = "'ExpressionAttributeNames':{'#t':'at'}"

  private static func scan(_ more: String, of table: String = "sales") -> String {
    "{'TableName':'\(table)',\(more)}"
  }

  static let reads: [Refusal] = queries + scans

  private static let queries: [Refusal] = [
    Refusal("Query", query("id = :c", c, of: "none"), Words.missing),
    Refusal("Query", query("id = :c", c, of: "young"), Words.missing),
    Refusal(
      "Query", "{'TableName':'sales'}",
      Words.validation + "Either the KeyConditions or KeyConditionExpression parameter must be "
        + "specified in the request."),
    Refusal(
      "Query", query("amount = :c", c),
      Words.validation + "Query condition missed key schema element: customer"),
    Refusal(
      "Query", query("customer > :c", c), Words.validation + "Query key condition not supported"),
    Refusal(
      "Query", query("\(ofC) OR \(ofC)", c),
      Words.validation + "Invalid operator used in KeyConditionExpression: OR"),
    Refusal(
      "Query", query(ofC, "':c':{'N':'1'}"),
      Words.values + "Condition parameter type does not match schema type"),
    Refusal(
      "Query", query(ofC, c, of: "sales", "'FilterExpression':'customer = :c'"),
      Words.validation + "Filter Expression can only contain non-primary key attributes: Primary "
        + "key attribute: customer"),
    Refusal(
      "Query", query(ofC, c, of: "sales", "'IndexName':'none'"),
      Words.validation + "The table does not have the specified index: none"),
    Refusal(
      "Query",
      query(
        "#s = :c", c, of: "sales",
        "'IndexName':'by-state','ConsistentRead':true,"
          + "'ExpressionAttributeNames':{'#s':'state'}"),
      Words.validation + "Consistent reads are not supported on global secondary indexes"),
    Refusal(
      "Query",
      query(
        "#s = :c", c, of: "sales",
        "'IndexName':'by-state','Select':'ALL_ATTRIBUTES',"
          + "'ExpressionAttributeNames':{'#s':'state'}"),
      Words.values + "Select type ALL_ATTRIBUTES is not supported for global secondary index "
        + "by-state because its projection type is not ALL"),
    Refusal(
      "Query", query("k = :c", c, of: "growing", "'IndexName':'extra'"),
      Words.validation + "Cannot read from backfilling global secondary index: extra"),
    Refusal(
      "Query",
      query(ofC, c, of: "sales", "'ExclusiveStartKey':{'customer':{'S':'d'},'at':{'N':'1'}}"),
      Words.validation
        + "The provided starting key is outside query boundaries based on provided conditions"),
    Refusal(
      "Query", query(ofC, c, of: "sales", "'ExclusiveStartKey':{'customer':{'S':'c'}}"),
      Words.validation + "The provided starting key is invalid"),
    Refusal(
      "Query", query(ofC, c, of: "sales", "'Limit':0"),
      Words.one + "'0' at 'limit' failed to satisfy constraint: Member must have value greater "
        + "than or equal to 1"),
    Refusal(
      "Query", query(ofC, c, of: "sales", "'Select':'ALL_PROJECTED_ATTRIBUTES'"),
      Words.validation
        + "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"),
    Refusal(
      "Query",
      query(ofC, c, of: "sales", "'Select':'COUNT','ProjectionExpression':'amount'"),
      Words.validation
        + "Cannot specify the ProjectionExpression when choosing to get only the Count"),
    Refusal(
      "Query", query(ofC, c, of: "sales", "'Select':'SPECIFIC_ATTRIBUTES'"),
      Words.validation
        + "Must specify the AttributesToGet or ProjectionExpression when choosing to "
        + "get SPECIFIC_ATTRIBUTES"),
    Refusal(
      "Query", query(ofC, "':c':{'S':'\(String(repeating: "x", count: 2_049))'}"),
      Words.values + "Size of hashkey has exceeded the maximum size limit of2048 bytes"),
    Refusal(
      "Query", query(ofC, "':c':{'S':''}"),
      Words.validation
        + "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. "
        + "Key: customer"),
    Refusal(
      "Query",
      query(ofC, c, of: "sales", "'ExclusiveStartKey':{'customer':{'S':'c'},'at':{'S':'1'}}"),
      Words.validation + "The provided key element does not match the schema"),
    Refusal(
      "Query",
      query(
        "\(ofC) AND #t > :n", c + ",':n':{'N':'5'}", of: "sales",
        "'ExclusiveStartKey':{'customer':{'S':'c'},'at':{'N':'5'}},\(t)"),
      Words.validation + "The provided starting key does not match the range key predicate"),
    Refusal(
      "Query",
      query(
        "\(ofC) AND #t > :n", c + ",':n':{'N':'5'}", of: "sales",
        "'ExclusiveStartKey':{'customer':{'S':'d'},'at':{'N':'6'}},\(t)"),
      Words.validation + "The query can return at most one row and cannot be restarted"),
    Refusal(
      "Query",
      query(
        ofC, c, of: "sales",
        "'IndexName':'by-amount','ExclusiveStartKey':{'customer':{'S':'c'},'at':{'S':'1'},"
          + "'amount':{'N':'1'}}"),
      Words.validation
        + "The provided starting key is invalid: The provided key element does not match the schema"
    ),
    Refusal(
      "Query", query(ofC, c, of: "sales", "'ExclusiveStartKey':{'customer':{}}"),
      Words.validation + "The provided starting key is invalid: Supplied AttributeValue is empty, "
        + "must contain exactly one of the supported datatypes"),
    Refusal(
      "Query", query(ofC, c, of: "sales", "'ExclusiveStartKey':{'customer':{'NS':[]}}"),
      Words.values + "An number set  may not be empty"),
    Refusal(
      "Query", query("\(ofC) AND #t > :n AND extra = :n", c + ",':n':{'N':'5'}", of: "sales", t),
      Words.validation + "The number of query conditions (3) exceeds the number of key attributes "
        + "defined in the schema (2)"),
    Refusal(
      "Query", query("\(ofC) AND #t > :n AND #t < :n", c + ",':n':{'N':'5'}", of: "sales", t),
      Words.validation
        + "Invalid KeyConditionExpression: KeyConditionExpressions must only contain "
        + "one condition per key"),
    Refusal(
      "Query", query("\(ofC) AND begins_with(#t, :n)", c + ",':n':{'N':'5'}", of: "sales", t),
      Words.validation + "Invalid KeyConditionExpression: Incorrect operand type for operator or "
        + "function; operator or function: begins_with, operand type: N"),
    Refusal(
      "Query", query("\(ofC) AND begins_with(#t, :n)", c + ",':n':{'S':'5'}", of: "sales", t),
      Words.values + "Condition parameter type does not match schema type"),
    Refusal(
      "Query", query("\(ofC) AND :n >= #t", c + ",':n':{'BOOL':true}", of: "sales", t),
      Words.validation + "Invalid KeyConditionExpression: Incorrect operand type for operator or "
        + "function; operator or function: >=, operand type: BOOL"),
    Refusal(
      "Query",
      query("customer = :missing AND begins_with(#t, :n)", "':n':{'N':'5'}", of: "sales", t),
      Words.validation + "Invalid KeyConditionExpression: An expression attribute value used in "
        + "expression is not defined; attribute value: :missing"),
    // Operands are looked at before the table.
    Refusal(
      "Query",
      query("begins_with(#t, :n) AND customer = :missing", "':n':{'N':'5'}", of: "none", t),
      Words.validation + "Invalid KeyConditionExpression: Incorrect operand type for operator or "
        + "function; operator or function: begins_with, operand type: N"),
  ]

  private static let scans: [Refusal] = [
    Refusal("Scan", "{'TableName':'none'}", Words.missing),
    Refusal("Scan", "{'TableName':'target'}", Words.missing),
    Refusal(
      "Scan", scan("'Segment':0"),
      Words.validation + "The TotalSegments parameter is required but was not present in the "
        + "request when Segment parameter is present"),
    Refusal(
      "Scan", scan("'TotalSegments':4"),
      Words.validation + "The Segment parameter is required but was not present in the request "
        + "when parameter TotalSegments is present"),
    Refusal(
      "Scan", scan("'Segment':4,'TotalSegments':4"),
      Words.validation + "The Segment parameter is zero-based and must be less than parameter "
        + "TotalSegments: Segment: 4 is not less than TotalSegments: 4"),
    Refusal(
      "Scan", scan("'ExclusiveStartKey':{'x':{'S':'c'}}"),
      Words.validation + "The provided starting key is invalid: The provided key element does not "
        + "match the schema"),
    Refusal(
      "Scan", scan("'IndexName':'by-amount','ExclusiveStartKey':{'x':{'S':'c'}}"),
      Words.validation + "The provided starting key is invalid"),
    Refusal(
      "Scan", scan("'ExclusiveStartKey':{'customer':{'N':'1'},'at':{'N':'1'}}"),
      Words.validation + "The provided starting key is invalid: The provided key element does not "
        + "match the schema"),
    Refusal(
      "Scan", scan("'IndexName':'none'"),
      Words.validation + "The table does not have the specified index: none"),
    Refusal(
      "Scan", scan("'IndexName':'by-state','ConsistentRead':true"),
      Words.validation + "Consistent reads are not supported on global secondary indexes"),
    Refusal(
      "Scan", scan("'FilterExpression':'amount = :c'"),
      Words.validation + "Invalid FilterExpression: An expression attribute value used in "
        + "expression is not defined; attribute value: :c"),
  ]
}
