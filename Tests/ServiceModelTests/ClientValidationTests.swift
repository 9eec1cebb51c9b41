// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import Testing

@testable import ServiceModel

/// What the AWS CLI says of an input before it sends it; the lines are those of botocore 1.43.11's
/// own validator.
@Suite("Client side validation")
struct ClientValidationTests {
  @Test("problems are told in the CLI's words and order", arguments: table)
  func problems(row: String) throws {
    let lines = row.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let names = lines[0].split(separator: " ").map(String.init)
    let shape = try #require(Service.named(names[0])?.operation(named: names[1])?.input)
    let input = try Document.parse(lines[1])
    #expect(clientProblems(of: input, as: shape) == Array(lines[2...]))
  }

  @Test("one of a union's members must be given, and no other")
  func union() {
    let plain = WireTraits(payload: nil, isFlattened: false, elementName: nil)
    let text = Shape(
      name: "Text", kind: .string, minimum: nil, maximum: nil, pattern: nil, enumeration: [],
      isUnion: false, isSensitive: false, exception: nil, wire: plain, namespace: "")
    let union = Shape(
      name: "Either", kind: .structure, minimum: nil, maximum: nil, pattern: nil, enumeration: [],
      isUnion: true, isSensitive: false, exception: nil, wire: plain, namespace: "")
    union.setMembers(
      ["A", "B"].map {
        Member(
          name: $0, shape: text, isRequired: false, location: nil, locationName: nil,
          isIdempotencyToken: false, isStreaming: false)
      }, required: [])
    #expect(clientProblems(of: ["A": "x"], as: union).isEmpty)
    #expect(
      clientProblems(of: [:], as: union) == [
        "Must set one of the following keys for tagged unionstructure input: A, B."
      ])
    #expect(
      clientProblems(of: ["A": "x", "B": "y"], as: union) == [
        "Invalid number of parameters set for tagged union structure input. "
          + "Can only set one of the following keys: A, B."
      ])
  }

  @Test("what is an instant can be said by the caller")
  func instants() throws {
    let shape = try #require(Service.dynamodb.operation(named: "RestoreTableToPointInTime")?.input)
    let input: Document = ["TargetTableName": "abc", "RestoreDateTime": "tomorrow"]
    #expect(clientProblems(of: input, as: shape).count == 1)
    #expect(clientProblems(of: input, as: shape, isTimestamp: { $0 == "tomorrow" }).isEmpty)
  }

  @Test(
    "ISO 8601 dates and numbers of seconds are instants",
    arguments: [
      ("1772818800", true), ("1772818800.25", true), ("-1", true), ("1e9", true), (".5", true),
      ("2026-03-06", true), ("20260306", true), ("2026-03-06T17:40", true),
      ("2026-03-06T17:40:00Z", true), ("2026-03-06T17:40:00.123Z", true),
      ("2026-03-06 17:40:00+02:00", true), ("20260306T174000Z", true),
      ("2026-03-06T17:40:00 UTC", true), ("", false), ("notadate", false), ("2026-13-01", false),
      ("2026-03-32", false), ("2026-03-06T24:00", false), ("2026-03-06T17:60", false),
      ("2026-03-06T17:40:00Q", false), ("1.2.3", false),
    ])
  func timestampTexts(text: String, isTimestamp: Bool) {
    #expect(isTimestampText(text) == isTimestamp)
  }

  /// Each row: service and operation, the input, then the lines expected.
  static let table: [String] = [
    ##"""
    dynamodb CreateBackup
    {}
    Missing required parameter in input: "TableName"
    Missing required parameter in input: "BackupName"
    """##,
    ##"""
    dynamodb CreateBackup
    {"TableName":"T","BackupName":"ab"}
    Invalid length for parameter BackupName, value: 2, valid min length: 3
    """##,
    ##"""
    dynamodb CreateBackup
    {"TableName":"","BackupName":"abc"}
    Invalid length for parameter TableName, value: 0, valid min length: 1
    """##,
    ##"""
    dynamodb CreateBackup
    {"TableName":"T","BackupName":"bad name!"}
    """##,
    ##"""
    dynamodb CreateBackup
    {"TableName":null,"BackupName":17}
    Invalid type for parameter TableName, value: None, type: <class 'NoneType'>, valid types: \##
    <class 'str'>
    Invalid type for parameter BackupName, value: 17, type: <class 'int'>, valid types: <class\##
     'str'>
    """##,
    ##"""
    dynamodb CreateBackup
    {"BackupName":true,"Bogus":1,"tableName":"x"}
    Missing required parameter in input: "TableName"
    Unknown parameter in input: "Bogus", must be one of: TableName, BackupName
    Unknown parameter in input: "tableName", must be one of: TableName, BackupName
    Invalid type for parameter BackupName, value: True, type: <class 'bool'>, valid types: <cl\##
    ass 'str'>
    """##,
    ##"""
    dynamodb CreateBackup
    []
    Invalid type for parameter input, value: [], type: <class 'list'>, valid types: <class 'di\##
    ct'>
    """##,
    ##"""
    dynamodb CreateBackup
    "text"
    Invalid type for parameter input, value: text, type: <class 'str'>, valid types: <class 'd\##
    ict'>
    """##,
    ##"""
    dynamodb UpdateContinuousBackups
    {"TableName":"T","PointInTimeRecoverySpecification":{}}
    Missing required parameter in PointInTimeRecoverySpecification: "PointInTimeRecoveryEnable\##
    d"
    """##,
    ##"""
    dynamodb UpdateContinuousBackups
    {"TableName":"T","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true,"Bo\##
    gus":"x","RecoveryPeriodInDays":0}}
    Unknown parameter in PointInTimeRecoverySpecification: "Bogus", must be one of: PointInTim\##
    eRecoveryEnabled, RecoveryPeriodInDays
    Invalid value for parameter PointInTimeRecoverySpecification.RecoveryPeriodInDays, value: \##
    0, valid min value: 1
    """##,
    ##"""
    dynamodb UpdateContinuousBackups
    {"TableName":"T","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":"true","\##
    RecoveryPeriodInDays":36}}
    Invalid type for parameter PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled, va\##
    lue: true, type: <class 'str'>, valid types: <class 'bool'>
    """##,
    ##"""
    dynamodb UpdateContinuousBackups
    {"TableName":"T","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":1,"Recov\##
    eryPeriodInDays":false}}
    Invalid type for parameter PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled, va\##
    lue: 1, type: <class 'int'>, valid types: <class 'bool'>
    Invalid value for parameter PointInTimeRecoverySpecification.RecoveryPeriodInDays, value: \##
    False, valid min value: 1
    """##,
    ##"""
    dynamodb UpdateContinuousBackups
    {"TableName":"T","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true,"Re\##
    coveryPeriodInDays":1.5}}
    Invalid type for parameter PointInTimeRecoverySpecification.RecoveryPeriodInDays, value: 1\##
    .5, type: <class 'float'>, valid types: <class 'int'>
    """##,
    ##"""
    dynamodb UpdateContinuousBackups
    {"TableName":"T","PointInTimeRecoverySpecification":"on"}
    Invalid type for parameter PointInTimeRecoverySpecification, value: on, type: <class 'str'\##
    >, valid types: <class 'dict'>
    """##,
    ##"""
    dynamodb RestoreTableToPointInTime
    {"TargetTableName":"ab","RestoreDateTime":"notadate"}
    Invalid length for parameter TargetTableName, value: 2, valid min length: 3
    Invalid type for parameter RestoreDateTime, value: notadate, type: <class 'str'>, valid ty\##
    pes: <class 'datetime.datetime'>, timestamp-string
    """##,
    ##"""
    dynamodb RestoreTableToPointInTime
    {"TargetTableName":"abc","RestoreDateTime":"2026-03-06T17:40:00Z"}
    """##,
    ##"""
    dynamodb RestoreTableToPointInTime
    {"TargetTableName":"abc","RestoreDateTime":"2026-03-06"}
    """##,
    ##"""
    dynamodb RestoreTableToPointInTime
    {"TargetTableName":"abc","RestoreDateTime":"1772818800.5"}
    """##,
    ##"""
    dynamodb RestoreTableToPointInTime
    {"TargetTableName":"abc","RestoreDateTime":1772818800}
    """##,
    ##"""
    dynamodb RestoreTableToPointInTime
    {"TargetTableName":"abc","RestoreDateTime":["x"]}
    Invalid type for parameter RestoreDateTime, value: ['x'], type: <class 'list'>, valid type\##
    s: <class 'datetime.datetime'>, timestamp-string
    """##,
    ##"""
    dynamodb RestoreTableToPointInTime
    {"TargetTableName":"abc","RestoreDateTime":null}
    Invalid type for parameter RestoreDateTime, value: None, type: <class 'NoneType'>, valid t\##
    ypes: <class 'datetime.datetime'>, timestamp-string
    """##,
    ##"""
    dynamodb RestoreTableToPointInTime
    {"TargetTableName":"abc","UseLatestRestorableTime":0,"BillingModeOverride":"bogus","Global\##
    SecondaryIndexOverride":[{"IndexName":"ab","KeySchema":[]},7,"x"]}
    Invalid type for parameter UseLatestRestorableTime, value: 0, type: <class 'int'>, valid t\##
    ypes: <class 'bool'>
    Missing required parameter in GlobalSecondaryIndexOverride[0]: "Projection"
    Invalid length for parameter GlobalSecondaryIndexOverride[0].IndexName, value: 2, valid mi\##
    n length: 3
    Invalid length for parameter GlobalSecondaryIndexOverride[0].KeySchema, value: 0, valid mi\##
    n length: 1
    Invalid type for parameter GlobalSecondaryIndexOverride[1], value: 7, type: <class 'int'>,\##
     valid types: <class 'dict'>
    Invalid type for parameter GlobalSecondaryIndexOverride[2], value: x, type: <class 'str'>,\##
     valid types: <class 'dict'>
    """##,
    ##"""
    dynamodb ListTables
    {"Limit":0}
    Invalid value for parameter Limit, value: 0, valid min value: 1
    """##,
    ##"""
    dynamodb ListTables
    {"Limit":101,"ExclusiveStartTableName":"a"}
    Invalid length for parameter ExclusiveStartTableName, value: 1, valid min length: 3
    """##,
    ##"""
    dynamodb ListTables
    {"Limit":"3"}
    Invalid type for parameter Limit, value: 3, type: <class 'str'>, valid types: <class 'int'\##
    >
    """##,
    ##"""
    dynamodb ListTables
    {"Limit":[1,2.5,1e100,1e-7,1e16,123456789012345680.0,null,{"a'b":"c\"d'","e":"\u00e9\n\u00\##
    07\u200b"}]}
    Invalid type for parameter Limit, value: [1, 2.5, 1e+100, 1e-07, 1e+16, 1.2345678901234568\##
    e+17, None, {"a'b": 'c"d\'', 'e': 'é\n\x07\u200b'}], type: <class 'list'>, valid types: <c\##
    lass 'int'>
    """##,
    ##"""
    dynamodb PutItem
    {"TableName":"T","Item":{"id":{"S":5},"n":{"Q":"x"},"m":{"M":{"k":{"L":[{"N":1}]}}},"":{"B\##
    ":7}}}
    Invalid type for parameter Item.id.S, value: 5, type: <class 'int'>, valid types: <class '\##
    str'>
    Unknown parameter in Item.n: "Q", must be one of: S, N, B, SS, NS, BS, M, L, NULL, BOOL
    Invalid type for parameter Item.m.M.k.L[0].N, value: 1, type: <class 'int'>, valid types: \##
    <class 'str'>
    Invalid type for parameter Item..B, value: 7, type: <class 'int'>, valid types: <class 'by\##
    tes'>, <class 'bytearray'>, file-like object
    """##,
    ##"""
    dynamodb PutItem
    {"TableName":"T","Item":{"id":"plain","ss":{"SS":["a",1,null,true]}}}
    Invalid type for parameter Item.id, value: plain, type: <class 'str'>, valid types: <class\##
     'dict'>
    Invalid type for parameter Item.ss.SS[1], value: 1, type: <class 'int'>, valid types: <cla\##
    ss 'str'>
    Invalid type for parameter Item.ss.SS[2], value: None, type: <class 'NoneType'>, valid typ\##
    es: <class 'str'>
    Invalid type for parameter Item.ss.SS[3], value: True, type: <class 'bool'>, valid types: \##
    <class 'str'>
    """##,
    ##"""
    dynamodb PutItem
    {"TableName":"T","Item":[]}
    Invalid type for parameter Item, value: [], type: <class 'list'>, valid types: <class 'dic\##
    t'>
    """##,
    ##"""
    dynamodb BatchWriteItem
    {"RequestItems":{"":[],"T":[{"PutRequest":{}},{"DeleteRequest":{"Key":{}}},{"X":1}]}}
    Invalid length for parameter RequestItems (key: ), value: 0, valid min length: 1
    Invalid length for parameter RequestItems., value: 0, valid min length: 1
    Missing required parameter in RequestItems.T[0].PutRequest: "Item"
    Unknown parameter in RequestItems.T[2]: "X", must be one of: PutRequest, DeleteRequest
    """##,
    ##"""
    dynamodb BatchWriteItem
    {"RequestItems":{}}
    """##,
    ##"""
    dynamodb BatchGetItem
    {"RequestItems":{"T":{"Keys":[]},"U":[]}}
    Invalid length for parameter RequestItems.T.Keys, value: 0, valid min length: 1
    Invalid type for parameter RequestItems.U, value: [], type: <class 'list'>, valid types: <\##
    class 'dict'>
    """##,
    ##"""
    dynamodb CreateTable
    {"TableName":"T","KeySchema":[],"AttributeDefinitions":[{"AttributeName":"a","AttributeTyp\##
    e":"X"}],"ProvisionedThroughput":{"ReadCapacityUnits":0,"WriteCapacityUnits":-1}}
    Invalid length for parameter KeySchema, value: 0, valid min length: 1
    Invalid value for parameter ProvisionedThroughput.ReadCapacityUnits, value: 0, valid min v\##
    alue: 1
    Invalid value for parameter ProvisionedThroughput.WriteCapacityUnits, value: -1, valid min\##
     value: 1
    """##,
    ##"""
    dynamodb CreateTable
    {"TableName":"T","KeySchema":[{"AttributeName":"","KeyType":"Q"}],"Tags":[{"Key":""},{"Val\##
    ue":"v"}],"Bogus":{}}
    Unknown parameter in input: "Bogus", must be one of: AttributeDefinitions, TableName, KeyS\##
    chema, LocalSecondaryIndexes, GlobalSecondaryIndexes, BillingMode, ProvisionedThroughput, \##
    StreamSpecification, SSESpecification, Tags, TableClass, DeletionProtectionEnabled, WarmTh\##
    roughput, ResourcePolicy, OnDemandThroughput, GlobalTableSourceArn, GlobalTableSettingsRep\##
    licationMode
    Invalid length for parameter KeySchema[0].AttributeName, value: 0, valid min length: 1
    Missing required parameter in Tags[0]: "Value"
    Invalid length for parameter Tags[0].Key, value: 0, valid min length: 1
    Missing required parameter in Tags[1]: "Key"
    """##,
    ##"""
    dynamodb TagResource
    {"ResourceArn":"a","Tags":["Key=a"]}
    Invalid type for parameter Tags[0], value: Key=a, type: <class 'str'>, valid types: <class\##
     'dict'>
    """##,
    ##"""
    dynamodb UntagResource
    {"ResourceArn":"a","TagKeys":["",1]}
    Invalid length for parameter TagKeys[0], value: 0, valid min length: 1
    Invalid type for parameter TagKeys[1], value: 1, type: <class 'int'>, valid types: <class \##
    'str'>
    """##,
    ##"""
    dynamodb TransactWriteItems
    {"TransactItems":[]}
    Invalid length for parameter TransactItems, value: 0, valid min length: 1
    """##,
    ##"""
    dynamodb UpdateItem
    {"TableName":"T","Key":{"id":{"S":"a"}},"ExpressionAttributeNames":{"#a":1},"ExpressionAtt\##
    ributeValues":{":v":{"S":"x","N":"1"}}}
    Invalid type for parameter ExpressionAttributeNames.#a, value: 1, type: <class 'int'>, val\##
    id types: <class 'str'>
    """##,
    ##"""
    dynamodb DescribeEndpoints
    {"x":1}
    Unknown parameter in input: "x", must be one of: 
    """##,
    ##"""
    backup CreateBackupVault
    {"BackupVaultName":"a"}
    """##,
    ##"""
    backup CreateBackupVault
    {"BackupVaultTags":{"a":1},"CreatorRequestId":5}
    Missing required parameter in input: "BackupVaultName"
    Invalid type for parameter BackupVaultTags.a, value: 1, type: <class 'int'>, valid types: \##
    <class 'str'>
    Invalid type for parameter CreatorRequestId, value: 5, type: <class 'int'>, valid types: <\##
    class 'str'>
    """##,
    ##"""
    backup CreateBackupPlan
    {"BackupPlan":{"BackupPlanName":"p","Rules":[{"RuleName":"r"}]}}
    Missing required parameter in BackupPlan.Rules[0]: "TargetBackupVaultName"
    """##,
    ##"""
    backup StartBackupJob
    {"BackupVaultName":"v","ResourceArn":"a","IamRoleArn":"r","StartWindowMinutes":1.0,"Lifecy\##
    cle":{"DeleteAfterDays":"7"}}
    Invalid type for parameter StartWindowMinutes, value: 1.0, type: <class 'float'>, valid ty\##
    pes: <class 'int'>
    Invalid type for parameter Lifecycle.DeleteAfterDays, value: 7, type: <class 'str'>, valid\##
     types: <class 'int'>
    """##,
    ##"""
    backup ListBackupJobs
    {"MaxResults":0,"ByCreatedAfter":"yesterday"}
    Invalid value for parameter MaxResults, value: 0, valid min value: 1
    Invalid type for parameter ByCreatedAfter, value: yesterday, type: <class 'str'>, valid ty\##
    pes: <class 'datetime.datetime'>, timestamp-string
    """##,
    ##"""
    cloudtrail LookupEvents
    {"MaxResults":0,"LookupAttributes":[{"AttributeKey":"EventName"}],"StartTime":"2026-03-06T\##
    17:40:00+02:00"}
    Invalid value for parameter MaxResults, value: 0, valid min value: 1
    Missing required parameter in LookupAttributes[0]: "AttributeValue"
    """##,
    ##"""
    sts AssumeRole
    {"RoleArn":"short","RoleSessionName":"x","DurationSeconds":10,"Tags":[{"Key":"k"}]}
    Invalid length for parameter RoleArn, value: 5, valid min length: 20
    Invalid length for parameter RoleSessionName, value: 1, valid min length: 2
    Invalid value for parameter DurationSeconds, value: 10, valid min value: 900
    Missing required parameter in Tags[0]: "Value"
    """##,
    ##"""
    sts GetCallerIdentity
    {}
    """##,
  ]
}
