// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ServiceModel
import Testing

@Suite("Answers")
struct ResponseEncoderTests {
  private struct Throughput: Codable { var readCapacityUnits: Int }

  private struct Index: Codable {
    var keySchema: Document
    var indexName: String
    var itemCount: Int64?
  }

  private struct Description: Codable {
    var tableStatus: String
    var creationDateTime: Double?
    var tableName: String
    var sseDescription: Document?
    var provisionedThroughput: Throughput?
    var globalSecondaryIndexes: [Index]?
    var deletionProtectionEnabled: Bool?
  }

  private struct DescribeTable: Codable { var table: Description? }

  private func output(_ operation: String) throws -> Shape {
    try #require(Service.dynamodb.operation(named: operation)?.output)
  }

  @Test("members carry the model's names in the model's order, nil ones are left out")
  func order() throws {
    let table = Description(
      tableStatus: "ACTIVE", creationDateTime: 1_772_818_800.25, tableName: "orders",
      sseDescription: ["Status": "ENABLED"], provisionedThroughput: .init(readCapacityUnits: 5),
      globalSecondaryIndexes: [.init(keySchema: [], indexName: "by-day", itemCount: 7)],
      deletionProtectionEnabled: nil)
    let answer = try ResponseEncoder.encode(
      DescribeTable(table: table), as: output("DescribeTable"))
    let expected: String =
      #"{"Table":{"TableName":"orders","TableStatus":"ACTIVE","CreationDateTime":1772818800.25,"#
      + #""ProvisionedThroughput":{"ReadCapacityUnits":5},"GlobalSecondaryIndexes":"#
      + #"[{"IndexName":"by-day","KeySchema":[],"ItemCount":7}],"#
      + #""SSEDescription":{"Status":"ENABLED"}}}"#
    #expect(compact(answer) == expected)
  }

  @Test("what is encoded decodes to the same, and back to the same document")
  func roundTrip() throws {
    let shape = try output("DescribeTable")
    let document: Document = [
      "Table": [
        "TableName": "t", "TableStatus": "CREATING",
        "GlobalSecondaryIndexes": [
          ["IndexName": "a", "KeySchema": [["AttributeName": "x", "KeyType": "HASH"]]],
          ["IndexName": "b", "KeySchema": []],
        ], "DeletionProtectionEnabled": true,
      ]
    ]
    let (value, unread) = try RequestDecoder.decode(
      DescribeTable.self, from: document, shape: shape)
    #expect(unread.isEmpty)
    #expect(try compact(ResponseEncoder.encode(value, as: shape)) == compact(document))
  }

  @Test("the entries of a map keep their order; those of a dictionary are sorted")
  func maps() throws {
    struct Ordered: Encodable { var responses: OrderedEntries<Document> }
    struct Unordered: Encodable { var responses: [String: [Document]] }
    let shape = try output("BatchGetItem")
    #expect(
      compact(try ResponseEncoder.encode(Ordered(responses: ["z": [], "a": []]), as: shape))
        == #"{"Responses":{"z":[],"a":[]}}"#)
    #expect(
      compact(
        try ResponseEncoder.encode(
          Unordered(responses: ["z": [], "a": [["id": ["S": "1"]]], "B": [], "é": []]), as: shape))
        == #"{"Responses":{"B":[],"a":[{"id":{"S":"1"}}],"z":[],"é":[]}}"#)
  }

  @Test("types that encode themselves as one value, and nothing at all")
  func singleValues() throws {
    struct Status: Encodable {
      let text: String?
      func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let text { try container.encode(text) } else { try container.encodeNil() }
      }
    }
    struct Table: Encodable { var tableStatus: Status; var tableName: Status }
    struct Answer: Encodable { var table: Table }
    struct Empty: Encodable {}
    let shape = try output("DescribeTable")
    let answer = Answer(
      table: .init(tableStatus: .init(text: "ACTIVE"), tableName: .init(text: nil)))
    #expect(
      compact(try ResponseEncoder.encode(answer, as: shape))
        == #"{"Table":{"TableStatus":"ACTIVE"}}"#)
    #expect(compact(try ResponseEncoder.encode(Empty(), as: shape)) == "{}")
  }

  @Test("containers made by hand come to their places")
  func nestedContainers() throws {
    struct Answer: Encodable {
      enum Key: CodingKey { case table }
      enum Member: CodingKey { case tableName, globalSecondaryIndexes, indexName }
      func encode(to encoder: any Encoder) throws {
        var answer = encoder.container(keyedBy: Key.self)
        var table = answer.nestedContainer(keyedBy: Member.self, forKey: .table)
        var indexes = table.nestedUnkeyedContainer(forKey: .globalSecondaryIndexes)
        for name in ["b", "a"] {
          var index = indexes.nestedContainer(keyedBy: Member.self)
          try index.encode(name, forKey: .indexName)
        }
        try table.encode("t", forKey: .tableName)
      }
    }
    let answer = try ResponseEncoder.encode(Answer(), as: output("DescribeTable"))
    let expected: String =
      #"{"Table":{"TableName":"t","GlobalSecondaryIndexes":"#
      + #"[{"IndexName":"b"},{"IndexName":"a"}]}}"#
    #expect(compact(answer) == expected)
  }

  @Test("a property that the model does not know stops the program")
  func unknownProperty() async {
    await #expect(processExitsWith: .failure) {
      struct DescribeTable: Encodable { var tabel: String? }
      let shape = Service.dynamodb.operation(named: "DescribeTable")?.output
      if let shape { _ = try ResponseEncoder.encode(DescribeTable(tabel: nil), as: shape) }
    }
  }

  private func compact(_ document: Document) -> String { document.json(.compact) }
}
