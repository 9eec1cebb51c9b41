// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
package import Documents
import Glibc

/// How a process comes to a world: as its owner, or through the process that owns it.
package enum WorldReach {
  case owned(Session)
  case held(OwnerLink)

  /// Opens a world, or connects to the process that has it open.
  ///
  /// A process that owns it and does not listen is waited for a moment: it may be just coming or leaving.
  ///
  /// - Parameters:
  ///   - folder: Where the world is.
  ///   - hello: What this process says of itself to an owner.
  ///   - engineVersion: As for `Session`.
  ///   - start: As for `Session`.
  ///   - makeCloud: As for `Session`.
  /// - Returns: The session, or the connection.
  /// - Throws: As `Session`; `.heldByAnother` for an owner that does not listen or answer.
  package static func find(
    _ folder: WorldFolder, hello: Document, engineVersion: String, start: StartDescription?,
    makeCloud: @escaping (StartDescription) throws -> Cloud
  ) throws -> WorldReach {
    let deadline = Deadline(milliseconds: OwnerLock.patienceMilliseconds)
    while true {
      do {
        return .owned(
          try Session(
            folder, engineVersion: engineVersion, start: start, patienceMilliseconds: 0,
            makeCloud: makeCloud))
      } catch StateError.heldByAnother(let path, let owner) {
        do throws(OwnerLinkFailure) {
          if let link = try OwnerLink.connect(folder, hello: hello) { return .held(link) }
        } catch {
          throw StateError.heldByAnother(path: path, owner: owner + ", which does not answer")
        }
        guard deadline.left > 0 else {
          throw StateError.heldByAnother(path: path, owner: owner)
        }
        usleep(10_000)
      }
    }
  }
}
