// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests
import Documents
import Simulation

/// What opening a world found.
package struct OpeningReport: Hashable, Sendable {
  /// What the world was started from.
  package let start: StartDescription
  /// Journal rows there are.
  package let rows: Int64
  /// The row of the checkpoint that the world was opened from; 0 if every row was replayed.
  package let checkpoint: Int64
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
  private let files: CheckpointFiles
  private let engineVersion: String
  private let makeCloud: MakeCloud
  private var rebuilt: [Int64: Snapshot] = [:]
  private var made: Snapshot?

  /// The checkpoint that the replay went on from; nil from the beginning.
  private(set) var opened: WorldCheckpoint?
  /// Checkpoints that cannot be used, and why.
  private(set) var skipped: [Finding] = []
  /// The row of the last adoption that began from a checkpoint; 0 without one.
  private(set) var base: Int64 = 0

  private(set) var start: StartDescription?
  private(set) var recordedEngine = ""
  private(set) var differences: [(row: Int64, outcome: SHA256Digest)] = []
  private(set) var firstDifference: String?

  init(_ store: WorldStore, engineVersion: String, makeCloud: @escaping MakeCloud) {
    self.store = store
    files = CheckpointFiles(folder: store.folder)
    self.engineVersion = engineVersion
    self.makeCloud = makeCloud
  }

  /// Replays the journal from the last good checkpoint, or from its beginning.
  ///
  /// Under the engine that wrote it, every outcome must come out as recorded. Under another, rows
  /// that come out otherwise are collected in `differences`.
  ///
  /// - Parameters:
  ///   - acceptsLoss: Goes on from the last row that is there when saved ones are missing.
  ///   - checksAll: Begins as early as the engine's version allows and lets `visit` see each row.
  ///   - visit: Receives each row replayed and what the journal comes to after it.
  /// - Returns: What the journal comes to.
  /// - Throws: `.damaged` naming the row; `.newerFormat`; what `makeCloud` and `visit` throw.
  func run(
    acceptsLoss: Bool = false, checksAll: Bool = false,
    visit: (JournalRow, Timeline) throws -> Void = { _, _ in }
  ) throws -> Timeline {
    opened = try checksAll ? earliest() : newest(before: .max)
    var timeline: Timeline? = try begin()
    let adopted = try adoptions(after: opened?.row ?? 0)
    base = adopted.base ?? opened?.base ?? 0
    recordedEngine = adopted.engine ?? opened?.engineVersion ?? start?.engineVersion ?? ""
    let position = try opened.map { ($0.row, $0.chain) } ?? store.first()
    try store.read(after: position, acceptsLoss: acceptsLoss) { row in
      try replay(row, into: &timeline) { outcome in
        let expected = adopted.outcomes[row.sequence] ?? row.outcome
        guard outcome != expected else { return }
        // Rows before a base came out of another engine's state, which is gone.
        guard recordedEngine != engineVersion || row.sequence <= base else { throw differs(row) }
        if firstDifference == nil {
          firstDifference = "entry \(row.sequence) (\(Self.words(for: row)))"
        }
        differences.append((row.sequence, outcome))
      }
      if let timeline { try visit(row, timeline) }
    }
    guard let timeline else { throw damaged(1, "is not the start of a world") }
    return timeline
  }

  /// The timeline to go on from: the checkpoint's, or the start cloud alone.
  private func begin() throws -> Timeline {
    var timeline: Timeline?
    try store.read(before: 2) { row in try replay(row, into: &timeline) { _ in } }
    guard let timeline else { throw damaged(1, "is not the start of a world") }
    return opened.map { Timeline(start: timeline.startCloud, from: $0.timeline) } ?? timeline
  }

  // MARK: Checkpoints

  /// The newest good checkpoint of rows before another.
  ///
  /// - Throws: `.newerFormat`: a newer Rewind had this world.
  private func newest(before limit: Int64) throws -> WorldCheckpoint? {
    if let opened, opened.row < limit { return opened }
    for row in try files.rows() where row < limit {
      if let checkpoint = try usable(row) { return checkpoint }
    }
    return nil
  }

  /// The checkpoint that strict replay can begin from at the earliest; nil for the first row.
  private func earliest() throws -> WorldCheckpoint? {
    guard let base = try adoptions(after: 0).base, base > 0 else { return nil }
    try store.read(before: base + 1) { _ in }
    for row in try files.rows().reversed() where row >= base {
      if let checkpoint = try usable(row) { return checkpoint }
    }
    return nil
  }

  private func usable(_ row: Int64) throws -> WorldCheckpoint? {
    do throws(StateError) {
      guard let checkpoint = try files.read(row) else { return nil }
      if try store.holds(row, chain: checkpoint.chain) { return checkpoint }
      skip(row, "it is of another journal")
    } catch {
      if case .newerFormat = error { throw error }
      if case .damaged(_, let what) = error { skip(row, what) } else { skip(row, error.message) }
    }
    return nil
  }

  private func skip(_ row: Int64, _ what: String) {
    let finding = Finding(path: files.path(of: row), what: what)
    if !skipped.contains(finding) { skipped.append(finding) }
  }

  /// Replays everything that can be, and compares each checkpoint with what the journal comes to.
  ///
  /// - Returns: What is wrong with the checkpoints.
  /// - Throws: As `run`, for what is wrong with the journal.
  func verify() throws -> [Finding] {
    let rows = Set(try files.rows())
    var findings: [Finding] = []
    var compared: Set<Int64> = []
    _ = try run(checksAll: true) { row, timeline in
      guard rows.contains(row.sequence), differences.isEmpty, recordedEngine == engineVersion
      else { return }
      let replayed = WorldCheckpoint(
        row: row.sequence, chain: row.chain, engineVersion: engineVersion, base: base,
        timeline: timeline.record)
      compared.insert(row.sequence)
      if try files.bytes(row.sequence) == Checkpoint.encode(replayed) { return }
      // Other bytes: damage, an older format, another base, or indeed another state.
      guard let saved = try usable(row.sequence), saved.engineVersion == engineVersion,
        try Checkpoint.fingerprint(of: saved.timeline)
          != Checkpoint.fingerprint(of: replayed.timeline)
      else { return }
      findings.append(
        Finding(
          path: files.path(of: row.sequence),
          what: "it is not what the journal comes to at entry \(row.sequence)"))
    }
    for row in rows.subtracting(compared).sorted() { _ = try usable(row) }
    return skipped + findings
  }

  // MARK: Earlier states

  /// The state just before a row, found by replaying the rows between the checkpoint before and it.
  ///
  /// - Complexity: O(n) in the number of rows between, once for each row.
  func cloud(before row: Int64) throws -> Cloud {
    guard let state = try states(before: [row])[row] else {
      throw damaged(row, "is not in the journal")
    }
    return state.cloud
  }

  /// The states just before some rows, in one pass.
  ///
  /// - Complexity: O(n) in the number of rows from the checkpoint before the first up to the last.
  func states(before rows: [Int64]) throws -> [Int64: Snapshot] {
    let missing = Set(rows.filter { rebuilt[$0] == nil })
    if let first = missing.min(), let last = missing.max() {
      let checkpoint = try newest(before: first)
      var timeline: Timeline? = try checkpoint.map {
        Timeline(start: try begin().startCloud, from: $0.timeline)
      }
      try store.read(after: checkpoint.map { ($0.row, $0.chain) }, before: last) { row in
        if missing.contains(row.sequence), let cloud = timeline?.cloud {
          rebuilt[row.sequence] = Snapshot(cloud)
        }
        try replay(row, into: &timeline) { _ in }
      }
      // The last state may lie behind the rows that are saved.
      if let cloud = timeline?.cloud { rebuilt[last] = Snapshot(cloud) }
    }
    return rebuilt.filter { rows.contains($0.key) }
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
      timeline = Timeline(start: try startCloud(description))
      start = description
      return
    }
    guard timeline != nil else { throw damaged(row.sequence, "comes before the world's start") }
    let outcome = try timeline?.apply(entry, row: row.sequence, rebuild: cloud(before:))
    try check(outcome ?? Fingerprints.none)
  }

  /// The start cloud, which is made once.
  private func startCloud(_ description: StartDescription) throws -> Cloud {
    if let made { return made.cloud }
    let cloud = try makeCloud(description)
    made = Snapshot(cloud)
    return cloud
  }

  /// The outcomes that later versions of the engine adopted after a row, the last one's version, and its
  /// own row if it began from a checkpoint (0 if not).
  private func adoptions(
    after row: Int64
  ) throws -> (engine: String?, base: Int64?, outcomes: [Int64: SHA256Digest]) {
    var engine: String?
    var base: Int64?
    var outcomes: [Int64: SHA256Digest] = [:]
    // Unchecked as yet; the read that follows checks these rows like all others.
    for row in try store.rows(ofKind: "adoption", after: row) {
      guard case .adoption(let version, let from, let list)? = JournalEntry(row) else { continue }
      engine = version
      base = from > 0 ? row.sequence : 0
      for (row, outcome) in list { outcomes[row] = outcome }
    }
    return (engine, base, outcomes)
  }

  private func damaged(_ row: Int64, _ what: String) -> StateError {
    .damaged(path: store.folder.databasePath, what: "entry \(row) \(what)")
  }

  private func differs(_ row: JournalRow) -> StateError {
    damaged(row.sequence, "(\(Self.words(for: row))) does not come out as it was recorded")
  }

  private static func words(for row: JournalRow) -> String {
    guard case .request(let request, _, _)? = JournalEntry(row) else { return row.kind }
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
    case .request(let request, let door, let time):
      defer { pass(time) }
      return perform(request, door: door, row: row).digest
    case .advance(let duration, let isStep): advance(by: duration, isStep: isStep, row: row)
    case .undo(let target, nil): try undo(to: target, row: row, rebuild: rebuild)
    case .undo(_, let mark?): try undo(toMark: mark, row: row, rebuild: rebuild)
    case .redo(let count): try redo(count: count, rebuild: rebuild)
    case .reset: reset(row: row)
    case .fork: beginFork(row: row)
    case .keep: keepFork()
    case .discard: try discardFork(rebuild: rebuild)
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
