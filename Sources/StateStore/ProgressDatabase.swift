// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import Documents
import Foundation
import GRDB

/// One stored record of progress.
struct StoredRecord: Hashable {
  /// Rises with each record added.
  var id: Int64
  var kind: String
  var key: String
  /// Compact JSON.
  var payload: String

  var digest: SHA256Digest {
    var stream = StreamDigest()
    stream.update(UInt64(bitPattern: id))
    for text in [kind, key, payload] {
      stream.update(UInt64(text.utf8.count))
      stream.update(text)
    }
    return stream.finish()
  }
}

/// The records of one learner, on the disk and in memory.
///
/// All records are read and checked once; later reads look only whether another process has written
/// since. A tally row holds the number of changes made, of records, and the sum of their digests: a
/// record that was changed, lost or put in does not add up.
final class ProgressDatabase {
  static let layout = DatabaseLayout(
    applicationID: 0x5277_6e70,  // "Rwnp"
    version: 1,
    schema: [
      (
        "record",
        """
        CREATE TABLE record (
          id INTEGER PRIMARY KEY,
          kind TEXT NOT NULL,
          key TEXT NOT NULL,
          payload TEXT NOT NULL,
          digest BLOB NOT NULL
        ) STRICT
        """
      ),
      (
        "tally",
        """
        CREATE TABLE tally (
          id INTEGER PRIMARY KEY,
          changes INTEGER NOT NULL,
          records INTEGER NOT NULL,
          sum BLOB NOT NULL
        ) STRICT
        """
      ),
    ])

  private struct Tally: Hashable {
    var changes: Int64 = 0
    var records: Int64 = 0
    var sum = RecordSum()

    var digest: SHA256Digest {
      var stream = StreamDigest()
      stream.update(UInt64(bitPattern: changes))
      stream.update(UInt64(bitPattern: records))
      stream.update(sum.bytes)
      return stream.finish()
    }
  }

  let path: String
  private let file: SQLiteFile
  private let head: HeadFile
  private var failure: StateError?
  private var isFolderSynced = false
  private var tally: Tally?
  private var recordsByKind: [String: [StoredRecord]] = [:]
  private var lastID: Int64 = 0

  init(path: String, headPath: String) throws(StateError) {
    self.path = path
    if !DurableFile.exists(path) {
      let head = try HeadFile(path: headPath, writable: true)
      if let record = head.record, record.sequence > 0 {
        throw .damaged(
          path: path, what: "the file is gone; it had taken \(record.sequence) changes")
      }
      // Whole before the database is there: a crash in between leaves nothing that looks damaged.
      try head.restart(HeadRecord(sequence: 0, digest: Tally().digest))
      try SQLiteFile.create(path, layout: Self.layout) { db in
        try db.execute(
          sql: "INSERT INTO tally (id, changes, records, sum) VALUES (1, 0, 0, ?)",
          arguments: [Data(RecordSum().bytes)])
      }
    }
    file = try SQLiteFile(path: path, layout: Self.layout, isExclusive: false)
    head = try HeadFile(path: headPath, writable: true)
    try file.run { db in try refresh(db) }
    if let tally, !head.findings.isEmpty || head.record?.sequence ?? -1 < tally.changes {
      try head.restart(HeadRecord(sequence: tally.changes, digest: tally.digest))
    }
  }

  func close() throws(StateError) { try file.close() }

  // MARK: Reading

  /// The records of a kind, oldest first.
  ///
  /// - Throws: `.damaged` if a record is not as written or the tally does not add up.
  func records(_ kind: String) throws(StateError) -> [StoredRecord] {
    try file.run { db in try refresh(db) }
    return recordsByKind[kind] ?? []
  }

  /// What SQLite's own check finds.
  func findings() throws(StateError) -> [String] { try file.pageFindings() }

  private func refresh(_ db: Database) throws {
    let stored = try readTally(db)
    if stored == tally { return }
    if let record = head.record, record.sequence > stored.changes {
      throw damaged("it ends at change \(stored.changes), but \(record.sequence) were saved")
    }
    if let record = head.record, record.sequence == stored.changes, record.digest != stored.digest {
      throw damaged("its tally is not the one that was saved")
    }
    var counted = Tally(changes: stored.changes)
    var found: [String: [StoredRecord]] = [:]
    var newest: Int64 = 0
    let rows = try Row.fetchCursor(
      db, sql: "SELECT id, kind, key, payload, digest FROM record ORDER BY id")
    while let row = try rows.next() {
      guard case .int64(let id) = (row[0] as DatabaseValue).storage,
        case .string(let kind) = (row[1] as DatabaseValue).storage,
        case .string(let key) = (row[2] as DatabaseValue).storage,
        case .string(let payload) = (row[3] as DatabaseValue).storage,
        case .blob(let digest) = (row[4] as DatabaseValue).storage
      else { throw damaged("record \(counted.records + 1) cannot be read") }
      let record = StoredRecord(id: id, kind: kind, key: key, payload: payload)
      guard SHA256Digest(bytes: digest) == record.digest else {
        throw damaged("record \(id) was changed")
      }
      counted.records += 1
      counted.sum.add(record.digest)
      found[kind, default: []].append(record)
      newest = id
    }
    guard counted == stored else {
      throw damaged("it has \(counted.records) records where \(stored.records) were saved")
    }
    tally = stored
    recordsByKind = found
    lastID = newest
  }

  private func readTally(_ db: Database) throws -> Tally {
    let rows = try Row.fetchAll(db, sql: "SELECT id, changes, records, sum FROM tally")
    guard rows.count == 1,
      case .int64(let changes) = (rows[0][1] as DatabaseValue).storage,
      case .int64(let records) = (rows[0][2] as DatabaseValue).storage,
      case .blob(let bytes) = (rows[0][3] as DatabaseValue).storage,
      let sum = RecordSum(bytes: Array(bytes))
    else { throw damaged("its tally cannot be read") }
    return Tally(changes: changes, records: records, sum: sum)
  }

  private func damaged(_ what: String) -> StateError { .damaged(path: path, what: what) }

  // MARK: Writing

  /// Adds a record, or replaces the one of the same kind and key; durable when this returns.
  ///
  /// - Throws: `.diskFull`, `.failedWrite`; afterwards always `.stopped`.
  func write(_ kind: String, _ key: String, _ document: Document, replaces: Bool)
    throws(StateError)
  {
    let payload = document.json()
    try change { db, tally in
      let old =
        replaces
        ? recordsByKind[kind]?.lastIndex { $0.key.utf8.elementsEqual(key.utf8) } : nil
      var record = StoredRecord(id: lastID + 1, kind: kind, key: key, payload: payload)
      if let old, let before = recordsByKind[kind]?[old] {
        record.id = before.id
        tally.sum.remove(before.digest)
        tally.records -= 1
      }
      tally.sum.add(record.digest)
      tally.records += 1
      let statement = try db.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO record (id, kind, key, payload, digest) VALUES (?, ?, ?, ?, ?)
          """)
      try statement.execute(arguments: [
        record.id, kind, key, payload, Data(record.digest.bytes),
      ])
      return { [self] in
        if let old {
          recordsByKind[kind]?[old] = record
        } else {
          recordsByKind[kind, default: []].append(record)
          lastID = record.id
        }
      }
    }
  }

  /// Takes away the records of a kind and key, if there are any.
  func remove(_ kind: String, _ key: String) throws(StateError) {
    try change { db, tally in
      let gone = (recordsByKind[kind] ?? []).filter { $0.key.utf8.elementsEqual(key.utf8) }
      for record in gone {
        tally.sum.remove(record.digest)
        tally.records -= 1
        try db.execute(sql: "DELETE FROM record WHERE id = ?", arguments: [record.id])
      }
      return { [self] in
        recordsByKind[kind]?.removeAll { $0.key.utf8.elementsEqual(key.utf8) }
      }
    }
  }

  /// Runs one transaction; what `body` returns brings memory up to date after the commit.
  private func change(
    _ body: (Database, inout Tally) throws -> () -> Void
  ) throws(StateError) {
    if let failure { throw .stopped(cause: failure.message) }
    do {
      let (update, new) = try file.commit { db in
        try refresh(db)
        guard var tally else { throw damaged("it has no tally") }
        let update = try body(db, &tally)
        tally.changes += 1
        try db.execute(
          sql: "UPDATE tally SET changes = ?, records = ?, sum = ? WHERE id = 1",
          arguments: [tally.changes, tally.records, Data(tally.sum.bytes)])
        return (update, tally)
      }
      update()
      tally = new
      if !isFolderSynced {
        // As for a world: the log's name must be on the disk too.
        try DurableFile.syncFolder(of: path)
        isFolderSynced = true
      }
      try head.write(HeadRecord(sequence: new.changes, digest: new.digest))
    } catch {
      if case .heldByAnother = error { throw error }
      failure = error
      throw error
    }
  }
}
