// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation

/// The payload of a request's row.
///
/// Most rows are requests', so its text is written without a document in between.
enum RequestPayload {
  static func members(
    of request: ServiceRequest, _ door: String?, _ time: Duration
  ) -> [(String, Document)] {
    let caller = request.caller
    var members: [(String, Document)] = [
      ("service", .string(request.service)), ("operation", .string(request.operation)),
      ("account", .string(caller.account)), ("region", .string(caller.region)),
      ("kind", .string(caller.principal.kind.rawValue)), ("name", .string(caller.principal.name)),
      ("session", .string(caller.principal.session)),
      ("door", door.map(Document.string) ?? .null),
    ]
    if let key = caller.principal.issuedKey { members.append(("key", .string(key))) }
    if time > .zero { members.append(("ms", .integer(time.wholeMilliseconds))) }
    return members
  }

  /// The members as one object, compact JSON.
  static func text(_ members: [(String, Document)]) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(256)
    for (index, member) in members.enumerated() {
      bytes += (index == 0 ? "{\"" : ",\"").utf8
      bytes += member.0.utf8
      bytes += "\":".utf8
      if case .string(let text) = member.1, text.utf8.allSatisfy(isPlain) {
        bytes.append(UInt8(ascii: "\""))
        bytes += text.utf8
        bytes.append(UInt8(ascii: "\""))
      } else {
        bytes += member.1.jsonBytes(.compact)
      }
    }
    bytes.append(UInt8(ascii: "}"))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether a byte stands for itself in JSON.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }
}
