// SPDX-License-Identifier: GPL-3.0-or-later

import CanonicalCoding
package import Digests
import Documents
import TableStore

/// Turns whole clouds into bytes and back: what a world's checkpoints and exports are made of.
///
/// `docs/CHECKPOINTS.md` describes the bytes. Equal values give equal bytes; images that shared their
/// nodes share them again after reading; bytes that are not as written throw and never trap.
///
/// ```swift
/// let bytes = try Checkpoint.encode(cloud)
/// try Checkpoint.decode(Cloud.self, from: bytes).fingerprint() == cloud.fingerprint()   // true
/// ```
package enum Checkpoint {
  /// What every checkpoint file begins with, whatever its format.
  static let magic = Array("rwndckpt".utf8)
  /// Magic, format number, and the lengths of contents and tree.
  static let headBytes = 8 + 4 + 8 + 8

  /// Encodes a value with the clouds in it.
  ///
  /// - Parameters:
  ///   - root: A value that encodes itself as an object; its clouds are wherever it holds them.
  ///   - format: The format to write; another than the current one is for tests.
  /// - Returns: A whole checkpoint.
  /// - Throws: What encoding throws; nothing a `Cloud` holds makes it.
  /// - Complexity: O(n) in everything held; images that are shared cost what they differ in.
  package static func encode(
    _ root: some Encodable, format: CheckpointFormat = .current
  ) throws -> [UInt8] {
    let (contents, tree) = try parts(of: root)
    var bytes = magic
    bytes.reserveCapacity(headBytes + contents.count + tree.count + SHA256Digest.byteCount)
    append(UInt64(format.number), bytes: 4, to: &bytes)
    append(UInt64(contents.count), bytes: 8, to: &bytes)
    append(UInt64(tree.count), bytes: 8, to: &bytes)
    bytes += contents
    bytes += tree
    return bytes + digest(ofBody: bytes)
  }

  /// Decodes a checkpoint of this format or of an older one, which is brought up to date.
  ///
  /// - Parameters:
  ///   - type: The type that was encoded, as it is now.
  ///   - bytes: The whole checkpoint.
  ///   - checksItems: Looks at every byte of every item; for bytes from elsewhere.
  ///   - format: The newest format that can be read; another than the current one is for tests.
  /// - Returns: The value.
  /// - Throws: `CheckpointError`, for every byte that is changed, missing or added.
  /// - Complexity: O(n log n) in the items of tables with indexes, O(n) in everything else.
  package static func decode<Root: Decodable>(
    _ type: Root.Type, from bytes: [UInt8], checksItems: Bool = false,
    format: CheckpointFormat = .current
  ) throws(CheckpointError) -> Root {
    let (number, contents, tree) = try sections(of: bytes, newest: format.number)
    do {
      var tree = tree
      if number < format.number {
        var document = try CanonicalDecoder.document(from: tree)
        for step in format.migrations[(number - 1)...] { document = try step(document) }
        tree = try CanonicalEncoder.encode(document: document)
      }
      let reader = try ContentsReader(contents, checksItems: checksItems)
      return try CanonicalDecoder.decode(type, from: tree, userInfo: info(reader))
    } catch {
      throw .unreadable("\(error)")
    }
  }

  /// The digest that names what a value is: equal for equal values.
  ///
  /// - Complexity: O(n) in everything held.
  package static func fingerprint(of root: some Encodable) throws -> SHA256Digest {
    let (contents, tree) = try parts(of: root)
    var stream = StreamDigest()
    stream.update(UInt64(contents.count))
    stream.update(contents)
    stream.update(tree)
    return stream.finish()
  }

  private static func parts(of root: some Encodable) throws -> (contents: [UInt8], tree: [UInt8]) {
    let writer = ContentsWriter()
    let tree = try CanonicalEncoder.encode(root, userInfo: info(writer))
    return (writer.bytes, tree)
  }

  private static func info(_ carried: Any) -> [CodingUserInfoKey: Any] {
    ContentsWriter.key.map { [$0: carried] } ?? [:]
  }

  // MARK: The frame

  /// What stands after a checkpoint's other bytes.
  package static func digest(ofBody bytes: [UInt8]) -> [UInt8] { Digests.digest(of: bytes).bytes }

  private static func append(_ number: UInt64, bytes count: Int, to bytes: inout [UInt8]) {
    for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Takes the frame off, after its digest has vouched for every byte.
  private static func sections(
    of bytes: [UInt8], newest: Int
  ) throws(CheckpointError) -> (format: Int, contents: [UInt8], tree: [UInt8]) {
    guard bytes.starts(with: magic) else { throw .notACheckpoint }
    let end = bytes.count - SHA256Digest.byteCount
    // The digest stands last in every format, so a newer one is told from a damaged one.
    guard end >= 12, digestMatches(bytes, end: end) else { throw .damaged }
    let format = Int(number(bytes[8..<12]))
    guard format >= 1 else { throw .damaged }
    guard format <= newest else { throw .newerFormat(format) }
    guard end >= headBytes else { throw .damaged }
    let lengths = (number(bytes[12..<20]), number(bytes[20..<28]))
    let (total, isOver) = lengths.0.addingReportingOverflow(lengths.1)
    guard !isOver, total == UInt64(end - headBytes) else { throw .damaged }
    let middle = headBytes + Int(lengths.0)
    return (format, Array(bytes[headBytes..<middle]), Array(bytes[middle..<end]))
  }

  private static func digestMatches(_ bytes: [UInt8], end: Int) -> Bool {
    var stream = StreamDigest()
    bytes.withUnsafeBytes { stream.update(UnsafeRawBufferPointer(rebasing: $0[..<end])) }
    return stream.finish().bytes.elementsEqual(bytes[end...])
  }
}

/// Why a checkpoint cannot be opened.
package enum CheckpointError: Error, Hashable, Sendable {
  /// The bytes are something else.
  case notACheckpoint
  /// A byte is not as it was written.
  case damaged
  /// A newer Rewind wrote it; nothing of it was looked at.
  case newerFormat(Int)
  /// The bytes are as written, but do not make what is asked for.
  case unreadable(String)
}
