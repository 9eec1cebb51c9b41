// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests
import Documents
import ItemModel
import Simulation
import Testing

@Suite("Imports")
struct ImportTests {
  private static let parameters = """
    'TableCreationParameters':{'TableName':'copy','BillingMode':'PAY_PER_REQUEST',
     'AttributeDefinitions':[{'AttributeName':'id','AttributeType':'S'}],
     'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}]}
    """

  private static func input(
    _ prefix: String, format: String = "DYNAMODB_JSON", compression: String = "GZIP",
    _ more: String = ""
  ) -> String {
    "{'S3BucketSource':{'S3Bucket':'shelf','S3KeyPrefix':'\(prefix)'},'InputFormat':'\(format)',"
      + "'InputCompressionType':'\(compression)'\(more),\(parameters)}"
  }

  private static func upload(_ text: String, _ key: String, _ bench: inout Bench) throws {
    try upload(Array(text.utf8), key, &bench)
  }

  private static func upload(_ bytes: [UInt8], _ key: String, _ bench: inout Bench) throws {
    try bench.call(
      "PutObject", "{'Bucket':'shelf','Key':'\(key)','Body':'\(Base64.text(of: bytes))'}",
      service: "s3api")
  }

  private static func begin(_ input: String, _ bench: inout Bench) throws -> String {
    try bench.call("ImportTable", input).text("ImportTableDescription.ImportArn")
  }

  private static func describe(_ arn: String, _ bench: inout Bench) throws -> Document {
    try #require(
      try bench.call("DescribeImport", "{'ImportArn':'\(arn)'}").at("ImportTableDescription"))
  }

  @Test("what was exported, imported, is the same table: every type, sets, nesting, empty values")
  func roundTrip() throws {
    var bench = try Bench.withShelf()
    let items = [
      "{'id':{'S':'all'},'n':{'N':'-1.5E-100'},'big':{'N':'12345678901234567890123456789012345678'},"
        + "'b':{'B':'AP8='},'t':{'BOOL':true},'f':{'BOOL':false},'z':{'NULL':true},'e':{'S':''}}",
      "{'id':{'S':'sets'},'ss':{'SS':['b','a']},'ns':{'NS':['3','1.0']},'bs':{'BS':['AQ==','']}}",
      "{'id':{'S':'deep'},'m':{'M':{'l':{'L':[{'M':{'x':{'S':'y'}}},{'L':[]},{'M':{}}]}}}}",
      "{'id':{'S':'ünï code \\n \\\\ \u{1F600}'}}",
    ]
    for item in items { try bench.call("PutItem", "{'TableName':'orders','Item':\(item)}") }
    for index in 0..<200 { try bench.put("item-\(index)", index) }
    let export = try bench.export(",'S3Prefix':'x'")
    bench.wait(.minutes(5))
    let id = try #require(export.split(separator: "/").last)
    let arn = try Self.begin(Self.input("x/AWSDynamoDB/\(id)/data/"), &bench)
    bench.wait(.minutes(3))
    let description = try Self.describe(arn, &bench)
    #expect(description.show("ImportStatus") == "'COMPLETED'")
    #expect(description.show("ImportedItemCount") == "204")
    #expect(description.show("ErrorCount") == "0")
    #expect(try bench.canonicalItems(of: "copy") == bench.canonicalItems(of: "orders"))
    #expect(try bench.table("copy").id == description.text("TableId"))
  }

  @Test("the table appears after half a minute, CREATING, and is ACTIVE when the import ends")
  func course() throws {
    var bench = try Bench.withShelf()
    try Self.upload("{'Item':{'id':{'S':'a'}}}\n".replacing("'", with: "\""), "in/1.json", &bench)
    let arn = try Self.begin(Self.input("in/", compression: "NONE"), &bench)
    #expect(bench.status(of: "copy") == "gone")
    #expect(try Self.describe(arn, &bench).show("ImportStatus") == "'IN_PROGRESS'")
    #expect(
      bench.refusal("ImportTable", Self.input("in/"))
        == "ResourceInUseException: Table already exists: copy")
    bench.wait(.seconds(30))
    #expect(bench.status(of: "copy") == "CREATING")
    bench.wait(.seconds(149))
    #expect(bench.status(of: "copy") == "CREATING")
    bench.wait(.seconds(1))
    #expect(bench.status(of: "copy") == "ACTIVE")
    let description = try Self.describe(arn, &bench)
    #expect(description.show("ImportStatus") == "'COMPLETED'")
    #expect(description.show("ProcessedSizeBytes") == "26")
    #expect(try bench.show("Scan", "{'TableName':'copy'}", "Items") == "[{'id':{'S':'a'}}]")
    let charges = bench.cloud.ledger.charges(from: Bench.start, until: bench.now + .days(1))
    #expect(charges.filter { $0.line == .import }.map(\.bytes) == [26])
  }

  /// What an object holds, and what an import makes of it: processed, imported, errors.
  private static let contents: [(text: String, counts: [String])] = [
    ("", ["0", "0", "0"]),
    ("\n \n\r\n", ["0", "0", "0"]),
    ("{'Item':{'id':{'S':'a'}}}", ["1", "1", "0"]),
    ("{'Item':{'id':{'S':'a'}}}\r\n{'Item':{'id':{'S':'a'},'v':{'N':'2'}}}", ["2", "2", "0"]),
    ("{'Item':{'id':{'S':'a'}}}\n{'Item':{'id':{'N':'1'}}}", ["2", "1", "1"]),
    ("{'Item':{'id':{'S':''}}}", ["1", "0", "1"]),
    ("{'Item':{'v':{'S':'no key'}}}", ["1", "0", "1"]),
    ("{'id':{'S':'a'}}", ["1", "0", "1"]),
    ("{'Item':{'id':{'S':'a'}},'More':1}", ["1", "0", "1"]),
    ("{'Item':{'id':{'S':'a','N':'1'}}}", ["1", "0", "1"]),
    ("{'Item':{'id':{'S':'a'}}", ["1", "0", "1"]),
    ("no json\n[]\nnull", ["3", "0", "3"]),
    (
      "{'Item':{'id':{'S':'a'},'v':{'S':'\(String(repeating: "x", count: 409_600))'}}}",
      ["1", "0", "1"]
    ),
  ]

  @Test("a line that is no item of the table is an error, and the others stay", arguments: contents)
  func errors(_ text: String, _ counts: [String]) throws {
    var bench = try Bench.withShelf()
    try Self.upload(text.replacing("'", with: "\""), "in/1", &bench)
    let arn = try Self.begin(Self.input("in/", compression: "NONE"), &bench)
    bench.wait(.minutes(3))
    let description = try Self.describe(arn, &bench)
    #expect(
      [
        description.show("ProcessedItemCount"), description.show("ImportedItemCount"),
        description.show("ErrorCount"),
      ] == counts)
    let fails = counts[2] != "0"
    #expect(description.show("ImportStatus") == (fails ? "'FAILED'" : "'COMPLETED'"))
    #expect(
      description.show("FailureMessage")
        == (fails
          ? "'Some of the items failed validation checks and were not imported. Please check "
            + "CloudWatch error logs for more details.'" : "absent"))
    #expect(bench.status(of: "copy") == "ACTIVE")
  }

  private static let tables: [(text: String, options: String, items: [String], errors: String)] = [
    (
      "id,v\na,1\nb,2\n", "", ["{'id':{'S':'a'},'v':{'S':'1'}}", "{'id':{'S':'b'},'v':{'S':'2'}}"],
      "0"
    ),
    (
      "a;1\r\nb;", "'Delimiter':';','HeaderList':['id','v']",
      ["{'id':{'S':'a'},'v':{'S':'1'}}", "{'id':{'S':'b'},'v':{'S':''}}"], "0"
    ),
    (
      "id\tv\na\t\"x\ty \"\"q\"\"\nz\"\n", "'Delimiter':'\\t'",
      ["{'id':{'S':'a'},'v':{'S':'x\\ty \\'q\\'\\nz'}}"], "0"
    ),
    ("id,v\na\nb,1,2\nc,3", "", ["{'id':{'S':'c'},'v':{'S':'3'}}"], "2"),
    ("id,v\n\n,1\nd,\"open", "", [], "2"),
    ("id,id\na,b", "", [], "1"),
  ]

  @Test("CSV rows are items of texts under the names of the header", arguments: tables)
  func csv(_ text: String, _ options: String, _ items: [String], _ errors: String) throws {
    var bench = try Bench.withShelf()
    try Self.upload(text, "in/1.csv", &bench)
    let more = options.isEmpty ? "" : ",'InputFormatOptions':{'Csv':{\(options)}}"
    let arn = try Self.begin(
      Self.input("in/", format: "CSV", compression: "NONE", more), &bench)
    bench.wait(.minutes(3))
    #expect(try Self.describe(arn, &bench).show("ErrorCount") == errors)
    let found = try bench.canonicalItems(of: "copy")
    #expect(found == items.map { $0.replacing("\\'", with: "\\\"").replacing("'", with: "\"") })
  }

  @Test("hostile data end the import, and never the program")
  func hostile() throws {
    var bench = try Bench.withShelf()
    try Self.upload(gzip([UInt8](repeating: 0x20, count: 4 << 20)), "bomb/1.gz", &bench)
    try Self.upload("not compressed", "plain/1.gz", &bench)
    try Self.upload(
      gzip(Array("{\"Item\":{\"id\":{\"S\":\"a\"}}}".utf8)).dropLast(3).map { $0 }, "cut/1.gz",
      &bench)
    for index in 0..<1001 { try Self.upload("", "many/\(index)", &bench) }
    var outcomes: [String] = []
    for folder in ["bomb", "plain", "cut", "many", "none"] {
      let arn = try Self.begin(
        Self.input("\(folder)/").replacing("'copy'", with: "'copy-\(folder)'"), &bench)
      bench.wait(.minutes(3))
      let description = try Self.describe(arn, &bench)
      outcomes.append(
        "\(folder) \(description.show("FailureCode")) \(bench.status(of: "copy-\(folder)"))")
    }
    #expect(
      outcomes == [
        "bomb 'NotSimulated' gone", "plain 'ItemValidationError' ACTIVE",
        "cut 'ItemValidationError' ACTIVE", "many 'NotSimulated' gone", "none absent ACTIVE",
      ])
  }

  @Test("a bucket that is not there, or another account's, fails the import without a table")
  func buckets() throws {
    var bench = try Bench.withShelf()
    let other = Caller(account: "111122223333", region: "us-east-1")
    try bench.call("CreateBucket", "{'Bucket':'foreign'}", service: "s3api", as: other)
    for (bucket, code) in [("nowhere", "'S3NoSuchBucket'"), ("foreign", "'S3AccessDenied'")] {
      let arn = try Self.begin(Self.input("").replacing("'shelf'", with: "'\(bucket)'"), &bench)
      bench.wait(.minutes(3))
      let description = try Self.describe(arn, &bench)
      #expect(description.show("ImportStatus") == "'FAILED'")
      #expect(description.show("FailureCode") == code)
      #expect(bench.status(of: "copy") == "gone")
    }
    let listed = try bench.call("ListImports", "{'PageSize':1}")
    let token = try listed.text("NextToken")
    #expect(token.count >= 112 && token.count.isMultiple(of: 16))
    let rest = try bench.call("ListImports", "{'NextToken':'\(token)'}")
    #expect(rest.show("ImportSummaryList.0.S3BucketSource.S3Bucket") == "'nowhere'")
    #expect(rest.at("NextToken") == nil)
  }

  @Test("an archived object under the prefix is none that an import can read")
  func archived() throws {
    var bench = try Bench.withShelf()
    try Self.upload("{\"Item\":{\"id\":{\"S\":\"a\"}}}", "in/1", &bench)
    try bench.call(
      "PutObject", "{'Bucket':'shelf','Key':'in/2','StorageClass':'DEEP_ARCHIVE'}",
      service: "s3api")
    let arn = try Self.begin(Self.input("in/", compression: "NONE"), &bench)
    bench.wait(.minutes(3))
    let description = try Self.describe(arn, &bench)
    #expect(description.show("FailureCode") == "'NotSimulated'")
    #expect(
      description.show("FailureMessage")
        == "'An import of objects in DEEP_ARCHIVE is not simulated by Rewind.'")
    #expect(bench.status(of: "copy") == "gone")
  }

  @Test("a table made under the name meanwhile fails the import and stays as it is")
  func nameTaken() throws {
    var bench = try Bench.withShelf()
    try Self.upload("{'Item':{'id':{'S':'a'}}}".replacing("'", with: "\""), "in/1", &bench)
    let arn = try Self.begin(Self.input("in/", compression: "NONE"), &bench)
    try bench.makeTable("copy")
    bench.wait(.minutes(3))
    let description = try Self.describe(arn, &bench)
    #expect(description.show("ImportStatus") == "'FAILED'")
    #expect(description.show("FailureCode") == "'ResourceInUseException'")
    #expect(description.show("FailureMessage") == "'Table already exists: copy'")
    #expect(bench.status(of: "copy") == "ACTIVE")
    #expect(try bench.contents(of: "copy") == [])
  }

  @Test("the 51st import at a time is refused; imports are listed by table")
  func limit() throws {
    var bench = try Bench.withShelf()
    func input(_ number: Int) -> String {
      Self.input("in/").replacing("'copy'", with: "'copy-\(number)'")
    }
    for number in 0..<50 { _ = try Self.begin(input(number), &bench) }
    #expect(
      bench.refusal("ImportTable", input(50))
        == Words.limit + "There can be at most 50 imports at a time")
    let listed = try bench.call(
      "ListImports", "{'TableArn':'\(ARN.table("copy-7", in: bench.place))'}")
    #expect(listed.at("ImportSummaryList")?.array?.count == 1)
    #expect(
      listed.show("ImportSummaryList.0.TableArn")
        == "'\(ARN.table("copy-7", in: bench.place))'")
    bench.wait(.minutes(3))
    _ = try Self.begin(input(50), &bench)
  }

  @Test("a token means the same import for eight hours, and another request is a conflict")
  func tokens() throws {
    var bench = try Bench.withShelf()
    let one = Self.input("in/", ",'ClientToken':'one'")
    let first = try Self.begin(one, &bench)
    #expect(try Self.begin(one, &bench) == first)
    #expect(
      bench.refusal("ImportTable", Self.input("out/", ",'ClientToken':'one'"))
        == "ImportConflictException: Import conflict: Duplicate request detected with conflicting "
        + "parameters")
    bench.wait(.hours(8))
    #expect(
      bench.refusal("ImportTable", one) == "ResourceInUseException: Table already exists: copy")
  }
}
