// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests
import Documents
import Simulation

/// What opening a world found.
package struct OpeningReport: Hashable, Sendable {
  /// What the world was started from.
  package let start: StartDescription
  /// Journal rows that were replayed.
  package let rows: Int64
  /// The engine that the outcomes in the journal came from.
  package let recordedEngine: String
  /// Rows whose outcome differs under this engine; always 0 if the engine is the same.
  package let differences: Int
  /// The first of them, in words.
  package let firstDifference: String?
  /// Saved entries that could not be read and were given up, if that was asked for.
  package let lostRows: Int64
}

/// Turns a journal back into a timeline, checking each outcome on the way.
final class Replay {
  /// Makes the start cloud from the start entry.
  typealias MakeCloud = (StartDescription) throws -> Cloud

  private let store: WorldStore
  private let engineVersion: String
  private let makeCloud: MakeCloud
  private var rebuilt: [Int64: Snapshot] = [:]

  private(set) var start: StartDescription?
  private(set) var recordedEngine = ""
  private(set) var differences: [(row: Int64, outcome: SHA256Digest)] = []
  private(set) var firstDifference: String?

  init(_ store: WorldStore, engineVersion: String, makeCloud: @escaping MakeCloud) {
    self.store = store
    self.engineVersion = engineVersion
    self.makeCloud = makeCloud
  }

  /// Replays the whole journal.
  ///
  /// Under the engine that wrote it, every outcome must come out as recorded. Under another, rows
  /// that come out otherwise are collected in `differences`.
  ///
  /// - Parameter acceptsLoss: Goes on from the last row that is there when saved ones are missing.
  /// - Returns: What the journal comes to.
  /// - Throws: `.damaged` naming the row; what `makeCloud` throws.
  func run(acceptsLoss: Bool = false) throws -> Timeline {
    let adopted = try adoptions()
    recordedEngine = adopted.engine ?? ""
    var timeline: Timeline?
    try store.read(acceptsLoss: acceptsLoss) { row in
      try replay(row, into: &timeline) { outcome in
        let expected = adopted.outcomes[row.sequence] ?? row.outcome
        guard outcome != expected else { return }
        guard recordedEngine != engineVersion else { throw differs(row) }
        if firstDifference == nil {
          firstDifference = "entry \(row.sequence) (\(Self.words(for: row)))"
        }
        differences.append((row.sequence, outcome))
      }
      if recordedEngine.isEmpty, let start { recordedEngine = start.engineVersion }
    }
    guard let timeline else { throw damaged(1, "is not the start of a world") }
    return timeline
  }

  /// The state just before a row, found by replaying the rows before it.
  ///
  /// - Complexity: O(n) in the number of rows before it, once for each row.
  func cloud(before row: Int64) throws -> Cloud {
    if let known = rebuilt[row] { return known.cloud }
    var timeline: Timeline?
    try store.read(before: row) { row in
      try replay(row, into: &timeline) { _ in }
    }
    guard let timeline else { throw damaged(1, "is not the start of a world") }
    rebuilt[row] = Snapshot(timeline.cloud)
    return timeline.cloud
  }

  private func replay(
    _ row: JournalRow, into timeline: inout Timeline?,
    check: (SHA256Digest) throws -> Void
  ) throws {
    guard let entry = JournalEntry(row) else {
      throw damaged(row.sequence, "is not one that rewind writes")
    }
    if case .start(let description) = entry {
      guard timeline == nil else { throw damaged(row.sequence, "starts the world again") }
      timeline = Timeline(start: try makeCloud(description))
      start = description
      return
    }
    guard timeline != nil else { throw damaged(row.sequence, "comes before the world's start") }
    let outcome = try timeline?.apply(entry, row: row.sequence, rebuild: cloud(before:))
    try check(outcome ?? Fingerprints.none)
  }

  /// The outcomes that earlier versions of the engine adopted, and the last one's version.
  private func adoptions() throws -> (engine: String?, outcomes: [Int64: SHA256Digest]) {
    var engine: String?
    var outcomes: [Int64: SHA256Digest] = [:]
    // Unchecked as yet; the read that follows checks these rows like all others.
    for row in try store.rows(ofKind: "adoption") {
      guard case .adoption(let version, let list)? = JournalEntry(row) else { continue }
      engine = version
      for (row, outcome) in list { outcomes[row] = outcome }
    }
    return (engine, outcomes)
  }

  private func damaged(_ row: Int64, _ what: String) -> StateError {
    .damaged(path: store.folder.databasePath, what: "entry \(row) \(what)")
  }

  private func differs(_ row: JournalRow) -> StateError {
    damaged(row.sequence, "(\(Self.words(for: row))) does not come out as it was recorded")
  }

  private static func words(for row: JournalRow) -> String {
    guard case .request(let request, _)? = JournalEntry(row) else { return row.kind }
    return "\(request.service) \(request.operation)"
  }
}

extension Timeline {
  /// Carries an entry out, live or on replay.
  ///
  /// - Returns: The digest that the row records.
  /// - Throws: What `rebuild` throws.
  @discardableResult
  mutating func apply(
    _ entry: JournalEntry, row: Int64, rebuild: Rebuild
  ) throws -> SHA256Digest {
    switch entry {
    case .request(let request, let door):
      return perform(request, door: door, row: row).digest
    case .advance(let duration, let isStep): advance(by: duration, isStep: isStep, row: row)
    case .undo(let target, nil): try undo(to: target, row: row, rebuild: rebuild)
    case .undo(_, let mark?): try undo(toMark: mark, row: row, rebuild: rebuild)
    case .redo(let count): try redo(count: count, rebuild: rebuild)
    case .reset: reset(row: row)
    case .fork: beginFork(row: row)
    case .keep: keepFork()
    case .discard: discardFork()
    case .mark(let name): mark(name, row: row)
    case .variable(let name, let value): setVariable(name, to: value)
    case .note(let kind, let document): note(kind, document, row: row)
    case .command(let text, let status, let first, let instant):
      endCommand(text, status: status, from: first, at: instant, row: row)
    case .start, .adoption: return Fingerprints.none
    }
    return Fingerprints.digest(of: cloud.now)
  }
}
