// SPDX-License-Identifier: GPL-3.0-or-later

import CommandLanguage
import Documents

/// The files that a line from another process names: read there, not here.
///
/// A line that names a file which did not come with it is given up, and asked for again with the file.
/// So the owner never waits for the other process, and `/dev/stdin` is that one's.
final class RequestFiles {
  private let given: [String: Result<[UInt8], FileFailure>]
  private(set) var missing: [String] = []

  /// Files of one line at most; each has at most 1 MiB.
  static let limit = 24

  init(_ given: [String: Result<[UInt8], FileFailure>]) { self.given = given }

  func read(_ path: String) throws(FileFailure) -> [UInt8] {
    if let file = given[path] { return try file.get() }
    missing.append(path)
    throw .notFound
  }
}

/// Thrown when a line has been given up because files are missing that it names.
struct MissingFiles: Error {
  let paths: [String]
}

extension FileFailure {
  var document: Document {
    switch self {
    case .notFound: ["kind": "not found"]
    case .denied: ["kind": "denied"]
    case .isDirectory: ["kind": "directory"]
    case .tooLarge(let limit): ["kind": "too large", "number": .integer(Int64(limit))]
    case .other(let number, let text):
      ["kind": "other", "number": .integer(Int64(number)), "text": .string(text)]
    }
  }

  init(_ document: Document) {
    let number = Int(document["number"]?.integer ?? 0)
    switch document["kind"]?.string {
    case "denied": self = .denied
    case "directory": self = .isDirectory
    case "too large": self = .tooLarge(limitBytes: number)
    case "other": self = .other(number: number, text: document["text"]?.string ?? "")
    default: self = .notFound
    }
  }
}
