// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import Documents
import Glibc
import Scenarios
import StateStore
import Terminal

/// Result files as they lie on the disk.
enum ResultFile {
  static let limitBytes = 16 << 20

  static func digest(_ bytes: [UInt8]) -> String { Digests.digest(of: bytes).hex }

  /// Reads a result by its path, or by its id among the learner's.
  ///
  /// - Throws: A refusal with status 4 for what is no result.
  static func read(_ name: String, of learner: LearnerFolder) throws -> LabAttempt {
    let bytes: [UInt8]
    if !name.contains("/"), let stored = try? learner.result(name) {
      bytes = stored
    } else {
      do {
        bytes = try HostFile.read(name, home: nil)
      } catch {
        throw PromptRefusal("\(plain(name)) cannot be read.", status: 4)
      }
    }
    guard let document = try? Document.parse(bytes), let attempt = LabAttempt(document) else {
      throw PromptRefusal("\(plain(name)) is no result of this program.", status: 4)
    }
    return attempt
  }
}

extension Console {
  /// Plays results again: the same score, or the step that differs.
  ///
  /// - Parameter names: Paths or ids; all of the learner's if empty.
  /// - Returns: 0 if all replay to their score, 1 if one differs, 4 if one cannot be verified.
  package func runVerify(_ names: [String]) -> Int32 {
    let status = perform {
      var worst: Int32 = 0
      let names = try names.isEmpty ? learner.results() : names
      if names.isEmpty { talk("There are no results yet: a lab leaves one when it is done.") }
      for name in names {
        worst = max(worst, perform { try verify(name) })
      }
      return worst
    }
    do { try flush() } catch { return 5 }
    return status
  }

  private func verify(_ name: String) throws -> Int32 {
    let attempt = try ResultFile.read(name, of: learner)
    guard let file = try shelf.scenarios(settings)[attempt.lab] else {
      throw PromptRefusal("There is no lab \(plain(attempt.lab)) here.", status: 4)
    }
    let (status, text): (Int32, String)
    switch LabVerification.verify(attempt, file: file) {
    case .same(let score):
      (status, text) = (0, "replays to \(score.points) of \(score.outOf)")
    case .differs(let step, let recorded, let replayed):
      (status, text) = (1, "differs at \(step): recorded \(recorded), replayed \(replayed)")
    case .impossible(let why): (status, text) = (4, "cannot be verified: \(why)")
    }
    if settings.printsJSON {
      answer([
        "result": .string(name), "status": .integer(Int64(status)), "text": .string(text),
      ])
    } else {
      tell("\(plain(name)): \(plain(text))")
    }
    return status
  }
}
