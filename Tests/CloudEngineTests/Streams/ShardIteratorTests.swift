// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Shard iterators")
struct ShardIteratorTests {
  @Test("each type begins where it says")
  func types() throws {
    var bench = try Bench.withNotes()
    let arn = try bench.streamARN()
    for id in 1...3 { try bench.note(id, "a") }
    let all = try bench.records(bench.iterator(arn))
    let second = try all.text("Records.1.dynamodb.SequenceNumber")
    let latest = try bench.iterator(arn, "LATEST")
    try bench.note(4, "a")
    #expect(
      try bench.records(bench.iterator(arn, "AT_SEQUENCE_NUMBER", at: second)).events
        == ["INSERT 2", "INSERT 3", "INSERT 4"])
    #expect(
      try bench.records(bench.iterator(arn, "AFTER_SEQUENCE_NUMBER", at: second)).events
        == ["INSERT 3", "INSERT 4"])
    #expect(try bench.records(latest).events == ["INSERT 4"])
    let start = try bench.stream(arn).text("Shards.0.SequenceNumberRange.StartingSequenceNumber")
    #expect(
      try bench.records(bench.iterator(arn, "AT_SEQUENCE_NUMBER", at: start)).events.count == 4)
  }

  @Test("the last place of a closed shard can be asked for, and nothing follows it")
  func end() throws {
    var bench = try Bench.withNotes()
    let arn = try bench.streamARN()
    bench.wait(.hours(5))
    let end = try bench.stream(arn).text("Shards.0.SequenceNumberRange.EndingSequenceNumber")
    for type in ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"] {
      let answer = try bench.records(bench.iterator(arn, type, at: end))
      #expect(answer.show() == "{'Records':[]}")
    }
  }

  @Test("pages follow each other without gap or repetition, new records included")
  func pages() throws {
    var bench = try Bench.withNotes()
    let arn = try bench.streamARN()
    for id in 1...5 { try bench.note(id, "a") }
    var seen: [String] = []
    var iterator = try bench.iterator(arn)
    for page in 0..<4 {
      let answer = try bench.records(iterator, limit: 2)
      seen += answer.events
      iterator = try answer.text("NextShardIterator")
      if page == 2 { try bench.note(6, "a") }
      bench.wait(.minutes(10))
    }
    #expect(seen == (1...6).map { "INSERT \($0)" })
  }

  @Test("a page has 1,000 records at most, or 1 MB, and one record however large")
  func pageBounds() throws {
    var bench = try Bench.withNotes()
    let arn = try bench.streamARN()
    for id in 1...1_001 { try bench.note(id, "a") }
    #expect(try bench.events(arn).count == 1_000)
    var big = try Bench.withNotes()
    // 300 KB each, old and new image together 600: no two of them fit a page but the first two.
    for _ in 0..<2 {
      try big.note(1, String(repeating: "a", count: 300_000))
      try big.note(1, String(repeating: "b", count: 300_000))
    }
    let bigARN = try big.streamARN()
    let first = try big.records(big.iterator(bigARN))
    #expect(first.events == ["INSERT 1", "MODIFY 1"])
    #expect(try big.records(first.text("NextShardIterator")).events == ["MODIFY 1"])
  }

  @Test("an iterator lives for 15 minutes, the last of them included")
  func expiry() throws {
    var bench = try Bench.withNotes()
    let arn = try bench.streamARN()
    try bench.note(1, "a")
    let iterator = try bench.iterator(arn)
    bench.wait(.minutes(15))
    #expect(try bench.records(iterator).events == ["INSERT 1"])
    bench.wait(.milliseconds(1))
    #expect(
      bench.refusal("GetRecords", "{'ShardIterator':'\(iterator)'}", service: Bench.streams)
        == "ExpiredIteratorException: The provided iterator exceeds the maximum age allowed.")
  }

  @Test("a place that left the stream is refused, by number and by an iterator got in time")
  func trimmed() throws {
    let trimmed = "TrimmedDataAccessException: The data you are trying to access has been trimmed."
    for isWrittenTo in [false, true] {
      var bench = try Bench.withNotes()
      let arn = try bench.streamARN()
      try bench.note(1, "a")
      let number = try bench.records(bench.iterator(arn))
        .text("Records.0.dynamodb.SequenceNumber")
      bench.wait(.hours(24))
      let iterator = try bench.iterator(arn, "AT_SEQUENCE_NUMBER", at: number)
      let horizon = try bench.iterator(arn)
      #expect(try bench.records(iterator).events == ["INSERT 1"])
      bench.wait(.milliseconds(1))
      if isWrittenTo { try bench.note(2, "b") }
      #expect(
        bench.refusal("GetRecords", "{'ShardIterator':'\(iterator)'}", service: Bench.streams)
          == trimmed)
      #expect(try bench.records(horizon).events == [])
      let shard = try bench.stream(arn).text("Shards.0.ShardId")
      #expect(
        bench.refusal(
          "GetShardIterator",
          "{'StreamArn':'\(arn)','ShardId':'\(shard)','SequenceNumber':'\(number)',"
            + "'ShardIteratorType':'AT_SEQUENCE_NUMBER'}", service: Bench.streams) == trimmed)
    }
  }

  @Test("streams and shards come page by page")
  func listing() throws {
    var bench = Bench()
    for name in ["bbb", "aaa", "ccc"] { try bench.makeNotes(name, view: "KEYS_ONLY") }
    var names: [String] = []
    var more = ""
    repeat {
      let page = try bench.call("ListStreams", "{'Limit':2\(more)}", service: Bench.streams)
      names += try (page.at("Streams")?.array ?? []).map { try $0.text("TableName") }
      more =
        page.at("LastEvaluatedStreamArn")?.string
        .map { ",'ExclusiveStartStreamArn':'\($0)'" } ?? ""
    } while !more.isEmpty
    #expect(names == ["aaa", "bbb", "ccc"])
    let arn = try bench.streamARN(of: "aaa")
    bench.wait(.hours(9))
    let first = try bench.call(
      "DescribeStream", "{'StreamArn':'\(arn)','Limit':2}", service: Bench.streams)
    let last = try first.text("StreamDescription.LastEvaluatedShardId")
    let rest = try bench.call(
      "DescribeStream", "{'StreamArn':'\(arn)','ExclusiveStartShardId':'\(last)'}",
      service: Bench.streams)
    #expect(rest.at("StreamDescription.Shards")?.array?.count == 1)
    #expect(rest.show("StreamDescription.LastEvaluatedShardId") == "absent")
    let children = try bench.call(
      "DescribeStream",
      "{'StreamArn':'\(arn)','ShardFilter':{'Type':'CHILD_SHARDS','ShardId':'\(last)'}}",
      service: Bench.streams)
    #expect(
      children.show("StreamDescription.Shards") == rest.show("StreamDescription.Shards"))
  }
}
