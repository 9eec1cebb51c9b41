// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Glibc
import Simulation
import StateStore

/// Whole clouds to bytes and back, and worlds that are opened from them.
enum Checkpoints {
  static func run(_ scale: Scale, _ report: inout Report) throws {
    report.section("Checkpoints")
    try coding(scale, &report)
    try worlds(scale, &report)
  }

  private static func coding(_ scale: Scale, _ report: inout Report) throws {
    let count = scale.size(100_000, smoke: 5_000)
    var bench = try BenchCloud(items: count, recovery: true)
    try bench.call("CreateBackup", ["TableName": "orders", "BackupName": "nightly"])
    for number in 0..<1_000 { try bench.call("PutItem", .put(number, version: 1)) }
    let cloud = bench.cloud
    var bytes: [UInt8] = []
    let write = try best(of: scale.repeats, { () }) { _ in bytes = try Checkpoint.encode(cloud) }
    var back: Cloud?
    let read = try best(of: scale.repeats, { back = nil }) { _ in
      back = try Checkpoint.decode(Cloud.self, from: bytes)
    }
    guard back?.fullFingerprint() == cloud.fullFingerprint() else {
      throw CheckpointError.unreadable("another cloud came back")
    }
    let copy = best(of: scale.repeats, { bytes }) { $0[0] = 0 }
    let megabytes = Double(bytes.count) / 1e6
    let each100k = "\(count) items of 224 B, a backup, 1,000 changes: \(rounded(megabytes)) MB"
    report.add(
      Row(
        "a cloud to bytes", "\(each(write)), \(rounded(megabytes / write)) MB/s", beside: each100k))
    report.add(
      Row(
        "bytes to a cloud", "\(each(read)), \(rounded(megabytes / read)) MB/s",
        beside: "memcpy \(each(copy))"))
  }

  /// A world of many commands: opened from its checkpoint, and verified from its first row.
  private static func worlds(_ scale: Scale, _ report: inout Report) throws {
    guard let folder = Durability.temporaryFolder() else { return }
    defer { DurableFolder.remove(folder) }
    let home = StateHome(path: folder)
    let world = try home.learner().world("bench")
    let start = StartDescription(seed: 7, clock: Samples.start, engineVersion: "bench")
    func make(_ start: StartDescription) -> Cloud {
      Cloud(seed: start.seed, clock: start.clock)
    }
    func open() throws -> Session {
      try Session(world, engineVersion: "bench", start: start, makeCloud: make)
    }
    let commands = scale.size(100_000, smoke: 1_000)
    let session = try open()
    let caller = Caller(account: "123456789012", region: "us-east-1")
    func request(_ operation: String, _ input: Document) -> ServiceRequest {
      ServiceRequest(service: "dynamodb", operation: operation, input: input, caller: caller)
    }
    _ = try session.perform(request("CreateTable", BenchCloud.tableInput())).get()
    try session.advance(by: .minutes(2))
    for first in stride(from: 0, to: commands, by: 50) {
      let batch = (first..<min(first + 50, commands)).map { request("PutItem", .put($0)) }
      _ = try session.perform(together: batch, door: "endpoint")
    }
    try session.close()
    var opened: Session?
    let time = try wallSeconds { opened = try open() }
    let tail = (opened?.opening.rows ?? 0) - (opened?.opening.checkpoint ?? 0)
    try opened?.close()
    opened = nil
    let stored = DurableFolder.byteCount(world.path)
    var findings: [Finding] = []
    let verify = wallSeconds {
      findings = home.findings(engineVersion: "bench", makeCloud: make)
    }
    guard findings.isEmpty else { throw CheckpointError.unreadable("\(findings)") }
    report.add(
      Row(
        "open a world of \(commands) commands", goal: "≤ 1 s", each(time),
        beside: "\(tail) rows after the checkpoint", isMet: time <= 1))
    let rate = Double(stored) / 1e6 / verify
    report.add(
      Row(
        "doctor --verify", goal: "≥ 100 MB/s", "\(rounded(rate)) MB/s",
        beside: "\(each(verify)) for \(rounded(Double(stored) / 1e6)) MB, every row replayed",
        isMet: rate >= 100))
  }
}
