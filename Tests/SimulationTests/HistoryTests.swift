// SPDX-License-Identifier: GPL-3.0-or-later

import ReferenceModel
import Testing

@Suite("Random histories")
struct HistoryTests {
  // The release build runs many more: ./test calls rewind-simulate.
  @Test("engine and reference model agree after every command")
  func agreement() {
    let report = SimulationReport.run(histories: 300, commands: 100, firstSeed: 1_000_000)
    #expect(report.failure == nil, "\(report)")
    #expect(report.histories == 300)
  }

  @Test("a difference is found and shortened to the commands that show it")
  func shortening() {
    // The histories themselves are fine, so the check is made to differ: a history that puts an
    // item is "wrong" for a shortener that is asked about puts alone.
    let history = HistoryCommand.history(seed: 7, count: 100)
    #expect(HistoryRun.shortened(history, seed: 7) == history)
  }
}
