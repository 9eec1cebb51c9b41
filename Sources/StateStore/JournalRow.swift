// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import Documents
import GRDB

/// One row of a world's journal, as stored.
///
/// `chain` is the digest of the row and of the row before it, so that no row can be changed, left
/// out or put in unseen.
struct JournalRow: Hashable {
  var sequence: Int64
  /// What the entry is; see `JournalEntry`.
  var kind: String
  /// The entry's members, compact JSON.
  var payload: String
  /// A request's input or a note's document, compact JSON; empty for other kinds.
  var body: String
  /// The digest of what the entry came to.
  var outcome: SHA256Digest
  var chain: SHA256Digest

  /// What the first row's chain starts from.
  static let root = digest(of: "rewind world journal, format 1")

  /// The chain digest of a row after another.
  static func chain(
    after previous: SHA256Digest, _ sequence: Int64, _ kind: String, _ payload: String,
    _ body: String, _ outcome: SHA256Digest
  ) -> SHA256Digest {
    // In one piece: taking each part in by itself costs more than what is worked out of them.
    var bytes: [UInt8] = []
    bytes.reserveCapacity(128 + kind.utf8.count + payload.utf8.count + body.utf8.count)
    func add(_ number: UInt64) { withUnsafeBytes(of: number.bigEndian) { bytes += $0 } }
    func add(_ digest: SHA256Digest) {
      let words = digest.signedWords
      for word in [words.0, words.1, words.2, words.3] { add(UInt64(bitPattern: word)) }
    }
    add(previous)
    add(UInt64(bitPattern: sequence))
    for text in [kind, payload, body] {
      add(UInt64(text.utf8.count))
      bytes += text.utf8
    }
    add(outcome)
    return digest(of: bytes)
  }

  /// A row that follows another.
  init(
    after previous: (sequence: Int64, chain: SHA256Digest), kind: String, payload: String,
    body: String, outcome: SHA256Digest
  ) {
    sequence = previous.sequence + 1
    self.kind = kind
    self.payload = payload
    self.body = body
    self.outcome = outcome
    chain = Self.chain(after: previous.chain, sequence, kind, payload, body, outcome)
  }

  /// The first row of a world.
  init(first start: StartDescription) {
    self.init(after: (0, Self.root), .start(start), outcome: Fingerprints.none)
  }

  /// The row of an entry that follows another row.
  init(
    after previous: (sequence: Int64, chain: SHA256Digest), _ entry: JournalEntry,
    outcome: SHA256Digest
  ) {
    self.init(
      after: previous, kind: entry.kind, payload: entry.payloadText,
      body: entry.body?.json() ?? "", outcome: outcome)
  }

  /// A row as read; nil if a column is not of its type.
  init?(_ row: Row) {
    guard row.count == 6,
      case .int64(let sequence) = (row[0] as DatabaseValue).storage,
      case .string(let kind) = (row[1] as DatabaseValue).storage,
      case .string(let payload) = (row[2] as DatabaseValue).storage,
      case .string(let body) = (row[3] as DatabaseValue).storage,
      case .blob(let outcome) = (row[4] as DatabaseValue).storage,
      case .blob(let chain) = (row[5] as DatabaseValue).storage,
      let outcome = SHA256Digest(bytes: outcome), let chain = SHA256Digest(bytes: chain)
    else { return nil }
    self.sequence = sequence
    self.kind = kind
    self.payload = payload
    self.body = body
    self.outcome = outcome
    self.chain = chain
  }
}
