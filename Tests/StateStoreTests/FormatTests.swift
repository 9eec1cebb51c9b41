// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests
import Documents
import Simulation
import Testing

@testable import StateStore

/// Checkpoints as earlier formats wrote them, each type as it was then.
@Suite("Checkpoints of earlier formats")
struct FormatTests {
  /// Format 1: the log with names.
  private struct FormatOne: Encodable {
    struct Line: Encodable {
      let cloud: Cloud
      let steps: [Timeline.Step]
      let redos: [Timeline.Redo]
      let marks: [Timeline.Mark]
      let fork: Timeline.Fork?
      let variables: [String: String]
      let notes: [SessionNote]
      let entries: [Entry]
      let standings: [LogEntry.Standing]
      let openRequests: [Request]

      init(_ now: Timeline.Record) {
        (cloud, steps, redos, marks) = (now.cloud, now.steps, now.redos, now.marks)
        (fork, variables, notes, standings) = (now.fork, now.variables, now.notes, now.standings)
        entries = now.entries.map(Entry.init)
        openRequests = now.openRequests.map(Request.init)
      }
    }

    struct Entry: Encodable {
      let rows: ClosedRange<Int64>
      let instant: Instant
      let text: String
      let door: String?
      let status: Int32
      let requests: [Request]
      let standing: LogEntry.Standing

      init(_ now: LogEntry) {
        (rows, instant, text, door) = (now.rows, now.instant, now.text, now.door)
        (status, standing) = (now.status, now.standing)
        requests = now.requests.map(Request.init)
      }
    }

    struct Request: Encodable {
      let service: String
      let operation: String
      let refusal: String?
      let isChange: Bool
      let outcome: SHA256Digest

      init(_ now: LogEntry.Request) {
        (service, operation, refusal) = (now.service, now.operation, now.refusal)
        (isChange, outcome) = (now.isChange, now.outcome)
      }
    }

    let row: Int64
    let chain: SHA256Digest
    let engineVersion: String
    let base: Int64
    let timeline: Line

    init(_ now: WorldCheckpoint) {
      (row, chain, engineVersion, base) = (now.row, now.chain, now.engineVersion, now.base)
      timeline = Line(now.timeline)
    }
  }

  @Test("a world's checkpoint of format 1 opens, with its log as it was")
  func formatOne() throws {
    let playground = try Playground()
    let folder = try playground.world()
    let session = try open(folder)
    for number in 0..<260 { _ = try session.type("list \(number)", listTables) }
    try session.create("kept")
    #expect(try !session.create("kept"))
    _ = try session.perform(listTables)
    try session.undo(1)
    let all = session.everything
    try session.close()
    let files = CheckpointFiles(folder: folder)
    let row = try #require(try files.rows().first)
    let saved = try #require(try files.read(row))
    let old = try Checkpoint.encode(FormatOne(saved), format: CheckpointFormat(migrations: []))
    #expect(old.count > (try contents(files.path(of: row)).count))
    try put(old, files.path(of: row))

    #expect(folder.findings(engineVersion: engine, makeCloud: makeCloud).isEmpty)
    let opened = try open(folder, start: nil)
    #expect(opened.opening.checkpoint == row)
    #expect(opened.everything == all)

    // And with a command that is not at its end.
    var timeline = Timeline(start: makeCloud(start), from: saved.timeline)
    _ = timeline.perform(createTable("open"), door: nil, row: row + 1)
    _ = timeline.perform(createTable("open"), door: nil, row: row + 2)
    let halfway = WorldCheckpoint(
      row: row, chain: saved.chain, engineVersion: engine, base: 0, timeline: timeline.record)
    #expect(halfway.timeline.openRequests.map(\.isChange) == [true, false])
    let bytes = try Checkpoint.encode(
      FormatOne(halfway), format: CheckpointFormat(migrations: []))
    let read = try CheckpointFiles.decode(bytes, path: "", checksItems: true)
    #expect(try Checkpoint.fingerprint(of: read) == Checkpoint.fingerprint(of: halfway))
  }

  @Test("a request's row of before, without the time it takes, reads as one that takes none")
  func requestsWithoutTime() throws {
    let entry = JournalEntry.request(listTables, door: "endpoint", takes: .milliseconds(7))
    let row = JournalRow(after: (1, JournalRow.root), entry, outcome: Fingerprints.none)
    #expect(row.payload.hasSuffix(",\"ms\":7}") && row.payload == entry.payload.json())
    let old = JournalRow(
      after: (1, JournalRow.root), kind: row.kind,
      payload: row.payload.replacing(",\"ms\":7", with: ""), body: row.body,
      outcome: row.outcome)
    for (row, time) in [(row, 7), (old, 0)] {
      guard case .request(let request, "endpoint", let taken)? = JournalEntry(row) else {
        Issue.record("no request: \(row.payload)")
        continue
      }
      #expect(request == listTables && taken == .milliseconds(time))
    }
  }
}
