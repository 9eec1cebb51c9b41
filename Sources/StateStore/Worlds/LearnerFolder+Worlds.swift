// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
import Digests
import Glibc

/// Why a word on worlds was refused; nothing was changed.
package enum WorldRefusal: Error, Hashable, Sendable {
  case noSuchWorld(String, known: [String])
  /// There is a world of that name already.
  case nameTaken(String)
  /// There is a file at that path already; nothing is written over it.
  case fileExists(String)
  case noSuchFile(String)
  /// The world that the words act on cannot be removed.
  case inUse(String)
}

/// One world in a list.
package struct WorldSummary: Hashable, Sendable {
  package let name: String
  /// Entries in its journal, as far as is known without opening it.
  package let entries: Int64
  package let byteCount: Int64
  /// True for the world that the words act on.
  package let isCurrent: Bool
}

/// Worlds by their names: listing, copying, removing, and one file that goes to another machine.
///
/// A new world is made under a name that is none, `.new-NAME`, and appears by being renamed, whole or not at
/// all; one that is removed disappears in the same way. What a kill leaves is swept away by the next word.
extension LearnerFolder {
  private var worldsPath: String { path + "/worlds" }

  // MARK: Looking

  /// All worlds by name.
  ///
  /// - Throws: `StateError`.
  package func worldSummaries() throws(StateError) -> [WorldSummary] {
    let current = try currentWorld()
    var summaries: [WorldSummary] = []
    for name in try worlds() {
      let folder = try world(name)
      let head = try HeadFile(path: folder.headPath, writable: false)
      summaries.append(
        WorldSummary(
          name: name, entries: head.record?.sequence ?? 0,
          byteCount: DurableFile.byteCount(below: folder.path), isCurrent: name == current))
    }
    return summaries
  }

  /// A world that exists.
  ///
  /// - Throws: `WorldRefusal.noSuchWorld`, `StateError`.
  package func existingWorld(_ name: String) throws -> WorldFolder {
    let folder = try world(name)
    guard folder.exists else { throw WorldRefusal.noSuchWorld(name, known: try worlds()) }
    return folder
  }

  private func freeWorld(_ name: String) throws -> WorldFolder {
    let folder = try world(name)
    guard !DurableFile.exists(folder.path) else { throw WorldRefusal.nameTaken(name) }
    return folder
  }

  // MARK: Copying and removing

  /// Copies a world under another name.
  ///
  /// - Throws: `WorldRefusal`, `StateError`; nothing is left behind then.
  package func copyWorld(_ name: String, to other: String) throws {
    let (source, target) = (try existingWorld(name), try freeWorld(other))
    try make(target, try archive(of: source))
  }

  /// Removes a world for good.
  ///
  /// - Throws: `WorldRefusal.inUse` for the current one; `.heldByAnother` for one that a process has
  ///   open.
  package func removeWorld(_ name: String) throws {
    let folder = try existingWorld(name)
    guard try currentWorld() != name else { throw WorldRefusal.inUse(name) }
    let lock = try OwnerLock(path: folder.lockPath)
    defer { lock.release() }
    sweep()
    let gone = worldsPath + "/.gone-\(name)"
    guard rename(folder.path, gone) == 0 else { throw DurableFile.failure(of: folder.path) }
    try DurableFile.syncFolder(of: folder.path)
    DurableFile.removeTree(gone)
  }

  // MARK: One file

  /// Writes a world into one file, which must not be there yet.
  ///
  /// - Returns: How many bytes it has.
  /// - Throws: `WorldRefusal`, `StateError`.
  package func exportWorld(_ name: String, to file: String) throws -> Int {
    let folder = try existingWorld(name)
    guard !DurableFile.exists(file) else { throw WorldRefusal.fileExists(file) }
    let bytes = try archive(of: folder).bytes
    guard bytes.count <= WorldArchive.limitBytes else {
      throw StateError.unusable(
        path: file, reason: "the world takes more than \(WorldArchive.limitBytes) bytes")
    }
    guard try DurableFile.writeNew(bytes, to: file) else { throw WorldRefusal.fileExists(file) }
    return bytes.count
  }

  /// Makes a world of a file, after looking at every byte and replaying every entry.
  ///
  /// - Parameters:
  ///   - file: What `exportWorld` wrote.
  ///   - name: The new world's name.
  ///   - engineVersion: As for `Session`.
  ///   - makeCloud: As for `Session`.
  /// - Throws: `WorldRefusal`; `.damaged`, `.newerFormat`, `.unusable` for the file.
  package func importWorld(
    from file: String, as name: String, engineVersion: String,
    makeCloud: @escaping (StartDescription) throws -> Cloud
  ) throws {
    let target = try freeWorld(name)
    // A pipe would be waited for without an end.
    guard !DurableFile.exists(file) || DurableFile.isFile(file) else {
      throw StateError.unusable(path: file, reason: "it is no regular file")
    }
    guard let bytes = try DurableFile.read(file, limit: WorldArchive.limitBytes) else {
      throw WorldRefusal.noSuchFile(file)
    }
    let archive = try WorldArchive(bytes, path: file)
    if !archive.checkpoint.isEmpty {
      let checkpoint = try CheckpointFiles.decode(
        archive.checkpoint, path: file, checksItems: true)
      guard checkpoint.row >= 1, checkpoint.row <= archive.rows.count,
        archive.rows[Int(checkpoint.row) - 1].chain == checkpoint.chain
      else { throw StateError.damaged(path: file, what: "its checkpoint is of another journal") }
    }
    try make(target, archive) { draft in
      let findings = draft.findings(engineVersion: engineVersion, makeCloud: makeCloud)
      if let first = findings.first { throw StateError.damaged(path: file, what: first.what) }
    }
  }

  /// A world's rows, each read and checked, and its newest good checkpoint; its owner keeps others out.
  private func archive(of folder: WorldFolder) throws -> WorldArchive {
    let store = try WorldStore(folder, firstRow: nil)
    defer { try? store.close() }
    var rows: [JournalRow] = []
    try store.read { rows.append($0) }
    let files = CheckpointFiles(folder: folder)
    for row in try files.rows() where (try? files.read(row)) != nil {
      return WorldArchive(rows: rows, checkpoint: try files.bytes(row) ?? [])
    }
    return WorldArchive(rows: rows, checkpoint: [])
  }

  // MARK: Making

  /// Makes a world beside its place, has it looked at, and moves it there.
  private func make(
    _ target: WorldFolder, _ archive: WorldArchive,
    check: (WorldFolder) throws -> Void = { _ in }
  ) throws {
    try make()
    try DurableFile.makeFolder(worldsPath)
    sweep()
    let draft = WorldFolder(path: worldsPath + "/.new-\(target.id)", id: target.id)
    do {
      try DurableFile.makeFolder(draft.path)
      try WorldStore.make(draft, rows: archive.rows)
      if !archive.checkpoint.isEmpty, let row = CheckpointFiles.row(of: archive.checkpoint) {
        let files = CheckpointFiles(folder: draft)
        try DurableFile.makeFolder(files.path)
        try DurableFile.write(archive.checkpoint, to: files.path(of: row))
      }
      try check(draft)
      guard rename(draft.path, target.path) == 0 else {
        // A folder that was made meanwhile is not replaced.
        if errno == ENOTEMPTY || errno == EEXIST { throw WorldRefusal.nameTaken(target.id) }
        throw DurableFile.failure(of: target.path)
      }
      try DurableFile.syncFolder(of: target.path)
    } catch {
      DurableFile.removeTree(draft.path)
      throw error
    }
  }

  /// Removes what a kill has left.
  private func sweep() {
    for name in (try? DurableFile.names(in: worldsPath)) ?? []
    where name.hasPrefix(".new-") || name.hasPrefix(".gone-") {
      DurableFile.removeTree(worldsPath + "/" + name)
    }
  }
}
