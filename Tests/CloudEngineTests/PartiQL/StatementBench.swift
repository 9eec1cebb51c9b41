// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Testing

/// A statement as it stands in JSON whose single quotes are double ones.
func quoted(_ statement: String) -> String {
  let text = statement.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    .replacing("'", with: "\\u0027").replacing("\n", with: "\\n")
  return "'\(text)'"
}

/// The input of ExecuteStatement, or a member of a batch or a transaction.
func execution(_ statement: String, _ parameters: String = "", _ more: String = "") -> String {
  let given = parameters.isEmpty ? "" : ",'Parameters':[\(parameters)]"
  return "{'Statement':\(quoted(statement))\(given)\(more)}"
}

extension Bench {
  /// Trips of drivers by day, with the local index `by-toll` of keys and the global `by-city` that holds notes too.
  static let tripsInput = """
    {'TableName':'trips','BillingMode':'PAY_PER_REQUEST',
     'AttributeDefinitions':[{'AttributeName':'driver','AttributeType':'S'},
      {'AttributeName':'day','AttributeType':'S'},{'AttributeName':'toll','AttributeType':'N'},
      {'AttributeName':'city','AttributeType':'S'}],
     'KeySchema':[{'AttributeName':'driver','KeyType':'HASH'},
      {'AttributeName':'day','KeyType':'RANGE'}],
     'LocalSecondaryIndexes':[{'IndexName':'by-toll',
      'KeySchema':[{'AttributeName':'driver','KeyType':'HASH'},
       {'AttributeName':'toll','KeyType':'RANGE'}],'Projection':{'ProjectionType':'KEYS_ONLY'}}],
     'GlobalSecondaryIndexes':[{'IndexName':'by-city',
      'KeySchema':[{'AttributeName':'city','KeyType':'HASH'}],
      'Projection':{'ProjectionType':'INCLUDE','NonKeyAttributes':['note']}}]}
    """

  /// The table `trips` with seven items of three drivers.
  static func withTrips() throws -> Bench {
    var bench = Bench()
    try bench.call("CreateTable", tripsInput)
    bench.wait(.seconds(40))
    for item in [
      "'driver':{'S':'ann'},'day':{'S':'1'},'toll':{'N':'5'},'city':{'S':'york'},'note':{'S':'fog'}",
      "'driver':{'S':'ann'},'day':{'S':'2'},'toll':{'N':'3'},'city':{'S':'bath'},'free':{'BOOL':true}",
      "'driver':{'S':'ann'},'day':{'S':'3'},'tags':{'SS':['a','b']},'gone':{'NULL':true}",
      "'driver':{'S':'bob'},'day':{'S':'1'},'toll':{'N':'7'},'city':{'S':'york'},'note':{'S':'ice'}",
      "'driver':{'S':'bob'},'day':{'S':'2'},"
        + "'stops':{'L':[{'M':{'place':{'S':'x'}}},{'M':{'place':{'S':'y'}}}]}",
      "'driver':{'S':'cid'},'day':{'S':'1'},'car':{'M':{'make':{'S':'vw'},'kw':{'N':'55'}}}",
      "'driver':{'S':'cid'},'day':{'S':'9'},'note':{'S':'it’s'},'quoted':{'S':'it`s'}",
    ] {
      let item = item.replacing("`", with: "\\u0027")
      try bench.call("PutItem", "{'TableName':'trips','Item':{\(item)}}")
    }
    return bench
  }

  /// What a statement answers.
  @discardableResult
  mutating func execute(
    _ statement: String, _ parameters: String = "", _ more: String = ""
  ) throws -> Document {
    try call("ExecuteStatement", execution(statement, parameters, more))
  }

  /// The items a statement answers, each by driver and day, in their order.
  mutating func trips(
    _ statement: String, _ parameters: String = "", _ more: String = ""
  ) throws -> String {
    let items = try execute(statement, parameters, more).at("Items")?.array ?? []
    return items.map { "\($0.at("driver.S")?.string ?? "-")\($0.at("day.S")?.string ?? "-")" }
      .joined(separator: " ")
  }
}
