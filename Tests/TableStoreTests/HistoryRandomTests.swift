// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import Simulation
import TableStore
import Testing

/// The specification: a base and every write since, folded from the start each time.
private struct Twin {
  var base: Contents
  var writes: [(instant: Instant, key: ItemKey, sample: Sample?)] = []

  func fold(upTo instant: Instant) -> Contents {
    var contents = base
    for write in writes where write.instant <= instant { contents[write.key] = write.sample }
    return contents
  }
}

@Suite("A history under random writes")
struct HistoryRandomTests {
  @Test(
    "restores to any instant exactly what was written until then",
    arguments: 0..<26 as Range<UInt64>)
  func restoresFold(batch: UInt64) {
    for number in 0..<200 {
      let seed = batch * 200 + UInt64(number)
      if let problem = run(seed: seed) {
        Issue.record("seed \(seed): \(problem)")
        return
      }
    }
  }

  /// Writes at random, trims at times, and restores to every second and next to every write.
  private func run(seed: UInt64) -> String? {
    var dice = SplitMix64(seed: seed)
    func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &dice) }

    var clock = Instant.at(Int64(below(2_000)))
    var contents: Contents = [:]
    var table = StoredTable(
      keySchema: .orders,
      indexes: seed % 4 == 0 ? IndexDefinition.all.filter { _ in below(3) > 0 } : [])
    for _ in 0..<below(5) {
      let sample = Sample.pool[below(60)]
      table.put(sample.item, forKey: sample.key, at: clock)
      contents[sample.key] = sample
    }
    table.startHistory(at: clock, checkpointInterval: 1 + below(6))
    var twin = Twin(base: contents)
    var snapshots: [(table: StoredTable, clock: Instant, twin: Twin)] = []

    for _ in 0..<(4 + below(12)) {
      clock = clock + .milliseconds([0, 0, 1, 400, 999, 1_000, 2_500][below(7)])
      let sample = Sample.pool[below(60)]
      let before = twin.fold(upTo: clock)[sample.key]?.item
      if below(3) == 0 {
        guard table.remove(sample.key, at: clock) == before else { return "removed another" }
        twin.writes.append((clock, sample.key, nil))
      } else {
        guard table.put(sample.item, forKey: sample.key, at: clock) == before else {
          return "replaced another"
        }
        twin.writes.append((clock, sample.key, sample))
      }
      if below(6) == 0 { snapshots.append((table, clock, twin)) }
      if below(8) == 0, let start = table.history?.start {
        table.trimHistory(before: start + .milliseconds(Int64(below(1_500))))
        if let trimmed = table.history?.start, trimmed > clock { clock = trimmed }
      }
    }
    // Every second of the window; of the snapshots, which all of this must not have changed, a few.
    for (table, clock, twin) in snapshots {
      if let problem = problem(of: table, until: clock, step: 4, twin: twin, indexesToo: false) {
        return "a snapshot: \(problem)"
      }
    }
    return problem(of: table, until: clock, step: 1, twin: twin, indexesToo: seed % 4 == 0)
  }

  private func problem(
    of table: StoredTable, until end: Instant, step: Int64, twin: Twin, indexesToo: Bool
  ) -> String? {
    guard let history = table.history else { return "no history" }
    if let problem = disagreement(
      of: table.image, with: twin.fold(upTo: end), indexesToo: indexesToo)
    {
      return "present: \(problem)"
    }
    var instants = [history.start, end, end + .days(1)]
    var second = history.start.ceiledToSecond
    while second <= end {
      instants.append(second)
      second = second + .seconds(step)
    }
    for write in twin.writes.suffix(step == 1 ? 3 : 0) {
      instants += [write.instant - .milliseconds(1), write.instant]
    }
    for instant in instants where instant >= history.start {
      let image = table.image(at: instant)
      if let problem = disagreement(
        of: image, with: twin.fold(upTo: instant), indexesToo: indexesToo)
      {
        return "\(instant.milliseconds - Instant.at(0).milliseconds) ms: \(problem)"
      }
      let limit = 2 * history.checkpointInterval
      if history.replayCount(to: instant) > limit { return "replays too many records" }
    }
    return nil
  }
}
