// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import Foundation
import GRDB

/// The journal of one world on the disk, owned by this process.
///
/// Rows are appended and never changed. `append` returns when they cannot be lost; after it has
/// failed once, every further call throws `.stopped`.
final class WorldStore {
  static let layout = DatabaseLayout(
    applicationID: 0x5277_6e64,  // "Rwnd"
    version: 1,
    schema: [
      (
        "journal",
        """
        CREATE TABLE journal (
          sequence INTEGER PRIMARY KEY,
          kind TEXT NOT NULL,
          payload TEXT NOT NULL,
          body TEXT NOT NULL,
          outcome BLOB NOT NULL,
          chain BLOB NOT NULL
        ) STRICT
        """
      )
    ])

  let folder: WorldFolder
  private let lock: OwnerLock
  private let file: SQLiteFile
  private let head: HeadFile
  private var failure: StateError?

  /// True once the write-ahead log's name in the folder is known to be on the disk.
  private var isFolderSynced = false

  /// The last row's number and chain digest.
  private(set) var last: (sequence: Int64, chain: SHA256Digest)

  /// Saved rows that a read found missing at the end.
  private(set) var lostRows: Int64 = 0

  // MARK: Opening

  /// Takes ownership of a world and makes it if it is not there.
  ///
  /// - Parameters:
  ///   - folder: The world's place.
  ///   - firstRow: The first row of a new world; nil if a world must exist.
  ///   - onlyLooks: Leaves the head file alone.
  ///   - patienceMilliseconds: How long to wait for another owner to leave.
  /// - Throws: `.heldByAnother`, `.noWorld`, `.damaged`, `.newerFormat`, `.unusable`.
  init(
    _ folder: WorldFolder, firstRow: (() throws -> JournalRow)?, onlyLooks: Bool = false,
    patienceMilliseconds: Int = OwnerLock.patienceMilliseconds
  ) throws {
    self.folder = folder
    guard folder.exists || firstRow != nil || DurableFile.exists(folder.headPath) else {
      throw StateError.noWorld(path: folder.path)
    }
    try DurableFile.makeFolder(folder.path)
    lock = try OwnerLock(
      path: folder.lockPath, patienceMilliseconds: patienceMilliseconds)
    if !folder.exists { try Self.create(folder, firstRow) }
    file = try SQLiteFile(path: folder.databasePath, layout: Self.layout, isExclusive: true)
    head = try HeadFile(path: folder.headPath, writable: !onlyLooks)
    last = (0, JournalRow.root)
  }

  private static func create(_ folder: WorldFolder, _ firstRow: (() throws -> JournalRow)?) throws {
    // A head that counts rows belonged to a database that is gone: that is damage, not a new world.
    let head = try HeadFile(path: folder.headPath, writable: true)
    if let record = head.record, record.sequence > 0 {
      throw StateError.damaged(
        path: folder.databasePath, what: "the file is gone; it held \(record.sequence) entries")
    }
    guard let row = try firstRow?() else { throw StateError.noWorld(path: folder.path) }
    try head.restart(HeadRecord(sequence: 0, digest: JournalRow.root))
    try SQLiteFile.create(folder.databasePath, layout: layout) { db in
      try insert(row, db)
    }
  }

  /// Makes a whole world of rows that follow each other.
  ///
  /// - Throws: `.diskFull`, `.failedWrite`, `.unusable`.
  static func make(_ folder: WorldFolder, rows: [JournalRow]) throws {
    guard let last = rows.last else { throw StateError.noWorld(path: folder.path) }
    try SQLiteFile.create(folder.databasePath, layout: layout) { db in
      for row in rows { try insert(row, db) }
    }
    try HeadFile(path: folder.headPath, writable: true)
      .restart(HeadRecord(sequence: last.sequence, digest: last.chain))
  }

  // MARK: Writing

  /// Adds rows in one transaction; they are on the disk when this returns.
  ///
  /// - Throws: `.diskFull`, `.failedWrite`; afterwards always `.stopped`.
  func append(_ rows: [JournalRow]) throws(StateError) {
    if let failure { throw .stopped(cause: failure.message) }
    guard let newest = rows.last else { return }
    do {
      try file.commit { db in
        for row in rows { try Self.insert(row, db) }
      }
      if !isFolderSynced {
        // SQLite makes the log with the first commit and does not mind if flushing its name fails.
        try DurableFile.syncFolder(of: folder.databasePath)
        isFolderSynced = true
      }
      try head.write(HeadRecord(sequence: newest.sequence, digest: newest.chain))
      last = (newest.sequence, newest.chain)
    } catch {
      failure = error
      throw error
    }
  }

  private static func insert(_ row: JournalRow, _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO journal (sequence, kind, payload, body, outcome, chain)
        VALUES (?, ?, ?, ?, ?, ?)
        """)
    try statement.execute(arguments: [
      row.sequence, row.kind, row.payload, row.body, Data(row.outcome.bytes),
      Data(row.chain.bytes),
    ])
  }

  /// Closes the database and gives the world back.
  func close() throws(StateError) {
    defer { lock.release() }
    try file.close()
  }

  // MARK: Reading

  /// Reads all rows in order, checking that none was changed, left out or put in.
  ///
  /// - Parameters:
  ///   - start: Begins after this row, whose chain digest is known; nil begins with the first.
  ///   - end: Stops before this row; nil reads all, and then checks the end too.
  ///   - acceptsLoss: Goes on from the last row that is there when saved ones are missing.
  ///   - body: Receives each row that was found sound.
  /// - Throws: `.damaged` naming the first row that is not as written; what `body` throws.
  /// - Complexity: O(n) in the number of rows.
  func read(
    after start: (sequence: Int64, chain: SHA256Digest)? = nil, before end: Int64? = nil,
    acceptsLoss: Bool = false, _ body: (JournalRow) throws -> Void
  ) throws {
    var previous = start ?? (0, JournalRow.root)
    let headRecord = head.record
    let path = folder.databasePath
    var problem: (any Error)?
    try file.run { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT sequence, kind, payload, body, outcome, chain FROM journal
          WHERE sequence > ? ORDER BY sequence
          """, arguments: [previous.sequence])
      while let stored = try rows.next() {
        let number = previous.sequence + 1
        guard let row = JournalRow(stored) else {
          throw StateError.damaged(path: path, what: "entry \(number) cannot be read")
        }
        if let end, row.sequence >= end { return }
        try Self.check(row, after: previous, head: headRecord, path: path)
        previous = (row.sequence, row.chain)
        do { try body(row) } catch {
          problem = error
          return
        }
      }
    }
    if let problem { throw problem }
    guard end == nil else { return }
    if let record = headRecord, record.sequence > previous.sequence {
      lostRows = record.sequence - previous.sequence
      guard acceptsLoss else {
        throw StateError.damaged(
          path: path,
          what: "it ends at entry \(previous.sequence), but \(record.sequence) were saved")
      }
    }
    guard previous.sequence > 0 else {
      throw StateError.damaged(path: path, what: "its journal is empty")
    }
    last = previous
  }

  private static func check(
    _ row: JournalRow, after previous: (sequence: Int64, chain: SHA256Digest), head: HeadRecord?,
    path: String
  ) throws(StateError) {
    let number = previous.sequence + 1
    guard row.sequence == number else {
      throw .damaged(path: path, what: "entry \(number) is missing")
    }
    let chain = JournalRow.chain(
      after: previous.chain, row.sequence, row.kind, row.payload, row.body, row.outcome)
    guard chain == row.chain else {
      throw .damaged(path: path, what: "entry \(number) was changed")
    }
    if let head, head.sequence == number, head.digest != chain {
      throw .damaged(path: path, what: "entry \(number) is not the one that was saved")
    }
  }

  /// The rows of a kind after another row, unchecked: only for planning a read.
  func rows(ofKind kind: String, after row: Int64 = 0) throws(StateError) -> [JournalRow] {
    try file.run { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT sequence, kind, payload, body, outcome, chain FROM journal
          WHERE sequence > ? AND kind = ? ORDER BY sequence
          """,
        arguments: [row, kind]
      ).compactMap(JournalRow.init)
    }
  }

  /// The first row's number and chain digest, as stored; the read of that row checks them.
  func first() throws -> (sequence: Int64, chain: SHA256Digest) {
    var found: (sequence: Int64, chain: SHA256Digest) = (0, JournalRow.root)
    try read(before: 2) { found = ($0.sequence, $0.chain) }
    return found
  }

  /// Whether a row has this chain digest, and what the head remembers agrees.
  func holds(_ row: Int64, chain: SHA256Digest) throws(StateError) -> Bool {
    if let record = head.record, record.sequence == row, record.digest != chain { return false }
    return try file.run { db in
      let stored = try Data.fetchOne(
        db, sql: "SELECT chain FROM journal WHERE sequence = ?", arguments: [row])
      return stored.map { Array($0) == chain.bytes } ?? false
    }
  }

  /// Notes where the journal ends, after a read has found it sound.
  func adoptHead() throws(StateError) {
    let current = HeadRecord(sequence: last.sequence, digest: last.chain)
    if !head.findings.isEmpty || lostRows > 0 {
      try head.restart(current)
    } else if head.record != current {
      try head.write(current)
    }
  }

  /// What SQLite's own check of the pages finds.
  func pageFindings() throws(StateError) -> [String] { try file.pageFindings() }

  /// What is wrong with the head file though the rows read well.
  var headFindings: [String] { head.damage }
}
