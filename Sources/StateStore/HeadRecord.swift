// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import Glibc

/// How far a database had got: a small file beside it, written after each commit.
///
/// SQLite forgets a damaged end of its write-ahead log without a word. This file remembers how many
/// changes were committed and their digest, so that a lost end is noticed. It is written after the
/// commit and not flushed: after a crash it may lag behind the database, never run ahead of it.
///
/// The file has two slots of 128 bytes, written in turn, so a torn write leaves the other.
struct HeadRecord: Hashable {
  /// How many changes the database held.
  var sequence: Int64
  /// The digest of the database at that change.
  var digest: SHA256Digest

  static let slotBytes = 128

  /// `head1`, the number in 20 digits, the digest, half a digest of all that, spaces, a line end.
  var slot: [UInt8] {
    let digits = String(max(0, sequence))
    let number = String(repeating: "0", count: 20 - digits.utf8.count) + digits
    let text = "head1 \(number) \(digest.hex) "
    let check = Fingerprints.digest(of: Array(text.utf8)).hex.prefix(32)
    let bytes = Array((text + check).utf8)
    let padding = repeatElement(UInt8(ascii: " "), count: Self.slotBytes - 1 - bytes.count)
    return bytes + padding + [UInt8(ascii: "\n")]
  }

  /// Reads a slot; nil if a byte of it is not as written.
  init?(slot bytes: ArraySlice<UInt8>) {
    let fields = bytes.split(separator: UInt8(ascii: " "), maxSplits: 3)
    guard bytes.count == Self.slotBytes, fields.count == 4,
      let sequence = Int64(String(decoding: fields[1], as: UTF8.self)),
      let digest = Fingerprints.digest(hex: String(decoding: fields[2], as: UTF8.self))
    else { return nil }
    self.init(sequence: sequence, digest: digest)
    guard slot.elementsEqual(bytes) else { return nil }
  }

  init(sequence: Int64, digest: SHA256Digest) {
    self.sequence = sequence
    self.digest = digest
  }
}

/// The open file of head records.
final class HeadFile {
  private let path: String
  private let file: Int32
  private var nextSlot = 0
  /// The furthest record that can be read.
  private(set) var record: HeadRecord?
  /// What is wrong with the file, for `verify`; nothing here loses data.
  private(set) var findings: [String] = []

  /// What `verify` has to name: a write of one slot that a crash tore is none of it, since the other
  /// slot counts.
  var damage: [String] {
    record != nil && findings == [tornSlot].compactMap(\.self) ? [] : findings
  }
  private var tornSlot: String?

  /// Opens the file, making it if asked.
  ///
  /// - Throws: `.unusable` or `.failedWrite`.
  init(path: String, writable: Bool) throws(StateError) {
    self.path = path
    let existed = DurableFile.exists(path)
    if !existed { findings.append("the head file is missing") }
    guard existed || writable else {
      file = -1
      return
    }
    file = open(path, (writable ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw .unusable(path: path, reason: DurableFile.reason(errno)) }
    guard existed else { return }
    var buffer = [UInt8](repeating: 0, count: 2 * HeadRecord.slotBytes + 1)
    let count = pread(file, &buffer, buffer.count, 0)
    guard count >= 0 else { throw .unusable(path: path, reason: DurableFile.reason(errno)) }
    if count != 2 * HeadRecord.slotBytes { findings.append("the head file has a wrong length") }
    let slots = [0, 1].map { index in
      HeadRecord(
        slot: buffer[..<count].dropFirst(index * HeadRecord.slotBytes).prefix(HeadRecord.slotBytes))
    }
    for (index, slot) in slots.enumerated() where slot == nil {
      tornSlot = "slot \(index + 1) of the head file cannot be read"
      findings += [tornSlot].compactMap(\.self)
    }
    record = slots.compactMap { $0 }.max { $0.sequence < $1.sequence }
    if let newest = slots.firstIndex(where: { $0 == record && $0 != nil }) {
      nextSlot = 1 - newest
    }
  }

  deinit { if file >= 0 { close(file) } }

  /// Records how far the database has got; it is already durable.
  func write(_ new: HeadRecord) throws(StateError) {
    try write(new, slot: nextSlot)
    nextSlot = 1 - nextSlot
    record = new
  }

  /// Writes both slots and flushes them: for a file that is new or was found damaged.
  func restart(_ new: HeadRecord) throws(StateError) {
    try write(new, slot: 0)
    try write(new, slot: 1)
    guard ftruncate(file, off_t(2 * HeadRecord.slotBytes)) == 0, fsync(file) == 0 else {
      throw DurableFile.failure(of: path)
    }
    nextSlot = 0
    record = new
    findings = []
  }

  private func write(_ new: HeadRecord, slot: Int) throws(StateError) {
    let bytes = new.slot
    let count = pwrite(file, bytes, bytes.count, off_t(slot * HeadRecord.slotBytes))
    guard count == bytes.count else {
      if count >= 0 { errno = ENOSPC }
      throw DurableFile.failure(of: path)
    }
  }
}
