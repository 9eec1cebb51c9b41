// SPDX-License-Identifier: GPL-3.0-or-later

@testable import CloudEngine
import Digests
import Documents
import ItemModel
import Simulation
import TableStore
import Testing

extension Bench {
  /// `orders` with recovery on, and the bucket `shelf`.
  static func withShelf(start: Instant = Bench.start) throws -> Bench {
    var bench = try Bench.withOrders(start: start)
    try bench.recovery(true)
    try bench.call("CreateBucket", "{'Bucket':'shelf'}", service: "s3api")
    return bench
  }

  /// Asks for an export of `orders` to `shelf` and answers with its ARN.
  mutating func export(_ more: String = "", table: String = "orders") throws -> String {
    let arn = ARN.table(table, in: place)
    return try call(
      "ExportTableToPointInTime", "{'TableArn':'\(arn)','S3Bucket':'shelf'\(more)}"
    ).text("ExportDescription.ExportArn")
  }

  mutating func describe(export arn: String) throws -> Document {
    try #require(
      try call("DescribeExport", "{'ExportArn':'\(arn)'}").at("ExportDescription"))
  }

  /// The contents of an object in `shelf`.
  func object(_ key: String) throws -> [UInt8] {
    let bucket = try #require(cloud.bucket(named: "shelf", inPartitionOf: place.region))
    return try #require(bucket.object(key), "\(key)").contents.bytes
  }

  /// The objects of `shelf`, in order.
  var keys: [String] {
    cloud.bucket(named: "shelf", inPartitionOf: place.region)?.objects.map { $0.key.text } ?? []
  }

  /// What an export's data files hold, by way of its manifests; every checksum is checked.
  mutating func lines(of arn: String) throws -> [Document] {
    let summaryKey = try describe(export: arn).text("ExportManifest")
    let folder = summaryKey.dropLast("manifest-summary.json".count)
    let summary = try Document.parse(try object(summaryKey))
    let listKey = try summary.text("manifestFilesS3Key")
    for (file, sum) in [
      (summaryKey, folder + "manifest-summary.md5"), (listKey, folder + "manifest-files.md5"),
    ] {
      let written = String(decoding: try object(String(sum)), as: UTF8.self)
      #expect(written == Base64.text(of: md5(of: try object(file))))
    }
    var found: [Document] = []
    for line in try object(listKey).split(separator: UInt8(ascii: "\n")) {
      let entry = try Document.parse(Array(line))
      let packed = try object(try entry.text("dataFileS3Key"))
      #expect(try entry.text("md5Checksum") == Base64.text(of: md5(of: packed)))
      #expect(try entry.text("etag") == hexText(of: md5(of: packed)))
      let lines = try gunzip(packed).split(separator: UInt8(ascii: "\n"))
      #expect(entry.at("itemCount")?.integer == Int64(lines.count))
      found += try lines.map { try Document.parse(Array($0)) }
    }
    #expect(summary.at("itemCount")?.integer == Int64(found.count))
    return found
  }

  /// The items of a table as canonical JSON, sorted.
  func canonicalItems(of table: String) throws -> [String] {
    try self.table(table).image.items.map { $0.attributes.json.json() }.sorted()
  }
}

@Suite("Exports")
struct ExportTests {
  @Test("a full export is the table at its second, with manifests, and the table never knows")
  func full() throws {
    var bench = try Bench.withShelf()
    for id in ["a", "b", "c"] { try bench.put(id, 1) }
    bench.wait(.minutes(20))
    let second = bench.now
    try bench.put("c", 3)
    bench.wait(.milliseconds(1))
    try bench.put("d", 2)
    bench.wait(.minutes(10))
    let before = try bench.table("orders").image
    let answer = try bench.call(
      "ExportTableToPointInTime",
      "{'TableArn':'\(ARN.table("orders", in: bench.place))','S3Bucket':'shelf',"
        + "'S3Prefix':'daily','ExportTime':\(second.epochSeconds)}")
    let arn = try answer.text("ExportDescription.ExportArn")
    #expect(
      answer.at("ExportDescription")?.members.map(\.name) == [
        "ExportArn", "ExportStatus", "StartTime", "TableArn", "TableId", "ExportTime",
        "ClientToken", "S3Bucket", "S3Prefix", "S3SseAlgorithm", "ExportFormat",
      ])
    #expect(answer.show("ExportDescription.ExportStatus") == "'IN_PROGRESS'")
    let id = try #require(arn.split(separator: "/").last)
    #expect(bench.keys == ["daily/AWSDynamoDB/\(id)/_started"])
    bench.wait(.minutes(5))
    let description = try bench.describe(export: arn)
    #expect(description.show("ExportStatus") == "'COMPLETED'")
    #expect(description.show("ItemCount") == "3")
    let folder = "daily/AWSDynamoDB/\(id)/"
    #expect(description.show("ExportManifest") == "'\(folder)manifest-summary.json'")
    let names = bench.keys.filter { !$0.contains("/data/") }.map { $0.dropFirst(folder.count) }
    #expect(
      names == [
        "_started", "manifest-files.json", "manifest-files.md5", "manifest-summary.json",
        "manifest-summary.md5",
      ])
    let data = bench.keys.filter { $0.hasPrefix(folder + "data/") && $0.hasSuffix(".json.gz") }
    #expect(data.count == 4 && data.allSatisfy { $0.count == folder.count + 5 + 26 + 8 })
    let lines = try bench.lines(of: arn).map { $0.show() }.sorted()
    #expect(
      lines == [
        "{'Item':{'id':{'S':'a'},'v':{'N':'1'}}}", "{'Item':{'id':{'S':'b'},'v':{'N':'1'}}}",
        "{'Item':{'id':{'S':'c'},'v':{'N':'3'}}}",
      ])
    #expect(try bench.table("orders").image == before)
    let summary = try Document.parse(try bench.object(folder + "manifest-summary.json"))
    #expect(
      summary.members.map(\.name) == [
        "version", "exportArn", "startTime", "endTime", "tableArn", "tableId", "exportTime",
        "s3Bucket", "s3Prefix", "s3SseAlgorithm", "s3SseKmsKeyId", "manifestFilesS3Key",
        "billedSizeBytes", "itemCount", "outputFormat", "exportType",
      ])
    #expect(summary.show("exportTime") == "'\(second.rfc3339Milliseconds)'")
    #expect(summary.show("billedSizeBytes") == description.show("BilledSizeBytes"))
  }

  @Test("an export outlives its table and what happens to the bucket until it ends counts")
  func late() throws {
    var bench = try Bench.withShelf()
    try bench.put("a")
    let kept = try bench.export()
    let started = try #require(bench.keys.first)
    try bench.call("DeleteObject", "{'Bucket':'shelf','Key':'\(started)'}", service: "s3api")
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.minutes(5))
    #expect(try bench.describe(export: kept).show("ExportStatus") == "'COMPLETED'")
    #expect(try bench.lines(of: kept).count == 1)
    #expect(bench.keys.contains(started), "what began is told again with the end")
    let list = "{'TableArn':'\(ARN.table("orders", in: bench.place))'}"
    #expect(try bench.show("ListExports", list, "ExportSummaries") == "[]")
    #expect(
      try bench.show("ListExports", "{}", "ExportSummaries")
        == "[{'ExportArn':'\(kept)','ExportStatus':'COMPLETED','ExportType':'FULL_EXPORT'}]")
    bench.wait(.days(90))
    #expect(try bench.show("ListExports", "{}", "ExportSummaries") == "[]")
    #expect(try bench.describe(export: kept).show("ItemCount") == "1")
  }

  private static let failures: [(more: String, code: String, message: String)] = [
    (
      ",'S3Bucket':'nowhere'", "S3NoSuchBucket",
      "The specified bucket does not exist (Service: Amazon S3; Status Code: 404; "
        + "Error Code: NoSuchBucket; Proxy: null)"
    ),
    (
      ",'S3Bucket':'foreign','S3BucketOwner':'111122223333'", "S3AccessDenied",
      "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Proxy: null)"
    ),
    (
      ",'S3Bucket':'shelf','S3SseAlgorithm':'KMS','S3SseKmsKeyId':'lost'", "KmsNotFoundException",
      "Key 'arn:aws:kms:us-east-1:123456789012:key/lost' does not exist (Service: AWSKMS; "
        + "Status Code: 400; Error Code: NotFoundException; Proxy: null)"
    ),
  ]

  @Test("a bucket or key that is not there fails the export later", arguments: failures)
  func failing(_ more: String, _ code: String, _ message: String) throws {
    var bench = try Bench.withShelf()
    let other = Caller(account: "111122223333", region: "us-east-1")
    try bench.call("CreateBucket", "{'Bucket':'foreign'}", service: "s3api", as: other)
    let arn = try bench.call(
      "ExportTableToPointInTime", "{'TableArn':'\(ARN.table("orders", in: bench.place))'\(more)}"
    ).text("ExportDescription.ExportArn")
    #expect(try bench.describe(export: arn).show("ExportStatus") == "'IN_PROGRESS'")
    bench.wait(.minutes(5))
    let description = try bench.describe(export: arn)
    #expect(description.show("ExportStatus") == "'FAILED'")
    #expect(try description.text("FailureCode") == code)
    #expect(try description.text("FailureMessage") == message)
    #expect(description.at("ItemCount") == nil && description.at("ExportManifest") == nil)
    #expect(bench.keys.isEmpty)
    let charges = bench.cloud.ledger.charges(from: Bench.start, until: bench.now + .days(1))
    #expect(charges.allSatisfy { $0.line == .pitr || $0.line.isTableStorage })
  }

  @Test("a token means the same export for eight hours, and another request is a conflict")
  func tokens() throws {
    var bench = try Bench.withShelf()
    let first = try bench.export(",'ClientToken':'one'")
    #expect(try bench.export(",'ClientToken':'one'") == first)
    #expect(
      bench.refusal(
        "ExportTableToPointInTime",
        "{'TableArn':'\(ARN.table("orders", in: bench.place))','S3Bucket':'other',"
          + "'ClientToken':'one'}")
        == "ExportConflictException: Export conflict: Duplicate request detected with conflicting "
        + "parameters")
    bench.wait(.hours(8) - .milliseconds(1))
    #expect(try bench.export(",'ClientToken':'one'") == first)
    bench.wait(.milliseconds(1))
    #expect(try bench.export(",'ClientToken':'one'") != first)
    let timed = bench.now.flooredToSecond - .minutes(10)
    let second = try bench.export(",'ClientToken':'two','ExportTime':\(timed.epochSeconds)")
    #expect(
      try bench.export(",'ClientToken':'two','ExportTime':\(timed.epochSeconds)") == second)
    #expect(
      bench.refusal(
        "ExportTableToPointInTime",
        "{'TableArn':'\(ARN.table("orders", in: bench.place))','S3Bucket':'shelf',"
          + "'ClientToken':'two','ExportTime':\(timed.epochSeconds - 1)}"
      ).hasPrefix("ExportConflictException: "))
    // Without a token every request is another export.
    #expect(try bench.export() != bench.export())
  }

  @Test("the exports of an account are listed in pages, latest first")
  func listing() throws {
    var bench = try Bench.withShelf()
    var arns: [String] = []
    for _ in 0..<5 {
      arns.append(try bench.export())
      bench.wait(.seconds(1))
    }
    var (listed, token): ([String], String?) = ([], nil)
    repeat {
      let more = token.map { ",'NextToken':'\($0)'" } ?? ""
      let page = try bench.call("ListExports", "{'MaxResults':2\(more)}")
      listed += (page.at("ExportSummaries")?.array ?? []).compactMap { $0["ExportArn"]?.string }
      token = page.at("NextToken")?.string
    } while token != nil
    #expect(listed == arns.reversed())
    #expect(bench.refusal("ListExports", "{'NextToken':'!'}").hasSuffix("Invalid NextToken"))
  }

  @Test("a place without exports or imports lists none")
  func nothingListed() throws {
    var bench = try Bench.withOrders()
    let ireland = bench.inRegion("eu-west-1")
    #expect(try bench.show("ListExports", "{}", as: ireland) == "{'ExportSummaries':[]}")
    #expect(try bench.show("ListImports", "{}", as: ireland) == "{'ImportSummaryList':[]}")
  }

  @Test("local indexes are paid for with the table; a provisioned one is written to fewer files")
  func localIndexes() throws {
    var bench = try Bench.withSales()
    try bench.recovery(true, of: "sales")
    try bench.call("CreateBucket", "{'Bucket':'shelf'}", service: "s3api")
    try bench.call(
      "PutItem",
      "{'TableName':'sales','Item':{'customer':{'S':'c'},'at':{'N':'1'},'amount':{'N':'5'},"
        + "'state':{'S':'s'},'note':{'S':'n'}}}")
    bench.wait(.minutes(10))
    let arn = try bench.export(",'S3Prefix':'sales/'", table: "sales")
    bench.wait(.minutes(5))
    let image = try bench.table("sales").image
    let local = try #require(image.index(named: "by-amount"))
    let described = try bench.describe(export: arn)
    #expect(described.show("BilledSizeBytes") == "\(image.byteCount + local.byteCount)")
    #expect(local.byteCount > 0)
    let id = try #require(arn.split(separator: "/").last)
    let folder = "sales/AWSDynamoDB/\(id)/data/"
    #expect(bench.keys.count { $0.hasPrefix(folder) && $0.hasSuffix(".json.gz") } == 1)
    #expect(try bench.lines(of: arn).count == 1)
  }

  @Test("the 301st export at a time is refused")
  func limit() throws {
    var bench = try Bench.withShelf()
    for _ in 0..<300 { _ = try bench.export() }
    #expect(
      bench.refusal(
        "ExportTableToPointInTime",
        "{'TableArn':'\(ARN.table("orders", in: bench.place))','S3Bucket':'shelf'}"
      ).hasPrefix("LimitExceededException: "))
    bench.wait(.minutes(5))
    _ = try bench.export()
  }

  private static let gigabyte: Int64 = 1 << 30

  /// What happens in the period to `o0` to `o9` of a table of 100 GB, writes and deletions, and the
  /// bytes it stands for.
  private static let shares: [(changes: String, bytes: Int64)] = [
    ("", 0), ("+0", 10 * gigabyte), ("+0 +0", 10 * gigabyte), ("-3", 10 * gigabyte),
    ("+1 -2", 20 * gigabyte),
    // An eleventh item makes the shares smaller; one that came and went has none.
    ("+10", 100 * gigabyte / 11), ("-0 +10", 200 * gigabyte / 11), ("+10 -10", 0),
    ("-0 -1 -2 -3 -4 -5 -6 -7 -8 -9", 100 * gigabyte),
    ("+0 +1 +2 +3 +4 +5 +6 +7 +8 +9", 100 * gigabyte),
  ]

  @Test(
    "in a table of declared size an item that changed counts as an equal share of it",
    arguments: shares, ["NEW_IMAGE", "NEW_AND_OLD_IMAGES"])
  func declaredChanges(_ row: (changes: String, bytes: Int64), _ view: String) throws {
    var bench = try Bench.withShelf()
    for id in 0..<10 { try bench.put("o\(id)") }
    try bench.cloud.declareSize(100 * Self.gigabyte, ofTable: "orders", in: bench.place)
    bench.wait(.minutes(20))
    let start = bench.now
    bench.wait(.minutes(5))
    for change in row.changes.split(separator: " ") {
      if change.hasPrefix("+") {
        try bench.put("o\(change.dropFirst())", 7)
      } else {
        try bench.call(
          "DeleteItem", "{'TableName':'orders','Key':{'id':{'S':'o\(change.dropFirst())'}}}")
      }
      bench.wait(.seconds(1))
    }
    bench.wait(.minutes(20))
    let end = bench.now
    // What comes at the end of the period or later is none of its business.
    for id in 20..<40 { try bench.put("o\(id)") }
    bench.wait(.minutes(1))
    let arn = try bench.export(
      ",'ExportType':'INCREMENTAL_EXPORT','IncrementalExportSpecification':{'ExportFromTime':"
        + "\(start.epochSeconds),'ExportToTime':\(end.epochSeconds),'ExportViewType':'\(view)'}")
    bench.wait(.hours(1))
    let billed = max(row.bytes, 10 << 20)
    #expect(try bench.describe(export: arn).show("BilledSizeBytes") == "\(billed)")
    let charges = bench.cloud.ledger.charges(from: start, until: bench.now)
    #expect(charges.filter { $0.line == .incrementalExport }.map(\.bytes) == [billed])
    let shelf = try #require(bench.cloud.bucket(named: "shelf", inPartitionOf: "us-east-1"))
    let data = shelf.objects.filter { $0.key.text.contains("/data/") }.map(\.value)
    #expect(data.count == 11)
    #expect(data.reduce(0) { $0 + $1.billedByteCount } == row.bytes / 5)
  }

  @Test("exports are paid by the GB, once, by what they read")
  func bill() throws {
    var bench = try Bench.withShelf()
    try bench.cloud.declareSize(
      Int64(500 * PriceTable.bytesPerGB), ofTable: "orders", in: bench.place)
    bench.wait(.minutes(20))
    let full = try bench.export()
    _ = try bench.export(
      ",'ExportType':'INCREMENTAL_EXPORT','IncrementalExportSpecification':"
        + "{'ExportFromTime':\((bench.now - .minutes(15)).epochSeconds)}")
    bench.wait(.hours(1))
    let charges = bench.cloud.ledger.charges(from: Bench.start, until: bench.now + .days(1))
    let export = charges.filter { $0.line == .export }
    #expect(export.map(\.resource) == [full])
    #expect(abs(export.reduce(0) { $0 + $1.cost } - 50) < 0.000_001)
    // Next to nothing changed: 10 MB are the least.
    let incremental = charges.filter { $0.line == .incrementalExport }
    #expect(incremental.map(\.bytes) == [10 << 20])
    #expect(abs(incremental.reduce(0) { $0 + $1.cost } - 0.1 * 10 / 1024) < 0.000_001)
  }
}
