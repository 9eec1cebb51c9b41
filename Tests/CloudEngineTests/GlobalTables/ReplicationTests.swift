// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import TableStore
import Testing

@Suite("Writes between replicas")
struct ReplicationTests {
  private static let regions = ["us-east-1", "eu-west-1", "ap-south-1"]

  @Test("a put, an update and a delete arrive everywhere one second later, from any Region")
  func arrival() throws {
    var bench = try Bench.withReplicas(in: ["eu-west-1", "ap-south-1"])
    for region in Self.regions {
      try bench.put("k", 1, in: region)
      try bench.call(
        "UpdateItem",
        "{'TableName':'orders','Key':{'id':{'S':'k'}},'UpdateExpression':'SET v = v + :one',"
          + "'ExpressionAttributeValues':{':one':{'N':'1'}}}", as: bench.inRegion(region))
      bench.wait(.milliseconds(999))
      for other in Self.regions where other != region {
        #expect(try bench.contents(in: other) == ["a=1"], "\(region) to \(other)")
      }
      bench.wait(.milliseconds(1))
      for other in Self.regions { #expect(try bench.contents(in: other) == ["a=1", "k=2"]) }
      try bench.delete("k", in: region)
      bench.wait(.seconds(1))
      for other in Self.regions { #expect(try bench.contents(in: other) == ["a=1"]) }
    }
  }

  /// Two writes of the item `k` in two Regions, so many milliseconds apart; nil deletes.
  struct Conflict: Sendable, CustomTestStringConvertible {
    let first: (region: String, value: Int?)
    let apart: Int64
    let second: (region: String, value: Int?)
    let outcome: [String]
    var testDescription: String { "\(first) \(apart) \(second)" }
  }

  static let conflicts: [Conflict] = [
    Conflict(first: ("us-east-1", 1), apart: 400, second: ("eu-west-1", 2), outcome: ["k=2"]),
    Conflict(first: ("eu-west-1", 1), apart: 400, second: ("us-east-1", 2), outcome: ["k=2"]),
    Conflict(first: ("us-east-1", 1), apart: 999, second: ("eu-west-1", 2), outcome: ["k=2"]),
    Conflict(first: ("us-east-1", 1), apart: 1000, second: ("eu-west-1", 2), outcome: ["k=2"]),
    Conflict(first: ("us-east-1", 1), apart: 1, second: ("eu-west-1", nil), outcome: []),
    Conflict(first: ("us-east-1", nil), apart: 1, second: ("eu-west-1", 2), outcome: ["k=2"]),
    // In the same millisecond the Region whose name comes later wins, in whatever order.
    Conflict(first: ("us-east-1", 1), apart: 0, second: ("eu-west-1", 2), outcome: ["k=1"]),
    Conflict(first: ("eu-west-1", 2), apart: 0, second: ("us-east-1", 1), outcome: ["k=1"]),
    Conflict(first: ("us-east-1", 1), apart: 0, second: ("us-east-1", 2), outcome: ["k=2"]),
  ]

  @Test("the last writer wins, everywhere alike", arguments: conflicts)
  func lastWriterWins(_ conflict: Conflict) throws {
    var bench = try Bench.withReplicas(in: ["eu-west-1", "ap-south-1"])
    try bench.delete("a", in: "us-east-1")
    try bench.put("k", 0, in: "us-east-1")
    bench.wait(.seconds(5))
    for (region, value) in [conflict.first, conflict.second] {
      if let value {
        try bench.put("k", value, in: region)
      } else {
        try bench.delete("k", in: region)
      }
      if region == conflict.first.region, value == conflict.first.value {
        bench.wait(.milliseconds(conflict.apart))
      }
    }
    bench.wait(.seconds(3))
    for region in Self.regions {
      #expect(try bench.contents(in: region) == conflict.outcome, "\(region)")
    }
  }

  @Test("random writes in three Regions end the same in all of them", arguments: 1...8)
  func converges(seed: UInt64) throws {
    var bench = try Bench.withReplicas(in: ["eu-west-1", "ap-south-1"])
    var random = SplitMix64(seed: seed)
    for step in 0..<200 {
      let region = Self.regions[Int(random.next() % 3)]
      let key = "k\(random.next() % 4)"
      if random.next() % 4 == 0 {
        try bench.delete(key, in: region)
      } else {
        try bench.put(key, step, in: region)
      }
      bench.wait(.milliseconds(Int64(random.next() % 500)))
    }
    bench.wait(.seconds(2))
    let first = try bench.contents(in: Self.regions[0])
    for region in Self.regions { #expect(try bench.contents(in: region) == first, "\(region)") }
  }

  @Test("however many writes are on their way, the agenda holds one occurrence for them")
  func agendaStaysSmall() throws {
    var bench = try Bench.withReplicas()
    bench.wait(.hours(12))
    let before = bench.cloud.pendingCount
    for number in 0..<500 {
      try bench.put("k\(number % 50)", number)
      bench.wait(.milliseconds(1))
    }
    // One for the writes, one for the statistics of the table written to.
    #expect(bench.cloud.pendingCount - before <= 2)
    bench.wait(.seconds(2))
    #expect(try bench.contents(in: "eu-west-1").count == 51)
  }

  @Test("each replica has a stream of its own, with the writes of every Region")
  func streams() throws {
    var bench = try Bench.withReplicas()
    try bench.put("b", 2, in: "us-east-1")
    bench.wait(.seconds(1))
    try bench.put("c", 3, in: "eu-west-1")
    bench.wait(.seconds(1))
    for region in ["us-east-1", "eu-west-1"] {
      let place = Place(account: bench.place.account, region: region)
      let arn = bench.describe("LatestStreamArn", in: region)
        .replacing("'", with: "")
      let service = "dynamodbstreams"
      let caller = bench.inRegion(region)
      #expect(arn.hasPrefix(ARN.table("orders", in: place) + "/stream/"))
      let described = try bench.call(
        "DescribeStream", "{'StreamArn':'\(arn)'}", service: service, as: caller)
      let shard = try described.text("StreamDescription.Shards.0.ShardId")
      let iterator = try bench.call(
        "GetShardIterator",
        "{'StreamArn':'\(arn)','ShardId':'\(shard)','ShardIteratorType':'TRIM_HORIZON'}",
        service: service, as: caller
      ).text("ShardIterator")
      let records = try bench.call(
        "GetRecords", "{'ShardIterator':'\(iterator)'}", service: service, as: caller)
      let keys = try (records.at("Records")?.array ?? []).map { try $0.text("dynamodb.Keys.id.S") }
      #expect(keys.sorted() == ["b", "c"], "\(region)")
    }
  }

  @Test("the replica's own history records a write when it arrives")
  func arrivalInHistory() throws {
    var bench = try Bench.withReplicas()
    bench.caller = bench.inRegion("eu-west-1")
    try bench.recovery(true)
    bench.wait(.minutes(10))
    let written = bench.now
    try bench.put("b", 2, in: "us-east-1")
    bench.wait(.minutes(10))
    #expect(try bench.contents(at: written) == ["a=1"])
    #expect(try bench.contents(at: written + .seconds(1)) == ["a=1", "b=2"])
    let changes = try #require(bench.table("orders").changes)
    #expect(changes.map(\.instant) == [written + .seconds(1)])
  }
}
