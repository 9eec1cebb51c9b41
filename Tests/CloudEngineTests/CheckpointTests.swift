// SPDX-License-Identifier: GPL-3.0-or-later

import CanonicalCoding
import CloudEngine
import Documents
import ItemModel
import PersistentCollections
import Simulation
import TableStore
import Testing

/// Stands where a new kind of state is to be added: what a checkpoint must bring back.
extension Bench {
  /// A world with something of every kind of state, and everything in between under way.
  static func withEverything() throws -> Bench {
    var bench = try withSales()
    for number in 0..<40 {
      try bench.call(
        "PutItem",
        "{'TableName':'sales','Item':{'customer':{'S':'c\(number % 7)'},'at':{'N':'\(number)'},"
          + "'amount':{'N':'\(number * 3)'},'state':{'S':'open'},'note':{'S':'n'}}}")
    }
    try bench.makeTable()
    try bench.recovery(true, days: 7)
    for number in 0..<30 { try bench.put("o\(number)", number) }
    let arn = try bench.backup()
    for number in 0..<5 { try bench.put("o\(number)", -number) }
    try bench.call("DeleteItem", "{'TableName':'orders','Key':{'id':{'S':'o9'}}}")
    try bench.call(
      "UpdateTimeToLive",
      "{'TableName':'orders','TimeToLiveSpecification':{'Enabled':true,'AttributeName':'e'}}")
    try bench.makeTable("gone")
    try bench.recovery(true, of: "gone")
    _ = try bench.makeKeyedTable("worldwide")
    let key = try bench.addKeyedReplica(in: "ap-south-1", of: "worldwide")
    try bench.key("DisableKey", key, in: "ap-south-1")
    bench.wait(.hours(7))
    // Waits for the replica's key.
    try bench.put("w", 1, into: "worldwide")
    try bench.call("DeleteTable", "{'TableName':'gone'}")
    bench.wait(.minutes(5))
    try bench.cloud.declareSize(1 << 40, ofTable: "sales", in: bench.place)
    try bench.restore(arn, to: "copy")
    _ = bench.refusal("DeleteTable", "{'TableName':'absent'}")
    try bench.call("CreateTable", ordersInput, as: bench.inRegion("eu-west-1"))
    try bench.call("CreateBucket", "{'Bucket':'exports-of-orders'}", service: "s3api")
    try bench.call(
      "PutObject", "{'Bucket':'exports-of-orders','Key':'a/b','Body':'QUJD'}", service: "s3api")
    try bench.call("CreateBackup", "{'TableName':'orders','BackupName':'creating'}")
    try bench.call(
      "TransactWriteItems",
      "{'TransactItems':[{'Delete':{'TableName':'orders','Key':{'id':{'S':'o1'}}}}],"
        + "'ClientRequestToken':'token'}")
    try bench.useAWSBackup()
    return bench
  }
}

@Suite("Checkpoints of the whole cloud")
struct CheckpointTests {
  @Test("a cloud comes back equal, in every stored property")
  func roundTrip() throws {
    let cloud = try Bench.withEverything().cloud
    let bytes = try Checkpoint.encode(cloud)
    let back = try Checkpoint.decode(Cloud.self, from: bytes, checksItems: true)
    #expect(back.fullFingerprint() == cloud.fullFingerprint())
    #expect(back.fingerprint() == cloud.fingerprint())
    let (before, after) = (description(of: cloud), description(of: back))
    #expect(before.count > 2_000)
    #expect(before == after)
    #expect(try Checkpoint.encode(back) == bytes)
  }

  @Test("a cloud that came back goes on as the one it was")
  func goesOn() throws {
    var live = try Bench.withEverything()
    var back = live
    back.cloud = try Checkpoint.decode(Cloud.self, from: Checkpoint.encode(live.cloud))
    for instant in [live.now - .hours(7), live.now - .minutes(6)] {
      #expect(try live.contents(at: instant) == back.contents(at: instant))
    }
    for step in 0..<6 {
      try live.put("later\(step)", step)
      try back.put("later\(step)", step)
      live.wait(.hours(Int64(step * step * 24)))
      back.wait(.hours(Int64(step * step * 24)))
      #expect(live.cloud.fullFingerprint() == back.cloud.fullFingerprint(), "after \(step)")
    }
    #expect(try live.contents() == back.contents())
  }

  @Test("equal clouds give equal bytes, however they came about")
  func canonical() throws {
    let first = try Checkpoint.encode(try Bench.withEverything().cloud)
    #expect(try Checkpoint.encode(try Bench.withEverything().cloud) == first)
  }

  @Test("images that shared their nodes share them again")
  func sharing() throws {
    var bench = try Bench.withOrders()
    for number in 0..<2_000 { try bench.put("o\(number)", number) }
    try bench.recovery(true)
    let arn = try bench.backup()
    try bench.put("o1", -1)
    func unshared(_ cloud: Cloud) throws -> Int {
      let backup = try #require(cloud[bench.place].listedBackups(at: cloud.now).first)
      let table = try #require(cloud[bench.place].table(named: "orders"))
      #expect(backup.arn == arn && backup.image.count == 2_000)
      return table.image.countNodes(notSharedWith: backup.image)
    }
    let bytes = try Checkpoint.encode(bench.cloud)
    let back = try Checkpoint.decode(Cloud.self, from: bytes)
    #expect(try unshared(bench.cloud) <= 4)
    #expect(try unshared(back) <= 4)
    // The backup adds its differences alone.
    let alone = try Checkpoint.encode(Bench.withOrders().cloud).count
    #expect(bytes.count < alone + 2_000 * 40)
  }

  @Test("a changed, missing or added byte is noticed")
  func damage() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    let bytes = try Checkpoint.encode(bench.cloud)
    for position in bytes.indices {
      var damaged = bytes
      damaged[position] ^= UInt8(1 << (position % 8))
      #expect(throws: CheckpointError.self) {
        try Checkpoint.decode(Cloud.self, from: damaged)
      }
    }
    for count in bytes.indices {
      #expect(throws: CheckpointError.self) {
        try Checkpoint.decode(Cloud.self, from: Array(bytes[..<count]))
      }
    }
    #expect(throws: CheckpointError.damaged) {
      try Checkpoint.decode(Cloud.self, from: bytes + [0])
    }
  }

  @Test("bytes under a right digest that make no cloud throw, and do not trap")
  func nonsense() throws {
    let bytes = try Checkpoint.encode(try Bench.withEverything().cloud)
    var random = SplitMix64(seed: 11)
    var refused = 0
    for _ in 0..<200 {
      var body = Array(bytes.dropLast(32))
      let position = Int.random(in: 28..<body.count, using: &random)
      body[position] = UInt8.random(in: 0...255, using: &random)
      let forged = body + Checkpoint.digest(ofBody: body)
      do {
        _ = try Checkpoint.decode(Cloud.self, from: forged, checksItems: true)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 50)
  }

  @Test("a head that does not fit what follows it is damage, whatever its digest")
  func heads() throws {
    let bytes = try Checkpoint.encode(Cloud(seed: 1, clock: Bench.start))
    /// The bytes with a number of the head changed: at 8 the format, at 12 and 20 the lengths.
    func forged(_ changes: [(at: Int, value: UInt8)], count: Int? = nil) -> [UInt8] {
      var body = Array(bytes.dropLast(32).prefix(count ?? .max))
      for change in changes { body[change.at] = change.value }
      return body + Checkpoint.digest(ofBody: body)
    }
    for damaged in [
      forged([(8, 0)]), forged([], count: 12), forged([], count: 27),
      forged([(12, bytes[12] ^ 1)]), forged([(19, 0xff), (27, 0xff)]), forged([], count: 28),
    ] {
      #expect(throws: CheckpointError.damaged) {
        try Checkpoint.decode(Cloud.self, from: damaged)
      }
    }
    #expect(throws: CheckpointError.newerFormat(9)) {
      try Checkpoint.decode(Cloud.self, from: forged([(8, 9)]))
    }
    #expect(throws: Never.self) { try Checkpoint.decode(Cloud.self, from: forged([])) }
  }

  @Test("a cloud by itself is the same in format 1; a log that is none is named")
  func firstFormat() throws {
    struct Timeline: Codable { var entries: [Int]?, openRequests: [Int] }
    struct World: Codable { var timeline: Timeline }
    let first = CheckpointFormat(migrations: [])
    let cloud = try Bench.withOrders().cloud
    let back = try Checkpoint.decode(
      Cloud.self, from: Checkpoint.encode(cloud, format: first))
    #expect(back.fullFingerprint() == cloud.fullFingerprint())
    func opening(_ timeline: some Codable) throws -> CheckpointError? {
      let bytes = try Checkpoint.encode(["timeline": timeline], format: first)
      return #expect(throws: CheckpointError.self) {
        try Checkpoint.decode(World.self, from: bytes)
      }
    }
    #expect(
      try opening(Timeline(entries: nil, openRequests: []))
        == .unreadable("\(TreeError.missing("entries"))"))
    #expect(
      try opening(["entries": 1, "openRequests": 1]) == .unreadable("\(TreeError.mismatch)"))
    #expect(
      try opening(["entries": [["text": "x"]], "openRequests": []])
        == .unreadable("\(TreeError.missing("rows"))"))
  }

  @Test("an older format is brought up to date, a newer one is refused")
  func formats() throws {
    struct Old: Codable { var cloud: Cloud, label: String }
    struct New: Codable { var cloud: Cloud, title: String, stars: Int }
    let steps: [CheckpointFormat.Migration] = [
      { old in
        guard case .object(var members) = old else { return old }
        members["title"] = members.removeValue(forKey: "label")
        return .object(members)
      },
      { old in
        guard case .object(var members) = old else { return old }
        members["stars"] = 5
        return .object(members)
      },
    ]
    let third = CheckpointFormat(migrations: steps)
    let cloud = try Bench.withEverything().cloud
    let first = try Checkpoint.encode(
      Old(cloud: cloud, label: "x"), format: CheckpointFormat(migrations: []))
    let opened = try Checkpoint.decode(New.self, from: first, format: third)
    #expect(opened.title == "x" && opened.stars == 5)
    #expect(opened.cloud.fullFingerprint() == cloud.fullFingerprint())
    let newer = try Checkpoint.encode(opened, format: third)
    #expect(throws: CheckpointError.newerFormat(3)) {
      try Checkpoint.decode(New.self, from: newer, format: CheckpointFormat(migrations: []))
    }
  }

  // MARK: Reflection

  /// Every stored property below a value with its path; maps and logs by their elements.
  private func description(of value: Any) -> [String] {
    var lines: [String] = []
    describe(value, "cloud", into: &lines)
    return lines
  }

  private func describe(_ value: Any, _ path: String, into lines: inout [String]) {
    let type = String(describing: Swift.type(of: value))
    if type.hasPrefix("OrderedMap<") || type.hasPrefix("AppendLog<") {
      // Where the nodes begin and end differs; what they hold does not.
      for (index, element) in elements(of: value).enumerated() {
        describe(element, "\(path)[\(index)]", into: &lines)
      }
      return
    }
    if let counts = value as? [String: UInt64] {
      return lines.append("\(path) = \(counts.sorted { $0.key < $1.key })")
    }
    let mirror = Mirror(reflecting: value)
    if mirror.children.isEmpty || mirror.displayStyle == .dictionary {
      return lines.append("\(path) = \(stable(value))")
    }
    for (index, child) in mirror.children.enumerated() {
      describe(child.value, "\(path).\(child.label ?? String(index))", into: &lines)
    }
  }

  private func stable(_ value: Any) -> String {
    Mirror(reflecting: value).displayStyle == .dictionary
      ? Mirror(reflecting: value).children.map { "\($0.value)" }.sorted().joined(separator: ",")
      : "\(value)"
  }

  private func elements(of value: Any) -> [Any] {
    func all(_ sequence: some Sequence) -> [Any] { sequence.map { $0 as Any } }
    guard let sequence = value as? any Sequence else { return [] }
    return all(sequence)
  }
}
