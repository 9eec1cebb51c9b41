// SPDX-License-Identifier: GPL-3.0-or-later

import Digests

/// A world in one file: what `world export` writes and `world import` reads.
///
/// ```
/// 8  "rwndwrld"
/// 4  format number
/// 8  length of the journal          8  length of the checkpoint, 0 without one
/// …  the rows in order: for kind, payload and body a length of 4 bytes and UTF-8, then outcome and chain
/// …  the newest checkpoint (docs/CHECKPOINTS.md)
/// 32 SHA-256 of all bytes before
/// ```
///
/// Numbers have their least significant byte first. Magic, number and digest stand where they are in every
/// format to come.
struct WorldArchive {
  let rows: [JournalRow]
  /// The bytes of the newest checkpoint; none without one.
  let checkpoint: [UInt8]

  static let magic = Array("rwndwrld".utf8)
  static let format = 1
  static let headBytes = 8 + 4 + 8 + 8

  /// The most bytes of a file that is read.
  static let limitBytes = 1 << 30
  /// The most rows of a journal that is read.
  static let limitRows = 10_000_000

  init(rows: [JournalRow], checkpoint: [UInt8]) {
    self.rows = rows
    self.checkpoint = checkpoint
  }

  // MARK: Writing

  /// The whole file.
  var bytes: [UInt8] {
    var journal: [UInt8] = []
    for row in rows {
      for text in [row.kind, row.payload, row.body] {
        Self.append(text.utf8.count, bytes: 4, to: &journal)
        journal += text.utf8
      }
      journal += row.outcome.bytes + row.chain.bytes
    }
    var all = Self.magic
    all.reserveCapacity(Self.headBytes + journal.count + checkpoint.count + 32)
    Self.append(Self.format, bytes: 4, to: &all)
    Self.append(journal.count, bytes: 8, to: &all)
    Self.append(checkpoint.count, bytes: 8, to: &all)
    all += journal
    all += checkpoint
    return all + Fingerprints.digest(of: all).bytes
  }

  private static func append(_ number: Int, bytes count: Int, to bytes: inout [UInt8]) {
    for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
  }

  // MARK: Reading

  /// Reads a file, and checks that its rows are a journal from its first to its last.
  ///
  /// - Throws: `.damaged` for any changed, missing or added byte; `.newerFormat`.
  init(_ bytes: [UInt8], path: String) throws(StateError) {
    func damaged(_ what: String) -> StateError { .damaged(path: path, what: what) }
    guard bytes.starts(with: Self.magic) else { throw damaged("it is no world of rewind") }
    let end = bytes.count - SHA256Digest.byteCount
    guard end >= 12,
      Fingerprints.digest(of: Array(bytes[..<end])).bytes.elementsEqual(bytes[end...])
    else { throw damaged("its bytes are not as they were written") }
    let format = Self.number(bytes[8..<12])
    guard format == Self.format else {
      guard format > Self.format else { throw damaged("it has no format") }
      throw .newerFormat(path: path, found: format, known: Self.format)
    }
    guard end >= Self.headBytes else { throw damaged("it ends too early") }
    let lengths = (Self.number(bytes[12..<20]), Self.number(bytes[20..<28]))
    let (total, isOver) = lengths.0.addingReportingOverflow(lengths.1)
    guard !isOver, total == end - Self.headBytes, lengths.0 >= 0, lengths.1 >= 0 else {
      throw damaged("its parts do not fill it")
    }
    let middle = Self.headBytes + lengths.0
    guard let rows = Self.rows(bytes[Self.headBytes..<middle]), !rows.isEmpty else {
      throw damaged("its journal cannot be read")
    }
    self.init(rows: rows, checkpoint: Array(bytes[middle..<end]))
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    Int(truncatingIfNeeded: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  /// The rows, each linked to the one before; nil for bytes that are none.
  private static func rows(_ bytes: ArraySlice<UInt8>) -> [JournalRow]? {
    var rest = bytes
    func take(_ count: Int) -> ArraySlice<UInt8>? {
      guard count >= 0, count <= rest.count else { return nil }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }
    func text() -> String? {
      guard let length = take(4).map(number), let bytes = take(length) else { return nil }
      return String(validating: bytes, as: UTF8.self)
    }
    var rows: [JournalRow] = []
    var previous: (sequence: Int64, chain: SHA256Digest) = (0, JournalRow.root)
    while !rest.isEmpty {
      guard rows.count < limitRows, let kind = text(), let payload = text(), let body = text(),
        let outcome = take(32).flatMap({ SHA256Digest(bytes: $0) }),
        let chain = take(32).flatMap({ SHA256Digest(bytes: $0) })
      else { return nil }
      let row = JournalRow(
        after: previous, kind: kind, payload: payload, body: body, outcome: outcome)
      guard row.chain == chain else { return nil }
      rows.append(row)
      previous = (row.sequence, row.chain)
    }
    return rows
  }
}
