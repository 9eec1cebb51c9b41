// SPDX-License-Identifier: GPL-3.0-or-later

import Glibc

/// Why a message did not arrive.
package enum OwnerLinkFailure: Error, Hashable, Sendable {
  /// The other side has closed the connection or died.
  case gone
  /// Nothing came in the time that was given.
  case silent
  /// What came is no message, or a longer one than is taken.
  case garbled
}

/// An instant of the machine's monotonic clock until which something is waited for.
struct Deadline {
  private let end: Int64

  init(milliseconds: Int) { end = Self.now + Int64(milliseconds) }

  /// Milliseconds left; zero when it has passed.
  var left: Int32 { Int32(clamping: max(0, end - Self.now)) }

  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

/// A Unix socket of this process, closed when nobody refers to it any more; it never blocks.
final class LocalSocket: Sendable {
  let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  private static func make() -> LocalSocket? {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, kind, 0)
    return descriptor < 0 ? nil : LocalSocket(descriptor)
  }

  // MARK: Addresses

  /// The longest path that fits a socket's address, its closing zero left out.
  static let maximumPathBytes = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

  /// Calls with the address of a path; a longer path than an address holds goes by way of its folder.
  private static func withAddress(
    of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    guard path.utf8.count > maximumPathBytes else { return call(path, body) }
    guard let slash = path.lastIndex(of: "/") else { return -1 }
    let folder = open(String(path[..<slash]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return -1 }
    defer {
      let problem = errno
      close(folder)
      errno = problem
    }
    return call("/proc/self/fd/\(folder)\(path[slash...])", body)
  }

  private static func call(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count <= maximumPathBytes else {
      errno = ENAMETOOLONG
      return -1
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  // MARK: Making

  /// Listens at a path, which must be free; nobody but the user may connect.
  ///
  /// - Throws: `.unusable`.
  static func listening(at path: String) throws(StateError) -> LocalSocket {
    guard let socket = make() else {
      throw .unusable(path: path, reason: DurableFile.reason(errno))
    }
    guard withAddress(of: path, { bind(socket.descriptor, $0, $1) }) == 0,
      // Before anybody can connect.
      chmod(path, 0o600) == 0, listen(socket.descriptor, 64) == 0
    else { throw .unusable(path: path, reason: DurableFile.reason(errno)) }
    return socket
  }

  /// The next connection that waits; nil if none does any more.
  func accepted() -> LocalSocket? {
    let connection = accept(descriptor, nil, nil)
    guard connection >= 0 else { return nil }
    _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
    _ = fcntl(connection, F_SETFL, O_NONBLOCK)
    return LocalSocket(connection)
  }

  /// Connects to whoever listens at a path; nil if nobody does.
  ///
  /// - Throws: `.silent` if the line of those who wait to be let in is full for too long.
  static func connected(to path: String, by deadline: Deadline) throws(OwnerLinkFailure)
    -> LocalSocket?
  {
    guard let socket = make() else { return nil }
    while withAddress(of: path, { connect(socket.descriptor, $0, $1) }) != 0 {
      guard errno == EAGAIN || errno == EINTR else { return nil }
      guard deadline.left > 0 else { throw .silent }
      usleep(5_000)
    }
    return socket
  }

  /// Who is at the other end: the process, and the user it runs as; nil if the kernel does not say.
  var peer: (process: pid_t, user: uid_t)? {
    // The C library's `struct ucred`: process, user, group.
    var credentials: [UInt32] = [0, 0, 0]
    var size = socklen_t(12)
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0, size == 12
    else { return nil }
    return (pid_t(bitPattern: credentials[0]), credentials[1])
  }

  /// Ends the connection or the listening, whoever still waits on it.
  func shutDown() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

  // MARK: Bytes

  /// Waits until something can be read, or the other side is gone.
  ///
  /// - Parameter milliseconds: How long; negative for ever.
  /// - Returns: False if nothing came.
  func waitToRead(milliseconds: Int32) -> Bool { wait(Int16(POLLIN), milliseconds) }

  private func wait(_ events: Int16, _ milliseconds: Int32) -> Bool {
    var state = pollfd(fd: descriptor, events: events, revents: 0)
    return poll(&state, 1, milliseconds) > 0
  }

  /// Sends all bytes.
  ///
  /// - Throws: `.gone`, `.silent`.
  func send(_ bytes: [UInt8], by deadline: Deadline) throws(OwnerLinkFailure) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.send(
          descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent,
          Int32(MSG_NOSIGNAL))
      }
      if count >= 0 {
        sent += count
      } else if errno == EAGAIN {
        guard wait(Int16(POLLOUT), deadline.left) || deadline.left > 0 else { throw .silent }
      } else if errno != EINTR {
        throw .gone
      }
    }
  }

  /// Receives exactly so many bytes.
  ///
  /// Room is made as they come, so nobody gets memory for a length that is only claimed.
  ///
  /// - Throws: `.gone`, `.silent`.
  func receive(_ count: Int, by deadline: Deadline) throws(OwnerLinkFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: min(count, 1 << 16))
    while bytes.count < count {
      let wanted = min(buffer.count, count - bytes.count)
      let got = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, wanted, 0) }
      if got > 0 {
        bytes.append(contentsOf: buffer[..<got])
      } else if got == 0 {
        throw .gone
      } else if errno == EAGAIN {
        guard wait(Int16(POLLIN), deadline.left) || deadline.left > 0 else { throw .silent }
      } else if errno != EINTR {
        throw .gone
      }
    }
    return bytes
  }
}
