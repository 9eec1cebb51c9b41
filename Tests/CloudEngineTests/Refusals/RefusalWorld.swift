// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

/// A cloud with a table in each state, in which every row of the tables of refusals is refused.
///
/// - `orders` is ACTIVE with recovery, `sales` has one of everything, `plain` has no recovery and
///   5 read and 5 write units;
/// - `young` is CREATING and unknown to backups, `middling` CREATING and known, `fresh` ACTIVE and
///   not yet ready for backups, `busy` UPDATING, `going` just DELETING, `leaving` forgotten by backups;
/// - `growing` builds the index `extra`, `target` is being restored;
/// - `bins` has the binary key `b`, `r` and the index `by-pair` of the binary `g` and the string `h`.
///
/// - the topic `$TOPIC` gets what the rule `failures` passes on;
/// - the bucket `shelf` holds `a`, `far` lies in eu-west-1, `foreign` is another account's.
///
/// In rows `$ORDERS` is the ARN of `orders`, `$USED` that of the backup that feeds the restore,
/// `$FREE` of one that does not, `$SYSTEM` of the system backup of the deleted table `lost`, `$KEY`
/// that of a key with the alias `alias/held`, `$MANAGED` that of the key AWS manages for tables.
struct RefusalWorld {
  var bench = Bench()
  private var names: [(name: String, value: String)] = []

  static let plainInput = """
    {'TableName':'plain','AttributeDefinitions':[{'AttributeName':'id','AttributeType':'S'}],
     'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],
     'ProvisionedThroughput':{'ReadCapacityUnits':5,'WriteCapacityUnits':5}}
    """

  private static let binsInput = """
    {'TableName':'bins','BillingMode':'PAY_PER_REQUEST',
     'AttributeDefinitions':[{'AttributeName':'b','AttributeType':'B'},
      {'AttributeName':'r','AttributeType':'B'},{'AttributeName':'g','AttributeType':'B'},
      {'AttributeName':'h','AttributeType':'S'}],
     'KeySchema':[{'AttributeName':'b','KeyType':'HASH'},{'AttributeName':'r','KeyType':'RANGE'}],
     'GlobalSecondaryIndexes':[{'IndexName':'by-pair',
      'KeySchema':[{'AttributeName':'g','KeyType':'HASH'},{'AttributeName':'h','KeyType':'RANGE'}],
      'Projection':{'ProjectionType':'ALL'}}]}
    """

  init() throws {
    try bench.call("CreateTable", Bench.salesInput)
    try bench.call("CreateTable", Self.binsInput)
    for name in ["plain", "busy"] {
      try bench.call("CreateTable", Self.plainInput.replacing("'plain'", with: "'\(name)'"))
    }
    for name in ["orders", "lost", "going", "leaving", "growing"] { try bench.makeTable(name) }
    bench.wait(.seconds(30))
    for name in ["orders", "lost", "sales"] { try bench.recovery(true, of: name) }
    try bench.put("a", 1)
    try bench.call(
      "PutItem", "{'TableName':'plain','Item':{'id':{'S':'a'},'n':{'N':'1'},'s':{'S':'x'}}}")
    try bench.call(
      "UpdateTimeToLive",
      "{'TableName':'sales','TimeToLiveSpecification':{'Enabled':true,'AttributeName':'until'}}")
    bench.wait(.minutes(10))
    let used = try bench.backup(name: "used")
    let free = try bench.backup(name: "free")
    try bench.call("DeleteTable", "{'TableName':'lost'}")
    bench.wait(.seconds(60))
    let listed = try bench.call("ListBackups", "{'BackupType':'SYSTEM'}")
    let system = try listed.text("BackupSummaries.0.BackupArn")
    let orders = try bench.table("orders").arn
    let stream = try bench.streamARN(of: "sales")
    let shard = try bench.stream(stream).text("Shards.0.ShardId")
    names = [
      ("$USED", used), ("$FREE", free), ("$SYSTEM", system), ("$ORDERS", orders),
      ("$STREAM", stream), ("$SHARD", shard),
    ]
    try bench.restore(used, to: "target")
    try bench.call(
      "UpdateTable",
      """
      {'TableName':'growing','AttributeDefinitions':[{'AttributeName':'k','AttributeType':'S'}],
       'GlobalSecondaryIndexUpdates':[{'Create':{'IndexName':'extra',
        'KeySchema':[{'AttributeName':'k','KeyType':'HASH'}],
        'Projection':{'ProjectionType':'ALL'}}}]}
      """)
    bench.wait(.seconds(60))
    let sales = try bench.call("DescribeTable", "{'TableName':'sales'}")
    names += [
      ("$KEY", try bench.makeKey(alias: "alias/held")),
      ("$MANAGED", try sales.text("Table.SSEDescription.KMSMasterKeyArn")),
    ]
    try makeBuckets()
    try makeRule()
    names.append(("$TOPIC", Bench.alerts))
    try makeTransientStates()
    names.append(("$NOW", bench.now.flooredToSecond.rfc3339))
  }

  private mutating func makeBuckets() throws {
    let other = Caller(account: "111122223333", region: "us-east-1")
    try bench.call("CreateBucket", "{'Bucket':'shelf'}", service: "s3api")
    try bench.call("CreateBucket", "{'Bucket':'foreign'}", service: "s3api", as: other)
    try bench.call(
      "CreateBucket",
      "{'Bucket':'far','CreateBucketConfiguration':{'LocationConstraint':'eu-west-1'}}",
      service: "s3api")
    try bench.call(
      "PutObject", "{'Bucket':'shelf','Key':'a','Body':'YQ=='}", service: "s3api")
    try bench.call(
      "PutObject", "{'Bucket':'shelf','Key':'deep','StorageClass':'DEEP_ARCHIVE'}",
      service: "s3api")
    try bench.call(
      "ExportTableToPointInTime",
      filled("{'TableArn':'$ORDERS','S3Bucket':'shelf','ClientToken':'used-token'}"))
    try bench.call("ImportTable", Refusals.load(",'ClientToken':'used-token'", table: "loading"))
  }

  private mutating func makeRule() throws {
    try bench.call("CreateTopic", "{'Name':'alerts'}", service: "sns")
    try bench.call(
      "PutRule", "{'Name':'failures','EventPattern':'{\\'source\\':[\\'aws.backup\\']}'}",
      service: "events")
    try bench.call(
      "PutTargets", "{'Rule':'failures','Targets':[{'Id':'1','Arn':'\(Bench.alerts)'}]}",
      service: "events")
  }

  private mutating func makeTransientStates() throws {
    func input(_ name: String) -> String {
      Bench.ordersInput.replacing("'orders'", with: "'\(name)'")
    }
    try bench.call("CreateTable", input("fresh"))
    bench.wait(.seconds(4))
    try bench.call("CreateTable", input("middling"))
    bench.wait(.seconds(2))
    try bench.call("DeleteTable", "{'TableName':'leaving'}")
    bench.wait(.milliseconds(1500))
    try bench.call("CreateTable", input("young"))
    try bench.call("DeleteTable", "{'TableName':'going'}")
    try bench.call(
      "UpdateTable",
      "{'TableName':'busy','ProvisionedThroughput':"
        + "{'ReadCapacityUnits':6,'WriteCapacityUnits':6}}")
  }

  /// A row's text with its ARNs in place.
  func filled(_ text: String) -> String {
    names.reduce(text) { $0.replacing($1.name, with: $1.value) }
  }
}

/// All rows.
enum Refusals {
  static let all =
    tables + shapes + settings + backups + recovery + restores + items + olderParameters + reads
    + transactions
    + streams
    + throughput + observing + statements
    + policies + storage + transfers + globalTables + keyService
    + topics + eventRules + metrics + identity
    + others
}

@Suite("Refused requests")
struct RefusalTests {
  static let world = Result { try RefusalWorld() }
  static let fingerprint = Result { try world.get().bench.cloud.fingerprint() }
  static let fullFingerprint = Result { try world.get().bench.cloud.fullFingerprint() }

  @Test("a refused request says the service's own words", arguments: Refusals.all)
  func words(_ row: Refusal) throws {
    var world = try Self.world.get()
    let refusal = world.bench.refusal(
      row.operation, world.filled(row.input), service: row.service)
    #expect(withoutRequestID(refusal) == world.filled(row.error), sourceLocation: row.source)
  }

  @Test("a refused request changes nothing but what the audit trail saw", arguments: Refusals.all)
  func changesNothing(_ row: Refusal) throws {
    var world = try Self.world.get()
    _ = world.bench.refusal(row.operation, world.filled(row.input), service: row.service)
    let state = try Self.fingerprint.get()
    #expect(world.bench.cloud.fingerprint() == state, sourceLocation: row.source)
    let type = try #require(Catalog.operation(service: row.service, name: row.operation))
    let wasSeen = try world.bench.cloud.fullFingerprint() != Self.fullFingerprint.get()
    // DynamoDB's metrics count what was refused, too.
    let isMeasured = row.service == "dynamodb" && !row.error.hasPrefix("NotSimulated")
    #expect(wasSeen == (type.isManagementEvent || isMeasured), sourceLocation: row.source)
  }

  @Test("every operation that can be refused has a row")
  func coverage() {
    var rows = Set(Refusals.all.map { "\($0.service) \($0.operation)" })
    rows.formUnion(BackupServiceRefusalTests.all.map { "backup \($0.operation)" })
    rows.formUnion(OrganizationRefusalTests.all.map { "organizations \($0.operation)" })
    // Cost Explorer's refusals stand in tests of its own.
    let missing = Catalog.all.filter { $0.service != "ce" }
      .map { "\($0.service) \($0.name)" }.filter { !rows.contains($0) }
    #expect(
      missing == [
        "dynamodb DescribeEndpoints", "dynamodb DescribeLimits", "backup DescribeRegionSettings",
        "backup GetSupportedResourceTypes",
        "sts GetCallerIdentity",
      ])
  }

  @Test("what the engine does not simulate is said to be so, and nothing changes")
  func notSimulated() throws {
    var world = try Self.world.get()
    let before = world.bench.cloud.fingerprint()
    #expect(
      world.bench.refusal("Encrypt", "{'KeyId':'$KEY','Plaintext':'YQ=='}", service: "kms")
        == "NotSimulated: kms Encrypt is not simulated by Rewind. "
        + "Nothing was changed.")
    #expect(
      world.bench.refusal(
        "CreateTable",
        Bench.ordersInput.replacing("'orders',", with: "'other','GlobalTableSourceArn':'$ORDERS',"))
        == "NotSimulated: GlobalTableSourceArn of CreateTable is not simulated by Rewind. "
        + "Nothing was changed.")
    #expect(world.bench.cloud.fingerprint() == before)
  }
}
