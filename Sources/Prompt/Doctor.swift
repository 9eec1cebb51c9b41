// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import StateStore
import Terminal

extension Console {
  /// Looks whether the learner's state, or with `verifies` everybody's, is as it was written.
  ///
  /// - Parameter verifies: Reads every byte and replays every world.
  /// - Returns: 0 if all is sound, 1 if something is damaged, 5 if something could not be looked at.
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
          findings.map {
            ["path": .string($0.path), "what": .string($0.what), "damaged": .bool($0.isDamage)]
          }),
      ])
      return Self.status(of: findings)
    }
    say("State    \(plain(home.path))")
    say("Learner  \(plain(learner.name))")
    let worlds = try learner.worlds()
    say("Worlds   \(worlds.isEmpty ? "none yet" : plain(worlds.joined(separator: ", ")))")
    for finding in findings {
      let kind = finding.isDamage ? "Damaged  " : "Unread   "
      say("\(kind)\(plain(finding.path)): \(plain(finding.what))")
    }
    if findings.isEmpty {
      say(verifies ? "All is as it was written." : "Progress is sound. --verify reads every byte.")
    }
    return Self.status(of: findings)
  }

  private static func status(of findings: [Finding]) -> Int32 {
    if findings.isEmpty { return 0 }
    return findings.allSatisfy(\.isDamage) ? 1 : StateError.exitStatus
  }
}
