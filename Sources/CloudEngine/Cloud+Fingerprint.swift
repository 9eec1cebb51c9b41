// SPDX-License-Identifier: GPL-3.0-or-later

import Digests

extension Cloud {
  /// A digest of the cloud's whole state but observations: equal clouds have equal fingerprints.
  ///
  /// A refused request leaves it unchanged. It covers whatever a checkpoint of the cloud holds, so no
  /// stored property can be forgotten.
  ///
  /// - Complexity: O(n) in everything the cloud holds.
  package func fingerprint() -> String {
    var state = self
    state.observations = Observations(seed: 0)
    return state.fullFingerprint()
  }

  /// A digest of state and observations together.
  ///
  /// - Complexity: O(n) in everything the cloud holds.
  package func fullFingerprint() -> String {
    do {
      return try Checkpoint.fingerprint(of: self).hex
    } catch {
      preconditionFailure("A cloud holds nothing that cannot be encoded: \(error)")
    }
  }
}
