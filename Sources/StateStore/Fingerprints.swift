// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests
import Documents
import Simulation

/// The digests that the journal is checked with.
enum Fingerprints {
  static func digest(of bytes: [UInt8]) -> SHA256Digest {
    Digests.digest(of: bytes)
  }

  static func digest(hex: String) -> SHA256Digest? {
    SHA256Digest(hex: hex)
  }

  static func digest(bytes: [UInt8]) -> SHA256Digest? {
    SHA256Digest(bytes: bytes)
  }

  /// The outcome of an entry that has none.
  static let none = digest(of: [])

  /// What a request was answered with, refusal or output.
  static func digest(of outcome: Result<Document, ServiceError>) -> SHA256Digest {
    switch outcome {
    case .success(let output):
      digest(of: Array("accepted\n".utf8) + output.jsonBytes(.compact))
    case .failure(let error):
      digest(
        of: Array("refused\n\(error.code)\n\(error.status)\n".utf8)
          + Document.array([.string(error.message), error.members]).jsonBytes(.compact))
    }
  }

  /// Where the clock stands after an entry that moves it.
  static func digest(of instant: Instant) -> SHA256Digest {
    digest(of: Array("clock \(instant.milliseconds)".utf8))
  }
}
