// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ServiceModel
import Testing

@Suite("Requests")
struct RequestDecoderTests {
  private struct Throughput: Decodable { let readCapacityUnits: Int64 }

  private struct Index: Decodable {
    let indexName: String
    let keySchema: Document
  }

  private struct CreateTable: Decodable {
    let tableName: Name
    let keySchema: Document
    let sseSpecification: Document?
    let deletionProtectionEnabled: Bool?
    let provisionedThroughput: Throughput?
    let globalSecondaryIndexes: [Index]?
  }

  /// A type that reads itself from a single value.
  private struct Name: Decodable, Equatable {
    let text: String
    init(from decoder: any Decoder) throws {
      text = try decoder.singleValueContainer().decode(String.self)
      if text == "refused" { throw Refusal() }
    }
  }

  private struct Refusal: Error {}

  private func input(_ operation: String) throws -> Shape {
    try #require(Service.dynamodb.operation(named: operation)?.input)
  }

  @Test("members meet properties without regard to case, documents as they are")
  func members() throws {
    let keys: Document = [["AttributeName": "id", "KeyType": "HASH"]]
    let (request, unread) = try RequestDecoder.decode(
      CreateTable.self,
      from: [
        "TableName": "orders", "KeySchema": keys, "SSESpecification": ["Enabled": true],
        "DeletionProtectionEnabled": false, "ProvisionedThroughput": ["ReadCapacityUnits": 5.0],
      ], shape: input("CreateTable"))
    #expect(request.tableName.text == "orders")
    #expect(request.keySchema == keys)
    #expect(request.sseSpecification?["Enabled"] == true)
    #expect(request.deletionProtectionEnabled == false)
    #expect(request.provisionedThroughput?.readCapacityUnits == 5)
    #expect(request.globalSecondaryIndexes == nil)
    #expect(unread.isEmpty)
  }

  @Test(
    "members that no property asks for are reported, each path once; unknown and null ones are not")
  func unreadMembers() throws {
    let (_, unread) = try RequestDecoder.decode(
      CreateTable.self,
      from: [
        "Tags": [["Key": "a", "Value": "b"]], "TableName": "orders", "KeySchema": [],
        "BillingMode": nil, "Bogus": 1, "tablename": "lower",
        "ProvisionedThroughput": ["WriteCapacityUnits": 1, "ReadCapacityUnits": 1],
        "GlobalSecondaryIndexes": [
          ["IndexName": "a", "KeySchema": [], "WarmThroughput": [:]],
          ["IndexName": "b", "KeySchema": [], "WarmThroughput": [:], "Projection": [:]],
        ],
      ], shape: input("CreateTable"))
    #expect(
      unread == [
        "ProvisionedThroughput.WriteCapacityUnits", "GlobalSecondaryIndexes[].WarmThroughput",
        "GlobalSecondaryIndexes[].Projection", "Tags",
      ])
  }

  @Test("a map keeps the order of its entries and reports what is unread in them")
  func maps() throws {
    struct KeysAndAttributes: Decodable { let keys: [Document] }
    struct BatchGetItem: Decodable { let requestItems: OrderedEntries<KeysAndAttributes> }
    let (request, unread) = try RequestDecoder.decode(
      BatchGetItem.self,
      from: [
        "RequestItems": [
          "zebra": ["Keys": [["id": ["S": "1"]]], "ConsistentRead": true],
          "apple": ["Keys": [], "ConsistentRead": false],
        ]
      ], shape: input("BatchGetItem"))
    #expect(request.requestItems.elements.map(\.name) == ["zebra", "apple"])
    #expect(request.requestItems.elements.first?.value.keys == [["id": ["S": "1"]]])
    #expect(unread == ["RequestItems.*.ConsistentRead"])
  }

  @Test("a type that asks for nothing leaves everything unread")
  func nothingAsked() throws {
    struct Nothing: Decodable {}
    let (_, unread) = try RequestDecoder.decode(
      Nothing.self, from: ["Limit": 3], shape: input("ListTables"))
    #expect(unread == ["Limit"])
  }

  @Test("what a type throws comes through unchanged")
  func refusal() throws {
    #expect(throws: Refusal.self) {
      try RequestDecoder.decode(
        CreateTable.self, from: ["TableName": "refused", "KeySchema": []],
        shape: input("CreateTable"))
    }
  }

  @Test("a missing member or another kind of value is a decoding error")
  func decodingErrors() throws {
    struct ListTables: Decodable { let limit: Int }
    for input: Document in [[:], ["Limit": nil], ["Limit": "3"], ["Limit": 1e30], "text"] {
      #expect(throws: DecodingError.self, "\(input)") {
        try RequestDecoder.decode(ListTables.self, from: input, shape: self.input("ListTables"))
      }
    }
  }

  @Test("a property that the model does not know stops the program")
  func unknownProperty() async {
    await #expect(processExitsWith: .failure) {
      struct ListTables: Decodable { let limitt: Int? }
      let shape = Service.dynamodb.operation(named: "ListTables")?.input
      if let shape { _ = try RequestDecoder.decode(ListTables.self, from: [:], shape: shape) }
    }
  }
}
