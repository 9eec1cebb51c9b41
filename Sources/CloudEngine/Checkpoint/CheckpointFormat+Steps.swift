// SPDX-License-Identifier: GPL-3.0-or-later

import CanonicalCoding
import Documents

extension CheckpointFormat {
  /// From format 1 to 2: the entries of a world's log lose the names of their members.
  ///
  /// An entry was an object of `rows`, `instant`, `text`, `door`, `status`, `requests` and `standing`, a
  /// request one of `service`, `operation`, `refusal`, `isChange` and `outcome`. What has no log, such as
  /// a cloud by itself, is the same in both.
  static func withoutNamesInTheLog(_ root: Document) throws -> Document {
    guard let timeline = root["timeline"] else { return root }
    let entries = try elements(of: timeline, "entries").map(entry)
    let open = try elements(of: timeline, "openRequests").map { Document.array(try request($0)) }
    return root.with(
      "timeline", timeline.with("entries", .array(entries)).with("openRequests", .array(open)))
  }

  private static func entry(_ named: Document) throws -> Document {
    let rows = try elements(of: named, "rows")
    let start = [
      try member(of: named, "instant"), try member(of: named, "text"), named["door"] ?? .null,
      try member(of: named, "status"), try member(of: named, "standing"),
    ]
    return .array(rows + start + (try elements(of: named, "requests").flatMap(request)))
  }

  private static func request(_ named: Document) throws -> [Document] {
    [
      try member(of: named, "service"), try member(of: named, "operation"),
      named["refusal"] ?? .null, try member(of: named, "isChange"),
    ] + (try elements(of: named, "outcome"))
  }

  private static func member(of object: Document, _ name: String) throws -> Document {
    guard let value = object[name] else { throw TreeError.missing(name) }
    return value
  }

  private static func elements(of object: Document, _ name: String) throws -> [Document] {
    guard let elements = try member(of: object, name).array else {
      throw TreeError.mismatch
    }
    return elements
  }
}
