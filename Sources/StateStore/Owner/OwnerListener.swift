// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
import Foundation
import Glibc
import Synchronization

/// What answers one connection to a world's socket; each has its own, used by one thread.
package protocol OwnerGuest: AnyObject {
  /// The first answer, to what the other process says of itself.
  ///
  /// - Returns: nil to turn it away.
  func welcome(_ hello: Document) -> Document?

  /// Answers a request.
  ///
  /// - Parameters:
  ///   - request: What is asked.
  ///   - isGivenUp: True once the other side has gone, or wants no answer any more.
  /// - Returns: The answer; nil if the world has been closed, so that nothing was done.
  func answer(_ request: OwnerMessage, isGivenUp: @escaping @Sendable () -> Bool) -> OwnerMessage?
}

/// Lets other processes of the same user reach the world that this process owns, through `world.sock`.
///
/// One thread waits for connections, and each connection has a thread of its own, so one that hangs or
/// sends garbage keeps nobody waiting. It listens only while the world's lock is held: so whatever lies at
/// the socket's path when it is made was left by a process that is gone.
package final class OwnerListener: Sendable {
  /// Connections at once; one more is closed at once.
  package static let connectionLimit = 64

  private let path: String
  private let socket: LocalSocket
  private let makeGuest: @Sendable () -> any OwnerGuest
  private let state = Mutex(State())

  private struct State {
    var isClosed = false
    var connections: [Int: Connection] = [:]
    var next = 0
  }

  private struct Connection {
    let socket: LocalSocket
    var isAnswering = false
    /// True once it has said who it is.
    var isWelcome = false
  }

  /// Listens for the world that this process owns.
  ///
  /// - Parameters:
  ///   - folder: The world.
  ///   - makeGuest: Makes what answers a connection.
  /// - Throws: `.unusable`.
  package init(
    _ folder: WorldFolder, makeGuest: @escaping @Sendable () -> any OwnerGuest
  ) throws(StateError) {
    path = folder.socketPath
    self.makeGuest = makeGuest
    unlink(path)
    socket = try LocalSocket.listening(at: path)
    start { [self] in acceptAll() }
  }

  /// How many other processes are connected.
  package var connectionCount: Int {
    state.withLock { $0.connections.values.count { $0.isWelcome } }
  }

  /// Takes no more connections; to be called before the world's lock is given back.
  package func stopListening() {
    state.withLock { $0.isClosed = true }
    unlink(path)
    socket.shutDown()
  }

  /// Lets answers that are on their way arrive, and ends all connections.
  package func endConnections() {
    let deadline = Deadline(milliseconds: 500)
    while state.withLock({ $0.connections.values.contains(where: \.isAnswering) }),
      deadline.left > 0
    {
      usleep(1_000)
    }
    for connection in state.withLock({ Array($0.connections.values) }) {
      connection.socket.shutDown()
    }
  }

  private func start(_ body: @escaping @Sendable () -> Void) {
    let thread = Thread {
      // Ctrl-C and the like have to wake the main thread, which waits for them.
      var all = sigset_t()
      sigfillset(&all)
      pthread_sigmask(SIG_BLOCK, &all, nil)
      body()
    }
    // A line may nest as deeply as one that is typed to the main thread.
    thread.stackSize = 8 << 20
    thread.start()
  }

  private func acceptAll() {
    while !state.withLock({ $0.isClosed }) {
      _ = socket.waitToRead(milliseconds: -1)
      guard let connection = socket.accepted() else {
        // Out of descriptors, or a connection that was given up: not to be tried without a pause.
        usleep(10_000)
        continue
      }
      // The same user, though the folder's and the socket's modes let nobody else come this far.
      guard connection.peer?.user == geteuid(), let number = admit(connection) else { continue }
      start { [self] in
        serve(connection, number)
        state.withLock { _ = $0.connections.removeValue(forKey: number) }
      }
    }
  }

  private func admit(_ connection: LocalSocket) -> Int? {
    state.withLock { state in
      guard !state.isClosed, state.connections.count < Self.connectionLimit else { return nil }
      state.next += 1
      state.connections[state.next] = Connection(socket: connection)
      return state.next
    }
  }

  /// Answers one connection until it ends; anything that is no request ends it.
  private func serve(_ socket: LocalSocket, _ number: Int) {
    let guest = makeGuest()
    do throws(OwnerLinkFailure) {
      let hello = try socket.message(limit: OwnerMessage.requestLimitBytes)
      guard let welcome = guest.welcome(hello.body) else { return }
      try socket.send(OwnerMessage(welcome))
      state.withLock { $0.connections[number]?.isWelcome = true }
      while socket.waitToRead(milliseconds: -1) {
        setAnswering(number, true)
        defer { setAnswering(number, false) }
        let request = try socket.message(limit: OwnerMessage.requestLimitBytes)
        // What arrived while the last request was answered meant that one.
        if request.body == OwnerLink.givingUp { continue }
        let answer = guest.answer(request) { socket.waitToRead(milliseconds: 0) }
        try socket.send(answer ?? OwnerMessage(OwnerLink.closed))
        if answer == nil { return }
      }
    } catch {
      // Whoever it was has gone, hangs, or does not speak this language: its connection ends here.
    }
  }

  private func setAnswering(_ number: Int, _ isAnswering: Bool) {
    state.withLock { $0.connections[number]?.isAnswering = isAnswering }
  }
}
