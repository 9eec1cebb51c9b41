// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
import Dispatch
package import Documents
import Synchronization

/// One session for many callers at once: requests that wait together are saved together.
///
/// The first caller to come leads: it performs what is waiting, one request after the other, commits
/// once, gives everyone their answer, and hands the lead to the next in line. An answer never comes
/// before the commit that holds it; while the disk works, the next ones gather.
package final class SharedSession: Sendable {
  /// Requests taken into one commit at most, so that nobody waits for many others' work.
  package static let batchLimit = 64

  // Only the caller that leads touches the session, and `line` lets one lead at a time.
  private nonisolated(unsafe) let session: Session
  private nonisolated(unsafe) var drive: ClockDrive?
  private let door: String
  private let pace: Pace?
  private let line = Mutex(Line())

  private struct Line: Sendable {
    var waiting: [Ticket] = []
    var isLed = false
  }

  /// A caller's place in the line.
  private final class Ticket: @unchecked Sendable {
    /// What is asked; nil for a caller that wants the session to itself.
    let request: ServiceRequest?
    let turn = DispatchSemaphore(value: 0)
    /// Written by the leader before `turn` is signalled, read by the caller after; nil: lead.
    var answer: Result<Result<Document, ServiceError>, StateError>?

    init(_ request: ServiceRequest?) { self.request = request }
  }

  /// Shares a session, which nobody may use by another way from now on.
  ///
  /// - Parameters:
  ///   - session: No command may be under way.
  ///   - door: Where the requests come in, for the journal.
  ///   - pace: How virtual time goes with them; nil where it stands still.
  ///   - drive: What moves the clock beside them; nil for nothing.
  package init(
    _ session: sending Session, door: String, pace: Pace? = nil, drive: ClockDrive? = nil
  ) {
    self.session = session
    self.door = door
    self.pace = pace
    self.drive = drive
  }

  /// Performs a request; an accepted change is on the disk when this returns.
  ///
  /// - Parameter request: What is asked.
  /// - Returns: The service's answer.
  /// - Throws: As `Session.perform(_:door:)`.
  package func perform(
    _ request: ServiceRequest
  ) throws(StateError) -> Result<Document, ServiceError> {
    let ticket = Ticket(request)
    if !isFirst(ticket) { ticket.turn.wait() }
    if let answer = ticket.answer { return try answer.get() }
    return try lead(ticket).get()
  }

  /// Does something with the session while no request is under way; callers come in their order.
  package func exclusively<T>(
    _ body: (Session) throws -> T
  ) throws -> T {
    let ticket = Ticket(nil)
    if !isFirst(ticket) { ticket.turn.wait() }
    // Whoever is given the lead is first in line.
    line.withLock { _ = $0.waiting.removeFirst() }
    defer { passLead() }
    catchUp()
    return try body(session)
  }

  /// Takes a place in the line; true for a caller that has to lead.
  private func isFirst(_ ticket: Ticket) -> Bool {
    line.withLock { line in
      line.waiting.append(ticket)
      defer { line.isLed = true }
      return !line.isLed
    }
  }

  /// Lets the next in line lead.
  private func passLead() {
    let next = line.withLock { line in
      line.isLed = !line.waiting.isEmpty
      return line.waiting.first
    }
    next?.turn.signal()
  }

  /// Moves the clock to where its drive has got.
  private func catchUp() {
    if let due = drive?.takeDue(), due > .zero { session.pass(due) }
  }

  /// How many commits the session has made; for when no caller is left.
  package var commits: Int { session.commits }

  /// Saves what waits and gives the world back; for when no caller is left.
  ///
  /// - Throws: As `Session.close`.
  package func close() throws(StateError) { try session.close() }

  /// Serves one batch, with the leader's own request in it, and passes the lead on.
  private func lead(_ own: Ticket) -> Result<Result<Document, ServiceError>, StateError> {
    let batch = line.withLock { line in
      let batch = Array(line.waiting.prefix(Self.batchLimit).prefix { $0.request != nil })
      line.waiting.removeFirst(batch.count)
      return batch
    }
    catchUp()
    let answers = Result { () throws(StateError) in
      try session.perform(together: batch.compactMap(\.request), door: door, pace: pace)
    }
    for (position, ticket) in batch.enumerated() {
      ticket.answer = answers.map { $0[position] }
    }
    passLead()
    for ticket in batch where ticket !== own { ticket.turn.signal() }
    // The leader's own request was first in line, so it is in the batch.
    guard let answer = own.answer else { preconditionFailure("a leader serves itself") }
    return answer
  }
}
