// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
import Glibc

/// A connection to the process that owns a world.
package final class OwnerLink {
  /// The owner as a person may look for it: `process 4242`.
  package let owner: String
  /// What it said of itself when the connection was made.
  package let welcome: Document

  private let folder: WorldFolder
  private let hello: Document
  private let socket: LocalSocket

  /// What is sent while an answer is waited for that nobody wants any more.
  static let givingUp: Document = ["kind": "give up"]
  /// The answer of an owner that has closed the world before the request was begun.
  static let closed: Document = ["kind": "closed"]

  /// How long an owner may take to say that it is there; with what comes before, below the 2 s promised.
  static let patienceMilliseconds = 1_600

  private init(_ folder: WorldFolder, hello: Document, within milliseconds: Int)
    throws(OwnerLinkFailure)
  {
    self.folder = folder
    self.hello = hello
    let deadline = Deadline(milliseconds: milliseconds)
    guard let socket = try LocalSocket.connected(to: folder.socketPath, by: deadline),
      let peer = socket.peer, peer.user == geteuid()
    else { throw .gone }
    self.socket = socket
    owner = "process \(peer.process)"
    try socket.send(OwnerMessage(hello).bytes, by: deadline)
    welcome = try socket.message(
      limit: OwnerMessage.requestLimitBytes, within: Int(deadline.left)
    ).body
  }

  /// Connects to a world's owner.
  ///
  /// - Parameters:
  ///   - folder: The world.
  ///   - hello: What this process says of itself.
  ///   - milliseconds: How long the owner may take to answer that.
  /// - Returns: Nil if nobody listens, or the listener has just gone.
  /// - Throws: `.silent` for an owner that does not answer, `.garbled` for one that answers nonsense.
  package static func connect(
    _ folder: WorldFolder, hello: Document, within milliseconds: Int = patienceMilliseconds
  ) throws(OwnerLinkFailure) -> OwnerLink? {
    do throws(OwnerLinkFailure) {
      return try OwnerLink(folder, hello: hello, within: milliseconds)
    } catch {
      if error == .gone { return nil }
      throw error
    }
  }

  /// Asks the owner something and waits for its answer, however long it works on it.
  ///
  /// While there is none, the owner is asked now and then whether it is still there.
  ///
  /// - Parameters:
  ///   - request: What is asked.
  ///   - wantsToStop: Asked now and then; once true, the owner is told that the answer is not wanted.
  /// - Returns: The answer; nil if the owner has closed the world and done nothing.
  /// - Throws: `.gone` for an owner that ended meanwhile: what was asked may have been done or not;
  ///   `.silent` for one that does not move any more, `.garbled` for an answer that is none.
  package func ask(
    _ request: OwnerMessage, wantsToStop: () -> Bool = { false }
  ) throws(OwnerLinkFailure) -> OwnerMessage? {
    // The last answer came, so nothing of ours is on its way: an end that is here already is no answer.
    if socket.waitToRead(milliseconds: 0) { return nil }
    try socket.send(request)
    var hasStopped = false
    while !socket.waitToRead(milliseconds: 400) {
      if !hasStopped, wantsToStop() {
        hasStopped = true
        try socket.send(OwnerMessage(Self.givingUp))
      } else {
        guard try Self.connect(folder, hello: hello) != nil else { throw .gone }
      }
    }
    let answer = try socket.message(limit: OwnerMessage.answerLimitBytes)
    return answer.body == Self.closed ? nil : answer
  }
}
