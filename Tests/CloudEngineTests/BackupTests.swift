// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("On-demand backups")
struct BackupTests {
  static let unready =
    "ContinuousBackupsUnavailableException: Backups are being enabled for the table: orders. "
    + "Please retry later"

  @Test("a new table is unknown to backups for 3 s, refused until 3 s after ACTIVE, then taken")
  func readiness() throws {
    var bench = Bench()
    try bench.call("CreateTable", Bench.ordersInput)
    let input = "{'TableName':'orders','BackupName':'one'}"
    func answer(after milliseconds: Int64) -> String {
      bench.cloud.advance(to: Bench.start + .milliseconds(milliseconds))
      return bench.refusal("CreateBackup", input)
    }
    #expect(answer(after: 0) == "TableNotFoundException: Table not found: orders")
    #expect(answer(after: 2_999) == "TableNotFoundException: Table not found: orders")
    let status = "ContinuousBackupsDescription.ContinuousBackupsStatus"
    #expect(answer(after: 3_000) == Self.unready)
    #expect(
      try bench.show("DescribeContinuousBackups", "{'TableName':'orders'}", status)
        == "'DISABLED'")
    #expect(answer(after: 8_999) == Self.unready)
    bench.wait(.milliseconds(1))
    try bench.call("CreateBackup", input)
    #expect(
      try bench.show("DescribeContinuousBackups", "{'TableName':'orders'}", status) == "'ENABLED'")
  }

  @Test("a backup answers CREATING, is AVAILABLE 50 ms later and never expires")
  func creation() throws {
    var bench = try Bench.withOrders(start: Bench.start + .milliseconds(345))
    let answer = try bench.call("CreateBackup", "{'TableName':'orders','BackupName':'one'}")
    let arn = try answer.text("BackupDetails.BackupArn")
    let prefix = "arn:aws:dynamodb:us-east-1:123456789012:table/orders/backup/01780315210345-"
    #expect(arn.hasPrefix(prefix))
    let suffix = arn.dropFirst(prefix.count)
    #expect(suffix.count == 8 && suffix.allSatisfy { "0123456789abcdef".contains($0) })
    #expect(
      answer.show()
        == "{'BackupDetails':{'BackupArn':'\(arn)','BackupName':'one','BackupSizeBytes':0,"
        + "'BackupStatus':'CREATING','BackupType':'USER',"
        + "'BackupCreationDateTime':1780315210.345}}")
    let status = "BackupDescription.BackupDetails.BackupStatus"
    bench.wait(.milliseconds(49))
    #expect(try bench.show("DescribeBackup", "{'BackupArn':'\(arn)'}", status) == "'CREATING'")
    bench.wait(.milliseconds(1))
    #expect(try bench.show("DescribeBackup", "{'BackupArn':'\(arn)'}", status) == "'AVAILABLE'")
    bench.wait(.days(3_650))
    #expect(try bench.show("DescribeBackup", "{'BackupArn':'\(arn)'}", status) == "'AVAILABLE'")
  }

  @Test("a plain table's backup records the table and no features")
  func plainDescription() throws {
    var bench = try Bench.withOrders()
    let id = try bench.table("orders").id
    let arn = try bench.backup()
    let expected = """
      {'BackupDescription':{'BackupDetails':{'BackupArn':'\(arn)','BackupName':'backup',\
      'BackupSizeBytes':0,'BackupStatus':'AVAILABLE','BackupType':'USER',\
      'BackupCreationDateTime':1780315210.0},'SourceTableDetails':{'TableName':'orders',\
      'TableId':'\(id)','TableArn':'arn:aws:dynamodb:us-east-1:123456789012:table/orders',\
      'TableSizeBytes':0,'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],\
      'TableCreationDateTime':1780315200.0,'ProvisionedThroughput':{'ReadCapacityUnits':0,\
      'WriteCapacityUnits':0},'ItemCount':0,'BillingMode':'PAY_PER_REQUEST'},\
      'SourceTableFeatureDetails':{}}}
      """
    #expect(try bench.show("DescribeBackup", "{'BackupArn':'\(arn)'}") == expected)
  }

  @Test("a backup records indexes, stream, TTL and key as they were, whatever changes later")
  func richDescription() throws {
    var bench = try Bench.withSales()
    try bench.call(
      "UpdateTimeToLive",
      "{'TableName':'sales','TimeToLiveSpecification':{'Enabled':true,'AttributeName':'until'}}")
    let arn = try bench.backup("sales")
    let key = try bench.call("DescribeTable", "{'TableName':'sales'}")
      .text("Table.SSEDescription.KMSMasterKeyArn")
    let expected = """
      {'LocalSecondaryIndexes':[{'IndexName':'by-amount',\
      'KeySchema':[{'AttributeName':'customer','KeyType':'HASH'},\
      {'AttributeName':'amount','KeyType':'RANGE'}],'Projection':{'ProjectionType':'KEYS_ONLY'}}],\
      'GlobalSecondaryIndexes':[{'IndexName':'by-state',\
      'KeySchema':[{'AttributeName':'state','KeyType':'HASH'},\
      {'AttributeName':'at','KeyType':'RANGE'}],\
      'Projection':{'ProjectionType':'INCLUDE','NonKeyAttributes':['note']},\
      'ProvisionedThroughput':{'ReadCapacityUnits':3,'WriteCapacityUnits':4}}],\
      'StreamDescription':{'StreamEnabled':true,'StreamViewType':'NEW_IMAGE'},\
      'TimeToLiveDescription':{'TimeToLiveStatus':'ENABLED','AttributeName':'until'},\
      'SSEDescription':{'Status':'ENABLED','SSEType':'KMS','KMSMasterKeyArn':'\(key)'}}
      """
    let path = "BackupDescription.SourceTableFeatureDetails"
    #expect(try bench.show("DescribeBackup", "{'BackupArn':'\(arn)'}", path) == expected)
    try bench.call(
      "UpdateTable",
      "{'TableName':'sales','GlobalSecondaryIndexUpdates':[{'Update':{'IndexName':'by-state',"
        + "'ProvisionedThroughput':{'ReadCapacityUnits':9,'WriteCapacityUnits':9}}}]}")
    bench.wait(.seconds(5))
    #expect(try bench.show("DescribeBackup", "{'BackupArn':'\(arn)'}", path) == expected)
  }

  @Test("names need not be unique: each call makes a backup of its own, also within a millisecond")
  func names() throws {
    var bench = try Bench.withOrders()
    let input = "{'TableName':'orders','BackupName':'same'}"
    let first = try bench.call("CreateBackup", input).text("BackupDetails.BackupArn")
    let second = try bench.call("CreateBackup", input).text("BackupDetails.BackupArn")
    #expect(first != second)
    #expect(
      try bench.call("ListBackups", "{'TableName':'orders'}").at("BackupSummaries")?.array?.count
        == 2)
  }

  @Test("a table that is UPDATING, or DELETING for less than 1 s, is backed up")
  func transientTables() throws {
    var bench = try Bench.withOrders()
    try bench.call(
      "UpdateTable",
      "{'TableName':'orders','StreamSpecification':"
        + "{'StreamEnabled':true,'StreamViewType':'KEYS_ONLY'}}")
    let input = "{'TableName':'orders','BackupName':'one'}"
    try bench.call("CreateBackup", input)
    bench.wait(.seconds(4))
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.milliseconds(999))
    let arn = try bench.call("CreateBackup", input).text("BackupDetails.BackupArn")
    bench.wait(.milliseconds(1))
    #expect(
      bench.refusal("CreateBackup", input) == "TableNotFoundException: Table not found: orders")
    bench.wait(.seconds(10))
    #expect(
      try bench.show(
        "DescribeBackup", "{'BackupArn':'\(arn)'}", "BackupDescription.BackupDetails.BackupStatus")
        == "'AVAILABLE'")
  }

  @Test("a deleted backup answers DELETED with all it recorded and is gone at once")
  func deletion() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.backup()
    let described = try bench.show("DescribeBackup", "{'BackupArn':'\(arn)'}")
    let deleted = try bench.show("DeleteBackup", "{'BackupArn':'\(arn)'}")
    #expect(deleted == described.replacing("'AVAILABLE'", with: "'DELETED'"))
    for operation in ["DescribeBackup", "DeleteBackup"] {
      #expect(
        bench.refusal(operation, "{'BackupArn':'\(arn)'}")
          == "BackupNotFoundException: Backup not found: \(arn)")
    }
    #expect(try bench.show("ListBackups", "{}") == "{'BackupSummaries':[]}")
  }

  @Test("a backup that feeds a restore can be deleted once the table is ACTIVE")
  func inUse() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.backup()
    try bench.restore(arn, to: "copy")
    bench.wait(.milliseconds(239_999))
    #expect(
      bench.refusal("DeleteBackup", "{'BackupArn':'\(arn)'}")
        == "BackupInUseException: Backup is being used to restore table: \(arn)")
    bench.wait(.milliseconds(1))
    try bench.call("DeleteBackup", "{'BackupArn':'\(arn)'}")
    #expect(bench.status(of: "copy") == "ACTIVE")
  }

  @Test("another Region does not know the backup")
  func otherRegion() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.backup()
    let elsewhere = bench.inRegion("eu-west-1")
    #expect(
      bench.refusal("DescribeBackup", "{'BackupArn':'\(arn)'}", as: elsewhere)
        == "BackupNotFoundException: Backup not found: \(arn)")
    #expect(try bench.show("ListBackups", "{}", as: elsewhere) == "{'BackupSummaries':[]}")
  }

  @Test("the size of a backup is that of the table's last statistics, local indexes included")
  func size() throws {
    var bench = try Bench.withSales()
    try bench.call(
      "PutItem",
      "{'TableName':'sales','Item':{'customer':{'S':'c'},'at':{'N':'1'},'amount':{'N':'5'}}}")
    let path = "BackupDetails.BackupSizeBytes"
    let input = "{'TableName':'sales','BackupName':'one'}"
    #expect(try bench.show("CreateBackup", input, path) == "0")
    bench.wait(.hours(6))
    let table = try bench.call("DescribeTable", "{'TableName':'sales'}")
    let sizes = [
      table.at("Table.TableSizeBytes")?.integer,
      table.at("Table.LocalSecondaryIndexes.0.IndexSizeBytes")?.integer,
    ].compactMap { $0 }
    #expect(sizes == [21, 21])
    #expect(try bench.show("CreateBackup", input, path) == "42")
  }

  @Test("a deleted backup holds nothing any more: its items are gone with it")
  func freed() throws {
    var bench = try Bench.withOrders()
    func held() throws -> Int { try Checkpoint.encode(bench.cloud).count }
    for number in 0..<200 { try bench.put("order-\(number)", number) }
    let table = try held()
    let arn = try bench.call("CreateBackup", "{'TableName':'orders','BackupName':'one'}")
      .text("BackupDetails.BackupArn")
    let both = try held()
    // The two share their items until the table's go.
    #expect(both - table < 2_000)
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.minutes(1))
    let backup = try held()
    #expect(backup > 8_000)
    try bench.call("DeleteBackup", "{'BackupArn':'\(arn)'}")
    #expect(try held() < backup - 4_000)
  }
}

@Suite("Lists of backups")
struct BackupListTests {
  /// Backups of `alpha` and `beta` a minute apart, in the order beta, alpha, beta.
  private static func bench() throws -> (Bench, arns: [String]) {
    var bench = Bench()
    for name in ["alpha", "beta"] { try bench.makeTable(name) }
    var arns: [String] = []
    for table in ["beta", "alpha", "beta"] {
      arns.append(try bench.backup(table))
      bench.wait(.seconds(60) - .milliseconds(50))
    }
    return (bench, arns)
  }

  private static func list(_ bench: inout Bench, _ input: String) throws -> [String] {
    let answer = try bench.call("ListBackups", input)
    return try (answer.at("BackupSummaries")?.array ?? []).map { try $0.text("BackupArn") }
  }

  @Test("all backups come by table, then in the order of their creation")
  func order() throws {
    var (bench, arns) = try Self.bench()
    #expect(try Self.list(&bench, "{}") == [arns[1], arns[0], arns[2]])
    #expect(try Self.list(&bench, "{'TableName':'beta'}") == [arns[0], arns[2]])
    #expect(try Self.list(&bench, "{'TableName':'none'}") == [])
    let arn = try bench.table("beta").arn
    #expect(try Self.list(&bench, "{'TableName':'\(arn)'}") == [arns[0], arns[2]])
  }

  @Test("the lower bound of a time range is inside it, the upper bound is not")
  func timeRange() throws {
    var (bench, arns) = try Self.bench()
    let first = Bench.start + .seconds(20)
    func range(_ lower: Instant, _ upper: Instant) -> String {
      "{'TimeRangeLowerBound':\(lower.epochSeconds),'TimeRangeUpperBound':\(upper.epochSeconds)}"
    }
    let millisecond: Duration = .milliseconds(1)
    #expect(try Self.list(&bench, range(first, first + millisecond)) == [arns[0]])
    #expect(try Self.list(&bench, range(first, first)) == [])
    #expect(try Self.list(&bench, range(first + millisecond, first + .seconds(60))) == [])
    #expect(
      try Self.list(&bench, range(first, first + .seconds(60) + millisecond))
        == [arns[1], arns[0]])
  }

  @Test("a page names its last backup only if more follow, and goes on from it, deleted or not")
  func paging() throws {
    var (bench, arns) = try Self.bench()
    let cursor = "LastEvaluatedBackupArn"
    let first = try bench.call("ListBackups", "{'Limit':2}")
    #expect(first.show(cursor) == "'\(arns[0])'")
    #expect(try bench.show("ListBackups", "{'Limit':3}", cursor) == "absent")
    try bench.call("DeleteBackup", "{'BackupArn':'\(arns[0])'}")
    #expect(
      try Self.list(&bench, "{'Limit':2,'ExclusiveStartBackupArn':'\(arns[0])'}") == [arns[2]])
    let never = arns[1].replacing("/backup/", with: "/backup/0")
    #expect(
      try Self.list(&bench, "{'ExclusiveStartBackupArn':'\(never)'}") == [arns[1], arns[2]])
  }

  @Test("a summary tells which incarnation of the table a backup is of")
  func incarnations() throws {
    var bench = try Bench.withOrders()
    let first = try bench.table("orders").id
    let arn = try bench.backup(name: "old")
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.seconds(5))
    try bench.makeTable()
    let second = try bench.table("orders").id
    _ = try bench.backup(name: "new")
    let answer = try bench.call("ListBackups", "{'TableName':'orders'}")
    #expect(
      answer.show("BackupSummaries.0")
        == "{'TableName':'orders','TableId':'\(first)',"
        + "'TableArn':'arn:aws:dynamodb:us-east-1:123456789012:table/orders',"
        + "'BackupArn':'\(arn)','BackupName':'old','BackupCreationDateTime':1780315210.0,"
        + "'BackupStatus':'AVAILABLE','BackupType':'USER','BackupSizeBytes':0}")
    #expect(answer.show("BackupSummaries.1.TableId") == "'\(second)'")
    #expect(first != second)
  }
}

@Suite("Rates of backup requests")
struct BackupRateTests {
  static let exceeded = "ThrottlingException: Rate exceeded"

  @Test(
    "a second's requests are answered at one instant, then one for each part of a second",
    arguments: [("ListBackups", 5, 200), ("DescribeBackup", 10, 100), ("DeleteBackup", 10, 100)])
  func bucket(_ operation: String, _ rate: Int, _ milliseconds: Int64) throws {
    var bench = try Bench.withOrders()
    let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/orders/backup/01780315210345-0123abcd"
    let input = operation == "ListBackups" ? "{}" : "{'BackupArn':'\(arn)'}"
    func answered(of count: Int) -> Int {
      (0..<count).count { _ in bench.refusal(operation, input) != Self.exceeded }
    }
    #expect(answered(of: rate + 3) == rate)
    bench.wait(.milliseconds(milliseconds - 1))
    #expect(answered(of: 1) == 0)
    bench.wait(.milliseconds(1))
    #expect(answered(of: 2) == 1)
    // However long the pause, no more than a second's requests are saved up.
    bench.wait(.days(400))
    #expect(answered(of: rate + 3) == rate)
  }

  @Test(
    "CreateBackup is not slowed down; another Region has its own bucket; refusals change nothing")
  func others() throws {
    var bench = try Bench.withOrders()
    for _ in 0..<60 {
      try bench.call("CreateBackup", "{'TableName':'orders','BackupName':'one'}")
    }
    for _ in 0..<5 { try bench.call("ListBackups", "{}") }
    let before = bench.cloud.fingerprint()
    #expect(bench.refusal("ListBackups", "{}") == Self.exceeded)
    #expect(bench.cloud.fingerprint() == before)
    #expect(bench.refusal("ListBackups", "{'Limit':0}") == Self.exceeded)
    try bench.call("ListBackups", "{}", as: bench.inRegion("eu-west-1"))
  }
}
