// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
import Digests

/// Something that is not as it was written, or cannot be looked at.
package struct Finding: Hashable, Sendable {
  package let path: String
  /// What is wrong, without the path and without a full stop.
  package let what: String
  /// False for what could not be looked at, which may be as sound as ever.
  package var isDamage = true
}

extension StateHome {
  /// Looks at everything stored below this folder, byte by byte as far as it can be read.
  ///
  /// - Parameters:
  ///   - engineVersion: As for `Session`.
  ///   - makeCloud: As for `Session`; what it throws becomes a finding.
  /// - Returns: What is wrong, in order of learner and world; empty if all is sound.
  /// - Complexity: O(n) in everything stored; every world is replayed.
  package func findings(
    engineVersion: String, makeCloud: @escaping (StartDescription) throws -> Cloud
  ) -> [Finding] {
    Self.collect(path) { () throws -> [Finding] in
      try learners().flatMap { name in
        let learner = try learner(name)
        return learner.findings(engineVersion: engineVersion, makeCloud: makeCloud)
      }
    }
  }

  fileprivate static func collect(_ path: String, _ look: () throws -> [Finding]) -> [Finding] {
    do {
      return try look()
    } catch let error as StateError {
      return [error.finding(elsewhere: path)]
    } catch {
      return [Finding(path: path, what: "\(error)")]
    }
  }
}

extension LearnerFolder {
  /// Looks at one learner's progress, current world, results and worlds.
  package func findings(
    engineVersion: String, makeCloud: @escaping (StartDescription) throws -> Cloud
  ) -> [Finding] {
    var findings = StateHome.collect(path) {
      _ = try currentWorld()
      return []
    }
    findings += progressFindings()
    findings += StateHome.collect(path) {
      try DurableFile.names(in: path + "/worlds").filter(StateHome.isID).flatMap { id in
        try world(id).findings(engineVersion: engineVersion, makeCloud: makeCloud)
      }
    }
    return findings
  }

  /// Looks at the progress and at the result files it knows of.
  package func progressFindings() -> [Finding] {
    let headPath = path + "/progress.head"
    guard DurableFile.exists(progressPath) || DurableFile.exists(headPath) else { return [] }
    return StateHome.collect(progressPath) {
      let head = try HeadFile(path: headPath, writable: false)
      // A head that counts nothing, without a database: the making was cut short.
      if !DurableFile.exists(progressPath), head.record?.sequence ?? 0 == 0 { return [] }
      let headFindings = head.damage
      let store = try ProgressStore(self)
      _ = try store.attempts()
      _ = try store.sittings()
      for kind in ProgressStore.ValueKind.allCases { _ = try store.values(kind) }
      let files = try store.labResults().compactMap { result -> Finding? in
        let file = try resultPath(result.id)
        guard let bytes = try DurableFile.read(file) else {
          return Finding(path: file, what: "the result is missing")
        }
        return Fingerprints.digest(of: bytes).hex == result.fileDigest
          ? nil : Finding(path: file, what: "the result was changed")
      }
      return try store.findings().map { Finding(path: progressPath, what: $0) }
        + headFindings.map { Finding(path: headPath, what: $0) } + files
    }
  }
}

extension WorldFolder {
  /// Looks at one world: its pages, its rows and their chain, and that it replays as recorded.
  ///
  /// - Returns: What is wrong; a world in use by another process is a finding too.
  package func findings(
    engineVersion: String, makeCloud: @escaping (StartDescription) throws -> Cloud
  ) -> [Finding] {
    StateHome.collect(databasePath) {
      guard exists || DurableFile.exists(headPath) else { return [] }
      if !exists {
        // A world whose making was cut short has a head that counts nothing: it never was one.
        let head = try HeadFile(path: headPath, writable: false)
        if (head.record?.sequence ?? 0) == 0 { return [] }
      }
      let store = try WorldStore(self, firstRow: nil, onlyLooks: true)
      defer { try? store.close() }
      let replay = Replay(store, engineVersion: engineVersion, makeCloud: makeCloud)
      let checkpoints = try replay.verify()
      return try checkpoints + store.pageFindings().map { Finding(path: databasePath, what: $0) }
        + store.headFindings.map { Finding(path: headPath, what: $0) }
    }
  }
}

extension StateError {
  /// This error as a finding, at its own path or the one that was looked at.
  fileprivate func finding(elsewhere path: String) -> Finding {
    switch self {
    case .damaged(let path, let what): Finding(path: path, what: what)
    case .heldByAnother(let path, let owner):
      Finding(path: path, what: "in use by \(owner)", isDamage: false)
    case .unusable(let path, let reason), .failedWrite(let path, let reason):
      Finding(path: path, what: reason, isDamage: false)
    default: Finding(path: path, what: message, isDamage: false)
    }
  }
}
