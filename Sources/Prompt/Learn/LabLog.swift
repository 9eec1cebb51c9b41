// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import CommandLanguage
import Digests
import Scenarios
import ServiceModel
import StateStore

extension LogEntry {
  /// Whether the learner asked for the change; what a world does by itself while a command takes its
  /// time does not count.
  var isLearnersChange: Bool {
    guard isChange else { return false }
    guard door == nil else { return true }
    guard let (service, operation) = Self.operation(in: text) else { return false }
    let request = requests.first { $0.service == service && $0.operation == operation }
    return request?.isChange ?? false
  }

  /// The operation a typed `aws` command names.
  private static func operation(in text: String) -> (service: String, operation: String)? {
    let words: [String]
    switch Words.read(text, value: { _ in "" }) {
    case .command(let typed, _): words = typed.first == "time" ? Array(typed.dropFirst()) : typed
    case .capture(_, let typed): words = typed
    default: return nil
    }
    guard words.first == "aws" else { return nil }
    // Values of options before the operation could be mistaken for it, so every pair is tried.
    let names = words.dropFirst()
    for (index, word) in zip(names.indices, names) {
      guard let service = Service.named(word) else { continue }
      for later in names[(index + 1)...] {
        if let operation = service.operation(named: later), operation.cliName == later {
          return (word, operation.name)
        }
      }
    }
    return nil
  }
}

/// The steps that `undo` and `redo` take, counted in the learner's own changes.
///
/// The journal counts every accepted request as a step, a world's own traffic too; going back one
/// change takes everything that came after it along.
struct ChangeSteps {
  /// Steps to take back for one, two, … changes of the learner.
  let back: [Int]
  /// Steps to do again for one, two, … changes.
  let forward: [Int]

  init(_ session: Session) {
    let status = session.status
    let log = session.log
    let rows = session.states.dropLast().map(\.row).suffix(status.undoable)
    back = Self.backCounts(Array(rows.reversed()), log)
    // The undone entries that can be done again are the newest ones.
    var redoable: [LogEntry] = []
    var steps = 0
    for entry in log.reversed() where entry.standing == .undone && entry.isChange {
      guard steps < status.redoable else { break }
      redoable.append(entry)
      steps += entry.stepCount
    }
    forward =
      steps == status.redoable
      ? Self.forwardCounts(redoable.reversed()) : status.redoable > 0 ? [1] : []
  }

  /// Cumulative steps at each change of the learner, newest first.
  ///
  /// - Parameters:
  ///   - rows: The rows of the steps, newest first.
  ///   - log: The log, whose entries cover rows in ascending order.
  /// - Returns: For one change, two changes, and so on.
  private static func backCounts(_ rows: [Int64], _ log: [LogEntry]) -> [Int] {
    var result: [Int] = []
    var open: Int?
    for (index, row) in rows.enumerated() {
      let place = log.partition { $0.rows.upperBound >= row }
      let entry = log.indices.contains(place) && log[place].rows.contains(row) ? place : nil
      if index > 0, open != entry || entry == nil { close(open, at: index, log, &result) }
      open = entry
    }
    if !rows.isEmpty { close(open, at: rows.count, log, &result) }
    return result
  }

  private static func close(
    _ entry: Int?, at count: Int, _ log: [LogEntry], _ result: inout [Int]
  ) {
    // A step without requests, such as a reset, was asked for too.
    guard let entry else { return result.append(count) }
    if log[entry].isLearnersChange || !log[entry].isChange { result.append(count) }
  }

  /// Cumulative steps up to just before each later change of the learner, oldest first.
  private static func forwardCounts(_ entries: [LogEntry]) -> [Int] {
    var result: [Int] = []
    var steps = 0
    for entry in entries {
      if entry.isLearnersChange, steps > 0 { result.append(steps) }
      steps += entry.stepCount
    }
    return steps > 0 ? result + [steps] : []
  }
}

extension [LogEntry] {
  /// The first index whose entry is after a point.
  fileprivate func partition(_ isAfter: (LogEntry) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension LogEntry {
  /// How many steps of the journal the entry is.
  fileprivate var stepCount: Int { requests.reduce(0) { $0 + ($1.isChange ? 1 : 0) } }
}

extension Session {
  /// Whether what each line of the log did is part of the present state.
  ///
  /// The journal marks lines with requests. A line that only let time pass is undone if anything after
  /// it happened, or the clock stands, no later than it began: the clock goes back by undo alone.
  ///
  /// - Complexity: O(n).
  var standings: [LogEntry.Standing] {
    let log = log
    var standings = log.map(\.standing)
    var earliestLater = now
    for index in log.indices.reversed() {
      let entry = log[index]
      if entry.requests.isEmpty, entry.letsTimePass, earliestLater <= entry.instant {
        standings[index] = .undone
      }
      earliestLater = min(earliestLater, entry.instant)
    }
    return standings
  }

  /// The log as a lab's result keeps it.
  var attemptLog: [LabAttempt.Line] {
    zip(log, standings).map { entry, standing in
      let kept: LabAttempt.Line.Standing =
        switch standing {
        case .inEffect: .inEffect
        case .undone: .undone
        case .discarded: .discarded
        }
      return LabAttempt.Line(
        at: entry.instant, command: entry.text, door: entry.door, status: Int(entry.status),
        outcomes: entry.requests.map(\.outcome.hex), isChange: entry.isLearnersChange,
        standing: kept)
    }
  }

  /// The places in the log of what is in effect.
  var entriesInEffect: [Int] {
    standings.enumerated().filter { $0.element == .inEffect }.map(\.offset)
  }
}

extension LogEntry {
  /// Whether the line moved the clock and did nothing else.
  fileprivate var letsTimePass: Bool {
    ["time", "sleep", "wait"].contains { text.split(separator: " ").first == $0[...] }
  }
}
