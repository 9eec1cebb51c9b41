// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import Testing

@testable import CloudEngine

/// Each case goes both ways.
///
/// A member that the model does not know is ignored, but sends a request the long way; asking for
/// the capacity sends the answer the long way.
@Suite("Item requests read and written without Codable")
struct DirectRequestTests {
  private static let key = "'customer':{'S':'c'},'at':{'N':'2'}"
  private static let condition =
    "'ConditionExpression':'#s = :s','ExpressionAttributeNames':{'#s':'state'},"
    + "'ExpressionAttributeValues':{':s':{'S':'even'}}"

  private static let cases: [(operation: String, members: String)] = [
    ("PutItem", "'Item':{\(key),'note':{'S':'new'},'b':{'B':'AAE='},'l':{'L':[{'N':'1.50'}]}}"),
    ("PutItem", "'Item':{\(key)},'ReturnValues':'ALL_OLD','ReturnItemCollectionMetrics':'SIZE'"),
    ("PutItem", "'Item':{\(key)},\(condition),'ReturnValues':null"),
    (
      "PutItem",
      "'Item':{\(key)},'ConditionExpression':'attribute_not_exists(note)',"
        + "'ReturnValuesOnConditionCheckFailure':'ALL_OLD'"
    ),
    ("PutItem", "'Item':{\(key)},'Expected':{}"),
    ("PutItem", "'Item':{'customer':{'S':'c'}}"),
    ("DeleteItem", "'Key':{\(key)},'ReturnValues':'ALL_OLD'"),
    ("DeleteItem", "'Key':{\(key)},\(condition)"),
    ("DeleteItem", "'Key':{'customer':{'S':'c'},'at':{'N':'77'}}"),
    (
      "UpdateItem",
      "'Key':{\(key)},'UpdateExpression':'SET note = :n','ReturnValues':'UPDATED_OLD',"
        + "'ExpressionAttributeValues':{':n':{'S':'x'}}"
    ),
    ("UpdateItem", "'Key':{\(key)},'ReturnValues':'ALL_NEW'"),
    ("GetItem", "'Key':{\(key)},'ConsistentRead':true"),
    (
      "GetItem",
      "'Key':{\(key)},'ProjectionExpression':'#n, customer',"
        + "'ExpressionAttributeNames':{'#n':'note'}"
    ),
    ("GetItem", "'Key':{'customer':{'S':'c'},'at':{'N':'77'}}"),
    ("GetItem", "'Key':{\(key)},'AttributesToGet':['note']"),
    (
      "Query",
      "'KeyConditionExpression':'customer = :c','ExpressionAttributeValues':{':c':{'S':'c'}},"
        + "'Limit':3,'ScanIndexForward':false"
    ),
    (
      "Query",
      "'IndexName':'by-state','KeyConditionExpression':'#s = :s','FilterExpression':'note > :n',"
        + "'ExpressionAttributeNames':{'#s':'state'},'Select':'ALL_PROJECTED_ATTRIBUTES',"
        + "'ExpressionAttributeValues':{':s':{'S':'odd'},':n':{'S':'n1'}}"
    ),
    (
      "Query",
      "'IndexName':'by-amount','KeyConditionExpression':'customer = :c',"
        + "'Select':'ALL_ATTRIBUTES','ExpressionAttributeValues':{':c':{'S':'c'}}"
    ),
    ("Query", "'Limit':2.5"),
    ("Scan", "'Limit':4"),
    ("Scan", "'TotalSegments':2,'Segment':1,'Select':'COUNT'"),
    ("Scan", "'ExclusiveStartKey':{\(key)},'ProjectionExpression':'note'"),
  ]

  private static let write =
    "{'Put':{'TableName':'sales','Item':{\(key),'note':{'S':'new'}},\(condition)}}"
  private static let other = "'Key':{'customer':{'S':'c'},'at':{'N':'3'}},'TableName':'sales'"

  /// Whole inputs but for their braces.
  private static let batches: [(operation: String, members: String)] = [
    ("TransactWriteItems", "'TransactItems':[\(write)],'ClientRequestToken':'t'"),
    (
      "TransactWriteItems",
      "'TransactItems':[\(write),{'Delete':{\(other)}},{'Update':{"
        + "'TableName':'sales','Key':{'customer':{'S':'d'},'at':{'N':'1'}},"
        + "'UpdateExpression':'SET note = :n','ExpressionAttributeValues':{':n':{'S':'x'}}}}]"
    ),
    (
      "TransactWriteItems",
      "'TransactItems':[\(write),{'ConditionCheck':{\(other),"
        + "'ConditionExpression':'attribute_not_exists(note)',"
        + "'ReturnValuesOnConditionCheckFailure':'ALL_OLD'}}]"
    ),
    ("TransactWriteItems", "'TransactItems':[{}]"),
    ("TransactWriteItems", "'TransactItems':[\(write),null]"),
    (
      "TransactGetItems",
      "'TransactItems':[{'Get':{\(other)}},{'Get':{'TableName':'sales','Key':{\(key)},"
        + "'ProjectionExpression':'#n','ExpressionAttributeNames':{'#n':'note'}}},"
        + "{'Get':{'TableName':'sales','Key':{'customer':{'S':'x'},'at':{'N':'1'}}}}]"
    ),
    (
      "BatchWriteItem",
      "'RequestItems':{'sales':[{'PutRequest':{'Item':{\(key),'note':{'S':'new'}}}},"
        + "{'DeleteRequest':{'Key':{'customer':{'S':'c'},'at':{'N':'3'}}}}]}"
    ),
    ("BatchWriteItem", "'RequestItems':{'sales':[{}]}"),
    ("BatchWriteItem", "'RequestItems':{'none':[{'DeleteRequest':{'Key':{\(key)}}}]}"),
  ]

  private static func filled() throws -> Bench {
    var bench = try Bench.withSales()
    for at in 1...6 {
      try bench.call(
        "PutItem",
        "{'TableName':'sales','Item':{'customer':{'S':'c'},'at':{'N':'\(at)'},"
          + "'amount':{'N':'\(60 - at)'},'state':{'S':'\(at % 2 == 0 ? "even" : "odd")'},"
          + "'note':{'S':'n\(at)'},'é':{'S':'m'}}}")
    }
    return bench
  }

  @Test("come to the same as with it", arguments: 0..<31)
  func same(number: Int) throws {
    let isBatch = number >= Self.cases.count
    let (operation, members) =
      isBatch ? Self.batches[number - Self.cases.count] : Self.cases[number]
    let start = try Self.filled()
    func outcome(_ more: String, without member: String? = nil) throws -> [String] {
      var bench = start
      let input = "{\(isBatch ? "" : "'TableName':'sales',")\(members)\(more)}"
      var answer = ""
      do {
        let document = try bench.call(operation, input)
        answer = Document(
          members: document.members.filter { $0.name != member }.map { ($0.name, $0.value) }
        ).json()
      } catch let error as ServiceError {
        answer = "\(error.code): \(error.message)"
      }
      return [answer, "\(bench.cloud.fingerprint())"]
    }
    let direct = try outcome("")
    #expect(try outcome(",'Unheard':1") == direct)
    #expect(
      try outcome(",'ReturnConsumedCapacity':'TOTAL'", without: "ConsumedCapacity") == direct)
  }

  @Test("whatever stands in a member's place, it comes to the same", arguments: 0..<9)
  func changed(number: Int) throws {
    let (operation, members) = Self.batches[number]
    let start = try Self.filled()
    func outcome(_ input: Document) -> [String] {
      var bench = start
      let request = ServiceRequest(
        service: "dynamodb", operation: operation, input: input, caller: bench.caller)
      do throws(ServiceError) {
        let answer = try bench.cloud.perform(request)
        return [answer.json(), "\(bench.cloud.fingerprint())"]
      } catch {
        return [error.code, error.message]
      }
    }
    for input in Self.variants(of: try json("{\(members)}")) {
      guard case .object(var longer) = input else { continue }
      longer["Unheard"] = 1
      #expect(outcome(.object(longer)) == outcome(input), "\(input.json())")
    }
  }

  /// The document with each of its values replaced in turn, or left out.
  private static func variants(of document: Document) -> [Document] {
    var result: [Document] = [.null, "x", .emptyObject, [.null]]
    switch document {
    case .object(let members):
      for (name, value) in members {
        var rest = members
        rest[name] = nil
        result.append(.object(rest))
        for variant in variants(of: value) {
          rest = members
          rest[name] = variant
          result.append(.object(rest))
        }
      }
    case .array(let elements):
      for (position, value) in elements.enumerated() {
        for variant in variants(of: value) {
          var rest = elements
          rest[position] = variant
          result.append(.array(rest))
        }
      }
    default: break
    }
    return result
  }

  @Test("one that lacks what it must have is not read without it")
  func incomplete() throws {
    func reads<O: CloudEngine.Operation>(_ type: O.Type, _ input: String) throws -> Bool {
      var members = try #require(RequestMembersReader(try json(input)))
      return type.direct(&members) != nil
    }
    let keyed = "{'TableName':'t','Key':{}}"
    #expect(try reads(PutItem.self, "{'TableName':'t','Item':{}}"))
    #expect(try !reads(PutItem.self, keyed))
    #expect(try reads(DeleteItem.self, keyed) && !reads(DeleteItem.self, "{'Key':{}}"))
    #expect(try reads(UpdateItem.self, keyed) && !reads(UpdateItem.self, "{'TableName':'t'}"))
    #expect(try reads(GetItem.self, keyed) && !reads(GetItem.self, "{'TableName':7,'Key':{}}"))
    #expect(try reads(Query.self, keyed) && !reads(Query.self, "{'Limit':1}"))
    #expect(try reads(Scan.self, keyed) && !reads(Scan.self, "{'TableName':null}"))
    #expect(RequestMembersReader(["not", "an object"]) == nil)
    let get = "{'TransactItems':[{'Get':{'TableName':'t','Key':{}}}]}"
    #expect(try reads(TransactGetItems.self, get))
    #expect(try !reads(TransactGetItems.self, "{'TransactItems':[{}]}"))
    let put = "{'TransactItems':[{'Put':{'TableName':'t','Item':{}}},{}]}"
    #expect(try reads(TransactWriteItems.self, put))
    #expect(try !reads(TransactWriteItems.self, keyed))
    #expect(try reads(BatchWriteItem.self, "{'RequestItems':{'t':[{}]}}"))
    #expect(try !reads(BatchWriteItem.self, "{'RequestItems':{'t':[7]}}"))
  }

  @Test("every case is asked")
  func count() { #expect(Self.cases.count == 22 && Self.batches.count == 9) }
}
