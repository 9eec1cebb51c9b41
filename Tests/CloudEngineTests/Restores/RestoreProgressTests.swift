// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Restores under way")
struct RestoreProgressTests {
  @Test("a target is CREATING for 240 s with a summary that vanishes when it is ACTIVE")
  func summary() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.backup()
    let answer = try bench.call(
      "RestoreTableFromBackup", "{'TargetTableName':'target','BackupArn':'\(arn)'}")
    let summary =
      "{'SourceBackupArn':'\(arn)',"
      + "'SourceTableArn':'arn:aws:dynamodb:us-east-1:123456789012:table/orders',"
      + "'RestoreDateTime':1780315210.0,'RestoreInProgress':true}"
    #expect(answer.show("TableDescription.RestoreSummary") == summary)
    bench.wait(.milliseconds(239_999))
    let during = try bench.call("DescribeTable", "{'TableName':'target'}")
    #expect(during.show("Table.TableStatus") == "'CREATING'")
    #expect(during.show("Table.RestoreSummary") == summary)
    bench.wait(.milliseconds(1))
    let after = try bench.call("DescribeTable", "{'TableName':'target'}")
    #expect(after.show("Table.TableStatus") == "'ACTIVE'")
    #expect(after.show("Table.RestoreSummary") == "absent")
  }

  @Test(
    "a large table takes longer, with indexes a quarter more each, and ten hours at most",
    arguments: [
      ("orders", Int64(0), Int64(240)), ("orders", 1, 242), ("orders", 500, 1_240),
      ("orders", 100_000, 36_000), ("sales", 500, 1_740), ("sales", 0, 240),
    ] as [(String, Int64, Int64)])
  func sizes(name: String, gigabytes: Int64, seconds: Int64) throws {
    var bench = name == "sales" ? try Bench.withSales() : try Bench.withOrders()
    let bytes = gigabytes * Int64(PriceTable.bytesPerGB)
    if bytes > 0 { try bench.cloud.declareSize(bytes, ofTable: name, in: bench.place) }
    let arn = try bench.backup(name)
    try bench.restore(arn, to: "copy")
    bench.wait(.seconds(seconds) - .milliseconds(1))
    #expect(bench.status(of: "copy") == "CREATING")
    bench.wait(.milliseconds(1))
    #expect(bench.status(of: "copy") == "ACTIVE")
  }

  @Test("a recovery's summary names the second it restores and no backup")
  func recoverySummary() throws {
    var bench = try Bench.withOrders()
    let answer = try bench.restore("orders", by: .pointInTime)
    #expect(
      answer.show("TableDescription.RestoreSummary")
        == "{'SourceTableArn':'arn:aws:dynamodb:us-east-1:123456789012:table/orders',"
        + "'RestoreDateTime':\(Double(1_780_315_211)),'RestoreInProgress':true}")
  }

  @Test("indexes of a target show no status until it is ACTIVE")
  func indexes() throws {
    var bench = try Bench.withSales()
    let answer = try bench.restore("sales", by: .backup)
    #expect(answer.show("TableDescription.GlobalSecondaryIndexes.0.IndexStatus") == "absent")
    bench.wait(.seconds(240))
    #expect(
      try bench.show(
        "DescribeTable", "{'TableName':'target'}", "Table.GlobalSecondaryIndexes.0.IndexStatus")
        == "'ACTIVE'")
  }

  @Test("a target has the source's count and size at its first statistics")
  func statistics() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    _ = try bench.restore("orders", by: .backup)
    bench.wait(.hours(6))
    #expect(
      try bench.show("DescribeTable", "{'TableName':'target'}", "Table.ItemCount") == "1")
  }

  @Test("a backup feeds one restore at a time, and the next one when that is done")
  func oneAtATime() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.backup()
    try bench.restore(arn, to: "first")
    let again = "{'TargetTableName':'second','BackupArn':'\(arn)'}"
    let refusal = "BackupInUseException: Backup is being used to restore another table: \(arn)"
    bench.wait(.milliseconds(239_999))
    #expect(bench.refusal("RestoreTableFromBackup", again) == refusal)
    let abroad = again.dropLast() + ",'SSESpecificationOverride':{}}"
    #expect(
      bench.refusal(
        "RestoreTableFromBackup", String(abroad), as: bench.inRegion("eu-west-1")) == refusal)
    bench.wait(.milliseconds(1))
    try bench.call("RestoreTableFromBackup", again)
  }

  @Test("fifty restores run at once in an account, over all Regions, and the next one waits")
  func limit() throws {
    var bench = try Bench.withOrders()
    try bench.recovery(true)
    func input(_ number: Int) -> String {
      "{'SourceTableName':'orders','TargetTableName':'t\(100 + number)',"
        + "'UseLatestRestorableTime':true}"
    }
    for number in 1...49 { try bench.call("RestoreTableToPointInTime", input(number)) }
    let arn = try bench.backup()
    try bench.call(
      "RestoreTableFromBackup",
      "{'TargetTableName':'abroad','BackupArn':'\(arn)','SSESpecificationOverride':{}}",
      as: bench.inRegion("eu-west-1"))
    #expect(
      bench.refusal("RestoreTableToPointInTime", input(51))
        == Words.limit + "Only 50 restore operations can be done simultaneously")
    bench.wait(.seconds(240))
    try bench.call("RestoreTableToPointInTime", input(51))
  }

  @Test("a restore can begin during the first second of its source's deletion, and outlives it")
  func deletingSource() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    try bench.recovery(true)
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.milliseconds(999))
    let input =
      "{'SourceTableName':'orders','TargetTableName':'target','UseLatestRestorableTime':true}"
    try bench.call("RestoreTableToPointInTime", input)
    bench.wait(.milliseconds(1))
    #expect(
      bench.refusal(
        "RestoreTableToPointInTime", input.replacing("'target'", with: "'other'"))
        == "TableNotFoundException: Table not found: orders")
    bench.wait(.seconds(240))
    #expect(try bench.contents(of: "target") == ["a=1"])
  }
}
