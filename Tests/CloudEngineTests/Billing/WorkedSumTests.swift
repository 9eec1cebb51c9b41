// SPDX-License-Identifier: GPL-3.0-or-later

@testable import CloudEngine
import Documents
import Simulation
import Testing

/// A table of 500 GB in June 2026, a month of 30 days.
enum Worked {
  static let size: Int64 = 500 << 30
  static let june = Instant(seconds: 1_780_272_000)
  static let july = Instant(seconds: 1_780_272_000 + 30 * 86_400)
}

/// A sum of money over a stretch, for some lines, and what is done in it.
struct WorkedSum: Sendable, CustomTestStringConvertible {
  let what: String
  let dollars: String
  var lines: [BillLine] = BillLine.allCases.filter { !$0.isTableStorage }
  var region: String = "us-east-1"
  var from: Instant = Worked.june
  var until: Instant = Worked.july
  var isPosted: Bool = false
  let story: @Sendable (inout Bench) throws -> Void

  var testDescription: String { what }
}

@Suite("Worked sums")
struct WorkedSumTests {
  /// What is metered in a stretch, exact to the last digit; an instant may pass without anything.
  private static func cost(_ bench: Bench, _ sum: WorkedSum) -> USD {
    let bounds = Bill.boundaries(from: sum.from, until: sum.until, step: \.startOfNextMonth)
    return bench.cloud.usage(between: bounds, isPosted: sum.isPosted)
      .filter { sum.lines.contains($0.heading.line) }
      .reduce(.zero) { $0 + $1.cost }
  }

  private static let worked: [WorkedSum] = [
    WorkedSum(what: "PITR of 35 days", dollars: "100.00") { try $0.recovery(true, days: 35) },
    WorkedSum(what: "PITR of 14 days", dollars: "100.00") { try $0.recovery(true, days: 14) },
    WorkedSum(what: "PITR of a day", dollars: "100.00") { try $0.recovery(true, days: 1) },
    WorkedSum(what: "PITR in Ireland", dollars: "110.00", region: "eu-west-1") {
      try $0.recovery(true)
    },
    WorkedSum(what: "table storage, 25 GB of it free", dollars: "118.75", lines: [.table]) { _ in },
    WorkedSum(what: "30 backups", dollars: "1500.00") { try $0.backups(30) },
    WorkedSum(what: "7 backups", dollars: "350.00") { try $0.backups(7) },
    WorkedSum(what: "5 backups", dollars: "250.00") { try $0.backups(5) },
    WorkedSum(what: "2 backups, as much as PITR", dollars: "100.00") { try $0.backups(2) },
    WorkedSum(what: "PITR for 10 days", dollars: "33.33") { bench in
      try bench.recovery(true)
      bench.cloud.advance(to: Worked.june + .days(10))
      try bench.recovery(false)
    },
    WorkedSum(
      what: "a backup of the 16th, posted on that day", dollars: "25.00",
      until: Worked.june + .days(16),
      isPosted: true
    ) { bench in
      bench.cloud.advance(to: Worked.june + .days(15))
      try bench.backups(1)
    },
    WorkedSum(
      what: "the same on the first of the next month", dollars: "50.00", from: Worked.july,
      until: Worked.july + .days(1), isPosted: true
    ) { bench in
      bench.cloud.advance(to: Worked.june + .days(15))
      try bench.backups(1)
    },
    WorkedSum(
      what: "deleted after nine days of a month of 30, its line shrinks", dollars: "15.00",
      until: Worked.june + .days(1), isPosted: true
    ) { bench in
      let arn = try bench.backup()
      bench.cloud.advance(to: Worked.june + .days(9))
      try bench.call("DeleteBackup", "{'BackupArn':'\(arn)'}")
      bench.cloud.advance(to: Worked.july)
    },
    WorkedSum(what: "a restore", dollars: "75.00", lines: [.restore]) { bench in
      try bench.restore(try bench.backup(), to: "copy")
    },
    WorkedSum(what: "a restore in another Region", dollars: "92.50", lines: [.restore, .transfer]) {
      bench in
      try bench.call(
        "RestoreTableFromBackup",
        "{'TargetTableName':'there','BackupArn':'\(try bench.backup())',"
          + "'SSESpecificationOverride':{}}",
        as: bench.inRegion("eu-west-1"))
    },
    WorkedSum(what: "a key", dollars: "1.00", lines: [.key]) {
      try $0.call("CreateKey", "{}", service: "kms")
    },
    WorkedSum(
      what: "the storage of a replica in a second Region", dollars: "118.75",
      lines: [.table], region: "us-west-2"
    ) { _ in },
    WorkedSum(what: "21 backups less", dollars: "1050.00") { try $0.backups(21) },
    WorkedSum(what: "an export, paid once", dollars: "50.00", lines: [.export]) {
      try $0.exportToShelf()
    },
    WorkedSum(
      what: "its output in the month after, a fifth of the table", dollars: "2.30",
      lines: [.storage], from: Worked.july, until: Worked.july + .days(31)
    ) { try $0.exportToShelf() },
    WorkedSum(
      what: "the same, deleted after ten days of a month of 31", dollars: "0.74",
      lines: [.storage], from: Worked.july, until: Worked.july + .days(31)
    ) { bench in
      try bench.exportToShelf()
      bench.cloud.advance(to: Worked.july + .days(10))
      for key in bench.keys {
        try bench.call("DeleteObject", "{'Bucket':'shelf','Key':'\(key)'}", service: "s3api")
      }
    },
    WorkedSum(
      what: "an export of a day in which one item of a hundred changed, 5 GB", dollars: "0.50",
      lines: [.incrementalExport]
    ) { try $0.exportDay(changing: 1, of: 100) },
    WorkedSum(
      what: "its output in the month after, a GB", dollars: "0.02", lines: [.storage],
      from: Worked.july, until: Worked.july + .days(31)
    ) { try $0.exportDay(changing: 1, of: 100) },
    WorkedSum(
      what: "84 exports of 500 GB each in Deep Archive", dollars: "41.58",
      lines: [.storage, .archive]
    ) { bench in
      // An export's own files stand for a fifth of the table, and nothing moves them to another
      // class: these are plain objects, each declared to be as large as the table.
      try bench.call("CreateBucket", "{'Bucket':'shelf'}", service: "s3api")
      let shelf = try #require(bench.cloud.bucket(named: "shelf", inPartitionOf: "us-east-1"))
      for month in 0..<84 {
        bench.cloud.store(
          [], at: "month-\(month)", in: shelf.id, declaredByteCount: Worked.size,
          storageClass: .deepArchive)
      }
    },
  ]

  @Test("reproduced to the cent", arguments: worked)
  func reproduced(_ sum: WorkedSum) throws {
    var bench = Bench(start: Worked.june - .hours(1))
    bench.caller = bench.inRegion(sum.region)
    try bench.makeTable()
    try bench.cloud.declareSize(Worked.size, ofTable: "orders", in: bench.place)
    bench.cloud.advance(to: Worked.june)
    try sum.story(&bench)
    bench.cloud.advance(to: max(Worked.july, sum.until))
    #expect(Self.cost(bench, sum).text(places: 2) == sum.dollars)
  }

  // MARK: Keys

  /// `orders` under a key of the customer's, in us-east-1, and `orders` under the AWS managed key in
  /// Ireland, both with an item that callers ask for.
  private static func underKeys() throws -> Bench {
    var bench = Bench(start: Worked.june - .hours(1))
    let key = try bench.call("CreateKey", "{}", service: "kms").text("KeyMetadata.KeyId")
    for (caller, more) in [
      (bench.caller, ",'KMSMasterKeyId':'\(key)'"), (bench.inRegion("eu-west-1"), ""),
    ] {
      try bench.call(
        "CreateTable",
        "{'TableName':'orders','BillingMode':'PAY_PER_REQUEST','AttributeDefinitions':"
          + "[{'AttributeName':'id','AttributeType':'S'}],'KeySchema':"
          + "[{'AttributeName':'id','KeyType':'HASH'}],'SSESpecification':"
          + "{'Enabled':true,'SSEType':'KMS'\(more)}}", as: caller)
    }
    // What is counted at midnight itself is the day before's.
    bench.cloud.advance(to: Worked.june + .minutes(1))
    return bench
  }

  private static func requests(_ bench: Bench, until: Instant) -> (count: Int128, cost: String) {
    let entries = bench.cloud.usage(between: [Worked.june, until])
      .filter { $0.heading.line == .keyRequest }
    return (
      entries.reduce(0) { $0 + $1.amount },
      entries.reduce(.zero) { $0 + $1.cost }.text(places: 6)
    )
  }

  @Test("a busy caller makes a table ask its key twelve times an hour, whatever it asks for")
  func busyCallers() throws {
    var bench = try Self.underKeys()
    let callers = ["ann", "bob"].map {
      Caller(
        account: bench.place.account, region: "us-east-1",
        principal: Principal(kind: .user, name: $0))
    }
    let fingerprint = bench.cloud.fingerprint()
    for minute in 0..<60 {
      let fork = bench
      for caller in callers {
        try bench.call("GetItem", "{'TableName':'orders','Key':{'id':{'S':'a'}}}", as: caller)
        try bench.call("Scan", "{'TableName':'orders'}", as: caller)
      }
      if minute == 0 { #expect(bench.cloud.fingerprint() == fingerprint) }
      #expect(
        Self.requests(bench, until: Worked.june + .hours(1)).count
          - Self.requests(fork, until: Worked.june + .hours(1)).count == (minute % 5 == 0 ? 2 : 0))
      bench.wait(.minutes(1))
    }
    #expect(Self.requests(bench, until: bench.now).count == 24)
    let stranger = "{'TableName':'none','Key':{'id':{'S':'a'}}}"
    #expect(bench.refusal("GetItem", stranger).hasPrefix("ResourceNotFound"))
    #expect(Self.requests(bench, until: bench.now).cost == "0.000000")
  }

  @Test("20,000 requests a month are free, over all Regions, and each more costs 0.000003")
  func keyRequests() throws {
    var bench = try Self.underKeys()
    for step in 0..<101 {
      for caller in 0..<100 {
        for region in ["us-east-1", "eu-west-1"] {
          try bench.call(
            "GetItem", "{'TableName':'orders','Key':{'id':{'S':'a'}}}",
            as: Caller(
              account: bench.place.account, region: region,
              principal: Principal(kind: .role, name: "app", session: "\(caller)")))
        }
      }
      bench.wait(.minutes(5))
      if step == 99 {
        #expect(Self.requests(bench, until: Worked.july).count == 20_000)
        #expect(Self.requests(bench, until: Worked.july).cost == "0.000000")
      }
    }
    #expect(Self.requests(bench, until: Worked.july).count == 20_200)
    #expect(Self.requests(bench, until: Worked.july).cost == "0.000600")
  }

  /// How the items of a table lie, and what a month of 50 busy callers costs in requests and keys.
  private static let encryptions:
    [(settings: String, count: Int128, requests: String, keys: String)] = [
      (",'SSEType':'KMS','KMSMasterKeyId':'$KEY'", 432_000, "1.24", "1.00"),
      (",'SSEType':'KMS'", 432_000, "1.24", "0.00"),
      ("", 0, "0.00", "0.00"),
    ]

  @Test(
    "50 busy callers make 432,000 requests a month, of which 20,000 are free, whoever manages the key",
    arguments: encryptions)
  func fiftyCallers(
    _ settings: String, _ count: Int128, _ requests: String, _ keys: String
  ) throws {
    var bench = Bench(start: Worked.june - .hours(1))
    var specification = "{'Enabled':false}"
    if !settings.isEmpty {
      let key =
        keys == "0.00"
        ? "" : try bench.call("CreateKey", "{}", service: "kms").text("KeyMetadata.KeyId")
      specification = "{'Enabled':true\(settings.replacing("$KEY", with: key))}"
    }
    try bench.call(
      "CreateTable",
      Bench.ordersInput.dropLast() + ",'SSESpecification':\(specification)}")
    // What is counted at midnight itself is the day before's.
    bench.cloud.advance(to: Worked.june + .minutes(1))
    let callers = (0..<50).map {
      Caller(
        account: bench.place.account, region: bench.place.region,
        principal: Principal(kind: .role, name: "app", session: "\($0)"))
    }
    for step in 0..<30 * 24 * 12 {
      for caller in callers {
        // The first hour by whole requests; then by what each of them comes to its table by, which
        // takes a tenth of the time.
        if step < 12 {
          try bench.call(
            "GetItem", "{'TableName':'orders','Key':{'id':{'S':'a'}}}", as: caller)
        } else {
          _ = try bench.cloud.itemTable(TableReference("orders"), for: caller)
        }
      }
      if step == 11 {
        #expect(Self.requests(bench, until: Worked.july).count == count / 720)
      }
      bench.wait(.minutes(5))
    }
    bench.cloud.advance(to: Worked.july)
    #expect(Self.requests(bench, until: Worked.july).count == count)
    let (from, until) = (Worked.june, Worked.july)
    #expect(Self.cost(bench, .keyRequest, from: from, until: until) == requests)
    #expect(Self.cost(bench, .key, from: from, until: until) == keys)
  }

  // MARK: AWS Backup

  /// `orders` of 500 GB with a vault, and recovery points made one after another.
  private static func vault(start: Instant, points: Int, _ lifecycle: String = "{}") throws -> Bench
  {
    var bench = Bench(start: start - .days(1))
    try bench.makeTable()
    try bench.cloud.declareSize(Worked.size, ofTable: "orders", in: bench.place)
    try bench.backup("CreateBackupVault", "{'BackupVaultName':'prod'}")
    for _ in 0..<points {
      _ = try bench.startBackup("prod", "'Lifecycle':\(lifecycle)")
      bench.wait(.hours(1))
    }
    return bench
  }

  private static func cost(
    _ bench: Bench, _ lines: BillLine..., from: Instant, until: Instant
  ) -> String {
    let bounds = Bill.boundaries(from: from, until: until, step: \.startOfNextMonth)
    return bench.cloud.usage(between: bounds)
      .filter { lines.contains($0.heading.line) }
      .reduce(.zero) { $0 + $1.cost }.text(places: 2)
  }

  @Test("four recovery points and their copies in Ireland: 200 and 220, and 10 for each copy")
  func copies() throws {
    var bench = try Self.vault(start: Worked.june, points: 4)
    let ireland = bench.inRegion("eu-west-1")
    try bench.backup("CreateBackupVault", "{'BackupVaultName':'far'}", as: ireland)
    for arn in bench.cloud[bench.place].recoveryPointARNs {
      try bench.backup(
        "StartCopyJob",
        "{'RecoveryPointArn':'\(arn)','SourceBackupVaultName':'prod','IamRoleArn':'\(Bench.role)',"
          + "'DestinationBackupVaultArn':'arn:aws:backup:eu-west-1:123456789012:backup-vault:far'}")
      bench.wait(.hours(3))
    }
    try #require(bench.cloud[ireland.place].recoveryPointARNs.count == 4)
    bench.cloud.advance(to: Worked.july)
    let warm = Self.cost(bench, .warmBackup, from: Worked.june, until: Worked.july)
    #expect(warm == "420.00")
    #expect(
      Self.cost(bench, .copyTransfer, from: Worked.june - .days(1), until: Worked.july) == "40.00")
    let there = bench.cloud.ledger.charges(from: Worked.june, until: Worked.july)
      .filter { $0.place.region == "eu-west-1" && $0.line == .warmBackup }
      .reduce(USD.zero) { $0 + $1.amount }
    #expect(there.text(places: 2) == "220.00")
  }

  @Test("84 kept for ever: one warm and 83 cold cost 1,295 a month, all warm 4,200")
  func archive() throws {
    var bench = try Self.vault(
      start: Worked.june - .days(60), points: 83, "{'MoveToColdStorageAfterDays':1}")
    _ = try bench.startBackup("prod")
    bench.cloud.advance(to: Worked.july)
    #expect(Self.cost(bench, .warmBackup, from: Worked.june, until: Worked.july) == "50.00")
    #expect(Self.cost(bench, .coldBackup, from: Worked.june, until: Worked.july) == "1245.00")
  }

  @Test("84 kept warm cost 4,200 a month")
  func warmArchive() throws {
    var bench = try Self.vault(start: Worked.june - .days(60), points: 84)
    bench.cloud.advance(to: Worked.july)
    #expect(Self.cost(bench, .warmBackup, from: Worked.june, until: Worked.july) == "4200.00")
  }

  @Test("what goes when its lifecycle says owes nothing, however late it was moved")
  func deletedInTime() throws {
    var bench = try Self.vault(
      start: Worked.june, points: 60, "{'MoveToColdStorageAfterDays':1,'DeleteAfterDays':91}")
    bench.wait(.days(100))
    try #require(bench.cloud[bench.place].recoveryPointARNs.isEmpty)
    let start = Worked.june - .days(1)
    #expect(Self.cost(bench, .coldBackup, from: start, until: bench.now) != "0.00")
    #expect(Self.cost(bench, .earlyDeletion, from: start, until: bench.now) == "0.00")
  }

  @Test("20 cold days and 70 owed cost 45, and a restore from cold 100, from warm 75")
  func cold() throws {
    var bench = try Self.vault(
      start: Worked.june + .days(1), points: 1, "{'MoveToColdStorageAfterDays':1}")
    let warm = try #require(bench.cloud[bench.place].recoveryPointARNs.first)
    _ = try bench.restoreJob(warm, "'targetTableName':'one','encryptionType':'Default'")
    bench.wait(.days(3))
    let cooled = try #require(
      bench.cloud.ledger.charges(from: Worked.june - .days(9), until: bench.now)
        .first { $0.line == .coldBackup }
    ).from
    // A deletion takes ten seconds.
    bench.cloud.advance(to: cooled + .days(19))
    _ = try bench.restoreJob(warm, "'targetTableName':'two','encryptionType':'Default'")
    bench.cloud.advance(to: cooled + .days(20) - .seconds(10))
    try bench.backup(
      "DeleteRecoveryPoint", "{'BackupVaultName':'prod','RecoveryPointArn':'\(warm)'}")
    bench.wait(.minutes(1))
    let start = Worked.june - .days(9)
    #expect(Self.cost(bench, .warmRestore, from: start, until: bench.now) == "75.00")
    #expect(Self.cost(bench, .coldRestore, from: start, until: bench.now) == "100.00")
    #expect(Self.cost(bench, .earlyDeletion, from: start, until: bench.now) == "35.00")
    // Twenty days of June; the rest of the ninety counts months of 30 days.
    #expect(Self.cost(bench, .coldBackup, from: start, until: bench.now) == "10.00")
  }
}

extension Bench {
  /// Point-in-time recovery of `orders`, and a full export of it into a bucket of its own.
  fileprivate mutating func exportToShelf() throws {
    try recovery(true)
    try call("CreateBucket", "{'Bucket':'shelf'}", service: "s3api")
    wait(.minutes(10))
    _ = try export()
  }

  /// An incremental export of the month's first day, in which some of the table's items changed.
  fileprivate mutating func exportDay(changing changed: Int, of count: Int) throws {
    try call("CreateBucket", "{'Bucket':'shelf'}", service: "s3api")
    for number in 0..<count { try put("o\(number)") }
    try recovery(true)
    wait(.hours(1))
    let start = now
    wait(.hours(1))
    for number in 0..<changed { try put("o\(number)", 1) }
    wait(.hours(23))
    _ = try export(
      ",'ExportType':'INCREMENTAL_EXPORT','IncrementalExportSpecification':"
        + "{'ExportFromTime':\(start.epochSeconds)}")
  }

  /// So many backups of `orders`, all of this instant.
  fileprivate mutating func backups(_ count: Int) throws {
    for number in 0..<count {
      try call("CreateBackup", "{'TableName':'orders','BackupName':'backup-\(number)'}")
    }
  }
}
