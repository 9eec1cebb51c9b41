// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Streams over time")
struct StreamLifeTests {
  @Test("a stream is ENABLING with its table, then ENABLED; DISABLING, then DISABLED")
  func statuses() throws {
    var bench = Bench()
    try bench.makeTable("notes")
    try bench.setStream("KEYS_ONLY")
    let arn = try bench.streamARN()
    #expect(try bench.stream(arn).show("StreamStatus") == "'ENABLING'")
    bench.wait(.milliseconds(3_999))
    #expect(try bench.stream(arn).show("StreamStatus") == "'ENABLING'")
    bench.wait(.milliseconds(1))
    #expect(try bench.stream(arn).show("StreamStatus") == "'ENABLED'")
    try bench.setStream(nil)
    bench.wait(.milliseconds(3_999))
    #expect(try bench.stream(arn).show("StreamStatus") == "'DISABLING'")
    bench.wait(.milliseconds(1))
    let description = try bench.stream(arn)
    #expect(description.show("StreamStatus") == "'DISABLED'")
    #expect(description.show("StreamViewType") == "'KEYS_ONLY'")
    #expect(description.show("KeySchema") == "[{'AttributeName':'id','KeyType':'HASH'}]")
    #expect(try description.text("StreamArn") == arn)
    #expect(try description.text("TableName") == "notes")
  }

  @Test("a stream that is off takes no records and can be read for 24 hours, the last included")
  func disabled() throws {
    var bench = try Bench.withNotes()
    let arn = try bench.streamARN()
    bench.wait(.hours(1))
    try bench.note(1, "a")
    try bench.setStream(nil)
    try bench.note(2, "b")
    #expect(try bench.events(arn) == ["INSERT 1"])
    #expect(try bench.streamARN() == arn)
    bench.wait(.hours(24))
    #expect(try bench.events(arn) == ["INSERT 1"])
    bench.wait(.milliseconds(1))
    #expect(
      bench.refusal("DescribeStream", "{'StreamArn':'\(arn)'}", service: Bench.streams)
        == "ResourceNotFoundException: Requested resource not found: Stream: \(arn) not found")
  }

  @Test("switched on again it is a new stream beside the old one")
  func again() throws {
    var bench = try Bench.withNotes()
    let first = try bench.streamARN()
    try bench.note(1, "a")
    try bench.setStream(nil)
    bench.wait(.seconds(4))
    try bench.setStream("KEYS_ONLY")
    try bench.note(2, "b")
    let second = try bench.streamARN()
    #expect(first != second)
    #expect(try bench.events(first) == ["INSERT 1"])
    #expect(try bench.events(second) == ["INSERT 2"])
    let listed = try bench.call("ListStreams", "{'TableName':'notes'}", service: Bench.streams)
    #expect(try listed.text("Streams.0.StreamArn") == first)
    #expect(try listed.text("Streams.1.StreamArn") == second)
    #expect(try second.hasSuffix("/stream/" + listed.text("Streams.1.StreamLabel")))
  }

  @Test("the stream of a deleted table can be read for 24 hours, beside that of its successor")
  func deletedTable() throws {
    var bench = try Bench.withNotes()
    let arn = try bench.streamARN()
    try bench.note(1, "a")
    try bench.call("DeleteTable", "{'TableName':'notes'}")
    #expect(try bench.stream(arn).show("StreamStatus") == "'DISABLED'")
    bench.wait(.seconds(10))
    try bench.makeNotes(view: "KEYS_ONLY")
    try bench.note(1, "b")
    #expect(try bench.events(arn) == ["INSERT 1"])
    #expect(try bench.events(bench.streamARN()) == ["INSERT 1"])
    bench.wait(.hours(24))
    #expect(
      try bench.call("ListStreams", service: Bench.streams).at("Streams")?.array?.count == 1)
  }

  @Test("a record can be read for 24 hours, the last of them included, written to or not")
  func retention() throws {
    for isWrittenTo in [false, true] {
      var bench = try Bench.withNotes()
      let arn = try bench.streamARN()
      try bench.note(1, "a")
      bench.wait(.seconds(1))
      try bench.note(2, "b")
      bench.wait(.hours(24) - .seconds(1))
      if isWrittenTo { try bench.note(3, "c") }
      #expect(try bench.events(arn) == ["INSERT 1", "INSERT 2"])
      bench.wait(.milliseconds(1))
      if isWrittenTo { try bench.note(4, "d") }
      #expect(try bench.events(arn) == ["INSERT 2"])
      bench.wait(.seconds(1))
      #expect(try bench.events(arn) == [])
    }
  }

  @Test("a shard takes records for 4 hours, then the next one follows it")
  func shards() throws {
    var bench = try Bench.withNotes()
    let arn = try bench.streamARN()
    let created = try bench.stream(arn).instant("CreationRequestDateTime")
    bench.cloud.advance(to: created + .hours(4) - .milliseconds(1))
    try bench.note(1, "a")
    #expect(try bench.stream(arn).at("Shards")?.array?.count == 1)
    #expect(
      try bench.stream(arn).show("Shards.0.SequenceNumberRange")
        == "{'StartingSequenceNumber':'178031520000000000000'}")
    bench.wait(.milliseconds(1))
    try bench.note(2, "b")
    let stream = try bench.stream(arn)
    #expect(stream.at("Shards")?.array?.count == 2)
    #expect(
      stream.show("Shards.0.SequenceNumberRange")
        == "{'StartingSequenceNumber':'178031520000000000000',"
        + "'EndingSequenceNumber':'178032959999999999999'}")
    #expect(
      stream.show("Shards.1.SequenceNumberRange.StartingSequenceNumber")
        == "'178032960000000000000'")
    #expect(stream.show("Shards.1.ParentShardId") == stream.show("Shards.0.ShardId"))
    #expect(stream.show("Shards.0.ParentShardId") == "absent")
    #expect(try stream.text("Shards.0.ShardId").hasPrefix("shardId-00000001780315200000-"))
    #expect(try bench.events(arn, shard: 0) == ["INSERT 1"])
    #expect(try bench.events(arn, shard: 1) == ["INSERT 2"])
    // Read to its end, a closed shard has no next iterator; the open one has.
    #expect(try bench.records(bench.iterator(arn)).show("NextShardIterator") == "absent")
    #expect(try bench.records(bench.iterator(arn, shard: 1)).at("NextShardIterator") != nil)
  }

  @Test("a shard is listed while a record of it may be left")
  func oldShards() throws {
    var bench = try Bench.withNotes()
    let arn = try bench.streamARN()
    let created = try bench.stream(arn).instant("CreationRequestDateTime")
    let first = try bench.stream(arn).text("Shards.0.ShardId")
    bench.cloud.advance(to: created + .hours(28) - .milliseconds(1))
    #expect(try bench.stream(arn).at("Shards")?.array?.count == 7)
    #expect(try bench.stream(arn).text("Shards.0.ShardId") == first)
    bench.wait(.milliseconds(1))
    let stream = try bench.stream(arn)
    #expect(stream.at("Shards")?.array?.count == 7)
    #expect(try stream.text("Shards.0.ParentShardId") == first)
  }
}
