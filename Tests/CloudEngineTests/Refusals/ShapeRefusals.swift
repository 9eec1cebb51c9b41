// SPDX-License-Identifier: GPL-3.0-or-later

/// What the service refuses about the keys, indexes and encryption of tables, besides `tables`.
extension Refusals {
  private static func schema(_ names: String) -> String {
    names.split(separator: " ").map { name in
      let kind = name.hasPrefix("-") ? "RANGE" : "HASH"
      return "{'AttributeName':'\(name.drop { $0 == "-" })','KeyType':'\(kind)'}"
    }.joined(separator: ",")
  }

  private static func strings(_ names: String) -> String {
    names.split(separator: " ").map { "{'AttributeName':'\($0)','AttributeType':'S'}" }
      .joined(separator: ",")
  }

  private static func index(
    _ keys: String, _ name: String = "ix1", projection: String = "{'ProjectionType':'ALL'}"
  ) -> String {
    "{'IndexName':'\(name)','KeySchema':[\(schema(keys))],'Projection':\(projection)}"
  }

  /// A table with these keys and definitions; a leading `-` makes a sort key.
  private static func create(_ keys: String, _ defined: String, _ more: String = "") -> String {
    "{'TableName':'other','BillingMode':'PAY_PER_REQUEST',"
      + "'AttributeDefinitions':[\(strings(defined))],'KeySchema':[\(schema(keys))]\(more)}"
  }

  private static func globals(_ indexes: String) -> String {
    ",'GlobalSecondaryIndexes':[\(indexes)]"
  }

  private static func change(_ updates: String, of table: String) -> String {
    "{'TableName':'\(table)','AttributeDefinitions':[\(strings("k"))],"
      + "'GlobalSecondaryIndexUpdates':[\(updates)]}"
  }

  private static func undefined(_ keys: String, _ defined: String) -> String {
    Words.values + "Some index key attributes are not defined in AttributeDefinitions. Keys: "
      + "[\(keys)], AttributeDefinitions: [\(defined)]"
  }

  private static let order =
    Words.values + "Index KeySchema must have 1 to 4 HASH key elements followed by at most 4 RANGE "
    + "key elements for index: ix1"
  private static let units =
    "'ProvisionedThroughput':{'ReadCapacityUnits':1,'WriteCapacityUnits':1}"

  /// Six indexes, each with 20 attributes besides its keys: 120 of the 100 there may be.
  private static let wide = (1...6).map { number in
    let names = (1...20).map { "'a\(number)-\($0)'" }.joined(separator: ",")
    return index(
      "id", "ix\(number)", projection: "{'ProjectionType':'INCLUDE','NonKeyAttributes':[\(names)]}")
  }.joined(separator: ",")

  static let shapes: [Refusal] = [
    Refusal(
      "CreateTable", create("id -n", "x"),
      Words.values + "Number of attributes in KeySchema does not exactly match number of "
        + "attributes defined in AttributeDefinitions"),
    Refusal(
      "CreateTable", create("id -n", "id n", ",'LocalSecondaryIndexes':[\(index("id -z"))]"),
      undefined("id, z", "id, n")),
    Refusal("CreateTable", create("id", "id", globals(index("z"))), undefined("z", "id")),
    Refusal(
      "CreateTable", create("id", "a b id", globals(index("a -b z"))), order),
    Refusal(
      "CreateTable", create("id", "a b c d e id", globals(index("a b c d e"))), order),
    Refusal(
      "CreateTable", create("id", "a b c d e id", globals(index("id -a -b -c -d -e"))), order),
    Refusal(
      "CreateTable", create("id", "a id", globals(index("a b -id"))), undefined("a, b, id", "a, id")
    ),
    Refusal(
      "CreateTable", create("id", "id", globals(wide)),
      Words.values + "Number of NonKeyAttributes over all indexes exceeds 100"),
    Refusal(
      "CreateTable",
      create("id", "id", ",'SSESpecification':{'Enabled':false,'KMSMasterKeyId':'k'}"),
      Words.values + "KMSMasterKeyId can not be specified if Enabled is false"),
    // Also where it is PROVISIONED already.
    Refusal(
      "UpdateTable", "{'TableName':'plain','BillingMode':'PROVISIONED'}",
      Words.values + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED"),
    Refusal(
      "UpdateTable", "{'TableName':'plain','SSESpecification':{}}",
      Words.values + "Table is already encrypted by default"),
    Refusal(
      "UpdateTable", change("{'Create':\(index("k", "by-amount"))}", of: "sales"),
      Words.validation + "Attempting to create an index which already exists"),
    Refusal(
      "UpdateTable", change("{'Update':{'IndexName':'by-pair',\(units)}}", of: "bins"),
      Words.values + "ProvisionedThroughput should not be specified for index: by-pair when "
        + "BillingMode is PAY_PER_REQUEST"),
    Refusal(
      "UpdateTable",
      change("{'Create':\(index("k"))},{'Delete':{'IndexName':'by-pair'}}", of: "bins"),
      Words.limit + "Only 1 online index can be created or deleted simultaneously per table"),
    Refusal(
      "UpdateTable",
      change(
        "{'Update':{'IndexName':'by-state','ProvisionedThroughput':"
          + "{'ReadCapacityUnits':3,'WriteCapacityUnits':4}}}", of: "sales"),
      Words.validation + "The provisioned throughput for the table will not change. The requested "
        + "value equals the current value. Current ReadCapacityUnits provisioned for the table: 3. "
        + "Requested ReadCapacityUnits: 3. Current WriteCapacityUnits provisioned for the table: 4. "
        + "Requested WriteCapacityUnits: 4. Refer to the Amazon DynamoDB Developer Guide for current "
        + "limits and how to request higher limits."),
  ]
}
