// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Restores of tables whose indexes come and go")
struct UnfinishedIndexTests {
  private static let index = """
    {'IndexName':'by-v','KeySchema':[{'AttributeName':'v','KeyType':'HASH'}],
     'Projection':{'ProjectionType':'ALL'}}
    """

  /// `orders`, where the index `by-v` has been asked for or, once complete, deleted.
  private static func bench(after wait: Duration, deleting: Bool) throws -> Bench {
    var bench = try Bench.withOrders()
    try bench.recovery(true)
    try bench.put("a", 1)
    bench.wait(.minutes(10))
    try bench.call(
      "UpdateTable",
      "{'TableName':'orders','AttributeDefinitions':[{'AttributeName':'v','AttributeType':'N'}],"
        + "'GlobalSecondaryIndexUpdates':[{'Create':\(index)}]}")
    if deleting {
      bench.wait(.minutes(10))
      try bench.call(
        "UpdateTable",
        "{'TableName':'orders','GlobalSecondaryIndexUpdates':[{'Delete':{'IndexName':'by-v'}}]}")
    }
    bench.wait(wait)
    return bench
  }

  @Test(
    "an index that is not complete does not come back",
    arguments: [
      // 40 s of allocation, 480 s of filling; 40 s of deletion.
      (.seconds(10), false, false), (.seconds(100), false, false), (.seconds(519), false, false),
      (.seconds(520), false, true), (.seconds(0), true, false), (.seconds(39), true, false),
    ] as [(Duration, Bool, Bool)])
  func restored(wait: Duration, deleting: Bool, comesBack: Bool) throws {
    for kind in RestoreKind.allCases {
      var bench = try Self.bench(after: wait, deleting: deleting)
      switch kind {
      case .backup: _ = try bench.restore("orders", by: .backup)
      case .pointInTime:
        try bench.call(
          "RestoreTableToPointInTime",
          "{'SourceTableName':'orders','TargetTableName':'target','UseLatestRestorableTime':true}")
      }
      bench.wait(.minutes(20))
      let target = try bench.call("DescribeTable", "{'TableName':'target'}")
      #expect(
        target.show("Table.GlobalSecondaryIndexes.0.IndexName")
          == (comesBack ? "'by-v'" : "absent"))
      #expect(
        target.show("Table.AttributeDefinitions.1.AttributeName") == (comesBack ? "'v'" : "absent"))
      #expect(try bench.contents(of: "target") == ["a=1"])
    }
  }

  @Test("nor can an override ask for it, and a backup does not list it")
  func override() throws {
    var bench = try Self.bench(after: .seconds(10), deleting: true)
    let arn = try bench.backup()
    #expect(
      bench.refusal(
        "RestoreTableFromBackup",
        "{'TargetTableName':'target','BackupArn':'\(arn)',"
          + "'GlobalSecondaryIndexOverride':[\(Self.index)]}")
        == Words.request + "Index by-v does not match a secondary index that existed in the source "
        + "table and cannot be created during the restore operation")
    #expect(
      try bench.show(
        "DescribeBackup", "{'BackupArn':'\(arn)'}",
        "BackupDescription.SourceTableFeatureDetails") == "{}")
  }
}
