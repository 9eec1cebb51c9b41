// SPDX-License-Identifier: GPL-3.0-or-later

import Glibc

/// The right to change one world: held by one process, given back by the kernel when it dies.
final class OwnerLock {
  private var file: Int32

  /// How long a second process waits for the first to leave, in milliseconds; below the 2 s promised.
  static let patienceMilliseconds = 1000

  /// Takes the lock, waiting a moment for an owner that is just leaving.
  ///
  /// - Parameters:
  ///   - path: The lock's file.
  ///   - patienceMilliseconds: How long to wait.
  /// - Throws: `.heldByAnother` naming the owner; `.unusable` if the file cannot be made.
  init(path: String, patienceMilliseconds: Int = patienceMilliseconds) throws(StateError) {
    file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw .unusable(path: path, reason: DurableFile.reason(errno)) }
    var waited = 0
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      let problem = errno
      guard problem == EWOULDBLOCK || problem == EINTR else {
        forget()
        throw .unusable(path: path, reason: DurableFile.reason(problem))
      }
      guard waited < patienceMilliseconds else {
        let owner = Self.owner(in: file)
        forget()
        throw .heldByAnother(path: path, owner: owner)
      }
      usleep(20_000)
      waited += 20
    }
    // The name is for people; losing it costs nothing, so a failed write here is no failure.
    _ = ftruncate(file, 0)
    _ = DurableFile.writeAll(Array("\(getpid())\n".utf8), to: file)
  }

  deinit { release() }

  /// Gives the lock back; harmless if done before.
  func release() {
    guard file >= 0 else { return }
    _ = ftruncate(file, 0)
    forget()
  }

  /// Closes the file and leaves it as it is; an `init` that throws is followed by `deinit`, which must not
  /// close the same number again, since that may be another file by then.
  private func forget() {
    close(file)
    file = -1
  }

  private static func owner(in file: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 32)
    let count = pread(file, &buffer, buffer.count, 0)
    let digits = buffer.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
    guard !digits.isEmpty else { return "another process" }
    return "process \(String(decoding: digits, as: UTF8.self))"
  }
}
