// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

/// Checkpoints that were written when the ledger metered recovery points, and when what was to become
/// of them was known by their ids alone.
@Suite("Older checkpoints with recovery points")
struct OlderBackupCheckpointTests {
  @Test("what they hold goes on as if they were of today, and costs the same")
  func goesOn() throws {
    var bench = try Bench.withVault()
    try bench.cloud.declareSize(8 << 30, ofTable: "orders", in: bench.place)
    _ = try bench.recoveryPoint(
      "prod", "'Lifecycle':{'MoveToColdStorageAfterDays':10,'DeleteAfterDays':100}")
    let short = try bench.recoveryPoint("prod", "'Lifecycle':{'DeleteAfterDays':5}")
    let running = try bench.startBackup()
    bench.wait(.minutes(2))
    let waiting = try bench.startBackup()
    #expect(try bench.job(running).show("State") == "'RUNNING'")
    #expect(try bench.job(waiting).show("State") == "'CREATED'")
    var older = bench
    let formats = CheckpointFormat(migrations: CheckpointFormat.current.migrations + [Self.older])
    older.cloud = try Checkpoint.decode(
      Cloud.self, from: Checkpoint.encode(bench.cloud), format: formats)
    #expect(older.cloud.fingerprint() != bench.cloud.fingerprint())
    for step in [Duration.hours(3), .days(4), .days(2), .days(20), .days(200)] {
      bench.wait(step)
      older.wait(step)
      let bill = Bill(bench.cloud, until: bench.now)
      #expect(bill.total > .zero)
      #expect(Bill(older.cloud, until: older.now).entries == bill.entries)
      #expect(
        older.cloud[older.place].recoveryPointARNs == bench.cloud[bench.place].recoveryPointARNs)
    }
    // Those without an end are left.
    #expect(older.cloud[older.place].recoveryPointARNs.count == 2)
    #expect(!older.cloud[older.place].recoveryPointARNs.contains(short))
  }

  /// Takes out of a cloud's tree what older checkpoints do not have, and meters recovery points in the
  /// ledger.
  @Sendable
  private static func older(_ cloud: Document) -> Document {
    var meters: [Document] = []
    // Entries of a register go by the register's name.
    func aged(_ value: Document, of name: String) -> Document {
      if let elements = value.array { return .array(elements.map { aged($0, of: name) }) }
      guard value.object != nil else { return value }
      if name == "recoveryPoints", value["meteredSince"] != nil { meters += meter(of: value) }
      let isOccurrence = name.hasPrefix("job") || name.hasPrefix("recoveryPoint")
      return Document(
        members: value.members.filter {
          $0.name != "meteredSince" && !(isOccurrence && ["at", "pointAt"].contains($0.name))
        }.map { ($0.name, aged($0.value, of: $0.name == "entries" ? name : $0.name)) })
    }
    let rest = aged(cloud, of: "")
    let ledger = rest["ledger"] ?? .null
    let running = (ledger["running"]?.array ?? []) + meters
    return rest.with("ledger", ledger.with("running", .array(running)))
  }

  /// A key and a value of the ledger's.
  private static func meter(of point: Document) -> [Document] {
    func member(_ name: String) -> Document { point[name] ?? .null }
    let line: Document = point["coldSince"] == nil ? "warm" : "cold"
    return [
      ["line": line, "place": member("place"), "resource": member("arn")],
      [
        "name": "orders", "bytes": member("byteCount"), "since": member("meteredSince"),
        "vault": member("vaultName"),
      ],
    ]
  }
}
