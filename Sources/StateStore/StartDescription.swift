// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
package import Simulation

/// Everything a world was started from; the first entry of its journal.
///
/// `origin` is the caller's: the resolved scenario of a lab, nothing for a sandbox. It is stored
/// whole, so edits to content reach new worlds only.
package struct StartDescription: Hashable, Sendable {
  /// Decides every identifier drawn in the world.
  package var seed: UInt64
  /// The first instant of virtual time.
  package var clock: Instant
  /// The version of the engine that started it.
  package var engineVersion: String
  /// What the start cloud is made from; `null` for an empty one.
  package var origin: Document

  package init(seed: UInt64, clock: Instant, engineVersion: String, origin: Document = .null) {
    self.seed = seed
    self.clock = clock
    self.engineVersion = engineVersion
    self.origin = origin
  }
}
