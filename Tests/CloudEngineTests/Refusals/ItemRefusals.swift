// SPDX-License-Identifier: GPL-3.0-or-later

/// What the service refuses about items.
extension Refusals {
  private static func put(_ item: String, into table: String = "plain", _ more: String = "")
    -> String
  {
    "{'TableName':'\(table)','Item':{\(item)}\(more.isEmpty ? "" : ",")\(more)}"
  }

  private static func keyed(_ key: String, of table: String = "plain", _ more: String = "")
    -> String
  {
    "{'TableName':'\(table)','Key':{\(key)}\(more.isEmpty ? "" : ",")\(more)}"
  }

  private static let a = "'id':{'S':'a'}"
  private static let sale = "'customer':{'S':'c'},'at':{'N':'1'}"
  private static let mismatch =
    Words.validation + "The provided key element does not match the schema"
  private static let long = String(repeating: "x", count: 2049)
  private static let big = String(repeating: "x", count: 409_600)
  private static let noEmpty =
    "The AttributeValue for a key attribute cannot contain an empty string value."

  static let items: [Refusal] = puts + numbers + keys + updates + batches + binaries

  private static let bin = "'b':{'B':'AA=='},'r':{'B':'AQ=='}"
  private static let noBinary = noEmpty.replacing("string", with: "binary")
  private static let notValid = Words.validation + "One or more parameter values are not valid. "
  /// 1,026 bytes of zeros in base64.
  private static let longBinary = String(repeating: "A", count: 1_368)

  /// `bins` has binary keys, and an index whose keys are both no keys of the table.
  private static let binaries: [Refusal] = [
    Refusal(
      "PutItem", put("'b':{'B':''},'r':{'B':'AQ=='}", into: "bins"),
      notValid + "\(noBinary) Key: b"),
    Refusal(
      "GetItem", keyed("'b':{'B':'AA=='},'r':{'B':''}", of: "bins"),
      notValid + "\(noBinary) Key: r"),
    Refusal(
      "PutItem", put("'b':{'B':'AA=='},'r':{'B':'\(longBinary)'}", into: "bins"),
      Words.values + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"),
    Refusal(
      "DeleteItem", keyed("'b':{'B':'AA=='},'r':{'B':'\(longBinary)'}", of: "bins"),
      Words.values + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"),
    Refusal(
      "PutItem", put("\(bin),'g':{'B':''},'h':{'S':'x'}", into: "bins"),
      notValid + "A value specified for a secondary index key is not supported. \(noBinary) "
        + "IndexName: by-pair, IndexKey: g"),
    Refusal(
      "PutItem", put("\(bin),'g':{'B':'\(longBinary + longBinary)'},'h':{'S':'x'}", into: "bins"),
      Words.values + "Size of hashkey has exceeded the maximum size limit of2048 bytes"),
    // The wrong type counts although the index's other key is not there.
    Refusal(
      "PutItem", put("\(bin),'h':{'N':'1'}", into: "bins"),
      Words.values + "Type mismatch for Index Key h Expected: S Actual: N IndexName: by-pair"),
    Refusal(
      "UpdateItem",
      keyed(
        bin, of: "bins",
        "'UpdateExpression':'SET g = :g, h = :h',"
          + "'ExpressionAttributeValues':{':g':{'B':''},':h':{'S':'x'}}"),
      notValid + "The update expression attempted to update a secondary index key to a value that "
        + "is not supported. \(noBinary)"),
  ]

  private static let puts: [Refusal] = [
    Refusal("PutItem", put(a, into: "none"), Words.missing),
    Refusal("PutItem", put(a, into: "young"), Words.missing),
    Refusal("PutItem", put(a, into: "target"), Words.missing),
    Refusal("PutItem", put("'x':{'S':'a'}"), Words.values + "Missing the key id in the item"),
    Refusal(
      "PutItem", put("'id':{'N':'1'}"),
      Words.values + "Type mismatch for key id expected: S actual: N"),
    Refusal(
      "PutItem", put("'id':{'S':''}"),
      Words.validation + "One or more parameter values are not valid. \(noEmpty) Key: id"),
    Refusal(
      "PutItem", put("'id':{'S':'\(long)'}"),
      Words.values + "Size of hashkey has exceeded the maximum size limit of2048 bytes"),
    Refusal(
      "PutItem", put("\(sale),'state':{'N':'1'}", into: "sales"),
      Words.values
        + "Type mismatch for Index Key state Expected: S Actual: N IndexName: by-state"),
    Refusal(
      "PutItem", put("\(sale),'state':{'S':''}", into: "sales"),
      Words.validation + "One or more parameter values are not valid. A value specified for a "
        + "secondary index key is not supported. \(noEmpty) IndexName: by-state, IndexKey: state"),
    Refusal(
      "PutItem", put("\(sale),'amount':{'S':'1'}", into: "sales"),
      Words.values
        + "Type mismatch for Index Key amount Expected: N Actual: S IndexName: by-amount"),
    Refusal(
      "PutItem", put("\(a),'x':{'S':'\(big)'}"),
      Words.validation + "Item size has exceeded the maximum allowed size"),
    // The size is known before the condition and the table are looked at.
    Refusal(
      "PutItem",
      put("\(a),'x':{'S':'\(big)'}", into: "none", "'ConditionExpression':'a ='"),
      Words.validation + "Item size has exceeded the maximum allowed size"),
    Refusal(
      "PutItem", put("\(a),'x':{}"),
      Words.validation + "Supplied AttributeValue is empty, must contain exactly one of the "
        + "supported datatypes"),
    Refusal(
      "PutItem", put("\(a),'x':{'N':'b'}"),
      Words.validation + "The parameter cannot be converted to a numeric value: b"),
    Refusal(
      "PutItem", put(a, into: "plain", "'ReturnValues':'ALL_NEW'"),
      Words.validation + "ReturnValues can only be ALL_OLD or NONE"),
    Refusal(
      "PutItem", put(a, into: "plain", "'ConditionExpression':'attribute_not_exists(id)'"),
      "ConditionalCheckFailedException: The conditional request failed"),
    Refusal(
      "PutItem", put(a, into: "plain", "'ConditionExpression':'size(id'"),
      Words.validation + "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: "
        + "\"id\""),
    Refusal(
      "PutItem",
      put(a, into: "plain", "'ExpressionAttributeNames':{'#a':'b'}"),
      Words.validation
        + "ExpressionAttributeNames can only be specified when using expressions"),
  ]

  private static let numbers: [Refusal] = [
    ("1e99999999999", overflow), ("-1e99999999999", overflow), ("1e2147483648", overflow),
    ("1e2147483647", overflow), ("1e126", overflow), ("1e-99999999999", underflow),
    ("1e-2147483648", underflow), ("1e-131", underflow), ("abc", "\(notNumeric): abc"),
    ("1.2.3", "\(notNumeric): 1.2.3"), ("", notNumeric), (" 1", "\(notNumeric):  1"),
    ("1 ", "\(notNumeric): 1 "), ("0x10", "\(notNumeric): 0x10"), ("1e", "\(notNumeric): 1e"),
    ("NaN", "\(notNumeric): NaN"), ("Infinity", "\(notNumeric): Infinity"),
    (
      "1234567890123456789012345678901234567890",
      "Attempting to store more than 38 significant digits in a Number"
    ),
  ].flatMap { text, words in
    ["{'N':'\(text)'}", "{'NS':['1','\(text)']}", "{'M':{'x':{'L':[{'N':'\(text)'}]}}}"].map {
      Refusal("PutItem", put("\(a),'n':\($0)"), Words.validation + words)
    }
  }

  private static let notNumeric = "The parameter cannot be converted to a numeric value"
  private static let overflow =
    "Number overflow. Attempting to store a number with magnitude larger than supported range"
  private static let underflow =
    "Number underflow. Attempting to store a number with magnitude smaller than supported range"

  private static let keys: [Refusal] = [
    Refusal("GetItem", keyed(a, of: "none"), Words.missing),
    Refusal("GetItem", keyed(a, of: "going"), Words.missing),
    Refusal("GetItem", keyed("'x':{'S':'a'}"), mismatch),
    Refusal("GetItem", keyed("'id':{'N':'1'}"), mismatch),
    Refusal("GetItem", keyed("\(a),'x':{'S':'a'}"), mismatch),
    Refusal("GetItem", keyed("'id':{'S':''}"), notValid + "\(noEmpty) Key: id"),
    Refusal(
      "GetItem", keyed(a, of: "plain", "'ProjectionExpression':'a,'"),
      Words.validation + "Invalid ProjectionExpression: Syntax error; token: \"<EOF>\", near: "
        + "\",\""),
    Refusal("DeleteItem", keyed(a, of: "none"), Words.missing),
    Refusal("DeleteItem", keyed("'x':{'S':'a'}"), mismatch),
    Refusal(
      "DeleteItem", keyed(a, of: "plain", "'ReturnValues':'UPDATED_NEW'"),
      Words.validation + "ReturnValues can only be ALL_OLD or NONE"),
    Refusal(
      "DeleteItem",
      keyed(
        a, of: "plain",
        "'ConditionExpression':'n = :n','ExpressionAttributeValues':{':n':{'N':'2'}}"),
      "ConditionalCheckFailedException: The conditional request failed"),
  ]

  private static func update(
    _ expression: String, _ values: String = "", of table: String = "plain"
  )
    -> String
  {
    keyed(
      table == "sales" ? sale : a, of: table,
      "'UpdateExpression':'\(expression)'"
        + (values.isEmpty ? "" : ",'ExpressionAttributeValues':{\(values)}"))
  }

  private static let updates: [Refusal] = [
    Refusal("UpdateItem", keyed(a, of: "none"), Words.missing),
    Refusal("UpdateItem", keyed("'x':{'S':'a'}"), mismatch),
    Refusal(
      "UpdateItem", update("SET id = :v", "':v':{'S':'b'}"),
      Words.values + "Cannot update attribute id. This attribute is part of the key"),
    Refusal(
      "UpdateItem", update("SET x = id.a"),
      Words.validation + "Key attributes must be scalars; list random access '[]' and map lookup "
        + "'.' are not allowed: Key: id"),
    Refusal(
      "UpdateItem",
      update("SET #s.a = :v", "':v':{'S':'b'}", of: "sales")
        .replacing(
          "'UpdateExpression'",
          with: "'ExpressionAttributeNames':{'#s':'state'},"
            + "'UpdateExpression'"),
      Words.validation + "Key attributes must be scalars; list random access '[]' and map lookup "
        + "'.' are not allowed: IndexKey: state"),
    Refusal(
      "UpdateItem", update("SET amount = :v", "':v':{'S':'b'}", of: "sales"),
      Words.values
        + "Type mismatch for Index Key amount Expected: N Actual: S IndexName: by-amount"),
    Refusal(
      "UpdateItem", update("SET amount = if_not_exists(x, :v)", "':v':{'S':'b'}", of: "sales"),
      Words.validation
        + "The update expression attempted to update the secondary index key to unsupported type"),
    Refusal(
      "UpdateItem",
      update("SET #s = :v", "':v':{'S':''}", of: "sales")
        .replacing(
          "'UpdateExpression'",
          with: "'ExpressionAttributeNames':{'#s':'state'},"
            + "'UpdateExpression'"),
      Words.validation + "One or more parameter values are not valid. The update expression "
        + "attempted to update a secondary index key to a value that is not supported. \(noEmpty)"),
    Refusal(
      "UpdateItem", update("SET x = :v", "':v':{'S':'\(big)'}"),
      Words.validation + "Item size to update has exceeded the maximum allowed size"),
    Refusal(
      "UpdateItem", update("SET n = n + s"),
      Words.validation + "An operand in the update expression has an incorrect data type"),
    Refusal(
      "UpdateItem", update("SET n = x"),
      Words.validation
        + "The provided expression refers to an attribute that does not exist in the item"),
    Refusal(
      "UpdateItem", update("SET x.y = :v", "':v':{'S':'b'}"),
      Words.validation
        + "The document path provided in the update expression is invalid for update"),
    Refusal(
      "UpdateItem",
      keyed(
        a, of: "plain",
        "'UpdateExpression':'REMOVE n',"
          + "'ConditionExpression':'attribute_not_exists(n)'"),
      "ConditionalCheckFailedException: The conditional request failed"),
  ]

  private static func putRequest(_ id: String) -> String {
    "{'PutRequest':{'Item':{'id':{'S':'\(id)'}}}}"
  }

  private static func write(_ requests: String, to table: String = "plain") -> String {
    "{'RequestItems':{'\(table)':[\(requests)]}}"
  }

  private static func read(_ keys: String, _ more: String = "", from table: String = "plain")
    -> String
  {
    "{'RequestItems':{'\(table)':{'Keys':[\(keys)]\(more.isEmpty ? "" : ",")\(more)}}}"
  }

  private static func list(_ range: ClosedRange<Int>, _ make: (String) -> String) -> String {
    range.map { make("k\($0)") }.joined(separator: ",")
  }

  private static func key(_ id: String) -> String { "{'id':{'S':'\(id)'}}" }

  private static let batches: [Refusal] = [
    Refusal("BatchWriteItem", write(putRequest("a"), to: "none"), Words.missing),
    Refusal(
      "BatchWriteItem", write(putRequest("a") + "," + putRequest("a")),
      Words.validation + "Provided list of item keys contains duplicates"),
    Refusal("BatchWriteItem", write("{'PutRequest':{'Item':{'x':{'S':'a'}}}}"), mismatch),
    Refusal("BatchWriteItem", write("{'PutRequest':{'Item':{'id':{'N':'1'}}}}"), mismatch),
    Refusal("BatchWriteItem", write("{'DeleteRequest':{'Key':{'x':{'S':'a'}}}}"), mismatch),
    Refusal(
      "BatchWriteItem",
      "{'RequestItems':{'plain':[\(list(1...20, putRequest))],"
        + "'orders':[\(list(1...6, putRequest))]}}",
      Words.validation + "Too many items requested for the BatchWriteItem call"),
    Refusal("BatchGetItem", read(key("a"), from: "none"), Words.missing),
    Refusal(
      "BatchGetItem", read(key("a") + "," + key("a")),
      Words.validation + "Provided list of item keys contains duplicates"),
    Refusal("BatchGetItem", read("{'x':{'S':'a'}}"), mismatch),
    Refusal(
      "BatchGetItem",
      "{'RequestItems':{'plain':{'Keys':[\(list(1...60, key))]},"
        + "'orders':{'Keys':[\(list(1...41, key))]}}}",
      Words.validation + "Too many items requested for the BatchGetItem call"),
  ]
}
