// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
import ContentFormat
import Documents
import Scenarios
package import StateStore
import Synchronization
import Worlds

extension StartCloud {
  /// Makes the cloud a world starts with: a lab's from its scenario, an empty one else.
  ///
  /// - Throws: A refusal for an origin that this version cannot read.
  package static func make(_ start: StartDescription) throws -> Cloud {
    switch start.origin {
    case .null: return Cloud(seed: start.seed, clock: start.clock)
    default: return try lab(start).opening.cloud
    }
  }

  /// The lab a world was started for.
  static func lab(_ start: StartDescription) throws -> LabRun {
    if let kept = kept.withLock({ $0 }), kept.start == start { return kept.run }
    do {
      let run = try LabRun(origin: start.origin, seed: start.seed)
      kept.withLock { $0 = (start, run) }
      return run
    } catch {
      throw PromptRefusal(error, status: 3)
    }
  }

  /// Keeps a run that was just made, so that opening its world does not make it again.
  static func keep(_ run: LabRun, for start: StartDescription) {
    kept.withLock { $0 = (start, run) }
  }

  private static let kept = Mutex<(start: StartDescription, run: LabRun)?>(nil)
}
