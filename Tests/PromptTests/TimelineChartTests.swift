// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation
import Testing

@testable import Prompt

@Suite("The drawing of a timeline")
struct TimelineChartTests {
  private static let start = Instant(milliseconds: 1_772_000_000_000)

  /// The drawing of twenty seconds in twenty columns.
  private func lines(
    window: ClosedRange<Int64>?, writes: [Double]? = [], backups: [(Int64, Character)] = [],
    unicode: Bool = false
  ) -> [String] {
    func at(_ second: Int64) -> Instant { Self.start + .seconds(second) }
    let facts = TimelineFacts(
      table: "t", place: "p", from: at(0), until: at(20),
      window: window.map { at($0.lowerBound)...at($0.upperBound) }, periodDays: 35,
      writes: writes.map { list in
        { after, through in
          list.count {
            let instant = Self.start + .milliseconds(Int64($0 * 1000))
            return instant > after && instant <= through
          }
        }
      },
      backups: backups.map { .init(at: at($0.0), letter: $0.1, text: "made") },
      restores: [], changes: [], incidents: [])
    return TimelineChart(facts: facts, columns: 32, usesUnicode: unicode).lines()
  }

  @Test(
    "the window stands where its seconds are, and ends at the edges of the axis",
    arguments: [
      (5...10, ".....======........."), (0...0, "=..................."),
      (20...20, "...................="), (-9...3, "====................"),
      (18...99, "..................=="), (-9...99, "===================="),
      (21...99, "...................."), (-9 ... -1, "...................."),
      (nil, "...................."),
    ] as [(ClosedRange<Int64>?, String)])
  func window(range: ClosedRange<Int64>?, line: String) {
    #expect(lines(window: range)[1] == "window    " + line)
  }

  @Test("writes fill a column by their share of the fullest, a single one shows")
  func writes() {
    let all = [1.5] + Array(repeating: 3.5, count: 7) + [20, 0]
    let drawn = lines(window: 0...20, writes: all)
    // A write at the very beginning belongs to the column before; one at the very end to the last.
    #expect(drawn[2] == "writes     . #               .")
    #expect(drawn.contains("9 writes; a column is 1 s, the fullest holds 7."))
    #expect(lines(window: 0...20)[2...4] == ["writes", "", "No writes in this time."])
    #expect(
      lines(window: nil, writes: nil).contains("Writes are kept while PITR is on; it is off."))
    #expect(lines(window: 0...20, writes: [2.5], unicode: true)[2] == "writes      █")
  }

  @Test("two kinds in one column are a star, and those outside are not drawn")
  func marks() {
    let drawn = lines(
      window: nil,
      backups: [(0, "B"), (4, "B"), (4, "B"), (7, "B"), (7, "S"), (21, "B"), (-1, "B")])
    #expect(drawn[3] == "backups   B   B  *")
    #expect(drawn.count { $0.hasSuffix("made") } == 7)
    #expect(!lines(window: nil, backups: [(21, "B")]).contains { $0.hasPrefix("backups  ") })
    let many = lines(window: nil, backups: (0..<41).map { ($0 % 20, "B") })
    #expect(many.contains("  … 1 earlier entry"))
    #expect(many.count { $0.hasSuffix("made") } == 40)
  }

  @Test(
    "lengths of time are said in at most three units",
    arguments: [
      (0, "0 s"), (1, "0.001 s"), (999, "0.999 s"), (1000, "1 s"), (60_000, "1 min"),
      (3_661_000, "1 h 1 min 1 s"), (86_400_000, "1 day"), (2 * 86_400_000 + 1_000, "2 days 1 s"),
      (90_061_000, "1 day 1 h 1 min"),
    ] as [(Int64, String)])
  func spoken(milliseconds: Int64, words: String) {
    #expect(Duration.milliseconds(milliseconds).spoken == words)
  }
}
