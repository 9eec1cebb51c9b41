// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ServiceModel
import Testing

/// The one look at a request that spares most of them the two thorough ones.
@Suite("Requests plainly within the model")
struct QuickCheckTests {
  @Test("the usual requests are")
  func usual() throws {
    let requests: [(String, Document)] = [
      ("PutItem", ["TableName": "orders", "Item": ["pk": ["S": "a"]], "ReturnValues": "NONE"]),
      ("GetItem", ["TableName": "orders", "Key": ["pk": ["S": "a"]], "ConsistentRead": true]),
      (
        "Query",
        [
          "TableName": "orders", "KeyConditionExpression": "#p = :p", "Limit": 1, "Unknown": [],
          "ExpressionAttributeNames": ["#p": "pk"], "ExpressionAttributeValues": [":p": ["N": "1"]],
        ]
      ),
      ("CreateBackup", ["TableName": "orders", "BackupName": "nightly", "TableArn": nil]),
      ("BatchGetItem", ["RequestItems": ["orders": ["Keys": [["pk": ["S": "a"]]]]]]),
    ]
    for (operation, input) in requests {
      let shape = try #require(Service.dynamodb.operation(named: operation)?.input)
      #expect(shape.plainlyAdmits(input), "\(operation)")
    }
  }

  @Test(
    "the rows of the thorough looks agree",
    arguments: ServiceValidationTests.kinds + ServiceValidationTests.limits)
  func kinds(row: ServiceValidationTests.Row) throws {
    let shape = try #require(Service.dynamodb.operation(named: row.operation)?.input)
    if row.message != nil { #expect(!shape.plainlyAdmits(row.input)) }
  }

  @Test("whatever is, the thorough looks find nothing wrong with", arguments: Service.names)
  func agreement(service name: String) throws {
    var chance = Chance(state: 7)
    var (plain, wrong) = (0, 0)
    for operation in try #require(Service.named(name)).operations {
      guard let shape = operation.input else { continue }
      for _ in 0..<60 {
        let input = chance.value(for: shape, depth: 0)
        let words = serializationError(of: input, as: shape) ?? violations(of: input, as: shape)
        if words != nil { wrong += 1 }
        guard shape.plainlyAdmits(input) else { continue }
        plain += 1
        #expect(words == nil, "\(operation.name) \(input.json())")
      }
    }
    #expect(plain > 5 && wrong > 5)
  }
}

/// Values that are mostly of a shape's kind, with lengths and numbers on both sides of its limits.
private struct Chance {
  var state: UInt64

  mutating func draw(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }

  mutating func value(for shape: Shape, depth: Int) -> Document {
    if draw(40) == 0 { return [nil, true, 5, 2.5, "text", [], [:]][draw(7)] }
    switch shape.kind {
    case .structure: return structure(shape, depth: depth)
    case .list:
      let element = shape.element
      return .array(
        (0..<count(shape)).map { _ in element.map { value(for: $0, depth: depth + 1) } ?? nil })
    case .map:
      let (key, content) = (shape.key, shape.value)
      let entries = (0..<count(shape)).compactMap { number -> (String, Document)? in
        guard let key, let content else { return nil }
        return (text(key) + String(number), value(for: content, depth: depth + 1))
      }
      return Document(members: entries)
    case .string: return .string(text(shape))
    case .boolean: return .bool(draw(2) == 0)
    case .integer, .long: return .integer(Int64(count(shape, most: 1_000_000)))
    case .float, .double, .timestamp: return .double(Double(draw(100)) / 2)
    case .blob: return "AAEC"
    }
  }

  private mutating func structure(_ shape: Shape, depth: Int) -> Document {
    if shape.name == "AttributeValue" { return ["S": "a"] }
    var members: [(String, Document)] = []
    for member in shape.members where depth < 5 {
      guard member.isRequired ? draw(30) != 0 : draw(5) == 0 else { continue }
      members.append((member.name, value(for: member.shape, depth: depth + 1)))
    }
    return Document(members: members)
  }

  /// A length around one of the limits.
  private mutating func count(_ shape: Shape, most: Int = 300) -> Int {
    let edges = [shape.minimum, shape.maximum].compactMap(\.self).filter { $0 < most }
    guard !edges.isEmpty, draw(3) != 0 else { return draw(3) }
    return max(0, edges[draw(edges.count)] + draw(3) - 1)
  }

  private mutating func text(_ shape: Shape) -> String {
    if !shape.enumeration.isEmpty, draw(8) != 0 {
      return shape.enumeration[draw(shape.enumeration.count)]
    }
    let letter = ["a", "Z", "é", "😀", " ", "1"][draw(6)]
    return String(repeating: letter, count: count(shape))
  }
}
