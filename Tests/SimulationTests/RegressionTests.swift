// SPDX-License-Identifier: GPL-3.0-or-later

import ReferenceModel
import Testing

/// Histories on which the engine once differed from the model, as short as they could be made.
@Suite("Histories that once failed")
struct RegressionTests {
  private static let main = TableName(number: 0, region: 0)
  private static let abroad = TableName(number: 0, region: 1)

  /// What went wrong, and the history: printed by rewind-simulate, and made shorter by hand.
  static let histories: [(what: String, commands: [HistoryCommand])] = [
    (
      "recovery was billed on for the last second of a deleted table that was counted in it",
      [
        .create(main, []), .advance(milliseconds: 20_000),
        .put(main, key: 5, ModelItem(v: 2, w: 1, u: 3)),
        .advance(milliseconds: 6 * 3_600_000), .put(main, key: 5, ModelItem(v: 0, w: 0, u: 0)),
        .recovery(main, on: true, days: nil), .advance(milliseconds: 6 * 3_600_000 - 20_360),
        .drop(main), .advance(milliseconds: 370_947),
      ]
    ),
    (
      "two tables of one name deleted in one millisecond leave backups of one id in two Regions",
      [
        .create(main, []), .create(abroad, []), .advance(milliseconds: 274_763),
        .recovery(main, on: true, days: nil), .recovery(abroad, on: true, days: nil),
        .drop(abroad), .drop(main), .advance(milliseconds: 556_652),
        .describeBackup(0, region: 1), .describeBackup(1, region: 0),
        .deleteBackup(1, region: 0), .deleteBackup(0, region: 1),
      ]
    ),
  ]

  @Test("engine and model agree", arguments: histories.indices)
  func agreement(number: Int) {
    let difference = HistoryRun.difference(Self.histories[number].commands, seed: 1)
    #expect(difference == nil, "\(Self.histories[number].what): \(String(describing: difference))")
  }
}
