// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import PersistentCollections
import Simulation
import TableStore
import Testing

@Suite("Deletion of expired items")
struct ExpiryTests {
  private static let delay = Duration.seconds(48 * 3600)

  /// Puts an item that says by `until` when it expires; the value is JSON with single quotes.
  private static func put(_ bench: inout Bench, _ id: String, until: String) throws {
    try bench.call(
      "PutItem",
      "{'TableName':'orders','Item':{'id':{'S':'\(id)'},'v':{'N':'0'},'until':\(until)}}")
  }

  private static func number(_ instant: Instant) -> String {
    "{'N':'\(instant.milliseconds / 1_000)'}"
  }

  private static func switchOn(_ bench: inout Bench, _ isOn: Bool = true) throws {
    try bench.call(
      "UpdateTimeToLive",
      "{'TableName':'orders','TimeToLiveSpecification':{'Enabled':\(isOn),"
        + "'AttributeName':'until'}}")
  }

  @Test("an item goes 48 hours after its second, is there until then, and nothing else goes")
  func deletion() throws {
    var bench = try Bench.withOrders()
    try Self.switchOn(&bench)
    let second = bench.now + .hours(1)
    try Self.put(&bench, "a", until: Self.number(second))
    try Self.put(&bench, "b", until: Self.number(second + .seconds(1)))
    try bench.put("c")
    bench.cloud.advance(to: second + Self.delay - .milliseconds(1))
    #expect(try bench.contents() == ["a=0", "b=0", "c=0"])
    bench.wait(.milliseconds(1))
    #expect(try bench.contents() == ["b=0", "c=0"])
    bench.wait(.seconds(1))
    #expect(try bench.contents() == ["c=0"])
  }

  @Test(
    "only a top-level whole number of the last five years or the future counts",
    arguments: [
      ("a text", "{'S':'1780315200'}", true),
      ("a number in a map", "{'M':{'until':{'N':'1780315200'}}}", true),
      ("milliseconds", "{'N':'1780315200000'}", true),
      ("beyond all numbers of seconds", "{'N':'1e60'}", true),
      ("a fraction", "{'N':'1780315200.5'}", true),
      ("before 1970", "{'N':'-5'}", true),
      ("more than five years before the deletion", "{'N':'1622808009'}", true),
      ("more than five years before it is written", "{'N':'1500000000'}", true),
      ("five years before the deletion", "{'N':'1622808010'}", false),
      ("yesterday", "{'N':'1780228800'}", false),
    ] as [(String, String, Bool)])
  func whatCounts(name: String, until: String, stays: Bool) throws {
    var bench = try Bench.withOrders()
    try Self.put(&bench, "a", until: until)
    try Self.switchOn(&bench)
    bench.wait(.days(90))
    #expect(try bench.contents().isEmpty != stays, "\(name)")
  }

  @Test("what had expired before counts from the switching on; what is written late goes soon")
  func late() throws {
    var bench = try Bench.withOrders()
    try Self.put(&bench, "old", until: Self.number(bench.now - .days(10)))
    try Self.switchOn(&bench)
    let on = bench.now
    bench.cloud.advance(to: on + Self.delay - .milliseconds(1))
    #expect(try bench.contents() == ["old=0"])
    bench.wait(.milliseconds(1))
    #expect(try bench.contents() == [])
    try Self.put(&bench, "late", until: Self.number(bench.now - .days(10)))
    bench.wait(.seconds(59))
    #expect(try bench.contents() == ["late=0"])
    bench.wait(.seconds(1))
    #expect(try bench.contents() == [])
  }

  @Test("an item that is written again lives by its new time; a deleted one is forgotten")
  func rewritten() throws {
    var bench = try Bench.withOrders()
    try Self.switchOn(&bench)
    let second = bench.now + .hours(1)
    for id in ["earlier", "later", "without", "gone"] {
      try Self.put(&bench, id, until: Self.number(second))
    }
    try Self.put(&bench, "earlier", until: Self.number(second - .minutes(30)))
    try Self.put(&bench, "later", until: Self.number(second + .days(5)))
    try bench.put("without")
    try bench.call("DeleteItem", "{'TableName':'orders','Key':{'id':{'S':'gone'}}}")
    bench.cloud.advance(to: second + Self.delay - .minutes(30))
    #expect(try bench.contents() == ["later=0", "without=0"])
    bench.wait(.minutes(30))
    #expect(try bench.contents() == ["later=0", "without=0"])
    bench.wait(.days(5))
    #expect(try bench.contents() == ["without=0"])
  }

  @Test("switched off, nothing is deleted; switched on again, the two days begin anew")
  func switching() throws {
    var bench = try Bench.withOrders()
    try Self.put(&bench, "a", until: Self.number(bench.now))
    try Self.switchOn(&bench)
    bench.wait(.hours(47))
    try Self.switchOn(&bench, false)
    bench.wait(.days(30))
    #expect(try bench.contents() == ["a=0"])
    try Self.switchOn(&bench)
    bench.wait(.hours(47))
    #expect(try bench.contents() == ["a=0"])
    bench.wait(.hours(1))
    #expect(try bench.contents() == [])
  }

  @Test("recovery brings a deleted item back from the second before, and not from that second")
  func recovery() throws {
    var bench = try Bench.withOrders()
    try bench.recovery(true)
    try Self.switchOn(&bench)
    let second = bench.now + .hours(1)
    try Self.put(&bench, "a", until: Self.number(second))
    let deleted = second + Self.delay
    bench.cloud.advance(to: deleted + .minutes(10))
    #expect(try bench.contents() == [])
    #expect(try bench.contents(at: deleted - .seconds(1)) == ["a=0"])
    #expect(try bench.contents(at: deleted) == [])
  }

  @Test("a restored table keeps its expired items: its time to live is off")
  func restored() throws {
    var bench = try Bench.withOrders()
    try Self.switchOn(&bench)
    try Self.put(&bench, "a", until: Self.number(bench.now))
    let arn = try bench.backup()
    try bench.restore(arn, to: "copy")
    bench.wait(.days(30))
    #expect(try bench.contents() == [])
    #expect(try bench.contents(of: "copy") == ["a=0"])
  }

  @Test("an index and the statistics follow the deletion, and no event tells of it")
  func traces() throws {
    var bench = try Bench.withSales()
    try bench.call(
      "UpdateTimeToLive",
      "{'TableName':'sales','TimeToLiveSpecification':{'Enabled':true,'AttributeName':'until'}}")
    try bench.call(
      "PutItem",
      """
      {'TableName':'sales','Item':{'customer':{'S':'c'},'at':{'N':'1'},'amount':{'N':'2'},
      'state':{'S':'open'},'until':\(Self.number(bench.now))}}
      """)
    let query = """
      {'TableName':'sales','IndexName':'by-state','KeyConditionExpression':'#s = :s',
      'ExpressionAttributeNames':{'#s':'state'},'ExpressionAttributeValues':{':s':{'S':'open'}}}
      """
    #expect(try bench.show("Query", query, "Count") == "1")
    let events = bench.cloud.observations.events.count
    bench.wait(.days(3))
    #expect(bench.cloud.observations.events.count == events)
    #expect(try bench.show("Query", query, "Count") == "0")
    #expect(try bench.show("DescribeTable", "{'TableName':'sales'}", "Table.ItemCount") == "0")
  }

  @Test(
    "a thousand items that expire a second apart go one by one, and a copy of the cloud is left")
  func many() throws {
    var bench = try Bench.withOrders()
    try Self.switchOn(&bench)
    let first = bench.now + .hours(1)
    for number in 0..<1_000 {
      try Self.put(&bench, "i\(number)", until: Self.number(first + .seconds(number)))
    }
    let snapshot = bench.cloud.fingerprint()
    let before = bench
    bench.cloud.advance(to: first + Self.delay + .seconds(499))
    #expect(try bench.table("orders").image.count == 500)
    bench.cloud.advance(to: first + Self.delay + .seconds(999))
    #expect(try bench.table("orders").image.isEmpty)
    #expect(before.cloud.fingerprint() == snapshot)
    #expect(try before.table("orders").image.count == 1_000)
  }
}
