// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import Simulation

/// A world's log is most of its checkpoint after many commands, so an entry is one array without names:
/// rows, instant, text, door, status, standing, and for each request service, operation, refusal, whether it
/// is a change, and its outcome.
extension LogEntry: Codable {
  package init(from decoder: any Decoder) throws {
    var parts = try decoder.unkeyedContainer()
    let (first, last) = (try parts.decode(Int64.self), try parts.decode(Int64.self))
    guard first <= last else {
      throw DecodingError.dataCorruptedError(in: parts, debugDescription: "Rows ascend.")
    }
    let instant = Instant(milliseconds: try parts.decode(Int64.self))
    let text = try parts.decode(String.self)
    let door = try parts.decodeIfPresent(String.self)
    let status = try parts.decode(Int32.self)
    let standing = try parts.decode(Standing.self)
    var requests: [Request] = []
    while !parts.isAtEnd { requests.append(try Request(from: &parts)) }
    self.init(
      rows: first...last, instant: instant, text: text, door: door, status: status,
      requests: requests, standing: standing)
  }

  package func encode(to encoder: any Encoder) throws {
    var parts = encoder.unkeyedContainer()
    try parts.encode(rows.lowerBound)
    try parts.encode(rows.upperBound)
    try parts.encode(instant.milliseconds)
    try parts.encode(text)
    if let door { try parts.encode(door) } else { try parts.encodeNil() }
    try parts.encode(Int64(status))
    try parts.encode(standing.rawValue)
    for request in requests { try request.encode(to: &parts) }
  }
}

extension LogEntry.Request: Codable {
  package init(from decoder: any Decoder) throws {
    var parts = try decoder.unkeyedContainer()
    try self.init(from: &parts)
  }

  package func encode(to encoder: any Encoder) throws {
    var parts = encoder.unkeyedContainer()
    try encode(to: &parts)
  }

  fileprivate init(from parts: inout any UnkeyedDecodingContainer) throws {
    let service = try parts.decode(String.self)
    let operation = try parts.decode(String.self)
    let refusal = try parts.decodeIfPresent(String.self)
    self.init(
      service: service, operation: operation, refusal: refusal,
      isChange: try parts.decode(Bool.self),
      outcome: SHA256Digest(
        words: (
          try parts.decode(Int64.self), try parts.decode(Int64.self),
          try parts.decode(Int64.self), try parts.decode(Int64.self)
        )))
  }

  fileprivate func encode(to parts: inout any UnkeyedEncodingContainer) throws {
    try parts.encode(service)
    try parts.encode(operation)
    if let refusal { try parts.encode(refusal) } else { try parts.encodeNil() }
    try parts.encode(isChange)
    let words = outcome.signedWords
    try parts.encode(words.0)
    try parts.encode(words.1)
    try parts.encode(words.2)
    try parts.encode(words.3)
  }
}
