// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Restores between Regions")
struct CrossRegionRestoreTests {
  @Test("the destination's endpoint makes the table there, in 480 s, under its own key")
  func restore() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    let arn = try bench.backup()
    let ireland = bench.inRegion("eu-west-1")
    let answer = try bench.call(
      "RestoreTableFromBackup",
      "{'TargetTableName':'target','BackupArn':'\(arn)',"
        + "'SSESpecificationOverride':{'Enabled':true}}", as: ireland)
    #expect(
      answer.show("TableDescription.TableArn")
        == "'arn:aws:dynamodb:eu-west-1:123456789012:table/target'")
    #expect(
      try answer.text("TableDescription.SSEDescription.KMSMasterKeyArn")
        .hasPrefix("arn:aws:kms:eu-west-1:123456789012:key/"))
    #expect(bench.status(of: "target") == "gone")
    bench.wait(.milliseconds(479_999))
    let status = "Table.TableStatus"
    #expect(
      try bench.show("DescribeTable", "{'TableName':'target'}", status, as: ireland)
        == "'CREATING'")
    bench.wait(.milliseconds(1))
    #expect(
      try bench.show("Scan", "{'TableName':'target'}", "Items", as: ireland)
        == "[{'id':{'S':'a'},'v':{'N':'1'}}]")
  }

  @Test("a recovery needs the source's ARN there: its name is looked up locally")
  func recovery() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    try bench.recovery(true)
    let ireland = bench.inRegion("eu-west-1")
    let rest =
      "'TargetTableName':'target','UseLatestRestorableTime':true,'SSESpecificationOverride':{}}"
    #expect(
      bench.refusal(
        "RestoreTableToPointInTime", "{'SourceTableName':'orders'," + rest, as: ireland)
        == "TableNotFoundException: Table not found: orders")
    let arn = try bench.table("orders").arn
    try bench.call("RestoreTableToPointInTime", "{'SourceTableArn':'\(arn)'," + rest, as: ireland)
    bench.wait(.seconds(480))
    #expect(
      try bench.show("Scan", "{'TableName':'target'}", "Count", as: ireland) == "1")
  }

  @Test(
    "it works within a partition only, and not with Hong Kong or Bahrain",
    arguments: [
      ("us-east-1", "ap-southeast-2", "accepted"),
      ("cn-north-1", "cn-northwest-1", "accepted"),
      ("us-gov-east-1", "us-gov-west-1", "accepted"),
      ("us-east-1", "cn-north-1", Words.request + "BackupArn is not valid"),
      ("us-gov-west-1", "us-east-1", Words.request + "BackupArn is not valid"),
      (
        "us-east-1", "ap-east-1",
        Words.request + "Cross-region restore is not supported in Region ap-east-1"
      ),
      (
        "me-south-1", "us-east-1",
        Words.request + "Cross-region restore is not supported in Region me-south-1"
      ),
    ])
  func partitions(source: String, destination: String, expected: String) throws {
    var bench = Bench()
    bench.caller = bench.inRegion(source)
    try bench.makeTable()
    let arn = try bench.backup()
    let answer = bench.refusal(
      "RestoreTableFromBackup",
      "{'TargetTableName':'target','BackupArn':'\(arn)','SSESpecificationOverride':{}}",
      as: bench.inRegion(destination))
    #expect(answer.hasPrefix(expected), "\(answer)")
  }

  @Test("a restore in the Region itself works everywhere")
  func withinHongKong() throws {
    var bench = Bench()
    bench.caller = bench.inRegion("ap-east-1")
    try bench.makeTable()
    let arn = try bench.backup()
    try bench.restore(arn, to: "target")
  }

  @Test("another account's backups and tables are refused in every Region")
  func otherAccount() throws {
    var bench = try Bench.withOrders()
    let (arn, table) = (try bench.backup(), try bench.table("orders").arn)
    let stranger = Caller(account: "111122223333", region: "us-east-1")
    #expect(
      bench.refusal(
        "RestoreTableFromBackup", "{'TargetTableName':'target','BackupArn':'\(arn)'}", as: stranger)
        == "AccessDeniedException: Access is denied")
    #expect(
      bench.refusal(
        "RestoreTableToPointInTime",
        "{'SourceTableArn':'\(table)','TargetTableName':'target','UseLatestRestorableTime':true}",
        as: stranger)
        == Words.validation
        + "This action is only supported by accounts that match the resource owner’s account.")
  }
}
