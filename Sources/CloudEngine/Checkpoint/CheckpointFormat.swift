// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents

/// A format of checkpoints: its number, and how older ones are brought up to it.
///
/// When a stored type changes so that older checkpoints would not decode (a member is renamed, a new one
/// has no default), add a step here that turns the old tree into the new one. The number follows. A
/// member that may be missing, an optional, needs no step.
package struct CheckpointFormat: Sendable {
  /// Turns the tree of one format into that of the next.
  package typealias Migration = @Sendable (Document) throws -> Document

  /// The steps from format 1 to 2, from 2 to 3 and so on.
  package let migrations: [Migration]

  /// A format that is reached by these steps.
  package init(migrations: [Migration]) { self.migrations = migrations }

  /// The number that stands in the checkpoint.
  package var number: Int { migrations.count + 1 }

  /// What this Rewind writes.
  package static let current = CheckpointFormat(migrations: [withoutNamesInTheLog])
}
