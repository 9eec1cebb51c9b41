// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests
import Documents
import Simulation

/// What a journal comes to: the cloud, the way back, the marks, the what-if and the log.
///
/// Live commands and replayed rows go through the same methods, so they cannot differ. Each method
/// takes the number of the row that records it.
///
/// Undo brings back the whole cloud of before: resources, clock, identifiers and observations. An
/// audit trail that kept undone events would have events later than the clock. The log keeps them.
struct Timeline {
  /// A change that `undo` counts, and the state before it.
  typealias Step = Anchor

  /// How to do an undone step again.
  struct Redo: Codable {
    /// Takes the step back onto the line, or replaces the line after an `undo NAME`.
    enum Line: Codable {
      case step(Step)
      case whole([Step])
    }
    let line: Line
    let after: Anchor
    /// Log entries that come into effect again.
    let entries: [Int]
    /// Log entries read since, in the state that doing it again leaves; nil if there are none.
    var left: [Int]?
  }

  struct Mark: Codable {
    let name: String
    let at: Anchor
    let steps: [Step]
    /// The log's standings when it was set.
    let standings: [LogEntry.Standing]
  }

  struct Fork: Codable {
    let at: Anchor
    /// When it began, in virtual time.
    let instant: Instant
    let steps: [Step]
    let redos: [Redo]
    let marks: [Mark]
    let firstEntry: Int
  }

  /// Steps whose snapshot is kept; `undo` beyond them replays.
  static let keptSnapshots = 1000

  private(set) var cloud: Cloud
  private let start: Snapshot
  private(set) var steps: [Step] = []
  private(set) var redos: [Redo] = []
  private(set) var marks: [Mark] = []
  private(set) var fork: Fork?
  private(set) var variables: [String: String] = [:]
  private(set) var notes: [SessionNote] = []
  private(set) var entries: [LogEntry] = []
  private(set) var standings: [LogEntry.Standing] = []
  /// Requests of the command that is under way.
  private(set) var openRequests: [LogEntry.Request] = []

  init(start cloud: Cloud) {
    self.cloud = cloud
    start = Snapshot(cloud)
  }

  /// A timeline that goes on from what a checkpoint holds.
  init(start: Cloud, from record: Record) {
    self.start = Snapshot(start)
    cloud = record.cloud
    steps = record.steps
    redos = record.redos
    marks = record.marks
    fork = record.fork
    variables = record.variables
    notes = record.notes
    entries = record.entries
    standings = record.standings
    openRequests = record.openRequests
  }

  var startCloud: Cloud { start.cloud }

  // MARK: Requests and time

  /// Performs a request; an accepted change becomes a step.
  mutating func perform(
    _ request: ServiceRequest, door: String?, row: Int64
  ) -> (outcome: Result<Document, ServiceError>, digest: SHA256Digest) {
    let isReadOnly = Cloud.isReadOnly(request)
    let before = isReadOnly ? nil : Snapshot(cloud)
    let instant = cloud.now
    let outcome: Result<Document, ServiceError>
    do throws(ServiceError) {
      outcome = .success(try cloud.perform(request))
      if let before { push(Step(row: row, snapshot: before)) }
    } catch {
      outcome = .failure(error)
    }
    let digest = Fingerprints.digest(of: outcome)
    var refusal: String?
    if case .failure(let error) = outcome { refusal = error.code }
    let summary = LogEntry.Request(
      service: request.service, operation: request.operation, refusal: refusal,
      isChange: refusal == nil && !isReadOnly, outcome: digest)
    if let door {
      append(
        LogEntry(
          rows: row...row, instant: instant, text: "\(request.service) \(request.operation)",
          door: door, status: refusal == nil ? 0 : 254, requests: [summary], standing: .inEffect))
    } else {
      openRequests.append(summary)
    }
    return (outcome, digest)
  }

  /// Lets the time pass that a request takes.
  mutating func pass(_ duration: Duration) {
    if duration > .zero { cloud.advance(by: duration) }
  }

  mutating func advance(by duration: Duration, isStep: Bool, row: Int64) {
    _ = advance(by: duration, isStep: isStep, row: row, unless: { _ in false })
  }

  /// Moves the clock unless it is stopped on the way, as `Cloud.advance(to:unless:)`.
  ///
  /// - Returns: The digest that the row records; nil if it was stopped, somewhere between.
  mutating func advance(
    by duration: Duration, isStep: Bool, row: Int64, unless stop: (Int) -> Bool
  ) -> SHA256Digest? {
    if isStep { push(Step(row: row, snapshot: Snapshot(cloud))) }
    guard cloud.advance(to: cloud.now + duration, unless: stop) else { return nil }
    return Fingerprints.digest(of: cloud.now)
  }

  /// Goes back to the start, as a step that can be undone.
  mutating func reset(row: Int64) {
    push(Step(row: row, snapshot: Snapshot(cloud)))
    cloud = start.cloud
  }

  private mutating func push(_ step: Step) {
    steps.append(step)
    let old = steps.count - Self.keptSnapshots - 1
    if old >= 0 { steps[old].snapshot = nil }
    if !redos.isEmpty { redos = [] }
  }

  // MARK: Names, notes and the log

  mutating func setVariable(_ name: String, to value: String?) {
    variables[name] = value
  }

  mutating func mark(_ name: String, row: Int64) {
    marks.removeAll { $0.name.utf8.elementsEqual(name.utf8) }
    marks.append(
      Mark(
        name: name, at: Anchor(row: row, snapshot: Snapshot(cloud)), steps: steps,
        standings: standings))
  }

  mutating func note(_ kind: String, _ document: Document, row: Int64) {
    notes.append(SessionNote(row: row, instant: cloud.now, kind: kind, document: document))
  }

  /// Ends a typed command: its requests become one entry of the log.
  mutating func endCommand(
    _ text: String, status: Int32, from first: Int64, at instant: Instant, row: Int64
  ) {
    append(
      LogEntry(
        rows: min(first, row)...row, instant: instant, text: text, door: nil, status: status,
        requests: openRequests, standing: .inEffect))
    openRequests = []
  }

  /// Forgets the requests of a command that was given up.
  mutating func dropOpenRequests() { openRequests = [] }

  private mutating func append(_ entry: LogEntry) {
    if !redos.isEmpty, !entry.requests.isEmpty {
      redos[redos.count - 1].left = (redos[redos.count - 1].left ?? []) + [entries.count]
    }
    entries.append(entry)
    standings.append(.inEffect)
  }

  /// The log with each entry's present standing.
  var log: [LogEntry] {
    zip(entries, standings).map { entry, standing in
      var entry = entry
      entry.standing = standing
      return entry
    }
  }

  var status: SessionStatus {
    SessionStatus(
      now: cloud.now, isFork: fork != nil, forkedAt: fork?.instant,
      undoable: undoable, redoable: redos.count, marks: marks.map(\.name), logged: entries.count,
      rows: 0)
  }
}

// MARK: - Moving between states

extension Timeline {
  /// Finds a state from the rows before it, for anchors whose snapshot was let go.
  typealias Rebuild = (_ before: Int64) throws -> Cloud

  /// How many steps can be taken back.
  var undoable: Int {
    guard let fork else { return steps.count }
    return steps.count - firstStep(from: fork.at.row)
  }

  /// The row that `undo count` goes back to.
  func undoTarget(count: Int) throws(HistoryRefusal) -> Int64 {
    guard count >= 1, count <= undoable else {
      throw .nothingToUndo(asked: count, available: undoable, inFork: fork != nil)
    }
    return steps[steps.count - count].row
  }

  /// The row that `undo NAME` goes back to.
  func undoTarget(mark name: String) throws(HistoryRefusal) -> Int64 {
    guard let mark = marks.last(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
      throw .noSuchMark(name, known: marks.map(\.name))
    }
    if let fork, mark.at.row < fork.at.row { throw .markOutsideFork(name) }
    return mark.at.row
  }

  /// Goes back to the state before a step, keeping the way forward.
  ///
  /// - Parameters:
  ///   - target: A step's row.
  ///   - row: The row that records the undo.
  ///   - rebuild: Finds a state whose snapshot was let go.
  /// - Throws: What `rebuild` throws; nothing was changed then.
  mutating func undo(to target: Int64, row: Int64, rebuild: Rebuild) throws {
    let first = firstStep(from: target)
    guard first < steps.count else { return }
    let state = try steps[first].snapshot ?? Snapshot(rebuild(target))
    var after = Anchor(row: row, snapshot: Snapshot(cloud))
    var firstEntry = entries.count
    for index in (first..<steps.count).reversed() {
      let step = steps[index]
      let begin = entryIndex(of: step.row)
      let affected = (begin..<max(begin, firstEntry)).filter {
        standings[$0] == .inEffect && !entries[$0].requests.isEmpty
      }
      for entry in affected { standings[entry] = .undone }
      redos.append(Redo(line: .step(step), after: after, entries: affected))
      after = step
      firstEntry = min(begin, firstEntry)
    }
    steps.removeSubrange(first...)
    cloud = state.cloud
  }

  /// Goes back to a marked state, wherever it lies.
  mutating func undo(toMark name: String, row: Int64, rebuild: Rebuild) throws {
    guard let mark = marks.last(where: { $0.name.utf8.elementsEqual(name.utf8) }) else { return }
    let state = try mark.at.snapshot ?? Snapshot(rebuild(mark.at.row))
    let way = Redo(
      line: .whole(steps), after: Anchor(row: row, snapshot: Snapshot(cloud)),
      entries: standings.indices.filter { standings[$0] == .inEffect })
    for index in standings.indices where !entries[index].requests.isEmpty {
      if index < mark.standings.count {
        standings[index] = mark.standings[index]
      } else if standings[index] == .inEffect {
        standings[index] = .undone
      }
    }
    steps = mark.steps
    cloud = state.cloud
    redos = [way]
  }

  /// Checks that steps can be done again.
  func checkRedo(count: Int) throws(HistoryRefusal) {
    guard count >= 1, count <= redos.count else {
      throw .nothingToRedo(asked: count, available: redos.count)
    }
  }

  /// Does undone steps again: the states come back as they were, clock included.
  mutating func redo(count: Int, rebuild: Rebuild) throws {
    guard count >= 1, count <= redos.count else { return }
    let last = redos[redos.count - count].after
    let state = try last.snapshot ?? Snapshot(rebuild(last.row))
    for _ in 0..<count {
      let redo = redos.removeLast()
      for entry in redo.left ?? [] where standings[entry] == .inEffect {
        standings[entry] = .undone
      }
      switch redo.line {
      case .step(let step): steps.append(step)
      case .whole(let line):
        steps = line
        for index in standings.indices where standings[index] == .inEffect {
          if !entries[index].requests.isEmpty { standings[index] = .undone }
        }
      }
      for entry in redo.entries { standings[entry] = .inEffect }
    }
    cloud = state.cloud
  }

  // MARK: What-if

  func checkFork() throws(HistoryRefusal) {
    if fork != nil { throw .alreadyForked }
  }

  func checkForked() throws(HistoryRefusal) {
    if fork == nil { throw .notForked }
  }

  mutating func beginFork(row: Int64) {
    fork = Fork(
      at: Anchor(row: row, snapshot: Snapshot(cloud)), instant: cloud.now, steps: steps,
      redos: redos, marks: marks,
      firstEntry: entries.count)
    redos = []
  }

  mutating func keepFork() { fork = nil }

  mutating func discardFork(rebuild: Rebuild) throws {
    guard let fork else { return }
    let state = try fork.at.snapshot ?? Snapshot(rebuild(fork.at.row))
    cloud = state.cloud
    steps = fork.steps
    redos = fork.redos
    marks = fork.marks
    for index in fork.firstEntry..<entries.count where !entries[index].requests.isEmpty {
      standings[index] = .discarded
    }
    self.fork = nil
  }

  // MARK: Looking up

  /// The rows of the last steps whose snapshot is wanted and was let go, oldest first.
  var rowsWithoutSnapshot: [Int64] {
    steps.suffix(Self.keptSnapshots).filter { $0.snapshot == nil }.map(\.row)
  }

  /// Takes in the states before rows.
  mutating func fill(_ snapshots: [Int64: Snapshot]) {
    for index in steps.indices where steps[index].snapshot == nil {
      steps[index].snapshot = snapshots[steps[index].row]
    }
  }

  /// The index of the first step at or after a row.
  private func firstStep(from row: Int64) -> Int {
    Self.partition(steps.count) { steps[$0].row >= row }
  }

  /// The index of the log entry that holds a row, or of the one after.
  private func entryIndex(of row: Int64) -> Int {
    Self.partition(entries.count) { entries[$0].rows.upperBound >= row }
  }

  private static func partition(_ count: Int, _ isAfter: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isAfter(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
