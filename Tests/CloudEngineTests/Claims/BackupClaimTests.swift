// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

/// One test for each claim of the source document that the engine can show; ids are the claims'.
@Suite("Claims about backup and restore in general")
struct GeneralClaimTests {
  @Test("GEN-1: backup, recovery and restore each take one request and nothing else")
  func managed() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    let arn = try bench.backup()
    try bench.recovery(true)
    try bench.restore(arn, to: "copy")
    // Nothing is to be run: time alone ends it.
    bench.wait(.seconds(240))
    #expect(try bench.contents(of: "copy") == ["a=1"])
  }

  @Test("GEN-2: a backup is encrypted as its table is, listed and described without being asked")
  func encryptedAndCatalogued() throws {
    var bench = try Bench.withSales()
    let arn = try bench.backup("sales")
    #expect(
      try bench.show("ListBackups", "{}", "BackupSummaries.0.BackupArn") == "'\(arn)'")
    #expect(
      try bench.show(
        "DescribeBackup", "{'BackupArn':'\(arn)'}",
        "BackupDescription.SourceTableFeatureDetails.SSEDescription.Status") == "'ENABLED'")
    try bench.makeTable()
    let plain = try bench.backup()
    // Under the AWS owned key there is nothing to manage and nothing to show.
    #expect(
      try bench.show(
        "DescribeBackup", "{'BackupArn':'\(plain)'}",
        "BackupDescription.SourceTableFeatureDetails") == "{}")
  }

  @Test(
    "GEN-3: a table of any size is backed up at once and stays ACTIVE",
    arguments: [1, 1_000_000, 500_000_000_000_000])
  func anySize(bytes: Int64) throws {
    var bench = try Bench.withOrders()
    try bench.cloud.declareSize(bytes, ofTable: "orders", in: bench.place)
    let arn = try bench.backup()
    try bench.recovery(true)
    #expect(bench.status(of: "orders") == "ACTIVE")
    let details = try bench.call("DescribeBackup", "{'BackupArn':'\(arn)'}")
    #expect(details.show("BackupDescription.BackupDetails.BackupSizeBytes") == "\(bytes)")
    #expect(details.show("BackupDescription.BackupDetails.BackupStatus") == "'AVAILABLE'")
  }
}

@Suite("Claims about on-demand backups")
struct OnDemandClaimTests {
  @Test("OND-1: a backup holds one whole table and is still there ten years on")
  func full() throws {
    var bench = try Bench.withOrders()
    for number in 0..<30 { try bench.put("k\(number)", number) }
    let all = try bench.contents()
    let arn = try bench.backup()
    bench.wait(.days(3_650))
    try bench.restore(arn, to: "copy")
    bench.wait(.seconds(240))
    #expect(try bench.contents(of: "copy") == all)
  }

  @Test("OND-2: a backup lives under its table's ARN, kept by the service")
  func ownARN() throws {
    var bench = try Bench.withOrders()
    #expect(try bench.backup().hasPrefix(try bench.table("orders").arn + "/backup/"))
  }

  @Test("OND-3: taking and restoring one leaves the table ACTIVE and its requests as cheap")
  func noEffect() throws {
    var bench = try Bench.withOrders()
    let read =
      "{'TableName':'orders','Key':{'id':{'S':'a'}},'ReturnConsumedCapacity':'TOTAL'}"
    let before = try bench.show("GetItem", read)
    let arn = try bench.backup()
    try bench.restore(arn, to: "copy")
    #expect(bench.status(of: "orders") == "ACTIVE")
    #expect(try bench.show("GetItem", read) == before)
    try bench.put("a", 1)
  }

  @Test("OND-4: a backup takes the same time with no item and with many", arguments: [0, 500])
  func seconds(count: Int) throws {
    var bench = try Bench.withOrders()
    for number in 0..<count { try bench.put("k\(number)") }
    try bench.call("CreateBackup", "{'TableName':'orders','BackupName':'one'}")
    let waiting = bench.cloud.pendingTransitions.map { ($0.at - bench.now).wholeMilliseconds }
    #expect(waiting == [50])
  }

  @Test("OND-5: a backup outlives its table and stays until somebody deletes it")
  func outlives() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.backup()
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.days(1_000))
    let details = try bench.call("DescribeBackup", "{'BackupArn':'\(arn)'}")
    #expect(details.show("BackupDescription.BackupDetails.BackupExpiryDateTime") == "absent")
    try bench.call("DeleteBackup", "{'BackupArn':'\(arn)'}")
    #expect(try bench.show("ListBackups", "{}") == "{'BackupSummaries':[]}")
  }

  @Test("OND-6: backups are found by table, by time and by type")
  func discoverable() throws {
    var bench = try Bench.withOrders()
    try bench.makeTable("other")
    try bench.recovery(true, of: "other")
    let first = try bench.backup()
    bench.wait(.hours(1))
    let later = bench.now
    let second = try bench.backup("other")
    try bench.call("DeleteTable", "{'TableName':'other'}")
    bench.wait(.seconds(10))
    func found(_ input: String) throws -> [String] {
      try (bench.call("ListBackups", input).at("BackupSummaries")?.array ?? [])
        .map { try $0.text("BackupArn") }
    }
    #expect(try found("{'TableName':'orders'}") == [first])
    #expect(try found("{'TimeRangeLowerBound':\(later.epochSeconds)}") == [second])
    #expect(try found("{'BackupType':'SYSTEM'}").map { $0.hasSuffix("-00000000") } == [true])
  }

  @Test("OND-7: a backup costs its size times the time it is kept")
  func price() throws {
    // From the first of April, a month of 30 days.
    let april = Instant(seconds: 1_775_001_600)
    var bench = Bench(start: april - .days(1))
    try bench.makeTable()
    try bench.cloud.declareSize(
      Int64(10 * PriceTable.bytesPerGB), ofTable: "orders", in: bench.place)
    bench.cloud.advance(to: april)
    _ = try bench.backup()
    func cost(days: Int64) -> Double {
      bench.cloud.ledger.charges(from: april, until: april + .days(days))
        .filter { $0.line == .backup }
        .reduce(0) { $0 + $1.cost }
    }
    #expect(abs(cost(days: 30) - 1.0) < 0.000_001)
    #expect(abs(cost(days: 15) - 0.5) < 0.000_001)
  }

  @Test("OND-8: a restore gives the whole table as it was, whatever was written since")
  func exactState() throws {
    var bench = try Bench.withOrders()
    for number in 0..<10 { try bench.put("k\(number)", number) }
    let then = try bench.contents()
    let arn = try bench.backup()
    for number in 0..<5 { try bench.put("k\(number)", -1) }
    try bench.call("DeleteItem", "{'TableName':'orders','Key':{'id':{'S':'k9'}}}")
    try bench.restore(arn, to: "copy")
    bench.wait(.seconds(240))
    #expect(try bench.contents(of: "copy") == then)
    #expect(try bench.contents() != then)
  }
}

@Suite("Claims about native backup and other Regions")
struct NativeClaimTests {
  @Test("NAT-1: one request of the API makes a native backup")
  func request() throws {
    var bench = try Bench.withOrders()
    let answer = try bench.call("CreateBackup", "{'TableName':'orders','BackupName':'nightly'}")
    #expect(answer.show("BackupDetails.BackupType") == "'USER'")
  }

  @Test("NAT-2: no operation copies a native backup, and neither place nor account sees another's")
  func noCopy() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.backup()
    #expect(Catalog.all.allSatisfy { $0.service != "dynamodb" || !$0.name.contains("Copy") })
    #expect(
      bench.refusal(
        "DescribeBackup", "{'BackupArn':'\(arn)'}", as: bench.inRegion("us-west-2"))
        == "BackupNotFoundException: Backup not found: \(arn)")
    let stranger = Caller(account: "111122223333", region: "us-east-1")
    for operation in ["DescribeBackup", "DeleteBackup"] {
      #expect(
        bench.refusal(operation, "{'BackupArn':'\(arn)'}", as: stranger)
          == "AccessDeniedException: Access is denied")
    }
  }

  @Test("NAT-3: in the same account and Region a restore needs the backup and a free name only")
  func simple() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.backup()
    try bench.restore(arn, to: "copy")
    bench.wait(.seconds(240))
    #expect(bench.status(of: "copy") == "ACTIVE")
  }

  @Test("XRG-1: a restore may create the new table in another Region")
  func otherRegion() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    let arn = try bench.backup()
    let ireland = bench.inRegion("eu-west-1")
    try bench.call(
      "RestoreTableFromBackup",
      "{'TargetTableName':'copy','BackupArn':'\(arn)','SSESpecificationOverride':{}}", as: ireland)
    bench.wait(.seconds(480))
    #expect(try bench.show("Scan", "{'TableName':'copy'}", "Count", as: ireland) == "1")
    #expect(bench.status(of: "copy") == "gone")
  }

  @Test("XRG-2: a restore stays within commercial, China or GovCloud Regions")
  func partitions() throws {
    let pairs = [
      ("us-east-1", "eu-west-1", true), ("cn-north-1", "cn-northwest-1", true),
      ("us-gov-west-1", "us-gov-east-1", true), ("us-east-1", "us-gov-east-1", false),
      ("cn-north-1", "us-east-1", false),
    ]
    for (source, destination, works) in pairs {
      var bench = Bench()
      bench.caller = bench.inRegion(source)
      try bench.makeTable()
      let arn = try bench.backup()
      let refusal = bench.refusal(
        "RestoreTableFromBackup",
        "{'TargetTableName':'copy','BackupArn':'\(arn)','SSESpecificationOverride':{}}",
        as: bench.inRegion(destination))
      #expect(refusal.hasPrefix("accepted") == works, "\(source) to \(destination): \(refusal)")
    }
  }
}
