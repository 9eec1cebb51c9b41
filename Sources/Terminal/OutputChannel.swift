// SPDX-License-Identifier: GPL-3.0-or-later

internal import Glibc

/// Why output did not arrive: a full disk, a closed pipe.
package struct OutputFailure: Error, Hashable, Sendable {
  /// The C library's number, such as `ENOSPC`.
  package let number: Int32

  package init(number: Int32) { self.number = number }

  /// One line, what is wrong.
  package var message: String {
    "Output could not be written: \(String(cString: strerror(number)))."
  }
}

/// A buffered stream of bytes to a file descriptor, which notices when they do not arrive.
///
/// A failure is remembered and thrown by the next `flush`; writing after it does nothing.
package final class OutputChannel {
  private enum Target {
    case descriptor(Int32)
    case memory
    case receiver(([UInt8]) -> Void)
  }

  private let target: Target
  private var buffer: [UInt8] = []
  /// The first failure; nil while all went well.
  package private(set) var failure: OutputFailure?

  private static let bufferLimit = 1 << 16

  /// Writes to a file descriptor, which stays open.
  package init(descriptor: Int32) { target = .descriptor(descriptor) }

  private init(target: Target) { self.target = target }

  /// Keeps everything in memory, for `taken`.
  package static func memory() -> OutputChannel { OutputChannel(target: .memory) }

  /// Hands the bytes on, as often and in the pieces in which a descriptor would get them.
  package init(receiver: @escaping ([UInt8]) -> Void) { target = .receiver(receiver) }

  /// Everything written to a channel in memory since the last call.
  package func taken() -> String {
    defer { buffer = [] }
    return String(decoding: buffer, as: UTF8.self)
  }

  /// Appends text as it stands.
  package func write(_ text: String) {
    guard failure == nil else { return }
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferLimit { drain() }
  }

  /// Appends bytes as they stand.
  package func write(bytes: [UInt8]) {
    guard failure == nil else { return }
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferLimit { drain() }
  }

  /// Sends what is buffered on its way.
  ///
  /// - Throws: What went wrong now or before.
  package func flush() throws(OutputFailure) {
    drain()
    if let failure { throw failure }
  }

  private func drain() {
    guard failure == nil, !buffer.isEmpty else { return }
    switch target {
    case .memory: return
    case .receiver(let receive): receive(buffer)
    case .descriptor(let descriptor): guard drain(to: descriptor) else { return }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes the buffer to a descriptor; false, and the failure noted, if it does not take it.
  private func drain(to descriptor: Int32) -> Bool {
    buffer.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Glibc.write(
          descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent)
        if count >= 0 {
          sent += count
        } else if errno == EAGAIN {
          var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&state, 1, -1)
        } else if errno != EINTR {
          failure = OutputFailure(number: errno)
          return false
        }
      }
      return true
    }
  }
}
