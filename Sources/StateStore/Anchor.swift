// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine

/// A copy of the cloud that several places hold on to.
final class Snapshot: Sendable {
  let cloud: Cloud
  init(_ cloud: Cloud) { self.cloud = cloud }
}

/// The state just before a journal row; without a snapshot it is found by replaying the rows before.
struct Anchor: Sendable, Codable {
  let row: Int64
  var snapshot: Snapshot?

  init(row: Int64, snapshot: Snapshot?) {
    self.row = row
    self.snapshot = snapshot
  }

  init(from decoder: any Decoder) throws {
    row = try decoder.singleValueContainer().decode(Int64.self)
  }

  /// Writes the row alone: what lies before it is in the journal.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(row)
  }
}
