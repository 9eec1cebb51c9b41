// SPDX-License-Identifier: GPL-3.0-or-later

import ReferenceModel
import Testing

@Suite("Random histories")
struct HistoryTests {
  // The release build runs many more: ./test calls rewind-simulate.
  @Test("engine and reference model agree after every command")
  func agreement() {
    let report = SimulationReport.run(histories: 40, commands: 100, firstSeed: 1_000_000)
    #expect(report.failure == nil, "\(report)")
    #expect(report.histories == 40)
  }

  @Test("a failing history is shortened to the commands that matter, in their order")
  func shortening() {
    let history = HistoryCommand.history(seed: 6, count: 100)
    func fails(_ history: [HistoryCommand]) -> Bool {
      let drop = history.lastIndex { if case .drop = $0 { true } else { false } }
      let put = history.firstIndex { if case .put = $0 { true } else { false } }
      guard let drop, let put else { return false }
      return put < drop
    }
    #expect(fails(history))
    let kept = HistoryRun.shortened(history, while: fails)
    #expect(kept.count == 2)
    #expect(fails(kept.map { history[$0] }))
  }

  @Test("the same seed gives the same history, another seed another")
  func seeds() {
    #expect(
      HistoryCommand.history(seed: 7, count: 100) == HistoryCommand.history(seed: 7, count: 100))
    #expect(
      HistoryCommand.history(seed: 7, count: 100) != HistoryCommand.history(seed: 8, count: 100))
  }

  @Test("commands print as the Swift they can be pasted as")
  func source() {
    let table = TableName(number: 1, region: 0)
    let command = HistoryCommand.restorePoint(
      table, at: .fromEarliest(seconds: -1), to: table,
      ModelOverride(change: .renamed, encrypted: nil))
    #expect(
      command.source
        == ".restorePoint(TableName(number: 1, region: 0), "
        + "at: HistoryCommand.Moment.fromEarliest(seconds: -1), "
        + "to: TableName(number: 1, region: 0), "
        + "ModelOverride(change: ModelOverride.Indexes.renamed, encrypted: nil))")
  }
}
