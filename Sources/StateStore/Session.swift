// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
package import Digests
package import Documents
package import Simulation

/// The one owner of a world: its cloud in memory and its journal on the disk.
///
/// A change is on the disk before the call that made it returns. Reads and refusals go with the
/// next change. One typed command is one transaction:
///
/// ```swift
/// try session.beginCommand("aws dynamodb create-backup …")
/// let answer = session.answer(request)
/// session.pass(.seconds(1))                 // what a command takes
/// try session.endCommand(status: 0)         // saved; now print the answer
/// ```
///
/// A session is used by one thread at a time. After a write has failed it throws `.stopped`: what is
/// in memory may be ahead of the disk, so the process has to start again.
package final class Session {
  /// What opening the world found.
  package let opening: OpeningReport
  package let folder: WorldFolder

  private let store: WorldStore
  private let replay: Replay
  private(set) var timeline: Timeline
  private var checkpointer: Checkpointer
  private var pending: [JournalRow] = []
  private var command: OpenCommand?
  private var isClosed = false

  /// How often something was saved since the world was opened.
  package private(set) var commits = 0

  /// Why no more commands are taken; nil while all is well.
  package private(set) var failure: StateError?

  /// A typed command that is under way.
  private struct OpenCommand {
    let text: String
    let first: Int64
    let instant: Instant
    let before: Timeline
    let pendingBefore: Int
    var mustCommit = false
  }

  /// Rows that may wait for the next commit.
  private static let pendingLimit = 512

  // MARK: Opening and closing

  /// Opens a world, making it first if a start is given and none is there.
  ///
  /// The world's owner is this process until `close`.
  ///
  /// - Parameters:
  ///   - folder: Where the world is.
  ///   - engineVersion: Outcomes of the same version must replay exactly.
  ///   - start: What to start a new world from; nil opens an existing one only.
  ///   - acceptsLoss: Opens what is left when the end of the journal is missing.
  ///   - patienceMilliseconds: How long to wait for another owner to leave.
  ///   - makeCloud: Makes the start cloud from what the journal's first entry says.
  /// - Throws: `StateError`; what `makeCloud` throws.
  /// - Complexity: O(n) in the number of journal rows.
  package init(
    _ folder: WorldFolder, engineVersion: String, start: StartDescription? = nil,
    acceptsLoss: Bool = false, patienceMilliseconds: Int = OwnerLock.patienceMilliseconds,
    makeCloud: @escaping (StartDescription) throws -> Cloud
  ) throws {
    self.folder = folder
    let firstRow = start.map { start in
      { () throws -> JournalRow in
        // A start that makes no cloud must not become a world.
        _ = try makeCloud(start)
        return JournalRow(first: start)
      }
    }
    store = try WorldStore(
      folder, firstRow: firstRow, patienceMilliseconds: patienceMilliseconds)
    replay = Replay(store, engineVersion: engineVersion, makeCloud: makeCloud)
    timeline = try replay.run(acceptsLoss: acceptsLoss)
    let opened = replay.opened?.row ?? 0
    checkpointer = Checkpointer(
      files: CheckpointFiles(folder: folder), engineVersion: engineVersion, newest: opened,
      base: replay.base)
    guard let start = replay.start else {
      throw StateError.damaged(path: folder.databasePath, what: "it has no start")
    }
    opening = OpeningReport(
      start: start, rows: store.last.sequence, checkpoint: opened,
      recordedEngine: replay.recordedEngine, differences: replay.differences.count,
      firstDifference: replay.firstDifference,
      lostRows: store.lostRows)
    try store.adoptHead()
    if replay.recordedEngine != engineVersion {
      add(
        .adoption(engineVersion: engineVersion, from: opened, outcomes: replay.differences),
        Fingerprints.none)
      try commit()
      checkpointer.base = opened > 0 ? store.last.sequence : 0
      checkpointer.write(timeline, at: store.last)
    } else if replay.base > opened {
      checkpointer.write(timeline, at: store.last)
    }
  }

  deinit { try? close() }

  /// Saves what waits and gives the world back.
  ///
  /// A command under way is given up.
  package func close() throws(StateError) {
    guard !isClosed else { return }
    isClosed = true
    if command != nil { abandonCommand() }
    var problem: StateError?
    if failure == nil {
      do {
        try commit()
        checkpointer.writeIfDue(timeline, at: store.last, isEnd: true)
      } catch { problem = error }
    }
    try store.close()
    if let problem { throw problem }
  }

  // MARK: Looking

  /// A copy of the present cloud: a snapshot, which never changes.
  package var cloud: Cloud { timeline.cloud }
  /// A copy of the cloud the world started with.
  package var startCloud: Cloud { timeline.startCloud }
  package var now: Instant { timeline.cloud.now }
  package var isFork: Bool { timeline.fork != nil }
  /// The names set at the prompt.
  package var variables: [String: String] { timeline.variables }
  /// All commands and requests, oldest first, undone ones too.
  package var log: [LogEntry] { timeline.log }
  /// All notes, oldest first.
  package var notes: [SessionNote] { timeline.notes }
  /// The transitions under way, soonest first.
  package var pendingTransitions: [(at: Instant, what: String)] {
    timeline.cloud.pendingTransitions
  }

  package var status: SessionStatus {
    var status = timeline.status
    status.rows = lastRow.sequence
    return status
  }

  /// The digest of the journal so far: equal for equal histories.
  package var journalDigest: SHA256Digest { lastRow.chain }

  /// The states before each step that `undo` counts, oldest first, then the present one.
  ///
  /// Only the last 1,000 are kept; earlier ones are left out.
  package var states: [(row: Int64, cloud: Cloud)] {
    let missing = timeline.rowsWithoutSnapshot
    // States from before a checkpoint; without them, the others are still there.
    if !missing.isEmpty, let found = try? replay.states(before: missing) { timeline.fill(found) }
    return timeline.steps.compactMap { step in step.snapshot.map { (step.row, $0.cloud) } }
      + [(lastRow.sequence + 1, timeline.cloud)]
  }

  // MARK: Commands

  /// Begins a typed command: all that follows up to `endCommand` is saved together or not at all.
  ///
  /// - Parameter text: What was typed, for the log.
  /// - Throws: `.stopped`.
  package func beginCommand(_ text: String) throws(StateError) {
    try checkUsable()
    precondition(command == nil, "a command is under way already")
    command = OpenCommand(
      text: text, first: lastRow.sequence + 1, instant: now, before: timeline,
      pendingBefore: pending.count)
  }

  /// Ends the command; if it changed anything, it is on the disk when this returns.
  ///
  /// - Parameter status: The command's exit status.
  /// - Throws: `.diskFull`, `.failedWrite`: then nothing of the command was saved.
  package func endCommand(status: Int32) throws(StateError) {
    guard let ended = command else { preconditionFailure("no command is under way") }
    // Let go of the copy first, or the log would be copied as a whole.
    command = nil
    enter(
      .command(text: ended.text, status: status, from: ended.first, at: ended.instant),
      mustCommit: ended.mustCommit)
    try commitIfDue(ended.mustCommit)
  }

  /// Gives the command up: everything is as it was when it began.
  package func abandonCommand() {
    guard let abandoned = command else { preconditionFailure("no command is under way") }
    command = nil
    timeline = abandoned.before
    pending.removeSubrange(abandoned.pendingBefore...)
  }

  /// Performs a request as a part of the command under way.
  package func answer(_ request: ServiceRequest) -> Result<Document, ServiceError> {
    precondition(command != nil, "answer is for a command under way")
    return carryOut(request, door: nil, pace: nil).outcome
  }

  /// Performs requests one after the other; their accepted changes are saved by one commit.
  ///
  /// - Parameters:
  ///   - requests: What is asked, in order.
  ///   - door: Where they came in.
  ///   - pace: How virtual time goes with them; nil where it stands still.
  /// - Returns: The service's answers, in the same order.
  /// - Throws: `.diskFull`, `.failedWrite`, `.stopped`: then nothing of them was saved, and none must be
  ///   answered as if it had been.
  package func perform(
    together requests: [ServiceRequest], door: String, pace: Pace? = nil
  ) throws(StateError) -> [Result<Document, ServiceError>] {
    try checkUsable()
    let door = command == nil ? door : nil
    let outcomes = requests.map { carryOut($0, door: door, pace: pace) }
    if command == nil { try commitIfDue(outcomes.contains(where: \.isChange)) }
    return outcomes.map(\.outcome)
  }

  private func carryOut(
    _ request: ServiceRequest, door: String?, pace: Pace?
  ) -> (outcome: Result<Document, ServiceError>, isChange: Bool) {
    guard request.input.isShallow(Document.depthLimit - 1) else {
      // The journal could not be read back; the services refuse such depth too.
      return (.failure(.tooDeep), false)
    }
    let steps = timeline.steps.count
    let (outcome, digest) = timeline.perform(request, door: door, row: lastRow.sequence + 1)
    let isChange = timeline.steps.count > steps
    // The time that passes with it stands in the request's own row.
    let time = pace?.duration(after: request, outcome, in: cloud) ?? .zero
    timeline.pass(time)
    add(.request(request, door: door, takes: time), digest)
    if isChange { command?.mustCommit = true }
    return (outcome, isChange)
  }

  // MARK: Time

  /// Says that the command under way changes something, though no request of it does: its end saves it.
  ///
  /// A clock that was moved by hand must not be back where it was after a crash.
  package func commandMovesClock() { command?.mustCommit = true }

  /// Lets the time pass that a command takes; saved with the command or the next change.
  package func pass(_ duration: Duration) {
    enter(.advance(duration, isStep: false), mustCommit: false)
  }

  /// Lets time pass in the command under way, unless somebody stops it.
  ///
  /// - Parameters:
  ///   - duration: How far.
  ///   - stop: Asked after each thing that happens on the way, with how many there were.
  /// - Returns: False if it was stopped, somewhere between: the command has to be given up then.
  package func pass(_ duration: Duration, unless stop: (Int) -> Bool) -> Bool {
    precondition(command != nil, "only a command can be given up")
    guard
      let digest = timeline.advance(
        by: duration, isStep: false, row: lastRow.sequence + 1, unless: stop)
    else { return false }
    add(.advance(duration, isStep: false), digest)
    return true
  }

  /// Moves the clock because somebody asked for it; saved before this returns, or by `endCommand`.
  ///
  /// - Parameters:
  ///   - duration: How far; nothing happens for zero or less.
  ///   - isStep: Lets `undo` count it as a step of its own.
  ///   - stop: As for `pass`.
  /// - Returns: False if it was stopped: everything is as it was then.
  /// - Throws: `StateError`.
  @discardableResult
  package func advance(
    by duration: Duration, isStep: Bool = false, unless stop: (Int) -> Bool = { _ in false }
  ) throws(StateError) -> Bool {
    guard duration > .zero else { return true }
    try checkUsable()
    let before = timeline
    guard
      let digest = timeline.advance(
        by: duration, isStep: isStep, row: lastRow.sequence + 1, unless: stop)
    else {
      timeline = before
      return false
    }
    add(.advance(duration, isStep: isStep), digest)
    command?.mustCommit = true
    if command == nil { try commitIfDue(true) }
    return true
  }

  // MARK: Names and notes

  /// Sets a name at the prompt, or takes it away with nil.
  package func setVariable(_ name: String, to value: String?) throws(StateError) {
    try change(.variable(name: name, value: value))
  }

  /// Leaves a document in the journal.
  package func note(_ kind: String, _ document: Document) throws(StateError) {
    try change(.note(kind: kind, document))
  }

  /// Saves what waits for the next commit.
  package func flush() throws(StateError) {
    try checkUsable()
    precondition(command == nil, "a command is under way")
    try commit()
  }

  private var lastRow: (sequence: Int64, chain: SHA256Digest) {
    pending.last.map { ($0.sequence, $0.chain) } ?? store.last
  }

  private func checkUsable() throws(StateError) {
    precondition(!isClosed, "the session is closed")
    if let failure { throw .stopped(cause: failure.message) }
  }

  /// Carries an entry out and saves it, now or with the command under way.
  func change(_ entry: JournalEntry) throws(StateError) {
    try checkUsable()
    enter(entry, mustCommit: true)
    if let failure { throw failure }
    if command == nil { try commitIfDue(true) }
  }

  private func enter(_ entry: JournalEntry, mustCommit: Bool) {
    do {
      let digest = try timeline.apply(
        entry, row: lastRow.sequence + 1, rebuild: replay.cloud(before:))
      add(entry, digest)
      if mustCommit { command?.mustCommit = true }
    } catch {
      failure = SQLiteFile.failure(error, at: folder.databasePath)
    }
  }

  private func add(_ entry: JournalEntry, _ outcome: SHA256Digest) {
    pending.append(JournalRow(after: lastRow, entry, outcome: outcome))
  }

  private func commitIfDue(_ mustCommit: Bool) throws(StateError) {
    if mustCommit || pending.count >= Self.pendingLimit { try commit() }
  }

  private func commit() throws(StateError) {
    do {
      try store.append(pending)
      if !pending.isEmpty { commits += 1 }
      pending = []
    } catch {
      failure = error
      throw error
    }
    if command == nil { checkpointer.writeIfDue(timeline, at: store.last, isEnd: false) }
  }
}
