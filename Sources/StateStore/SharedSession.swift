// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
import Dispatch
package import Documents
import Synchronization

/// One session for many callers at once, first come, first served.
///
/// Requests that wait together are saved together: the first caller to come leads, performs what is
/// waiting, one request after the other, commits once, gives everyone their answer, and hands the lead
/// to the next in line. An answer never comes before the commit that holds it; while the disk works, the
/// next ones gather. `exclusively` takes its place in the same line, and then has the session alone.
package final class SharedSession: Sendable {
  /// No further caller's requests go into a commit that has so many, so that nobody waits for many others'
  /// work.
  package static let batchLimit = 64

  // Only the caller that leads touches the session, and `line` lets one lead at a time.
  private nonisolated(unsafe) let session: Session
  private nonisolated(unsafe) var drive: ClockDrive?
  private let line = Mutex(Line())

  /// What one caller's requests came to, in their order.
  private typealias Answers = Result<[Result<Document, ServiceError>], StateError>

  private struct Line: Sendable {
    /// The first of them leads, if `isLed`.
    var waiting: [Ticket] = []
    var isLed = false

    /// The requests that can be served together, from the first on.
    mutating func takeBatch() -> [Ticket] {
      guard let first = waiting.first else { return [] }
      var count = 0
      let batch = waiting.prefix { ticket in
        guard let requests = ticket.requests else { return false }
        defer { count += requests.count }
        return count < SharedSession.batchLimit && ticket.door == first.door
          && ticket.pace == first.pace
      }
      waiting.removeFirst(batch.count)
      return Array(batch)
    }

    /// Makes the next in line the leader.
    mutating func passOn() -> Ticket? {
      isLed = !waiting.isEmpty
      waiting.first?.leads = true
      return waiting.first
    }
  }

  /// A caller's place in the line.
  private final class Ticket: @unchecked Sendable {
    /// Nil for one who wants the session alone.
    let requests: [ServiceRequest]?
    let door: String
    let pace: Pace?
    let turn = DispatchSemaphore(value: 0)
    /// Written under the line's lock.
    var leads = false
    /// Written by the leader before `turn` is signalled, read by the caller after; nil: lead.
    var answers: Answers?

    init(_ requests: [ServiceRequest]?, door: String = "", pace: Pace? = nil) {
      self.requests = requests
      self.door = door
      self.pace = pace
    }
  }

  /// Shares a session, which nobody may use by another way from now on.
  ///
  /// - Parameter session: No command may be under way.
  package init(_ session: sending Session) { self.session = session }

  /// Performs a request; an accepted change is on the disk when this returns.
  ///
  /// - Parameters:
  ///   - request: What is asked.
  ///   - door: Where it came in, for the journal.
  ///   - pace: How virtual time goes with it; nil where it stands still.
  /// - Returns: The service's answer.
  /// - Throws: As `Session.perform(_:door:)`.
  package func perform(
    _ request: ServiceRequest, door: String, pace: Pace? = nil
  ) throws(StateError) -> Result<Document, ServiceError> {
    try perform(together: [request], door: door, pace: pace)[0]
  }

  /// Performs requests of one caller one after the other; their changes are on the disk, by one commit,
  /// when this returns.
  ///
  /// - Returns: The service's answers, in the same order.
  /// - Throws: As `Session.perform(together:door:pace:)`.
  package func perform(
    together requests: [ServiceRequest], door: String, pace: Pace? = nil
  ) throws(StateError) -> [Result<Document, ServiceError>] {
    let ticket = Ticket(requests, door: door, pace: pace)
    if !join(ticket) { ticket.turn.wait() }
    if let answers = ticket.answers { return try answers.get() }
    return try lead(ticket).get()
  }

  /// Does something with the session while nobody else does.
  ///
  /// Not to be called from within itself.
  ///
  /// - Parameters:
  ///   - giveUp: Asked now and then while waiting; true leaves the line.
  ///   - body: Has the session alone.
  /// - Returns: What the body returned; nil if the line was left.
  /// - Throws: What the body throws.
  package func exclusively<T>(
    unless giveUp: () -> Bool, _ body: (Session) throws -> T
  ) rethrows -> T? {
    let ticket = Ticket(nil)
    if !join(ticket) {
      while ticket.turn.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
        guard giveUp(), leave(ticket) else { continue }
        return nil
      }
    }
    line.withLock { _ = $0.waiting.removeFirst() }
    defer { line.withLock { $0.passOn() }?.turn.signal() }
    catchUp()
    return try body(session)
  }

  /// Does something with the session while nobody else does, however long it has to wait.
  ///
  /// - Throws: What the body throws.
  package func exclusively<T>(_ body: (Session) throws -> T) rethrows -> T {
    guard let result = try exclusively(unless: { false }, body) else {
      preconditionFailure("nobody gives up here")
    }
    return result
  }

  /// Lets something move the clock beside the requests from now on; nil for nothing.
  package func drive(by drive: ClockDrive?) {
    exclusively { _ in self.drive = drive }
  }

  /// Moves the clock to where its drive has got.
  private func catchUp() {
    if let due = drive?.takeDue(), due > .zero { session.pass(due) }
  }

  /// How many commits the session has made; for when no caller is left.
  package var commits: Int { session.commits }

  /// Takes the last place in the line; true if that is the first too, and nobody leads.
  private func join(_ ticket: Ticket) -> Bool {
    line.withLock { line in
      line.waiting.append(ticket)
      defer { line.isLed = true }
      if !line.isLed { ticket.leads = true }
      return ticket.leads
    }
  }

  /// Gives a place in the line up; false if its turn has come.
  private func leave(_ ticket: Ticket) -> Bool {
    line.withLock { line in
      guard !ticket.leads else { return false }
      line.waiting.removeAll { $0 === ticket }
      return true
    }
  }

  /// Serves one batch, with the leader's own requests in it, and passes the lead on.
  private func lead(_ own: Ticket) -> Answers {
    let batch = line.withLock { $0.takeBatch() }
    catchUp()
    let requests = batch.map { $0.requests ?? [] }
    let answers = Answers { () throws(StateError) in
      try session.perform(together: Array(requests.joined()), door: own.door, pace: own.pace)
    }
    var first = 0
    for (ticket, asked) in zip(batch, requests) {
      let own = first..<first + asked.count
      ticket.answers = answers.map { Array($0[own]) }
      first = own.upperBound
    }
    let next = line.withLock { $0.passOn() }
    for ticket in batch where ticket !== own { ticket.turn.signal() }
    next?.turn.signal()
    // The leader's own requests were first in line, so they are in the batch.
    guard let answers = own.answers else { preconditionFailure("a leader serves itself") }
    return answers
  }
}
