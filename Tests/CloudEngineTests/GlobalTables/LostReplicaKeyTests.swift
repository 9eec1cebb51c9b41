// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("A replica whose key is lost")
struct LostReplicaKeyTests {
  private static let here = "us-east-1"
  private static let there = "eu-west-1"
  private static let inaccessible = "INACCESSIBLE_ENCRYPTION_CREDENTIALS"

  /// `orders` and its replica, each under a key of its Region; the replica's has just been disabled.
  private static func lost() throws -> (Bench, key: String) {
    var (bench, _) = try Bench.withKeyedOrders()
    try bench.put("a", 1)
    let key = try bench.addKeyedReplica(in: there)
    #expect(try bench.contents(in: there) == ["a=1"])
    try bench.key("DisableKey", key, in: there)
    return (bench, key)
  }

  @Test("writes of other Regions wait, and arrive when the key is back, the last writer's last")
  func waiting() throws {
    var (bench, key) = try Self.lost()
    bench.wait(.minutes(5) - .milliseconds(500))
    // The replica's own last write is newer than one that is on its way to it.
    try bench.put("k", 1, in: Self.here)
    try bench.put("m", 1, in: Self.here)
    bench.wait(.milliseconds(400))
    try bench.put("k", 2, in: Self.there)
    bench.wait(.minutes(1))
    try bench.put("n", 3, in: Self.here)
    try bench.put("n", 4, in: Self.here)
    try bench.delete("a", in: Self.here)
    bench.wait(.hours(1))
    #expect(throws: ServiceError.self) { try bench.contents(in: Self.there) }
    #expect(try bench.contents(in: Self.here) == ["k=2", "m=1", "n=4"])
    try bench.key("EnableKey", key, in: Self.there)
    #expect(try bench.contents(in: Self.there) == ["k=2", "m=1", "n=4"])
    try bench.put("o", 5, in: Self.here)
    bench.wait(.seconds(1))
    #expect(try bench.contents(in: Self.there) == ["k=2", "m=1", "n=4", "o=5"])
  }

  @Test("the other members list it as inaccessible from when that is noticed")
  func status() throws {
    var (bench, key) = try Self.lost()
    let status = "Replicas.0.ReplicaStatus"
    bench.wait(.minutes(30) - .milliseconds(1))
    #expect(bench.describe(status, in: Self.here) == "'ACTIVE'")
    bench.wait(.milliseconds(1))
    #expect(bench.describe(status, in: Self.here) == "'\(Self.inaccessible)'")
    #expect(bench.describe("TableStatus", in: Self.here) == "'ACTIVE'")
    #expect(bench.describe("TableStatus", in: Self.there) == "'\(Self.inaccessible)'")
    try bench.key("EnableKey", key, in: Self.there)
    bench.wait(.minutes(30))
    #expect(bench.describe(status, in: Self.here) == "'ACTIVE'")
  }

  @Test("after twenty hours the global table goes on without it, and it stays a table of its own")
  func leftBehind() throws {
    var (bench, key) = try Self.lost()
    let lostAt = bench.now
    bench.cloud.advance(to: lostAt + .hours(20) - .milliseconds(1))
    #expect(bench.describe("Replicas.0.RegionName", in: Self.here) == "'\(Self.there)'")
    try bench.put("late", 1, in: Self.here)
    bench.wait(.milliseconds(1))
    #expect(bench.describe("Replicas", in: Self.here) == "absent")
    #expect(bench.describe("GlobalTableVersion", in: Self.there) == "absent")
    try bench.key("EnableKey", key, in: Self.there)
    #expect(try bench.contents(in: Self.there) == ["a=1"])
    bench.wait(.minutes(31))
    #expect(bench.describe("TableStatus", in: Self.there) == "'ACTIVE'")
  }

  @Test("a key that is back in time, or lost anew, begins another twenty hours")
  func again() throws {
    var (bench, key) = try Self.lost()
    bench.wait(.hours(19))
    try bench.key("EnableKey", key, in: Self.there)
    bench.wait(.minutes(1))
    try bench.key("DisableKey", key, in: Self.there)
    bench.wait(.hours(19))
    #expect(bench.describe("Replicas.0.ReplicaStatus", in: Self.here) == "'\(Self.inaccessible)'")
    try bench.put("b", 2, in: Self.here)
    bench.wait(.minutes(59))
    try bench.key("EnableKey", key, in: Self.there)
    #expect(try bench.contents(in: Self.there) == ["a=1", "b=2"])
    bench.wait(.hours(30))
    #expect(bench.describe("Replicas.0.ReplicaStatus", in: Self.here) == "'ACTIVE'")
  }
}
