// SPDX-License-Identifier: GPL-3.0-or-later

extension Refusals {
  static let transactions: [Refusal] = transactedRequests + cancellations + transactedReads

  private static func write(_ actions: String..., more: String = "") -> String {
    "{'TransactItems':[\(actions.joined(separator: ","))]\(more)}"
  }

  private static func put(
    _ item: String, into table: String = "orders", _ more: String = ""
  ) -> String {
    "{'Put':{'TableName':'\(table)','Item':{\(item)}\(more)}}"
  }

  private static func delete(_ key: String, from table: String = "orders") -> String {
    "{'Delete':{'TableName':'\(table)','Key':{\(key)}}}"
  }

  private static func update(
    _ key: String, _ expression: String, _ value: String, in table: String = "orders"
  ) -> String {
    "{'Update':{'TableName':'\(table)','Key':{\(key)},'UpdateExpression':'\(expression)',"
      + "'ExpressionAttributeValues':{':v':\(value)}}}"
  }

  private static func check(_ key: String, _ condition: String, _ more: String = "") -> String {
    "{'ConditionCheck':{'TableName':'orders','Key':{\(key)},"
      + "'ConditionExpression':'\(condition)'\(more)}}"
  }

  private static func cancelled(_ reasons: String) -> String {
    "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for "
      + "specific reasons [\(reasons)]"
  }

  private static let twice =
    Words.validation + "Transaction request cannot include multiple operations on one item"
  private static let empty =
    Words.validation + "One or more parameter values are not valid. The AttributeValue for a key "
    + "attribute cannot contain an empty string value. Key: id"
  private static let a = "'id':{'S':'a'}"
  private static let syntax =
    Words.validation
    + "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"(\""
  private static let unused =
    Words.validation
    + "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}"
  private static let given = ",'ExpressionAttributeValues':{':v':{'S':'x'}}"
  private static let long = String(repeating: "x", count: 409_600)

  /// What refuses the whole request.
  private static let transactedRequests: [Refusal] = [
    Refusal(
      "TransactWriteItems", write(),
      Words.one + "'[]' at 'transactItems' failed to satisfy constraint: Member must have length "
        + "greater than or equal to 1"),
    Refusal(
      "TransactWriteItems",
      write(put(a, into: "none"), more: ",'ReturnConsumedCapacity':'SOME'"),
      Words.one + "'SOME' at 'returnConsumedCapacity' failed to satisfy constraint: Member must "
        + "satisfy enum value set: [INDEXES, TOTAL, NONE]"),
    Refusal(
      "TransactWriteItems", write(put(a), "{}"),
      Words.validation + "Invalid Request: TransactWriteRequest should contain Delete or Put or "
        + "Update request"),
    Refusal(
      "TransactWriteItems",
      write(
        "{'Put':{'TableName':'orders','Item':{\(a)}},'Delete':{'TableName':'orders','Key':{\(a)}}}"),
      Words.validation + "TransactItems can only contain one of Check, Put, Update or Delete"),
    // Expressions and items are read before any table is looked up, in the order of the actions.
    Refusal(
      "TransactWriteItems", write(put(a, into: "none"), check(a, "attribute_not_exists(")), syntax),
    Refusal(
      "TransactWriteItems", write(put(a, into: "none"), check(a, "attribute_exists(id)", given)),
      unused),
    Refusal(
      "TransactWriteItems", write(put(a), check(a, "attribute_exists(id)", given)), unused),
    Refusal("TransactWriteItems", write(put(a), put(a, into: "none")), Words.missing),
    Refusal("TransactWriteItems", write(put(a), put(a, into: "young")), Words.missing),
    Refusal(
      "TransactWriteItems", write(put("\(a),'x':{'S':'\(long)'}")),
      Words.validation + "Item size has exceeded the maximum allowed size"),
    Refusal("TransactWriteItems", write(put(a), delete(a)), twice),
    Refusal(
      "TransactWriteItems", write(check(a, "attribute_exists(id)"), put(a, into: "$ORDERS")), twice),
    Refusal("TransactWriteItems", write(put("'id':{'S':''}")), empty),
    Refusal("TransactWriteItems", write(delete("'id':{'S':''}")), empty),
    Refusal("TransactWriteItems", write(update("'id':{'S':''}", "SET x = :v", "{'S':'x'}")), empty),
    Refusal("TransactWriteItems", write(check("'id':{'S':''}", "attribute_exists(id)")), empty),
    Refusal(
      "TransactWriteItems",
      write(put("'customer':{'S':'c'},'at':{'N':'1'},'state':{'S':''}", into: "sales")),
      Words.validation + "One or more parameter values are not valid. A value specified for a "
        + "secondary index key is not supported. The AttributeValue for a key attribute cannot "
        + "contain an empty string value. IndexName: by-state, IndexKey: state"),
    Refusal(
      "TransactWriteItems",
      write(
        update("'customer':{'S':'c'},'at':{'N':'1'}", "SET #s = :v", "{'S':''}", in: "sales")
          .replacing(
            "'ExpressionAttributeValues'",
            with: "'ExpressionAttributeNames':{'#s':'state'},'ExpressionAttributeValues'")),
      Words.validation + "One or more parameter values are not valid. The update expression "
        + "attempted to update a secondary index key to a value that is not supported. The "
        + "AttributeValue for a key attribute cannot contain an empty string value."),
  ]

  /// What cancels the transaction, each action by itself.
  private static let cancellations: [Refusal] = [
    Refusal(
      "TransactWriteItems", write(put("'id':{'N':'1'}")), cancelled("ValidationError")),
    Refusal(
      "TransactWriteItems", write(put("'id':{'L':[]}"), put(a)), cancelled("ValidationError, None")),
    Refusal("TransactWriteItems", write(delete("'id':{'N':'1'}")), cancelled("ValidationError")),
    Refusal(
      "TransactWriteItems",
      write(put("'customer':{'S':'c'},'at':{'N':'1'},'amount':{'S':'1'}", into: "sales")),
      cancelled("ValidationError")),
    Refusal(
      "TransactWriteItems",
      write(
        put("'id':{'S':'b'}"),
        put(a, into: "orders", ",'ConditionExpression':'attribute_not_exists(id)'")),
      cancelled("None, ConditionalCheckFailed")),
    Refusal(
      "TransactWriteItems",
      write(
        check(a, "attribute_not_exists(id)"), delete("'wrong':{'S':'b'}"),
        check("'id':{'S':'c'}", "attribute_exists(id)"), put("'id':{'S':'d'}")),
      cancelled("ConditionalCheckFailed, ValidationError, ConditionalCheckFailed, None")),
    Refusal(
      "TransactWriteItems", write(update(a, "SET v = id + :v", "{'N':'1'}")),
      cancelled("ValidationError")),
    Refusal(
      "TransactWriteItems", write(update(a, "SET id = :v", "{'S':'x'}")),
      cancelled("ValidationError")),
    Refusal(
      "TransactWriteItems", write(update(a, "SET x = :v", "{'S':'\(long)'}")),
      cancelled("ValidationError")),
  ]

  private static func read(_ keys: String..., from table: String = "orders") -> String {
    let gets = keys.map { "{'Get':{'TableName':'\(table)','Key':{\($0)}}}" }
    return "{'TransactItems':[\(gets.joined(separator: ","))]}"
  }

  private static let transactedReads: [Refusal] = [
    Refusal("TransactGetItems", read(a, from: "none"), Words.missing),
    Refusal("TransactGetItems", read(a, a), twice),
    Refusal("TransactGetItems", read("'id':{'S':''}"), empty),
    Refusal("TransactGetItems", read(a, ""), cancelled("None, ValidationError")),
    Refusal("TransactGetItems", read("'id':{'N':'1'}", a), cancelled("ValidationError, None")),
    Refusal(
      "TransactGetItems",
      "{'TransactItems':[{'Get':{'TableName':'orders','Key':{\(a)},'ProjectionExpression':'!!!'}}]}",
      Words.validation + "Invalid ProjectionExpression: Syntax error; token: \"!\", near: \"!!\""),
  ]
}
