// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import Glibc

/// The folder that holds everything durable, one folder a learner below it.
///
/// ```
/// learners/NAME/progress.sqlite        attempts, sittings, results, settings
/// learners/NAME/current                the world that words act on
/// learners/NAME/worlds/ID/world.sqlite the journal of one world
/// learners/NAME/results/ID.json        one finished attempt at a lab
/// ```
package struct StateHome: Hashable, Sendable {
  /// An absolute path without a slash at its end.
  package let path: String

  package init(path: String) {
    var path = path
    if !path.hasPrefix("/"), let folder = getcwd(nil, 0) {
      path = String(cString: folder) + "/" + path
      free(folder)
    }
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  /// Where state lives: REWIND_HOME, else rewind below XDG_STATE_HOME, else below ~/.local/state.
  ///
  /// - Throws: `.noHome` if the environment names none of them.
  package static func locate(environment: [String: String]) throws(StateError) -> StateHome {
    if let home = environment["REWIND_HOME"], !home.isEmpty { return StateHome(path: home) }
    // A relative XDG path is to be ignored, says the specification.
    if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
      return StateHome(path: state + "/rewind")
    }
    if let user = environment["HOME"], user.hasPrefix("/") {
      return StateHome(path: user + "/.local/state/rewind")
    }
    throw .noHome
  }

  /// A learner's folder; nothing is made yet.
  ///
  /// - Throws: `.invalidName`.
  package func learner(_ name: String = "default") throws(StateError) -> LearnerFolder {
    guard Self.isLearnerName(name) else { throw .invalidName(name) }
    return LearnerFolder(path: "\(path)/learners/\(name)", name: name)
  }

  /// The learners that have state here, sorted.
  package func learners() throws(StateError) -> [String] {
    try DurableFile.names(in: path + "/learners").filter(Self.isLearnerName)
  }

  /// Letters, digits, `-`, `_` and `.`, not beginning with `-` or `.`; at most 64.
  static func isLearnerName(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard (1...64).contains(bytes.count), !name.hasPrefix("."), !name.hasPrefix("-") else {
      return false
    }
    return bytes.allSatisfy { byte in
      isIDByte(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }
  }

  /// `[a-z0-9-]{1,64}`, as every id is made.
  static func isID(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count) && name.utf8.allSatisfy(isIDByte)
  }

  private static func isIDByte(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
  }
}

/// Everything of one learner.
package struct LearnerFolder: Hashable, Sendable {
  package let path: String
  package let name: String

  /// The world's id when nothing else was chosen.
  package static let sandbox = "sandbox"

  package var progressPath: String { path + "/progress.sqlite" }
  private var currentPath: String { path + "/current" }

  /// Makes the folder if it is missing.
  package func make() throws(StateError) {
    try DurableFile.makeFolder(path)
  }

  /// One world's folder; nothing is made yet.
  ///
  /// - Throws: `.invalidName` unless the id is `[a-z0-9-]{1,64}`.
  package func world(_ id: String) throws(StateError) -> WorldFolder {
    guard StateHome.isID(id) else { throw .invalidName(id) }
    return WorldFolder(path: "\(path)/worlds/\(id)", id: id)
  }

  /// The ids of the worlds that exist, sorted.
  package func worlds() throws(StateError) -> [String] {
    try DurableFile.names(in: path + "/worlds").filter { id in
      StateHome.isID(id) && DurableFile.exists("\(path)/worlds/\(id)/world.sqlite")
    }
  }

  // MARK: The current world

  /// The id of the world that words act on: what `setCurrentWorld` said, else the sandbox.
  ///
  /// - Throws: `.damaged` if the file does not hold what was written.
  package func currentWorld() throws(StateError) -> String {
    guard let bytes = try DurableFile.read(currentPath) else { return Self.sandbox }
    let id = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    guard StateHome.isID(id), bytes == Self.currentFile(id) else {
      throw .damaged(path: currentPath, what: "it does not hold the id that was written")
    }
    return id
  }

  /// Chooses the world that words act on, durably.
  package func setCurrentWorld(_ id: String) throws(StateError) {
    guard StateHome.isID(id) else { throw .invalidName(id) }
    try make()
    try DurableFile.write(Self.currentFile(id), to: currentPath)
  }

  /// The id on a line of its own, then its digest, so that a changed byte is seen.
  private static func currentFile(_ id: String) -> [UInt8] {
    Array("\(id)\nsha256 \(Fingerprints.digest(of: Array(id.utf8)).hex)\n".utf8)
  }

  // MARK: Results

  /// Where a result is stored.
  ///
  /// - Throws: `.invalidName` unless the id is `[a-z0-9-]{1,64}`.
  package func resultPath(_ id: String) throws(StateError) -> String {
    guard StateHome.isID(id) else { throw .invalidName(id) }
    return "\(path)/results/\(id).json"
  }

  /// Stores a result durably, replacing one of the same id.
  package func writeResult(_ bytes: [UInt8], id: String) throws(StateError) {
    let file = try resultPath(id)
    try DurableFile.makeFolder(path + "/results")
    try DurableFile.write(bytes, to: file)
  }

  /// A stored result; nil if there is none.
  package func result(_ id: String) throws(StateError) -> [UInt8]? {
    try DurableFile.read(resultPath(id))
  }

  /// The ids of the stored results, sorted.
  package func results() throws(StateError) -> [String] {
    try DurableFile.names(in: path + "/results").filter { $0.hasSuffix(".json") }
      .map { String($0.dropLast(5)) }.filter(StateHome.isID)
  }
}

/// The files of one world.
package struct WorldFolder: Hashable, Sendable {
  package let path: String
  package let id: String

  package var databasePath: String { path + "/world.sqlite" }
  package var headPath: String { path + "/world.head" }
  package var lockPath: String { path + "/world.lock" }
  /// Where the owner listens for other processes' lines.
  package var socketPath: String { path + "/world.sock" }

  /// True once a world has been made here.
  package var exists: Bool { DurableFile.exists(databasePath) }
}

/// Writes a plain file as state is written: whole or not at all, flushed, mode 0600.
///
/// - Throws: `.diskFull` or `.failedWrite`; the old contents are then still there.
package func writeDurably(_ bytes: [UInt8], to path: String) throws(StateError) {
  try DurableFile.write(bytes, to: path)
}
