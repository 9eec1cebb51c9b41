// SPDX-License-Identifier: GPL-3.0-or-later

import GRDB
import Glibc

/// What a database of ours must look like, to the word.
struct DatabaseLayout {
  /// SQLite's application id: tells our files from others'.
  let applicationID: Int32
  /// The format this version writes.
  let version: Int32
  /// Every schema object by name, with the statement that makes it.
  let schema: [(name: String, sql: String)]
}

/// One open SQLite database: WAL, FULL, no trust in what the schema says, errors as `StateError`.
final class SQLiteFile {
  let path: String
  private let queue: DatabaseQueue

  /// How long a statement waits for another process, in seconds; below the 2 s promised.
  static let busySeconds = 1.5

  /// Opens an existing file and checks format and schema before anything is written.
  ///
  /// - Parameters:
  ///   - path: The database; it exists.
  ///   - layout: What it must be.
  ///   - isExclusive: Keeps other processes out while it is open.
  /// - Throws: `.newerFormat`, `.damaged`, `.unusable`.
  init(path: String, layout: DatabaseLayout, isExclusive: Bool) throws(StateError) {
    try Self.checkHeader(path, layout)
    self.path = path
    queue = try Self.open(path, isExclusive: isExclusive)
    let objects: [(String, String)] = try run { db in
      try Self.check(db, layout, path)
      try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
      return try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_master ORDER BY name").map {
        (String.fromDatabaseValue($0[0]) ?? "?", String.fromDatabaseValue($0[1]) ?? "")
      }
    }
    if let finding = Self.schemaFinding(objects, layout) {
      throw .damaged(path: path, what: finding)
    }
  }

  /// Makes a new database beside its place and moves it there whole.
  ///
  /// - Parameters:
  ///   - path: Where it shall be; nothing is there.
  ///   - layout: What to make.
  ///   - fill: Writes the first rows, in the same transaction as the schema.
  /// - Throws: `.unusable`, `.diskFull`, `.failedWrite`; what `fill` throws.
  static func create(
    _ path: String, layout: DatabaseLayout, fill: (Database) throws -> Void
  ) throws(StateError) {
    let draft = path + ".new"
    for suffix in ["", "-wal", "-shm", "-journal"] { unlink(draft + suffix) }
    let file = Glibc.open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .unusable(path: path, reason: DurableFile.reason(errno)) }
    Glibc.close(file)
    do {
      let queue = try open(draft, isExclusive: true)
      try queue.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA synchronous = FULL")
        try db.inTransaction {
          try db.execute(sql: "PRAGMA application_id = \(layout.applicationID)")
          try db.execute(sql: "PRAGMA user_version = \(layout.version)")
          for object in layout.schema { try db.execute(sql: object.sql) }
          try fill(db)
          return .commit
        }
        _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
        try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
      }
      try queue.close()
    } catch {
      throw failure(error, at: path)
    }
    guard rename(draft, path) == 0 else { throw DurableFile.failure(of: path) }
    try DurableFile.syncFolder(of: path)
  }

  /// Runs statements, translating whatever goes wrong.
  ///
  /// May be called from within itself.
  func run<Value>(_ body: (Database) throws -> Value) throws(StateError) -> Value {
    do {
      return try queue.unsafeReentrantWrite(body)
    } catch {
      throw Self.failure(error, at: path)
    }
  }

  /// Runs SQL that answers nothing.
  func execute(_ sql: String) throws(StateError) {
    try run { db in try db.execute(sql: sql) }
  }

  /// Runs statements in one transaction that is on the disk when this returns.
  func commit<Value>(_ body: (Database) throws -> Value) throws(StateError) -> Value {
    try run { db in
      var value: Value?
      try db.inTransaction(.immediate) {
        value = try body(db)
        return .commit
      }
      guard let value else { throw StateError.failedWrite(path: path, reason: "no transaction") }
      return value
    }
  }

  /// Moves the write-ahead log into the database, if that can be done, and closes it.
  func close() throws(StateError) {
    // A log that cannot be moved now loses nothing: the next opening reads it.
    try? execute("PRAGMA wal_checkpoint(TRUNCATE)")
    do { try queue.close() } catch { throw Self.failure(error, at: path) }
  }

  /// What SQLite's own check of the pages finds; empty if sound.
  func pageFindings() throws(StateError) -> [String] {
    try run { db in
      try Row.fetchAll(db, sql: "PRAGMA integrity_check(20)").compactMap { row in
        let line = String.fromDatabaseValue(row[0]) ?? "?"
        return line == "ok" ? nil : line
      }
    }
  }

  // MARK: Opening

  private static func open(_ path: String, isExclusive: Bool) throws(StateError) -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(busySeconds)
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
      if isExclusive { try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
    }
    do {
      return try DatabaseQueue(path: path, configuration: configuration)
    } catch {
      throw failure(error, at: path)
    }
  }

  /// Reads format and owner off the file's first bytes, so that a newer format stays untouched.
  ///
  /// [SQLite.fileformat: bytes 60–63 user version, 68–71 application id, both big-endian]
  private static func checkHeader(_ path: String, _ layout: DatabaseLayout) throws(StateError) {
    let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .unusable(path: path, reason: DurableFile.reason(errno)) }
    defer { Glibc.close(file) }
    var header = [UInt8](repeating: 0, count: 100)
    let count = pread(file, &header, 100, 0)
    // A disk that cannot be read says nothing about what is stored on it.
    guard count >= 0 else { throw .unusable(path: path, reason: DurableFile.reason(errno)) }
    guard count == 100 else {
      throw .damaged(path: path, what: "it is too short to be a database")
    }
    guard header.starts(with: Array("SQLite format 3".utf8) + [0]) else {
      throw .damaged(path: path, what: "it does not begin as a database")
    }
    func number(at offset: Int) -> Int32 {
      Int32(bitPattern: header[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }
    try check(
      applicationID: number(at: 68), version: number(at: 60), against: layout, path: path)
  }

  private static func check(
    _ db: Database, _ layout: DatabaseLayout, _ path: String
  ) throws {
    try check(
      applicationID: Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
      version: Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0, against: layout, path: path)
  }

  private static func check(
    applicationID: Int32, version: Int32, against layout: DatabaseLayout, path: String
  ) throws(StateError) {
    guard applicationID == layout.applicationID else {
      throw .damaged(path: path, what: "its application id is not rewind's")
    }
    guard version <= layout.version else {
      throw .newerFormat(path: path, found: Int(version), known: Int(layout.version))
    }
    guard version == layout.version else {
      throw .damaged(path: path, what: "its format \(version) never existed")
    }
  }

  private static func schemaFinding(
    _ objects: [(String, String)], _ layout: DatabaseLayout
  ) -> String? {
    for (name, sql) in objects {
      guard let known = layout.schema.first(where: { $0.name == name }) else {
        return "it holds \(name.debugDescription), which rewind did not make"
      }
      guard known.sql == sql else { return "the definition of \(name) was changed" }
    }
    let missing = layout.schema.first { known in !objects.contains { $0.0 == known.name } }
    return missing.map { "\($0.name) is missing" }
  }

  // MARK: Errors

  static func failure(_ error: any Error, at path: String) -> StateError {
    if let known = error as? StateError { return known }
    guard let database = error as? DatabaseError else {
      return .unusable(path: path, reason: "\(error)")
    }
    let words = database.message ?? "SQLite error \(database.extendedResultCode.rawValue)"
    switch database.resultCode {
    case .SQLITE_FULL: return .diskFull(path: path)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_MISMATCH, .SQLITE_CONSTRAINT,
      .SQLITE_TOOBIG, .SQLITE_FORMAT:
      return .damaged(path: path, what: words)
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return .heldByAnother(path: path, owner: "another process")
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
      return .unusable(path: path, reason: words)
    default: return .failedWrite(path: path, reason: words)
    }
  }
}
