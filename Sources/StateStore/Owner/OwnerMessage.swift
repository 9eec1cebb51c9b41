// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents

/// What goes over a world's socket in either direction: a document, and bytes that need not be text.
///
/// ```
/// message = length of the rest (4 bytes, the highest first)
///           length of the head (4 bytes), the head: {"body": …, "parts": [lengths]}
///           the parts
/// ```
package struct OwnerMessage: Sendable {
  package var body: Document
  package var parts: [[UInt8]]

  package init(_ body: Document, parts: [[UInt8]] = []) {
    self.body = body
    self.parts = parts
  }

  /// The longest request: a line and the files that it names.
  package static let requestLimitBytes = 32 << 20
  /// The longest answer.
  package static let answerLimitBytes = 1 << 30
  /// How long a message may take from its first byte to its last.
  package static let transferMilliseconds = 10_000

  /// The message as it is sent.
  var bytes: [UInt8] {
    let head = Document(members: [
      ("body", body), ("parts", .array(parts.map { .integer(Int64($0.count)) })),
    ]).jsonBytes()
    let total = 4 + head.count + parts.reduce(0) { $0 + $1.count }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 + total)
    bytes += Self.length(total) + Self.length(head.count) + head
    for part in parts { bytes += part }
    return bytes
  }

  private static func length(_ count: Int) -> [UInt8] {
    let value = UInt32(clamping: count)
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private static func count(_ bytes: some Collection<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }

  /// Reads what follows the first length; nil for what is no message.
  init?(rest bytes: [UInt8]) {
    guard bytes.count >= 4 else { return nil }
    let headEnd = 4 + Self.count(bytes[..<4])
    guard headEnd <= bytes.count, let head = try? Document.parse(Array(bytes[4..<headEnd])),
      let body = head["body"], let lengths = head["parts"]?.array
    else { return nil }
    var parts: [[UInt8]] = []
    var position = headEnd
    for length in lengths {
      guard let count = length.integer, count >= 0, count <= bytes.count - position else {
        return nil
      }
      parts.append(Array(bytes[position..<position + Int(count)]))
      position += Int(count)
    }
    guard position == bytes.count else { return nil }
    self.init(body, parts: parts)
  }
}

extension LocalSocket {
  /// Sends a message.
  ///
  /// - Throws: `.gone`, `.silent`.
  func send(_ message: OwnerMessage) throws(OwnerLinkFailure) {
    try send(message.bytes, by: Deadline(milliseconds: OwnerMessage.transferMilliseconds))
  }

  /// Receives the message whose first bytes have come or will soon.
  ///
  /// - Parameters:
  ///   - limit: The most bytes that are taken.
  ///   - milliseconds: How long all of it may take.
  /// - Returns: The message.
  /// - Throws: `.gone`, `.silent`, `.garbled`.
  func message(
    limit: Int, within milliseconds: Int = OwnerMessage.transferMilliseconds
  ) throws(OwnerLinkFailure) -> OwnerMessage {
    let deadline = Deadline(milliseconds: milliseconds)
    let count = try receive(4, by: deadline).reduce(0) { $0 << 8 | Int($1) }
    guard count <= limit else { throw .garbled }
    guard let message = OwnerMessage(rest: try receive(count, by: deadline)) else {
      throw .garbled
    }
    return message
  }
}
