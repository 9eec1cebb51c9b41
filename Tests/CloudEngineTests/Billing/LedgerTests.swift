// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("The bill")
struct LedgerTests {
  private static let size = Int64(500 * PriceTable.bytesPerGB)

  /// The first instant of June 2026, a month of 30 days; the second one of August.
  private static let june = Instant(seconds: 1_780_272_000)
  private static let july = june + .days(30)

  /// `orders`, of 500 GB, at the beginning of June.
  private static func bench(region: String = "us-east-1") throws -> Bench {
    var bench = Bench(start: june - .hours(1))
    bench.caller = bench.inRegion(region)
    try bench.makeTable()
    try bench.cloud.declareSize(size, ofTable: "orders", in: bench.place)
    bench.cloud.advance(to: june)
    return bench
  }

  private static func cost(
    _ bench: Bench, _ line: BillLine, from start: Instant = june, until end: Instant = july
  ) -> Double {
    bench.cloud.ledger.charges(from: start, until: end)
      .filter { $0.line == line }
      .reduce(0) { $0 + $1.cost }
  }

  private static func isNear(_ cost: Double, _ dollars: Double) -> Bool {
    abs(cost - dollars) < 0.000_001
  }

  @Test("recovery of 500 GB costs 100 USD a month, whatever the period", arguments: [1, 14, 35])
  func recovery(days: Int) throws {
    var bench = try Self.bench()
    try bench.recovery(true, days: days)
    bench.cloud.advance(to: Self.july)
    #expect(Self.isNear(Self.cost(bench, .pitr), 100))
    #expect(Self.cost(bench, .backup) == 0)
  }

  @Test("a backup of 500 GB costs 50 USD a month, each of them")
  func backup() throws {
    var bench = try Self.bench()
    try bench.call("CreateBackup", "{'TableName':'orders','BackupName':'one'}")
    bench.cloud.advance(to: Self.july)
    #expect(Self.isNear(Self.cost(bench, .backup), 50))
    try bench.call("CreateBackup", "{'TableName':'orders','BackupName':'two'}")
    // July and August have 31 days each, and cost as much as a month of 30.
    let august = Self.july + .days(31)
    bench.cloud.advance(to: august + .days(31))
    #expect(Self.isNear(Self.cost(bench, .backup, from: Self.july, until: august), 100))
    #expect(Self.isNear(Self.cost(bench, .backup, until: august + .days(31)), 250))
  }

  @Test("half a month costs half")
  func proRata() throws {
    var bench = try Self.bench()
    try bench.recovery(true)
    let arn = try bench.call("CreateBackup", "{'TableName':'orders','BackupName':'one'}")
      .text("BackupDetails.BackupArn")
    bench.cloud.advance(to: Self.june + .days(15))
    try bench.recovery(false)
    try bench.call("DeleteBackup", "{'BackupArn':'\(arn)'}")
    bench.cloud.advance(to: Self.july)
    #expect(Self.isNear(Self.cost(bench, .pitr), 50))
    #expect(Self.isNear(Self.cost(bench, .backup), 25))
    #expect(
      Self.isNear(Self.cost(bench, .pitr, until: Self.june + .days(6)), 20))
  }

  @Test("a shorter or longer period in between changes nothing")
  func changedPeriod() throws {
    var bench = try Self.bench()
    try bench.recovery(true, days: 35)
    for (day, period) in [(5, 14), (10, 1), (20, 35)] {
      bench.cloud.advance(to: Self.june + .days(Int64(day)))
      try bench.recovery(true, days: period)
    }
    bench.cloud.advance(to: Self.july)
    #expect(Self.isNear(Self.cost(bench, .pitr), 100))
  }

  @Test("the price follows a size that changes, from the change on")
  func changedSize() throws {
    var bench = try Self.bench()
    try bench.recovery(true)
    bench.cloud.advance(to: Self.june + .days(15))
    try bench.cloud.declareSize(3 * Self.size, ofTable: "orders", in: bench.place)
    bench.cloud.advance(to: Self.july)
    #expect(Self.isNear(Self.cost(bench, .pitr), 50 + 150))
  }

  @Test("the price differs by Region")
  func regions() throws {
    var bench = try Self.bench(region: "eu-west-1")
    try bench.recovery(true)
    bench.cloud.advance(to: Self.july)
    #expect(Self.isNear(Self.cost(bench, .pitr), 110))
    #expect(PriceTable.isListed(.pitr, in: "eu-west-1"))
    #expect(!PriceTable.isListed(.backup, in: "eu-west-1"))
  }

  @Test("a deleted table's recovery costs nothing from its deletion on, and its backup is free")
  func systemBackup() throws {
    var bench = try Self.bench()
    try bench.recovery(true)
    bench.cloud.advance(to: Self.june + .days(3))
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.cloud.advance(to: Self.july)
    #expect(Self.isNear(Self.cost(bench, .pitr), 10))
    #expect(Self.cost(bench, .backup) == 0)
  }

  /// The six-hourly statistics once began to meter a table again in its last seconds, for ever.
  @Test("statistics due while a table is DELETING do not bring its bill back")
  func statisticsWhileDeleting() throws {
    var bench = try Bench.withOrders()
    try bench.recovery(true)
    try bench.put("a", 1)
    bench.wait(.hours(6))
    try bench.put("b", 2)
    bench.cloud.advance(to: Bench.start + .hours(12) - .seconds(3))
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    let deletion = bench.now
    bench.wait(.days(1))
    #expect(bench.cloud.ledger.charges(from: deletion, until: bench.now) == [])
    #expect(bench.cloud.ledger.charges(from: Bench.start, until: bench.now).count > 0)
  }

  @Test("backups of deleted tables go on costing")
  func backupOfDeletedTable() throws {
    var bench = try Self.bench()
    try bench.call("CreateBackup", "{'TableName':'orders','BackupName':'one'}")
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.cloud.advance(to: Self.july)
    #expect(Self.isNear(Self.cost(bench, .backup), 50))
  }

  @Test("each charge says what it is for")
  func charges() throws {
    var bench = try Self.bench()
    try bench.recovery(true)
    let arn = try bench.call("CreateBackup", "{'TableName':'orders','BackupName':'one'}")
      .text("BackupDetails.BackupArn")
    bench.cloud.advance(to: Self.june + .days(1))
    let charges = bench.cloud.ledger.charges(from: Self.june, until: bench.now)
      .filter { !$0.line.isTableStorage }
    #expect(charges.map(\.line) == [.backup, .pitr])
    #expect(charges.map(\.resource) == [arn, try bench.table("orders").arn])
    #expect(charges.map(\.name) == ["orders", "orders"])
    #expect(charges.map(\.bytes) == [Self.size, Self.size])
    #expect(
      charges.map(\.line.usageType)
        == ["TimedBackupStorage-ByteHrs", "TimedPITRStorage-ByteHrs"])
    #expect(
      [BillLine.export, .incrementalExport, .import, .restore, .transfer].map(\.usageType) == [
        "ExportDataSize-Bytes", "IncrementalExportDataSize-Bytes", "ImportDataSize-Bytes",
        "RestoreDataSize-Bytes", "AWS-Out-Bytes",
      ])
  }

  @Test("a restore of 500 GB costs 75 USD at once, one from another Region what leaves it too")
  func restores() throws {
    var bench = try Self.bench()
    let arn = try bench.backup()
    try bench.restore(arn, to: "here")
    #expect(Self.isNear(Self.cost(bench, .restore), 75))
    #expect(Self.cost(bench, .transfer) == 0)
    bench.wait(.hours(11))
    #expect(Self.isNear(Self.cost(bench, .restore), 75))
    try bench.call(
      "RestoreTableFromBackup",
      "{'TargetTableName':'there','BackupArn':'\(arn)','SSESpecificationOverride':{}}",
      as: bench.inRegion("eu-west-1"))
    #expect(Self.isNear(Self.cost(bench, .restore), 75 + 82.5))
    #expect(Self.isNear(Self.cost(bench, .transfer), 10))
    let charge = try #require(
      bench.cloud.ledger.charges(from: Self.june, until: Self.july)
        .first { $0.line == .transfer })
    #expect(charge.place.region == "us-east-1" && charge.name == "there")
    // Paid at once: neither the second before nor the one after has it.
    #expect(Self.cost(bench, .transfer, from: bench.now) == 0)
    #expect(Self.cost(bench, .transfer, until: bench.now - .milliseconds(1)) == 0)
  }

  @Test("indexes are paid for in a restore, and left out they are not")
  func restoredIndexes() throws {
    var costs: [Double] = []
    for more in ["", ",'GlobalSecondaryIndexOverride':[]"] {
      var bench = try Bench.withSales()
      for at in 1...20 {
        try bench.call(
          "PutItem",
          "{'TableName':'sales','Item':{'customer':{'S':'c'},'at':{'N':'\(at)'},"
            + "'state':{'S':'paid'},'note':{'S':'n'}}}")
      }
      try bench.cloud.declareSize(Self.size, ofTable: "sales", in: bench.place)
      _ = try bench.restore("sales", by: .backup, more)
      costs.append(Self.cost(bench, .restore, from: Bench.start, until: bench.now + .seconds(1)))
    }
    #expect(Self.isNear(costs[1], 75))
    // The index projects every attribute these items have.
    #expect(Self.isNear(costs[0], 150))
  }
}
