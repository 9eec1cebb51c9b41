// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import StateStore
import Terminal

extension Console {
  /// Looks whether the learner's state, or with `verifies` everybody's, is as it was written.
  ///
  /// - Parameter verifies: Reads every byte and replays every world.
  /// - Returns: 0 if all is sound, 1 if something is damaged.
  package func runDoctor(verifies: Bool) -> Int32 {
    let status = perform { try doctor(verifies: verifies) }
    do { try flush() } catch { return 5 }
    return status
  }

  private func doctor(verifies: Bool) throws -> Int32 {
    let home = try StateHome.locate(environment: settings.environment)
    let findings =
      verifies
      ? home.findings(engineVersion: EngineVersion.current, makeCloud: StartCloud.make)
      : learner.progressFindings()
    if settings.printsJSON {
      answer([
        "home": .string(home.path), "verified": .bool(verifies),
        "findings": .array(
          findings.map { ["path": .string($0.path), "what": .string($0.what)] }),
      ])
      return findings.isEmpty ? 0 : 1
    }
    say("State    \(plain(home.path))")
    say("Learner  \(plain(learner.name))")
    let worlds = try learner.worlds()
    say("Worlds   \(worlds.isEmpty ? "none yet" : plain(worlds.joined(separator: ", ")))")
    for finding in findings { say("Damaged  \(plain(finding.path)): \(plain(finding.what))") }
    if findings.isEmpty {
      say(verifies ? "All is as it was written." : "Progress is sound. --verify reads every byte.")
    }
    return findings.isEmpty ? 0 : 1
  }
}
