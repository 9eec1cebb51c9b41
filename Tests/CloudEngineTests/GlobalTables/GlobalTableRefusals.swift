// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

/// A cloud with global tables in each state, all with items but `empty`.
///
/// - `orders` has ACTIVE replicas in eu-west-1 and, added from there, ap-south-1;
/// - `plain`, `sales` and `busy` have one Region: `sales` provisioned units, `busy` is UPDATING;
/// - `growing` has a replica in eu-west-1 that is CREATING, `young` one that is not listed yet;
/// - `shrinking` has one in eu-west-1 that is DELETING, `guarded` one that is protected;
/// - `keyed` is encrypted under the AWS managed key; in eu-west-1 stands a foreign `taken`.
private struct GlobalWorld {
  var bench: Bench

  init() throws {
    bench = try Bench.withReplicas()
    try bench.replicate("orders", "{'Create':{'RegionName':'ap-south-1'}}", from: "eu-west-1")
    for name in ["shrinking", "guarded", "plain", "growing", "young", "taken", "keyed"] {
      try bench.makeTable(name)
      try bench.put("a", 1, into: name)
    }
    try bench.call("CreateTable", Bench.salesInput)
    try bench.call("CreateTable", RefusalWorld.plainInput.replacing("'plain'", with: "'busy'"))
    try bench.call(
      "CreateTable", Bench.ordersInput.replacing("'orders'", with: "'taken'"),
      as: bench.inRegion("eu-west-1"))
    try bench.call("UpdateTable", "{'TableName':'keyed','SSESpecification':{'Enabled':true}}")
    for name in ["shrinking", "guarded"] {
      try bench.replicate(name, "{'Create':{'RegionName':'eu-west-1'}}")
    }
    bench.wait(.seconds(600))
    try bench.call(
      "UpdateTable", "{'TableName':'guarded','DeletionProtectionEnabled':true}",
      as: bench.inRegion("eu-west-1"))
    try bench.replicate("growing", "{'Create':{'RegionName':'eu-west-1'}}")
    try bench.replicate("shrinking", "{'Delete':{'RegionName':'eu-west-1'}}")
    bench.wait(.seconds(80))
    try bench.replicate("young", "{'Create':{'RegionName':'eu-west-1'}}")
    try bench.call(
      "UpdateTable",
      "{'TableName':'busy','ProvisionedThroughput':"
        + "{'ReadCapacityUnits':6,'WriteCapacityUnits':6}}")
  }

  static let shared = Result { try GlobalWorld() }
  static let fingerprint = Result { try shared.get().bench.cloud.fingerprint() }
}

@Suite("Refusals about global tables")
struct GlobalTableRefusals {
  struct Row: Sendable, CustomTestStringConvertible {
    let table: String
    let input: String
    let error: String
    let region: String
    let operation: String
    let source: SourceLocation

    init(
      _ table: String, _ input: String, _ error: String, in region: String = "us-east-1",
      operation: String = "UpdateTable", line: Int = #line
    ) {
      (self.table, self.input, self.error) = (table, input, error)
      (self.region, self.operation) = (region, operation)
      source = SourceLocation(fileID: #fileID, filePath: #filePath, line: line, column: 1)
    }

    var testDescription: String { "\(table) in \(region): \(input)" }
  }

  private static func updates(_ actions: String) -> String { "'ReplicaUpdates':[\(actions)]" }
  private static func create(_ region: String, _ more: String = "") -> String {
    "{'Create':{'RegionName':'\(region)'\(more)}}"
  }
  private static func update(_ region: String, _ more: String = "") -> String {
    "{'Update':{'RegionName':'\(region)'\(more)}}"
  }
  private static func delete(_ region: String) -> String { "{'Delete':{'RegionName':'\(region)'}}" }

  private static let alone =
    Words.values + "Replica modification must be the only operation in the request"
  private static let nothing =
    Words.validation + "There are no actions specified in the Replica Update Action of the request."
  private static let mixed =
    Words.validation
    + "Update table operation with more than one type of replica actions not allowed."
  private static let several =
    Words.validation
    + "Update table operation with more than one create or delete replica actions not allowed"
  private static let local =
    Words.validation
    + "Cannot add or delete the local region through ReplicaUpdates. Use CreateTable, DeleteTable, "
    + "or UpdateTable as required."
  private static let inUse =
    "ResourceInUseException: The resource which you are attempting to change is in use."
  private static let isSource =
    Words.validation
    + "Replica cannot be deleted because it has acted as a source region for new replica(s) being "
    + "added to the table in the last 24 hours."
  private static let infrequent = ",'TableClassOverride':'STANDARD_INFREQUENT_ACCESS'"

  private static func exists(_ table: String) -> String {
    Words.validation + "Failed to create a the new replica of table with name: ‘\(table)’ because "
      + "one or more replicas already existed as tables."
  }

  private static func strangers(_ region: String) -> String {
    Words.validation
      + "Update global table operation failed because one or more replicas were not part of the "
      + "global table. Please retry the request without these replicas: [\(region)]."
  }

  private static func protected(_ table: String) -> String {
    Words.validation + "Cannot delete table \(table) in region eu-west-1 because it has deletion "
      + "protection enabled. Disable deletion protection first."
  }

  private static func unsupported(_ region: String) -> String {
    Words.validation + "Region \(region) is not supported. The latest version of global tables are "
      + "only supported in the following regions: "
      + "[\(Partition.commercial.regions.joined(separator: ", "))]"
  }

  private static let shapes: [Row] = [
    Row("plain", updates(create("eu-west-1")) + ",'DeletionProtectionEnabled':true", alone),
    Row("plain", updates(create("eu-west-1")) + ",'SSESpecification':{'Enabled':true}", alone),
    Row("plain", updates(create("eu-west-1")) + ",'BillingMode':'PAY_PER_REQUEST'", alone),
    Row(
      "plain", updates(create("eu-west-1")) + ",'StreamSpecification':{'StreamEnabled':false}",
      alone),
    Row("plain", updates("{}"), nothing),
    Row("orders", updates(update("eu-west-1")), nothing),
    Row(
      "orders", updates(update("eu-west-1", ",'GlobalSecondaryIndexes':[{'IndexName':'abc'}]")),
      nothing),
    Row(
      "plain", updates("{'Create':{'RegionName':'eu-west-1'},'Delete':{'RegionName':'eu-west-1'}}"),
      mixed),
    Row("orders", updates(create("eu-west-2") + "," + delete("eu-west-1")), mixed),
    Row("plain", updates(create("eu-west-1") + "," + create("eu-west-2")), several),
    Row("orders", updates(delete("eu-west-1") + "," + delete("ap-south-1")), several),
    Row("orders", updates(create("us-east-1")), local),
    Row("orders", updates(delete("eu-west-1")), local, in: "eu-west-1"),
    Row("plain", updates(create("us-fake-1")), unsupported("us-fake-1")),
    Row("plain", updates(create("EU-WEST-1")), unsupported("EU-WEST-1")),
    Row("plain", updates(create("cn-north-1")), unsupported("cn-north-1")),
    Row("nowhere", updates(create("eu-west-1")), Words.missing + ": Table: nowhere not found"),
    Row(
      "plain", "'MultiRegionConsistency':'EVENTUAL'",
      Words.validation
        + "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
        + "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, "
        + "MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, "
        + "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required"
    ),
    Row(
      "orders", updates(create("eu-west-2")) + ",'MultiRegionConsistency':'EVENTUAL'",
      Words.validation + "MultiRegionConsistency parameter is unsupported on existing global table"
    ),
    Row(
      "orders", updates(delete("eu-west-1")) + ",'MultiRegionConsistency':'EVENTUAL'",
      Words.validation
        + "Only Replica Create actions are supported when MultiRegionConsistency parameter is "
        + "provided."),
    Row(
      "plain", updates(create("eu-west-1")) + ",'MultiRegionConsistency':'STRONG'",
      Words.validation
        + "Unsupported replica count for global tables with MultiRegionConsistency set to STRONG."),
  ]

  private static let membership: [Row] = [
    Row("orders", updates(create("eu-west-1")), exists("orders")),
    Row("taken", updates(create("eu-west-1")), exists("taken")),
    Row("shrinking", updates(create("eu-west-1")), exists("shrinking")),
    Row("orders", updates(delete("ca-central-1")), strangers("ca-central-1")),
    Row("plain", updates(delete("eu-west-1")), strangers("eu-west-1")),
    Row("orders", updates(update("ca-central-1", infrequent)), strangers("ca-central-1")),
    Row("young", updates(delete("eu-west-1")), strangers("eu-west-1")),
    Row("young", updates(update("eu-west-1", infrequent)), strangers("eu-west-1")),
    Row("orders", updates(delete("eu-west-1")), isSource),
    Row("orders", updates(delete("us-east-1")), isSource, in: "ap-south-1"),
    Row("guarded", updates(delete("eu-west-1")), protected("guarded")),
    Row(
      "sales", updates(create("eu-west-1")),
      Words.validation + "Table write capacity should either be Pay-Per-Request or AutoScaled."),
    Row(
      "orders",
      updates(update("eu-west-1", ",'ProvisionedThroughputOverride':{'ReadCapacityUnits':5}")),
      Words.validation
        + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
        + "PAY_PER_REQUEST"),
    Row(
      "plain", updates(create("eu-west-1", ",'KMSMasterKeyId':'alias/aws/dynamodb'")),
      Words.values + "KMSMasterKeyId must be specified for each replica."),
    Row(
      "orders", updates(update("eu-west-1", ",'KMSMasterKeyId':'alias/aws/dynamodb'")),
      Words.values + "KMSMasterKeyId must be specified for each replica."),
  ]

  private static let states: [Row] = [
    Row("young", updates(create("eu-west-1")), inUse),
    Row("young", updates(create("eu-west-2")), inUse),
    Row("young", "'DeletionProtectionEnabled':true", inUse),
    Row("growing", updates(create("eu-west-2")), inUse),
    Row("growing", "'TableClass':'STANDARD_INFREQUENT_ACCESS'", inUse),
    Row(
      "growing", "'StreamSpecification':{'StreamEnabled':false}",
      Words.values + "Disabling Stream is not allowed for a Global Table replica."),
    Row(
      "orders", "'StreamSpecification':{'StreamEnabled':false}",
      Words.values + "Disabling Stream is not allowed for a Global Table replica.", in: "eu-west-1"
    ),
    Row(
      "orders", "'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'KEYS_ONLY'}",
      Words.validation + "Table already has an enabled stream: TableName: orders"),
    Row(
      "growing", updates(create("eu-west-2")),
      Words.validation
        + "Create/Update/Delete of replica is not allowed while the replica is being added to "
        + "table with name: growing in region eu-west-1.", in: "eu-west-1"),
    Row("growing", updates(delete("us-east-1")), isSource, in: "eu-west-1"),
    Row("growing", "", isSource, operation: "DeleteTable"),
    Row(
      "growing", "", Words.inUse + "Table: growing is being used.", in: "eu-west-1",
      operation: "DeleteTable"),
    Row("shrinking", updates(delete("eu-west-1")), inUse),
    Row("shrinking", updates(create("eu-west-2")), inUse),
    Row("shrinking", "'DeletionProtectionEnabled':true", inUse),
    Row("shrinking", "", isSource, operation: "DeleteTable"),
    Row("shrinking", "", inUse, in: "eu-west-1", operation: "DeleteTable"),
    Row("orders", "", isSource, operation: "DeleteTable"),
    Row("orders", "", isSource, in: "eu-west-1", operation: "DeleteTable"),
    Row("guarded", "", protected("guarded"), in: "eu-west-1", operation: "DeleteTable"),
    Row(
      "busy", updates(create("eu-west-1")),
      Words.inUse + "Table IOPS are currently being updated. Table: busy"),
    Row(
      "orders",
      "'BillingMode':'PROVISIONED','ProvisionedThroughput':"
        + "{'ReadCapacityUnits':5,'WriteCapacityUnits':5}",
      "NotSimulated: BillingMode PROVISIONED of a global table is not simulated by Rewind. "
        + "Nothing was changed."),
  ]

  @Test("they have the service's words and change nothing", arguments: shapes + membership + states)
  func refusals(_ row: Row) throws {
    var world = try GlobalWorld.shared.get()
    let refusal = world.bench.refusal(
      row.operation, "{'TableName':'\(row.table)'\(row.input.isEmpty ? "" : ",")\(row.input)}",
      as: world.bench.inRegion(row.region))
    #expect(refusal == row.error, sourceLocation: row.source)
    let fingerprint = try GlobalWorld.fingerprint.get()
    #expect(world.bench.cloud.fingerprint() == fingerprint, sourceLocation: row.source)
  }

  @Test("what may be done while a replica is being added or deleted")
  func admitted() throws {
    var world = try GlobalWorld.shared.get()
    for table in ["young", "growing", "shrinking"] {
      let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/\(table)"
      for (operation, input) in [
        ("PutItem", "{'TableName':'\(table)','Item':{'id':{'S':'b'}}}"),
        ("CreateBackup", "{'TableName':'\(table)','BackupName':'now'}"),
        ("TagResource", "{'ResourceArn':'\(arn)','Tags':[{'Key':'k','Value':'v'}]}"),
        (
          "UpdateTimeToLive",
          "{'TableName':'\(table)','TimeToLiveSpecification':{'Enabled':true,'AttributeName':'t'}}"
        ),
        (
          "UpdateContinuousBackups",
          "{'TableName':'\(table)','PointInTimeRecoverySpecification':"
            + "{'PointInTimeRecoveryEnabled':true}}"
        ),
      ] {
        #expect(throws: Never.self, "\(operation) \(table)") {
          try world.bench.call(operation, input)
        }
      }
    }
  }

  @Test("the same addition twice in one request is one addition")
  func twice() throws {
    var world = try GlobalWorld.shared.get()
    try world.bench.replicate("plain", Self.create("eu-west-1") + "," + Self.create("eu-west-1"))
    world.bench.wait(.seconds(560))
    #expect(
      world.bench.describe("Replicas.0.ReplicaStatus", of: "plain", in: "us-east-1") == "'ACTIVE'")
    #expect(world.bench.describe("Replicas.1.RegionName", of: "plain", in: "us-east-1") == "absent")
  }
}

/// What the service refuses of version 2017.11.29.
extension Refusals {
  static let globalTables: [Refusal] = [
    Refusal(
      "CreateGlobalTable",
      "{'GlobalTableName':'orders','ReplicationGroup':[{'RegionName':'us-east-1'}]}", legacy),
    Refusal(
      "UpdateGlobalTable",
      "{'GlobalTableName':'orders','ReplicaUpdates':[{'Create':{'RegionName':'eu-west-1'}}]}",
      legacy),
    Refusal(
      "UpdateGlobalTable",
      "{'GlobalTableName':'orders','ReplicaUpdates':[{'Delete':{'RegionName':'eu-west-1'}}]}",
      notFound + "Global table with name: 'orders' does not exist."),
    Refusal(
      "UpdateGlobalTable", "{'GlobalTableName':'orders','ReplicaUpdates':[]}",
      Words.validation + "One or more parameter values were invalid"),
    Refusal(
      "DescribeGlobalTable", "{'GlobalTableName':'orders'}",
      notFound + "Global table not found: Global table with name: 'orders' does not exist."),
    Refusal(
      "DescribeGlobalTableSettings", "{'GlobalTableName':'orders'}",
      notFound + "Global table with name: 'orders' does not exist."),
    Refusal(
      "ListGlobalTables", "{'RegionName':'us-fake-9'}",
      Words.values + "Region us-fake-9 is not supported."),
  ]

  private static let notFound = "GlobalTableNotFoundException: "
  private static let legacy =
    Words.values + "DynamoDB global tables version 2017.11.29 is not supported. We recommend using "
    + "DynamoDB global tables version 2019.11.21, instead of version 2017.11.29 (Legacy)."
}
