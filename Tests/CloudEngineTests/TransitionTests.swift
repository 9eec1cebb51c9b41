// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("What a wait waits for")
struct TransitionTests {
  /// All that happens by itself from here on and is worth a wait, by seconds from now.
  private func course(of start: Bench, hiding id: String? = nil) -> [String] {
    var bench = start
    var lines: [String] = []
    while let next = bench.cloud.pendingTransitions.first?.at, lines.count < 20 {
      let seconds = Double((next - start.now) / .milliseconds(1)) / 1_000
      for (at, what) in bench.cloud.pendingTransitions where at == next {
        lines.append("\(seconds) \(id.map { what.replacing($0, with: "…") } ?? what)")
      }
      bench.cloud.advance(to: next)
    }
    return lines
  }

  private static let index =
    "'AttributeDefinitions':[{'AttributeName':'k','AttributeType':'S'}],"
    + "'GlobalSecondaryIndexUpdates':[{'Create':{'IndexName':'by-k','KeySchema':"
    + "[{'AttributeName':'k','KeyType':'HASH'}],'Projection':{'ProjectionType':'ALL'}}}]"

  @Test(
    "each step of a change is named, and when it comes",
    arguments: [
      (
        index,
        [
          "40.0 table orders becomes ACTIVE again", "40.0 index by-k of orders is allocated",
          "520.0 index by-k of orders is ACTIVE",
        ]
      ),
      (
        "'WarmThroughput':{'ReadUnitsPerSecond':13000}",
        ["390.0 the warm throughput of orders is raised"]
      ),
      ("'SSESpecification':{'Enabled':true}", ["22.0 the key of table orders is changed"]),
      (
        "'ReplicaUpdates':[{'Create':{'RegionName':'eu-west-1'}}]",
        [
          "68.0 replica orders in eu-west-1 is listed",
          "68.0 table orders becomes ACTIVE again",
          "560.0 replica orders in eu-west-1 is ACTIVE", "563.0 table orders can be backed up",
        ]
      ),
    ] as [(String, [String])])
  func changes(members: String, expected: [String]) throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    bench.wait(.hours(7))
    #expect(course(of: bench) == [])
    try bench.call("UpdateTable", "{'TableName':'orders',\(members)}")
    #expect(course(of: bench) == expected)
  }

  @Test("the way of an index and of a replica out is named too; writes on their way are not")
  func leaving() throws {
    var bench = try Bench.withReplicas()
    try bench.call("UpdateTable", "{'TableName':'orders',\(Self.index)}")
    bench.wait(.hours(25))
    try bench.put("b", 2)
    #expect(course(of: bench) == [], "the write arrives in the background")
    bench.wait(.hours(1))
    var fork = bench
    try fork.call(
      "UpdateTable",
      "{'TableName':'orders','GlobalSecondaryIndexUpdates':[{'Delete':{'IndexName':'by-k'}}]}")
    #expect(
      course(of: fork).filter { $0.contains("index") } == [
        "40.0 index by-k of orders is gone", "40.0 index by-k of orders is gone",
      ])
    try bench.replicate("orders", "{'Delete':{'RegionName':'eu-west-1'}}")
    #expect(
      course(of: bench).filter { !$0.contains("ACTIVE") } == [
        "36.0 replica orders in eu-west-1 is deleted",
        "125.0 replica orders in eu-west-1 leaves its global table",
        "145.0 table orders is gone",
      ])
  }

  @Test("exports and imports are known by the last part of their ARNs")
  func transfers() throws {
    var bench = try Bench.withShelf()
    bench.wait(.hours(7))
    let export = try bench.export()
    let id = String(try #require(export.split(separator: "/").last))
    #expect(course(of: bench, hiding: id) == ["300.0 export … ends"])
    bench.wait(.hours(1))
    let answer = try bench.call("ImportTable", Refusals.load(table: "copy"))
    let arn = try answer.text("ImportTableDescription.ImportArn")
    let number = String(try #require(arn.split(separator: "/").last))
    #expect(
      course(of: bench, hiding: number).prefix(3) == [
        "30.0 the table of import … appears", "180.0 table copy becomes ACTIVE",
        "180.0 import … ends",
      ])
  }

  @Test("a table on its way into the archive, and one whose key is back, are named")
  func keys() throws {
    var (bench, key) = try Bench.withKeyedOrders()
    bench.wait(.hours(7))
    try bench.key("DisableKey", key)
    bench.wait(.hours(1))
    #expect(course(of: bench) == [], "nobody knows whether the key comes back")
    var fork = bench
    try fork.key("EnableKey", key)
    #expect(
      course(of: fork) == ["1800.0 the key of table orders is found to be back"])
    bench.wait(.days(7) - .hours(1))
    #expect(bench.status(of: "orders") == "ARCHIVING")
    #expect(
      course(of: bench).filter { !$0.contains("backup") } == [
        "600.0 table orders is ARCHIVED"
      ])
  }
}
