// SPDX-License-Identifier: GPL-3.0-or-later

internal import Glibc

/// Lines of a file descriptor that is no terminal: no prompt, no editing, no control codes.
///
/// A line longer than 1 MiB is cut one byte later, which is enough for whoever reads it to refuse it.
package final class PlainLines: LineEditor {
  /// The longest line that is kept whole, in bytes.
  package static let maximumBytes = 1 << 20

  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var position = 0
  private var isAtEnd = false

  package init(descriptor: Int32) { self.descriptor = descriptor }

  package func readLine(prompt: String, isCommand: Bool) -> LineReading {
    var line: [UInt8] = []
    while true {
      if position == buffer.count, !fill() {
        return line.isEmpty ? .endOfInput : .line(Self.text(line))
      }
      let rest = buffer[position...]
      let end = rest.firstIndex(of: UInt8(ascii: "\n"))
      line.append(
        contentsOf: rest[..<(end ?? rest.endIndex)].prefix(
          Self.maximumBytes + 1 - line.count))
      position = end.map { $0 + 1 } ?? buffer.count
      if end != nil { return .line(Self.text(line)) }
    }
  }

  package func remember(_ line: String) {}

  private static func text(_ bytes: [UInt8]) -> String {
    // Files from other systems end their lines with two characters.
    String(
      decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes[...], as: UTF8.self)
  }

  /// Reads on; false at the end.
  private func fill() -> Bool {
    guard !isAtEnd else { return false }
    if buffer.count < 1 << 16 { buffer = [UInt8](repeating: 0, count: 1 << 16) }
    var count: Int
    repeat {
      count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, 1 << 16) }
    } while count < 0 && errno == EINTR && !Signals.isEnding
    position = 0
    guard count > 0 else {
      isAtEnd = true
      buffer = []
      return false
    }
    buffer.removeSubrange(count...)
    return true
  }
}
