// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

/// A cloud with tables that are or cannot become strongly consistent.
///
/// - `orders` has three replicas, `witnessed` two and a witness, `guarded` a protected replica;
/// - `plain` is fit for it; `full` has an item, `mortal` expires, `sales` has local indexes;
/// - `loose` has an eventually consistent replica; `far` stands in us-west-1.
private struct StrongWorld {
  var bench: Bench

  init() throws {
    bench = try Bench.withOrders()
    for name in ["witnessed", "plain", "full", "mortal", "loose", "guarded"] {
      try bench.makeTable(name)
    }
    try bench.call(
      "CreateTable",
      Bench.ordersInput.replacing("'orders'", with: "'far'"), as: bench.inRegion("us-west-1"))
    try bench.call(
      "CreateTable",
      "{'TableName':'sales','BillingMode':'PAY_PER_REQUEST','AttributeDefinitions':"
        + "[{'AttributeName':'customer','AttributeType':'S'},"
        + "{'AttributeName':'at','AttributeType':'N'},"
        + "{'AttributeName':'amount','AttributeType':'N'}],"
        + "'KeySchema':[{'AttributeName':'customer','KeyType':'HASH'},"
        + "{'AttributeName':'at','KeyType':'RANGE'}],'LocalSecondaryIndexes':[\(Bench.lsi)]}")
    try bench.put("a", 1, into: "full")
    try bench.call(
      "UpdateTimeToLive",
      "{'TableName':'mortal','TimeToLiveSpecification':{'Enabled':true,'AttributeName':'t'}}")
    bench.wait(.seconds(30))
    try bench.makeStrong(witness: false)
    try bench.makeStrong("witnessed", witness: true)
    try bench.makeStrong("guarded", witness: true)
    try bench.replicate("loose", "{'Create':{'RegionName':'eu-west-1'}}")
    bench.wait(.seconds(120))
    try bench.call(
      "UpdateTable", "{'TableName':'guarded','DeletionProtectionEnabled':true}",
      as: bench.inRegion("us-east-2"))
    bench.wait(.minutes(2))
  }

  static let shared = Result { try StrongWorld() }
  static let fingerprint = Result { try shared.get().bench.cloud.fingerprint() }
}

@Suite("Refusals about strong consistency")
struct StrongRefusals {
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
      (self.table, self.input, self.region) = (table, input, region)
      self.error = error.contains(": ") ? error : Words.validation + error
      self.operation = operation
      source = SourceLocation(fileID: #fileID, filePath: #filePath, line: line, column: 1)
    }

    var testDescription: String { "\(operation) \(table): \(input)" }
  }

  /// Updates in brief: `+` creates and `-` deletes a replica, `w+` and `w-` a witness.
  private static func updates(_ changes: String, _ consistency: String? = "STRONG") -> String {
    let words = changes.split(separator: " ").map(String.init)
    func list(_ sign: String, _ kind: String) -> [String] {
      words.filter { $0.hasPrefix(sign) }
        .map { "{'\(kind)':{'RegionName':'\($0.dropFirst(sign.count))'}}" }
    }
    let replicas = (list("+", "Create") + list("-", "Delete")).joined(separator: ",")
    let witnesses = (list("w+", "Create") + list("w-", "Delete")).joined(separator: ",")
    return [
      consistency.map { "'MultiRegionConsistency':'\($0)'" },
      replicas.isEmpty ? nil : "'ReplicaUpdates':[\(replicas)]",
      witnesses.isEmpty ? nil : "'GlobalTableWitnessUpdates':[\(witnesses)]",
    ].compactMap { $0 }.joined(separator: ",")
  }

  private static let strong = "global tables with MultiRegionConsistency set to STRONG"
  private static let count = "Unsupported replica count for \(strong)."
  private static let nothing =
    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
    + "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, "
    + "MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, "
    + "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required"
  private static let onlyOne = "Deletion of only one table replica is not supported for \(strong)."
  private static let existing =
    "MultiRegionConsistency parameter is unsupported on existing global table"
  private static let needsStrong =
    "MultiRegionConsistency must be set as STRONG when GlobalTableWitnessUpdates parameter is "
    + "present."
  private static let createsOnly =
    "Only Replica Create actions are supported when MultiRegionConsistency parameter is provided."
  private static let alone =
    "Requests that modify replicas or witnesses must not also modify other fields"
  private static let several =
    "Update table operation with more than one create or delete replica actions not allowed"
  private static let mixed =
    "Update table operation with more than one type of replica actions not allowed."
  private static func regions(_ names: String) -> String {
    Words.validation + "Unsupported Region(s) specified for \(strong): [\(names)]."
  }
  private static func strangers(_ kind: String, _ region: String) -> String {
    Words.validation
      + "Update global table operation failed because one or more \(kind) were not part of the "
      + "global table. Please retry the request without these \(kind): [\(region)]."
  }

  private static let shapes: [Row] = [
    Row("plain", updates("+us-east-2"), count),
    Row("plain", updates("+us-east-2 +us-west-2 +eu-west-1"), count),
    Row("plain", updates("+us-east-2 +us-west-2 w+eu-west-1"), count),
    Row("plain", updates("+us-east-2 +us-east-2"), count),
    Row("plain", updates("w+us-east-2"), nothing),
    Row("plain", updates(""), nothing),
    Row("plain", updates("+us-east-2 w+us-west-2", nil), needsStrong),
    Row("plain", updates("+us-east-2 w+us-west-2", "EVENTUAL"), needsStrong),
    Row("plain", updates("+us-east-2 +us-west-2", nil), several),
    Row("plain", updates("+us-east-2 +us-west-2", "EVENTUAL"), several),
    Row(
      "plain", updates("+us-east-2 w+us-east-2"),
      "Cannot target multiple regions with the same action"),
    Row(
      "plain", updates("+us-east-2 w+us-east-1"),
      "Cannot add a witness in the same region as an existing replica when creating a global table "
        + "with MultiRegionConsistency set to STRONG."),
    Row("plain", updates("+us-west-1 +us-east-2"), regions("us-west-1")),
    Row("plain", updates("+us-east-2 w+us-west-1"), regions("us-west-1")),
    Row("plain", updates("+us-west-1 w+us-west-1"), regions("us-west-1")),
    Row("far", updates("+us-west-2 w+us-east-1"), regions("us-west-1"), in: "us-west-1"),
    Row(
      "plain", updates("+us-east-2 w+eu-west-1"),
      "NotSimulated: MultiRegionConsistency STRONG over Regions of different Region sets is not "
        + "simulated by Rewind. Nothing was changed."),
    Row("plain", updates("+us-east-2 w+us-west-2") + ",'DeletionProtectionEnabled':true", alone),
    Row("plain", updates("+us-east-2 +us-west-2") + ",'TableClass':'STANDARD'", alone),
    Row("plain", updates("+us-east-2 w-us-west-2"), mixed),
    Row(
      "plain",
      updates("+us-east-2") + ",'GlobalTableWitnessUpdates':[{}]",
      "There are no actions specified in the Replica Update Action of the request."),
    Row(
      "plain",
      updates("+us-east-2") + ",'GlobalTableWitnessUpdates':[{'Create':{'RegionName':'us-west-2'},"
        + "'Delete':{'RegionName':'us-west-2'}}]", mixed),
    Row(
      "full", updates("+us-east-2 w+us-west-2"),
      "A global table with MultiRegionConsistency set to STRONG can be created from an empty table "
        + "only."),
    Row(
      "mortal", updates("+us-east-2 w+us-west-2"), "Time to Live is not supported for \(strong)."),
    Row(
      "sales", updates("+us-east-2 w+us-west-2"),
      "Local secondary indexes are not supported for \(strong)."),
  ]

  private static let membership: [Row] = [
    Row("loose", updates("+us-west-1"), count),
    Row("loose", updates("+us-east-2 +us-west-2"), existing),
    Row("loose", updates("-eu-west-1 w-us-west-2", nil), strangers("witnesses", "us-west-2")),
    Row("witnessed", updates("+eu-west-1"), count),
    Row("witnessed", updates("+us-east-2 +us-west-2"), existing),
    Row(
      "witnessed", updates("+eu-west-1", nil),
      "Cannot add replicas to a global table with strong MultiRegionConsistency"),
    Row("witnessed", updates("+eu-west-1", "EVENTUAL"), existing),
    Row("witnessed", updates("-us-east-2"), createsOnly),
    Row(
      "witnessed", updates("-us-east-2", nil),
      "Update table delete operation does not include all witnesses."),
    Row("witnessed", updates("-us-east-2 w-eu-west-1", nil), strangers("witnesses", "eu-west-1")),
    Row("witnessed", updates("-eu-west-1 w-us-west-2", nil), strangers("replicas", "eu-west-1")),
    Row("witnessed", updates("w-us-west-2", nil), nothing),
    Row("witnessed", updates("w-us-west-2"), nothing),
    Row("witnessed", "", onlyOne, operation: "DeleteTable"),
    Row("witnessed", "", onlyOne, in: "us-east-2", operation: "DeleteTable"),
    Row("orders", "", onlyOne, in: "us-west-2", operation: "DeleteTable"),
    Row("orders", updates("-us-east-2", nil), onlyOne),
    Row("orders", updates("-us-east-2 w-us-west-2", nil), strangers("witnesses", "us-west-2")),
    Row(
      "guarded", updates("-us-east-2 w-us-west-2", nil),
      Words.validation + "Cannot delete table guarded in region us-east-2 because it has deletion "
        + "protection enabled. Disable deletion protection first."),
  ]

  private static let key = "'Key':{'id':{'S':'a'}}"
  private static let uses: [Row] = [
    Row(
      "orders", "'TimeToLiveSpecification':{'Enabled':true,'AttributeName':'t'}",
      "Time to Live is not supported for \(strong).", operation: "UpdateTimeToLive"),
    Row(
      "",
      "'TransactItems':[{'Get':{'TableName':'plain',\(key)}},{'Get':{'TableName':'orders',\(key)}}]",
      "Transactions are not supported for \(strong).", operation: "TransactGetItems"),
    Row(
      "", "'TransactItems':[{'Delete':{'TableName':'orders',\(key)}}]",
      "Transactions are not supported for \(strong).", in: "us-east-2",
      operation: "TransactWriteItems"),
    Row(
      "",
      "'TransactStatements':[{'Statement':'DELETE FROM orders WHERE id=?','Parameters':[{'S':'a'}]}]",
      "Transactions are not supported for \(strong).", operation: "ExecuteTransaction"),
  ]

  @Test("they have the service's words and change nothing", arguments: shapes + membership + uses)
  func refusals(_ row: Row) throws {
    var world = try StrongWorld.shared.get()
    let table = row.table.isEmpty ? nil : "'TableName':'\(row.table)'"
    let input = [table, row.input.isEmpty ? nil : row.input].compactMap { $0 }
    let refusal = world.bench.refusal(
      row.operation, "{\(input.joined(separator: ","))}", as: world.bench.inRegion(row.region))
    #expect(refusal == row.error, sourceLocation: row.source)
    let fingerprint = try StrongWorld.fingerprint.get()
    #expect(world.bench.cloud.fingerprint() == fingerprint, sourceLocation: row.source)
  }

  @Test("while one is made or dissolved, nothing else is changed about it")
  func states() throws {
    var bench = try Bench.withOrders()
    let inUse = "ResourceInUseException: The resource which you are attempting to change is in use."
    try bench.makeStrong(witness: true)
    #expect(
      bench.refusal("UpdateTable", "{'TableName':'orders','DeletionProtectionEnabled':true}")
        == inUse)
    bench.wait(.minutes(2))
    try bench.dissolve(witness: true)
    #expect(
      bench.refusal(
        "UpdateTable", "{'TableName':'orders',\(Self.updates("-us-east-2 w-us-west-2", nil))}")
        == inUse)
    bench.wait(.seconds(44))
    #expect(
      bench.refusal("UpdateTable", "{'TableName':'orders','DeletionProtectionEnabled':true}")
        == inUse)
  }
}
