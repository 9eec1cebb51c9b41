// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import Simulation
import TableStore
import Testing

@testable import CloudEngine

extension Bench {
  static let streams = "dynamodbstreams"

  /// A bench with the ACTIVE table `notes`, its key the number `Id`, and its stream.
  static func withNotes(view: String = "NEW_AND_OLD_IMAGES") throws -> Bench {
    var bench = Bench()
    try bench.makeNotes(view: view)
    return bench
  }

  mutating func makeNotes(_ name: String = "notes", view: String) throws {
    try call(
      "CreateTable",
      """
      {'TableName':'\(name)','BillingMode':'PAY_PER_REQUEST',
       'AttributeDefinitions':[{'AttributeName':'Id','AttributeType':'N'}],
       'KeySchema':[{'AttributeName':'Id','KeyType':'HASH'}],
       'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'\(view)'}}
      """)
    wait(.seconds(10))
  }

  mutating func note(_ id: Int, _ text: String, in table: String = "notes") throws {
    try call(
      "PutItem",
      "{'TableName':'\(table)','Item':{'Id':{'N':'\(id)'},'Message':{'S':'\(text)'}}}")
  }

  mutating func streamARN(of table: String = "notes") throws -> String {
    try call("DescribeTable", "{'TableName':'\(table)'}").text("Table.LatestStreamArn")
  }

  mutating func stream(_ arn: String) throws -> Document {
    try #require(
      try call("DescribeStream", "{'StreamArn':'\(arn)'}", service: Self.streams)
        .at("StreamDescription"))
  }

  mutating func setStream(_ view: String?, of table: String = "notes") throws {
    let specification =
      view.map { "'StreamEnabled':true,'StreamViewType':'\($0)'" } ?? "'StreamEnabled':false"
    try call(
      "UpdateTable", "{'TableName':'\(table)','StreamSpecification':{\(specification)}}")
  }

  mutating func iterator(
    _ arn: String, shard: Int = 0, _ type: String = "TRIM_HORIZON", at number: String? = nil
  ) throws -> String {
    let id = try stream(arn).text("Shards.\(shard).ShardId")
    let more = number.map { ",'SequenceNumber':'\($0)'" } ?? ""
    return try call(
      "GetShardIterator",
      "{'StreamArn':'\(arn)','ShardId':'\(id)','ShardIteratorType':'\(type)'\(more)}",
      service: Self.streams
    ).text("ShardIterator")
  }

  mutating func records(_ iterator: String, limit: Int? = nil) throws -> Document {
    let more = limit.map { ",'Limit':\($0)" } ?? ""
    return try call(
      "GetRecords", "{'ShardIterator':'\(iterator)'\(more)}", service: Self.streams)
  }

  /// What the first shard holds, each record as its event and its item's id.
  mutating func events(_ arn: String, shard: Int = 0) throws -> [String] {
    try records(try iterator(arn, shard: shard)).events
  }
}

extension Document {
  /// The records of an answer, each as its event and its item's id.
  var events: [String] {
    (at("Records")?.array ?? []).map { record in
      "\(record.at("eventName")?.string ?? "?") \(record.at("dynamodb.Keys.Id.N")?.string ?? "?")"
    }
  }
}

@Suite("Streams")
struct StreamTests {
  /// The sizes are those of the records in the service's own sample of a stream.
  @Test(
    "a record holds what its view type says",
    arguments: [
      ("KEYS_ONLY", [false, false], [5, 5, 5]), ("NEW_IMAGE", [true, false], [26, 38, 5]),
      ("OLD_IMAGE", [false, true], [5, 26, 38]),
      ("NEW_AND_OLD_IMAGES", [true, true], [26, 59, 38]),
    ] as [(String, [Bool], [Int])])
  func views(view: String, images: [Bool], sizes: [Int]) throws {
    var bench = try Bench.withNotes(view: view)
    try bench.note(101, "New item!")
    bench.wait(.milliseconds(1_500))
    try bench.note(101, "This item has changed")
    try bench.call("DeleteItem", "{'TableName':'notes','Key':{'Id':{'N':'101'}}}")
    let arn = try bench.streamARN()
    let answer = try bench.records(try bench.iterator(arn))
    #expect(answer.events == ["INSERT 101", "MODIFY 101", "REMOVE 101"])
    let newer = ["{'S':'New item!'}", "{'S':'This item has changed'}", "absent"]
    for (number, old) in ["absent", newer[0], newer[1]].enumerated() {
      let record = "Records.\(number).dynamodb."
      #expect(answer.show(record + "NewImage.Message") == (images[0] ? newer[number] : "absent"))
      #expect(answer.show(record + "OldImage.Message") == (images[1] ? old : "absent"))
      #expect(answer.show(record + "SizeBytes") == "\(sizes[number])")
      #expect(answer.show(record + "StreamViewType") == "'\(view)'")
    }
    #expect(answer.at("Records")?.array?.count == 3)
  }

  @Test("a record as a whole")
  func wholeRecord() throws {
    var bench = try Bench.withNotes(view: "KEYS_ONLY")
    bench.wait(.milliseconds(700))
    try bench.note(7, "x")
    let arn = try bench.streamARN()
    let record = try #require(try bench.records(try bench.iterator(arn)).at("Records.0"))
    #expect(try record.text("eventID").utf8.count == 32)
    #expect(
      record.members.map(\.name) == [
        "eventID", "eventName", "eventVersion", "eventSource", "awsRegion", "dynamodb",
      ])
    #expect(
      record.show("dynamodb")
        == "{'ApproximateCreationDateTime':1780315210.0,'Keys':{'Id':{'N':'7'}},"
        + "'SequenceNumber':'178031521070000000001','SizeBytes':4,"
        + "'StreamViewType':'KEYS_ONLY'}")
    #expect(record.show("awsRegion") == "'us-east-1'")
    #expect(record.show("eventSource") == "'aws:dynamodb'")
  }

  @Test("a write that changes nothing leaves no record, every other one does, whatever wrote it")
  func changes() throws {
    var bench = try Bench.withNotes()
    try bench.note(1, "a")
    try bench.note(1, "a")
    try bench.call("DeleteItem", "{'TableName':'notes','Key':{'Id':{'N':'2'}}}")
    try bench.call("UpdateItem", "{'TableName':'notes','Key':{'Id':{'N':'1'}}}")
    try bench.call("UpdateItem", "{'TableName':'notes','Key':{'Id':{'N':'3'}}}")
    try bench.call(
      "BatchWriteItem",
      "{'RequestItems':{'notes':[{'PutRequest':{'Item':{'Id':{'N':'4'}}}},"
        + "{'DeleteRequest':{'Key':{'Id':{'N':'1'}}}}]}}")
    #expect(
      try bench.events(bench.streamARN()) == ["INSERT 1", "INSERT 3", "INSERT 4", "REMOVE 1"])
  }

  @Test("sequence numbers grow, within a millisecond too, and have 21 digits and more")
  func sequence() throws {
    var bench = try Bench.withNotes()
    for id in 1...3 { try bench.note(id, "a") }
    bench.wait(.milliseconds(1))
    try bench.note(4, "a")
    let answer = try bench.records(try bench.iterator(try bench.streamARN()))
    let numbers = try (0..<4).map { try answer.text("Records.\($0).dynamodb.SequenceNumber") }
    #expect(numbers == numbers.sorted() && Set(numbers).count == 4)
    #expect(numbers.allSatisfy { $0.utf8.count == 21 })
  }

  @Test("the expiry of an item is told from a request's deletion")
  func expiry() throws {
    var bench = try Bench.withNotes()
    for id in 1...2 { try bench.note(id, "a") }
    let id = try bench.table("notes").identity
    let key = try #require(try bench.table("notes").image.entries().map(\.key).first)
    bench.cloud.write(nil, at: key, of: id, by: .timeToLive)
    try bench.call("DeleteItem", "{'TableName':'notes','Key':{'Id':{'N':'1'}}}")
    try bench.call("DeleteItem", "{'TableName':'notes','Key':{'Id':{'N':'2'}}}")
    let answer = try bench.records(try bench.iterator(try bench.streamARN()))
    #expect(
      answer.show("Records.2.userIdentity")
        == "{'PrincipalId':'dynamodb.amazonaws.com','Type':'Service'}")
    #expect(answer.show("Records.3.eventName") == "'REMOVE'")
    #expect(answer.show("Records.3.userIdentity") == "absent")
  }

  @Test("a stream and its records are part of the state; reading them is not")
  func state() throws {
    var bench = try Bench.withNotes()
    let arn = try bench.streamARN()
    let before = bench.cloud
    let fingerprint = before.fingerprint()
    _ = try bench.events(arn)
    #expect(bench.cloud.fingerprint() == fingerprint)
    try bench.note(1, "a")
    try bench.call("DeleteItem", "{'TableName':'notes','Key':{'Id':{'N':'1'}}}")
    #expect(bench.cloud.fingerprint() != fingerprint)
    bench.cloud = before
    #expect(try bench.events(arn) == [])
  }

  @Test("a restored table has no stream; its source's goes on", arguments: RestoreKind.allCases)
  func restored(kind: RestoreKind) throws {
    var bench = try Bench.withNotes()
    try bench.note(1, "a")
    _ = try bench.restore("notes", by: kind)
    bench.wait(.seconds(240))
    try bench.note(2, "b", in: "target")
    try bench.note(3, "c")
    let target = try bench.call("DescribeTable", "{'TableName':'target'}")
    #expect(target.show("Table.StreamSpecification") == "absent")
    #expect(target.show("Table.LatestStreamArn") == "absent")
    #expect(
      try bench.show("ListStreams", "{'TableName':'target'}", "Streams", service: Bench.streams)
        == "[]")
    #expect(try bench.events(bench.streamARN()) == ["INSERT 1", "INSERT 3"])
  }
}
