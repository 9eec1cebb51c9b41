// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ServiceModel
import Testing

@Suite("Service side validation")
struct ServiceValidationTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let operation: String
    let input: Document
    let message: String?
    var testDescription: String { "\(operation) \(input.json(.compact).prefix(200))" }

    init(_ operation: String, _ input: Document, _ message: String?) {
      self.operation = operation
      self.input = input
      self.message = message
    }
  }

  private func input(_ operation: String) throws -> Shape {
    try #require(Service.dynamodb.operation(named: operation)?.input)
  }

  // MARK: Kinds

  static let kinds: [Row] = [
    Row("CreateBackup", ["TableName": "T", "BackupName": "abc"], nil),
    Row("CreateBackup", ["TableName": nil, "Bogus": ["x": 1]], nil),
    Row("CreateBackup", ["TableName": 23], "NUMBER_VALUE cannot be converted to String"),
    Row("CreateBackup", ["TableName": 34.56], "DECIMAL_VALUE cannot be converted to String"),
    Row("CreateBackup", ["TableName": true], "TRUE_VALUE cannot be converted to String"),
    Row("CreateBackup", ["TableName": false], "FALSE_VALUE cannot be converted to String"),
    Row("CreateBackup", ["TableName": []], "Unrecognized collection type class java.lang.String"),
    Row("CreateBackup", ["TableName": [:]], "Start of structure or map found where not expected"),
    Row(
      "CreateBackup", ["BackupName": 1, "TableName": true],
      "NUMBER_VALUE cannot be converted to String"),
    Row("ListBackups", ["Limit": 3.7], nil),
    Row("ListBackups", ["Limit": "23"], "STRING_VALUE cannot be converted to Integer"),
    Row("ListBackups", ["Limit": true], "TRUE_VALUE cannot be converted to Integer"),
    Row("ListBackups", ["Limit": []], "Unrecognized collection type class java.lang.Integer"),
    Row("ListBackups", ["TimeRangeLowerBound": 1_772_818_800.5], nil),
    Row(
      "ListBackups", ["TimeRangeLowerBound": "2026-03-06"],
      "STRING_VALUE cannot be converted to milliseconds since epoch"),
    Row(
      "CreateTable", ["ProvisionedThroughput": ["ReadCapacityUnits": "1"]],
      "STRING_VALUE cannot be converted to Long"),
    Row("GetItem", ["ConsistentRead": "true"], "Unexpected token received from parser"),
    Row("GetItem", ["ConsistentRead": 1], "NUMBER_VALUE cannot be converted to Boolean"),
    Row("GetItem", ["ConsistentRead": 1.5], "DECIMAL_VALUE cannot be converted to Boolean"),
    Row("GetItem", ["ConsistentRead": []], "Unrecognized collection type class java.lang.Boolean"),
    Row("GetItem", ["AttributesToGet": "a"], "Unexpected field type"),
    Row(
      "GetItem", ["AttributesToGet": [:]], "Start of structure or map found where not expected"),
    Row("GetItem", ["AttributesToGet": [1]], "NUMBER_VALUE cannot be converted to String"),
    Row("GetItem", ["Key": "a"], "Unexpected field type"),
    Row(
      "GetItem", ["Key": []],
      "Unrecognized collection type java.util.Map<java.lang.String, "
        + "com.amazonaws.dynamodb.v20120810.AttributeValue>"),
    Row("GetItem", ["Key": ["id": 5]], "Unexpected value type in payload"),
    Row(
      "GetItem", ["Key": ["id": []]],
      "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"),
    Row("GetItem", ["Key": ["id": ["S": 5]]], nil),
    Row(
      "GetItem", ["ExpressionAttributeNames": ["#a": true]],
      "TRUE_VALUE cannot be converted to String"),
    Row(
      "GetItem", ["ExpressionAttributeNames": []],
      "Unrecognized collection type java.util.Map<java.lang.String, java.lang.String>"),
    Row("CreateTable", ["ProvisionedThroughput": 1], "Unexpected field type"),
    Row(
      "CreateTable", ["ProvisionedThroughput": []],
      "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.ProvisionedThroughput"),
    Row("CreateTable", ["KeySchema": ["x"]], "Unexpected value type in payload"),
    Row("CreateTable", ["KeySchema": [nil]], nil),
    Row(
      "BatchWriteItem", ["RequestItems": []],
      "Unrecognized collection type java.util.Map<java.lang.String, "
        + "java.util.List<com.amazonaws.dynamodb.v20120810.WriteRequest>>"),
    Row(
      "BatchWriteItem", ["RequestItems": ["T": "x"]],
      "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class "
        + "java.lang.Class (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and "
        + "java.lang.Class are in module java.base of loader 'bootstrap')"),
  ]

  @Test("JSON of the wrong kind is told in the service's words", arguments: kinds)
  func wrongKinds(row: Row) throws {
    #expect(try serializationError(of: row.input, as: input(row.operation)) == row.message)
  }

  @Test(
    "bytes are base64",
    arguments: [
      ("", nil), ("AAAA", nil), ("AA==", nil), ("AAE=", nil),
      ("23456", "Base64 encoded length is expected a multiple of 4 bytes but found: 5"),
      ("=+/=", "Invalid last non-pad Base64 character dectected"),
      ("+/+=", "Invalid last non-pad Base64 character dectected"),
      ("AB==", "Invalid last non-pad Base64 character dectected"),
      ("A===", "Invalid last non-pad Base64 character dectected"),
      ("AA-_", "Invalid Base64 character: '-'"),
    ] as [(String, String?)])
  func base64(text: String, message: String?) throws {
    let shape = try #require(Service.dynamodb.shape(named: "BinarySetAttributeValue"))
    #expect(serializationError(of: [.string(text)], as: shape) == message)
    #expect(
      serializationError(of: [5], as: shape)
        == "only base-64-encoded strings are convertible to bytes")
    #expect(
      serializationError(of: [[]], as: shape)
        == "Unrecognized collection type class java.nio.ByteBuffer")
  }

  // MARK: Limits

  private static let one = "1 validation error detected: "
  private static let failed = "failed to satisfy constraint: "

  static let limits: [Row] = [
    Row("CreateBackup", ["TableName": "T", "BackupName": "abc"], nil),
    Row(
      "CreateBackup", ["TableName": "T", "BackupName": "bad name!"],
      one + "Value 'bad name!' at 'backupName' \(failed)"
        + "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
    Row(
      "CreateBackup", ["TableName": "T", "BackupName": "!"],
      "2 validation errors detected: Value '!' at 'backupName' \(failed)"
        + "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; "
        + "Value '!' at 'backupName' \(failed)Member must have length greater than or equal to 3"),
    Row(
      "CreateBackup", [:],
      "2 validation errors detected: Value null at 'tableName' \(failed)Member must not be null; "
        + "Value null at 'backupName' \(failed)Member must not be null"),
    Row(
      "CreateBackup", ["TableName": nil, "BackupName": "abc", "Bogus": 1],
      one + "Value null at 'tableName' \(failed)Member must not be null"),
    Row(
      "CreateBackup", ["TableName": "T", "BackupName": .string(.init(repeating: "x", count: 255))],
      nil),
    Row(
      "CreateBackup", ["TableName": "T", "BackupName": .string(.init(repeating: "x", count: 256))],
      one + "Value '\(String(repeating: "x", count: 256))' at 'backupName' \(failed)"
        + "Member must have length less than or equal to 255"),
    Row("ListBackups", ["Limit": 1], nil),
    Row("ListBackups", ["Limit": 100], nil),
    Row(
      "ListBackups", ["Limit": 0],
      one + "Value '0' at 'limit' \(failed)Member must have value greater than or equal to 1"),
    Row(
      "ListBackups", ["Limit": 101],
      one + "Value '101' at 'limit' \(failed)Member must have value less than or equal to 100"),
    Row(
      "ListBackups", ["BackupType": "BOGUS"],
      one + "Value 'BOGUS' at 'backupType' \(failed)"
        + "Member must satisfy enum value set: [SYSTEM, USER, AWS_BACKUP, ALL]"),
    Row("ListBackups", ["BackupType": "ALL"], nil),
    Row(
      "UpdateContinuousBackups", ["TableName": "T", "PointInTimeRecoverySpecification": [:]],
      one + "Value null at 'pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled' \(failed)"
        + "Member must not be null"),
    Row(
      "UpdateContinuousBackups",
      [
        "TableName": "T",
        "PointInTimeRecoverySpecification": [
          "PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 36,
        ],
      ],
      one + "Value '36' at 'pointInTimeRecoverySpecification.recoveryPeriodInDays' \(failed)"
        + "Member must have value less than or equal to 35"),
    Row(
      "CreateTable",
      [
        "AttributeDefinitions": [["AttributeName": "a", "AttributeType": "X"]], "TableName": "T",
        "KeySchema": [["AttributeName": "a", "KeyType": "X"], ["KeyType": "HASH"]],
        "BillingMode": "FREE", "StreamSpecification": [:],
      ],
      "5 validation errors detected: "
        + "Value 'X' at 'attributeDefinitions.1.member.attributeType' \(failed)"
        + "Member must satisfy enum value set: [B, N, S]; "
        + "Value 'X' at 'keySchema.1.member.keyType' \(failed)"
        + "Member must satisfy enum value set: [HASH, RANGE]; "
        + "Value null at 'keySchema.2.member.attributeName' \(failed)Member must not be null; "
        + "Value 'FREE' at 'billingMode' \(failed)"
        + "Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]; "
        + "Value null at 'streamSpecification.streamEnabled' \(failed)Member must not be null"),
    Row(
      "UpdateItem",
      [
        "TableName": "T", "Key": [:], "ReturnValues": "x", "ReturnConsumedCapacity": "x",
        "ReturnItemCollectionMetrics": "x", "ConditionalOperator": "x",
      ],
      "4 validation errors detected: "
        + "Value 'x' at 'conditionalOperator' \(failed)"
        + "Member must satisfy enum value set: [OR, AND]; "
        + "Value 'x' at 'returnValues' \(failed)Member must satisfy enum value set: "
        + "[ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]; "
        + "Value 'x' at 'returnConsumedCapacity' \(failed)"
        + "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; "
        + "Value 'x' at 'returnItemCollectionMetrics' \(failed)"
        + "Member must satisfy enum value set: [SIZE, NONE]"),
    Row(
      "BatchWriteItem", ["RequestItems": ["T": []]],
      one + "Value '{T=[]}' at 'requestItems' \(failed)Map value must satisfy constraint: "
        + "[Member must have length less than or equal to 25, "
        + "Member must have length greater than or equal to 1]"),
    Row(
      "BatchWriteItem", ["RequestItems": ["T": [["PutRequest": [:]]]]],
      one + "Value null at 'requestItems.T.member.1.member.putRequest.item' \(failed)"
        + "Member must not be null"),
    Row(
      "BatchGetItem", ["RequestItems": ["": ["Keys": [[:]]]]],
      one + "Value '{=KeysAndAttributes(keys=[{}], attributesToGet=null, consistentRead=null, "
        + "projectionExpression=null, expressionAttributeNames=null)}' at 'requestItems' \(failed)"
        + "Map keys must satisfy constraint: [Member must have length less than or equal to 1024, "
        + "Member must have length greater than or equal to 1]"),
    Row(
      "UntagResource", ["ResourceArn": "arn", "TagKeys": ["a", ""]],
      one + "Value '[a, ]' at 'tagKeys' \(failed)Member must satisfy constraint: "
        + "[Member must have length less than or equal to 128, "
        + "Member must have length greater than or equal to 1]"),
    Row(
      "PutItem", ["TableName": "T", "Item": ["id": ["S": 1, "N": 2], "x": [:]]], nil),
  ]

  @Test("values outside the limits are told in the service's words", arguments: limits)
  func brokenLimits(row: Row) throws {
    #expect(try violations(of: row.input, as: input(row.operation)) == row.message)
  }

  @Test("no more than ten are told")
  func tenAtMost() throws {
    let schema = Document.array(Array(repeating: ["KeyType": "x"], count: 20))
    let message = try #require(
      violations(of: ["TableName": "T", "KeySchema": schema], as: input("CreateTable")))
    #expect(message.hasPrefix("10 validation errors detected: "))
    #expect(message.components(separatedBy: "; Value ") == 10)
  }

  @Test("lists are shown with every member of their structures, attribute values by a checksum")
  func texts() throws {
    let transaction = try #require(
      violations(
        of: [
          "TransactItems": .array(
            Array(repeating: ["Put": ["TableName": "T", "Item": [:]]], count: 101))
        ],
        as: input("TransactWriteItems")))
    let start = """
      1 validation error detected: Value '[TransactWriteItem(conditionCheck=null, \
      put=Put(item={}, tableName=T, conditionExpression=null, expressionAttributeNames=null, \
      expressionAttributeValues=null, returnValuesOnConditionCheckFailure=null), \
      delete=null, update=null), TransactWriteItem(
      """
    #expect(transaction.hasPrefix(start))
    #expect(
      transaction.hasSuffix(
        "' at 'transactItems' failed to satisfy constraint: "
          + "Member must have length less than or equal to 100"))
    let writes = Document.array(
      Array(repeating: ["PutRequest": ["Item": ["id": ["S": "1"]]]], count: 26))
    let batch = try #require(
      violations(of: ["RequestItems": ["T": writes]], as: input("BatchWriteItem")))
    let expected: String =
      "1 validation error detected: Value '{T=[WriteRequest(putRequest=PutRequest(item={id="
      + "com.amazonaws.dynamodb.v20120810.AttributeValue@"
    #expect(batch.hasPrefix(expected))
    #expect(batch.contains("}), deleteRequest=null), WriteRequest("))
  }
}

extension String {
  /// How many parts a separator makes of the text.
  fileprivate func components(separatedBy separator: String) -> Int {
    var count = 1
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
